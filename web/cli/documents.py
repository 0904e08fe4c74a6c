"""``samverk templates check`` and ``samverk render``: Word documents without a database."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from engine.domain.values import Facts, Text
from web.cli.answer import GOOD, NO, Answer, WrongUse
from web.cli.facts import facts_from, read_groups
from web.cli.files import read_text, shown
from web.cli.options import Commands, add_command, add_group
from web.settings import product_folder, terminal_language

if TYPE_CHECKING:
    from contracts.catalogue import Catalogue


def register(commands: Commands) -> None:
    """This will add the commands to the parser."""
    group = add_group(commands, "templates", "the Word templates")
    check = add_command(
        group, "check", "find every fault of the templates, each located in its Word file", run=check_all
    )
    check.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="instead of the product's own templates")

    render = add_command(commands, "render", "make one Word document from a file of facts", run=render_one)
    render.add_argument(
        "--document", required=True, metavar="ID", help="a document of the register, for example S-LEG-04"
    )
    render.add_argument(
        "--facts", required=True, metavar="FILE", help="groups of fields as YAML or JSON; - reads standard input"
    )
    render.add_argument("--language", choices=("sv", "en"), default="sv", help="language of the document")
    render.add_argument("--draft", action="store_true", help="show gaps where a value is unknown, instead of refusing")
    render.add_argument("--out", required=True, type=Path, metavar="FILE", help="where the document is written")


def check_all(arguments: argparse.Namespace) -> Answer:
    """This will report all faults at once; none is a pass."""
    from contracts.check import check_templates

    folder: Path = arguments.folder or product_folder("templates")
    if not folder.is_dir():
        raise WrongUse(Text(sv=f"Mappen {folder} finns inte.", en=f"There is no folder {folder}."))
    faults = check_templates(folder, _catalogue())
    language = terminal_language()
    lines = [fault.in_language(language) for fault in faults]
    count = len(faults)
    lines.append(f"{count} fel" if language == "sv" else f"{count} fault{'s' if count != 1 else ''}")
    rows = [
        {
            "file": fault.file,
            "part": fault.part,
            "paragraph": fault.paragraph,
            "heading": fault.heading,
            "quote": fault.quote,
            "message": fault.message,
        }
        for fault in faults
    ]
    return Answer(status=NO if faults else GOOD, text="\n".join(lines), data={"ok": not faults, "faults": rows})


def render_one(arguments: argparse.Namespace) -> Answer:
    """This will write one document, and say what it was made from."""
    from contracts.check import render_from_facts

    catalogue = _catalogue()
    if arguments.document not in catalogue.documents:
        raise WrongUse(
            Text(
                sv=f"Handlingen {arguments.document} finns inte i registret.",
                en=f"There is no document {arguments.document} in the register.",
            )
        )
    content, rendition = render_from_facts(
        product_folder("templates"),
        catalogue,
        document=arguments.document,
        language=arguments.language,
        facts=_facts(arguments.facts, catalogue),
        is_draft=arguments.draft,
    )
    try:
        arguments.out.write_bytes(content)
    except OSError as error:
        reason = error.strerror
        raise WrongUse(
            Text(
                sv=f"{arguments.out} går inte att skriva: {reason}.", en=f"{arguments.out} cannot be written: {reason}."
            )
        ) from None
    return Answer(
        text=f"{arguments.out}: {arguments.document} {rendition.template_version}, SHA-256 {rendition.file_hash}",
        data={
            "document": arguments.document,
            "language": arguments.language,
            "out": str(arguments.out),
            "template_version": rendition.template_version,
            "template_hash": rendition.template_hash,
            "content_hash": rendition.content_hash,
            "file_hash": rendition.file_hash,
            "size": rendition.size,
        },
    )


def _facts(name: str, catalogue: Catalogue) -> Facts:
    content, where = read_groups(read_text(name), shown(name))
    if isinstance(content, dict):
        # A facts file for `samverk explain` may carry the documents that are final; they do not matter here.
        content.pop("documents", None)
    return facts_from(content, catalogue.fields, where)


def _catalogue() -> Catalogue:
    from contracts.catalogue import Catalogue
    from engine.definitions.loader import load_all

    return Catalogue.of(one.workflow for one in load_all(product_folder("workflows")).published)
