"""A definition as the explorer sees it: a slice of what a case remembers, the moves, and what happens between them.

Effects do what ``engine/domain/effects.py`` does. A slice keeps the slots that a property reads and what changes
them; a guard, or the part of one, over anything else is taken to hold, which gives more paths and never fewer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from engine.domain.expressions.tree import Node, Presence
from engine.domain.workflow import CLOSED, EXECUTION, Action, Guard, Workflow
from engine.verification import situation as s
from engine.verification.atoms import (
    TRUE,
    Choices,
    answers,
    atoms_of,
    depends_on_world,
    evaluate,
    fields_of,
    remembered,
)
from engine.verification.happenings import Happening, happenings
from engine.verification.situation import FACTS, Situation, Slots

NO_CHOICES: Final[Choices] = {}
LATER_THAN: Final = "scoping"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: a move (with its action) or a happening, and where it begins and ends."""

    name: str
    action: Action | None
    happening: Happening | None
    source: str
    target: str


class Model:
    """One definition, seen through a slice of slots.

    Actions that change no stage are looked at when they touch the slice, or when a property asks for them by name.
    """

    def __init__(self, workflow: Workflow, slots: frozenset[int], asked: frozenset[str] = frozenset()) -> None:
        self.workflow = workflow
        self.asked = asked
        self.slots = slots | {s.STAGE}
        self.stages = tuple(stage.name for stage in workflow.stages)
        self._scoping = self.stages.index(LATER_THAN) if LATER_THAN in self.stages else len(self.stages)
        self._memory: dict[tuple[str, Situation], int] = {}
        """Answers of guards by what they read: most situations differ in something else."""
        self._moves = {
            name: tuple(action for action in workflow.actions.values() if action.source == name) for name in self.stages
        }
        self._overlays = tuple(
            action for action in workflow.overlays() if action.name in asked or self._touched(action)
        )
        self._happenings = tuple(one for one in happenings(workflow) if set(one.touches) & self.slots)
        self._back = {
            name: next((action for action in self._moves[name] if action.name == "return_for_changes"), None)
            for name in self.stages
        }
        self.guards = {
            guard.id: guard
            for action in workflow.actions.values()
            for guard in action.guards
            if any(self.is_known(atom) for atom in atoms_of(guard.expression.tree))
        }

        self._read_by = {
            key: tuple(
                sorted({slot for atom in atoms_of(guard.expression.tree) for slot in slots_of(atom)} & self.slots)
            )
            for key, guard in self.guards.items()
        }

    def beginning(self) -> Situation:
        """This will return the situation of a case that has just been opened."""
        return self._within(list(s.beginning()))

    def stage_of(self, now: Situation) -> str:
        """This will return the name of the stage."""
        place = now[s.STAGE]
        assert isinstance(place, int)
        return self.stages[place]

    def moves(self, now: Situation) -> tuple[Action, ...]:
        """This will return the moves of the definition that start at the situation's stage."""
        return self._moves[self.stage_of(now)]

    def is_known(self, atom: Node) -> bool:
        """This will tell whether the slice answers an atom exactly."""
        return all(slot in self.slots for slot in slots_of(atom) or (99,))

    def known(self, now: Situation) -> Callable[[Node], int | None]:
        """This will return what answers the atoms in a situation; None for those left open."""

        def known(atom: Node) -> int | None:
            if not self.is_known(atom):
                return self.answer_of_form(atom)
            facts = {name: FACTS[name][1](now) for name in fields_of(atom) if name in FACTS}
            facts["case.form"] = self.workflow.form
            return evaluate(atom, facts)

        return known

    def answer_of_form(self, atom: Node) -> int | None:
        """This will answer an atom about nothing but the ownership form."""
        if fields_of(atom) == {"case.form"}:
            return evaluate(atom, {"case.form": self.workflow.form})
        return None

    def answers(self, guard_id: str, node: Node, now: Situation, choices: Choices = NO_CHOICES) -> int:
        """This will return every answer a guard may give in a situation."""
        if choices:
            return answers(node, self.known(now), choices)
        key = (guard_id, tuple([now[slot] for slot in self._read_by[guard_id]]))
        found = self._memory.get(key)
        if found is None:
            found = self._memory[key] = answers(node, self.known(now), choices)
        return found

    def read_by(self, guard: Guard, now: Situation) -> tuple[object, ...]:
        """This will return what a guard sees of a situation."""
        return tuple([now[slot] for slot in self._read_by.get(guard.id, ())])

    def may(self, action: Action, now: Situation, choices: Choices = NO_CHOICES) -> bool:
        """This will tell whether the guards of an action can all hold (a soft one is passed by a comment)."""
        return all(
            guard.severity == "soft"
            or (guard.id not in self.guards and not choices)
            or self.answers(guard.id, guard.expression.tree, now, choices) & TRUE
            for guard in action.guards
        )

    def take(self, action: Action, now: Situation, extra: tuple[str, ...] = ()) -> Situation:
        """This will return the situation after an action: its effects, in their order, and then the move."""
        after = list(now)
        for effect in dict.fromkeys((*action.effects, *extra)):
            self._effect(after, effect)
        if action.target is not None:
            after[s.STAGE] = self.stages.index(action.target)
            if action.target == EXECUTION and s.REACHED in self.slots:
                after[s.REACHED] = 1
            if action.target == CLOSED:
                after[s.SUSPENDED] = after[s.ESCALATED] = 0
        return self._within(after)

    def steps(self, now: Situation) -> Iterator[tuple[Step, Situation]]:
        """This will yield everything that can happen next, with the situation it leads to."""
        stage = self.stage_of(now)
        for action in self._moves[stage]:
            if self.may(action, now):
                after = self.take(action, now)
                yield Step(action.id, action, None, stage, action.target or stage), after
        if stage == CLOSED:
            return
        for action in self._overlays:
            if self.may(action, now):
                yield Step(action.id, action, None, stage, stage), self.take(action, now)
        for one in self._happenings:
            if one.stages and stage not in one.stages:
                continue
            happened = self._happen(one, now, stage)
            if happened is not None and happened != now:
                yield Step(one.name, None, one, stage, self.stage_of(happened)), happened

    def after(self, name: str, now: Situation) -> Situation:
        """This will return the situation after a happening; the same one where it cannot happen."""
        stage = self.stage_of(now)
        one = next(one for one in self._happenings if one.name == name)
        if stage == CLOSED or (one.stages and stage not in one.stages):
            return now
        return self._happen(one, now, stage) or now

    def _happen(self, one: Happening, now: Situation, stage: str) -> Situation | None:
        after = list(now)
        if one.is_edit:
            # During execution the scope is changed by change_scope only; a held case says "resume first" (R-RESUME).
            if stage == EXECUTION:
                return None
            back = self._back[stage] if self.stages.index(stage) > self._scoping else None
            if back is not None and (now[s.SUSPENDED] or now[s.ESCALATED]):
                return None
            _make_stale(after)
            one.change(after)
            if back is None:
                return self._within(after)
            extra = ("invalidate_legal", "invalidate_procurement", "void_signatures")
            return self.take(back, tuple(after), extra)
        one.change(after)
        if one.uses_version:
            after[s.USED] = 1
        return self._within(after)

    def _within(self, after: Slots) -> Situation:
        for slot in range(s.AGREED):
            if slot not in self.slots and after[slot] != 0:
                after[slot] = 0
        if s.AGREED not in self.slots:
            after[s.AGREED] = None
        return tuple(after)

    def _touched(self, action: Action) -> bool:
        touched = {slot for effect in action.effects for slot in _SLOTS_OF_EFFECTS.get(effect, ())}
        return bool(touched & self.slots)

    def _effect(self, now: Slots, effect: str) -> None:
        match effect:
            case "invalidate_legal":
                now[s.HOST_OPINION] = now[s.OTHER_OPINION] = 0
            case "invalidate_procurement":
                now[s.RESULT] = 0
            case "void_signatures":
                now[s.AGREEMENT] = now[s.DECISION] = 0
                if self.workflow.form != "company":
                    now[s.CONF_SIGNED] = 0
            case "require_new_nda_signature":
                now[s.AMENDING], now[s.CONF_SIGNED] = 1, 0
            case "restore_earlier_nda":
                now[s.AMENDING], now[s.CONF_SIGNED] = 0, 3 if now[s.NDA_EVER] else 0
            case "set_first_start":
                now[s.STARTED] = 1
                now[s.AGREED] = tuple(s.as_number(now[slot]) if slot in self.slots else 0 for slot in s.RESTORED)
            case "restore_agreed_version":
                agreed = now[s.AGREED]
                if isinstance(agreed, tuple):
                    for slot, value in zip(s.RESTORED, agreed, strict=True):
                        now[slot] = value
                    now[s.USED] = 1
            case "set_reason_sme_choice":
                now[s.REASON] = 2
            case "set_suspended":
                now[s.SUSPENDED] = 1
            case "clear_suspended":
                now[s.SUSPENDED] = 0
            case "set_escalated":
                now[s.ESCALATED] = 1
            case "clear_escalated":
                now[s.ESCALATED] = 0
            case "set_annulled":
                now[s.APPEAL] = 2
            case "reserve_capacity":
                now[s.CAPACITY] = s.RESERVED
            case "reserve_purchase":
                now[s.PURCHASES] = s.RESERVED
            case "release_reservations":
                now[s.CAPACITY] = now[s.PURCHASES] = 0
            case "settle_ledgers":
                now[s.CAPACITY] = now[s.PURCHASES] = s.SETTLED
            case _:
                # Notes, clocks, messages and shares change nothing that a guard reads.
                pass


