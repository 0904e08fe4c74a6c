"""Every "no" of the interface as a problem body (RFC 9457). The company is never told what its host's guards saw."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from flask import Flask, Response, current_app, jsonify, request
from flask.sansio.blueprints import Blueprint
from flask_wtf.csrf import CSRFError
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from engine.domain.reasons import Conflict, EngineError, InvalidInput, Refused, Verdict
from engine.domain.values import Text
from web import current
from web.api.shapes import reasons_for
from web.errors import status_of

MEDIA_TYPE: Final = "application/problem+json"

SAID: Final[dict[int, Text]] = {
    400: Text(sv="Begäran kan inte läsas.", en="The request cannot be read."),
    401: Text(sv="Logga in först.", en="Sign in first."),
    403: Text(sv="Det här är inte tillåtet för dig.", en="This is not allowed for you."),
    404: Text(sv="Det finns inte.", en="There is no such thing."),
    405: Text(sv="Adressen tar inte emot det anropet.", en="The address does not take this method."),
    413: Text(sv="Begäran är för stor.", en="The request is too large."),
    415: Text(sv="Sänd JSON (application/json).", en="Send JSON (application/json)."),
    422: Text(sv="Begäran innehåller fel.", en="The request holds faults."),
    429: Text(sv="För många försök.", en="Too many attempts."),
    500: Text(sv="Ett fel i tjänsten. Det är noterat.", en="A defect of the service. It has been noted."),
}
STALE_FORM: Final = Text(
    sv="Skicka med det csrf_token som /api/v1/session svarar med, i huvudet X-CSRFToken.",
    en="Send the csrf_token that /api/v1/session answers with, in the header X-CSRFToken.",
)


def register(blueprint: Blueprint) -> None:
    """This will make every error within the interface answer a problem body."""
    blueprint.register_error_handler(EngineError, expected)
    blueprint.register_error_handler(CSRFError, lambda _: problem(400, "stale_form", STALE_FORM))
    blueprint.register_error_handler(HTTPException, of_http)
    blueprint.register_error_handler(Exception, defect)


def teach(app: Flask) -> None:
    """This will give the application what the interface's validation looks for on it."""
    setattr(app, "validation_error_callback", of_validation)  # noqa: B010 - flask-openapi3 reads it from the app
    setattr(app, "validate_response", None)  # noqa: B010 - as above


def problem(status: int, code: str, message: Text, **more: Any) -> Response:
    """This will return one problem body."""
    body = {
        "type": f"urn:samverk:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": current.voice().text(message),
        "code": code,
        "instance": request.path,
        "message": {"sv": message.sv, "en": message.en},
        **more,
    }
    answer = jsonify(body)
    answer.status_code = status
    answer.mimetype = MEDIA_TYPE
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Session realm="samverk"'
    return answer


def expected(error: EngineError) -> Response:
    """This will return an expected error with what it carries, cut to what the reader may know."""
    status = status_of(error)
    match error:
        case Refused():
            return problem(status, error.code, error.message, **_refusal(error.verdict))
        case InvalidInput():
            faults = {name: {"sv": text.sv, "en": text.en} for name, text in error.faults.items()}
            return problem(status, error.code, error.message, faults=faults)
        case Conflict():
            return problem(status, error.code, error.message, current_revision=error.current_revision)
        case _:
            return problem(status, error.code, error.message)


def of_http(error: HTTPException) -> Response:
    """This will return a problem for an error of the protocol: no such page, not signed in, body too large."""
    if error.response is not None:
        made = error.get_response()
        return Response(made.get_data(), made.status_code, dict(made.headers))
    status = error.code if error.code in SAID else 400 if (error.code or 500) < 500 else 500
    answer = problem(status, HTTPStatus(status).phrase.lower().replace(" ", "_"), SAID[status])
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def of_validation(error: ValidationError) -> Response:
    """This will return the faults of a body, path or query by where they are."""
    faults: dict[str, dict[str, str]] = {}
    for fault in error.errors(include_url=False, include_input=False, include_context=False)[:50]:
        place = ".".join(str(part) for part in fault["loc"])[:200] or "body"
        faults.setdefault(place, {"sv": fault["msg"], "en": fault["msg"]})
    return problem(422, "invalid_input", SAID[422], faults=faults)


def defect(error: Exception) -> Response:
    """This will answer an unexpected error without telling anything of it; the log has it all."""
    current_app.logger.exception("unexpected error on %s %s", request.method, request.path, exc_info=error)
    return problem(500, "defect", SAID[500])


def _refusal(verdict: Verdict) -> dict[str, Any]:
    return {"action": verdict.action, "reasons": reasons_for(verdict, request.view_args or {})}
