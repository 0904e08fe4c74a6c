"""Single values of the installation, such as the offset of the demo clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, insert, select, update

from engine.persistence.tables import meta

DEMO_OFFSET: Final = "demo_clock_offset_seconds"


def get_meta(connection: Connection, key: str) -> str | None:
    """This will return the value kept under a key, or None."""
    value: str | None = connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar_one_or_none()
    return value


def set_meta(connection: Connection, key: str, value: str) -> None:
    """This will keep a value under a key, in place of an earlier one."""
    done = connection.execute(update(meta).where(meta.c.key == key).values(value=value))
    if done.rowcount == 0:
        connection.execute(insert(meta), {"key": key, "value": value})


def demo_offset(connection: Connection) -> timedelta | None:
    """This will return what is added to the real clock in demo mode, or None outside of it."""
    value = get_meta(connection, DEMO_OFFSET)
    return None if value is None else timedelta(seconds=float(value))


def set_demo_offset(connection: Connection, offset: timedelta) -> None:
    """This will set what is added to the real clock in demo mode."""
    set_meta(connection, DEMO_OFFSET, repr(offset.total_seconds()))
