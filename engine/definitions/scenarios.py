"""Scenarios that are data: what the demo cases expect to meet, and refusals that show a guard both ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.definitions.loader import load_all
from engine.definitions.reader import Branch, Faults, Leaf, Node, Table, read_file
from engine.definitions.register import CASE_FORMS
from engine.domain.values import Facts, Value

CASES: Final = "demo/demo_cases.yaml"
REFUSALS: Final = "demo/refusals.yaml"

EVERY_MOVE: Final = "tests/scenarios/test_every_move.py"
"""Makes each move of the published definitions by the people whose move it is, and counts them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Facts on which a guard stops an action, and facts on which it does not."""

    guard: str
    action: str
    stops: Facts
    passes: Facts


def load_expectations(root: Path) -> Mapping[str, tuple[str, ...]]:
    """This will return, for each guard and action of the ownership forms, the scenarios that expect it.

    A demo case expects a guard to fail, and an action to be tried; a refusal expects a guard to stop an action, and is
    kept under guard and action (``G-SCO-02 S-T05``). Every move is made once. Raises DefinitionFaults.
    """
    found: dict[str, list[str]] = {
        action.id: [EVERY_MOVE]
        for one in load_all(root).published
        if one.workflow.form in CASE_FORMS
        for action in one.workflow.actions.values()
        if not action.is_overlay
    }
    for case in _rows(root, CASES, "demo_cases"):
        expected = _entry(case, "expect")
        tried, name = _text(_entry(expected, "try")), _text(_entry(case, "id"))
        found.setdefault(tried, []).append(name)
        for guard in _texts(_entry(expected, "failing")):
            found.setdefault(f"{guard} {tried}", []).append(name)
    for refusal in load_refusals(root):
        found.setdefault(f"{refusal.guard} {refusal.action}", []).append(REFUSALS)
    return {identity: tuple(dict.fromkeys(names)) for identity, names in found.items() if identity}


def load_refusals(root: Path) -> tuple[Refusal, ...]:
    """This will return every refusal, one for each action it names; none without the file. Raises DefinitionFaults."""
    return tuple(
        Refusal(
            guard=_text(_entry(row, "guard")),
            action=action,
            stops=_facts(_entry(row, "stops")),
            passes=_facts(_entry(row, "passes")),
        )
        for row in _rows(root, REFUSALS, "refusals")
        for action in _texts(_entry(row, "try"))
    )


def _rows(root: Path, file: str, key: str) -> Iterator[Node]:
    if not (root / file).is_file():
        return
    faults = Faults()
    rows = read_file(root, file, faults).entries.get(key)
    faults.raise_if_any()
    if isinstance(rows, Branch):
        yield from rows.items


def _entry(node: Node | None, key: str) -> Node | None:
    return node.entries.get(key) if isinstance(node, Table) else None


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Leaf) else ""


def _texts(node: Node | None) -> tuple[str, ...]:
    return tuple(_text(one) for one in node.items) if isinstance(node, Branch) else ()


def _facts(node: Node | None) -> Facts:
    return {name: _value(entry) for name, entry in node.entries.items()} if isinstance(node, Table) else {}


def _value(node: Node) -> Value:
    match node:
        case Leaf():
            return node.value
        case Branch():
            return _texts(node)
        case _:
            return None
