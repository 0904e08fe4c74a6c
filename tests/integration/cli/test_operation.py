"""Operator commands on both databases, and what they say when something stands in the way."""

from __future__ import annotations

import json
import socket
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, text

from engine.application.queries import Organisation
from engine.domain.values import Text
from engine.persistence.engine import open_engine, reading, writing
from engine.persistence.identity import assignments_of, find_person_by_email
from engine.persistence.infrastructure import save_organisation
from engine.persistence.meta import set_demo_offset
from web.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs one command in demo mode with a data folder of its own: status, output, errors."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("SAMVERK_MODE", "demo")
    monkeypatch.setenv("SAMVERK_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        output = capsys.readouterr()
        return status, output.out, output.err

    return run


class TestDatabaseUpgrade:
    def test_makes_the_database_and_changes_nothing_twice(
        self, run: Run, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SAMVERK_DATABASE_URL", empty_database_url)

        first = run("db", "upgrade", "--json")
        second = run("db", "upgrade", "--json")

        assert first == second
        assert first[0] == 0
        assert json.loads(first[1])["version"].isdigit()

    def test_refuses_a_database_from_the_future(
        self, run: Run, engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with writing(engine) as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        monkeypatch.setenv("SAMVERK_DATABASE_URL", database_url)

        for command in (("db", "upgrade"), ("record", "verify"), ("serve",)):
            status, out, err = run(*command)

            assert (status, out) == (1, "")
            assert "newer than this version of the product knows" in err

    def test_is_asked_for_when_it_was_not_done(
        self, run: Run, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SAMVERK_DATABASE_URL", empty_database_url)

        status, _, err = run("record", "verify")

        assert status == 1
        assert "Run: samverk db upgrade" in err

    @pytest.mark.parametrize("address", ["sqlite:////no/such/folder/x.db", "postgresql://127.0.0.1:1/x"])
    def test_says_what_to_check_when_there_is_no_way_to_the_database(
        self, run: Run, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SAMVERK_DATABASE_URL", address)

        status, _, err = run("db", "upgrade")

        assert status == 1
        assert "Check SAMVERK_DATABASE_URL." in err

    def test_says_so_when_the_file_is_no_database(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "samverk.db").write_text("no database at all, only a few words")

        status, _, err = run("db", "upgrade")

        assert status == 1
        assert "file is not a database" in err


class TestServe:
    def test_says_so_when_the_port_is_taken(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        assert run("db", "upgrade")[0] == 0
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            monkeypatch.setenv("SAMVERK_PORT", str(port))

            status, out, err = run("serve")

        assert (status, out) == (1, "")
        assert f"127.0.0.1:{port} is in use by another program" in err

    def test_refuses_to_start_in_production_without_secret_and_hosts(
        self, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SAMVERK_MODE", "production")

        status, _, err = run("serve")

        assert status == 2
        assert "SAMVERK_SECRET_KEY" in err
        assert "SAMVERK_TRUSTED_HOSTS" in err

    def test_never_shows_real_people_in_demo_mode(self, run: Run) -> None:
        run("db", "upgrade")
        run("user", "add", "--email", "a@example.se", "--name", "Drift (fiktiv)", "--role", "sys_admin")

        status, out, err = run("serve")

        assert (status, out) == (1, "")
        assert "Set SAMVERK_MODE=production" in err

    def test_never_opens_the_demo_in_production(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run("db", "upgrade")
        engine = open_engine(f"sqlite:///{tmp_path / 'data' / 'samverk.db'}")
        with writing(engine) as connection:
            set_demo_offset(connection, timedelta(days=-365))
        engine.dispose()
        monkeypatch.setenv("SAMVERK_MODE", "production")
        monkeypatch.setenv("SAMVERK_SECRET_KEY", "s" * 40)
        monkeypatch.setenv("SAMVERK_TRUSTED_HOSTS", "samverk.example.se")

        status, out, err = run("serve")

        assert (status, out) == (1, "")
        assert "holds the demo, whose password is public" in err


class TestUserAdd:
    ARGUMENTS = ("user", "add", "--email", "Nina.Nord@Example.se", "--name", "Jurist, KI (fiktiv)")

    @pytest.fixture
    def database(self, run: Run, engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Engine:
        """A database with one organisation."""
        monkeypatch.setenv("SAMVERK_DATABASE_URL", database_url)
        name = Text(sv="Karolinska Institutet", en="Karolinska Institutet")
        with writing(engine) as connection:
            save_organisation(connection, Organisation(id="ki", name=name, legal_person=name, org_nr="", form="state"))
        return engine

    def test_makes_a_person_who_can_sign_in(self, run: Run, database: Engine) -> None:
        status, out, _ = run(*self.ARGUMENTS, "--role", "legal", "--organisation", "ki", "--json")

        answer = json.loads(out)
        assert status == 0
        with reading(database) as connection:
            person = find_person_by_email(connection, "nina.nord@example.se")
            assert person is not None
            (held,) = assignments_of(connection, person.id)
        assert PasswordHasher().verify(person.password_hash, answer["password"])
        assert (held.role, held.organisation) == ("legal", "ki")

    def test_gives_one_more_role_and_leaves_the_password(self, run: Run, database: Engine) -> None:
        run(*self.ARGUMENTS, "--role", "legal", "--organisation", "ki")
        with reading(database) as connection:
            before = find_person_by_email(connection, "nina.nord@example.se")

        status, out, _ = run(*self.ARGUMENTS, "--role", "finance", "--organisation", "ki", "--json")

        with reading(database) as connection:
            after = find_person_by_email(connection, "nina.nord@example.se")
            assert after is not None
            roles = [held.role for held in assignments_of(connection, after.id)]
        assert status == 0
        assert json.loads(out)["password"] is None
        assert after == before
        assert roles == ["legal", "finance"]

    @pytest.mark.parametrize(
        ("options", "sentence"),
        [
            (("--role", "lawyer"), "--role lawyer does not exist. These do: sme_contact"),
            (("--role", "legal"), "The role legal (Lawyer of one organisation) needs --organisation."),
            (("--role", "legal", "--organisation", "kth"), "--organisation kth does not exist. These do: ki"),
            (("--role", "sme_contact", "--company", "559999-0017"), "not an organisation number"),
        ],
    )
    def test_refuses_what_would_reach_nothing(
        self, run: Run, database: Engine, options: tuple[str, ...], sentence: str
    ) -> None:
        status, _, err = run(*self.ARGUMENTS, *options)

        assert status == 2
        assert sentence in err
        with reading(database) as connection:
            assert find_person_by_email(connection, "nina.nord@example.se") is None


class TestRecord:
    def test_of_an_empty_database_is_sound_and_exported(self, run: Run, tmp_path: Path) -> None:
        run("db", "upgrade")
        export = str(tmp_path / "record.jsonl")

        assert run("record", "verify", "--json") == (0, '{\n  "ok": true,\n  "faults": []\n}\n', "")
        assert run("record", "export", "--out", export)[0] == 0
        assert run("record", "verify", export)[0] == 0

    def test_export_that_is_none_is_told(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "letter.txt").write_text("Dear archive,\n")

        assert run("record", "verify", str(tmp_path / "letter.txt"))[0] == 2
        assert run("record", "verify", str(tmp_path / "none.txt"))[0] == 2


class TestDemoLoad:
    def test_is_refused_outside_demo_mode(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SAMVERK_MODE", "production")
        monkeypatch.setenv("SAMVERK_SECRET_KEY", "s" * 40)
        monkeypatch.setenv("SAMVERK_TRUSTED_HOSTS", "samverk.example.se")

        status, _, err = run("demo", "load")

        assert status == 2
        assert "in demo mode only" in err

    def test_leaves_a_database_with_people_alone(self, run: Run, tmp_path: Path) -> None:
        run("db", "upgrade")
        run("user", "add", "--email", "a@example.se", "--name", "Drift (fiktiv)", "--role", "sys_admin")

        assert run("demo", "load", "--if-empty")[0] == 0
        assert run("demo", "load")[0] == 2
        with sqlite3.connect(tmp_path / "data" / "samverk.db") as connection:
            assert connection.execute("SELECT count(*) FROM person").fetchone() == (1,)


class TestCheckCommands:
    def test_locate_each_fault_of_the_definitions(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()

        status, out, _ = run("workflows", "check", str(tmp_path / "empty"), "--json")

        answer = json.loads(out)
        assert status == 1
        assert answer["ok"] is False
        assert {"file", "line", "column", "message"} == set(answer["faults"][0])

    def test_refuse_a_folder_that_is_not_there(self, run: Run, tmp_path: Path) -> None:
        assert run("workflows", "check", str(tmp_path / "no"))[0] == 2
        assert run("templates", "check", str(tmp_path / "no"))[0] == 2


class TestRoutes:
    def test_are_listed_with_their_rights(self, run: Run) -> None:
        status, out, _ = run("routes", "--json")

        rows = json.loads(out)["routes"]
        assert status == 0
        assert {
            "path": "/work",
            "methods": ["GET"],
            "name": "work.index",
            "right": "a role at a host organisation",
        } in rows


class TestRender:
    def test_refuses_a_document_that_is_not_in_the_register(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "facts.yaml").write_text("scope: {version: 1}\n")

        status, _, err = run(
            "render",
            "--document",
            "X-LEG-99",
            "--facts",
            str(tmp_path / "facts.yaml"),
            "--out",
            str(tmp_path / "x.docx"),
        )

        assert status == 2
        assert "There is no document X-LEG-99" in err

    def test_writes_the_same_bytes_twice(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "facts.yaml").write_text("scope: {version: 1}\nsme: {name: Johnson & Johnson AB}\n")
        arguments = ("--document", "S-LEG-04", "--facts", str(tmp_path / "facts.yaml"), "--draft", "--language", "en")

        hashes = [
            json.loads(run("render", *arguments, "--out", str(tmp_path / f"{number}.docx"), "--json")[1])["file_hash"]
            for number in (1, 2)
        ]

        assert hashes[0] == hashes[1]
        assert (tmp_path / "1.docx").read_bytes() == (tmp_path / "2.docx").read_bytes()
