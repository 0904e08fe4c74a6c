"""Reads facts written as groups of fields (``scope: {end_date: 2026-05-31}``), each checked against its field.

Every fault is reported at once, with the place where it stands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches

from engine.definitions.reader import Branch, Faults, Leaf, Node, read_text
from engine.domain.fields import Field
from engine.domain.values import STOCKHOLM, Facts, Text, Value
from web.cli.answer import WrongUse

Where = Callable[[str], str]
"""The place of a field (``scope.end_date``) in what was read: ``facts.yaml:12:8``."""


def facts_from(groups: object, fields: Mapping[str, Field], where: Where) -> Facts:
    """This will turn groups of fields into facts. Raises WrongUse with every fault."""
    faults: list[Text] = []
    facts: dict[str, Value] = {}
    if not isinstance(groups, Mapping):
        raise WrongUse(_not_groups(where("")))
    for group, members in groups.items():
        if not isinstance(members, Mapping):
            faults.append(_not_groups(where(str(group))))
            continue
        for key, written in members.items():
            name = f"{group}.{key}"
            field = fields.get(name)
            if field is None:
                faults.append(_unknown_field(name, fields, where(name)))
                continue
            try:
                facts[name] = value_of(field, written)
            except ValueError:
                faults.append(_wrong_type(field, written, where(name)))
    if faults:
        raise WrongUse(Text(sv="\n".join(f.sv for f in faults), en="\n".join(f.en for f in faults)))
    return facts


def read_groups(text: str, source: str) -> tuple[object, Where]:
    """This will read YAML (1.2 core rules) or JSON into plain values, and say where each field stands.

    Raises WrongUse with every fault and its place.
    """
    faults = Faults()
    node = read_text(text.encode(), source, faults)
    if not faults.all():
        places: dict[str, str] = {}
        content = _plain(node, "", places)
        return content, lambda path: places.get(path, source)
    if text.lstrip().startswith("{"):
        # JSON may hold what our YAML does not read: a letter written as two escapes.
        with suppress(ValueError, RecursionError):
            content = json.loads(text, parse_float=Decimal, object_pairs_hook=_once)
            return content, lambda path: f"{source}: {path}" if path else source
    lines = {language: [fault.in_language(language) for fault in faults.all()] for language in ("sv", "en")}
    raise WrongUse(Text(sv="\n".join(lines["sv"]), en="\n".join(lines["en"])))


def value_of(field: Field, written: object) -> Value:
    """This will read one value of a field. ``None`` is unknown. Raises ValueError when it has another type."""
    if written is None:
        return None
    match field.type, written:
        case "bool", bool():
            return written
        case "int", int() if not isinstance(written, bool):
            return written
        case "dec", int() | float() | Decimal() if not isinstance(written, bool):
            return Decimal(str(written))
        case "date", str():
            return date.fromisoformat(written)
        case "dt", str():
            return _moment(written)
        case "enum", str() if not field.choices or written in field.choices:
            return written
        case "str" | "text" | "ref", str():
            return written
        case "list", list() | tuple():
            return tuple(_item(item) for item in written)
    raise ValueError(field.name)


def _plain(node: Node | None, path: str, places: dict[str, str]) -> object:
    if node is None:
        return None
    places[path] = str(node.place)
    if isinstance(node, Leaf):
        return node.value
    if isinstance(node, Branch):
        return [_plain(item, path, {}) for item in node.items]
    return {key: _plain(inner, f"{path}.{key}" if path else key, places) for key, inner in node.entries.items()}


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuses a name that stands twice."""
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError(pairs)
    return content


def _moment(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is not None:
        return moment
    if len(written) == len("2025-11-24"):
        return moment.replace(tzinfo=STOCKHOLM)
    raise ValueError(written)


def _item(written: object) -> str | int | Decimal | bool | dict[str, Value] | None:
    match written:
        case None | str() | bool() | int() | Decimal():
            return written
        case float():
            return Decimal(str(written))
        case Mapping():
            return {str(key): _scalar(inner) for key, inner in written.items()}
    raise ValueError(written)


def _scalar(written: object) -> Value:
    item = _item(written)
    if isinstance(item, dict):
        raise ValueError(written)
    return item


def _not_groups(where: str) -> Text:
    return Text(
        sv=f"{where}: här ska stå grupper av uppgifter, till exempel scope: {{end_date: 2026-05-31}}.",
        en=f"{where}: groups of fields belong here, for example scope: {{end_date: 2026-05-31}}.",
    )


def _unknown_field(name: str, fields: Mapping[str, Field], where: str) -> Text:
    near = get_close_matches(name, fields, n=1)
    return Text(
        sv=f"{where}: uppgiften {name} finns inte." + (f" Menades {near[0]}?" if near else ""),
        en=f"{where}: there is no field {name}." + (f" Did you mean {near[0]}?" if near else ""),
    )


def _wrong_type(field: Field, written: object, where: str) -> Text:
    expected = _expected(field)
    shown = repr(written) if isinstance(written, str) else str(written)
    shown = shown if len(shown) <= 40 else f"{shown[:40]}…"
    return Text(
        sv=f"{where}: {field.name} ska vara {expected.sv}, inte {shown}.",
        en=f"{where}: {field.name} must be {expected.en}, not {shown}.",
    )


def _expected(field: Field) -> Text:
    match field.type:
        case "bool":
            return Text(sv="true eller false", en="true or false")
        case "int":
            return Text(sv="ett heltal", en="a whole number")
        case "dec":
            return Text(sv="ett tal", en="a number")
        case "date":
            return Text(sv="ett datum som 2025-11-24", en="a date such as 2025-11-24")
        case "dt":
            example = "2025-11-24T08:00:00+01:00"
            return Text(sv=f"en tidpunkt som {example}", en=f"a moment such as {example}")
        case "enum":
            choices = ", ".join(field.choices or ())
            return Text(sv=f"något av {choices}", en=f"one of {choices}")
        case "list":
            return Text(sv="en lista", en="a list")
        case _:
            return Text(sv="en text", en="a text")
