"""Who may know of a case: the SQL and the Python of the rule agree, for every list."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from engine.application.ports import Deadline, Turn
from engine.application.queries import CaseFilters, Place, Reader
from engine.domain.case import JointContext
from engine.domain.permissions import Assignment, reaches, roles_on_case
from engine.domain.roles import Role
from engine.domain.values import Text
from engine.persistence.engine import writing
from engine.persistence.infrastructure import save_infrastructure, save_joint
from engine.persistence.queries import SqlQueries
from engine.persistence.unit_of_work import read_only, unit_of_work
from tests.integration.persistence.samples import FUTURA, NOON, VECURA, fill_register, noon, save_facts, store_case

DAY = date(2025, 11, 24)
FORMS = ("state", "regional", "company")
JOINT = JointContext(
    id="J-2025-0001",
    organisations=("k", "ki"),
    lead="ki",
    doc_hash=None,
    stage="allocation",
    sme_consents=False,
    university_participates=True,
)


def role(key: str, scope: str, forms: tuple[str, ...] = FORMS) -> Role:
    return Role(key=key, name=Text(sv=key, en=key), forms=forms, scope=scope)


ROLES = {
    item.key: item
    for item in (
        role("sme_contact", "own_case"),
        role("pm", "infrastructure"),
        role("legal", "organisation"),
        role("board_secretary", "organisation", ("regional",)),
        role("auditor", "organisation"),
        role("pi", "case"),
        role("sys_admin", "system"),
    )
}


def assignment(
    held: str,
    organisation: str = "ki",
    *,
    infrastructure_id: str | None = None,
    case_id: str | None = None,
    company_org_nr: str | None = None,
) -> Assignment:
    return Assignment(
        person="p",
        role=held,
        organisation=organisation,
        valid_from=date(2025, 1, 1),
        infrastructure_id=infrastructure_id,
        case_id=case_id,
        company_org_nr=company_org_nr,
    )


def reader(*held: Assignment) -> Reader:
    return Reader(person="p", assignments=held, day=DAY)


@pytest.fixture
def queries(engine: Engine) -> SqlQueries:
    """Four cases: ANA Futura, Vecura, another company at ANA Futura, and one that is joint with Vecura's host."""
    fill_register(engine)
    with writing(engine) as connection:
        save_joint(connection, JOINT)
    store_case(engine, 1)
    store_case(engine, 2, infrastructure=VECURA)
    store_case(engine, 3, values={"sme.org_nr": "559999-0024", "sme.name": "Exempel Peptid AB"})
    store_case(engine, 4, joint=JOINT, values={"sme.org_nr": "559999-0032"})
    return SqlQueries(engine, ROLES)


def seen(queries: SqlQueries, *held: Assignment) -> list[str]:
    return sorted(line.id[-1] for line in queries.cases(reader(*held), CaseFilters()))


