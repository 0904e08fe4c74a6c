"""Acting on a case: actions, confirmations, conditions, messages, files."""

from __future__ import annotations

from typing import Final

from flask import Response as FlaskResponse
from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.application.view_case import Offer
from engine.domain.commands import (
    AssignPerson,
    Attest,
    CheckConfidentiality,
    CloseCondition,
    Command,
    ConfirmScope,
    RegisterDocument,
    SendMessage,
    TakeAction,
    UploadFile,
)
from engine.domain.reasons import EngineError
from engine.domain.values import Text, Value
from web import current
from web.errors import status_of
from web.forms.case_forms import read_answers, read_line
from web.html.asking import ask, done, fresh_head, no
from web.html.cases import blueprint, draw
from web.presenters import case as case_page
from web.presenters.edit import action_form, asked_by, overlay_arguments
from web.presenters.faults import Faults, of_entries
from web.presenters.impact import falls_with
from web.presenters.reasons import why_not

View = str | Response | tuple[str, int]

INFO_CLASSES: Final = ("", "INFO-A", "INFO-B", "INFO-C", "INFO-D", "INFO-E", "INFO-F")


@blueprint.get("/<case_id>/actions/<action_id>")
def action(case_id: str, action_id: str) -> View:
    """This will show one action: whether it is allowed, what it asks for, and what follows."""
    offer = _find(case_id, action_id)
    if offer is None:
        abort(404)
    return _draw_action(case_id, offer)


@blueprint.post("/<case_id>/actions/<action_id>")
def take_action(case_id: str, action_id: str) -> View:
    """This will take the action, or come back with everything typed and every reason."""
    view, voice, offer = current.view(case_id), current.voice(), _find(case_id, action_id)
    if offer is None:  # the case has moved since the form was drawn, or there is no such action: the engine says which
        return _on_page(case_id, TakeAction(action=action_id), "done.action", "lage")
    answers = read_answers(asked_by(view, offer), request.form)
    faults: dict[str, Text] = dict(answers.faults)
    typed = dict(answers.typed)
    values: dict[str, Value] = {name: value for name, value in answers.values.items() if value is not None}
    for name, _ in overlay_arguments(voice, view, offer.action.name):
        words = read_line(request.form, name, faults, is_long=name in ("note", "reason"))
        typed[name] = (request.form.get(name, ""),)
        if words:
            values[name] = words
    comment = read_line(request.form, "comment", faults, is_long=True)
    typed["comment"] = (request.form.get("comment", ""),)
    if faults:
        return _draw_action(case_id, offer, typed=typed, notes=faults, faults=of_entries(voice, faults)), 422
    command = TakeAction(action=action_id, comment=comment or str(values.get("note") or ""), values=values)
    try:
        ask(case_id, command)
    except EngineError as error:
        summary, offer_now = no(case_id, error), _find(case_id, action_id)
        if offer_now is None:
            return draw(case_id, faults=summary), status_of(error)
        return _draw_action(case_id, offer_now, typed=typed, faults=summary), status_of(error)
    return done("done.action", url_for("cases.show", case_id=case_id))


@blueprint.post("/<case_id>/confirm/<what>")
def confirm(case_id: str, what: str) -> View:
    """This will take one of the acts of a single button: scope, confidentiality check, attestation."""
    version = request.form.get("version", "")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 6 else 0
    command: Command
    match what:
        case "scope":
            command = ConfirmScope(scope_version=number)
        case "confidentiality":
            command = CheckConfidentiality(scope_version=number)
        case "access_list_approved" | "access_revoked" | "register_case_closed" | "template_approved":
            faults: dict[str, Text] = {}
            note = read_line(request.form, "note", faults)
            if faults:
                return draw(case_id, faults=of_entries(current.voice(), faults)), 422
            command = Attest(what=what, note=note)
        case _:
            abort(404)
    return _on_page(case_id, command, "done.confirmed", "bekraftelser")


@blueprint.get("/<case_id>/conditions/<condition_id>")
def condition(case_id: str, condition_id: str) -> View:
    """This will show one open condition and ask how it was met."""
    return _draw_condition(case_id, condition_id)


@blueprint.post("/<case_id>/conditions/<condition_id>")
def close_condition(case_id: str, condition_id: str) -> View:
    """This will close a condition with its evidence."""
    faults: dict[str, Text] = {}
    evidence = read_line(request.form, "evidence", faults, is_long=True)
    if not evidence and not faults:
        faults["evidence"] = Text(sv="Beskriv hur villkoret är uppfyllt", en="Say how the condition was met")
    if faults:
        return _draw_condition(case_id, condition_id, faults=of_entries(current.voice(), faults)), 422
    try:
        ask(case_id, CloseCondition(condition_id=condition_id, evidence=evidence))
    except EngineError as error:
        return _draw_condition(case_id, condition_id, faults=no(case_id, error)), status_of(error)
    return done("done.confirmed", url_for("cases.show", case_id=case_id, _anchor="yttranden"))


