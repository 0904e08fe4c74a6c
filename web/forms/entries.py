"""What a person typed into one field becomes a value of that field's type, or a fault that says what to do.

The engine's reader decides (``engine.domain.reading``); this module only knows how a form sends things.
Nothing is guessed: an empty entry is None (unknown), and a value outside the field's choices is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from engine.domain import reading
from engine.domain.fields import Field, FieldType
from engine.domain.values import Text, Value

LONGEST_LINE: Final = 200
LONGEST_TEXT: Final = 4000


class EntryFault(Exception):
    """What was typed cannot become a value; ``message`` says what to do."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


def read_value(field: Field, typed: Sequence[str]) -> Value:
    """This will return the value that the entries for ``field`` mean; None when nothing was typed. Raises EntryFault.

    ``typed`` holds every entry sent under the field's name: one for most types, several for a list of choices.
    """
    raw: object = typed[0] if typed else ""
    if field.type == "list":
        raw = list(dict.fromkeys(typed)) if field.choices is not None else "\n".join(typed).replace("\r\n", "\n")
    try:
        return reading.read_value(field.type, field.choices, raw)
    except reading.Unreadable as fault:
        raise EntryFault(fault.text) from None


def clean_text(typed: str, *, longest: int) -> str:
    """This will return a text as it can be stored, new lines as ``\\n``, or nothing. Raises EntryFault."""
    text = str(_read("text", typed.replace("\r", "")) or "").strip()
    if len(text) > longest:
        raise EntryFault(
            Text(
                sv=f"Texten har {len(text)} tecken, den får ha högst {longest}",
                en=f"The text has {len(text)} characters, at most {longest} fit",
            )
        )
    return text


def as_shown(typed: str) -> str:
    """This will return what was typed as a page can show it again: what no page may hold becomes a visible mark."""
    return "".join("\ufffd" if _is_unprintable(character) else character for character in typed)


def single_line(text: str) -> str:
    """This will return a text of one line. Raises EntryFault when it has several."""
    return str(_read("str", text) or "")


def read_decimal(entry: str) -> Decimal:
    """This will read ``1 250,5`` and ``1250.5`` alike. Raises EntryFault."""
    number = _read("dec", entry)
    return number if isinstance(number, Decimal) else Decimal(0)


def read_date(entry: str) -> date:
    """This will read a day written year-month-day. Raises EntryFault."""
    day = _read("date", entry.strip())
    if not isinstance(day, date) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", entry.strip()):
        raise EntryFault(reading.FAULTS["date"])
    return day


def _read(type_: FieldType, entry: str) -> Value:
    try:
        return reading.read_value(type_, None, entry)
    except reading.Unreadable as fault:
        raise EntryFault(fault.text) from None


def _is_unprintable(character: str) -> bool:
    code = ord(character)
    return (
        (code < 32 and character not in "\n\r\t")
        or 127 <= code < 160
        or 0xD800 <= code <= 0xDFFF
        or code & 0xFFFE == 0xFFFE
    )
