"""The machine of a definition knows its moves and nothing else, and never decides otherwise than the verdict."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.machine import fire, moves_from
from engine.domain.workflow import Action
from tests.builders import FORMS, workflow

MOVES = [(form, action) for form in FORMS for action in workflow(form).actions.values() if action.source is not None]
each_move = pytest.mark.parametrize(("form", "action"), MOVES, ids=[action.id for _, action in MOVES])


def test_there_are_79_moves() -> None:
    assert len(MOVES) == 79


@each_move
class TestFire:
    def test_moves_when_every_guard_lets_it(self, form: str, action: Action) -> None:
        assert fire(workflow(form), action, str(action.source), lambda _guard: True) == action.target

    def test_stays_when_any_one_guard_does_not(self, form: str, action: Action) -> None:
        for refusing in action.guards:
            others = {guard.id for guard in action.guards} - {refusing.id}
            assert fire(workflow(form), action, str(action.source), others.__contains__) is None, refusing.id

    def test_does_not_start_anywhere_else(self, form: str, action: Action) -> None:
        for stage in workflow(form).stages:
            if stage.name != action.source:
                assert fire(workflow(form), action, stage.name, lambda _guard: True) is None

    def test_asks_its_own_guards_alone(self, form: str, action: Action) -> None:
        asked: list[str] = []

        def allows(guard: str) -> bool:
            asked.append(guard)
            return True

        fire(workflow(form), action, str(action.source), allows)

        assert asked == [guard.id for guard in action.guards]


@pytest.mark.parametrize("form", FORMS)
class TestMoves:
    def test_are_those_of_the_definition(self, form: str) -> None:
        for stage in workflow(form).stages:
            expected = {action.id for action in workflow(form).actions_from(stage.name)}
            assert set(moves_from(workflow(form), stage.name)) == expected

    def test_none_leaves_the_end(self, form: str) -> None:
        assert moves_from(workflow(form), "closed") == ()

    def test_machine_keeps_no_memory_between_questions(self, form: str) -> None:
        action = workflow(form).actions_from("inquiry")[0]

        first = fire(workflow(form), action, "inquiry", lambda _guard: True)
        again = fire(workflow(form), action, "inquiry", lambda _guard: True)
        assert first == again == action.target


@given(data=st.data(), chosen=st.sampled_from(MOVES))
def test_move_is_made_exactly_when_all_guards_hold(data: st.DataObject, chosen: tuple[str, Action]) -> None:
    form, action = chosen
    answers = {guard.id: data.draw(st.booleans()) for guard in action.guards}

    moved = fire(workflow(form), action, str(action.source), answers.__getitem__)

    assert (moved is not None) == all(answers.values())
