"""How each move of the three forms is brought about: from which place, and what its people do before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from engine.domain.commands import Attest, ReviewSecrecy
from engine.domain.values import Value, local_day
from engine.domain.workflow import Action, Workflow
from tests.scenarios.world import START, Play
from web.demo import ending, journey

REASON_TEXT = "Kapaciteten räcker inte till för perioden som företaget har bett om."
Step = Callable[[Play], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """From which place a move is taken, in which role, and what is done before it."""

    place: str
    role: str
    before: Step


def recipe(workflow: Workflow, action: Action) -> Recipe:
    """This will return how a move is brought about in the fresh case of its form."""
    source = action.source or ""
    place = source
    before: Step = nothing
    match action.name:
        case "reject" | "refer" | "expire":
            before = close_with_reasons(action.outcome or "")
        case "complete":
            place = "ending"
        case "change_scope":
            place, before = "execution", ask_for_change
        case "abandon_change":
            place, before = "execution", change_scope
        case "terminate_early":
            place, before = "execution", terminate if source == "execution" else change_and_terminate
        case "amend_nda":
            before = write_amendment
        case "abandon_amendment":
            place, before = "scoping", amend
        case "skip_procurement":
            before = skip
        case "skip_procurement_and_start":
            before = skip_and_start
        case "start_execution" | "clear_procurement_and_start":
            before = wait_for_start
    return Recipe(place=place, role=action.actors[0], before=before)


def take(play: Play, action: Action, how: Recipe) -> None:
    """This will do what goes before a move, and then the move."""
    how.before(play)
    play.p.act(how.role, action.id)


def nothing(play: Play) -> None:
    """Everything is ready at the place."""


def wait_for_start(play: Play) -> None:
    """The day of the start comes."""
    play.p.clock.to(START)


def close_with_reasons(outcome: str) -> Step:
    """This will return the steps that end a case before it began: reasons, letter, register and archive."""

    def steps(play: Play) -> None:
        p = play.p
        record_reasons(play, "capacity")
        if p.case().stage == "inquiry":
            p.paper(play.id("INQ-03"), dispatch=True)
        else:
            p.paper(play.id("CLO-02"), inputs={"case.outcome": outcome}, dispatch=True)
        p.record({"close.retention_class": "R2"})
        if play.d.form == "company":
            if p.case().stage != "inquiry":
                let_nobody_in(play)
                p.record({"close.pd_decision": "none"})
                p.paper("C-CLO-03")
            return
        review(play)
        p.paper(play.id("CLO-04"))

    return steps


def let_nobody_in(play: Play) -> None:
    """Whoever was let in gets a last day, and the access is revoked."""
    p = play.p
    for row_id, row in p.case().rows.get("access_list", {}).items():
        p.row("pm", "access_list", row_id, **{**row.values, "to_on": p.clock().date()})
    p.do("ops_manager", Attest(what="access_revoked"))


def record_reasons(play: Play, code: str) -> None:
    """The reasons are written down before the letter that gives them."""
    play.p.record({"case.reason_code": code, "case.reason_text": REASON_TEXT})


def review(play: Play) -> None:
    """The registrar reviews every secrecy marking."""
    for paper in play.p.case().documents.values():
        if paper.is_frozen and paper.marking not in {"open", "internal", "conf"}:
            play.p.do("registrar", ReviewSecrecy(key=paper.key, keep=True, note="Omprövad vid avslut"))


def ask_for_change(play: Play) -> None:
    """The change is asked for in writing by both."""
    play.p.clock.to(START + timedelta(days=30))
    play.p.paper(play.id("EXE-03"))


def change_scope(play: Play) -> None:
    """The case goes back to scoping with a change."""
    ask_for_change(play)
    play.p.act("pm", play.id("T22"))


def terminate(play: Play) -> None:
    """Everything is returned, paid and archived, with reasons for the early end."""
    reasons = {"case.reason_code": "breach", "case.reason_text": REASON_TEXT}
    early = replace(play.d, attempt=play.id("T24"), facts={**play.d.facts, **reasons})
    play.p.clock.to(START + timedelta(days=60))
    ending.closing(play.p, early)


def change_and_terminate(play: Play) -> None:
    """The change is not agreed, and the work ends."""
    change_scope(play)
    terminate(play)


def write_amendment(play: Play) -> None:
    """The amendment of the confidentiality agreement is drawn up and signed."""
    play.p.paper("C-CON-02", inputs=amendment_inputs(play), sign=())


def amendment_inputs(play: Play) -> dict[str, Value]:
    """What the amendment covers."""
    type_ = play.p.workflow().documents["C-CON-02"]
    return {name: play.d[name] for name in type_.inputs}


def amend(play: Play) -> None:
    """The case is back at confidentiality for the amendment."""
    write_amendment(play)
    play.p.act("pm", "C-T09")


def skip(play: Play) -> None:
    """Procurement signs that nothing is bought."""
    journey.skip_record(play.p, play.d)


def skip_and_start(play: Play) -> None:
    """Nothing is bought, and everything is ready for the start."""
    skip(play)
    ending.ready_to_start(play.p, play.d, START)
    wait_for_start(play)


def suspend(play: Play) -> None:
    """The case waits for somebody outside."""
    play.p.act(
        "pm", "O-01", case__suspended_reason="Väntar på besked utifrån.", case__suspended_owner=play.p.roles["pm"],
        case__suspended_review_date=local_day(play.p.clock()) + timedelta(days=30),
    )  # fmt: skip
