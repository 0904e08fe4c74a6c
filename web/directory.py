"""What the pages need to know about people and sign-in, as a Protocol; ``wiring`` gives the real one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from engine.application.queries import Account, Person
from engine.domain.permissions import Assignment
from engine.domain.roles import Mandate

__all__ = ["Account", "Directory", "Person"]


class Directory(Protocol):
    """People, what they are assigned to, and the rows of sign-in."""

    def person(self, person_id: str) -> Person | None:
        """This will return an account by id."""

    def person_by_email(self, email: str) -> Person | None:
        """This will return an account by its address, upper and lower case alike."""

    def assignments(self, person_id: str) -> Sequence[Assignment]:
        """This will return every assignment of a person, whatever the day."""

    def mandates(self, person_id: str) -> Sequence[Mandate]:
        """This will return the person's mandates, whatever the day."""

    def demo_accounts(self) -> Sequence[Account]:
        """This will return the demo accounts, by organisation and role; empty outside demo mode."""

    def begin_session(self, token_hash: str, *, person: str, at: datetime, until: datetime) -> None:
        """This will store a session row."""

    def session_person(self, token_hash: str, *, at: datetime) -> Person | None:
        """This will return the active person of a living session, or None when it has ended."""

    def end_session(self, token_hash: str, *, at: datetime) -> None:
        """This will end a session at once."""

    def note_attempt(self, *, account: str, address: str, at: datetime, succeeded: bool) -> None:
        """This will store one attempt to sign in."""

    def failures_since(self, *, account: str, address: str, since: datetime) -> tuple[int, int]:
        """This will count failed attempts since a moment: for the account, and from the address."""

    def set_preferences(self, person_id: str, *, language: str | None = None, theme: str | None = None) -> None:
        """This will store a person's language or theme."""
