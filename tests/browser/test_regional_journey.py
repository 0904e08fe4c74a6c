"""A whole case of the regional form: the check of procurement comes before the lawyers, and the appeal time after."""

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

COMPANY = "Exempel Genvektor AB"
NUMBER = "K 2025-4711"
RESEARCHER = "Forskare (fiktiv)"
VISITOR = "Företagets laborant (fiktiv)"
SCOPE: Answers = {
    "Samarbetsform": "Processutveckling",
    "Första dag": "2025-12-01",
    "Sista dag": LAST_DAY,
    "Instrumenttid (timmar)": "120",
    "Personaltid (timmar)": "40",
    "Personalens roll": "Hjälper till",
    "Informationsklasser": ("Tekniskt kunnande", "Resultat"),
    "Ägare till resultaten": "Företaget",
    "Publicering väntas": False,
    "Produkttyp": "cell_therapy",
    **NOTHING_SPECIAL,
}
CHECKS: Answers = {
    "Ansvar inom befogenheten": True,
    "Rätten till resultat är löst": True,
    "Publicering är fri": True,
    "Svensk lag och domstol": True,
}


def test_a_company_develops_a_process_at_a_hospital_and_the_case_is_closed_as_completed(office: Office) -> None:
    inquiry(office)
    scoping(office)
    procurement_check(office)
    legal_review(office)
    decision_and_start(office)
    execution_and_closing(office)
    every_paper_reads_well(office, COMPANY, NUMBER)


def inquiry(office: Office) -> None:
    """The link to the region is stated by the project manager before the inquiry is taken on."""
    contact, pm, ops = office.company("kontakt.exempel-genvektor"), office.colleague("pm.vecura"), _ops(office)
    registrar = office.colleague("registrar.k")
    contact.inquires(
        "Vecura (KCC)", {"Företagets namn": COMPANY, "Arbetsnamn": "Processutveckling för genvektor", **INQUIRY}
    )
    registrar.records("Ärendet", {"Diarienummer": NUMBER}, source="Myndighetens diarium", observed=TODAY)
    screened(office.colleague("security.k"))
    pm.records(
        "Uppdraget",
        {"Anknytning till regionen": "Klinisk utveckling planeras vid regionens kliniker, till nytta för patienterna."},
    )
    paper(
        "Bekräftelse på förfrågan och information om offentlighet",
        by=pm, signed_by=[pm], kept_by=registrar, is_sent=True,
    )  # fmt: skip
    paper("Inledande kompetens- och motpartsbedömning", by=ops, signed_by=[ops], kept_by=registrar)
    ops.acts("Ta förfrågan vidare")
    ops.sees_stage("Avgränsning")


def scoping(office: Office) -> None:
    """The price lies at self-cost, and the hospital says that care is not displaced."""
    contact, pm, ops = office.company("kontakt.exempel-genvektor"), office.colleague("pm.vecura"), _ops(office)
    registrar, finance = office.colleague("registrar.k"), office.colleague("finance.k")
    contact.answers_questions({"Leveranser": ("Processbeskrivning", "Skriftlig rapport")})
    pm.records("Uppdraget", SCOPE)
    pm.records("Pris och kostnad", {"Pris (kr)": "900000", "Risk att störa konkurrensen": False}, reason=REASON)
    finance.records(
        "Pris och kostnad",
        {
            "Direkta kostnader (kr)": "610000",
            "Indirekta kostnader (kr)": "290000",
            "Prisgrund": "Självkostnad",
            "Verksamhetens intäkter, prognos (kr)": "9500000",
            "Verksamhetens kostnader, prognos (kr)": "10000000",
            "Momssats (%)": "25",
        },
    )
    pm.records("Statsstöd", {"Ekonomisk verksamhet": True})
    pm.records("Upphandling", {"Flödenas riktning": "Värden tillhandahåller", "Värdet av köpet (kr)": "0"})
    office.colleague("security.k").records(
        "Uppdraget", {"Produkter med dubbla användningsområden": "Nej"}, reason=REASON
    )
    office.colleague("dpo.k").records("Uppdraget", {"Ansvar för personuppgifter": "Ingen"})
    ops.records("Uppdraget", {"Tränger undan vård": False, "Andel av kapaciteten (%)": "1"}, reason=REASON)
    pm.lists(
        "Deltagare",
        {"Namn": RESEARCHER, "Arbetsgivare i projektet": "k", "Roll": "Forskare", "Intresse i företaget": False},
    )
    qp, biosafety = office.colleague("qp.vecura"), office.colleague("biosafety.vecura")
    paper("Uppdragsbeskrivning", by=pm, signed_by=[pm, contact], kept_by=registrar)
    paper("Självkostnadskalkyl och pris", by=finance, signed_by=[finance], kept_by=registrar)
    paper("Bedömning i single entry point (KCC)", by=ops, signed_by=[ops, qp], kept_by=registrar)
    paper(
        "Risk- och tillståndschecklista (GMP, ATMP, biosäkerhet)",
        by=pm, signed_by=[pm, biosafety], kept_by=registrar,
    )  # fmt: skip
    paper("Anställningsmatris (huvudman per deltagare)", by=ops, signed_by=[ops], kept_by=registrar)
    scope_confirmed(pm, contact)
    pm.acts("Skicka till upphandlingskontroll")
    pm.sees_stage("Upphandlingskontroll")


