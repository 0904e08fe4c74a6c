"""The log in plain values: for each event who, what, when, and who may read it. One partial draws each event."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from engine.domain import events as happened
from engine.domain.events import Entry, Event
from engine.domain.roles import SYSTEM
from engine.domain.values import Facts, local_day
from engine.domain.workflow import Workflow
from web.voice import Voice

FILTERS: Final = ("all", "decisions", "documents", "messages", "facts", "refused")

_IN_FILTER: Final[dict[str, tuple[type[object], ...]]] = {
    "decisions": (happened.CaseOpened, happened.ActionTaken, happened.OpinionGiven, happened.ConditionClosed,
                  happened.ScopeConfirmed, happened.ConfidentialityChecked, happened.Attested,
                  happened.PersonAssigned),
    "documents": (happened.DocumentDrafted, happened.DocumentFinalised, happened.DocumentDiscarded,
                  happened.DocumentSigned, happened.DocumentDispatched, happened.DocumentRegistered,
                  happened.SecrecyReviewed, happened.FileUploaded),
    "messages": (happened.MessageSent,),
    "facts": (happened.FactsRecorded, happened.RowRecorded, happened.RowRemoved),
    "refused": (happened.ActionRefused,),
}  # fmt: skip

_SEEN_BY_COMPANY: Final = (
    happened.CaseOpened, happened.NoticeAcknowledged, happened.ScopeConfirmed, happened.DocumentDispatched,
    happened.FileUploaded,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One event as a partial draws it. ``about`` is what it concerns, ``details`` lines below, ``quote`` a text."""

    who: str
    about: str = ""
    details: tuple[str, ...] = ()
    quote: str = ""
    count: int = 0
    version: int = 0
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One entry of the timeline."""

    sequence: int
    kind: str
    tone: str
    audience: str
    iso: str
    clock: str
    role: str
    event: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class LogDay:
    """The entries of one day, newest first."""

    label: str
    entries: tuple[LogEntry, ...]


def log_days(voice: Voice, workflow: Workflow, entries: Iterable[Entry], *, only: str = "all") -> tuple[LogDay, ...]:
    """This will return the log newest first, by Stockholm day. ``only`` is one of FILTERS."""
    kept = [entry for entry in entries if only == "all" or isinstance(entry.event, _IN_FILTER[only])]
    days: dict[str, list[LogEntry]] = {}
    for entry in sorted(kept, key=lambda entry: entry.sequence, reverse=True):
        days.setdefault(voice.long_day(local_day(entry.at)), []).append(_entry(voice, workflow, entry))
    return tuple(LogDay(label=label, entries=tuple(lines)) for label, lines in days.items())


def kind_of(event: Event) -> str:
    """This will return the name of an event's partial: ``document_signed`` of DocumentSigned."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(event).__name__).lower()


def audience_of(event: Event) -> str:
    """This will say who may read an event: ``internal``, ``partners`` or ``company``."""
    match event:
        case happened.MessageSent():
            return event.audience
        case happened.DocumentSigned():
            return "company" if event.party == "sme" else "internal"
        case happened.ActionTaken():
            return "company" if event.source != event.target else "internal"
        case _:
            return "company" if isinstance(event, _SEEN_BY_COMPANY) else "internal"


def _entry(voice: Voice, workflow: Workflow, entry: Entry) -> LogEntry:
    role = workflow.roles.get(entry.role)
    if entry.role == SYSTEM:
        role_words = voice.t("log.system")
    else:
        role_words = voice.text(role.name) if role is not None else entry.role
    return LogEntry(
        sequence=entry.sequence,
        kind=kind_of(entry.event),
        tone=_tone(entry.event),
        audience=audience_of(entry.event),
        iso=entry.at.isoformat(timespec="seconds"),
        clock=voice.clock(entry.at),
        role=role_words,
        event=_line(voice, workflow, entry),
    )


def _tone(event: Event) -> str:
    match event:
        case happened.ActionRefused():
            return "refused"
        case happened.ActionTaken() | happened.OpinionGiven() | happened.CaseOpened():
            return "decision"
        case _:
            return ""


