"""What follows when somebody drafts, freezes, signs, sends or registers a document, or hands in a file."""

from __future__ import annotations

from datetime import date, datetime

from engine.domain.agreement import merge_hash, uses_scope
from engine.domain.case import Case, Document
from engine.domain.commands import (
    DiscardDocument,
    DispatchDocument,
    DraftDocument,
    FinaliseDocument,
    SignDocument,
)
from engine.domain.derivations import Situation
from engine.domain.documents import is_current, is_signed, signed_roles
from engine.domain.duties import broken_duties
from engine.domain.events import (
    DocumentDiscarded,
    DocumentDispatched,
    DocumentDrafted,
    DocumentFinalised,
    DocumentSigned,
    Event,
)
from engine.domain.evolution import ROLE_ACTS, SIGNED_ACTS
from engine.domain.mandates import mandate_for
from engine.domain.reading import Unreadable, read_value
from engine.domain.reasons import InvalidInput, NotFound, Refused, Verdict
from engine.domain.refusals import closed, refusal, require_role
from engine.domain.roles import SME_ROLES, Actor
from engine.domain.values import Facts, Text, Value, local_day
from engine.domain.verdicts import authors_of
from engine.domain.workflow import CLOSED, DocumentType, Workflow

SENDERS = ("pm", "registrar", "records_owner", "ops_manager", "decision_maker", "legal", "board_secretary")
REGISTER_ROLES = ("registrar", "records_owner")
WET_ENTRY_FOR = frozenset({"sme_contact", "sme_signatory", "pi"})
"""Whose pen signatures the registrar may enter afterwards; a host's own people sign for themselves."""

PERSONS = {"per_participant": "participants", "per_visitor": "access_list"}
"""Where the people are for whom a document is made, by its occasion."""


def draft_document(case: Case, workflow: Workflow, command: DraftDocument, actor: Actor, asked: Situation) -> Event:
    """This will answer a request to begin a document."""
    type_ = _type(workflow, command.document)
    require_role("draft_document", workflow, actor, drafters_of(type_))
    if case.is_closed and type_.stage != CLOSED:
        raise closed("draft_document")
    _require_subject(case, type_, command.subject)
    for document in case.documents.values():
        same = document.document == type_.id and document.subject == command.subject
        if same and not document.is_frozen:
            raise refusal(
                "draft_document",
                "R-DRAFT",
                "document",
                Text(
                    sv=f"Det finns redan ett utkast till {type_.title.sv}. Öppna det i stället.",
                    en=f"There is already a draft of {type_.title.en}. Open that one instead.",
                ),
            )
    number = 1 + sum(1 for document in case.documents.values() if document.document == type_.id)
    number = max([number, *(_serial(key) + 1 for key in case.documents if key.rsplit(".", 1)[0] == type_.id)])
    return DocumentDrafted(
        key=f"{type_.id}.{number}",
        document=type_.id,
        purpose=type_.purpose,
        language=command.language,
        subject=command.subject,
        inputs=read_inputs(workflow, type_, command.inputs),
        scope_version=case.scope_version,
    )


def _require_subject(case: Case, type_: DocumentType, subject: str) -> None:
    """A document made once per person is about a row of the case; any other is about the case alone."""
    table = PERSONS.get(type_.occasion)
    if subject in (case.rows.get(table, {}) if table else {""}):
        return
    raise InvalidInput(
        {"subject": Text(sv="Välj vem dokumentet gäller.", en="Choose whom the document is about.")}
        if table
        else {
            "subject": Text(sv="Dokumentet gäller ärendet, ingen person.", en="The document is about the case alone.")
        }
    )


def drafters_of(type_: DocumentType) -> tuple[str, ...]:
    """This will return who may write a document: its host signers, the project manager, and legal for agreements."""
    extra = ("legal",) if type_.in_agreement_set or type_.purpose.startswith("confidentiality") else ()
    return tuple(dict.fromkeys((*authors_of(type_.signers), *extra)))