_SLOTS_OF_EFFECTS: Final = {
    "set_suspended": (s.SUSPENDED,), "clear_suspended": (s.SUSPENDED,), "set_escalated": (s.ESCALATED,),
    "clear_escalated": (s.ESCALATED,), "set_annulled": (s.APPEAL,), "invalidate_legal": (s.HOST_OPINION,),
    "invalidate_procurement": (s.RESULT,), "void_signatures": (s.AGREEMENT, s.DECISION, s.CONF_SIGNED),
}  # fmt: skip


@remembered
def slots_of(node: Node) -> frozenset[int]:
    """This will return the slots an atom is read from; empty when the model leaves it open."""
    names = fields_of(node) - {"case.form"}
    if not names or depends_on_world(node) or not names <= FACTS.keys():
        return frozenset()
    slots = {slot for name in names for slot in FACTS[name][0]}
    if isinstance(node, Presence) and not slots:
        return frozenset()
    return frozenset(slots)


def slice_of(workflow: Workflow, slots: frozenset[int]) -> frozenset[int]:
    """This will add to a slice what the atoms of guards read beside it, and what changes it, until nothing is missing.

    An atom that is only half seen would have to be left open, and a guard could then pass that never does.
    """
    atoms = [
        slots_of(atom)
        for action in workflow.actions.values()
        for guard in action.guards
        for atom in atoms_of(guard.expression.tree)
    ]
    found = slots
    while True:
        grown = _closed_under_change(found).union(*(read for read in atoms if read & found))
        if grown == found:
            return found
        found = grown


