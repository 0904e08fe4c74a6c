"""People, what they are assigned to, their mandates, and the rows of sign-in.

Functions on a connection for use cases and operators, and ``SqlDirectory``, which opens its own transactions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, not_, select, update

from engine.application.queries import Account, Person
from engine.domain.permissions import Assignment
from engine.domain.roles import Mandate
from engine.persistence.engine import reading, writing
from engine.persistence.mapping import assignment_to_row, mandate_to_row, row_to_assignment, row_to_mandate
from engine.persistence.tables import assignment, infrastructure, mandate, organisation, person, web_session
from engine.persistence.tables import sign_in_attempt as attempt

MOST_OF_ACCOUNT: Final = 10
MOST_OF_ADDRESS: Final = 50
"""Failed attempts within the window after which an account or an address must wait."""


def save_person(connection: Connection, item: Person) -> None:
    """This will store a person, new or changed; the address is kept in lower case.

    Raises IntegrityError when the address belongs to somebody else.
    """
    values = {
        "id": item.id,
        "email": item.email.lower(),
        "name": item.name,
        "password_hash": item.password_hash,
        "language": item.language,
        "theme": item.theme,
        "is_active": item.is_active,
    }
    done = connection.execute(update(person).where(person.c.id == item.id).values(**values))
    if done.rowcount == 0:
        connection.execute(insert(person), values)


def find_person(connection: Connection, person_id: str) -> Person | None:
    """This will return an account by id, or None."""
    row = connection.execute(select(person).where(person.c.id == person_id)).mappings().one_or_none()
    return None if row is None else _person(row)


def find_person_by_email(connection: Connection, email: str) -> Person | None:
    """This will return an account by its address, upper and lower case alike, or None."""
    row = connection.execute(select(person).where(person.c.email == email.strip().lower())).mappings().one_or_none()
    return None if row is None else _person(row)


def has_people(connection: Connection) -> bool:
    """This will tell whether the database holds any person."""
    return connection.execute(select(person.c.id).limit(1)).one_or_none() is not None


def add_assignment(connection: Connection, item: Assignment) -> None:
    """This will give a person one more role."""
    connection.execute(insert(assignment), assignment_to_row(item))


def assignments_of(connection: Connection, person_id: str) -> tuple[Assignment, ...]:
    """This will return every assignment of a person, whatever the day, in the order they were given."""
    query = select(assignment).where(assignment.c.person_id == person_id).order_by(assignment.c.id)
    return tuple(row_to_assignment(row) for row in connection.execute(query).mappings())


def add_mandate(connection: Connection, person_id: str, item: Mandate) -> None:
    """This will give a person one more mandate."""
    connection.execute(insert(mandate), mandate_to_row(person_id, item))


def mandates_of(connection: Connection, person_id: str) -> tuple[Mandate, ...]:
    """This will return a person's mandates, whatever the day, in the order they were given."""
    query = select(mandate).where(mandate.c.person_id == person_id).order_by(mandate.c.id)
    return tuple(row_to_mandate(row) for row in connection.execute(query).mappings())


def people_by_role(connection: Connection) -> tuple[Account, ...]:
    """This will return every active person once per role, by organisation, role, infrastructure and name."""
    query = (
        select(
            person.c.email,
            person.c.name,
            assignment.c.role,
            assignment.c.organisation,
            func.coalesce(infrastructure.c.id, "").label("infrastructure"),
        )
        .join(assignment, assignment.c.person_id == person.c.id)
        .outerjoin(organisation, organisation.c.id == assignment.c.organisation)
        .outerjoin(infrastructure, infrastructure.c.id == assignment.c.infrastructure_id)
        .where(person.c.is_active)
        .order_by(
            func.coalesce(organisation.c.name_sv, assignment.c.organisation),
            assignment.c.role,
            func.coalesce(infrastructure.c.id, ""),
            person.c.name,
            person.c.id,
        )
    )
    return tuple(dict.fromkeys(Account(**row) for row in connection.execute(query).mappings()))


def set_preferences(
    connection: Connection, person_id: str, *, language: str | None = None, theme: str | None = None
) -> None:
    """This will store a person's language or theme; None leaves it."""
    values = {name: value for name, value in (("language", language), ("theme", theme)) if value is not None}
    if values:
        connection.execute(update(person).where(person.c.id == person_id).values(**values))


def create_session(connection: Connection, token_hash: str, *, person: str, at: datetime, until: datetime) -> None:
    """This will store a session under the SHA-256 of its token, and clear away those that have ended."""
    connection.execute(delete(web_session).where(web_session.c.expires_at <= at))
    connection.execute(
        insert(web_session),
        {"id": token_hash, "person_id": person, "created_at": at, "seen_at": at, "expires_at": until},
    )