def finalise_document(
    case: Case, workflow: Workflow, command: FinaliseDocument, actor: Actor, asked: Situation
) -> Event:
    """This will answer a request to freeze a draft; the file has been made from this very revision."""
    document = document_of(case, command.key)
    type_ = _type(workflow, document.document)
    require_role("finalise_document", workflow, actor, drafters_of(type_))
    if document.is_frozen:
        raise refusal(
            "finalise_document", "R-FROZEN", "document",
            Text(sv="Dokumentet är redan slutligt.", en="The document is final already."),
        )  # fmt: skip
    inputs: dict[str, Value] = {**document.inputs, **read_inputs(workflow, type_, command.inputs)}
    missing = {
        name: Text(
            sv=f"Svara på frågan ”{workflow.fields[name].label.sv}” innan dokumentet görs slutligt.",
            en=f"Answer “{workflow.fields[name].label.en}” before the document is made final.",
        )
        for name in type_.inputs
        if inputs.get(name) is None
    }
    if missing:
        raise InvalidInput(missing)
    if inputs.get("document.research_data_free") is False:
        raise refusal(
            "finalise_document",
            "R-DATA",
            "rule",
            Text(
                sv="Är priset fritt från ersättning för forskningsdata? Ta bort den ur priset först.",
                en="Is the price free from any charge for research data? Take it out of the price first.",
            ),
            basis=("L18",),
            who=("finance", "pm"),
        )
    return DocumentFinalised(
        key=document.key,
        rendition=command.rendition,
        inputs=inputs,
        scope_version=case.scope_version,
        merge_hash=merge_hash(workflow, type_, asked.facts),
        agreement_hash=_hash(asked),
        secrecy=proposed_marking(type_, asked),
    )


def proposed_marking(type_: DocumentType, asked: Situation) -> str:
    """This will return the secrecy marking to propose: the first rule whose condition holds."""
    for rule in type_.secrecy:
        if rule.when is None or rule.when.holds(asked.environment) is True:
            return rule.marking
    return "open"


def read_inputs(workflow: Workflow, type_: DocumentType, raw: Facts) -> dict[str, Value]:
    """This will read the answers given inside a document. Raises InvalidInput for a question it does not ask."""
    values: dict[str, Value] = {}
    faults: dict[str, Text] = {}
    for name, content in raw.items():
        field = workflow.fields.get(name)
        if name not in type_.inputs or field is None:
            faults[name] = Text(sv="Dokumentet frågar inte efter detta.", en="The document does not ask for this.")
            continue
        try:
            values[name] = read_value(field.type, field.choices, content)
        except Unreadable as fault:
            faults[name] = fault.text
    if faults:
        raise InvalidInput(faults)
    return values


def discard_document(case: Case, workflow: Workflow, command: DiscardDocument, actor: Actor) -> Event:
    """This will answer a request to throw away a draft."""
    document = document_of(case, command.key)
    require_role("discard_document", workflow, actor, drafters_of(_type(workflow, document.document)))
    if document.is_frozen:
        raise refusal(
            "discard_document", "R-FROZEN", "document",
            Text(
                sv="Ett slutligt dokument kastas inte: det ersätts.",
                en="A final document is not discarded: it is replaced.",
            ),
            basis=("L52",),
        )  # fmt: skip
    if not command.note.strip():
        raise InvalidInput({"note": Text(sv="Skriv varför utkastet kastas.", en="Write why the draft is discarded.")})
    return DocumentDiscarded(key=document.key, note=command.note.strip())


def sign_document(
    case: Case, workflow: Workflow, command: SignDocument, actor: Actor, now: datetime, asked: Situation
) -> Event:
    """This will answer a request to sign a frozen document in a role."""
    document = document_of(case, command.key)
    type_ = _type(workflow, document.document)
    if command.role not in type_.signers:
        raise refusal(
            "sign_document", "R-SIGNER", "right",
            Text(sv="Rollen undertecknar inte det här dokumentet.", en="The role does not sign this document."),
            who=type_.signers,
        )  # fmt: skip
    is_entry = command.role not in actor.roles
    if is_entry:
        _require_wet_entry(workflow, command, actor)
    _require_signable(case, workflow, document, type_, command, asked)
    act = SIGNED_ACTS.get((document.purpose, command.role))
    mandate = ""
    if not is_entry:
        acts = {act} if act else set()
        if command.role in ROLE_ACTS:
            acts.add(ROLE_ACTS[command.role])
        reasons = (
            () if command.role in SME_ROLES else broken_duties(case, workflow, actor, command.role, frozenset(acts))
        )
        if reasons:
            raise Refused(Verdict(action="sign_document", allowed=False, other=reasons))
    if act in {"decide", "sign_host"}:
        mandate = _require_mandate(case, workflow, actor, asked)
    return DocumentSigned(
        key=document.key,
        role=command.role,
        party="sme" if command.role in SME_ROLES else actor.roles.get(command.role, case.host_org),
        method=command.method,
        signed_on=_signing_day(command, document, now),
        scope_version=case.scope_version,
        agreement_hash=_hash(asked),
        uses_scope=uses_scope(workflow, type_),
        mandate=mandate,
    )


def _require_wet_entry(workflow: Workflow, command: SignDocument, actor: Actor) -> None:
    if command.method != "wet" or command.role not in WET_ENTRY_FOR:
        require_role("sign_document", workflow, actor, (command.role,))
    require_role("sign_document", workflow, actor, REGISTER_ROLES)
    if command.signed_on is None or not command.on_behalf_of.strip():
        raise InvalidInput(
            {"signed_on": Text(sv="Ange vem som undertecknat och vilken dag.", en="State who signed and on which day.")}
        )


