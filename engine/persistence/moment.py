"""How a moment is stored: the one column type of our own."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, String, TypeDecorator
from sqlalchemy.types import TypeEngine


class Moment(TypeDecorator[datetime]):
    """An aware moment: ``timestamp with time zone`` on PostgreSQL; on SQLite UTC text of fixed width that sorts."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[str]:
        """This will choose the column type of the database."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """This will refuse a moment without zone, and write the text on SQLite."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        if dialect.name == "sqlite":
            return value.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"
        return value

    def process_result_value(self, value: datetime | str | None, dialect: Dialect) -> datetime | None:
        """This will return the moment in UTC."""
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return value.astimezone(UTC) if value is not None else None
