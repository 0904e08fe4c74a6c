"""A product with three infrastructures, a company and a host, on a fresh database: for tests of pages and interface."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import argon2
import html5lib
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.application.handle_command import handle
from engine.application.ports import Ports, Request
from engine.application.queries import Organisation, Person
from engine.domain.case import Case, Infrastructure
from engine.domain.commands import Command
from engine.domain.derivations import situation
from engine.domain.permissions import Assignment, roles_on_case
from engine.domain.roles import Actor
from engine.domain.values import Facts, Text
from engine.persistence.engine import open_engine, writing
from engine.persistence.identity import add_assignment, save_person
from engine.persistence.infrastructure import save_infrastructure, save_organisation
from web.app import create_app
from web.current import EXTENSION, Services
from web.settings import Settings
from web.wiring import connect

MOMENT: Final = datetime(2025, 11, 24, 9, 0, tzinfo=UTC)
FIRST_DAY: Final = date(2024, 1, 1)
PASSWORD: Final = "prov av sidorna 2025"
QUICK: Final = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
OUR_NUMBER: Final = "559999-0016"
OTHER_NUMBER: Final = "559999-0024"

FUTURA: Final = Infrastructure(
    id="ana_futura", name_sv="ANA Futura", name_en="ANA Futura", owner_org="ki", form="state", campus="flemingsberg",
    capacity_unit="instrument hours", annual_capacity=12000,
)  # fmt: skip
VECURA: Final = replace(
    FUTURA, id="vecura", name_sv="Vecura (KCC)", name_en="Vecura (KCC)", owner_org="k", form="regional"
)
AWL: Final = replace(
    FUTURA, id="awl_solna", name_sv="A Working Lab Solna", name_en="A Working Lab Solna", owner_org="ah",
    form="company", campus="solna",
)  # fmt: skip

ORGANISATIONS: Final = (
    ("ki", "Karolinska Institutet", "Karolinska Institutet", "state", None),
    ("k", "Karolinska Universitetssjukhuset", "Karolinska University Hospital", "regional", None),
    ("ah", "Akademiska Hus AB", "Akademiska Hus AB", "company", None),
)

ACCOUNTS: Final = {
    "contact": ("sme_contact", "sme", OUR_NUMBER, None),
    "signatory": ("sme_signatory", "sme", OUR_NUMBER, None),
    "stranger": ("sme_contact", "sme", OTHER_NUMBER, None),
    "pm": ("pm", "ki", None, "ana_futura"),
    "pm_awl": ("pm", "ah", None, "awl_solna"),
    "pm_vecura": ("pm", "k", None, "vecura"),
    "lawyer": ("legal", "ki", None, None),
    "admin": ("sys_admin", "ki", None, None),
}
"""Account to role, organisation, company number and infrastructure."""


class StrictClient(FlaskClient):
    """A browser that forgives nothing: every page must be valid HTML."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """This will send a request and read the answer strictly."""
        answer = super().open(*args, **kwargs)
        if answer.mimetype == "text/html" and answer.status_code not in (301, 302, 303, 308):
            html5lib.HTMLParser(strict=True).parse(answer.get_data(as_text=True))
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The running application with its services."""

    app: Flask
    services: Services

    @property
    def ports(self) -> Ports:
        """What use cases need."""
        return self.services.ports

    def visitor(self, language: str = "sv") -> FlaskClient:
        """This will return a browser that is not signed in."""
        client = self.app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
        return client

    def signed_in(self, account: str, language: str = "sv") -> FlaskClient:
        """This will return a browser signed in as one of the accounts."""
        client = self.visitor(language)
        answer = post(client, "/login", "/login", email=f"{account}@example.se", password=PASSWORD)
        assert answer.status_code in (302, 303), answer.status_code
        return client

    def case(self, case_id: str) -> Case:
        """This will return a case as it is stored."""
        with self.ports.read_only() as work:
            return work.cases.get(case_id)

    def facts(self, case_id: str) -> Facts:
        """This will return all facts of a case, derived ones too."""
        case = self.case(case_id)
        return situation(case, self.ports.workflows.version(case.definition_version), MOMENT).facts

    def does(self, account: str, case_id: str, command: Command) -> None:
        """This will let a person act through the engine, as any other door would."""
        handle(self.ports, case_id, command, Request(actor=self.actor_of(account), person=account))

    def actor_of(self, account: str) -> Callable[[Case], Actor]:
        """This will return how a person acts on a case, with the roles that reach it."""

        def of(case: Case) -> Actor:
            held = self.services.directory.assignments(account)
            workflow = self.ports.workflows.version(case.definition_version)
            roles = roles_on_case(held, case, MOMENT.date(), workflow.roles)
            return Actor(
                person=account, name=account, roles=roles, organisations=frozenset(h.organisation for h in held)
            )

        return of


