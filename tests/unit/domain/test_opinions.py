"""Legal opinions: whose count, on which text, with which conditions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.domain.case import Case, JointContext
from engine.domain.commands import (
    CheckConfidentiality,
    CloseCondition,
    ConfirmScope,
    GiveOpinion,
    OpinionKind,
    RecordFacts,
)
from engine.domain.reasons import InvalidInput, NotFound
from engine.domain.reviews import required_organisations
from engine.domain.values import Facts
from tests.builders import NOON, Desk, actor, infrastructure, scoped, with_facts

JOINT = JointContext(
    id="J-1", organisations=("ki", "k"), lead="ki", doc_hash=None, stage="parallel_reviews", sme_consents=True,
    university_participates=True,
)  # fmt: skip


def opinion(
    desk: Desk, kind: OpinionKind = "approve", *, version: int = 0, text_hash: str = "",
    conditions: tuple[str, ...] = (), checks: dict[str, bool] | None = None,
    text: str = "Inga invändningar mot texten.",
) -> GiveOpinion:  # fmt: skip
    """An opinion on the text as it stands, unless told otherwise."""
    return GiveOpinion(
        opinion=kind, text=text, checks=checks or {}, scope_version=version or desk.case.scope_version,
        doc_hash=text_hash or str(desk.fact("legal.doc_hash")), conditions=conditions,
    )  # fmt: skip


def in_review() -> Desk:
    """A case at legal review."""
    return Desk(scoped(stage="legal_review"))


def joint(case: Case) -> Case:
    """The case as the child of a joint one."""
    return replace(case, joint_parent_id="J-1", surroundings=replace(case.surroundings, joint=JOINT))


class TestGiving:
    def test_counts_on_the_text_that_was_read(self) -> None:
        desk = in_review()
        desk.does("legal", opinion(desk))

        assert desk.fact("legal.approvals") == (
            {"org": "ki", "scope_version": 1, "doc_hash": desk.fact("legal.doc_hash")},
        )
        assert desk.fact("legal.reviewers") == ("legal",)
        assert desk.fact("legal.approved_at") == NOON.date()

    def test_on_an_old_version_is_refused(self) -> None:
        desk = in_review()

        assert desk.refuses("legal", opinion(desk, version=7)) == ("R-TEXT",)

    def test_on_an_old_text_is_refused(self) -> None:
        desk = in_review()
        old = opinion(desk)
        desk.case = with_facts(desk.case, {"scope.purpose": "Ändrat medan juristen läste"})

        assert desk.refuses("legal", old) == ("R-TEXT",)

    def test_belongs_to_legal_review(self) -> None:
        desk = Desk(scoped(stage="scoping"))

        assert desk.refuses("legal", opinion(desk)) == ("STAGE",)

    @pytest.mark.parametrize("role", ["pm", "lead_legal", "decision_maker", "sme_contact"])
    def test_is_for_the_lawyers(self, role: str) -> None:
        desk = in_review()

        assert desk.refuses(role, opinion(desk)) == ("ROLE",)

    def test_of_an_organisation_that_takes_no_part_is_refused(self) -> None:
        desk = in_review()

        assert desk.refuses(actor("legal", organisation="k"), opinion(desk)) == ("R-ORG",)

    def test_needs_reasons(self) -> None:
        desk = in_review()
        with pytest.raises(InvalidInput) as invalid:
            desk.does("legal", opinion(desk, text="Ok."))

        assert set(invalid.value.faults) == {"text"}

    def test_answers_check_points_alone(self) -> None:
        desk = in_review()
        with pytest.raises(InvalidInput) as invalid:
            desk.does("legal", opinion(desk, checks={"legal.conditions_open": True}))

        assert set(invalid.value.faults) == {"legal.conditions_open"}

    def test_replaces_the_earlier_one_of_the_same_organisation(self) -> None:
        desk = in_review()
        desk.does("legal", opinion(desk, "return"))
        desk.does("legal", opinion(desk))

        assert [one.is_superseded for one in desk.case.opinions] == [True, False]


class TestApproval:
    @pytest.mark.parametrize("kind", ["return", "reject"])
    def test_is_not_what_returns_or_rejects(self, kind: OpinionKind) -> None:
        desk = in_review()
        desk.does("legal", opinion(desk, kind))

        assert desk.fact("legal.approvals") == ()

    def test_falls_when_the_text_changes(self) -> None:
        desk = in_review()
        desk.does("legal", opinion(desk))
        desk.does("pm", RecordFacts(values={"scope.purpose": "Annat"}, accept_return=True))
        desk.case = replace(desk.case, stage="legal_review")

        assert "G-LEG-01" in desk.refuses_action("legal", "S-T09")

    def test_check_point_holds_when_everybody_says_so(self) -> None:
        desk = Desk(joint(scoped(stage="legal_review")))
        assert desk.fact("legal.ip_ok") is None
        desk.does("legal", opinion(desk, checks={"legal.ip_ok": True}))
        assert desk.fact("legal.ip_ok") is True

        desk.does(actor("legal", person="legal_k", organisation="k"), opinion(desk, checks={"legal.ip_ok": False}))
        assert desk.fact("legal.ip_ok") is False


class TestConditions:
    def with_two(self) -> Desk:
        desk = in_review()
        desk.does("legal", opinion(desk, "approve_with_conditions", conditions=("Bifoga intyget.", "Rätta datumet.")))
        return desk

    def test_are_open_until_each_is_met(self) -> None:
        desk = self.with_two()
        assert desk.fact("legal.conditions_open") == 2

        desk.does("legal", CloseCondition(condition_id="V-1.1", evidence="Intyget är bifogat."))
        assert desk.fact("legal.conditions_open") == 1
        desk.does("legal", CloseCondition(condition_id="V-1.2", evidence="Datumet är rättat."))
        assert desk.fact("legal.conditions_open") == 0

    def test_stop_the_way_on(self) -> None:
        assert "G-LEG-17" in self.with_two().refuses_action("legal", "S-T09")

    def test_are_closed_by_the_organisation_that_made_them(self) -> None:
        other = actor("legal", organisation="k")
        closing = CloseCondition(condition_id="V-1.1", evidence="Klart.")

        assert self.with_two().refuses(other, closing) == ("R-ORG",)

    def test_are_not_closed_without_a_word(self) -> None:
        with pytest.raises(InvalidInput):
            self.with_two().does("legal", CloseCondition(condition_id="V-1.1", evidence=" "))

    def test_that_are_not_there_are_not_found(self) -> None:
        with pytest.raises(NotFound):
            self.with_two().does("legal", CloseCondition(condition_id="V-9.9", evidence="Klart."))

    @pytest.mark.parametrize(
        ("kind", "conditions"), [("approve_with_conditions", ()), ("approve", ("Ett villkor.",)), ("return", ("Ett.",))]
    )
    def test_go_with_a_conditional_approval_alone(self, kind: OpinionKind, conditions: tuple[str, ...]) -> None:
        desk = in_review()
        with pytest.raises(InvalidInput) as invalid:
            desk.does("legal", opinion(desk, kind, conditions=conditions))

        assert set(invalid.value.faults) == {"conditions"}


class TestRequiredOrganisations:
    def test_always_have_the_host_first(self) -> None:
        assert required_organisations(joint(scoped()), {}) == ("ki", "k")

    def test_grow_when_legal_adds_one(self) -> None:
        case = with_facts(scoped(), {"legal.required_orgs": ("sll", "k")})

        assert required_organisations(case, {}) == ("ki", "k", "sll")

    def test_never_lose_the_host(self) -> None:
        case = with_facts(scoped(), {"legal.required_orgs": ("k",)})

        assert required_organisations(case, {})[0] == "ki"

    @pytest.mark.parametrize(("reviews", "expected"), [(True, ("ah", "ki")), (False, ("ah",))])
    def test_have_a_co_operator_that_reviews(self, reviews: bool, expected: tuple[str, ...]) -> None:
        facts: Facts = {"infra.co_operator_reviews": reviews}
        place = infrastructure("company", co_operator="ki", facts=facts)
        case = scoped("company")
        case = replace(case, surroundings=replace(case.surroundings, infrastructure=place))

        assert required_organisations(case, {}) == expected

    def test_all_have_to_approve(self) -> None:
        desk = Desk(joint(scoped(stage="legal_review")))
        desk.does("legal", opinion(desk))
        assert "G-LEG-01" in desk.refuses_action("legal", "S-T09")

        desk.does(actor("legal", person="legal_k", organisation="k"), opinion(desk))
        assert "G-LEG-01" not in desk.refuses_action("legal", "S-T09")

    def test_of_a_joint_case_saw_the_same_text(self) -> None:
        desk = Desk(joint(scoped(stage="legal_review")))
        assert "G-LEG-20" in desk.refuses_action("legal", "S-T09")

        same = replace(JOINT, doc_hash=str(desk.fact("legal.doc_hash")))
        desk.case = replace(desk.case, surroundings=replace(desk.case.surroundings, joint=same))
        assert "G-LEG-20" not in desk.refuses_action("legal", "S-T09")

    def test_start_of_a_child_is_for_the_joint_case(self) -> None:
        desk = Desk(joint(scoped(stage="confidentiality")))

        assert "R-JNT-1" in desk.refuses_action("decision_maker", "S-T17")


class TestConfirmation:
    def test_is_of_the_version_that_was_seen(self) -> None:
        assert Desk(scoped()).refuses("pm", ConfirmScope(scope_version=2)) == ("R-TEXT",)

    def test_is_of_each_side(self) -> None:
        desk = Desk(scoped())
        desk.does("sme_contact", ConfirmScope(scope_version=1))

        assert (desk.fact("sme.confirmed_scope_version"), desk.fact("scope.confirmed_by_pm_version")) == (1, None)

    def test_of_the_confidentiality_agreement_needs_one(self) -> None:
        assert Desk(scoped()).refuses("legal", CheckConfidentiality(scope_version=1)) == ("R-TEXT",)
