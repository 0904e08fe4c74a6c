"""The tracker of one case, for the company: status, whose turn, one next step, milestones, papers, contact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from engine.application.queries import CaseLine
from engine.domain.events import ActionTaken, Entry
from engine.domain.roles import SME_ROLES
from web.presenters.company_steps import (
    Scene,
    Step,
    company_steps,
    inside,
    is_confidential_first,
    place_of,
    role_name,
    scope_to_confirm,
    title_of,
)
from web.presenters.company_view import CompanyPapers, SharedDocument, reviews, shared_documents
from web.voice import Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnLine:
    """Whose turn: ``tone`` is yours, theirs or idle; ``notes`` say since when and what is usual."""

    tone: str
    words: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """One bead of the thread."""

    tone: str
    hidden: str
    label: str
    note: str
    is_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRow:
    """A paper of the list. ``tone`` of the tag: empty, done or soft."""

    key: str
    name: str
    notes: tuple[str, ...]
    fingerprint: str
    state: str
    tone: str
    is_superseded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """A message as it reads on the page."""

    who: str
    when: str
    iso: str
    text: str
    is_ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedCase:
    """Another part of the same joint case."""

    id: str
    title: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracker:
    """Everything on the tracker page, in words."""

    case_id: str
    revision: int
    title: str
    place: str
    form: str
    status: str
    turn: TurnLine
    wait_reason: str
    next_step: Step | None
    other_steps: tuple[Step, ...]
    milestones: tuple[Milestone, ...]
    papers: tuple[PaperRow, ...]
    files: tuple[PaperRow, ...]
    letters: tuple[LetterRow, ...]
    notice: str
    contact: str
    is_authority: bool
    is_closed: bool
    may_write: bool
    has_withdrawal: bool
    host: str
    related: tuple[RelatedCase, ...]


def present_tracker(scene: Scene, *, siblings: Sequence[CaseLine] = ()) -> Tracker:
    """This will return the tracker page of a case for the person of the company who reads it.

    ``siblings`` are the company's own other cases of the same joint case.
    """
    case, voice, papers = scene.case, scene.voice, scene.papers
    shared = shared_documents(case, scene.workflow, scene.view.facts, papers)
    steps = company_steps(scene, shared)
    return Tracker(
        case_id=case.id,
        revision=case.revision,
        title=title_of(scene.view.facts, voice.language) or case.id,
        place=place_of(case, voice),
        form=case.form,
        status=_status(scene, shared, steps),
        turn=_turn(scene, shared, steps),
        wait_reason=_wait_reason(scene),
        next_step=steps[0] if steps else None,
        other_steps=steps[1:],
        milestones=_milestones(scene, is_ours=bool(steps)),
        papers=tuple(_paper_row(scene, paper) for paper in shared),
        files=_file_rows(scene, papers),
        letters=tuple(
            LetterRow(
                who=voice.t("tracker.messages.from_company") if letter.is_ours else role_name(scene, letter.role),
                when=voice.moment(letter.at),
                iso=letter.at.isoformat(),
                text=letter.text,
                is_ours=letter.is_ours,
            )
            for letter in papers.letters
        ),
        notice=_standing_notice(scene),
        contact=voice.t("tracker.contact.at", role=role_name(scene, "pm"), place=place_of(case, voice)),
        is_authority=scene.is_authority,
        is_closed=case.is_closed,
        may_write=not case.is_closed,
        has_withdrawal=not case.is_closed,
        host=scene.host_name,
        related=tuple(
            RelatedCase(id=line.id, title=voice.text(line.title) or line.id, place=voice.text(line.infrastructure))
            for line in siblings
        ),
    )


def _status(scene: Scene, shared: Sequence[SharedDocument], steps: Sequence[Step]) -> str:
    case, voice, host = scene.case, scene.voice, scene.host_name
    if case.is_closed:
        key = f"tracker.status.{case.outcome}"
        key = key if voice.texts.has(key) else "tracker.status.closed"
        return voice.t(key, host=host, day=voice.moment_day(case.closed_at or case.stage_since))
    if case.hold is not None:
        if case.hold.review_on is None:
            return voice.t("tracker.status.hold_open")
        return voice.t("tracker.status.hold", day=voice.day(case.hold.review_on))
    if (start := _appeal_start(scene)) is not None:
        return voice.t("tracker.status.appeal", day=voice.day(start))
    to_sign = sum(1 for paper in shared if paper.awaits_company)
    if to_sign:
        return voice.t("tracker.status.sign", n=to_sign)
    if case.stage == "legal_review":
        asked, done = reviews(scene.view.facts)
        if asked:
            return f"{voice.t('tracker.status.legal_review', n=asked)} {voice.t('tracker.status.reviews_done', n=done)}"
    version = scope_to_confirm(scene)
    if version is not None and any(step.to == "confirm" for step in steps[:1]):
        return voice.t("tracker.status.scoping_confirm", host=host, version=version)
    return _stage_sentence(scene)


def _stage_sentence(scene: Scene) -> str:
    case, voice, workflow = scene.case, scene.voice, scene.workflow
    key = f"tracker.status.{case.stage}"
    if case.stage == "confidentiality" and is_confidential_first(workflow):
        key = "tracker.status.confidentiality_first"
    if not voice.texts.has(key) or case.stage == "legal_review":
        return voice.t("tracker.status.other", stage=voice.text(workflow.stage(case.stage).label))
    return voice.t(key, host=scene.host_name)


def _appeal_start(scene: Scene) -> date | None:
    """The first day work can start when everything is signed and only the appeal time remains, else None."""
    facts = scene.view.facts
    end = facts.get("decision.appeal_end")
    if scene.case.stage != "confidentiality" or not isinstance(end, date) or isinstance(end, datetime):
        return None
    if facts.get("agr.all_parties_signed") is not True or end < scene.voice.today:
        return None
    start = facts.get("exec.start_date")
    return start if isinstance(start, date) and start > end else date.fromordinal(end.toordinal() + 1)


def _wait_reason(scene: Scene) -> str:
    if _appeal_start(scene) is None:
        return ""
    posted = scene.view.facts.get("decision.notice_posted_at")
    if not isinstance(posted, date):
        return ""
    return scene.voice.t("tracker.why_wait_text", host=scene.host_name, day=scene.voice.day(posted))


def _turn(scene: Scene, shared: Sequence[SharedDocument], steps: Sequence[Step]) -> TurnLine:
    case, voice = scene.case, scene.voice
    if case.is_closed:
        return TurnLine(tone="idle", words=voice.t("tracker.turn.closed"))
    if case.hold is not None:
        return TurnLine(tone="idle", words=voice.t("tracker.turn.hold"))
    if steps:
        since = min(step.since for step in steps)
        return TurnLine(tone="yours", words=voice.t("tracker.turn.yours"), notes=_since(voice, since))
    if _appeal_start(scene) is not None:
        end = scene.view.facts.get("decision.appeal_end")
        until = (voice.t("tracker.turn.until", day=voice.day(end)),) if isinstance(end, date) else ()
        return TurnLine(tone="idle", words=voice.t("tracker.turn.statutory"), notes=until)
    colleague = next((paper.missing[0] for paper in shared if paper.awaits_company), None)
    if colleague is not None:
        name = voice.t(f"tracker.role.{colleague}")
        return TurnLine(
            tone="theirs", words=voice.t("tracker.turn.colleague", role=name), notes=_since(voice, case.stage_since)
        )
    stage = scene.workflow.stage(case.stage)
    notes = _since(voice, case.stage_since)
    if stage.target_days:
        notes = (*notes, voice.t("tracker.turn.usual", n=stage.target_days))
    holder = next((role for role in stage.held_by if role not in SME_ROLES), None)
    if holder is None:
        return TurnLine(tone="theirs", words=voice.t("tracker.turn.host", host=scene.host_name), notes=notes)
    words = voice.t("tracker.turn.host_role", host=scene.host_name, role=inside(role_name(scene, holder)))
    return TurnLine(tone="theirs", words=words, notes=notes)


def _since(voice: Voice, moment: datetime) -> tuple[str, ...]:
    days = voice.days_since(moment)
    since = voice.t("tracker.turn.since", day=voice.moment_day(moment))
    return (since, voice.t("tracker.turn.days", n=days)) if days else (since,)


def _milestones(scene: Scene, *, is_ours: bool) -> tuple[Milestone, ...]:
    case, voice, workflow = scene.case, scene.voice, scene.workflow
    left = _stages_left(scene.entries)
    here = workflow.stage_index(case.stage)
    beads = []
    for index, stage in enumerate(workflow.stages):
        visited = stage.name in left or index == 0
        if index == here:
            note = voice.t("tracker.milestone.from", day=voice.moment_day(case.stage_since))
            beads.append(_bead(voice, stage.name, voice.text(stage.label), "now", note, is_ours=is_ours))
        elif index < here and visited:
            day = voice.moment_day(case.opened_at if index == 0 else left[stage.name])
            is_first = stage.name == "confidentiality" and is_confidential_first(workflow)
            beads.append(_bead(voice, stage.name, voice.text(stage.label), "past", day, is_first=is_first))
        elif index < here and case.is_closed and case.outcome != "completed":
            continue
        elif index < here:
            beads.append(_bead(voice, stage.name, voice.text(stage.label), "skipped", ""))
        else:
            note = voice.t("tracker.milestone.usual", n=stage.target_days) if stage.target_days else ""
            beads.append(_bead(voice, stage.name, voice.text(stage.label), "ahead", note))
    return tuple(beads)


def _bead(
    voice: Voice, stage: str, label: str, tone: str, note: str, *, is_ours: bool = False, is_first: bool = False
) -> Milestone:
    hidden = {"past": "done", "now": "now", "skipped": "skipped", "ahead": "ahead"}[tone]
    place = f"{stage}_first" if is_first else stage
    own = f"tracker.milestone.{place}.{'past' if stage == 'closed' and tone == 'now' else tone}"
    tones = {"past": "past", "now": "now yours" if is_ours else "now", "skipped": "skipped", "ahead": ""}
    return Milestone(
        tone=tones[tone],
        hidden=voice.t(f"tracker.milestone.{hidden}"),
        label=voice.t(own) if voice.texts.has(own) else label,
        note=note,
        is_now=tone == "now",
    )


def _stages_left(entries: Sequence[Entry]) -> dict[str, datetime]:
    """When each stage was last left."""
    left: dict[str, datetime] = {}
    for entry in entries:
        if isinstance(entry.event, ActionTaken) and entry.event.source != entry.event.target:
            left[entry.event.source] = entry.at
    return left


def _paper_row(scene: Scene, paper: SharedDocument) -> PaperRow:
    voice, document = scene.voice, paper.document
    signed = [mark for mark in document.signatures if not mark.is_void]
    notes = []
    if signed:
        notes.append(voice.t("tracker.document.signed", day=voice.day(max(mark.signed_on for mark in signed))))
    elif paper.dispatched_at is not None:
        notes.append(voice.t("tracker.document.sent", day=voice.moment_day(paper.dispatched_at)))
    state, tone = "sent", ""
    if document.is_superseded:
        state, tone = "superseded", "soft"
    elif not paper.is_current:
        state, tone = "stale", "soft"
    elif not paper.is_released:
        state, tone = "in_review", "soft"
    elif paper.awaits_company:
        state = "to_sign"
    elif SME_ROLES & set(paper.type.signers):
        state, tone = ("to_sign_host", "soft") if paper.missing else ("signed", "done")
    return PaperRow(
        key=document.key,
        name=voice.text(paper.type.title),
        notes=tuple(notes),
        fingerprint=fingerprint(document.rendition.content_hash if document.rendition else ""),
        state=voice.t(f"tracker.document.tag.{state}"),
        tone=tone,
        is_superseded=document.is_superseded,
    )


def fingerprint(content_hash: str) -> str:
    """This will return the first eight figures of a hash in groups of four."""
    return f"{content_hash[:4]} {content_hash[4:8]}".strip()


def _file_rows(scene: Scene, papers: CompanyPapers) -> tuple[PaperRow, ...]:
    voice = scene.voice
    return tuple(
        PaperRow(
            key=file.key,
            name=file.name,
            notes=(voice.t("tracker.document.file_sent", day=voice.moment_day(file.at)),),
            fingerprint=fingerprint(file.file_hash),
            state=voice.t("tracker.document.file_registered") if file.registered_at is not None else "",
            tone="",
            is_superseded=False,
        )
        for file in scene.case.files.values()
        if file.key in papers.file_keys
    )


def _standing_notice(scene: Scene) -> str:
    if scene.is_authority:
        return scene.voice.t("inquiry.notice.public_access", host=scene.host_name)
    return scene.voice.t("inquiry.notice.public_body")
