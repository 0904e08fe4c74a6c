"""A definition once read and checked: stages, actions, guards, documents and the registers they cite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from engine.domain.expressions import Expression
from engine.domain.fields import Field, RowTable
from engine.domain.roles import Role
from engine.domain.values import Text

CLOSED = "closed"
EXECUTION = "execution"

Occasion = Literal[
    "always", "change", "deviation", "amendment", "early_disclosure", "periodic",
    "per_participant", "per_visitor", "one_for_all",
]  # fmt: skip
Purpose = Literal[
    "", "acknowledgement", "assessment", "decline", "scope_sheet", "calculation", "risk_checklist", "preapproval",
    "interest_decision", "kcc_evaluation", "affiliation", "occupancy", "risk_class", "legal_request", "opinion",
    "state_aid", "competence", "main_agreement", "annex", "data_annex", "quality_agreement", "lease_waiver",
    "decision", "procurement_result", "skip_record", "award_documentation", "openness", "confidentiality",
    "confidentiality_amendment", "secrecy_assessment", "researcher_consent", "secrecy_undertaking", "authority_notice",
    "board_report", "early_start", "start_notice", "takeover", "access_record", "change_request", "deviation_report",
    "status_report", "final_report", "closing_decision", "return_certificate", "archive_record", "allocation",
    "sharing_consent", "coordination_record", "secrecy_matrix",
]  # fmt: skip
"""What a document is *for*: derivations find documents by purpose, never by id, so a new form needs no code."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Guard:
    """A named condition of an action: a question, an expression and the law that asks it."""

    id: str
    severity: Literal["hard", "soft"]
    question: Text
    basis: tuple[str, ...]
    expression: Expression
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Action:
    """What a person may do: a move between stages, or an overlay (``source`` and ``target`` None).

    ``is_forward`` is true for a move to a later stage that is not *closed* (rule R-DOC-1).
    """

    id: str
    name: str
    label: Text
    actors: tuple[str, ...]
    source: str | None = None
    target: str | None = None
    outcome: str | None = None
    guards: tuple[Guard, ...] = ()
    documents: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    post_guards: tuple[Guard, ...] = ()
    post_documents: tuple[str, ...] = ()
    is_forward: bool = False

    @property
    def is_overlay(self) -> bool:
        """True for actions that change no stage (suspend, resume, escalate ...)."""
        return self.source is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseUse:
    """A clause in a document, with the condition under which it is there (None: always)."""

    id: str
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecrecyRule:
    """A proposal to mark a document: ``marking`` is ``open``, ``internal``, ``conf`` or provisions ``31:12``."""

    marking: str
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DocumentType:
    """One entry of the documents' register (domain dossier 6.2).

    ``when`` None means always. ``signers`` are role keys in signing order. ``inputs`` are fields that are
    answered in the document itself; the fields are derived from the latest final one. ``in_agreement_set``
    documents make the text that the lawyers approve. ``template`` is the version in force, ``v1``.
    """

    id: str
    stage: str
    title: Text
    when: Expression | None
    occasion: Occasion
    purpose: Purpose
    merge: tuple[str, ...]
    clauses: tuple[ClauseUse, ...]
    signers: tuple[str, ...]
    secrecy: tuple[SecrecyRule, ...]
    retention: str
    inputs: tuple[str, ...] = ()
    in_agreement_set: bool = False
    template: str = "v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A segregation-of-duties rule: acts that one person may not both do (data/sod.yaml)."""

    id: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    span: Literal["same_case", "always"]
    text: Text
    seen_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A figure of the law with the days it is valid (both inclusive; ``valid_to`` None: until further notice)."""

    key: str
    value: Decimal | None
    unit: str
    valid_from: date
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """One entry of the law register: the name shown to lawyers, and what it says for our purposes."""

    id: str
    name: str
    says: Text
    forms: tuple[str, ...]
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage of one form: its name, the phase it belongs to and who holds the case there."""

    name: str
    label: Text
    phase: Literal["preparation", "development", "execution"]
    held_by: tuple[str, ...]
    target_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Workflow:
    """A definition in force: one ownership form, one version, with everything it cites. Immutable."""

    form: str
    version: str
    stages: tuple[Stage, ...]
    initial: str
    actions: Mapping[str, Action]
    guards: Mapping[str, Guard]
    documents: Mapping[str, DocumentType]
    fields: Mapping[str, Field]
    tables: Mapping[str, RowTable]
    roles: Mapping[str, Role]
    duties: tuple[Duty, ...]
    parameters: tuple[Parameter, ...]
    laws: Mapping[str, Law]
    labels: Mapping[str, Mapping[str, Text]]
    content_hash: str

    @property
    def is_authority(self) -> bool:
        """True when the host keeps a public register: the form has a registrar (L04)."""
        return self.form in self.roles["registrar"].forms

    def stage(self, name: str) -> Stage:
        """This will return the stage called ``name``. Raises KeyError for a name of another form."""
        for stage in self.stages:
            if stage.name == name:
                return stage
        raise KeyError(name)

    def stage_index(self, name: str) -> int:
        """This will return the place of a stage in this form's order, 0 for the first."""
        return next(index for index, stage in enumerate(self.stages) if stage.name == name)

    def actions_from(self, stage: str) -> tuple[Action, ...]:
        """This will return the moves that leave ``stage``, in the order of the definition (no overlays)."""
        return tuple(action for action in self.actions.values() if action.source == stage)

    def overlays(self) -> tuple[Action, ...]:
        """This will return the actions that change no stage."""
        return tuple(action for action in self.actions.values() if action.is_overlay)

    def parameter(self, key: str, day: date) -> Decimal | None:
        """This will return the figure valid on ``day``, or None when none is (unknown, never a default)."""
        for parameter in self.parameters:
            if (
                parameter.key == key
                and parameter.valid_from <= day
                and (parameter.valid_to is None or day <= parameter.valid_to)
            ):
                return parameter.value
        return None
