"""What can have happened in a case. Frozen, in the past tense; ``case.evolve`` folds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from engine.domain.commands import (
    Attestation,
    Audience,
    Language,
    NoticeKind,
    OpinionKind,
    Rendition,
    SignMethod,
)
from engine.domain.values import Facts, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened:
    """An inquiry came in. ``notices`` are those shown and confirmed, with versions."""

    case_id: str
    form: str
    definition_version: str
    infrastructure_id: str
    host_org: str
    initial_stage: str
    language: Language
    values: Facts
    notices: Mapping[NoticeKind, str]
    internal_no: str | None = None
    joint_parent_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsRecorded:
    """Values were recorded; ``scope_version`` and ``scope_revision`` are those that hold afterwards."""

    values: Facts
    scope_version: int
    scope_revision: int
    is_material: bool = False
    reason: str = ""
    source_note: str = ""
    observed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRecorded:
    """A row was written. ``is_material`` as in FactsRecorded."""

    table: str
    row_id: str
    values: Mapping[str, Value]
    scope_version: int
    scope_revision: int
    is_material: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRemoved:
    """A row was taken out."""

    table: str
    row_id: str
    scope_version: int
    scope_revision: int
    is_material: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeAcknowledged:
    """The company confirmed a notice."""

    notice: NoticeKind
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeConfirmed:
    """One side (``sme`` or ``pm``) confirmed a scope version."""

    side: str
    scope_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfidentialityChecked:
    """The confidentiality agreement was compared with a scope version."""

    scope_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionGiven:
    """A legal department's opinion, bound to organisation, scope version and text. ``conditions``: id to text."""

    opinion_id: str
    organisation: str
    opinion: OpinionKind
    text: str
    checks: Mapping[str, bool]
    scope_version: int
    doc_hash: str
    conditions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionClosed:
    """A condition was met."""

    condition_id: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDrafted:
    """A document was begun under ``key`` (document id, number and subject: ``S-LEG-04.1``)."""

    key: str
    document: str
    purpose: str
    language: Language
    subject: str
    inputs: Facts
    scope_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFinalised:
    """A draft was frozen. ``merge_hash`` covers the material facts it rests on: it is stale when they differ.

    ``agreement_hash`` is the hash of the agreement set on that revision.
    """

    key: str
    rendition: Rendition
    inputs: Facts
    scope_version: int
    merge_hash: str
    agreement_hash: str
    secrecy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDiscarded:
    """A draft was thrown away."""

    key: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSigned:
    """A signature: role, party (organisation id or ``sme``), method, day, and the hash of the agreement set.

    ``uses_scope`` tells that the document rests on the scope: the version is then no longer being written.
    """

    key: str
    role: str
    party: str
    method: SignMethod
    signed_on: date
    scope_version: int
    agreement_hash: str
    uses_scope: bool
    mandate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDispatched:
    """A final document was sent."""

    key: str
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRegistered:
    """A record was entered in the register."""

    key: str
    number: str
    description: str
    secrecy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecrecyReviewed:
    """A secrecy marking was reviewed."""

    key: str
    keep: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """Somebody stated what only they can state."""

    what: Attestation
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAssigned:
    """A person was given a role in this case, for an organisation."""

    person: str
    name: str
    role: str
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionTaken:
    """An action was taken; ``source`` equals ``target`` for overlays. ``guards`` are the results by id.

    ``is_automatic`` marks a return that a material change caused. ``values`` are the action's own facts.
    """

    action: str
    name: str
    source: str
    target: str
    outcome: str | None
    effects: tuple[str, ...]
    guards: Mapping[str, str]
    documents: tuple[str, ...]
    scope_version: int
    comment: str = ""
    values: Facts = field(default_factory=dict)
    is_automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRefused:
    """Somebody tried and was told no. Changes nothing; ``reasons`` are the ids."""

    command: str
    action: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerReserved:
    """A reservation in a cross-case ledger; an earlier one of the same case and ledger is replaced.

    ``ledger`` is ``capacity`` (owner: infrastructure, amount: percent) or ``purchase`` (owner: organisation,
    amount: SEK excluding VAT).
    """

    ledger: str
    owner: str
    year: int
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgersReleased:
    """The case's reservations are freed (``settled`` false) or become what was used (``settled`` true)."""

    settled: bool
    used_capacity: str = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent:
    """A message to one audience."""

    audience: Audience
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileUploaded:
    """A file was handed in; the authority has received a record."""

    key: str
    name: str
    media_type: str
    file_hash: str
    size: int
    info_class: str


Event = (
    CaseOpened | FactsRecorded | RowRecorded | RowRemoved | NoticeAcknowledged | ScopeConfirmed
    | ConfidentialityChecked | OpinionGiven | ConditionClosed | DocumentDrafted | DocumentFinalised
    | DocumentDiscarded | DocumentSigned | DocumentDispatched | DocumentRegistered | SecrecyReviewed | Attested
    | PersonAssigned
    | ActionTaken | ActionRefused | LedgerReserved | LedgersReleased | MessageSent | FileUploaded
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a case's log: what happened, who did it in which role for whom, and when (aware, UTC).

    ``sequence`` starts at 1 and has no gaps. ``organisation`` is the one the person acted for.
    """

    sequence: int
    at: datetime
    person: str
    person_name: str
    role: str
    organisation: str
    event: Event
    mandate: str = ""
