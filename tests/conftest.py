"""Fixtures for every test: a fresh, upgraded database on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from engine.persistence.engine import open_engine
from tests.databases import PostgresDatabases, SqliteDatabases, postgres_server

# How long an example takes says more about the machine than about the code: nothing may fail by the clock.
settings.register_profile("samverk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("samverk")

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
SESSION = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))

BOTH = [pytest.param("sqlite", id="sqlite"), pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    """SQLite databases of this worker."""
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    """PostgreSQL databases of this worker. A missing server is a failure, never a skip."""
    with postgres_server(SESSION) as server:
        databases = PostgresDatabases(server, WORKER)
        try:
            yield databases
        finally:
            databases.close()


@pytest.fixture(params=BOTH)
def databases(request: pytest.FixtureRequest) -> SqliteDatabases | PostgresDatabases:
    """Both kinds in turn."""
    found: SqliteDatabases | PostgresDatabases = request.getfixturevalue(
        "sqlite_databases" if request.param == "sqlite" else "postgres_databases"
    )
    return found


@pytest.fixture
def database_url(databases: SqliteDatabases | PostgresDatabases) -> Iterator[str]:
    """The address of a fresh, upgraded database, on each kind in turn."""
    with databases.fresh() as address:
        yield address


@pytest.fixture
def empty_database_url(databases: SqliteDatabases | PostgresDatabases) -> Iterator[str]:
    """The address of a database that was never upgraded, on each kind in turn."""
    with databases.empty() as address:
        yield address


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A fresh, upgraded database, on each kind in turn."""
    opened = open_engine(database_url)
    yield opened
    opened.dispose()
