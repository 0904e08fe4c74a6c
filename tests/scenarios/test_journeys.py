"""A case of each form, from the inquiry to the end, by nothing but commands of the people whose steps they are."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from engine.application import CaseView, view_case
from engine.domain.commands import TakeAction
from engine.domain.events import ActionTaken
from engine.domain.evolution import fold
from engine.domain.reasons import Refused
from engine.domain.turns import tasks
from engine.ledger.verifier import verify_export
from engine.persistence.record import export_record, verify_database
from tests.scenarios.world import Play, World, go_on, prepare

WAY = {
    "state": ["S-T01", "S-T05", "S-T09", "S-T13", "S-T17", "S-T23"],
    "regional": ["R-T01", "R-T05", "R-T08", "R-T12", "R-T17", "R-T23"],
    "company": ["C-T01", "C-T05", "C-T08", "C-T12", "C-T17", "C-T23"],
}


def play_all(world: World, play: Play) -> None:
    """From the inquiry to the end."""
    for stage in world.stages(play.d.form):
        prepare(play, stage)
        go_on(play, stage)
    prepare(play, "ending")
    play.p.act("ops_manager", play.id("T23"))


@pytest.mark.parametrize("form", list(WAY))
def test_runs_from_inquiry_to_closed(world: World, form: str) -> None:
    with world.fresh(form) as play:
        play_all(world, play)
        case, log = play.p.case(), play.log()
        workflow = play.p.workflow()

        moves = [line.event.action for line in log if isinstance(line.event, ActionTaken)]
        assert moves == WAY[form]
        assert (case.stage, case.outcome, case.scope_version) == ("closed", "completed", 1)
        # The log is whole, gives the row, and holds for somebody who has nothing but the file.
        assert fold(log, case.surroundings) == case
        assert verify_database(play.engine) == []
        written = io.StringIO()
        assert export_record(play.engine, written, now=play.p.clock()) == len(log)
        assert verify_export(written.getvalue().splitlines()) == []
        # Nothing waits, and nothing can be done any more.
        assert tasks(case, workflow, play.p.situation()) == ()
        for action in workflow.actions.values():
            if action.actors[0] in play.p.roles:
                with pytest.raises(Refused) as refused:
                    play.p.do(action.actors[0], TakeAction(action=action.id, values=overlay_values(action.name)))
                assert refused.value.verdict.other[0].id == "CLOSED"


def overlay_values(name: str) -> dict[str, str]:
    """What an overlay asks for before it is looked at."""
    needed = {"add_note": "note", "declare_conflict": "reason", "resolve_conflict": "result", "share": "organisation"}
    return {needed[name]: "x"} if name in needed else {}


@pytest.mark.parametrize("form", list(WAY))
def test_company_and_colleague_see_the_same_case_from_their_side(world: World, form: str) -> None:
    with world.at(form, "scoping") as play:
        sides = {role: seen_by(play, role) for role in ("pm", "sme_contact")}

        allowed = {
            role: {offer.action.name for offer in view.offers if offer.verdict.allowed} for role, view in sides.items()
        }
        assert "withdraw" in allowed["sme_contact"] and "withdraw" not in allowed["pm"]
        assert any(name.startswith("submit") for name in allowed["pm"])
        assert not any(name.startswith("submit") for name in allowed["sme_contact"])
        assert sides["pm"].heading == sides["sme_contact"].heading


def seen_by(play: Play, role: str) -> CaseView:
    """The case as somebody sees it now."""
    return view_case(play.p.ports, play.p.case_id, lambda case: play.p.actor(play.p.roles[role], case))


def test_every_step_is_written_by_the_person_whose_step_it_is(world: World) -> None:
    with world.at("state", "ending") as play:
        for line in play.log():
            held = play.p.actor(line.person, replace(play.p.case())).roles
            assert line.role in held, (line.sequence, line.role)
            assert line.organisation == held[line.role]
