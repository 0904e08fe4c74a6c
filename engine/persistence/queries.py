"""The lists and counts of ``application/queries.py`` in SQL: sorted to the last key, cut to what the reader may see."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    Select,
    and_,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    tuple_,
)

from engine.application.queries import (
    CaseFilters,
    CaseLine,
    DeadlineLine,
    DocumentLine,
    Organisation,
    PersonOnCase,
    Place,
    Reader,
    Sort,
    WorkCounts,
    WorkLine,
)
from engine.domain.case import Infrastructure
from engine.domain.events import Entry
from engine.domain.values import Text
from engine.persistence import infrastructure as register
from engine.persistence.engine import reading
from engine.persistence.mapping import row_to_entry
from engine.persistence.moment import Moment
from engine.persistence.tables import (
    case_event,
    case_row,
    deadline,
    document,
    infrastructure,
    person,
    turn,
)
from engine.persistence.visibility import Roles, has_turn, visible, visible_to_company, visible_to_staff

LAWYERS: Final = frozenset({"legal", "lead_legal"})

_LINE: Final = (
    case_row.c.id,
    case_row.c.form,
    case_row.c.infrastructure_id,
    infrastructure.c.name_sv.label("infrastructure_sv"),
    infrastructure.c.name_en.label("infrastructure_en"),
    case_row.c.host_org,
    case_row.c.company_name,
    case_row.c.title_sv,
    case_row.c.title_en,
    case_row.c.reference,
    case_row.c.stage,
    case_row.c.stage_since,
    case_row.c.outcome,
    case_row.c.opened_at,
    case_row.c.closed_at,
    case_row.c.changed_at,
    case_row.c.revision,
    case_row.c.scope_version,
    case_row.c.is_suspended,
    case_row.c.is_escalated,
    case_row.c.joint_parent_id,
)
_CASES: Final = select(*_LINE).join(infrastructure, infrastructure.c.id == case_row.c.infrastructure_id)


class SqlQueries:
    """The protocol ``Queries``; ``roles`` is the register that says how far each role reaches."""

    def __init__(self, engine: Engine, roles: Roles) -> None:
        self._engine = engine
        self._roles = roles

    def work_list(
        self, reader: Reader, filters: CaseFilters, *, after: Place | None = None, limit: int = 50
    ) -> tuple[WorkLine, ...]:
        """This will return the cases where it is the reader's turn, longest waiting first, one line per role."""
        return self._work(has_turn(reader, self._roles), filters, after, limit)

    def opinion_queue(self, reader: Reader, *, after: Place | None = None, limit: int = 50) -> tuple[WorkLine, ...]:
        """This will return the work list of the reader's ``legal`` and ``lead_legal`` roles alone."""
        return self._work(has_turn(reader, self._roles, LAWYERS), CaseFilters(), after, limit)

    def work_counts(self, reader: Reader) -> WorkCounts:
        """This will return the counters of the work list."""
        seen = visible(reader, self._roles)
        is_open = case_row.c.closed_at.is_(None)
        with reading(self._engine) as connection:
            return WorkCounts(
                my_turn=_count(
                    connection,
                    select(func.count(func.distinct(turn.c.case_id)))
                    .join(case_row, case_row.c.id == turn.c.case_id)
                    .where(has_turn(reader, self._roles)),
                ),
                visible_open=_count(connection, select(func.count(case_row.c.id)).where(seen, is_open)),
                suspended=_count(
                    connection, select(func.count(case_row.c.id)).where(seen, is_open, case_row.c.is_suspended)
                ),
                overdue=_count(
                    connection,
                    select(func.count(deadline.c.id))
                    .join(case_row, case_row.c.id == deadline.c.case_id)
                    .where(seen, not_(deadline.c.is_met), deadline.c.due_on < reader.day),
                ),
            )

    def cases(
        self,
        reader: Reader,
        filters: CaseFilters,
        *,
        sort: Sort = "changed_at",
        descending: bool = True,
        after: Place | None = None,
        limit: int = 50,
    ) -> tuple[CaseLine, ...]:
        """This will return cases the reader may see, by the moment asked for and then by id."""
        column: ColumnElement[datetime] = case_row.c[sort]
        query = _CASES.where(visible(reader, self._roles), _filtered(filters))
        keys = (column, case_row.c.id)
        if after is not None:
            place = tuple_(literal(after.at, Moment), literal(after.id))
            query = query.where(tuple_(*keys) < place if descending else tuple_(*keys) > place)
        order = [key.desc() if descending else key.asc() for key in keys]
        with reading(self._engine) as connection:
            return tuple(_case_line(row) for row in connection.execute(query.order_by(*order).limit(limit)).mappings())

    def count_cases(self, reader: Reader, filters: CaseFilters) -> int:
        """This will count the cases that ``cases`` would list."""
        with reading(self._engine) as connection:
            return _count(
                connection,
                select(func.count(case_row.c.id)).where(visible(reader, self._roles), _filtered(filters)),
            )

    def company_cases(self, reader: Reader) -> tuple[CaseLine, ...]:
        """This will return the cases of the reader's own companies, newest first."""
        query = _CASES.where(visible_to_company(reader, self._roles)).order_by(
            case_row.c.opened_at.desc(), case_row.c.id.desc()
        )
        with reading(self._engine) as connection:
            return tuple(_case_line(row) for row in connection.execute(query).mappings())

    def may_see(self, reader: Reader, case_id: str) -> bool:
        """This will tell whether a case exists and the reader may know of it."""
        with reading(self._engine) as connection:
            return self._sees(connection, reader, case_id)

    def case_log(
        self, reader: Reader, case_id: str, *, before: int | None = None, limit: int = 50
    ) -> tuple[Entry, ...]:
        """This will return lines of a case's log, newest first, below sequence ``before``; empty if not to be seen."""
        query = select(case_event).where(case_event.c.case_id == case_id)
        if before is not None:
            query = query.where(case_event.c.sequence < before)
        with reading(self._engine) as connection:
            if not self._sees(connection, reader, case_id):
                return ()
            rows = connection.execute(query.order_by(case_event.c.sequence.desc()).limit(limit)).mappings()
            return tuple(row_to_entry(row) for row in rows)

    def people_on_case(self, reader: Reader, case_id: str) -> tuple[PersonOnCase, ...]:
        """This will return who has acted in a case, latest first; empty if the case is not to be seen."""
        last = (
            select(func.max(case_event.c.sequence))
            .where(case_event.c.case_id == case_id)
            .group_by(case_event.c.person)
            .scalar_subquery()
        )
        query = (
            select(case_event)
            .where(case_event.c.case_id == case_id, case_event.c.sequence.in_(last))
            .order_by(case_event.c.sequence.desc())
        )
        with reading(self._engine) as connection:
            if not self._sees(connection, reader, case_id):
                return ()
            return tuple(
                PersonOnCase(
                    person=row["person"],
                    name=row["person_name"],
                    role=row["role"],
                    organisation=row["organisation"],
                    last_at=row["at"],
                )
                for row in connection.execute(query).mappings()
            )

    def documents(
        self, reader: Reader, *, text: str = "", final_only: bool = False, after: Place | None = None, limit: int = 50
    ) -> tuple[DocumentLine, ...]:
        """This will return documents of cases the reader may see, newest draft first; company readers get nothing."""
        keys = (document.c.drafted_at, document.c.case_id, document.c.key)
        query = (
            select(document, case_row.c.company_name, case_row.c.title_sv, case_row.c.title_en)
            .join(case_row, case_row.c.id == document.c.case_id)
            .where(visible_to_staff(reader, self._roles), _has_text(text, case_row.c.search, document.c.key))
        )
        if final_only:
            query = query.where(document.c.finalised_at.is_not(None))
        if after is not None:
            case_id, _, key = after.id.partition("/")
            query = query.where(tuple_(*keys) < tuple_(literal(after.at, Moment), literal(case_id), literal(key)))
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(*[key.desc() for key in keys]).limit(limit)).mappings()
            return tuple(_document_line(row) for row in rows)

    def deadlines(
        self, reader: Reader, *, until: date | None = None, case_id: str = "", limit: int = 100
    ) -> tuple[DeadlineLine, ...]:
        """This will return unmet deadlines of cases the reader may see, earliest first; ``case_id`` for one.

        A closed case has one until its closing tasks are done.
        """
        query = (
            select(deadline, case_row.c.company_name, case_row.c.title_sv, case_row.c.title_en, case_row.c.stage)
            .join(case_row, case_row.c.id == deadline.c.case_id)
            .where(visible(reader, self._roles), not_(deadline.c.is_met))
            .order_by(deadline.c.due_on, deadline.c.case_id, deadline.c.id)
            .limit(limit)
        )
        if until is not None:
            query = query.where(deadline.c.due_on <= until)
        if case_id:
            query = query.where(deadline.c.case_id == case_id)
        with reading(self._engine) as connection:
            return tuple(
                DeadlineLine(
                    case_id=row["case_id"],
                    id=row["id"],
                    rule=row["rule"],
                    due_on=row["due_on"],
                    owner_role=row["owner_role"],
                    company=row["company_name"],
                    title=Text(sv=row["title_sv"], en=row["title_en"]),
                    stage=row["stage"],
                )
                for row in connection.execute(query).mappings()
            )

    def infrastructures(self) -> tuple[Infrastructure, ...]:
        """This will return every infrastructure, by Swedish name."""
        with reading(self._engine) as connection:
            return register.all_infrastructures(connection)

    def organisations(self) -> tuple[Organisation, ...]:
        """This will return every organisation, by Swedish name."""
        with reading(self._engine) as connection:
            return register.all_organisations(connection)

    def people(self, ids: Sequence[str]) -> dict[str, str]:
        """This will return the names of people by id; unknown ids are left out."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(person.c.id, person.c.name).where(person.c.id.in_(list(ids))))
            return {row.id: row.name for row in rows}

    def _sees(self, connection: Connection, reader: Reader, case_id: str) -> bool:
        query = select(case_row.c.id).where(case_row.c.id == case_id, visible(reader, self._roles))
        return connection.execute(query).one_or_none() is not None

    def _work(
        self, mine: ColumnElement[bool], filters: CaseFilters, after: Place | None, limit: int
    ) -> tuple[WorkLine, ...]:
        due = (
            select(func.min(deadline.c.due_on))
            .where(deadline.c.case_id == case_row.c.id, not_(deadline.c.is_met))
            .correlate(case_row)
            .scalar_subquery()
        )
        keys = (turn.c.since, turn.c.case_id)
        query = (
            select(*_LINE, turn.c.role, turn.c.organisation, turn.c.since, turn.c.reasons, due.label("next_due_on"))
            .join(turn, turn.c.case_id == case_row.c.id)
            .join(infrastructure, infrastructure.c.id == case_row.c.infrastructure_id)
            .where(mine, _filtered(filters))
            .order_by(*keys, turn.c.role, turn.c.organisation)
            .limit(limit)
        )
        if after is not None:
            query = query.where(tuple_(*keys) > tuple_(literal(after.at, Moment), literal(after.id)))
        with reading(self._engine) as connection:
            return tuple(_work_line(row) for row in connection.execute(query).mappings())


def _filtered(filters: CaseFilters) -> ColumnElement[bool]:
    conditions = [_has_text(filters.text, case_row.c.search)]
    if filters.form:
        conditions.append(case_row.c.form == filters.form)
    if filters.stage:
        conditions.append(case_row.c.stage == filters.stage)
    if filters.infrastructure:
        conditions.append(case_row.c.infrastructure_id == filters.infrastructure)
    if filters.is_open is not None:
        conditions.append(case_row.c.closed_at.is_(None) if filters.is_open else case_row.c.closed_at.is_not(None))
    return and_(true(), *conditions)


def _has_text(text: str, *columns: ColumnElement[str]) -> ColumnElement[bool]:
    words = text.casefold().split()
    return and_(
        true(),
        *[or_(*[func.lower(column).contains(word, autoescape=True) for column in columns]) for word in words],
    )


def _count(connection: Connection, query: Select[Any]) -> int:
    return int(connection.execute(query).scalar_one())


def _case_line(row: RowMapping) -> CaseLine:
    return CaseLine(
        id=row["id"],
        form=row["form"],
        infrastructure_id=row["infrastructure_id"],
        infrastructure=Text(sv=row["infrastructure_sv"], en=row["infrastructure_en"]),
        host_org=row["host_org"],
        company=row["company_name"],
        title=Text(sv=row["title_sv"], en=row["title_en"]),
        reference=row["reference"],
        stage=row["stage"],
        stage_since=row["stage_since"],
        outcome=row["outcome"],
        opened_at=row["opened_at"],
        closed_at=row["closed_at"],
        changed_at=row["changed_at"],
        revision=row["revision"],
        scope_version=row["scope_version"],
        is_suspended=row["is_suspended"],
        is_escalated=row["is_escalated"],
        joint_parent_id=row["joint_parent_id"],
    )


def _work_line(row: RowMapping) -> WorkLine:
    return WorkLine(
        case=_case_line(row),
        role=row["role"],
        organisation=row["organisation"],
        since=row["since"],
        reasons=tuple(json.loads(row["reasons"])),
        next_due_on=row["next_due_on"],
    )


def _document_line(row: RowMapping) -> DocumentLine:
    return DocumentLine(
        case_id=row["case_id"],
        key=row["key"],
        document=row["document"],
        language=row["language"],
        scope_version=row["scope_version"],
        drafted_at=row["drafted_at"],
        finalised_at=row["finalised_at"],
        file_hash=row["file_hash"],
        size=row["size"],
        signature_count=row["signature_count"],
        dispatched_at=row["dispatched_at"],
        registered_number=row["registered_number"],
        marking=row["marking"],
        is_superseded=row["is_superseded"],
        company=row["company_name"],
        title=Text(sv=row["title_sv"], en=row["title_en"]),
    )
