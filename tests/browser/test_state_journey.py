"""A whole case of the state form, from the company's inquiry to the archive, through the pages alone."""

from __future__ import annotations

import pytest

from tests.browser.journeys import (
    INQUIRY,
    LAST_DAY,
    NOTHING_SPECIAL,
    OPINION,
    REASON,
    TODAY,
    every_paper_reads_well,
    paper,
    scope_confirmed,
    screened,
    work_reported,
)
from tests.browser.people import Answers, Colleague, Office

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COMPANY = "Exempel Biotech AB"
NUMBER = "4-1877/2025"
RESEARCHER = "Forskare (fiktiv)"
VISITOR = "Företagets laborant (fiktiv)"
SCOPE: Answers = {
    "Samarbetsform": "Nyttjande av infrastruktur",
    "Första dag": "2025-12-01",
    "Sista dag": LAST_DAY,
    "Instrumenttid (timmar)": "120",
    "Personaltid (timmar)": "40",
    "Personalens roll": "Introduktion",
    "Informationsklasser": ("Tekniskt kunnande", "Resultat"),
    "Ägare till resultaten": "Företaget",
    "Publicering väntas": False,
    "Värden är avtalspart": True,
    **NOTHING_SPECIAL,
}
CHECKS: Answers = {
    "Ansvar inom befogenheten": True,
    "Rätten till resultat är löst": True,
    "Forskningslicensen finns kvar": True,
    "Publicering är fri": True,
    "Svensk lag och domstol": True,
}


def test_a_company_uses_a_state_infrastructure_and_the_case_is_closed_as_completed(office: Office) -> None:
    inquiry(office)
    scoping(office)
    legal_review(office)
    confidentiality_and_start(office)
    execution_and_closing(office)
    every_paper_reads_well(office, COMPANY, NUMBER)


def inquiry(office: Office) -> None:
    contact, pm, ops = office.company("kontakt.exempel-biotech"), office.colleague("pm.ana-futura"), _ops(office)
    registrar = office.colleague("registrar.ki")
    contact.inquires(
        "ANA Futura", {"Företagets namn": COMPANY, "Arbetsnamn": "Kryomikroskopi av lipidpartiklar", **INQUIRY}
    )
    registrar.records("Ärendet", {"Diarienummer": NUMBER}, source="Myndighetens diarium", observed=TODAY)
    screened(office.colleague("security.ki"))
    ops.records("Uppdraget", {"Uppfyller tillträdeskriterierna": True}, reason=REASON)
    paper(
        "Bekräftelse på förfrågan och information om offentlighet",
        by=pm, signed_by=[pm], kept_by=registrar, is_sent=True,
    )  # fmt: skip
    paper("Bedömning av tillträde och motpart", by=ops, signed_by=[ops], kept_by=registrar)
    ops.acts("Ta förfrågan vidare")
    ops.sees_stage("Avgränsning")


def scoping(office: Office) -> None:
    contact, pm, ops = office.company("kontakt.exempel-biotech"), office.colleague("pm.ana-futura"), _ops(office)
    registrar, finance = office.colleague("registrar.ki"), office.colleague("finance.ki")
    contact.answers_questions({"Leveranser": ("Resultat och mätdata", "Skriftlig rapport")})
    pm.records("Uppdraget", SCOPE)
    pm.records("Pris och kostnad", {"Pris (kr)": "120000", "Risk att störa konkurrensen": False}, reason=REASON)
    finance.records(
        "Pris och kostnad",
        {
            "Direkta kostnader (kr)": "80000",
            "Indirekta kostnader (kr)": "40000",
            "Prisgrund": "Avgift upp till full kostnad",
            "Momssats (%)": "25",
        },
    )
    pm.records("Statsstöd", {"Ekonomisk verksamhet": True})
    pm.records("Upphandling", {"Flödenas riktning": "Värden tillhandahåller", "Värdet av köpet (kr)": "0"})
    office.colleague("security.ki").records(
        "Uppdraget", {"Produkter med dubbla användningsområden": "Nej"}, reason=REASON
    )
    office.colleague("dpo.ki").records("Uppdraget", {"Ansvar för personuppgifter": "Ingen"})
    pm.lists(
        "Deltagare",
        {"Namn": RESEARCHER, "Arbetsgivare i projektet": "ki", "Roll": "Forskare", "Intresse i företaget": False},
    )
    decision_maker, biosafety = office.colleague("decision-maker.ki"), office.colleague("biosafety.ana-futura")
    paper("Uppdragsbeskrivning", by=pm, signed_by=[pm, contact], kept_by=registrar)
    paper("Klassificering av samarbetsform", by=ops, signed_by=[ops], kept_by=registrar)
    paper(
        "Kostnadskalkyl och prisunderlag", by=finance, signed_by=[finance], kept_by=registrar,
        answers={"Forskningsdata tillhandahålls avgiftsfritt": True},
    )  # fmt: skip
    paper("Risk- och tillståndschecklista", by=pm, signed_by=[pm, biosafety], kept_by=registrar)
    paper("Prefektens förhandsgodkännande", by=decision_maker, signed_by=[decision_maker], kept_by=registrar)
    paper("Begäran om juridisk granskning", by=pm, signed_by=[pm], kept_by=registrar)
    scope_confirmed(pm, contact)
    pm.acts("Skicka till juridisk granskning")
    pm.sees_stage("Juridisk granskning")


