"""How each event changes a case: ``evolve(case, entry)`` gives the next case. Pure, total, no decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.domain import effects
from engine.domain.case import (
    Attested,
    Case,
    Condition,
    Document,
    Fact,
    Notice,
    Opinion,
    Row,
    Signature,
    Surroundings,
    UploadedFile,
)
from engine.domain.events import (
    ActionRefused,
    ActionTaken,
    CaseOpened,
    ConditionClosed,
    ConfidentialityChecked,
    DocumentDiscarded,
    DocumentDispatched,
    DocumentDrafted,
    DocumentFinalised,
    DocumentRegistered,
    DocumentSigned,
    Entry,
    FactsRecorded,
    FileUploaded,
    LedgerReserved,
    LedgersReleased,
    MessageSent,
    NoticeAcknowledged,
    OpinionGiven,
    PersonAssigned,
    RowRecorded,
    RowRemoved,
    ScopeConfirmed,
    SecrecyReviewed,
)
from engine.domain.events import Attested as AttestedEvent
from engine.domain.values import Value

ADVISORY_ROLES = frozenset({"legal", "dpo", "security", "biosafety", "qp", "registrar"})
"""Advice on a scope field is not scoping: it does not make the adviser an editor (SOD-01)."""

SIGNED_ACTS: Mapping[tuple[str, str], str] = {
    ("calculation", "finance"): "approve_price",
    ("procurement_result", "procurement"): "procurement_result",
    ("skip_record", "procurement"): "skip_sign",
    ("decision", "decision_maker"): "decide",
    ("main_agreement", "decision_maker"): "sign_host",
    ("final_report", "pm"): "sign_final_report_host",
}
"""What a signature means for segregation of duties, by document purpose and role."""

ROLE_ACTS: Mapping[str, str] = {"pm": "act_as_pm", "ops_manager": "act_as_ops_manager", "pi": "act_as_pi"}


def open_from(entry: Entry, surroundings: Surroundings) -> Case:
    """This will return the case that a ``CaseOpened`` entry begins. Raises TypeError for another event."""
    event = entry.event
    if not isinstance(event, CaseOpened):
        raise TypeError("a log begins with CaseOpened")
    first_version = 1 if any(name.startswith("scope.") for name in event.values) else 0
    return Case(
        id=event.case_id,
        form=event.form,
        definition_version=event.definition_version,
        infrastructure_id=event.infrastructure_id,
        host_org=event.host_org,
        language=event.language,
        opened_at=entry.at,
        opened_by=entry.person,
        stage=event.initial_stage,
        stage_since=entry.at,
        surroundings=surroundings,
        last_at=entry.at,
        last_person=entry.person_name,
        last_change=type(event).__name__,
        internal_no=event.internal_no,
        scope_version=first_version,
        highest_version=first_version,
        joint_parent_id=event.joint_parent_id,
        facts={name: _fact(value, entry) for name, value in event.values.items()},
        notices={
            kind: Notice(version=version, person=entry.person, at=entry.at) for kind, version in event.notices.items()
        },
        revision=1,
        sequence=entry.sequence,
    )


def fold(entries: tuple[Entry, ...], surroundings: Surroundings) -> Case:
    """This will return the case that a whole log describes. The first entry must be ``CaseOpened``."""
    case = open_from(entries[0], surroundings)
    for entry in entries[1:]:
        case = evolve(case, entry)
    return case


def evolve(case: Case, entry: Entry) -> Case:
    """This will return the case after one more log line. A refusal changes nothing but the sequence."""
    event = entry.event
    if isinstance(event, ActionRefused):
        return replace(case, sequence=entry.sequence)
    case = replace(
        case,
        sequence=entry.sequence,
        revision=case.revision + 1,
        last_at=entry.at,
        last_person=entry.person_name,
        last_change=type(event).__name__,
    )
    case = effects.remember_act(case, entry.person, ROLE_ACTS.get(entry.role))
    match event:
        case CaseOpened():
            raise ValueError("a case is opened once")
        case FactsRecorded():
            return _facts_recorded(case, entry, event)
        case RowRecorded():
            return _row_recorded(case, entry, event)
        case RowRemoved():
            rows = {name: row for name, row in case.rows.get(event.table, {}).items() if name != event.row_id}
            case = replace(case, rows={**case.rows, event.table: rows})
            return _edited(case, entry, event.table, event.scope_version, event.scope_revision)
        case NoticeAcknowledged():
            notice = Notice(version=event.version, person=entry.person, at=entry.at)
            return replace(case, notices={**case.notices, event.notice: notice})
        case ScopeConfirmed():
            case = replace(case, confirmed={**case.confirmed, event.side: event.scope_version})
            return effects.use_version(case, event.scope_version)
        case ConfidentialityChecked():
            return effects.use_version(replace(case, confidentiality_checked=event.scope_version), event.scope_version)
        case OpinionGiven():
            return _opinion_given(case, entry, event)
        case ConditionClosed():
            return _condition_closed(case, entry, event)
        case DocumentDrafted():
            return _document_drafted(case, entry, event)
        case DocumentFinalised():
            return _document_finalised(case, entry, event)
        case DocumentDiscarded():
            return replace(case, documents={k: d for k, d in case.documents.items() if k != event.key})
        case DocumentSigned():
            return _document_signed(case, entry, event)
        case DocumentDispatched():
            document = case.documents[event.key]
            return _with_document(case, replace(document, dispatches=(*document.dispatches, entry.at)))
        case DocumentRegistered():
            return _registered(case, entry, event)
        case SecrecyReviewed():
            document = case.documents[event.key]
            marking = document.marking if event.keep else "open"
            return _with_document(case, replace(document, marking=marking, marking_reviewed_at=entry.at))
        case AttestedEvent():
            return _attested(case, entry, event)
        case ActionTaken():
            return effects.apply(case, entry, event)
        case FileUploaded():
            return _file_uploaded(case, entry, event)
        case LedgerReserved() | LedgersReleased() | MessageSent() | PersonAssigned():
            return case


def _fact(value: Value, entry: Entry) -> Fact:
    return Fact(value=value, person=entry.person, role=entry.role, at=entry.at)


def _facts_recorded(case: Case, entry: Entry, event: FactsRecorded) -> Case:
    facts = dict(case.facts)
    for name, value in event.values.items():
        facts[name] = Fact(
            value=value,
            person=entry.person,
            role=entry.role,
            at=entry.at,
            reason=event.reason,
            source_note=event.source_note,
            observed_on=event.observed_on,
        )
    case = replace(case, facts=facts)
    groups = {name.split(".", 1)[0] for name in event.values}
    for group in ("scope", "price"):
        if group in groups:
            case = _edited(case, entry, group, event.scope_version, event.scope_revision)
    return replace(
        case,
        scope_version=event.scope_version,
        scope_revision=event.scope_revision,
        highest_version=max(case.highest_version, event.scope_version),
    )


def _row_recorded(case: Case, entry: Entry, event: RowRecorded) -> Case:
    row = Row(values=event.values, person=entry.person, at=entry.at)
    rows = {**case.rows.get(event.table, {}), event.row_id: row}
    case = replace(case, rows={**case.rows, event.table: rows})
    return _edited(case, entry, event.table, event.scope_version, event.scope_revision)


def _edited(case: Case, entry: Entry, what: str, version: int, revision: int) -> Case:
    case = replace(
        case, scope_version=version, scope_revision=revision, highest_version=max(case.highest_version, version)
    )
    if what not in {"scope", "price", "participants"} or entry.role in ADVISORY_ROLES:
        return case
    case = effects.remember_act(case, entry.person, "edit_price" if what == "price" else "edit_scope")
    return effects.remember_editor(case, entry.person)


def _opinion_given(case: Case, entry: Entry, event: OpinionGiven) -> Case:
    earlier = tuple(
        replace(opinion, is_superseded=True) if opinion.organisation == event.organisation else opinion
        for opinion in case.opinions
    )
    opinion = Opinion(
        id=event.opinion_id,
        organisation=event.organisation,
        person=entry.person,
        person_name=entry.person_name,
        opinion=event.opinion,
        text=event.text,
        checks=event.checks,
        scope_version=event.scope_version,
        doc_hash=event.doc_hash,
        at=entry.at,
        conditions=tuple(Condition(id=key, text=text) for key, text in event.conditions.items()),
    )
    case = replace(case, opinions=(*earlier, opinion))
    case = effects.remember_act(case, entry.person, "legal_opinion")
    return effects.use_version(case, event.scope_version)


def _condition_closed(case: Case, entry: Entry, event: ConditionClosed) -> Case:
    def closed(condition: Condition) -> Condition:
        if condition.id != event.condition_id:
            return condition
        return replace(condition, closed_at=entry.at, closed_by=entry.person, evidence=event.evidence)

    opinions = tuple(
        replace(opinion, conditions=tuple(closed(condition) for condition in opinion.conditions))
        for opinion in case.opinions
    )
    return replace(case, opinions=opinions)


def _document_drafted(case: Case, entry: Entry, event: DocumentDrafted) -> Case:
    document = Document(
        key=event.key,
        document=event.document,
        purpose=event.purpose,
        language=event.language,
        subject=event.subject,
        inputs=event.inputs,
        drafted_at=entry.at,
        drafted_by=entry.person,
        scope_version=event.scope_version,
    )
    return _with_document(case, document)


def _document_finalised(case: Case, entry: Entry, event: DocumentFinalised) -> Case:
    draft = case.documents[event.key]
    documents = {
        key: replace(document, is_superseded=True)
        if document.document == draft.document and document.subject == draft.subject and document.is_frozen
        and document.purpose not in effects.SEVERAL_AT_A_TIME
        else document
        for key, document in case.documents.items()
    }  # fmt: skip
    documents[event.key] = replace(
        draft,
        rendition=event.rendition,
        inputs=event.inputs,
        finalised_at=entry.at,
        scope_version=event.scope_version,
        merge_hash=event.merge_hash,
        agreement_hash=event.agreement_hash,
        marking=event.secrecy,
    )
    return replace(case, documents=documents)


def _document_signed(case: Case, entry: Entry, event: DocumentSigned) -> Case:
    document = case.documents[event.key]
    signature = Signature(
        role=event.role,
        party=event.party,
        person=entry.person,
        person_name=entry.person_name,
        method=event.method,
        signed_on=event.signed_on,
        at=entry.at,
        scope_version=event.scope_version,
        agreement_hash=event.agreement_hash,
        mandate=event.mandate,
    )
    case = _with_document(case, replace(document, signatures=(*document.signatures, signature)))
    act = SIGNED_ACTS.get((document.purpose, event.role))
    case = effects.remember_act(case, entry.person, act)
    if act == "approve_price":
        case = effects.remember_editor(case, entry.person)
    if act in {"procurement_result", "skip_sign"}:
        case = effects.replace_other_result(case, document)
    if document.purpose == "confidentiality_amendment" and effects.is_signed_by_both(case.documents[event.key]):
        case = replace(case, nda_amendment_pending=False)
    return effects.use_version(case, event.scope_version) if event.uses_scope else case


def _registered(case: Case, entry: Entry, event: DocumentRegistered) -> Case:
    case = effects.remember_act(case, entry.person, "register_entry")
    case = replace(case, register_closed_at=None)
    if event.key in case.files:
        file = replace(case.files[event.key], registered_number=event.number, registered_at=entry.at)
        return replace(case, files={**case.files, event.key: file})
    document = replace(
        case.documents[event.key], registered_number=event.number, registered_at=entry.at, marking=event.secrecy
    )
    return _with_document(case, document)


def _attested(case: Case, entry: Entry, event: AttestedEvent) -> Case:
    mark = Attested(person=entry.person, at=entry.at, sequence=entry.sequence)
    case = replace(case, attested={**case.attested, event.what: mark})
    if event.what == "register_case_closed":
        return replace(case, register_closed_at=entry.at)
    return case


def _file_uploaded(case: Case, entry: Entry, event: FileUploaded) -> Case:
    file = UploadedFile(
        key=event.key,
        name=event.name,
        media_type=event.media_type,
        file_hash=event.file_hash,
        size=event.size,
        info_class=event.info_class,
        person=entry.person,
        at=entry.at,
    )
    return replace(case, files={**case.files, event.key: file})


def _with_document(case: Case, document: Document) -> Case:
    return replace(case, documents={**case.documents, document.key: document})
