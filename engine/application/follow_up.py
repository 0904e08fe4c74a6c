"""What follows from a change, beside the case itself: turns, deadlines and outgoing messages. One readable list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from engine.application.ports import Deadline, Outgoing, Turn
from engine.domain.case import Case
from engine.domain.deadlines import add_working_days
from engine.domain.derivations import Situation
from engine.domain.documents import missing_signers
from engine.domain.events import ActionTaken, DocumentDispatched, Entry, MessageSent, OpinionGiven
from engine.domain.roles import SME_ROLES
from engine.domain.turns import Task, tasks
from engine.domain.values import local_day
from engine.domain.verdicts import closing_tasks_due
from engine.domain.workflow import EXECUTION, Workflow

UNSIGNED_DAYS = 60
QUARTER_DAYS = 91


def turns_of(case: Case, workflow: Workflow, asked: Situation) -> tuple[Turn, ...]:
    """This will return whose turn it is: one row per role and organisation, with the ids of what waits."""
    waiting: dict[tuple[str, str], list[str]] = {}
    for task in tasks(case, workflow, asked):
        for role in task.roles:
            waiting.setdefault((role, _organisation_of(task, role, case)), []).append(task.id)
    return tuple(
        Turn(role=role, organisation=organisation, reasons=tuple(dict.fromkeys(ids)))
        for (role, organisation), ids in waiting.items()
    )


def _organisation_of(task: Task, role: str, case: Case) -> str:
    if role in SME_ROLES:
        return "sme"
    return case.host_org if task.organisation == "sme" else task.organisation


def deadlines_of(case: Case, workflow: Workflow, asked: Situation) -> tuple[Deadline, ...]:
    """This will return the days that matter in the case now, with the rule each comes from and who owns it."""
    found: list[tuple[str, str, date, str]] = []
    if case.is_closed:
        last = closing_tasks_due(case)
        if last is not None and tasks(case, workflow, asked):
            keeper = "registrar" if workflow.is_authority else "records_owner"
            found.append(("closing", "post_guards_10_working_days", last, keeper))
        return _as_deadlines(case, found)
    stage = workflow.stage(case.stage)
    if stage.target_days is not None and case.hold is None:
        due = add_working_days(local_day(case.stage_since), stage.target_days)
        found.append(("stage", "stage_target", due, stage.held_by[0] if stage.held_by else "pm"))
    if case.hold is not None and case.hold.review_on is not None:
        found.append(("hold", "suspension_review", case.hold.review_on, "pm"))
    found += _fresh_until(case, asked)
    found += _waiting_for_signatures(case, workflow)
    found += _next_report(case, workflow, asked)
    appeal = asked.facts.get("decision.appeal_end")
    if isinstance(appeal, date) and case.stage != EXECUTION:
        found.append(("appeal", "kl_appeal_days", appeal, "board_secretary"))
    end = asked.facts.get("scope.end_date")
    if isinstance(end, date) and case.stage == EXECUTION:
        found.append(("end", "scope_end", end, "pm"))
    return _as_deadlines(case, found)


def _fresh_until(case: Case, asked: Situation) -> list[tuple[str, str, date, str]]:
    rules = (
        ("legal.approved_at", "legal_approval_max_age_days", "approval", "legal"),
        ("sme.sanction_checked_at", "sanction_screen_max_age_days", "screening", "security"),
    )
    found = []
    for name, parameter, id_, owner in rules:
        since, days = asked.facts.get(name), asked.environment.parameters(parameter)
        if isinstance(since, date) and days is not None and case.stage != EXECUTION:
            found.append((id_, parameter, since + timedelta(days=int(days)), owner))
    return found


def _waiting_for_signatures(case: Case, workflow: Workflow) -> list[tuple[str, str, date, str]]:
    """Unsigned sixty days after the papers were ready: the decision maker may let the case lapse (P16)."""
    ready = [
        local_day(paper.finalised_at)
        for paper in case.documents.values()
        if paper.purpose == "main_agreement"
        and paper.finalised_at is not None
        and not paper.is_superseded
        and missing_signers(workflow.documents[paper.document], paper)
    ]
    may_lapse = any(action.name == "expire" for action in workflow.actions_from(case.stage))
    if not ready or not may_lapse:
        return []
    return [("lapse", "unsigned_60_days", max(ready) + timedelta(days=UNSIGNED_DAYS), "decision_maker")]


def _next_report(case: Case, workflow: Workflow, asked: Situation) -> list[tuple[str, str, date, str]]:
    """Periodic reports: one a quarter from the start (P23)."""
    start = asked.facts.get("exec.start_date")
    types = [type_ for type_ in workflow.documents.values() if type_.occasion == "periodic"]
    if case.stage != EXECUTION or not isinstance(start, date) or not types:
        return []
    made = sum(1 for paper in case.documents.values() if paper.document == types[0].id and paper.is_frozen)
    return [("report", "quarterly_report", start + timedelta(days=QUARTER_DAYS * (made + 1)), types[0].signers[0])]


def _as_deadlines(case: Case, found: list[tuple[str, str, date, str]]) -> tuple[Deadline, ...]:
    return tuple(
        Deadline(id=id_, case_id=case.id, rule=rule, due_on=day.isoformat(), owner_role=owner)
        for id_, rule, day, owner in found
    )


def messages_after(
    before: Case | None, after: Case, entries: Sequence[Entry], turns: Sequence[Turn], now: datetime
) -> tuple[Outgoing, ...]:
    """This will return the messages a change calls for. They carry no content: kind and case id only (trap 20)."""
    messages: list[Outgoing] = []
    for entry in entries:
        for kind, recipient in _told(entry):
            messages.append(_message(f"{after.id}:{entry.sequence}:{kind}", kind, after.id, recipient, now))
    moved = before is None or before.stage != after.stage
    if moved:
        for turn in turns:
            recipient = f"{turn.role}:{turn.organisation}"
            messages.append(
                _message(f"{after.id}:{after.sequence}:your_turn:{recipient}", "your_turn", after.id, recipient, now)
            )
    return tuple(messages)


def _told(entry: Entry) -> tuple[tuple[str, str], ...]:
    match entry.event:
        case MessageSent(audience="company"):
            return (("message", "pm:host" if entry.organisation == "sme" else "sme_contact:sme"),)
        case DocumentDispatched(recipient="sme"):
            return (("document_sent", "sme_contact:sme"),)
        case OpinionGiven():
            return (("opinion_given", "pm:host"),)
        case ActionTaken(source=source, target=target) if source != target:
            return (("stage_changed", "sme_contact:sme"),)
        case _:
            return ()


def _message(key: str, kind: str, case_id: str, recipient: str, now: datetime) -> Outgoing:
    return Outgoing(key=key, kind=kind, case_id=case_id, recipient=recipient, due_at=now)
