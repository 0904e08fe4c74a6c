"""The one rule of who may know of a case, as an SQL condition: every list, count, search and download uses it.

Its twin in Python is ``domain/permissions.reaches``; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, false, or_, select

from engine.application.queries import Reader
from engine.domain.permissions import Assignment
from engine.domain.roles import PARTNER_ROLES, SME_ROLES, Role
from engine.persistence.tables import case_party, case_row, turn

Roles = Mapping[str, Role]


def visible(reader: Reader, roles: Roles) -> ColumnElement[bool]:
    """This will return the condition on ``case_row`` that holds for the cases a reader may know of."""
    return or_(false(), *[_reaches(held, roles) for held in _valid(reader)])


def visible_to_staff(reader: Reader, roles: Roles) -> ColumnElement[bool]:
    """This will return the same condition without the company's own roles, for papers they never see (SOD-11)."""
    return or_(false(), *[_reaches(held, roles) for held in _valid(reader) if held.role not in SME_ROLES])


def visible_to_company(reader: Reader, roles: Roles) -> ColumnElement[bool]:
    """This will return the same condition for the company's own roles alone."""
    return or_(false(), *[_reaches(held, roles) for held in _valid(reader) if held.role in SME_ROLES])


def has_turn(reader: Reader, roles: Roles, only: frozenset[str] = frozenset()) -> ColumnElement[bool]:
    """This will return the condition on ``turn`` and ``case_row`` that it is the reader's turn.

    ``only`` cuts it to some roles; empty means all. A role of an organisation waits for that organisation alone.
    """
    conditions: list[ColumnElement[bool]] = []
    for held in _valid(reader):
        if only and held.role not in only:
            continue
        mine = turn.c.role == held.role
        if held.role in roles and roles[held.role].scope == "organisation":
            mine = and_(mine, turn.c.organisation == held.organisation)
        conditions.append(and_(mine, _reaches(held, roles)))
    return or_(false(), *conditions)


def _valid(reader: Reader) -> list[Assignment]:
    return [held for held in reader.assignments if held.is_valid_on(reader.day)]


def _reaches(held: Assignment, roles: Roles) -> ColumnElement[bool]:
    role = roles.get(held.role)
    if role is None:
        return false()
    match role.scope:
        case "infrastructure":
            reach = _equals(case_row.c.infrastructure_id, held.infrastructure_id)
        case "organisation" if held.role not in PARTNER_ROLES:
            reach = _equals(case_row.c.host_org, held.organisation)
        case "organisation":
            reach = case_row.c.id.in_(
                select(case_party.c.case_id).where(case_party.c.organisation == held.organisation)
            )
        case "own_case":
            reach = _equals(case_row.c.sme_org_nr, held.company_org_nr)
        case "case":
            reach = _equals(case_row.c.id, held.case_id)
        case _:
            return false()
    return and_(reach, case_row.c.form.in_(role.forms))


def _equals(column: ColumnElement[str], value: str | None) -> ColumnElement[bool]:
    # "column = NULL" would be unknown, and "column IS NULL" would match: neither is meant.
    return false() if value is None else column == value
