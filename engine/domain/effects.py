"""What an action does beside moving the case: the effects of domain dossier 3.2, executed with the move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from engine.domain.case import AgreedState, Case, ConflictDeclaration, Document, Fact, Hold
from engine.domain.events import ActionTaken, Entry
from engine.domain.roles import SYSTEM
from engine.domain.values import Facts, Value
from engine.domain.workflow import CLOSED

RESULT_PURPOSES: Final = frozenset({"procurement_result", "skip_record"})
TEXT_PURPOSES: Final = frozenset(
    {"main_agreement", "annex", "data_annex", "quality_agreement", "lease_waiver", "decision", "early_start"}
)
"""Documents whose signatures stand for the text: void when it stops being the text (``void_signatures``)."""

CONFIDENTIALITY_PURPOSES: Final = frozenset({"confidentiality", "confidentiality_amendment"})
AGREED_TABLES: Final = ("participants", "contributions")
"""Rows that are part of what is agreed; the others tell of the work and stay when a change is given up."""

SEVERAL_AT_A_TIME: Final = frozenset({"deviation_report", "status_report", "change_request"})
"""Documents of which several stand beside each other; a new one replaces none."""


def remember_act(case: Case, person: str, act: str | None) -> Case:
    """This will note that a person has done an act that segregation of duties looks at."""
    done = case.acts.get(person, ())
    if act is None or act in done:
        return case
    return replace(case, acts={**case.acts, person: (*done, act)})


def remember_editor(case: Case, person: str) -> Case:
    """This will add a person to those who scoped or priced the case; the list never shrinks."""
    if person in case.scope_editors:
        return case
    return replace(case, scope_editors=(*case.scope_editors, person))


def use_version(case: Case, version: int) -> Case:
    """This will note that somebody confirmed, signed or judged a scope version."""
    return replace(case, versions_used=max(case.versions_used, version))


def replace_other_result(case: Case, document: Document) -> Case:
    """This will supersede older procurement results and skip records: the new one replaces both (R-CLEAR)."""
    documents = {
        key: replace(other, is_superseded=True)
        if other.purpose in RESULT_PURPOSES and other.is_frozen and key != document.key
        else other
        for key, other in case.documents.items()
    }
    return replace(case, documents=documents)


def is_signed_by_both(document: Document) -> bool:
    """This will tell whether the company and the host have signed a document (signatures that stand)."""
    parties = {signature.party == "sme" for signature in document.signatures if not signature.is_void}
    return parties == {True, False}


def apply(case: Case, entry: Entry, event: ActionTaken) -> Case:
    """This will move the case and execute the action's effects in their order."""
    case = _record_values(case, entry, event.values)
    if event.name == "complete":
        case = remember_act(case, entry.person, "complete")
    for effect in event.effects:
        case = _effect(case, entry, event, effect)
    if event.source == event.target:
        return case
    case = replace(case, stage=event.target, stage_since=entry.at)
    if event.target == CLOSED:
        return replace(case, outcome=event.outcome, closed_at=entry.at, hold=None, is_escalated=False)
    return case


def _record_values(case: Case, entry: Entry, values: Facts) -> Case:
    recorded = {
        name: Fact(value=value, person=entry.person, role=entry.role, at=entry.at)
        for name, value in values.items()
        if "." in name
    }
    return replace(case, facts={**case.facts, **recorded}) if recorded else case


def _effect(case: Case, entry: Entry, event: ActionTaken, effect: str) -> Case:
    match effect:
        case "invalidate_legal":
            return replace(case, opinions=tuple(replace(opinion, is_superseded=True) for opinion in case.opinions))
        case "invalidate_procurement":
            return _supersede(case, RESULT_PURPOSES)
        case "void_signatures":
            purposes = TEXT_PURPOSES if case.form == "company" else TEXT_PURPOSES | CONFIDENTIALITY_PURPOSES
            return _void_signatures(case, purposes)
        case "require_new_nda_signature":
            return replace(case, nda_amendment_pending=True)
        case "restore_earlier_nda":
            case = _supersede(case, frozenset({"confidentiality_amendment"}), unsigned_only=True)
            return replace(case, nda_amendment_pending=False)
        case "set_first_start":
            case = replace(case, first_started_at=case.first_started_at or entry.at, changed_work_stopped=False)
            return replace(case, agreed=_agreed_state(case))
        case "restore_agreed_version":
            return _restore(case)
        case "stop_changed_work":
            return replace(case, changed_work_stopped=True)
        case "set_reason_sme_choice":
            return _record_values(case, entry, {"case.reason_code": "sme_choice"})
        case "set_suspended":
            return replace(case, hold=_hold(entry, event))
        case "clear_suspended":
            return replace(case, hold=None)
        case "set_escalated":
            return replace(case, is_escalated=True)
        case "clear_escalated":
            return replace(case, is_escalated=False)
        case "set_annulled":
            case = _record_values(case, entry, {"decision.appeal_state": "annulled"})
            return replace(case, is_annulled=True)
        case "open_conflict":
            return _open_conflict(case, entry, event.values)
        case "close_conflict":
            return _close_conflict(case, event.values)
        case "raise_revision":
            return _keep_minor(replace(case, scope_revision=case.scope_revision + 1), event.values)
        case _:
            # Effects outside the case (reservations, notices, clocks) are events or messages of their own.
            return case


