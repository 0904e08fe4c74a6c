"""Roles, and the person who acts with the roles held on this case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.domain.values import Text

SYSTEM: Final = "system"
"""The role under which the product itself acts (timers, permits that expire)."""

SME_ROLES: Final = frozenset({"sme_contact", "sme_signatory"})
"""Roles held by people of the company; they never see internal papers (SOD-11)."""

PARTNER_ROLES: Final = frozenset({"legal", "lead_legal"})
"""Who of another organisation than the host may know of a case: the lawyers who review it (L02, INV-15)."""

READ_ONLY_ROLES: Final = frozenset({"auditor"})
NO_CONTENT_ROLES: Final = frozenset({"sys_admin"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One role of the register: its key, names, the forms it exists in and how far it reaches.

    ``scope`` is ``own_case``, ``infrastructure``, ``case``, ``organisation`` or ``system``.
    """

    key: str
    name: Text
    forms: tuple[str, ...]
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person acting now, with the roles and the organisation held *on this case*.

    ``roles`` maps each role held here to the organisation it is held for, for example
    ``{"legal": "ki"}``. ``organisations`` are those that employ or have engaged the person today
    (SOD-04). ``is_active`` is false for a person suspended since the page was opened (SOD-13).
    ``stands_for`` names people whose delegation is used: their acts count as this person's too.
    """

    person: str
    name: str
    roles: dict[str, str]
    organisations: frozenset[str] = frozenset()
    is_active: bool = True
    stands_for: frozenset[str] = frozenset()
    mandates: tuple[Mandate, ...] = ()

    def first_role(self, allowed: tuple[str, ...]) -> str | None:
        """This will return the first of ``allowed`` that the person holds here, or None."""
        return next((role for role in allowed if role in self.roles), None)

    @property
    def is_company(self) -> bool:
        """True when every role held here is one of the company's own."""
        return bool(self.roles) and set(self.roles) <= SME_ROLES


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """Who may decide what, up to which amount, from when to when: a point of a delegation scheme.

    ``types`` are collaboration types, empty for all. ``limit_sek`` is in SEK excluding VAT, None for no
    limit. Days are ISO dates; ``valid_to`` None means until further notice. Source: L24, L46, L61.
    """

    reference: str
    organisation: str
    types: tuple[str, ...] = ()
    limit_sek: int | None = None
    valid_from: str = "1900-01-01"
    valid_to: str | None = None
