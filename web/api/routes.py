"""The interface's addresses. Every answer carries the current revision; every POST names the one it was decided on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

from flask import Flask, Response, abort, current_app, jsonify, send_file
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.info import Info
from flask_openapi3.models.tag import Tag
from flask_openapi3.openapi import OpenAPI
from flask_wtf.csrf import generate_csrf

from engine.application.handle_command import handle
from engine.application.queries import CaseFilters
from engine.domain.commands import Command, GiveOpinion, RecordFacts, TakeAction
from engine.domain.values import Value
from web import current
from web.api import models, problems, shapes

WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PROBLEM: Final = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
FAULTS: Final[dict[Any, Any]] = {
    str(status): {"description": said.en, "content": PROBLEM}
    for status, said in problems.SAID.items()
    if status not in (405, 429)
} | {"409": {"description": "The engine says no, or the case has moved on.", "content": PROBLEM}}
SECURITY: Final[list[dict[str, list[str]]]] = [{"session": []}]
SCHEMES: Final[dict[str, Any]] = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "samverk_session",
        "description": "The session of the sign-in page. A POST also sends X-CSRFToken, see /api/v1/session.",
    }
}
READ: Final = Tag(name="read", description="Cases, actions with their verdicts, documents")
ACT: Final = Tag(name="act", description="Commands; the same use cases as the pages")

blueprint = APIBlueprint("api", __name__, url_prefix="/api/v1", abp_responses=FAULTS, abp_security=SECURITY)
problems.register(blueprint)


def register(app: Flask) -> None:
    """This will give the application the interface and its description."""
    problems.teach(app)
    app.register_blueprint(blueprint)
    description = _describe()
    app.extensions["samverk-openapi"] = description


@blueprint.get("/openapi.json", doc_ui=False)
def openapi() -> Response:
    """This will answer the description of the interface (OpenAPI 3.1)."""
    return jsonify(current_app.extensions["samverk-openapi"])


@blueprint.get("/session", tags=[READ], summary="Who asks", responses={"200": models.SessionAnswer})
def session() -> Response:
    """Who is signed in, in which roles, and the token that every POST sends back as X-CSRFToken."""
    reader = current.signed_in()
    return jsonify(
        person=reader.person.id,
        name=reader.person.name,
        language=current.voice().language,
        roles=list(reader.roles),
        csrf_token=generate_csrf(),
    )


@blueprint.get("/cases", tags=[READ], summary="Cases, last changed first", responses={"200": models.CasesAnswer})
def cases(query: models.CasesQuery) -> Response:
    """The cases that the reader may see. `next` of one page is `after` of the following one."""
    try:
        after = shapes.read_place(query.after)
    except ValueError:
        abort(400)
    is_open = {"": None, "yes": True, "no": False}[query.open]
    filters = CaseFilters(text=query.q, form=query.form, stage=query.stage, is_open=is_open)
    reader = current.query_reader()
    found = current.queries().cases(reader, filters, sort="changed_at", after=after, limit=query.limit + 1)
    page = found[: query.limit]
    return jsonify(
        cases=[shapes.case_line(line) for line in page],
        next=shapes.place_after(page[-1]) if len(found) > len(page) else None,
    )


@blueprint.get("/cases/<case_id>", tags=[READ], summary="One case", responses={"200": models.CaseAnswer})
def case(path: models.CasePath) -> Response:
    """Stage, revision, and the facts and documents that the reader may see."""
    return jsonify(shapes.case_data(current.view(path.case_id)))


@blueprint.get(
    "/cases/<case_id>/actions", tags=[READ], summary="Actions with verdicts", responses={"200": models.ActionsAnswer}
)
def actions(path: models.CasePath) -> Response:
    """Every action from this stage, allowed or not, with all reasons."""
    view = current.view(path.case_id)
    return jsonify(
        case_id=view.case.id,
        revision=view.case.revision,
        stage=view.case.stage,
        actions=[shapes.offer_data(view, offer) for offer in shapes.offers_for(view)],
    )


@blueprint.get(
    "/cases/<case_id>/documents", tags=[READ], summary="Documents", responses={"200": models.DocumentsAnswer}
)
def documents(path: models.CasePath) -> Response:
    """The documents of the case that the reader may see."""
    view = current.view(path.case_id)
    return jsonify(case_id=view.case.id, revision=view.case.revision, documents=shapes.documents_data(view))


@blueprint.get(
    "/cases/<case_id>/documents/<key>",
    tags=[READ],
    summary="One document",
    responses={
        "200": {
            "description": "The Word file, byte for byte as issued.",
            "content": {WORD: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
def document(path: models.DocumentPath) -> Response:
    """The file of a frozen document. Its SHA-256 is `file_hash` of the list."""
    view = current.view(path.case_id)
    found = shapes.readable_documents(view).get(path.key)
    if found is None or found.rendition is None:
        abort(404)
    content = current.ports().files.get(found.rendition.file_hash)
    name = f"{view.case.id} {found.key}.docx"
    answer = send_file(BytesIO(content), mimetype=WORD, as_attachment=True, download_name=name)
    answer.headers["X-Revision"] = str(view.case.revision)
    return answer


@blueprint.post(
    "/cases/<case_id>/actions/<action>", tags=[ACT], summary="Take an action", responses={"200": models.DoneAnswer}
)
def take_action(path: models.ActionPath, header: models.IdempotencyHeader, body: models.TakeActionBody) -> Response:
    """Fire an action of the definition. A "no" carries every reason and is on the record."""
    view = current.view(path.case_id)
    if path.action not in view.workflow.actions:
        abort(404)
    values: dict[str, Value] = {name: _value(value) for name, value in body.values.items()}
    return _ask(path, header, body, TakeAction(action=path.action, comment=body.comment, values=values))


@blueprint.post("/cases/<case_id>/facts", tags=[ACT], summary="Record facts", responses={"200": models.DoneAnswer})
def record_facts(path: models.CasePath, header: models.IdempotencyHeader, body: models.RecordFactsBody) -> Response:
    """Record values of entered or outside fields. Derived ones are refused: they follow from what happens."""
    if body.observed_on is None:
        observed_on = None
    else:
        try:
            observed_on = date.fromisoformat(body.observed_on)
        except ValueError:
            abort(422)
    command = RecordFacts(
        values={name: _value(value) for name, value in body.values.items()},
        reason=body.reason,
        source_note=body.source_note,
        observed_on=observed_on,
        accept_return=body.accept_return,
    )
    return _ask(path, header, body, command)


@blueprint.post(
    "/cases/<case_id>/opinions", tags=[ACT], summary="Give an opinion", responses={"200": models.DoneAnswer}
)
def give_opinion(path: models.CasePath, header: models.IdempotencyHeader, body: models.OpinionBody) -> Response:
    """One legal department's opinion on one scope version and the text with `doc_hash`."""
    command = GiveOpinion(
        opinion=body.opinion,
        text=body.text,
        checks=body.checks,
        scope_version=body.scope_version,
        doc_hash=body.doc_hash,
        conditions=tuple(body.conditions),
    )
    return _ask(path, header, body, command)


def _ask(path: models.CasePath, header: models.IdempotencyHeader, body: models.Command, command: Command) -> Response:
    current.forget_view(path.case_id)
    frame = current.asked(revision=body.expected_revision, key=header.key or "")
    return jsonify(shapes.done_data(handle(current.ports(), path.case_id, command, frame)))


def _value(value: models.JsonValue) -> Value:
    if isinstance(value, float):
        return Decimal(str(value))
    return tuple(value) if isinstance(value, list) else value


def _describe() -> dict[str, Any]:
    """The description is drawn on an application of its own, so that the product's stays a plain Flask."""
    drawn = OpenAPI(
        "samverk-openapi",
        info=Info(title="Samverk", version="1", description=_INTRODUCTION),
        security_schemes=SCHEMES,
        validation_error_model=models.Problem,
        doc_ui=False,
    )
    drawn.register_api(blueprint)
    described: dict[str, Any] = drawn.api_doc
    return described


_INTRODUCTION: Final = (
    "The same use cases, rights and verdicts as the pages. Unknown facts are left out; amounts and decimals are text; "
    "errors are problem bodies (RFC 9457) with a stable `code`. A refused attempt is on the record."
)
