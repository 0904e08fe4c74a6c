"""The store of cases on both databases: what goes in comes out, and a lost race is told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from engine.application.ports import Deadline, Outgoing, Receipt, Turn
from engine.domain.reasons import Conflict, NotFound
from engine.persistence.case import SqlCaseStore
from engine.persistence.engine import reading
from engine.persistence.tables import case_event, case_row, deadline, outbox, turn
from engine.persistence.unit_of_work import read_only, unit_of_work
from tests.integration.persistence.samples import fill_register, noon, opened_case, recorded, save_facts, store_case


@pytest.fixture(autouse=True)
def register(engine: Engine) -> None:
    fill_register(engine)


class TestCaseStore:
    def test_gives_back_what_was_added(self, engine: Engine) -> None:
        case = store_case(engine)
        with read_only(engine, now=noon) as work:
            found = work.cases.get(case.id)
        assert replace(found, surroundings=case.surroundings) == case
        assert found.surroundings.infrastructure == case.surroundings.infrastructure
        assert found.surroundings.capacity_pct == "6.5"

    def test_gives_back_what_was_saved_with_its_log(self, engine: Engine) -> None:
        case = store_case(engine)
        with unit_of_work(engine, now=noon) as work:
            before = work.cases.get(case.id)
            after, line = recorded(before, {"scope.fee_sek": Decimal("12.50"), "scope.title_en": "Measuring"})
            work.cases.save(after, [line], expected_revision=1, expected_sequence=1)
        with read_only(engine, now=noon) as work:
            assert work.cases.get(case.id) == after
            assert SqlCaseStore(work.connection, year=2025).log(case.id)[-1] == line
        with reading(engine) as connection:
            row = connection.execute(select(case_row)).one()
        assert (row.title_en, row.revision, row.company_name) == ("Measuring", 2, "Exempel Biotech AB")

    def test_says_who_changed_what_when_a_race_is_lost(self, engine: Engine) -> None:
        case = store_case(engine)
        save_facts(engine, case, {"scope.hours": 3})
        with pytest.raises(Conflict) as lost:
            save_facts(engine, case, {"scope.hours": 4})
        assert lost.value.current_revision == 2
        assert lost.value.changed == "FactsRecorded"
        assert "Kontaktperson, Exempel Biotech AB (fiktiv) ändrade uppgifter" in lost.value.message.sv
        with read_only(engine, now=noon) as work:
            assert work.cases.get(case.id).facts["scope.hours"].value == 3

    def test_has_no_case_that_is_not_there(self, engine: Engine) -> None:
        with read_only(engine, now=noon) as work, pytest.raises(NotFound, match="C-2025-9999"):
            work.cases.get("C-2025-9999")

    def test_stores_nothing_when_the_log_line_cannot_be_written(self, engine: Engine) -> None:
        case = store_case(engine)
        after, line = recorded(case, {"scope.hours": 3})
        wrong = replace(line, sequence=7)
        with pytest.raises(ValueError, match="do not lead"), unit_of_work(engine, now=noon) as work:
            work.cases.save(after, [wrong], expected_revision=1, expected_sequence=1)
        with read_only(engine, now=noon) as work:
            assert work.cases.get(case.id).revision == 1

    def test_stores_nothing_when_something_later_fails(self, engine: Engine) -> None:
        case = store_case(engine)
        after, line = recorded(case, {"scope.hours": 3})
        nowhere = Outgoing(key="k", kind="your_turn", case_id="C-0000-0000", recipient="p", due_at=noon())

        def save_and_send() -> None:
            with unit_of_work(engine, now=noon) as work:
                work.cases.save(after, [line], expected_revision=1, expected_sequence=1)
                work.send(nowhere)

        with pytest.raises(IntegrityError):
            save_and_send()
        with reading(engine) as connection:
            assert len(connection.execute(select(case_event)).all()) == 1
            assert connection.execute(select(outbox)).all() == []

    def test_numbers_each_once(self, engine: Engine) -> None:
        with unit_of_work(engine, now=noon) as work:
            assert [work.cases.next_number("C-2025"), work.cases.next_number("C-2025")] == [1, 2]
        with unit_of_work(engine, now=noon) as work:
            assert work.cases.next_number("C-2025") == 3
            assert work.cases.next_number("J-2025") == 1

    def test_refuses_a_number_that_is_taken(self, engine: Engine) -> None:
        store_case(engine)
        case, line = opened_case()
        with pytest.raises(Conflict, match="already taken"), unit_of_work(engine, now=noon) as work:
            work.cases.add(case, [line])


class TestUnitOfWork:
    def test_keeps_a_receipt_per_person(self, engine: Engine) -> None:
        kept = Receipt(case_id="C-2025-0001", revision=2, sequence=3, events=("FactsRecorded",))
        with unit_of_work(engine, now=noon) as work:
            work.keep_receipt("key", "p-1", kept)
            assert work.receipt("key", "p-1") == kept
            assert work.receipt("key", "p-2") is None
        with pytest.raises(Conflict, match="being handled"), unit_of_work(engine, now=noon) as work:
            work.keep_receipt("key", "p-1", kept)

    def test_sends_once_per_key(self, engine: Engine) -> None:
        case = store_case(engine)
        message = Outgoing(key="k", kind="your_turn", case_id=case.id, recipient="p", due_at=noon())
        with unit_of_work(engine, now=noon) as work:
            work.send(message)
            work.send(replace(message, recipient="q"))
        with reading(engine) as connection:
            assert [row.recipient for row in connection.execute(select(outbox))] == ["p"]

    def test_replaces_turns_and_keeps_since_when_they_wait(self, engine: Engine) -> None:
        case = store_case(engine)
        with unit_of_work(engine, now=noon) as work:
            work.set_turns(case.id, [Turn(role="pm", organisation="ki", reasons=("a",))])
        with unit_of_work(engine, now=noon) as work:
            after, line = recorded(work.cases.get(case.id), {"scope.hours": 3})
            work.cases.save(after, [line], expected_revision=1, expected_sequence=1)
            work.set_turns(
                case.id,
                [
                    Turn(role="pm", organisation="ki", reasons=("b",)),
                    Turn(role="legal", organisation="ki", reasons=()),
                ],
            )
        with reading(engine) as connection:
            rows = {row.role: row for row in connection.execute(select(turn))}
        assert rows["pm"].reasons == '["b"]'
        assert rows["pm"].since == noon()
        assert rows["legal"].since == line.at
        with unit_of_work(engine, now=noon) as work:
            work.set_turns(case.id, [])
        with reading(engine) as connection:
            assert connection.execute(select(turn)).all() == []

    def test_replaces_deadlines(self, engine: Engine) -> None:
        case = store_case(engine)
        first = Deadline(id="ack", case_id=case.id, rule="R-ACK", due_on="2025-11-28", owner_role="registrar")
        with unit_of_work(engine, now=noon) as work:
            work.set_deadlines(case.id, [first, replace(first, id="other")])
            work.set_deadlines(case.id, [replace(first, due_on="2025-12-01", is_met=True)])
        with reading(engine) as connection:
            rows = connection.execute(select(deadline)).all()
        assert [(row.id, row.due_on.isoformat(), row.is_met) for row in rows] == [("ack", "2025-12-01", True)]

    def test_cannot_write_when_it_only_reads(self, engine: Engine) -> None:
        case = store_case(engine)
        with pytest.raises(Exception, match=r"(?i)read.?only"), read_only(engine, now=noon) as work:
            work.set_turns(case.id, [Turn(role="pm", organisation="ki", reasons=())])
        # The same connection may write again in its next transaction.
        with unit_of_work(engine, now=noon) as work:
            work.set_turns(case.id, [Turn(role="pm", organisation="ki", reasons=())])
