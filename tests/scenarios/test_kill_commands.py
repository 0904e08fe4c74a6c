"""kill -9 in the middle of real commands loses nothing acknowledged and leaves nothing half done."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.domain.evolution import fold
from engine.persistence.engine import reading
from engine.persistence.record import verify_database
from engine.persistence.tables import case_event, receipt
from tests.scenarios.world import Play, World

ROUNDS = 3


def acknowledged_until_killed(url: str, folder: Path, seconds: float) -> int:
    """This will run the loop, kill it a moment after its first answer, and return the last revision it acknowledged."""
    command = [sys.executable, "-m", "tests.scenarios.command_loop", url, str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first = process.stdout.readline()
    killer = threading.Timer(seconds, process.send_signal, (signal.SIGKILL,))
    killer.start()
    lines = [first, *process.stdout]
    killer.join()
    assert process.wait(timeout=60) == -signal.SIGKILL
    process.stdout.close()
    # A last line without its end was never read whole by anybody.
    return int([line for line in lines if line.endswith("\n")][-1])


def counts(play: Play) -> tuple[int, int]:
    """How many lines the log has, and how many answers are kept."""
    with reading(play.engine) as connection:
        lines, kept = (
            connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (case_event, receipt)
        )
    return int(lines), int(kept)


@pytest.mark.slow
def test_kill_loses_nothing_acknowledged_and_leaves_nothing_half_done(world: World, tmp_path: Path) -> None:
    with world.at("state", "inquiry") as play:
        start = play.p.case()
        url = play.engine.url.render_as_string(hide_password=False)
        _, kept_before = counts(play)
        seed = random.Random(7)
        for _ in range(ROUNDS):
            acknowledged = acknowledged_until_killed(url, tmp_path, seed.uniform(0.02, 0.4))
            case, log = play.p.case(), play.log()

            # The one command that was under way when the process died may have been carried out, and is then whole.
            assert case.revision in (acknowledged, acknowledged + 1)
            assert fold(log, case.surroundings) == case
            assert counts(play) == (len(log), kept_before + case.revision - start.revision)
            assert verify_database(play.engine) == []
        assert case.revision > start.revision + ROUNDS