def _line(voice: Voice, workflow: Workflow, entry: Entry) -> Line:
    who = entry.person_name or voice.t("log.system")
    event = entry.event
    match event:
        case happened.CaseOpened():
            return Line(who=who, details=_values(voice, workflow, event.values))
        case happened.FactsRecorded():
            details = _values(voice, workflow, event.values)
            return Line(who=who, count=len(details), details=details, quote=event.reason,
                        version=event.scope_version if event.is_material else 0)  # fmt: skip
        case happened.RowRecorded():
            words = ", ".join(voice.plain(value) for value in event.values.values() if value not in (None, ""))
            return Line(who=who, about=_table(voice, workflow, event.table), details=(words,),
                        version=event.scope_version if event.is_material else 0)  # fmt: skip
        case happened.RowRemoved():
            return Line(who=who, about=_table(voice, workflow, event.table),
                        version=event.scope_version if event.is_material else 0)  # fmt: skip
        case happened.NoticeAcknowledged():
            return Line(who=who, about=voice.t(f"notice.{event.notice}"), word=event.version)
        case happened.ScopeConfirmed():
            return Line(who=who, version=event.scope_version)
        case happened.ConfidentialityChecked():
            return Line(who=who, version=event.scope_version)
        case happened.OpinionGiven():
            return Line(who=who, word=label(voice, workflow, "opinion", event.opinion), quote=event.text,
                        version=event.scope_version, details=tuple(event.conditions.values()))  # fmt: skip
        case happened.ConditionClosed():
            return Line(who=who, about=event.condition_id, quote=event.evidence)
        case happened.DocumentDrafted() | happened.DocumentFinalised():
            return Line(who=who, about=document_name(voice, workflow, event.key), word=event.key)
        case happened.DocumentDiscarded():
            return Line(who=who, about=document_name(voice, workflow, event.key), word=event.key, quote=event.note)
        case happened.DocumentSigned():
            return Line(who=who, about=document_name(voice, workflow, event.key),
                        word=voice.t(f"method.{event.method}"), details=_mandate(voice, event.mandate))  # fmt: skip
        case happened.DocumentDispatched():
            recipient = voice.t("log.to_company") if event.recipient == "sme" else event.recipient
            return Line(who=who, about=document_name(voice, workflow, event.key), word=recipient)
        case happened.DocumentRegistered():
            return Line(who=who, about=document_name(voice, workflow, event.key), word=event.number,
                        details=(event.description,))  # fmt: skip
        case happened.SecrecyReviewed():
            return Line(who=who, about=document_name(voice, workflow, event.key), quote=event.note,
                        word=voice.t("secrecy.kept" if event.keep else "secrecy.lifted"))  # fmt: skip
        case happened.Attested():
            return Line(who=who, about=voice.t(f"attest.{event.what}"), quote=event.note)
        case happened.PersonAssigned():
            return Line(who=who, about=event.name, word=voice.text(workflow.roles[event.role].name))
        case happened.ActionTaken():
            return _action_line(voice, workflow, who, event)
        case happened.ActionRefused():
            action = workflow.actions.get(event.action)
            about = voice.text(action.label) if action is not None else event.command
            return Line(who=who, about=about, word=", ".join(event.reasons))
        case happened.LedgerReserved():
            amount = f"{event.amount} %" if event.ledger == "capacity" else f"{event.amount} SEK"
            return Line(who=who, about=voice.t(f"ledger.{event.ledger}"), word=amount, details=(str(event.year),))
        case happened.LedgersReleased():
            return Line(who=who, word=voice.t("ledger.settled" if event.settled else "ledger.released"))
        case happened.MessageSent():
            return Line(who=who, quote=event.text)
        case happened.FileUploaded():
            return Line(who=who, about=event.name, word=event.info_class)


def _action_line(voice: Voice, workflow: Workflow, who: str, event: happened.ActionTaken) -> Line:
    action = workflow.actions.get(event.action)
    about = voice.text(action.label) if action is not None else event.name
    word = ""
    if event.source != event.target:
        word = voice.text(workflow.stage(event.target).label)
    details = _values(voice, workflow, event.values)
    return Line(who=who, about=about, word=word, details=details, quote=event.comment)


def label(voice: Voice, workflow: Workflow, group: str, key: str) -> str:
    """This will return a label of the registry, the key itself where nobody has named it."""
    text = workflow.labels.get(group, {}).get(key)
    return voice.text(text) if text is not None else key


def document_name(voice: Voice, workflow: Workflow, key: str) -> str:
    """This will return the title of a document by its key in the case (``S-LEG-04.1``)."""
    type_ = workflow.documents.get(key.split(".", 1)[0])
    return voice.text(type_.title) if type_ is not None else key


def _table(voice: Voice, workflow: Workflow, table: str) -> str:
    return voice.text(workflow.tables[table].label) if table in workflow.tables else table


def _values(voice: Voice, workflow: Workflow, values: Facts) -> tuple[str, ...]:
    lines = []
    for name, value in values.items():
        field = workflow.fields.get(name)
        if field is None:
            lines.append(f"{name}: {voice.plain(value)}" if value not in (None, "") else name)
        else:
            lines.append(f"{voice.text(field.label)}: {voice.value(field, value)}")
    return tuple(lines)


def _mandate(voice: Voice, mandate: str) -> tuple[str, ...]:
    return (voice.t("log.mandate", reference=mandate),) if mandate else ()
