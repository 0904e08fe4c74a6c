"""How a view asks the engine: one frame for every command that a form sends."""

from __future__ import annotations

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from engine.application.handle_command import handle
from engine.application.ports import Request
from engine.domain.commands import Command
from engine.domain.reasons import EngineError
from web import current
from web.forms.case_forms import read_key, read_revision
from web.presenters.case import FormHead
from web.presenters.faults import Faults, of_error


def frame() -> Request:
    """This will return the frame of the form that was sent: person, revision and idempotency key."""
    return current.asked(revision=read_revision(request.form), key=read_key(request.form))


def ask(case_id: str, command: Command) -> None:
    """This will hand one command to the engine. Raises EngineError."""
    handle(current.ports(), case_id, command, frame())


def fresh_head(case_id: str) -> FormHead:
    """This will return the head of a form drawn now: the current revision and a new key."""
    return FormHead(revision=current.view(case_id).case.revision, key=current.new_key())


def done(words_key: str, target: str) -> Response:
    """This will say what was done and lead on (post, redirect, get)."""
    flash(current.voice().t(words_key))
    return redirect(target, code=303)


def no(case_id: str, error: EngineError) -> Faults:
    """This will return the error summary of a "no" and make the next look at the case a fresh one."""
    current.forget_view(case_id)
    return of_error(current.voice(), error)
