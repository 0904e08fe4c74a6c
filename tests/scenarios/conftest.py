"""The demo, played once per database kind and worker: 26 cases with real logs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from engine.application.ports import Ports
from engine.definitions.loader import AllWorkflows, load_all
from engine.persistence.engine import open_engine
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.scenarios.world import World
from web.demo.facts import DemoCase
from web.demo.load import demo_cases, load_demo, ports_of
from web.settings import Settings, read_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A database with the demo in it."""

    settings: Settings
    engine: Engine
    workflows: AllWorkflows
    ports: Ports
    cases: dict[str, DemoCase]


def demo_settings(database_url: str, folder: Path) -> Settings:
    """This will return settings for a demo on a database, with its files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return read_settings(
        {"SAMVERK_MODE": "demo", "SAMVERK_DATABASE_URL": database_url, "SAMVERK_DATA_DIR": os.fspath(folder)}
    )


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The whole demo on each kind of database."""
    databases: SqliteDatabases | PostgresDatabases = request.getfixturevalue(
        "sqlite_databases" if request.param == "sqlite" else "postgres_databases"
    )
    with databases.fresh() as url:
        settings = demo_settings(url, tmp_path_factory.mktemp("demo"))
        engine = open_engine(url)
        workflows = load_all(settings.workflows)
        load_demo(settings, engine)
        cases = {case.id: case for case in demo_cases(settings, workflows)}
        yield Demo(
            settings=settings,
            engine=engine,
            workflows=workflows,
            ports=ports_of(settings, engine, workflows),
            cases=cases,
        )
        engine.dispose()


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Fresh cases at every place of the three forms, on each kind of database."""
    databases: SqliteDatabases | PostgresDatabases = request.getfixturevalue(
        "sqlite_databases" if request.param == "sqlite" else "postgres_databases"
    )
    settings = demo_settings("sqlite://", tmp_path_factory.mktemp("world"))
    with ExitStack() as keeping:
        yield World(databases=databases, settings=settings, workflows=load_all(settings.workflows), keeping=keeping)
