"""Withdrawal, rejection and referral: what ends a case before its work, and what is left to do afterwards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.application.queries import Reader
from engine.domain.deadlines import add_working_days
from engine.domain.reasons import Refused
from engine.domain.turns import tasks
from engine.domain.values import local_day
from engine.persistence.queries import SqlQueries
from tests.scenarios.moves import REASON_TEXT, recipe, review, suspend, take
from tests.scenarios.world import FORWARD, Play, World

FORMS = ("state", "regional", "company")
EARLY = [(form, stage) for form, letter in zip(FORMS, "SRC", strict=True) for stage in FORWARD[letter]]


def move(play: Play, name: str) -> str:
    """The id of a move of this name from where the case stands."""
    actions = play.p.workflow().actions_from(play.p.case().stage)
    return next(action.id for action in actions if action.name == name)


def overdue(play: Play, world: World, role: str, day: date) -> tuple[list[tuple[str, str]], int]:
    """What is overdue on a day for somebody: rules and owners of the deadlines, and the number above the work list."""
    queries = SqlQueries(play.engine, world.workflows.catalogue.roles)
    person = play.p.cast[play.p.roles[role]]
    reader = Reader(person=person.id, assignments=person.assignments, day=day)
    lines = queries.deadlines(reader, until=day - timedelta(days=1))
    return [(line.rule, line.owner_role) for line in lines], queries.work_counts(reader).overdue


@pytest.mark.parametrize(("form", "stage"), EARLY)
class TestWithdrawal:
    def test_takes_effect_at_once_and_leaves_its_tasks(self, world: World, form: str, stage: str) -> None:
        with world.at(form, stage) as play:
            play.p.act("sme_contact", move(play, "withdraw"))
            case = play.p.case()
            left = {task.id for task in tasks(case, play.p.workflow(), play.p.situation())}

            assert (case.outcome, case.facts["case.reason_code"].value) == ("withdrawn", "sme_choice")
            expected = {"G-CLO-09"} if form == "company" else {"G-CLO-08", play.id("CLO-04")}
            if form == "company" and stage in {"scoping", "legal_review", "procurement_check"}:
                expected |= {"C-CLO-03"}
            assert expected <= left

            due = add_working_days(local_day(case.closed_at), 10) if case.closed_at else None
            assert due is not None
            keeper = "records_owner" if form == "company" else "registrar"
            assert overdue(play, world, keeper, due) == ([], 0)
            assert overdue(play, world, keeper, due + timedelta(days=1)) == (
                [("post_guards_10_working_days", keeper)],
                1,
            )


class TestAfterWithdrawal:
    def test_tasks_are_done_in_the_closed_case(self, world: World) -> None:
        with world.at("state", "legal_review") as play:
            play.p.act("sme_contact", "S-T12")
            play.p.record({"close.retention_class": "R2"})
            review(play)
            play.p.paper("S-CLO-04")
            case = play.p.case()

            assert tasks(case, play.p.workflow(), play.p.situation()) == ()
            assert overdue(play, world, "registrar", local_day(play.p.clock()) + timedelta(days=60)) == ([], 0)

    @pytest.mark.parametrize("form", FORMS)
    def test_is_refused_once_work_has_started(self, world: World, form: str) -> None:
        with world.at(form, "execution") as play:
            back = recipe(play.p.workflow(), play.p.workflow().actions[play.id("T25")])
            back.before(play)
            with pytest.raises(Refused) as refused:
                play.p.act("sme_contact", move(play, "withdraw"))

            assert [reason.id for reason in refused.value.verdict.failing] == ["G-CLO-12"]
            assert play.p.case().stage == "scoping"

    def test_is_possible_on_hold(self, world: World) -> None:
        with world.at("state", "scoping") as play:
            suspend(play)
            play.p.act("sme_contact", "S-T07")

            assert play.p.case().outcome == "withdrawn"
            assert play.p.case().hold is None


@pytest.mark.parametrize("form", FORMS)
class TestRejection:
    def test_without_reasons_is_refused_with_everything_that_is_missing(self, world: World, form: str) -> None:
        with world.at(form, "scoping") as play:
            with pytest.raises(Refused) as refused:
                play.p.act("decision_maker", move(play, "reject"))

            missing = {reason.id for reason in refused.value.verdict.reasons}
            assert {"G-CLO-02", "G-CLO-11", play.id("CLO-02")} <= missing

    def test_keeps_its_reasons(self, world: World, form: str) -> None:
        with world.at(form, "scoping") as play:
            action = play.p.workflow().actions[move(play, "reject")]
            take(play, action, recipe(play.p.workflow(), action))
            case = play.p.case()

            assert (case.outcome, case.facts["case.reason_text"].value) == ("rejected", REASON_TEXT)
            letter = next(paper for paper in case.documents.values() if paper.document == play.id("CLO-02"))
            assert letter.dispatches and letter.is_frozen

    def test_reasons_of_a_few_words_are_not_enough(self, world: World, form: str) -> None:
        with world.at(form, "inquiry") as play:
            person = play.p.workflow().actions[move(play, "reject")].actors[0]
            with pytest.raises(Refused) as refused:
                play.p.act(person, move(play, "reject"), case__reason_code="capacity", case__reason_text="Fullt.")

            assert "G-CLO-02" in {reason.id for reason in refused.value.verdict.failing}


def test_referral_ends_as_referred(world: World) -> None:
    with world.at("regional", "inquiry") as play:
        action = play.p.workflow().actions["R-T03"]
        take(play, action, recipe(play.p.workflow(), action))

        assert play.p.case().outcome == "referred"
