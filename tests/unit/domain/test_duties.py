"""Segregation of duties, each rule both ways round, and for whoever stands in for somebody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.domain.case import Case, ConflictDeclaration
from engine.domain.commands import (
    Attest,
    ConfirmScope,
    DraftDocument,
    RecordFacts,
    RecordRow,
    RegisterDocument,
    SendMessage,
    SignDocument,
    TakeAction,
)
from engine.domain.duties import broken_duties
from tests.builders import NOON, Desk, a_case, actor, definitions, scoped, workflow

BY_ACTS = ("SOD-01", "SOD-02", "SOD-03", "SOD-06", "SOD-07", "SOD-08", "SOD-09")
"""Rules that are nothing but two sets of acts; the others look at the person."""

PAIRS = [
    (duty.id, first, second)
    for duty in definitions().catalogue.duties
    if duty.id in BY_ACTS
    for first in duty.first
    for second in duty.second
]


def after(*acts: str, person: str = "a", form: str = "state") -> Case:
    """A case in which a person has done these acts."""
    return a_case(form, acts={person: acts})


def broken(case: Case, *acts: str, role: str = "pm", person: str = "a", **changes: object) -> tuple[str, ...]:
    """The ids of the duties that acts by a person would break."""
    someone = replace(actor(role, person=person, form=case.form), **changes)  # type: ignore[arg-type] # names of Actor
    reasons = broken_duties(case, workflow(case.form), someone, role, frozenset(acts), organisation=someone.roles[role])
    return tuple(reason.id for reason in reasons)


@pytest.mark.parametrize(("duty", "first", "second"), PAIRS, ids=["-".join(pair) for pair in PAIRS])
class TestTwoActs:
    def test_refuses_the_second_after_the_first(self, duty: str, first: str, second: str) -> None:
        assert duty in broken(after(first), second)

    def test_refuses_the_first_after_the_second(self, duty: str, first: str, second: str) -> None:
        assert duty in broken(after(second), first)

    def test_lets_two_people_do_one_each(self, duty: str, first: str, second: str) -> None:
        assert duty not in broken(after(first, person="somebody else"), second)

    def test_counts_whoever_the_person_stands_in_for(self, duty: str, first: str, second: str) -> None:
        case = after(first, person="the absent one")

        assert duty in broken(case, second, stands_for=frozenset({"the absent one"}))


class TestSamePersonTwice:
    def test_may_do_the_same_act_again(self) -> None:
        assert broken(after("legal_opinion"), "legal_opinion", role="legal") == ()

    def test_every_reason_is_given_at_once(self) -> None:
        assert broken(after("legal_opinion", "sign_final_report_host"), "decide", "complete") == ("SOD-02", "SOD-09")


class TestSod04:
    def test_refuses_an_opinion_for_an_organisation_that_has_not_engaged_the_lawyer(self) -> None:
        assert broken(a_case(), "legal_opinion", role="legal", organisations=frozenset({"k"})) == ("SOD-04",)

    def test_allows_an_opinion_for_the_own_organisation(self) -> None:
        assert broken(a_case(), "legal_opinion", role="legal") == ()

    def test_says_nothing_of_other_acts(self) -> None:
        assert broken(a_case(), "act_as_pm", organisations=frozenset()) == ()


class TestSod05:
    OPEN = ConflictDeclaration(id="K-1", about="pm", reason="Släkt", declared_by="pm", at=NOON)

    @pytest.mark.parametrize(
        "command",
        [
            RecordFacts(values={"scope.purpose": "Annat"}),
            RecordRow(table="assets", row_id="1", values={"what": "Prov", "state": "with_company"}),
            TakeAction(action="O-05", values={"note": "Hej"}),
        ],
    )
    def test_takes_the_right_to_write_from_the_one_it_is_about(self, command: RecordFacts) -> None:
        desk = Desk(replace(scoped(), conflicts=(self.OPEN,)))

        assert "SOD-05" in desk.refuses("pm", command)

    @pytest.mark.parametrize(
        "command",
        [
            SendMessage(audience="internal", text="Hej"),
            ConfirmScope(scope_version=1),
            DraftDocument(document="S-SCO-01", language="sv"),
        ],
    )
    def test_holds_for_every_kind_of_writing(self, command: SendMessage) -> None:
        desk = Desk(replace(scoped(), conflicts=(self.OPEN,)))

        assert "SOD-05" in desk.refuses("pm", command)

    def test_leaves_others_alone(self) -> None:
        desk = Desk(replace(scoped(), conflicts=(self.OPEN,)))
        desk.does("ops_manager", RecordRow(table="assets", row_id="1", values={"what": "Prov", "state": "missing"}))

        assert "1" in desk.case.rows["assets"]

    def test_still_lets_the_person_declare_another(self) -> None:
        desk = Desk(replace(scoped(), conflicts=(self.OPEN,)))
        desk.takes("pm", "O-06", about="pm", reason="Äger aktier")

        assert len(desk.case.conflicts) == 2

    def test_ends_when_the_conflict_is_settled_as_none(self) -> None:
        desk = Desk(replace(scoped(), conflicts=(self.OPEN,)))
        desk.takes("decision_maker", "O-07", declaration="K-1", result="no_conflict")
        desk.does("pm", RecordFacts(values={"scope.purpose": "Annat"}))

        assert desk.fact("scope.purpose") == "Annat"

    def test_holds_for_whoever_stands_in_for_the_person(self) -> None:
        case = replace(scoped(), conflicts=(self.OPEN,))

        assert broken(case, stands_for=frozenset({"pm"})) == ("SOD-05",)


class TestSod06:
    SETTLED = ConflictDeclaration(id="K-1", about="pm", reason="Äger", declared_by="pm", at=NOON, result="interest")

    def test_keeps_a_person_with_an_interest_from_acting_as_project_manager(self) -> None:
        desk = Desk(replace(scoped(), conflicts=(self.SETTLED,)))

        assert "SOD-06" in desk.refuses_action("pm", "O-01")

    def test_keeps_a_person_with_an_interest_from_judging(self) -> None:
        case = replace(scoped(), conflicts=(replace(self.SETTLED, about="a"),))

        assert "SOD-06" in broken(case, "legal_opinion", role="legal")

    def test_forgets_one_that_was_found_to_be_none(self) -> None:
        case = replace(scoped(), conflicts=(replace(self.SETTLED, about="a", result="no_conflict"),))

        assert broken(case, "legal_opinion", role="legal") == ()


class TestSod07:
    def test_keeps_a_project_manager_from_the_register(self) -> None:
        desk = Desk(scoped())
        key = desk.freezes("S-SCO-01")
        both = actor("registrar", person="pm")

        assert "SOD-07" in desk.refuses(both, RegisterDocument(key=key, number="", description="Beskrivning"))


class TestSod09:
    def test_keeps_the_one_who_signed_the_final_report_from_completing(self) -> None:
        desk = Desk(replace(scoped(stage="execution"), first_started_at=NOON))
        key = desk.freezes("S-CLO-01")
        desk.signs(key, "pm")

        assert "SOD-09" in desk.refuses_action(actor("decision_maker", person="pm"), "S-T23")
        assert "SOD-09" not in desk.refuses_action("ops_manager", "S-T23")


class TestReaders:
    def test_administrator_writes_nothing(self) -> None:
        assert Desk(scoped()).refuses("sys_admin", SendMessage(audience="internal", text="Hej")) == ("SOD-10",)
        assert broken(a_case(), role="sys_admin") == ("SOD-10",)

    def test_auditor_writes_nothing(self) -> None:
        assert Desk(scoped()).refuses("auditor", SendMessage(audience="internal", text="Hej")) == ("SOD-12",)
        assert broken(a_case(), role="auditor") == ("SOD-12",)

    def test_company_writes_to_the_host_alone(self) -> None:
        assert Desk(scoped()).refuses("sme_contact", SendMessage(audience="partners", text="Hej")) == ("SOD-11",)


class TestSod13:
    @pytest.mark.parametrize("role", ["pm", "sme_contact", "decision_maker", "registrar"])
    def test_refuses_whoever_was_suspended_since_the_page_was_opened(self, role: str) -> None:
        gone = actor(role, is_active=False)

        assert Desk(scoped()).refuses(gone, SendMessage(audience="company", text="Hej")) == ("SOD-13",)

    def test_is_a_reason_of_its_own_too(self) -> None:
        assert broken(a_case(), is_active=False) == ("SOD-13",)


class TestActs:
    """What people do is remembered as the acts that the rules look at."""

    def test_recording_the_scope_makes_an_editor(self) -> None:
        desk = Desk(scoped())
        desk.does("pm", RecordFacts(values={"scope.purpose": "Annat"}))

        assert desk.case.scope_editors == ("pm",)
        assert {"edit_scope", "act_as_pm"} <= set(desk.case.acts["pm"])

    def test_advice_on_the_scope_makes_no_editor(self) -> None:
        desk = Desk(scoped())
        desk.does("legal", RecordFacts(values={"scope.gdpr_role": "joint_controllers"}, reason="Bedömt så"))

        assert desk.case.scope_editors == ()

    def test_signing_the_calculation_makes_an_editor(self) -> None:
        desk = Desk(scoped())
        key = desk.freezes("S-SCO-03", inputs={"document.research_data_free": True})
        desk.signs(key, "finance")

        assert "approve_price" in desk.case.acts["finance"]
        assert "finance" in desk.case.scope_editors

    def test_price_approver_may_not_sign_the_procurement_result(self) -> None:
        desk = Desk(scoped(stage="procurement_check"))
        calculation = desk.freezes("S-SCO-03", inputs={"document.research_data_free": True})
        desk.signs(calculation, "finance")
        key = desk.freezes("S-PRO-01", inputs={"document.result": "cleared"})
        both = actor("procurement", person="finance")

        assert "SOD-01" in desk.refuses(both, SignDocument(key=key, role="procurement"))

    def test_attesting_is_no_act(self) -> None:
        desk = Desk(scoped())
        desk.does("registrar", Attest(what="register_case_closed"))

        assert "registrar" not in desk.case.acts
