"""Definitions with a fault put in on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from engine.definitions.invariants import load_invariants
from engine.definitions.loader import load_all
from engine.domain.workflow import Action, Workflow
from engine.verification.invariants import Invariant

WORKFLOWS = Path(__file__).resolve().parents[3] / "workflows"


@lru_cache(maxsize=1)
def definitions() -> Mapping[str, Workflow]:
    """The newest definition of each form."""
    return {one.workflow.form: one.workflow for one in load_all(WORKFLOWS).published}


@lru_cache(maxsize=1)
def invariants() -> tuple[Invariant, ...]:
    """The invariants of the repository."""
    return load_invariants(WORKFLOWS)


def with_action(workflow: Workflow, action: Action) -> Workflow:
    """The definition with one action replaced, or one more."""
    return replace(workflow, actions={**workflow.actions, action.id: action})


def without_guards(workflow: Workflow, action_id: str, *guards: str) -> Workflow:
    """The definition with guards taken from one action."""
    action = workflow.actions[action_id]
    kept = tuple(guard for guard in action.guards if guard.id not in guards)
    assert len(kept) == len(action.guards) - len(guards)
    return with_action(workflow, replace(action, guards=kept))


def without_effect(workflow: Workflow, action_id: str, *effects: str) -> Workflow:
    """The definition with effects taken from one action."""
    action = workflow.actions[action_id]
    kept = tuple(effect for effect in action.effects if effect not in effects)
    assert len(kept) == len(action.effects) - len(effects)
    return with_action(workflow, replace(action, effects=kept))
