"""The catalogue's invariants: read, checked against the registers, and ready to be proved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from engine.definitions.catalogue import read_catalogue
from engine.definitions.reader import Faults, Place, read_file
from engine.definitions.register import APPROVAL, CHILD, FORMS, YES_NO, Catalogue
from engine.definitions.sheet import Sheet
from engine.domain.expressions import Names, Shape, shape_of
from engine.verification.explore import EVENTS
from engine.verification.invariants import (
    Holds,
    Invariant,
    Moment,
    NoMoveFrom,
    OnlyBy,
    Open,
    Proof,
    Test,
    Through,
    WayTo,
)
from engine.verification.situation import EXTRA_NAMES

FILE: Final = "catalogue/invariants.yaml"

_TESTS: Final[dict[str, Test]] = {"M": "M", "R": "R", "L": "L"}


def load_invariants(root: Path) -> tuple[Invariant, ...]:
    """This will read every invariant below ``root``, in the order of the file.

    Raises DefinitionFaults with everything that is wrong in them or in what they cite.
    """
    faults = Faults()
    catalogue = read_catalogue(root, faults)
    found = read_invariants(catalogue, faults)
    faults.raise_if_any()
    return found


def read_invariants(catalogue: Catalogue, faults: Faults) -> tuple[Invariant, ...]:
    """This will read every invariant of a catalogue, noting faults."""
    sheet = Sheet(read_file(catalogue.root, FILE, faults), faults, FILE)
    reading = _Reading(catalogue, faults)
    found = tuple(reading.invariant(key, entry) for key, entry in sheet.sheets("invariants"))
    if not found:
        faults.add(Place(FILE, 1, 1), "inga invarianter", "no invariants")
    sheet.done()
    return found


class _Reading:
    def __init__(self, catalogue: Catalogue, faults: Faults) -> None:
        self._catalogue = catalogue
        self._faults = faults
        self._actions = set(catalogue.labels.get("action", {}))
        self._stages = set(catalogue.labels.get("case.stage", {}))
        self._names = Names(
            fields={name: shape_of(entry) for name, entry in catalogue.fields.items()},
            extra={**dict.fromkeys(EXTRA_NAMES, YES_NO), "children": Shape("list")},
            record_columns={"legal.approvals": APPROVAL, "children": CHILD},
            parameters=frozenset(parameter.key for parameter in catalogue.parameters),
            documents=frozenset(catalogue.documents),
        )

    def invariant(self, key: str, sheet: Sheet) -> Invariant:
        tested = sheet.known_words("tested", _TESTS, "prövning", "test")
        found = Invariant(
            id=key,
            forms=sheet.known_words("forms", FORMS, "form", "form"),
            text=sheet.both("text"),
            broken=sheet.both("broken"),
            basis=sheet.known_words("basis", self._catalogue.laws, "laghänvisning", "law"),
            tests=tuple(_TESTS[word] for word in tested),
            enforced_by=sheet.words("enforced_by"),
            proofs=tuple(self._proofs(sheet)),
        )
        if not found.proofs and not found.enforced_by:
            sheet.fault("proved_by", f"{key} prövas ingenstans", f"{key} is tested nowhere")
        sheet.done()
        return found

    def _proofs(self, sheet: Sheet) -> Iterator[Proof]:
        for entry in sheet.row_sheets("proved_by"):
            forms = entry.known_words("forms", FORMS, "form", "form")
            proof = self._proof(entry)
            if proof is None:
                entry.fault("upon", "ett bevis av okänt slag", "a proof of an unknown kind")
            else:
                yield replace(proof, forms=forms)
            entry.done()

    def _proof(self, sheet: Sheet) -> Proof | None:
        if sheet.has("upon"):
            moment = self._moment(sheet.inner("upon"))
            condition = sheet.expression("holds", self._names)
            return None if condition is None else Holds(moment=moment, condition=condition)
        if sheet.has("open"):
            condition = sheet.expression("while", self._names)
            action = sheet.word("open", tuple(self._actions))
            return None if condition is None else Open(action=action, condition=condition)
        if sheet.has("way_to"):
            roles = sheet.known_words("without", self._catalogue.roles, "roll", "role")
            return WayTo(stage=self._stage(sheet, "way_to"), without=roles)
        if sheet.has("no_move_from"):
            return NoMoveFrom(stage=self._stage(sheet, "no_move_from"))
        if sheet.has("through"):
            return Through(stage=self._stage(sheet, "through"), to=self._stage(sheet, "to"))
        if sheet.has("only_by"):
            roles = sheet.known_words("only_by", self._catalogue.roles, "roll", "role")
            return OnlyBy(actions=sheet.known_words("actions", self._actions, "åtgärd", "action"), roles=roles)
        return None

    def _stage(self, sheet: Sheet, key: str) -> str:
        return sheet.word(key, tuple(sorted(self._stages)))

    def _moment(self, sheet: Sheet | None) -> Moment:
        if sheet is None:
            return Moment()
        moment = Moment(
            entering=sheet.known_words("entering", self._stages, "steg", "stage"),
            leaving=sheet.known_words("from", self._stages, "steg", "stage"),
            actions=sheet.known_words("actions", self._actions, "åtgärd", "action"),
            events=sheet.known_words("events", EVENTS, "händelse", "event"),
            any_move=sheet.flag("any_move"),
            except_actions=sheet.known_words("except", self._actions, "åtgärd", "action"),
            except_entering=sheet.known_words("except_entering", self._stages, "steg", "stage"),
        )
        if not (moment.entering or moment.actions or moment.events or moment.any_move):
            sheet.fault("actions", "inget ögonblick valt", "no moment is chosen")
        sheet.done()
        return moment


__all__ = ["load_invariants", "read_invariants"]
