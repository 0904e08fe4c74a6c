"""The one way to change a case: load, decide, save, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.application.follow_up import deadlines_of, messages_after, turns_of
from engine.application.ports import Ports, Receipt, Request, UnitOfWork
from engine.application.results import Result, lost_race
from engine.domain.case import Case
from engine.domain.commands import (
    AcknowledgeNotice,
    AssignPerson,
    Attest,
    CheckConfidentiality,
    CloseCondition,
    Command,
    ConfirmScope,
    DiscardDocument,
    DispatchDocument,
    DraftDocument,
    FinaliseDocument,
    GiveOpinion,
    RecordFacts,
    RecordRow,
    RegisterDocument,
    RemoveRow,
    ReviewSecrecy,
    SendMessage,
    SignDocument,
    TakeAction,
    UploadFile,
)
from engine.domain.deciding_documents import REGISTER_ROLES, SENDERS, drafters_of
from engine.domain.deciding_reviews import ASSIGNED_BY, ATTESTED_BY, COMPANY
from engine.domain.decisions import decide
from engine.domain.derivations import situation
from engine.domain.events import ActionRefused, Entry, Event
from engine.domain.evolution import evolve
from engine.domain.reasons import Conflict, NotFound, Refused
from engine.domain.roles import SYSTEM, Actor
from engine.domain.values import Text
from engine.domain.verdicts import acting_role
from engine.domain.workflow import Workflow

HIDDEN = Text(
    sv="Ärendet finns inte, eller så har du ingen roll i det.",
    en="There is no such case, or you have no role in it.",
)


def handle(ports: Ports, case_id: str, command: Command, request: Request) -> Result:
    """This will carry out a command on a case: row, events, projections and messages together or not at all.

    A repeated request with the same idempotency key gets the first answer and changes nothing, also when both came
    at once. Raises Refused (the attempt is on the record), InvalidInput, NotFound, and Conflict when the case has
    moved on since it was read.
    """
    try:
        return _carry_out(ports, case_id, command, request)
    except Conflict:
        first = answered(ports, request)
        if first is None:
            raise
        return first


def answered(ports: Ports, request: Request) -> Result | None:
    """This will return what a request with the same key was answered in the meantime, or None."""
    if not request.idempotency_key:
        return None
    with ports.read_only() as work:
        kept = work.receipt(request.idempotency_key, request.person)
    return None if kept is None else Result.of(kept)


def _carry_out(ports: Ports, case_id: str, command: Command, request: Request) -> Result:
    refused: Refused | None = None
    with ports.unit_of_work() as work:
        kept = work.receipt(request.idempotency_key, request.person) if request.idempotency_key else None
        if kept is not None:
            return Result.of(kept)
        case = work.cases.get(case_id, lock_ledgers=isinstance(command, TakeAction))
        actor = request.actor(case)
        if not actor.roles:
            raise NotFound(HIDDEN)
        if request.expected_revision is not None and request.expected_revision != case.revision:
            raise lost_race(case)
        workflow = ports.workflows.version(case.definition_version)
        now = max(ports.now(), case.last_at)
        role = role_for(case, workflow, command, actor)
        try:
            events = decide(case, workflow, command, actor, now)
        except Refused as error:
            refused = error
            events = (_refusal(command, error),)
        result = store(work, case, workflow, events, actor, role, now)
        if request.idempotency_key and refused is None:
            _keep(work, request, result)
    if refused is not None:
        raise refused
    return result


def store(
    work: UnitOfWork, case: Case, workflow: Workflow, events: Sequence[Event], actor: Actor, role: str, now: datetime
) -> Result:
    """This will append the events, save the folded case and everything that follows from it."""
    if not events:
        return Result(case_id=case.id, revision=case.revision, sequence=case.sequence, events=())
    entries: list[Entry] = []
    after = case
    for event in events:
        entry = Entry(
            sequence=after.sequence + 1,
            at=now,
            person=actor.person,
            person_name=actor.name,
            role=role,
            organisation=actor.roles.get(role, ""),
            event=event,
            mandate=getattr(event, "mandate", ""),
        )
        entries.append(entry)
        after = evolve(after, entry)
    work.cases.save(after, entries, expected_revision=case.revision, expected_sequence=case.sequence)
    if after.revision != case.revision:
        follow_up(work, case, after, workflow, entries, now)
    return Result(
        case_id=case.id,
        revision=after.revision,
        sequence=after.sequence,
        events=tuple(type(event).__name__ for event in events),
    )


def follow_up(
    work: UnitOfWork, before: Case | None, after: Case, workflow: Workflow, entries: Sequence[Entry], now: datetime
) -> None:
    """This will write whose turn it is now, the deadlines and the messages that the change calls for."""
    asked = situation(after, workflow, now)
    turns = turns_of(after, workflow, asked)
    work.set_turns(after.id, turns)
    work.set_deadlines(after.id, deadlines_of(after, workflow, asked))
    for message in messages_after(before, after, entries, turns, now):
        work.send(message)


def role_for(case: Case, workflow: Workflow, command: Command, actor: Actor) -> str:
    """This will return the role under which the actor acts in a command, for the log and segregation of duties.

    Where no role fits, the first one held: the refusal that follows is then logged under it.
    """
    return actor.first_role(_roles_of(case, workflow, command, actor)) or next(iter(actor.roles))


def _roles_of(case: Case, workflow: Workflow, command: Command, actor: Actor) -> tuple[str, ...]:
    match command:
        case TakeAction():
            action = workflow.actions.get(command.action)
            role = acting_role(action, actor) if action else None
            return (role,) if role else (SYSTEM,)
        case RecordFacts():
            fields = [workflow.fields[name] for name in command.values if name in workflow.fields]
            return tuple(role for field in fields for role in field.by)
        case RecordRow() | RemoveRow():
            return workflow.tables[command.table].by if command.table in workflow.tables else ()
        case GiveOpinion() | CloseCondition():
            return ("legal",)
        case SignDocument():
            return (command.role, *REGISTER_ROLES)
        case DraftDocument() | FinaliseDocument() | DiscardDocument():
            name = command.document if isinstance(command, DraftDocument) else command.key.rsplit(".", 1)[0]
            return drafters_of(workflow.documents[name]) if name in workflow.documents else ()
        case RegisterDocument():
            return REGISTER_ROLES
        case ReviewSecrecy():
            return ("registrar", "legal", "archivist")
        case DispatchDocument():
            return SENDERS
        case ConfirmScope():
            return (*COMPANY, "pm")
        case CheckConfidentiality():
            return ("legal",) if workflow.is_authority else ("pm", "legal")
        case AcknowledgeNotice():
            return COMPANY
        case AssignPerson():
            return ASSIGNED_BY.get(command.role, ())
        case Attest():
            return ATTESTED_BY[command.what]
        case SendMessage() | UploadFile():
            return ()


def _refusal(command: Command, error: Refused) -> ActionRefused:
    return ActionRefused(
        command=type(command).__name__,
        action=command.action if isinstance(command, TakeAction) else error.verdict.action,
        reasons=tuple(reason.id for reason in error.verdict.reasons),
    )


def _keep(work: UnitOfWork, request: Request, result: Result) -> None:
    receipt = Receipt(case_id=result.case_id, revision=result.revision, sequence=result.sequence, events=result.events)
    work.keep_receipt(request.idempotency_key, request.person, receipt)
