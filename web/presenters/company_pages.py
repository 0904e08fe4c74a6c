"""The company's pages beside the tracker: its list, answers, the scope it confirms, signing, files, withdrawal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from engine.application.queries import CaseLine
from engine.domain.fields import Field
from engine.domain.reasons import Conflict, Refused
from engine.domain.values import Text, Value
from web.forms import uploads
from web.presenters.company_steps import Scene, inside, role_name, scope_to_confirm, withdrawal
from web.presenters.company_view import SharedDocument, questions, readable_facts
from web.presenters.facts import Entry, entry
from web.presenters.tracker import fingerprint
from web.voice import Voice

WORD: Final = uploads.WORD
CLASSES: Final = "scope.info_classes"
SHOWN_GROUPS: Final = ("scope", "price", "conf")
"""Groups of facts that make the scope the company confirms; the rest is the host's own work."""

HIDDEN: Final = frozenset({"scope.version", "scope.revision"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FormHead:
    """What every form carries: the revision it was drawn from and a key that makes it safe to send twice."""

    revision: int
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One case in the company's list."""

    id: str
    title: str
    place: str
    form: str
    form_word: str
    host: str
    stage: str
    since: str
    is_closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A label and its value in words."""

    label: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonLine:
    """One reason of a "no" as the company reads it: the question, and who can solve it."""

    question: str
    who: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersPage:
    """The questions of the stage."""

    case_id: str
    head: FormHead
    entries: tuple[Entry, ...]
    faults: tuple[tuple[str, str], ...]
    reasons: tuple[ReasonLine, ...]
    is_conflict: bool
    asks_return: bool
    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeText:
    """A notice to confirm."""

    case_id: str
    kind: str
    title: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopePage:
    """The scope to confirm; ``version`` 0 when there is none."""

    case_id: str
    version: int
    host: str
    lines: tuple[Line, ...]
    may_confirm: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SignPage:
    """A paper to read and sign; ``role`` empty when it does not wait for this person."""

    case_id: str
    key: str
    title: str
    fingerprint: str
    role: str
    company: str
    signed_by: tuple[Line, ...]
    secrecy: tuple[str, ...]
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassChoice:
    """One answer to what a file holds, with its consequence."""

    value: str
    words: str
    consequence: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPage:
    """Handing in a file."""

    case_id: str
    notice: str
    classes: tuple[ClassChoice, ...]
    megabytes: int
    accept: str
    faults: tuple[tuple[str, str], ...]
    reasons: tuple[ReasonLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalPage:
    """What a withdrawal does, or why it cannot be made now. ``blocked`` empty when it can."""

    case_id: str
    effects: tuple[str, ...]
    blocked: str
    reasons: tuple[ReasonLine, ...]
    comment: str
    fault: str


def case_rows(lines: Iterable[CaseLine], voice: Voice, hosts: Mapping[str, Text]) -> tuple[CaseRow, ...]:
    """This will return the company's cases, living ones first, in the order they came."""
    ordered = sorted(lines, key=lambda line: line.closed_at is not None)
    return tuple(
        CaseRow(
            id=line.id,
            title=voice.text(line.title) or line.id,
            place=voice.text(line.infrastructure),
            form=line.form,
            form_word=voice.t(f"public.form.{line.form}"),
            host=voice.text(hosts[line.host_org]) if line.host_org in hosts else line.host_org,
            stage=_stage_word(line, voice),
            since=voice.t("tracker.list.since", day=voice.moment_day(line.stage_since)),
            is_closed=line.closed_at is not None,
        )
        for line in ordered
    )


def answers_page(
    scene: Scene,
    *,
    head: FormHead,
    typed: Mapping[str, tuple[str, ...]] | None = None,
    faults: Mapping[str, Text] | None = None,
    error: Refused | Conflict | None = None,
) -> AnswersPage:
    """This will return the questions with what was typed, each fault, and what a refused save says."""
    voice, faults, sent = scene.voice, faults or {}, typed or {}
    entries = tuple(
        _question(voice, field, scene.view.facts.get(field.name), sent.get(field.name), faults.get(field.name))
        for field in questions(scene.case, scene.workflow, scene.actor)
    )
    asked = {item.name: item.id for item in entries}
    refused = error if isinstance(error, Refused) else None
    return AnswersPage(
        case_id=scene.case.id,
        head=head,
        entries=entries,
        faults=tuple((asked.get(name, "svar"), voice.text(text)) for name, text in faults.items()),
        reasons=reason_lines(scene, refused),
        is_conflict=isinstance(error, Conflict),
        asks_return=refused is not None and any(reason.kind == "rule" for reason in refused.verdict.reasons),
        notice=voice.t("tracker.messages.hint_authority", host=scene.host_name) if scene.is_authority else "",
    )


def notice_text(scene: Scene, kind: str) -> NoticeText:
    """This will return a notice in the words that the inquiry uses."""
    values = {} if kind == "public_body" else {"host": scene.host_name}
    return NoticeText(
        case_id=scene.case.id,
        kind=kind,
        title=scene.voice.t(f"tracker.notice.title.{kind}"),
        words=scene.voice.t(f"inquiry.notice.{kind}", **values),
    )


def scope_page(scene: Scene) -> ScopePage:
    """This will return the scope as it is described now."""
    voice, fields = scene.voice, scene.workflow.fields
    lines = tuple(
        Line(label=voice.text(fields[name].label), words=voice.value(fields[name], value))
        for name, value in readable_facts(scene.workflow, scene.view.facts).items()
        if fields[name].group in SHOWN_GROUPS and name not in HIDDEN
    )
    version = scope_to_confirm(scene)
    return ScopePage(
        case_id=scene.case.id,
        version=version or 0,
        host=scene.host_name,
        lines=lines,
        may_confirm=version is not None and "sme_contact" in scene.actor.roles,
    )


def sign_page(scene: Scene, paper: SharedDocument, *, fault: str = "") -> SignPage:
    """This will return a paper with who has signed it and what it can and cannot promise."""
    voice, role = scene.voice, paper.awaits(scene.actor)
    return SignPage(
        case_id=scene.case.id,
        key=paper.document.key,
        title=voice.text(paper.type.title),
        fingerprint=fingerprint(paper.document.rendition.content_hash if paper.document.rendition else ""),
        role=inside(role_name(scene, role)) if role is not None else "",
        company=str(scene.view.facts.get("sme.name") or ""),
        signed_by=tuple(
            Line(label=role_name(scene, mark.role), words=voice.day(mark.signed_on))
            for mark in paper.document.signatures
            if not mark.is_void
        ),
        secrecy=_secrecy(scene, paper),
        fault=fault,
    )


def upload_page(
    scene: Scene, *, answer: str = "", fault: tuple[str, str] | None = None, refused: Refused | None = None
) -> UploadPage:
    """This will return the question of what a file holds, and the file."""
    voice = scene.voice
    side = "authority" if scene.is_authority else "company"
    words = scene.workflow.fields[CLASSES].choices or {}
    choices = [("none", voice.t("tracker.upload.class.none"))]
    choices += [(code, f"{voice.text(words[code])} ({code})") for code in information_classes(scene)]
    return UploadPage(
        case_id=scene.case.id,
        notice=voice.t("inquiry.notice.public_access", host=scene.host_name)
        if scene.is_authority
        else voice.t("inquiry.notice.public_body"),
        classes=tuple(
            ClassChoice(
                value=code,
                words=label,
                consequence=_consequence(voice, side, code),
                is_chosen=code == answer,
            )
            for code, label in choices
        ),
        megabytes=uploads.LARGEST_FILE // (1024 * 1024),
        accept=",".join(uploads.SUFFIXES.values()),
        faults=(fault,) if fault is not None else (),
        reasons=reason_lines(scene, refused),
    )


def information_classes(scene: Scene) -> tuple[str, ...]:
    """This will return the classes a company can name, in the dictionary's order; the host's own is not among them."""
    choices = scene.workflow.fields[CLASSES].choices or {}
    return tuple(code for code in choices if code != "INFO-F")


def withdrawal_page(scene: Scene, *, comment: str = "", fault: str = "") -> WithdrawalPage:
    """This will return what a withdrawal does here, or the reason why it cannot be made from here."""
    voice, action = scene.voice, withdrawal(scene)
    offer = next((offer for offer in scene.view.offers if action is not None and offer.action.id == action.id), None)
    record = "authority" if scene.is_authority else "company"
    effects = [voice.t("tracker.withdraw.effect_reserved")]
    effects.append(voice.t(f"tracker.withdraw.effect_record_{record}", host=scene.host_name))
    if scene.view.facts.get("conf.signed_at") is not None:
        effects.append(voice.t("tracker.withdraw.effect_secrecy"))
    blocked = ""
    reasons: tuple[ReasonLine, ...] = ()
    if action is None:
        blocked = voice.t("tracker.withdraw.blocked_execution")
    elif "sme_contact" not in scene.actor.roles:
        blocked = voice.t("tracker.withdraw.blocked_role")
    elif offer is not None and not offer.verdict.allowed:
        started = scene.case.first_started_at is not None
        blocked = voice.t("tracker.withdraw.blocked_change" if started else "tracker.withdraw.blocked")
        reasons = reason_lines(scene, Refused(offer.verdict))
    return WithdrawalPage(
        case_id=scene.case.id, effects=tuple(effects), blocked=blocked, reasons=reasons, comment=comment, fault=fault
    )


def reason_lines(scene: Scene, refused: Refused | None) -> tuple[ReasonLine, ...]:
    """This will return the reasons of a refusal without what the guards saw: that may be the host's own."""
    if refused is None:
        return ()
    return tuple(
        ReasonLine(
            question=scene.voice.text(reason.question),
            who=", ".join(role_name(scene, role) for role in reason.who),
            id=reason.id,
        )
        for reason in refused.verdict.reasons
    )


def _question(voice: Voice, field: Field, value: Value, typed: Sequence[str] | None, fault: Text | None) -> Entry:
    error = voice.text(fault) if fault is not None else ""
    sent = tuple(typed) if typed is not None else None
    asked = entry(voice, field, name=field.name, value=value, typed=sent, error=error)
    if field.type != "list" or field.choices is not None:
        return asked
    lines = asked.typed if sent is not None else ("\n".join(asked.typed),)
    return replace(asked, typed=lines, hint=asked.hint or voice.t("tracker.answers.list_hint"))


def _consequence(voice: Voice, side: str, code: str) -> str:
    """A class that no text has been written for is asked about before it is uploaded."""
    key = f"tracker.upload.consequence.{side}.{code}"
    return voice.t(key if voice.texts.has(key) else "tracker.upload.consequence.other")


def _secrecy(scene: Scene, paper: SharedDocument) -> tuple[str, ...]:
    if paper.type.purpose not in ("confidentiality", "confidentiality_amendment"):
        return ()
    voice, form = scene.voice, scene.case.form
    if form == "company":
        return (voice.t("tracker.sign.secrecy.company"),)
    words = [voice.t("tracker.sign.secrecy.authority", host=_capital(scene.host_name))]
    if form == "regional" and scene.view.facts.get("joint.university_participates") is not True:
        words.append(voice.t("tracker.sign.secrecy.regional"))
    return tuple(words)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _stage_word(line: CaseLine, voice: Voice) -> str:
    if line.closed_at is not None:
        key = f"tracker.outcome.{line.outcome}"
        return voice.t(key) if voice.texts.has(key) else voice.t("tracker.turn.closed")
    if line.is_suspended:
        return voice.t("tracker.turn.hold")
    key = f"tracker.stage.{line.stage}"
    return voice.t(key) if voice.texts.has(key) else line.stage
