"""The content hash of a definition: canonical JSON over it and everything it cites."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

from engine.domain.expressions import Expression


def fingerprint(content: object) -> str:
    """This will return the SHA-256, in hex, of the canonical JSON of plain values, dataclasses and expressions.

    Names are sorted. An expression counts as its source, so that how it is compiled does not matter, and a default
    counts as nothing, so that a new optional entry leaves published definitions as they are.
    """
    text = json.dumps(_plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    match value:
        case Expression():
            return value.source
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case tuple() | list():
            return [_plain(item) for item in value]
        case frozenset() | set():
            return sorted(_plain(item) for item in value)  # type: ignore[type-var]  # sets here hold names only
        case date() | Decimal():
            return str(value)
        case None | bool() | int() | str():
            return value
        case _ if is_dataclass(value):
            return {field.name: _plain(getattr(value, field.name)) for field in fields(value) if _is_said(value, field)}
        case _:
            raise TypeError(f"a definition cannot hold a {type(value).__name__}")


def _is_said(value: object, field: Field[object]) -> bool:
    said: object = getattr(value, field.name)
    return bool(said != field.default)
