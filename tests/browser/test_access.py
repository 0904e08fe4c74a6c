"""Ways in: without a mouse, without scripts, in another language, and out again for good."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import INQUIRY, REASON, TODAY, paper, screened
from tests.browser.people import Colleague, CompanyPerson, Office
from web.demo.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COMPANY = "Exempel Kryo AB"
WORK = {"Företagets namn": COMPANY, "Arbetsnamn": "Frysning av celler", **INQUIRY}


def test_the_stage_of_inquiry_needs_no_script(office: Office) -> None:
    office.uses_scripts = False
    contact, pm = office.company("kontakt.exempel-kryo"), office.colleague("pm.ana-futura")
    ops, registrar = office.colleague("ops-manager.ana-futura"), office.colleague("registrar.ki")
    contact.inquires("ANA Futura", WORK)
    registrar.records("Ärendet", {"Diarienummer": "4-1879/2025"}, source="Myndighetens diarium", observed=TODAY)
    screened(office.colleague("security.ki"))
    ops.records("Uppdraget", {"Uppfyller tillträdeskriterierna": True}, reason=REASON)
    paper(
        "Bekräftelse på förfrågan och information om offentlighet",
        by=pm, signed_by=[pm], kept_by=registrar, is_sent=True,
    )  # fmt: skip
    paper("Bedömning av tillträde och motpart", by=ops, signed_by=[ops], kept_by=registrar)
    ops.acts("Ta förfrågan vidare")
    ops.sees_stage("Avgränsning")
    contact.writes("Vi kan komma redan i december.", "Karolinska Institutet")
    expect(contact.page.get_by_role("region", name="Meddelanden")).to_contain_text("redan i december")


def test_signing_in_and_an_act_by_keyboard_alone(office: Office) -> None:
    contact = office.company("kontakt.exempel-kryo")
    contact.inquires("ANA Futura", WORK)
    page = office.new_page()
    page.goto("/login")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hoppa till innehållet", exact=True)).to_be_focused()
    _tab_to(page, "E-post")
    page.keyboard.type("pm.ana-futura@demo.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/work")
    page.goto(f"/cases/{office.case}")
    _tab_to(page, "Meddelande")
    page.keyboard.type("Ring företaget före lunch.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Skicka meddelandet", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    Colleague(page=page, office=office).is_told("Meddelandet är skickat")


def test_the_language_is_changed_and_stays_changed(office: Office) -> None:
    contact = office.company("kontakt.exempel-plasmid")
    page = contact.page
    page.get_by_role("button", name="English", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Our cases")
    page.goto("/inquiry")
    expect(page.get_by_role("heading", level=1)).to_have_text("Where do you want to work?")
    page.get_by_role("button", name="Svenska", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Var vill ni arbeta?")


def test_a_copied_cookie_is_dead_after_signing_out(office: Office) -> None:
    contact = CompanyPerson(page=office.new_page(), office=office)
    contact.signs_in("kontakt.exempel-plasmid")
    copied = contact.page.context.cookies()
    thief = office.new_page()
    thief.context.add_cookies([{**cookie} for cookie in copied])  # type: ignore[typeddict-item]  # same shape, both ways
    thief.goto("/my")
    expect(thief.get_by_role("heading", level=1)).to_have_text("Våra ärenden")
    contact.page.get_by_role("button", name="Logga ut", exact=True).click()
    expect(contact.page.get_by_role("heading", name="Logga in", exact=True)).to_be_visible()
    thief.goto("/my")
    expect(thief.get_by_role("heading", name="Logga in", exact=True)).to_be_visible()


def _tab_to(page: Page, label: str, *, at_most: int = 300) -> None:
    """Presses Tab until the field of this label has the focus, as somebody without a mouse does."""
    field = page.get_by_label(label, exact=True)
    for _ in range(at_most):
        page.keyboard.press("Tab")
        if field.evaluate("field => field === document.activeElement"):
            return
    raise AssertionError(f"“{label}” is not reached by {at_most} tabs on {page.url}")
