"""The lawyer's desk and the impact of a change, on a demo case that has come as far as legal review."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from engine.persistence.engine import open_engine
from tests.databases import SqliteDatabases
from tests.integration.web.company_world import StrictClient, World, hidden, post
from tests.integration.web.staff_world import entries_of, head_of, send
from web.app import create_app
from web.demo import PASSWORD, load_demo
from web.settings import Settings
from web.wiring import connect

CASE = "C-2025-0002"
DESK = f"/cases/{CASE}/review"


@pytest.fixture(scope="module")
def demo(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The application in demo mode with one case, played to legal review."""
    with sqlite_databases.fresh() as address:
        settings = Settings(
            mode="demo",
            database_url=address,
            data_dir=tmp_path_factory.mktemp("demo"),
            secret_key="x" * 40,
            trusted_hosts=("localhost",),
        )
        engine = open_engine(address)
        load_demo(settings, engine, only=frozenset({CASE}))
        engine.dispose()
        services = connect(settings)
        app = create_app(settings, services)
        app.testing = True
        app.test_client_class = StrictClient
        yield World(app=app, services=services)


def signed_in(demo: World, person: str) -> FlaskClient:
    account = demo.services.directory.person(person)
    assert account is not None, person
    client = demo.visitor()
    assert post(client, "/login", "/login", email=account.email, password=PASSWORD).status_code == 302
    return client


def bound_to(client: FlaskClient) -> dict[str, str]:
    html = client.get(DESK).get_data(as_text=True)
    return {name: hidden(html, name) for name in ("scope_version", "doc_hash")}


class TestSignInPage:
    def test_lists_the_demo_accounts_by_organisation_and_role(self, demo: World) -> None:
        html = demo.visitor().get("/login").get_data(as_text=True)
        assert "Prova med ett demokonto" in html
        for words in ("Karolinska Institutet", "Projektledare, ANA Futura", "Jurist", "måndag 24 november 2025"):
            assert words in html

    def test_one_button_signs_in(self, demo: World) -> None:
        client = demo.visitor()
        page = client.get("/login").get_data(as_text=True)
        found = re.search(r'name="email" value="([^"]+)">.{0,200}?Jurist', page, re.DOTALL)
        assert found is not None
        answer = post(client, "/login", "/login", email=found[1], password=hidden(page, "password"))
        assert answer.status_code == 302


class TestDesk:
    def test_shows_text_questions_and_check_points(self, demo: World) -> None:
        html = signed_in(demo, "legal.ki").get(DESK).get_data(as_text=True)
        for words in (
            "Vad lagen frågar dig",
            "Avtal om uppdragsforskning",
            "Sekretess per informationsklass",
            "G-LEG-",
        ):
            assert words in html

    def test_unfinished_opinion_comes_back_whole(self, demo: World) -> None:
        client = signed_in(demo, "legal.ki")
        typed = {**bound_to(client), "text": "Avtalet följer mallen.", "legal.ip_ok": "yes"}
        answer = send(client, DESK, DESK, **typed)
        html = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "Avtalet följer mallen.</textarea>" in html
        assert 'name="legal.ip_ok" value="yes" checked' in html

    def test_opinion_on_another_text_is_refused(self, demo: World) -> None:
        client = signed_in(demo, "legal.ki")
        typed = {**bound_to(client), "doc_hash": "0" * 64, "opinion": "approve", "text": "Avtalet följer mallen."}
        answer = send(client, DESK, DESK, **typed)
        assert answer.status_code == 409
        assert "R-TEXT" in answer.get_data(as_text=True)

    def test_opinion_and_its_condition_reach_the_case(self, demo: World) -> None:
        client = signed_in(demo, "legal.ki")
        typed = {**bound_to(client), "opinion": "approve_with_conditions", "text": "Avtalet följer mallen.",
                 "conditions": "Bifoga intyget."}  # fmt: skip
        assert send(client, DESK, DESK, **typed).status_code == 303
        html = client.get(f"/cases/{CASE}").get_data(as_text=True)
        assert "Bifoga intyget." in html
        condition = re.findall(r'/conditions/([^"]+)"', html)[0]
        page = f"/cases/{CASE}/conditions/{condition}"
        assert send(client, page, page, evidence="").status_code == 422
        assert send(client, page, page, evidence="Intyget är bifogat.").status_code == 303

    def test_nobody_but_a_lawyer_is_asked_for_an_opinion(self, demo: World) -> None:
        assert 'name="opinion"' not in signed_in(demo, "pm.ana_futura").get(DESK).get_data(as_text=True)


class TestImpact:
    def test_is_shown_before_saving_and_saved_when_accepted(self, demo: World) -> None:
        client, page = signed_in(demo, "pm.ana_futura"), f"/cases/{CASE}/facts/scope"
        shown = client.get(page)
        typed = {**head_of(shown), **entries_of(shown.get_data(as_text=True)), "scope.end_date": "2026-09-30"}
        warned = client.post(page, data=typed)
        html = warned.get_data(as_text=True)
        assert warned.status_code == 200
        assert "faller yttrandet från Karolinska Institutet" in html
        assert 'value="2026-09-30"' in html
        assert demo.case(CASE).stage == "legal_review"
        accepted = {**head_of(warned), **entries_of(html), "scope.end_date": "2026-09-30", "accept_return": "yes"}
        assert client.post(page, data=accepted).status_code == 303
        assert demo.case(CASE).stage == "scoping"
        assert "Har fallit" in client.get(f"/cases/{CASE}").get_data(as_text=True)
