"""The forms of a case in plain values: a fact sheet, a row, an action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import url_for
from werkzeug.datastructures import MultiDict

from engine.application.view_case import CaseView, Offer
from engine.domain.case import Row
from engine.domain.deciding_actions import argument_fields
from engine.domain.fields import Field, RowTable
from engine.domain.values import Text
from web.forms.case_forms import Answers
from web.presenters.facts import Choice, Entry, as_typed, entry
from web.presenters.faults import words
from web.presenters.reasons import can_try
from web.voice import Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class EditSheet:
    """A fact sheet while it is edited. ``was`` pairs each field with what it said when the form was drawn."""

    group: str
    heading: str
    action: str
    back: str
    entries: tuple[Entry, ...]
    was: tuple[tuple[str, str], ...]
    extra: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditRow:
    """A row while it is edited."""

    heading: str
    row_id: str
    new_id: str
    is_new: bool
    remove_href: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionForm:
    """The page of one action: what it is, what it asks, what follows."""

    id: str
    label: str
    target: str
    entries: tuple[Entry, ...]
    is_allowed: bool


def edit_sheet(
    voice: Voice,
    view: CaseView,
    group: str,
    fields: tuple[Field, ...],
    answers: Answers,
    *,
    notes: Mapping[str, Text],
    form: MultiDict[str, str],
    is_conflict: bool = False,
) -> EditSheet:
    """This will return a sheet for editing: what was typed stays; after a conflict what is stored stands beside it."""
    faults = words(voice, {**answers.faults, **notes})
    entries: list[Entry] = []
    was: list[tuple[str, str]] = []
    for field in fields:
        stored = view.facts.get(field.name)
        shown = entry(
            voice,
            field,
            name=field.name,
            value=stored,
            typed=answers.typed.get(field.name),
            error=faults.get(field.name, ""),
        )
        if is_conflict and field.name in answers.typed and as_typed(stored) != answers.typed[field.name]:
            shown = replace(shown, hint=voice.t("form.stored_now", value=voice.value(field, stored)))
        entries.append(shown)
        was.extend((field.name, text) for text in as_typed(stored))
    return EditSheet(
        group=group,
        heading=voice.t(f"group.{group}"),
        action=url_for("cases.record_facts", case_id=view.case.id, group=group),
        back=url_for("cases.show", case_id=view.case.id, _anchor=f"uppgifter-{group}"),
        entries=tuple(entries),
        was=tuple(was),
        extra=_extra(voice, fields, faults, form),
    )


def edit_row(
    voice: Voice,
    case_id: str,
    table: RowTable,
    row_id: str,
    stored: Row | None,
    answers: Answers | None,
    *,
    new_id: str,
) -> EditRow:
    """This will return a row for editing, with what was typed before what is stored."""
    typed = answers.typed if answers is not None else {}
    faults = words(voice, answers.faults) if answers is not None else {}
    return EditRow(
        heading=voice.text(table.label),
        row_id=row_id,
        new_id=new_id,
        is_new=row_id == "new",
        remove_href=url_for("cases.remove_row", case_id=case_id, table=table.name, row_id=row_id),
        entries=tuple(
            entry(
                voice,
                column,
                name=column.name,
                value=stored.values.get(column.name) if stored is not None else None,
                typed=typed.get(column.name),
                error=faults.get(column.name, ""),
                is_required=column.required,
            )
            for column in table.columns
        ),
    )


def asked_by(view: CaseView, offer: Offer) -> tuple[Field, ...]:
    """This will return the fields that an action asks for itself: why a case ends, why and for whom it rests."""
    fields = view.workflow.fields
    return tuple(fields[name] for name in argument_fields(offer.action) if name in fields)


def action_form(
    voice: Voice,
    view: CaseView,
    offer: Offer,
    *,
    typed: Mapping[str, tuple[str, ...]],
    faults: Mapping[str, Text],
) -> ActionForm:
    """This will return the page of one action."""
    action = offer.action
    errors = words(voice, faults)
    entries = [
        entry(voice, field, name=field.name, typed=typed.get(field.name), error=errors.get(field.name, ""))
        for field in asked_by(view, offer)
    ]
    entries += [
        _plain(voice, name, typed=typed.get(name), error=errors.get(name, ""), choices=choices)
        for name, choices in overlay_arguments(voice, view, action.name)
    ]
    target = action.target
    return ActionForm(
        id=action.id,
        label=voice.text(action.label),
        target=voice.text(view.workflow.stage(target).label) if target and target != action.source else "",
        entries=tuple(entries),
        is_allowed=can_try(action, offer.verdict),
    )


def overlay_arguments(voice: Voice, view: CaseView, name: str) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    """This will return the arguments of an overlay, with choices where there are some."""
    match name:
        case "add_note" | "escalate" | "de_escalate" | "decision_annulled" | "sanctions_hit":
            return (("note", ()),)
        case "declare_conflict":
            return (("about", ()), ("reason", ()))
        case "resolve_conflict":
            open_ones = tuple(
                Choice(value=item.id, words=f"{item.about}: {item.reason}")
                for item in view.case.conflicts
                if not item.result
            )
            results = tuple(
                Choice(value=key, words=voice.t(f"conflict.{key}")) for key in ("no_conflict", "replaced", "limited")
            )
            return (("declaration", open_ones), ("result", results))
        case "share":
            return (("organisation", ()), ("document", ()))
        case _:
            return ()


def _extra(
    voice: Voice, fields: tuple[Field, ...], faults: Mapping[str, str], form: MultiDict[str, str]
) -> tuple[Entry, ...]:
    extra = []
    if any(field.is_judgement or field.source == "derived" for field in fields):  # the engine asks why for both
        extra.append(_note(voice, "reason", "area", faults, form))
    if any(field.source == "outside" for field in fields):
        extra.append(_note(voice, "source_note", "text", faults, form))
        extra.append(_note(voice, "observed_on", "date", faults, form))
    return tuple(extra)


def _note(voice: Voice, name: str, kind: str, faults: Mapping[str, str], form: MultiDict[str, str]) -> Entry:
    return Entry(
        id=f"f-{name}",
        name=name,
        label=voice.t(f"form.{name}"),
        kind=kind,
        typed=(form.get(name, ""),),
        hint=voice.t(f"form.{name}_why"),
        error=faults.get(name, ""),
    )


def _plain(voice: Voice, name: str, *, typed: tuple[str, ...] | None, error: str, choices: tuple[Choice, ...]) -> Entry:
    return Entry(
        id=f"f-{name}",
        name=name,
        label=voice.t(f"argument.{name}"),
        kind="radio" if choices else "area" if name in ("note", "reason") else "text",
        typed=typed or ("",),
        choices=choices,
        error=error,
    )
