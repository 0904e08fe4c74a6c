"""The state machine of a definition, shared by all its cases: the only module that knows ``transitions``.

The machine decides the move and nothing else. The stored stage is never its state: each question is asked with a
light model that is thrown away, no model stays registered, and no text of a definition is ever a callback.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from transitions import EventData, Machine, MachineError

from engine.domain.workflow import CLOSED, Action, Workflow


class Question:
    """Where a case stands, and whether each guard lets it pass: the model of one move."""

    __slots__ = ("allows", "state")

    def __init__(self, stage: str, allows: Callable[[str], bool]) -> None:
        self.state = stage
        self.allows = allows


@lru_cache(maxsize=32)
def machine_of(workflow: Workflow) -> Machine:
    """This will return the machine of a definition: stages, moves by action id, and guards as conditions."""
    machine = Machine(
        model=None,
        states=[stage.name for stage in workflow.stages],
        initial=workflow.initial,
        auto_transitions=False,
        send_event=True,
        ignore_invalid_triggers=False,
    )
    for action in workflow.actions.values():
        if action.source is not None and action.target is not None:
            machine.add_transition(
                trigger=action.id,
                source=action.source,
                dest=action.target,
                conditions=[_condition(guard.id) for guard in action.guards],
            )
    return machine


def fire(workflow: Workflow, action: Action, stage: str, allows: Callable[[str], bool]) -> str | None:
    """This will return the stage after the move, or None when the machine does not make it.

    ``allows(guard_id)`` answers each guard. A move that does not start in ``stage`` gives None.
    """
    question = Question(stage, allows)
    try:
        moved = machine_of(workflow).events[action.id].trigger(question)
    except MachineError:
        return None
    return question.state if moved else None


def moves_from(workflow: Workflow, stage: str) -> tuple[str, ...]:
    """This will return the ids of the moves that the machine knows from a stage, in the definition's order."""
    if stage == CLOSED:
        return ()
    machine = machine_of(workflow)
    return tuple(name for name, event in machine.events.items() if stage in event.transitions)


def _condition(guard_id: str) -> Callable[[EventData], bool]:
    def holds(event: Any) -> bool:
        allowed: bool = event.model.allows(guard_id)
        return allowed

    return holds
