"""Signing in and out, language and theme. A session is a row: dead at sign-out, wherever its cookie was copied to."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from functools import cache
from typing import Final
from urllib.parse import urlsplit

import argon2
from flask import Blueprint, Flask, abort, redirect, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from engine.application.queries import Person
from web import current
from web.errors import TooManyAttempts
from web.presenters.sign_in import settings_page, sign_in_page
from web.translation import LANGUAGES

blueprint = Blueprint("session", __name__)
manager = LoginManager()
manager.session_protection = None  # the row decides; an address that changes on the train is no theft

LIFETIME: Final = timedelta(hours=12)
WINDOW: Final = timedelta(minutes=15)
MOST_PER_ACCOUNT: Final = 5
MOST_PER_ADDRESS: Final = 30
LONGEST_PASSWORD: Final = 1000


class SignedIn(UserMixin):  # type: ignore[misc]  # flask-login publishes no types
    """The login of one session: its id is the session's token, never the person's."""

    def __init__(self, token: str, person: Person) -> None:
        self.id = token
        self.person = person


def register(app: Flask) -> None:
    """This will give the application its sign-in."""
    manager.init_app(app)
    app.register_blueprint(blueprint)

    @app.before_request
    def _read_session() -> None:
        if request.endpoint in ("static", "system.healthz", "system.metrics"):
            return
        found = current_user
        current.begin_reading(found.person if found.is_authenticated else None)


@manager.user_loader  # type: ignore[untyped-decorator]  # flask-login publishes no types
def _load(token: str) -> SignedIn | None:
    person = current.services().directory.session_person(_hash(token), at=current.now())
    return SignedIn(token, person) if person is not None and person.is_active else None


@blueprint.get("/")
def home() -> Response:
    """This will lead to the first page of whoever comes: work list, the company's page, or the public start."""
    reader = current.reader()
    if reader is None:
        return redirect(url_for("public.start"))
    if reader.is_staff:
        return redirect(url_for("work.index"))
    if reader.is_company:
        return redirect(url_for("tracker.index"))
    return redirect(url_for("session.settings"))


@blueprint.get("/login")
def login() -> str:
    """This will show the sign-in page, with the demo accounts in demo mode."""
    return render_template("session/login.html", login=sign_in_page(email="", failed=False, next_page=_next()))


@blueprint.post("/login")
def sign_in() -> Response | tuple[str, int]:
    """This will sign a person in, or say that address or password do not match: the same words for both."""
    email = request.form.get("email", "")[:254].strip()
    password = request.form.get("password", "")[:LONGEST_PASSWORD]
    directory, moment = current.services().directory, current.now()
    account, address = _hash(email.lower()), request.remote_addr or "unknown"
    of_account, of_address = directory.failures_since(account=account, address=address, since=moment - WINDOW)
    if of_account >= MOST_PER_ACCOUNT or of_address >= MOST_PER_ADDRESS:
        raise TooManyAttempts(minutes=int(WINDOW.total_seconds()) // 60)
    person = directory.person_by_email(email) if email else None
    matches = _matches(person.password_hash if person is not None else _nobody(), password)
    if person is None or not matches or not person.is_active:
        directory.note_attempt(account=account, address=address, at=moment, succeeded=False)
        page = sign_in_page(email=email, failed=True, next_page=_next())
        return render_template("session/login.html", login=page), 401
    directory.note_attempt(account=account, address=address, at=moment, succeeded=True)
    token = secrets.token_urlsafe(32)
    directory.begin_session(_hash(token), person=person.id, at=moment, until=moment + LIFETIME)
    session.clear()  # nothing of the visitor's session, its form token included, goes on
    login_user(SignedIn(token, person))
    return redirect(_next() or url_for("session.home"))


@blueprint.post("/logout")
def logout() -> Response:
    """This will end the session at once."""
    if current_user.is_authenticated:
        current.services().directory.end_session(_hash(current_user.id), at=current.now())
    logout_user()
    session.clear()
    return redirect(url_for("session.login"))


@blueprint.get("/settings")
def settings() -> str:
    """This will show language, theme and the roles held today: what a phone has no room for in its top bar."""
    return render_template("session/settings.html", settings=settings_page())


@blueprint.post("/language")
def language() -> Response:
    """This will keep the chosen language, with the person or, before sign-in, in the visitor's session."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    reader = current.reader()
    if reader is not None:
        current.services().directory.set_preferences(reader.person.id, language=chosen)
    session["language"] = chosen
    return redirect(_next() or url_for("session.home"))


@blueprint.post("/theme")
def theme() -> Response:
    """This will keep the chosen theme: light, dark, or nothing to follow the system."""
    chosen = request.form.get("theme", "")
    if chosen not in ("light", "dark", ""):
        abort(400)
    reader = current.reader()
    if reader is not None:
        current.services().directory.set_preferences(reader.person.id, theme=chosen)
    session["theme"] = chosen
    return redirect(_next() or url_for("session.home"))


def _next() -> str:
    """Where to go afterwards: a path of this product, never another site."""
    target = request.values.get("next", "")
    parts = urlsplit(target)
    is_ours = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return target if is_ours and target.isprintable() else ""


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _matches(password_hash: str, password: str) -> bool:
    try:
        return argon2.PasswordHasher().verify(password_hash, password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError, UnicodeError):
        return False


@cache
def _nobody() -> str:
    """A hash that no password matches, so that an unknown address takes as long as a known one."""
    return argon2.PasswordHasher().hash(secrets.token_urlsafe(32))
