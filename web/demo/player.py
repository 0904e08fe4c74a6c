"""A player who acts as the people of the demo do: every step is a real command by the person whose step it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from engine.application import finalise_document, handle, open_case
from engine.application.ports import Ports, Request
from engine.domain.case import Case
from engine.domain.commands import (
    AssignPerson,
    Command,
    DispatchDocument,
    DraftDocument,
    GiveOpinion,
    OpenCase,
    OpinionKind,
    RecordFacts,
    RecordRow,
    RegisterDocument,
    SignDocument,
    TakeAction,
)
from engine.domain.derivations import Situation, situation
from engine.domain.fields import CHECK_POINTS
from engine.domain.permissions import Assignment, roles_on_case
from engine.domain.roles import SME_ROLES, Actor
from engine.domain.values import STOCKHOLM, Facts, Value, local_day
from engine.domain.workflow import DocumentType, Workflow
from web.demo.people import DemoPerson


@dataclass(slots=True)
class PlayClock:
    """The clock of the play: stands still until it is moved, and a few minutes pass with every step."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment

    def tick(self) -> None:
        """This will let four minutes pass."""
        self.moment += timedelta(minutes=4)

    def to(self, day: date, hour: int = 8) -> None:
        """This will move to a day, never backwards."""
        self.moment = max(self.moment, datetime.combine(day, time(hour, 30), STOCKHOLM))


