"""A process that commits changes of one case in a loop and acknowledges each, until it is killed.

Usage: ``python -m tests.integration.persistence.commit_loop DATABASE_URL CASE_ID``
"""

from __future__ import annotations

import sys

from engine.application.ports import Outgoing, Receipt, Turn
from engine.persistence.engine import open_engine
from engine.persistence.unit_of_work import unit_of_work
from tests.integration.persistence.samples import noon, recorded


def run(url: str, case_id: str) -> None:
    """This will commit for ever: row, log line, turn, message and receipt, then print the revision."""
    engine = open_engine(url)
    while True:
        with unit_of_work(engine, now=noon) as work:
            case = work.cases.get(case_id)
            after, line = recorded(case, {"scope.hours": case.revision})
            work.cases.save(after, [line], expected_revision=case.revision, expected_sequence=case.sequence)
            name = str(after.revision)
            work.set_turns(case_id, [Turn(role="pm", organisation="ki", reasons=(name,))])
            work.send(Outgoing(key=name, kind="your_turn", case_id=case_id, recipient="p", due_at=noon()))
            work.keep_receipt(
                name, "p", Receipt(case_id=case_id, revision=after.revision, sequence=after.sequence, events=())
            )
        print(after.revision, flush=True)


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2])
