"""One transaction: everything in it is stored together or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, Engine, Table, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from engine.application.ports import CaseStore, Deadline, Outgoing, Receipt, Turn
from engine.domain.case import Infrastructure
from engine.domain.values import local_day
from engine.persistence import outbox
from engine.persistence.case import SqlCaseStore
from engine.persistence.conflicts import explained
from engine.persistence.engine import reading, writing
from engine.persistence.infrastructure import load_infrastructure
from engine.persistence.mapping import Row
from engine.persistence.prepared import Prepared
from engine.persistence.tables import case_row, deadline, receipt, turn

_RECEIPT: Final = Prepared(
    select(receipt).where(receipt.c.key == bindparam("key"), receipt.c.person == bindparam("person"))
)
_TURNS: Final = Prepared(select(turn).where(turn.c.case_id == bindparam("case_id")))
_DEADLINES: Final = Prepared(select(deadline).where(deadline.c.case_id == bindparam("case_id")))
_CHANGED_AT: Final = Prepared(select(case_row.c.changed_at).where(case_row.c.id == bindparam("case_id")))


class SqlUnitOfWork:
    """The port ``UnitOfWork`` on one connection. ``year`` is the one whose ledgers count."""

    def __init__(self, connection: Connection, *, year: int) -> None:
        self.connection = connection
        self.cases: CaseStore = SqlCaseStore(connection, year=year)

    def receipt(self, key: str, person: str) -> Receipt | None:
        """This will return what an earlier command with this key answered, or None."""
        row = _RECEIPT.row(self.connection, {"key": key, "person": person})
        if row is None:
            return None
        return Receipt(
            case_id=row["case_id"],
            revision=row["revision"],
            sequence=row["sequence"],
            events=tuple(json.loads(row["events"])),
        )

    def keep_receipt(self, key: str, person: str, receipt: Receipt) -> None:
        """This will keep the answer under the key. Raises Conflict when a parallel request has just done so."""
        _KEEP_RECEIPT.change(self.connection, _receipt_row(key, person, receipt))

    def send(self, message: Outgoing) -> None:
        """This will put a message in the outbox, once per key."""
        outbox.put(self.connection, message)

    def set_deadlines(self, case_id: str, deadlines: Sequence[Deadline]) -> None:
        """This will replace the case's deadlines."""
        wanted: dict[tuple[str, ...], Row] = {
            (item.id,): {
                "case_id": case_id,
                "id": item.id,
                "rule": item.rule,
                "due_on": date.fromisoformat(item.due_on),
                "owner_role": item.owner_role,
                "is_met": item.is_met,
            }
            for item in deadlines
        }
        found = _DEADLINES.rows(self.connection, {"case_id": case_id})
        stored: dict[tuple[str, ...], Row] = {(row["id"],): row for row in found}
        _DEADLINE_ROWS.replace(self.connection, stored, wanted)

    def set_turns(self, case_id: str, turns: Sequence[Turn]) -> None:
        """This will replace the rows that say whose turn it is in the case.

        A turn that goes on keeps the moment since when it has been somebody's; a new one begins with the last change.
        """
        found = _TURNS.rows(self.connection, {"case_id": case_id})
        stored: dict[tuple[str, ...], Row] = {(row["role"], row["organisation"]): row for row in found}
        since = self._last_change(case_id) if any((t.role, t.organisation) not in stored for t in turns) else None
        wanted: dict[tuple[str, ...], Row] = {}
        for item in turns:
            key = (item.role, item.organisation)
            wanted[key] = {
                "case_id": case_id,
                "role": item.role,
                "organisation": item.organisation,
                "reasons": json.dumps(list(item.reasons), ensure_ascii=False),
                "since": stored[key]["since"] if key in stored else since,
            }
        _TURN_ROWS.replace(self.connection, stored, wanted)

    def infrastructure(self, infrastructure_id: str) -> Infrastructure:
        """This will load an infrastructure profile with its facts. Raises NotFound."""
        return load_infrastructure(self.connection, infrastructure_id)

    def _last_change(self, case_id: str) -> datetime:
        row = _CHANGED_AT.row(self.connection, {"case_id": case_id})
        if row is None:
            raise LookupError(f"a turn in a case that is not stored: {case_id}")
        moment: datetime = row["changed_at"]
        return moment


@contextmanager
def unit_of_work(engine: Engine, *, now: Callable[[], datetime]) -> Iterator[SqlUnitOfWork]:
    """This will open one transaction that may write; ``now`` tells which year's ledgers count.

    Raises Conflict for a constraint that a person can do something about.
    """
    year = local_day(now()).year
    try:
        with writing(engine) as connection:
            yield SqlUnitOfWork(connection, year=year)
    except IntegrityError as error:
        conflict = explained(error)
        if conflict is None:
            raise
        raise conflict from error


@contextmanager
def read_only(engine: Engine, *, now: Callable[[], datetime]) -> Iterator[SqlUnitOfWork]:
    """This will open one transaction that sees one moment of the database, waits for nobody and cannot write."""
    year = local_day(now()).year
    with reading(engine) as connection:
        yield SqlUnitOfWork(connection, year=year)


_KEEP_RECEIPT: Final = Prepared(insert(receipt))


def _receipt_row(key: str, person: str, kept: Receipt) -> Row:
    return {
        "key": key,
        "person": person,
        "case_id": kept.case_id,
        "revision": kept.revision,
        "sequence": kept.sequence,
        "events": json.dumps(list(kept.events)),
    }


class _Statements:
    """What keeps one table of a case: rows are found by ``key`` within the case."""

    def __init__(self, table: Table, *key: str) -> None:
        same = [table.c[name] == bindparam(f"this_{name}") for name in ("case_id", *key)]
        rest: Row = {column.name: bindparam(column.name) for column in table.c if column.name not in ("case_id", *key)}
        self._key = key
        self._insert = Prepared(insert(table))
        self._delete = Prepared(delete(table).where(*same))
        self._update = Prepared(update(table).where(*same).values(rest))

    def replace(
        self, connection: Connection, stored: Mapping[tuple[str, ...], Row], wanted: Mapping[tuple[str, ...], Row]
    ) -> None:
        """Write only the difference: most advances leave most deadlines and turns as they were."""
        for name, row in stored.items():
            if name not in wanted:
                self._delete.change(connection, self._place(row))
        fresh = [row for name, row in wanted.items() if name not in stored]
        if fresh:
            self._insert.change_each(connection, fresh)
        for name, row in wanted.items():
            if name in stored and stored[name] != row:
                place = self._place(row)
                rest = {column: value for column, value in row.items() if f"this_{column}" not in place}
                self._update.change(connection, place | rest)

    def _place(self, row: Row) -> Row:
        return {f"this_{name}": row[name] for name in ("case_id", *self._key)}


_TURN_ROWS: Final = _Statements(turn, "role", "organisation")
_DEADLINE_ROWS: Final = _Statements(deadline, "id")
