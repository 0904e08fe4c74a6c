"""Values as they read in a sentence: money, days, numbers, yes and no, lists, in Swedish and English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal

from engine.domain.commands import Language
from engine.domain.values import Text, local_day

HARD_SPACE: Final = "\u00a0"
LOCALES: Final[dict[Language, str]] = {"sv": "sv_SE", "en": "en_GB"}

YES: Final = Text(sv="Ja", en="Yes")
NO: Final = Text(sv="Nej", en="No")
AND: Final = Text(sv="och", en="and")
NOT_STATED: Final = Text(sv="ej angivet", en="not stated")
MISSING: Final = Text(sv="«[saknas: {}]»", en="«[missing: {}]»")
PROVISION: Final = Text(sv="{chapter} kap. {section} § OSL", en="Chapter {chapter}, Section {section} OSL")
STRICTEST: Final = Text(sv="den strängaste av värdarnas grunder", en="the strictest of the hosts' bases")
NONE_LISTED: Final = Text(sv="inga", en="none")

Number = int | Decimal


def money(amount: Number, language: Language) -> str:
    """This will write an amount in SEK: ``427 500 kr`` in Swedish, ``SEK 427,500`` in English.

    Öre are written only when there are any. The spaces are hard, so that a line never ends inside an amount.
    """
    pattern = "#,##0.00" if amount != int(amount) else "#,##0"
    written = _decimal(amount, pattern, language)
    return f"{written}{HARD_SPACE}kr" if language == "sv" else f"SEK{HARD_SPACE}{written}"


@lru_cache(maxsize=4096)
def day(moment: date | datetime, language: Language) -> str:
    """This will write a day: ``3 november 2025``. A moment counts as its day in Europe/Stockholm."""
    on = local_day(moment) if isinstance(moment, datetime) else moment
    return format_date(on, format="d MMMM y", locale=LOCALES[language]).replace(" ", HARD_SPACE)


def number(amount: Number, language: Language) -> str:
    """This will write a number with up to four decimals and no trailing zeros."""
    return _decimal(amount, "#,##0.####", language)


def percent(amount: Number, language: Language) -> str:
    """This will write a share given in percent: ``6,5 %`` in Swedish, ``6.5%`` in English."""
    return f"{number(amount, language)}{HARD_SPACE}%" if language == "sv" else f"{number(amount, language)}%"


def hours(amount: Number, language: Language) -> str:
    """This will write a number of hours: ``120 timmar``, ``1 hour``."""
    if language == "sv":
        return f"{number(amount, language)}{HARD_SPACE}{'timme' if amount == 1 else 'timmar'}"
    return f"{number(amount, language)}{HARD_SPACE}{'hour' if amount == 1 else 'hours'}"


def yes_or_no(answer: bool, language: Language) -> str:
    """This will write ``Ja`` or ``Nej``, ``Yes`` or ``No``."""
    return (YES if answer else NO).in_language(language)


def joined(parts: Sequence[str], language: Language) -> str:
    """This will join parts as a sentence does: ``a, b och c``; an empty list reads ``inga``."""
    if not parts:
        return NONE_LISTED.in_language(language)
    if len(parts) == 1:
        return parts[0]
    return f"{', '.join(parts[:-1])} {AND.in_language(language)} {parts[-1]}"


def missing(label: str, language: Language) -> str:
    """This will write the visible gap of a draft: ``«[saknas: Slutdatum]»``."""
    return MISSING.in_language(language).format(label)


def grouped(hash_in_hex: str, *, groups: int | None = None) -> str:
    """This will write a hash in groups of four, as people compare them; ``groups`` cuts it short."""
    parts = [hash_in_hex[place : place + 4] for place in range(0, len(hash_in_hex), 4)]
    return " ".join(parts[:groups])


def lower_first(text: str) -> str:
    """This will write a label inside a sentence: its first letter small, unless its first word has other capitals."""
    first_word = text.partition(" ")[0]
    return text if first_word[1:].lower() != first_word[1:] else text[:1].lower() + text[1:]


def secrecy_basis(marking: str, language: Language) -> str:
    """This will write a proposed marking: ``31:12`` as chapter and section, several joined, ``strictest`` in words."""
    return joined([_provision(part, language) for part in marking.split("|")], language) if marking else ""


def _provision(part: str, language: Language) -> str:
    if part == "strictest":
        return STRICTEST.in_language(language)
    chapter, colon, section = part.partition(":")
    if not colon:
        return part
    written = PROVISION.in_language(language).format(chapter=chapter, section=section)
    return written.replace(" ", HARD_SPACE, 3)


def is_printable(text: str, *, allows_lines: bool) -> bool:
    """This will tell whether every character of a text has a place on paper.

    Refused are control characters, lone surrogates, non-characters and the marks that reorder text, with which a
    name can be made to read as another. A line break is allowed only where the field is a text of several lines.
    """
    if text.isprintable():
        return True
    return _UNPRINTABLE.search(text) is None and (allows_lines or "\n" not in text)


def looks_like_a_tag(text: str) -> bool:
    """This will tell whether a value holds what the template language, now or at a second reading, takes for a tag."""
    return ("{" in text or "}" in text) and _TAG_MARKS.search(text) is not None


_TAG_MARKS: Final = re.compile(r"\{_?[{%#]|[}%#]_?\}")
_CONTROLS: Final = r"\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029"
_REORDERING: Final = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_SURROGATES: Final = r"\ud800-\udfff"
_NONCHARACTERS: Final = r"\ufdd0-\ufdef" + "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(17))
_UNPRINTABLE: Final = re.compile(f"[{_CONTROLS}{_REORDERING}{_SURROGATES}{_NONCHARACTERS}]")


@lru_cache(maxsize=4096)
def _decimal(amount: Number, pattern: str, language: Language) -> str:
    return str(format_decimal(amount, format=pattern, locale=LOCALES[language])).replace("\u202f", HARD_SPACE)
