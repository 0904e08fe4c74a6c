"""``samverk bench engine``: durable advances per second, beside the same SQL sent by hand.

The reference is strict: every statement that an advance sends to its database is sent again, with the same values, by
the bare driver (`sqlite3`, `psycopg`) to a second database that began as a copy, in turns and in the same run. So the
reference pays for the statements and the disk, and for nothing else: no decision, no JSON, no hash.
"""

from __future__ import annotations

import json as json_format
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url

from engine.persistence import prepared
from engine.persistence.engine import open_engine
from engine.persistence.unit_of_work import unit_of_work
from tests.databases import PostgresDatabases, SqliteDatabases, postgres_server
from tests.integration.persistence.samples import fill_register, noon, recorded, store_case

WARM_UP, ROUNDS = 20, 300
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What one kind of advance took on one database. Times are medians in microseconds."""

    advance: str
    database: str
    rounds: int
    statements: int
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
    for name, urls in _databases():
        with urls as (url, copy_url):
            yield _minimal(name, url, copy_url, rounds, warm_up)


def _minimal(name: str, url: str, copy_url: str, rounds: int, warm_up: int) -> Measurement:
    """One guard and one event: read the case, look at one fact, write one more."""
    engines = [open_engine(url), open_engine(copy_url)]
    for engine in engines:
        fill_register(engine)
        store_case(engine)
    engine = engines[0]

    def advance() -> None:
        with unit_of_work(engine, now=noon) as work:
            case = work.cases.get("C-2025-0001")
            if case.facts["sme.org_nr"].value is None:
                raise AssertionError("the guard")
            after, line = recorded(case, {"scope.hours": case.revision})
            work.cases.save(after, [line], expected_revision=case.revision, expected_sequence=case.sequence)

    try:
        return _paired("minimal", name, engine, copy_url, advance, rounds, warm_up)
    finally:
        for opened in engines:
            opened.dispose()


def _paired(
    advance_name: str, name: str, engine: Engine, copy_url: str, advance: Callable[[], None], rounds: int, warm_up: int
) -> Measurement:
    bare: Bare = BareSqlite(copy_url) if name == "sqlite" else BarePostgres(copy_url)
    product, by_hand = [], []
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
        count = len(statements)
    return Measurement(
        advance=advance_name,
        database=name,
        rounds=rounds,
        statements=count,
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


def _databases() -> Iterator[tuple[str, Any]]:
    @contextmanager
    def two(databases: SqliteDatabases | PostgresDatabases) -> Iterator[tuple[str, str]]:
        with databases.fresh() as first, databases.fresh() as second:
            yield first, second

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        yield "sqlite", two(SqliteDatabases(folder))
        server = stack.enter_context(postgres_server("bench"))
        yield "postgresql", two(PostgresDatabases(server, "bench"))
