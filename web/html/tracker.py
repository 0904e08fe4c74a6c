"""The company's pages of its cases: list, tracker, answers, confirmation, signature, files, messages, withdrawal.

Every page shows only what ``presenters.company_view`` lets through; every command goes to the same use case as
anybody else's. A GET never writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from io import BytesIO

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from engine.application.handle_command import handle
from engine.application.queries import CaseLine
from engine.domain.commands import (
    AcknowledgeNotice,
    Command,
    ConfirmScope,
    NoticeKind,
    RecordFacts,
    SendMessage,
    SignDocument,
    TakeAction,
    UploadFile,
)
from engine.domain.decisions import decide
from engine.domain.reasons import Conflict, InvalidInput, Refused
from engine.domain.values import Text, Value
from web import current
from web.forms.entries import LONGEST_TEXT, EntryFault, as_shown, clean_text, read_value
from web.forms.uploads import SUFFIXES, UploadFault, read_upload
from web.presenters import company_pages as pages
from web.presenters.company_log import scene as scene_of
from web.presenters.company_steps import Scene, open_notices, scope_to_confirm, withdrawal
from web.presenters.company_view import SharedDocument, questions, shared_documents
from web.presenters.inquiry import NOTICE_VERSION
from web.presenters.tracker import present_tracker

blueprint = Blueprint("tracker", __name__, url_prefix="/my")


@blueprint.get("")
def index() -> str:
    """This will list the company's own cases, living ones first."""
    lines = current.queries().company_cases(current.query_reader())
    return render_template("tracker/list.html", cases=pages.case_rows(lines, current.voice(), _hosts()))


@blueprint.get("/<case_id>")
def show(case_id: str) -> str:
    """This will show where the case stands, whose turn it is, and what the company can do next."""
    return _show(scene_of(case_id))


@blueprint.get("/<case_id>/answers")
def answers(case_id: str) -> str:
    """This will show the questions that the company answers at this stage."""
    scene = scene_of(case_id)
    return render_template("tracker/answers.html", answers=pages.answers_page(scene, head=_head(scene)))


@blueprint.post("/<case_id>/answers")
def record_answers(case_id: str) -> Response | tuple[str, int]:
    """This will save the answers that differ from what is stored, or show every fault with what was typed."""
    scene = scene_of(case_id)
    values: dict[str, Value] = {}
    faults: dict[str, Text] = {}
    typed = {name: tuple(request.form.getlist(name)) for name in request.form}
    shown = {name: tuple(as_shown(entry) for entry in entries) for name, entries in typed.items()}
    for field in questions(scene.case, scene.workflow, scene.actor):
        if field.name not in typed:
            continue
        try:
            value = read_value(field, typed[field.name])
        except EntryFault as fault:
            faults[field.name] = fault.message
            continue
        if value != scene.view.facts.get(field.name):
            values[field.name] = value
    accept = request.form.get("accept_return") == "yes"
    if not faults:
        if not values:
            flash(current.voice().t("tracker.answers.nothing_changed"))
            return redirect(url_for("tracker.show", case_id=case_id))
        try:
            _ask(case_id, RecordFacts(values=values, accept_return=accept))
            flash(current.voice().t("tracker.answers.saved"))
            return redirect(url_for("tracker.show", case_id=case_id))
        except InvalidInput as error:
            faults = dict(error.faults)
        except (Refused, Conflict) as error:
            return _answers_again(case_id, shown, faults, error)
    return _answers_again(case_id, shown, faults, None)


@blueprint.get("/<case_id>/notice/<kind>")
def notice(case_id: str, kind: str) -> str:
    """This will show a notice that the company confirms."""
    scene = scene_of(case_id)
    if kind not in open_notices(scene):
        abort(404)
    return render_template("tracker/notice.html", notice=pages.notice_text(scene, kind), head=_head(scene))


@blueprint.post("/<case_id>/notice/<kind>")
def acknowledge(case_id: str, kind: str) -> Response:
    """This will record that the company has read a notice."""
    if kind not in open_notices(scene_of(case_id)):
        abort(404)
    wanted: NoticeKind = "privacy" if kind == "privacy" else "public_body" if kind == "public_body" else "public_access"
    _ask(case_id, AcknowledgeNotice(notice=wanted, version=NOTICE_VERSION))
    flash(current.voice().t("tracker.notice.done"))
    return redirect(url_for("tracker.show", case_id=case_id))


