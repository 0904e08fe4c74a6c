"""Who may do what, where: every role, stage and action of the definitions, refused ones too."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.commands import TakeAction
from engine.domain.decisions import decide
from engine.domain.derivations import situation
from engine.domain.events import ActionTaken
from engine.domain.machine import fire
from engine.domain.reasons import EngineError, InvalidInput, Refused
from engine.domain.roles import NO_CONTENT_ROLES, READ_ONLY_ROLES, SYSTEM
from engine.domain.values import Value
from engine.domain.verdicts import explain, verdict
from engine.domain.workflow import CLOSED, Action
from tests.builders import DAY, FORMS, NOON, Desk, a_case, actor, scoped, started, with_facts, workflow

MOVES = [(form, action) for form in FORMS for action in workflow(form).actions.values() if action.source is not None]
each_move = pytest.mark.parametrize(("form", "action"), MOVES, ids=[action.id for _, action in MOVES])
ACTIONS = [(form, action) for form in FORMS for action in workflow(form).actions.values()]
EVERYBODY = {
    form: [role.key for role in workflow(form).roles.values() if form in role.forms] + [SYSTEM] for form in FORMS
}
FOR_ANYBODY = {"add_note": "note", "declare_conflict": "reason", "resolve_conflict": "result", "share": "organisation"}


def asks(action: Action) -> TakeAction:
    """The command for an action, with whatever it cannot be asked without."""
    needed = FOR_ANYBODY.get(action.name)
    values: dict[str, Value] = {needed: "Något"} if needed else {}
    return TakeAction(action=action.id, comment="Skäl", values=values)


def reasons_of(form: str, stage: str, role: str, action: Action) -> set[str]:
    """The ids of everything that stands in the way; empty when the action is taken."""
    who = actor(role, form=form)
    try:
        decide(scoped(form, stage), workflow(form), asks(action), who, NOON)
    except Refused as refused:
        return {reason.id for reason in refused.verdict.reasons}
    except InvalidInput:
        return set()
    return set()


@pytest.mark.parametrize(("form", "action"), ACTIONS, ids=[f"{form}-{action.id}" for form, action in ACTIONS])
class TestRolesAndStages:
    """One table: every role of the form at every stage asks for every action."""

    def test_only_its_actors_are_not_told_that_it_is_for_others(self, form: str, action: Action) -> None:
        case = scoped(form, action.source or "scoping")
        asked = situation(case, workflow(form), NOON)
        for role in EVERYBODY[form]:
            answer = verdict(case, workflow(form), action, actor(role, form=form), asked)
            told = {reason.id for reason in answer.other} & {"ROLE"}
            assert bool(told) == (role not in action.actors), role
            if role not in action.actors:
                assert not answer.allowed

    def test_readers_are_refused_before_anything_else(self, form: str, action: Action) -> None:
        for role in READ_ONLY_ROLES | NO_CONTENT_ROLES:
            assert reasons_of(form, action.source or "scoping", role, action) in ({"SOD-10"}, {"SOD-12"})

    def test_belongs_to_its_stage(self, form: str, action: Action) -> None:
        for stage in workflow(form).stages:
            if stage.name == CLOSED:
                continue
            reasons = reasons_of(form, stage.name, action.actors[0], action)
            assert ("STAGE" in reasons) == (action.source not in {None, stage.name}), stage.name

    def test_is_refused_in_a_closed_case(self, form: str, action: Action) -> None:
        closed = replace(scoped(form, CLOSED), closed_at=NOON)
        asked = situation(closed, workflow(form), NOON)
        answer = verdict(closed, workflow(form), action, actor(action.actors[0], form=form), asked)

        assert not answer.allowed
        assert answer.other[0].id == "CLOSED"

    def test_says_who_could_in_both_languages(self, form: str, action: Action) -> None:
        case = scoped(form, action.source or "scoping")
        asked = situation(case, workflow(form), NOON)
        answer = verdict(case, workflow(form), action, actor("nobody", form=form), asked)

        for reason in answer.reasons:
            assert reason.question.sv and reason.question.en
        right = next(reason for reason in answer.other if reason.id == "ROLE")
        assert right.who == action.actors


@each_move
class TestMachineAndVerdict:
    """The machine is asked with the verdict's own answers: neither lets pass what the other stops."""

    def test_agree_on_the_guards(self, form: str, action: Action) -> None:
        for case in (a_case(form, str(action.source)), scoped(form, str(action.source)), started(scoped(form))):
            case = replace(case, stage=str(action.source))
            asked = situation(case, workflow(form), NOON)
            answer = verdict(case, workflow(form), action, actor(action.actors[0], form=form), asked)
            hard = {reason.id for reason in answer.failing if reason.severity == "hard"}
            passed = {guard.id for guard in action.guards} - hard

            target = fire(workflow(form), action, str(action.source), passed.__contains__)
            assert (target is None) == bool(hard)
            if answer.allowed:
                assert target == action.target

    def test_command_is_the_verdict(self, form: str, action: Action) -> None:
        case = scoped(form, str(action.source))
        who, asked = actor(action.actors[0], form=form), situation(case, workflow(form), NOON)
        answer = verdict(case, workflow(form), action, who, asked)
        try:
            events = decide(case, workflow(form), asks(action), who, NOON)
        except Refused as refused:
            assert not answer.allowed
            assert refused.verdict == answer
        else:
            assert answer.allowed
            assert isinstance(events[0], ActionTaken)
            assert (events[0].source, events[0].target) == (action.source, action.target)

    def test_explain_gives_the_same_guards_on_the_same_facts(self, form: str, action: Action) -> None:
        case = scoped(form, str(action.source))
        asked = situation(case, workflow(form), NOON)
        answer = verdict(case, workflow(form), action, actor(action.actors[0], form=form), asked)
        explained = explain(workflow(form), action.id, asked.facts, asked.today, asked.finals)

        assert explained.failing == answer.failing
        assert explained.met == answer.met

    def test_decide_is_pure(self, form: str, action: Action) -> None:
        case = scoped(form, str(action.source))
        who, before = actor(action.actors[0], form=form), deepcopy(case)

        assert answer_of(case, form, action, who) == answer_of(case, form, action, who)
        assert case == before

    def test_every_reason_comes_at_once(self, form: str, action: Action) -> None:
        """On no facts at all, every guard with a fact to ask about is among the reasons or met."""
        case = replace(a_case(form, str(action.source)), facts={})
        asked = situation(case, workflow(form), NOON)
        answer = verdict(case, workflow(form), action, actor(action.actors[0], form=form), asked)

        assert {reason.id for reason in answer.failing} | set(answer.met) == {guard.id for guard in action.guards}
        assert [reason.id for reason in answer.failing] == sorted(reason.id for reason in answer.failing)