@contextmanager
def opened_world(database_url: str, folder: Path) -> Iterator[World]:
    """This will fill a database and start the application on it."""
    engine = open_engine(database_url)
    with writing(engine) as connection:
        for key, sv, en, form, number in ORGANISATIONS:
            name = Text(sv=sv, en=en)
            save_organisation(connection, Organisation(id=key, name=name, legal_person=name, org_nr=number, form=form))
        for place in (FUTURA, VECURA, AWL):
            save_infrastructure(connection, place)
        for account, (role, organisation, number, place_id) in ACCOUNTS.items():
            save_person(
                connection,
                Person(
                    id=account,
                    email=f"{account}@example.se",
                    name=f"{account} (fiktiv)",
                    password_hash=QUICK.hash(PASSWORD),
                ),
            )
            add_assignment(
                connection,
                Assignment(
                    person=account,
                    role=role,
                    organisation=organisation,
                    valid_from=FIRST_DAY,
                    infrastructure_id=place_id,
                    company_org_nr=number,
                ),
            )
    engine.dispose()
    settings = Settings(
        mode="test", database_url=database_url, data_dir=folder, secret_key="x" * 40, trusted_hosts=("localhost",)
    )
    services = connect(settings)
    services = replace(services, ports=replace(services.ports, now=lambda: MOMENT))
    app = create_app(settings, services)
    app.testing = True
    app.test_client_class = StrictClient
    assert app.extensions[EXTENSION] is services
    try:
        yield World(app=app, services=services)
    finally:
        services.close()


def token(html: str) -> str:
    """This will return the form token of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', html)
    assert found is not None, "the page has no form token"
    return found.group(1)


def hidden(html: str, name: str) -> str:
    """This will return a hidden entry of a page's form."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None, f"the page has no {name}"
    return found.group(1)


def post(client: FlaskClient, page: str, target: str, **form: object) -> TestResponse:
    """This will send a form as a browser would: read the page, take its token, send."""
    shown = client.get(page)
    assert shown.status_code == 200, (page, shown.status_code)
    return client.post(target, data={"csrf_token": token(shown.get_data(as_text=True)), **form})


INQUIRY: Final = {
    "name": "Exempel Genvektor AB",
    "active": "yes",
    "accounting_year": "2024",
    "headcount": "12,5",
    "turnover": "1,8",
    "balance": "2",
    "public_control": "0",
    "contact_name": "Kontaktperson (fiktiv)",
    "contact_email": "contact@example.se",
    "title": "Mätning av vektorer",
    "use": "own",
    "purpose": "Vi vill mäta stabiliteten hos tre vektorer under ett halvår.",
    "start_date": "2026-01-12",
    "end_date": "2026-06-30",
    "language": "sv",
}


def confirmed(client: FlaskClient, place: str, kind: str = "public_access") -> str:
    """This will confirm the notices as a browser would, and return the form page."""
    answer = post(client, f"/inquiry/{place}", f"/inquiry/{place}/questions", **{kind: "1", "privacy": "1"})
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def ask(client: FlaskClient, place: str = "ana_futura", kind: str = "public_access", **changes: str) -> TestResponse:
    """This will send an inquiry as a browser would."""
    form = confirmed(client, place, kind)
    sent = {**INQUIRY, **changes, kind: "1", "privacy": "1", "csrf_token": token(form), "key": hidden(form, "key")}
    return client.post(f"/inquiry/{place}", data=sent)


def opened(client: FlaskClient, place: str = "ana_futura", kind: str = "public_access", **changes: str) -> str:
    """This will send an inquiry and return the number of the case that it opened."""
    answer = ask(client, place, kind, **changes)
    assert answer.status_code in (302, 303), answer.get_data(as_text=True)
    return answer.headers["Location"].rsplit("/", 1)[-1]


def file_hash(content: bytes) -> str:
    """This will return the SHA-256 of a file."""
    return sha256(content).hexdigest()
