"""Facts that follow from what is in the case: company size, permits, access, closing, and the moment of it all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.domain.commands import Attest, RecordRow
from engine.domain.derivations import derive, parameters_on, sme_category
from engine.domain.derived_rows import permits_needed
from engine.domain.values import Facts, Value, organisation_number_is_valid
from tests.builders import DAY, NOON, Desk, a_case, infrastructure, scoped, with_facts, with_rows, workflow

FIGURES: Facts = {
    "sme.headcount_awu": 10,
    "sme.turnover_meur": Decimal(2),
    "sme.balance_meur": Decimal(2),
    "sme.public_control_pct": 0,
}
PRESENT: Facts = {"name": "A", "organisation": "sme", "visitor": False, "introduced_on": "2025-11-24"}


def category(**changes: Value) -> str | None:
    """The size of a company with these figures."""
    facts = {**FIGURES, **{f"sme.{name}": value for name, value in changes.items()}}
    return sme_category(facts, parameters_on(workflow(), DAY))


class TestCompanySize:
    """Recommendation 2003/361/EC: headcount below, and turnover or balance at most."""

    @pytest.mark.parametrize(
        ("staff", "turnover", "balance", "expected"),
        [
            (9, "2", "99", "micro"), (9, "99", "2", "micro"), (10, "2", "2", "small"), (9, "2.01", "2.01", "small"),
            (49, "10", "99", "small"), (50, "10", "10", "medium"), (249, "50", "99", "medium"),
            (249, "99", "43", "medium"), (249, "50.01", "43.01", "not_sme"), (250, "1", "1", "not_sme"),
            (0, "0", "0", "micro"),
        ],
    )  # fmt: skip
    def test_is(self, staff: int, turnover: str, balance: str, expected: str) -> None:
        assert category(headcount_awu=staff, turnover_meur=Decimal(turnover), balance_meur=Decimal(balance)) == expected

    @pytest.mark.parametrize(
        ("share", "exempt", "expected"), [(24, None, "small"), (25, None, "not_sme"), (25, True, "small")]
    )
    def test_counts_public_control(self, share: int, exempt: bool | None, expected: str) -> None:
        assert category(public_control_pct=share, public_owner_exempt=exempt) == expected

    @pytest.mark.parametrize("name", ["headcount_awu", "turnover_meur", "balance_meur", "public_control_pct"])
    def test_is_unknown_while_a_figure_is(self, name: str) -> None:
        assert category(**{name: None}) is None


class TestOrganisationNumber:
    @pytest.mark.parametrize("number", ["559999-0016", "5599990016", "556036-0793"])
    def test_is_right(self, number: str) -> None:
        assert organisation_number_is_valid(number)

    @pytest.mark.parametrize(
        "number", ["559999-0017", "55999-90016", "559999--0016", "", "abcdef-ghij", "559999-00161"]
    )
    def test_is_wrong(self, number: str) -> None:
        assert not organisation_number_is_valid(number)


class TestPermits:
    @pytest.mark.parametrize(
        ("answer", "kind"),
        [
            ("scope.human_research", "ethics"), ("scope.human_material", "biobank"), ("scope.animals", "animal"),
            ("scope.gmo", "gmo"), ("scope.clinical_use", "medicines"),
        ],
    )  # fmt: skip
    def test_are_asked_for_by_the_risk_answers(self, answer: str, kind: str) -> None:
        case = with_facts(scoped(), {answer: True})
        assert permits_needed(derive(case, workflow(), NOON)) == frozenset({kind})
        assert derive(case, workflow(), NOON)["permits.all_resolved"] is False

        applied = with_rows(case, "permits", {"kind": kind, "state": "applied"})
        assert derive(applied, workflow(), NOON)["permits.all_resolved"] is True
        assert derive(applied, workflow(), NOON)["permits.all_granted"] is False

    def test_of_a_high_biosafety_level_and_of_export(self) -> None:
        case = with_facts(scoped(), {"scope.biosafety_level": 2, "scope.dual_use": "yes"})

        assert permits_needed(derive(case, workflow(), NOON)) == frozenset({"biosafety", "export"})

    def test_are_unknown_while_an_answer_is(self) -> None:
        facts = derive(with_facts(scoped(), {"scope.animals": None}), workflow(), NOON)

        assert (facts["permits.all_resolved"], facts["permits.all_granted"]) == (None, None)

    @pytest.mark.parametrize(
        ("state", "until", "granted"),
        [
            ("granted", None, True), ("granted", date(2026, 5, 31), True), ("granted", date(2026, 5, 30), False),
            ("refused", None, False), ("not_needed", None, True),
        ],
    )  # fmt: skip
    def test_have_to_last_to_the_end(self, state: str, until: date | None, granted: bool) -> None:
        case = with_facts(scoped(), {"scope.animals": True})
        case = with_rows(case, "permits", {"kind": "animal", "state": state, "valid_to": until})

        assert derive(case, workflow(), NOON)["permits.all_granted"] is granted

    def test_one_refused_spoils_all(self) -> None:
        case = with_rows(scoped(), "permits", {"kind": "other", "state": "refused"})

        assert derive(case, workflow(), NOON)["permits.all_resolved"] is False


class TestAccess:
    def test_is_approved_until_the_list_changes(self) -> None:
        desk = Desk(scoped(stage="confidentiality"))
        desk.does("pm", RecordRow(table="access_list", row_id="1", values=PRESENT))
        assert desk.fact("exec.access_list_ok") is False
        desk.does("ops_manager", Attest(what="access_list_approved"))
        assert desk.fact("exec.access_list_ok") is True

        desk.does("pm", RecordRow(table="access_list", row_id="2", values={**PRESENT, "name": "B"}))
        assert desk.fact("exec.access_list_ok") is False

    def test_is_revoked_when_nobody_is_left(self) -> None:
        desk = Desk(scoped(stage="execution"))
        desk.does("pm", RecordRow(table="access_list", row_id="1", values=PRESENT))
        assert desk.refuses("ops_manager", Attest(what="access_revoked")) == ("R-ACCESS",)

        desk.does("pm", RecordRow(table="access_list", row_id="1", values={**PRESENT, "to_on": "2025-11-24"}))
        desk.does("ops_manager", Attest(what="access_revoked"))
        assert desk.fact("close.access_revoked") is True

    def test_needs_an_introduction_of_everybody_present(self) -> None:
        case = with_rows(scoped(), "access_list", PRESENT, {**PRESENT, "introduced_on": None})
        assert derive(case, workflow(), NOON)["exec.safety_done_all"] is False

        gone = with_rows(scoped(), "access_list", PRESENT, {**PRESENT, "introduced_on": None, "to_on": DAY})
        assert derive(gone, workflow(), NOON)["exec.safety_done_all"] is True

    def test_without_a_list_is_unknown(self) -> None:
        facts = derive(scoped(), workflow(), NOON)

        assert facts.get("exec.safety_done_all") is None and facts["exec.access_list_ok"] is None


class TestParticipants:
    def test_each_have_one_employer(self) -> None:
        one = with_rows(scoped(), "participants", {"name": "A", "employer": "ki"})
        none = with_rows(scoped(), "participants", {"name": "A", "employer": "ki"}, {"name": "B", "employer": None})

        assert derive(one, workflow(), NOON)["scope.affiliation_resolved"] is True
        assert derive(none, workflow(), NOON)["scope.affiliation_resolved"] is False

    def test_that_are_not_there_are_unknown_unless_no_staff_takes_part(self) -> None:
        assert derive(scoped(), workflow(), NOON)["scope.affiliation_resolved"] is True
        working = with_facts(scoped(), {"scope.staff_role": "perform"})
        assert derive(working, workflow(), NOON)["scope.affiliation_resolved"] is None

    def test_with_an_interest_are_seen(self) -> None:
        case = with_rows(scoped(), "participants", {"name": "A", "interest": True})

        assert derive(case, workflow(), NOON)["scope.researcher_interest_in_sme"] is True


class TestInformation:
    def test_has_a_basis_for_each_class(self) -> None:
        case = with_facts(scoped(), {"scope.info_classes": ("INFO-A", "INFO-B")})
        one = with_rows(case, "information", {"info_class": "INFO-A", "basis": "24:5"})
        both = with_rows(
            case, "information", {"info_class": "INFO-A", "basis": "24:5"}, {"info_class": "INFO-B", "basis": "31:16"}
        )

        assert derive(one, workflow(), NOON)["legal.secrecy_bases_complete"] is False
        assert derive(both, workflow(), NOON)["legal.secrecy_bases_complete"] is True
        assert derive(both, workflow(), NOON)["legal.basis_245_used"] is True
        assert derive(both, workflow(), NOON)["legal.basis_3112_used"] is False


class TestContributions:
    @pytest.mark.parametrize(("parties", "known"), [(("host",), False), (("sme",), False), (("host", "sme"), True)])
    def test_come_from_both_sides(self, parties: tuple[str, ...], known: bool) -> None:
        rows: list[Facts] = [{"party": party, "kind": "work", "what": "Tid"} for party in parties]
        facts = derive(with_rows(scoped(), "contributions", *rows), workflow(), NOON)

        assert (facts["aid.contributions_ref"] is not None) == known


class TestCapacity:
    def test_is_the_share_of_the_years_hours(self) -> None:
        assert derive(scoped(), workflow(), NOON)["scope.capacity_share_pct"] == Decimal(1)

    def test_of_use_without_economy_is_none(self) -> None:
        facts = derive(with_facts(scoped(), {"aid.economic_activity": False}), workflow(), NOON)

        assert facts["scope.capacity_share_pct"] == 0

    def test_without_a_figure_is_unknown(self) -> None:
        case = scoped()
        case = replace(case, surroundings=replace(case.surroundings, infrastructure=infrastructure(annual_capacity=0)))

        assert derive(case, workflow(), NOON)["scope.capacity_share_pct"] is None


class TestMoment:
    def test_parameters_are_those_of_the_day(self) -> None:
        valid, expired = parameters_on(workflow(), date(2025, 12, 31)), parameters_on(workflow(), date(2026, 1, 1))

        assert valid("lou_threshold_state_sek") is not None
        assert expired("lou_threshold_state_sek") is None

    def test_same_case_later_knows_a_later_day(self) -> None:
        desk = Desk(scoped())
        desk.now = NOON + timedelta(days=40)

        assert desk.situation().today == DAY + timedelta(days=40)

    def test_text_hash_is_the_same_for_the_same_facts(self) -> None:
        assert Desk(scoped()).fact("legal.doc_hash") == Desk(scoped()).fact("legal.doc_hash")

    def test_text_hash_changes_with_any_material_fact(self) -> None:
        changed = with_facts(scoped(), {"price.amount_sek": Decimal(100_001)})

        assert Desk(changed).fact("legal.doc_hash") != Desk(scoped()).fact("legal.doc_hash")

    def test_text_hash_does_not_know_how_a_number_was_written(self) -> None:
        written = with_facts(scoped(), {"price.amount_sek": Decimal("100000.00")})

        assert Desk(written).fact("legal.doc_hash") == Desk(scoped()).fact("legal.doc_hash")

    def test_there_is_no_text_before_a_scope(self) -> None:
        assert Desk(replace(a_case(), scope_version=0)).fact("legal.doc_hash") is None