def answer_of(case: object, form: str, action: Action, who: object) -> object:
    """What a command is answered, as something that can be compared."""
    try:
        return decide(case, workflow(form), asks(action), who, NOON)  # type: ignore[arg-type] # a case and an actor
    except Refused as refused:
        return refused.verdict
    except EngineError as error:
        return type(error)


@each_move
class TestWithdrawal:
    def test_is_never_stopped_before_the_first_start(self, form: str, action: Action) -> None:
        if action.name != "withdraw":
            assert action.outcome != "withdrawn"
            return
        desk = Desk(replace(scoped(form, str(action.source)), is_escalated=True), now=NOON + timedelta(days=200))
        desk.takes("sme_contact", action.id)
        assert desk.case.outcome == "withdrawn"

    def test_is_stopped_afterwards(self, form: str, action: Action) -> None:
        if action.name != "withdraw" or action.source == "inquiry":
            return
        desk = Desk(replace(started(scoped(form)), stage=str(action.source)))
        assert desk.refuses_action("sme_contact", action.id) == ("G-CLO-12",)


@pytest.mark.parametrize("form", FORMS)
class TestExplain:
    def test_unknown_action_is_an_error_of_the_caller(self, form: str) -> None:
        with pytest.raises(KeyError):
            explain(workflow(form), "X-T99", {}, DAY)

    def test_tells_unknown_from_no(self, form: str) -> None:
        action = workflow(form).actions_from("inquiry")[0]
        unknown = explain(workflow(form), action.id, {}, DAY)
        known = explain(workflow(form), action.id, {"case.conflicts_open": 1}, DAY)

        answers = [reason.answer for found in (unknown, known) for reason in found.failing if reason.id == "G-INQ-09"]
        assert answers == ["unknown", "no"]

    def test_soft_guard_alone_does_not_stop(self, form: str) -> None:
        for action in workflow(form).actions.values():
            answer = explain(workflow(form), action.id, {}, DAY)
            hard = [reason for reason in answer.failing if reason.severity == "hard"]
            assert answer.allowed == (not hard)

    def test_without_documents_none_is_missed(self, form: str) -> None:
        for action in workflow(form).actions.values():
            assert explain(workflow(form), action.id, {}, DAY).other == ()


class TestSoftGuard:
    def test_is_passed_with_a_comment_that_is_kept(self) -> None:
        case = with_facts(scoped("company", "confidentiality"), {"sme.signatory_verified": True})
        desk = Desk(case)
        key = desk.freezes(
            "C-CON-01", inputs={"conf.covered_classes": ("INFO-B",), "conf.covered_orgs": ("ah",), "conf.term_years": 5}
        )
        desk.signs(key, "sme_signatory", "decision_maker")
        asked = desk.situation()
        answer = verdict(desk.case, desk.workflow, desk.workflow.actions["C-T05"], actor("decision_maker"), asked)

        assert "G-CON-09" in answer.met


@given(form=st.sampled_from(FORMS), role=st.text(max_size=20), action=st.text(max_size=8), comment=st.text(max_size=20))
def test_whatever_is_asked_is_answered_with_a_sentence(form: str, role: str, action: str, comment: str) -> None:
    command = TakeAction(action=action, comment=comment)
    with pytest.raises(EngineError) as error:
        decide(scoped(form), workflow(form), command, actor(role or "x", form=form), NOON)

    assert error.value.message.sv and error.value.message.en
