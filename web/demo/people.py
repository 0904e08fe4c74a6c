"""The people of the demo: one per role and place, all fictional, named by what they do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from engine.domain.permissions import Assignment
from engine.domain.roles import Mandate, Role

PASSWORD = "samverk-demo"
"""The password of every demo account. Demo accounts exist in demo mode alone."""

SINCE = date(2024, 1, 1)
PLACES: Mapping[str, tuple[str, ...]] = {
    "ki": ("ana_futura", "ki_pregmp"),
    "k": ("vecura",),
    "ah": ("awl_flemingsberg", "awl_solna"),
}
PLACE_NAMES = {
    "ana_futura": "ANA Futura",
    "ki_pregmp": "Pre-GMP, KI",
    "vecura": "Vecura",
    "awl_flemingsberg": "A Working Lab Flemingsberg",
    "awl_solna": "A Working Lab Solna",
    "ki": "Karolinska Institutet",
    "k": "Karolinska universitetssjukhuset",
    "ah": "Akademiska Hus",
}
ORGANISATION_ROLES: Mapping[str, tuple[str, ...]] = {
    "ki": (
        "legal", "procurement", "decision_maker", "registrar", "finance", "dpo", "security", "escalation_owner",
        "archivist", "auditor", "template_owner",
    ),
    "k": (
        "legal", "procurement", "decision_maker", "registrar", "board_secretary", "finance", "dpo", "security",
        "escalation_owner", "archivist", "auditor", "template_owner",
    ),
    "ah": (
        "legal", "procurement", "decision_maker", "records_owner", "finance", "dpo", "security", "escalation_owner",
        "auditor", "template_owner",
    ),
}  # fmt: skip
PLACE_ROLES: Mapping[str, tuple[str, ...]] = {
    "ki": ("pm", "ops_manager", "biosafety"),
    "k": ("pm", "ops_manager", "qp", "biosafety"),
    "ah": ("pm", "ops_manager", "biosafety"),
}
MANDATES: Mapping[str, tuple[str, int]] = {
    "ki": ("DEL-4.2", 1_000_000),
    "k": ("DEL-2.7", 5_000_000),
    "ah": ("ATT-3", 5_000_000),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """A fictional account with what it is assigned to."""

    id: str
    email: str
    name: str
    language: str
    assignments: tuple[Assignment, ...]
    mandates: tuple[Mandate, ...] = ()


def host_people(roles: Mapping[str, Role]) -> Iterator[DemoPerson]:
    """This will yield the people of the three hosts: one per role and organisation or infrastructure."""
    for organisation, keys in ORGANISATION_ROLES.items():
        for role in keys:
            yield _organisation_person(roles[role], organisation)
        for role in PLACE_ROLES[organisation]:
            for place in PLACES[organisation]:
                yield _place_person(roles[role], organisation, place)
    yield DemoPerson(
        id="sys_admin",
        email="admin@demo.example",
        name="Systemadministratör (fiktiv)",
        language="sv",
        assignments=(Assignment(person="sys_admin", role="sys_admin", organisation="platform", valid_from=SINCE),),
    )


def _organisation_person(role: Role, organisation: str) -> DemoPerson:
    id_ = f"{role.key}.{organisation}"
    mandates: tuple[Mandate, ...] = ()
    if role.key == "decision_maker":
        reference, limit = MANDATES[organisation]
        mandates = (
            Mandate(reference=reference, organisation=organisation, limit_sek=limit, valid_from=SINCE.isoformat()),
        )
    return DemoPerson(
        id=id_,
        email=f"{role.key.replace('_', '-')}.{organisation}@demo.example",
        name=f"{_short(role)}, {PLACE_NAMES[organisation]} (fiktiv)",
        language="sv",
        assignments=(Assignment(person=id_, role=role.key, organisation=organisation, valid_from=SINCE),),
        mandates=mandates,
    )


def _place_person(role: Role, organisation: str, place: str) -> DemoPerson:
    id_ = f"{role.key}.{place}"
    held = Assignment(person=id_, role=role.key, organisation=organisation, valid_from=SINCE, infrastructure_id=place)
    return DemoPerson(
        id=id_,
        email=f"{role.key.replace('_', '-')}.{place.replace('_', '-')}@demo.example",
        name=f"{_short(role)}, {PLACE_NAMES[place]} (fiktiv)",
        language="sv",
        assignments=(held,),
    )


def company_people(name: str, org_nr: str) -> tuple[DemoPerson, DemoPerson]:
    """This will return the contact and the signatory of a fictional company."""
    slug = _slug(name)
    people = []
    for role, title in (("sme_contact", "Kontaktperson"), ("sme_signatory", "Firmatecknare")):
        id_ = f"{role}.{slug}"
        people.append(
            DemoPerson(
                id=id_,
                email=f"{'kontakt' if role == 'sme_contact' else 'firmatecknare'}.{slug}@demo.example",
                name=f"{title}, {name} (fiktiv)",
                language="sv",
                assignments=(
                    Assignment(person=id_, role=role, organisation="sme", valid_from=SINCE, company_org_nr=org_nr),
                ),
            )
        )
    return people[0], people[1]


RESEARCHER = DemoPerson(
    id="pi.ki",
    email="forskare.ki@demo.example",
    name="Ansvarig forskare, Karolinska Institutet (fiktiv)",
    language="sv",
    assignments=(),
)
"""The responsible researcher: the role is given case by case, by the project manager."""


def _short(role: Role) -> str:
    return role.name.sv.split(",")[0]


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.removesuffix(" AB")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
