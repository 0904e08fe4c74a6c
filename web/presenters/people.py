"""People in facts: a field that holds persons reads as their names, never as the ids of their accounts."""

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
    """This will return a field's value in words, with names for persons and organisations."""
    if field.name in PERSON_FIELDS and value:
        ids = value if isinstance(value, tuple) else (value,)
        return ", ".join(person_name(str(person)) for person in ids)
    if field.name in ORGANISATION_FIELDS and value:
        ids = value if isinstance(value, tuple) else (value,)
        return ", ".join(current.organisation_name(str(organisation)) for organisation in ids)
    return voice.value(field, value)


def person_name(person: str) -> str:
    """This will return a person's name, the id itself when nobody has it. Each is asked for once per request."""
    known: dict[str, str] = g.setdefault("person_names", {})
    if person not in known:
        known[person] = current.queries().people((person,)).get(person, person)
    return known[person]


ORGANISATION_FIELDS: Final = frozenset(
    {"case.host_org_id", "legal.required_orgs", "conf.covered_orgs", "joint.orgs", "joint.lead_org",
     "infra.landlord_org"}
)  # fmt: skip
