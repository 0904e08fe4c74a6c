"""Typed values from what people and files write: one reader for pages, interface and command line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from engine.domain.fields import Column, Field, FieldType
from engine.domain.reasons import InvalidInput
from engine.domain.values import STOCKHOLM, Text, Value

MAX_TEXT = 10_000
MAX_LIST = 200
MAX_DIGITS = 15
BOUND = 10**MAX_DIGITS
"""Numbers that a program hands over are below this, as those that a person writes are."""

TEMPLATE_MARKS = ("{{", "{%", "{#", "{_", "_}", "%_}")
YES = frozenset({"true", "yes", "ja", "1", "on"})
NO = frozenset({"false", "no", "nej", "0"})

FAULTS: Mapping[str, Text] = {
    "int": Text(sv="Skriv ett heltal, till exempel 12.", en="Write a whole number, for example 12."),
    "dec": Text(sv="Skriv ett tal, till exempel 427500 eller 1,5.", en="Write a number, for example 427500 or 1.5."),
    "date": Text(
        sv="Skriv datumet som ÅÅÅÅ-MM-DD, till exempel 2025-12-01.",
        en="Write the date as YYYY-MM-DD, for example 2025-12-01.",
    ),
    "dt": Text(sv="Skriv tidpunkten som ÅÅÅÅ-MM-DD TT:MM.", en="Write the moment as YYYY-MM-DD HH:MM."),
    "bool": Text(sv="Svara ja eller nej.", en="Answer yes or no."),
    "enum": Text(sv="Välj ett av alternativen.", en="Choose one of the alternatives."),
    "long": Text(
        sv=f"Texten är för lång: högst {MAX_TEXT} tecken.",
        en=f"The text is too long: at most {MAX_TEXT} characters.",
    ),
    "list": Text(sv=f"Högst {MAX_LIST} rader.", en=f"At most {MAX_LIST} lines."),
    "control": Text(
        sv="Texten innehåller ett styrtecken som inte kan sparas. Ta bort det och spara igen.",
        en="The text holds a control character that cannot be saved. Remove it and save again.",
    ),
    "braces": Text(
        sv="Texten innehåller {{ eller {%, som inte kan stå i ett avtal. Ta bort dem.",
        en="The text holds {{ or {%, which cannot stand in an agreement. Remove them.",
    ),
    "line": Text(sv="Skriv på en rad.", en="Write on one line."),
}  # fmt: skip


class Unreadable(ValueError):
    """A value that cannot be read; ``text`` says how to mend it."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def read_values(fields: Mapping[str, Field], raw: Mapping[str, object]) -> dict[str, Value]:
    """This will read raw values by field name. Raises InvalidInput with every fault, or for an unknown field."""
    values: dict[str, Value] = {}
    faults: dict[str, Text] = {}
    for name, content in raw.items():
        field = fields.get(name)
        if field is None:
            faults[name] = Text(sv=f"Uppgiften {name} finns inte.", en=f"There is no field {name}.")
            continue
        try:
            values[name] = read_value(field.type, field.choices, content)
        except Unreadable as fault:
            faults[name] = fault.text
    if faults:
        raise InvalidInput(faults)
    return values


def read_row(columns: tuple[Column, ...], raw: Mapping[str, object]) -> dict[str, Value]:
    """This will read one row of a row table. Raises InvalidInput with every fault, missing columns included."""
    values: dict[str, Value] = {}
    faults: dict[str, Text] = {}
    known = {column.name for column in columns}
    for name in raw.keys() - known:
        faults[name] = Text(sv=f"Kolumnen {name} finns inte.", en=f"There is no column {name}.")
    for column in columns:
        try:
            values[column.name] = read_value(column.type, column.choices, raw.get(column.name))
        except Unreadable as fault:
            faults[column.name] = fault.text
        else:
            if column.required and values[column.name] is None:
                faults[column.name] = Text(
                    sv=f"Fyll i {column.label.sv.lower()}.", en=f"Fill in {column.label.en.lower()}."
                )
    if faults:
        raise InvalidInput(faults)
    return values


