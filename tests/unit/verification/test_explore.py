"""The published definitions hold every invariant; a fault put in on purpose gives the right story."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.domain.expressions import Names, Shape, parse
from engine.domain.values import Text
from engine.domain.workflow import Action, Workflow
from engine.verification.explore import explore
from engine.verification.invariants import Holds, Invariant, Moment, WayTo
from engine.verification.report import Report
from engine.verification.story import Story, tell
from tests.unit.verification.seeded import definitions, invariants, with_action, without_effect, without_guards

FORMS = ("state", "regional", "company")


def prove(workflow: Workflow, *names: str) -> Report:
    return explore(workflow, invariants(), only=frozenset(names) if names else None)


def stories(workflow: Workflow, name: str) -> list[Story]:
    return [tell(workflow, violation) for violation in prove(workflow, name).violations]


class TestPublishedDefinitions:
    @pytest.mark.parametrize("form", FORMS)
    def test_hold_every_invariant(self, form: str) -> None:
        report = prove(definitions()[form])

        assert [tell(report.workflow, one).in_language("en") for one in report.violations] == []
        assert report.bounds == ()
        assert {"INV-01", "INV-02", "INV-03", "INV-10", "INV-27", "INV-28", "INV-29", "INV-30", "INV-31"} <= set(
            report.proved
        )

    @pytest.mark.parametrize("form", FORMS)
    def test_are_explored_to_the_end(self, form: str) -> None:
        report = prove(definitions()[form])

        assert report.situations > 1_000
        assert report.transitions > report.situations
        assert all(one.situations > 1 and one.depth > 1 for one in report.slices)

    def test_leave_open_what_is_not_modelled_and_say_so(self) -> None:
        assert "proc.route" not in prove(definitions()["state"], "INV-01").left_open
        assert "agr.sign_method" in prove(definitions()["state"], "INV-27").left_open

    def test_have_forty_invariants_that_are_tested_somewhere(self) -> None:
        assert [one.id for one in invariants()] == [f"INV-{number:02}" for number in range(1, 41)]
        assert all(one.proofs or one.enforced_by for one in invariants())
        assert all(one.proofs for one in invariants() if "M" in one.tests and one.forms != ("joint",))


class TestWithoutLegalApproval:
    def test_at_the_start_an_organisation_added_late_is_told(self) -> None:
        workflow = without_guards(definitions()["state"], "S-T17", "G-LEG-01")

        (story,) = stories(workflow, "INV-01")

        assert story.path == ("S-T01", "S-T05", "host_approves", "S-T10", "organisation_added", "S-T17")
        assert story.ending.en == "Execution starts without a valid approval from every legal department."
        assert "The host's lawyer approves scope version 1." in story.in_language("en")
        assert "Juristen lägger till en organisation som också ska granska." in story.in_language("sv")

    def test_anywhere_is_told_for_the_start_and_for_the_way_back(self) -> None:
        workflow = definitions()["state"]
        for action in ("S-T17", "S-T09", "S-T10"):
            workflow = without_guards(workflow, action, "G-LEG-01")

        start, way_back = stories(workflow, "INV-01")

        assert start.path == ("S-T01", "S-T05", "S-T10", "S-T17")
        assert start.stages == ("inquiry", "scoping", "legal_review", "confidentiality", "execution")
        assert way_back.path[-1] == "S-T25"
        assert "Genomförandet börjar utan giltigt godkännande" in start.in_language("sv")

    def test_a_joint_reviewer_may_not_be_forgotten(self) -> None:
        workflow = definitions()["state"]
        guard = workflow.guards["G-LEG-01"]
        narrow = parse(
            "covers([a.org for a in legal.approvals if a.scope_version == scope.version], [case.host_org_id])",
            Names(
                fields={
                    "legal.approvals": Shape("list"),
                    "scope.version": Shape("number"),
                    "case.host_org_id": Shape("text"),
                },
                record_columns={"legal.approvals": {"org": Shape("text"), "scope_version": Shape("number")}},
            ),
        )
        for action in ("S-T17", "S-T09", "S-T10"):
            old = workflow.actions[action]
            guards = tuple(replace(one, expression=narrow) if one.id == guard.id else one for one in old.guards)
            workflow = with_action(workflow, replace(old, guards=guards))

        (story,) = stories(workflow, "INV-01")

        assert "organisation_added" in story.path
        assert "other_approves" not in story.path


class TestChangedScope:
    def test_that_keeps_the_approval_is_told(self) -> None:
        workflow = without_effect(definitions()["state"], "S-T22", "invalidate_legal")

        (story,) = stories(workflow, "INV-03")

        assert story.path[-1] == "S-T22"
        assert "host_approves" in story.path
        assert "The host's lawyer approves scope version 1." in story.in_language("en")
        assert "still counts" in story.ending.en
        assert story.condition == "not legal.approvals"

    def test_counts_versions_as_people_do(self) -> None:
        workflow = definitions()["state"]
        for action in ("S-T08", "S-T14"):
            workflow = without_effect(workflow, action, "invalidate_procurement")
        workflow = without_effect(workflow, "S-T22", "invalidate_procurement")

        assert {story.path[-1] for story in stories(workflow, "INV-03")} >= {"S-T22", "S-T08"}

    def test_that_forgets_the_agreed_version_is_told(self) -> None:
        workflow = without_effect(definitions()["company"], "C-T25", "restore_agreed_version")

        assert {story.path[-1] for story in stories(workflow, "INV-01")} == {"C-T25"}


class TestSkippedProcurement:
    def test_in_the_regional_form_is_told(self) -> None:
        workflow = definitions()["regional"]
        submit = workflow.actions["R-T05"]
        shortcut = replace(submit, id="R-T99", name="skip_procurement", target="legal_review")
        workflow = with_action(workflow, shortcut)

        (story,) = stories(workflow, "INV-04")

        assert story.path == ("R-T01", "R-T99")
        assert story.ending.sv.startswith("Ärendet kommer förbi upphandlings- och konkurrenskontrollen")

    def test_by_a_skip_record_is_told(self) -> None:
        workflow = definitions()["regional"]
        for action in ("R-T08", "R-T12", "R-T17"):
            workflow = without_guards(workflow, action, "G-PRO-12")

        assert {story.path[-1] for story in stories(workflow, "INV-04")} == {"R-T12", "R-T17"}

    def test_after_a_purchase_was_added_is_told(self) -> None:
        workflow = without_guards(definitions()["state"], "S-T10", "G-PRO-02")
        workflow = without_guards(workflow, "S-T17", "G-PRO-12")

        assert {story.path[-1] for story in stories(workflow, "INV-05")} == {"S-T10", "S-T17"}


class TestClosedCase:
    def test_that_is_opened_again_is_told(self) -> None:
        workflow = definitions()["state"]
        again = replace(workflow.actions["S-T22"], id="S-T98", name="reopen", source="closed", target="scoping")

        (story,) = stories(with_action(workflow, again), "INV-29")

        assert story.path[-1] == "S-T98"
        assert story.ending.sv == "Ett avslutat ärende öppnas igen."


class TestWithdrawal:
    def test_that_waits_for_the_host_is_told(self) -> None:
        workflow = definitions()["company"]
        action = workflow.actions["C-T16"]
        guarded = replace(action, guards=(*action.guards, workflow.guards["G-CLO-11"]))

        (story,) = stories(with_action(workflow, guarded), "INV-30")

        assert story.stages[-1] == "legal_review"

    def test_that_is_missing_at_a_stage_is_told(self) -> None:
        workflow = definitions()["regional"]
        actions = {key: action for key, action in workflow.actions.items() if key != "R-T11"}

        (story,) = stories(replace(workflow, actions=actions), "INV-30")

        assert story.stages[-1] == "procurement_check"


class TestWayOut:
    def test_is_missed_where_only_the_company_could_act(self) -> None:
        workflow = definitions()["state"]
        kept = {"S-T01", "S-T04", *(key for key, action in workflow.actions.items() if action.source != "inquiry")}
        actions = {key: action for key, action in workflow.actions.items() if key in kept}
        inquiry = replace(actions["S-T01"], actors=("sme_contact",))
        workflow = replace(workflow, actions={**actions, "S-T01": inquiry})

        (story,) = stories(workflow, "INV-31")

        assert story.path == ()
        assert story.in_language("en").startswith("The case has just been opened.")

    def test_of_a_change_that_cannot_be_ended_is_missed(self) -> None:
        workflow = definitions()["state"]
        actions = {key: action for key, action in workflow.actions.items() if key not in {"S-T24", "S-T26", "S-T23"}}

        assert stories(replace(workflow, actions=actions), "INV-31") != []


class TestBound:
    def test_that_is_hit_is_a_failure(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("engine.verification.space.MOST_SITUATIONS", 50)

        report = prove(definitions()["state"], "INV-31")

        assert not report.is_proved
        assert report.proved == ()
        assert set(report.bounds) == {"INV-31: more than 50 situations"}

    def test_of_choices_is_a_failure_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("engine.verification.atoms.MOST_CHOICES", 3)

        assert prove(definitions()["state"], "INV-23").bounds != ()


class TestCondition:
    """Facts that the model leaves open take any value, the same one in the guard and in the condition."""

    def _invariant(self, source: str) -> Invariant:
        names = Names(fields={"price.amount_sek": Shape("number"), "price.full_cost_sek": Shape("number")})
        text = Text(sv="–", en="–")
        proof = Holds(moment=Moment(actions=("submit_for_procurement",)), condition=parse(source, names))
        return Invariant(id="X", forms=("regional",), text=text, broken=text, basis=(), tests=("M",), proofs=(proof,))

    def test_holds_when_a_guard_asks_it(self) -> None:
        asked = self._invariant("price.amount_sek >= price.full_cost_sek")

        assert explore(definitions()["regional"], [asked]).is_proved

    def test_is_broken_when_no_guard_asks_it(self) -> None:
        asked = self._invariant("price.amount_sek > price.full_cost_sek")

        assert not explore(definitions()["regional"], [asked]).is_proved

    def test_is_broken_by_a_stage_nobody_leaves(self) -> None:
        workflow = definitions()["state"]
        trap: dict[str, Action] = {
            key: action for key, action in workflow.actions.items() if action.source != "procurement_check"
        }
        text = Text(sv="–", en="–")
        way = Invariant(
            id="X", forms=("state",), text=text, broken=text, basis=(), tests=("M",), proofs=(WayTo(stage="closed"),)
        )

        (violation,) = explore(replace(workflow, actions=trap), [way]).violations

        assert violation.path[-1].target == "procurement_check"
