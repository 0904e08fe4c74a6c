"""Which mandate lets a person decide: type, amount and day (delegation scheme; L24, L46, L61)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.domain.roles import Actor, Mandate
from engine.domain.values import Facts


def mandate_for(actor: Actor, organisation: str, facts: Facts, day: date) -> Mandate | None:
    """This will return the first mandate that covers the agreement on ``day``, or None.

    The amount is the price in SEK excluding VAT; an agreement without a price needs no amount.
    """
    amount, type_ = facts.get("price.amount_sek"), facts.get("scope.collab_type")
    for mandate in actor.mandates:
        if mandate.organisation != organisation or not _is_valid(mandate, day):
            continue
        if mandate.types and type_ not in mandate.types:
            continue
        if mandate.limit_sek is not None and isinstance(amount, Decimal | int) and amount > mandate.limit_sek:
            continue
        return mandate
    return None


def _is_valid(mandate: Mandate, day: date) -> bool:
    return mandate.valid_from <= day.isoformat() and (mandate.valid_to is None or day.isoformat() <= mandate.valid_to)
