"""Documents: the list over cases, and everything that is done with one document of a case."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, abort, render_template, request, url_for
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from engine.application.make_document import finalise_document, preview_document
from engine.domain.case import Document
from engine.domain.commands import (
    Command,
    DiscardDocument,
    DispatchDocument,
    DraftDocument,
    Language,
    RegisterDocument,
    ReviewSecrecy,
    SignDocument,
)
from engine.domain.documents import draft, subjects_of
from engine.domain.reasons import EngineError
from engine.domain.values import Text
from web import current
from web.errors import status_of
from web.forms.case_forms import Answers, read_answers, read_day, read_line
from web.html.asking import ask, done, frame, fresh_head, no
from web.presenters import case as case_page
from web.presenters import documents as documents_page
from web.presenters.faults import Faults, of_entries, words
from web.presenters.lists import document_list, read_place

blueprint = Blueprint("documents", __name__)

View = str | Response | tuple[str, int]

PAGE: Final = 50
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/documents")
def index() -> str:
    """This will list the documents of all cases that the reader may see."""
    text = request.args.get("q", "")[:100]
    final_only = request.args.get("final") == "yes"
    lines = current.queries().documents(
        current.query_reader(), text=text, final_only=final_only, after=read_place(request.args), limit=PAGE + 1
    )
    page = document_list(current.voice(), lines, text=text, final_only=final_only, limit=PAGE)
    return render_template("documents/index.html", documents=page)


@blueprint.get("/cases/<case_id>/documents/new")
def new(case_id: str) -> View:
    """This will show the form that begins a document: language, for whom, and the document's own questions."""
    return _draw_new(case_id, request.args.get("document", ""), request.args.get("subject", ""))


@blueprint.post("/cases/<case_id>/documents")
def draft_document(case_id: str) -> View:
    """This will begin a document."""
    view = current.view(case_id)
    document_id, subject = request.form.get("document", ""), request.form.get("subject", "")[:64]
    type_ = view.workflow.documents.get(document_id)
    if type_ is None:
        abort(404)
    fields = [view.workflow.fields[name] for name in type_.inputs if name in view.workflow.fields]
    answers = read_answers(fields, request.form)
    if answers.faults:
        summary = of_entries(current.voice(), answers.faults)
        return _draw_new(case_id, document_id, subject, answers=answers, faults=summary), 422
    inputs = {name: value for name, value in answers.values.items() if value is not None}
    command = DraftDocument(document=document_id, language=_language(), inputs=inputs, subject=subject)
    try:
        ask(case_id, command)
    except EngineError as error:
        summary = no(case_id, error)
        return _draw_new(case_id, document_id, subject, answers=answers, faults=summary), status_of(error)
    current.forget_view(case_id)
    begun = draft(current.view(case_id).case, document_id, subject)
    target = (
        url_for("documents.show", case_id=case_id, key=begun.key) if begun else url_for("cases.show", case_id=case_id)
    )
    return done("done.drafted", target)


@blueprint.get("/cases/<case_id>/documents/<key>")
def show(case_id: str, key: str) -> View:
    """This will show one document: state, signatures, and what the reader may do with it."""
    return _draw(case_id, key)


@blueprint.get("/cases/<case_id>/documents/<key>/preview")
def preview(case_id: str, key: str) -> FlaskResponse:
    """This will hand out the draft as a Word file with its gaps marked. Nothing is stored."""
    document = _document(case_id, key)
    content = preview_document(current.ports(), case_id, key, document.inputs, current.asked(revision=None, key=""))
    return _word(content, f"{key}-{current.voice().t('document.state_draft')}.docx")


@blueprint.get("/cases/<case_id>/documents/<key>/file")
def download(case_id: str, key: str) -> FlaskResponse:
    """This will hand out the frozen file, byte for byte as it was issued."""
    document = _document(case_id, key)
    if document.rendition is None:
        abort(404)
    return _word(current.ports().files.get(document.rendition.file_hash), f"{case_id}-{key}.docx")


@blueprint.post("/cases/<case_id>/documents/<key>/finalise")
def finalise(case_id: str, key: str) -> View:
    """This will freeze the draft: the file is made, numbered and hashed, and never changes again."""
    view, document = current.view(case_id), _document(case_id, key)
    names = view.workflow.documents[document.document].inputs
    answers = read_answers([view.workflow.fields[n] for n in names if n in view.workflow.fields], request.form)
    if answers.faults:
        return _draw(case_id, key, faults=of_entries(current.voice(), answers.faults), answers=answers), 422
    inputs = {**document.inputs, **{name: value for name, value in answers.values.items() if value is not None}}
    try:
        finalise_document(current.ports(), case_id, key, inputs, frame())
    except EngineError as error:
        return _draw(case_id, key, faults=no(case_id, error), answers=answers), status_of(error)
    return done("done.finalised", url_for("documents.show", case_id=case_id, key=key))


