"""Domain to rows and back: plain functions, every column a pure function of the case and its log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from typing import Any, Final

from sqlalchemy import RowMapping

from engine.domain.case import Case, Document, Infrastructure, JointContext, Opinion, UploadedFile
from engine.domain.events import Entry
from engine.domain.permissions import Assignment, company_org_nr, involved_organisations
from engine.domain.roles import Mandate
from engine.ledger.chain import Line, link
from engine.persistence.codec import STATE_SHAPE, decode_event, decode_facts, encode_event, encode_facts
from engine.persistence.codec import moment_text as moment_text

Row = dict[str, Any]  # a row holds what the driver takes
Found = RowMapping | Mapping[str, Any]
"""A row as it was read, by column name."""

MILLION: Final = 1_000_000


def case_to_row(case: Case, *, log_head: str, state: str) -> Row:
    """This will return the columns of ``case_row``; ``state`` is the folded case as the codec writes it."""
    company, title_sv, title_en = (_text_fact(case, name) for name in ("sme.name", "scope.title_sv", "scope.title_en"))
    reference = _text_fact(case, "case.dnr") or _text_fact(case, "case.internal_no") or case.internal_no or ""
    return {
        "id": case.id,
        "form": case.form,
        "definition_version": case.definition_version,
        "infrastructure_id": case.infrastructure_id,
        "host_org": case.host_org,
        "sme_org_nr": company_org_nr(case),
        "company_name": company,
        "title_sv": title_sv,
        "title_en": title_en,
        "reference": reference,
        "search": " ".join((case.id, reference, company, title_sv, title_en)).casefold(),
        "stage": case.stage,
        "stage_since": case.stage_since,
        "outcome": case.outcome,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "changed_at": case.last_at,
        "revision": case.revision,
        "sequence": case.sequence,
        "log_head": log_head,
        "scope_version": case.scope_version,
        "is_suspended": case.hold is not None,
        "is_escalated": case.is_escalated,
        "joint_parent_id": case.joint_parent_id,
        "state_shape": STATE_SHAPE,
        "state": state,
    }


def entries_to_rows(case_id: str, entries: tuple[Entry, ...] | list[Entry], previous: str) -> tuple[list[Row], str]:
    """This will return the rows of ``case_event``, chained after ``previous``, and the new head of the chain."""
    rows = []
    for entry in entries:
        name, shape, payload = encode_event(entry.event)
        line = Line(
            case=case_id,
            sequence=entry.sequence,
            at=moment_text(entry.at),
            person=entry.person,
            person_name=entry.person_name,
            role=entry.role,
            organisation=entry.organisation,
            mandate=entry.mandate,
            event=name,
            shape=shape,
            payload=payload,
        )
        head = link(previous, line.text())
        rows.append(
            {
                "case_id": case_id,
                "sequence": entry.sequence,
                "type": name,
                "shape": shape,
                "at": entry.at,
                "person": entry.person,
                "person_name": entry.person_name,
                "role": entry.role,
                "organisation": entry.organisation,
                "mandate": entry.mandate,
                "payload": payload,
                "prev_hash": previous,
                "hash": head,
            }
        )
        previous = head
    return rows, previous


def row_to_entry(row: Found) -> Entry:
    """This will return a line of the log. Raises UnreadableShape."""
    return Entry(
        sequence=row["sequence"],
        at=row["at"],
        person=row["person"],
        person_name=row["person_name"],
        role=row["role"],
        organisation=row["organisation"],
        event=decode_event(row["type"], row["shape"], row["payload"]),
        mandate=row["mandate"],
    )


def row_to_line(row: Found) -> Line:
    """This will return a line of the log as it was hashed, without reading its payload."""
    return Line(
        case=row["case_id"],
        sequence=row["sequence"],
        at=moment_text(row["at"]),
        person=row["person"],
        person_name=row["person_name"],
        role=row["role"],
        organisation=row["organisation"],
        mandate=row["mandate"],
        event=row["type"],
        shape=row["shape"],
        payload=row["payload"],
    )


def party_rows(case: Case) -> list[Row]:
    """This will return the organisations that take part, sorted."""
    return [{"case_id": case.id, "organisation": name} for name in sorted(involved_organisations(case))]


def document_to_row(case_id: str, document: Document) -> Row:
    """This will return the columns of one document."""
    rendition = document.rendition
    return {
        "case_id": case_id,
        "key": document.key,
        "document": document.document,
        "subject": document.subject,
        "language": document.language,
        "scope_version": document.scope_version,
        "drafted_at": document.drafted_at,
        "drafted_by": document.drafted_by,
        "finalised_at": document.finalised_at,
        "file_hash": rendition.file_hash if rendition else None,
        "size": rendition.size if rendition else None,
        "signature_count": sum(not signature.is_void for signature in document.signatures),
        "dispatched_at": max(document.dispatches, default=None),
        "registered_number": document.registered_number,
        "registered_at": document.registered_at,
        "marking": document.marking,
        "is_superseded": document.is_superseded,
    }


def opinion_to_row(case_id: str, opinion: Opinion) -> Row:
    """This will return the columns of one opinion; its text stays in the log and the case."""
    return {
        "case_id": case_id,
        "id": opinion.id,
        "organisation": opinion.organisation,
        "person": opinion.person,
        "opinion": opinion.opinion,
        "scope_version": opinion.scope_version,
        "doc_hash": opinion.doc_hash,
        "at": opinion.at,
        "open_conditions": sum(condition.closed_at is None for condition in opinion.conditions),
        "is_superseded": opinion.is_superseded,
    }


def file_to_row(case_id: str, file: UploadedFile) -> Row:
    """This will return the columns of one uploaded file."""
    return {
        "case_id": case_id,
        "key": file.key,
        "name": file.name,
        "file_hash": file.file_hash,
        "size": file.size,
        "at": file.at,
    }


def infrastructure_to_row(infrastructure: Infrastructure) -> Row:
    """This will return the columns of an infrastructure profile."""
    return {
        "id": infrastructure.id,
        "name_sv": infrastructure.name_sv,
        "name_en": infrastructure.name_en,
        "owner_org": infrastructure.owner_org,
        "form": infrastructure.form,
        "campus": infrastructure.campus,
        "capacity_unit": infrastructure.capacity_unit,
        "annual_capacity": infrastructure.annual_capacity,
        "facts": encode_facts(infrastructure.facts),
        "co_operator": infrastructure.co_operator,
        "status": infrastructure.status,
    }


def row_to_infrastructure(row: Found, prefix: str = "") -> Infrastructure:
    """This will return the profile; ``prefix`` where the columns were read beside others."""
    return Infrastructure(
        id=row[f"{prefix}id"],
        name_sv=row[f"{prefix}name_sv"],
        name_en=row[f"{prefix}name_en"],
        owner_org=row[f"{prefix}owner_org"],
        form=row[f"{prefix}form"],
        campus=row[f"{prefix}campus"],
        capacity_unit=row[f"{prefix}capacity_unit"],
        annual_capacity=row[f"{prefix}annual_capacity"],
        facts=decode_facts(row[f"{prefix}facts"]),
        co_operator=row[f"{prefix}co_operator"],
        status=row[f"{prefix}status"],
    )


def joint_to_row(joint: JointContext) -> Row:
    """This will return the columns of a joint case."""
    return {
        "id": joint.id,
        "lead": joint.lead,
        "organisations": json.dumps(sorted(joint.organisations)),
        "doc_hash": joint.doc_hash,
        "stage": joint.stage,
        "sme_consents": joint.sme_consents,
        "university_participates": joint.university_participates,
    }


def row_to_joint(row: Found, prefix: str = "") -> JointContext:
    """This will return what a child sees of its joint case; organisations are sorted."""
    return JointContext(
        id=row[f"{prefix}id"],
        organisations=tuple(json.loads(row[f"{prefix}organisations"])),
        lead=row[f"{prefix}lead"],
        doc_hash=row[f"{prefix}doc_hash"],
        stage=row[f"{prefix}stage"],
        sme_consents=row[f"{prefix}sme_consents"],
        university_participates=row[f"{prefix}university_participates"],
    )


def assignment_to_row(assignment: Assignment) -> Row:
    """This will return the columns of an assignment."""
    return {
        "person_id": assignment.person,
        "role": assignment.role,
        "organisation": assignment.organisation,
        "infrastructure_id": assignment.infrastructure_id,
        "case_id": assignment.case_id,
        "company_org_nr": assignment.company_org_nr,
        "valid_from": assignment.valid_from,
        "valid_to": assignment.valid_to,
    }


def row_to_assignment(row: Found) -> Assignment:
    """This will return an assignment."""
    return Assignment(
        person=row["person_id"],
        role=row["role"],
        organisation=row["organisation"],
        infrastructure_id=row["infrastructure_id"],
        case_id=row["case_id"],
        company_org_nr=row["company_org_nr"],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
    )


def mandate_to_row(person: str, mandate: Mandate) -> Row:
    """This will return the columns of a mandate that a person holds."""
    return {
        "person_id": person,
        "reference": mandate.reference,
        "organisation": mandate.organisation,
        "types": json.dumps(list(mandate.types)),
        "limit_sek": mandate.limit_sek,
        "valid_from": date.fromisoformat(mandate.valid_from),
        "valid_to": None if mandate.valid_to is None else date.fromisoformat(mandate.valid_to),
    }


def row_to_mandate(row: Found) -> Mandate:
    """This will return a mandate."""
    return Mandate(
        reference=row["reference"],
        organisation=row["organisation"],
        types=tuple(json.loads(row["types"])),
        limit_sek=row["limit_sek"],
        valid_from=row["valid_from"].isoformat(),
        valid_to=None if row["valid_to"] is None else row["valid_to"].isoformat(),
    )


def amount_to_e6(amount: str) -> int:
    """This will return an amount in millionths, rounded up: a limit is never passed by rounding. Raises ValueError."""
    try:
        scaled = Decimal(amount) * MILLION
        return int(scaled.to_integral_value(rounding=ROUND_CEILING))
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise ValueError(f"no amount: {amount!r}") from error


def e6_to_decimal(amount: int) -> Decimal:
    """This will return the amount that so many millionths are."""
    return Decimal(amount) / MILLION


def decimal_text(amount: Decimal) -> str:
    """This will return an amount as text without trailing zeros or exponent: ``6.5``, ``0``, ``427500``."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _text_fact(case: Case, name: str) -> str:
    fact = case.facts.get(name)
    return fact.value if fact is not None and isinstance(fact.value, str) else ""
