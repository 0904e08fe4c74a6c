"""``samverk bench engine``: durable advances per second, beside the same SQL sent by hand.

The reference is strict: every statement that an advance sends to its database is sent again, with the same values, by
the bare driver (`sqlite3`, `psycopg`) to a second database that began as a copy, in turns and in the same run. So the
reference pays for the statements and the disk, and for nothing else: no decision, no JSON, no hash.
"""

from __future__ import annotations

import itertools
import json as json_format
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url

from engine.application import handle
from engine.application.ports import Request
from engine.definitions.loader import load_all
from engine.domain.commands import TakeAction
from engine.domain.roles import Actor
from engine.domain.values import Facts
from engine.persistence import prepared
from engine.persistence.engine import open_engine
from engine.persistence.unit_of_work import unit_of_work
from tests.databases import PostgresDatabases, SqliteDatabases, postgres_server
from tests.integration.persistence.samples import fill_register, noon, recorded, store_case
from web.demo.load import BEGINNING, load_demo
from web.demo.player import PlayClock
from web.settings import Settings, read_settings
from web.wiring import make_ports

WARM_UP, ROUNDS = 20, 300
DEMO_CASE = "C-2025-0001"
GOALS = {("minimal", "sqlite"): 2.0, ("minimal", "postgresql"): 1.5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement as the driver got it."""

    sql: str
    values: Any
    is_many: bool


class Bare(Protocol):
    """A connection of the driver itself."""

    def send(self, statements: list[Statement]) -> None:
        """This will send the statements in one transaction, fetch what they answer, and commit."""

    def close(self) -> None:
        """This will let go of the connection."""


class BareSqlite:
    """`sqlite3`, set as the product sets it."""

    def __init__(self, url: str) -> None:
        self._connection = sqlite3.connect(str(make_url(url).database), isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self._connection.execute(f"PRAGMA {pragma}")

    def send(self, statements: list[Statement]) -> None:
        """This will send the statements; BEGIN is one of them."""
        for statement in statements:
            run = self._connection.executemany if statement.is_many else self._connection.execute
            run(statement.sql, statement.values).fetchall()
        self._connection.commit()

    def close(self) -> None:
        """This will let go of the connection."""
        self._connection.close()


class BarePostgres:
    """`psycopg` 3 as it is; it begins a transaction by itself."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(False))

    def send(self, statements: list[Statement]) -> None:
        """This will send the statements in one transaction."""
        with self._connection.cursor() as cursor:
            for statement in statements:
                if statement.is_many:
                    cursor.executemany(statement.sql, statement.values)
                else:
                    cursor.execute(statement.sql, statement.values)
                if cursor.description:
                    cursor.fetchall()
        self._connection.commit()

    def close(self) -> None:
        """This will let go of the connection."""
        self._connection.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What one kind of advance took on one database. Times are medians in microseconds."""

    advance: str
    database: str
    rounds: int
    statements: float
    product_us: float
    by_hand_us: float

    @property
    def ratio(self) -> float:
        """How many times as long as by hand."""
        return self.product_us / self.by_hand_us

    def as_json(self) -> dict[str, object]:
        """This will return the figures under stable keys."""
        return {
            "advance": self.advance,
            "database": self.database,
            "rounds": self.rounds,
            "statements": self.statements,
            "product_us": round(self.product_us, 1),
            "by_hand_us": round(self.by_hand_us, 1),
            "per_second": round(1e6 / self.product_us),
            "by_hand_per_second": round(1e6 / self.by_hand_us),
            "ratio": round(self.ratio, 2),
            "goal": GOALS.get((self.advance, self.database), 1.5),
        }


def run(json: bool) -> int:
    """This will measure, print a table or JSON, and return 0; figures are reported, not judged."""
    found = [measurement.as_json() for measurement in measure()]
    if json:
        print(json_format.dumps({"engine": found}, indent=2))
        return 0
    print(
        f"{'advance':10} {'database':12} {'statements':>10} {'per second':>11} {'by hand':>9} {'ratio':>6} {'goal':>5}"
    )
    for line in found:
        print(
            f"{line['advance']:10} {line['database']:12} {line['statements']:>10} {line['per_second']:>11} "
            f"{line['by_hand_per_second']:>9} {line['ratio']:>6} {line['goal']:>5}"
        )
    return 0


def measure(rounds: int = ROUNDS, warm_up: int = WARM_UP) -> Iterator[Measurement]:
    """This will yield each measurement as it is made."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgres_server(f"bench-{os.getpid()}"))
        postgres = PostgresDatabases(server, "bench")
        stack.callback(postgres.close)
        for name, databases in (("sqlite", SqliteDatabases(folder)), ("postgresql", postgres)):
            for advance in (minimal, full):
                with databases.fresh() as url:
                    step = advance(url, folder)
                    with databases.copy(url) as copy_url:
                        yield _paired(step.name, name, url, copy_url, step.prepare, rounds, warm_up)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A kind of advance: ``prepare`` gives, for a database that is ready, the function that advances once."""

    name: str
    prepare: Callable[[Engine], Callable[[], None]]


def minimal(url: str, _folder: Path) -> Step:
    """One guard and one event: read the case, look at one fact, write one more."""
    engine = open_engine(url)
    fill_register(engine)
    store_case(engine)
    engine.dispose()

    def prepare(engine: Engine) -> Callable[[], None]:
        def advance() -> None:
            with unit_of_work(engine, now=noon) as work:
                case = work.cases.get("C-2025-0001")
                if case.facts["sme.org_nr"].value is None:
                    raise AssertionError("the guard")
                after, line = recorded(case, {"scope.hours": case.revision})
                work.cases.save(after, [line], expected_revision=case.revision, expected_sequence=case.sequence)

        return advance

    return Step(name="minimal", prepare=prepare)


def full(url: str, folder: Path) -> Step:
    """A command on a real case: receipt, ledgers, all guards, separation of duties, chain, turns, timers, outbox.

    The demo case C-2025-0001, ready to start after a hundred commands, is suspended and resumed in turns.
    """
    settings = settings_of(url, folder)
    engine = open_engine(url)
    load_demo(settings, engine, only=frozenset({DEMO_CASE}))
    engine.dispose()
    workflows = load_all(settings.workflows)
    keys = itertools.count()

    def prepare(engine: Engine) -> Callable[[], None]:
        clock = PlayClock(moment=BEGINNING)
        ports = make_ports(settings, engine, workflows, clock)
        actor = Actor(person="bench", name="Projektledare, ANA Futura (fiktiv)", roles={"pm": "ki"})
        values: Facts = {
            "case.suspended_reason": "Mätning",
            "case.suspended_owner": "pm",
            "case.suspended_review_date": BEGINNING.date() + timedelta(days=10),
        }
        commands = itertools.cycle((TakeAction(action="O-01", values=values), TakeAction(action="O-02")))

        def advance() -> None:
            request = Request(actor=lambda _case: actor, person="bench", idempotency_key=f"bench-{next(keys)}")
            handle(ports, DEMO_CASE, next(commands), request)

        return advance

    return Step(name="full", prepare=prepare)


def settings_of(url: str, folder: Path) -> Settings:
    """This will return the settings of a demo on this database."""
    environment = {"SAMVERK_MODE": "demo", "SAMVERK_DATABASE_URL": url, "SAMVERK_DATA_DIR": str(folder)}
    return read_settings(environment)


def _paired(
    step: str,
    name: str,
    url: str,
    copy_url: str,
    prepare: Callable[[Engine], Callable[[], None]],
    rounds: int,
    warm_up: int,
) -> Measurement:
    engine = open_engine(url)
    advance = prepare(engine)
    bare: Bare = BareSqlite(copy_url) if name == "sqlite" else BarePostgres(copy_url)
    product, by_hand = [], []
    count = 0
    with _captured(engine) as statements:
        for _ in range(rounds + warm_up):
            statements.clear()
            begin = time.perf_counter()
            advance()
            middle = time.perf_counter()
            bare.send(statements)
            end = time.perf_counter()
            product.append(middle - begin)
            by_hand.append(end - middle)
            count += len(statements)
    bare.close()
    engine.dispose()
    return Measurement(
        advance=step,
        database=name,
        rounds=rounds,
        statements=round(count / (rounds + warm_up), 1),
        product_us=statistics.median(product[warm_up:]) * 1e6,
        by_hand_us=statistics.median(by_hand[warm_up:]) * 1e6,
    )


@contextmanager
def _captured(engine: Engine) -> Iterator[list[Statement]]:
    statements: list[Statement] = []

    def note(_connection: object, _cursor: object, sql: str, values: Any, _context: object, is_many: bool) -> None:
        statements.append(Statement(sql=sql, values=values, is_many=is_many))

    plain = prepared.send

    def note_and_send(cursor: Any, sql: str, values: Any, *, is_many: bool) -> None:
        statements.append(Statement(sql=sql, values=values, is_many=is_many))
        plain(cursor, sql, values, is_many=is_many)

    # A statement goes to the driver through Core or through `prepared`: both are noted.
    event.listen(engine, "before_cursor_execute", note)
    prepared.send = note_and_send
    try:
        yield statements
    finally:
        prepared.send = plain
        event.remove(engine, "before_cursor_execute", note)
