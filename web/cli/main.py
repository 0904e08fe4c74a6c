"""Parses the command line, runs the command and turns its answer into output and an exit status."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Final

from engine.domain.reasons import EngineError
from web.cli import bench, calculator, data, definitions, documents, people, record, reference, routes, serve
from web.cli.answer import NO, WRONG_USE, Answer, WrongUse, as_json, plain
from web.settings import SettingsError, terminal_language

_WRONG_USE: Final = (WrongUse, SettingsError)
_GROUPS: Final = (serve, data, calculator, definitions, documents, people, record, routes, bench, reference)


def build_parser() -> argparse.ArgumentParser:
    """This will return the parser of every command; ``docs/reference/commands.md`` is drawn from it."""
    parser = argparse.ArgumentParser(
        prog="samverk",
        description="Carries a collaboration between a small company and a publicly owned research infrastructure.",
        epilog="Exit status: 0 good, 1 a no or a fault found, 2 wrong use.",
    )
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)
    for group in _GROUPS:
        group.register(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """This will run one command and return its exit status."""
    parsed = build_parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], Answer] = parsed.run
    is_json: bool = getattr(parsed, "json", False)
    try:
        answer = run(parsed)
        output = as_json(answer) if is_json else answer.text
        if output:
            print(output, flush=True)
    except EngineError as error:
        return _say_no(error, is_json=is_json)
    except BrokenPipeError:
        # The reader of our output has gone (`samverk routes | head`): not a fault of the command.
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130
    return answer.status


def _say_no(error: EngineError, *, is_json: bool) -> int:
    if is_json:
        print(as_json(Answer(data={"error": {"code": error.code, "message": plain(error.message)}})))
    else:
        print(f"samverk: {error.message.in_language(terminal_language())}", file=sys.stderr)
    return WRONG_USE if isinstance(error, _WRONG_USE) else NO
