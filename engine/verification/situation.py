"""What the model remembers of a case: a small tuple of numbers, and the facts that guards read from it.

Versions are relative: an object is given on the *current* text, or on one that is no longer the text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from engine.domain.values import Value

(
    STAGE, SUSPENDED, ESCALATED, STARTED, REACHED, HOST_OPINION, OTHER_OPINION, OTHER_REQUIRED, REVIEWER, RESULT,
    RESULT_BY, PURCHASE, SME_CONFIRMED, PM_CONFIRMED, CONF_SIGNED, CONF_CHECKED, AMENDING, NDA_EVER, AGREEMENT,
    DECISION, APPEAL, REASON, USED, CAPACITY, PURCHASES, AGREED,
) = range(26)  # fmt: skip

Situation = tuple[int | tuple[int, ...] | None, ...]
"""One situation: a number per slot; AGREED holds what was agreed when work first started, None before that."""

Slots = list[int | tuple[int, ...] | None]
"""A situation while it is being changed."""

SLOT_NAMES: Final = (
    "stage", "suspended", "escalated", "work started", "execution reached", "opinion of the host",
    "opinion of another organisation", "another organisation must approve", "reviewer is a scope editor",
    "procurement result", "result signed by a scope editor", "purchase", "confirmed by the company",
    "confirmed by the project manager", "confidentiality signatures", "confidentiality checked", "amending the NDA",
    "an NDA was once signed", "agreement signed", "decision", "appeal", "reason code", "version used",
    "capacity reserved", "purchase reserved", "agreed state",
)  # fmt: skip

NONE, CURRENT, STALE = 0, 1, 2
CLEARED, CLEARED_STALE, SKIPPED, SKIPPED_STALE = 1, 2, 3, 4
NOTHING_BOUGHT, BOUGHT = 1, 2
BY_REVIEWER = 3
RESERVED, SETTLED = 1, 2

RESTORED: Final = (
    HOST_OPINION, OTHER_OPINION, RESULT, RESULT_BY, PURCHASE, SME_CONFIRMED, PM_CONFIRMED, CONF_SIGNED, CONF_CHECKED,
    AGREEMENT, DECISION,
)  # fmt: skip
"""What ``restore_agreed_version`` brings back (engine/domain/effects.py)."""

BOUND_TO_VERSION: Final = (
    HOST_OPINION, OTHER_OPINION, SME_CONFIRMED, PM_CONFIRMED, CONF_CHECKED, AGREEMENT, DECISION,
)  # fmt: skip
BOUND_TO_TEXT: Final = (HOST_OPINION, OTHER_OPINION, AGREEMENT, DECISION)

_VERSIONS: Final = (None, 2, 1)
_SIGNED_DAY: Final = date(2025, 1, 2)


def _flag(slot: int) -> Callable[[Situation], Value]:
    return lambda now: bool(now[slot])


def _version(slot: int) -> Callable[[Situation], Value]:
    return lambda now: _VERSIONS[as_number(now[slot])]


def as_number(value: int | tuple[int, ...] | None) -> int:
    """This will return the number in a slot, 0 for a slot that holds none."""
    return value if isinstance(value, int) else 0


def _approvals(now: Situation) -> Value:
    given = (("host", now[HOST_OPINION]), ("other", now[OTHER_OPINION]))
    return tuple(
        {"org": name, "scope_version": 2 if state == CURRENT else 1, "doc_hash": "text" if state == CURRENT else "old"}
        for name, state in given
        if state
    )


def _text(slot: int) -> Callable[[Situation], Value]:
    return lambda now: (None, "text", "old", "text")[as_number(now[slot])]


def _skip_counts(now: Situation) -> bool:
    return now[RESULT] in {SKIPPED, SKIPPED_STALE} and now[PURCHASE] == NOTHING_BOUGHT


def _signer(now: Situation) -> str:
    return "editor" if now[RESULT_BY] else "officer"


FACTS: Final[Mapping[str, tuple[tuple[int, ...], Callable[[Situation], Value]]]] = {
    "case.suspended": ((SUSPENDED,), _flag(SUSPENDED)),
    "case.escalated": ((ESCALATED,), _flag(ESCALATED)),
    "case.host_org_id": ((), lambda now: "host"),
    "case.scope_editors": ((), lambda now: ("editor",)),
    "case.reason_code": ((REASON,), lambda now: (None, "other", "sme_choice")[as_number(now[REASON])]),
    "exec.first_started_at": ((STARTED,), lambda now: _SIGNED_DAY if now[STARTED] else None),
    "scope.version": ((), lambda now: 2),
    "legal.doc_hash": ((), lambda now: "text"),
    "legal.approvals": ((HOST_OPINION, OTHER_OPINION), _approvals),
    "legal.required_orgs": ((OTHER_REQUIRED,), lambda now: ("host", "other") if now[OTHER_REQUIRED] else ("host",)),
    "legal.reviewers": ((REVIEWER,), lambda now: ("lawyer", "editor") if now[REVIEWER] else ("lawyer",)),
    "proc.cleared_scope_version": (
        (RESULT,),
        lambda now: {CLEARED: 2, CLEARED_STALE: 1}.get(as_number(now[RESULT])),
    ),
    "proc.cleared_by": (
        (RESULT, RESULT_BY),
        lambda now: _signer(now) if now[RESULT] in {CLEARED, CLEARED_STALE} else None,
    ),
    "proc.skip_scope_version": (
        (RESULT, PURCHASE),
        lambda now: (2 if now[RESULT] == SKIPPED else 1) if _skip_counts(now) else None,
    ),
    "proc.skip_signed_by": ((RESULT, RESULT_BY, PURCHASE), lambda now: _signer(now) if _skip_counts(now) else None),
    "proc.direction": ((PURCHASE,), lambda now: (None, "host_provides", "host_buys")[as_number(now[PURCHASE])]),
    "proc.purchase_value_sek": ((PURCHASE,), lambda now: (None, 0, 1000)[as_number(now[PURCHASE])]),
    "sme.confirmed_scope_version": ((SME_CONFIRMED,), _version(SME_CONFIRMED)),
    "scope.confirmed_by_pm_version": ((PM_CONFIRMED,), _version(PM_CONFIRMED)),
    "conf.signed_by_sme": ((CONF_SIGNED,), lambda now: bool(as_number(now[CONF_SIGNED]) & 1)),
    "conf.signed_by_host": ((CONF_SIGNED,), lambda now: bool(as_number(now[CONF_SIGNED]) & 2)),
    "conf.scope_version": ((CONF_CHECKED,), _version(CONF_CHECKED)),
    "conf.signed_at": ((NDA_EVER,), lambda now: _SIGNED_DAY if now[NDA_EVER] else None),
    "agr.all_parties_signed": ((AGREEMENT,), lambda now: True if now[AGREEMENT] else None),
    "agr.signed_doc_hash": ((AGREEMENT,), _text(AGREEMENT)),
    "decision.doc_hash": ((DECISION,), _text(DECISION)),
    "decision.date": ((DECISION,), lambda now: _SIGNED_DAY if now[DECISION] else None),
    "decision.delegation_ref": ((DECISION,), lambda now: "mandate" if now[DECISION] else None),
    "decision.maker": (
        (DECISION,),
        lambda now: None if not now[DECISION] else "lawyer" if now[DECISION] == BY_REVIEWER else "maker",
    ),
    "decision.appeal_state": ((APPEAL,), lambda now: ("none", "appealed", "annulled")[as_number(now[APPEAL])]),
    "execution_reached": ((REACHED,), _flag(REACHED)),
    "capacity_reserved": ((CAPACITY,), lambda now: now[CAPACITY] == RESERVED),
    "purchase_reserved": ((PURCHASES,), lambda now: now[PURCHASES] == RESERVED),
}
"""The facts the model answers, each with the slots it is read from. All other facts are left open."""

EXTRA_NAMES: Final = ("execution_reached", "capacity_reserved", "purchase_reserved")
"""Names that only invariants may use: what the model itself remembers."""


def beginning(purchase: int = 0) -> Situation:
    """This will return the situation of a case that has just been opened."""
    now: Slots = [0] * 26
    now[AGREED] = None
    now[PURCHASE] = purchase
    return tuple(now)
