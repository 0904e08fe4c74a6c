"""What every answer carries and what every request must pass: headers, hosts, sizes, rights."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from flask import Flask, Request, Response, abort, g, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest

from engine.domain.reasons import NotFound
from engine.domain.roles import SME_ROLES
from web import current
from web.rights import RIGHTS, Right

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MAX_BODY: Final = 25 * 1024 * 1024
MAX_FORM: Final = 2 * 1024 * 1024
MAX_FORM_PARTS: Final = 1000
MAX_JSON: Final = 1024 * 1024
MAX_JSON_DEPTH: Final = 20

csrf = CSRFProtect()


class CarefulRequest(Request):
    """A request whose JSON is refused when it is too large, too deep or not UTF-8, before anything parses it."""

    def __init__(self, environ: WSGIEnvironment, populate_request: bool = True, shallow: bool = False) -> None:
        super().__init__(environ, populate_request, shallow)
        if self.mimetype != "multipart/form-data":
            # Only files may be large: a plain form is read into memory in one piece.
            self.max_content_length = MAX_FORM

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> object:
        """This will return the parsed body. Raises BadRequest for a body that no careful parser should see."""
        body = self.get_data(cache=True)
        if len(body) > MAX_JSON or json_depth(body) > MAX_JSON_DEPTH:
            raise BadRequest("the JSON body is too large or too deeply nested")
        try:
            return super().get_json(force=force, silent=silent, cache=cache)
        except (RecursionError, UnicodeError, ValueError) as error:
            raise BadRequest("the JSON body cannot be read") from error


def json_depth(body: bytes) -> int:
    """This will return how deeply brackets nest in a JSON text, in one pass, strings left out."""
    depth = deepest = 0
    in_string = escaped = False
    for byte in body:
        if in_string:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                in_string = False
        elif byte == 0x22:
            in_string = True
        elif byte in (0x5B, 0x7B):
            depth += 1
            deepest = max(deepest, depth)
        elif byte in (0x5D, 0x7D):
            depth = max(depth - 1, 0)
    return deepest


def register(app: Flask) -> None:
    """This will protect the application. Raises RuntimeError when a route has no right in the table."""
    app.request_class = CarefulRequest
    csrf.init_app(app)
    app.before_request(_refuse_broken_text)
    app.before_request(_check_right)
    app.after_request(_set_headers)


def check_every_route(app: Flask) -> None:
    """This will fail when a route is not in the table of rights. Called when every blueprint is registered."""
    missing = sorted({rule.endpoint for rule in app.url_map.iter_rules()} - set(RIGHTS))
    if missing:
        raise RuntimeError(f"these routes have no right in web/rights.py: {', '.join(missing)}")


def nonce() -> str:
    """This will return the nonce of this answer's policy, the same on every call within a request."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def _refuse_broken_text() -> None:
    """A path or query with NUL or half characters is refused before a database sees it."""
    for text in (request.path, *request.args.keys(), *request.args.values()):
        if "\x00" in text or any(0xD800 <= ord(character) <= 0xDFFF for character in text):
            raise BadRequest("the address holds characters that cannot be read")


def _check_right() -> None:
    if request.endpoint is None:
        return  # no such route: the 404 page
    right = RIGHTS.get(request.endpoint)
    if right is None:
        abort(403)
    if right is Right.ANYONE:
        return
    reader = current.reader()
    if reader is None:
        abort(401)
    match right:
        case Right.SIGNED_IN:
            return
        case Right.STAFF:
            if not reader.is_staff:
                abort(403)
        case Right.COMPANY:
            if not reader.is_company:
                abort(403)
        case Right.CASE_STAFF | Right.CASE_COMPANY | Right.CASE_READER:
            _check_case(right)


def _check_case(right: Right) -> None:
    case_id = (request.view_args or {}).get("case_id")
    if not isinstance(case_id, str):
        abort(403)
    try:
        view = current.view(case_id)
    except NotFound:
        abort(404)
    held = set(view.actor.roles)
    if right is Right.CASE_STAFF:
        held -= SME_ROLES
    elif right is Right.CASE_COMPANY:
        held &= SME_ROLES
    if not held:
        abort(404)  # whoever may not read it may not know that it exists


def _set_headers(response: Response) -> Response:
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'self'; "
        f"script-src 'self' 'nonce-{nonce()}'; "
        "style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    if current.services().settings.is_production:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response
