"""How values read on a page: days, amounts, field values and texts in one of the two languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from engine.domain.fields import Field
from engine.domain.values import STOCKHOLM, Text, Value, local_day
from web.translation import Catalogue

FIXED_SPACE = "\u00a0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One language, with the catalogue of the interface and the day it is (Europe/Stockholm)."""

    language: str
    texts: Catalogue
    today: date

    def t(self, key: str, **values: object) -> str:
        """This will return a text of the interface. Raises UnknownText."""
        return self.texts.say(key, self.language, **values)

    def text(self, text: Text) -> str:
        """This will return a two-language text in this language."""
        return text.in_language(self.language)

    def day(self, day: date) -> str:
        """This will return a day as it reads in lists: ``mån 24 nov``, with the year when it is another."""
        pattern = "EEE d MMM" if day.year == self.today.year else "d MMM y"
        return format_date(day, pattern, locale=self.language).replace(".", "")

    def long_day(self, day: date) -> str:
        """This will return a day as it reads in headings: ``måndag 24 november 2025``."""
        return format_date(day, "EEEE d MMMM y", locale=self.language)

    def moment_day(self, moment: datetime) -> str:
        """This will return the Stockholm day of a moment as in lists."""
        return self.day(local_day(moment))

    def clock(self, moment: datetime) -> str:
        """This will return the Stockholm time: ``16.40`` in Swedish, ``16:40`` in English."""
        pattern = "HH.mm" if self.language == "sv" else "HH:mm"
        return format_time(moment.astimezone(STOCKHOLM), pattern, locale=self.language)

    def moment(self, moment: datetime) -> str:
        """This will return day and time."""
        return f"{self.moment_day(moment)} {self.clock(moment)}"

    def number(self, number: int | Decimal) -> str:
        """This will return a number with the language's grouping and no needless zeros."""
        return format_decimal(number, locale=self.language)

    def amount(self, number: int | Decimal) -> str:
        """This will return an amount in SEK: ``427 500 kr``, in English ``SEK 427,500``."""
        if self.language == "sv":
            return f"{self.number(number)}{FIXED_SPACE}kr"
        return f"SEK{FIXED_SPACE}{self.number(number)}"

    def distance(self, day: date) -> str:
        """This will say how far away a day is: today, tomorrow, in 3 days, 2 days late (calendar days)."""
        days = (day - self.today).days
        if days == 0:
            return self.t("time.today")
        if days == 1:
            return self.t("time.tomorrow")
        return self.t("time.in_days", n=days) if days > 0 else self.t("time.late_days", n=-days)

    def days_since(self, moment: datetime) -> int:
        """This will return the number of working days (Monday to Friday) from the moment's day to today."""
        start = local_day(moment)
        return sum(
            1 for step in range(1, max((self.today - start).days, 0) + 1) if (start + timedelta(step)).weekday() < 5
        )

    def value(self, field: Field, value: Value) -> str:
        """This will return a field's value as it reads; unknown reads as unknown, never as no."""
        if value is None:
            return self.t("value.unknown")
        if isinstance(value, tuple):
            return ", ".join(self._item(field, item) for item in value) if value else self.t("value.none_listed")
        return self._item(field, value)

    def _item(self, field: Field, value: object) -> str:
        if isinstance(value, Mapping):
            return " · ".join(self.plain(part) for part in value.values() if part not in (None, ""))
        if field.choices and isinstance(value, str) and value in field.choices:
            return self.text(field.choices[value])
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and field.unit:
            return self.measure(value, field.unit)
        return self.plain(value)

    def measure(self, number: int | Decimal, unit: str) -> str:
        """This will return a number with its unit."""
        if unit == "SEK":
            return self.amount(number)
        return f"{self.number(number)}{FIXED_SPACE}{self.unit(unit)}"

    def plain(self, value: object) -> str:
        """This will return any scalar in words."""
        if value is None:
            return self.t("value.unknown")
        if isinstance(value, bool):
            return self.t("value.yes" if value else "value.no")
        if isinstance(value, (int, Decimal)):
            return self.number(value)
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return self.day(value) if value.year == self.today.year else value.isoformat()
        if isinstance(value, (tuple, list)):
            return ", ".join(self.plain(part) for part in value) or self.t("value.none_listed")
        if isinstance(value, Mapping):
            return " · ".join(self.plain(part) for part in value.values() if part not in (None, ""))
        return str(value)

    def unit(self, unit: str) -> str:
        """This will return the word for a unit, the unit itself where no word is needed."""
        return self.t(f"unit.{unit}") if self.texts.has(f"unit.{unit}") else unit