def procurement_check(office: Office) -> None:
    """Nothing is bought; the sale is judged under competition law, and the offer is open to all."""
    procurement, registrar = office.colleague("procurement.k"), office.colleague("registrar.k")
    pm, ops = office.colleague("pm.vecura"), _ops(office)
    procurement.records(
        "Upphandling",
        {"Upphandlingsväg": "Ingen", "Åtgärder inför senare upphandling": "Ingen senare upphandling är aktuell."},
    )
    paper(
        "Upphandlings- och konkurrensbedömning", by=procurement, signed_by=[procurement], kept_by=registrar,
        answers={"Resultat av kontrollen": "Klarerad", "Konkurrensbedömning": "Godtagbar"},
    )  # fmt: skip
    paper("Underlag om öppet erbjudande och tillträdeskriterier", by=ops, signed_by=[ops], kept_by=registrar)
    paper("Begäran om juridisk granskning", by=pm, signed_by=[pm], kept_by=registrar)
    procurement.acts("Gå vidare efter upphandlingskontroll")
    pm.sees_stage("Juridisk granskning")


def legal_review(office: Office) -> None:
    """The hospital's lawyer judges secrecy, competence and State aid, and then the text."""
    legal, registrar = office.colleague("legal.k"), office.colleague("registrar.k")
    for info_class in ("Tekniskt kunnande", "Resultat"):
        legal.lists(
            "Informationsklasser och sekretessgrund",
            {"Informationsklass": info_class, "Sekretessgrund": "OSL 31 kap. 16 §", "Skäl": REASON},
        )
    paper("Avtal om processutveckling", by=legal, kept_by=registrar)
    paper(
        "Kommunalrättslig bedömning", by=legal, signed_by=[legal], kept_by=registrar,
        answers={"Kommunalrättslig bedömning": "Ryms i befogenheten"},
    )  # fmt: skip
    paper(
        "Statsstödsbedömning", by=legal, signed_by=[legal], kept_by=registrar,
        answers={"Ställningstagande om statsstöd": "Inget stöd: marknadsvillkor"},
    )  # fmt: skip
    legal.gives_opinion("Godkänner", OPINION, checks=CHECKS)
    paper("Juridiskt yttrande", by=legal, signed_by=[legal], kept_by=registrar)
    legal.acts("Gå vidare efter juridiskt godkännande")
    legal.sees_stage("Sekretess- och avtalstecknande")


def decision_and_start(office: Office) -> None:
    """The decision is reported and posted; work begins before the appeal time is out, by a reasoned decision."""
    pm, ops, legal = office.colleague("pm.vecura"), _ops(office), office.colleague("legal.k")
    registrar, decision_maker = office.colleague("registrar.k"), office.colleague("decision-maker.k")
    secretary = office.colleague("board-secretary.k")
    contact, signatory = office.company("kontakt.exempel-genvektor"), office.company("firmatecknare.exempel-genvektor")
    paper(
        "Sekretessavtal med förbehåll för offentlighetsprincipen",
        by=legal, signed_by=[signatory, decision_maker], kept_by=registrar,
        answers={
            "Klasser som sekretessen täcker": ("Tekniskt kunnande", "Resultat"),
            "Tillåtna mottagare": "k",
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
        "Delegationsbeslut om att ingå avtal", by=decision_maker, signed_by=[decision_maker], kept_by=registrar
    )  # fmt: skip
    secretary.records(
        "Beslut",
        {"Anmälan till nämnden": "Anmält till nämnden", "Anslag på anslagstavlan": TODAY},
        source="Regionens anslagstavla",
        observed=TODAY,
    )
    paper(
        "Anmälan av delegationsbeslut och uppgift om anslag", by=secretary, signed_by=[secretary], kept_by=registrar
    )  # fmt: skip
    agreement = office.paper("Avtal om processutveckling")
    signatory.signs(agreement)
    decision_maker.signs(agreement)
    pm.lists(
        "Tillträdeslista",
        {
            "Namn": VISITOR,
            "Organisation": COMPANY,
            "Besökare": True,
            "Introduktion": TODAY,
            "Sekretessinformation": TODAY,
            "Från": TODAY,
        },
    )
    ops.confirms("Godkänn tillträdeslistan")
    paper(
        "Sekretessförbindelse för företagets personal i sjukhuslokaler",
        by=pm, signed_by=[contact], kept_by=registrar, subject=VISITOR,
    )  # fmt: skip
    paper("Startbesked", by=ops, signed_by=[ops], kept_by=registrar)
    paper("Tillträdes- och säkerhetsprotokoll", by=ops, signed_by=[ops, contact], kept_by=registrar)
    decision_maker.is_refused("Starta genomförandet", guard="G-EXE-05", who="Beslutsfattare")
    decision_maker.records(
        "Beslut", {"Skäl för tidig start": "Cellernas hållbarhet medger ingen väntan; risken vid ändring är liten."}
    )
    paper("Beslut om tidig start", by=decision_maker, signed_by=[decision_maker], kept_by=registrar)
    decision_maker.acts("Starta genomförandet")
    pm.sees_stage("Genomförande")


def execution_and_closing(office: Office) -> None:
    """The report is accepted by both, everything is back, and the case is archived."""
    pm, ops, finance = office.colleague("pm.vecura"), _ops(office), office.colleague("finance.k")
    contact, registrar = office.company("kontakt.exempel-genvektor"), office.colleague("registrar.k")
    work_reported(pm, ops, finance, VISITOR)
    paper("Slutrapport", by=pm, signed_by=[pm, contact], kept_by=registrar, is_sent=True)
    paper("Intyg om återlämnande, destruktion och radering", by=ops, signed_by=[contact, ops], kept_by=registrar)
    office.colleague("archivist.k").records("Avslut", {"Bevarandeklass": "R1"})
    paper("Arkiveringsunderlag", by=registrar, signed_by=[registrar], kept_by=registrar)
    registrar.reviews_all_secrecy()
    ops.acts("Avsluta som slutfört")
    pm.sees_closed("Slutfört")


def _ops(office: Office) -> Colleague:
    return office.colleague("ops-manager.vecura")
