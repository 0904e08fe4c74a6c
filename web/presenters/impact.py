"""What a material change would bring down, said before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from engine.application.view_case import CaseView
from engine.domain.agreement import material_fields, rests_on
from engine.domain.documents import is_current
from engine.domain.fields import RowTable
from engine.domain.values import Value
from engine.domain.workflow import Action
from web import current
from web.presenters.log import document_name
from web.voice import Voice

UNSAID_STAGES = frozenset({"inquiry", "scoping", "execution"})
"""Where nothing falls yet, or where the engine takes no change of scope at all but asks for a change request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """The heading, what falls (one line each), and the words of the button that accepts it."""

    heading: str
    falls: tuple[str, ...]
    accept: str
    keep_href: str


def impact_of(
    voice: Voice, view: CaseView, values: Mapping[str, Value], *, table: RowTable | None = None
) -> Impact | None:
    """This will return what saving these values would bring down, or None when nothing does."""
    case, workflow = view.case, view.workflow
    material = material_fields(workflow)
    changed = {name for name, value in values.items() if name in material and view.facts.get(name) != value}
    if table is not None and table.is_material:
        changed.add("scope.participants" if table.name == "participants" else table.name)
    if not changed or case.stage in UNSAID_STAGES or case.scope_version == 0:
        return None
    falls = [voice.t("impact.returns", stage=voice.text(workflow.stage("scoping").label))]
    falls += _opinions(voice, view)
    falls += [
        voice.t("impact.document", document=document_name(voice, workflow, document.key))
        for document in case.documents.values()
        if document.is_frozen
        and is_current(workflow, document, view.facts)
        and changed & set(rests_on(workflow, workflow.documents[document.document]))
    ]
    if case.confirmed.get("sme") == case.scope_version:
        falls.append(voice.t("impact.company", version=case.scope_version + 1))
    return Impact(
        heading=voice.t("impact.heading", n=len(changed)),
        falls=tuple(falls),
        accept=voice.t("impact.accept", version=case.scope_version + 1),
        keep_href=url_for("cases.show", case_id=case.id),
    )


def falls_with(voice: Voice, view: CaseView, action: Action) -> tuple[str, ...]:
    """This will return the opinions that an action brings down, one line each; none for most actions."""
    return tuple(_opinions(voice, view)) if "invalidate_legal" in action.effects else ()


def _opinions(voice: Voice, view: CaseView) -> list[str]:
    return [
        voice.t("impact.opinion", organisation=current.organisation_name(opinion.organisation),
                day=voice.moment_day(opinion.at))
        for opinion in view.case.opinions
        if not opinion.is_superseded
    ]  # fmt: skip
