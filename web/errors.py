"""The one table from an error to its status and page, for pages and interface alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Flask, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from engine.domain.reasons import Conflict, EngineError, InvalidInput, NotFound, Reason, Refused
from web import current

STATUS: Final[dict[type[EngineError], int]] = {
    NotFound: 404,
    Conflict: 409,
    Refused: 409,
    InvalidInput: 422,
    EngineError: 422,
}
"""Error class to status. A subclass without a row of its own takes its parent's."""

OUR_FAULTS: Final = frozenset({"damaged_file", "unreadable_shape", "unknown_database"})
"""Codes of errors that no reader can mend: answered as a defect and logged."""

PAGES: Final = {
    400: "bad_request",
    403: "forbidden",
    404: "not_found",
    405: "not_found",
    409: "refused",
    413: "too_large",
    415: "bad_request",
    422: "invalid",
    429: "too_many",
    500: "defect",
}
"""Status to the texts of its page (``error.<name>.heading`` and ``.text``)."""


class TooManyAttempts(HTTPException):
    """Too many failed attempts to sign in; ``minutes`` until the next one counts."""

    code = 429

    def __init__(self, minutes: int) -> None:
        super().__init__("too many attempts")
        self.minutes = minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """What the error page shows: two sentences, and every reason when there are some."""

    heading: str
    text: str
    details: tuple[str, ...] = ()


def status_of(error: EngineError) -> int:
    """This will return the status of an expected error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def reason_data(reason: Reason) -> dict[str, object]:
    """This will return one reason as the interface and the command line show it."""
    return {
        "id": reason.id,
        "kind": reason.kind,
        "severity": reason.severity,
        "answer": reason.answer,
        "question": {"sv": reason.question.sv, "en": reason.question.en},
        "basis": list(reason.basis),
        "values": {name: _plain(value) for name, value in reason.values.items()},
        "who": list(reason.who),
    }


def error_data(error: EngineError) -> dict[str, object]:
    """This will return an expected error as the interface answers it: stable code, sentence, and what it carries."""
    data: dict[str, object] = {"error": error.code, "message": {"sv": error.message.sv, "en": error.message.en}}
    match error:
        case Refused():
            data["action"] = error.verdict.action
            data["reasons"] = [reason_data(reason) for reason in error.verdict.reasons]
        case InvalidInput():
            data["faults"] = {name: {"sv": text.sv, "en": text.en} for name, text in error.faults.items()}
        case Conflict():
            data["current_revision"] = error.current_revision
            data["changed_by"] = error.changed_by
            data["changed"] = error.changed
        case _:
            pass
    return data


def register(app: Flask) -> None:
    """This will give the application its error pages."""
    app.register_error_handler(EngineError, _expected)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _defect)


def _expected(error: EngineError) -> Response:
    if error.code in OUR_FAULTS:
        return _defect(error)
    status = status_of(error)
    if _wants_data():
        return make_response(jsonify(error_data(error)), status)
    voice = current.voice()
    details: tuple[str, ...] = ()
    if isinstance(error, Refused):
        details = tuple(f"{voice.text(reason.question)} ({reason.id})" for reason in error.verdict.reasons)
    if isinstance(error, InvalidInput):
        details = tuple(voice.text(text) for text in error.faults.values())
    if status == 404:
        return _page(404)
    return _page(status, text=voice.text(error.message), details=details)


def _stale_form(error: CSRFError) -> Response:
    if _wants_data():
        return make_response(jsonify({"error": "stale_form"}), 400)
    return _page(400, name="stale_form")


def _http(error: HTTPException) -> Response:
    code = error.code or 500
    if error.response is not None or code < 400:
        return make_response(error.get_response())
    if code == 401 and not _wants_data():
        return make_response(redirect(url_for("session.login", next=_here())))
    if isinstance(error, SecurityError):
        # An untrusted Host header: nothing of the page may be built from it.
        return Response("Bad request\n", 400, content_type="text/plain")
    if isinstance(error, TooManyAttempts):
        response = _page(429, minutes=error.minutes)
        response.headers["Retry-After"] = str(error.minutes * 60)
        return response
    if _wants_data():
        # Addresses outside the interface's blueprint: it answers its own errors (web/api/problems.py).
        name = PAGES.get(code, "error")
        body = {"type": f"urn:samverk:problem:{name}", "title": error.name, "status": code, "code": name}
        answer = make_response(jsonify({**body, "detail": error.description or "", "instance": request.path}), code)
        answer.mimetype = "application/problem+json"
        answer.headers.extend({name: value for name, value in error.get_headers() if name == "Allow"})
        return answer
    return _page(code)


def _defect(error: Exception) -> Response:
    from flask import current_app

    current_app.logger.exception("unexpected error on %s %s", request.method, request.path, exc_info=error)
    if _wants_data():
        return make_response(jsonify({"error": "defect"}), InternalServerError.code)
    return _page(500)


def _page(status: int, *, name: str = "", text: str = "", details: tuple[str, ...] = (), **values: object) -> Response:
    voice = current.voice()
    key = name or PAGES.get(status, "bad_request" if status < 500 else "defect")
    page = ErrorPage(
        heading=voice.t(f"error.{key}.heading"),
        text=text or voice.t(f"error.{key}.text", **values),
        details=details,
    )
    return make_response(render_template("errors/error.html", error=page, status=status), status)


def _wants_data() -> bool:
    return request.path.startswith("/api/")


def _here() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def _plain(value: object) -> object:
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)
