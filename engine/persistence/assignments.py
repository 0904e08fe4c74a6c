"""Roles that a case gives: rows of assignment that follow from its log."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from engine.domain.case import Case
from engine.domain.events import Entry, PersonAssigned
from engine.domain.permissions import Assignment
from engine.domain.values import local_day
from engine.persistence.mapping import assignment_to_row
from engine.persistence.tables import assignment


def assign(connection: Connection, case: Case, entry: Entry, event: PersonAssigned) -> None:
    """This will give the person the role on this case from the day of the entry; a second time changes nothing."""
    held = select(assignment.c.id).where(
        assignment.c.person_id == event.person,
        assignment.c.role == event.role,
        assignment.c.case_id == case.id,
    )
    if connection.execute(held.limit(1)).one_or_none() is not None:
        return
    item = Assignment(
        person=event.person,
        role=event.role,
        organisation=event.organisation,
        valid_from=local_day(entry.at),
        case_id=case.id,
    )
    connection.execute(insert(assignment), assignment_to_row(item))
