"""The product as a process of its own: a data folder, a free port, and the operator's commands."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

from argon2 import PasswordHasher

from engine.application.queries import Person
from engine.definitions.loader import load_all
from engine.persistence.engine import open_engine, writing
from engine.persistence.identity import add_assignment, add_mandate, save_person
from engine.persistence.meta import set_demo_offset
from engine.persistence.migrations import upgrade
from web.demo import load as demo
from web.demo.people import PASSWORD
from web.registers import load_registers
from web.settings import Settings, read_settings
from web.wiring import system_now

CHECKOUT: Final = Path(__file__).parents[2]
STOPPED_CASES: Final = frozenset(f"C-2025-{number:04}" for number in (2, 4, 8, 10, 17, 25))
"""Demo cases of each form: with the lawyers, a price above the rule, at work, an appeal time, ready, a soft demand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A running product."""

    url: str
    folder: Path

    def command(self, *words: str, typed: str = "") -> str:
        """This will run one operator command on the same data and return what it said. ``typed`` goes to its input."""
        done = subprocess.run(
            _samverk(*words),
            env=_environment(self.folder, 0),
            input=f"{typed}\n",
            capture_output=True,
            text=True,
            cwd=CHECKOUT,
        )
        assert done.returncode in (0, 1), done.stderr
        return done.stdout


def settings_of(folder: Path) -> Settings:
    """This will return the settings of a demo in this data folder."""
    return read_settings({"SAMVERK_MODE": "demo", "SAMVERK_DATA_DIR": str(folder)})


def registers_and_people(folder: Path) -> None:
    """This will fill a new database with the registers and every demo person, and set the clock to the demo day."""
    settings = settings_of(folder)
    engine = open_engine(settings.database_url)
    upgrade(engine)
    workflows = load_all(settings.workflows)
    load_registers(settings.workflows, engine)
    password = PasswordHasher().hash(PASSWORD)
    with writing(engine) as connection:
        for person in {one.id: one for one in demo.everybody(demo.demo_cases(settings, workflows), workflows)}.values():
            save_person(
                connection,
                Person(id=person.id, email=person.email, name=person.name, password_hash=password,
                            language=person.language),
            )  # fmt: skip
            for held in person.assignments:
                add_assignment(connection, held)
            for mandate in person.mandates:
                add_mandate(connection, person.id, mandate)
        set_demo_offset(connection, demo.BEGINNING - system_now())
    engine.dispose()


def demo_cases_loaded(folder: Path) -> None:
    """This will load the demo with the cases that are stopped somewhere."""
    settings = settings_of(folder)
    engine = open_engine(settings.database_url)
    upgrade(engine)
    demo.load_demo(settings, engine, only=STOPPED_CASES)
    engine.dispose()


@contextmanager
def serving(folder: Path) -> Iterator[Service]:
    """This will serve a data folder on a free port until the end of the block."""
    port = _free_port()
    log = (folder / "server.log").open("w")
    process = subprocess.Popen(_samverk("serve"), env=_environment(folder, port), stdout=log, stderr=log, cwd=CHECKOUT)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(url, process, folder)
        yield Service(url=url, folder=folder)
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


def _samverk(*words: str) -> list[str]:
    return [sys.executable, "-c", "import sys; from web.cli import main; sys.exit(main(sys.argv[1:]))", *words]


def _environment(folder: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAMVERK_")}
    return {
        **kept,
        "LANG": "sv_SE.UTF-8",
        "SAMVERK_MODE": "demo",
        "SAMVERK_DATA_DIR": str(folder),
        "SAMVERK_PORT": str(port),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    """Asks for readiness until the server answers; a server that ended says why in its log."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urlopen(f"{url}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"The server did not come up:\n{(folder / 'server.log').read_text()}")
