"""Small ways to make what rules are about: definitions, cases at any stage, people by role, and a desk to act at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from engine.application.handle_command import role_for
from engine.definitions.loader import AllWorkflows, load_all
from engine.domain.case import Case, Fact, Infrastructure, Row, Surroundings
from engine.domain.commands import (
    Command,
    DraftDocument,
    FinaliseDocument,
    RegisterDocument,
    Rendition,
    SignDocument,
    TakeAction,
)
from engine.domain.decisions import decide
from engine.domain.derivations import Situation, situation
from engine.domain.events import ActionTaken, CaseOpened, Entry, Event
from engine.domain.evolution import evolve, open_from
from engine.domain.reasons import Refused
from engine.domain.roles import SME_ROLES, Actor, Mandate
from engine.domain.values import Facts, Value
from engine.domain.workflow import Workflow

FORMS = ("state", "regional", "company")
HOST = {"state": "ki", "regional": "k", "company": "ah"}
LETTER = {"state": "S", "regional": "R", "company": "C"}
NOON = datetime(2025, 11, 24, 11, 0, tzinfo=UTC)
"""Monday 24 November 2025, noon in Stockholm."""

DAY = date(2025, 11, 24)
FULL_MANDATE = "DEL-4.2"


@cache
def definitions() -> AllWorkflows:
    """This will return the definitions of the repository, read once."""
    return load_all(Path(__file__).resolve().parents[1] / "workflows")


def workflow(form: str = "state") -> Workflow:
    """This will return the definition of a form in force."""
    return definitions().in_force(form, NOON)


def infrastructure(form: str = "state", **changes: object) -> Infrastructure:
    """This will return an infrastructure of a form."""
    facts: Facts = {"infra.access_criteria_ref": "AC-1", "infra.access_criteria_from": date(2024, 1, 1)}
    place = Infrastructure(
        id="place",
        name_sv="Platsen",
        name_en="The place",
        owner_org=HOST[form],
        form=form,
        campus="flemingsberg",
        capacity_unit="instrument hours",
        annual_capacity=1000,
        facts=facts,
    )
    return replace(place, **changes)  # type: ignore[arg-type] # the names are those of the class


def a_case(form: str = "state", stage: str = "inquiry", **changes: object) -> Case:
    """This will return a case of a form at a stage, opened by the company, with a first scope version."""
    opened = CaseOpened(
        case_id="C-2025-0001",
        form=form,
        definition_version=workflow(form).version,
        infrastructure_id="place",
        host_org=HOST[form],
        initial_stage="inquiry",
        language="sv",
        values={"sme.name": "Exempel AB", "sme.org_nr": "559999-0016", "scope.purpose": "Mätning"},
        notices={"privacy": "1", "public_body" if form == "company" else "public_access": "1"},
    )
    line = entry(opened, actor("sme_contact"), at=NOON - timedelta(days=7))
    case = open_from(line, Surroundings(infrastructure=infrastructure(form)))
    return replace(case, stage=stage, **changes)  # type: ignore[arg-type] # the names are those of the class


def with_facts(case: Case, facts: Facts) -> Case:
    """This will return the case with facts as if the project manager had recorded them."""
    recorded = {name: Fact(value=value, person="pm", role="pm", at=NOON) for name, value in facts.items()}
    return replace(case, facts={**case.facts, **recorded})


def with_rows(case: Case, table: str, *rows: Mapping[str, Value]) -> Case:
    """This will return the case with these rows in a table, keyed from 1."""
    kept = {str(number): Row(values=row, person="pm", at=NOON) for number, row in enumerate(rows, 1)}
    return replace(case, rows={**case.rows, table: kept})


def actor(role: str, *, person: str = "", form: str = "state", organisation: str = "", **changes: object) -> Actor:
    """This will return a person who holds one role on the case: called after the role unless a name is given."""
    host = organisation or ("sme" if role in SME_ROLES else HOST[form])
    mandate = Mandate(reference=FULL_MANDATE, organisation=HOST[form], limit_sek=1_000_000)
    someone = Actor(
        person=person or role,
        name=f"{person or role} (fiktiv)",
        roles={role: host},
        organisations=frozenset({host}),
        mandates=(mandate,) if role == "decision_maker" else (),
    )
    return replace(someone, **changes)  # type: ignore[arg-type] # the names are those of the class


def entry(event: Event, who: Actor, *, at: datetime = NOON, sequence: int = 1, role: str = "") -> Entry:
    """This will return one line of a log."""
    acting = role or next(iter(who.roles))
    return Entry(
        sequence=sequence,
        at=at,
        person=who.person,
        person_name=who.name,
        role=acting,
        organisation=who.roles.get(acting, ""),
        event=event,
        mandate=getattr(event, "mandate", ""),
    )


def rendition(text: str = "text") -> Rendition:
    """This will return what a renderer would say of a file, with its locked clauses whole."""
    return Rendition(
        template_version="v1",
        template_hash="t" * 64,
        content_hash=text.ljust(64, "0")[:64],
        file_hash=text.ljust(64, "1")[:64],
        size=len(text),
        locked_clauses_ok=True,
    )


@dataclass(slots=True)
class Desk:
    """A case that people act on, without storage: ``decide`` answers, ``evolve`` follows, minutes pass."""

    case: Case
    now: datetime = NOON
    last: tuple[Event, ...] = ()

    @property
    def workflow(self) -> Workflow:
        """The definition the case runs on."""
        return workflow(self.case.form)

    def situation(self) -> Situation:
        """This will return the facts now."""
        return situation(self.case, self.workflow, self.now)

    def fact(self, name: str) -> Value:
        """This will return one fact now, None when unknown."""
        return self.situation().facts.get(name)

    def does(self, who: Actor | str, command: Command) -> Case:
        """This will have somebody give a command, and return the case after it."""
        someone = self.actor(who)
        role = role_for(self.case, self.workflow, command, someone)
        self.last = decide(self.case, self.workflow, command, someone, self.now)
        for event in self.last:
            line = entry(event, someone, at=self.now, sequence=self.case.sequence + 1, role=role)
            self.case = evolve(self.case, line)
        self.now += timedelta(minutes=1)
        return self.case

    def takes(self, who: Actor | str, action: str, comment: str = "", **values: Value) -> Case:
        """This will have somebody take an action; names may be given as ``case__reason_code``."""
        facts = {name.replace("__", "."): value for name, value in values.items()}
        return self.does(who, TakeAction(action=action, comment=comment, values=facts))

    def refuses(self, who: Actor | str, command: Command) -> tuple[str, ...]:
        """This will return the ids of all reasons why a command is refused. Fails when it is not."""
        try:
            decide(self.case, self.workflow, command, self.actor(who), self.now)
        except Refused as refused:
            return tuple(reason.id for reason in refused.verdict.reasons)
        raise AssertionError(f"{command} was not refused")

    def refuses_action(self, who: Actor | str, action: str, **values: Value) -> tuple[str, ...]:
        """This will return the ids of all reasons why an action is refused."""
        facts = {name.replace("__", "."): value for name, value in values.items()}
        return self.refuses(who, TakeAction(action=action, values=facts))

    def drafts(self, document: str, *, subject: str = "", inputs: Facts | None = None, who: str = "pm") -> str:
        """This will begin a document and return its key."""
        before = self.case.documents.keys()
        self.does(who, DraftDocument(document=document, language="sv", subject=subject, inputs=inputs or {}))
        (key,) = self.case.documents.keys() - before
        return key

    def freezes(self, document: str, *, subject: str = "", inputs: Facts | None = None, who: str = "pm") -> str:
        """This will begin a document, make it final and return its key."""
        key = self.drafts(document, subject=subject, inputs=inputs, who=who)
        self.does(who, FinaliseDocument(key=key, rendition=rendition(key)))
        return key

    def signs(self, key: str, *roles: str) -> None:
        """This will sign a document in each role in turn."""
        for role in roles:
            self.does(role, SignDocument(key=key, role=role))

    def paper(self, document: str, *, subject: str = "", inputs: Facts | None = None, register: bool = True) -> str:
        """This will make a document, have everybody sign it, and register it where there is a register."""
        key = self.freezes(document, subject=subject, inputs=inputs)
        self.signs(key, *self.workflow.documents[document].signers)
        if register and self.workflow.is_authority:
            self.does("registrar", RegisterDocument(key=key, number="", description="En handling"))
        return key

    def actor(self, who: Actor | str) -> Actor:
        """This will return a person by role."""
        return actor(who, form=self.case.form) if isinstance(who, str) else who


def scoped(form: str = "state", stage: str = "scoping") -> Case:
    """This will return a case with a whole, ordinary scope and price at a stage."""
    facts: dict[str, Value] = {
        "scope.collab_type": {
            "state": "infrastructure_access", "regional": "process_development", "company": "workspace_membership",
        }[form],
        "scope.deliverables": ("Rapport",), "scope.start_date": date(2025, 12, 1), "scope.end_date": date(2026, 5, 31),
        "scope.staff_role": "none", "scope.results_owner": "sme", "scope.info_classes": ("INFO-B",),
        "scope.personal_data": "none", "scope.human_material": False, "scope.human_research": False,
        "scope.animals": False, "scope.gmo": False, "scope.biosafety_level": 1, "scope.clinical_use": False,
        "scope.dual_use": "no", "scope.hours_instrument": Decimal(10), "price.amount_sek": Decimal(100_000),
        "price.direct_cost_sek": Decimal(80_000), "price.indirect_cost_sek": Decimal(20_000),
        "proc.direction": "host_provides", "proc.purchase_value_sek": Decimal(0), "scope.exclusive_room": False,
    }  # fmt: skip
    return with_facts(a_case(form, stage), facts)


def taken(name: str, *effects: str, source: str, target: str, **values: Value) -> ActionTaken:
    """This will return a move as it stands in the log."""
    facts = {key.replace("__", "."): value for key, value in values.items()}
    return ActionTaken(
        action="X-T00", name=name, source=source, target=target, outcome=None, effects=effects, guards={},
        documents=(), scope_version=1, values=facts,
    )  # fmt: skip


def started(case: Case) -> Case:
    """This will return the case as it is right after its work has started, whatever was missing for that."""
    move = taken("start_execution", "set_first_start", source=case.stage, target="execution")
    who = actor("decision_maker", form=case.form)
    return evolve(case, entry(move, who, sequence=case.sequence + 1))
