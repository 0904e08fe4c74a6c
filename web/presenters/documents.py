"""Documents of a case in plain values: rows, the page of one document, and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from flask import url_for

from engine.application.view_case import CaseView
from engine.domain.case import Document
from engine.domain.deciding_documents import REGISTER_ROLES, SENDERS, WET_ENTRY_FOR, drafters_of
from engine.domain.documents import is_current, missing_signers, valid_signatures
from engine.domain.roles import SME_ROLES
from engine.domain.workflow import DocumentType
from web.presenters.facts import Entry, entry
from web.presenters.log import document_name
from web.presenters.reasons import role_name
from web.voice import Voice

SECRECY_ROLES: Final = frozenset({"registrar", "legal", "archivist"})
"""Who is offered a review of secrecy; the engine alone decides whether it is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """One document in a list."""

    key: str
    id: str
    name: str
    href: str
    hash: str
    notes: tuple[str, ...]
    state: str
    tone: str
    is_signed: bool
    is_superseded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """A document type that can be begun, and for whom a copy is made (empty: one copy)."""

    id: str
    name: str
    href: str
    is_needed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPane:
    """The documents of a case: those in force, those replaced, those that are asked for and missing, all others."""

    rows: tuple[DocumentRow, ...]
    replaced: tuple[DocumentRow, ...]
    needed: tuple[NewDocument, ...]
    others: tuple[NewDocument, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocumentPage:
    """The form that begins a document. ``subjects`` are the persons a copy can be made for (empty: one copy)."""

    id: str
    name: str
    subject: str
    subjects: tuple[tuple[str, str], ...]
    inputs: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureLine:
    """A signature given, or one that is missing (``is_given`` false)."""

    role: str
    who: str
    note: str
    is_given: bool
    is_void: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage:
    """The page of one document."""

    key: str
    id: str
    name: str
    stage: str
    row: DocumentRow
    is_draft: bool
    language: str
    subject: str
    marking: str
    marking_key: str
    template: str
    registered: str
    retention: str
    signatures: tuple[SignatureLine, ...]
    inputs: tuple[Entry, ...]
    may_finalise: bool
    may_sign: tuple[tuple[str, str], ...]
    paper_roles: tuple[tuple[str, str], ...]
    may_dispatch: bool
    may_register: bool
    may_review_secrecy: bool
    proposed_number: str


def short_hash(file_hash: str) -> str:
    """This will return the first eight characters of a hash in two groups."""
    return f"{file_hash[:4]} {file_hash[4:8]}" if file_hash else ""


def rows(voice: Voice, view: CaseView, *, superseded: bool) -> tuple[DocumentRow, ...]:
    """This will return the documents of a case, latest first: those in force, or those that were replaced."""
    found = [document for document in view.case.documents.values() if document.is_superseded is superseded]
    found.sort(key=lambda document: (document.finalised_at or document.drafted_at, document.key), reverse=True)
    return tuple(row(voice, view, document) for document in found)


def row(voice: Voice, view: CaseView, document: Document) -> DocumentRow:
    """This will return one document as a row."""
    type_ = view.workflow.documents[document.document]
    missing = missing_signers(type_, document) if document.is_frozen else ()
    state, tone, is_signed = _state(view, document, missing)
    notes = [voice.t("document.version", version=document.scope_version)]
    if document.subject:
        notes.append(subject_name(view, document.subject))
    if document.finalised_at is not None:
        notes.append(voice.t("document.issued", day=voice.moment_day(document.finalised_at)))
    if document.registered_number:
        notes.append(voice.t("document.registered", number=document.registered_number))
    if document.is_frozen and missing and not document.is_superseded:
        names = ", ".join(role_name(voice, view.workflow, role) for role in missing)
        notes.append(voice.t("document.waits_for", who=names))
    return DocumentRow(
        key=document.key,
        id=document.key,
        name=document_name(voice, view.workflow, document.key),
        href=url_for("documents.show", case_id=view.case.id, key=document.key),
        hash=short_hash(document.rendition.content_hash) if document.rendition else "",
        notes=tuple(notes),
        state=voice.t(f"document.state_{state}"),
        tone=tone,
        is_signed=is_signed,
        is_superseded=document.is_superseded,
    )


def pane(voice: Voice, view: CaseView, needed: Iterable[str]) -> DocumentPane:
    """This will return all documents of the case. ``needed`` are ids that some wished action asks for."""
    ids = tuple(dict.fromkeys(needed))
    begun = {document.document for document in view.case.documents.values() if not document.is_superseded}
    missing = [name for name in ids if name in view.workflow.documents and name not in begun]
    others = [name for name in view.workflow.documents if name not in missing]
    return DocumentPane(
        rows=rows(voice, view, superseded=False),
        replaced=rows(voice, view, superseded=True),
        needed=tuple(_new(voice, view, name, is_needed=True) for name in missing),
        others=() if view.case.is_closed else tuple(_new(voice, view, name, is_needed=False) for name in others),
    )


def page(
    voice: Voice,
    view: CaseView,
    document: Document,
    roles: Iterable[str],
    *,
    typed: Mapping[str, tuple[str, ...]],
    errors: Mapping[str, str],
) -> DocumentPage:
    """This will return the page of one document with what its reader is offered, and what was typed just now."""
    held = set(roles)
    workflow = view.workflow
    type_ = workflow.documents[document.document]
    missing = missing_signers(type_, document) if document.is_frozen and not document.is_superseded else ()
    return DocumentPage(
        key=document.key,
        id=document.document,
        name=document_name(voice, workflow, document.key),
        stage=voice.text(workflow.stage(type_.stage).label),
        row=row(voice, view, document),
        is_draft=not document.is_frozen,
        language=voice.t(f"language.{document.language}"),
        subject=subject_name(view, document.subject) if document.subject else "",
        marking=marking_words(voice, document.marking),
        marking_key=document.marking,
        template=document.rendition.template_version if document.rendition else type_.template,
        registered=document.registered_number or "",
        retention=type_.retention,
        signatures=_signatures(voice, view, type_, document, missing),
        inputs=input_entries(voice, view, type_, document, typed=typed, errors=errors)
        if not document.is_frozen
        else (),
        may_finalise=not document.is_frozen and bool(held & set(drafters_of(type_))),
        may_sign=tuple((role, role_name(voice, workflow, role)) for role in missing if role in held),
        paper_roles=tuple(
            (role, role_name(voice, workflow, role))
            for role in missing
            if role in WET_ENTRY_FOR and role not in held and held & set(REGISTER_ROLES)
        ),
        may_dispatch=document.is_frozen and not document.is_superseded and bool(held & set(SENDERS)),
        may_register=document.is_frozen and not document.registered_number and bool(held & set(REGISTER_ROLES)),
        may_review_secrecy=document.is_frozen and bool(held & SECRECY_ROLES),
        proposed_number=_next_number(view),
    )


def new_page(
    voice: Voice,
    view: CaseView,
    type_: DocumentType,
    *,
    subject: str,
    subjects: tuple[str, ...],
    typed: Mapping[str, tuple[str, ...]],
    errors: Mapping[str, str],
) -> NewDocumentPage:
    """This will return the form that begins a document."""
    return NewDocumentPage(
        id=type_.id,
        name=voice.text(type_.title),
        subject=subject,
        subjects=tuple((row_id, subject_name(view, row_id)) for row_id in subjects if row_id),
        inputs=input_entries(voice, view, type_, None, typed=typed, errors=errors),
    )


def input_entries(
    voice: Voice,
    view: CaseView,
    type_: DocumentType,
    document: Document | None,
    *,
    typed: Mapping[str, tuple[str, ...]],
    errors: Mapping[str, str],
) -> tuple[Entry, ...]:
    """This will return the document's own questions, with what was answered last or typed just now."""
    given = document.inputs if document is not None else {}
    return tuple(
        entry(
            voice,
            view.workflow.fields[name],
            name=name,
            value=given.get(name, view.facts.get(name)),
            typed=typed.get(name),
            error=errors.get(name, ""),
        )
        for name in type_.inputs
        if name in view.workflow.fields
    )


def marking_words(voice: Voice, marking: str) -> str:
    """This will return a secrecy marking in words; provisions keep their number (OSL 24:5)."""
    if marking in ("open", "internal", "conf"):
        return voice.t(f"marking.{marking}")
    return voice.t("marking.provision", provisions=marking.replace("|", ", ").replace("mark:", ""))


def _new(voice: Voice, view: CaseView, name: str, *, is_needed: bool) -> NewDocument:
    return NewDocument(
        id=name,
        name=voice.text(view.workflow.documents[name].title),
        href=url_for("documents.new", case_id=view.case.id, document=name),
        is_needed=is_needed,
    )


def _state(view: CaseView, document: Document, missing: tuple[str, ...]) -> tuple[str, str, bool]:
    if document.is_superseded:
        return "replaced", "soft", False
    if not document.is_frozen:
        return "draft", "soft", False
    if not is_current(view.workflow, document, view.facts):
        return "stale", "stop", False
    if view.workflow.documents[document.document].signers and not missing:
        return "signed", "done", True
    if missing:
        return "to_sign", "", False
    return ("dispatched", "", False) if document.dispatches else ("final", "", False)


def subject_name(view: CaseView, row_id: str) -> str:
    """This will return for whom a copy of a document is made, by the row's id."""
    for table in ("participants", "access_list"):
        row = view.case.rows.get(table, {}).get(row_id)
        if row is not None:
            return str(row.values.get("name") or row_id)
    return row_id


def _signatures(
    voice: Voice, view: CaseView, type_: DocumentType, document: Document, missing: tuple[str, ...]
) -> tuple[SignatureLine, ...]:
    given = [
        SignatureLine(
            role=role_name(voice, view.workflow, mark.role),
            who=mark.person_name,
            note=f"{voice.day(mark.signed_on)}, {voice.t(f'method.{mark.method}')}",
            is_given=True,
            is_void=mark.is_void,
        )
        for mark in (*valid_signatures(document), *(mark for mark in document.signatures if mark.is_void))
    ]
    roles = missing if document.is_frozen else type_.signers
    waiting = [
        SignatureLine(role=role_name(voice, view.workflow, role), who="", is_given=False, is_void=False,
                      note=voice.t("document.company_signs" if role in SME_ROLES else "document.not_signed"))
        for role in roles
    ]  # fmt: skip
    return (*given, *waiting)


def _next_number(view: CaseView) -> str:
    documents = [document.registered_number for document in view.case.documents.values()]
    files = [file.registered_number for file in view.case.files.values()]
    taken = [int(number) for number in (*documents, *files) if number and number.isdigit()]
    return str(max(taken, default=0) + 1)
