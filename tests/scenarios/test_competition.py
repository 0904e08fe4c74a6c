"""Two at once: one wins, the other is told who changed what, and nothing happens twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import func, select

from engine.application import Result, handle, open_case
from engine.application.ports import Request
from engine.domain.commands import Command, OpenCase, RecordFacts, SendMessage, TakeAction
from engine.domain.reasons import Conflict, EngineError, Refused
from engine.persistence.engine import reading, writing
from engine.persistence.infrastructure import load_infrastructure, save_infrastructure
from engine.persistence.record import verify_database
from engine.persistence.tables import case_row
from tests.scenarios.world import Play, World, fresh_case, go_on, prepare

HELLO = SendMessage(audience="company", text="Hej, när passar ett första möte?")


def request(play: Play, role: str, *, key: str = "", revision: int | None = None) -> Request:
    """A request of the person who plays a role."""
    person = play.p.roles[role]
    return Request(
        actor=lambda case: play.p.actor(person, case), person=person, expected_revision=revision, idempotency_key=key
    )


def both(play: Play, *asked: tuple[str, Command, Request]) -> list[Result | EngineError]:
    """What requests that come at the same moment are answered."""
    gate = Barrier(len(asked))

    def ask(one: tuple[str, Command, Request]) -> Result | EngineError:
        gate.wait()
        try:
            return handle(play.p.ports, *one)
        except EngineError as error:
            return error

    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(ask, asked))


class TestLostRace:
    def test_tells_who_changed_what(self, world: World) -> None:
        with world.at("state", "scoping") as play:
            read = play.p.case().revision
            change = RecordFacts(values={"scope.publication_delay_days": 45})
            handle(play.p.ports, play.p.case_id, change, request(play, "pm", revision=read))
            with pytest.raises(Conflict) as conflict:
                handle(play.p.ports, play.p.case_id, HELLO, request(play, "ops_manager", revision=read))

            name = play.p.cast[play.p.roles["pm"]].name
            assert (conflict.value.changed_by, conflict.value.changed) == (name, "FactsRecorded")
            assert name in conflict.value.message.sv and "ändrade uppgifter" in conflict.value.message.sv
            assert conflict.value.current_revision == read + 1 == play.p.case().revision

    def test_one_of_two_wins(self, world: World) -> None:
        with world.at("state", "scoping") as play:
            before = play.p.case()
            answers = both(
                play,
                *((before.id, HELLO, request(play, role, revision=before.revision)) for role in ("pm", "ops_manager")),
            )

            assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Result"]
            assert play.p.case().revision == before.revision + 1
            assert verify_database(play.engine) == []


class TestIdempotency:
    def test_repeated_request_gets_the_first_answer(self, world: World) -> None:
        with world.at("state", "inquiry") as play:
            again = request(play, "pm", key="the-same-key", revision=play.p.case().revision)
            first = handle(play.p.ports, play.p.case_id, HELLO, again)
            second = handle(play.p.ports, play.p.case_id, HELLO, again)

            assert first == second
            assert (play.p.case().revision, play.p.case().sequence) == (first.revision, first.sequence)

    def test_key_belongs_to_a_person(self, world: World) -> None:
        with world.at("state", "inquiry") as play:
            first = handle(play.p.ports, play.p.case_id, HELLO, request(play, "pm", key="k"))
            second = handle(play.p.ports, play.p.case_id, HELLO, request(play, "ops_manager", key="k"))

            assert second.revision == first.revision + 1

    def test_refused_request_may_be_tried_again(self, world: World) -> None:
        with world.at("state", "scoping") as play:
            play.p.act("pm", "O-03", "Oense")
            move, again = TakeAction(action="S-T05"), request(play, "pm", key="k")
            with pytest.raises(Refused):
                handle(play.p.ports, play.p.case_id, move, again)
            play.p.act("escalation_owner", "O-04")

            assert handle(play.p.ports, play.p.case_id, move, again).events[0] == "ActionTaken"

    @pytest.mark.parametrize("with_revision", [True, False])
    def test_holds_for_two_at_the_same_moment(self, world: World, with_revision: bool) -> None:
        with world.at("state", "inquiry") as play:
            before = play.p.case()
            asked = request(play, "pm", key="the-same-key", revision=before.revision if with_revision else None)
            answers = both(play, (before.id, HELLO, asked), (before.id, HELLO, asked))

            assert answers[0] == answers[1] and isinstance(answers[0], Result)
            assert play.p.case().sequence == before.sequence + 1
            assert verify_database(play.engine) == []

    def test_inquiry_sent_twice_opens_one_case(self, world: World) -> None:
        with world.fresh("state") as play:
            command = OpenCase(
                case_id="", infrastructure_id="ana_futura", language="sv",
                notices={"privacy": "1", "public_access": "1"},
                values={
                    "sme.name": play.d.company, "sme.org_nr": play.d.org_nr, "sme.contact_name": "Kontakten (fiktiv)",
                    "sme.contact_email": "kontakt@demo.example", "scope.title_sv": "Mätning",
                },
            )  # fmt: skip
            asked = request(play, "sme_contact", key="the-same-inquiry")
            with ThreadPoolExecutor(2) as pool:
                first, second = pool.map(lambda _: open_case(play.p.ports, command, asked), range(2))

            assert first == second
            with reading(play.engine) as connection:
                assert connection.execute(select(func.count()).select_from(case_row)).scalar_one() == 1


class TestLastCapacity:
    """Economic use this year may reach twenty per cent of capacity; the last of it goes to one case alone."""

    def ready(self, world: World, play: Play) -> tuple[Play, Play]:
        """Two cases of one per cent each, ready to be sent in, where one and a half is left."""
        second = fresh_case(world.settings, world.workflows, "state", number=2)
        other = replace(play, p=world.player(play.engine, second, play.p.clock.moment), d=second)
        prepare(other, "inquiry")
        go_on(other, "inquiry")
        prepare(other, "scoping")
        with writing(play.engine) as connection:
            place = load_infrastructure(connection, "ana_futura")
            facts = {**place.facts, "infra.economic_share_ytd_pct": Decimal("18.5")}
            save_infrastructure(connection, replace(place, facts=facts))
        return play, other

    def test_goes_to_one_of_two(self, world: World) -> None:
        with world.at("state", "scoping") as play:
            plays = self.ready(world, play)
            move = TakeAction(action="S-T05")
            answers = both(
                play, *((one.p.case_id, move, request(one, "pm", revision=one.p.case().revision)) for one in plays)
            )

            (loser,) = [answer for answer in answers if isinstance(answer, Refused)]
            assert [reason.id for reason in loser.verdict.failing] == ["G-SCO-09"]
            assert sorted(one.p.case().stage for one in plays) == ["legal_review", "scoping"]
            assert verify_database(play.engine) == []

    def test_is_free_again_when_the_winner_withdraws(self, world: World) -> None:
        with world.at("state", "scoping") as play:
            first, second = self.ready(world, play)
            go_on(first, "scoping")
            with pytest.raises(Refused):
                go_on(second, "scoping")
            first.p.act("sme_contact", "S-T12")
            go_on(second, "scoping")

            assert second.p.case().stage == "legal_review"
