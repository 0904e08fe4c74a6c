"""Migrations give exactly what `tables.py` says, and a database of another version gets one clear sentence."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Engine, ForeignKeyConstraint, inspect, text

from engine.persistence.engine import UnknownDatabase, open_engine, reading, writing
from engine.persistence.migrations import (
    DatabaseFromTheFuture,
    DatabaseNotUpgraded,
    check_version,
    head,
    steps,
    upgrade,
)
from engine.persistence.tables import metadata


class TestUpgrade:
    def test_gives_exactly_the_tables(self, engine: Engine) -> None:
        with reading(engine) as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "compare_server_default": True}
            )
            assert compare_metadata(context, metadata) == []

    def test_gives_every_check_and_key_by_its_name(self, engine: Engine) -> None:
        found = inspect(engine)
        for table in metadata.sorted_tables:
            checks = {str(item.name) for item in table.constraints if isinstance(item, CheckConstraint)}
            assert {str(item["name"]) for item in found.get_check_constraints(table.name)} == checks
            keys = {str(item.name) for item in table.constraints if isinstance(item, ForeignKeyConstraint)}
            assert {str(item["name"]) for item in found.get_foreign_keys(table.name)} == keys

    def test_does_nothing_the_second_time(self, engine: Engine) -> None:
        upgrade(engine)
        check_version(engine)

    def test_waits_for_another_that_is_upgrading(self, empty_database_url: str) -> None:
        raised: list[BaseException] = []

        def run() -> None:
            engine = open_engine(empty_database_url)
            try:
                upgrade(engine)
                check_version(engine)
            except BaseException as error:
                raised.append(error)
            finally:
                engine.dispose()

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert raised == []

    def test_numbers_its_steps_without_gaps(self) -> None:
        assert steps() == tuple(f"{number:04d}" for number in range(1, len(steps()) + 1))


class TestCheckVersion:
    def test_an_empty_database_is_to_be_upgraded(self, empty_database_url: str) -> None:
        engine = open_engine(empty_database_url)
        with pytest.raises(DatabaseNotUpgraded, match="Run: samverk db upgrade"):
            check_version(engine)
        engine.dispose()

    def test_a_database_from_the_future_is_left_alone(self, engine: Engine) -> None:
        with writing(engine) as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        for ask in (check_version, upgrade):
            with pytest.raises(DatabaseFromTheFuture, match=f"9999, newer than .* knows \\({head()}\\)"):
                ask(engine)

    def test_costs_the_web_no_alembic(self) -> None:
        code = "import sys, engine.persistence.migrations; sys.exit('alembic' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


class TestOpenEngine:
    @pytest.mark.parametrize("url", ["", "nonsense", "mysql://u:secret@h/d", "sqlite://", "sqlite:///:memory:"])
    def test_refuses_what_it_does_not_know(self, url: str) -> None:
        with pytest.raises(UnknownDatabase) as refused:
            open_engine(url)
        assert "secret" not in str(refused.value)
