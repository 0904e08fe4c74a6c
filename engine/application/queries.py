"""What pages may read: flat frozen classes, and the Protocol that lists and counts are asked through.

Every list is cut to what its reader may see; lists are sorted to the last key and paged by the last row seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from engine.domain.case import Infrastructure
from engine.domain.events import Entry
from engine.domain.permissions import Assignment
from engine.domain.values import Text

Sort = Literal["stage_since", "opened_at", "changed_at"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads, with all assignments; those not valid on ``day`` give nothing."""

    person: str
    assignments: tuple[Assignment, ...]
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The last row of a page: the next page begins after it. Moments compare to the microsecond."""

    at: datetime
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilters:
    """What a list of cases is cut to. Empty means all.

    ``text`` is searched in number, reference, company and titles, without regard to case. ``is_open`` None: both.
    """

    text: str = ""
    form: str = ""
    stage: str = ""
    infrastructure: str = ""
    is_open: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One case in a list."""

    id: str
    form: str
    infrastructure_id: str
    infrastructure: Text
    host_org: str
    company: str
    title: Text
    reference: str
    stage: str
    stage_since: datetime
    outcome: str | None
    opened_at: datetime
    closed_at: datetime | None
    changed_at: datetime
    revision: int
    scope_version: int
    is_suspended: bool
    is_escalated: bool
    joint_parent_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLine:
    """One case that waits for the reader: in which role, since when, and the ids of what waits."""

    case: CaseLine
    role: str
    organisation: str
    since: datetime
    reasons: tuple[str, ...]
    next_due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """One document in the list over cases."""

    case_id: str
    key: str
    document: str
    language: str
    scope_version: int
    drafted_at: datetime
    finalised_at: datetime | None
    file_hash: str | None
    size: int | None
    signature_count: int
    dispatched_at: datetime | None
    registered_number: str | None
    marking: str
    is_superseded: bool
    company: str
    title: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineLine:
    """One deadline in the list over cases."""

    case_id: str
    id: str
    rule: str
    due_on: date
    owner_role: str
    company: str
    title: Text
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonOnCase:
    """Somebody who has acted in a case, and in which role last."""

    person: str
    name: str
    role: str
    organisation: str
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCounts:
    """The counters above a work list."""

    my_turn: int
    visible_open: int
    suspended: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An account. ``language`` and ``theme`` are empty until the person has chosen."""

    id: str
    email: str
    name: str
    password_hash: str
    language: str = ""
    theme: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account with one of its roles, for the sign-in page of the demo."""

    email: str
    name: str
    role: str
    organisation: str
    infrastructure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation of the register and the legal person it belongs to (``org_nr`` None when unknown)."""

    id: str
    name: Text
    legal_person: Text
    org_nr: str | None
    form: str | None


class Queries(Protocol):
    """Lists and counts. Nothing here writes, and nothing shows more than the reader may see."""

    def work_list(
        self, reader: Reader, filters: CaseFilters, *, after: Place | None = None, limit: int = 50
    ) -> tuple[WorkLine, ...]:
        """This will return the cases where it is the reader's turn, longest waiting first, one line per role.

        ``after`` compares with ``since`` and the case id.
        """

    def opinion_queue(self, reader: Reader, *, after: Place | None = None, limit: int = 50) -> tuple[WorkLine, ...]:
        """This will return the work list of the reader's ``legal`` and ``lead_legal`` roles alone."""

    def work_counts(self, reader: Reader) -> WorkCounts:
        """This will return the counters of the work list."""

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

    def count_cases(self, reader: Reader, filters: CaseFilters) -> int:
        """This will count the cases that ``cases`` would list."""

    def company_cases(self, reader: Reader) -> tuple[CaseLine, ...]:
        """This will return the cases of the reader's own companies, newest first."""

    def may_see(self, reader: Reader, case_id: str) -> bool:
        """This will tell whether a case exists and the reader may know of it."""

    def case_log(
        self, reader: Reader, case_id: str, *, before: int | None = None, limit: int = 50
    ) -> tuple[Entry, ...]:
        """This will return lines of a case's log, newest first, below sequence ``before``; empty if not to be seen."""

    def people_on_case(self, reader: Reader, case_id: str) -> tuple[PersonOnCase, ...]:
        """This will return who has acted in a case, latest first; empty if the case is not to be seen."""

    def documents(
        self, reader: Reader, *, text: str = "", final_only: bool = False, after: Place | None = None, limit: int = 50
    ) -> tuple[DocumentLine, ...]:
        """This will return documents of cases the reader may see, newest draft first.

        ``after`` holds ``drafted_at`` and ``case_id/key``. It is for the public side: company readers get nothing.
        """

    def deadlines(
        self, reader: Reader, *, until: date | None = None, case_id: str = "", limit: int = 100
    ) -> tuple[DeadlineLine, ...]:
        """This will return unmet deadlines of cases the reader may see, earliest first; ``case_id`` for one.

        A closed case has one until its closing tasks are done.
        """

    def infrastructures(self) -> tuple[Infrastructure, ...]:
        """This will return every infrastructure, by Swedish name."""

    def organisations(self) -> tuple[Organisation, ...]:
        """This will return every organisation, by Swedish name."""

    def people(self, ids: Sequence[str]) -> dict[str, str]:
        """This will return the names of people by id; unknown ids are left out."""
