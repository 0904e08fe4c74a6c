"""How a command is added to the parser: its name, its help, and ``--json`` everywhere."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeAlias

from web.cli.answer import Answer

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""What commands are added to; a text, because argparse can be asked for its own class only by a type checker."""

Run = Callable[[argparse.Namespace], Answer]


def add_command(commands: Commands, name: str, purpose: str, *, run: Run) -> argparse.ArgumentParser:
    """This will add a command that answers text, or JSON with ``--json``."""
    parser = commands.add_parser(name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    parser.set_defaults(run=run)
    return parser


def add_group(commands: Commands, name: str, purpose: str) -> Commands:
    """This will add a command that only has commands of its own (``samverk db upgrade``)."""
    parser = commands.add_parser(name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.")
    return parser.add_subparsers(title="commands", dest="subcommand", metavar="COMMAND", required=True)
