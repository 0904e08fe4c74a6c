"""Somebody at a host, on the staff's pages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from tests.browser.person import Answers, Paper, Person


@dataclass(slots=True, kw_only=True)
class Colleague(Person):
    """Somebody at a host."""

    def opens_the_case(self) -> None:
        """This will go to the page of the case, unless it is the one that is open."""
        address = f"/cases/{self.office.case}"
        if not (self.is_up_to_date and self.page.url.partition("#")[0].endswith(address)):
            self.page.goto(address)

    def section(self, name: str) -> Locator:
        """This will return a part of the page by its heading."""
        return self.page.get_by_role("region", name=name, exact=True)

    def records(self, sheet: str, answers: Answers, *, source: str = "", observed: str = "", reason: str = "") -> None:
        """This will record facts on one sheet of the case and save them."""
        self.edits(sheet, answers, source=source, observed=observed, reason=reason)
        self.page.get_by_role("button", name="Spara", exact=True).click()
        self.is_told("Sparat")

    def edits(self, sheet: str, answers: Answers, *, source: str = "", observed: str = "", reason: str = "") -> None:
        """This will open a sheet and fill it in, without saving."""
        self.opens_the_case()
        change = self._in_sheet("Uppdragets fakta", sheet, f"Ändra {sheet.lower()}")
        change.click()
        form = self.section(sheet)
        self.answers(form, answers)
        notes = {"Varifrån uppgiften kommer": source, "Dag då uppgiften gällde där": observed, "Skäl": reason}
        self.answers(form, {label: words for label, words in notes.items() if words})

    def lists(self, table: str, answers: Answers) -> None:
        """This will add one row to a list of the case."""
        self.opens_the_case()
        self._in_sheet("Förteckningar", table, f"Lägg till {table}").click()
        self._saves_row(table, answers)

    def corrects(self, table: str, row: str, answers: Answers) -> None:
        """This will change the row of a list that begins with ``row``."""
        self.opens_the_case()
        self._in_sheet("Förteckningar", table, f"Ändra {row}").click()
        self._saves_row(table, answers)

    def _saves_row(self, table: str, answers: Answers) -> None:
        self.answers(self.section(table), answers)
        self.page.get_by_role("button", name="Spara", exact=True).click()
        self.is_told("Sparat")

    def _in_sheet(self, part: str, sheet: str, link: str) -> Locator:
        """The link inside a folded part of the page, unfolded first where needed."""
        section = self.section(part)
        found = section.get_by_role("link", name=link, exact=True)
        if not found.count():
            section.locator("summary").filter(has_text=re.compile(rf"^\s*{re.escape(sheet)}(\s|$)")).first.click()
        return found.first

    def states_reason(self, code: str, words: str) -> None:
        """This will write down why a case is to end, before the company is told."""
        self.records("Ärendet", {"Orsak": code, "Skäl": words})

    def makes(self, title: str, answers: Answers | None = None, *, subject: str = "") -> Paper:
        """This will begin a document, answer its questions, make it final and fetch the Word file."""
        self.begins(title, answers, subject=subject)
        self.page.get_by_role("button", name="Gör dokumentet slutligt", exact=True).click()
        self.is_told("Dokumentet är slutligt")
        file = self.fetches(self.page.get_by_role("link", name="Hämta Wordfilen", exact=True))
        paper = Paper(title=title, subject=subject, address=self.page.url, file=file)
        self.office.papers.append(paper)
        return paper

    def begins(self, title: str, answers: Answers | None = None, *, subject: str = "") -> None:
        """This will begin a document with the answers to its own questions."""
        self.opens_the_case()
        documents = self.section("Dokument")
        needed = documents.get_by_role("link", name=f"Påbörja {title}", exact=True)
        if needed.count():
            needed.click()
        else:
            choice = documents.get_by_label("Påbörja ett annat dokument", exact=True).first
            option = choice.locator("option").filter(has_text=re.compile(rf"^\S+ {re.escape(title)}$"))
            choice.select_option(option.first.get_attribute("value"))
            documents.get_by_role("button", name="Påbörja ett annat dokument", exact=True).click()
        main = self.page.get_by_role("main")
        if subject:
            main.get_by_label("Vem gäller det", exact=True).select_option(label=subject)
        self.answers(main, answers or {})
        self.page.get_by_role("button", name="Påbörja utkastet", exact=True).click()
        self.is_told("Utkastet är påbörjat")

    def opens(self, paper: Paper) -> None:
        """This will go from the case to a document by its title, unless it is the one that is open."""
        heading = self.page.get_by_role("heading", level=1)
        if self.is_up_to_date and "/documents/" in self.page.url and heading.inner_text().startswith(paper.title):
            return
        self.opens_the_case()
        rows = self.section("Dokument").get_by_role("listitem")
        if paper.subject:
            rows = rows.filter(has_text=paper.subject)
        rows.get_by_role("link", name=paper.title, exact=True).first.click()
        expect(heading).to_contain_text(paper.title)

    def signs(self, paper: Paper) -> None:
        """This will read the document's page and sign."""
        self.opens(paper)
        self.page.get_by_role("button", name=re.compile("^Underteckna som ")).first.click()
        self.is_told("Undertecknat")

    def registers(self, paper: Paper) -> None:
        """This will enter the document in the register, with the number and words that are proposed."""
        self.opens(paper)
        self.page.get_by_role("button", name="Diarieför", exact=True).click()
        self.is_told("Diariefört")

    def dispatches(self, paper: Paper) -> None:
        """This will send the document to the company."""
        self.opens(paper)
        self.page.get_by_role("button", name="Expediera till företaget", exact=True).click()
        self.is_told("Expedierat")

    def reviews_all_secrecy(self) -> None:
        """This will look again at the secrecy of every document that is marked, and let the marking stand."""
        for paper in self.office.papers:
            self.page.goto(paper.address)
            if self.page.get_by_text("Kan omfattas av sekretess").count():
                self.lets_marking_stand()

    def lets_marking_stand(self) -> None:
        """This will keep the marking of the document that is open."""
        part = self.section("Pröva sekretessen på nytt")
        self.answers(part, {"Anteckning": "Omprövad när ärendet avslutas."})
        part.get_by_role("button", name="Spara prövningen", exact=True).click()
        self.is_told("Prövningen är sparad")

    def confirms(self, button: str) -> None:
        """This will do one of the acts that are a single button."""
        self.opens_the_case()
        self.section("Bekräftelser").get_by_role("button", name=button, exact=True).click()
        self.is_told("Bekräftat")

    def looks_at(self, action: str) -> None:
        """This will open the page of an action, allowed or not."""
        self.opens_the_case()
        state = self.section("Läge")
        link = state.get_by_role("link", name=action, exact=True)
        if not link.count():
            state.get_by_text("Fler åtgärder", exact=True).click()
        reasons = self.section(f"{action}: det går inte ännu")
        if reasons.count():
            raise AssertionError(f"“{action}” is not possible yet:\n{reasons.inner_text()}")
        link.first.click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(action)

    def acts(self, action: str, answers: Answers | None = None) -> None:
        """This will take an action and answer what it asks."""
        self.looks_at(action)
        main = self.page.get_by_role("main")
        button = main.get_by_role("button", name=action, exact=True)
        if not button.count():
            raise AssertionError(f"“{action}” is not offered:\n{main.inner_text()}")
        self.answers(main, answers or {})
        button.click()
        self.is_told("Klart")

    def is_refused(self, action: str, *, guard: str, who: str) -> Locator:
        """This will read why an action is not possible yet: the question, the law and who can help, by guard."""
        self.opens_the_case()
        reasons = self.section(f"{action}: det går inte ännu")
        if not reasons.count():
            self.looks_at(action)
            expect(self.page.get_by_role("main").get_by_role("button", name=action, exact=True)).to_have_count(0)
        reason = reasons.get_by_role("listitem").filter(has_text=guard)
        expect(reason.get_by_role("heading", level=3)).to_contain_text("?")
        expect(reason.get_by_role("term").filter(has_text="Lagen")).to_be_visible()
        expect(reason.get_by_role("definition").filter(has_text=who)).to_be_visible()
        return reason

    def gives_opinion(self, position: str, reasons: str, *, checks: Answers, conditions: str = "") -> None:
        """This will give the legal opinion on the text as it stands."""
        self.opens_the_case()
        self.page.get_by_role("link", name="Till granskningen", exact=True).click()
        part = self.section("Ditt yttrande")
        self.answers(part, {"Ställningstagande": position, **checks, "Skäl": reasons})
        if conditions:
            self.answers(part, {"Villkor": conditions})
        part.get_by_role("button", name="Lämna yttrande", exact=True).click()
        self.is_told("Yttrandet är lämnat")

    def sees_stage(self, words: str) -> None:
        """This will check where the case stands, as its page says it."""
        self.opens_the_case()
        expect(self.section("Läge").get_by_text(re.compile(rf"Steg \d av \d: {words}"))).to_be_visible()

    def sees_closed(self, outcome: str) -> None:
        """This will check that the case is closed, and how."""
        self.opens_the_case()
        expect(self.section("Läge")).to_contain_text(f"Ärendet är avslutat: {outcome}", ignore_case=True)
