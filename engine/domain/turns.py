"""Whose turn it is and what waits for them: the open reasons of the case's next step, by who can supply them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.domain.case import Case
from engine.domain.derivations import Situation
from engine.domain.documents import standing, subjects_of
from engine.domain.expressions import causes
from engine.domain.reasons import Reason
from engine.domain.reviews import APPROVING, counting_opinions, required_organisations
from engine.domain.roles import SME_ROLES
from engine.domain.values import Text
from engine.domain.verdicts import judge, open_reasons
from engine.domain.workflow import CLOSED, Action, Workflow

TaskKind = Literal["guard", "document", "action", "condition", "conflict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing that waits: what (``id`` is a guard, document, action or condition), for which roles, whose.

    ``organisation`` is ``sme`` for the company. ``state`` tells for documents: missing, draft, stale, unsigned,
    unregistered. ``fields`` are the facts still unknown or wrong.
    """

    kind: TaskKind
    id: str
    title: Text
    roles: tuple[str, ...]
    organisation: str
    state: str = ""
    subject: str = ""
    fields: tuple[str, ...] = ()


def next_action(case: Case, workflow: Workflow, asked: Situation) -> Action | None:
    """This will return the move the case is heading for: the forward one (or completion) with least in its way."""
    candidates = [action for action in workflow.actions_from(case.stage) if action.is_forward]
    if not candidates:
        candidates = [action for action in workflow.actions_from(case.stage) if action.outcome == "completed"]
    if not candidates:
        return None
    return min(candidates, key=lambda action: len(open_reasons(case, workflow, action, asked)))


def tasks(case: Case, workflow: Workflow, asked: Situation) -> tuple[Task, ...]:
    """This will return what waits in the case now, for anybody, in the order of the definition."""
    waiting = [_conflict_task(case, declaration.id) for declaration in case.conflicts if not declaration.result]
    if case.is_closed:
        return (*waiting, *_closing_tasks(case, workflow, asked))
    action = next_action(case, workflow, asked)
    if action is None:
        return tuple(waiting)
    reasons = open_reasons(case, workflow, action, asked)
    waiting += [task for reason in reasons for task in _tasks_of(case, workflow, reason, asked)]
    hard = [reason for reason in reasons if reason.severity == "hard"]
    if not hard:
        waiting.append(
            Task(
                kind="action",
                id=action.id,
                title=action.label,
                roles=action.actors,
                organisation=_organisation(case, action.actors),
            )
        )
    return tuple(waiting)


def _closing_tasks(case: Case, workflow: Workflow, asked: Situation) -> tuple[Task, ...]:
    """Post-guards and post-documents of the move that closed the case (ten working days)."""
    closing = [
        action
        for action in workflow.actions.values()
        if action.target == CLOSED and action.outcome == case.outcome and (action.post_guards or action.post_documents)
    ]
    if not closing:
        return ()
    guards = {guard.id: guard for action in closing for guard in action.post_guards}
    failing, _ = judge(guards.values(), asked.environment)
    found = [task for reason in failing for task in _tasks_of(case, workflow, reason, asked)]
    for document_id in sorted({name for action in closing for name in action.post_documents} - asked.finals):
        type_ = workflow.documents[document_id]
        found.append(
            Task(
                kind="document",
                id=document_id,
                title=type_.title,
                roles=type_.signers,
                organisation=case.host_org,
                state="missing",
            )
        )
    return tuple(found)


def _conflict_task(case: Case, declaration: str) -> Task:
    return Task(
        kind="conflict",
        id=declaration,
        title=Text(sv="Avgör jävsfrågan", en="Settle the conflict of interest"),
        roles=("decision_maker", "escalation_owner"),
        organisation=case.host_org,
    )


def _tasks_of(case: Case, workflow: Workflow, reason: Reason, asked: Situation) -> tuple[Task, ...]:
    if reason.kind == "document":
        state = str(reason.values.get("document.state", ""))
        subject = str(reason.values.get("document.subject", ""))
        return (
            Task(
                kind="document",
                id=reason.id,
                title=reason.question,
                roles=reason.who,
                organisation=_organisation(case, reason.who),
                state=state,
                subject=subject,
            ),
        )
    found = causes(workflow.guards[reason.id].expression, asked.environment) if reason.id in workflow.guards else ()
    unknown = tuple(name for name in found if reason.values.get(name) is None)
    wanted = unknown or found
    supply = [role for name in wanted if name in workflow.fields for role in workflow.fields[name].who]
    roles = tuple(dict.fromkeys(supply)) or reason.who
    if "legal.approvals" in reason.values:
        return tuple(
            Task(
                kind="guard",
                id=reason.id,
                title=reason.question,
                roles=("legal",),
                organisation=organisation,
                fields=wanted,
            )
            for organisation in _organisations_to_approve(case, asked)
        )
    return (
        Task(
            kind="guard",
            id=reason.id,
            title=reason.question,
            roles=roles,
            organisation=_organisation(case, roles),
            fields=wanted or tuple(reason.values),
        ),
    )


def _organisations_to_approve(case: Case, asked: Situation) -> tuple[str, ...]:
    approved = {o.organisation for o in counting_opinions(case, asked.facts) if o.opinion in APPROVING}
    return tuple(name for name in required_organisations(case, asked.facts) if name not in approved)


def _organisation(case: Case, roles: tuple[str, ...]) -> str:
    return "sme" if roles and set(roles) <= SME_ROLES else case.host_org


def unsigned_by(case: Case, workflow: Workflow, role: str) -> tuple[str, ...]:
    """This will return the keys of standing documents that wait for this role's signature, in the register's order."""
    keys: list[str] = []
    for type_ in workflow.documents.values():
        if role not in type_.signers:
            continue
        for subject in subjects_of(case, type_):
            document = standing(case, type_.id, subject)
            signed = {mark.role for mark in document.signatures if not mark.is_void} if document else set()
            if document is not None and role not in signed:
                before = type_.signers[: type_.signers.index(role)]
                if set(before) <= signed:
                    keys.append(document.key)
    return tuple(keys)