def _require_signable(
    case: Case, workflow: Workflow, document: Document, type_: DocumentType, command: SignDocument, asked: Situation
) -> None:
    if not document.is_frozen:
        raise refusal(
            "sign_document", "R-DRAFT", "document",
            Text(
                sv="Dokumentet är ett utkast. Gör det slutligt först.",
                en="The document is a draft. Make it final first.",
            ),
            who=drafters_of(type_),
        )  # fmt: skip
    if not is_current(workflow, document, asked.facts):
        raise refusal(
            "sign_document", "R-STALE", "document",
            Text(
                sv="Dokumentet bygger på uppgifter som har ändrats. Gör en ny version.",
                en="The document rests on facts that have changed. Make a new version.",
            ),
            who=drafters_of(type_),
        )  # fmt: skip
    signed = signed_roles(document)
    if command.role in signed:
        raise refusal(
            "sign_document", "R-SIGNED", "document",
            Text(sv="Rollen har redan undertecknat.", en="The role has signed already."),
        )  # fmt: skip
    before = [role for role in type_.signers[: type_.signers.index(command.role)] if role not in signed]
    if before:
        names = [workflow.roles[role].name for role in before]
        raise refusal(
            "sign_document", "R-ORDER", "document",
            Text(
                sv="Före dig undertecknar: " + ", ".join(name.sv for name in names) + ".",
                en="Before you, these sign: " + ", ".join(name.en for name in names) + ".",
            ),
            who=tuple(before),
        )  # fmt: skip


def _require_mandate(case: Case, workflow: Workflow, actor: Actor, asked: Situation) -> str:
    found = mandate_for(actor, case.host_org, asked.facts, asked.today)
    if found is None:
        amount, type_ = asked.facts.get("price.amount_sek"), asked.facts.get("scope.collab_type")
        raise refusal(
            "sign_document", "R-MANDATE", "duty",
            Text(
                sv="Du har inget giltigt mandat för den här typen av avtal och beloppet i dag.",
                en="You have no valid mandate for this type of agreement and this amount today.",
            ),
            values={"price.amount_sek": amount, "scope.collab_type": type_},
            who=("decision_maker",),
            basis=("L24", "L46", "L61"),
        )  # fmt: skip
    return found.reference


def _signing_day(command: SignDocument, document: Document, now: datetime) -> date:
    today = local_day(now)
    day = command.signed_on or today
    frozen = local_day(document.finalised_at) if document.finalised_at else today
    if day > today or day < frozen:
        raise InvalidInput(
            {
                "signed_on": Text(
                    sv=f"Dagen ska ligga mellan {frozen} och {today}.",
                    en=f"The day must lie between {frozen} and {today}.",
                )
            }
        )
    return day


def dispatch_document(
    case: Case, workflow: Workflow, command: DispatchDocument, actor: Actor, asked: Situation
) -> Event:
    """This will answer a request to send a document."""
    document = document_of(case, command.key)
    require_role("dispatch_document", workflow, actor, SENDERS)
    type_ = _type(workflow, document.document)
    host_signers = set(type_.signers) - SME_ROLES
    if not document.is_frozen or (host_signers == set(type_.signers) and not is_signed(type_, document)):
        raise refusal(
            "dispatch_document", "R-DRAFT", "document",
            Text(
                sv="Dokumentet skickas när det är slutligt och undertecknat hos oss.",
                en="The document is sent when it is final and signed on our side.",
            ),
            who=drafters_of(type_),
        )  # fmt: skip
    return DocumentDispatched(key=document.key, recipient=command.recipient)


def _type(workflow: Workflow, document_id: str) -> DocumentType:
    type_ = workflow.documents.get(document_id)
    if type_ is None:
        raise NotFound(
            Text(sv=f"Dokumentet {document_id} finns inte här.", en=f"There is no document {document_id} here.")
        )
    return type_


def document_of(case: Case, key: str) -> Document:
    """This will return a document of the case by its key. Raises NotFound."""
    document = case.documents.get(key)
    if document is None:
        raise NotFound(
            Text(sv=f"Dokumentet {key} finns inte i ärendet.", en=f"There is no document {key} in the case.")
        )
    return document


def _serial(key: str) -> int:
    tail = key.rsplit(".", 1)[-1]
    return int(tail) if tail.isdecimal() else 0


def _hash(asked: Situation) -> str:
    value = asked.facts.get("legal.doc_hash")
    return value if isinstance(value, str) else ""
