"""Values that are ids: persons, organisations, roles and hashes read as people know them."""

from __future__ import annotations

from typing import Final

from flask import g

from engine.domain.fields import Field
from engine.domain.values import Value
from web import current
from web.voice import Voice

PERSON_FIELDS: Final = frozenset(
    {"case.scope_editors", "case.suspended_owner", "decision.maker", "legal.reviewers", "price.approved_by_finance",
     "proc.cleared_by", "proc.skip_signed_by"}
)  # fmt: skip


def value_words(voice: Voice, field: Field, value: Value) -> str:
    """This will return a field's value in words, with names instead of ids."""
    if field.name in PERSON_FIELDS and value:
        ids = value if isinstance(value, tuple) else (value,)
        return ", ".join(person_name(str(person)) for person in ids)
    if field.name in ORGANISATION_FIELDS and value:
        ids = value if isinstance(value, tuple) else (value,)
        return ", ".join(current.organisation_name(str(organisation)) for organisation in ids)
    if field.name in HASH_FIELDS and isinstance(value, str):
        return " ".join((value[:4], value[4:8]))
    if field.name in ROLE_FIELDS and isinstance(value, str):
        return current.role_name(value)
    return voice.value(field, value)


def person_name(person: str) -> str:
    """This will return a person's name, the id itself when nobody has it. Each is asked for once per request."""
    known: dict[str, str] = g.setdefault("person_names", {})
    if person not in known:
        known[person] = current.queries().people((person,)).get(person, person)
    return known[person]


HASH_FIELDS: Final = frozenset({"legal.doc_hash", "decision.doc_hash", "agr.signed_doc_hash", "joint.doc_hash"})
ROLE_FIELDS: Final = frozenset({"decision.maker_role"})

ORGANISATION_FIELDS: Final = frozenset(
    {"case.host_org_id", "legal.required_orgs", "conf.covered_orgs", "joint.orgs", "joint.lead_org",
     "infra.landlord_org"}
)  # fmt: skip
