"""What the interface takes and answers. Unknown keys are refused; numbers and booleans are never guessed from text."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AllowInfNan, BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

CASE_ID = r"^C-[0-9]{4}-[0-9]{1,9}$"
NAME = r"^[A-Za-z0-9_.:-]+$"

Number = Annotated[StrictInt, Field(ge=-(10**15), le=10**15)]
Real = Annotated[StrictFloat, AllowInfNan(False), Field(ge=-1e15, le=1e15)]
Words = Annotated[StrictStr, Field(max_length=10_000)]
Line = Annotated[StrictStr, Field(max_length=1_000)]
JsonValue = StrictBool | Number | Real | Words | Annotated[list[Line], Field(max_length=200)] | None
"""The value of a fact: dates as YYYY-MM-DD, amounts as numbers or decimal text, unknown as null."""

FieldName = Annotated[str, Field(pattern=r"^[a-z]+\.[a-z0-9_]+$", max_length=80)]
Values = Annotated[dict[FieldName, JsonValue], Field(max_length=226)]


class Model(BaseModel):
    """A body, path or query in which nothing unknown may stand."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TwoLanguages(Model):
    """One text in Swedish and English."""

    sv: str
    en: str


# ------------------------------------------------------------------ what is asked


class CasePath(Model):
    """A case by its number."""

    case_id: str = Field(pattern=CASE_ID, description="Case number, for example C-2025-0001")


class ActionPath(CasePath):
    """An action of the case's definition."""

    action: str = Field(pattern=NAME, max_length=20, description="Action id, for example S-T05")


class DocumentPath(CasePath):
    """A document of the case."""

    key: str = Field(pattern=NAME, max_length=60, description="Document key, for example S-LEG-04.1")


class CasesQuery(Model):
    """What a list of cases is cut to, and where it goes on."""

    q: str = Field(default="", max_length=100, description="Searched in number, reference, company and titles")
    form: Literal["", "state", "regional", "company"] = ""
    stage: str = Field(default="", max_length=40, pattern=r"^[a-z_]*$")
    open: Literal["", "yes", "no"] = ""
    limit: int = Field(default=50, ge=1, le=200)
    after: str = Field(default="", max_length=80, description="`next` of the page before")


class IdempotencyHeader(BaseModel):
    """A key of the caller's own choice: the same key again gets the first answer and changes nothing twice."""

    key: str | None = Field(
        default=None, alias="Idempotency-Key", min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$"
    )


class Command(Model):
    """Every command names the revision it was decided on; another one is a conflict (409)."""

    expected_revision: Number = Field(ge=0)


class TakeActionBody(Command):
    """Take an action. A failing soft guard needs a comment."""

    comment: Words = ""
    values: Annotated[
        dict[Annotated[str, Field(pattern=r"^[a-z_.0-9]+$", max_length=80)], JsonValue], Field(max_length=20)
    ] = {}


class RecordFactsBody(Command):
    """Record values of fields; null clears one. Judgements need a reason, outside facts a source and its day."""

    values: Values
    reason: Words = ""
    source_note: Line = ""
    observed_on: Annotated[StrictStr, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None
    accept_return: StrictBool = False


class OpinionBody(Command):
    """One organisation's opinion on one scope version and one text."""

    opinion: Literal["approve", "approve_with_conditions", "return", "reject"]
    text: Words
    scope_version: Number = Field(ge=0)
    doc_hash: Annotated[StrictStr, Field(max_length=64)]
    checks: Annotated[dict[FieldName, StrictBool], Field(max_length=40)] = {}
    conditions: Annotated[list[Words], Field(max_length=50)] = []


# ------------------------------------------------------------------ what is answered


class SessionAnswer(Model):
    """Who asks, and the token that every POST sends back as X-CSRFToken."""

    person: str
    name: str
    language: str
    roles: list[str]
    csrf_token: str


class CaseLineAnswer(Model):
    """One case of a list."""

    id: str
    form: str
    infrastructure: str
    host: str
    company: str
    title: TwoLanguages
    reference: str
    stage: str
    stage_since: str
    outcome: str | None
    revision: int
    scope_version: int


class CasesAnswer(Model):
    """A page of cases; ``next`` is null at the end."""

    cases: list[CaseLineAnswer]
    next: str | None


class SignatureAnswer(Model):
    """A signature that stands."""

    role: str
    party: str
    signed_on: str


class DocumentAnswer(Model):
    """A document of the case. ``state``: draft, frozen (the file is made and hashed) or superseded."""

    key: str
    document: str
    title: TwoLanguages
    language: str
    state: Literal["draft", "frozen", "superseded"]
    scope_version: int
    finalised_at: str | None
    content_hash: str | None
    file_hash: str | None
    size: int | None
    registered_number: str | None
    signatures: list[SignatureAnswer]


class DocumentsAnswer(Model):
    """The documents that the reader may see."""

    case_id: str
    revision: int
    documents: list[DocumentAnswer]


class CaseAnswer(Model):
    """A case with the facts and documents that the reader may see. Unknown facts are left out."""

    id: str
    form: str
    definition_version: str
    infrastructure: str
    host: str
    stage: str
    stage_since: str
    outcome: str | None
    is_suspended: bool
    revision: int
    scope_version: int
    scope_revision: int
    roles: list[str]
    facts: dict[str, Any]
    documents: list[DocumentAnswer]


class ReasonAnswer(Model):
    """One reason of a "no", as in ``samverk explain``."""

    id: str
    kind: str
    severity: str
    answer: str
    question: TwoLanguages
    basis: list[str]
    values: dict[str, Any]
    who: list[str]


class ActionAnswer(Model):
    """An action with its verdict: ``failing`` holds guards, hard and soft; ``other`` what else stands in the way."""

    action: str
    name: str
    label: TwoLanguages
    to: str | None
    allowed: bool
    failing: list[ReasonAnswer]
    other: list[ReasonAnswer]


class ActionsAnswer(Model):
    """Every action that leaves the stage, and the overlays, with the verdict for the reader."""

    case_id: str
    revision: int
    stage: str
    actions: list[ActionAnswer]


class DoneAnswer(Model):
    """What a command led to: the revision now, the last log line, the names of the events (may be empty)."""

    case_id: str
    revision: int
    sequence: int
    events: list[str]


class Problem(BaseModel):
    """A problem as in RFC 9457, with what the error carries besides."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str | None = None
    message: TwoLanguages | None = None
    action: str | None = None
    reasons: list[ReasonAnswer] | None = None
    faults: dict[str, TwoLanguages] | None = None
    current_revision: int | None = None
