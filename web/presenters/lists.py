"""Lists over cases in plain values: the work list, cases, documents, each with filters and the way to the next page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import url_for
from werkzeug.datastructures import MultiDict

from engine.application.queries import CaseFilters, CaseLine, DocumentLine, Place, WorkCounts, WorkLine
from engine.domain.values import Text
from web import current
from web.presenters.documents import marking_words, short_hash
from web.presenters.progress import Due, Turn, due
from web.voice import Voice

FORMS: Final = ("state", "regional", "company")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """An active filter: what it says, and the address without it."""

    label: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """A filter link with its number first."""

    number: str
    label: str
    href: str
    is_current: bool = False
    is_late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One case in a list."""

    id: str
    href: str
    title: str
    company: str
    reference: str
    form: str
    place: str
    stage: str
    since: str
    flag: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """One line of the work list: the verb first, then the case, turn, and the next day."""

    do: str
    do_href: str
    why: str
    case: CaseRow
    turn: Turn
    waited: str
    due: Due | None
    is_mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of a filter."""

    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseList:
    """The list of cases with its search."""

    heading: str
    rows: tuple[CaseRow, ...]
    text: str
    forms: tuple[Option, ...]
    stages: tuple[Option, ...]
    states: tuple[Option, ...]
    chips: tuple[Chip, ...]
    next_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkList:
    """The work list. ``greeting`` is its heading."""

    greeting: str
    lead: str
    counters: tuple[Counter, ...]
    rows: tuple[WorkRow, ...]
    next_href: str
    empty_links: tuple[Chip, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentListRow:
    """One document in the list over cases."""

    name: str
    href: str
    key: str
    case: str
    case_href: str
    state: str
    tone: str
    marking: str
    day: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentList:
    """The list of documents over cases."""

    rows: tuple[DocumentListRow, ...]
    text: str
    final_only: bool
    next_href: str


def read_filters(args: MultiDict[str, str]) -> CaseFilters:
    """This will return the filters in an address; what is not known filters nothing."""
    form, state = args.get("form", ""), args.get("state", "open" if "q" not in args else "")
    return CaseFilters(
        text=args.get("q", "")[:100].strip(),
        form=form if form in FORMS else "",
        stage=args.get("stage", "")[:32],
        infrastructure=args.get("infrastructure", "")[:64],
        is_open={"open": True, "closed": False}.get(state),
    )


def read_place(args: MultiDict[str, str]) -> Place | None:
    """This will return the last row of the page before, None for the first page or an unreadable place."""
    at, _, row = args.get("after", "")[:200].partition("~")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return Place(at=moment, id=row) if row and moment.tzinfo is not None else None


def case_list(voice: Voice, lines: Sequence[CaseLine], filters: CaseFilters, total: int, limit: int) -> CaseList:
    """This will return the list of cases; one line more than ``limit`` means that there is a next page."""
    shown = lines[:limit]
    state = {True: "open", False: "closed", None: ""}[filters.is_open]
    asked = {"q": filters.text, "form": filters.form, "stage": filters.stage, "state": state or "all"}
    if filters.infrastructure:
        asked["infrastructure"] = filters.infrastructure
    next_href = ""
    if len(lines) > limit:
        last = shown[-1]
        next_href = _cases_href(asked, after=f"{last.changed_at.isoformat()}~{last.id}")
    return CaseList(
        heading=voice.t("cases.heading", n=total, total=voice.number(total)),
        rows=tuple(case_row(voice, line) for line in shown),
        text=filters.text,
        forms=tuple(
            Option(value=form, words=voice.t(f"form.{form}"), is_chosen=form == filters.form) for form in FORMS
        ),
        stages=tuple(
            Option(value=stage, words=voice.t(f"stage.{stage}"), is_chosen=stage == filters.stage) for stage in STAGES
        ),
        states=tuple(
            Option(value=key, words=voice.t(f"cases.state_{key}"), is_chosen=key == (state or "all"))
            for key in ("open", "closed", "all")
        ),
        chips=_chips(voice, asked),
        next_href=next_href,
    )


STAGES: Final = (
    "inquiry", "scoping", "legal_review", "procurement_check", "confidentiality", "execution", "closed",
)  # fmt: skip


def work_list(
    voice: Voice,
    lines: Sequence[WorkLine],
    counts: WorkCounts,
    filters: CaseFilters,
    *,
    only: str,
    limit: int,
) -> WorkList:
    """This will return the work list: what only the reader can do, longest waiting first."""
    shown = lines[:limit]
    next_href = ""
    if len(lines) > limit:
        last = shown[-1]
        next_href = url_for("work.index", form=filters.form, after=f"{last.since.isoformat()}~{last.case.id}")
    return WorkList(
        greeting=voice.t(f"work.greeting_{_part_of_day()}") + " " + voice.t("work.waiting", n=counts.my_turn),
        lead=voice.t("work.lead", day=voice.long_day(voice.today).capitalize(), week=voice.today.isocalendar().week),
        counters=(
            Counter(number=voice.number(counts.my_turn), label=voice.t("work.count_mine"), is_current=only == "mine",
                    href=url_for("work.index")),
            Counter(number=voice.number(counts.overdue), label=voice.t("work.count_late"), is_late=counts.overdue > 0,
                    href=url_for("work.index", only="late"), is_current=only == "late"),
            Counter(number=voice.number(counts.visible_open), label=voice.t("work.count_open"),
                    href=url_for("cases.index", state="open")),
        ),
        rows=tuple(work_row(voice, line) for line in shown if only != "late" or _is_late(voice, line)),
        next_href=next_href,
        empty_links=(Chip(label=voice.t("work.empty_link"), href=url_for("cases.index")),),
    )  # fmt: skip


def work_row(voice: Voice, line: WorkLine) -> WorkRow:
    """This will return one line of the work list."""
    days = voice.days_since(line.since)
    label, href = _first_task(voice, line)
    rest = len(line.reasons) - 1
    return WorkRow(
        do=label,
        do_href=href,
        why=voice.t("work.more", n=rest) if rest > 0 else voice.t("work.as", role=current.role_name(line.role)),
        case=case_row(voice, line.case),
        turn=Turn(words=voice.t("turn.yours"), tone="yours"),
        waited=voice.t("work.waited", n=days),
        due=due(voice, line.next_due_on) if line.next_due_on is not None else None,
        is_mine=True,
    )


def case_row(voice: Voice, line: CaseLine) -> CaseRow:
    """This will return one case of a list."""
    flag = "hold" if line.is_suspended else "escalated" if line.is_escalated else ""
    title = _either(line.title, voice) or voice.t("case.untitled", company=line.company)
    return CaseRow(
        id=line.id,
        href=url_for("cases.show", case_id=line.id),
        title=title,
        company=line.company or voice.t("case.company_unnamed"),
        reference=line.reference if line.reference != line.id else "",
        form=line.form,
        place=_either(line.infrastructure, voice),
        stage=stage_name(voice, line.form, line.stage),
        since=voice.moment_day(line.stage_since),
        flag=voice.t(f"flag.{flag}") if flag else "",
        outcome=voice.t(f"outcome.{line.outcome}") if line.outcome else "",
    )


def stage_name(voice: Voice, form: str, stage: str) -> str:
    """This will return a stage as the form names it."""
    key = f"stage.{stage}_{form}"
    return voice.t(key if voice.texts.has(key) else f"stage.{stage}")


def document_list(
    voice: Voice, lines: Sequence[DocumentLine], *, text: str, final_only: bool, limit: int
) -> DocumentList:
    """This will return the list of documents over cases."""
    shown = lines[:limit]
    next_href = ""
    if len(lines) > limit:
        last = shown[-1]
        place = f"{last.drafted_at.isoformat()}~{last.case_id}/{last.key}"
        next_href = url_for("documents.index", q=text, final="yes" if final_only else None, after=place)
    return DocumentList(
        rows=tuple(_document_row(voice, line) for line in shown),
        text=text,
        final_only=final_only,
        next_href=next_href,
    )


def _document_row(voice: Voice, line: DocumentLine) -> DocumentListRow:
    state, tone = "draft", "soft"
    if line.is_superseded:
        state = "replaced"
    elif line.finalised_at is not None:
        state, tone = ("dispatched", "") if line.dispatched_at else ("final", "")
    title = current.document_title(line.document)
    return DocumentListRow(
        name=title,
        href=url_for("documents.show", case_id=line.case_id, key=line.key),
        key=f"{line.key} {short_hash(line.file_hash or '')}".strip(),
        case=f"{line.case_id} {_either(line.title, voice) or line.company}",
        case_href=url_for("cases.show", case_id=line.case_id),
        state=voice.t(f"document.state_{state}"),
        tone=tone,
        marking=marking_words(voice, line.marking),
        day=voice.moment_day(line.finalised_at or line.drafted_at),
        number=line.registered_number or "",
    )


def _first_task(voice: Voice, line: WorkLine) -> tuple[str, str]:
    """What waits first, as a verb link: an action, a document, or a question of a guard."""
    case_href = url_for("cases.show", case_id=line.case.id)
    if not line.reasons:
        return voice.t("work.look"), case_href
    first = line.reasons[0]
    kind, words = current.subject(line.case.form, first)
    if kind == "action":
        return words, url_for("cases.action", case_id=line.case.id, action_id=first)
    if kind == "document":
        return voice.t("work.document", document=words), f"{case_href}#dokument"
    if kind == "guard":
        return voice.t("work.guard", question=words), f"{case_href}#att-gora"
    return voice.t("work.look"), case_href


def _is_late(voice: Voice, line: WorkLine) -> bool:
    return line.next_due_on is not None and line.next_due_on < voice.today


def _either(text: Text, voice: Voice) -> str:
    return voice.text(text) or text.sv or text.en


def _part_of_day() -> str:
    hour = int(current.voice().clock(current.now())[:2])
    return "morning" if hour < 10 else "day" if hour < 17 else "evening"


def _chips(voice: Voice, asked: dict[str, str]) -> tuple[Chip, ...]:
    chips = []
    for name, value in asked.items():
        if not value or value == "all":
            continue
        rest = {key: other for key, other in asked.items() if key != name}
        if name == "state":
            rest["state"] = "all"
        chips.append(Chip(label=_chip_words(voice, name, value), href=_cases_href(rest)))
    return tuple(chips)


def _chip_words(voice: Voice, name: str, value: str) -> str:
    match name:
        case "q":
            return voice.t("cases.chip_text", text=value)
        case "stage":
            return voice.t(f"stage.{value}") if voice.texts.has(f"stage.{value}") else value
        case "form":
            return voice.t(f"form.{value}")
        case "state":
            return voice.t(f"cases.state_{value}")
        case _:
            return value


def _cases_href(asked: dict[str, str], **more: str) -> str:
    """The address of the list with these filters; empty ones are left out."""
    values: dict[str, Any] = {name: value for name, value in {**asked, **more}.items() if value}
    return url_for("cases.index", **values)
