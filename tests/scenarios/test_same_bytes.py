"""The same revision of a case gives the same bytes, in whichever process the document is made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scenarios.world import World

AGREEMENT = {"state": "S-LEG-04", "regional": "R-LEG-05", "company": "C-LEG-03"}


def drawn_elsewhere(url: str, folder: Path, form: str, key: str, moment: str, seed: str) -> str:
    """This will have another process make the document, with hashing seeded its own way, and return its hash."""
    command = [sys.executable, "-m", "tests.scenarios.draw_document", url, str(folder), form, key, "pm", moment]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, env={**os.environ, "PYTHONHASHSEED": seed}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize("form", list(AGREEMENT))
def test_two_processes_make_the_same_file(world: World, tmp_path: Path, form: str) -> None:
    with world.at(form, "legal_review") as play:
        key = play.p.draft(AGREEMENT[form])
        moment = play.p.clock().isoformat()
        url = play.engine.url.render_as_string(hide_password=False)
        play.engine.dispose()
        with world.databases.copy(url) as other:
            hashes = [
                drawn_elsewhere(address, tmp_path / seed, form, key, moment, seed)
                for address, seed in ((url, "1"), (other, "2"))
            ]

        assert hashes[0] == hashes[1]
        assert len(hashes[0]) == 64
