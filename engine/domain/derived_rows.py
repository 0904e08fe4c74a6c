"""Facts that follow from rows: participants, permits, information, access, assets, obligations, time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from engine.domain.case import Case, Row
from engine.domain.values import Facts, Value
from engine.domain.workflow import Workflow

PERMIT_ASKED_BY: dict[str, str] = {
    "scope.human_research": "ethics",
    "scope.human_material": "biobank",
    "scope.animals": "animal",
    "scope.gmo": "gmo",
    "scope.clinical_use": "medicines",
}
"""Which risk answer asks for which permit. Source: L42-L45."""

BIOSAFETY_NEEDS_PERMIT = 2
RESOLVED = frozenset({"not_needed", "applied", "granted"})
SURVIVING_CLAUSES = frozenset({"CL-09", "CL-10", "CL-11", "CL-13", "CL-14", "CL-26"})
"""Clauses that bind after the end (domain dossier 6.3); each needs a dated row before closing (G-CLO-10)."""


def add(facts: dict[str, Value], case: Case, workflow: Workflow) -> None:
    """This will add what the rows tell. No row at all is unknown, never a convenient yes."""
    _participants(facts, case)
    _permits(facts, case)
    _information(facts, case)
    _access(facts, case)
    _closing(facts, case)
    log = _rows(case, "time_log")
    hours = [row.values.get("hours") for row in log]
    facts["exec.hours_used"] = sum((hour for hour in hours if isinstance(hour, Decimal)), Decimal(0))
    facts["aid.contributions_ref"] = _contributions(case)


def _rows(case: Case, table: str) -> tuple[Row, ...]:
    return tuple(case.rows.get(table, {}).values())


def _participants(facts: dict[str, Value], case: Case) -> None:
    rows = _rows(case, "participants")
    if not rows:
        nobody = facts.get("scope.staff_role") == "none"
        facts["scope.affiliation_resolved"] = True if nobody else None
        facts["scope.researcher_interest_in_sme"] = False if nobody else None
        return
    facts["scope.participants"] = tuple(
        {"name": row.values.get("name"), "employer": row.values.get("employer"), "role": row.values.get("role")}
        for row in rows
    )
    employers = [row.values.get("employer") for row in rows]
    facts["scope.affiliation_resolved"] = all(isinstance(employer, str) and employer for employer in employers)
    facts["scope.researcher_interest_in_sme"] = any(row.values.get("interest") is True for row in rows)


def permits_needed(facts: Facts) -> frozenset[str] | None:
    """This will return the kinds of permit that the risk answers ask for, or None while an answer is missing."""
    needed: set[str] = set()
    for name, kind in PERMIT_ASKED_BY.items():
        answer = facts.get(name)
        if answer is None:
            return None
        if answer is True:
            needed.add(kind)
    level = facts.get("scope.biosafety_level")
    if not isinstance(level, int):
        return None
    if level >= BIOSAFETY_NEEDS_PERMIT:
        needed.add("biosafety")
    if facts.get("scope.dual_use") == "yes":
        needed.add("export")
    return frozenset(needed)


def _permits(facts: dict[str, Value], case: Case) -> None:
    needed = permits_needed(facts)
    if needed is None:
        facts["permits.all_resolved"] = None
        facts["permits.all_granted"] = None
        return
    rows = _rows(case, "permits")
    resolved = {row.values.get("kind") for row in rows if row.values.get("state") in RESOLVED}
    unresolved_row = any(row.values.get("state") not in RESOLVED for row in rows)
    facts["permits.all_resolved"] = needed <= resolved and not unresolved_row
    end = facts.get("scope.end_date")
    in_force = {row.values.get("kind") for row in rows if _is_in_force(row, end)}
    facts["permits.all_granted"] = needed <= in_force and all(_is_in_force(row, end) for row in rows)


def _is_in_force(row: Row, end: Value) -> bool:
    if row.values.get("state") == "not_needed":
        return True
    until = row.values.get("valid_to")
    if row.values.get("state") != "granted":
        return False
    return until is None or (isinstance(until, date) and isinstance(end, date) and until >= end)


def _information(facts: dict[str, Value], case: Case) -> None:
    rows = _rows(case, "information")
    bases = {row.values.get("info_class"): row.values.get("basis") for row in rows}
    classes = facts.get("scope.info_classes")
    if isinstance(classes, tuple) and rows:
        facts["legal.secrecy_bases_complete"] = all(bases.get(name) is not None for name in _texts(classes))
    used = set(bases.values())
    facts["legal.basis_245_used"] = "24:5" in used if rows else None
    facts["legal.basis_3112_used"] = "31:12" in used if rows else None


def _texts(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(value for value in values if isinstance(value, str))


def _access(facts: dict[str, Value], case: Case) -> None:
    rows = _rows(case, "access_list")
    present = [row for row in rows if row.values.get("to_on") is None]
    if rows:
        facts["exec.safety_done_all"] = all(row.values.get("introduced_on") is not None for row in present)
    approved = case.attested.get("access_list_approved")
    latest = max((row.at for row in rows), default=None)
    facts["exec.access_list_ok"] = approved is not None and (latest is None or approved.at >= latest) if rows else None
    revoked = case.attested.get("access_revoked")
    facts["close.access_revoked"] = revoked is not None and not present if revoked or rows else None


def _closing(facts: dict[str, Value], case: Case) -> None:
    assets = _rows(case, "assets")
    facts["close.all_assets_returned"] = all(row.values.get("state") == "returned" for row in assets)
    obligations = {row.values.get("clause") for row in _rows(case, "obligations")}
    facts["close.obligation_clauses"] = tuple(sorted(_texts(obligations)))


def _contributions(case: Case) -> Value:
    parties = {row.values.get("party") for row in _rows(case, "contributions")}
    return f"CT-{case.scope_version}" if {"host", "sme"} <= parties else None
