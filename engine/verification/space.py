"""Every situation of a slice, reached breadth first: exact, with the way back to the beginning."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from engine.verification.model import Model, Step
from engine.verification.situation import Situation

MOST_SITUATIONS: Final = 200_000


class BoundHitError(Exception):
    """The exploration met more than it is allowed to look at; nothing is proved."""


@dataclass(slots=True)
class Space:
    """Every situation of a slice, with the step that first led to it, and every step between two of them."""

    model: Model
    parents: dict[Situation, tuple[Situation, Step] | None]
    edges: int
    depth: int
    steps: list[tuple[Situation, Step, Situation]] = field(default_factory=list)

    def path(self, to: Situation) -> tuple[Step, ...]:
        """This will return a shortest path from the beginning."""
        path: list[Step] = []
        while (parent := self.parents[to]) is not None:
            to, step = parent
            path.append(step)
        return tuple(reversed(path))


@dataclass(slots=True)
class Cache:
    """What earlier explorations found, by what it depends on: a mutation explores only the slices it touches."""

    spaces: dict[tuple[object, ...], Space] = field(default_factory=dict)
    answers: dict[tuple[object, ...], tuple[Step, ...] | None] = field(default_factory=dict)
    """Whether a condition holds: the path that breaks it, or None."""


def explore_slice(model: Model) -> Space:
    """This will visit every situation of a slice. Raises BoundHitError."""
    start = model.beginning()
    parents: dict[Situation, tuple[Situation, Step] | None] = {start: None}
    steps: list[tuple[Situation, Step, Situation]] = []
    level, depth = [start], 0
    while level:
        found: list[Situation] = []
        for now in level:
            for step, after in model.steps(now):
                steps.append((now, step, after))
                if after not in parents:
                    parents[after] = (now, step)
                    found.append(after)
        if len(parents) > MOST_SITUATIONS:
            raise BoundHitError(f"more than {MOST_SITUATIONS} situations")
        level, depth = found, depth + bool(found)
    return Space(model, parents, len(steps), depth, steps)


def dependencies(model: Model) -> tuple[object, ...]:
    """This will return everything that the situations and steps of a slice depend on."""
    workflow = model.workflow
    actions = tuple(
        (
            action.id,
            action.name,
            action.source,
            action.target,
            action.effects,
            tuple(
                guard.expression.source if guard.severity == "hard" else "soft"
                for guard in action.guards
                if guard.id in model.guards
            ),
        )
        for action in workflow.actions.values()
    )
    return workflow.form, model.slots, model.asked, model.stages, actions