def read_value(type_: FieldType, choices: Mapping[str, Text] | None, raw: object) -> Value:
    """This will read one value: text from a form, or a value that a file or the interface has typed already.

    Blank text is unknown (None). Raises Unreadable.
    """
    if isinstance(raw, str):
        raw = raw.strip() if type_ != "text" else raw.strip("\n ")
    if raw is None or raw == "":
        return None
    match type_:
        case "str" | "ref":
            return _line(raw)
        case "text":
            return _text(raw)
        case "int":
            return _int(raw)
        case "dec":
            return _decimal(raw)
        case "bool":
            return _bool(raw)
        case "date":
            return _date(raw)
        case "dt":
            return _moment(raw)
        case "enum":
            return _choice(raw, choices)
        case "list":
            return _list(raw, choices)


def text_fault(text: str) -> Text | None:
    """This will say why a text cannot be kept or printed, or return None for one that can."""
    if len(text) > MAX_TEXT:
        return FAULTS["long"]
    if any(
        (ord(char) < 32 and char not in "\r\n\t") or 0xD800 <= ord(char) <= 0xDFFF or ord(char) == 127 for char in text
    ):
        return FAULTS["control"]
    return FAULTS["braces"] if any(mark in text for mark in TEMPLATE_MARKS) else None


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise Unreadable(Text(sv="Skriv text.", en="Write text."))
    text = raw.replace("\r\n", "\n")
    fault = FAULTS["control"] if "\r" in text else text_fault(text)
    if fault is not None:
        raise Unreadable(fault)
    return text


def _line(raw: object) -> str:
    text = _text(raw)
    if "\n" in text or "\t" in text:
        raise Unreadable(FAULTS["line"])
    return text


def _int(raw: object) -> int:
    if isinstance(raw, bool):
        raise Unreadable(FAULTS["int"])
    if isinstance(raw, int):
        if abs(raw) >= BOUND:
            raise Unreadable(FAULTS["int"])
        return raw
    text = _compact(raw)
    if not text.removeprefix("-").isdecimal() or len(text) > MAX_DIGITS:
        raise Unreadable(FAULTS["int"])
    return int(text)


def _decimal(raw: object) -> Decimal:
    if isinstance(raw, bool):
        raise Unreadable(FAULTS["dec"])
    if isinstance(raw, Decimal | int):
        # The bound before Decimal(): a whole number of a million digits would take the machine's time.
        if (isinstance(raw, Decimal) and not raw.is_finite()) or abs(raw) >= BOUND:
            raise Unreadable(FAULTS["dec"])
        return Decimal(raw)
    text = _compact(str(raw) if isinstance(raw, float) else raw).replace(",", ".")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Unreadable(FAULTS["dec"]) from None
    if not number.is_finite() or number.adjusted() > MAX_DIGITS or len(text) > 2 * MAX_DIGITS:
        raise Unreadable(FAULTS["dec"])
    return number


def _compact(raw: object) -> str:
    if not isinstance(raw, str):
        raise Unreadable(FAULTS["dec"])
    return raw.replace(" ", "").replace("\u00a0", "").replace("\u202f", "").replace("\u2212", "-")


def _bool(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    text = raw.lower() if isinstance(raw, str) else ""
    if text in YES:
        return True
    if text in NO:
        return False
    raise Unreadable(FAULTS["bool"])


def _date(raw: object) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    try:
        return date.fromisoformat(raw if isinstance(raw, str) else "")
    except ValueError:
        raise Unreadable(FAULTS["date"]) from None


def _moment(raw: object) -> datetime:
    if isinstance(raw, datetime):
        return raw if raw.tzinfo else raw.replace(tzinfo=STOCKHOLM)
    try:
        moment = datetime.fromisoformat(raw if isinstance(raw, str) else "")
    except ValueError:
        raise Unreadable(FAULTS["dt"]) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=STOCKHOLM)


def _choice(raw: object, choices: Mapping[str, Text] | None) -> str:
    if isinstance(raw, str) and (choices is None or raw in choices):
        return raw
    raise Unreadable(FAULTS["enum"])


def _list(raw: object, choices: Mapping[str, Text] | None) -> Value:
    lines = raw.split("\n") if isinstance(raw, str) else list(raw) if isinstance(raw, list | tuple) else None
    if lines is None:
        raise Unreadable(FAULTS["enum"])
    if len(lines) > MAX_LIST:
        raise Unreadable(FAULTS["list"])
    items: list[str] = []
    for line in lines:
        text = _line(line.strip() if isinstance(line, str) else line)
        if text:
            items.append(_choice(text, choices) if choices else text)
    return tuple(items) or None
