"""What use cases need from outside, as Protocols, and ``Ports`` that bundles them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.application.queries import Organisation
from engine.domain.case import Case, Infrastructure
from engine.domain.commands import Language, Rendition
from engine.domain.events import Entry
from engine.domain.fields import Field
from engine.domain.roles import Actor
from engine.domain.values import Facts
from engine.domain.workflow import Workflow


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The answer to a command, kept under its idempotency key so that a repeat changes nothing twice."""

    case_id: str
    revision: int
    sequence: int
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message that must leave the product: written in the case's transaction, sent by a runner later.

    ``kind`` names the notice (``your_turn``, ``question`` ...); ``recipient`` a person id or ``role:org``.
    ``key`` makes it once only. No secret content (domain trap 20): the text is made from kind and case id.
    """

    key: str
    kind: str
    case_id: str
    recipient: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A day by which something must have happened in a case; ``id`` is unique within the case."""

    id: str
    case_id: str
    rule: str
    due_on: str
    owner_role: str
    is_met: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Somebody's turn in a case: a role, the organisation it is held for, and the ids of what waits for it."""

    role: str
    organisation: str
    reasons: tuple[str, ...]


class CaseStore(Protocol):
    """Cases and their logs within one transaction."""

    def get(self, case_id: str, *, lock_ledgers: bool = False) -> Case:
        """This will load a case with its surroundings. Raises NotFound.

        ``lock_ledgers`` takes the locks of the capacity and purchase ledgers the case may touch, so that
        two cases cannot both pass a cross-case limit.
        """

    def add(self, case: Case, entries: Sequence[Entry]) -> None:
        """This will store a new case with its first log lines."""

    def save(self, case: Case, entries: Sequence[Entry], *, expected_revision: int, expected_sequence: int) -> None:
        """This will write row and log together. Raises Conflict when the stored revision is another."""

    def next_number(self, series: str) -> int:
        """This will return the next number of a series (``C-2025``), each once only, gaps allowed."""


class UnitOfWork(Protocol):
    """One transaction: everything in it is stored together or not at all."""

    cases: CaseStore

    def receipt(self, key: str, person: str) -> Receipt | None:
        """This will return what an earlier command with this key answered, or None."""

    def keep_receipt(self, key: str, person: str, receipt: Receipt) -> None:
        """This will keep the answer under the key. Raises Conflict when a parallel request has just done so."""

    def send(self, message: Outgoing) -> None:
        """This will put a message in the outbox, once per key."""

    def set_deadlines(self, case_id: str, deadlines: Sequence[Deadline]) -> None:
        """This will replace the case's deadlines."""

    def set_turns(self, case_id: str, turns: Sequence[Turn]) -> None:
        """This will replace the rows that say whose turn it is in the case."""

    def infrastructure(self, infrastructure_id: str) -> Infrastructure:
        """This will load an infrastructure profile with its facts. Raises NotFound."""


class Workflows(Protocol):
    """The definitions in force."""

    def in_force(self, form: str, moment: datetime) -> Workflow:
        """This will return the definition of a form in force at a moment. Raises NotFound."""

    def version(self, version: str) -> Workflow:
        """This will return a published definition by version (``state-1.1.0``). Raises NotFound."""


class Documents(Protocol):
    """Makes Word files. The engine knows no more about Word than this."""

    def render(
        self,
        *,
        document: str,
        template_version: str,
        language: Language,
        facts: Facts,
        fields: Mapping[str, Field],
        particulars: Facts,
        is_draft: bool,
    ) -> tuple[bytes, Rendition]:
        """This will make one document. ``particulars`` are what is not a field (number, parties, clauses).

        The same arguments give the same bytes on any day and machine. Raises EngineError with every gap
        when a value that the text needs is unknown and ``is_draft`` is false.
        """


class FileStore(Protocol):
    """Files by the SHA-256 of their bytes; the same bytes are stored once."""

    def put(self, content: bytes) -> str:
        """This will store the bytes durably and return their hash in hex."""

    def get(self, file_hash: str) -> bytes:
        """This will return the bytes. Raises NotFound, and EngineError when they no longer match the hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Everything a use case needs from outside.

    ``unit_of_work`` opens a transaction that may write; ``read_only`` one that waits for nobody and cannot write.
    ``organisations`` gives the register of organisations by id.
    """

    unit_of_work: Callable[[], AbstractContextManager[UnitOfWork]]
    read_only: Callable[[], AbstractContextManager[UnitOfWork]]
    workflows: Workflows
    documents: Documents
    files: FileStore
    organisations: Callable[[], Mapping[str, Organisation]]
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What came in with a command: who, from which revision, under which key.

    ``expected_revision`` None means "whatever it is now" (the product itself). ``idempotency_key`` empty: no receipt.
    ``actor`` receives the case, because the roles held depend on it.
    """

    actor: Callable[[Case], Actor]
    person: str
    expected_revision: int | None = None
    idempotency_key: str = ""