def _closed_under_change(slots: frozenset[int]) -> frozenset[int]:
    """This will add the slots without which others could not change as they do: versions, snapshots, amendments."""
    found = set(slots)
    if s.REACHED in found:
        found |= {s.STARTED}
    if found & set(s.BOUND_TO_VERSION) or found & {s.RESULT}:
        found |= {s.USED}
    if found & set(s.RESTORED):
        found |= {s.STARTED, s.AGREED}
    if found & {s.CONF_SIGNED, s.NDA_EVER}:
        found |= {s.AMENDING, s.NDA_EVER, s.CONF_SIGNED}
    if found & {s.RESULT}:
        found |= {s.PURCHASE}
    return frozenset(found)


def _make_stale(now: Slots) -> None:
    """A used version gets a successor; one still being written keeps its number, and only its text is another."""
    for slot in s.BOUND_TO_VERSION if now[s.USED] else s.BOUND_TO_TEXT:
        if now[slot] in {s.CURRENT, s.BY_REVIEWER}:
            now[slot] = s.STALE
    if now[s.USED]:
        result = s.as_number(now[s.RESULT])
        now[s.RESULT] = {s.CLEARED: s.CLEARED_STALE, s.SKIPPED: s.SKIPPED_STALE}.get(result, result)
        now[s.USED] = 0


__all__ = ["Happening", "Model", "Step", "slice_of", "slots_of"]
