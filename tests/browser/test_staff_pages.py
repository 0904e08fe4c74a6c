"""The staff's pages in a real browser: axe keeps silent, nothing is wider than the screen, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.service import Service
from web.demo import PASSWORD

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LOOKS = [("sv", "light", 1440), ("sv", "dark", 360), ("en", "dark", 768)]
PAGES = {
    "pm.ana-futura": (
        "/work", "/cases", "/cases/C-2025-0004", "/cases/C-2025-0004/log", "/cases/C-2025-0004/facts/scope",
        "/cases/C-2025-0004/rows/participants/new", "/cases/C-2025-0004/actions/O-01",
        "/cases/C-2025-0004/documents/new?document=S-SCO-01", "/cases/C-2025-0004/documents/S-SCO-01.1", "/settings",
    ),
    "legal.ah": ("/reviews", "/cases/C-2025-0017/review", "/cases/C-2025-0017"),
    "registrar.k": ("/documents", "/cases/C-2025-0010"),
}  # fmt: skip
"""Person to the pages that are looked at."""


def opened(browser: Browser, service: Service, account: str, *, theme: str, width: int) -> Page:
    """This will open a window signed in as somebody. The policy is lifted for axe alone."""
    context = browser.new_context(
        base_url=service.url,
        color_scheme="dark" if theme == "dark" else "light",
        viewport={"width": width, "height": 900},
        locale="sv-SE",
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto("/login")
    page.fill("#email", f"{account}@demo.example")
    page.fill("#password", PASSWORD)
    page.click("button.main")
    page.wait_for_url("**/work")
    return page


def complaints(page: Page, address: str, width: int) -> list[str]:
    """This will return what axe and a ruler say against a page."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, (address, answer.status)
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    said = [f"{address}: {one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]
    actual = page.evaluate("document.documentElement.scrollWidth")
    return said if actual <= width else [*said, f"{address}: {actual} wide on {width}"]


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_pages_keep_axe_silent_and_fit_the_screen(
    browser: Browser, demo_service: Service, language: str, theme: str, width: int
) -> None:
    said = []
    for account, addresses in PAGES.items():
        page = opened(browser, demo_service, account, theme=theme, width=width)
        page.goto("/settings")
        page.locator(f'main button[name="language"][value="{language}"]').click()
        assert page.locator("html").get_attribute("lang") == language
        for address in addresses:
            said += complaints(page, address, width)
        page.goto("/settings")
        page.locator('main button[name="language"][value="sv"]').click()
        page.context.close()
    assert said == []


def test_sign_in_page_keeps_axe_silent(browser: Browser, demo_service: Service) -> None:
    for width in (360, 1440):
        context = browser.new_context(
            base_url=demo_service.url, bypass_csp=True, viewport={"width": width, "height": 900}
        )
        assert complaints(context.new_page(), "/login", width) == []
        context.close()


def test_case_page_breaks_no_content_policy(browser: Browser, demo_service: Service) -> None:
    context = browser.new_context(base_url=demo_service.url)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.goto("/login")
    page.fill("#email", "pm.ana-futura@demo.example")
    page.fill("#password", PASSWORD)
    page.click("button.main")
    page.goto("/cases/C-2025-0004")
    context.close()
    assert said == []
