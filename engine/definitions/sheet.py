"""Reads the values of one mapping by kind, noting every fault and going on."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import date
from decimal import Decimal

from engine.definitions.reader import Branch, Faults, Leaf, Node, Place, Table
from engine.domain.expressions import Expression, ExpressionFault, Names, parse
from engine.domain.values import Text

NOTHING = Text(sv="–", en="–")
"""Stands for a text that was missing; the fault is noted, so it never reaches a page."""


class Sheet:
    """One mapping being read. A name that nobody asked for is a fault, told by ``done``."""

    def __init__(self, node: Node, faults: Faults, name: str = "") -> None:
        self._faults = faults
        self.name = name
        self.place = node.place
        self._table = node if isinstance(node, Table) else Table({}, {}, node.place)
        self._asked: set[str] = set()
        if not isinstance(node, Table):
            faults.add(node.place, "här behövs namn och värden", "names and values are needed here")

    def done(self) -> None:
        """This will note every name that is not known here."""
        for key, place in self._table.places.items():
            if key not in self._asked:
                self._faults.add(place, f"okänt namn: {key}", f"unknown name: {key}")

    @property
    def names(self) -> tuple[str, ...]:
        """The names here, in order."""
        return tuple(self._table.entries)

    def fault(self, key: str, sv: str, en: str) -> None:
        """This will note a fault at the value of ``key``, or at the sheet when it is not there."""
        self._faults.add(self.place_of(key), sv, en)

    def place_of(self, key: str) -> Place:
        """This will return where the value of ``key`` stands."""
        node = self._table.entries.get(key)
        return node.place if node is not None else self.place

    def has(self, key: str) -> bool:
        """This will tell whether ``key`` has a value other than null."""
        node = self._table.entries.get(key)
        return node is not None and not (isinstance(node, Leaf) and node.value is None)

    def text(self, key: str) -> str:
        """This will return a text that must be there."""
        value = self._leaf(key, required=True)
        if isinstance(value, str):
            return value
        if value is not None:
            self.fault(key, f"{key} ska vara en text", f"{key} must be a text")
        return ""

    def optional_text(self, key: str) -> str:
        """This will return a text, empty when it is not there."""
        return self.text(key) if self.has(key) else self._skip(key)

    def word(self, key: str, allowed: tuple[str, ...]) -> str:
        """This will return one of the allowed words, the first one after a fault."""
        value = self.text(key)
        if value not in allowed:
            if value:
                choices = ", ".join(allowed)
                self.fault(key, f"{key}: {value} är inte ett av {choices}", f"{key}: {value} is not one of {choices}")
            return allowed[0]
        return value

    def optional_word(self, key: str, allowed: tuple[str, ...]) -> str:
        """This will return one of the allowed words, the first of them when it is not there."""
        return self.word(key, allowed) if self.has(key) else allowed[0] + self._skip(key)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """This will return true or false, the default when it is not there."""
        value = self._leaf(key, required=False)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.fault(key, f"{key} ska vara true eller false", f"{key} must be true or false")
        return default

    def number(self, key: str) -> int | None:
        """This will return a whole number, None when it is not there."""
        value = self._leaf(key, required=False)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self.fault(key, f"{key} ska vara ett heltal", f"{key} must be a whole number")
        return None

    def amount(self, key: str) -> Decimal | None:
        """This will return an exact number, None when it is not there."""
        value = self._leaf(key, required=False)
        if value is None:
            return None
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return Decimal(value)
        self.fault(key, f"{key} ska vara ett tal", f"{key} must be a number")
        return None

    def day(self, key: str) -> date | None:
        """This will return a day written YYYY-MM-DD, None when it is not there."""
        value = self._leaf(key, required=False)
        if value is None:
            return None
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fault(key, f"{key} ska vara en dag, ÅÅÅÅ-MM-DD", f"{key} must be a day, YYYY-MM-DD")
            return None

    def both(self, key: str) -> Text:
        """This will return a text in Swedish and English, both of which must be there."""
        self._asked.add(key)
        node = self._table.entries.get(key)
        if node is None:
            self.fault(key, f"{key} saknas", f"{key} is missing")
            return NOTHING
        sheet = Sheet(node, self._faults, key)
        found = {}
        for language in ("sv", "en"):
            if not sheet.has(language):
                sheet._asked.add(language)
                sheet.fault(language, f"{key} saknas på {language}", f"{key} has no {language}: translation missing")
            found[language] = sheet.optional_text(language) or NOTHING.sv
        sheet.done()
        return Text(sv=found["sv"], en=found["en"])

    def optional_both(self, key: str) -> Text | None:
        """This will return a text in both languages, None when it is not there."""
        self._asked.add(key)
        return self.both(key) if self.has(key) else None

    def words(self, key: str) -> tuple[str, ...]:
        """This will return a list of words, empty when it is not there."""
        return tuple(leaf.text for leaf in self.leaves(key))

    def known_words(self, key: str, known: Container[str], sv: str, en: str) -> tuple[str, ...]:
        """This will return a list of words, noting each that ``known`` does not hold (``sv``/``en``: what it is)."""
        for leaf in self.leaves(key):
            if leaf.text not in known:
                self._faults.add(leaf.place, f"okänd {sv}: {leaf.text}", f"unknown {en}: {leaf.text}")
        return tuple(leaf.text for leaf in self.leaves(key) if leaf.text in known)

    def leaves(self, key: str) -> tuple[Leaf, ...]:
        """This will return the single values of a list, with their places."""
        found = []
        for node in self._items(key):
            if isinstance(node, Leaf):
                found.append(node)
            else:
                self._faults.add(node.place, "här behövs ett ord", "a word is needed here")
        return tuple(found)

    def nodes(self, key: str) -> tuple[Node, ...]:
        """This will return the items of a list, whatever they are."""
        return self._items(key)

    def sheets(self, key: str) -> Iterator[tuple[str, Sheet]]:
        """This will yield the named mappings under ``key``, in order; none when it is not there."""
        self._asked.add(key)
        node = self._table.entries.get(key)
        if node is None:
            return
        if not isinstance(node, Table):
            self.fault(key, f"{key} ska innehålla namn och värden", f"{key} must hold names and values")
            return
        for name, entry in node.entries.items():
            yield name, Sheet(entry, self._faults, name)

    def inner(self, key: str) -> Sheet | None:
        """This will return the mapping under ``key``, None when it is not there."""
        self._asked.add(key)
        node = self._table.entries.get(key)
        return None if node is None else Sheet(node, self._faults, key)

    def row_sheets(self, key: str) -> Iterator[Sheet]:
        """This will yield the mappings of a list, in order."""
        for node in self._items(key):
            yield Sheet(node, self._faults, key)

    def expression(self, key: str, names: Names) -> Expression | None:
        """This will read a condition, noting its fault at its place; None when it is not there or not good."""
        if not self.has(key):
            self._skip(key)
            return None
        source = self.text(key)
        node = self._table.entries[key]
        try:
            return parse(source, names)
        except ExpressionFault as fault:
            place = node.text_place if isinstance(node, Leaf) else node.place
            at = Place(place.path, place.line, place.column + fault.column - 1)
            self._faults.add(at, f"{key}: {fault.message.sv}", f"{key}: {fault.message.en}")
            return None

    def _skip(self, key: str) -> str:
        self._asked.add(key)
        return ""

    def _leaf(self, key: str, *, required: bool) -> bool | int | Decimal | str | None:
        self._asked.add(key)
        node = self._table.entries.get(key)
        if node is None or (required and isinstance(node, Leaf) and node.value is None):
            if required:
                self.fault(key, f"{key} saknas", f"{key} is missing")
            return None
        if isinstance(node, Leaf):
            return node.value
        self.fault(key, f"{key} ska vara ett enda värde", f"{key} must be a single value")
        return None

    def _items(self, key: str) -> tuple[Node, ...]:
        self._asked.add(key)
        node = self._table.entries.get(key)
        if node is None:
            return ()
        if not isinstance(node, Branch):
            self.fault(key, f"{key} ska vara en lista", f"{key} must be a list")
            return ()
        return node.items
