"""The company's pages in a real browser: no violation of axe, nothing wider than the screen, usable without script."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from engine.application.make_document import finalise_document
from engine.application.ports import Request
from engine.domain.commands import DraftDocument, SendMessage
from tests.databases import SqliteDatabases
from tests.integration.web.company_world import PASSWORD, World, opened, opened_world

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LOOKS = [("sv", "light", 1440), ("sv", "dark", 360), ("en", "light", 360), ("en", "dark", 1440)]
PUBLIC = ("/start", "/about", "/accessibility", "/inquiry", "/inquiry/vecura", "/inquiry/awl_solna")
COMPANY = ("", "/answers", "/confirm", "/upload", "/withdraw", "/sign/C-CON-03.1")


@pytest.fixture(scope="module")
def world(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The application on a fresh database."""
    with sqlite_databases.fresh() as address, opened_world(address, tmp_path_factory.mktemp("browser")) as made:
        yield made


@pytest.fixture(scope="module")
def case_id(world: World) -> str:
    """A case of the company with a paper to sign and a letter."""
    found = opened(
        world.signed_in("contact"), "awl_solna", "public_body", use="place", title="Bänkplatser för cellodling"
    )
    world.does("pm_awl", found, DraftDocument(document="C-CON-03", language="sv"))
    asked = Request(actor=world.actor_of("pm_awl"), person="pm_awl")
    finalise_document(world.ports, found, "C-CON-03.1", {}, asked)
    world.does(
        "pm_awl", found, SendMessage(audience="company", text="Välkomna. Läs och skriv under informationen först.")
    )
    return found


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    """The address of the running application."""
    server = make_server("localhost", 0, world.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join(timeout=10)


def opened_page(browser: Browser, look: tuple[str, str, int]) -> Page:
    """This will open a window of a language, a theme and a width. The policy is lifted for axe alone."""
    language, theme, width = look
    context = browser.new_context(
        locale=language,
        color_scheme="dark" if theme == "dark" else "light",
        viewport={"width": width, "height": 900},
        bypass_csp=True,
    )
    return context.new_page()


def sign_in(page: Page, address: str, account: str = "contact") -> None:
    """This will sign in as a person would."""
    page.goto(f"{address}/login")
    page.fill("#email", f"{account}@example.se")
    page.fill("#password", PASSWORD)
    page.click("main button.main")
    page.wait_for_url(f"{address}/my")


def faults_of(page: Page) -> list[str]:
    """This will return what axe and a ruler say against the page."""
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    faults = [f"{rule['id']}: {[node['target'] for node in rule['nodes']]}" for rule in found["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        faults.append("wider than the screen")
    return faults


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: "-".join(map(str, look)))
class TestAccess:
    def test_of_the_public_pages(self, browser: Browser, address: str, look: tuple[str, str, int]) -> None:
        page = opened_page(browser, look)
        found = {}
        for path in PUBLIC:
            page.goto(f"{address}{path}")
            found[path] = faults_of(page)
        page.context.close()

        assert found == {path: [] for path in PUBLIC}

    def test_of_the_company_pages(
        self, browser: Browser, address: str, case_id: str, look: tuple[str, str, int]
    ) -> None:
        page = opened_page(browser, look)
        sign_in(page, address)
        found = {"list": faults_of(page)}
        for path in COMPANY:
            page.goto(f"{address}/my/{case_id}{path}")
            found[path] = faults_of(page)
        page.context.close()

        assert found == {path: [] for path in ("list", *COMPANY)}


class TestInquiry:
    def test_is_made_without_script_and_with_the_keyboard_alone(self, browser: Browser, address: str) -> None:
        context = browser.new_context(locale="sv", java_script_enabled=False)
        page = context.new_page()
        sign_in(page, address)
        page.goto(f"{address}/inquiry/ana_futura")
        page.focus("#f-public_access")
        page.keyboard.press("Space")
        page.focus("#f-privacy")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        answers = {
            "name": "Exempel Genvektor AB",
            "accounting_year": "2024",
            "headcount": "12,5",
            "turnover": "1,8",
            "balance": "2",
            "public_control": "0",
            "title": "Mätning",
            "purpose": "Vi vill mäta tre vektorer i ett halvår.",
        }
        for name, answer in answers.items():
            page.focus(f"#f-{name}")
            page.keyboard.type(answer)
        page.focus("input[name=active][value=yes]")
        page.keyboard.press("Space")
        page.focus("input[name=use][value=own]")
        page.keyboard.press("Space")
        page.focus("main button.main")
        page.keyboard.press("Enter")
        page.wait_for_url("**/inquiry/received/*")

        assert "C-2025-" in page.inner_text("main")
        context.close()

    def test_with_faults_keeps_axe_silent_and_the_words(self, browser: Browser, address: str) -> None:
        page = opened_page(browser, ("sv", "light", 360))
        sign_in(page, address)
        page.goto(f"{address}/inquiry/ana_futura")
        page.check("#f-public_access")
        page.check("#f-privacy")
        page.click("main button.main")
        page.fill("#f-headcount", "tolv")
        page.click("main button.main")

        assert faults_of(page) == []
        assert page.input_value("#f-headcount") == "tolv"
        assert page.locator("#f-headcount").get_attribute("aria-invalid") == "true"
        page.context.close()
