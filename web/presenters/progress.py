"""Where a case stands in plain values: the sentence, the turn, the thread of stages, the actions offered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from flask import url_for

from engine.application.view_case import CaseView, Offer
from engine.domain.workflow import Action
from web.presenters.log import label
from web.presenters.reasons import anchor_of, can_try, role_name
from web.voice import Voice

STARTED: Final = "exec.first_started_at"
"""Tells whether work has ever begun; some moves belong to the time before, others to the time after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A day with its distance; ``tone`` is later, today, late or paused."""

    words: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Whose turn it is; ``tone`` is yours, theirs or idle."""

    words: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The status line: one sentence about the case, whose turn, since when, by when."""

    sentence: str
    turn: Turn
    since: str
    due: Due | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One bead of the thread; ``tone`` is past, skipped, now, now yours, or empty for ahead."""

    label: str
    hidden: str
    note: str
    tone: str
    is_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The thread of stages with its line of text."""

    heading: str
    phase: str
    items: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLink:
    """An action as a link: to its page when allowed, to its reasons when blocked."""

    label: str
    href: str
    is_main: bool = False
    is_blocked: bool = False
    reasons: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionBar:
    """The actions of a case: in the bar, and under the menu."""

    offered: tuple[ActionLink, ...]
    more: tuple[ActionLink, ...]


def due(voice: Voice, day: date) -> Due:
    """This will return a day as a pill."""
    distance = (day - voice.today).days
    tone = "late" if distance < 0 else "today" if distance == 0 else "later"
    if tone == "today":
        return Due(words=f"{voice.t('time.Today')} {voice.day(day)}", tone=tone)
    if tone == "late":
        return Due(words=_upper_first(voice.distance(day)), tone=tone)
    return Due(words=f"{voice.day(day)}, {voice.distance(day)}", tone=tone)


def turn(voice: Voice, view: CaseView) -> Turn:
    """This will say whose turn it is: the reader's first, then whoever else must act."""
    if view.case.is_closed:
        return Turn(words=voice.t("turn.closed"), tone="idle")
    if any(waiting.is_mine for waiting in view.waiting):
        return Turn(words=voice.t("turn.yours"), tone="yours")
    if view.case.hold is not None:
        return Turn(words=voice.t("turn.hold"), tone="idle")
    for waiting in view.waiting:
        if waiting.task.roles:
            return Turn(words=voice.t("turn.with", who=_holder(voice, view, waiting.task.roles[0])), tone="theirs")
    return Turn(words=voice.t("turn.idle"), tone="idle")


def status(voice: Voice, view: CaseView, next_due: date | None = None) -> Status:
    """This will return the status line."""
    case = view.case
    since = voice.t(
        "status.since", day=voice.moment_day(case.stage_since), days=voice.days_since(case.stage_since),
        n=voice.days_since(case.stage_since),
    )  # fmt: skip
    return Status(
        sentence=_sentence(voice, view),
        turn=turn(voice, view),
        since=since,
        due=due(voice, next_due) if next_due is not None and not case.is_closed else None,
    )


def steps(voice: Voice, view: CaseView) -> Steps:
    """This will return the thread of this form's stages."""
    case, workflow = view.case, view.workflow
    here = workflow.stage_index(case.stage)
    is_mine = any(waiting.is_mine for waiting in view.waiting)
    items = []
    for index, stage in enumerate(workflow.stages):
        tone, hidden, note = "", "steps.ahead", ""
        if index == here:
            tone = "now yours" if is_mine else "now"
            hidden, note = "steps.now", voice.t("steps.since", day=voice.moment_day(case.stage_since))
        elif index < here:
            is_skipped = _was_skipped(view, stage.name)
            tone, hidden = ("skipped", "steps.skipped") if is_skipped else ("past", "steps.past")
        items.append(
            Step(label=voice.text(stage.label), hidden=voice.t(hidden), note=note, tone=tone, is_now=index == here)
        )
    stage = workflow.stages[here]
    return Steps(
        heading=voice.t("steps.heading", n=here + 1, of=len(items), stage=voice.text(stage.label)),
        phase=voice.t("steps.phase", phase=voice.t(f"phase.{stage.phase}")),
        items=tuple(items),
    )


