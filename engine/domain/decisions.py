"""The core question: ``decide(case, workflow, command, actor, now)`` gives events, or a refusal with all its reasons.

Pure: the same question always gets the same answer. Pages, interface and command line ask nothing else.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from engine.domain import deciding_actions, deciding_documents, deciding_facts, deciding_register, deciding_reviews
from engine.domain.case import Case, Infrastructure
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
    OpenCase,
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
from engine.domain.derivations import Situation, situation
from engine.domain.duties import broken_duties
from engine.domain.events import CaseOpened, Event
from engine.domain.reading import read_values, text_fault
from engine.domain.reasons import InvalidInput, Refused, Verdict
from engine.domain.refusals import closed, refusal
from engine.domain.roles import NO_CONTENT_ROLES, READ_ONLY_ROLES, SYSTEM, Actor
from engine.domain.values import Text
from engine.domain.verdicts import explain
from engine.domain.workflow import Workflow

__all__ = ["decide", "explain", "open_case"]


def decide(
    case: Case, workflow: Workflow, command: Command, actor: Actor, now: datetime, *, asked: Situation | None = None
) -> tuple[Event, ...]:
    """This will return what happens when ``actor`` gives ``command``; an empty tuple when it changes nothing.

    ``asked`` is the case's situation at ``now`` when the caller has it already. Raises Refused, InvalidInput, NotFound.
    """
    _require_writer(command, actor)
    _require_plain_texts(command)
    _require_no_open_conflict(case, workflow, command, actor)
    _require_open(case, command)
    asked = asked or situation(case, workflow, now)
    match command:
        case TakeAction():
            return deciding_actions.take_action(case, workflow, command, actor, now, asked)
        case RecordFacts():
            return deciding_facts.record_facts(case, workflow, command, actor, now, asked)
        case RecordRow() | RemoveRow():
            return deciding_facts.record_row(case, workflow, command, actor, asked)
        case GiveOpinion():
            return (deciding_reviews.give_opinion(case, workflow, command, actor, asked),)
        case CloseCondition():
            return (deciding_reviews.close_condition(case, workflow, command, actor),)
        case ConfirmScope():
            return (deciding_reviews.confirm_scope(case, workflow, command, actor, asked),)
        case CheckConfidentiality():
            return (deciding_reviews.check_confidentiality(case, workflow, command, actor),)
        case AcknowledgeNotice():
            return (deciding_reviews.acknowledge_notice(case, workflow, command, actor),)
        case AssignPerson():
            return (deciding_reviews.assign_person(case, workflow, command, actor),)
        case Attest():
            return (deciding_reviews.attest(case, workflow, command, actor),)
        case SendMessage():
            return (deciding_reviews.send_message(case, workflow, command, actor),)
        case DraftDocument():
            return (deciding_documents.draft_document(case, workflow, command, actor, asked),)
        case FinaliseDocument():
            return (deciding_documents.finalise_document(case, workflow, command, actor, asked),)
        case DiscardDocument():
            return (deciding_documents.discard_document(case, workflow, command, actor),)
        case SignDocument():
            return (deciding_documents.sign_document(case, workflow, command, actor, now, asked),)
        case DispatchDocument():
            return (deciding_documents.dispatch_document(case, workflow, command, actor, asked),)
        case RegisterDocument():
            return (deciding_register.register_document(case, workflow, command, actor),)
        case ReviewSecrecy():
            return (deciding_register.review_secrecy(case, workflow, command, actor),)
        case UploadFile():
            return (deciding_register.upload_file(case, workflow, command, actor),)


def open_case(
    workflow: Workflow, infrastructure: Infrastructure, command: OpenCase, *, internal_no: str | None
) -> CaseOpened:
    """This will return the opening of a case. Raises Refused when the infrastructure takes no inquiries.

    The company's own fields only; the notices that the form demands must have been shown and confirmed first.
    """
    if infrastructure.form != workflow.form or infrastructure.status not in {"active", "onboarding"}:
        raise refusal(
            "open_case", "R-CLOSED", "rule",
            Text(
                sv=f"{infrastructure.name_sv} tar inte emot förfrågningar just nu.",
                en=f"{infrastructure.name_en} does not take inquiries right now.",
            ),
        )  # fmt: skip
    values = read_values(workflow.fields, command.values)
    faults = {
        name: Text(sv="Uppgiften lämnas inte i en förfrågan.", en="This is not part of an inquiry.")
        for name in values
        if "sme_contact" not in workflow.fields[name].by
    }
    faults |= {f"notice.{kind}": fault for kind, version in command.notices.items() if (fault := text_fault(version))}
    needed = "public_access" if workflow.is_authority else "public_body"
    if needed not in command.notices:
        faults[f"notice.{needed}"] = Text(
            sv="Läs informationen och bekräfta den först.", en="Read the notice and confirm it first."
        )
    for name in ("sme.name", "sme.org_nr", "sme.contact_name", "sme.contact_email"):
        if values.get(name) is None:
            faults[name] = Text(sv="Fyll i detta.", en="Fill this in.")
    if faults:
        raise InvalidInput(faults)
    return CaseOpened(
        case_id=command.case_id,
        form=workflow.form,
        definition_version=workflow.version,
        infrastructure_id=infrastructure.id,
        host_org=infrastructure.owner_org,
        initial_stage=workflow.initial,
        language=command.language,
        values={name: value for name, value in values.items() if value is not None},
        notices=dict(command.notices),
        internal_no=internal_no,
        joint_parent_id=command.joint_parent_id,
    )


def _require_writer(command: Command, actor: Actor) -> None:
    """Nothing is allowed that is not written: no role on the case, or only reading roles, writes nothing."""
    if not actor.is_active:
        raise refusal(
            type(command).__name__, "SOD-13", "duty",
            Text(
                sv="Ditt konto eller din delegation gäller inte längre. Det du skrev är inte sparat.",
                en="Your account or delegation is no longer valid. What you wrote has not been saved.",
            ),
            basis=("L51",),
        )  # fmt: skip
    roles = set(actor.roles)
    if SYSTEM in roles or roles - READ_ONLY_ROLES - NO_CONTENT_ROLES:
        return
    duty = "SOD-12" if roles & READ_ONLY_ROLES else "SOD-10" if roles & NO_CONTENT_ROLES else "ROLE"
    raise refusal(
        type(command).__name__, duty, "right",
        Text(sv="Din roll får inte ändra något i ärendet.", en="Your role may not change anything in the case."),
    )  # fmt: skip


def _require_no_open_conflict(case: Case, workflow: Workflow, command: Command, actor: Actor) -> None:
    """Whoever has an open conflict of interest writes nothing in the case, not even a note (SOD-05).

    Commands that look at all duties themselves answer with every reason at once.
    """
    if isinstance(command, TakeAction | RecordFacts | RecordRow | RemoveRow | GiveOpinion | RegisterDocument):
        return
    if SYSTEM in actor.roles or actor.is_company:
        return
    found = tuple(reason for reason in broken_duties(case, workflow, actor, "", frozenset()) if reason.id == "SOD-05")
    if found:
        raise Refused(Verdict(action=type(command).__name__, allowed=False, other=found))


def _require_plain_texts(command: Command) -> None:
    """What people write beside the fields (reasons, opinions, messages) is kept and printed too: no control characters.

    Values of fields and rows are read by their types; here are the command's own texts.
    """
    faults: dict[str, Text] = {}
    for part in fields(command):
        value = getattr(command, part.name)
        for text in value if isinstance(value, tuple) else (value,):
            fault = text_fault(text) if isinstance(text, str) else None
            if fault is not None:
                faults[part.name] = fault
    if faults:
        raise InvalidInput(faults)


def _require_open(case: Case, command: Command) -> None:
    """A closed case never opens again (INV-29): what is left to do is to report, sign, send, register and archive."""
    if case.is_closed and isinstance(command, ConfirmScope | CheckConfidentiality | CloseCondition | AssignPerson):
        raise closed(type(command).__name__)
