"""The committed reference is the one that is drawn from the code today."""

from __future__ import annotations

from pathlib import Path

import pytest

from web.cli.reference import generated

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"


class TestReference:
    @pytest.mark.parametrize("name", sorted(generated()))
    def test_is_up_to_date(self, name: str) -> None:
        assert (REFERENCE / name).read_text(encoding="utf-8") == generated()[name], "run make reference"
