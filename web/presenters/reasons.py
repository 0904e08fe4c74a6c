"""Why an action is not allowed, drawn out: every demand as a bead, each open one with what was seen, law and helper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.domain.deciding_actions import argument_fields
from engine.domain.reasons import Reason, Verdict
from engine.domain.values import Facts
from engine.domain.workflow import Action, Workflow
from web.presenters.people import value_words
from web.voice import Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A way on: where to and what it is called."""

    href: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A value that a guard saw, in words."""

    label: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LawLine:
    """A law of the register: our id and its name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyItem:
    """One open demand."""

    id: str
    question: str
    saw: tuple[Seen, ...]
    laws: tuple[LawLine, ...]
    who: str
    link: Link | None
    is_soft: bool
    is_unknown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """One action with everything that stands in its way, or that nothing does."""

    anchor: str
    heading: str
    summary: str
    beads: tuple[str, ...]
    beads_label: str
    items: tuple[WhyItem, ...]
    met: tuple[str, ...]
    way: str
    is_clear: bool


Ways = Callable[[Reason], Link | None]
"""Given a reason, the link where it can be mended by the reader, or None."""


def anchor_of(action_id: str) -> str:
    """This will return the place on the page where the reasons of an action stand."""
    return f"varfor-{action_id.lower()}"


def why_not(voice: Voice, workflow: Workflow, action: Action, verdict: Verdict, ways: Ways) -> WhyNot:
    """This will draw out one verdict. Unmet guards come first, then documents, then the rest."""
    asked = [reason for reason in verdict.reasons if reason.kind != "right"]
    ordered = sorted(asked, key=lambda reason: (reason.severity == "soft", _rank(reason)))
    items = tuple(_item(voice, workflow, reason, ways) for reason in ordered)
    met = tuple(voice.text(workflow.guards[name].question) for name in verdict.met if name in workflow.guards)
    open_count = sum(1 for item in items if not item.is_soft)
    soft_count = len(items) - open_count
    total = len(met) + len(items)
    label = voice.text(action.label)
    is_clear = open_count == 0
    return WhyNot(
        anchor=anchor_of(action.id),
        heading=voice.t("why.clear" if is_clear else "why.blocked", action=label),
        summary=_summary(voice, met=len(met), total=total, soft=soft_count),
        beads=("",) * len(met) + ("open",) * open_count + ("soft",) * soft_count,
        beads_label=voice.t("why.beads", met=len(met), total=total, open=open_count, soft=soft_count),
        items=items,
        met=met,
        way=_whose(voice, verdict) if is_clear else shortest_way(voice, workflow, verdict),
        is_clear=is_clear,
    )


def can_try(action: Action, verdict: Verdict) -> bool:
    """This will tell whether an action may be taken once its own questions are answered (a reason, a review day)."""
    if verdict.allowed:
        return True
    asked = set(argument_fields(action))
    hard = [reason for reason in verdict.reasons if reason.severity == "hard"]
    return bool(asked) and all(reason.kind == "guard" and asked & set(reason.values) for reason in hard)


def shortest_way(voice: Voice, workflow: Workflow, verdict: Verdict) -> str:
    """This will say in one line who has how many things to supply before the action is allowed."""
    waiting: dict[str, int] = {}
    for reason in verdict.reasons:
        if reason.severity == "hard" and reason.who and reason.kind != "right":
            waiting[reason.who[0]] = waiting.get(reason.who[0], 0) + 1
    parts = [voice.t("why.way_part", n=count, who=role_name(voice, workflow, role)) for role, count in waiting.items()]
    return "; ".join(parts) + "." if parts else ""


def role_name(voice: Voice, workflow: Workflow, role: str) -> str:
    """This will return a role in words, its key when the register does not know it."""
    return voice.text(workflow.roles[role].name) if role in workflow.roles else role


def law_lines(workflow: Workflow, basis: tuple[str, ...]) -> tuple[LawLine, ...]:
    """This will return the laws by id and name, in the order given."""
    return tuple(LawLine(id=law, name=workflow.laws[law].name if law in workflow.laws else law) for law in basis)


def seen_values(voice: Voice, workflow: Workflow, values: Facts) -> tuple[Seen, ...]:
    """This will return what a guard saw, labelled by the field dictionary."""
    seen = []
    for name, value in values.items():
        if name.startswith("document."):
            continue  # the question says it already
        field = workflow.fields.get(name)
        words = value_words(voice, field, value) if field is not None else voice.plain(value)
        seen.append(Seen(label=voice.text(field.label) if field is not None else name, words=words))
    return tuple(seen)


def _whose(voice: Voice, verdict: Verdict) -> str:
    """What remains when every demand is met: the action belongs to somebody else."""
    return " ".join(voice.text(reason.question) for reason in verdict.other if reason.kind == "right")


def _item(voice: Voice, workflow: Workflow, reason: Reason, ways: Ways) -> WhyItem:
    return WhyItem(
        id=reason.id,
        question=voice.text(reason.question),
        saw=seen_values(voice, workflow, reason.values),
        laws=law_lines(workflow, reason.basis),
        who=", ".join(role_name(voice, workflow, role) for role in reason.who),
        link=ways(reason),
        is_soft=reason.severity == "soft",
        is_unknown=reason.answer == "unknown",
    )


def _rank(reason: Reason) -> int:
    if reason.kind == "guard":
        return 0
    return 1 if reason.kind == "document" else 2


def _summary(voice: Voice, *, met: int, total: int, soft: int) -> str:
    if total == 0:
        return voice.t("why.no_demands")
    words = voice.t("why.count", met=met, total=total)
    return f"{words} {voice.t('why.soft_count', n=soft)}" if soft else words
