"""The field dictionary: every fact the product knows, its type, unit, source and who may supply it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.domain.values import Text

FieldType = Literal["str", "text", "int", "dec", "bool", "date", "dt", "enum", "list", "ref"]
Source = Literal["entered", "derived", "outside"]

CHECK_POINTS = (
    "legal.liability_ok",
    "legal.ip_ok",
    "legal.research_licence_kept",
    "legal.publication_ok",
    "legal.law_forum_ok",
    "aid.market_operator_ok",
)
"""Fields that a lawyer answers inside the opinion, per organisation and text (field sources, P19)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One entry of the dictionary.

    ``by`` are the roles that may record it (empty for a derived field that nobody may correct).
    ``correctable`` marks a derived field that the roles in ``by`` may correct with a reason.
    ``who`` are the roles that can bring it about, recorded or derived: shown in a "why not".
    ``never_typed`` marks booleans that a careless form would let somebody tick.
    ``is_judgement`` asks for a reason beside the value. ``is_material`` means that a change makes a new
    scope version (domain dossier 3.2). ``unit`` is SEK, h, %, days ... or empty.
    ``choices`` are the values of an enum in order, with labels. ``stage`` is where it is asked for.
    """

    name: str
    type: FieldType
    label: Text
    help: Text | None = None
    unit: str = ""
    source: Source = "entered"
    by: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    origin: Text | None = None
    stage: str = ""
    forms: tuple[str, ...] = ("state", "regional", "company")
    choices: Mapping[str, Text] | None = None
    never_typed: bool = False
    correctable: bool = False
    is_judgement: bool = False
    is_material: bool = False
    is_internal: bool = True

    @property
    def group(self) -> str:
        """The part before the dot: ``scope`` of ``scope.end_date``."""
        return self.name.split(".", 1)[0]

    @property
    def is_recordable(self) -> bool:
        """True when a person may record it: entered, outside, or a derived one with a right to correct."""
        return self.source != "derived" or self.correctable


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a row table (participants, permits, flows ...)."""

    name: str
    type: FieldType
    label: Text
    choices: Mapping[str, Text] | None = None
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTable:
    """A kind of structured row that a case may hold, and who may write it (domain dossier 11.1)."""

    name: str
    label: Text
    columns: tuple[Column, ...]
    by: tuple[str, ...]
    stage: str
    forms: tuple[str, ...] = ("state", "regional", "company")
    is_material: bool = False
