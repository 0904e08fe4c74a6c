"""What the whole journeys have in common: the inquiry, papers that go from hand to hand, and the files at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import docx

from tests.browser.people import Answers, Colleague, CompanyPerson, Office, Paper

TODAY: Final = "2025-11-24"
LAST_DAY: Final = "2026-05-31"
REASON: Final = "Bedömt i ärendet utifrån underlaget."
OPINION: Final = "Avtalet följer mallen utan avvikelser. Underlaget är fullständigt och förenligt med gällande rätt."
SURVIVING_CLAUSES: Final = ("CL-09", "CL-10", "CL-11", "CL-13", "CL-14", "CL-26")

INQUIRY: Final[Answers] = {
    "Är företaget registrerat, utan konkurs eller likvidation?": "Ja",
    "Räkenskapsår": "2024",
    "Antal anställda": "9",
    "Omsättning, miljoner euro": "0,8",
    "Balansomslutning, miljoner euro": "0,7",
    "Offentligt ägande, procent": "0",
    "Namn": "Kontaktpersonen (fiktiv)",
    "Hur vill ni använda anläggningen?": "Vi arbetar själva",
    "Beskriv i korthet": "Vi vill mäta partiklar i ett instrument som vi själva saknar. Inga hemligheter lämnas här.",
}

NOTHING_SPECIAL: Final[Answers] = {
    "Personuppgifter": "Inga",
    "Överföring utanför EU/EES": False,
    "Mänskligt material": False,
    "Forskning på människor": False,
    "Djurförsök": False,
    "Genetiskt modifierade organismer": False,
    "Skyddsnivå": "1",
    "Klinisk användning": False,
    "Läkemedel för avancerad terapi": False,
    "Eget rum": False,
}
"""The answers of a scope that needs no permit."""


def paper(
    title: str,
    *,
    by: Colleague,
    signed_by: Iterable[Colleague | CompanyPerson] = (),
    kept_by: Colleague,
    answers: Answers | None = None,
    subject: str = "",
    is_sent: bool = False,
) -> Paper:
    """This will have a document made, signed by each in turn, entered in the register and sent if asked."""
    made = by.makes(title, answers, subject=subject)
    for person in signed_by:
        person.signs(made)
    kept_by.registers(made)
    if is_sent:
        by.dispatches(made)
    return made


def screened(security: Colleague) -> None:
    """This will have the company screened and its risk judged."""
    security.records(
        "Företaget",
        {"Sanktionskontroll": "Ingen träff", "Sanktionskontroll gjord": TODAY, "Motpartsrisk": "Låg"},
        source="EU:s sanktionslistor",
        observed=TODAY,
        reason=REASON,
    )


def scope_confirmed(pm: Colleague, contact: CompanyPerson, version: int = 1) -> None:
    """This will have both sides confirm the same version."""
    contact.confirms_scope(version)
    pm.confirms(f"Bekräfta version {version}")


def work_reported(pm: Colleague, ops: Colleague, finance: Colleague, visitor: str) -> None:
    """This will log the work, take everything back, settle the money and note what still binds."""
    pm.lists("Tidlogg", {"Dag": TODAY, "Timmar": "6", "Vad": "Körning vid instrument"})
    pm.lists(
        "Utlämnat material och utrustning",
        {"Vad": "Prover och reagenser", "Läge": "Återlämnat", "Återlämnat": TODAY},
    )
    pm.corrects("Tillträdeslista", visitor, {"Till": TODAY})
    ops.confirms("Intyga återtaget tillträde")
    for clause in SURVIVING_CLAUSES:
        pm.lists(
            "Kvarvarande åtaganden",
            {"Klausul": clause, "Åtagande": "Gäller efter avtalets slut", "Till och med": "2030-11-24"},
        )
    finance.records("Avslut", {"Fakturor": "Reglerade"}, source="Ekonomisystemet", observed=TODAY)
    pm.records("Avslut", {"Personuppgifter efter avslut": "Inga uppgifter"})


def every_paper_reads_well(office: Office, *names: str) -> None:
    """This will open every file that was fetched: no brace is left, and one of the case's names or numbers is there."""
    assert office.papers
    for made in office.papers:
        text = "\n".join(_words(made))
        assert "{" not in text and "}" not in text, f"a brace is left in {made.title}: {text[:400]}"
        assert any(name in text for name in (office.case, *names)), f"{made.title} does not say whose: {text[:400]}"


def _words(made: Paper) -> Iterator[str]:
    document = docx.Document(str(made.file))
    parts = [document.element.body]
    for section in document.sections:
        parts += [section.header._element, section.footer._element]
    for part in parts:
        for paragraph in part.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"):
            yield "".join(
                run.text or ""
                for run in paragraph.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t")
            )
