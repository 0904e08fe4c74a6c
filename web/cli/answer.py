"""What a command answers: an exit status, and the same content as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from engine.domain.reasons import EngineError
from engine.domain.values import Text

GOOD: Final = 0
NO: Final = 1
"""A "no", or a fault found in what was looked at."""

WRONG_USE: Final = 2
"""The command cannot be carried out as it was asked."""


class WrongUse(EngineError):
    """The command was asked in a way that cannot be carried out: exit status 2."""

    code = "wrong_use"


class Unavailable(EngineError):
    """The command was asked rightly, but something outside stands in its way: exit status 1."""

    code = "unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``data`` is printed with ``--json``, as one object or, when ``is_lines`` is true, as one object a line."""

    status: int = GOOD
    text: str = ""
    data: object = field(default_factory=dict)
    is_lines: bool = False


def as_json(answer: Answer) -> str:
    """This will return ``data`` as JSON: stable key order, Swedish letters as they are."""
    if answer.is_lines:
        assert isinstance(answer.data, Sequence)
        return "\n".join(json.dumps(plain(row), ensure_ascii=False) for row in answer.data)
    return json.dumps(plain(answer.data), ensure_ascii=False, indent=2)


def plain(value: object) -> object:
    """This will turn values of the domain into what JSON can hold. Whole decimals stay whole."""
    match value:
        case Text():
            return {"sv": value.sv, "en": value.en}
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(inner) for key, inner in value.items()}
        case tuple() | list() | frozenset() | set():
            inner = [plain(part) for part in value]
            return sorted(inner, key=str) if isinstance(value, frozenset | set) else inner
        case _:
            return value
