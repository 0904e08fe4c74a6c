"""Opening a database: SQLite as it is safe by measurement, PostgreSQL through psycopg 3."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DataError
from sqlalchemy.pool import ConnectionPoolEntry

from engine.domain.reasons import EngineError, InvalidInput
from engine.domain.values import Text
from engine.persistence.prepared import send_plain

BUSY_SECONDS: Final = 20
"""How long a writer waits for another writer before the database gives up."""

UNREADABLE: Final = Text(
    sv="Texten innehåller tecken, eller ett tal, som inte kan sparas. Skriv om den och försök igen.",
    en="The text holds characters, or a number, that cannot be stored. Write it anew and try again.",
)

_READ_ONLY: Final = "samverk_read_only"


class UnknownDatabase(EngineError):
    """The address of the database names none that the product knows."""

    code = "unknown_database"

    def __init__(self, url: str) -> None:
        super().__init__(
            Text(
                sv=f"Databasadressen {url!r} går inte att använda. Skriv sqlite:///sökväg eller postgresql://…",
                en=f"The database address {url!r} cannot be used. Write sqlite:///path or postgresql://…",
            )
        )


def open_engine(url: str, *, pool_size: int = 5) -> Engine:
    """This will return an engine for ``sqlite:///path`` or ``postgresql://…``; it connects on first use.

    Raises UnknownDatabase (the password is not repeated).
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise UnknownDatabase(url.split("@")[-1]) from None
    match address.get_backend_name():
        case "sqlite" if address.database and address.database != ":memory:":
            engine = create_engine(
                address, connect_args={"timeout": BUSY_SECONDS}, pool_size=pool_size, max_overflow=20
            )
            _prepare_sqlite(engine)
        case "postgresql":
            engine = create_engine(
                address.set(drivername="postgresql+psycopg"),
                connect_args={"options": f"-c timezone=UTC -c lock_timeout={BUSY_SECONDS}s"},
                pool_size=pool_size,
                max_overflow=20,
            )
        case _:
            raise UnknownDatabase(address.render_as_string(hide_password=True))
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """This will open a transaction that may write: committed at the end, rolled back on any error.

    Raises InvalidInput for a text that no database can hold.
    """
    with _readable(), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """This will open a transaction that cannot write and, on SQLite, waits for nobody.

    Raises InvalidInput for a text that no database can hold.
    """
    options = {_READ_ONLY: True, "postgresql_readonly": True}
    with _readable(), engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


@contextmanager
def _readable() -> Iterator[None]:
    """Turn a refusal of the text itself into an answer for whoever typed it: PostgreSQL takes no U+0000."""
    try:
        yield
    except (DataError, UnicodeEncodeError) as error:
        raise InvalidInput({"": UNREADABLE}) from error


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def configure(dbapi_connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # The driver's own transactions begin too late (420 of 480 updates lost, measured): we write BEGIN ourselves.
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred BEGIN that reads first and writes later fails at once when another writer came in between, in
        # spite of the timeout: so whatever may write takes the write lock first, and what may not, cannot.
        is_read_only = bool(connection.get_execution_options().get(_READ_ONLY))
        if connection.info.get(_READ_ONLY, False) is not is_read_only:
            send_plain(connection, f"PRAGMA query_only={'ON' if is_read_only else 'OFF'}")
            connection.info[_READ_ONLY] = is_read_only
        send_plain(connection, "BEGIN" if is_read_only else "BEGIN IMMEDIATE")
