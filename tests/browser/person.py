"""Somebody with a browser: signs in, answers questions by their labels, and reads what the page says was done.

Nothing here knows a class or an id of a page; everything is found as a person finds it, by its role, label and words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playwright.sync_api import Locator, Page, expect

from web.demo.people import PASSWORD

if TYPE_CHECKING:
    from tests.browser.people import Office

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
        expect(self.page.get_by_role("button", name="Logga ut", exact=True).first).to_be_attached()

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
