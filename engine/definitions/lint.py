"""Looks for what is well written but cannot be meant: dead ends, guards nobody uses, fields nobody reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

from engine.definitions.catalogue import read_catalogue
from engine.definitions.invariants import read_invariants
from engine.definitions.loader import Published, read_form
from engine.definitions.published import compare_with_published
from engine.definitions.reader import Fault, Faults, Place
from engine.definitions.register import FORMS, Catalogue
from engine.definitions.surroundings import check_surroundings
from engine.domain.roles import NO_CONTENT_ROLES, READ_ONLY_ROLES
from engine.domain.workflow import CLOSED, EXECUTION, Action, DocumentType, Guard, Workflow

WITHDRAW: Final = "withdraw"
MAY_STOP_WITHDRAWAL: Final = frozenset({"exec.first_started_at", "children"})
"""A company may always withdraw until work has started; nothing else may be asked (domain dossier 3.2)."""

OUTSIDE_CASES: Final = frozenset({"template_owner"})
"""Roles whose work lies beside the cases: templates and their approval."""

ALWAYS_KNOWN: Final = frozenset({"case", "sme", "infra", "joint"})
"""Groups that every form may read: they tell about the case, the company, the facility and the joint case."""


def check(root: Path) -> list[Fault]:
    """This will read every definition below ``root`` and return all faults, sorted by file, line and column."""
    faults = Faults()
    catalogue = read_catalogue(root, faults)
    published = [one for form in FORMS for one in read_form(catalogue, form, faults)]
    _Lint(catalogue, published, faults).run()
    read_invariants(catalogue, faults)
    check_surroundings(root, catalogue, faults)
    compare_with_published(root, published, faults)
    return list(faults.all())


class _Lint:
    def __init__(self, catalogue: Catalogue, published: list[Published], faults: Faults) -> None:
        self._catalogue = catalogue
        self._published = published
        self._faults = faults

    def run(self) -> None:
        for one in self._published:
            self._stages(one)
            self._actions(one)
            self._documents(one)
            self._roles(one)
        self._guards()
        self._fields()
        self._clauses()
        self._parameters()

    def _place(self, kind: str, key: str) -> Place:
        return self._catalogue.places.get(f"{kind}/{key}", Place(f"catalogue/{kind}.yaml", 1, 1))

    def _stages(self, one: Published) -> None:
        workflow = one.workflow
        forward = _reached(workflow, workflow.initial, backwards=False)
        towards_end = _reached(workflow, CLOSED, backwards=True)
        for stage in workflow.stages:
            place = one.places[f"stages/{stage.name}"]
            if stage.name not in forward:
                self._faults.add(
                    place, f"steget {stage.name} kan inte nås", f"the stage {stage.name} cannot be reached"
                )
            if stage.name not in towards_end:
                self._faults.add(place, f"ingen väg ut ur steget {stage.name}", f"no way out of the stage {stage.name}")
            if not stage.held_by:
                self._faults.add(
                    place, f"ingens tur i steget {stage.name}", f"it is nobody's turn at the stage {stage.name}"
                )
            self._withdrawal(workflow, stage.name, place)
        if any(action.source == CLOSED for action in workflow.actions.values()):
            self._faults.add(
                one.places[f"stages/{CLOSED}"], "ett avslutat ärende öppnas inte", "a closed case never opens again"
            )

    def _withdrawal(self, workflow: Workflow, stage: str, place: Place) -> None:
        started = workflow.stage_index(EXECUTION) if EXECUTION in {one.name for one in workflow.stages} else 0
        ways = [action for action in workflow.actions_from(stage) if action.name == WITHDRAW]
        if not ways and workflow.stage_index(stage) < started and stage != CLOSED:
            self._faults.add(place, f"withdraw saknas i steget {stage}", f"withdraw is missing at the stage {stage}")

    def _actions(self, one: Published) -> None:
        for action in one.workflow.actions.values():
            place = one.places.get(f"actions/{action.id}") or self._place("overlays", action.id)
            if not action.actors:
                self._faults.add(place, f"{action.id} saknar roll", f"{action.id} has no role: nobody may take it")
            if action.name == WITHDRAW and (action.documents or not _reads(action.guards) <= MAY_STOP_WITHDRAWAL):
                self._faults.add(
                    place,
                    f"{action.id} hindrar företaget att återkalla",
                    f"{action.id}: withdraw is blocked by something other than work that has started",
                )
            self._fields_of_form(one.workflow, action, place)

    def _fields_of_form(self, workflow: Workflow, action: Action, place: Place) -> None:
        for guard in action.guards + action.post_guards:
            for name in sorted(guard.expression.fields):
                if not self._is_of_form(workflow, name) and "case.form" not in guard.expression.fields:
                    self._faults.add(
                        place,
                        f"{guard.id} läser {name}, som inte finns i formen {workflow.form}",
                        f"{guard.id} reads {name}, which is not in the form {workflow.form}",
                    )

    def _is_of_form(self, workflow: Workflow, name: str) -> bool:
        field = workflow.fields[name]
        return workflow.form == "joint" or field.group in ALWAYS_KNOWN or workflow.form in field.forms

    def _documents(self, one: Published) -> None:
        workflow = one.workflow
        stages = {stage.name for stage in workflow.stages}
        issued = {item for action in workflow.actions.values() for item in action.documents + action.post_documents}
        left_forward = {action.source for action in workflow.actions.values() if action.is_forward}
        for document in workflow.documents.values():
            place = self._place("documents", document.id)
            if document.stage not in stages:
                self._faults.add(
                    place,
                    f"{document.id}: okänt steg {document.stage}",
                    f"{document.id}: unknown stage {document.stage}",
                )
            is_due_by_stage = document.occasion not in ("change", "amendment") and (
                document.stage in left_forward or document.occasion != "always"
            )
            if document.id not in issued and not is_due_by_stage:
                self._faults.add(
                    place, f"ingen åtgärd ger ut {document.id}", f"{document.id} is a document that nobody issues"
                )
            if not document.signers:
                self._faults.add(place, f"ingen undertecknar {document.id}", f"nobody signs {document.id}")
            for name in document.merge + document.inputs:
                if not self._is_of_form(workflow, name):
                    self._faults.add(
                        place,
                        f"{document.id} läser {name}, som inte finns i formen {workflow.form}",
                        f"{document.id} reads {name}, which is not in the form {workflow.form}",
                    )

    def _roles(self, one: Published) -> None:
        workflow = one.workflow
        busy = {role for action in workflow.actions.values() for role in action.actors}
        busy |= {role for document in workflow.documents.values() for role in document.signers}
        busy |= {role for field in workflow.fields.values() if workflow.form in field.forms for role in field.by}
        busy |= {role for table in workflow.tables.values() if workflow.form in table.forms for role in table.by}
        idle = set(workflow.roles) - busy - READ_ONLY_ROLES - NO_CONTENT_ROLES - OUTSIDE_CASES
        for key in sorted(idle):
            if workflow.form in workflow.roles[key].forms:
                self._faults.add(
                    self._place("roles", key),
                    f"rollen {key} har inget att göra i formen {workflow.form}",
                    f"the role {key} has nothing to do in the form {workflow.form}",
                )

    def _guards(self) -> None:
        for guard in self._catalogue.guards.values():
            for form in self._catalogue.forms_of_guards[guard.id]:
                if any(one.workflow.form == form for one in self._published) and not self._is_used(guard, form):
                    self._faults.add(
                        self._place("guards", guard.id),
                        f"ingen använder vakten {guard.id} i formen {form}",
                        f"nobody uses the guard {guard.id} in the form {form}",
                    )

    def _is_used(self, guard: Guard, form: str) -> bool:
        return any(
            guard.id in {used.id for used in action.guards + action.post_guards}
            for one in self._published
            if one.workflow.form == form
            for action in one.workflow.actions.values()
        )

    def _fields(self) -> None:
        documents = self._catalogue.documents.values()
        read = {name for guard in self._catalogue.guards.values() for name in guard.expression.fields}
        read |= {name for document in documents for name in _document_reads(document)}
        for name in self._catalogue.fields:
            if name not in read and name not in self._catalogue.read_by:
                self._faults.add(
                    self._place("fields", name), f"ingen läser uppgiften {name}", f"nobody reads the field {name}"
                )
            if name in read and name in self._catalogue.read_by:
                self._faults.add(
                    self._place("fields", name),
                    f"{name} läses av en vakt eller handling: ta bort read_by",
                    f"{name} is read by a guard or document: remove read_by",
                )

    def _clauses(self) -> None:
        used = {use.id for document in self._catalogue.documents.values() for use in document.clauses}
        for key in self._catalogue.clauses:
            if key not in used:
                self._faults.add(
                    self._place("clauses", key), f"ingen handling har klausulen {key}", f"no document has clause {key}"
                )

    def _parameters(self) -> None:
        by_key: dict[str, list[int]] = {}
        for index, parameter in enumerate(self._catalogue.parameters):
            by_key.setdefault(parameter.key, []).append(index)
        for key, indexes in by_key.items():
            periods = sorted((self._catalogue.parameters[index] for index in indexes), key=lambda one: one.valid_from)
            place = self._place("parameters", key)
            for earlier, later in pairwise(periods):
                if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
                    self._faults.add(place, f"{key}: perioderna går i varandra", f"{key}: the periods overlap")
                elif earlier.valid_to + timedelta(days=1) < later.valid_from:
                    self._faults.add(place, f"{key}: ett glapp mellan perioderna", f"{key}: a gap between the periods")
            for period in periods:
                if period.valid_to is not None and period.valid_to < period.valid_from:
                    self._faults.add(place, f"{key}: slutar före start", f"{key}: ends before it begins")


def _reached(workflow: Workflow, start: str, *, backwards: bool) -> set[str]:
    moves = [
        (action.target, action.source) if backwards else (action.source, action.target)
        for action in workflow.actions.values()
        if action.source is not None and action.target is not None
    ]
    found, grown = {start}, True
    while grown:
        more = {after for before, after in moves if before in found} - found
        found |= more
        grown = bool(more)
    return found


def _reads(guards: tuple[Guard, ...]) -> frozenset[str]:
    return frozenset().union(*(guard.expression.fields | guard.expression.extra for guard in guards))


def _document_reads(document: DocumentType) -> Iterator[str]:
    yield from document.merge
    yield from document.inputs
    conditions = [document.when, *(use.when for use in document.clauses), *(rule.when for rule in document.secrecy)]
    for condition in conditions:
        if condition is not None:
            yield from condition.fields
