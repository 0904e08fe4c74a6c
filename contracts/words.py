"""What a word of a template may be: a plain value, a choice with its label, or a gap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from contracts import wording
from engine.domain.commands import Language
from engine.domain.values import Text


class Gap:
    """An unknown value: false, equal to nothing, and noted when somebody prints it or goes through it."""

    __slots__ = ("_label", "_language", "_name", "_noted")

    def __init__(self, name: str, label: Text, language: Language, noted: dict[str, Text]) -> None:
        self._name = name
        self._label = label
        self._language = language
        self._noted = noted

    def __str__(self) -> str:
        self._noted.setdefault(self._name, self._label)
        return wording.missing(self._label.in_language(self._language), self._language)

    def __bool__(self) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return False

    def __ne__(self, other: object) -> bool:
        return False

    def __lt__(self, other: object) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__

    def __contains__(self, other: object) -> bool:
        return False

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[Gap]:
        self._noted.setdefault(self._name, self._label)
        return iter((self,))

    def __hash__(self) -> int:
        return hash(self._name)


class Choice(str):
    """A value of an enum: compares as its code, reads as its label."""

    __slots__ = ("_label",)
    _label: str

    @classmethod
    def of(cls, code: str, label: str) -> Choice:
        """This will return the code with its label in the document's language."""
        choice = cls(code)
        choice._label = label
        return choice

    @property
    def label(self) -> str:
        """The label in the document's language."""
        return self._label


Word = None | bool | int | Decimal | date | str | Gap | tuple["Word", ...] | dict[str, "Word"]
Context = dict[str, Word]


def value_at(context: Context, name: str) -> Word:
    """This will return the word under a dotted name, a whole list for a name inside it, None when there is none."""
    place: Word = context
    for part in name.split("."):
        if isinstance(place, tuple):
            return place
        if not isinstance(place, dict):
            return None
        place = place.get(part)
    return place
