"""What no definition may have is found in seeded faults, and in no published definition."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.domain.expressions import Names, Shape, parse
from engine.domain.workflow import Workflow
from engine.verification.standing import moves_made, standing
from tests.unit.verification.seeded import definitions, with_action

FORMS = ("state", "regional", "company")


def found(workflow: Workflow) -> set[tuple[str, str]]:
    return {(finding.check, finding.about) for finding in standing(workflow)}


def with_condition(workflow: Workflow, guard_id: str, source: str) -> Workflow:
    names = Names(fields={"price.amount_sek": Shape("number"), "case.reason_code": Shape("text")})
    guard = replace(workflow.guards[guard_id], expression=parse(source, names))
    for action in workflow.actions.values():
        if any(one.id == guard_id for one in action.guards):
            guards = tuple(guard if one.id == guard_id else one for one in action.guards)
            workflow = with_action(workflow, replace(action, guards=guards))
    return workflow


class TestPublishedDefinitions:
    @pytest.mark.parametrize("form", [*FORMS, "joint"])
    def test_have_none(self, form: str) -> None:
        assert found(definitions()[form]) == set()

    @pytest.mark.parametrize("form", FORMS)
    def test_can_make_every_move(self, form: str) -> None:
        workflow = definitions()[form]

        assert moves_made(workflow) == {key for key, action in workflow.actions.items() if action.source}


class TestSeededFaults:
    def test_a_stage_that_nobody_holds(self) -> None:
        workflow = definitions()["state"]
        stages = tuple(replace(one, held_by=()) if one.name == "scoping" else one for one in workflow.stages)

        assert found(replace(workflow, stages=stages)) == {("turn", "scoping")}

    def test_an_action_without_a_role(self) -> None:
        workflow = definitions()["regional"]

        assert found(with_action(workflow, replace(workflow.actions["R-T22"], actors=()))) == {("role", "R-T22")}

    def test_an_action_for_a_role_of_another_form(self) -> None:
        workflow = definitions()["company"]
        action = replace(workflow.actions["C-T22"], actors=("board_secretary",))

        assert found(with_action(workflow, action)) == {("role", "C-T22")}

    def test_an_auditor_who_acts(self) -> None:
        workflow = definitions()["company"]
        action = replace(workflow.actions["C-T22"], actors=("pm", "auditor"))

        assert found(with_action(workflow, action)) == {("reader", "C-T22")}

    def test_a_stage_without_a_way_in(self) -> None:
        workflow = definitions()["state"]
        actions = {key: action for key, action in workflow.actions.items() if action.target != "procurement_check"}

        assert ("way_in", "procurement_check") in found(replace(workflow, actions=actions))

    def test_a_dead_end(self) -> None:
        workflow = definitions()["state"]
        actions = {key: action for key, action in workflow.actions.items() if action.source != "legal_review"}

        assert {("way_out", "legal_review"), ("withdrawal", "legal_review")} <= found(
            replace(workflow, actions=actions)
        )

    def test_a_guard_that_can_never_hold(self) -> None:
        workflow = with_condition(
            definitions()["state"], "G-SCO-11", "case.reason_code == 'a' and case.reason_code == 'b'"
        )

        assert ("never_holds", "G-SCO-11") in found(workflow)

    def test_a_guard_that_can_never_fail(self) -> None:
        workflow = with_condition(
            definitions()["state"], "G-SCO-11", "case.reason_code is None or case.reason_code is not None"
        )

        assert found(workflow) == {("never_fails", "G-SCO-11")}

    def test_a_withdrawal_that_asks_the_host(self) -> None:
        workflow = definitions()["company"]
        action = replace(workflow.actions["C-T16"], guards=(workflow.guards["G-CLO-11"],))

        assert found(with_action(workflow, action)) == {("withdrawal", "legal_review")}

    def test_a_move_that_two_guards_exclude(self) -> None:
        workflow = definitions()["state"]
        action = workflow.actions["S-T25"]
        guards = (*action.guards, workflow.guards["G-CLO-12"])

        assert found(with_action(workflow, replace(action, guards=guards))) == {("never_made", "S-T25")}
