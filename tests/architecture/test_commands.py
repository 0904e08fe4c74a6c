"""Every command takes ``--json``, says what it is for, and stands in the reference of what it answers."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from web.cli.main import build_parser

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"


def commands(parser: argparse.ArgumentParser, name: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command that does something, with its parser."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield name, parser
    for group in groups:
        for key, inner in group.choices.items():
            yield from commands(inner, f"{name} {key}".strip())


class TestCommands:
    def test_all_answer_as_json(self) -> None:
        silent = [name for name, parser in commands(build_parser()) if "--json" not in parser.format_help()]

        assert silent == []

    def test_all_say_what_each_option_means(self) -> None:
        silent = [
            f"{name} {option.dest}"
            for name, parser in commands(build_parser())
            for option in parser._actions
            if not option.help or not parser.description
        ]

        assert silent == []

    def test_stand_in_the_reference_of_their_answers(self) -> None:
        text = (REFERENCE / "json.md").read_text(encoding="utf-8")

        missing = [name for name, _ in commands(build_parser()) if name != "serve" and f"| `{name}" not in text]

        assert missing == []
