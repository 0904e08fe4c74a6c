"""The turns a case can take: withdrawn, declined, returned, changed under way, refused, and two people at once."""

from __future__ import annotations

import re

import docx
import pytest
from playwright.sync_api import expect

from tests.browser.journeys import INQUIRY, REASON, TODAY, paper
from tests.browser.people import Office

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORK = {"Företagets namn": "Exempel Diagnostik AB", "Arbetsnamn": "Mätning av antikroppar", **INQUIRY}


def test_a_company_withdraws_its_inquiry(office: Office) -> None:
    contact = office.company("kontakt.exempel-diagnostik")
    contact.inquires("ANA Futura", WORK)
    contact.withdraws("Vi har hittat en annan lösning.")
    expect(contact.page.get_by_role("region", name="Läge", exact=True)).to_contain_text("Ni återkallade ärendet")
    expect(contact.page.get_by_role("link", name="Återkalla ärendet")).to_have_count(0)
    office.colleague("pm.ana-futura").sees_closed("Återkallat av företaget")


def test_an_inquiry_is_declined_with_reasons_and_a_letter(office: Office) -> None:
    contact, ops = office.company("kontakt.exempel-diagnostik"), office.colleague("ops-manager.ana-futura")
    registrar = office.colleague("registrar.ki")
    why = "Instrumentet är fullbokat hela våren, och kriterierna ger företräde åt påbörjade projekt."
    contact.inquires("ANA Futura", WORK)
    registrar.records("Ärendet", {"Diarienummer": "4-1878/2025"}, source="Myndighetens diarium", observed=TODAY)
    ops.is_refused("Avslå", guard="G-CLO-11", who="Projektledare")
    office.colleague("archivist.ki").records("Avslut", {"Bevarandeklass": "R3"})
    ops.states_reason("Kapacitet saknas", why)
    letter = ops.makes("Besked om att förfrågan inte tas vidare, eller hänvisning")
    ops.signs(letter)
    registrar.registers(letter)
    office.colleague("pm.ana-futura").dispatches(letter)
    archive = registrar.makes("Arkiveringsunderlag")
    registrar.signs(archive)
    registrar.registers(archive)
    ops.acts("Avslå")
    ops.sees_closed("Avslaget")
    assert why in "\n".join(paragraph.text for paragraph in docx.Document(str(letter.file)).paragraphs)
    contact.opens_the_case()
    expect(contact.page.get_by_role("link", name=letter.title, exact=True)).to_be_visible()


def test_the_lawyer_returns_a_case_for_changes(demo_office: Office) -> None:
    demo_office.case = "C-2025-0002"
    legal, pm = demo_office.colleague("legal.ki"), demo_office.colleague("pm.ana-futura")
    legal.gives_opinion("Återsänder", "Priset når inte full kostnad. Räkna om och skicka tillbaka.", checks={})
    legal.acts("Återsänd för ändring")
    pm.sees_stage("Avgränsning")
    expect(pm.section("Yttranden")).to_contain_text("Räkna om och skicka tillbaka.")


def test_a_change_that_would_bring_down_opinions_is_warned_of_before_it_is_saved(demo_office: Office) -> None:
    demo_office.case = "C-2025-0010"
    pm = demo_office.colleague("pm.vecura")
    pm.edits("Uppdraget", {"Sista dag": "2026-08-31"})
    pm.page.get_by_role("button", name="Spara", exact=True).click()
    warning = pm.page.get_by_role("alert")
    expect(warning).to_contain_text("Om du sparar ändringen")
    expect(warning).to_contain_text("går ärendet tillbaka till Avgränsning")
    expect(warning).to_contain_text("faller yttrandet från Karolinska Universitetssjukhuset")
    expect(pm.page.get_by_label("Sista dag", exact=True)).to_have_value("2026-08-31")
    pm.page.get_by_role("link", name="Behåll det som står", exact=True).click()
    pm.sees_stage("Sekretess- och avtalstecknande")


def test_a_change_under_way_is_asked_for_and_then_dropped(demo_office: Office) -> None:
    demo_office.case = "C-2025-0008"
    pm, contact = demo_office.colleague("pm.ana-futura"), demo_office.company("kontakt.exempel-formulering")
    pm.sees_stage("Genomförande")
    pm.edits("Uppdraget", {"Sista dag": "2026-08-31"}, reason=REASON)
    pm.page.get_by_role("button", name="Spara", exact=True).click()
    expect(pm.page.get_by_role("alert")).to_contain_text("ändras uppdraget genom en begärd ändring")
    expect(pm.page.get_by_label("Sista dag", exact=True)).to_have_value("2026-08-31")
    paper("Ändringsbegäran", by=pm, signed_by=[pm, contact], kept_by=demo_office.colleague("registrar.ki"))
    pm.looks_at("Begär väsentlig ändring")
    expect(pm.page.get_by_role("main")).to_contain_text("faller yttrandet från Karolinska Institutet")
    pm.acts("Begär väsentlig ändring")
    pm.sees_stage("Avgränsning")
    pm.records("Uppdraget", {"Sista dag": "2026-08-31"}, reason=REASON)
    pm.acts("Avstå från ändringen")
    pm.sees_stage("Genomförande")
    pm.edits("Uppdraget", {})
    expect(pm.page.get_by_label("Sista dag", exact=True)).to_have_value("2026-05-31")


def test_a_refused_attempt_says_which_question_which_law_and_who_can_help(demo_office: Office) -> None:
    demo_office.case = "C-2025-0004"
    pm = demo_office.colleague("pm.ana-futura")
    reason = pm.is_refused("Skicka till juridisk granskning", guard="G-SCO-04", who="Projektledare")
    expect(reason.get_by_role("heading", level=3)).to_have_text("Följer priset regeln för samarbetsformen?")
    expect(reason.get_by_role("term").filter(has_text="Vi såg")).to_be_visible()


def test_the_slower_of_two_people_is_told_and_keeps_what_was_typed(office: Office) -> None:
    contact = office.company("kontakt.exempel-diagnostik")
    quick, slow = office.colleague("pm.ana-futura"), office.colleague("ops-manager.ana-futura")
    contact.inquires("ANA Futura", WORK)
    slow.edits("Uppdraget", {"Uppfyller tillträdeskriterierna": True}, reason="Prövat mot kriterierna i går.")
    quick.records("Uppdraget", {"Uppfyller tillträdeskriterierna": False}, reason=REASON)
    slow.page.get_by_role("button", name="Spara", exact=True).click()
    told = slow.page.get_by_role("alert")
    expect(told).to_contain_text("hann före")
    expect(told).to_contain_text("Det du skrev är kvar.")
    question = slow.page.get_by_role("group", name="Uppfyller tillträdeskriterierna", exact=True)
    expect(question.get_by_role("radio", name="ja")).to_be_checked()
    expect(question).to_contain_text(re.compile("Sparat nu: nej", re.IGNORECASE))
    expect(slow.page.get_by_label("Skäl", exact=True)).to_have_value("Prövat mot kriterierna i går.")
    slow.page.get_by_role("button", name="Spara", exact=True).click()
    slow.is_told("Sparat")
