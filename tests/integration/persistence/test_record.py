"""The record: folding the log gives the row, and every way to tamper with it is found, on both databases."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DatabaseError

from engine.ledger import verifier
from engine.ledger.canonical import canonical_json
from engine.ledger.chain import GENESIS, Line, link
from engine.ledger.verifier import heads_of, verify_export
from engine.persistence.engine import writing
from engine.persistence.record import export_record, verify_database
from tests.integration.persistence.samples import NOON, VECURA, fill_register, save_facts, store_case


@pytest.fixture(autouse=True)
def cases(engine: Engine) -> None:
    """Two cases, with four lines and one."""
    fill_register(engine)
    case = store_case(engine, 1)
    for number in range(3):
        case = save_facts(engine, case, {"scope.hours": number, "scope.title_en": f"Title {number} å ä ö\n'\""})
    store_case(engine, 2, infrastructure=VECURA)


@contextmanager
def without_triggers(engine: Engine) -> Iterator[Connection]:
    """What somebody with the database's own password could do."""
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE case_event DISABLE TRIGGER USER"))
        else:
            for name in ("update", "delete", "replace"):
                connection.execute(text(f"DROP TRIGGER case_event_refuses_{name}"))
        yield connection


def tampered(engine: Engine, statement: str) -> list[tuple[str, int, str]]:
    with without_triggers(engine) as connection:
        connection.execute(text(statement))
    return [(fault.case, fault.sequence, fault.kind) for fault in verify_database(engine)]


def exported(engine: Engine) -> list[str]:
    out = io.StringIO()
    assert export_record(engine, out, now=NOON) == 5
    return out.getvalue().splitlines()


class TestAppendOnly:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE case_event SET person = 'p-other' WHERE sequence = 2",
            "DELETE FROM case_event WHERE sequence = 4",
            "DELETE FROM case_event",
        ],
    )
    def test_log_refuses_change(self, engine: Engine, statement: str) -> None:
        with pytest.raises(DatabaseError, match="append-only"), writing(engine) as connection:
            connection.execute(text(statement))
        assert verify_database(engine) == []

    def test_log_refuses_to_be_overwritten_by_an_insert(self, engine: Engine) -> None:
        columns = "case_id, sequence, type, shape, at, person, person_name, role, organisation, mandate, payload"
        line = f"SELECT {columns}, prev_hash, hash FROM case_event WHERE case_id = 'C-2025-0001' AND sequence = 2"
        insert = f"INTO case_event ({columns}, prev_hash, hash) {line}"
        verb, tail = ("INSERT OR REPLACE", "")
        if engine.dialect.name == "postgresql":
            verb, tail = "INSERT", " ON CONFLICT (case_id, sequence) DO UPDATE SET person = 'p-other'"
        with pytest.raises(DatabaseError), writing(engine) as connection:
            connection.execute(text(f"{verb} {insert}{tail}"))
        assert verify_database(engine) == []

    def test_log_cannot_be_emptied_at_once(self, engine: Engine) -> None:
        if engine.dialect.name == "sqlite":
            return  # SQLite has no TRUNCATE: DELETE, above, is all there is.
        with pytest.raises(DatabaseError, match="append-only"), writing(engine) as connection:
            connection.execute(text("TRUNCATE case_event"))

    def test_case_cannot_be_deleted_under_its_log(self, engine: Engine) -> None:
        with pytest.raises(DatabaseError), writing(engine) as connection:
            connection.execute(text("DELETE FROM case_row"))


