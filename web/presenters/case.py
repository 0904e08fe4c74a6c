"""The case page in plain values: everything that its reader may see and do, in the order of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from engine.application.queries import DeadlineLine, PersonOnCase
from engine.application.view_case import CaseView
from engine.domain.case import Opinion
from engine.domain.deciding_documents import REGISTER_ROLES
from engine.domain.deciding_reviews import ASSIGNED_BY, ATTESTED_BY
from engine.domain.events import Entry as LogLine
from engine.domain.reasons import Reason
from engine.domain.roles import SME_ROLES, Actor
from web import current
from web.presenters import documents, facts, progress
from web.presenters.decision import decision_summary
from web.presenters.log import LogDay, label, log_days
from web.presenters.reasons import Link, Ways, WhyNot, role_name, why_not
from web.presenters.tasks import TaskLine, task_lines, way_of_document, way_of_fields
from web.voice import Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class FormHead:
    """What every form carries: the revision it was drawn from and its idempotency key."""

    revision: int
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionLine:
    """A condition of an opinion; ``href`` is empty when it is closed or not the reader's to close."""

    text: str
    word: str
    tone: str
    evidence: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionCard:
    """One organisation's opinion with what was read."""

    organisation: str
    word: str
    tone: str
    sign: str
    who: str
    day: str
    version: int
    hash: str
    text: str
    conditions: tuple[ConditionLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """An act of one button: what is confirmed, what follows from it, and whether it already stands."""

    what: str
    label: str
    consequence: str
    button: str
    stands: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """Somebody on the case."""

    name: str
    roles: str
    is_company: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRow:
    """A day by which something must have happened."""

    label: str
    owner: str
    due: progress.Due


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """A file that was handed in."""

    key: str
    name: str
    href: str
    notes: tuple[str, ...]
    register_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictLine:
    """A declared conflict of interest."""

    about: str
    reason: str
    who: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHead:
    """What every page of a case begins with."""

    id: str
    title: str
    form: str
    place: str
    company: str
    dnr: str
    internal_no: str
    version: int
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """The whole page."""

    head: CaseHead
    form: FormHead
    status: progress.Status
    steps: progress.Steps
    bar: progress.ActionBar
    is_escalated: bool
    outcome: str
    summary: tuple[facts.FactLine, ...]
    tasks: tuple[TaskLine, ...]
    whys: tuple[WhyNot, ...]
    sheets: tuple[facts.Sheet, ...]
    tables: tuple[facts.TableView, ...]
    documents: documents.DocumentPane
    files: tuple[FileLine, ...]
    confirmations: tuple[Confirmation, ...]
    opinions: tuple[OpinionCard, ...]
    fallen: tuple[OpinionCard, ...]
    conflicts: tuple[ConflictLine, ...]
    people: tuple[PersonLine, ...]
    assignable: tuple[tuple[str, str], ...]
    deadlines: tuple[DeadlineRow, ...]
    log: tuple[LogDay, ...]
    audiences: tuple[str, ...]
    info_classes: tuple[facts.Choice, ...]
    review_href: str


def head(voice: Voice, view: CaseView) -> CaseHead:
    """This will return the head of a case's pages."""
    case, values = view.case, view.facts
    place = case.surroundings.infrastructure
    name = place.name_sv if voice.language == "sv" else place.name_en
    company = str(values.get("sme.name") or voice.t("case.company_unnamed"))
    names = ("scope.title_sv", "scope.title_en") if voice.language == "sv" else ("scope.title_en", "scope.title_sv")
    title = next((str(values[f]) for f in names if values.get(f)), voice.t("case.untitled", company=company))
    return CaseHead(
        id=case.id,
        title=title,
        form=case.form,
        place=f"{name}, {current.organisation_name(case.host_org)}",
        company=company,
        dnr=str(values.get("case.dnr") or ""),
        internal_no=str(values.get("case.internal_no") or ""),
        version=case.scope_version,
        href=url_for("cases.show", case_id=case.id),
    )


def page(
    voice: Voice,
    view: CaseView,
    *,
    form: FormHead,
    log: Sequence[LogLine],
    people: Sequence[PersonOnCase],
    deadlines: Sequence[DeadlineLine],
) -> CasePage:
    """This will return the case page for the person it was looked up for."""
    case, actor, roles = view.case, view.actor, tuple(view.actor.roles)
    whys = tuple(
        why_not(voice, view.workflow, offer.action, offer.verdict, ways(voice, view))
        for offer in view.offers
        if progress.leads_on(view, offer.action) and progress.is_shown(offer)
    )
    needed = [
        reason.id
        for offer in view.offers
        if progress.leads_on(view, offer.action)
        for reason in offer.verdict.other
        if reason.kind == "document"
    ]
    first_due = min((line.due_on for line in deadlines), default=None)
    hrefs = {group: url_for("cases.edit_facts", case_id=case.id, group=group) for group in facts.GROUPS}
    rows = {name: f"{url_for('cases.show', case_id=case.id)}/rows/{name}" for name in view.workflow.tables}
    cards = tuple(opinion_card(voice, view, opinion, actor) for opinion in reversed(case.opinions))
    standing = {opinion.id for opinion in case.opinions if not opinion.is_superseded}
    return CasePage(
        head=head(voice, view),
        form=form,
        status=progress.status(voice, view, first_due),
        steps=progress.steps(voice, view),
        bar=progress.action_bar(voice, view),
        is_escalated=case.is_escalated,
        outcome=progress.outcome_words(voice, view),
        summary=decision_summary(voice, view),
        tasks=task_lines(voice, view),
        whys=tuple(sorted(whys, key=lambda why: why.is_clear)),
        sheets=facts.sheets(voice, view, roles, edit_href=hrefs),
        tables=facts.tables(voice, view, roles, href=rows),
        documents=documents.pane(voice, view, needed),
        files=_files(voice, view),
        confirmations=confirmations(voice, view, actor),
        opinions=tuple(
            card for card, opinion in zip(cards, reversed(case.opinions), strict=True) if opinion.id in standing
        ),
        fallen=tuple(
            card for card, opinion in zip(cards, reversed(case.opinions), strict=True) if opinion.id not in standing
        ),
        conflicts=tuple(
            ConflictLine(about=item.about, reason=item.reason, who=item.declared_by, result=item.result)
            for item in case.conflicts
        ),
        people=_people(voice, view, people),
        assignable=_assignable(voice, view),
        deadlines=tuple(_deadline(voice, view, line) for line in deadlines),
        log=log_days(voice, view.workflow, log),
        audiences=("internal", "partners", "company") if case.surroundings.joint else ("internal", "company"),
        info_classes=_info_classes(voice, view),
        review_href=url_for("reviews.show", case_id=case.id) if "legal" in roles else "",
    )


def ways(voice: Voice, view: CaseView) -> Ways:
    """This will return the function that leads from a reason to the form where this reader can mend it."""

    def way(reason: Reason) -> Link | None:
        if view.case.is_closed:
            return None
        if reason.kind == "document" and reason.id in view.workflow.documents:
            subject, state = reason.values.get("document.subject"), reason.values.get("document.state")
            return way_of_document(voice, view, reason.id, str(subject or ""), str(state or ""), reason.who)
        return way_of_fields(voice, view, reason.values)

    return way


def opinion_card(voice: Voice, view: CaseView, opinion: Opinion, actor: Actor) -> OpinionCard:
    """This will return an opinion as a card. A superseded one says that it has fallen."""
    tones = {"approve": ("done", "check"), "approve_with_conditions": ("done", "check")}
    tone, sign = ("soft", "") if opinion.is_superseded else tones.get(opinion.opinion, ("stop", "warning"))
    word = label(voice, view.workflow, "opinion", opinion.opinion)
    is_own = actor.roles.get("legal") == opinion.organisation
    may_close = is_own and not opinion.is_superseded and not view.case.is_closed
    return OpinionCard(
        organisation=current.organisation_name(opinion.organisation),
        word=voice.t("opinion.fallen", word=word) if opinion.is_superseded else word,
        tone=tone,
        sign=sign,
        who=opinion.person_name,
        day=voice.moment_day(opinion.at),
        version=opinion.scope_version,
        hash=documents.short_hash(opinion.doc_hash),
        text=opinion.text,
        conditions=tuple(
            ConditionLine(
                text=condition.text,
                word=voice.t("opinion.closed" if condition.closed_at else "opinion.open"),
                tone="done" if condition.closed_at else "",
                evidence=condition.evidence,
                href=url_for("cases.condition", case_id=view.case.id, condition_id=condition.id)
                if may_close and condition.closed_at is None
                else "",
            )
            for condition in opinion.conditions
        ),
    )


def confirmations(voice: Voice, view: CaseView, actor: Actor) -> tuple[Confirmation, ...]:
    """This will return the acts of one button that this actor's roles may be asked for."""
    case, roles = view.case, set(actor.roles)
    if case.is_closed:
        return ()
    version = case.scope_version
    found = []
    if "pm" in roles and version:
        stands = voice.t("confirm.stands_version", version=version) if case.confirmed.get("pm") == version else ""
        found.append(_confirmation(voice, "scope", stands, version=version))
    if version and ("legal" in roles or (case.form == "company" and "pm" in roles)):
        checked = case.confidentiality_checked == version
        stands = voice.t("confirm.stands_version", version=version) if checked else ""
        found.append(_confirmation(voice, "confidentiality", stands, version=version))
    for what, allowed in ATTESTED_BY.items():
        if not roles & set(allowed):
            continue
        given = case.attested.get(what)
        stands = voice.t("confirm.stands_day", day=voice.moment_day(given.at)) if given else ""
        found.append(_confirmation(voice, what, stands))
    return tuple(found)


def _confirmation(voice: Voice, what: str, stands: str, **values: object) -> Confirmation:
    return Confirmation(
        what=what,
        label=voice.t(f"confirm.{what}", **values),
        consequence=voice.t(f"confirm.{what}_why"),
        button=voice.t(f"confirm.{what}_do", **values),
        stands=stands,
    )


def _files(voice: Voice, view: CaseView) -> tuple[FileLine, ...]:
    lines = []
    for file in view.case.files.values():
        notes = [voice.moment_day(file.at), voice.t("file.size", kilobytes=max(1, file.size // 1024))]
        if file.info_class:
            notes.append(label(voice, view.workflow, "scope.info_classes", file.info_class))
        if file.registered_number:
            notes.append(voice.t("document.registered", number=file.registered_number))
        href = url_for("cases.file", case_id=view.case.id, key=file.key)
        may_register = file.registered_number is None and bool(set(view.actor.roles) & set(REGISTER_ROLES))
        register = url_for("cases.register_file", case_id=view.case.id, key=file.key) if may_register else ""
        lines.append(FileLine(key=file.key, name=file.name, href=href, notes=tuple(notes), register_href=register))
    return tuple(lines)


def _info_classes(voice: Voice, view: CaseView) -> tuple[facts.Choice, ...]:
    field = view.workflow.fields.get("scope.info_classes")
    choices = field.choices if field is not None and field.choices else {}
    return tuple(facts.Choice(value=key, words=f"{key} {voice.text(words)}") for key, words in choices.items())


def _assignable(voice: Voice, view: CaseView) -> tuple[tuple[str, str], ...]:
    """Roles given case by case that this person may give here, with their names."""
    return tuple(
        (role, voice.text(view.workflow.roles[role].name))
        for role, givers in ASSIGNED_BY.items()
        if not view.case.is_closed
        and view.case.form in view.workflow.roles[role].forms
        and any(giver in view.actor.roles for giver in givers)
    )


def _people(voice: Voice, view: CaseView, people: Sequence[PersonOnCase]) -> tuple[PersonLine, ...]:
    return tuple(
        PersonLine(
            name=person.name,
            roles=f"{role_name(voice, view.workflow, person.role)}, {current.organisation_name(person.organisation)}",
            is_company=person.role in SME_ROLES,
        )
        for person in people
        if person.role in view.workflow.roles
    )


def _deadline(voice: Voice, view: CaseView, line: DeadlineLine) -> DeadlineRow:
    key = f"deadline.{line.rule}"
    words = voice.t(key) if voice.texts.has(key) else voice.t("deadline.other", rule=line.rule)
    return DeadlineRow(
        label=words, owner=role_name(voice, view.workflow, line.owner_role), due=progress.due(voice, line.due_on)
    )
