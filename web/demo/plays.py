"""The 26 plays: each demo case is brought to its stage, day by day, with what is special about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from engine.domain.workflow import EXECUTION
from web.demo import ending, journey
from web.demo.facts import DemoCase
from web.demo.player import Player

REFERENCE_DAY = date(2025, 11, 24)
EARLIER = timedelta(days=91)
DAYS: Mapping[str, Mapping[str, date]] = {
    "state": {
        "inquiry": date(2025, 8, 18), "scoping": date(2025, 9, 22), "legal_review": date(2025, 10, 30),
        "procurement_check": date(2025, 11, 5), "confidentiality": date(2025, 11, 11), "start": date(2025, 12, 1),
    },
    "regional": {
        "inquiry": date(2025, 8, 18), "scoping": date(2025, 9, 8), "procurement_check": date(2025, 9, 29),
        "legal_review": date(2025, 10, 9), "confidentiality": date(2025, 10, 20), "start": date(2025, 12, 1),
    },
    "company": {
        "inquiry": date(2025, 8, 18), "confidentiality": date(2025, 9, 1), "scoping": date(2025, 9, 22),
        "legal_review": date(2025, 10, 30), "procurement_check": date(2025, 11, 10), "start": date(2025, 12, 1),
    },
}  # fmt: skip


def opening_day(d: DemoCase) -> date:
    """This will return the day the inquiry came in: earlier for cases whose work has long been under way."""
    return DAYS[d.form]["inquiry"] - (EARLIER if _is_early(d) else timedelta(0))


def _is_early(d: DemoCase) -> bool:
    return d.stage == EXECUTION and d.id != "C-2025-0015"


def play(p: Player, d: DemoCase) -> None:
    """This will play a case from its inquiry to where the data says it stands."""
    workflow = p.ports.workflows.in_force(d.form, p.clock())
    stages = tuple(stage.name for stage in workflow.stages)
    early = _is_early(d)
    shift = EARLIER if early else timedelta(0)
    days = {name: day - shift for name, day in DAYS[d.form].items()}
    if d.id == "C-2025-0010":
        days["confidentiality"] = date(2025, 11, 10)
    start = date(2025, 11, 18) if d.id == "C-2025-0015" else days["start"]
    if d.id == "C-2025-0010":
        start = date(2025, 12, 8)
    for stage in stages:
        p.clock.to(days[stage])
        if not _is_skipped(d, stage):
            journey.PREPARE[stage](p, d)
        if _starts_from(d, stage):
            ending.ready_to_start(p, d, start)
        if stage == d.stage:
            break
        if _starts_from(d, stage):
            p.clock.to(start)
        if not _is_skipped(d, stage):
            _advance(p, d, stage)
        if p.case().stage == EXECUTION:
            p.clock.to(start + timedelta(days=60) if early else REFERENCE_DAY)
            _in_execution(p, d)
            break
    p.clock.to(date(2025, 11, 20))
    SPECIAL.get(d.id, _nothing_more)(p, d)


def _is_skipped(d: DemoCase, stage: str) -> bool:
    return stage == "procurement_check" and stage != d.stage and _skips(d)


def _skips(d: DemoCase) -> bool:
    return d.form != "regional" and (bool(d["proc.skip_signed_by"]) or d.stage == EXECUTION)


def _starts_from(d: DemoCase, stage: str) -> bool:
    """The stage from which work starts: signing (authorities), or the last one before execution (company)."""
    if d.form != "company":
        return stage == "confidentiality"
    if d.id == "C-2025-0019":
        return False
    return stage == "procurement_check" if d.stage == "procurement_check" else stage == "legal_review" and d.stage in {
        "legal_review", EXECUTION,
    }  # fmt: skip


def _advance(p: Player, d: DemoCase, stage: str) -> None:
    moves: dict[tuple[str, str], tuple[str, str]] = {
        ("state", "inquiry"): ("ops_manager", "S-T01"),
        ("state", "scoping"): ("pm", "S-T05"),
        ("state", "legal_review"): ("procurement", "S-T10") if _skips(d) else ("legal", "S-T09"),
        ("state", "procurement_check"): ("procurement", "S-T13"),
        ("state", "confidentiality"): ("decision_maker", "S-T17"),
        ("regional", "inquiry"): ("ops_manager", "R-T01"),
        ("regional", "scoping"): ("pm", "R-T05"),
        ("regional", "procurement_check"): ("procurement", "R-T08"),
        ("regional", "legal_review"): ("legal", "R-T12"),
        ("regional", "confidentiality"): ("decision_maker", "R-T17"),
        ("company", "inquiry"): ("pm", "C-T01"),
        ("company", "confidentiality"): ("decision_maker", "C-T05"),
        ("company", "scoping"): ("pm", "C-T08"),
        ("company", "legal_review"): ("decision_maker", "C-T13") if d.stage == EXECUTION else ("legal", "C-T12"),
    }
    role, action = moves[d.form, stage]
    if action in {"S-T10", "C-T13"} and not any(x.purpose == "skip_record" for x in p.case().documents.values()):
        journey.skip_record(p, d)
    p.act(role, action)


def _in_execution(p: Player, d: DemoCase) -> None:
    if d.id == "C-2025-0015":
        p.act("board_secretary", "O-10", "Förvaltningsrätten upphävde beslutet.")
    ending.closing(p, d)


def _nothing_more(p: Player, d: DemoCase) -> None:
    """Most cases stand where their stage was prepared."""


def _interest(p: Player, d: DemoCase) -> None:
    about = p.roles["pi"]
    p.act("ops_manager", "O-06", about=about, reason="Ansvarig forskare äger 30 procent av företaget.")
    p.act("pm", "O-03", "Beslut om bisyssla saknas; frågan lyfts till prefekten.")


def _suspended(p: Player, d: DemoCase) -> None:
    p.act(
        "pm",
        "O-01",
        case__suspended_reason="Etikprövningsmyndighetens beslut inväntas.",
        case__suspended_owner=p.roles["pm"],
        case__suspended_review_date=d["case.suspended_review_date"],
    )


def _declined(p: Player, d: DemoCase) -> None:
    p.record({"case.reason_code": d["case.reason_code"], "case.reason_text": d["case.reason_text"]})


def _legal_skip(p: Player, d: DemoCase) -> None:
    journey.skip_record(p, d)


SPECIAL: Mapping[str, Callable[[Player, DemoCase], None]] = {
    "C-2025-0005": _interest,
    "C-2025-0009": _suspended,
    "C-2025-0013": _declined,
    "C-2025-0017": _legal_skip,
}
