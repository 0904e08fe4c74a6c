"""kill -9 in a loop of commits loses nothing acknowledged and leaves nothing half done, on both databases."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading

import pytest
from sqlalchemy import func, select

from engine.persistence.engine import open_engine, reading
from engine.persistence.record import verify_database
from engine.persistence.tables import case_event, outbox, receipt, turn
from engine.persistence.unit_of_work import read_only
from tests.integration.persistence.samples import fill_register, noon, store_case

ROUNDS = 3


def acknowledged_until_killed(url: str, case_id: str, seconds: float) -> int:
    """This will run the loop, kill it a moment after its first answer, and return the last revision it acknowledged."""
    command = [sys.executable, "-m", "tests.integration.persistence.commit_loop", url, case_id]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first = process.stdout.readline()
    killer = threading.Timer(seconds, process.send_signal, (signal.SIGKILL,))
    killer.start()
    lines = [first, *process.stdout]
    killer.join()
    assert process.wait(timeout=30) == -signal.SIGKILL
    process.stdout.close()
    # A last line without its end was never read whole by anybody.
    return int([line for line in lines if line.endswith("\n")][-1])


@pytest.mark.slow
class TestKill:
    def test_loses_nothing_acknowledged_and_leaves_nothing_half_done(self, database_url: str) -> None:
        engine = open_engine(database_url)
        fill_register(engine)
        case = store_case(engine)
        seed = random.Random(9)
        for _ in range(ROUNDS):
            acknowledged = acknowledged_until_killed(database_url, case.id, seed.uniform(0.01, 0.3))
            with read_only(engine, now=noon) as work:
                stored = work.cases.get(case.id)
            # The one commit that was under way when the process died may have been made, and is then whole.
            assert stored.revision in (acknowledged, acknowledged + 1)
            assert stored.facts["scope.hours"].value == stored.revision - 1
            with reading(engine) as connection:
                lines, messages, receipts = (
                    connection.execute(select(func.count()).select_from(table)).scalar_one()
                    for table in (case_event, outbox, receipt)
                )
                reasons = connection.execute(select(turn.c.reasons)).scalar_one()
            assert (lines, messages, receipts) == (stored.revision, stored.revision - 1, stored.revision - 1)
            assert reasons == f'["{stored.revision}"]'
            assert verify_database(engine) == []
        assert stored.revision > ROUNDS
        engine.dispose()
