"""Forms on a case: what was typed becomes the values of a command, or faults by field. Nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from werkzeug.datastructures import MultiDict

from engine.domain.fields import Column, Field
from engine.domain.values import Text, Value
from web.forms.entries import LONGEST_LINE, LONGEST_TEXT, EntryFault, clean_text, read_date, read_value

Typed = Mapping[str, tuple[str, ...]]

WAS: Final = "was:"
"""Prefix of the hidden entry that holds what a field said when the form was drawn."""

MISSING: Final = Text(sv="Fyll i {label}", en="Fill in {label}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a form said: the values that were changed, everything as typed, and the faults by field."""

    values: dict[str, Value]
    typed: dict[str, tuple[str, ...]]
    faults: dict[str, Text]


def read_changes(fields: Iterable[Field], form: MultiDict[str, str]) -> Answers:
    """This will return the fields whose entry differs from what it said when the form was drawn."""
    values: dict[str, Value] = {}
    typed: dict[str, tuple[str, ...]] = {}
    faults: dict[str, Text] = {}
    for field in fields:
        was = tuple(form.getlist(WAS + field.name))
        entries = tuple(form.getlist(field.name))
        is_check_boxes = field.type == "list" and bool(field.choices)
        if field.name not in form and not (is_check_boxes and was):
            continue  # the form did not ask; only check boxes say "none" by their absence
        if _normal(entries) == _normal(was):
            continue
        typed[field.name] = entries or ("",)
        _read(field, entries, values, faults)
    return Answers(values=values, typed=typed, faults=faults)


def read_answers(fields: Iterable[Field], form: MultiDict[str, str]) -> Answers:
    """This will return every field that the form asked, answered or not."""
    values: dict[str, Value] = {}
    typed: dict[str, tuple[str, ...]] = {}
    faults: dict[str, Text] = {}
    for field in fields:
        entries = tuple(form.getlist(field.name))
        typed[field.name] = entries or ("",)
        _read(field, entries, values, faults)
    return Answers(values=values, typed=typed, faults=faults)


def read_row(columns: Iterable[Column], form: MultiDict[str, str]) -> Answers:
    """This will return a row's columns; a required one that is empty is a fault."""
    values: dict[str, Value] = {}
    typed: dict[str, tuple[str, ...]] = {}
    faults: dict[str, Text] = {}
    for column in columns:
        entries = tuple(form.getlist(column.name))
        typed[column.name] = entries or ("",)
        field = Field(name=column.name, type=column.type, label=column.label, choices=column.choices)
        _read(field, entries, values, faults)
        if column.required and column.name not in faults and values.get(column.name) is None:
            faults[column.name] = Text(
                sv=MISSING.sv.format(label=column.label.sv.lower()), en=MISSING.en.format(label=column.label.en.lower())
            )
    return Answers(values=values, typed=typed, faults=faults)


def read_line(form: MultiDict[str, str], name: str, faults: dict[str, Text], *, is_long: bool = False) -> str:
    """This will return a plain text of the form, cleaned. A fault is noted under its name."""
    try:
        return clean_text(form.get(name, ""), longest=LONGEST_TEXT if is_long else LONGEST_LINE)
    except EntryFault as fault:
        faults[name] = fault.message
        return ""


def read_day(form: MultiDict[str, str], name: str, faults: dict[str, Text]) -> date | None:
    """This will return a day of the form, None when nothing was typed. A fault is noted under its name."""
    entry = form.get(name, "").strip()
    if not entry:
        return None
    try:
        return read_date(entry)
    except EntryFault as fault:
        faults[name] = fault.message
        return None


def read_revision(form: MultiDict[str, str]) -> int | None:
    """This will return the revision the form was drawn from; None when it is missing or no number."""
    entry = form.get("revision", "")
    return int(entry) if entry.isascii() and entry.isdigit() and len(entry) < 10 else None


def read_key(form: MultiDict[str, str]) -> str:
    """This will return the idempotency key of the form, empty when it is missing or not one of ours."""
    entry = form.get("key", "")
    return entry if entry.isascii() and entry.isprintable() and len(entry) <= 64 else ""


def _read(field: Field, entries: tuple[str, ...], values: dict[str, Value], faults: dict[str, Text]) -> None:
    try:
        values[field.name] = read_value(field, entries)
    except EntryFault as fault:
        faults[field.name] = fault.message


def _normal(entries: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(entry.replace("\r\n", "\n") for entry in entries if entry))
