"""Statements of SQLAlchemy Core, compiled once per database and then sent by the driver itself.

The hot path of a command is a dozen small statements. Core spends two to four times as long on each of them as the
database does; what it spends it on (cache keys, contexts, result objects) is the same every time, so it is done once.
Only statements without lists in them (``IN``) can be prepared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NoReturn

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement, Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import Insert

Values = Mapping[str, Any]
Processor = Callable[[Any], Any]


class Prepared:
    """One statement, or the function that gives it for a database. Its compiled form is kept per kind of database.

    ``columns`` are those that an insert gives values for; None means all.
    """

    __slots__ = ("_columns", "_compiled", "_statement")

    def __init__(
        self, statement: Executable | Callable[[Dialect], Executable], *, columns: Sequence[str] | None = None
    ) -> None:
        self._statement = statement
        self._columns = columns
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, values: Values) -> list[dict[str, Any]]:
        """This will send the statement and return every row by column name."""
        compiled = self._for(connection.dialect)
        cursor = _send(connection, compiled.sql, compiled.bind(values), is_many=False)
        try:
            return compiled.read(cursor.fetchall())
        finally:
            cursor.close()

    def row(self, connection: Connection, values: Values) -> dict[str, Any] | None:
        """This will send the statement and return the row it finds, or None. It finds one at most."""
        return next(iter(self.rows(connection, values)), None)

    def change(self, connection: Connection, values: Values) -> int:
        """This will send the statement and return how many rows it changed. Raises as SQLAlchemy does."""
        compiled = self._for(connection.dialect)
        cursor = _send(connection, compiled.sql, compiled.bind(values), is_many=False)
        try:
            return int(cursor.rowcount)
        finally:
            cursor.close()

    def change_each(self, connection: Connection, many: Sequence[Values]) -> None:
        """This will send the statement once for each of the values. Raises as SQLAlchemy does."""
        if len(many) == 1:
            self.change(connection, many[0])
            return
        compiled = self._for(connection.dialect)
        _send(connection, compiled.sql, [compiled.bind(values) for values in many], is_many=True).close()

    def _for(self, dialect: Dialect) -> _Compiled:
        found = self._compiled.get(dialect.name)
        if found is None:
            statement = self._statement if isinstance(self._statement, Executable) else self._statement(dialect)
            found = self._compiled[dialect.name] = _Compiled(statement, dialect, self._columns)
        return found


def insert_unless_there(table: Table) -> Callable[[Dialect], Executable]:
    """This will return an insert that leaves an existing row as it is, for either database."""

    def statement(dialect: Dialect) -> Executable:
        if dialect.name == "sqlite":
            return sqlite.insert(table).on_conflict_do_nothing()
        return postgresql.insert(table).on_conflict_do_nothing()

    return statement


class _Compiled:
    """The text of a statement for one kind of database, and how its values go in and come out."""

    __slots__ = ("_fixed", "_into", "_names", "_order", "_out", "sql")

    def __init__(self, statement: Executable, dialect: Dialect, columns: Sequence[str] | None) -> None:
        if isinstance(statement, Insert) and columns is None:
            columns = [column.name for column in statement.table.columns]
        assert isinstance(statement, ClauseElement)
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        assert isinstance(compiled, SQLCompiler)
        self.sql: Final = str(compiled)
        self._order: Final = compiled.positiontup
        self._into: Final = {
            name: processor
            for bind, name in compiled.bind_names.items()
            if (processor := bind.type.dialect_impl(dialect).bind_processor(dialect)) is not None
        }
        self._fixed: Final = {
            name: self._processed(name, bind.value)
            for bind, name in compiled.bind_names.items()
            if not bind.required and bind.value is not None
        }
        selected = getattr(statement, "selected_columns", ())
        self._names: Final = [column.key for column in selected]
        self._out: Final[list[tuple[str, Processor]]] = [
            (column.key, processor)
            for column in selected
            if (processor := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
        ]

    def bind(self, values: Values) -> Sequence[Any] | dict[str, Any]:
        """The values in the form and order that the driver wants. Raises KeyError for a missing one."""
        into = self._into
        named = {name: into[name](value) if name in into else value for name, value in values.items()}
        if self._fixed:
            named = {**self._fixed, **named}
        return named if self._order is None else [named[name] for name in self._order]

    def read(self, rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
        """The rows as the driver gave them, by name, in the types of the tables."""
        found = [dict(zip(self._names, row, strict=True)) for row in rows]
        for row in found:
            for name, processor in self._out:
                row[name] = processor(row[name])
        return found

    def _processed(self, name: str, value: object) -> object:
        return self._into[name](value) if name in self._into else value


def send(cursor: DBAPICursor, sql: str, values: Any, *, is_many: bool) -> None:
    """This will hand one statement to the driver."""
    if is_many:
        cursor.executemany(sql, values)
    else:
        cursor.execute(sql, values)


def send_plain(connection: Connection, sql: str) -> None:
    """This will send a statement without values by the driver itself. Raises as SQLAlchemy does."""
    _send(connection, sql, (), is_many=False).close()


def _send(connection: Connection, sql: str, values: Any, *, is_many: bool) -> DBAPICursor:
    driver = connection.connection
    cursor = driver.cursor()
    try:
        send(cursor, sql, values, is_many=is_many)
    except Exception as error:
        _refuse(connection, cursor, sql, values, error)
    return cursor


def _refuse(connection: Connection, cursor: DBAPICursor, sql: str, values: Any, error: Exception) -> NoReturn:
    """Raise the driver's error as SQLAlchemy would, and give up a connection that is dead."""
    dialect = connection.dialect
    module = dialect.loaded_dbapi
    if not isinstance(error, module.Error):
        raise error
    if dialect.is_disconnect(error, connection.connection, cursor):
        connection.invalidate(error)
        # The server has gone: what else lies in the pool is dead too, and would cost one request each.
        connection.engine.dispose(close=False)
    else:
        cursor.close()
    raise DBAPIError.instance(sql, values, error, module.Error, dialect=dialect) from error
