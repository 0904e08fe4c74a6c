"""In which state each document of a case is: current, signed, final, registered; and which are due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.domain.agreement import applies, merge_hash
from engine.domain.case import Case, Document, Signature
from engine.domain.deadlines import working_days_between
from engine.domain.expressions import Environment
from engine.domain.roles import SME_ROLES
from engine.domain.values import Facts, local_day
from engine.domain.workflow import DocumentType, Workflow

CLOSING_PURPOSES = frozenset({"final_report", "return_certificate"})
REMINDER_WORKING_DAYS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A document that must exist: the type, and the row id of the person in documents made once per person."""

    type: DocumentType
    subject: str = ""


def standing(case: Case, document_id: str, subject: str = "") -> Document | None:
    """This will return the latest frozen document of a type that nothing has replaced, or None."""
    found = [
        document
        for document in case.documents.values()
        if document.document == document_id
        and document.subject == subject
        and document.is_frozen
        and not document.is_superseded
    ]
    return max(found, key=frozen_order, default=None)


def frozen_order(document: Document) -> tuple[datetime, int]:
    """This will return what frozen documents are ordered by: when, and then their number."""
    number = document.key.rsplit(".", 1)[-1]
    return document.finalised_at or document.drafted_at, int(number) if number.isdecimal() else 0


def draft(case: Case, document_id: str, subject: str = "") -> Document | None:
    """This will return the open draft of a type, or None."""
    for document in case.documents.values():
        if document.document == document_id and document.subject == subject and not document.is_frozen:
            return document
    return None


def is_current(workflow: Workflow, document: Document, facts: Facts) -> bool:
    """This will tell whether a frozen document still rests on the material facts of now."""
    if document.is_superseded:
        return False
    return document.merge_hash == merge_hash(workflow, workflow.documents[document.document], facts)


def valid_signatures(document: Document) -> tuple[Signature, ...]:
    """This will return the signatures that stand, in the order they were given."""
    return tuple(mark for mark in document.signatures if not mark.is_void)


def signed_roles(document: Document) -> frozenset[str]:
    """This will return the roles that have signed."""
    return frozenset(mark.role for mark in valid_signatures(document))


def missing_signers(type_: DocumentType, document: Document) -> tuple[str, ...]:
    """This will return the roles that have yet to sign, in signing order.

    The company's signature on a closing document is replaced by two reminders, ten working days apart (R-DOC-2).
    """
    signed = signed_roles(document)
    missing = tuple(role for role in type_.signers if role not in signed)
    if document.purpose in CLOSING_PURPOSES and _was_reminded(document):
        return tuple(role for role in missing if role not in SME_ROLES)
    return missing


def _was_reminded(document: Document) -> bool:
    if len(document.dispatches) < 2:
        return False
    first, last = local_day(document.dispatches[0]), local_day(document.dispatches[-1])
    return working_days_between(first, last) >= REMINDER_WORKING_DAYS


def is_cosigned(type_: DocumentType) -> bool:
    """This will tell whether company and host sign a document together (R-DOC-2)."""
    return bool(SME_ROLES & set(type_.signers)) and bool(set(type_.signers) - SME_ROLES)


def is_signed(type_: DocumentType, document: Document) -> bool:
    """This will tell whether everybody who must sign has done so."""
    return not missing_signers(type_, document)


def is_final(workflow: Workflow, document: Document | None, facts: Facts) -> bool:
    """This will tell whether a document is final: frozen, current, and signed when one organisation signs it alone."""
    if document is None or not document.is_frozen or not is_current(workflow, document, facts):
        return False
    type_ = workflow.documents[document.document]
    return is_cosigned(type_) or is_signed(type_, document)


def final_documents(case: Case, workflow: Workflow, facts: Facts) -> frozenset[str]:
    """This will return the ids for which ``docs(id)`` holds: every copy that is due is final."""
    final: set[str] = set()
    seen = {document.document for document in case.documents.values() if document.is_frozen}
    for document_id in seen:
        type_ = workflow.documents.get(document_id)
        if type_ is None:
            continue
        subjects = subjects_of(case, type_)
        if subjects and all(is_final(workflow, standing(case, document_id, who), facts) for who in subjects):
            final.add(document_id)
    return frozenset(final)


def subjects_of(case: Case, type_: DocumentType) -> tuple[str, ...]:
    """This will return for whom copies are made: ``("",)`` for one copy, else the row ids of the persons."""
    if type_.occasion == "per_participant":
        rows = case.rows.get("participants", {})
        return tuple(row_id for row_id, row in rows.items() if row.values.get("employer") == case.host_org)
    if type_.occasion == "per_visitor":
        rows = case.rows.get("access_list", {})
        return tuple(row_id for row_id, row in rows.items() if row.values.get("visitor") is True)
    return ("",)


def due_documents(
    case: Case, workflow: Workflow, environment: Environment, ids: Iterable[str], *, listed: bool, amends: bool = False
) -> tuple[Due, ...]:
    """This will return which of the documents must exist now, one entry per copy.

    ``listed`` means that an action names them: event documents (a change request) are then due too. ``amends``
    tells that the action, or the case, has a confidentiality amendment under way.
    """
    due: list[Due] = []
    for document_id in ids:
        type_ = workflow.documents[document_id]
        if not _occasion_is_here(case, type_, listed=listed, amends=amends) or not applies(type_, environment):
            continue
        due.extend(Due(type=type_, subject=subject) for subject in subjects_of(case, type_))
    return tuple(due)


def _occasion_is_here(case: Case, type_: DocumentType, *, listed: bool, amends: bool) -> bool:
    match type_.occasion:
        case "always" | "per_participant" | "per_visitor":
            return True
        case "amendment":
            return amends or case.nda_amendment_pending
        case "change":
            return listed
        case "one_for_all":
            return listed and case.surroundings.joint is not None
        case _:
            # Deviations, periodic reports and early letters are due only once somebody has begun one.
            return draft(case, type_.id) is not None
