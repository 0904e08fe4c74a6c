"""``samverk db upgrade``, ``demo load`` and ``user add``: what an operator does to the data."""

from __future__ import annotations

import argparse

from engine.domain.values import Text
from web.cli.answer import Answer, WrongUse
from web.cli.options import Commands, add_command, add_group
from web.settings import read_settings


def register(commands: Commands) -> None:
    """This will add the commands to the parser."""
    database = add_group(commands, "db", "the database")
    upgrade = add_command(
        database, "upgrade", "bring the database to this version of the product", run=upgrade_database
    )
    upgrade.add_argument("--quiet", action="store_true", help="say nothing when all is well")

    demo = add_group(commands, "demo", "the demo")
    load = add_command(demo, "load", "play the demo cases into the database, through the real commands", run=load_demo)
    load.add_argument(
        "--cases", metavar="N", type=int, default=None, help="make N synthetic cases with histories instead"
    )
    load.add_argument("--if-empty", action="store_true", help="do nothing when the database holds people already")

    user = add_group(commands, "user", "people")
    add = add_command(user, "add", "add a person, or one more role to a person who is there", run=add_user)
    add.add_argument("--email", required=True, metavar="ADDRESS", help="address to sign in with")
    add.add_argument("--name", required=True, metavar="NAME", help="name as it stands in the log")
    add.add_argument(
        "--role", required=True, metavar="ROLE", help="a role of the register, for example project_manager"
    )
    add.add_argument("--organisation", required=True, metavar="ID", help="the organisation the role is held for")
    add.add_argument("--infrastructure", metavar="ID", help="only for this infrastructure")
    add.add_argument("--password-stdin", action="store_true", help="read the password from standard input, one line")


def upgrade_database(arguments: argparse.Namespace) -> Answer:
    """This will upgrade the database, making it when it is not there."""
    from engine.persistence.engine import open_engine
    from engine.persistence.migrations import head, upgrade

    settings = read_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database_url)
    try:
        upgrade(engine)
    finally:
        engine.dispose()
    return Answer(
        text="" if arguments.quiet else f"The database is at version {head()}.",
        data={"version": head()},
    )


def load_demo(arguments: argparse.Namespace) -> Answer:
    """This will fill the database with the demo."""
    raise WrongUse(Text(sv="Demon är inte inkopplad.", en="The demo is not connected."))


def add_user(arguments: argparse.Namespace) -> Answer:
    """This will add a person."""
    raise WrongUse(Text(sv="Personregistret är inte inkopplat.", en="The directory of people is not connected."))
