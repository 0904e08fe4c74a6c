"""A small register and cases for tests of the store, built without use cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import Engine

from engine.application.queries import Organisation
from engine.domain.case import Case, Infrastructure, JointContext, Surroundings
from engine.domain.events import CaseOpened, Entry, Event, FactsRecorded
from engine.domain.evolution import evolve, open_from
from engine.domain.values import Facts, Text, Value
from engine.persistence.engine import writing
from engine.persistence.infrastructure import save_infrastructure, save_organisation
from engine.persistence.unit_of_work import unit_of_work

NOON = datetime(2025, 11, 24, 11, 0, tzinfo=UTC)

FUTURA = Infrastructure(
    id="ana_futura",
    name_sv="ANA Futura",
    name_en="ANA Futura",
    owner_org="ki",
    form="state",
    campus="flemingsberg",
    capacity_unit="instrument hours",
    annual_capacity=12000,
    facts={"infra.economic_share_ytd_pct": Decimal("6.5"), "infra.biosafety_max": 2},
)
VECURA = replace(FUTURA, id="vecura", name_sv="Vecura (KCC)", name_en="Vecura (KCC)", owner_org="k", form="regional")


def noon() -> datetime:
    """The moment at which tests happen."""
    return NOON


def fill_register(engine: Engine) -> None:
    """This will store three organisations and two infrastructures."""
    with writing(engine) as connection:
        for key, form in (("ki", "state"), ("k", "regional"), ("ah", "company")):
            name = Text(sv=f"Värd {key}", en=f"Host {key}")
            save_organisation(connection, Organisation(id=key, name=name, legal_person=name, org_nr=None, form=form))
        save_infrastructure(connection, FUTURA)
        save_infrastructure(connection, VECURA)


def opened_case(
    number: int = 1,
    *,
    infrastructure: Infrastructure = FUTURA,
    values: Facts | None = None,
    at: datetime = NOON,
    joint: JointContext | None = None,
) -> tuple[Case, Entry]:
    """This will return a case that has just begun, with its first log line."""
    facts: Facts = {"sme.org_nr": "559999-0016", "sme.name": "Exempel Biotech AB", "scope.title_sv": "Mätning å ä ö"}
    facts = {**facts, **(values or {})}
    case_id = f"C-2025-{number:04d}"
    opened = CaseOpened(
        case_id=case_id,
        form=infrastructure.form,
        definition_version=f"{infrastructure.form}-1.1.0",
        infrastructure_id=infrastructure.id,
        host_org=infrastructure.owner_org,
        initial_stage="inquiry",
        language="sv",
        values=facts,
        notices={"public_access": "v1"},
        joint_parent_id=joint.id if joint else None,
    )
    first = entry(1, opened, at=at)
    return open_from(first, Surroundings(infrastructure=infrastructure, joint=joint)), first


def entry(sequence: int, event: Event, *, person: str = "p-contact", at: datetime = NOON) -> Entry:
    """This will return a log line by the company's contact person."""
    return Entry(
        sequence=sequence,
        at=at,
        person=person,
        person_name="Kontaktperson, Exempel Biotech AB (fiktiv)",
        role="sme_contact",
        organisation="sme",
        event=event,
    )


def recorded(case: Case, values: Mapping[str, Value], *, person: str = "p-pm") -> tuple[Case, Entry]:
    """This will return the case after values were recorded, and the log line that says so."""
    event = FactsRecorded(values=values, scope_version=1, scope_revision=0)
    line = entry(case.sequence + 1, event, person=person, at=NOON + timedelta(minutes=case.sequence))
    return evolve(case, line), line


def store_case(
    engine: Engine,
    number: int = 1,
    *,
    infrastructure: Infrastructure = FUTURA,
    values: Facts | None = None,
    joint: JointContext | None = None,
) -> Case:
    """This will store a case that has just begun."""
    case, first = opened_case(number, infrastructure=infrastructure, values=values, joint=joint)
    with unit_of_work(engine, now=noon) as work:
        work.cases.add(case, [first])
    return case


def save_facts(engine: Engine, case: Case, values: Mapping[str, Value]) -> Case:
    """This will store a change that rests on ``case`` as it was read, and return the case afterwards."""
    after, line = recorded(case, values)
    with unit_of_work(engine, now=noon) as work:
        work.cases.save(after, [line], expected_revision=case.revision, expected_sequence=case.sequence)
    return after
