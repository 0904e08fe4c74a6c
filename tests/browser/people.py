"""People at work in a browser, in their own words: they read what a page says and use what it names.

Nothing here knows a class or an id of a page; everything is found as a person finds it, by its role, label and words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.service import Service
from web.demo.people import PASSWORD

Answer = str | bool | tuple[str, ...]
Answers = Mapping[str, Answer]

PATIENCE_MS: Final = 30_000
expect.set_options(timeout=PATIENCE_MS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document as people speak of it: its title, for whom, where it is, and the Word file that was fetched."""

    title: str
    address: str
    subject: str = ""
    file: Path


@dataclass(slots=True, kw_only=True)
class Office:
    """Everybody who takes part, each with a browser session of their own, and the case they work on."""

    browser: Browser
    service: Service
    downloads: Path
    case: str = ""
    uses_scripts: bool = True
    papers: list[Paper] = field(default_factory=list)
    last: Person | None = None
    _contexts: list[BrowserContext] = field(default_factory=list)
    _people: dict[str, Colleague | CompanyPerson] = field(default_factory=dict)

    def colleague(self, account: str) -> Colleague:
        """This will return somebody of a host by the account's first part, signed in."""
        known = self._people.get(account)
        if not isinstance(known, Colleague):
            known = Colleague(page=self.new_page(), office=self)
            self._people[account] = known
            known.signs_in(account)
        return known

    def company(self, account: str) -> CompanyPerson:
        """This will return somebody of a company by the account's first part, signed in."""
        known = self._people.get(account)
        if not isinstance(known, CompanyPerson):
            known = CompanyPerson(page=self.new_page(), office=self)
            self._people[account] = known
            known.signs_in(account)
        return known

    def researcher(self, organisation: str) -> Colleague:
        """This will return the case's responsible researcher, whom the operator gives the role for this case."""
        account = f"forskare.{self.case.lower()}.{organisation}"
        if account not in self._people:
            self.service.command(
                "user", "add", "--email", f"{account}@demo.example", "--name", "Ansvarig forskare (fiktiv)",
                "--role", "pi", "--organisation", organisation, "--case", self.case, "--password-stdin",
                typed=PASSWORD,
            )  # fmt: skip
        return self.colleague(account)

    def paper(self, title: str) -> Paper:
        """This will return the latest document of this title."""
        return next(made for made in reversed(self.papers) if made.title == title)

    def new_page(self, *, width: int = 1280) -> Page:
        """This will open a browser session nobody has signed in to."""
        context = self.browser.new_context(
            base_url=self.service.url,
            locale="sv-SE",
            java_script_enabled=self.uses_scripts,
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        return context.new_page()

    def close(self) -> None:
        """This will end every session."""
        for context in self._contexts:
            context.close()


@dataclass(slots=True, kw_only=True)
class Person:
    """Somebody with a browser."""

    page: Page
    office: Office

    def signs_in(self, account: str) -> None:
        """This will sign in with an address and the password, as typed."""
        self.page.goto("/login")
        self.page.get_by_label("E-post", exact=True).fill(f"{account}@demo.example")
        self.page.get_by_label("Lösenord", exact=True).fill(PASSWORD)
        self.page.get_by_role("main").get_by_role("button", name="Logga in", exact=True).click()
        expect(self.page.get_by_role("button", name="Logga ut", exact=True)).to_be_attached()

    def is_told(self, words: str) -> None:
        """This will read what the page says was done; a complaint instead is shown in full."""
        said = self.page.get_by_role("status").filter(has_text=words)
        complaint = self.page.get_by_role("alert")
        expect(said.or_(complaint).first).to_be_visible()
        if complaint.count():
            raise AssertionError(f"{self.page.url} says no instead of “{words}”:\n{complaint.first.inner_text()}")
        self.office.last = self

    @property
    def is_up_to_date(self) -> bool:
        """True when nobody has done anything since this person's page was drawn."""
        return self.office.last is self

    def answers(self, where: Locator, answers: Answers) -> None:
        """This will answer questions by their labels, whatever kind of field each is."""
        for label, answer in answers.items():
            group = where.get_by_role("group", name=label, exact=True)
            if group.count():
                _choose(group, answer)
            else:
                _fill(where.get_by_label(label, exact=True), answer)

    def fetches(self, link: Locator) -> Path:
        """This will download what a link leads to."""
        with self.page.expect_download() as started:
            link.click()
        number = len(list(self.office.downloads.iterdir()))
        file = self.office.downloads / f"{number:03}.docx"
        started.value.save_as(file)
        return file


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


def _choose(group: Locator, answer: Answer) -> None:
    words = (
        ("ja",)
        if answer is True
        else ("nej",)
        if answer is False
        else answer
        if isinstance(answer, tuple)
        else (answer,)
    )
    for word in words:
        exact, begins = (re.compile(rf"^\s*{re.escape(word)}{end}", re.IGNORECASE) for end in (r"\s*$", ""))
        choice = _option(group, exact) if _option(group, exact).count() else _option(group, begins)
        choice.first.check()


def _option(group: Locator, words: re.Pattern[str]) -> Locator:
    return group.get_by_role("radio", name=words).or_(group.get_by_role("checkbox", name=words))


def _fill(entry: Locator, answer: Answer) -> None:
    words = "\n".join(answer) if isinstance(answer, tuple) else str(answer)
    if entry.evaluate("field => field.tagName") == "SELECT":
        entry.select_option(label=words)
    else:
        entry.fill(words)
