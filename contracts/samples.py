"""Made-up but plausible facts and particulars for every form: what a template is tried with before it is used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from contracts.manifest import Variant
from engine.domain.commands import Language
from engine.domain.fields import Column, Field, FieldType, RowTable
from engine.domain.values import Facts, Scalar, Value

ON: Final = date(2025, 11, 24)

HOSTS: Final[Mapping[Variant, Facts]] = {
    "state": {
        "parties.host.name": "Karolinska Institutet",
        "parties.host.legal_person": "Staten genom Karolinska Institutet",
        "parties.host.unit": "ANA Futura",
        "parties.host.org_nr": "202100-2973",
        "parties.host.seat": "Solna",
    },
    "regional": {
        "parties.host.name": "Karolinska Universitetssjukhuset",
        "parties.host.legal_person": "Region Stockholm genom Karolinska Universitetssjukhuset",
        "parties.host.unit": "Vecura",
        "parties.host.org_nr": "232100-0016",
        "parties.host.seat": "Stockholm",
    },
    "company": {
        "parties.host.name": "Akademiska Hus",
        "parties.host.legal_person": "Akademiska Hus Aktiebolag",
        "parties.host.unit": "A Working Lab",
        "parties.host.org_nr": "556459-9156",
        "parties.host.seat": "Göteborg",
    },
}
LEGAL_PERSONS_EN: Final[Mapping[Variant, str]] = {
    "state": "The Swedish State through Karolinska Institutet",
    "regional": "Region Stockholm through Karolinska University Hospital",
    "company": "Akademiska Hus Aktiebolag",
}
"""The contract parties of the three forms (domain dossier 2.1); a case takes its own from the organisation."""

ORGANISATIONS: Final[tuple[tuple[str, Variant], ...]] = (("ki", "state"), ("k", "regional"), ("ah", "company"))

_KNOWN: Final[Facts] = {
    "case.id": "C-2025-0007",
    "case.dnr": "4-3120/2025",
    "case.internal_no": None,
    "sme.name": "Tiger & Lejon <Bioteknik> AB (fiktivt)",
    "sme.org_nr": "559123-4567",
    "sme.contact_name": "Kontaktperson (fiktiv)",
    "sme.contact_email": "kontakt@exempel.se",
    "infra.name_sv": "ANA Futura",
    "infra.name_en": "ANA Futura",
    "scope.title_sv": "Avbildning av organoider i tre dimensioner",
    "scope.title_en": "Three-dimensional imaging of organoids",
    "scope.deliverables": ("mätdata", "metodbeskrivning", "slutrapport"),
    "scope.info_classes": ("INFO-B", "INFO-C"),
    "scope.start_date": date(2025, 12, 1),
    "scope.end_date": date(2026, 11, 30),
    "scope.publication_review_days": 30,
    "scope.publication_delay_days": 60,
    "price.amount_sek": Decimal(427500),
    "price.vat_rate_pct": Decimal(25),
    "joint.orgs": ("ki", "k"),
    "joint.lead_org": "ki",
    "case.host_org_id": "ki",
    "legal.required_orgs": ("ki", "k"),
    "conf.covered_orgs": ("ah", "ki"),
    "infra.landlord_org": "ah",
    "decision.maker_role": "Prefekt (fiktiv)",
    "decision.delegation_ref": "Delegationsordning p. 4.2 (fiktiv)",
}
_BY_TYPE: Final[Mapping[FieldType, Value]] = {
    "str": "uppgift",
    "text": "En text på två rader.\nDen andra raden står här.",
    "int": 12,
    "dec": Decimal("1250.5"),
    "bool": True,
    "date": date(2025, 11, 3),
    "dt": datetime(2025, 11, 3, 9, 0, tzinfo=UTC),
    "enum": "",
    "list": ("första", "andra"),
    "ref": "REF-12",
}


def sample_facts(fields: Mapping[str, Field], form: Variant, *, choice: int = 0) -> dict[str, Value]:
    """This will return a value for every field; ``choice`` picks which value an enum has and flips the claims."""
    facts = {name: _sample(field, choice) for name, field in fields.items()}
    facts |= {name: value for name, value in _KNOWN.items() if name in fields}
    facts["case.form"] = "state" if form in {"joint", "all"} else form
    if form != "joint":
        facts["joint.orgs"] = ()
    if form == "company":
        facts |= {"case.dnr": None, "case.internal_no": "AWL-FLB-2025-0041"}
    return {name: value for name, value in facts.items() if name in fields}


def sample_particulars(
    form: Variant, tables: Mapping[str, RowTable], *, language: Language = "sv", choice: int = 0
) -> dict[str, Value]:
    """This will return the particulars of a document of a form, with one row in every table (none for choice 1)."""
    host = HOSTS.get(form, HOSTS["state"])
    particulars: dict[str, Value] = dict(host)
    if language == "en":
        particulars["parties.host.legal_person"] = LEGAL_PERSONS_EN.get(form, LEGAL_PERSONS_EN["state"])
    opinion: Mapping[str, Scalar] = {
        "organisation": str(host["parties.host.name"]),
        "opinion": "Godkänner",
        "text": "Ingen erinran.",
        "date": ON,
        "person_role": "Jurist (fiktiv)",
    }
    particulars |= {
        "doc.date": ON,
        "doc.key": "1",
        "doc.subject.name": "Forskare 1 (fiktiv)",
        "doc.subject.employer": host["parties.host.name"],
        "doc.subject.role": "Forskare",
        "opinions": (opinion,),
        "approvals": () if choice == 1 else (opinion,),
    }
    particulars["organisations"] = tuple(_organisation(*entry, language=language) for entry in ORGANISATIONS)
    for table in tables.values():
        row = {column.name: _cell(column, choice) for column in table.columns}
        particulars[f"rows.{table.name}"] = () if choice == 1 else (row,)
    return particulars


def _organisation(key: str, form: Variant, *, language: Language) -> Mapping[str, Scalar]:
    host = HOSTS[form]
    person = LEGAL_PERSONS_EN[form] if language == "en" else host["parties.host.legal_person"]
    return {
        "id": key,
        "name": _plain(host["parties.host.name"]),
        "legal_person": _plain(person),
        "org_nr": _plain(host["parties.host.org_nr"]),
    }


def _sample(field: Field, choice: int) -> Value:
    if field.choices:
        codes = tuple(field.choices)
        code = codes[choice % len(codes)]
        return (code,) if field.type == "list" else code
    if field.type == "bool":
        return choice % 2 == 0
    return _BY_TYPE[field.type]


def _cell(column: Column, choice: int) -> Scalar:
    if column.choices:
        codes = tuple(column.choices)
        return codes[choice % len(codes)]
    return _plain(_BY_TYPE[column.type])


def _plain(value: Value) -> Scalar:
    return ", ".join(str(part) for part in value) if isinstance(value, tuple) else value
