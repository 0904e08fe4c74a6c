"""Reads one YAML file into a tree that knows where everything stands.

YAML 1.2 core, without what can surprise: ``NO`` and ``on`` stay words, ``12:30`` and days stay text. Duplicate keys,
aliases, tags, more than 20 levels and more than one megabyte are faults with their place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from engine.domain.reasons import EngineError
from engine.domain.values import Text

LARGEST: Final = 1_000_000
DEEPEST: Final = 20

_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,30}")
_DECIMAL: Final = re.compile(r"[-+]?[0-9]{1,30}\.[0-9]{1,30}")
_WORDS: Final[dict[str, bool | None]] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: the file, relative to the definitions, and line and column from 1."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a definition, and where."""

    place: Place
    message: Text

    def __str__(self) -> str:
        return f"{self.place}: {self.message.en}"

    def in_language(self, language: str) -> str:
        """This will return ``file:line:column: message`` in Swedish or English."""
        return f"{self.place}: {self.message.in_language(language)}"


class DefinitionFaults(EngineError):
    """Definitions that cannot be used; ``faults`` are all of them, in the order of files and lines."""

    code = "definition_faults"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        count = len(faults)
        super().__init__(
            Text(
                sv=f"{count} fel i definitionerna:\n" + "\n".join(fault.in_language("sv") for fault in faults),
                en=f"{count} faults in the definitions:\n" + "\n".join(fault.in_language("en") for fault in faults),
            )
        )
        self.faults = faults


class Faults:
    """Collects faults, so that all of them can be told at once."""

    def __init__(self) -> None:
        self._found: dict[Fault, None] = {}

    def add(self, place: Place, sv: str, en: str) -> None:
        """This will note a fault; the same one at the same place is noted once."""
        self._found[Fault(place, Text(sv=sv, en=en))] = None

    def include(self, faults: Iterable[Fault]) -> None:
        """This will note faults that were found before."""
        self._found.update(dict.fromkeys(faults))

    def all(self) -> tuple[Fault, ...]:
        """This will return everything noted, sorted by file, line and column."""
        return tuple(sorted(self._found, key=lambda fault: fault.place))

    def raise_if_any(self) -> None:
        """Raises DefinitionFaults when something was noted."""
        if self._found:
            raise DefinitionFaults(self.all())


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single value as it is written; ``is_plain`` when it stands without quotes."""

    text: str
    is_plain: bool
    place: Place

    @property
    def value(self) -> bool | int | Decimal | str | None:
        """The value by the core rules of YAML 1.2; numbers are exact."""
        if not self.is_plain:
            return self.text
        if self.text in _WORDS:
            return _WORDS[self.text]
        if _INTEGER.fullmatch(self.text):
            return int(self.text)
        if _DECIMAL.fullmatch(self.text):
            return Decimal(self.text)
        return self.text

    @property
    def text_place(self) -> Place:
        """Where the first character of the text itself stands."""
        return Place(self.place.path, self.place.line, self.place.column + (0 if self.is_plain else 1))


@dataclass(frozen=True, slots=True)
class Branch:
    """A list of things."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """Things by name, in the order of the file, with the place of each name."""

    entries: dict[str, Node]
    places: dict[str, Place]
    place: Place


Node = Leaf | Branch | Table


def read_file(root: Path, path: str, faults: Faults) -> Table:
    """This will read one file below ``root`` whose top is a mapping. What cannot be read is noted and left out."""
    top = Place(path, 1, 1)
    empty = Table({}, {}, top)
    try:
        content = (root / path).read_bytes()
    except OSError:
        faults.add(top, "filen saknas eller kan inte läsas", "the file is missing or cannot be read")
        return empty
    node, found = _tree_of(content, path)
    faults.include(found)
    if isinstance(node, Table):
        return node
    if found:
        return empty
    faults.add(top, "filen ska innehålla namn och värden", "the file must hold names and values")
    return empty


@lru_cache(maxsize=64)
def _tree_of(content: bytes, path: str) -> tuple[Node | None, tuple[Fault, ...]]:
    """This will read a definition file; nobody changes a tree, so the same file is read once."""
    faults = Faults()
    return read_text(content, path, faults), faults.all()


def read_text(content: bytes, path: str, faults: Faults) -> Node | None:
    """This will read the bytes of one document, or note why not and return None."""
    top = Place(path, 1, 1)
    if len(content) > LARGEST:
        faults.add(top, "filen är större än 1 MB", "the file is larger than 1 MB")
        return None
    try:
        return _Composer(content.decode(), path, faults).compose()
    except UnicodeDecodeError:
        faults.add(top, "filen är inte UTF-8", "the file is not UTF-8")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(path, mark.line + 1, mark.column + 1) if mark is not None else top
        faults.add(place, "kan inte läsas som YAML", f"cannot be read as YAML: {error.problem or error.context}")
    except yaml.YAMLError:
        faults.add(top, "kan inte läsas som YAML", "cannot be read as YAML")
    except _TooDeepError as error:
        faults.add(error.place, f"djupare än {DEEPEST} nivåer", f"deeper than {DEEPEST} levels")
    return None


class _TooDeepError(Exception):
    def __init__(self, place: Place) -> None:
        super().__init__(str(place))
        self.place = place


class _Composer:
    """Builds the tree from the parser's events, noting what is not allowed."""

    def __init__(self, text: str, path: str, faults: Faults) -> None:
        self._events = iter(yaml.parse(text, Loader=yaml.CLoader))
        self._path = path
        self._faults = faults

    def compose(self) -> Node | None:
        node: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                if node is not None:
                    self._faults.add(self._place(event), "bara ett dokument per fil", "only one document in a file")
                node = self._node(event, 1)
        return node

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return Place(self._path, mark.line + 1, mark.column + 1) if mark is not None else Place(self._path, 1, 1)

    def _node(self, event: yaml.Event, depth: int) -> Node:
        place = self._place(event)
        if depth > DEEPEST:
            raise _TooDeepError(place)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            self._faults.add(place, "alias och ankare är inte tillåtna", "aliases and anchors are not allowed")
        if getattr(event, "tag", None) is not None:
            self._faults.add(place, "taggar är inte tillåtna", "tags are not allowed")
        match event:
            case yaml.ScalarEvent():
                return Leaf(event.value, not event.style, place)
            case yaml.SequenceStartEvent():
                return Branch(tuple(self._items(depth)), place)
            case yaml.MappingStartEvent():
                return self._table(place, depth)
            case _:
                return Leaf("", True, place)

    def _items(self, depth: int) -> list[Node]:
        items = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, depth + 1))
        return items

    def _table(self, place: Place, depth: int) -> Table:
        table = Table({}, {}, place)
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if not isinstance(key, Leaf):
                self._faults.add(key.place, "ett namn ska vara ett ord", "a name must be a word")
            elif key.text in table.entries:
                self._faults.add(key.place, f"namnet {key.text} står två gånger", f"the name {key.text} stands twice")
            else:
                table.entries[key.text] = value
                table.places[key.text] = key.place
        return table
