"""What a document prints that is not a field: its number, the parties, rows, opinions, and who signs."""

from __future__ import annotations

from collections.abc import Mapping

from engine.application.queries import Organisation
from engine.domain.case import Case, Document, Row
from engine.domain.derivations import Situation
from engine.domain.reviews import counting_opinions
from engine.domain.roles import SME_ROLES
from engine.domain.values import Facts, Record, Value, local_day
from engine.domain.workflow import DocumentType, Workflow

OPINIONS = {
    "approve": ("Tillstyrks", "Approved"),
    "approve_with_conditions": ("Tillstyrks med villkor", "Approved with conditions"),
    "return": ("Återsänds", "Returned"),
    "reject": ("Avstyrks", "Rejected"),
}


ORGANISATION_FIELDS = ("legal.required_orgs", "conf.covered_orgs", "joint.orgs", "joint.lead_org")


def named(facts: Facts, organisations: Mapping[str, Organisation], language: str) -> Facts:
    """This will return the facts with organisations by name where a document would print their ids."""

    def name(value: object) -> str:
        found = organisations.get(str(value))
        return found.name.in_language(language) if found else str(value)

    printed: dict[str, Value] = {}
    for field in ORGANISATION_FIELDS:
        value = facts.get(field)
        if isinstance(value, str):
            printed[field] = name(value)
        elif isinstance(value, tuple):
            printed[field] = tuple(name(item) for item in value)
    return {**facts, **printed}


def particulars_of(
    case: Case,
    workflow: Workflow,
    document: Document,
    asked: Situation,
    organisations: Mapping[str, Organisation],
) -> Facts:
    """This will return the particulars of one document on one revision of the case.

    The day is that of the case's last change, so that the same revision gives the same bytes on any day.
    """
    type_, language = workflow.documents[document.document], document.language
    infrastructure = case.surroundings.infrastructure
    host = organisations.get(case.host_org)
    name = host.name.in_language(language) if host else case.host_org
    words: dict[str, Value] = {
        "doc.key": document.key,
        "doc.date": local_day(case.last_at),
        "doc.secrecy": _secrecy(type_, asked),
        "doc.infrastructure": infrastructure.name_sv if language == "sv" else infrastructure.name_en,
        "parties.host.name": name,
        "parties.host.legal_person": host.legal_person.in_language(language) if host else name,
        "parties.host.unit": infrastructure.name_sv if language == "sv" else infrastructure.name_en,
        "parties.host.org_nr": (host.org_nr if host else None) or "-",
        "organisations": tuple(
            {
                "id": organisation.id,
                "name": organisation.name.in_language(language),
                "legal_person": organisation.legal_person.in_language(language),
                "org_nr": organisation.org_nr,
            }
            for organisation in sorted(organisations.values(), key=lambda known: known.id)
        ),
        "signers": _signers(case, workflow, type_, language, name),
        "opinions": tuple(_opinions(case, asked, organisations, language)),
        "approvals": tuple(_opinions(case, asked, organisations, language, approving_only=True)),
    }
    for table in workflow.tables:
        rows = case.rows.get(table, {}).values()
        words[f"rows.{table}"] = tuple(_row(row, organisations, language) for row in rows)
    words.update(_subject(case, type_, document))
    return words


def _row(row: Row, organisations: Mapping[str, Organisation], language: str) -> Record:
    employer = organisations.get(str(row.values.get("employer", "")))
    return {**row.values, **({"employer": employer.name.in_language(language)} if employer else {})}


def _secrecy(type_: DocumentType, asked: Situation) -> str:
    for rule in type_.secrecy:
        if rule.when is None or rule.when.holds(asked.environment) is True:
            return rule.marking if rule.marking not in {"open", "internal", "conf"} else ""
    return ""


def _signers(case: Case, workflow: Workflow, type_: DocumentType, language: str, host: str) -> tuple[Record, ...]:
    company = case.facts.get("sme.name")
    company_name = company.value if company and isinstance(company.value, str) else "-"
    return tuple(
        {
            "role": role,
            "title": workflow.roles[role].name.in_language(language),
            "organisation": company_name if role in SME_ROLES else host,
            "party": company_name if role in SME_ROLES else host,
        }
        for role in type_.signers
    )


def _opinions(
    case: Case,
    asked: Situation,
    organisations: Mapping[str, Organisation],
    language: str,
    *,
    approving_only: bool = False,
) -> list[Record]:
    lines: list[Record] = []
    for opinion in counting_opinions(case, asked.facts):
        if approving_only and not opinion.opinion.startswith("approve"):
            continue
        organisation = organisations.get(opinion.organisation)
        swedish, english = OPINIONS[opinion.opinion]
        lines.append(
            {
                "organisation": organisation.name.in_language(language) if organisation else opinion.organisation,
                "opinion": swedish if language == "sv" else english,
                "text": opinion.text,
                "date": local_day(opinion.at),
                "person_role": opinion.person_name,
                "conditions": tuple(condition.text for condition in opinion.conditions),
            }
        )
    return lines


def _subject(case: Case, type_: DocumentType, document: Document) -> dict[str, Value]:
    table = {"per_participant": "participants", "per_visitor": "access_list"}.get(type_.occasion)
    row = case.rows.get(table, {}).get(document.subject) if table else None
    if row is None:
        return {}
    return {
        "doc.subject.name": row.values.get("name"),
        "doc.subject.employer": row.values.get("employer") or row.values.get("organisation"),
        "doc.subject.role": row.values.get("role"),
    }
