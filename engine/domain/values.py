"""The kinds of value a fact may have, and small values used everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

Scalar = None | bool | int | Decimal | date | datetime | str
"""One plain value. ``None`` means unknown, and unknown never satisfies a guard."""

Record = Mapping[str, "Value"]
"""One row of a list of records, for example an approval ``{org, scope_version, doc_hash}``."""

Value = Scalar | tuple["Scalar | Record", ...]
"""What a field may hold: a scalar, or a tuple of scalars or records (never a list)."""

Facts = Mapping[str, Value]
"""Field name (``scope.end_date``) to value. A missing name and ``None`` both mean unknown."""

STOCKHOLM: Final = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text in the product's two languages. Neither may be empty."""

    sv: str
    en: str

    def in_language(self, language: str) -> str:
        """This will return the Swedish text for ``sv`` and the English one for anything else."""
        return self.sv if language == "sv" else self.en


def local_day(moment: datetime) -> date:
    """This will return the calendar day of an aware moment in Europe/Stockholm.

    Dates and timestamps compare by that day (domain dossier 3.3).
    """
    return moment.astimezone(STOCKHOLM).date()


def organisation_number_is_valid(number: str) -> bool:
    """This will tell whether ``NNNNNN-NNNN`` has the form and check digit of a Swedish organisation number.

    The check digit follows the Luhn algorithm (Skatteverket, SKV 709).
    """
    digits = number.replace("-", "")
    if len(digits) != 10 or not digits.isdecimal() or number.count("-") > 1:
        return False
    if "-" in number and number.index("-") != 6:
        return False
    total = 0
    for place, digit in enumerate(digits):
        product = int(digit) * (2 if place % 2 == 0 else 1)
        total += product - 9 if product > 9 else product
    return total % 10 == 0
