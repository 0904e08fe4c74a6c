"""One product for all tests of pages and interface; each test opens cases of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.databases import SqliteDatabases
from tests.integration.web.company_world import World, opened_world


@pytest.fixture(scope="session")
def world(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The application on a database with three infrastructures, a company and a host."""
    with sqlite_databases.fresh() as address, opened_world(address, tmp_path_factory.mktemp("world")) as made:
        yield made
