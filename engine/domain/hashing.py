"""One canonical form of values, and SHA-256 over it: equal values give equal hashes on any machine."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from engine.domain.values import Record, Scalar, Value


def digest(content: object) -> str:
    """This will return the SHA-256 in hex of plain content (dicts, lists, strings, whole numbers, booleans, None)."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()


def plain(value: Value | Record | Scalar) -> object:
    """This will return a value as plain JSON content, with days and amounts as text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return _amount(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value]


def _amount(value: Decimal) -> str:
    text = format(value.normalize(), "f")
    return "0" if text == "-0" else text
