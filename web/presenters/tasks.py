"""What waits for whom on a case: each task as a verb link to the form where it is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flask import url_for

from engine.application.view_case import CaseView, Waiting
from engine.domain.agreement import applies
from engine.domain.deciding_documents import drafters_of
from engine.domain.documents import draft, standing
from engine.domain.turns import Task
from web.presenters.documents import subject_name
from web.presenters.facts import may_record
from web.presenters.reasons import Link, anchor_of, role_name
from web.voice import Voice

TABLE_OF_FIELD: Final = {
    "scope.participants": "participants",
    "aid.contributions_ref": "contributions",
    "scope.affiliation_resolved": "participants",
    "scope.researcher_interest_in_sme": "participants",
    "permits.all_resolved": "permits",
    "permits.all_granted": "permits",
    "legal.secrecy_bases_complete": "information",
    "legal.basis_245_used": "information",
    "legal.basis_3112_used": "information",
    "exec.access_list_ok": "access_list",
    "conf.staff_briefed": "access_list",
    "close.assets_returned": "assets",
    "close.tail_obligations_recorded": "obligations",
    "exec.hours_used": "time_log",
}
"""Derived facts that follow from rows: the table where they are brought about."""

PURPOSE_OF_FIELD: Final = {
    "aid.assessment_ref": "state_aid",
    "aid.verdict": "state_aid",
    "agr.all_parties_signed": "main_agreement",
    "agr.main_signed_at": "main_agreement",
    "agr.researcher_consents_complete": "researcher_consent",
    "close.final_report_ref": "final_report",
    "competition.verdict": "procurement_result",
    "conf.assessment_ref": "secrecy_assessment",
    "conf.signed_at": "confidentiality",
    "conf.signed_by_host": "confidentiality",
    "conf.signed_by_sme": "confidentiality",
    "decision.date": "decision",
    "exec.takeover_inspection_ref": "takeover",
    "legal.competence_opinion": "competence",
    "legal.quality_agreement_ref": "quality_agreement",
    "price.approved_by_finance": "calculation",
    "proc.cleared_by": "procurement_result",
    "proc.cleared_scope_version": "procurement_result",
    "proc.documentation_ref": "award_documentation",
    "proc.openness_ref": "openness",
    "proc.skip_scope_version": "skip_record",
    "proc.skip_signed_by": "skip_record",
    "scope.head_preapproval_ref": "preapproval",
    "scope.interest_decision_ref": "interest_decision",
    "scope.kcc_evaluation_ref": "kcc_evaluation",
    "scope.risk_class_ok": "risk_class",
}
"""Derived facts that follow from a document: what the document is for."""

CONFIRMED_FIELDS: Final = frozenset(
    {"scope.confirmed_by_pm_version", "conf.scope_version", "close.access_revoked", "case.register_case_closed_at"}
)
"""Derived facts that follow from an act of one button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """One thing to do: the verb link, the reader's or whose it is."""

    label: str
    note: str
    href: str
    who: str
    is_mine: bool


def task_lines(voice: Voice, view: CaseView) -> tuple[TaskLine, ...]:
    """This will return what waits in a case, the reader's own first."""
    lines = dict.fromkeys(_line(voice, view, waiting) for waiting in view.waiting)
    return tuple(sorted(lines, key=lambda line: not line.is_mine))


def way_of_fields(voice: Voice, view: CaseView, names: Iterable[str]) -> Link | None:
    """This will return the form where this reader can bring one of the facts about, or None."""
    case, workflow, roles = view.case, view.workflow, set(view.actor.roles)
    ordered = sorted(names, key=lambda name: view.facts.get(name) is not None)
    for name in ordered:
        table = TABLE_OF_FIELD.get(name, "")
        if table in workflow.tables and set(workflow.tables[table].by) & roles:
            href = url_for("cases.show", case_id=case.id, _anchor=f"rader-{table}")
            return Link(href=href, label=voice.t("task.rows", what=voice.text(workflow.tables[table].label)))
        field = workflow.fields.get(name)
        if field is not None and may_record(field, roles):
            anchor = f"f-{name.replace('.', '-')}"
            href = url_for("cases.edit_facts", case_id=case.id, group=field.group, _anchor=anchor)
            return Link(href=href, label=voice.t("task.fact", what=voice.text(field.label)))
        document = _document_of(view, name)
        if document is not None:
            return way_of_document(voice, view, document, "", "", view.actor.roles)
        if name in CONFIRMED_FIELDS:
            href = url_for("cases.show", case_id=case.id, _anchor="bekraftelser")
            return Link(href=href, label=voice.t("task.confirm"))
    if "legal" in roles and any(name.startswith(("legal.", "aid.")) for name in ordered):
        return Link(href=url_for("reviews.show", case_id=case.id), label=voice.t("task.opinion"))
    return None


def way_of_document(
    voice: Voice, view: CaseView, document_id: str, subject: str, state: str, roles: Iterable[str]
) -> Link:
    """This will return the page of a document that waits, or the form that begins it."""
    words = voice.text(view.workflow.documents[document_id].title)
    if subject:
        words += f", {subject_name(view, subject)}"
    is_mine = bool(set(roles) & set(view.actor.roles))
    found = draft(view.case, document_id, subject) or standing(view.case, document_id, subject)
    state = state or ("open" if found is not None else "missing")
    label = voice.t(f"task.document_{state}" if is_mine else "task.document_open", what=words)
    if found is not None and state != "stale":
        return Link(href=url_for("documents.show", case_id=view.case.id, key=found.key), label=label)
    href = url_for("documents.new", case_id=view.case.id, document=document_id, subject=subject or None)
    return Link(href=href, label=label)


def _document_of(view: CaseView, name: str) -> str | None:
    """The document that brings a fact about, when this reader writes or signs it and it applies here."""
    purpose = PURPOSE_OF_FIELD.get(name)
    for type_ in view.workflow.documents.values():
        if type_.purpose != purpose or not applies(type_, view.situation.environment):
            continue
        if set(view.actor.roles) & {*drafters_of(type_), *type_.signers}:
            return type_.id
    return None


def _line(voice: Voice, view: CaseView, waiting: Waiting) -> TaskLine:
    task = waiting.task
    link = _link(voice, view, task)
    return TaskLine(
        label=link.label,
        note=voice.text(task.title) if voice.text(task.title) != link.label else "",
        href=link.href,
        who=", ".join(role_name(voice, view.workflow, role) for role in task.roles),
        is_mine=waiting.is_mine,
    )


def _link(voice: Voice, view: CaseView, task: Task) -> Link:
    case, workflow = view.case, view.workflow
    title = voice.text(task.title)
    if task.kind == "document" and task.id in workflow.documents:
        return way_of_document(voice, view, task.id, task.subject, task.state, task.roles)
    if task.kind == "action":
        return Link(href=url_for("cases.action", case_id=case.id, action_id=task.id), label=title)
    if task.kind == "conflict":
        settle = next((action for action in workflow.overlays() if action.name == "resolve_conflict"), None)
        if settle is not None:
            return Link(href=url_for("cases.action", case_id=case.id, action_id=settle.id), label=title)
    way = way_of_fields(voice, view, task.fields)
    if way is not None:
        return way
    if task.roles == ("legal",) and "legal" in view.actor.roles:
        return Link(href=url_for("reviews.show", case_id=case.id), label=voice.t("task.opinion"))
    anchor = anchor_of(view.heading.id) if view.heading is not None else "lage"
    return Link(href=url_for("cases.show", case_id=case.id, _anchor=anchor), label=title)
