"""Frozen dataclasses of the domain to JSON and back, by their type hints.

Where the type is known (a ``date`` field) the plain text stands; where it is open (a ``Value``) days, moments and
amounts carry a tag: ``{"date": "2025-11-24"}``, ``{"at": "2025-11-24T07:00:00.000000Z"}``, ``{"dec": "12.50"}``.
A record that would look like a tag is wrapped: ``{"rec": {"date": 1}}``.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import types
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin

from engine.domain import events
from engine.domain.case import Case, Surroundings
from engine.domain.events import Event
from engine.domain.reasons import EngineError
from engine.domain.values import Facts, Record, Scalar, Text, Value
from engine.ledger.canonical import canonical_json, spelled

STATE_SHAPE: Final = 1
"""Version of the folded case as JSON. Raise it with a migration that refolds the logs."""

EVENT_SHAPES: Final[Mapping[str, int]] = {}
"""Version of an event's shape where it is no longer 1; ``decode_event`` reads every version up to it."""

EVENT_TYPES: Final[Mapping[str, type[Event]]] = {kind.__name__: kind for kind in get_args(events.Event)}

Coder = Callable[[Any], Any]  # JSON content has no better type
T = TypeVar("T")

_TAGS: Final = frozenset({"date", "at", "dec", "rec"})
_PLAIN: Final = frozenset({str, int, bool, type(None)})


class UnreadableShape(EngineError):
    """What is stored was written by a newer version of the product, or is not what it claims to be."""

    code = "unreadable_shape"

    def __init__(self, what: str) -> None:
        super().__init__(
            Text(
                sv=f"Det sparade kan inte läsas av denna version: {what}. Uppgradera produkten.",
                en=f"What is stored cannot be read by this version: {what}. Upgrade the product.",
            )
        )


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StoredCase:
    """A case as it is stored: the canonical text, the content that the text spells, and the case that it means."""

    text: str
    content: Mapping[str, Any]
    case: Case


def write_case(case: Case, known: StoredCase | None = None) -> StoredCase:
    """This will write the folded case, without its surroundings; defaults are left out.

    ``known`` is the case as it was before: what the two share is not encoded a second time. A change leaves most
    facts, documents and rows the same objects as they were, which is what makes this quick.
    """
    content: dict[str, Any] = {}
    for name, coder, items, default in _case_parts():
        value = getattr(case, name)
        if value is default or value == default:
            continue
        before = getattr(known.case, name) if known is not None else None
        if known is not None and value is before:
            content[name] = known.content[name]
        elif items is not None:
            old = known.content.get(name, {}) if known is not None else {}
            content[name] = {
                key: old[key] if before is not None and before.get(key) is item else items(item)
                for key, item in value.items()
            }
        else:
            content[name] = value if coder is None else coder(value)
    text, meant = spelled(content)
    if meant is not content:
        return read_case(text, case.surroundings)
    return StoredCase(text=text, content=content, case=case)


def read_case(text: str, surroundings: Surroundings, *, shape: int = STATE_SHAPE) -> StoredCase:
    """This will read a stored case, in the surroundings of this moment. Raises UnreadableShape."""
    if shape > STATE_SHAPE:
        raise UnreadableShape(f"case, shape {shape}, known up to {STATE_SHAPE}")
    content = json.loads(text)
    decoders = _field_decoders(Case)
    try:
        fields = {
            name: value if (decode := decoders[name]) is None else decode(value) for name, value in content.items()
        }
        return StoredCase(text=text, content=content, case=Case(surroundings=surroundings, **fields))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableShape(f"case, {error}") from error


def encode_case(case: Case) -> str:
    """This will return the folded case as canonical JSON, without its surroundings."""
    return write_case(case).text


def decode_case(text: str, surroundings: Surroundings, *, shape: int = STATE_SHAPE) -> Case:
    """This will return the case that was stored, in the surroundings of this moment. Raises UnreadableShape."""
    return read_case(text, surroundings, shape=shape).case


def encode_event(event: Event) -> tuple[str, int, str]:
    """This will return an event as its type, the version of its shape, and its payload as canonical JSON."""
    name = type(event).__name__
    return name, EVENT_SHAPES.get(name, 1), encode(event)


def decode_event(name: str, shape: int, payload: str) -> Event:
    """This will return the event that was stored. Raises UnreadableShape for an unknown type or a newer shape."""
    kind = EVENT_TYPES.get(name)
    if kind is None:
        raise UnreadableShape(f"event {name}")
    if shape > EVENT_SHAPES.get(name, 1):
        raise UnreadableShape(f"event {name}, shape {shape}, known up to {EVENT_SHAPES.get(name, 1)}")
    return decode(kind, payload)


def encode(value: object) -> str:
    """This will return any dataclass of the domain as canonical JSON, every field written out."""
    return canonical_json(_encoder(cast(Any, type(value)), compact=False)(value))


def decode(kind: type[T], text: str) -> T:
    """This will return the dataclass of this kind that ``encode`` wrote. Raises UnreadableShape."""
    try:
        return cast(T, _decoder(cast(Any, kind))(json.loads(text)))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableShape(f"{kind.__name__}, {error}") from error


def encode_facts(facts: Facts) -> str:
    """This will return facts as canonical JSON with tagged values."""
    return canonical_json({name: encode_value(value) for name, value in facts.items()})


def decode_facts(text: str) -> Facts:
    """This will return the facts that ``encode_facts`` wrote."""
    return {name: decode_value(value) for name, value in json.loads(text).items()}


