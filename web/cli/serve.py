"""``samverk serve``: the pages and the JSON interface on one address, in one process."""

from __future__ import annotations

import argparse
import errno
import signal
import socket
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from engine.domain.values import Text
from web.cli.answer import Answer, Unavailable
from web.cli.options import Commands, add_command
from web.cli.storage import opened
from web.settings import Settings, read_settings, terminal_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web.directory import Account


def register(commands: Commands) -> None:
    """This will add the command to the parser."""
    add_command(commands, "serve", "serve the pages and the JSON interface", run=serve)


def serve(_arguments: argparse.Namespace) -> Answer:
    """This will serve until the process is told to stop.

    Raises Unavailable when the address is taken, and what the database says when it does not fit the product.
    """
    from waitress.server import create_server

    from engine.persistence.engine import reading
    from engine.persistence.identity import has_people
    from engine.persistence.meta import demo_offset
    from web.app import create_app
    from web.current import services_of

    settings = read_settings()
    _check_assets(settings)
    with opened(settings) as engine, reading(engine) as connection:
        _check_mode(settings, has_people=has_people(connection), holds_demo=demo_offset(connection) is not None)
    with _listen(settings) as listener:
        app = create_app(settings)
        server = create_server(app, sockets=[listener], threads=settings.threads, ident=None)
        print(f"Samverk: http://{settings.host}:{listener.getsockname()[1]}", flush=True)
        print(_accounts(services_of(app).directory.demo_accounts(), terminal_language()), end="", flush=True)
        signal.signal(signal.SIGTERM, _stop)
        try:
            server.run()
        except SystemExit:
            server.close()
    return Answer()


def _listen(settings: Settings) -> socket.socket:
    """Bound before anything else is made, so that a taken port is told at once and leaves nothing behind."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=1024)
    except OSError as error:
        raise _address_refused(settings, error) from None


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _check_assets(settings: Settings) -> None:
    if not (settings.static_build / "manifest.json").exists():
        raise Unavailable(
            Text(
                sv="Formatmallar och ikoner är inte byggda. Kör: make setup",
                en="Style sheets and icons have not been built. Run: make setup",
            )
        )


def _check_mode(settings: Settings, *, has_people: bool, holds_demo: bool) -> None:
    """The demo's password is public, and demo mode lists every account: neither may meet real people."""
    if settings.is_production and holds_demo:
        raise Unavailable(
            Text(
                sv="Databasen innehåller demon, vars lösenord är allmänt känt. Ange en annan i SAMVERK_DATABASE_URL.",
                en="The database holds the demo, whose password is public. Name another in SAMVERK_DATABASE_URL.",
            )
        )
    if settings.is_demo and has_people and not holds_demo:
        raise Unavailable(
            Text(
                sv="Databasen innehåller personer men inte demon. Sätt SAMVERK_MODE=production, eller ange en tom "
                "databas i SAMVERK_DATABASE_URL.",
                en="The database holds people but not the demo. Set SAMVERK_MODE=production, or name an empty "
                "database in SAMVERK_DATABASE_URL.",
            )
        )


def _address_refused(settings: Settings, error: OSError) -> Unavailable:
    address = f"{settings.host}:{settings.port}"
    if error.errno == errno.EADDRINUSE:
        return Unavailable(
            Text(
                sv=f"Adressen {address} är upptagen av ett annat program. Stoppa det, eller välj en annan port: "
                f"PORT={settings.port + 1} make run (eller SAMVERK_PORT).",
                en=f"The address {address} is in use by another program. Stop it, or choose another port: "
                f"PORT={settings.port + 1} make run (or SAMVERK_PORT).",
            )
        )
    return Unavailable(
        Text(
            sv=f"Det går inte att lyssna på {address}: {error.strerror}. Ändra SAMVERK_HOST eller SAMVERK_PORT.",
            en=f"Cannot listen on {address}: {error.strerror}. Change SAMVERK_HOST or SAMVERK_PORT.",
        )
    )


def _accounts(accounts: Sequence[Account], language: str) -> str:
    """The demo sign-ins, one a line; nothing outside demo mode."""
    if not accounts:
        return ""
    from web.demo import PASSWORD

    head = "Demokonton, lösenord" if language == "sv" else "Demo accounts, password"
    width = max(len(account.email) for account in accounts)
    lines = [f"  {account.email:{width}}  {account.role:18} {account.organisation}".rstrip() for account in accounts]
    return "\n".join([f"{head} {PASSWORD}:", *lines, ""])
