"""A process that gives real commands in a loop and acknowledges each, until it is killed.

Usage: ``python -m tests.scenarios.command_loop DATABASE_URL FOLDER``. It goes on where the case stands: a message,
a fact, a draft begun, the draft thrown away, and so on.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from engine.application import handle
from engine.application.ports import Request
from engine.definitions.loader import load_all
from engine.domain.case import Case
from engine.domain.commands import Command, DiscardDocument, DraftDocument, RecordFacts, SendMessage
from engine.persistence.engine import open_engine
from tests.scenarios.conftest import demo_settings
from tests.scenarios.world import DAYS, Cast, moment_of
from web.demo.player import Player


def step(case: Case) -> tuple[str, Command]:
    """This will return who gives which command next, by the case's revision alone."""
    drafts = [key for key, paper in case.documents.items() if not paper.is_frozen]
    if drafts:
        return "pm", DiscardDocument(key=drafts[0], note="Inte det här")
    match case.revision % 3:
        case 0:
            return "pm", SendMessage(audience="company", text=f"Meddelande {case.revision}")
        case 1:
            return "finance", RecordFacts(values={"price.direct_cost_sek": case.revision})
        case _:
            return "pm", DraftDocument(document="S-SCO-02", language="sv")


def run(player: Player) -> None:
    """This will give commands for ever, each with a key of its own, and print the revision of each answer."""
    while True:
        case = player.case()
        role, command = step(case)
        person = player.roles[role]
        asked = Request(
            actor=partial(player.actor, person),
            person=person,
            expected_revision=case.revision,
            idempotency_key=f"key-{case.revision}",
        )
        print(handle(player.ports, case.id, command, asked).revision, flush=True)


if __name__ == "__main__":
    settings = demo_settings(sys.argv[1], Path(sys.argv[2]))
    cast = Cast(settings=settings, workflows=load_all(settings.workflows))
    run(cast.player(open_engine(sys.argv[1]), cast.case_of("state"), moment_of(DAYS["state"]["inquiry"])))
