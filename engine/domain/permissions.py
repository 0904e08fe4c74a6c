"""Who may do what on a case: assignments, and the roles they give. Nothing is allowed that is not written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.domain.case import Case
from engine.domain.reviews import required_organisations
from engine.domain.roles import PARTNER_ROLES, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One role that a person holds for an organisation, from a day to a day, both inclusive.

    How far it reaches depends on the scope of the role: ``infrastructure_id`` for roles of an infrastructure,
    ``case_id`` for roles given case by case, ``company_org_nr`` for people of the company.
    """

    person: str
    role: str
    organisation: str
    valid_from: date
    valid_to: date | None = None
    infrastructure_id: str | None = None
    case_id: str | None = None
    company_org_nr: str | None = None

    def is_valid_on(self, day: date) -> bool:
        """True from the first to the last day of the assignment."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def involved_organisations(case: Case) -> frozenset[str]:
    """This will return the organisations that take part on the public side: those whose lawyers must approve."""
    return frozenset(required_organisations(case, {}))


def company_org_nr(case: Case) -> str | None:
    """This will return the company's organisation number as recorded in the case, or None while unknown."""
    fact = case.facts.get("sme.org_nr")
    return fact.value if fact is not None and isinstance(fact.value, str) else None


def reaches(assignment: Assignment, case: Case, roles: Mapping[str, Role]) -> bool:
    """This will tell whether an assignment reaches a case, whatever the day. An unknown role reaches nothing.

    The same rule stands as SQL in ``persistence/visibility.py``; a test holds the two together.
    """
    role = roles.get(assignment.role)
    if role is None or case.form not in role.forms:
        return False
    match role.scope:
        case "infrastructure":
            return assignment.infrastructure_id == case.infrastructure_id
        case "organisation":
            if assignment.role in PARTNER_ROLES:
                return assignment.organisation in involved_organisations(case)
            return assignment.organisation == case.host_org
        case "own_case":
            return assignment.company_org_nr is not None and assignment.company_org_nr == company_org_nr(case)
        case "case":
            return assignment.case_id == case.id
        case _:
            return False


def roles_on_case(
    assignments: Sequence[Assignment], case: Case, day: date, roles: Mapping[str, Role]
) -> dict[str, str]:
    """This will return the roles held on a case on a day, each with the organisation it is held for.

    Sorted as the assignments are; when one role is held for two organisations the case's host goes first.
    """
    held: dict[str, str] = {}
    for assignment in assignments:
        if not assignment.is_valid_on(day) or not reaches(assignment, case, roles):
            continue
        if assignment.role not in held or assignment.organisation == case.host_org:
            held[assignment.role] = assignment.organisation
    return held
