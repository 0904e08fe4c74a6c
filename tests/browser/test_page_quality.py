"""Every main page: nothing that axe-core finds, in both languages, light and dark; nothing wider than a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Colleague, CompanyPerson, Office, Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE: Final = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PHONE: Final = {"width": 360, "height": 780}
DESK: Final = {"width": 1280, "height": 900}
BUTTON: Final = {"en": "English", "sv": "Svenska"}

PUBLIC: Final = ("/login", "/inquiry", "/inquiry/ana_futura")
STAFF: Final = {
    "pm.ana-futura": ("/documents", "/cases/C-2025-0004/actions/S-T05", "/cases/C-2025-0008"),
    "legal.ki": ("/reviews", "/cases/C-2025-0002/review"),
    "registrar.ki": ("/work", "/cases/C-2025-0008"),
    "decision-maker.k": ("/work", "/cases/C-2025-0010/actions/R-T17"),
    "decision-maker.ah": ("/work", "/cases/C-2025-0017/actions/C-T13"),
    "ops-manager.vecura": ("/cases/C-2025-0025/actions/R-T01",),
    "admin": ("/settings",),
}
"""Person to pages; what ``test_staff_pages`` looks at is left out."""
COMPANY: Final = {
    "kontakt.exempel-diagnostik": ("/my", "/my/C-2025-0004", "/my/C-2025-0004/answers", "/my/C-2025-0004/confirm"),
    "firmatecknare.exempel-genvektor": ("/my/C-2025-0010",),
}


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core; without it the check fails."""
    return AXE.read_text(encoding="utf-8")


def test_public_pages(demo_office: Office, axe: str) -> None:
    _check(Person(page=demo_office.new_page(), office=demo_office), PUBLIC, axe)


@pytest.mark.parametrize("account", STAFF)
def test_staff_pages(demo_office: Office, axe: str, account: str) -> None:
    colleague = Colleague(page=demo_office.new_page(), office=demo_office)
    colleague.signs_in(account)
    _check(colleague, STAFF[account], axe)


@pytest.mark.parametrize("account", COMPANY)
def test_company_pages(demo_office: Office, axe: str, account: str) -> None:
    person = CompanyPerson(page=demo_office.new_page(), office=demo_office)
    person.signs_in(account)
    _check(person, COMPANY[account], axe)


def _check(person: Person, addresses: tuple[str, ...], axe: str) -> None:
    page, found = person.page, []
    try:
        for language in ("sv", "en"):
            _speak(page, language)
            for address in addresses:
                answer = page.goto(address)
                assert answer is not None and answer.ok, f"{address} answers {answer and answer.status}"
                expect(page.locator("html")).to_have_attribute("lang", language)
                page.evaluate(axe)
                for theme in ("light", "dark"):
                    page.emulate_media(color_scheme=theme)
                    found += [
                        f"{address} {language} {theme}: {fault}"
                        for fault in _faults(page, only_colours=theme == "dark")
                    ]
                found += [f"{address} {language}: {fault}" for fault in _too_wide(page)]
    finally:
        _speak(page, "sv")
    assert not found, "\n".join(found)


def _speak(page: Page, language: str) -> None:
    """Changes the language with the button, which is there whenever another language is shown."""
    page.goto("/settings" if page.url.startswith("http") and _is_signed_in(page) else "/about")
    button = page.get_by_role("button", name=BUTTON[language], exact=True)
    if page.locator("html").get_attribute("lang") != language:
        button.first.click()
        expect(page.locator("html")).to_have_attribute("lang", language)


def _is_signed_in(page: Page) -> bool:
    return page.get_by_role("button", name="Logga ut").or_(page.get_by_role("button", name="Sign out")).count() > 0


def _faults(page: Page, *, only_colours: bool) -> Iterator[str]:
    """Says what axe-core finds; a change of theme changes nothing but colours."""
    result: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {resultTypes: ['violations'], ...rules})",
        {"runOnly": {"type": "rule", "values": ["color-contrast"]}} if only_colours else {},
    )
    for violation in result["violations"]:
        for node in violation["nodes"]:
            yield f"{violation['id']} ({violation['impact']}): {node['html'][:200]} {node['failureSummary'][:300]}"


def _too_wide(page: Page) -> Iterator[str]:
    """Says which elements reach beyond a phone's right edge, when the page can be moved sideways."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a viewport's two numbers
    beyond: list[str] = page.evaluate(
        """() => {
            const edge = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= edge) return [];
            return [...document.querySelectorAll('main *')]
                .filter(element => element.getBoundingClientRect().right > edge + 1)
                .slice(0, 5).map(element => element.outerHTML.slice(0, 160));
        }"""
    )
    wider = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]  # a viewport's two numbers
    if wider > 0:
        yield f"{wider} pixels too wide: {beyond}"
