"""The store of cases: one row read gives the case; one save writes row, log and projections together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.domain.case import Case, Surroundings
from engine.domain.events import Entry, LedgerReserved, PersonAssigned
from engine.domain.reasons import NotFound
from engine.domain.values import Text
from engine.ledger.chain import GENESIS
from engine.persistence import ledgers
from engine.persistence.assignments import assign
from engine.persistence.codec import StoredCase, read_case, write_case
from engine.persistence.conflicts import lost_race
from engine.persistence.mapping import (
    Row,
    case_to_row,
    document_to_row,
    entries_to_rows,
    file_to_row,
    opinion_to_row,
    party_rows,
    row_to_entry,
    row_to_infrastructure,
    row_to_joint,
)
from engine.persistence.prepared import Prepared
from engine.persistence.recent import recall, remember
from engine.persistence.tables import (
    case_event,
    case_party,
    case_row,
    document,
    infrastructure,
    joint_case,
    opinion,
    series,
    uploaded_file,
)

T = TypeVar("T")

_GET: Final = Prepared(
    select(
        case_row.c.state,
        case_row.c.state_shape,
        case_row.c.log_head,
        *[column.label(f"infra_{column.name}") for column in infrastructure.c],
        *[column.label(f"joint_{column.name}") for column in joint_case.c],
        ledgers.OTHERS_CAPACITY.label("others_capacity"),
        ledgers.OTHERS_PURCHASES.label("others_purchases"),
    )
    .join(infrastructure, infrastructure.c.id == case_row.c.infrastructure_id)
    .outerjoin(joint_case, joint_case.c.id == case_row.c.joint_parent_id)
    .where(case_row.c.id == bindparam("case_id"))
)

_OWNERS: Final = Prepared(
    select(case_row.c.infrastructure_id, case_row.c.host_org).where(case_row.c.id == bindparam("case_id"))
)

_FIXED: Final = frozenset({"id", "form", "infrastructure_id", "host_org", "opened_at", "joint_parent_id"})
"""Columns that no event changes."""

_SAVE: Final = Prepared(
    update(case_row)
    .where(
        and_(
            case_row.c.id == bindparam("this_id"),
            case_row.c.revision == bindparam("expected_revision"),
            case_row.c.sequence == bindparam("expected_sequence"),
        )
    )
    .values({column.name: bindparam(column.name) for column in case_row.c if column.name not in _FIXED})
)

_ADD: Final = Prepared(insert(case_row))

_APPEND: Final = Prepared(insert(case_event))

_LOG: Final = select(case_event).where(case_event.c.case_id == bindparam("case_id")).order_by(case_event.c.sequence)


class SqlCaseStore:
    """Cases within one transaction. ``year`` is the one whose ledgers count, as a number."""

    def __init__(self, connection: Connection, *, year: int) -> None:
        self._connection = connection
        self._year = year
        self._loaded: dict[str, tuple[StoredCase, str]] = {}
        self._locked: set[str] = set()

    def get(self, case_id: str, *, lock_ledgers: bool = False) -> Case:
        """This will load a case with its surroundings. Raises NotFound.

        ``lock_ledgers`` takes the locks of the capacity and purchase ledgers the case may touch first, so
        that two cases cannot both pass a cross-case limit.
        """
        if lock_ledgers:
            self._lock(case_id)
        row = _GET.row(self._connection, {"case_id": case_id, "year": self._year})
        if row is None:
            raise _no_case(case_id)
        profile = row_to_infrastructure(row, "infra_")
        surroundings = Surroundings(
            infrastructure=profile,
            capacity_pct=ledgers.capacity_pct(profile, int(row["others_capacity"])),
            purchases_sek=ledgers.purchases_sek(int(row["others_purchases"])),
            joint=None if row["joint_id"] is None else row_to_joint(row, "joint_"),
        )
        stored = recall(case_id, row["state"])
        if stored is None:
            stored = read_case(row["state"], surroundings, shape=row["state_shape"])
            remember(stored)
        else:
            stored = replace(stored, case=replace(stored.case, surroundings=surroundings))
        self._loaded[case_id] = stored, row["log_head"]
        return stored.case

    def add(self, case: Case, entries: Sequence[Entry]) -> None:
        """This will store a new case with its first log lines. Raises Conflict when the id is taken."""
        _check_sequence(case, entries, 0)
        rows, head = entries_to_rows(case.id, list(entries), GENESIS)
        stored = write_case(case)
        _ADD.change(self._connection, case_to_row(case, log_head=head, state=stored.text))
        _APPEND.change_each(self._connection, rows)
        self._project(None, case, entries)
        self._loaded[case.id] = stored, head
        if case.joint_parent_id is not None:
            # Whoever opened the case may not have known the others who take part in the joint one.
            refresh_parties(self._connection, case_row.c.id == case.id)

    def save(self, case: Case, entries: Sequence[Entry], *, expected_revision: int, expected_sequence: int) -> None:
        """This will write row and log together. Raises Conflict when the stored revision is another."""
        _check_sequence(case, entries, expected_sequence)
        if any(isinstance(entry.event, LedgerReserved) for entry in entries) and case.id not in self._locked:
            raise RuntimeError("a reservation needs get(..., lock_ledgers=True): the sums must be read under the lock")
        if case.id not in self._loaded:
            self.get(case.id)
        before, head = self._loaded[case.id]
        rows, head = entries_to_rows(case.id, list(entries), head)
        stored = write_case(case, before)
        values = case_to_row(case, log_head=head, state=stored.text)
        for name in _FIXED:
            del values[name]
        done = _SAVE.change(
            self._connection,
            values
            | {"this_id": case.id, "expected_revision": expected_revision, "expected_sequence": expected_sequence},
        )
        if done != 1:
            raise lost_race(self.get(case.id), expected_revision)
        _APPEND.change_each(self._connection, rows)
        self._project(before.case, case, entries)
        self._loaded[case.id] = stored, head
        remember(stored)

    def next_number(self, series: str) -> int:
        """This will return the next number of a series (``C-2025``), each once only, gaps allowed."""
        return next_number(self._connection, series)

    def log(self, case_id: str) -> tuple[Entry, ...]:
        """This will return the whole log of a case in order, empty for a case that does not exist."""
        return tuple(row_to_entry(row) for row in self._connection.execute(_LOG, {"case_id": case_id}).mappings())

    def _lock(self, case_id: str) -> None:
        owners = _OWNERS.row(self._connection, {"case_id": case_id})
        if owners is None:
            raise _no_case(case_id)
        ledgers.lock_ledgers(self._connection, owners["infrastructure_id"], owners["host_org"])
        self._locked.add(case_id)

    def _project(self, before: Case | None, case: Case, entries: Iterable[Entry]) -> None:
        old = before.documents if before else {}
        self._keep(document, "key", old, case.documents, lambda item: document_to_row(case.id, item), case.id)
        old_files = before.files if before else {}
        self._keep(uploaded_file, "key", old_files, case.files, lambda item: file_to_row(case.id, item), case.id)
        old_opinions = {item.id: item for item in before.opinions} if before else {}
        opinions = {item.id: item for item in case.opinions}
        self._keep(opinion, "id", old_opinions, opinions, lambda item: opinion_to_row(case.id, item), case.id)
        old_parties = {row["organisation"]: row for row in party_rows(before)} if before else {}
        parties = {row["organisation"]: row for row in party_rows(case)}
        self._keep(case_party, "organisation", old_parties, parties, lambda row: row, case.id)
        for entry in entries:
            ledgers.keep_ledgers(self._connection, case, entry)
            if isinstance(entry.event, PersonAssigned):
                assign(self._connection, case, entry, entry.event)

    def _keep(
        self,
        table: Table,
        key: str,
        old: Mapping[str, T],
        new: Mapping[str, T],
        to_row: Callable[[T], Row],
        case_id: str,
    ) -> None:
        """Write only what differs: an advance that touches one document writes one row."""
        if old is new:
            return
        gone = [name for name in old if name not in new]
        if gone:
            self._connection.execute(delete(table).where(table.c.case_id == case_id, table.c[key].in_(gone)))
        fresh = [to_row(item) for name, item in new.items() if name not in old]
        if fresh:
            self._connection.execute(insert(table), fresh)
        for name, item in new.items():
            if name in old and old[name] is not item and old[name] != item:
                self._connection.execute(
                    update(table).where(table.c.case_id == case_id, table.c[key] == name).values(**to_row(item))
                )


def refresh_parties(connection: Connection, cases: ColumnElement[bool]) -> None:
    """This will write anew who takes part in the cases that a condition on ``case_row`` names.

    Who takes part rests on the surroundings too: on the joint case and on who operates the infrastructure.
    """
    store = SqlCaseStore(connection, year=0)
    for case_id in connection.execute(select(case_row.c.id).where(cases).order_by(case_row.c.id)).scalars().all():
        connection.execute(delete(case_party).where(case_party.c.case_id == case_id))
        connection.execute(insert(case_party), party_rows(store.get(case_id)))


def next_number(connection: Connection, name: str) -> int:
    """This will return the next number of a series, each once only, gaps allowed."""
    kind = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = kind.insert(series).values(name=name, last=1)
    number = connection.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_={"last": series.c.last + 1}).returning(
            series.c.last
        )
    ).scalar_one()
    return int(number)


def _check_sequence(case: Case, entries: Sequence[Entry], expected_sequence: int) -> None:
    numbers = [entry.sequence for entry in entries]
    if not entries or numbers != list(range(expected_sequence + 1, case.sequence + 1)):
        raise ValueError(f"log lines {numbers} do not lead from {expected_sequence} to {case.sequence}")


def _no_case(case_id: str) -> NotFound:
    return NotFound(Text(sv=f"Det finns inget ärende {case_id}.", en=f"There is no case {case_id}."))
