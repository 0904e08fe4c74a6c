"""Everybody who takes part in a case, each with a browser session of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.colleague import Colleague
from tests.browser.company_person import CompanyPerson
from tests.browser.person import PATIENCE_MS, Answers, Paper, Person
from tests.browser.service import Service
from web.demo.people import PASSWORD

__all__ = ["Answers", "Colleague", "CompanyPerson", "Office", "Paper", "Person"]


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
