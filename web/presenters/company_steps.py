"""What every page of the company rests on (the scene), and what the company can do now (its steps)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from engine.application.view_case import CaseView
from engine.domain.case import Case
from engine.domain.events import Entry
from engine.domain.roles import Actor
from engine.domain.values import Facts, Text
from engine.domain.workflow import Action, Workflow
from web.presenters.company_view import CompanyPapers, SharedDocument, papers_of, questions, unanswered
from web.voice import Voice

AUTHORITY_FORMS: Final = ("state", "regional")
WITHDRAW: Final = "withdraw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing the company can do. ``to`` names the page (notice, sign, confirm, answers), ``subject`` which."""

    to: str
    subject: str
    sentence: str
    note: str
    button: str
    sign: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What every company page rests on: the case as seen, the reader on it, its log, and the names involved."""

    view: CaseView
    entries: Sequence[Entry]
    host: Text
    voice: Voice

    @property
    def case(self) -> Case:
        """The case."""
        return self.view.case

    @property
    def actor(self) -> Actor:
        """The person of the company who reads, with the roles held on the case."""
        return self.view.actor

    @property
    def workflow(self) -> Workflow:
        """The definition it runs on."""
        return self.view.workflow

    @property
    def host_name(self) -> str:
        """The host as it is named on the page."""
        return self.voice.text(self.host)

    @property
    def is_authority(self) -> bool:
        """True for the forms whose papers are public records."""
        return self.case.form in AUTHORITY_FORMS

    @property
    def papers(self) -> CompanyPapers:
        """What of the log the company may see."""
        return papers_of(self.entries)


def title_of(facts: Facts, language: str) -> str:
    """This will return the working title in the language, else in the other one, else nothing."""
    names = ("scope.title_sv", "scope.title_en") if language == "sv" else ("scope.title_en", "scope.title_sv")
    return next((str(facts[name]) for name in names if facts.get(name)), "")


def place_of(case: Case, voice: Voice) -> str:
    """This will return the name of the case's infrastructure."""
    place = case.surroundings.infrastructure
    return place.name_sv if voice.language == "sv" else place.name_en


def is_confidential_first(workflow: Workflow) -> bool:
    """This will tell whether the form signs its confidentiality agreement before the scope is written."""
    stages = [stage.name for stage in workflow.stages]
    return "scoping" in stages and "confidentiality" in stages[: stages.index("scoping")]


def role_name(scene: Scene, role: str) -> str:
    """This will return the name of a role, or its key when the register does not know it."""
    entry = scene.workflow.roles.get(role)
    return scene.voice.text(entry.name) if entry is not None else role


def withdrawal(scene: Scene) -> Action | None:
    """This will return the action with which the case can be withdrawn at its stage, or None."""
    return next((a for a in scene.workflow.actions_from(scene.case.stage) if a.name == WITHDRAW), None)


def scope_to_confirm(scene: Scene) -> int | None:
    """This will return the scope version that waits for the company's confirmation, or None."""
    case = scene.case
    if case.is_closed or case.stage != "scoping" or case.scope_version < 1:
        return None
    return case.scope_version if case.confirmed.get("sme") != case.scope_version else None


def open_notices(scene: Scene) -> tuple[str, ...]:
    """This will return the notices that the form demands and the company has not yet confirmed."""
    if scene.case.is_closed:
        return ()
    wanted = ("public_access", "privacy") if scene.is_authority else ("public_body", "privacy")
    return tuple(kind for kind in wanted if kind not in scene.case.notices)


def company_steps(scene: Scene, shared: Sequence[SharedDocument]) -> tuple[Step, ...]:
    """This will return what this person of the company can do now, the most pressing first."""
    case, voice = scene.case, scene.voice
    if case.is_closed:
        return ()
    steps: list[Step] = []
    is_contact = "sme_contact" in scene.actor.roles
    if is_contact:
        steps += [_step(voice, "notice", "info", case.opened_at, subject=kind) for kind in open_notices(scene)]
    steps += [
        _step(
            voice,
            "sign",
            "signature",
            paper.document.finalised_at or case.stage_since,
            subject=paper.document.key,
            document=inside(voice.text(paper.type.title)),
        )
        for paper in shared
        if paper.awaits(scene.actor)
    ]
    asked = questions(case, scene.workflow, scene.actor)
    missing = unanswered(asked, scene.view.facts)
    version = scope_to_confirm(scene)
    if missing and case.stage in ("inquiry", "scoping") and (version is not None or case.scope_version == 0):
        steps.append(_step(voice, "answers", "pencil", case.stage_since, n=len(missing)))
    if version is not None and is_contact:
        steps.append(_step(voice, "confirm", "check", case.stage_since, version=version))
    return tuple(steps)


def _step(voice: Voice, kind: str, sign: str, since: datetime, *, subject: str = "", **values: object) -> Step:
    name = {"answers": "answer"}.get(kind, kind)
    return Step(
        to=kind,
        subject=subject,
        sentence=voice.t(f"tracker.next.{name}", **values),
        note=voice.t(f"tracker.next.{name}_note"),
        button=voice.t(f"tracker.next.{name}_button"),
        sign=sign,
        since=since,
    )


def inside(title: str) -> str:
    """This will return a name as it reads inside a sentence: a small first letter unless it is an abbreviation."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
