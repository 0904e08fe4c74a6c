"""People, sessions that die at once, and the count of failed attempts, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from engine.application.queries import Account, Person
from engine.domain.permissions import Assignment
from engine.domain.reasons import InvalidInput
from engine.domain.roles import Mandate
from engine.persistence import identity
from engine.persistence.engine import reading, writing
from engine.persistence.identity import SqlDirectory
from engine.persistence.meta import demo_offset, set_demo_offset
from tests.integration.persistence.samples import NOON, fill_register

ANNA = Person(id="p-pm", email="Pm@Exempel.se", name="Projektledare, ANA Futura (fiktiv)", password_hash="h")
HOUR = timedelta(hours=1)


@pytest.fixture
def directory(engine: Engine) -> SqlDirectory:
    fill_register(engine)
    with writing(engine) as connection:
        identity.save_person(connection, ANNA)
        held = Assignment(person="p-pm", role="pm", organisation="ki", valid_from=date(2025, 1, 1))
        identity.add_assignment(connection, replace(held, infrastructure_id="ana_futura"))
        identity.add_assignment(connection, replace(held, role="legal", valid_to=date(2025, 12, 31)))
        identity.add_mandate(connection, "p-pm", Mandate(reference="DO 3.2", organisation="ki", limit_sek=500_000))
    return SqlDirectory(engine, is_demo=True)


class TestPeople:
    def test_are_found_by_address_in_any_case(self, directory: SqlDirectory) -> None:
        found = directory.person_by_email(" PM@exempel.SE ")
        assert found == replace(ANNA, email="pm@exempel.se")
        assert directory.person("p-pm") == found
        assert directory.person_by_email("nobody@exempel.se") is None

    def test_share_no_address(self, engine: Engine, directory: SqlDirectory) -> None:
        with pytest.raises(IntegrityError), writing(engine) as connection:
            identity.save_person(connection, replace(ANNA, id="p-other"))

    def test_keep_what_they_are_assigned_to(self, directory: SqlDirectory) -> None:
        held = directory.assignments("p-pm")
        assert [(item.role, item.infrastructure_id, item.valid_to) for item in held] == [
            ("pm", "ana_futura", None),
            ("legal", None, date(2025, 12, 31)),
        ]
        assert directory.mandates("p-pm") == (Mandate(reference="DO 3.2", organisation="ki", limit_sek=500_000),)

    def test_are_listed_by_role_for_the_demo_alone(self, engine: Engine, directory: SqlDirectory) -> None:
        name = ANNA.name
        assert directory.demo_accounts() == (
            Account(email="pm@exempel.se", name=name, role="legal", organisation="ki"),
            Account(email="pm@exempel.se", name=name, role="pm", organisation="ki", infrastructure="ana_futura"),
        )
        assert SqlDirectory(engine, is_demo=False).demo_accounts() == ()

    def test_keep_their_language_and_theme(self, directory: SqlDirectory) -> None:
        directory.set_preferences("p-pm", language="en")
        directory.set_preferences("p-pm", theme="dark")
        found = directory.person("p-pm")
        assert found is not None
        assert (found.language, found.theme) == ("en", "dark")

    def test_are_not_looked_for_under_a_name_no_database_can_hold(self, directory: SqlDirectory) -> None:
        for hostile in ("a\x00b@exempel.se", "a\ud800@exempel.se"):
            try:
                assert directory.person_by_email(hostile) is None
            except InvalidInput:
                continue


class TestSessions:
    def test_die_at_sign_out_even_for_a_copied_cookie(self, directory: SqlDirectory) -> None:
        directory.begin_session("hash", person="p-pm", at=NOON, until=NOON + HOUR)
        found = directory.session_person("hash", at=NOON)
        assert found is not None
        assert found.id == "p-pm"
        directory.end_session("hash", at=NOON)
        assert directory.session_person("hash", at=NOON) is None

    def test_run_out(self, directory: SqlDirectory) -> None:
        directory.begin_session("hash", person="p-pm", at=NOON, until=NOON + HOUR)
        assert directory.session_person("hash", at=NOON + HOUR) is None

    def test_give_nobody_once_the_person_is_suspended(self, engine: Engine, directory: SqlDirectory) -> None:
        directory.begin_session("hash", person="p-pm", at=NOON, until=NOON + HOUR)
        with writing(engine) as connection:
            identity.save_person(connection, replace(ANNA, is_active=False))
        assert directory.session_person("hash", at=NOON) is None

    def test_end_all_at_once(self, engine: Engine, directory: SqlDirectory) -> None:
        for token in ("a", "b"):
            directory.begin_session(token, person="p-pm", at=NOON, until=NOON + HOUR)
        with writing(engine) as connection:
            assert identity.delete_sessions_of(connection, "p-pm") == 2
        assert directory.session_person("a", at=NOON) is None


class TestSignIn:
    def test_counts_failures_of_account_and_address(self, engine: Engine, directory: SqlDirectory) -> None:
        for minute in range(identity.MOST_OF_ACCOUNT):
            at = NOON + timedelta(minutes=minute)
            directory.note_attempt(account="PM@exempel.se", address="192.0.2.1", at=at, succeeded=False)
        directory.note_attempt(account="pm@exempel.se", address="192.0.2.1", at=NOON, succeeded=True)
        ask = {"account": "pm@exempel.se", "address": "192.0.2.1"}
        assert directory.failures_since(**ask, since=NOON) == (10, 10)
        assert directory.failures_since(**ask, since=NOON + timedelta(minutes=5)) == (5, 5)
        with reading(engine) as connection:
            assert identity.too_many_attempts(connection, **ask, since=NOON)
            assert not identity.too_many_attempts(connection, **ask, since=NOON + timedelta(minutes=5))


class TestMeta:
    def test_keeps_the_demo_clock(self, engine: Engine) -> None:
        with writing(engine) as connection:
            assert demo_offset(connection) is None
            set_demo_offset(connection, timedelta(days=-366, microseconds=5))
            set_demo_offset(connection, timedelta(days=-365, microseconds=5))
        with reading(engine) as connection:
            assert demo_offset(connection) == timedelta(days=-365, microseconds=5)