class TestVisibility:
    def test_shows_an_infrastructures_cases_to_its_own_roles(self, queries: SqlQueries) -> None:
        assert seen(queries, assignment("pm", infrastructure_id="ana_futura")) == ["1", "3", "4"]

    def test_shows_an_organisation_what_it_hosts_and_what_it_takes_part_in(self, queries: SqlQueries) -> None:
        assert seen(queries, assignment("legal", "k")) == ["2", "4"]
        assert seen(queries, assignment("auditor", "ki")) == ["1", "3", "4"]

    def test_shows_a_company_only_its_own(self, queries: SqlQueries) -> None:
        held = assignment("sme_contact", "sme", company_org_nr="559999-0024")
        assert seen(queries, held) == ["3"]
        assert [line.id for line in queries.company_cases(reader(held))] == ["C-2025-0003"]

    def test_shows_a_case_role_that_case(self, queries: SqlQueries) -> None:
        assert seen(queries, assignment("pi", case_id="C-2025-0003")) == ["3"]

    def test_shows_a_role_nothing_in_a_form_it_does_not_exist_in(self, queries: SqlQueries) -> None:
        assert seen(queries, assignment("board_secretary", "k")) == ["2"]

    @pytest.mark.parametrize(
        "held",
        [
            assignment("sys_admin"),
            assignment("nobody_knows_this_role"),
            assignment("pm"),
            assignment("sme_contact", "sme"),
            replace(assignment("legal", "ki"), valid_to=date(2025, 11, 23)),
            replace(assignment("legal", "ki"), valid_from=date(2025, 11, 25)),
        ],
        ids=["system", "unknown", "no infrastructure", "no company", "over", "not yet"],
    )
    def test_shows_nothing_by_default(self, queries: SqlQueries, held: Assignment) -> None:
        assert seen(queries, held) == []

    def test_follows_a_joint_case_and_a_co_operator_that_reviews(self, engine: Engine, queries: SqlQueries) -> None:
        with writing(engine) as connection:
            save_joint(connection, replace(JOINT, organisations=("ah", "ki")))
        assert seen(queries, assignment("legal", "k")) == ["2"]
        assert seen(queries, assignment("legal", "ah")) == ["4"]
        with writing(engine) as connection:
            facts = {**VECURA.facts, "infra.co_operator_reviews": True}
            save_infrastructure(connection, replace(VECURA, co_operator="ah", facts=facts))
        assert seen(queries, assignment("legal", "ah")) == ["2", "4"]

    def test_follows_an_organisation_that_must_approve(self, engine: Engine, queries: SqlQueries) -> None:
        with read_only(engine, now=noon) as work:
            case = work.cases.get("C-2025-0001")
        save_facts(engine, case, {"legal.required_orgs": ("ki", "ah")})
        assert seen(queries, assignment("legal", "ah")) == ["1"]

    def test_says_the_same_in_sql_and_in_python(self, engine: Engine, queries: SqlQueries) -> None:
        with read_only(engine, now=noon) as work:
            cases = [work.cases.get(f"C-2025-000{number}") for number in range(1, 5)]
        choose = random.Random(20251124).choice
        compared = 0
        for _ in range(120):
            held = [
                Assignment(
                    person="p",
                    role=choose([*ROLES, "unknown"]),
                    organisation=choose(["ki", "k", "ah", "sme"]),
                    infrastructure_id=choose([None, "ana_futura", "vecura"]),
                    case_id=choose([None, "C-2025-0001", "C-2025-0004"]),
                    company_org_nr=choose([None, "559999-0016", "559999-0024"]),
                    valid_from=choose([date(2025, 1, 1), DAY, date(2025, 11, 25)]),
                    valid_to=choose([None, DAY, date(2025, 12, 31)]),
                )
                for _ in range(choose([0, 1, 2, 3]))
            ]
            held = [item for item in held if item.valid_to is None or item.valid_from <= item.valid_to]
            expected = sorted(case.id[-1] for case in cases if roles_on_case(held, case, DAY, ROLES))
            assert seen(queries, *held) == expected
            assert queries.count_cases(reader(*held), CaseFilters()) == len(expected)
            assert [queries.may_see(reader(*held), case.id) for case in cases] == [
                case.id[-1] in expected for case in cases
            ]
            compared += len(expected)
        assert compared > 40

    def test_holds_in_every_list(self, engine: Engine, queries: SqlQueries) -> None:
        with unit_of_work(engine, now=noon) as work:
            for number in range(1, 5):
                case_id = f"C-2025-000{number}"
                work.set_turns(case_id, [Turn(role="legal", organisation="ki", reasons=())])
                work.set_deadlines(
                    case_id,
                    [Deadline(id="d", case_id=case_id, rule="r", due_on="2025-11-20", owner_role="pm")],
                )
        other, own = reader(assignment("legal", "k")), reader(assignment("legal", "ki"))
        # It is the turn of KI's lawyer: the hospital's sees the joint case but has no turn there.
        assert queries.work_list(other, CaseFilters()) == ()
        assert [line.case.id[-1] for line in queries.work_list(own, CaseFilters())] == ["1", "3", "4"]
        assert [line.case.id[-1] for line in queries.opinion_queue(own)] == ["1", "3", "4"]
        assert [line.case_id[-1] for line in queries.deadlines(other)] == ["2", "4"]
        assert [line.case_id[-1] for line in queries.deadlines(other, case_id="C-2025-0002")] == ["2"]
        counts = queries.work_counts(other)
        assert (counts.my_turn, counts.visible_open, counts.overdue) == (0, 2, 2)
        assert queries.work_counts(own).my_turn == 3
        assert queries.case_log(other, "C-2025-0001") == ()
        assert queries.people_on_case(other, "C-2025-0001") == ()
        assert [entry.sequence for entry in queries.case_log(other, "C-2025-0004")] == [1]
        assert [item.person for item in queries.people_on_case(other, "C-2025-0004")] == ["p-contact"]

    def test_reaches_nothing_without_a_case_of_that_company(self, engine: Engine, queries: SqlQueries) -> None:
        with read_only(engine, now=noon) as work:
            case = work.cases.get("C-2025-0001")
        assert reaches(assignment("sme_contact", "sme", company_org_nr="559999-0016"), case, ROLES)
        assert not reaches(assignment("sme_contact", "sme", company_org_nr="559999-0024"), case, ROLES)


class TestLists:
    def test_pages_without_losing_or_repeating_a_case(self, engine: Engine, queries: SqlQueries) -> None:
        everything = reader(assignment("auditor", "ki"), assignment("auditor", "k"))
        found, after = [], None
        while True:
            page = queries.cases(everything, CaseFilters(), sort="opened_at", after=after, limit=1)
            if not page:
                break
            found.append(page[0].id[-1])
            after = Place(at=page[0].opened_at, id=page[0].id)
        assert found == ["4", "3", "2", "1"]

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            (CaseFilters(text="peptid"), ["3"]),
            (CaseFilters(text="MÄTNING ö"), ["1", "3", "4"]),
            (CaseFilters(text="100%"), []),
            (CaseFilters(text="_"), []),
            (CaseFilters(form="regional"), []),
            (CaseFilters(stage="inquiry", is_open=True), ["1", "3", "4"]),
            (CaseFilters(is_open=False), []),
            (CaseFilters(infrastructure="vecura"), []),
        ],
    )
    def test_filters(self, queries: SqlQueries, filters: CaseFilters, expected: list[str]) -> None:
        own = reader(assignment("auditor", "ki"))
        lines = queries.cases(own, filters, sort="opened_at", descending=False)
        assert [line.id[-1] for line in lines] == expected
        assert queries.count_cases(own, filters) == len(expected)

    def test_gives_names(self, queries: SqlQueries) -> None:
        (line,) = queries.cases(reader(assignment("pi", case_id="C-2025-0001")), CaseFilters())
        assert (line.company, line.title.sv, line.infrastructure.sv) == (
            "Exempel Biotech AB",
            "Mätning å ä ö",
            FUTURA.name_sv,
        )
        assert line.opened_at == NOON
        assert [item.id for item in queries.organisations()] == ["ah", "k", "ki"]
        assert [item.id for item in queries.infrastructures()] == ["ana_futura", "vecura"]
        assert queries.people(["nobody"]) == {}
