"""Each event has a page partial, and each partial an event."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from engine.domain.events import Event

PARTIALS = Path(__file__).resolve().parents[2] / "web" / "pages" / "events"


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class TestEventPartials:
    def test_tell_every_event_and_no_other(self) -> None:
        told = {path.stem for path in PARTIALS.glob("*.html")}

        assert told == {snake(event.__name__) for event in get_args(Event)}
