"""What a person typed into one field becomes a value of that field's type, or a fault that says what to do.

Nothing is guessed: an empty entry is None (unknown), and a value outside the field's choices is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from engine.domain.fields import Field
from engine.domain.values import STOCKHOLM, Text, Value

LONGEST_LINE: Final = 200
LONGEST_TEXT: Final = 4000
LONGEST_LIST: Final = 50

# Braces with an underscore turn into template tags after rendering, so they may not enter at all (docxtpl).
TEMPLATE_MARKS: Final = ("{_{", "{_%", "%_}", "}_}", "{{", "{%")


class EntryFault(Exception):
    """What was typed cannot become a value; ``message`` says what to do."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


def read_value(field: Field, typed: Sequence[str]) -> Value:
    """This will return the value that the entries for ``field`` mean; None when nothing was typed. Raises EntryFault.

    ``typed`` holds every entry sent under the field's name: one for most types, several for a list of choices.
    """
    if field.type == "list":
        return _list_of(field, typed)
    entry = clean_text(typed[0], longest=LONGEST_TEXT if field.type == "text" else LONGEST_LINE) if typed else ""
    if not entry:
        return None
    match field.type:
        case "int":
            return _whole_number(entry)
        case "dec":
            return read_decimal(entry)
        case "bool":
            return _yes_or_no(entry)
        case "date":
            return read_date(entry)
        case "dt":
            return _moment(entry)
        case "enum":
            return _choice(field, entry)
        case "text":
            return entry
        case _:
            return single_line(entry)


def clean_text(typed: str, *, longest: int) -> str:
    """This will trim a text and refuse what no Word file can hold: control or half characters, template marks.

    New lines are kept as ``\\n``. Raises EntryFault.
    """
    text = typed.replace("\r\n", "\n").replace("\r", "\n").strip()
    if any(_is_unprintable(character) for character in text):
        raise EntryFault(
            Text(
                sv="Texten har ett styrtecken som inte kan sparas. Ta bort det eller klistra in texten utan format",
                en="The text holds a control character that cannot be saved. Remove it or paste the text unformatted",
            )
        )
    for mark in TEMPLATE_MARKS:
        if mark in text:
            raise EntryFault(
                Text(
                    sv=f"Texten får inte innehålla teckenföljden {mark}",
                    en=f"The text may not hold the characters {mark}",
                )
            )
    if len(text) > longest:
        raise EntryFault(
            Text(
                sv=f"Texten har {len(text)} tecken, den får ha högst {longest}",
                en=f"The text has {len(text)} characters, at most {longest} fit",
            )
        )
    return text


def single_line(text: str) -> str:
    """This will return a text of one line. Raises EntryFault when it has several."""
    if "\n" in text or "\t" in text:
        raise EntryFault(Text(sv="Skriv på en rad", en="Write on one line"))
    return text


def read_decimal(entry: str) -> Decimal:
    """This will read ``1 250,5`` and ``1250.5`` alike. Raises EntryFault."""
    compact = re.sub(r"[\s\u00a0\u202f]", "", entry).replace(",", ".")
    try:
        number = Decimal(compact)
    except InvalidOperation:
        raise EntryFault(Text(sv="Skriv ett tal, till exempel 12,5", en="Enter a number, for example 12.5")) from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 12 or len(compact) > 24:
        raise EntryFault(Text(sv="Talet är för stort", en="The number is too large"))
    return number


def read_date(entry: str) -> date:
    """This will read a day written year-month-day. Raises EntryFault."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", entry):
        raise EntryFault(
            Text(
                sv="Skriv datumet som år-månad-dag, till exempel 2026-05-31",
                en="Write the date as year-month-day, for example 2026-05-31",
            )
        )
    try:
        return date.fromisoformat(entry)
    except ValueError:
        raise EntryFault(Text(sv="Den dagen finns inte i kalendern", en="There is no such day")) from None


def _whole_number(entry: str) -> int:
    compact = re.sub(r"[\s\u00a0\u202f]", "", entry)
    if not re.fullmatch(r"-?[0-9]{1,12}", compact):
        raise EntryFault(Text(sv="Skriv ett heltal, till exempel 12", en="Enter a whole number, for example 12"))
    return int(compact)


def _yes_or_no(entry: str) -> bool:
    match entry:
        case "yes" | "true":
            return True
        case "no" | "false":
            return False
        case _:
            raise EntryFault(Text(sv="Välj ja eller nej", en="Choose yes or no"))


def _moment(entry: str) -> datetime:
    try:
        moment = datetime.fromisoformat(entry)
    except ValueError:
        raise EntryFault(
            Text(
                sv="Skriv dag och klockslag som 2026-05-31 16:40",
                en="Write day and time as 2026-05-31 16:40",
            )
        ) from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=STOCKHOLM)


def _choice(field: Field, entry: str) -> str:
    if field.choices is not None and entry not in field.choices:
        raise EntryFault(Text(sv="Välj ett av alternativen", en="Choose one of the alternatives"))
    return entry


def _list_of(field: Field, typed: Sequence[str]) -> Value:
    if field.choices is not None:
        chosen = tuple(dict.fromkeys(entry for entry in typed if entry))
        return tuple(_choice(field, entry) for entry in chosen) or None
    lines = [line.strip() for entry in typed for line in clean_text(entry, longest=LONGEST_TEXT).split("\n")]
    kept = tuple(line for line in lines if line)
    if len(kept) > LONGEST_LIST:
        raise EntryFault(Text(sv=f"Högst {LONGEST_LIST} rader", en=f"At most {LONGEST_LIST} lines"))
    return kept or None


def _is_unprintable(character: str) -> bool:
    code = ord(character)
    return (
        (code < 32 and character not in "\n\t") or code == 127 or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF)
    )