def _supersede(case: Case, purposes: frozenset[str], *, unsigned_only: bool = False) -> Case:
    documents = {
        key: replace(document, is_superseded=True)
        if document.purpose in purposes and not (unsigned_only and is_signed_by_both(document))
        else document
        for key, document in case.documents.items()
    }
    return replace(case, documents=documents)


def _void_signatures(case: Case, purposes: frozenset[str]) -> Case:
    documents = {
        key: replace(document, signatures=tuple(replace(mark, is_void=True) for mark in document.signatures))
        if document.purpose in purposes
        else document
        for key, document in case.documents.items()
    }
    return replace(case, documents=documents)


def _is_agreed(name: str) -> bool:
    """Scope, price and purchases, and whose lawyers must approve: what comes back when a change is given up."""
    return name.split(".", 1)[0] in {"scope", "price", "proc"} or name == "legal.required_orgs"


def _agreed_state(case: Case) -> AgreedState:
    return AgreedState(
        scope_version=case.scope_version,
        scope_revision=case.scope_revision,
        facts={name: fact for name, fact in case.facts.items() if _is_agreed(name)},
        rows=case.rows,
        documents=case.documents,
        opinions=case.opinions,
        confirmed=case.confirmed,
        confidentiality_checked=case.confidentiality_checked,
    )


def _keep_minor(case: Case, values: Facts) -> Case:
    if case.agreed is None:
        return case
    changed = {name: case.facts[name] for name in values if name in case.facts}
    minor = {**case.agreed.minor, **changed}
    return replace(case, agreed=replace(case.agreed, minor=minor, scope_revision=case.scope_revision))


def _restore(case: Case) -> Case:
    agreed = case.agreed
    if agreed is None:
        return case
    kept = {name: fact for name, fact in case.facts.items() if not _is_agreed(name)}
    documents = {key: _restored(document, agreed.documents.get(key)) for key, document in case.documents.items()}
    judged_later = tuple(
        replace(opinion, is_superseded=True)
        for opinion in case.opinions
        if opinion.id not in {earlier.id for earlier in agreed.opinions}
    )
    return replace(
        case,
        scope_version=agreed.scope_version,
        scope_revision=agreed.scope_revision,
        facts={**kept, **agreed.facts, **agreed.minor},
        rows={**case.rows, **{table: agreed.rows.get(table, {}) for table in AGREED_TABLES}},
        documents=documents,
        opinions=(*agreed.opinions, *judged_later),
        confirmed=agreed.confirmed,
        confidentiality_checked=agreed.confidentiality_checked,
        changed_work_stopped=False,
    )


def _restored(document: Document, agreed: Document | None) -> Document:
    """The document as agreed: its signatures stand again; what came later in other texts is superseded."""
    if agreed is not None:
        return replace(document, signatures=agreed.signatures, is_superseded=agreed.is_superseded)
    return document if document.purpose in SEVERAL_AT_A_TIME else replace(document, is_superseded=True)


def _hold(entry: Entry, event: ActionTaken) -> Hold:
    review_on = event.values.get("case.suspended_review_date")
    return Hold(
        reason=_text(event.values.get("case.suspended_reason")) or event.comment,
        owner=_text(event.values.get("case.suspended_owner")) or entry.person,
        review_on=review_on if isinstance(review_on, date) else None,
        by_system=entry.role == SYSTEM,
    )


def _open_conflict(case: Case, entry: Entry, values: Facts) -> Case:
    declaration = ConflictDeclaration(
        id=f"K-{len(case.conflicts) + 1}",
        about=_text(values.get("about")) or entry.person,
        reason=_text(values.get("reason")),
        declared_by=entry.person,
        at=entry.at,
    )
    return replace(case, conflicts=(*case.conflicts, declaration))


def _close_conflict(case: Case, values: Facts) -> Case:
    closed = _text(values.get("declaration"))
    result = _text(values.get("result"))
    return replace(
        case,
        conflicts=tuple(
            replace(declaration, result=result) if declaration.id == closed else declaration
            for declaration in case.conflicts
        ),
    )


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""