def action_bar(voice: Voice, view: CaseView) -> ActionBar:
    """This will return the moves that lead on in the bar, allowed or blocked, and the reader's other ones in the menu.

    A menu entry that is blocked leads to the action's page, which says what is missing: a case is also declined or
    ended early step by step.
    """
    offered: list[ActionLink] = []
    more: list[ActionLink] = []
    for offer in view.offers:
        if leads_on(view, offer.action) and is_shown(offer):
            offered.append(_link(voice, view, offer, is_main=offer.verdict.allowed and not offered))
        elif not leads_on(view, offer.action) and (can_try(offer.action, offer.verdict) or _may_mend(offer)):
            more.append(_page_of(voice, view, offer))
    offered.sort(key=lambda link: link.is_blocked)
    return ActionBar(offered=tuple(offered), more=tuple(more))


def leads_on(view: CaseView, action: Action) -> bool:
    """This will tell whether an action is a move forward, or the one the case is heading for (at last: completed)."""
    return action.is_forward or (view.heading is not None and view.heading.id == action.id)


def is_shown(offer: Offer) -> bool:
    """This will tell whether a blocked action helps the reader: not when it belongs to somebody else altogether."""
    return offer.verdict.allowed or bool(offer.verdict.failing or offer.verdict.other)


def _link(voice: Voice, view: CaseView, offer: Offer, *, is_main: bool) -> ActionLink:
    words = voice.text(offer.action.label)
    if can_try(offer.action, offer.verdict):
        return replace(_page_of(voice, view, offer), is_main=is_main)
    anchor = anchor_of(offer.action.id)
    return ActionLink(label=words, href=f"#{anchor}", is_blocked=True, reasons=f"{anchor}-h")


def _page_of(voice: Voice, view: CaseView, offer: Offer) -> ActionLink:
    href = url_for("cases.action", case_id=view.case.id, action_id=offer.action.id)
    return ActionLink(label=voice.text(offer.action.label), href=href)


def _may_mend(offer: Offer) -> bool:
    """A blocked move is offered to whoever may take it, unless it belongs to the time before or after the start."""
    if offer.action.is_overlay or any(reason.kind == "right" for reason in offer.verdict.reasons):
        return False
    return all(set(reason.values) != {STARTED} for reason in offer.verdict.failing)


def _sentence(voice: Voice, view: CaseView) -> str:
    case = view.case
    if case.is_closed:
        outcome = voice.t(f"outcome.{case.outcome}") if case.outcome else ""
        return voice.t("status.closed", outcome=outcome.lower())
    if case.hold is not None:
        return voice.t("status.hold", reason=case.hold.reason or voice.t("value.unknown"))
    forward = [offer for offer in view.offers if leads_on(view, offer.action)]
    ready = [offer for offer in forward if _hard(offer) == 0]
    if ready:
        return voice.t("status.ready", action=_lower_first(voice.text(ready[0].action.label)))
    if forward:
        nearest = min(forward, key=_hard)
        return voice.t("status.waits", action=_lower_first(voice.text(nearest.action.label)), n=_hard(nearest))
    return voice.t("status.stage", stage=voice.text(view.workflow.stage(case.stage).label))


def _hard(offer: Offer) -> int:
    """How many demands stand in the way; that the action belongs to another role is no demand."""
    return sum(1 for reason in offer.verdict.reasons if reason.severity == "hard" and reason.kind != "right")


def _upper_first(words: str) -> str:
    return words[:1].upper() + words[1:]


def _lower_first(words: str) -> str:
    return words[:1].lower() + words[1:]


def _holder(voice: Voice, view: CaseView, role: str) -> str:
    key = f"turn.holder_{role}"
    return voice.t(key) if voice.texts.has(key) else _lower_first(role_name(voice, view.workflow, role))


def _was_skipped(view: CaseView, stage: str) -> bool:
    return stage == "procurement_check" and view.facts.get("proc.skip_signed_by") is not None


def outcome_words(voice: Voice, view: CaseView) -> str:
    """This will return the outcome of a closed case with its reason, or nothing."""
    if not view.case.outcome:
        return ""
    code = view.facts.get("case.reason_code")
    words = voice.t(f"outcome.{view.case.outcome}")
    if isinstance(code, str):
        words += f": {label(voice, view.workflow, 'case.reason_code', code).lower()}"
    return words
