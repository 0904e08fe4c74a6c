"""``samverk reference``: draws the generated part of ``docs/reference/`` anew."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from web.cli.answer import GOOD, NO, Answer
from web.cli.options import Commands, add_command
from web.settings import product_folder


def register(commands: Commands) -> None:
    """This will add the command to the parser."""
    parser = add_command(commands, "reference", "draw the generated reference anew", run=draw)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("docs/reference"), help="where it lies")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 when a file is out of date")


def draw(arguments: argparse.Namespace) -> Answer:
    """This will write each generated file, or only tell which of them are out of date."""
    folder: Path = arguments.folder
    stale = {name: content for name, content in generated().items() if _read(folder / name) != content}
    if not arguments.check:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in stale.items():
            (folder / name).write_text(content, encoding="utf-8")
    verb = "is out of date; run make reference" if arguments.check else "drawn anew"
    names = [(folder / name).as_posix() for name in stale]
    text = "\n".join(f"{name} {verb}" for name in names) or "The reference is up to date."
    return Answer(status=NO if arguments.check and stale else GOOD, text=text, data={"changed": names})


def generated() -> dict[str, str]:
    """This will return every generated file of the reference by its name."""
    return {"commands.md": commands_page(), "routes.md": routes_page(), **definition_pages()}


def definition_pages() -> dict[str, str]:
    """This will return the page of each ownership form's newest definition."""
    from engine.definitions.loader import load_all
    from engine.definitions.reference import reference_pages

    return reference_pages(load_all(product_folder("workflows")))


def commands_page() -> str:
    """This will return the page of all commands, drawn from the parser itself."""
    from web.cli.main import build_parser

    parts = [
        "# Commands",
        "",
        "Drawn by `make reference` from the parser; do not edit.",
        "",
        "Exit status: 0 good, 1 a no or a fault found, 2 wrong use. With `--json` a refusal is",
        '`{"error": {"code", "message": {"sv", "en"}}}`.',
    ]
    for name, parser in _leaves("samverk", build_parser()):
        parts += ["", f"## `{name}`", "", parser.description or "", "", "| option | means |", "|---|---|"]
        parts += [f"| {_signature(option)} | {_meaning(option)} |" for option in parser._actions]
        if parser.epilog:
            parts += ["", parser.epilog]
    return "\n".join(parts) + "\n"


def routes_page() -> str:
    """This will return the page of all routes with their rights."""
    from web.app import routes

    rows = [f"| `{', '.join(route.methods)}` | `{route.path}` | {route.right} |" for route in routes()]
    head = [
        "# Routes",
        "",
        "Drawn by `make reference`; do not edit. Nobody comes to a route that is not listed here.",
        "",
    ]
    return "\n".join([*head, "| method | address | asks for |", "|---|---|---|", *rows]) + "\n"


def _leaves(name: str, parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for key, inner in action.choices.items():
                yield from _leaves(f"{name} {key}", inner)
            return
    yield name, parser


def _signature(option: argparse.Action) -> str:
    value = option.metavar if isinstance(option.metavar, str) else option.dest.upper()
    if not option.option_strings:
        return f"`{value}`" if option.nargs != "?" else f"`[{value}]`"
    takes_value = option.nargs != 0
    return ", ".join(f"`{flag} {value}`" if takes_value else f"`{flag}`" for flag in option.option_strings)


def _meaning(option: argparse.Action) -> str:
    choices = f" ({', '.join(map(str, option.choices))})" if option.choices else ""
    needed = "; required" if option.required and option.option_strings else ""
    return f"{(option.help or '').replace('|', '/')}{choices}{needed}"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
