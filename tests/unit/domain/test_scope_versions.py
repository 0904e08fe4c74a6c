"""What a change of the scope does: versions, the automatic return, and the rules during execution."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.domain.case import Case, Hold
from engine.domain.commands import ConfirmScope, GiveOpinion, RecordFacts, RecordRow, RemoveRow, TakeAction
from engine.domain.decisions import decide
from engine.domain.events import ActionTaken, FactsRecorded, LedgersReleased
from engine.domain.reasons import InvalidInput, Refused
from engine.domain.values import Facts
from engine.domain.workflow import CLOSED, EXECUTION
from tests.builders import FORMS, NOON, Desk, a_case, actor, scoped, started, with_facts, workflow

MATERIAL: Facts = {"scope.purpose": "Något helt annat"}
MINOR: Facts = {"scope.public_interest_link": "Nytta för länets patienter"}
AFTER_SCOPING = [
    (form, stage.name)
    for form in FORMS
    for stage in workflow(form).stages
    if stage.name not in {EXECUTION, CLOSED}
    and workflow(form).stage_index(stage.name) > workflow(form).stage_index("scoping")
]


def changes(desk: Desk, values: Facts, *, accept: bool = False) -> None:
    """The project manager records values."""
    desk.does("pm", RecordFacts(values=values, accept_return=accept, reason="Bedömt"))


class TestVersion:
    def test_begins_with_the_inquiry(self) -> None:
        assert a_case().scope_version == 1

    def test_stays_while_it_is_still_being_written(self) -> None:
        desk = Desk(scoped())
        changes(desk, MATERIAL)

        assert (desk.case.scope_version, desk.case.scope_revision) == (1, 1)

    @pytest.mark.parametrize("who", ["sme_contact", "pm"])
    def test_grows_after_somebody_has_confirmed_it(self, who: str) -> None:
        desk = Desk(scoped())
        desk.does(who, ConfirmScope(scope_version=1))
        changes(desk, MATERIAL)

        assert (desk.case.scope_version, desk.case.scope_revision) == (2, 0)

    def test_grows_after_somebody_has_signed_a_paper_that_prints_it(self) -> None:
        desk = Desk(scoped())
        desk.signs(desk.freezes("S-SCO-01"), "pm")
        changes(desk, MATERIAL)

        assert desk.case.scope_version == 2

    def test_grows_after_a_lawyer_has_judged_it(self) -> None:
        desk = Desk(scoped(stage="legal_review"))
        gives_opinion(desk)
        changes(desk, MATERIAL, accept=True)

        assert desk.case.scope_version == 2

    def test_grows_once_for_several_changes_of_an_unused_version(self) -> None:
        desk = Desk(scoped())
        desk.does("pm", ConfirmScope(scope_version=1))
        changes(desk, MATERIAL)
        changes(desk, {"scope.purpose": "Och ännu något annat"})

        assert (desk.case.scope_version, desk.case.scope_revision) == (2, 1)

    def test_minor_change_is_a_revision(self) -> None:
        desk = Desk(scoped("regional"))
        desk.does("pm", ConfirmScope(scope_version=1))
        changes(desk, MINOR)

        assert (desk.case.scope_version, desk.case.scope_revision) == (1, 1)

    def test_never_takes_a_number_twice(self) -> None:
        desk = Desk(replace(scoped(), scope_version=1, highest_version=3, versions_used=3))
        changes(desk, MATERIAL)

        assert desk.case.scope_version == 4

    def test_value_that_is_there_already_changes_nothing(self) -> None:
        desk = Desk(scoped())
        before = desk.case
        changes(desk, {"scope.purpose": desk.fact("scope.purpose")})

        assert (desk.last, desk.case) == ((), before)

    @pytest.mark.parametrize("table", ["participants", "contributions"])
    def test_material_rows_count_too(self, table: str) -> None:
        desk = Desk(scoped())
        desk.does("pm", ConfirmScope(scope_version=1))
        rows = {
            "participants": {"name": "Forskaren"},
            "contributions": {"party": "host", "kind": "work", "what": "Tid"},
        }
        desk.does("pm", RecordRow(table=table, row_id="1", values=rows[table]))
        assert desk.case.scope_version == 2

        desk.does("pm", ConfirmScope(scope_version=2))
        desk.does("pm", RemoveRow(table=table, row_id="1"))
        assert desk.case.scope_version == 3

    def test_removing_a_row_that_is_not_there_changes_nothing(self) -> None:
        desk = Desk(scoped())
        desk.does("pm", RemoveRow(table="participants", row_id="9"))

        assert desk.last == ()


@pytest.mark.parametrize(("form", "stage"), AFTER_SCOPING)
class TestAutomaticReturn:
    def test_warns_first_and_changes_nothing(self, form: str, stage: str) -> None:
        desk = Desk(scoped(form, stage))

        assert desk.refuses("pm", RecordFacts(values=MATERIAL)) == ("R-RETURN",)

    def test_goes_back_once_it_is_accepted(self, form: str, stage: str) -> None:
        desk = Desk(scoped(form, stage))
        changes(desk, MATERIAL, accept=True)
        taken = next(event for event in desk.last if isinstance(event, ActionTaken))

        assert taken.is_automatic
        assert desk.case.stage == taken.target != stage
        assert isinstance(desk.last[0], FactsRecorded)
        assert {"invalidate_legal", "invalidate_procurement", "void_signatures"} <= set(taken.effects)

    def test_frees_reservations_where_the_move_does(self, form: str, stage: str) -> None:
        desk = Desk(scoped(form, stage))
        changes(desk, MATERIAL, accept=True)
        back = next(action for action in workflow(form).actions_from(stage) if action.name == "return_for_changes")
        released = any(isinstance(event, LedgersReleased) for event in desk.last)

        assert released == ("release_reservations" in back.effects)

    @pytest.mark.parametrize("escalated", [True, False])
    def test_is_refused_while_the_case_is_on_hold_or_escalated(self, form: str, stage: str, escalated: bool) -> None:
        hold = None if escalated else Hold(reason="Väntar", owner="pm", review_on=None)
        desk = Desk(replace(scoped(form, stage), hold=hold, is_escalated=escalated))

        assert desk.refuses("pm", RecordFacts(values=MATERIAL, accept_return=True)) == ("R-RESUME",)

    def test_does_not_come_of_a_minor_change(self, form: str, stage: str) -> None:
        desk = Desk(scoped(form, stage))
        command = RecordFacts(values={minor_field(form): "En anteckning"}, reason="Bedömt", source_note="Företaget")
        desk.does("pm", command)

        assert desk.case.stage == stage
        assert desk.fact(minor_field(form)) == "En anteckning"


class TestReturnWarning:
    def test_names_the_opinions_that_fall(self) -> None:
        desk = Desk(scoped(stage="legal_review"))
        gives_opinion(desk)

        with pytest.raises(Refused) as refused:
            changes(desk, MATERIAL)
        assert "ki" in refused.value.message.en and "ki" in refused.value.message.sv

    def test_leaves_the_case_as_it_was(self) -> None:
        desk = Desk(scoped(stage="legal_review"))
        before = desk.case
        desk.refuses("pm", RecordFacts(values=MATERIAL))

        assert desk.case == before


class TestExecution:
    def test_refuses_a_material_change(self) -> None:
        desk = Desk(started(scoped(stage=EXECUTION)))

        assert desk.refuses("pm", RecordFacts(values=MATERIAL, accept_return=True)) == ("R-CHANGE",)

    def test_refuses_a_new_participant(self) -> None:
        desk = Desk(started(scoped(stage=EXECUTION)))

        row = RecordRow(table="participants", row_id="1", values={"name": "Ny"}, accept_return=True)
        assert desk.refuses("pm", row) == ("R-CHANGE",)

    def test_allows_what_is_not_material(self) -> None:
        desk = Desk(started(scoped(stage=EXECUTION)))
        desk.does("pm", RecordRow(table="time_log", row_id="1", values={"on": NOON.date(), "hours": 2}))

        assert desk.fact("exec.hours_used") == 2


class TestChangeRequest:
    """Each change is asked for in writing, and its own change does not make the request stale."""

    def asked(self) -> Desk:
        desk = Desk(started(scoped(stage="confidentiality")))
        desk.paper("S-EXE-03")
        desk.takes("pm", "S-T22")
        return desk

    def test_stands_when_the_change_is_given_up(self) -> None:
        desk = self.asked()
        changes(desk, MATERIAL)
        desk.takes("pm", "S-T25")

        assert desk.case.stage == EXECUTION

    def test_does_not_do_for_the_next_change(self) -> None:
        desk = self.asked()
        desk.takes("pm", "S-T25")
        assert desk.refuses_action("pm", "S-T22") == ("S-EXE-03",)

        desk.paper("S-EXE-03")
        desk.takes("pm", "S-T22")


class TestMinorChange:
    """Within ten per cent of the price and ninety days of the end that were agreed, and within the price guard."""

    def test_raises_the_revision(self) -> None:
        desk = Desk(started(with_price(100_000)))
        desk.takes("decision_maker", "O-12", scope__end_date=date(2026, 8, 28))

        assert desk.fact("scope.end_date") == date(2026, 8, 28)
        assert (desk.case.scope_version, desk.case.scope_revision, desk.case.stage) == (1, 1, EXECUTION)

    @pytest.mark.parametrize(("days", "fits"), [(90, True), (91, False), (-90, True), (-91, False)])
    def test_keeps_within_ninety_days(self, days: int, fits: bool) -> None:
        desk = Desk(started(with_price(100_000)))
        end = date(2026, 5, 31) + timedelta(days=days)

        assert allowed(desk, {"scope.end_date": end}) == fits

    @pytest.mark.parametrize(("price", "fits"), [(90_000, True), (89_999, False), (100_000, True), (110_001, False)])
    def test_keeps_within_ten_per_cent(self, price: int, fits: bool) -> None:
        desk = Desk(started(with_price(100_000)))

        assert allowed(desk, {"price.amount_sek": Decimal(price)}) == fits

    def test_keeps_to_the_price_rule_of_the_form(self) -> None:
        """A fee for access may not be above full cost, however little it rises."""
        desk = Desk(started(with_price(100_000)))

        assert not allowed(desk, {"price.amount_sek": Decimal(105_000)})

    def test_counts_from_what_was_agreed_and_not_from_the_last_change(self) -> None:
        desk = Desk(started(with_price(100_000)))
        desk.takes("decision_maker", "O-12", scope__end_date=date(2026, 8, 1))

        assert not allowed(desk, {"scope.end_date": date(2026, 9, 30)})

    def test_needs_something_to_change(self) -> None:
        assert not allowed(Desk(started(with_price(100_000))), {})

    def test_is_for_execution_alone(self) -> None:
        assert not allowed(Desk(with_price(100_000, stage="scoping")), {"price.amount_sek": Decimal(95_000)})

    def test_changes_price_and_end_alone(self) -> None:
        desk = Desk(started(with_price(100_000)))
        with pytest.raises(InvalidInput):
            desk.takes("decision_maker", "O-12", scope__purpose="Annat")

    def test_is_made_by_the_decision_maker(self) -> None:
        desk = Desk(started(with_price(100_000)))

        assert "ROLE" in desk.refuses_action("pm", "O-12", price__amount_sek=Decimal(95_000))


def gives_opinion(desk: Desk) -> None:
    """The host's lawyer approves the text as it stands."""
    text_hash = desk.fact("legal.doc_hash")
    assert isinstance(text_hash, str)
    opinion = GiveOpinion(
        opinion="approve", text="Inga invändningar.", checks={}, scope_version=desk.case.scope_version,
        doc_hash=text_hash,
    )  # fmt: skip
    desk.does("legal", opinion)


def with_price(price: int, stage: str = EXECUTION) -> Case:
    """A case of access at full cost, as much as its price."""
    amounts: Facts = {"price.amount_sek": Decimal(price), "price.distortion_risk": False}
    return with_facts(scoped(stage=stage), amounts)


def allowed(desk: Desk, values: Facts) -> bool:
    """Whether the decision maker may make a minor change to these values."""
    try:
        decide(desk.case, desk.workflow, TakeAction(action="O-12", values=values), actor("decision_maker"), desk.now)
    except Refused as refused:
        assert [reason.id for reason in refused.verdict.reasons] == ["R-OVERLAY"]
        return False
    return True


def minor_field(form: str) -> str:
    """A field that the project manager records and that is no part of what is agreed."""
    return next(
        field.name
        for field in workflow(form).fields.values()
        if "pm" in field.by and field.is_recordable and not field.is_material and field.type in {"str", "text"}
        and form in field.forms
    )  # fmt: skip