@blueprint.post("/cases/<case_id>/documents/<key>/discard")
def discard(case_id: str, key: str) -> View:
    """This will throw a draft away, with a note."""
    faults: dict[str, Text] = {}
    note = read_line(request.form, "note", faults)
    if faults:
        return _draw(case_id, key, faults=of_entries(current.voice(), faults)), 422
    try:
        ask(case_id, DiscardDocument(key=key, note=note))
    except EngineError as error:
        return _draw(case_id, key, faults=no(case_id, error)), status_of(error)
    return done("done.discarded", url_for("cases.show", case_id=case_id, _anchor="dokument"))


@blueprint.post("/cases/<case_id>/documents/<key>/sign")
def sign(case_id: str, key: str) -> View:
    """This will sign in a role, or enter a signature that stands on paper."""
    faults: dict[str, Text] = {}
    method = request.form.get("method", "esign")
    on_behalf_of = read_line(request.form, "on_behalf_of", faults)
    signed_on = read_day(request.form, "signed_on", faults) if method == "wet" else None
    if faults:
        return _draw(case_id, key, faults=of_entries(current.voice(), faults)), 422
    command = SignDocument(
        key=key,
        role=request.form.get("role", "")[:32],
        method="wet" if method == "wet" else "esign",
        signed_on=signed_on,
        on_behalf_of=on_behalf_of,
    )
    return _on_document(case_id, command, key, "done.signed")


@blueprint.post("/cases/<case_id>/documents/<key>/dispatch")
def dispatch(case_id: str, key: str) -> View:
    """This will send a final document to the company."""
    return _on_document(case_id, DispatchDocument(key=key), key, "done.dispatched")


@blueprint.post("/cases/<case_id>/documents/<key>/register")
def register(case_id: str, key: str) -> View:
    """This will enter the record in the register, with a description that reveals no secret."""
    faults: dict[str, Text] = {}
    number = read_line(request.form, "number", faults)
    description = read_line(request.form, "description", faults)
    for name, value in (("number", number), ("description", description)):
        if not value and name not in faults:
            faults[name] = MISSING[name]
    if faults:
        return _draw(case_id, key, faults=of_entries(current.voice(), faults)), 422
    secrecy = read_line(request.form, "secrecy", faults) or "open"
    command = RegisterDocument(key=key, number=number, description=description, secrecy=secrecy)
    return _on_document(case_id, command, key, "done.registered")


@blueprint.post("/cases/<case_id>/documents/<key>/secrecy")
def review_secrecy(case_id: str, key: str) -> View:
    """This will keep a secrecy marking, or lift it."""
    faults: dict[str, Text] = {}
    note = read_line(request.form, "note", faults)
    if faults:
        return _draw(case_id, key, faults=of_entries(current.voice(), faults)), 422
    command = ReviewSecrecy(key=key, keep=request.form.get("keep") != "no", note=note)
    return _on_document(case_id, command, key, "done.reviewed")


MISSING: Final = {
    "number": Text(sv="Fyll i löpnumret", en="Fill in the running number"),
    "description": Text(
        sv="Beskriv handlingen utan att röja något", en="Describe the record without revealing secrets"
    ),
}


def _on_document(case_id: str, command: Command, key: str, done_words: str) -> View:
    try:
        ask(case_id, command)
    except EngineError as error:
        return _draw(case_id, key, faults=no(case_id, error)), status_of(error)
    return done(done_words, url_for("documents.show", case_id=case_id, key=key))


def _document(case_id: str, key: str) -> Document:
    found = current.view(case_id).case.documents.get(key)
    if found is None:
        abort(404)
    return found


def _language() -> Language:
    chosen = request.form.get("language", "sv")
    return "en" if chosen == "en" else "sv"


def _word(content: bytes, name: str) -> FlaskResponse:
    response = FlaskResponse(content, content_type=WORD)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _draw(case_id: str, key: str, *, faults: Faults | None = None, answers: Answers | None = None) -> str:
    document = _document(case_id, key)
    view, voice = current.view(case_id), current.voice()
    return render_template(
        "documents/show.html",
        head=case_page.head(voice, view),
        form=fresh_head(case_id),
        document=documents_page.page(
            voice,
            view,
            document,
            view.actor.roles,
            typed=answers.typed if answers else {},
            errors=words(voice, answers.faults) if answers else {},
        ),
        typed=request.form,
        faults=faults,
    )


def _draw_new(
    case_id: str, document_id: str, subject: str, *, answers: Answers | None = None, faults: Faults | None = None
) -> str:
    view, voice = current.view(case_id), current.voice()
    type_ = view.workflow.documents.get(document_id)
    if type_ is None:
        abort(404)
    return render_template(
        "documents/new.html",
        head=case_page.head(voice, view),
        form=fresh_head(case_id),
        document=documents_page.new_page(
            voice,
            view,
            type_,
            subject=subject,
            subjects=subjects_of(view.case, type_),
            typed=answers.typed if answers else {},
            errors=words(voice, answers.faults) if answers else {},
        ),
        language=request.form.get("language", view.case.language),
        faults=faults,
    )