def moment_text(moment: datetime) -> str:
    """This will return an aware moment as UTC text of fixed width, so that text order is time order.

    Raises ValueError for a moment without zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def moment_from(text: str) -> datetime:
    """This will return the moment that ``moment_text`` wrote, in UTC."""
    return datetime.fromisoformat(text)


def encode_value(value: Value | Record) -> Any:
    """This will return one value of the fact dictionary as tagged JSON content. Raises TypeError for any other type."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, str | int):
        return str(value) if isinstance(value, str) else int(value)
    if isinstance(value, Decimal):
        return {"dec": str(value)}
    if isinstance(value, datetime):
        return {"at": moment_text(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, tuple | list):
        return [encode_value(item) for item in value]
    if isinstance(value, Mapping):
        record = {str(name): encode_value(item) for name, item in value.items()}
        return {"rec": record} if len(record) == 1 and not _TAGS.isdisjoint(record) else record
    raise TypeError(f"no value of a fact: {type(value).__name__}")


def decode_value(content: Any) -> Any:
    """This will return the value that ``encode_value`` wrote."""
    if isinstance(content, list):
        return tuple([decode_value(item) for item in content])
    if not isinstance(content, dict):
        return content
    if len(content) == 1:
        ((tag, inner),) = content.items()
        match tag:
            case "dec":
                return Decimal(inner)
            case "date":
                return date.fromisoformat(inner)
            case "at":
                return datetime.fromisoformat(inner)
            case "rec":
                content = inner
    return {name: decode_value(item) for name, item in content.items()}


# Coders are built once per type and kept. None stands for "as it is", so that plain fields cost no call.


@cache
def _encoder(kind: type, *, compact: bool) -> Coder:
    """An encoder of one dataclass; ``compact`` leaves out fields that hold their default."""
    parts = [
        (spec.name, _coder(hint, _ENCODE, compact=compact), _default(spec) if compact else dataclasses.MISSING)
        for spec, hint in _fields(kind)
    ]

    def encode_fields(value: object) -> dict[str, Any]:
        tree = {}
        for name, coder, default in parts:
            field = getattr(value, name)
            if field is default or (default is not dataclasses.MISSING and field == default):
                continue
            tree[name] = field if coder is None else coder(field)
        return tree

    return encode_fields


@cache
def _case_parts() -> tuple[tuple[str, Coder | None, Coder | None, object], ...]:
    """The fields of a case but its surroundings: name, coder, coder of its items where it is a mapping, default."""
    parts = []
    for spec, hint in _fields(Case):
        if spec.name == "surroundings":
            continue
        coder = _coder(hint, _ENCODE, compact=True)
        items = None
        if get_origin(hint) is not None and get_origin(hint) not in (types.UnionType, Union, Literal, tuple):
            items = _coder(get_args(hint)[1], _ENCODE, compact=True)
        parts.append((spec.name, coder, items, _default(spec)))
    return tuple(parts)


@cache
def _decoder(kind: type) -> Coder:
    decoders = _field_decoders(kind)

    def decode_fields(tree: dict[str, Any]) -> object:
        return kind(
            **{name: value if (decoder := decoders[name]) is None else decoder(value) for name, value in tree.items()}
        )

    return decode_fields


@cache
def _field_decoders(kind: type) -> dict[str, Coder | None]:
    return {spec.name: _coder(hint, _DECODE, compact=False) for spec, hint in _fields(kind)}


def _fields(kind: type) -> list[tuple[dataclasses.Field[Any], Any]]:
    hints = inspect.get_annotations(kind, eval_str=True)
    return [(spec, hints[spec.name]) for spec in dataclasses.fields(kind)]


def _default(spec: dataclasses.Field[Any]) -> object:
    if spec.default_factory is not dataclasses.MISSING:
        return spec.default_factory()
    return spec.default


_ENCODE: Final = "encode"
_DECODE: Final = "decode"


def _coder(hint: Any, way: Literal["encode", "decode"], *, compact: bool) -> Coder | None:
    """The coder of one type hint. Raises TypeError for a hint that storage does not know: a test meets every one."""
    if hint in (Value, Scalar, Record):
        return encode_value if way == _ENCODE else decode_value
    if hint in _PLAIN:
        return None
    if hint is datetime:
        return moment_text if way == _ENCODE else moment_from
    if hint is date:
        return date.isoformat if way == _ENCODE else date.fromisoformat
    if hint is Decimal:
        return str if way == _ENCODE else Decimal
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _encoder(hint, compact=compact) if way == _ENCODE else _decoder(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return None
    if origin in (types.UnionType, Union):
        return _optional(arguments, way, compact=compact)
    if origin is tuple and arguments[1:] == (...,):
        return _sequence(_coder(arguments[0], way, compact=compact), way)
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(_coder(arguments[1], way, compact=compact))
    raise TypeError(f"no storage for {hint!r}")


def _optional(arguments: tuple[Any, ...], way: Literal["encode", "decode"], *, compact: bool) -> Coder | None:
    inner = [argument for argument in arguments if argument is not type(None)]
    if len(inner) != 1:
        raise TypeError(f"no storage for a choice of {inner!r}")
    coder = _coder(inner[0], way, compact=compact)
    return None if coder is None else lambda value: None if value is None else coder(value)


def _sequence(coder: Coder | None, way: Literal["encode", "decode"]) -> Coder:
    if way == _ENCODE:
        return list if coder is None else lambda items: [coder(item) for item in items]
    return tuple if coder is None else lambda items: tuple([coder(item) for item in items])


def _mapping(coder: Coder | None) -> Coder:
    return dict if coder is None else lambda items: {name: coder(item) for name, item in items.items()}
