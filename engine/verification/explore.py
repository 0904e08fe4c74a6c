"""Explores a definition to the end, breadth first, and reports what was seen and every property that does not hold.

The search is exact within its slice: every situation is looked at once, and the first path to a broken property is a
shortest one. A bound that is hit is a failure of the exploration, never silence.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from engine.domain.expressions.tree import Node
from engine.domain.roles import SME_ROLES
from engine.domain.workflow import EXECUTION, Action, Guard, Workflow
from engine.verification import situation as s
from engine.verification.atoms import (
    FALSE,
    TRUE,
    UNKNOWN,
    Choices,
    TooManyChoicesError,
    answers,
    atoms_of,
    choices_for,
    fields_of,
)
from engine.verification.invariants import (
    Holds,
    Invariant,
    Moment,
    NoMoveFrom,
    OnlyBy,
    Open,
    Proof,
    Through,
    WayTo,
)
from engine.verification.model import NO_CHOICES, Model, Step, slice_of, slots_of
from engine.verification.report import Report, Slice, Violation
from engine.verification.situation import Situation
from engine.verification.space import BoundHitError, Cache, Space, dependencies, explore_slice

WAY_SLOTS: Final = frozenset({s.SUSPENDED, s.ESCALATED, s.STARTED, s.REASON, s.NDA_EVER, s.CONF_SIGNED, s.AMENDING})
"""What the guards of returns, endings and resumptions read."""


EVENTS: Final = ("material_change", "automatic_return", "purchase_added")
"""Happenings that an invariant may name. A material change is any edit of what was agreed, a purchase added too; an
automatic return is one that sends the case back."""


def explore(
    workflow: Workflow,
    invariants: Iterable[Invariant],
    *,
    clock: Callable[[], float] = lambda: 0.0,
    cache: Cache | None = None,
    only: frozenset[str] | None = None,
) -> Report:
    """This will prove every property of a form, or tell how each is broken, sorted by invariant.

    ``clock`` gives seconds, from the caller. ``only`` names the invariants to look at. The cache may be shared
    between definitions.
    """
    began = clock()
    wanted = [one for one in invariants if only is None or one.id in only]
    search = _Search(workflow, Cache() if cache is None else cache)
    for invariant in wanted:
        for proof in invariant.proofs_for(workflow.form):
            search.add(invariant, proof)
    search.run()
    broken = {violation.invariant.id for violation in search.violations}
    asked = [one.id for one in wanted if one.proofs_for(workflow.form)]
    return Report(
        workflow=workflow,
        slices=tuple(search.slices),
        violations=tuple(sorted(search.violations, key=lambda one: one.invariant.id)),
        bounds=tuple(search.bounds),
        proved=tuple(name for name in asked if name not in broken) if not search.bounds else (),
        left_open=tuple(sorted(search.left_open)),
        seconds=clock() - began,
    )


class _Search:
    def __init__(self, workflow: Workflow, cache: Cache) -> None:
        self._workflow = workflow
        self._cache = cache
        self._by_slots: dict[frozenset[int], list[tuple[Invariant, Holds]]] = {}
        self._slices: dict[frozenset[int], frozenset[int]] = {}
        self._sure: dict[tuple[object, ...], bool] = {}
        self.slices: list[Slice] = []
        self.violations: list[Violation] = []
        self.bounds: list[str] = []
        self.left_open: set[str] = set()

    def add(self, invariant: Invariant, proof: Proof) -> None:
        match proof:
            case Holds():
                slots = self._slice(_slots_read(proof.condition.tree))
                self._by_slots.setdefault(slots, []).append((invariant, proof))
            case Open():
                self._open(invariant, proof)
            case WayTo():
                self._way(invariant, proof)
            case NoMoveFrom():
                self._no_move(invariant, proof)
            case Through():
                self._through(invariant, proof)
            case OnlyBy():
                self._only_by(invariant, proof)

    def _slice(self, slots: frozenset[int]) -> frozenset[int]:
        found = self._slices.get(slots)
        if found is None:
            found = self._slices[slots] = slice_of(self._workflow, slots)
        return found

    def run(self) -> None:
        for slots, checks in sorted(self._by_slots.items(), key=lambda item: sorted(item[0])):
            names = tuple(dict.fromkeys(invariant.id for invariant, _ in checks))
            asked = frozenset(name for _, proof in checks for name in proof.moment.actions)
            space = self._space(slots, names, asked)
            if space is not None:
                for invariant, proof in checks:
                    self._holds(space, invariant, proof)

    def _space(
        self, slots: frozenset[int], names: tuple[str, ...], asked: frozenset[str] = frozenset()
    ) -> Space | None:
        model = Model(self._workflow, slots, asked)
        self.left_open |= {
            name
            for guard in model.guards.values()
            for atom in atoms_of(guard.expression.tree)
            if not model.is_known(atom)
            for name in fields_of(atom)
        }
        key = dependencies(model)
        space = self._cache.spaces.get(key)
        if space is None:
            try:
                space = self._cache.spaces[key] = explore_slice(model)
            except BoundHitError as bound:
                self.bounds.append(f"{', '.join(names)}: {bound}")
                return None
        self.slices.append(
            Slice(
                slots=tuple(s.SLOT_NAMES[slot] for slot in sorted(model.slots)),
                situations=len(space.parents),
                transitions=space.edges,
                depth=space.depth,
                proves=names,
            )
        )
        # The cached space may come from another variant of the definition that is the same in this slice.
        return Space(model, space.parents, space.edges, space.depth, space.steps)

    def _holds(self, space: Space, invariant: Invariant, proof: Holds) -> None:
        asked = tuple(
            (action.id, tuple(guard.expression.source for guard in action.guards if guard.severity == "hard"))
            for action in self._workflow.actions.values()
            if _chooses(proof.moment, Step(action.id, action, None, "", ""))
        )
        key = (invariant.id, proof.condition.source, proof.moment, asked, *dependencies(space.model))
        if key not in self._cache.answers:
            try:
                self._cache.answers[key] = self._breaking_path(space, proof)
            except TooManyChoicesError as bound:
                self.bounds.append(f"{invariant.id}: {bound}")
                return
        path = self._cache.answers[key]
        if path is not None:
            current = tuple(replace(step, action=_current(self._workflow, step)) for step in path)
            self.violations.append(
                Violation(invariant=invariant, proof=proof, path=current, condition=proof.condition.source)
            )

    def _breaking_path(self, space: Space, proof: Holds) -> tuple[Step, ...] | None:
        model, condition = space.model, proof.condition.tree
        chosen: dict[str, tuple[Choices, ...]] = {}
        answered: dict[tuple[object, ...], bool] = {}
        read = tuple(sorted({slot for atom in atoms_of(condition) for slot in slots_of(atom)} & model.slots))
        for now, step, after in space.steps:
            if not _chooses(proof.moment, step):
                continue
            name = step.name
            if name not in chosen:
                action = _current(self._workflow, step)
                guards = [guard.expression.tree for guard in action.guards] if action else []
                chosen[name] = choices_for(condition, guards, lambda atom: _is_open(model, atom))
            # Open facts make the guards matter too: they are then asked in the situation before the step.
            asked = (name, tuple(after[slot] for slot in read), now if len(chosen[name]) > 1 else None)
            broken = answered.get(asked)
            if broken is None:
                broken = answered[asked] = self._is_broken(model, condition, step, now, after, chosen[name])
            if broken:
                return (*space.path(now), step)
        return None

    def _is_broken(
        self,
        model: Model,
        condition: Node,
        step: Step,
        now: Situation,
        after: Situation,
        choices: tuple[Choices, ...],
    ) -> bool:
        known = model.known(after)
        action = _current(self._workflow, step)
        for chosen in choices:
            if answers(condition, known, chosen) & (FALSE | UNKNOWN) and (
                action is None or not chosen or model.may(action, now, chosen)
            ):
                return True
        return False

    def _open(self, invariant: Invariant, proof: Open) -> None:
        ways = [action for action in self._workflow.actions.values() if action.name == proof.action]
        trees = [proof.condition.tree, *(guard.expression.tree for action in ways for guard in action.guards)]
        space = self._space(self._slice(frozenset().union(*map(_slots_read, trees))), (invariant.id,))
        if space is None:
            return
        model = space.model
        stages = [stage.name for stage in self._workflow.stages]
        before = stages[: stages.index(EXECUTION)]
        for now in space.parents:
            if model.stage_of(now) not in before:
                continue
            if not answers(proof.condition.tree, model.known(now), NO_CHOICES) & TRUE:
                continue
            if not any(self._is_open(model, action, now) for action in model.moves(now) if action.name == proof.action):
                self.violations.append(
                    Violation(invariant=invariant, proof=proof, path=space.path(now), condition=proof.condition.source)
                )
                return

    def _is_open(self, model: Model, action: Action, now: Situation) -> bool:
        return (
            not action.documents
            and bool(set(action.actors) & SME_ROLES)
            and all(
                answers(guard.expression.tree, model.known(now), NO_CHOICES) == TRUE
                for guard in action.guards
                if guard.severity == "hard"
            )
        )

    def _way(self, invariant: Invariant, proof: WayTo) -> None:
        space = self._space(WAY_SLOTS, (invariant.id,))
        if space is None:
            return
        model, absent = space.model, set(proof.without)
        self._sure.clear()
        before: dict[Situation, list[Situation]] = {}
        for now, step, after in space.steps:
            if self._is_sure(model, step, now, absent):
                before.setdefault(after, []).append(now)
        found = {now for now in space.parents if model.stage_of(now) == proof.stage}
        waiting = deque(found)
        while waiting:
            for now in before.get(waiting.popleft(), ()):
                if now not in found:
                    found.add(now)
                    waiting.append(now)
        stuck = next((now for now in space.parents if now not in found), None)
        if stuck is not None:
            self.violations.append(Violation(invariant=invariant, proof=proof, path=space.path(stuck)))

    def _is_sure(self, model: Model, step: Step, now: Situation, absent: set[str]) -> bool:
        """Whether the step can be taken for certain, with what those who act can supply."""
        if step.happening is not None:
            return step.happening.who not in absent
        action = _current(self._workflow, step)
        if action is None or set(action.actors) <= absent:
            return False
        return all(self._surely_holds(model, guard, now, absent) for guard in action.guards if guard.severity == "hard")

    def _surely_holds(self, model: Model, guard: Guard, now: Situation, absent: set[str]) -> bool:
        key = (guard.id, model.read_by(guard, now))
        found = self._sure.get(key)
        if found is None:
            tree = guard.expression.tree
            missing = {
                atom: UNKNOWN
                for atom in atoms_of(tree)
                if not model.is_known(atom) and (slots_of(atom) or self._is_supplied_by(atom, absent))
            }
            found = self._sure[key] = bool(answers(tree, model.known(now), missing) & TRUE)
        return found

    def _is_supplied_by(self, atom: Node, absent: set[str]) -> bool:
        names = fields_of(atom)
        fields = [self._workflow.fields[name] for name in names if name in self._workflow.fields]
        return any(one.who and set(one.who) <= absent for one in fields)

    def _no_move(self, invariant: Invariant, proof: NoMoveFrom) -> None:
        for action in self._workflow.actions_from(proof.stage):
            path = (*self._route(proof.stage), Step(action.id, action, None, proof.stage, action.target or proof.stage))
            self.violations.append(Violation(invariant=invariant, proof=proof, path=path))
            return

    def _through(self, invariant: Invariant, proof: Through) -> None:
        path = self._route(proof.to, avoiding=proof.stage)
        if path:
            self.violations.append(Violation(invariant=invariant, proof=proof, path=path))

    def _only_by(self, invariant: Invariant, proof: OnlyBy) -> None:
        for action in self._workflow.actions.values():
            if action.name in proof.actions and not set(action.actors) <= set(proof.roles):
                stage = action.source or self._workflow.initial
                path = (*self._route(stage), Step(action.id, action, None, stage, action.target or stage))
                self.violations.append(Violation(invariant=invariant, proof=proof, path=path))
                return

    def _route(self, to: str, avoiding: str = "") -> tuple[Step, ...]:
        """The shortest row of moves to a stage, whatever the guards say; empty when there is none."""
        parents: dict[str, Step] = {}
        waiting = deque([self._workflow.initial])
        while waiting:
            stage = waiting.popleft()
            for action in self._workflow.actions_from(stage):
                target = action.target or stage
                if target not in parents and target not in {self._workflow.initial, avoiding}:
                    parents[target] = Step(action.id, action, None, stage, target)
                    waiting.append(target)
        path: list[Step] = []
        while to in parents:
            path.append(parents[to])
            to = parents[to].source
        return tuple(reversed(path))


def _slots_read(tree: Node) -> frozenset[int]:
    return frozenset(slot for atom in atoms_of(tree) for slot in slots_of(atom))


def _is_open(model: Model, atom: Node) -> bool:
    return not model.is_known(atom) and model.answer_of_form(atom) is None


def _current(workflow: Workflow, step: Step) -> Action | None:
    """The action of a step as this definition has it: a cached space may carry that of a like definition."""
    return None if step.action is None else workflow.actions.get(step.name)


def _chooses(moment: Moment, step: Step) -> bool:
    action = step.action
    if action is None:
        assert step.happening is not None
        return (
            step.name in moment.events
            or (step.happening.is_edit and "material_change" in moment.events)
            or (step.happening.is_edit and step.source != step.target and "automatic_return" in moment.events)
        )
    if action.name in moment.except_actions or action.target in moment.except_entering:
        return False
    if moment.leaving and action.source not in moment.leaving:
        return False
    if moment.any_move:
        return action.source is not None
    return action.name in moment.actions or (action.target in moment.entering and action.source is not None)
