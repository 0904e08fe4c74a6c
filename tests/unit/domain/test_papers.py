"""Documents: draft, final, signed, sent, registered; when they are due, stale or enough."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.domain.commands import (
    AssignPerson,
    CheckConfidentiality,
    Command,
    ConfirmScope,
    DiscardDocument,
    DispatchDocument,
    DraftDocument,
    FinaliseDocument,
    RecordFacts,
    RecordRow,
    RegisterDocument,
    SignDocument,
    UploadFile,
)
from engine.domain.documents import final_documents, is_signed, missing_signers, standing
from engine.domain.reasons import InvalidInput, NotFound
from engine.domain.values import Facts
from engine.domain.verdicts import explain
from engine.domain.workflow import CLOSED
from tests.builders import DAY, FORMS, NOON, Desk, rendition, scoped, started, with_rows, workflow

SECRETS: Facts = {"conf.covered_classes": ("INFO-B",), "conf.covered_orgs": ("ki",), "conf.term_years": 5}

FILE = UploadFile(name="prov.pdf", media_type="application/pdf", file_hash="a" * 64, size=10)
FORWARD = [(form, action.id) for form in FORMS for action in workflow(form).actions.values() if action.is_forward]


class TestDraft:
    def test_gets_the_next_number_of_its_type(self) -> None:
        desk = Desk(scoped())
        desk.freezes("S-SCO-01")

        assert desk.drafts("S-SCO-01") == "S-SCO-01.2"

    def test_is_one_at_a_time(self) -> None:
        desk = Desk(scoped())
        desk.drafts("S-SCO-01")

        assert desk.refuses("pm", DraftDocument(document="S-SCO-01", language="sv")) == ("R-DRAFT",)

    def test_is_one_for_each_person_where_it_is_made_for_persons(self) -> None:
        desk = Desk(with_rows(scoped(), "participants", {"name": "A"}, {"name": "B"}))
        desk.drafts("S-CON-03", subject="1")

        assert desk.drafts("S-CON-03", subject="2") == "S-CON-03.2"

    def test_for_persons_is_about_one_of_the_case(self) -> None:
        desk = Desk(with_rows(scoped(), "participants", {"name": "A"}))
        for subject in ("", "9"):
            with pytest.raises(InvalidInput) as invalid:
                desk.drafts("S-CON-03", subject=subject)
            assert set(invalid.value.faults) == {"subject"}

    def test_of_the_case_is_about_nobody(self) -> None:
        with pytest.raises(InvalidInput):
            Desk(with_rows(scoped(), "participants", {"name": "A"})).drafts("S-SCO-01", subject="1")

    def test_never_takes_the_number_of_one_thrown_away(self) -> None:
        desk = Desk(scoped())
        desk.freezes("S-SCO-01")
        key = desk.drafts("S-SCO-01")
        desk.does("pm", DiscardDocument(key=key, note="Fel mall"))

        assert desk.drafts("S-SCO-01") == "S-SCO-01.2"

    def test_is_begun_by_those_who_write_it(self) -> None:
        assert Desk(scoped()).refuses("registrar", DraftDocument(document="S-SCO-01", language="sv")) == ("ROLE",)
        assert Desk(scoped()).refuses("sme_contact", DraftDocument(document="S-SCO-01", language="sv")) == ("ROLE",)

    def test_of_an_unknown_type_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            Desk(scoped()).drafts("X-1")

    def test_takes_only_answers_to_its_own_questions(self) -> None:
        with pytest.raises(InvalidInput):
            Desk(scoped()).drafts("S-SCO-01", inputs={"aid.verdict": "no_aid_market_terms"})

    def test_is_not_thrown_away_without_a_word(self) -> None:
        desk = Desk(scoped())
        key = desk.drafts("S-SCO-01")
        with pytest.raises(InvalidInput):
            desk.does("pm", DiscardDocument(key=key, note=" "))

    def test_is_neither_signed_sent_nor_registered(self) -> None:
        desk = Desk(scoped())
        key = desk.drafts("S-SCO-01")

        assert desk.refuses("pm", SignDocument(key=key, role="pm")) == ("R-DRAFT",)
        assert desk.refuses("pm", DispatchDocument(key=key)) == ("R-DRAFT",)
        assert desk.refuses("registrar", RegisterDocument(key=key, number="", description="x")) == ("R-DRAFT",)


class TestDueAtTheStage:
    """R-DOC-1: a move to a later stage needs every document of the stage that is left, listed or not."""

    @pytest.mark.parametrize(("form", "move"), FORWARD, ids=[move for _, move in FORWARD])
    def test_is_asked_for_by_every_way_on(self, form: str, move: str) -> None:
        action = workflow(form).actions[move]
        desk = Desk(scoped(form, str(action.source)))
        reasons = desk.refuses_action(action.actors[0], move)
        always = {
            type_.id
            for type_ in workflow(form).documents.values()
            if type_.stage == action.source and type_.occasion == "always" and type_.when is None
        }

        # The procurement check has either a result or a skip record, each under its condition.
        assert always or action.source == "procurement_check"
        assert always <= set(reasons)

    @pytest.mark.parametrize("form", FORMS)
    def test_is_not_asked_for_by_the_way_out(self, form: str) -> None:
        for action in workflow(form).actions_from("scoping"):
            if action.target == CLOSED:
                desk = Desk(scoped(form, "scoping"))
                asked = explain(desk.workflow, action.id, desk.situation().facts, desk.situation().today, frozenset())
                stages = {workflow(form).documents[reason.id].stage for reason in asked.other}
                assert stages <= {CLOSED}, action.id


class TestClosedCase:
    def closed(self) -> Desk:
        desk = Desk(scoped())
        desk.takes("sme_contact", "S-T07")
        return desk

    def test_still_gets_its_closing_papers(self) -> None:
        self.closed().drafts("S-CLO-04")

    @pytest.mark.parametrize(
        ("who", "command"),
        [
            ("pm", DraftDocument(document="S-SCO-01", language="sv")),
            ("pm", ConfirmScope(scope_version=1)),
            ("legal", CheckConfidentiality(scope_version=1)),
            ("pm", RecordFacts(values={"scope.purpose": "Annat"})),
            ("pm", RecordRow(table="participants", row_id="1", values={"name": "A"})),
            ("pm", AssignPerson(person="a", name="A", role="pi")),
            ("sme_contact", FILE),
        ],
    )
    def test_changes_in_nothing_else(self, who: str, command: Command) -> None:
        assert "CLOSED" in self.closed().refuses(who, command)


class TestFinal:
    def test_is_never_made_final_twice(self) -> None:
        desk = Desk(scoped())
        key = desk.freezes("S-SCO-01")

        assert desk.refuses("pm", FinaliseDocument(key=key, rendition=rendition("annan"))) == ("R-FROZEN",)

    def test_is_never_thrown_away(self) -> None:
        desk = Desk(scoped())
        key = desk.freezes("S-SCO-01")

        assert desk.refuses("pm", DiscardDocument(key=key, note="Nej")) == ("R-FROZEN",)

    def test_replaces_the_one_before_it(self) -> None:
        desk = Desk(scoped())
        desk.freezes("S-SCO-01")
        desk.freezes("S-SCO-01")

        assert [paper.is_superseded for paper in desk.case.documents.values()] == [True, False]

    def test_stands_beside_others_where_several_do(self) -> None:
        desk = Desk(started(scoped(stage="confidentiality")))
        desk.freezes("S-EXE-04")
        desk.freezes("S-EXE-04")

        assert not any(paper.is_superseded for paper in desk.case.documents.values())

    def test_needs_every_question_answered(self) -> None:
        desk = Desk(scoped(stage="confidentiality"))
        with pytest.raises(InvalidInput) as invalid:
            desk.freezes("S-CON-01", inputs={"conf.term_years": 5})

        assert set(invalid.value.faults) == {"conf.covered_classes", "conf.covered_orgs"}

    def test_becomes_stale_when_what_it_prints_changes(self) -> None:
        desk = Desk(scoped())
        key = desk.freezes("S-SCO-01")
        desk.does("pm", RecordFacts(values={"scope.end_date": "2026-06-30"}))

        assert desk.refuses("pm", SignDocument(key=key, role="pm")) == ("R-STALE",)

    def test_stays_when_something_else_changes(self) -> None:
        desk = Desk(scoped("regional"))
        key = desk.freezes("R-SCO-01")
        desk.does("pm", RecordFacts(values={"scope.public_interest_link": "Nytta"}, reason="Bedömt"))

        desk.signs(key, "pm")


class TestAnswers:
    """A field that is answered in a document holds once the document is final."""

    def test_holds_when_signed_by_its_only_organisation(self) -> None:
        desk = Desk(scoped(stage="legal_review"))
        key = desk.freezes("S-LEG-03", inputs={"aid.verdict": "no_aid_market_terms"})
        assert desk.fact("aid.verdict") is None

        desk.signs(key, "legal")
        assert desk.fact("aid.verdict") == "no_aid_market_terms"
        assert desk.fact("aid.assessment_ref") == key

    def test_recorded_correction_goes_first(self) -> None:
        desk = Desk(scoped(stage="confidentiality"))
        desk.paper("S-CON-04", inputs={"exec.security_risk_considered": True})

        assert desk.fact("exec.security_risk_considered") is True


class TestTwoSides:
    """R-DOC-2: what company and host sign together is final when its text stands."""

    def test_scope_sheet_counts_before_it_is_signed(self) -> None:
        desk = Desk(scoped())
        desk.freezes("S-SCO-01")

        assert "S-SCO-01" in final_documents(desk.case, workflow(), desk.situation().facts)

    def test_what_one_organisation_signs_counts_when_signed(self) -> None:
        desk = Desk(scoped())
        key = desk.freezes("S-LEG-01")
        assert "S-LEG-01" not in desk.situation().finals

        desk.signs(key, "pm")
        assert "S-LEG-01" in desk.situation().finals

    def test_start_needs_every_signature(self) -> None:
        desk = Desk(scoped(stage="confidentiality"))
        desk.freezes("S-CON-01", inputs=SECRETS)

        assert "S-CON-01" in desk.refuses_action("decision_maker", "S-T17")


class TestReminders:
    """Two reminders, ten working days apart, stand for the company's signature on closing papers alone."""

    def after(self, *days: date, document: str = "S-CLO-01") -> tuple[str, ...]:
        desk = Desk(started(scoped(stage="confidentiality")))
        key = desk.freezes(document)
        desk.signs(key, "pm")
        for day in days:
            desk.now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
            desk.does("pm", DispatchDocument(key=key))
        return missing_signers(workflow().documents[document], desk.case.documents[key])

    def test_one_is_not_enough(self) -> None:
        assert self.after(date(2025, 11, 25)) == ("sme_contact",)

    def test_two_too_close_are_not_enough(self) -> None:
        assert self.after(date(2025, 11, 25), date(2025, 12, 8)) == ("sme_contact",)

    def test_two_ten_working_days_apart_are(self) -> None:
        assert self.after(date(2025, 11, 25), date(2025, 12, 9)) == ()

    def test_over_christmas_it_takes_longer(self) -> None:
        assert self.after(date(2025, 12, 19), date(2026, 1, 5)) == ("sme_contact",)
        assert self.after(date(2025, 12, 19), date(2026, 1, 12)) == ()

    def test_never_stand_for_a_signature_on_a_change(self) -> None:
        assert self.after(date(2025, 11, 25), date(2025, 12, 9), document="S-EXE-03") == ("sme_contact",)

    def test_never_stand_for_the_host(self) -> None:
        desk = Desk(started(scoped(stage="confidentiality")))
        key = desk.freezes("S-CLO-01")
        for day in (25, 9):
            desk.now = datetime(2025, 11 if day == 25 else 12, day, 12, tzinfo=UTC)
            desk.does("pm", DispatchDocument(key=key))

        assert not is_signed(workflow().documents["S-CLO-01"], desk.case.documents[key])


