"""Rows beside the case (documents, opinions, files) follow each event, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from engine.application.ports import Outgoing
from engine.application.queries import Place, Reader
from engine.domain.case import Case
from engine.domain.commands import Rendition
from engine.domain.events import (
    ConditionClosed,
    DocumentDiscarded,
    DocumentDispatched,
    DocumentDrafted,
    DocumentFinalised,
    DocumentRegistered,
    DocumentSigned,
    Event,
    FileUploaded,
    OpinionGiven,
)
from engine.domain.evolution import evolve
from engine.domain.permissions import Assignment
from engine.domain.reasons import Conflict
from engine.domain.roles import Role
from engine.domain.values import Text
from engine.persistence import outbox as messages
from engine.persistence.engine import reading, writing
from engine.persistence.queries import SqlQueries
from engine.persistence.record import verify_database
from engine.persistence.tables import document, opinion, uploaded_file
from engine.persistence.unit_of_work import unit_of_work
from tests.integration.persistence.samples import NOON, entry, fill_register, noon, store_case

FILE = "f" * 64
RENDITION = Rendition(template_version="v1", template_hash="t", content_hash="c", file_hash=FILE, size=12345)
ROLES = {
    key: Role(key=key, name=Text(sv=key, en=key), forms=("state",), scope=scope)
    for key, scope in (("legal", "organisation"), ("sme_contact", "own_case"))
}
DAY = date(2025, 11, 24)
LAWYER = Assignment(person="p", role="legal", organisation="ki", valid_from=DAY)
CONTACT = Assignment(person="p", role="sme_contact", organisation="sme", company_org_nr="559999-0016", valid_from=DAY)


@pytest.fixture
def case(engine: Engine) -> Case:
    fill_register(engine)
    return store_case(engine)


def happened(engine: Engine, case: Case, *events: Event) -> Case:
    """This will store events that follow each other, one minute apart, in one transaction."""
    with unit_of_work(engine, now=noon) as work:
        before = after = work.cases.get(case.id)
        lines = []
        for event in events:
            line = entry(after.sequence + 1, event, at=NOON + timedelta(minutes=after.sequence))
            lines.append(line)
            after = evolve(after, line)
        work.cases.save(after, lines, expected_revision=before.revision, expected_sequence=before.sequence)
    return after


def drafted(key: str) -> DocumentDrafted:
    return DocumentDrafted(
        key=key, document="S-LEG-04", purpose="main_agreement", language="sv", subject="", inputs={}, scope_version=1
    )


FINALISED = DocumentFinalised(
    key="S-LEG-04.1",
    rendition=RENDITION,
    inputs={},
    scope_version=1,
    merge_hash="m",
    agreement_hash="a",
    secrecy="31:12",
)
SIGNED = DocumentSigned(
    key="S-LEG-04.1",
    role="decision_maker",
    party="ki",
    method="esign",
    signed_on=DAY,
    scope_version=1,
    agreement_hash="a",
    uses_scope=True,
)
REGISTERED = DocumentRegistered(key="S-LEG-04.1", number="4-3120/2025-1", description="Avtal", secrecy="31:12")


class TestDocuments:
    def test_follow_their_events(self, engine: Engine, case: Case) -> None:
        happened(engine, case, drafted("S-LEG-04.1"), drafted("S-LEG-04.2"))
        happened(engine, case, FINALISED, SIGNED, DocumentDispatched(key="S-LEG-04.1", recipient="sme"), REGISTERED)
        happened(engine, case, DocumentDiscarded(key="S-LEG-04.2", note="fel språk"))
        with reading(engine) as connection:
            (row,) = connection.execute(select(document)).all()
        assert (row.key, row.file_hash, row.size, row.signature_count) == ("S-LEG-04.1", FILE, 12345, 1)
        assert (row.registered_number, row.marking, row.is_superseded) == ("4-3120/2025-1", "31:12", False)
        assert (row.finalised_at, row.dispatched_at) == (NOON + timedelta(minutes=3), NOON + timedelta(minutes=5))
        assert verify_database(engine) == []

    def test_share_no_number(self, engine: Engine, case: Case) -> None:
        happened(engine, case, drafted("S-LEG-04.1"), drafted("S-LEG-04.2"), REGISTERED)
        twice = DocumentRegistered(key="S-LEG-04.2", number="4-3120/2025-1", description="Bilaga", secrecy="open")
        with pytest.raises(Conflict, match="already used for another document"):
            happened(engine, case, twice)
        assert verify_database(engine) == []

    def test_are_listed_for_staff_and_never_for_the_company(self, engine: Engine, case: Case) -> None:
        happened(engine, case, drafted("S-LEG-04.1"), drafted("S-LEG-04.2"), FINALISED)
        queries = SqlQueries(engine, ROLES)
        lawyer = Reader(person="p", assignments=(LAWYER,), day=DAY)
        lines = queries.documents(lawyer)
        assert [line.key for line in lines] == ["S-LEG-04.2", "S-LEG-04.1"]
        after = Place(at=lines[0].drafted_at, id=f"{lines[0].case_id}/{lines[0].key}")
        assert [line.key for line in queries.documents(lawyer, after=after)] == ["S-LEG-04.1"]
        assert [line.key for line in queries.documents(lawyer, final_only=True)] == ["S-LEG-04.1"]
        assert [line.key for line in queries.documents(lawyer, text="biotech leg-04.2")] == ["S-LEG-04.2"]
        assert queries.documents(Reader(person="p", assignments=(CONTACT,), day=DAY)) == ()


class TestOpinions:
    def test_follow_their_events(self, engine: Engine, case: Case) -> None:
        given = OpinionGiven(
            opinion_id="O-1",
            organisation="ki",
            opinion="approve_with_conditions",
            text="Ja",
            checks={},
            scope_version=1,
            doc_hash="a",
            conditions={"C-1": "försäkring", "C-2": "tillstånd"},
        )
        happened(engine, case, given, ConditionClosed(condition_id="C-1", evidence="bevis"))
        with reading(engine) as connection:
            (row,) = connection.execute(select(opinion)).all()
        assert (row.id, row.open_conditions, row.is_superseded) == ("O-1", 1, False)


class TestFiles:
    def test_follow_their_events(self, engine: Engine, case: Case) -> None:
        upload = FileUploaded(
            key="F-1", name="metod.pdf", media_type="application/pdf", file_hash=FILE, size=9, info_class="INFO-A"
        )
        happened(engine, case, upload)
        with reading(engine) as connection:
            (row,) = connection.execute(select(uploaded_file)).all()
        assert (row.name, row.file_hash, row.size) == ("metod.pdf", FILE, 9)


class TestOutbox:
    def test_a_message_is_leased_to_one_worker_and_comes_back_when_the_worker_dies(
        self, engine: Engine, case: Case
    ) -> None:
        message = Outgoing(key="k", kind="your_turn", case_id=case.id, recipient="p", due_at=NOON)
        minute = timedelta(minutes=1)
        with unit_of_work(engine, now=noon) as work:
            work.send(message)
        with writing(engine) as connection:
            assert messages.lease(connection, worker="a", now=NOON - minute, until=NOON) == []
            assert messages.lease(connection, worker="a", now=NOON, until=NOON + minute) == [message]
            assert messages.lease(connection, worker="b", now=NOON, until=NOON + minute) == []
        with writing(engine) as connection:
            assert messages.lease(connection, worker="b", now=NOON + minute, until=NOON + 2 * minute) == [message]
            assert not messages.finish(connection, "k", worker="a", now=NOON + minute)
            assert messages.fail(connection, "k", worker="b", again_at=NOON + 3 * minute, error="no answer")
            assert messages.waiting(connection, NOON + minute) == 0
            assert messages.lease(connection, worker="b", now=NOON + 3 * minute, until=NOON + 4 * minute) != []
            assert messages.finish(connection, "k", worker="b", now=NOON + 3 * minute)
            assert messages.waiting(connection, NOON + 9 * minute) == 0
