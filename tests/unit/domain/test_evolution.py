"""How events fold: every kind of event has its place, refusals change nothing, and the past is left alone."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import fields, replace
from datetime import timedelta
from typing import get_args

import pytest

from engine.domain.case import Case
from engine.domain.events import (
    ActionRefused,
    Attested,
    CaseOpened,
    ConditionClosed,
    ConfidentialityChecked,
    DocumentDiscarded,
    DocumentDispatched,
    DocumentDrafted,
    DocumentFinalised,
    DocumentRegistered,
    DocumentSigned,
    Event,
    FactsRecorded,
    FileUploaded,
    LedgerReserved,
    LedgersReleased,
    MessageSent,
    NoticeAcknowledged,
    OpinionGiven,
    PersonAssigned,
    RowRecorded,
    RowRemoved,
    ScopeConfirmed,
    SecrecyReviewed,
)
from engine.domain.evolution import evolve, fold, open_from
from tests.builders import DAY, NOON, a_case, actor, entry, rendition, scoped, taken, with_rows

KEY = "S-SCO-01.1"
OPENED = CaseOpened(
    case_id="C-1", form="state", definition_version="state-1.1.0", infrastructure_id="place", host_org="ki",
    initial_stage="inquiry", language="sv", values={}, notices={},
)  # fmt: skip
DRAFTED = DocumentDrafted(
    key=KEY, document="S-SCO-01", purpose="scope_sheet", language="sv", subject="", inputs={}, scope_version=1
)
EVENTS: tuple[Event, ...] = (
    FactsRecorded(values={"scope.purpose": "x"}, scope_version=2, scope_revision=0),
    RowRecorded(table="assets", row_id="1", values={"what": "x"}, scope_version=1, scope_revision=0),
    RowRemoved(table="assets", row_id="1", scope_version=1, scope_revision=0),
    NoticeAcknowledged(notice="privacy", version="2"),
    ScopeConfirmed(side="sme", scope_version=1),
    ConfidentialityChecked(scope_version=1),
    OpinionGiven(
        opinion_id="Y-1", organisation="ki", opinion="approve", text="x", checks={}, scope_version=1, doc_hash="h"
    ),
    ConditionClosed(condition_id="V-1.1", evidence="x"),
    DRAFTED,
    DocumentFinalised(
        key=KEY, rendition=rendition(), inputs={}, scope_version=1, merge_hash="m", agreement_hash="a", secrecy="open"
    ),
    DocumentDiscarded(key=KEY, note="x"),
    DocumentSigned(
        key=KEY, role="pm", party="ki", method="esign", signed_on=DAY, scope_version=1, agreement_hash="a",
        uses_scope=True,
    ),
    DocumentDispatched(key=KEY, recipient="sme"),
    DocumentRegistered(key=KEY, number="1", description="x", secrecy="open"),
    SecrecyReviewed(key=KEY, keep=True, note=""),
    Attested(what="access_revoked", note=""),
    taken("add_note", source="scoping", target="scoping"),
    ActionRefused(command="TakeAction", action="S-T05", reasons=("G-SCO-01",)),
    LedgerReserved(ledger="capacity", owner="place", year=2025, amount="1"),
    LedgersReleased(settled=True),
    MessageSent(audience="company", text="x"),
    FileUploaded(key="F-1", name="x", media_type="x", file_hash="x", size=1, info_class=""),
    PersonAssigned(person="pi", name="Forskaren", role="pi", organisation="ki"),
)  # fmt: skip
each_event = pytest.mark.parametrize("event", EVENTS, ids=[type(event).__name__ for event in EVENTS])


def drafted() -> Case:
    """A case with a draft and a row, so that every kind of event has something to act on."""
    case = with_rows(scoped(), "assets", {"what": "Prov", "state": "missing"})
    return evolve(case, entry(DRAFTED, actor("pm"), sequence=2))


def test_every_kind_of_event_is_here() -> None:
    assert {type(event) for event in EVENTS} | {CaseOpened} == set(get_args(Event))


@each_event
class TestEvent:
    def test_moves_the_log_on_by_one(self, event: Event) -> None:
        after = evolve(drafted(), entry(event, actor("pm"), at=NOON + timedelta(hours=1), sequence=3))

        assert after.sequence == 3
        changed = 0 if isinstance(event, ActionRefused) else 1
        assert after.revision == drafted().revision + changed

    def test_leaves_the_case_before_it_alone(self, event: Event) -> None:
        before = drafted()
        kept = deepcopy(before)
        evolve(before, entry(event, actor("pm"), sequence=3))

        assert before == kept

    def test_gives_the_same_case_every_time(self, event: Event) -> None:
        line = entry(event, actor("pm"), sequence=3)

        assert evolve(drafted(), line) == evolve(drafted(), line)

    def test_tells_who_did_it_and_when(self, event: Event) -> None:
        moment = NOON + timedelta(hours=1)
        after = evolve(drafted(), entry(event, actor("pm"), at=moment, sequence=3))

        if not isinstance(event, ActionRefused):
            assert (after.last_at, after.last_person, after.last_change) == (
                moment, "pm (fiktiv)", type(event).__name__,
            )  # fmt: skip


class TestOpening:
    def test_begins_at_one(self) -> None:
        case = open_from(entry(OPENED, actor("sme_contact")), a_case().surroundings)

        assert (case.revision, case.sequence, case.stage) == (1, 1, "inquiry")
        assert (case.scope_version, case.opened_by) == (0, "sme_contact")

    def test_happens_once(self) -> None:
        with pytest.raises(ValueError, match="once"):
            evolve(a_case(), entry(OPENED, actor("sme_contact"), sequence=2))

    def test_is_the_first_line_of_every_log(self) -> None:
        with pytest.raises(TypeError, match="begins"):
            fold((entry(EVENTS[0], actor("pm")),), a_case().surroundings)


class TestRefusal:
    def test_changes_nothing_but_the_line_number(self) -> None:
        refused = ActionRefused(command="TakeAction", action="S-T05", reasons=("ROLE",))
        after = evolve(drafted(), entry(refused, actor("legal"), at=NOON + timedelta(days=1), sequence=9))

        assert after == replace(drafted(), sequence=9)


class TestMove:
    def test_sets_stage_and_moment(self) -> None:
        move = taken("submit_for_legal", source="scoping", target="legal_review")
        after = evolve(scoped(), entry(move, actor("pm"), at=NOON + timedelta(days=1), sequence=2))

        assert (after.stage, after.stage_since) == ("legal_review", NOON + timedelta(days=1))

    def test_to_the_end_closes_the_case_and_lifts_what_held_it(self) -> None:
        move = replace(taken("withdraw", source="scoping", target="closed"), outcome="withdrawn")
        held = replace(scoped(), is_escalated=True)
        after = evolve(held, entry(move, actor("sme_contact"), sequence=2))

        assert after.is_closed and after.outcome == "withdrawn"
        assert not after.is_escalated and after.hold is None

    def test_of_an_overlay_leaves_the_stage_and_its_moment(self) -> None:
        note = taken("add_note", source="scoping", target="scoping")
        after = evolve(scoped(), entry(note, actor("pm"), at=NOON + timedelta(days=1), sequence=2))

        assert (after.stage, after.stage_since) == (scoped().stage, scoped().stage_since)


class TestRegister:
    def test_entry_after_closing_opens_the_question_again(self) -> None:
        closed = evolve(
            drafted(), entry(Attested(what="register_case_closed", note=""), actor("registrar"), sequence=3)
        )
        assert closed.register_closed_at == NOON

        late = DocumentRegistered(key=KEY, number="2", description="x", secrecy="open")
        assert evolve(closed, entry(late, actor("registrar"), sequence=4)).register_closed_at is None


def test_case_cannot_be_changed_in_place() -> None:
    with pytest.raises(AttributeError):
        scoped().stage = "closed"  # type: ignore[misc] # that is the point
    assert {field.name for field in fields(Case)} >= {"stage", "revision"}
