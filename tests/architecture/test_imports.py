"""The rooms and who may import whom: the rules stand in ``pyproject.toml``."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("engine", "contracts", "web")


class TestImportRules:
    def test_hold(self) -> None:
        command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--config", "pyproject.toml"]

        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)

        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]


class TestTopNames:
    @pytest.mark.parametrize("room", ROOMS)
    def test_belong_to_no_other_distribution(self, room: str) -> None:
        owners = set(packages_distributions().get(room, []))

        assert owners <= {"samverk"}

    @pytest.mark.parametrize("room", ROOMS)
    def test_are_imported_from_the_checkout(self, room: str) -> None:
        module = __import__(room)

        assert module.__file__ is not None
        assert Path(module.__file__).resolve().parent == ROOT / room


class TestRooms:
    def test_each_package_says_what_it_is_for_and_what_it_may_not_do(self) -> None:
        silent = [
            path.relative_to(ROOT).as_posix()
            for room in ROOMS
            for path in sorted((ROOT / room).rglob("__init__.py"))
            if "versions" not in path.parts and not path.read_text(encoding="utf-8").startswith('"""')
        ]

        assert silent == []

    def test_no_name_says_nothing(self) -> None:
        vague = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
        found = [
            path.relative_to(ROOT).as_posix()
            for room in (*ROOMS, "tests")
            for path in sorted((ROOT / room).rglob("*.py"))
            if vague & {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
        ]

        assert found == []
