"""Every route x account x relation to the case, from one table: who comes through the door, who is told what."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.integration.web.company_world import World, opened, token
from tests.integration.web.staff_world import add_staff
from web.app import routes
from web.rights import RIGHTS, Right

ACCOUNTS = {
    "visitor": "nobody",
    "contact": "own company",
    "signatory": "own company",
    "stranger": "another company",
    "pm": "host",
    "lawyer": "host",
    "registrar": "host",
    "auditor": "host",
    "pm_vecura": "another host",
    "registrar_k": "another host",
    "admin": "operator",
}
"""Account to its relation to the case of these tests."""

ALLOWED = {
    Right.ANYONE: set(ACCOUNTS.values()),
    Right.SIGNED_IN: set(ACCOUNTS.values()) - {"nobody"},
    Right.STAFF: {"host", "another host"},
    Right.COMPANY: {"own company", "another company"},
    Right.CASE_STAFF: {"host"},
    Right.CASE_COMPANY: {"own company"},
    Right.CASE_READER: {"host", "own company"},
}
"""Right to the relations that pass. Whoever does not pass a right on a case is told that there is no such case."""

OF_A_CASE = {Right.CASE_STAFF, Right.CASE_COMPANY, Right.CASE_READER}
PUBLIC_BUT_CHANGES = {"static", "session.logout", "session.sign_in", "session.language", "session.theme"}

NARROWER = {"inquiry.send": {"signatory"}}
"""Routes whose view says no to some whom the table lets through, with the accounts it says no to."""

PARTS = {
    "infrastructure_id": "ana_futura", "key": "S-INQ-01.1", "action_id": "S-T01", "action": "S-T01", "group": "sme",
    "table": "participants", "row_id": "new", "what": "scope", "condition_id": "V-1.1", "kind": "privacy",
    "filename": "icon.svg",
}  # fmt: skip


@pytest.fixture(scope="module")
def case_id(world: World) -> str:
    """A case of the company at ANA Futura, with staff of every kind around it."""
    if world.services.directory.person("registrar") is None:
        add_staff(world)
    return opened(world.signed_in("contact"))


def address(path: str, case_id: str) -> str:
    parts = {**PARTS, "case_id": case_id}
    for name, value in parts.items():
        path = path.replace(f"<{name}>", value).replace(f"<path:{name}>", value)
    assert "<" not in path, path
    return path


class TestTable:
    def test_every_route_has_a_right(self) -> None:
        assert {route.name for route in routes()} == set(RIGHTS)

    def test_routes_on_a_case_ask_for_a_role_on_it(self) -> None:
        for route in routes():
            if "<case_id>" in route.path:
                assert RIGHTS[route.name] in OF_A_CASE, route.path

    @pytest.mark.parametrize("account", ACCOUNTS)
    def test_decides_who_comes_through_the_door(self, world: World, case_id: str, account: str) -> None:
        client = world.visitor() if account == "visitor" else world.signed_in(account)
        csrf = token(client.get("/start").get_data(as_text=True) if account == "visitor" else _settings(client))
        wrong = []
        for route in routes():
            if route.name in PUBLIC_BUT_CHANGES:
                continue
            target = address(route.path, case_id)
            if route.methods == ("GET",):
                answer = client.get(target)
            else:
                answer = client.post(target, data={"csrf_token": csrf})
            right = RIGHTS[route.name]
            if account in NARROWER.get(route.name, ()):
                assert answer.status_code == 403
                continue
            if not _as_expected(answer.status_code, right, passes=ACCOUNTS[account] in ALLOWED[right], account=account):
                wrong.append((route.path, right.value, answer.status_code))
        assert wrong == []


def _settings(client: FlaskClient) -> str:
    page: str = client.get("/settings").get_data(as_text=True)
    return page


def _as_expected(status: int, right: Right, *, passes: bool, account: str) -> bool:
    if passes:
        return status < 500 and status != 403
    if account == "visitor":
        return status in (302, 401)
    return status == 404 if right in OF_A_CASE else status == 403
