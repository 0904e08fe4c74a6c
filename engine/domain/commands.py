"""What can be asked of a case. Frozen and imperative; ``decisions.decide`` answers each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from engine.domain.values import Facts, Value

Language = Literal["sv", "en"]
SignMethod = Literal["esign", "wet"]
OpinionKind = Literal["approve", "approve_with_conditions", "return", "reject"]
NoticeKind = Literal["public_access", "privacy", "public_body"]
Attestation = Literal["access_list_approved", "access_revoked", "register_case_closed", "template_approved"]
Audience = Literal["internal", "partners", "company"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """Begin a case at an infrastructure with what the company says in its inquiry.

    ``values`` are entered facts by field name. ``notices`` maps each notice shown to the version shown.
    """

    case_id: str
    infrastructure_id: str
    language: Language
    values: Facts
    notices: Mapping[NoticeKind, str]
    joint_parent_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFacts:
    """Record values of entered or outside fields; None clears one.

    ``reason`` stands beside judgements. ``source_note`` and ``observed_on`` say where an outside fact
    comes from and the day it was seen there. ``accept_return`` confirms that a material change after
    scoping sends the case back (shown before saving).
    """

    values: Facts
    reason: str = ""
    source_note: str = ""
    observed_on: date | None = None
    accept_return: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """Write one row of a row table (participants, permits, flows ...): new or a replacement by ``row_id``."""

    table: str
    row_id: str
    values: Mapping[str, Value]
    accept_return: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveRow:
    """Take one row out of a row table; it stays in the log."""

    table: str
    row_id: str
    accept_return: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeNotice:
    """The company confirms that it has read a notice of the named version."""

    notice: NoticeKind
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmScope:
    """The company or the project manager confirms a scope version."""

    scope_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckConfidentiality:
    """The confidentiality agreement has been compared with this scope version (legal; company: pm)."""

    scope_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveOpinion:
    """One organisation's legal department gives its opinion on one scope version and one text.

    ``checks`` are the lawyer's check points by field name (``legal.liability_ok`` ...).
    ``doc_hash`` is the hash of the agreement set the lawyer saw.
    """

    opinion: OpinionKind
    text: str
    checks: Mapping[str, bool]
    scope_version: int
    doc_hash: str
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCondition:
    """A condition of an opinion has been met; ``evidence`` says how."""

    condition_id: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDocument:
    """Begin a document. ``subject`` is the row id of the person in documents made once per person.

    ``inputs`` are answers to the document's own questions, by field name.
    """

    document: str
    language: Language
    inputs: Facts = field(default_factory=dict)
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """What the renderer made: which template, from which content, which file.

    ``content_hash`` covers template and merged values (it is printed in the footer); ``file_hash`` the bytes.
    All hashes are SHA-256 in hex. ``locked_clauses_ok`` is None when the document has no locked clause.
    """

    template_version: str
    template_hash: str
    content_hash: str
    file_hash: str
    size: int
    locked_clauses_ok: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinaliseDocument:
    """Freeze a draft: the file is made, numbered and hashed, and never changes again."""

    key: str
    rendition: Rendition
    inputs: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardDocument:
    """Throw away a draft with a note."""

    key: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignDocument:
    """Sign a frozen document in a role. ``signed_on`` is set for wet signatures entered afterwards."""

    key: str
    role: str
    method: SignMethod = "esign"
    signed_on: date | None = None
    on_behalf_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchDocument:
    """Send a final document to the company (or another named recipient)."""

    key: str
    recipient: str = "sme"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterDocument:
    """Enter a record in the authority's register (company: the contract file).

    ``number`` is the running number within the case; ``description`` must not reveal a secret.
    """

    key: str
    number: str
    description: str
    secrecy: str = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSecrecy:
    """Review the secrecy marking of one document: keep it or lift it."""

    key: str
    keep: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attest:
    """State something that only the named role can state (access list approved, access revoked ...)."""

    what: Attestation
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignPerson:
    """Give a person a role that is held case by case: responsible researcher, coordinating lawyer.

    ``name`` is how the person stands in the log; the account exists already.
    """

    person: str
    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeAction:
    """Fire an action of the definition, a move or an overlay, by id (``S-T05``, ``O-01``).

    ``comment`` is needed where a soft guard fails. ``values`` are the action's own facts
    (``case.reason_code``, ``case.suspended_reason`` ...) and overlay arguments (``note``, ``about``, ``result``).
    """

    action: str
    comment: str = ""
    values: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMessage:
    """Write in the case's conversation to one audience."""

    audience: Audience
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadFile:
    """Hand in a file that is already stored by hash; ``info_class`` is INFO-A to INFO-F or empty."""

    name: str
    media_type: str
    file_hash: str
    size: int
    info_class: str = ""


Command = (
    RecordFacts | RecordRow | RemoveRow | AcknowledgeNotice | ConfirmScope | CheckConfidentiality | GiveOpinion
    | CloseCondition | DraftDocument | FinaliseDocument | DiscardDocument | SignDocument | DispatchDocument
    | RegisterDocument | ReviewSecrecy | Attest | AssignPerson | TakeAction | SendMessage | UploadFile
)  # fmt: skip
"""Everything that can be asked of an existing case. ``OpenCase`` begins one."""
