"""The company's inquiry as it was typed: what it means, and every fault at once. Nothing typed is thrown away."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from engine.domain.values import Text, Value
from web.forms.entries import (
    LONGEST_LINE,
    LONGEST_TEXT,
    EntryFault,
    as_shown,
    clean_text,
    read_date,
    read_decimal,
    single_line,
)
from web.forms.organisation_number import fault_of, normalised
from web.translation import Catalogue

T = TypeVar("T")

USES: Final = ("own", "assignment", "research", "place", "unsure")
LANGUAGES: Final = ("sv", "en")
SHORTEST_PURPOSE: Final = 20
EARLIEST_ACCOUNTS: Final = 5
EMAIL: Final = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What the company asks. ``values`` are facts by field name; ``accounting_year`` dates the size figures."""

    org_nr: str
    language: str
    values: Mapping[str, Value]
    accounting_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadInquiry:
    """The result of reading the form: the inquiry, or the faults by form field, in the order of the form."""

    typed: Mapping[str, str]
    faults: Mapping[str, Text] = field(default_factory=dict)
    inquiry: Inquiry | None = None


NAMES: Final = (
    "org_nr", "name", "active", "accounting_year", "headcount", "turnover", "balance", "public_control",
    "contact_name", "contact_email", "title", "use", "purpose", "start_date", "end_date", "language",
)  # fmt: skip
"""The form's fields in their order."""

SIZE_FIELDS: Final = ("sme.headcount_awu", "sme.turnover_meur", "sme.balance_meur", "sme.public_control_pct")
"""The declaration of size, which belongs to an accounting year."""


def read_inquiry(form: Mapping[str, str], *, today: date, texts: Catalogue, own_org_nr: str | None) -> ReadInquiry:
    """This will read the form. ``own_org_nr`` is the number of the person's company, which no form can change."""
    typed = {name: form.get(name, "")[: LONGEST_TEXT * 2] for name in NAMES}
    if own_org_nr is not None:
        typed["org_nr"] = own_org_nr
    reading = _Reading(typed=typed, texts=texts)
    org_nr = reading.organisation()
    values: dict[str, Value] = {
        "sme.org_nr": org_nr,
        "sme.country": "SE",
        "sme.name": reading.line("name", "inquiry.name_fault"),
    }
    values["sme.active"] = reading.active()
    year = reading.accounting_year(today)
    values["sme.headcount_awu"] = reading.amount("headcount", "inquiry.headcount_fault")
    values["sme.turnover_meur"] = reading.amount("turnover", "inquiry.turnover_fault")
    values["sme.balance_meur"] = reading.amount("balance", "inquiry.balance_fault")
    values["sme.public_control_pct"] = reading.amount(
        "public_control", "inquiry.public_control_fault", most=Decimal(100)
    )
    values["sme.contact_name"] = reading.line("contact_name", "inquiry.contact_name_fault")
    values["sme.contact_email"] = reading.email()
    language = typed["language"] if typed["language"] in LANGUAGES else "sv"
    values["scope.title_sv" if language == "sv" else "scope.title_en"] = reading.line(
        "title", "inquiry.work_title_fault"
    )
    use = reading.use()
    purpose = reading.purpose()
    values["scope.start_date"], values["scope.end_date"] = reading.period(today)
    if reading.faults:
        ordered: dict[str, Text] = {name: reading.faults[name] for name in NAMES if name in reading.faults}
        shown = {name: as_shown(entry) for name, entry in typed.items()}
        return ReadInquiry(typed=shown, faults=ordered)
    # The kind of use is the company's wish; the kind of agreement is for the host to decide, so it is told in words.
    wish = texts.say("inquiry.use_line", language, use=texts.say(f"inquiry.use.{use}", language))
    values["scope.purpose"] = f"{purpose}\n\n{wish}"
    kept = {name: value for name, value in values.items() if value is not None}
    return ReadInquiry(
        typed=typed, inquiry=Inquiry(org_nr=org_nr, language=language, values=kept, accounting_year=year)
    )


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One pass through the form, gathering faults."""

    typed: Mapping[str, str]
    texts: Catalogue
    faults: dict[str, Text] = field(default_factory=dict)

    def organisation(self) -> str:
        fault = fault_of(self.typed["org_nr"])
        if fault is not None:
            self.faults["org_nr"] = fault
        return normalised(self.typed["org_nr"])

    def line(self, name: str, missing: str) -> str:
        text = self._attempt(name, lambda: single_line(clean_text(self.typed[name], longest=LONGEST_LINE))) or ""
        if not text and name not in self.faults:
            self._say(name, missing)
        return text

    def email(self) -> str:
        text = self.line("contact_email", "inquiry.contact_email_fault")
        if text and not EMAIL.fullmatch(text):
            self._say("contact_email", "inquiry.contact_email_fault")
        return text

    def amount(self, name: str, missing: str, *, most: Decimal | None = None) -> Decimal:
        entry = self.typed[name].strip()
        if not entry:
            self._say(name, missing)
            return Decimal(0)
        number = self._attempt(name, lambda: read_decimal(entry))
        if number is None:
            return Decimal(0)
        if number < 0 or (most is not None and number > most):
            self._say(name, missing)
        return number

    def accounting_year(self, today: date) -> int:
        entry, first, last = self.typed["accounting_year"].strip(), today.year - EARLIEST_ACCOUNTS, today.year
        if not re.fullmatch(r"[0-9]{4}", entry) or not first <= int(entry) <= last:
            self._say("accounting_year", "inquiry.accounting_year_fault", first=first, last=last)
            return last
        return int(entry)

    def active(self) -> bool:
        if self.typed["active"] not in ("yes", "no"):
            self._say("active", "inquiry.active_fault")
        return self.typed["active"] == "yes"

    def use(self) -> str:
        if self.typed["use"] not in USES:
            self._say("use", "inquiry.use_fault")
        return self.typed["use"]

    def purpose(self) -> str:
        text = self._attempt("purpose", lambda: clean_text(self.typed["purpose"], longest=LONGEST_TEXT - 200)) or ""
        if len(text) < SHORTEST_PURPOSE and "purpose" not in self.faults:
            self._say("purpose", "inquiry.purpose_fault")
        return text

    def period(self, today: date) -> tuple[date | None, date | None]:
        start, end = self._day("start_date"), self._day("end_date")
        if start is not None and start < today:
            self._say("start_date", "inquiry.start_in_past")
        if start is not None and end is not None and end < start:
            self._say("end_date", "inquiry.end_before_start")
        return start, end

    def _day(self, name: str) -> date | None:
        entry = self.typed[name].strip()
        return self._attempt(name, lambda: read_date(entry)) if entry else None

    def _attempt(self, name: str, reading: Callable[[], T]) -> T | None:
        try:
            return reading()
        except EntryFault as fault:
            self.faults[name] = fault.message
            return None

    def _say(self, name: str, key: str, **values: object) -> None:
        self.faults[name] = Text(
            sv=self.texts.say(key, "sv", **values),
            en=self.texts.say(key, "en", **values),
        )
