"""Domain values as the interface answers them, cut to what the reader may see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.application.queries import CaseLine, Place
from engine.application.results import Result
from engine.application.view_case import CaseView, Offer
from engine.domain.case import Document
from engine.domain.documents import valid_signatures
from engine.domain.reasons import NotFound, Reason, Verdict
from engine.domain.roles import SME_ROLES
from engine.domain.values import Text
from web import current
from web.errors import reason_data
from web.presenters.company_log import papers
from web.presenters.company_view import may_read_field, readable_facts, shared_documents


def plain(value: object) -> Any:
    """This will return a value as JSON holds it: decimals as text, days and moments as ISO text."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return format(value, "f")
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(part) for key, part in value.items()}
        case tuple() | list():
            return [plain(part) for part in value]
        case _:
            return str(value)


def words(text: Text) -> dict[str, str]:
    """This will return a text in both languages."""
    return {"sv": text.sv, "en": text.en}


def case_line(line: CaseLine) -> dict[str, Any]:
    """This will return one case of a list."""
    return {
        "id": line.id,
        "form": line.form,
        "infrastructure": line.infrastructure_id,
        "host": line.host_org,
        "company": line.company,
        "title": words(line.title),
        "reference": line.reference,
        "stage": line.stage,
        "stage_since": line.stage_since.isoformat(),
        "outcome": line.outcome,
        "revision": line.revision,
        "scope_version": line.scope_version,
    }


def place_after(line: CaseLine) -> str:
    """This will return where the next page of a list sorted by change begins."""
    return f"{line.changed_at.isoformat()}|{line.id}"


def read_place(text: str) -> Place | None:
    """This will read what ``place_after`` wrote. Raises ValueError."""
    if not text:
        return None
    at, _, case_id = text.partition("|")
    moment = datetime.fromisoformat(at)
    if moment.tzinfo is None or not case_id:
        raise ValueError("not a place in a list")
    return Place(at=moment, id=case_id)


def case_data(view: CaseView) -> dict[str, Any]:
    """This will return a case with its readable facts and documents."""
    case = view.case
    facts = readable_facts(view.workflow, view.facts) if view.actor.is_company else view.facts
    return {
        "id": case.id,
        "form": case.form,
        "definition_version": case.definition_version,
        "infrastructure": case.infrastructure_id,
        "host": case.host_org,
        "stage": case.stage,
        "stage_since": case.stage_since.isoformat(),
        "outcome": case.outcome,
        "is_suspended": case.hold is not None,
        "revision": case.revision,
        "scope_version": case.scope_version,
        "scope_revision": case.scope_revision,
        "roles": sorted(view.actor.roles),
        "facts": {name: plain(value) for name, value in sorted(facts.items()) if value is not None},
        "documents": documents_data(view),
    }


def readable_documents(view: CaseView) -> dict[str, Document]:
    """This will return the documents that the reader may open, by key."""
    if not view.actor.is_company:
        return dict(view.case.documents)
    shared = shared_documents(view.case, view.workflow, view.facts, papers(view.case.id))
    return {paper.document.key: paper.document for paper in shared}


def documents_data(view: CaseView) -> list[dict[str, Any]]:
    """This will return the documents that the reader may see, by key."""
    return [_document(view, document) for _, document in sorted(readable_documents(view).items())]


def offer_data(view: CaseView, offer: Offer) -> dict[str, Any]:
    """This will return an action with its verdict."""
    action, verdict = offer.action, offer.verdict
    return {
        "action": action.id,
        "name": action.name,
        "label": words(action.label),
        "to": action.target,
        "allowed": verdict.allowed,
        "failing": [_reason(view, reason) for reason in verdict.failing],
        "other": [_reason(view, reason) for reason in verdict.other],
    }


def offers_for(view: CaseView) -> tuple[Offer, ...]:
    """This will return the actions that concern the reader: for the company its own alone, for staff all."""
    if not view.actor.is_company:
        return view.offers
    return tuple(offer for offer in view.offers if SME_ROLES & set(offer.action.actors))


def reasons_for(verdict: Verdict, where: Mapping[str, Any]) -> list[dict[str, Any]]:
    """This will return the reasons of a refusal as the reader may know them.

    Somebody of the company who tries what only the host may do learns that, and nothing of the host's guards.
    """
    case_id = where.get("case_id")
    try:
        view = current.view(case_id) if isinstance(case_id, str) else None
    except NotFound:
        view = None
    if view is None:
        return [reason_data(reason) for reason in verdict.reasons if reason.kind in ("right", "rule", "input")]
    action = view.workflow.actions.get(verdict.action)
    if view.actor.is_company and action is not None and not SME_ROLES & set(action.actors):
        return [_reason(view, reason) for reason in verdict.other if reason.kind in ("right", "stage")]
    return [_reason(view, reason) for reason in verdict.reasons]


def done_data(result: Result) -> dict[str, Any]:
    """This will return what a command led to."""
    return {
        "case_id": result.case_id,
        "revision": result.revision,
        "sequence": result.sequence,
        "events": list(result.events),
    }


def _reason(view: CaseView, reason: Reason) -> dict[str, Any]:
    data = reason_data(reason)
    fields = view.workflow.fields
    data["values"] = {
        name: plain(value)
        for name, value in reason.values.items()
        if not view.actor.is_company or (name in fields and may_read_field(fields[name]))
    }
    return data


def _document(view: CaseView, document: Document) -> dict[str, Any]:
    rendition = document.rendition
    state = "superseded" if document.is_superseded else "frozen" if document.is_frozen else "draft"
    title = view.workflow.documents[document.document].title
    return {
        "key": document.key,
        "document": document.document,
        "title": words(title),
        "language": document.language,
        "state": state,
        "scope_version": document.scope_version,
        "finalised_at": document.finalised_at.isoformat() if document.finalised_at else None,
        "content_hash": rendition.content_hash if rendition else None,
        "file_hash": rendition.file_hash if rendition else None,
        "size": rendition.size if rendition else None,
        "registered_number": document.registered_number,
        "signatures": [
            {"role": mark.role, "party": mark.party, "signed_on": mark.signed_on.isoformat()}
            for mark in valid_signatures(document)
        ],
    }
