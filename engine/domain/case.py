"""A case, and how each event changes it: ``evolve(case, entry)`` gives the next case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from engine.domain.commands import Language, NoticeKind, OpinionKind, Rendition, SignMethod
from engine.domain.values import Facts, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A recorded value with its source: who, in which role, when; for outside facts also from where and which day."""

    value: Value
    person: str
    role: str
    at: datetime
    reason: str = ""
    source_note: str = ""
    observed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One structured row (a participant, a permit ...) and who wrote it last."""

    values: Mapping[str, Value]
    person: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice that the company confirmed: which version, who, when."""

    version: str
    person: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature on a frozen document, bound to the agreement set of that moment.

    ``is_void`` is set when the text stopped being the text (effect ``void_signatures``); it stays readable.
    """

    role: str
    party: str
    person: str
    person_name: str
    method: SignMethod
    signed_on: date
    at: datetime
    scope_version: int
    agreement_hash: str
    mandate: str = ""
    is_void: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of the case. It is a draft until ``rendition`` is set; then its text never changes.

    ``merge_hash`` and ``agreement_hash`` say what it rested on; ``registered_number`` is None until registered.
    ``marking`` is the secrecy proposal (``open``, ``31:12`` ...); ``marking_reviewed_at`` the last review.
    """

    key: str
    document: str
    purpose: str
    language: Language
    subject: str
    inputs: Facts
    drafted_at: datetime
    drafted_by: str
    scope_version: int
    rendition: Rendition | None = None
    finalised_at: datetime | None = None
    merge_hash: str = ""
    agreement_hash: str = ""
    signatures: tuple[Signature, ...] = ()
    dispatches: tuple[datetime, ...] = ()
    registered_number: str | None = None
    registered_at: datetime | None = None
    marking: str = "open"
    marking_reviewed_at: datetime | None = None
    is_superseded: bool = False

    @property
    def is_frozen(self) -> bool:
        """True when the file is made and hashed."""
        return self.rendition is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition of an opinion; ``closed_at`` None while open."""

    id: str
    text: str
    closed_at: datetime | None = None
    closed_by: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """One organisation's legal opinion on one scope version and one text."""

    id: str
    organisation: str
    person: str
    person_name: str
    opinion: OpinionKind
    text: str
    checks: Mapping[str, bool]
    scope_version: int
    doc_hash: str
    at: datetime
    conditions: tuple[Condition, ...] = ()
    is_superseded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictDeclaration:
    """A declared conflict of interest; ``result`` empty while open."""

    id: str
    about: str
    reason: str
    declared_by: str
    at: datetime
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """The case is suspended: why, who must act, reviewed by which day at the latest."""

    reason: str
    owner: str
    review_on: date | None
    by_system: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """A statement that stands: who, when, and its place in the log."""

    person: str
    at: datetime
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedFile:
    """A file handed in by the company or a colleague."""

    key: str
    name: str
    media_type: str
    file_hash: str
    size: int
    info_class: str
    person: str
    at: datetime
    registered_number: str | None = None
    registered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedState:
    """What held when work last started: restored by ``restore_agreed_version``.

    ``minor`` are the values of minor changes agreed since, ``scope_revision`` the revision with them; they are
    restored too, but limits count from ``facts``.
    """

    scope_version: int
    facts: Mapping[str, Fact]
    rows: Mapping[str, Mapping[str, Row]]
    documents: Mapping[str, Document]
    opinions: tuple[Opinion, ...]
    confirmed: Mapping[str, int]
    confidentiality_checked: int | None
    minor: Mapping[str, Fact] = field(default_factory=dict)
    scope_revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Infrastructure:
    """The profile of an infrastructure, as the case sees it now (not part of the case's own log)."""

    id: str
    name_sv: str
    name_en: str
    owner_org: str
    form: str
    campus: str
    capacity_unit: str
    annual_capacity: int
    facts: Facts = field(default_factory=dict)
    co_operator: str = ""
    status: str = "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class JointContext:
    """What a child sees of its joint case: organisations, lead, the one hash, and the company's consent."""

    id: str
    organisations: tuple[str, ...]
    lead: str
    doc_hash: str | None
    stage: str
    sme_consents: bool
    university_participates: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What lies outside the case but belongs to the question: read in the same transaction.

    ``capacity_pct`` is the share of annual capacity used or reserved this year by *other* cases, in percent.
    ``purchases_sek`` is the year's same-kind direct awards of the authority by *other* cases, in SEK.
    """

    infrastructure: Infrastructure
    capacity_pct: str = "0"
    purchases_sek: str = "0"
    joint: JointContext | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One agreement under way: the fold of its log.

    ``revision`` grows with every change and is compared on save; ``sequence`` is the last log line.
    ``scope_version`` 0 means that no scope has been saved. ``versions_used`` is the highest version that
    somebody confirmed, signed or judged: a material change after that makes a new version.
    ``last_at``, ``last_person`` and ``last_change`` tell of the last log line that changed something.
    ``acts`` maps each person to the acts that segregation of duties looks at. ``surroundings`` is not folded.
    """

    id: str
    form: str
    definition_version: str
    infrastructure_id: str
    host_org: str
    language: Language
    opened_at: datetime
    opened_by: str
    stage: str
    stage_since: datetime
    surroundings: Surroundings
    last_at: datetime
    last_person: str
    last_change: str
    revision: int = 0
    sequence: int = 0
    outcome: str | None = None
    internal_no: str | None = None
    joint_parent_id: str | None = None
    scope_version: int = 0
    scope_revision: int = 0
    highest_version: int = 0
    versions_used: int = 0
    facts: Mapping[str, Fact] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, Row]] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    opinions: tuple[Opinion, ...] = ()
    confirmed: Mapping[str, int] = field(default_factory=dict)
    confidentiality_checked: int | None = None
    notices: Mapping[NoticeKind, Notice] = field(default_factory=dict)
    attested: Mapping[str, Attested] = field(default_factory=dict)
    acts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scope_editors: tuple[str, ...] = ()
    conflicts: tuple[ConflictDeclaration, ...] = ()
    files: Mapping[str, UploadedFile] = field(default_factory=dict)
    hold: Hold | None = None
    is_escalated: bool = False
    is_annulled: bool = False
    changed_work_stopped: bool = False
    nda_amendment_pending: bool = False
    first_started_at: datetime | None = None
    agreed: AgreedState | None = None
    closed_at: datetime | None = None
    register_closed_at: datetime | None = None

    @property
    def is_closed(self) -> bool:
        """True when the case has reached its end; it never opens again (INV-29)."""
        return self.closed_at is not None
