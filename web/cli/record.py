"""``samverk record``: the append-only record, exported, and verified in the database or offline."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from engine.domain.values import Text
from engine.ledger.verifier import Fault, heads_of, verify_export
from web.cli.answer import GOOD, NO, Answer, WrongUse
from web.cli.options import Commands, add_command, add_group
from web.cli.storage import opened
from web.settings import read_settings, terminal_language


def register(commands: Commands) -> None:
    """This will add the commands to the parser."""
    group = add_group(commands, "record", "the append-only record")
    purpose = "check hash chain and fold of every case, in the database or in an export"
    check = add_command(group, "verify", purpose, run=verify)
    check.add_argument("export", nargs="?", type=Path, metavar="EXPORT", help="an exported record, checked offline")
    check.add_argument("--anchor", type=Path, metavar="EARLIER", help="an earlier export that EXPORT must continue")
    export = add_command(group, "export", "write every log as JSON lines", run=write)
    export.add_argument("--out", type=Path, metavar="FILE", help="where it is written; else standard output")


def verify(arguments: argparse.Namespace) -> Answer:
    """This will report every fault; none is a pass. An export needs no database."""
    if arguments.export is not None:
        faults = _faults_of_export(arguments.export, arguments.anchor)
    elif arguments.anchor is not None:
        raise WrongUse(Text(sv="--anchor hör till en export.", en="--anchor belongs to an export."))
    else:
        from engine.persistence.record import verify_database

        with opened(read_settings()) as engine:
            faults = verify_database(engine)
    language = terminal_language()
    lines = [fault.sentence(language) for fault in faults]
    none, count = (
        ("Inga fel.", f"{len(faults)} fel") if language == "sv" else ("No fault found.", f"{len(faults)} faults")
    )
    rows = [
        {
            "case": fault.case,
            "sequence": fault.sequence,
            "kind": fault.kind,
            "detail": fault.detail,
            "message": Text(sv=fault.sentence("sv"), en=fault.sentence("en")),
        }
        for fault in faults
    ]
    return Answer(
        status=NO if faults else GOOD,
        text="\n".join([*lines, count if faults else none]),
        data={"ok": not faults, "faults": rows},
    )


def write(arguments: argparse.Namespace) -> Answer:
    """This will write the record of every case."""
    from engine.persistence.record import export_record
    from web.wiring import clock

    settings = read_settings()
    with opened(settings) as engine:
        now = clock(engine, settings)()
        if arguments.out is None:
            export_record(engine, sys.stdout, now=now)
            return Answer(is_lines=True, data=())
        try:
            with arguments.out.open("w", encoding="utf-8", newline="\n") as out:
                count = export_record(engine, out, now=now)
        except OSError as error:
            raise _unusable(arguments.out, error) from None
    return Answer(text=f"{arguments.out}: {count} lines.", data={"out": str(arguments.out), "lines": count})


def _faults_of_export(export: Path, anchor: Path | None) -> list[Fault]:
    heads = None
    path = export
    try:
        if anchor is not None:
            path = anchor
            with anchor.open(encoding="utf-8") as lines:
                heads = heads_of(lines)
        path = export
        with export.open(encoding="utf-8") as lines:
            return verify_export(lines, heads)
    except OSError as error:
        raise _unusable(path, error) from None
    except ValueError:
        raise WrongUse(
            Text(sv=f"{path} är ingen exporterad journal.", en=f"{path} is not an exported record.")
        ) from None


def _unusable(path: Path, error: OSError) -> WrongUse:
    return WrongUse(
        Text(sv=f"{path} går inte att använda: {error.strerror}.", en=f"{path} cannot be used: {error.strerror}.")
    )