@blueprint.get("/<case_id>/confirm")
def confirm(case_id: str) -> str:
    """This will show the scope as it is described, for the company to confirm."""
    scene = scene_of(case_id)
    return render_template("tracker/confirm.html", scope=pages.scope_page(scene), head=_head(scene))


@blueprint.post("/<case_id>/confirm")
def confirm_scope(case_id: str) -> Response:
    """This will confirm the scope version that was shown."""
    version = request.form.get("scope_version", "")
    if not version.isascii() or not version.isdigit() or len(version) > 6:
        abort(400)
    if scope_to_confirm(scene_of(case_id)) is None:
        abort(404)
    _ask(case_id, ConfirmScope(scope_version=int(version)))
    flash(current.voice().t("tracker.confirm.done", version=version))
    return redirect(url_for("tracker.show", case_id=case_id))


@blueprint.get("/<case_id>/sign/<key>")
def sign(case_id: str, key: str) -> str:
    """This will show a paper that waits for this person's signature."""
    scene = scene_of(case_id)
    return render_template("tracker/sign.html", paper=pages.sign_page(scene, _paper(scene, key)), head=_head(scene))


@blueprint.post("/<case_id>/sign/<key>")
def sign_document(case_id: str, key: str) -> Response | tuple[str, int]:
    """This will sign the paper in the person's role, after the person has said that it was read."""
    scene = scene_of(case_id)
    paper = _paper(scene, key)
    role = paper.awaits(scene.actor)
    if role is None:
        abort(404)
    if request.form.get("read") != "yes":
        page = pages.sign_page(scene, paper, fault=current.voice().t("tracker.sign.read_fault"))
        return render_template("tracker/sign.html", paper=page, head=_head(scene)), 422
    _ask(case_id, SignDocument(key=key, role=role))
    title = current.voice().text(paper.type.title)
    flash(current.voice().t("tracker.sign.done", document=title))
    return redirect(url_for("tracker.show", case_id=case_id))


@blueprint.get("/<case_id>/documents/<key>")
def document(case_id: str, key: str) -> Response:
    """This will hand over a paper that the company may open, byte for byte as it was issued."""
    scene = scene_of(case_id)
    paper = _paper(scene, key)
    rendition = paper.document.rendition
    if rendition is None:
        abort(404)
    return _bytes(rendition.file_hash, f"{case_id} {paper.document.key}.docx", pages.WORD)


@blueprint.get("/<case_id>/files/<key>")
def file(case_id: str, key: str) -> Response:
    """This will hand back a file that the company itself has handed in."""
    scene = scene_of(case_id)
    found = scene.case.files.get(key)
    if found is None or key not in scene.papers.file_keys:
        abort(404)
    return _bytes(found.file_hash, found.name, found.media_type)


@blueprint.get("/<case_id>/upload")
def upload(case_id: str) -> str:
    """This will ask what a file holds, with the consequence of each answer, and take the file."""
    scene = scene_of(case_id)
    return render_template("tracker/upload.html", upload=pages.upload_page(scene), head=_head(scene))


@blueprint.post("/<case_id>/upload")
def receive_file(case_id: str) -> Response | tuple[str, int]:
    """This will take in a file, or say why it was not received. The information class is judged before the content."""
    scene = scene_of(case_id)
    answer = request.form.get("info_class", "")
    if answer != "none" and answer not in pages.information_classes(scene):
        fault = ("f-info_class", current.voice().t("tracker.upload.class_fault"))
        return _upload_again(scene, answer, fault=fault)
    sent = request.files.get("file") or FileStorage()
    try:
        read = read_upload(sent.filename or "", sent.stream)
    except UploadFault as error:
        return _upload_again(scene, answer, fault=("f-file", current.voice().text(error.message)))
    command = UploadFile(
        name=read.name,
        media_type=read.media_type,
        file_hash=sha256(read.content).hexdigest(),
        size=len(read.content),
        info_class="" if answer == "none" else answer,
    )
    try:
        # What may not be received must not lie on our disk either: the bytes are kept only when the answer is yes.
        decide(scene.case, scene.workflow, command, scene.actor, current.now())
        current.ports().files.put(read.content)
        _ask(case_id, command)
    except Refused as error:
        _record_refusal(case_id, command)
        return _upload_again(scene_of(case_id), answer, refused=error)
    flash(current.voice().t("tracker.upload.done", name=read.name))
    return redirect(url_for("tracker.show", case_id=case_id))


