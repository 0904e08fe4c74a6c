"""Cross-case ledgers: capacity per infrastructure and year, direct awards per organisation and year."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, update

from engine.domain.case import Case, Infrastructure
from engine.domain.events import Entry, LedgerReserved, LedgersReleased
from engine.domain.values import local_day
from engine.persistence.mapping import amount_to_e6, decimal_text, e6_to_decimal
from engine.persistence.prepared import Prepared, insert_unless_there
from engine.persistence.tables import case_row, ledger_account, ledger_row

CAPACITY: Final = "capacity"
PURCHASE: Final = "purchase"
BASELINE: Final = "infra.economic_share_ytd_pct"
"""The share of the year that the infrastructure had used before the product kept its ledger."""

OTHERS_CAPACITY: Final = (
    select(func.coalesce(func.sum(ledger_row.c.amount_e6), 0))
    .where(
        ledger_row.c.ledger == CAPACITY,
        ledger_row.c.owner == case_row.c.infrastructure_id,
        ledger_row.c.year == bindparam("year"),
        ledger_row.c.case_id != case_row.c.id,
    )
    .correlate(case_row)
    .scalar_subquery()
)
OTHERS_PURCHASES: Final = (
    select(func.coalesce(func.sum(ledger_row.c.amount_e6), 0))
    .where(
        ledger_row.c.ledger == PURCHASE,
        ledger_row.c.owner == case_row.c.host_org,
        ledger_row.c.year == bindparam("year"),
        ledger_row.c.case_id != case_row.c.id,
    )
    .correlate(case_row)
    .scalar_subquery()
)

_LOCK: Final = Prepared(
    select(ledger_account.c.ledger)
    .where(
        or_(
            and_(ledger_account.c.ledger == CAPACITY, ledger_account.c.owner == bindparam("infrastructure")),
            and_(ledger_account.c.ledger == PURCHASE, ledger_account.c.owner == bindparam("organisation")),
        )
    )
    .order_by(ledger_account.c.ledger, ledger_account.c.owner)
    .with_for_update()
)


_OPEN: Final = Prepared(insert_unless_there(ledger_account))


def lock_ledgers(connection: Connection, infrastructure: str, organisation: str) -> None:
    """This will hold the ledgers of an infrastructure and an organisation until the transaction ends.

    It must come before the sums are read. On SQLite the writing transaction is the lock already.
    """
    if connection.dialect.name == "sqlite":
        return
    names = {"infrastructure": infrastructure, "organisation": organisation}
    if len(_LOCK.rows(connection, names)) < 2:
        _OPEN.change_each(
            connection,
            [{"ledger": CAPACITY, "owner": infrastructure}, {"ledger": PURCHASE, "owner": organisation}],
        )
        _LOCK.rows(connection, names)


def capacity_pct(infrastructure: Infrastructure, others_e6: int) -> str:
    """This will return the share of the year's capacity that others have used or reserved, in percent."""
    baseline = infrastructure.facts.get(BASELINE)
    start = Decimal(baseline) if isinstance(baseline, Decimal | int) else Decimal(0)
    return decimal_text(start + e6_to_decimal(others_e6))


def purchases_sek(others_e6: int) -> str:
    """This will return the year's direct awards of other cases, in SEK."""
    return decimal_text(e6_to_decimal(others_e6))


def keep_ledgers(connection: Connection, case: Case, entry: Entry) -> None:
    """This will bring the ledger in line with one line of the log."""
    match entry.event:
        case LedgerReserved() as reserved:
            connection.execute(
                delete(ledger_row).where(ledger_row.c.case_id == case.id, ledger_row.c.ledger == reserved.ledger)
            )
            connection.execute(
                insert(ledger_row),
                {
                    "case_id": case.id,
                    "ledger": reserved.ledger,
                    "owner": reserved.owner,
                    "year": reserved.year,
                    "amount_e6": amount_to_e6(reserved.amount),
                    "is_used": False,
                },
            )
        case LedgersReleased(settled=False):
            connection.execute(
                delete(ledger_row).where(ledger_row.c.case_id == case.id, ledger_row.c.is_used.is_(False))
            )
        case LedgersReleased() as settled:
            _settle(connection, case, entry, amount_to_e6(settled.used_capacity))
        case _:
            pass


def _settle(connection: Connection, case: Case, entry: Entry, used_e6: int) -> None:
    connection.execute(update(ledger_row).where(ledger_row.c.case_id == case.id).values(is_used=True))
    found = connection.execute(
        update(ledger_row)
        .where(ledger_row.c.case_id == case.id, ledger_row.c.ledger == CAPACITY)
        .values(amount_e6=used_e6)
    )
    if found.rowcount == 0 and used_e6:
        connection.execute(
            insert(ledger_row),
            {
                "case_id": case.id,
                "ledger": CAPACITY,
                "owner": case.infrastructure_id,
                "year": local_day(entry.at).year,
                "amount_e6": used_e6,
                "is_used": True,
            },
        )
