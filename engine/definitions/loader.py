"""YAML to Workflow: reads each form's definition, ties it to the catalogue, and answers which one is in force."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from engine.definitions.catalogue import read_catalogue
from engine.definitions.fingerprint import fingerprint
from engine.definitions.reader import DefinitionFaults, Faults, Place, read_file
from engine.definitions.register import FORMS, Catalogue, Overlay
from engine.definitions.sheet import Sheet
from engine.domain.reasons import NotFound
from engine.domain.roles import SYSTEM
from engine.domain.values import Text, local_day
from engine.domain.workflow import CLOSED, Action, Guard, Stage, Workflow

EFFECTS: Final = frozenset(
    {
        "invalidate_legal", "invalidate_procurement", "void_signatures", "require_new_nda_signature",
        "restore_earlier_nda", "set_first_start", "restore_agreed_version", "set_reason_sme_choice",
        "reserve_capacity", "reserve_purchase", "release_reservations", "settle_ledgers", "stop_changed_work",
        "set_suspended", "clear_suspended", "stop_service_clock", "start_service_clock", "set_escalated",
        "clear_escalated", "notify_escalation_owner", "open_conflict", "close_conflict", "remove_write_access",
        "offer_substitute", "log_share", "set_annulled", "raise_revision", "create_children", "freeze_scope",
        "unfreeze_scope", "set_joint_hash", "supersede_all", "start_all_children", "change_all_children",
        "abandon_all_children", "end_or_split_children", "withdraw_children",
    }
)  # fmt: skip
"""What an action may do beside moving the case (domain dossier 3.2, 2.3 and 7.2)."""

WAYS_BACK: Final = frozenset({"abandon_change", "abandon_amendment"})
"""Actions that lead to a later stage only because they undo one: no document of the stage left is due (R-DOC-1)."""

_FILE: Final = re.compile(r"v([1-9][0-9]{0,3})\.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A definition and the first day on which new cases begin on it."""

    workflow: Workflow
    in_force_from: date
    places: Mapping[str, Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllWorkflows:
    """Every definition below one folder: the port ``Workflows``."""

    catalogue: Catalogue
    published: tuple[Published, ...]

    def in_force(self, form: str, moment: datetime) -> Workflow:
        """This will return the newest definition of a form that is in force on the moment's day in Stockholm."""
        day = local_day(moment)
        found = [one for one in self.published if one.workflow.form == form and one.in_force_from <= day]
        if not found:
            raise NotFound(
                Text(sv=f"Ingen definition för formen {form} gäller {day}.", en=f"No {form} definition on {day}.")
            )
        return max(found, key=lambda one: one.in_force_from).workflow

    def version(self, version: str) -> Workflow:
        """This will return a definition by version (``state-1.1.0``). Raises NotFound."""
        for one in self.published:
            if one.workflow.version == version:
                return one.workflow
        raise NotFound(Text(sv=f"Definitionen {version} finns inte.", en=f"There is no definition {version}."))


def load_all(root: Path) -> AllWorkflows:
    """This will read every definition below ``root``; the same files are read once.

    Raises DefinitionFaults with everything that is wrong in any of them.
    """
    return _load_all(root.resolve(), content_digest(root))


def load_workflow(catalogue: Catalogue, form: str, version: str | None = None) -> Workflow:
    """This will read one definition of a form: the named version, or the newest file.

    Raises DefinitionFaults, and NotFound when there is no such form or version.
    """
    faults = Faults()
    found = [one.workflow for one in read_form(catalogue, form, faults)]
    faults.raise_if_any()
    chosen = [workflow for workflow in found if version in (None, workflow.version)]
    if not chosen:
        raise NotFound(
            Text(sv=f"Det finns ingen definition {version or form}.", en=f"There is no definition {version or form}.")
        )
    return chosen[-1]


def read_form(catalogue: Catalogue, form: str, faults: Faults) -> tuple[Published, ...]:
    """This will read all versions of a form, oldest first, noting faults."""
    folder = catalogue.root / "forms" / form
    numbers = sorted(int(match[1]) for file in folder.glob("v*.yaml") if (match := _FILE.fullmatch(file.name)))
    return tuple(_Form(catalogue, form, f"forms/{form}/v{number}.yaml", faults).read() for number in numbers)


def content_digest(root: Path) -> str:
    """This will return a hash of every definition file below ``root``, by name and content."""
    digest = sha256()
    files = [*root.glob("catalogue/*.yaml"), *root.glob("forms/*/*.yaml")]
    for file in sorted(files):
        digest.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


@lru_cache(maxsize=4)
def _load_all(root: Path, _digest: str) -> AllWorkflows:
    faults = Faults()
    catalogue = read_catalogue(root, faults)
    published = tuple(one for form in FORMS for one in read_form(catalogue, form, faults))
    faults.raise_if_any()
    return AllWorkflows(catalogue=catalogue, published=published)


class _Form:
    """Reads one file of one form."""

    def __init__(self, catalogue: Catalogue, form: str, path: str, faults: Faults) -> None:
        self._catalogue = catalogue
        self._form = form
        self._faults = faults
        self._sheet = Sheet(read_file(catalogue.root, path, faults), faults, path)
        self._guards = {
            key: guard for key, guard in catalogue.guards.items() if form in catalogue.forms_of_guards.get(key, ())
        }
        self._documents = {
            key: entry for key, entry in catalogue.documents.items() if catalogue.forms_of_documents.get(key) == form
        }
        self._places: dict[str, Place] = {}
        self._actions: dict[str, Action] = {}

    def read(self) -> Published:
        sheet = self._sheet
        if sheet.text("form") not in ("", self._form):
            sheet.fault("form", f"filen ligger under {self._form}", f"the file lies under {self._form}")
        version = sheet.text("version")
        if not re.fullmatch(rf"{self._form}-[0-9]+\.[0-9]+\.[0-9]+", version):
            sheet.fault("version", f"versionen heter {self._form}-1.2.3", f"a version is named {self._form}-1.2.3")
        sheet.both("label")
        initial = sheet.text("initial")
        in_force_from = sheet.day("in_force_from")
        if in_force_from is None:
            sheet.fault("in_force_from", "in_force_from saknas", "in_force_from is missing")
        entries = tuple(sheet.sheets("stages"))
        order = tuple(name for name, _ in entries)
        if initial not in order:
            sheet.fault("initial", f"okänt steg: {initial}", f"unknown stage: {initial}")
        if CLOSED not in order:
            sheet.fault("stages", "steget closed saknas", "the stage closed is missing")
        stages = tuple(self._stage(name, stage, order) for name, stage in entries)
        sheet.done()
        self._add_overlays()
        workflow = self._workflow(version, stages, initial)
        return Published(workflow=workflow, in_force_from=in_force_from or date.max, places=self._places)

    def _stage(self, name: str, sheet: Sheet, order: tuple[str, ...]) -> Stage:
        self._places[f"stages/{name}"] = sheet.place
        phase = sheet.word("phase", ("preparation", "development", "execution"))
        stage = Stage(
            name=name,
            label=sheet.both("label"),
            phase="preparation" if phase == "preparation" else "development" if phase == "development" else "execution",
            held_by=sheet.known_words("held_by", self._catalogue.roles, "roll", "role"),
            target_days=sheet.number("target_days"),
        )
        for action_name, action in sheet.sheets("actions"):
            self._move(name, action_name, action, order)
        sheet.done()
        return stage

    def _move(self, stage: str, name: str, sheet: Sheet, order: tuple[str, ...]) -> None:
        identity, target = sheet.text("id"), sheet.text("to")
        if target not in order:
            sheet.fault("to", f"okänt steg: {target}", f"unknown stage: {target}")
            target = stage
        outcome = sheet.optional_text("outcome") or None
        if (outcome is not None) is not (target == CLOSED):
            sheet.fault("outcome", "outcome hör till steget closed", "an outcome belongs to the stage closed")
        if outcome is not None and outcome not in self._catalogue.labels.get("case.outcome", {}):
            sheet.fault("outcome", f"okänt utfall: {outcome}", f"unknown outcome: {outcome}")
        if identity in self._actions:
            sheet.fault("id", f"{identity} står två gånger", f"{identity} stands twice")
        self._places[f"actions/{identity}"] = sheet.place
        self._actions[identity] = Action(
            id=identity,
            name=name,
            label=self._action_label(name, sheet),
            actors=sheet.known_words("by", {*self._catalogue.roles, SYSTEM}, "roll", "role"),
            source=stage,
            target=target,
            outcome=outcome,
            guards=self._guards_of(sheet, "requires"),
            documents=sheet.known_words("issues", self._documents, "handling i formen", "document of the form"),
            effects=sheet.known_words("effects", EFFECTS, "effekt", "effect"),
            post_guards=self._guards_of(sheet, "post_requires"),
            post_documents=sheet.known_words(
                "post_issues", self._documents, "handling i formen", "document of the form"
            ),
            is_forward=target != CLOSED and order.index(target) > order.index(stage) and name not in WAYS_BACK,
        )
        sheet.done()

    def _action_label(self, name: str, sheet: Sheet) -> Text:
        label = self._catalogue.labels.get("action", {}).get(name)
        if label is None:
            sheet.fault("id", f"översättning saknas: action: {name}", f"translation missing: action: {name}")
            return Text(sv=name, en=name)
        return label

    def _guards_of(self, sheet: Sheet, key: str) -> tuple[Guard, ...]:
        ids = sheet.known_words(key, self._catalogue.forms_of_guards, "vakt", "guard")
        for leaf in sheet.leaves(key):
            forms = self._catalogue.forms_of_guards.get(leaf.text)
            if forms is not None and self._form not in forms:
                self._faults.add(
                    leaf.place,
                    f"vakten {leaf.text} gäller inte formen {self._form}",
                    f"guard {leaf.text} is not for the form {self._form}",
                )
        return tuple(self._guards[one] for one in ids if one in self._guards)

    def _add_overlays(self) -> None:
        for overlay in self._catalogue.overlays.values():
            if self._form in overlay.forms:
                self._actions[overlay.id] = self._overlay(overlay)

    def _overlay(self, overlay: Overlay) -> Action:
        place = self._catalogue.places[f"overlays/{overlay.id}"]
        label = self._catalogue.labels.get("action", {}).get(overlay.name)
        if label is None:
            self._faults.add(
                place, f"översättning saknas: action: {overlay.name}", f"translation missing: action: {overlay.name}"
            )
        for effect in overlay.effects:
            if effect not in EFFECTS:
                self._faults.add(place, f"okänd effekt: {effect}", f"unknown effect: {effect}")
        return Action(
            id=overlay.id,
            name=overlay.name,
            label=label or Text(sv=overlay.name, en=overlay.name),
            actors=overlay.by,
            guards=tuple(self._guards[one] for one in overlay.requires if one in self._guards),
            effects=overlay.effects,
        )

    def _workflow(self, version: str, stages: tuple[Stage, ...], initial: str) -> Workflow:
        catalogue = self._catalogue
        names = {stage.name: stage.label for stage in stages}
        labels = {**catalogue.labels, "case.stage": {**catalogue.labels.get("case.stage", {}), **names}}
        cited: dict[str, object] = {
            "form": self._form,
            "version": version,
            "stages": stages,
            "initial": initial,
            "actions": self._actions,
            "guards": self._guards,
            "documents": self._documents,
            "catalogue": catalogue.content_hash,
        }
        return Workflow(
            form=self._form,
            version=version,
            stages=stages,
            initial=initial,
            actions=self._actions,
            guards=self._guards,
            documents=self._documents,
            fields={**catalogue.fields, **catalogue.questions},
            tables=catalogue.tables,
            roles=catalogue.roles,
            duties=catalogue.duties,
            parameters=catalogue.parameters,
            laws=catalogue.laws,
            labels=labels,
            content_hash=fingerprint(cited),
        )


__all__ = ["AllWorkflows", "DefinitionFaults", "load_all", "load_workflow"]
