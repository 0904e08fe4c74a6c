"""``samverk db upgrade`` and ``samverk demo load``: what an operator does to the whole of the data."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from engine.domain.values import Text
from web.cli.answer import Answer, WrongUse
from web.cli.options import Commands, add_command, add_group
from web.cli.storage import opened
from web.settings import Settings, read_settings


def register(commands: Commands) -> None:
    """This will add the commands to the parser."""
    database = add_group(commands, "db", "the database")
    upgrade = add_command(database, "upgrade", "bring the database to this version of the product", run=upgrade_all)
    upgrade.add_argument("--quiet", action="store_true", help="say nothing when all is well")

    purpose = "store the organisations and infrastructures of the data files, new or changed"
    add_command(database, "registers", purpose, run=store_registers)

    demo = add_group(commands, "demo", "the demo")
    purpose = "play the demo cases into the database, through the real commands"
    load = add_command(demo, "load", purpose, run=load_demo)
    load.add_argument("--if-empty", action="store_true", help="do nothing when the database holds people already")


def upgrade_all(arguments: argparse.Namespace) -> Answer:
    """This will upgrade the database, making it when it is not there."""
    from engine.persistence.migrations import DatabaseNotUpgraded, check_version, head, upgrade

    settings = read_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with opened(settings, any_version=True) as engine:
        try:
            check_version(engine)  # a look at one row, where an upgrade would load alembic to find nothing to do
        except DatabaseNotUpgraded:
            upgrade(engine)
    text = "" if arguments.quiet else f"The database is at version {head()}."
    return Answer(text=text, data={"version": head()})


def store_registers(arguments: argparse.Namespace) -> Answer:
    """This will store the registers that people and cases refer to; what the files do not name stays as it is."""
    from web.registers import load_registers

    settings = read_settings()
    with opened(settings) as engine:
        load_registers(settings.workflows, engine)
    return Answer(text="The registers are stored.", data={"registers": ["infrastructures", "organisations"]})


def load_demo(arguments: argparse.Namespace) -> Answer:
    """This will fill an empty database with the demo. Raises WrongUse outside demo mode and when people are there."""
    from engine.persistence.engine import reading
    from engine.persistence.identity import has_people

    settings = read_settings()
    if not settings.is_demo:
        raise WrongUse(ONLY_IN_DEMO_MODE)
    with opened(settings) as engine, reading(engine) as connection:
        is_filled = has_people(connection)
    if is_filled and not arguments.if_empty:
        raise WrongUse(NOT_EMPTY)
    if is_filled:
        return Answer(data={"people": 0, "cases": []})
    from web import demo

    print("Playing the demo cases; this takes half a minute.", file=sys.stderr, flush=True)
    with _whole(settings) as empty, opened(empty) as engine:
        loaded = demo.load_demo(empty, engine)
    text = f"{len(loaded.cases)} demo cases and {loaded.people} people."
    return Answer(text=text, data={"people": loaded.people, "cases": list(loaded.cases)})


@contextmanager
def _whole(settings: Settings) -> Iterator[Settings]:
    """Loads into a file beside the database, which takes its place at the end: no demo is ever half there.

    Each step of a demo case is a transaction of its own, so a demo that was interrupted would otherwise stay. On
    PostgreSQL it does, and the next attempt says so.
    """
    file = settings.sqlite_file
    if file is None:
        yield settings
        return
    from engine.persistence.migrations import upgrade

    beside = file.with_name(f"{file.name}.loading")
    for part in _parts(beside):
        part.unlink(missing_ok=True)
    empty = replace(settings, database_url=f"sqlite:///{beside}")
    with opened(empty, any_version=True) as engine:
        upgrade(engine)
    yield empty
    for part in _parts(file):
        part.unlink(missing_ok=True)
    for part, target in zip(_parts(beside), _parts(file), strict=True):
        if part.exists():
            part.replace(target)


def _parts(file: Path) -> tuple[Path, ...]:
    """An SQLite database is up to three files; the database itself comes last, so that it never stands alone."""
    return tuple(file.with_name(f"{file.name}{suffix}") for suffix in ("-wal", "-shm", ""))


ONLY_IN_DEMO_MODE: Final = Text(
    sv="Demon laddas bara i demoläge. Kör: SAMVERK_MODE=demo samverk demo load",
    en="The demo is loaded in demo mode only. Run: SAMVERK_MODE=demo samverk demo load",
)
NOT_EMPTY: Final = Text(
    sv="Databasen innehåller redan personer. Demon laddas bara i en tom databas; ange en annan i SAMVERK_DATABASE_URL.",
    en="The database holds people already. The demo is loaded into an empty one only; name another in "
    "SAMVERK_DATABASE_URL.",
)