def legal_review(office: Office) -> None:
    legal, registrar = office.colleague("legal.ki"), office.colleague("registrar.ki")
    for info_class in ("Tekniskt kunnande", "Resultat"):
        legal.lists(
            "Informationsklasser och sekretessgrund",
            {"Informationsklass": info_class, "Sekretessgrund": "OSL 31 kap. 16 §", "Skäl": REASON},
        )
    paper("Nyttjandeavtal för forskningsinfrastruktur", by=legal, kept_by=registrar)
    paper(
        "Statsstödsbedömning", by=legal, signed_by=[legal], kept_by=registrar,
        answers={"Ställningstagande om statsstöd": "Inget stöd: marknadsvillkor"},
    )  # fmt: skip
    legal.gives_opinion("Godkänner", OPINION, checks=CHECKS)
    paper("Juridiskt yttrande", by=legal, signed_by=[legal], kept_by=registrar)
    procurement = office.colleague("procurement.ki")
    paper(
        "Protokoll: upphandlingskontroll ej tillämplig", by=procurement, signed_by=[procurement], kept_by=registrar
    )  # fmt: skip
    procurement.acts("Gå vidare utan upphandlingskontroll")
    legal.sees_stage("Sekretess- och avtalstecknande")


def confidentiality_and_start(office: Office) -> None:
    pm, ops, legal = office.colleague("pm.ana-futura"), _ops(office), office.colleague("legal.ki")
    registrar, decision_maker = office.colleague("registrar.ki"), office.colleague("decision-maker.ki")
    contact, signatory = office.company("kontakt.exempel-biotech"), office.company("firmatecknare.exempel-biotech")
    paper(
        "Sekretessbilaga (inom offentlighets- och sekretesslagen)",
        by=legal, signed_by=[signatory, decision_maker], kept_by=registrar,
        answers={
            "Klasser som sekretessen täcker": ("Tekniskt kunnande", "Resultat"),
            "Tillåtna mottagare": "ki",
            "Sekretessens längd (år)": "5",
        },
    )  # fmt: skip
    legal.confirms("Intyga jämförelsen")
    paper("Sekretessbedömning", by=legal, signed_by=[legal], kept_by=registrar)
    pm.records(
        "Företaget",
        {"Ansvarsförsäkring gäller till": "2026-12-31"},
        source="Försäkringsbrev",
        observed=TODAY,
    )
    pm.records("Genomförande", {"Startdatum": TODAY})
    paper(
        "Beslut om att ingå avtal", by=decision_maker, signed_by=[decision_maker], kept_by=registrar,
        answers={"Säkerhetsrisker beaktade": True},
    )  # fmt: skip
    agreement = office.paper("Nyttjandeavtal för forskningsinfrastruktur")
    signatory.signs(agreement)
    decision_maker.signs(agreement)
    researcher = office.researcher("ki")
    paper("Forskarförsäkran", by=pm, signed_by=[researcher], kept_by=registrar, subject=RESEARCHER)
    pm.lists(
        "Tillträdeslista",
        {
            "Namn": VISITOR,
            "Organisation": COMPANY,
            "Besökare": False,
            "Introduktion": TODAY,
            "Sekretessinformation": TODAY,
            "Från": TODAY,
        },
    )
    ops.confirms("Godkänn tillträdeslistan")
    paper("Startbesked", by=ops, signed_by=[ops], kept_by=registrar)
    paper("Tillträdes- och säkerhetsprotokoll", by=ops, signed_by=[ops, contact], kept_by=registrar)
    decision_maker.acts("Starta genomförandet")
    pm.sees_stage("Genomförande")


def execution_and_closing(office: Office) -> None:
    pm, ops, finance = office.colleague("pm.ana-futura"), _ops(office), office.colleague("finance.ki")
    contact, registrar = office.company("kontakt.exempel-biotech"), office.colleague("registrar.ki")
    work_reported(pm, ops, finance, VISITOR)
    paper("Slutrapport", by=pm, signed_by=[pm, contact], kept_by=registrar, is_sent=True)
    paper("Intyg om återlämnande och radering", by=ops, signed_by=[contact, ops], kept_by=registrar)
    office.colleague("archivist.ki").records("Avslut", {"Bevarandeklass": "R1"})
    paper("Arkiveringsunderlag", by=registrar, signed_by=[registrar], kept_by=registrar)
    registrar.reviews_all_secrecy()
    ops.acts("Avsluta som slutfört")
    pm.sees_closed("Slutfört")


def _ops(office: Office) -> Colleague:
    return office.colleague("ops-manager.ana-futura")