@blueprint.post("/<case_id>/messages")
def message(case_id: str) -> View:
    """This will write in the case's conversation, to the audience that was chosen."""
    faults: dict[str, Text] = {}
    text = read_line(request.form, "text", faults, is_long=True)
    audience = request.form.get("audience", "internal")
    if not text and not faults:
        faults["text"] = Text(sv="Skriv ett meddelande", en="Write a message")
    typed = request.form.get("text", "")
    if faults:
        return draw(case_id, faults=of_entries(current.voice(), faults), message=typed, audience=audience), 422
    match audience:
        case "internal" | "partners" | "company":
            command = SendMessage(audience=audience, text=text)
        case _:
            abort(400)
    try:
        ask(case_id, command)
    except EngineError as error:
        return draw(case_id, faults=no(case_id, error), message=typed, audience=audience), status_of(error)
    return done("done.sent", url_for("cases.show", case_id=case_id, _anchor="samtal"))


@blueprint.post("/<case_id>/files")
def upload(case_id: str) -> View:
    """This will hand in a file: stored by its hash first, then noted in the case."""
    sent = request.files.get("file")
    voice = current.voice()
    if sent is None or not sent.filename:
        missing = {"file": Text(sv="Välj en fil", en="Choose a file")}
        return draw(case_id, faults=of_entries(voice, missing)), 422
    info_class = request.form.get("info_class", "")
    if info_class not in INFO_CLASSES:
        abort(400)
    content = sent.stream.read()
    name = "".join(character for character in sent.filename if character.isprintable()).replace("/", "_")[-120:]
    command = UploadFile(
        name=name or "fil",
        media_type=(sent.mimetype or "application/octet-stream")[:100],
        file_hash=current.ports().files.put(content),
        size=len(content),
        info_class=info_class,
    )
    return _on_page(case_id, command, "done.uploaded", "filer")


@blueprint.post("/<case_id>/files/<key>/register")
def register_file(case_id: str, key: str) -> View:
    """This will enter a file that was handed in, in the register."""
    if key not in current.view(case_id).case.files:
        abort(404)
    faults: dict[str, Text] = {}
    number = read_line(request.form, "number", faults)
    description = read_line(request.form, "description", faults)
    secrecy = "open" if request.form.get("secrecy") != "internal" else "internal"
    if faults:
        return draw(case_id, faults=of_entries(current.voice(), faults)), 422
    command = RegisterDocument(key=key, number=number, description=description, secrecy=secrecy)
    return _on_page(case_id, command, "done.registered", "filer")


@blueprint.get("/<case_id>/files/<key>")
def file(case_id: str, key: str) -> FlaskResponse:
    """This will hand out a file that was handed in, always as a download, never to be shown by the browser."""
    found = current.view(case_id).case.files.get(key)
    if found is None:
        abort(404)
    response = FlaskResponse(current.ports().files.get(found.file_hash), content_type="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=found.name)
    return response


@blueprint.post("/<case_id>/people")
def assign(case_id: str) -> View:
    """This will give somebody with an account a role in this case."""
    faults: dict[str, Text] = {}
    email = read_line(request.form, "email", faults)
    role = read_line(request.form, "role", faults)
    person = current.services().directory.person_by_email(email) if email else None
    if person is None:
        faults.setdefault(
            "email",
            Text(
                sv="Det finns inget konto med den adressen. Be administratören lägga upp personen.",
                en="There is no account with that address. Ask the administrator to add the person.",
            ),
        )
    if faults or person is None:
        return draw(case_id, faults=of_entries(current.voice(), faults)), 422
    return _on_page(case_id, AssignPerson(person=person.id, name=person.name, role=role), "done.confirmed", "personer")


def _on_page(case_id: str, command: Command, words: str, anchor: str) -> View:
    try:
        ask(case_id, command)
    except EngineError as error:
        return draw(case_id, faults=no(case_id, error)), status_of(error)
    return done(words, url_for("cases.show", case_id=case_id, _anchor=anchor))


def _find(case_id: str, action_id: str) -> Offer | None:
    return next((offer for offer in current.view(case_id).offers if offer.action.id == action_id), None)


def _draw_action(
    case_id: str,
    offer: Offer,
    *,
    typed: dict[str, tuple[str, ...]] | None = None,
    notes: dict[str, Text] | None = None,
    faults: Faults | None = None,
) -> str:
    view, voice = current.view(case_id), current.voice()
    has_soft = any(reason.severity == "soft" for reason in offer.verdict.failing)
    return render_template(
        "cases/action.html",
        head=case_page.head(voice, view),
        form=fresh_head(case_id),
        action=action_form(voice, view, offer, typed=typed or {}, faults=notes or {}),
        falls=falls_with(voice, view, offer.action),
        why=why_not(voice, view.workflow, offer.action, offer.verdict, case_page.ways(voice, view)),
        comment=(typed or {}).get("comment", ("",))[0],
        asks_comment=has_soft,
        faults=faults,
    )


def _draw_condition(case_id: str, condition_id: str, *, faults: Faults | None = None) -> str:
    view, voice = current.view(case_id), current.voice()
    conditions = {item.id: (opinion, item) for opinion in view.case.opinions for item in opinion.conditions}
    if condition_id not in conditions:
        abort(404)
    opinion, item = conditions[condition_id]
    return render_template(
        "cases/condition.html",
        head=case_page.head(voice, view),
        form=fresh_head(case_id),
        condition=item.text,
        condition_id=condition_id,
        organisation=current.organisation_name(opinion.organisation),
        evidence=request.form.get("evidence", ""),
        faults=faults,
    )