class TestSignature:
    def test_is_given_in_order(self) -> None:
        desk = Desk(scoped(stage="legal_review"))
        key = desk.freezes("S-LEG-04")

        assert desk.refuses("decision_maker", SignDocument(key=key, role="decision_maker")) == ("R-ORDER",)
        desk.signs(key, "sme_signatory", "decision_maker")

    def test_is_given_once(self) -> None:
        desk = Desk(scoped())
        key = desk.freezes("S-SCO-01")
        desk.signs(key, "pm")

        assert desk.refuses("pm", SignDocument(key=key, role="pm")) == ("R-SIGNED",)

    def test_is_given_by_those_who_sign_it(self) -> None:
        desk = Desk(scoped())
        key = desk.freezes("S-SCO-01")

        assert desk.refuses("legal", SignDocument(key=key, role="legal")) == ("R-SIGNER",)
        assert desk.refuses("ops_manager", SignDocument(key=key, role="pm")) == ("ROLE",)

    def test_keeps_what_was_signed(self) -> None:
        desk = Desk(scoped(stage="legal_review"))
        key = desk.freezes("S-LEG-04")
        desk.signs(key, "sme_signatory")
        (mark,) = desk.case.documents[key].signatures

        assert (mark.party, mark.signed_on, mark.agreement_hash) == ("sme", DAY, desk.fact("legal.doc_hash"))

    def test_void_one_is_given_anew(self) -> None:
        desk = Desk(scoped(stage="confidentiality"))
        key = desk.freezes("S-LEG-04")
        desk.signs(key, "sme_signatory")
        desk.takes("decision_maker", "S-T18")
        desk.signs(key, "sme_signatory")

        assert [mark.is_void for mark in desk.case.documents[key].signatures] == [True, False]


