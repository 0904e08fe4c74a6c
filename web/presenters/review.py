"""The lawyer's desk in plain values: queue, text, facts, the law's questions with answers, check points, opinion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from flask import url_for

from engine.application.queries import WorkLine
from engine.application.view_case import CaseView
from engine.domain.documents import is_current
from engine.domain.fields import CHECK_POINTS
from engine.domain.roles import Actor
from web import current
from web.presenters.case import CaseHead, OpinionCard, head, opinion_card
from web.presenters.documents import DocumentRow, row, short_hash
from web.presenters.facts import FactLine, fact_line, tables
from web.presenters.lists import WorkRow, work_row
from web.presenters.log import label
from web.presenters.reasons import LawLine, Seen, law_lines, seen_values
from web.voice import Voice

SHOWN_GROUPS: Final = ("scope", "price", "aid")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionForm:
    """What is typed in the opinion so far."""

    opinion: str = ""
    text: str = ""
    conditions: str = ""
    checks: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The cases that wait for an opinion."""

    rows: tuple[WorkRow, ...]
    next_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLine:
    """A question of the law: its answer as word and tone, what was seen, and the laws."""

    id: str
    question: str
    answer: str
    tone: str
    sign: str
    saw: tuple[Seen, ...]
    laws: tuple[LawLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPoint:
    """A point that the lawyer answers: yes, no, or not answered."""

    name: str
    label: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecrecyRow:
    """One class of information with its provision, reason and time."""

    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """The whole desk."""

    head: CaseHead
    version: int
    doc_hash: str
    short_hash: str
    text: tuple[DocumentRow, ...]
    facts: tuple[FactLine, ...]
    questions: tuple[QuestionLine, ...]
    answered: tuple[QuestionLine, ...]
    checks: tuple[CheckPoint, ...]
    choices: tuple[tuple[str, str], ...]
    secrecy_columns: tuple[str, ...]
    secrecy: tuple[SecrecyRow, ...]
    secrecy_href: str
    opinions: tuple[OpinionCard, ...]
    typed: OpinionForm
    may_give: bool
    organisation: str


def review_queue(voice: Voice, lines: Sequence[WorkLine], *, limit: int) -> Queue:
    """This will return the queue; one line more than ``limit`` means that there is a next page."""
    shown = lines[:limit]
    next_href = ""
    if len(lines) > limit:
        next_href = url_for("reviews.index", after=f"{shown[-1].since.isoformat()}~{shown[-1].case.id}")
    return Queue(rows=tuple(work_row(voice, line) for line in shown), next_href=next_href)


def review_page(voice: Voice, view: CaseView, actor: Actor, typed: OpinionForm) -> ReviewPage:
    """This will return the desk for one case."""
    case, workflow, values = view.case, view.workflow, view.facts
    doc_hash = str(values.get("legal.doc_hash") or "")
    secrecy = next((t for t in tables(voice, view, actor.roles, href=_rows_href(view)) if t.key == "information"), None)
    fields = [f for f in workflow.fields.values() if f.group in SHOWN_GROUPS and values.get(f.name) is not None]
    organisation = actor.roles.get("legal", "")
    questions = _questions(voice, view)
    return ReviewPage(
        head=head(voice, view),
        version=case.scope_version,
        doc_hash=doc_hash,
        short_hash=short_hash(doc_hash),
        text=tuple(
            row(voice, view, document)
            for document in case.documents.values()
            if workflow.documents[document.document].in_agreement_set
            and not document.is_superseded
            and (not document.is_frozen or is_current(workflow, document, values))
        ),
        facts=tuple(fact_line(voice, view, field_) for field_ in fields),
        questions=tuple(line for line in questions if line.tone != "done"),
        answered=tuple(line for line in questions if line.tone == "done"),
        checks=tuple(
            CheckPoint(
                name=name,
                label=voice.text(workflow.fields[name].label),
                answer={True: "yes", False: "no"}.get(typed.checks.get(name), ""),  # type: ignore[arg-type]  # None is simply not there
            )
            for name in CHECK_POINTS
            if name in workflow.fields and workflow.form in workflow.fields[name].forms
        ),
        choices=tuple(
            (key, label(voice, workflow, "opinion", key))
            for key in ("approve", "approve_with_conditions", "return", "reject")
        ),
        secrecy_columns=secrecy.columns if secrecy else (),
        secrecy=tuple(SecrecyRow(cells=line.cells) for line in secrecy.rows) if secrecy else (),
        secrecy_href=secrecy.add_href if secrecy else "",
        opinions=tuple(opinion_card(voice, view, opinion, actor) for opinion in reversed(case.opinions)),
        typed=typed,
        may_give="legal" in actor.roles and case.stage == "legal_review",
        organisation=current.organisation_name(organisation) if organisation else "",
    )


def _rows_href(view: CaseView) -> dict[str, str]:
    base = url_for("cases.show", case_id=view.case.id)
    return {name: f"{base}/rows/{name}" for name in view.workflow.tables}


def _questions(voice: Voice, view: CaseView) -> tuple[QuestionLine, ...]:
    """The guards of the moves out of this stage, each with its answer: no first, then unknown, then yes."""
    lines: dict[str, QuestionLine] = {}
    for offer in view.offers:
        if not offer.action.is_forward:
            continue
        for reason in offer.verdict.failing:
            unknown = reason.answer == "unknown"
            lines[reason.id] = QuestionLine(
                id=reason.id,
                question=voice.text(reason.question),
                answer=voice.t("value.unknown" if unknown else "value.no").capitalize(),
                tone="" if unknown else "stop",
                sign="warning",
                saw=seen_values(voice, view.workflow, reason.values),
                laws=law_lines(view.workflow, reason.basis),
            )
        for name in offer.verdict.met:
            guard = view.workflow.guards[name]
            lines.setdefault(
                name,
                QuestionLine(
                    id=name,
                    question=voice.text(guard.question),
                    answer=voice.t("value.yes").capitalize(),
                    tone="done",
                    sign="check",
                    saw=(),
                    laws=law_lines(view.workflow, guard.basis),
                ),
            )
    return tuple(sorted(lines.values(), key=lambda line: (line.tone == "done", line.tone == "", line.id)))