@dataclass(slots=True)
class Player:
    """Plays one case. ``cast`` are all people by id; ``roles`` maps a role to who plays it in this case.

    ``appointed`` are the roles given in the case itself. ``share_text`` makes the case's text that of its joint case.
    """

    ports: Ports
    clock: PlayClock
    cast: Mapping[str, DemoPerson]
    roles: dict[str, str]
    case_id: str = ""
    new_key: Callable[[], str] = field(default=lambda: "")
    appointed: list[Assignment] = field(default_factory=list)
    share_text: Callable[[], None] = field(default=lambda: None)

    def __post_init__(self) -> None:
        self.ports = replace(self.ports, now=self.clock)

    def open(self, command: OpenCase) -> None:
        """This will hand in the inquiry as the company's contact."""
        result = open_case(self.ports, command, self._request("sme_contact", None))
        self.case_id = result.case_id
        self.clock.tick()

    def do(self, role: str, command: Command) -> None:
        """This will give a command in a role, from the revision as it is now."""
        handle(self.ports, self.case_id, command, self._request(role, self.case().revision))
        self.clock.tick()

    def case(self) -> Case:
        """This will return the case as it stands."""
        with self.ports.read_only() as work:
            return work.cases.get(self.case_id)

    def workflow(self) -> Workflow:
        """This will return the definition the case runs on."""
        return self.ports.workflows.version(self.case().definition_version)

    def situation(self) -> Situation:
        """This will return the facts now."""
        return situation(self.case(), self.workflow(), self.clock())

    def actor(self, person_id: str, case: Case) -> Actor:
        """This will return a person with the roles held on the case."""
        person = self.cast[person_id]
        workflow = self.ports.workflows.version(case.definition_version)
        return Actor(
            person=person.id,
            name=person.name,
            roles=roles_on_case(
                (*person.assignments, *self._given(person_id)), case, local_day(self.clock()), workflow.roles
            ),
            organisations=frozenset(held.organisation for held in person.assignments),
            mandates=person.mandates,
        )

    def record(self, values: Mapping[str, Value], *, note: str = "Bolagsverkets register", reason: str = "") -> None:
        """This will record facts, each by the first role of the field that plays here."""
        by_role: dict[str, dict[str, Value]] = {}
        workflow = self.workflow()
        for name, value in values.items():
            entry = workflow.fields[name]
            role = next((role for role in entry.by if role in self.roles), None)
            if role is None or not entry.is_recordable or workflow.form not in entry.forms:
                raise LookupError(f"nobody in the cast records {name}")
            by_role.setdefault(role, {})[name] = value
        for role, facts in by_role.items():
            command = RecordFacts(
                values=facts,
                source_note=note,
                observed_on=local_day(self.clock()),
                reason=reason or "Bedömt i ärendet utifrån underlaget.",
            )
            self.do(role, command)

    def appoint(self, role: str) -> None:
        """This will have the project manager give somebody a role that is held case by case."""
        person = self.cast[self.roles[role]]
        self.do("pm", AssignPerson(person=person.id, name=person.name, role=role))
        given = Assignment(
            person=person.id,
            role=role,
            organisation=self.case().host_org,
            valid_from=local_day(self.clock()),
            case_id=self.case_id,
        )
        self.appointed.append(given)

    def _given(self, person_id: str) -> list[Assignment]:
        return [given for given in self.appointed if given.person == person_id]

    def row(self, who: str, table: str, row_id: str, **values: Value) -> None:
        """This will write one row in the role ``who``."""
        self.do(who, RecordRow(table=table, row_id=row_id, values=values))

    def act(self, role: str, action: str, comment: str = "", **values: Value) -> None:
        """This will take an action; ``values`` may be given as ``case__reason_code``."""
        facts: Facts = {name.replace("__", "."): value for name, value in values.items()}
        self.do(role, TakeAction(action=action, comment=comment, values=facts))

    def draft(self, document: str, *, subject: str = "", inputs: Facts | None = None) -> str:
        """This will begin a document as whoever writes it and return its key."""
        type_ = self.workflow().documents[document]
        writer = next(role for role in (*_writers(type_), "pm") if role in self.roles)
        case = self.case()
        command = DraftDocument(document=document, language=case.language, inputs=inputs or {}, subject=subject)
        self.do(writer, command)
        (key,) = self.case().documents.keys() - case.documents.keys()
        return key

    def paper(
        self,
        document: str,
        *,
        subject: str = "",
        inputs: Facts | None = None,
        sign: tuple[str, ...] | None = None,
        dispatch: bool = False,
    ) -> str:
        """This will make a document, have it signed (by all unless ``sign``), register it, and send it if asked."""
        type_ = self.workflow().documents[document]
        key = self.draft(document, subject=subject, inputs=inputs)
        writer = next(role for role in (*_writers(type_), "pm") if role in self.roles)
        request = self._request(writer, self.case().revision)
        finalise_document(self.ports, self.case_id, key, inputs or {}, request)
        self.clock.tick()
        self.sign(key, *(type_.signers if sign is None else sign))
        self.register(key)
        if dispatch:
            self.do("pm", DispatchDocument(key=key))
        return key

    def sign(self, key: str, *roles: str) -> None:
        """This will sign a document in each role in turn."""
        for role in roles:
            self.do(role, SignDocument(key=key, role=role))

    def register(self, key: str) -> None:
        """This will enter a document in the register, or in the company's contract file."""
        keeper = "registrar" if "registrar" in self.roles else "records_owner"
        workflow, document = self.workflow(), self.case().documents[key]
        title = workflow.documents[document.document].title.in_language(document.language)
        self.do(keeper, RegisterDocument(key=key, number="", description=title, secrecy=document.marking))

    def opinion(self, role: str, opinion: OpinionKind, text: str, conditions: tuple[str, ...] = ()) -> None:
        """This will give a legal opinion on the text as it stands, with every check point answered yes."""
        facts = self.situation().facts
        checks = dict.fromkeys(CHECK_POINTS, True)
        version, text_hash = facts.get("scope.version"), facts.get("legal.doc_hash")
        if not isinstance(version, int) or not isinstance(text_hash, str):
            raise LookupError("there is no text to judge")
        command = GiveOpinion(
            opinion=opinion,
            text=text,
            checks=checks,
            scope_version=version,
            doc_hash=text_hash,
            conditions=conditions,
        )
        self.do(role, command)

    def _request(self, role: str, revision: int | None) -> Request:
        person_id = self.roles[role]
        return Request(
            actor=lambda case: self.actor(person_id, case),
            person=person_id,
            expected_revision=revision,
            idempotency_key=self.new_key(),
        )


def _writers(type_: DocumentType) -> tuple[str, ...]:
    return tuple(role for role in type_.signers if role not in SME_ROLES and role != "pi")