class TestVerifyDatabase:
    def test_finds_nothing_in_a_sound_record(self, engine: Engine) -> None:
        assert verify_database(engine) == []

    def test_finds_one_changed_byte(self, engine: Engine) -> None:
        change = "UPDATE case_event SET payload = replace(payload, 'Title 1', 'Title 7') WHERE sequence = 3"
        assert tampered(engine, change) == [("C-2025-0001", 3, "changed")]

    def test_finds_another_author(self, engine: Engine) -> None:
        change = "UPDATE case_event SET person_name = 'X' WHERE sequence = 2"
        assert tampered(engine, change) == [("C-2025-0001", 2, "changed")]

    def test_finds_a_missing_line(self, engine: Engine) -> None:
        assert tampered(engine, "DELETE FROM case_event WHERE sequence = 2") == [("C-2025-0001", 3, "missing")]

    def test_finds_a_cut_end(self, engine: Engine) -> None:
        assert tampered(engine, "DELETE FROM case_event WHERE sequence = 4") == [("C-2025-0001", 4, "cut")]

    def test_finds_a_log_that_is_gone(self, engine: Engine) -> None:
        gone = "DELETE FROM case_event WHERE case_id = 'C-2025-0002'"
        assert tampered(engine, gone) == [("C-2025-0002", 1, "cut")]

    def test_finds_a_case_with_another_cases_log(self, engine: Engine) -> None:
        swap = "UPDATE case_event SET case_id = 'C-2025-0002', sequence = 2 WHERE sequence = 4"
        kinds = {(case, kind) for case, _, kind in tampered(engine, swap)}
        assert kinds >= {("C-2025-0001", "cut"), ("C-2025-0002", "changed"), ("C-2025-0002", "cut")}

    def test_finds_a_state_that_does_not_follow_from_the_log(self, engine: Engine) -> None:
        change = "UPDATE case_row SET state = replace(state, 'Title 2', 'Title 9') WHERE id = 'C-2025-0001'"
        assert tampered(engine, change) == [("C-2025-0001", 0, "state")]

    def test_finds_a_column_that_does_not_follow_from_the_log(self, engine: Engine) -> None:
        change = "UPDATE case_row SET stage = 'execution' WHERE id = 'C-2025-0001'"
        assert tampered(engine, change) == [("C-2025-0001", 0, "columns")]


class TestExport:
    def test_is_verified_by_python_alone(self, engine: Engine, tmp_path: Path) -> None:
        path = tmp_path / "record.jsonl"
        lines = exported(engine)
        path.write_text("\n".join(lines), encoding="utf-8")
        # -I -S: no site packages and nothing of the checkout on the path.
        command = [sys.executable, "-I", "-S", verifier.__file__, str(path), "--anchor", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "No fault found.\n", "")
        path.write_text("\n".join([lines[0], *lines[2:]]), encoding="utf-8")
        done = subprocess.run(command[:-2], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "C-2025-0001, line 2: one or more lines are missing" in done.stdout
        path.write_text("no export", encoding="utf-8")
        assert subprocess.run(command, capture_output=True, check=False).returncode == 2

    def test_shows_each_kind_of_change(self, engine: Engine) -> None:
        lines = exported(engine)

        def found(changed: list[str]) -> list[tuple[int, str]]:
            return [(fault.sequence, fault.kind) for fault in verify_export(changed)]

        assert found(lines) == []
        assert found([line.replace("Title 1", "Title 7") for line in lines]) == [(3, "changed")]
        assert found(lines[:-2] + lines[-1:]) == [(4, "cut")]
        assert found([*lines[:3], lines[2], *lines[3:]]) == [(2, "fork")]
        assert found([*lines, "{"]) == [(0, "unreadable")]
        assert found([*lines, lines[-1].replace("C-2025-0002", "C-2025-0009")]) == [(1, "unknown")]
        assert found([lines[0], lines[1], lines[2], lines[4], lines[5]]) == [(4, "missing")]
        twice = lines[2].replace('"person":', '"person":"p-other","person":', 1)
        assert ("unreadable" in {kind for _, kind in found([*lines[:2], twice, *lines[3:]])}) is True

    def test_shows_a_past_rewritten_as_a_whole_only_with_an_anchor(self, engine: Engine) -> None:
        lines = exported(engine)
        entry = json.loads(lines[5])["entry"] | {"person": "p-other"}
        new_hash = link(GENESIS, canonical_json(entry))
        header = json.loads(lines[0])
        header["cases"]["C-2025-0002"]["head"] = new_hash
        forged = [
            canonical_json(header),
            *lines[1:5],
            canonical_json({"entry": entry, "hash": new_hash, "prev": GENESIS}),
        ]
        assert verify_export(forged) == []
        assert [fault.kind for fault in verify_export(forged, heads_of(lines))] == ["rewritten"]

    def test_refuses_what_is_no_export(self) -> None:
        for text_ in ("", "[]", '{"format":"other"}', "[" * 100_000):
            with pytest.raises(ValueError, match="no export"):
                verify_export([text_])


class TestLine:
    def test_is_canonical(self) -> None:
        line = Line(
            case="C",
            sequence=1,
            at="2025-11-24T11:00:00.000000Z",
            person='p"\\',
            person_name="Å\x01 é",
            role="r",
            organisation="o",
            mandate="",
            event="E",
            shape=1,
            payload='{"a":1}',
        )
        assert line.text() == canonical_json(json.loads(line.text()))
        assert verifier.canonical(json.loads(line.text())) == line.text()
