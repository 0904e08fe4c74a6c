"""Which guards and actions the demo cases expect to meet: a definition that loses one no longer agrees with them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from engine.definitions.reader import Branch, Faults, Leaf, Node, Table, read_file

FILE: Final = "demo/demo_cases.yaml"


def load_expectations(root: Path) -> Mapping[str, tuple[str, ...]]:
    """This will return, for each guard and action, the demo cases that expect it; empty without demo cases.

    A case expects a guard to fail, and an action to be tried; ``tests/scenarios/test_demo_cases.py`` holds the
    product to it. Raises DefinitionFaults when the file cannot be read.
    """
    if not (root / FILE).is_file():
        return {}
    faults = Faults()
    cases = read_file(root, FILE, faults).entries.get("demo_cases")
    faults.raise_if_any()
    found: dict[str, list[str]] = {}
    for case in cases.items if isinstance(cases, Branch) else ():
        expected = _entry(case, "expect")
        name = _text(_entry(case, "id"))
        failing = _entry(expected, "failing")
        ids = [_text(one) for one in failing.items] if isinstance(failing, Branch) else []
        for identity in (_text(_entry(expected, "try")), *ids):
            found.setdefault(identity, []).append(name)
    return {identity: tuple(names) for identity, names in found.items() if identity}


def _entry(node: Node | None, key: str) -> Node | None:
    return node.entries.get(key) if isinstance(node, Table) else None


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Leaf) else ""