def load_session(connection: Connection, token_hash: str, *, at: datetime) -> Person | None:
    """This will return the active person of a living session, or None when it has ended."""
    query = (
        select(person)
        .join(web_session, web_session.c.person_id == person.c.id)
        .where(web_session.c.id == token_hash, web_session.c.expires_at > at, person.c.is_active)
    )
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _person(row)


def delete_session(connection: Connection, token_hash: str) -> None:
    """This will end a session at once: a copy of its cookie is worth nothing from now on."""
    connection.execute(delete(web_session).where(web_session.c.id == token_hash))


def delete_sessions_of(connection: Connection, person_id: str) -> int:
    """This will end every session of a person, and return how many there were."""
    return connection.execute(delete(web_session).where(web_session.c.person_id == person_id)).rowcount


def record_sign_in_attempt(
    connection: Connection, *, account: str, address: str, at: datetime, succeeded: bool
) -> None:
    """This will store one attempt to sign in. ``account`` is what was typed, whether it exists or not."""
    connection.execute(
        insert(attempt),
        {"email": account.strip().lower()[:254], "address": address[:64], "at": at, "is_success": succeeded},
    )


def failures_since(connection: Connection, *, account: str, address: str, since: datetime) -> tuple[int, int]:
    """This will count failed attempts since a moment: for the account, and from the address."""
    failed = select(func.count(attempt.c.id)).where(not_(attempt.c.is_success), attempt.c.at >= since)
    of_account = connection.execute(failed.where(attempt.c.email == account.strip().lower()[:254])).scalar_one()
    of_address = connection.execute(failed.where(attempt.c.address == address[:64])).scalar_one()
    return of_account, of_address


def too_many_attempts(connection: Connection, *, account: str, address: str, since: datetime) -> bool:
    """This will tell whether the account or the address must wait before the next attempt."""
    of_account, of_address = failures_since(connection, account=account, address=address, since=since)
    return of_account >= MOST_OF_ACCOUNT or of_address >= MOST_OF_ADDRESS


class SqlDirectory:
    """What pages need to know about people and sign-in. ``is_demo`` shows the accounts on the sign-in page."""

    def __init__(self, engine: Engine, *, is_demo: bool) -> None:
        self._engine = engine
        self._is_demo = is_demo

    def person(self, person_id: str) -> Person | None:
        """This will return an account by id."""
        with reading(self._engine) as connection:
            return find_person(connection, person_id)

    def person_by_email(self, email: str) -> Person | None:
        """This will return an account by its address, upper and lower case alike."""
        with reading(self._engine) as connection:
            return find_person_by_email(connection, email)

    def assignments(self, person_id: str) -> Sequence[Assignment]:
        """This will return every assignment of a person, whatever the day."""
        with reading(self._engine) as connection:
            return assignments_of(connection, person_id)

    def mandates(self, person_id: str) -> Sequence[Mandate]:
        """This will return the person's mandates, whatever the day."""
        with reading(self._engine) as connection:
            return mandates_of(connection, person_id)

    def demo_accounts(self) -> Sequence[Account]:
        """This will return the demo accounts, by organisation and role; empty outside demo mode."""
        if not self._is_demo:
            return ()
        with reading(self._engine) as connection:
            return people_by_role(connection)

    def begin_session(self, token_hash: str, *, person: str, at: datetime, until: datetime) -> None:
        """This will store a session row."""
        with writing(self._engine) as connection:
            create_session(connection, token_hash, person=person, at=at, until=until)

    def session_person(self, token_hash: str, *, at: datetime) -> Person | None:
        """This will return the active person of a living session, or None when it has ended."""
        with reading(self._engine) as connection:
            return load_session(connection, token_hash, at=at)

    def end_session(self, token_hash: str, *, at: datetime) -> None:
        """This will end a session at once, and clear away those that have run out by ``at``."""
        with writing(self._engine) as connection:
            delete_session(connection, token_hash)
            connection.execute(delete(web_session).where(web_session.c.expires_at <= at))

    def note_attempt(self, *, account: str, address: str, at: datetime, succeeded: bool) -> None:
        """This will store one attempt to sign in."""
        with writing(self._engine) as connection:
            record_sign_in_attempt(connection, account=account, address=address, at=at, succeeded=succeeded)

    def failures_since(self, *, account: str, address: str, since: datetime) -> tuple[int, int]:
        """This will count failed attempts since a moment: for the account, and from the address."""
        with reading(self._engine) as connection:
            return failures_since(connection, account=account, address=address, since=since)

    def set_preferences(self, person_id: str, *, language: str | None = None, theme: str | None = None) -> None:
        """This will store a person's language or theme."""
        with writing(self._engine) as connection:
            set_preferences(connection, person_id, language=language, theme=theme)


def _person(row: RowMapping) -> Person:
    return Person(
        id=row["id"],
        email=row["email"],
        name=row["name"],
        password_hash=row["password_hash"],
        language=row["language"],
        theme=row["theme"],
        is_active=row["is_active"],
    )
