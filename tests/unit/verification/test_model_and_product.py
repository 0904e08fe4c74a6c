"""The model's effects do to a situation what the product's effects do to a case, in any order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain import effects
from engine.domain.case import Case, Document, Infrastructure, Opinion, Signature, Surroundings
from engine.domain.commands import Rendition
from engine.domain.events import ActionTaken, Entry
from engine.domain.workflow import Action, Workflow
from engine.verification import situation as s
from engine.verification.model import Model
from tests.unit.verification.seeded import definitions

NOW = datetime(2025, 11, 24, 8, 0, tzinfo=UTC)
RENDITION = Rendition(template_version="v1", template_hash="t", content_hash="c", file_hash="f", size=1)
EFFECTS = (
    "invalidate_legal", "invalidate_procurement", "void_signatures", "require_new_nda_signature",
    "restore_earlier_nda", "set_first_start", "restore_agreed_version", "set_suspended", "clear_suspended",
    "set_escalated", "clear_escalated", "set_reason_sme_choice", "stop_changed_work", "release_reservations",
)  # fmt: skip
COMPARED = (
    s.SUSPENDED, s.ESCALATED, s.STARTED, s.HOST_OPINION, s.RESULT, s.CONF_SIGNED, s.AGREEMENT, s.DECISION, s.REASON,
)  # fmt: skip


def paper(purpose: str, *roles: str) -> Document:
    """A frozen document of a purpose, signed by roles."""
    marks = tuple(
        Signature(
            role=role, party="sme" if role == "sme_signatory" else "host", person=role, person_name=role,
            method="esign", signed_on=NOW.date(), at=NOW, scope_version=1, agreement_hash="h",
        )
        for role in roles
    )  # fmt: skip
    return Document(
        key=f"{purpose}.1", document=purpose, purpose=purpose, language="sv", subject="", inputs={}, drafted_at=NOW,
        drafted_by="pm", scope_version=1, rendition=RENDITION, finalised_at=NOW, signatures=marks,
    )  # fmt: skip


def ready(form: str) -> Case:
    """A case in which everything has been signed, approved and checked."""
    host = Infrastructure(
        id="i", name_sv="i", name_en="i", owner_org="host", form=form, campus="c", capacity_unit="h", annual_capacity=1
    )
    papers = (
        paper("procurement_result", "procurement"), paper("main_agreement", "sme_signatory", "decision_maker"),
        paper("decision", "decision_maker"), paper("confidentiality", "sme_signatory", "decision_maker"),
    )  # fmt: skip
    opinion = Opinion(
        id="Y-1", organisation="host", person="lawyer", person_name="lawyer", opinion="approve", text="–", checks={},
        scope_version=1, doc_hash="h", at=NOW,
    )  # fmt: skip
    return Case(
        id="C", form=form, definition_version="v", infrastructure_id="i", host_org="host", language="sv", opened_at=NOW,
        opened_by="p", stage="scoping", stage_since=NOW, surroundings=Surroundings(infrastructure=host), last_at=NOW,
        last_person="p", last_change="", scope_version=1, highest_version=1, versions_used=1, confidentiality_checked=1,
        documents={one.key: one for one in papers}, opinions=(opinion,),
    )  # fmt: skip


def seen(case: Case) -> dict[int, int]:
    """What the model keeps of a case, read from its objects as the derivations read them."""

    def stands(purpose: str) -> Document | None:
        found = case.documents[f"{purpose}.1"]
        return None if found.is_superseded else found

    def is_signed(purpose: str) -> bool:
        found = stands(purpose)
        return found is not None and any(not mark.is_void for mark in found.signatures)

    reason = case.facts.get("case.reason_code")
    conf = is_signed("confidentiality") and not case.nda_amendment_pending
    return {
        s.SUSPENDED: int(case.hold is not None),
        s.ESCALATED: int(case.is_escalated),
        s.STARTED: int(case.first_started_at is not None),
        s.HOST_OPINION: int(any(not opinion.is_superseded for opinion in case.opinions)),
        s.RESULT: int(stands("procurement_result") is not None),
        s.CONF_SIGNED: 3 if conf else 0,
        s.AGREEMENT: int(is_signed("main_agreement")),
        s.DECISION: int(is_signed("decision")),
        s.REASON: 0 if reason is None else 2,
    }


def act(workflow: Workflow, effect: str) -> Action:
    return replace(workflow.actions["O-05"], effects=(effect,))


def apply(case: Case, effect: str) -> Case:
    event = ActionTaken(
        action="O-05", name="", source="scoping", target="scoping", outcome=None, effects=(effect,), guards={},
        documents=(), scope_version=1,
    )  # fmt: skip
    entry = Entry(
        sequence=1, at=NOW, person="p", person_name="p", role="pm", organisation="host", event=event
    )  # fmt: skip
    return effects.apply(case, entry, event)


@pytest.mark.parametrize("form", ["state", "regional", "company"])
@settings(max_examples=80, deadline=None)
@given(chosen=st.lists(st.sampled_from(EFFECTS), min_size=1, max_size=8))
def test_effects_agree_in_any_order(form: str, chosen: list[str]) -> None:
    workflow = definitions()[form]
    model = Model(workflow, frozenset(range(len(s.SLOT_NAMES))))
    start: s.Slots = list(s.beginning(s.NOTHING_BOUGHT))
    for slot in (s.HOST_OPINION, s.RESULT, s.AGREEMENT, s.DECISION, s.NDA_EVER, s.USED, s.CONF_CHECKED):
        start[slot] = 1
    start[s.CONF_SIGNED] = 3
    now, case = tuple(start), ready(form)

    used = {effect for action in workflow.actions.values() for effect in action.effects}
    for effect in chosen:
        if effect not in used:
            continue
        now, case = model.take(act(workflow, effect), now), apply(case, effect)

        assert {slot: now[slot] for slot in COMPARED} == seen(case), effect
