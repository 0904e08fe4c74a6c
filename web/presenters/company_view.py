"""What the company may see of its case: a whitelist (SOD-11). What is not let through here reaches no company page.

Never let through: assessments, cost calculations, opinions' text, other organisations' drafts, internal messages,
log lines and refusals. Counts of reviews are let through because the status line tells them (domain dossier 5.8).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from engine.domain.case import Case, Document
from engine.domain.documents import is_current, missing_signers
from engine.domain.events import DocumentDispatched, Entry, FileUploaded, MessageSent
from engine.domain.fields import Field
from engine.domain.roles import SME_ROLES, Actor
from engine.domain.values import Facts
from engine.domain.workflow import DocumentType, Workflow

COMPANY: Final = "sme"
"""The recipient under which a paper is dispatched to the company."""

REVIEWED_FIRST: Final = frozenset({"main_agreement", "annex", "data_annex", "quality_agreement", "lease_waiver"})
"""Purposes of papers that the company signs only after legal review."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedDocument:
    """A paper the company may open: why it may, and whose signatures are missing."""

    document: Document
    type: DocumentType
    dispatched_at: datetime | None
    missing: tuple[str, ...]
    is_current: bool
    is_released: bool

    @property
    def awaits_company(self) -> bool:
        """True when the next to sign is somebody of the company, and the text is ready to be signed."""
        is_ready = self.is_current and self.is_released and not self.document.is_superseded
        return is_ready and bool(self.missing) and self.missing[0] in SME_ROLES

    def awaits(self, actor: Actor) -> str | None:
        """This will return the company role in which this person should sign now, or None.

        Signing follows the order of the document's signers: a paper that the host signs first is not offered before.
        """
        return self.missing[0] if self.awaits_company and self.missing[0] in actor.roles else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message that the company may read."""

    text: str
    at: datetime
    is_ours: bool
    role: str
    person_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyPapers:
    """Everything of the log that the company may see: dispatches to it, its own files, letters to and from it."""

    dispatched: Mapping[str, datetime] = field(default_factory=dict)
    file_keys: frozenset[str] = frozenset()
    letters: tuple[Letter, ...] = ()


def papers_of(entries: Iterable[Entry]) -> CompanyPapers:
    """This will read a case's log and keep only what the company may see, letters in the order they were sent."""
    dispatched: dict[str, datetime] = {}
    files: set[str] = set()
    letters: list[Letter] = []
    for entry in entries:
        match entry.event:
            case DocumentDispatched(key=key, recipient=recipient) if recipient == COMPANY:
                dispatched[key] = entry.at
            case FileUploaded(key=key) if entry.role in SME_ROLES:
                files.add(key)
            case MessageSent(audience="company", text=text):
                letters.append(
                    Letter(
                        text=text,
                        at=entry.at,
                        is_ours=entry.role in SME_ROLES,
                        role=entry.role,
                        person_name=entry.person_name,
                    )
                )
            case _:
                pass
    return CompanyPapers(dispatched=dispatched, file_keys=frozenset(files), letters=tuple(letters))


def shared_documents(case: Case, workflow: Workflow, facts: Facts, papers: CompanyPapers) -> tuple[SharedDocument, ...]:
    """This will return the papers the company may open, oldest first: sent to it, or frozen for it to sign."""
    shared = []
    is_reviewed = _is_reviewed(case, workflow, facts)
    for document in case.documents.values():
        type_ = workflow.documents.get(document.document)
        if type_ is None or not document.is_frozen:
            continue
        if document.key not in papers.dispatched and not SME_ROLES & set(type_.signers):
            continue
        shared.append(
            SharedDocument(
                document=document,
                type=type_,
                dispatched_at=papers.dispatched.get(document.key),
                missing=missing_signers(type_, document),
                is_current=is_current(workflow, document, facts),
                is_released=is_reviewed or type_.purpose not in REVIEWED_FIRST,
            )
        )
    return tuple(sorted(shared, key=lambda paper: (paper.document.finalised_at or case.opened_at, paper.document.key)))


def reviews(facts: Facts) -> tuple[int, int]:
    """This will return how many legal departments review, and how many of them have approved this version."""
    required, approvals = facts.get("legal.required_orgs"), facts.get("legal.approvals")
    asked = set(required) if isinstance(required, tuple) else set()
    rows = approvals if isinstance(approvals, tuple) else ()
    done = {row.get("org") for row in rows if isinstance(row, Mapping)}
    return len(asked), len(asked & done)


def _is_reviewed(case: Case, workflow: Workflow, facts: Facts) -> bool:
    """An agreement is frozen before the lawyers read it; the company is asked to sign when they have approved it."""
    stages = [stage.name for stage in workflow.stages]
    if "legal_review" not in stages or stages.index(case.stage) > stages.index("legal_review"):
        return True
    asked, done = reviews(facts)
    return 0 < asked == done


def may_read_field(entry: Field) -> bool:
    """This will tell whether the company may see a field's value: its own answers, and what is not internal."""
    return not entry.is_internal or bool(SME_ROLES & set(entry.by))


def readable_facts(workflow: Workflow, facts: Facts) -> Facts:
    """This will return the facts that the company may see, in the dictionary's order; unknown ones are left out."""
    return {
        name: facts[name]
        for name, entry in workflow.fields.items()
        if facts.get(name) is not None and may_read_field(entry)
    }


def questions(case: Case, workflow: Workflow, actor: Actor) -> tuple[Field, ...]:
    """This will return the fields that this person of the company may answer at the case's stage, in order."""
    if case.is_closed:
        return ()
    mine = SME_ROLES & set(actor.roles)
    return tuple(
        entry
        for entry in workflow.fields.values()
        if mine & set(entry.by)
        and entry.is_recordable
        and case.form in entry.forms
        and _asked_at(entry, case.stage)
        and entry.name not in NOT_ASKED
    )


NOT_ASKED: Final = frozenset({"case.infrastructure_id", "case.language", "sme.org_nr"})
"""Chosen once in the inquiry; to change them afterwards would move the case to other people."""


def unanswered(asked: Sequence[Field], facts: Facts) -> tuple[Field, ...]:
    """This will return the questions without an answer. A title in one language is enough."""
    has_title = any(facts.get(name) for name in TITLES)
    return tuple(entry for entry in asked if facts.get(entry.name) is None and not (entry.name in TITLES and has_title))


TITLES: Final = ("scope.title_sv", "scope.title_en")


def _asked_at(entry: Field, stage: str) -> bool:
    return stage in {part.strip() for part in entry.stage.replace("(", ",").split(",")}
