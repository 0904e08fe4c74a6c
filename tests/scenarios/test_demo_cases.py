"""The 26 demo cases give exactly the verdicts that the dossier expects: through the command, the page and `explain`."""

from __future__ import annotations

import io

import pytest

from engine.application import handle, view_case
from engine.application.ports import Request
from engine.domain.case import Case
from engine.domain.commands import TakeAction
from engine.domain.derivations import situation
from engine.domain.evolution import fold
from engine.domain.permissions import roles_on_case
from engine.domain.reasons import Refused, Verdict
from engine.domain.roles import Actor
from engine.domain.values import local_day
from engine.domain.verdicts import explain
from engine.ledger.verifier import verify_export
from engine.persistence.case import SqlCaseStore
from engine.persistence.engine import reading
from engine.persistence.record import export_record, verify_database
from tests.scenarios.conftest import Demo
from web.demo.load import everybody, roles_in

CASES = [f"C-2025-{number:04d}" for number in range(1, 27)]


def ids(verdict: Verdict, severity: str) -> tuple[str, ...]:
    return tuple(reason.id for reason in verdict.failing if reason.severity == severity)


def load(demo: Demo, case_id: str) -> Case:
    with demo.ports.read_only() as work:
        return work.cases.get(case_id)


def actor_for(demo: Demo, case: Case, role: str) -> Actor:
    people = {person.id: person for person in everybody(demo.cases.values(), demo.workflows)}
    person = people[roles_in(demo.cases[case.id])[role]]
    workflow = demo.workflows.version(case.definition_version)
    return Actor(
        person=person.id,
        name=person.name,
        roles=roles_on_case(person.assignments, case, local_day(demo.ports.now()), workflow.roles),
        organisations=frozenset(held.organisation for held in person.assignments),
        mandates=person.mandates,
    )


@pytest.mark.parametrize("case_id", CASES)
class TestDemoCase:
    def test_stands_at_its_stage(self, demo: Demo, case_id: str) -> None:
        assert load(demo, case_id).stage == demo.cases[case_id].stage

    def test_page_gives_the_expected_verdict(self, demo: Demo, case_id: str) -> None:
        expected = demo.cases[case_id]
        action = demo.workflows.version(load(demo, case_id).definition_version).actions[expected.attempt]
        role = next(role for role in action.actors if role in roles_in(expected))

        view = view_case(demo.ports, case_id, lambda case: actor_for(demo, case, role))
        offer = next(offer for offer in view.offers if offer.action.id == expected.attempt)

        assert ids(offer.verdict, "hard") == expected.failing
        assert ids(offer.verdict, "soft") == expected.failing_soft

    def test_explain_agrees_on_the_same_facts(self, demo: Demo, case_id: str) -> None:
        expected, case = demo.cases[case_id], load(demo, case_id)
        workflow = demo.workflows.version(case.definition_version)
        asked = situation(case, workflow, demo.ports.now())

        verdict = explain(workflow, expected.attempt, asked.facts, asked.today, asked.finals)

        assert ids(verdict, "hard") == expected.failing
        assert ids(verdict, "soft") == expected.failing_soft

    def test_log_folds_to_the_stored_row(self, demo: Demo, case_id: str) -> None:
        with reading(demo.engine) as connection:
            store = SqlCaseStore(connection, year=local_day(demo.ports.now()).year)
            stored, log = store.get(case_id), store.log(case_id)

        assert fold(log, stored.surroundings) == stored
        assert [entry.sequence for entry in log] == list(range(1, len(log) + 1))


class TestCommand:
    """The command gives the very verdict of the page; asked last, because an allowed one moves the case."""

    @pytest.mark.parametrize("case_id", [case_id for case_id in CASES if case_id not in {"C-2025-0024"}])
    def test_agrees_with_the_page(self, demo: Demo, case_id: str) -> None:
        expected, before = demo.cases[case_id], load(demo, case_id)
        action = demo.workflows.version(before.definition_version).actions[expected.attempt]
        role = next(role for role in action.actors if role in roles_in(expected))
        request = Request(
            actor=lambda case: actor_for(demo, case, role),
            person=roles_in(expected)[role],
            expected_revision=before.revision,
        )
        command = TakeAction(action=expected.attempt)

        if expected.failing:
            with pytest.raises(Refused) as refused:
                handle(demo.ports, case_id, command, request)
            assert ids(refused.value.verdict, "hard") == expected.failing
            after = load(demo, case_id)
            assert (after.stage, after.revision, after.sequence) == (before.stage, before.revision, before.sequence + 1)
        elif expected.failing_soft:
            handle(demo.ports, case_id, TakeAction(action=expected.attempt, comment="Programmet tar emot."), request)
            assert load(demo, case_id).stage == action.target
        else:
            handle(demo.ports, case_id, command, request)
            assert load(demo, case_id).stage == action.target


def test_exported_record_holds_without_the_product(demo: Demo) -> None:
    written = io.StringIO()
    count = export_record(demo.engine, written, now=demo.ports.now())

    assert count >= sum(load(demo, case_id).sequence for case_id in CASES)
    assert verify_export(written.getvalue().splitlines()) == []


def test_database_refolds_to_its_rows(demo: Demo) -> None:
    assert verify_database(demo.engine) == []
