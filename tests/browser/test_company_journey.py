"""A whole case of the company form: the confidentiality agreement comes first, and no authority keeps a register."""

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

COMPANY = "Exempel Enzym AB"
VISITOR = "Företagets laborant (fiktiv)"
SCOPE: Answers = {
    "Samarbetsform": "Medlemskap",
    "Första dag": "2025-12-01",
    "Sista dag": LAST_DAY,
    "Labbplatser": "2",
    "Beräknad tid (månader)": "6",
    "Personalens roll": "Introduktion",
    "Informationsklasser": ("Tekniskt kunnande", "Resultat"),
    "Ägare till resultaten": "Inga resultat",
    **NOTHING_SPECIAL,
}


def test_a_company_becomes_a_member_and_the_case_is_closed_as_completed(office: Office) -> None:
    inquiry(office)
    confidentiality(office)
    scoping(office)
    legal_review_and_start(office)
    execution_and_closing(office)
    every_paper_reads_well(office, COMPANY)


def inquiry(office: Office) -> None:
    """The company is told that its papers are not protected at an authority."""
    contact, pm, ops = office.company("kontakt.exempel-enzym"), _pm(office), _ops(office)
    keeper = office.colleague("records-owner.ah")
    contact.inquires(
        "A Working Lab Flemingsberg",
        {"Företagets namn": COMPANY, "Arbetsnamn": "Labbplatser för enzymutveckling", **INQUIRY},
    )
    keeper.records("Ärendet", {"Avtalsnummer": "AWL-2025-117"}, reason="Numret enligt bolagets serie.")
    screened(office.colleague("security.ah"))
    ops.records("Uppdraget", {"Förenligt med bolagets föremål": True}, reason=REASON)
    paper("Bekräftelse på förfrågan", by=pm, signed_by=[pm], kept_by=keeper, is_sent=True)
    paper("Kund- och kreditbedömning", by=ops, signed_by=[ops], kept_by=keeper)
    paper("Information om handlingar som lämnas till myndighet", by=pm, signed_by=[contact], kept_by=keeper)
    pm.acts("Ta förfrågan vidare")
    pm.sees_stage("Sekretessavtal")


def confidentiality(office: Office) -> None:
    """Both sides sign a mutual agreement before anything secret is told."""
    pm, keeper = _pm(office), office.colleague("records-owner.ah")
    decision_maker, signatory = office.colleague("decision-maker.ah"), office.company("firmatecknare.exempel-enzym")
    pm.records(
        "Företaget", {"Firmatecknaren är kontrollerad": True}, source="Registreringsbevis", observed=TODAY
    )  # fmt: skip
    paper(
        "Ömsesidigt sekretessavtal", by=decision_maker, signed_by=[signatory, decision_maker], kept_by=keeper,
        answers={
            "Klasser som sekretessen täcker": ("Affärsplan", "Tekniskt kunnande", "Resultat", "Priser"),
            "Tillåtna mottagare": "ah",
            "Sekretessens längd (år)": "5",
        },
    )  # fmt: skip
    decision_maker.acts("Sekretessavtalet klart")
    pm.sees_stage("Avgränsning")


