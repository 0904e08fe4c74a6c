"""Staff in the tests of pages: accounts for every role, and cases brought forward through the real commands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.application.queries import Person
from engine.domain.permissions import Assignment
from engine.persistence.engine import open_engine, writing
from engine.persistence.identity import add_assignment, save_person
from tests.integration.web.company_world import FIRST_DAY, PASSWORD, QUICK, World, hidden, opened, token

STAFF: Final = {
    "registrar": ("registrar", "ki", None),
    "registrar_k": ("registrar", "k", None),
    "controller": ("finance", "ki", None),
    "buyer": ("procurement", "ki", None),
    "head": ("decision_maker", "ki", None),
    "ops": ("ops_manager", "ki", "ana_futura"),
    "auditor": ("auditor", "ki", None),
    "guard": ("security", "ki", None),
}
"""Account to role, organisation and infrastructure, beside those of the company's world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """The world with staff of every kind, and one case in its first stage."""

    world: World
    case_id: str

    def signed_in(self, account: str) -> FlaskClient:
        """This will return a browser signed in as one of the accounts."""
        return self.world.signed_in(account)

    def new_case(self) -> str:
        """This will return a fresh case that the test may change as it likes."""
        return opened(self.world.signed_in("contact"))


def add_staff(world: World) -> None:
    """This will add the staff accounts to a world."""
    engine = open_engine(world.services.settings.database_url)
    with writing(engine) as connection:
        for account, (role, organisation, place) in STAFF.items():
            person = Person(
                id=account,
                email=f"{account}@example.se",
                name=f"{account} (fiktiv)",
                password_hash=QUICK.hash(PASSWORD),
            )
            save_person(connection, person)
            add_assignment(
                connection,
                Assignment(
                    person=account,
                    role=role,
                    organisation=organisation,
                    valid_from=FIRST_DAY,
                    infrastructure_id=place,
                ),
            )
    engine.dispose()


def send(client: FlaskClient, page: str, target: str, **changes: object) -> TestResponse:
    """This will send a form of a case as a browser would: token, revision and key are those of the page."""
    shown = client.get(page)
    assert shown.status_code == 200, (page, shown.status_code)
    return client.post(target, data={**head_of(shown), **changes})


def head_of(shown: TestResponse) -> dict[str, str]:
    """This will return what every form of a page carries."""
    html = shown.get_data(as_text=True)
    return {"csrf_token": token(html), "revision": hidden(html, "revision"), "key": hidden(html, "key")}


def entries_of(html: str) -> dict[str, list[str]]:
    """This will return what the fields of a sheet said when it was drawn."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="(was:[^"]+)" value="([^"]*)"', html):
        found.setdefault(name, []).append(value)
    return found
