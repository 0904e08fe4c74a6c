"""Statements compiled once: same values in and out as through Core, and errors as SQLAlchemy raises them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, bindparam, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from engine.persistence.engine import open_engine, reading, writing
from engine.persistence.prepared import Prepared
from engine.persistence.tables import deadline, meta, outbox
from engine.persistence.unit_of_work import read_only
from tests.integration.persistence.samples import NOON, fill_register, noon, store_case

PUT = Prepared(insert(meta))
FIND = Prepared(select(meta).where(meta.c.key == bindparam("key"), meta.c.value != "hidden"))


class TestPrepared:
    def test_gives_the_same_rows_as_core(self, engine: Engine) -> None:
        fill_register(engine)
        case = store_case(engine)
        add = Prepared(insert(outbox), columns=("key", "kind", "case_id", "recipient", "due_at", "sent_at"))
        row = {"key": "k", "kind": "your_turn", "case_id": case.id, "recipient": "p", "due_at": NOON}
        with writing(engine) as connection:
            add.change_each(connection, [row | {"sent_at": None}, row | {"key": "l", "sent_at": NOON}])
        both = select(outbox).order_by(outbox.c.key)
        with reading(engine) as connection:
            assert Prepared(both).rows(connection, {}) == [dict(r) for r in connection.execute(both).mappings()]

    def test_reads_booleans_days_and_moments(self, engine: Engine) -> None:
        fill_register(engine)
        case = store_case(engine)
        day = (NOON + timedelta(days=3)).date()
        row = {"case_id": case.id, "id": "d", "rule": "r", "due_on": day, "owner_role": "pm", "is_met": True}
        with writing(engine) as connection:
            assert Prepared(insert(deadline)).change(connection, row) == 1
            assert Prepared(select(deadline)).row(connection, {}) == row

    def test_mixes_its_own_values_with_given_ones(self, engine: Engine) -> None:
        with writing(engine) as connection:
            PUT.change_each(connection, [{"key": "a", "value": "1"}, {"key": "b", "value": "hidden"}])
            assert FIND.row(connection, {"key": "a"}) == {"key": "a", "value": "1"}
            assert FIND.row(connection, {"key": "b"}) is None

    def test_raises_what_core_raises(self, engine: Engine) -> None:
        with writing(engine) as connection:
            PUT.change(connection, {"key": "a", "value": "1"})
        with pytest.raises(IntegrityError), writing(engine) as connection:
            PUT.change(connection, {"key": "a", "value": "2"})

    def test_outlives_a_server_that_went_away(self, database_url: str) -> None:
        if not database_url.startswith("postgresql"):
            return  # SQLite has no server.
        engine = open_engine(database_url)
        fill_register(engine)
        case = store_case(engine)
        other = open_engine(database_url)
        with writing(other) as connection:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            connection.execute(text(f"{others} AND pid <> pg_backend_pid()"))
        with pytest.raises(DBAPIError), read_only(engine, now=noon) as work:
            work.cases.get(case.id)
        with read_only(engine, now=noon) as work:
            assert work.cases.get(case.id).revision == 1
        engine.dispose()
        other.dispose()
