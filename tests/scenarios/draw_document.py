"""A process that makes one draft of a stored case final and prints the hash of its file.

Usage: ``python -m tests.scenarios.draw_document DATABASE_URL FOLDER FORM KEY ROLE MOMENT``
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from engine.application import finalise_document
from engine.application.ports import Request
from engine.definitions.loader import load_all
from engine.persistence.engine import open_engine
from tests.scenarios.conftest import demo_settings
from tests.scenarios.world import Cast


def draw(url: str, folder: Path, form: str, key: str, role: str, moment: datetime) -> str:
    """This will make the draft final and return the hash of its file."""
    settings = demo_settings(url, folder)
    cast = Cast(settings=settings, workflows=load_all(settings.workflows))
    player = cast.player(open_engine(url), cast.case_of(form), moment)
    person = player.roles[role]
    asked = Request(actor=lambda case: player.actor(person, case), person=person)
    finalise_document(player.ports, player.case_id, key, {}, asked)
    made = player.case().documents[key].rendition
    assert made is not None
    assert player.ports.files.get(made.file_hash)
    return made.file_hash


if __name__ == "__main__":
    url, folder, form, key, role, moment = sys.argv[1:]
    print(draw(url, Path(folder), form, key, role, datetime.fromisoformat(moment)))
