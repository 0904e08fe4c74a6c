"""Whose turn it is: what waits, for whom, at every stage, and what is left when a case has ended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.application.follow_up import deadlines_of, turns_of
from engine.domain.case import ConflictDeclaration
from engine.domain.turns import next_action, tasks, unsigned_by
from engine.domain.workflow import CLOSED
from tests.builders import FORMS, NOON, Desk, a_case, scoped, workflow

STAGES = [(form, stage.name) for form in FORMS for stage in workflow(form).stages if stage.name != CLOSED]


@pytest.mark.parametrize(("form", "stage"), STAGES)
class TestOpenCase:
    def test_always_waits_for_somebody(self, form: str, stage: str) -> None:
        desk = Desk(scoped(form, stage))
        waiting = tasks(desk.case, desk.workflow, desk.situation())

        assert waiting
        assert all(task.roles for task in waiting)
        assert turns_of(desk.case, desk.workflow, desk.situation())

    def test_is_heading_somewhere(self, form: str, stage: str) -> None:
        desk = Desk(scoped(form, stage))
        heading = next_action(desk.case, desk.workflow, desk.situation())

        assert heading is not None and heading.source == stage
        assert heading.is_forward or heading.outcome == "completed"

    def test_tasks_are_known_to_the_definition(self, form: str, stage: str) -> None:
        desk = Desk(scoped(form, stage))
        known = {*desk.workflow.guards, *desk.workflow.documents, *desk.workflow.actions, "R-REG"}

        assert {task.id for task in tasks(desk.case, desk.workflow, desk.situation())} <= known

    def test_has_a_target_day_where_the_stage_has_one(self, form: str, stage: str) -> None:
        desk = Desk(scoped(form, stage))
        rules = {line.rule for line in deadlines_of(desk.case, desk.workflow, desk.situation())}

        assert ("stage_target" in rules) == (desk.workflow.stage(stage).target_days is not None)


class TestTasks:
    def test_shrink_as_papers_are_made(self) -> None:
        desk = Desk(a_case())
        before = {task.id for task in tasks(desk.case, desk.workflow, desk.situation())}
        desk.paper("S-INQ-01")
        after = {task.id for task in tasks(desk.case, desk.workflow, desk.situation())}

        assert before - after == {"S-INQ-01"}

    def test_name_the_state_of_a_paper(self) -> None:
        desk = Desk(a_case())
        desk.drafts("S-INQ-01")
        states = {task.id: task.state for task in tasks(desk.case, desk.workflow, desk.situation())}

        assert states["S-INQ-01"] == "draft"
        assert states["S-INQ-02"] == "missing"

    def test_put_an_open_conflict_first(self) -> None:
        conflict = ConflictDeclaration(id="K-1", about="pm", reason="x", declared_by="pm", at=NOON)
        desk = Desk(replace(scoped(), conflicts=(conflict,)))

        first = tasks(desk.case, desk.workflow, desk.situation())[0]
        assert (first.kind, first.id) == ("conflict", "K-1")

    @pytest.mark.parametrize("form", FORMS)
    def test_after_a_withdrawal_are_those_of_closing(self, form: str) -> None:
        desk = Desk(scoped(form))
        withdraw = next(action for action in desk.workflow.actions_from("scoping") if action.name == "withdraw")
        desk.takes("sme_contact", withdraw.id)
        left = {task.id for task in tasks(desk.case, desk.workflow, desk.situation())}

        assert left >= ({"G-CLO-09"} if form == "company" else {"G-CLO-08"})
        owner = "records_owner" if form == "company" else "registrar"
        (deadline,) = deadlines_of(desk.case, desk.workflow, desk.situation())
        assert (deadline.due_on, deadline.owner_role) == ("2025-12-08", owner)


class TestUnsigned:
    def test_waits_for_those_whose_turn_it_is(self) -> None:
        desk = Desk(scoped(stage="legal_review"))
        key = desk.freezes("S-LEG-04")
        assert unsigned_by(desk.case, desk.workflow, "sme_signatory") == (key,)
        assert unsigned_by(desk.case, desk.workflow, "decision_maker") == ()

        desk.signs(key, "sme_signatory")
        assert unsigned_by(desk.case, desk.workflow, "sme_signatory") == ()
        assert unsigned_by(desk.case, desk.workflow, "decision_maker") == (key,)
