"""The company's pages over demo cases that were played through the real commands, with their real papers and logs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.application.handle_command import handle
from engine.application.ports import Request
from engine.domain.case import Case
from engine.domain.commands import RecordFacts
from engine.domain.derivations import situation
from engine.domain.permissions import roles_on_case
from engine.domain.roles import Actor
from engine.domain.values import Facts, local_day
from engine.persistence.engine import open_engine
from tests.databases import SqliteDatabases
from tests.integration.web.company_world import StrictClient, hidden, token
from web.app import create_app
from web.current import Services
from web.demo.load import load_demo
from web.demo.people import PASSWORD
from web.settings import Settings
from web.wiring import connect

SCOPING, APPEAL, EXECUTION = "C-2025-0004", "C-2025-0010", "C-2025-0022"
INTERNAL = (
    "Bedömning av tillträde och motpart",
    "Kund- och kreditbedömning",
    "Priskalkyl",
    "Juridiskt yttrande",
    "Sekretessbedömning",
    "full_cost",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The application on a database with three demo cases."""

    app: Flask
    services: Services

    def company(self, case_id: str, role: str = "kontakt") -> FlaskClient:
        """This will return a browser signed in as somebody of the case's company."""
        with self.services.ports.read_only() as work:
            name = str(work.cases.get(case_id).facts["sme.name"].value)
        accounts = [account.email for account in self.services.directory.demo_accounts() if name in account.name]
        client = self.app.test_client()
        shown = client.get("/login").get_data(as_text=True)
        email = next(email for email in accounts if email.startswith(role))
        sent = client.post("/login", data={"csrf_token": token(shown), "email": email, "password": PASSWORD})
        assert sent.status_code in (302, 303)
        return client

    def host_facts(self, case_id: str) -> Facts:
        """This will return every fact of a case that is known."""
        with self.services.ports.read_only() as work:
            case = work.cases.get(case_id)
        workflow = self.services.ports.workflows.version(case.definition_version)
        facts = situation(case, workflow, self.services.ports.now()).facts
        return {name: value for name, value in facts.items() if value is not None}


@pytest.fixture(scope="module")
def demo(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Three demo cases: one being scoped, one waiting for the appeal time, one under way."""
    with sqlite_databases.fresh() as address:
        settings = Settings(
            mode="demo",
            database_url=address,
            data_dir=tmp_path_factory.mktemp("demo"),
            secret_key="x" * 40,
            trusted_hosts=("localhost",),
        )
        engine = open_engine(address)
        load_demo(settings, engine, only=frozenset({SCOPING, APPEAL, EXECUTION}))
        engine.dispose()
        services = connect(settings)
        app = create_app(settings, services)
        app.testing = True
        app.test_client_class = StrictClient
        yield Demo(app=app, services=services)
        services.close()


def words(html: str) -> str:
    """This will return the words of a page, without markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.split("<main", 1)[-1]).split())


class TestTracker:
    def test_tells_the_appeal_time_with_its_law(self, demo: Demo) -> None:
        text = words(demo.company(APPEAL).get(f"/my/{APPEAL}").get_data(as_text=True))

        assert "Avtalet är undertecknat. Arbetet kan börja mån 8 dec när överklagandetiden gått ut." in text
        assert "Väntetid enligt lag" in text
        assert "(Kommunallagen 13 kap.)" in text
        assert "Granskat av jurister" in text

    @pytest.mark.parametrize("case_id", [SCOPING, APPEAL, EXECUTION])
    def test_shows_no_internal_paper_and_opens_every_shared_one(self, demo: Demo, case_id: str) -> None:
        client = demo.company(case_id)
        html = client.get(f"/my/{case_id}").get_data(as_text=True)
        links = set(re.findall(r'href="(/my/[^"]+/documents/[^"]+)"', html))

        assert links
        assert all(client.get(link).status_code == 200 for link in links)
        assert not [word for word in INTERNAL if word in html]
        listed = client.get(f"/api/v1/cases/{case_id}/documents").get_json()["documents"]
        assert {link.rsplit("/", 1)[-1] for link in links} == {document["key"] for document in listed}

    def test_every_paper_that_is_not_shared_is_not_found(self, demo: Demo) -> None:
        client = demo.company(EXECUTION)
        with demo.services.ports.read_only() as work:
            keys = set(work.cases.get(EXECUTION).documents)
        shared = {paper["key"] for paper in client.get(f"/api/v1/cases/{EXECUTION}/documents").get_json()["documents"]}

        assert keys - shared
        for key in keys - shared:
            assert client.get(f"/my/{EXECUTION}/documents/{key}").status_code == 404
            assert client.get(f"/my/{EXECUTION}/sign/{key}").status_code == 404
            assert client.get(f"/api/v1/cases/{EXECUTION}/documents/{key}").status_code == 404

    def test_work_under_way_cannot_be_withdrawn_and_says_so(self, demo: Demo) -> None:
        client = demo.company(EXECUTION)

        text = words(client.get(f"/my/{EXECUTION}/withdraw").get_data(as_text=True))

        assert "Ett avtal som gäller avslutas i samråd" in text


class TestConfirmation:
    def test_a_new_version_waits_for_the_company_and_is_confirmed(self, demo: Demo) -> None:
        before = _case(demo)
        _host_changes(demo, {"scope.hours_staff": 44})
        client = demo.company(SCOPING)

        page = client.get(f"/my/{SCOPING}/confirm").get_data(as_text=True)
        shown = words(client.get(f"/my/{SCOPING}").get_data(as_text=True))
        main = page.split("<main", 1)[-1]
        form = {name: hidden(main, name) for name in ("csrf_token", "revision", "key", "scope_version")}
        answer = client.post(f"/my/{SCOPING}/confirm", data=form)

        assert "Er tur" in shown
        assert f"Bekräfta uppdraget, version {before.scope_version + 1}" in shown
        assert "44" in words(page)
        assert answer.status_code == 302
        assert _case(demo).confirmed["sme"] == before.scope_version + 1
        assert client.get(f"/my/{SCOPING}/confirm").status_code == 200

    def test_cost_calculation_and_judgements_are_not_the_companys_to_read(self, demo: Demo) -> None:
        facts = demo.company(SCOPING).get(f"/api/v1/cases/{SCOPING}").get_json()["facts"]
        internal = ("price.full_cost_sek", "price.direct_cost_sek", "price.market_price_sek", "sme.counterparty_risk")
        known = set(demo.host_facts(SCOPING))

        assert known >= set(internal)
        assert not set(facts) & set(internal)
        assert "price.amount_sek" in facts


def _case(demo: Demo) -> Case:
    with demo.services.ports.read_only() as work:
        return work.cases.get(SCOPING)


def _host_changes(demo: Demo, values: dict[str, int]) -> None:
    person = next(
        account.email
        for account in demo.services.directory.demo_accounts()
        if account.role == "pm" and account.infrastructure == "ana_futura"
    )
    found = demo.services.directory.person_by_email(person)
    assert found is not None

    def actor(case: Case) -> Actor:
        moment: datetime = demo.services.ports.now()
        workflow = demo.services.ports.workflows.version(case.definition_version)
        held = demo.services.directory.assignments(found.id)
        return Actor(
            person=found.id, name=found.name, roles=roles_on_case(held, case, local_day(moment), workflow.roles)
        )

    handle(demo.services.ports, SCOPING, RecordFacts(values=values), Request(actor=actor, person=found.id))
