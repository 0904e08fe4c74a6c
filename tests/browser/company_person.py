"""Somebody at the company, on the company's own pages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.person import Answers, Paper, Person


@dataclass(slots=True, kw_only=True)
class CompanyPerson(Person):
    """Somebody at the company: the contact or the signatory."""

    def inquires(self, place: str, answers: Answers) -> str:
        """This will make an inquiry from the start page and return the case number."""
        self.page.goto("/inquiry")
        self.page.get_by_role("link", name=re.compile(rf"{re.escape(place)}$")).first.click()
        for box in self.page.get_by_role("checkbox").all():
            box.check()
        self.page.get_by_role("button", name="Gå vidare till frågorna").click()
        self.answers(self.page.get_by_role("main"), answers)
        self.page.get_by_role("button", name="Skicka förfrågan", exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Förfrågan är mottagen")
        number = self.page.get_by_role("region", name="Ärendenummer", exact=True).get_by_text(
            re.compile(r"^C-\d{4}-\d{4}$")
        )
        self.office.case = number.inner_text()
        return self.office.case

    def opens_the_case(self) -> None:
        """This will go to the company's page of the case."""
        self.page.goto(f"/my/{self.office.case}")

    def answers_questions(self, answers: Answers) -> None:
        """This will answer some of the questions about the work."""
        self._takes_step("frågor om uppdraget", "Svara på frågorna")
        self.answers(self.page.get_by_role("main"), answers)
        self.page.get_by_role("button", name="Spara svaren", exact=True).click()
        self.is_told("Svaren är sparade.")

    def confirms_scope(self, version: int) -> None:
        """This will read the scope and confirm it."""
        self._takes_step(f"Bekräfta uppdraget, version {version}", "Läs och bekräfta")
        self.page.get_by_role("button", name=f"Bekräfta version {version}", exact=True).click()
        self.is_told(f"Version {version} är bekräftad.")

    def signs(self, paper: Paper) -> None:
        """This will open the document, read it and sign."""
        self._takes_step(paper.title, "Läs och skriv under")
        copy = self.fetches(self.page.get_by_role("link", name="Öppna dokumentet (Word)", exact=True))
        assert copy.read_bytes() == paper.file.read_bytes(), "the company signs exactly the file the host has"
        self.page.get_by_role("checkbox", name="Jag har läst dokumentet", exact=True).check()
        self.page.get_by_role("button", name="Skriv under", exact=True).click()
        self.is_told("undertecknat av dig")

    def withdraws(self, words: str) -> None:
        """This will take the case back."""
        self.opens_the_case()
        self.page.get_by_role("link", name="Återkalla ärendet", exact=True).click()
        self.page.get_by_label("Vill ni säga varför? Frivilligt.", exact=True).fill(words)
        self.page.get_by_role("button", name="Ja, återkalla ärendet", exact=True).click()
        self.is_told("Ärendet är återkallat.")

    def writes(self, words: str, host: str) -> None:
        """This will send a message to the host."""
        self.opens_the_case()
        self.page.get_by_label(f"Skriv till {host}", exact=True).fill(words)
        self.page.get_by_role("button", name="Skicka meddelandet", exact=True).click()
        self.is_told("Meddelandet är skickat.")

    def _takes_step(self, words: str, button: str) -> None:
        """The step at hand has a button of its own; the others are links in a list beside it."""
        self.opens_the_case()
        part = self.page.get_by_role("region", name="Ert nästa steg", exact=True)
        other = part.get_by_role("link", name=re.compile(re.escape(words), re.IGNORECASE))
        if other.count():
            other.first.click()
            return
        expect(part).to_contain_text(words, ignore_case=True)
        part.get_by_role("link", name=button, exact=True).click()
