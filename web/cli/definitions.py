"""``samverk workflows``: the definitions, checked as files."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.domain.values import Text
from web.cli import verification
from web.cli.answer import GOOD, NO, Answer, WrongUse
from web.cli.options import Commands, add_command, add_group
from web.settings import product_folder, terminal_language


def register(commands: Commands) -> None:
    """This will add the commands to the parser."""
    group = add_group(commands, "workflows", "the definitions of the ownership forms")
    check = add_command(
        group, "check", "find every fault of the definitions, with file, line and column", run=check_all
    )
    publish = add_command(
        group, "publish", "append new versions to published.yaml; nothing there is altered", run=publish_new
    )
    diagram = add_command(group, "diagram", "draw the stages and moves of a form as SVG", run=draw)
    diagram.add_argument("form", metavar="FORM", help="ownership form: state, regional or company")
    diagram.add_argument("--language", choices=("sv", "en"), default="sv", help="language of the words in it")
    diagram.add_argument("--out", type=Path, required=True, metavar="FILE", help="where the picture is written")
    for parser in (check, publish):
        parser.add_argument(
            "folder", nargs="?", type=Path, metavar="FOLDER", help="instead of the product's own workflows"
        )
    verification.register(group)


def check_all(arguments: argparse.Namespace) -> Answer:
    """This will report all faults at once; none is a pass."""
    from engine.definitions.lint import check

    faults = check(_folder(arguments.folder))
    language = terminal_language()
    lines = [fault.in_language(language) for fault in faults]
    count = len(faults)
    lines.append(f"{count} fel" if language == "sv" else f"{count} fault{'s' if count != 1 else ''}")
    rows = [
        {
            "file": fault.place.path,
            "line": fault.place.line,
            "column": fault.place.column,
            "message": fault.message,
        }
        for fault in faults
    ]
    return Answer(status=NO if faults else GOOD, text="\n".join(lines), data={"ok": not faults, "faults": rows})


def publish_new(arguments: argparse.Namespace) -> Answer:
    """This will publish every version that is not yet published."""
    from engine.definitions.published import publish

    versions = publish(_folder(arguments.folder))
    return Answer(text="\n".join(versions) or "Nothing new to publish.", data={"published": list(versions)})


def draw(arguments: argparse.Namespace) -> Answer:
    """This will draw the newest definition of a form."""
    from engine.definitions.loader import load_all
    from engine.definitions.reference import diagram_svg

    newest = {one.workflow.form: one.workflow for one in load_all(product_folder("workflows")).published}
    if arguments.form not in newest:
        known = ", ".join(newest)
        raise WrongUse(
            Text(
                sv=f"Det finns ingen ägarform {arguments.form}. De som finns är {known}.",
                en=f"There is no ownership form {arguments.form}. These are: {known}.",
            )
        )
    workflow = newest[arguments.form]
    try:
        arguments.out.write_text(diagram_svg(workflow, arguments.language), encoding="utf-8")
    except OSError as error:
        reason = error.strerror
        raise WrongUse(
            Text(
                sv=f"{arguments.out} går inte att skriva: {reason}.", en=f"{arguments.out} cannot be written: {reason}."
            )
        ) from None
    return Answer(
        text=str(arguments.out), data={"form": workflow.form, "version": workflow.version, "out": str(arguments.out)}
    )


def _folder(given: Path | None) -> Path:
    folder = given or product_folder("workflows")
    if not folder.is_dir():
        raise WrongUse(Text(sv=f"Mappen {folder} finns inte.", en=f"There is no folder {folder}."))
    return folder