def scoping(office: Office) -> None:
    """The price lies within the market benchmark, and nobody needs protection of tenure."""
    contact, pm = office.company("kontakt.exempel-enzym"), _pm(office)
    keeper, finance = office.colleague("records-owner.ah"), office.colleague("finance.ah")
    contact.answers_questions({"Leveranser": ("Två labbplatser", "Introduktion")})
    pm.records("Uppdraget", SCOPE)
    pm.records("Pris och kostnad", {"Pris (kr)": "120000"})
    finance.records(
        "Pris och kostnad",
        {
            "Prisgrund": "Marknadspris",
            "Marknadsjämförelse, lägst (kr)": "100000",
            "Marknadsjämförelse, högst (kr)": "140000",
            "Momssats (%)": "25",
        },
    )
    pm.records("Upphandling", {"Flödenas riktning": "Värden tillhandahåller", "Värdet av köpet (kr)": "0"})
    office.colleague("security.ah").records(
        "Uppdraget", {"Produkter med dubbla användningsområden": "Nej"}, reason=REASON
    )
    office.colleague("dpo.ah").records("Uppdraget", {"Ansvar för personuppgifter": "Ingen"})
    biosafety = office.colleague("biosafety.awl-flemingsberg")
    paper("Behovsbeskrivning", by=pm, signed_by=[pm, contact], kept_by=keeper)
    paper("Pris- och marknadsvillkorsbedömning", by=finance, signed_by=[finance], kept_by=keeper)
    paper(
        "Riskklassning av laboratorieverksamhet", by=biosafety, signed_by=[biosafety, contact], kept_by=keeper,
        answers={"Laboratoriet klarar riskklassen": True},
    )  # fmt: skip
    paper(
        "Bedömning av upplåtelseform och besittningsskydd", by=pm, signed_by=[pm], kept_by=keeper,
        answers={"Avstående från besittningsskydd": "Ej aktuellt"},
    )  # fmt: skip
    paper("Begäran om juridisk granskning", by=pm, signed_by=[pm], kept_by=keeper)
    scope_confirmed(pm, contact)
    pm.confirms("Intyga jämförelsen")
    pm.acts("Skicka till juridisk granskning")
    pm.sees_stage("Juridisk granskning")


def legal_review_and_start(office: Office) -> None:
    """The lawyer approves, nothing is bought, both sign, and the place is handed over."""
    pm, ops, legal = _pm(office), _ops(office), office.colleague("legal.ah")
    keeper, decision_maker = office.colleague("records-owner.ah"), office.colleague("decision-maker.ah")
    contact, signatory = office.company("kontakt.exempel-enzym"), office.company("firmatecknare.exempel-enzym")
    legal.records(
        "Juridik", {"Firmateckning kontrollerad": True}, source="Registreringsbevis", observed=TODAY, reason=REASON
    )
    paper("Medlemsavtal A Working Lab", by=legal, kept_by=keeper)
    legal.gives_opinion("Godkänner", OPINION, checks={"Marknadsmässiga villkor": True})
    paper("Juridiskt godkännande", by=legal, signed_by=[legal], kept_by=keeper)
    procurement = office.colleague("procurement.ah")
    paper(
        "Protokoll: inget inköp föranleds av avtalet", by=procurement, signed_by=[procurement], kept_by=keeper
    )  # fmt: skip
    pm.records("Företaget", {"Ansvarsförsäkring gäller till": "2026-12-31"}, source="Försäkringsbrev", observed=TODAY)
    pm.records("Genomförande", {"Startdatum": TODAY})
    paper("Beslut och attest", by=decision_maker, signed_by=[decision_maker], kept_by=keeper)
    agreement = office.paper("Medlemsavtal A Working Lab")
    signatory.signs(agreement)
    decision_maker.signs(agreement)
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
    office.colleague("finance.ah").records(
        "Genomförande", {"Depositionen är betald": True}, source="Betalning bekräftad", observed=TODAY
    )
    paper("Tillträdesbesked och besiktning", by=pm, signed_by=[pm, contact], kept_by=keeper)
    paper("Ordnings- och säkerhetsregler för delat laboratorium", by=pm, signed_by=[contact], kept_by=keeper)
    decision_maker.acts("Starta utan upphandlingskontroll")
    pm.sees_stage("Genomförande")


def execution_and_closing(office: Office) -> None:
    """The place is left, everything is back, and the contract file is closed."""
    pm, ops, finance = _pm(office), _ops(office), office.colleague("finance.ah")
    contact, keeper = office.company("kontakt.exempel-enzym"), office.colleague("records-owner.ah")
    work_reported(pm, ops, finance, VISITOR)
    paper("Slutrapport och avflyttningsprotokoll", by=pm, signed_by=[pm, contact], kept_by=keeper, is_sent=True)
    paper("Intyg om återlämnande och radering", by=pm, signed_by=[contact, pm], kept_by=keeper)
    keeper.records("Avslut", {"Bevarandeklass": "R1"})
    ops.acts("Avsluta som slutfört")
    pm.sees_closed("Slutfört")


def _pm(office: Office) -> Colleague:
    return office.colleague("pm.awl-flemingsberg")


def _ops(office: Office) -> Colleague:
    return office.colleague("ops-manager.awl-flemingsberg")