class TestWetSignature:
    def entry(self, day: date | None, who: str = "registrar", role: str = "sme_signatory") -> Callable[[], object]:
        desk = Desk(scoped(stage="legal_review"))
        key = desk.freezes("S-LEG-04")
        if role != "sme_signatory":
            desk.signs(key, "sme_signatory")
        desk.now = NOON + timedelta(days=4)
        command = SignDocument(key=key, role=role, method="wet", signed_on=day, on_behalf_of="Firmatecknaren")
        return lambda: desk.does(who, command)

    def test_of_the_company_is_entered_by_the_registrar(self) -> None:
        case = self.entry(date(2025, 11, 26))()

        (mark,) = case.documents["S-LEG-04.1"].signatures  # type: ignore[attr-defined] # it is a case
        assert (mark.method, mark.signed_on, mark.person, mark.party) == ("wet", date(2025, 11, 26), "registrar", "sme")

    @pytest.mark.parametrize("day", [date(2025, 11, 23), date(2025, 11, 29), None])
    def test_lies_between_the_text_and_today(self, day: date | None) -> None:
        with pytest.raises(InvalidInput):
            self.entry(day)()

    def test_of_the_hosts_own_people_is_never_entered_for_them(self) -> None:
        with pytest.raises(Exception, match="done by"):
            self.entry(date(2025, 11, 26), role="decision_maker")()

    def test_is_entered_by_nobody_else(self) -> None:
        with pytest.raises(Exception, match="done by"):
            self.entry(date(2025, 11, 26), who="pm")()

    def test_beside_an_electronic_one_is_mixed(self) -> None:
        desk = Desk(scoped(stage="legal_review"))
        key = desk.freezes("S-LEG-04")
        desk.does("sme_signatory", SignDocument(key=key, role="sme_signatory", method="wet"))
        desk.signs(key, "decision_maker")

        assert desk.fact("agr.sign_method") == "mixed"


def test_standing_document_is_the_newest() -> None:
    desk = Desk(scoped())
    desk.freezes("S-SCO-01")
    newest = desk.freezes("S-SCO-01")

    found = standing(desk.case, "S-SCO-01")
    assert found is not None and found.key == newest
