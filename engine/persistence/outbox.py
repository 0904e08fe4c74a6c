"""Outgoing messages: written in the case's transaction, leased and sent by a runner later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, func, or_, select, update

from engine.application.ports import Outgoing
from engine.persistence.prepared import Prepared, insert_unless_there
from engine.persistence.tables import outbox

_PUT: Final = Prepared(insert_unless_there(outbox), columns=("key", "kind", "case_id", "recipient", "due_at"))

_LEASE: Final = (
    update(outbox)
    .where(outbox.c.key == bindparam("this_key"))
    .values(leased_by=bindparam("worker"), leased_until=bindparam("until"), attempts=outbox.c.attempts + 1)
)


def put(connection: Connection, message: Outgoing) -> None:
    """This will put a message in the outbox, once per key: a repeat leaves the first one as it is."""
    _PUT.change(
        connection,
        {
            "key": message.key,
            "kind": message.kind,
            "case_id": message.case_id,
            "recipient": message.recipient,
            "due_at": message.due_at,
        },
    )


def lease(
    connection: Connection, *, worker: str, now: datetime, until: datetime, limit: int = 20
) -> Sequence[Outgoing]:
    """This will take due messages for one worker until a moment, oldest first; a lease that ran out is free again."""
    due = (
        select(outbox)
        .where(
            outbox.c.sent_at.is_(None),
            outbox.c.due_at <= now,
            or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= now),
        )
        .order_by(outbox.c.due_at, outbox.c.key)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = connection.execute(due).mappings().all()
    if rows:
        connection.execute(_LEASE, [{"this_key": row["key"], "worker": worker, "until": until} for row in rows])
    return [
        Outgoing(
            key=row["key"],
            kind=row["kind"],
            case_id=row["case_id"],
            recipient=row["recipient"],
            due_at=row["due_at"],
        )
        for row in rows
    ]


def finish(connection: Connection, key: str, *, worker: str, now: datetime) -> bool:
    """This will mark a message as sent; false when the lease has passed to another worker meanwhile."""
    done = connection.execute(
        update(outbox)
        .where(outbox.c.key == key, outbox.c.leased_by == worker, outbox.c.sent_at.is_(None))
        .values(sent_at=now, leased_by=None, leased_until=None, last_error=None)
    )
    return done.rowcount == 1


def fail(connection: Connection, key: str, *, worker: str, again_at: datetime, error: str) -> bool:
    """This will give a message back with the error and the moment of the next attempt; false as in ``finish``."""
    done = connection.execute(
        update(outbox)
        .where(outbox.c.key == key, outbox.c.leased_by == worker, outbox.c.sent_at.is_(None))
        .values(due_at=again_at, leased_by=None, leased_until=None, last_error=error)
    )
    return done.rowcount == 1


def waiting(connection: Connection, now: datetime) -> int:
    """This will count the messages that are due and not sent."""
    count = select(func.count()).select_from(outbox).where(outbox.c.sent_at.is_(None), outbox.c.due_at <= now)
    return connection.execute(count).scalar_one()
