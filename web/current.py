"""What this request is about: who reads, in which language, at which moment, with which services.

Views and presenters ask here and nowhere else; nothing in this module decides a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from flask import Flask, current_app, g, request, session

from engine.application import queries as asked_of
from engine.application.ports import Ports, Request
from engine.application.queries import Organisation, Person, Queries
from engine.application.view_case import CaseView, view_case
from engine.domain.case import Case, Infrastructure
from engine.domain.permissions import Assignment, roles_on_case
from engine.domain.roles import SME_ROLES, Actor
from engine.domain.values import Text, local_day
from web.directory import Directory
from web.settings import Settings
from web.translation import LANGUAGES, catalogue
from web.voice import Voice

EXTENSION = "samverk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that ``wiring`` puts together for one process. ``close`` gives back its connections."""

    settings: Settings
    ports: Ports
    queries: Queries
    directory: Directory
    new_key: Callable[[], str]
    readiness: Callable[[], dict[str, str]]
    role_names: Mapping[str, Text]
    document_titles: Mapping[str, Text]
    demo_password: str = ""
    close: Callable[[], None] = lambda: None

    @property
    def is_demo(self) -> bool:
        """True when the demo day and the demo accounts are shown."""
        return self.settings.is_demo


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """The person signed in, with the assignments that are valid today."""

    person: Person
    assignments: tuple[Assignment, ...]

    @property
    def is_staff(self) -> bool:
        """True when some role held today is neither the company's own nor the system administrator's."""
        return any(held.role not in SME_ROLES and held.role != "sys_admin" for held in self.assignments)

    @property
    def is_company(self) -> bool:
        """True when some role held today is the company's own."""
        return any(held.role in SME_ROLES for held in self.assignments)

    @property
    def is_operator(self) -> bool:
        """True for a system administrator, who reads no case (SOD-10)."""
        return any(held.role == "sys_admin" for held in self.assignments)

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles held today, each once, in the order of the assignments."""
        return tuple(dict.fromkeys(held.role for held in self.assignments))


def services() -> Services:
    """This will return the services of this process."""
    return cast(Services, current_app.extensions[EXTENSION])


def services_of(app: Flask) -> Services:
    """This will return the services of an application, outside of any request."""
    return cast(Services, app.extensions[EXTENSION])


def queries() -> Queries:
    """This will return the lists and counts that pages may read."""
    return services().queries


def query_reader() -> asked_of.Reader:
    """This will return the person signed in as queries know a reader."""
    found = signed_in()
    return asked_of.Reader(person=found.person.id, assignments=found.assignments, day=today())


def organisations() -> Mapping[str, Organisation]:
    """This will return all organisations by id, read once per request."""
    if "organisations" not in g:
        g.organisations = {organisation.id: organisation for organisation in queries().organisations()}
    return cast("Mapping[str, Organisation]", g.organisations)


def infrastructures() -> Mapping[str, Infrastructure]:
    """This will return all infrastructures by id, read once per request."""
    if "infrastructures" not in g:
        g.infrastructures = {place.id: place for place in queries().infrastructures()}
    return cast("Mapping[str, Infrastructure]", g.infrastructures)


def role_name(role: str) -> str:
    """This will return a role in words, its key when no register knows it."""
    name = services().role_names.get(role)
    return voice().text(name) if name is not None else role


def organisation_name(organisation: str) -> str:
    """This will return an organisation in words; the company's side has a word of its own."""
    if organisation == "sme":
        return voice().t("log.the_company")
    if organisation == "platform":
        return voice().t("login.platform")
    known = organisations().get(organisation)
    return voice().text(known.name) if known is not None else organisation


def document_title(document: str) -> str:
    """This will return the title of a document type, its id when no definition knows it."""
    title = services().document_titles.get(document)
    return voice().text(title) if title is not None else document


def subject(form: str, name: str) -> tuple[str, str]:
    """This will return what an id is (``action``, ``document``, ``guard`` or nothing) and its words, in one form."""
    workflow = ports().workflows.in_force(form, now())
    if name in workflow.actions:
        return "action", voice().text(workflow.actions[name].label)
    if name in workflow.documents:
        return "document", voice().text(workflow.documents[name].title)
    if name in workflow.guards:
        return "guard", voice().text(workflow.guards[name].question)
    return "", name


def ports() -> Ports:
    """This will return what use cases need from outside."""
    return services().ports


def now() -> datetime:
    """This will return the moment of this request: the same for everything that it does."""
    if "now" not in g:
        g.now = ports().now()
    return cast(datetime, g.now)


def today() -> date:
    """This will return the day of this request in Europe/Stockholm."""
    return local_day(now())


def begin_reading(person: Person | None) -> None:
    """This will set who reads in this request (called once by the session loader)."""
    g.pop("reader", None)
    g.pop("voice", None)
    if person is not None:
        day = today()
        held = tuple(a for a in services().directory.assignments(person.id) if a.is_valid_on(day))
        g.reader = Reader(person=person, assignments=held)


def reader() -> Reader | None:
    """This will return who is signed in, or None."""
    return cast("Reader | None", g.get("reader"))


def signed_in() -> Reader:
    """This will return who is signed in. Only for routes whose right asks for a person."""
    found = reader()
    if found is None:
        raise RuntimeError("a route that needs a person was reached without one")
    return found


def language() -> str:
    """This will return the language of this request: chosen by the person, by the visitor, or by the browser."""
    found = reader()
    if found is not None and found.person.language in LANGUAGES:
        return found.person.language
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES, default="sv") or "sv"


def theme() -> str:
    """This will return ``light``, ``dark`` or nothing (follow the system)."""
    found = reader()
    chosen = found.person.theme if found is not None else session.get("theme", "")
    return str(chosen) if chosen in ("light", "dark") else ""


def voice() -> Voice:
    """This will return the voice of this request: language, texts and the day."""
    if "voice" not in g:
        g.voice = Voice(language=language(), texts=catalogue(), today=today())
    return cast(Voice, g.voice)


def actor(case: Case) -> Actor:
    """This will return the person signed in as an actor on this case, with the roles that reach it today."""
    found = signed_in()
    workflow = ports().workflows.version(case.definition_version)
    held = roles_on_case(found.assignments, case, today(), workflow.roles)
    return Actor(
        person=found.person.id,
        name=found.person.name,
        roles=held,
        organisations=_organisations(found.assignments),
        is_active=found.person.is_active,
        mandates=tuple(services().directory.mandates(found.person.id)),
    )


def view(case_id: str) -> CaseView:
    """This will return the case as the person signed in may see it, read once per request. Raises NotFound."""
    seen = g.setdefault("views", {})
    if case_id not in seen:
        seen[case_id] = view_case(ports(), case_id, actor)
    return cast(CaseView, seen[case_id])


def forget_view(case_id: str) -> None:
    """This will make the next ``view`` read the case again, after a command has been refused."""
    g.get("views", {}).pop(case_id, None)


def asked(*, revision: int | None, key: str) -> Request:
    """This will return the frame of a command: who asks, from which revision, under which idempotency key."""
    return Request(actor=actor, person=signed_in().person.id, expected_revision=revision, idempotency_key=key)


def new_key() -> str:
    """This will return a fresh idempotency key for a form."""
    return services().new_key()


def _organisations(held: Sequence[Assignment]) -> frozenset[str]:
    return frozenset(assignment.organisation for assignment in held if assignment.organisation)
