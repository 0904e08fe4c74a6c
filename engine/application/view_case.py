"""A case as somebody sees it now: facts, what may be done, why not, and what waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.application.handle_command import HIDDEN
from engine.application.ports import Ports
from engine.domain.case import Case
from engine.domain.derivations import Situation, situation
from engine.domain.reasons import NotFound, Verdict
from engine.domain.roles import Actor
from engine.domain.turns import Task, next_action, tasks
from engine.domain.values import Facts
from engine.domain.verdicts import verdict
from engine.domain.workflow import Action, Workflow


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An action of the definition and the verdict for this person now."""

    action: Action
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that waits in the case, and whether this person can do it."""

    task: Task
    is_mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """Everything a case page or the interface may show, for one person at one moment.

    ``offers`` are the moves from this stage and the overlays, in the definition's order. ``heading`` is the move
    the case is heading for, or None at the end.
    """

    case: Case
    workflow: Workflow
    actor: Actor
    situation: Situation
    offers: tuple[Offer, ...]
    waiting: tuple[Waiting, ...]
    heading: Action | None

    @property
    def facts(self) -> Facts:
        """All facts, by field name."""
        return self.situation.facts


def view_case(ports: Ports, case_id: str, actor_of: Callable[[Case], Actor]) -> CaseView:
    """This will return the case for a person. Raises NotFound for a case the person has no role in."""
    with ports.read_only() as work:
        case = work.cases.get(case_id)
    actor = actor_of(case)
    if not actor.roles:
        raise NotFound(HIDDEN)
    workflow = ports.workflows.version(case.definition_version)
    return look_at(case, workflow, actor, situation(case, workflow, ports.now()))


def look_at(case: Case, workflow: Workflow, actor: Actor, asked: Situation) -> CaseView:
    """This will ask every action and task of a loaded case for one person. Pure."""
    actions = () if case.is_closed else (*workflow.actions_from(case.stage), *workflow.overlays())
    return CaseView(
        case=case,
        workflow=workflow,
        actor=actor,
        situation=asked,
        offers=tuple(Offer(action=action, verdict=verdict(case, workflow, action, actor, asked)) for action in actions),
        waiting=tuple(Waiting(task=task, is_mine=_is_mine(task, actor)) for task in tasks(case, workflow, asked)),
        heading=next_action(case, workflow, asked),
    )


def _is_mine(task: Task, actor: Actor) -> bool:
    for role in task.roles:
        if role in actor.roles and (task.kind != "guard" or role != "legal" or actor.roles[role] == task.organisation):
            return True
    return False
