"""The record in the database: export it, and verify chain, fold and columns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Final, TextIO

from sqlalchemy import Connection, Engine, RowMapping, select

from engine.domain.case import Surroundings
from engine.domain.evolution import fold
from engine.domain.reasons import EngineError
from engine.ledger.canonical import canonical_json
from engine.ledger.verifier import FORMAT, VERSION, Fault, Link, check_chain
from engine.persistence.codec import encode_case, moment_text
from engine.persistence.engine import reading
from engine.persistence.infrastructure import all_infrastructures
from engine.persistence.mapping import case_to_row, row_to_entry, row_to_line
from engine.persistence.tables import case_event, case_row

_CASES: Final = select(case_row).order_by(case_row.c.id).execution_options(yield_per=200)


def export_record(engine: Engine, out: TextIO, *, now: datetime) -> int:
    """This will write every log as one JSON object a line, a header with the heads first, and return the lines.

    ``engine/ledger/verifier.py`` describes the format and checks it.
    """
    with reading(engine) as connection:
        heads = {
            row.id: {"sequence": row.sequence, "head": row.log_head}
            for row in connection.execute(
                select(case_row.c.id, case_row.c.sequence, case_row.c.log_head).order_by(case_row.c.id)
            )
        }
        header = {"format": FORMAT, "version": VERSION, "exported_at": moment_text(now), "cases": heads}
        out.write(canonical_json(header) + "\n")
        count = 0
        for row in _events(connection):
            text = row_to_line(row).text()
            out.write(f'{{"entry":{text},"hash":"{row["hash"]}","prev":"{row["prev_hash"]}"}}\n')
            count += 1
    return count


def verify_database(engine: Engine, *, refold: bool = True) -> list[Fault]:
    """This will return every fault of the record, by case; empty when all is well.

    Each log is checked line by line against its hashes and against the head that the case keeps; with ``refold``
    it is folded anew and compared with the stored state and columns.
    """
    faults: list[Fault] = []
    with reading(engine) as connection:
        logs = groupby(_events(connection), key=lambda row: str(row["case_id"]))
        current = next(logs, None)
        places = {item.id: Surroundings(infrastructure=item) for item in all_infrastructures(connection)}
        for case in connection.execute(_CASES).mappings():
            rows: list[RowMapping] = []
            if current is not None and current[0] == case["id"]:
                rows = list(current[1])
                current = next(logs, None)
            chain = check_chain(case["id"], map(_link, rows), sequence=case["sequence"], head=case["log_head"])
            found = list(chain)
            faults.extend(found or (_refold(case, rows, places[case["infrastructure_id"]]) if refold else ()))
    return faults


def _events(connection: Connection) -> Iterator[RowMapping]:
    query = select(case_event).order_by(case_event.c.case_id, case_event.c.sequence)
    yield from connection.execute(query.execution_options(yield_per=500)).mappings()


def _link(row: RowMapping) -> Link:
    return Link(sequence=row["sequence"], prev=row["prev_hash"], text=row_to_line(row).text(), hash=row["hash"])


def _refold(case: RowMapping, rows: list[RowMapping], surroundings: Surroundings) -> Iterator[Fault]:
    try:
        folded = fold(tuple(row_to_entry(row) for row in rows), surroundings)
        expected = case_to_row(folded, log_head=case["log_head"], state=encode_case(folded))
    except (EngineError, ValueError, TypeError, KeyError) as error:
        yield Fault(case=case["id"], sequence=0, kind="state", detail=str(error))
        return
    if expected.pop("state") != case["state"]:
        yield Fault(case=case["id"], sequence=0, kind="state")
    different = sorted(name for name, value in expected.items() if case[name] != value)
    if different:
        yield Fault(case=case["id"], sequence=0, kind="columns", detail=", ".join(different))
