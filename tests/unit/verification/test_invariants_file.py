"""Faulty invariants: each told with file, line and column, in both languages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.definitions.invariants import FILE, load_invariants
from engine.definitions.reader import DefinitionFaults
from tests.unit.verification.seeded import WORKFLOWS


@pytest.fixture
def root(tmp_path: Path) -> Path:
    copy = tmp_path / "workflows"
    (copy / "catalogue").mkdir(parents=True)
    for file in (WORKFLOWS / "catalogue").glob("*.yaml"):
        shutil.copy(file, copy / "catalogue" / file.name)
    return copy


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("basis: [L61, L24, L46]", "basis: [L61, L99]", "unknown law: L99"),
        ("upon: {entering: [execution]}", "upon: {entering: [paradise]}", "unknown stage: paradise"),
        ("events: [material_change]", "events: [earthquake]", "unknown event: earthquake"),
        ("legal.conditions_open == 0", "legal.conditions_open == 'none'", "holds:"),
        ("no_move_from: closed", "move_from: closed", "a proof of an unknown kind"),
        ("only_by: [legal]", "only_by: [king]", "unknown role: king"),
        ("tested: [M, R, L]", "tested: [M, X]", "unknown test: X"),
        ("open: withdraw", "open: fly", "open"),
        ("upon: {actions: [amend_nda]}", "upon: {}", "no moment is chosen"),
    ],
)
def test_fault_is_located(root: Path, before: str, after: str, message: str) -> None:
    path = root / FILE
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))
    line = text[: text.index(before)].count("\n") + 1

    with pytest.raises(DefinitionFaults) as caught:
        load_invariants(root)

    told = [fault for fault in caught.value.faults if message in fault.message.en]
    assert told, [str(fault) for fault in caught.value.faults]
    assert all(fault.place.path == FILE and abs(fault.place.line - line) <= 1 for fault in told)
    assert all(fault.message.sv != fault.message.en for fault in told if message != "open")


def test_an_invariant_must_be_tested_somewhere(root: Path) -> None:
    path = root / FILE
    path.write_text(path.read_text().replace("    enforced_by: [the disclosure request process]\n", ""))

    with pytest.raises(DefinitionFaults, match="INV-39 is tested nowhere"):
        load_invariants(root)