@blueprint.post("/<case_id>/messages")
def message(case_id: str) -> Response | tuple[str, int]:
    """This will send a message to the host; the company writes to no other audience."""
    typed = request.form.get("text", "")
    voice = current.voice()
    try:
        text = clean_text(typed, longest=LONGEST_TEXT)
    except EntryFault as fault:
        return _show(scene_of(case_id), letter=as_shown(typed), letter_fault=voice.text(fault.message)), 422
    if not text:
        return _show(
            scene_of(case_id), letter=as_shown(typed), letter_fault=voice.t("tracker.messages.empty_fault")
        ), 422
    _ask(case_id, SendMessage(audience="company", text=text), revision=False)
    flash(voice.t("tracker.messages.sent"))
    return redirect(url_for("tracker.show", case_id=case_id, _anchor="messages"))


@blueprint.get("/<case_id>/withdraw")
def withdraw(case_id: str) -> str:
    """This will say what a withdrawal does, or why the case cannot be withdrawn now."""
    scene = scene_of(case_id)
    return render_template("tracker/withdraw.html", withdrawal=pages.withdrawal_page(scene), head=_head(scene))


@blueprint.post("/<case_id>/withdraw")
def take_back(case_id: str) -> Response | tuple[str, int]:
    """This will withdraw the case with the action of its stage."""
    scene = scene_of(case_id)
    action = withdrawal(scene)
    if action is None:
        abort(404)
    try:
        comment = clean_text(request.form.get("comment", ""), longest=LONGEST_TEXT)
    except EntryFault as fault:
        page = pages.withdrawal_page(
            scene, comment=as_shown(request.form.get("comment", "")), fault=current.voice().text(fault.message)
        )
        return render_template("tracker/withdraw.html", withdrawal=page, head=_head(scene)), 422
    _ask(case_id, TakeAction(action=action.id, comment=comment))
    flash(current.voice().t("tracker.withdraw.done"))
    return redirect(url_for("tracker.show", case_id=case_id))


def _hosts() -> Mapping[str, Text]:
    return {key: entry.name for key, entry in current.organisations().items()}


def _show(scene: Scene, *, letter: str = "", letter_fault: str = "") -> str:
    return render_template(
        "tracker/show.html",
        tracker=present_tracker(scene, siblings=_siblings(scene)),
        head=_head(scene),
        letter=letter,
        letter_fault=letter_fault,
    )


def _siblings(scene: Scene) -> Sequence[CaseLine]:
    parent = scene.case.joint_parent_id
    if parent is None:
        return ()
    ours = current.queries().company_cases(current.query_reader())
    return [line for line in ours if line.joint_parent_id == parent and line.id != scene.case.id]


def _head(scene: Scene) -> pages.FormHead:
    return pages.FormHead(revision=scene.case.revision, key=current.new_key())


def _paper(scene: Scene, key: str) -> SharedDocument:
    shared = shared_documents(scene.case, scene.workflow, scene.view.facts, scene.papers)
    paper = next((paper for paper in shared if paper.document.key == key), None)
    if paper is None:
        abort(404)
    return paper


def _ask(case_id: str, command: Command, *, revision: bool = True) -> None:
    """Sends a command from the revision the page was drawn from. A message needs none: it changes no fact."""
    seen = request.form.get("revision", "")
    if revision and not (seen.isascii() and seen.isdigit() and len(seen) < 10):
        abort(400)
    frame = current.asked(revision=int(seen) if revision else None, key=request.form.get("key", "")[:100])
    handle(current.ports(), case_id, command, frame)


def _record_refusal(case_id: str, command: Command) -> None:
    """Lets the engine write the refused attempt into the log, and the next look at the case be a fresh one."""
    with suppress(Refused):
        _ask(case_id, command)
    current.forget_view(case_id)


def _answers_again(
    case_id: str, typed: Mapping[str, tuple[str, ...]], faults: Mapping[str, Text], error: Refused | Conflict | None
) -> tuple[str, int]:
    current.forget_view(case_id)
    scene = scene_of(case_id)
    page = pages.answers_page(scene, head=_head(scene), typed=typed, faults=faults, error=error)
    return render_template("tracker/answers.html", answers=page), 409 if error is not None else 422


def _upload_again(
    scene: Scene, answer: str, *, fault: tuple[str, str] | None = None, refused: Refused | None = None
) -> tuple[str, int]:
    page = pages.upload_page(scene, answer=answer, fault=fault, refused=refused)
    return render_template("tracker/upload.html", upload=page, head=_head(scene)), 422 if fault else 409


def _bytes(file_hash: str, name: str, media_type: str) -> Response:
    content = current.ports().files.get(file_hash)
    kind = media_type if media_type in SUFFIXES else "application/octet-stream"
    answer = send_file(BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
