"""The application: assembled here, and nothing else happens here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, g
from jinja2 import StrictUndefined

from web import current, errors, security
from web.api import routes as api
from web.html import (
    case_acts,
    case_facts,
    cases,
    documents,
    inquiry,
    public,
    reviews,
    session,
    system,
    tracker,
    work,
)
from web.presenters import shell
from web.rights import RIGHTS
from web.settings import Settings

if TYPE_CHECKING:
    from web.current import Services

CASE_PAGES = (case_acts, case_facts)
"""Modules that add their routes to the blueprint of ``cases``; named, so that they are imported."""

BLUEPRINTS = (
    cases.blueprint,
    documents.blueprint,
    inquiry.blueprint,
    public.blueprint,
    reviews.blueprint,
    system.blueprint,
    tracker.blueprint,
    work.blueprint,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One route with the right that guards it."""

    path: str
    methods: tuple[str, ...]
    name: str
    right: str


def create_app(settings: Settings, services: Services | None = None) -> Flask:
    """This will return the application. ``services`` are given by tests; else ``wiring`` puts the real ones together.

    Raises RuntimeError when a route is missing in the table of rights.
    """
    if services is None:
        from web.wiring import connect

        services = connect(settings)
    app = build(settings)
    app.extensions[current.EXTENSION] = services
    return app


def build(settings: Settings) -> Flask:
    """This will return the application without its services: routes, pages and protection."""
    app = Flask("web", template_folder="pages", static_folder="static", static_url_path="/static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        MAX_CONTENT_LENGTH=security.MAX_BODY,
        MAX_FORM_MEMORY_SIZE=security.MAX_FORM,
        MAX_FORM_PARTS=security.MAX_FORM_PARTS,
        SESSION_COOKIE_NAME="samverk_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_production,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form left open over lunch still works
        WTF_CSRF_SSL_STRICT=settings.is_production,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.finalize = _showable
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(t=lambda key, **values: current.voice().t(key, **values), icon_href=shell.icon_href)
    app.context_processor(_words)
    session.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    api.register(app)
    security.register(app)
    errors.register(app)
    security.check_every_route(app)
    return app


def routes(app: Flask | None = None) -> Sequence[Route]:
    """This will return every route with its right, by path and methods."""
    if app is None:
        app = build(
            Settings(
                mode="test",
                database_url="sqlite:///unused.db",
                data_dir=Path(),
                secret_key="unused",
                trusted_hosts=("localhost",),
            )
        )
    found = [
        Route(
            path=rule.rule,
            methods=tuple(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})),
            name=rule.endpoint,
            right=RIGHTS[rule.endpoint].value,
        )
        for rule in app.url_map.iter_rules()
    ]
    return sorted(found, key=lambda route: (route.path, route.methods))


def _showable(value: object) -> object:
    """Control characters that came in with an address or a form are not sent back: HTML has no place for them."""
    if type(value) is str and not value.isprintable():
        return "".join(character for character in value if character.isprintable() or character in "\n\t\u00ad\u00a0")
    return value


def _words() -> dict[str, object]:
    """What every page may use beside its own values."""
    if "frame" not in g:
        g.frame = shell.frame()
    return {"voice": current.voice(), "page": g.frame}
