"""Fills an empty database with the demo: registers, people, and the cases played through the real commands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import partial

from argon2 import PasswordHasher
from sqlalchemy import Engine

from engine.application.ports import Ports
from engine.application.queries import Person
from engine.definitions.loader import AllWorkflows
from engine.domain.case import JointContext
from engine.domain.values import STOCKHOLM
from engine.persistence.engine import writing
from engine.persistence.identity import add_assignment, add_mandate, save_person
from engine.persistence.infrastructure import load_joint, save_joint
from engine.persistence.meta import set_demo_offset
from web.demo import plays
from web.demo.facts import DemoCase, read_cases, read_demo
from web.demo.joint import FOLLOW_UPS, share_text
from web.demo.people import PASSWORD, PLACES, RESEARCHER, DemoPerson, company_people, host_people
from web.demo.player import PlayClock, Player
from web.registers import load_registers
from web.settings import Settings

BEGINNING = datetime.combine(plays.REFERENCE_DAY, time(8, 0), STOCKHOLM)
"""When the demo begins: the reference day of all demo cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What was put into the database."""

    people: int
    cases: tuple[str, ...]


def load_demo(settings: Settings, engine: Engine, *, only: frozenset[str] | None = None) -> Loaded:
    """This will load registers, people and demo cases (``only`` these ids) and set the demo clock to the reference day.

    The database must be upgraded and hold no people. A case is one play; each of its steps is a transaction.
    """
    from web.wiring import make_ports, new_key, system_now

    workflows = _workflows(settings)
    cases = demo_cases(settings, workflows)
    played = [case for case in cases if only is None or case.id in only]
    people = {person.id: person for person in everybody(cases, workflows)}
    load_registers(settings.workflows, engine)
    _store_people(engine, people.values())
    _store_joints(settings, engine)
    clock = PlayClock(moment=BEGINNING)
    ports = make_ports(settings, engine, workflows, clock)  # one for all cases: a template is compiled once
    for case in played:
        clock.moment = datetime.combine(plays.opening_day(case), time(8, 30), STOCKHOLM)
        player = Player(ports=ports, clock=clock, cast=people, roles=roles_in(case), new_key=new_key)
        player.share_text = partial(share_text, engine, player, case)
        _prepare_joint(engine, case)
        plays.play(player, case)
        follow_up = FOLLOW_UPS.get(case.id)
        if follow_up is not None:
            follow_up(engine, player, case)
    clock.moment = BEGINNING
    _advance_number_series(ports, len(cases))
    with writing(engine) as connection:
        set_demo_offset(connection, BEGINNING - system_now())
    return Loaded(people=len(people), cases=tuple(case.id for case in played))


def ports_of(settings: Settings, engine: Engine, workflows: AllWorkflows) -> Ports:
    """This will return ports whose clock stands at the beginning of the demo."""
    from web.wiring import make_ports

    return make_ports(settings, engine, workflows, PlayClock(moment=BEGINNING))


def demo_cases(settings: Settings, workflows: AllWorkflows) -> tuple[DemoCase, ...]:
    """This will return the demo cases as the data describes them."""
    raw, defaults = read_demo(settings.workflows, "demo_cases"), read_demo(settings.workflows, "demo_defaults")
    if not isinstance(raw, list) or not isinstance(defaults, dict):
        raise TypeError("the demo files hold a list of cases and a mapping of defaults")
    return read_cases(tuple(raw), defaults, workflows.catalogue.fields)


def everybody(cases: Iterable[DemoCase], workflows: AllWorkflows) -> Iterable[DemoPerson]:
    """This will yield every fictional person once."""
    yield from host_people(workflows.catalogue.roles)
    yield RESEARCHER
    for case in cases:
        yield from company_people(case.company, case.org_nr)


def roles_in(case: DemoCase) -> dict[str, str]:
    """This will return who plays each role in a case."""
    host = {"state": "ki", "regional": "k", "company": "ah"}[case.form]
    contact, signatory = company_people(case.company, case.org_nr)
    organisation_roles = (
        "legal", "procurement", "decision_maker", "registrar", "records_owner", "board_secretary", "finance", "dpo",
        "security", "escalation_owner", "archivist",
    )  # fmt: skip
    absent = {
        "ki": {"records_owner", "board_secretary"},
        "k": {"records_owner"},
        "ah": {"registrar", "board_secretary", "archivist"},
    }
    roles = {role: f"{role}.{host}" for role in organisation_roles if role not in absent[host]}
    place_roles = ["pm", "ops_manager", "biosafety", *(["qp"] if host == "k" else [])]
    roles.update({role: f"{role}.{case.infrastructure}" for role in place_roles})
    roles.update({"sme_contact": contact.id, "sme_signatory": signatory.id, "pi": RESEARCHER.id})
    assert case.infrastructure in PLACES[host]
    return roles


def _workflows(settings: Settings) -> AllWorkflows:
    from engine.definitions.loader import load_all

    return load_all(settings.workflows)


def _store_people(engine: Engine, people: Iterable[DemoPerson]) -> None:
    password = PasswordHasher().hash(PASSWORD)
    with writing(engine) as connection:
        for person in people:
            save_person(
                connection,
                Person(
                    id=person.id,
                    email=person.email,
                    name=person.name,
                    password_hash=password,
                    language=person.language,
                ),
            )
            for held in person.assignments:
                add_assignment(connection, held)
            for mandate in person.mandates:
                add_mandate(connection, person.id, mandate)


def _store_joints(settings: Settings, engine: Engine) -> None:
    joints = read_demo(settings.workflows, "demo_joint")
    with writing(engine) as connection:
        for joint in joints if isinstance(joints, list) else ():
            organisations = tuple(map(str, joint["orgs"]))
            save_joint(
                connection,
                JointContext(
                    id=str(joint["id"]),
                    organisations=organisations,
                    lead=str(joint["lead_org"]),
                    doc_hash=None,
                    stage="allocation",
                    sme_consents=True,
                    university_participates="ki" in organisations,
                ),
            )


def _prepare_joint(engine: Engine, case: DemoCase) -> None:
    """The company consents to sharing before any other organisation's lawyers read (G-CON-10 at submit)."""
    parent = case["case.joint_parent_id"]
    if not isinstance(parent, str):
        return
    with writing(engine) as connection:
        joint = load_joint(connection, parent)
        if joint is not None:
            save_joint(connection, replace(joint, sme_consents=True))


def _advance_number_series(ports: Ports, count: int) -> None:
    """The demo cases took the first numbers of the year; the next inquiry gets the one after them."""
    with ports.unit_of_work() as work:
        for _ in range(count):
            work.cases.next_number(f"C-{plays.REFERENCE_DAY.year}")
