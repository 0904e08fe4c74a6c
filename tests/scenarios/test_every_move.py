"""Each of the 79 moves of the three forms is made by the people whose move it is, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definitions.loader import load_all
from engine.domain.events import ActionTaken
from engine.domain.workflow import CLOSED
from engine.persistence.record import verify_database
from tests.scenarios.moves import recipe, take
from tests.scenarios.world import World

FORMS = ("state", "regional", "company")
WORKFLOWS = {
    one.workflow.form: one.workflow
    for one in load_all(Path(__file__).resolve().parents[2] / "workflows").published
    if one.workflow.form in FORMS
}
MOVES = [
    (form, action.id) for form in FORMS for action in WORKFLOWS[form].actions.values() if action.source is not None
]


@pytest.mark.parametrize(("form", "move"), MOVES, ids=[move for _, move in MOVES])
class TestMove:
    def test_is_made_by_its_people(self, world: World, form: str, move: str) -> None:
        action = WORKFLOWS[form].actions[move]
        how = recipe(WORKFLOWS[form], action)
        with world.at(form, how.place) as play:
            before = play.p.case()
            take(play, action, how)
            after = play.p.case()
            taken = [line.event for line in play.log() if isinstance(line.event, ActionTaken)]

            assert taken[-1].action == move and not taken[-1].is_automatic
            assert (after.stage, after.outcome) == (action.target, action.outcome)
            assert after.is_closed == (action.target == CLOSED)
            assert after.revision > before.revision
            assert verify_database(play.engine) == []


def test_there_are_79_moves() -> None:
    assert len(MOVES) == 79
