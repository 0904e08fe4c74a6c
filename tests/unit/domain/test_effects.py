"""What a move does beside moving: each effect, what it touches and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.domain.case import Case, Document
from engine.domain.commands import GiveOpinion, RecordFacts, RecordRow
from engine.domain.events import LedgerReserved, LedgersReleased
from engine.domain.evolution import evolve
from engine.domain.roles import SYSTEM
from engine.domain.values import Facts, Value
from tests.builders import NOON, Desk, actor, definitions, entry, scoped, started, taken, with_facts

TEXT_PAPERS = ("S-LEG-04", "S-CON-01", "S-CON-04")
CONTRIBUTION: Facts = {"party": "host", "kind": "work", "what": "Tid"}
WIDER: Facts = {"conf.covered_classes": ("INFO-A", "INFO-B"), "conf.covered_orgs": ("ah",), "conf.term_years": 5}
EVERY_EFFECT = sorted(
    {
        effect
        for one in definitions().published
        if one.workflow.form != "joint"
        for action in one.workflow.actions.values()
        for effect in action.effects
    }
)


def after(case: Case, *effects: str, who: str = "decision_maker", name: str = "x", **values: Value) -> Case:
    """The case after an overlay with these effects."""
    event = taken(name, *effects, source=case.stage, target=case.stage, **values)
    return evolve(case, entry(event, actor(who, form=case.form), at=NOON, sequence=case.sequence + 1))


def with_papers(form: str = "state") -> Desk:
    """A desk with an approved, wholly signed text, a confidentiality agreement and a procurement result."""
    letter = form[0].upper()
    desk = Desk(scoped(form, "legal_review"))
    agreement = {"state": "S-LEG-04", "regional": "R-LEG-05", "company": "C-LEG-03"}[form]
    secrets: Facts = {"conf.covered_classes": ("INFO-B",), "conf.covered_orgs": ("ki",), "conf.term_years": 5}
    desk.paper(f"{letter}-CON-01", inputs=secrets)
    desk.paper(agreement)
    result: Facts = {"document.result": "cleared", **({"competition.verdict": "ok"} if form == "regional" else {})}
    desk.paper(f"{letter}-PRO-01", inputs=result)
    text_hash = desk.fact("legal.doc_hash")
    assert isinstance(text_hash, str)
    desk.does(
        "legal",
        GiveOpinion(opinion="approve", text="Utan invändning.", checks={}, scope_version=1, doc_hash=text_hash),
    )
    return desk


def paper(case: Case, document: str) -> Document:
    """The only document of a type."""
    (found,) = [one for one in case.documents.values() if one.document == document]
    return found


class TestInvalidate:
    def test_legal_takes_every_opinion_and_leaves_papers(self) -> None:
        desk = with_papers()
        changed = after(desk.case, "invalidate_legal")

        assert [opinion.is_superseded for opinion in changed.opinions] == [True]
        assert changed.documents == desk.case.documents

    def test_procurement_takes_result_and_skip_record_alone(self) -> None:
        desk = with_papers()
        changed = after(desk.case, "invalidate_procurement")

        assert [key for key, one in changed.documents.items() if one.is_superseded] == ["S-PRO-01.1"]
        assert changed.opinions == desk.case.opinions


class TestVoidSignatures:
    def test_voids_the_text_and_keeps_it_readable(self) -> None:
        changed = after(with_papers().case, "void_signatures")

        marks = paper(changed, "S-LEG-04").signatures
        assert marks and all(mark.is_void for mark in marks)
        assert not paper(changed, "S-LEG-04").is_superseded

    def test_voids_the_confidentiality_agreement_of_an_authority(self) -> None:
        changed = after(with_papers().case, "void_signatures")

        assert all(mark.is_void for mark in paper(changed, "S-CON-01").signatures)

    def test_leaves_the_confidentiality_agreement_of_the_company_form(self) -> None:
        """There it is signed first and stands for itself."""
        changed = after(with_papers("company").case, "void_signatures")

        assert not any(mark.is_void for mark in paper(changed, "C-CON-01").signatures)
        assert all(mark.is_void for mark in paper(changed, "C-LEG-03").signatures)

    def test_leaves_the_procurement_result(self) -> None:
        changed = after(with_papers().case, "void_signatures")

        assert not any(mark.is_void for mark in paper(changed, "S-PRO-01").signatures)

    def test_facts_follow(self) -> None:
        desk = with_papers()
        assert desk.fact("agr.all_parties_signed") is True
        desk.case = after(desk.case, "void_signatures")

        assert desk.fact("agr.all_parties_signed") is None
        assert desk.fact("conf.signed_by_sme") is False


class TestStart:
    def test_keeps_the_first_moment_and_what_was_agreed(self) -> None:
        case = started(scoped(stage="confidentiality"))

        assert case.first_started_at == NOON
        assert case.agreed is not None
        assert case.agreed.scope_version == 1
        assert case.agreed.facts["price.amount_sek"].value == Decimal(100_000)

    def test_second_start_keeps_the_first_moment(self) -> None:
        case = replace(started(scoped(stage="confidentiality")), stage="confidentiality", changed_work_stopped=True)
        later = entry(taken("s", "set_first_start", source="confidentiality", target="execution"), actor("pm"))
        again = evolve(case, replace(later, at=NOON + timedelta(days=90), sequence=case.sequence + 1))

        assert again.first_started_at == NOON
        assert not again.changed_work_stopped

    def test_stopping_changed_work_is_noted(self) -> None:
        assert after(started(scoped()), "stop_changed_work").changed_work_stopped


class TestRestore:
    """After ``abandon_change`` the case is as it was agreed, and what came after stays readable."""

    def changed(self) -> Case:
        desk = with_papers()
        desk.case = started(replace(desk.case, stage="confidentiality"))
        event = taken(
            "change_scope", "invalidate_legal", "invalidate_procurement", "stop_changed_work", "void_signatures",
            source="execution", target="scoping",
        )  # fmt: skip
        desk.case = evolve(desk.case, entry(event, actor("pm"), sequence=desk.case.sequence + 1))
        desk.does("pm", RecordFacts(values={"scope.purpose": "Mer än avtalat", "price.amount_sek": "150000"}))
        desk.does("pm", RecordFacts(values={"scope.publication_review_days": "20"}))
        desk.does("pm", RecordRow(table="contributions", row_id="1", values=CONTRIBUTION))
        desk.does("pm", RecordRow(table="time_log", row_id="1", values={"on": NOON.date(), "hours": 3}))
        desk.freezes("S-SCO-01")
        return desk.case

    def test_change_made_a_new_version(self) -> None:
        assert self.changed().scope_version == 2

    def test_brings_back_version_facts_signatures_and_opinions(self) -> None:
        case = after(self.changed(), "restore_agreed_version")

        assert case.scope_version == 1
        assert case.facts["scope.purpose"].value == "Mätning"
        assert case.facts["price.amount_sek"].value == Decimal(100_000)
        assert "scope.publication_review_days" not in case.facts
        assert not any(mark.is_void for mark in paper(case, "S-LEG-04").signatures)
        assert [opinion.is_superseded for opinion in case.opinions] == [False]
        assert not paper(case, "S-PRO-01").is_superseded
        assert not case.changed_work_stopped

    def test_brings_back_the_agreed_rows_and_keeps_the_rows_of_the_work(self) -> None:
        case = after(self.changed(), "restore_agreed_version")

        assert not case.rows["contributions"]
        assert "1" in case.rows["time_log"]

    def test_brings_back_the_agreed_text_exactly(self) -> None:
        before = Desk(replace(with_papers().case, stage="confidentiality"))
        restored = Desk(after(self.changed(), "restore_agreed_version"))

        assert restored.fact("legal.doc_hash") == before.fact("legal.doc_hash")
        assert restored.fact("agr.all_parties_signed") is True

    def test_keeps_a_minor_change_that_was_agreed_before(self) -> None:
        case = started(scoped(stage="confidentiality"))
        case = after(case, "raise_revision", name="minor_change", scope__end_date=date(2026, 8, 1))
        desk = Desk(replace(case, stage="scoping"))
        desk.does("pm", RecordFacts(values={"scope.end_date": "2027-12-31"}))
        restored = after(desk.case, "restore_agreed_version")

        assert restored.facts["scope.end_date"].value == date(2026, 8, 1)
        assert (restored.scope_version, restored.scope_revision) == (case.scope_version, case.scope_revision)

    def test_supersedes_the_papers_of_the_change(self) -> None:
        case = after(self.changed(), "restore_agreed_version")

        assert paper(case, "S-SCO-01").is_superseded

    def test_next_change_takes_a_new_number(self) -> None:
        case = after(self.changed(), "restore_agreed_version")
        desk = Desk(replace(case, stage="scoping"))
        desk.does("pm", RecordFacts(values={"scope.purpose": "Ännu en gång"}))

        assert desk.case.scope_version == 3

    def test_leaves_what_is_no_part_of_the_agreement(self) -> None:
        case = with_facts(self.changed(), {"sme.counterparty_risk": "medium"})

        assert after(case, "restore_agreed_version").facts["sme.counterparty_risk"].value == "medium"

    def test_without_a_start_nothing_is_restored(self) -> None:
        case = scoped()

        assert after(case, "restore_agreed_version").facts == case.facts


class TestConfidentialityAmendment:
    def desk(self) -> Desk:
        desk = Desk(replace(with_papers("company").case, stage="scoping"))
        desk.freezes("C-CON-02", inputs=WIDER)
        desk.takes("pm", "C-T09")
        return desk

    def test_waits_for_new_signatures(self) -> None:
        desk = self.desk()

        assert (desk.case.stage, desk.case.nda_amendment_pending) == ("confidentiality", True)
        assert (desk.fact("conf.signed_by_sme"), desk.fact("conf.signed_by_host")) == (False, False)

    def test_is_in_force_once_both_have_signed(self) -> None:
        desk = self.desk()
        desk.signs("C-CON-02.1", "sme_signatory", "decision_maker")

        assert not desk.case.nda_amendment_pending
        assert desk.fact("conf.covered_classes") == ("INFO-A", "INFO-B")
        assert (desk.fact("conf.signed_by_sme"), desk.fact("conf.signed_by_host")) == (True, True)

    def test_given_up_leaves_the_earlier_agreement_in_force(self) -> None:
        desk = self.desk()
        desk.takes("pm", "C-T27")

        assert (desk.case.stage, desk.case.nda_amendment_pending) == ("scoping", False)
        assert paper(desk.case, "C-CON-02").is_superseded
        assert desk.fact("conf.covered_classes") == ("INFO-B",)
        assert (desk.fact("conf.signed_by_sme"), desk.fact("conf.signed_by_host")) == (True, True)

    def test_half_signed_is_given_up_whole(self) -> None:
        desk = self.desk()
        desk.signs("C-CON-02.1", "sme_signatory")
        desk.takes("pm", "C-T27")

        assert desk.fact("conf.covered_classes") == ("INFO-B",)

    def test_cannot_be_given_up_where_there_is_nothing_to_fall_back_on(self) -> None:
        desk = Desk(replace(scoped("company", "confidentiality"), nda_amendment_pending=True))

        assert "G-CON-12" in desk.refuses_action("pm", "C-T27")


class TestHold:
    def test_keeps_reason_owner_and_review_day(self) -> None:
        desk = Desk(scoped())
        desk.takes(
            "pm", "O-01", case__suspended_reason="Väntar på etikprövning", case__suspended_owner="pm",
            case__suspended_review_date=date(2026, 1, 15),
        )  # fmt: skip

        assert desk.case.hold is not None
        assert (desk.case.hold.owner, desk.case.hold.review_on) == ("pm", date(2026, 1, 15))
        assert desk.fact("case.suspended") is True

    @pytest.mark.parametrize("day", [date(2025, 11, 23), date(2026, 2, 23)])
    def test_is_reviewed_within_ninety_days(self, day: date) -> None:
        desk = Desk(scoped())
        values: dict[str, Value] = {"case__suspended_reason": "Väntar", "case__suspended_owner": "pm"}
        values["case__suspended_review_date"] = day

        assert desk.refuses_action("pm", "O-01", **values) == ("G-OVR-01",)

    def test_ends_with_resume_alone(self) -> None:
        desk = Desk(scoped())
        desk.case = after(desk.case, "set_suspended")
        desk.takes("pm", "O-02")

        assert desk.case.hold is None

    def test_of_the_product_itself_needs_its_cause_gone(self) -> None:
        desk = Desk(with_facts(scoped(), {"scope.animals": True}))
        desk.takes(actor(SYSTEM), "O-09")

        assert desk.case.hold is not None and desk.case.hold.by_system
        assert desk.refuses_action("pm", "O-02") == ("R-OVERLAY",)

    def test_cannot_be_resumed_when_there_is_none(self) -> None:
        assert Desk(scoped()).refuses_action("pm", "O-02") == ("R-OVERLAY",)


class TestEscalation:
    def test_is_set_and_cleared(self) -> None:
        desk = Desk(scoped())
        desk.takes("pm", "O-03", "Värdarna är oense")
        assert desk.case.is_escalated

        desk.takes("escalation_owner", "O-04")
        assert not desk.case.is_escalated

    def test_cannot_be_cleared_when_there_is_none(self) -> None:
        assert Desk(scoped()).refuses_action("escalation_owner", "O-04") == ("R-OVERLAY",)


class TestAnnulment:
    def test_stops_and_lifts_the_case_for_good(self) -> None:
        desk = Desk(scoped("regional", "confidentiality"))
        desk.takes("board_secretary", "O-10", "Förvaltningsrätten upphävde beslutet")

        assert desk.case.is_annulled and desk.case.is_escalated and desk.case.hold is not None
        assert desk.fact("decision.appeal_state") == "annulled"
        assert desk.refuses_action("pm", "O-02") == ("R-OVERLAY",)


class TestConflict:
    def test_opens_and_closes(self) -> None:
        desk = Desk(scoped())
        desk.takes("ops_manager", "O-06", about="pi", reason="Äger en del av företaget")
        assert desk.fact("case.conflicts_open") == 1

        desk.takes("decision_maker", "O-07", declaration="K-1", result="no_conflict")
        assert desk.fact("case.conflicts_open") == 0
        assert desk.case.conflicts[0].result == "no_conflict"

    def test_is_about_oneself_unless_somebody_is_named(self) -> None:
        desk = Desk(scoped())
        desk.takes("pm", "O-06", reason="Äger aktier")

        assert desk.case.conflicts[0].about == "pm"

    def test_is_never_settled_by_the_one_it_is_about(self) -> None:
        desk = Desk(scoped())
        desk.takes("ops_manager", "O-06", about="decision_maker", reason="Släkt")

        reasons = desk.refuses_action("decision_maker", "O-07", declaration="K-1", result="no_conflict")
        assert "SOD-05" in reasons
        desk.takes("escalation_owner", "O-07", declaration="K-1", result="no_conflict")


class TestLedgers:
    def events(self, action: str, who: str, desk: Desk) -> list[LedgerReserved | LedgersReleased]:
        desk.takes(who, action)
        return [event for event in desk.last if isinstance(event, LedgerReserved | LedgersReleased)]

    def test_withdrawing_frees_everything(self) -> None:
        assert self.events("S-T07", "sme_contact", Desk(scoped())) == [LedgersReleased(settled=False)]

    def test_every_move_that_frees_says_so(self) -> None:
        desk = Desk(scoped("regional", "procurement_check"))

        assert self.events("R-T11", "sme_contact", desk) == [LedgersReleased(settled=False)]


class TestReason:
    def test_withdrawal_is_the_choice_of_the_company(self) -> None:
        desk = Desk(scoped())
        desk.takes("sme_contact", "S-T07")

        assert desk.case.facts["case.reason_code"].value == "sme_choice"
        assert desk.case.facts["case.reason_text"].value == "Företaget återkallade sin förfrågan."
        assert (desk.case.stage, desk.case.outcome, desk.case.closed_at) == ("closed", "withdrawn", NOON)

    def test_company_may_give_its_own_words(self) -> None:
        desk = Desk(scoped())
        desk.takes("sme_contact", "S-T07", case__reason_text="Vi valde en annan lokal.")

        assert desk.case.facts["case.reason_text"].value == "Vi valde en annan lokal."


@pytest.mark.parametrize("effect", EVERY_EFFECT)
def test_every_effect_of_a_definition_can_be_executed(effect: str) -> None:
    case = started(with_papers().case)
    changed = after(case, effect, case__suspended_reason="x")

    assert changed.revision == case.revision + 1
    assert changed.documents.keys() == case.documents.keys()
