"""Fact sheets: which fields a case is asked for, their values, where each comes from, and who may record it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

from engine.application.view_case import CaseView
from engine.domain.case import Row
from engine.domain.fields import CHECK_POINTS, Column, Field, RowTable
from engine.domain.values import STOCKHOLM, Value
from engine.domain.workflow import Workflow
from web.presenters.people import value_words
from web.voice import Voice

GROUPS: Final = (
    "sme", "scope", "permits", "price", "aid", "competition", "proc", "legal", "decision", "conf", "agr", "exec",
    "close", "joint", "infra", "case",
)  # fmt: skip
"""The sheets in the order of the work."""

OPEN_AT: Final = {
    "inquiry": ("sme",),
    "scoping": ("scope", "price"),
    "legal_review": ("legal", "aid"),
    "procurement_check": ("proc", "competition"),
    "confidentiality": ("conf", "decision", "agr"),
    "execution": ("exec",),
    "closed": ("close",),
}
"""The sheets that stand open at each stage; the others are one click away."""

RECORDED_BY_ACTIONS: Final = frozenset(
    {"case.suspended_reason", "case.suspended_owner",
     "case.suspended_review_date", *CHECK_POINTS}
)  # fmt: skip
"""Fields that belong to an action or to the opinion: answered there, not on a sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactLine:
    """One fact as it reads: label, value and source."""

    name: str
    label: str
    words: str
    note: str
    source: str
    is_unknown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The facts of one group. ``edit_href`` is empty when the reader may record none of them."""

    key: str
    anchor: str
    heading: str
    facts: tuple[FactLine, ...]
    unknown: tuple[FactLine, ...]
    is_open: bool
    edit_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One alternative of a field."""

    value: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One field of a form: how it is asked, what is typed in it, and what is wrong with that."""

    id: str
    name: str
    label: str
    kind: str
    typed: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    mode: str = ""
    hint: str = ""
    error: str = ""
    is_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLine:
    """One row of a row table in words, and where it is edited (empty when the reader may not)."""

    id: str
    cells: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """One row table of the case."""

    key: str
    anchor: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[RowLine, ...]
    add_href: str
    is_open: bool


@lru_cache(maxsize=32)
def asked_fields(workflow: Workflow) -> frozenset[str]:
    """This will return the fields that this definition reads: in guards, documents and conditions."""
    names: set[str] = set()
    for guard in workflow.guards.values():
        names |= guard.expression.fields
    for document in workflow.documents.values():
        names.update(document.merge)
        names |= document.when.fields if document.when is not None else frozenset()
        for clause in document.clauses:
            names |= clause.when.fields if clause.when is not None else frozenset()
    names |= {name for name, field in workflow.fields.items() if field.source == "entered"}
    return frozenset(name for name in names if name in workflow.fields and workflow.form in workflow.fields[name].forms)


def may_record(field: Field, roles: Iterable[str]) -> bool:
    """This will tell whether somebody with these roles is offered the field (the engine decides again on saving)."""
    return field.is_recordable and field.name not in RECORDED_BY_ACTIONS and bool(set(field.by) & set(roles))


def group_fields(workflow: Workflow, group: str, facts: Mapping[str, Value]) -> tuple[Field, ...]:
    """This will return the fields of a sheet in the dictionary's order: those asked for, and those with a value."""
    asked = asked_fields(workflow)
    return tuple(
        field
        for field in workflow.fields.values()
        if field.group == group
        and workflow.form in field.forms
        and (field.name in asked or facts.get(field.name) is not None)
    )


def recordable(view: CaseView, group: str, roles: Iterable[str]) -> tuple[Field, ...]:
    """This will return the fields of a sheet that the reader may record, in the dictionary's order."""
    held = tuple(roles)
    return tuple(f for f in group_fields(view.workflow, group, view.facts) if may_record(f, held))


def sheets(voice: Voice, view: CaseView, roles: Iterable[str], *, edit_href: Mapping[str, str]) -> tuple[Sheet, ...]:
    """This will return every sheet with facts. The sheets of the stage at hand are open."""
    held = tuple(roles)
    found = []
    for group in GROUPS:
        fields = group_fields(view.workflow, group, view.facts)
        if not fields:
            continue
        lines = tuple(fact_line(voice, view, field) for field in fields)
        is_mine = any(may_record(field, held) for field in fields) and not view.case.is_closed
        found.append(
            Sheet(
                key=group,
                anchor=f"uppgifter-{group}",
                heading=voice.t(f"group.{group}"),
                facts=tuple(line for line in lines if not line.is_unknown),
                unknown=tuple(line for line in lines if line.is_unknown),
                is_open=group in OPEN_AT.get(view.case.stage, ()),
                edit_href=edit_href[group] if is_mine else "",
            )
        )
    return tuple(found)


def fact_line(voice: Voice, view: CaseView, field: Field) -> FactLine:
    """This will return one fact in words with its source."""
    value = view.facts.get(field.name)
    return FactLine(
        name=field.name,
        label=voice.text(field.label),
        words=value_words(voice, field, value),
        note=_note(view, field),
        source=_source(voice, view, field),
        is_unknown=value is None,
    )


def entry(
    voice: Voice,
    field: Field | Column,
    *,
    name: str,
    value: Value = None,
    typed: tuple[str, ...] | None = None,
    error: str = "",
    is_required: bool = False,
) -> Entry:
    """This will return a field of a form. What was typed goes before what is stored; unknown stays unanswered."""
    choices = tuple(Choice(value=key, words=voice.text(label)) for key, label in (field.choices or {}).items())
    hint = voice.text(field.help) if isinstance(field, Field) and field.help else ""
    kind, mode = _KINDS.get(field.type, ("text", ""))
    if field.type == "bool":
        choices = (
            Choice(value="yes", words=voice.t("value.yes")),
            Choice(value="no", words=voice.t("value.no")),
            Choice(value="", words=voice.t("value.not_answered")),
        )
    elif field.type == "enum":
        choices = (Choice(value="", words=voice.t("value.not_answered")), *choices)
    elif field.type == "list" and choices:
        kind = "checks"
    unit = getattr(field, "unit", "")
    return Entry(
        id=f"f-{name.replace('.', '-')}",
        name=name,
        label=voice.text(field.label) + (f" ({voice.unit(unit)})" if unit else ""),
        kind=kind,
        typed=typed if typed is not None else as_typed(value),
        choices=choices,
        mode=mode,
        hint=hint,
        error=error,
        is_required=is_required,
    )


def as_typed(value: Value) -> tuple[str, ...]:
    """This will return a stored value as it would be typed."""
    match value:
        case None:
            return ("",)
        case bool():
            return ("yes" if value else "no",)
        case tuple():
            words = [str(item) for item in value if not isinstance(item, Mapping)]
            return tuple(words) if len(words) != 1 else (words[0],)
        case datetime():
            return (value.astimezone(STOCKHOLM).strftime("%Y-%m-%dT%H:%M"),)
        case date():
            return (value.isoformat(),)
        case Decimal():
            return (format(value.normalize(), "f"),)
        case _:
            return (str(value),)


def tables(voice: Voice, view: CaseView, roles: Iterable[str], *, href: Mapping[str, str]) -> tuple[TableView, ...]:
    """This will return the row tables of this form. ``href`` maps a table to the address of its rows."""
    held = set(roles)
    found = []
    for table in view.workflow.tables.values():
        if view.case.form not in table.forms:
            continue
        rows = view.case.rows.get(table.name, {})
        is_mine = bool(set(table.by) & held) and not view.case.is_closed
        found.append(
            TableView(
                key=table.name,
                anchor=f"rader-{table.name}",
                heading=voice.text(table.label),
                columns=tuple(voice.text(column.label) for column in table.columns),
                rows=tuple(
                    RowLine(
                        id=row_id,
                        cells=_cells(voice, table, row),
                        href=f"{href[table.name]}/{row_id}" if is_mine else "",
                    )
                    for row_id, row in rows.items()
                ),
                add_href=f"{href[table.name]}/new" if is_mine else "",
                is_open=bool(rows) and table.stage == view.case.stage,
            )
        )
    return tuple(found)


def _cells(voice: Voice, table: RowTable, row: Row) -> tuple[str, ...]:
    return tuple(_cell(voice, column, row.values.get(column.name)) for column in table.columns)


def _cell(voice: Voice, column: Column, value: Value) -> str:
    if value is None:
        return "–"
    if column.choices and isinstance(value, str) and value in column.choices:
        return voice.text(column.choices[value])
    return voice.plain(value)


_KINDS: Final = {
    "str": ("text", ""),
    "ref": ("text", ""),
    "text": ("area", ""),
    "int": ("text", "numeric"),
    "dec": ("text", "decimal"),
    "bool": ("bool", ""),
    "date": ("date", ""),
    "dt": ("datetime-local", ""),
    "enum": ("select", ""),
    "list": ("area", ""),
}
"""Field type to the kind of field in a form, and the keyboard it asks a phone for."""


def _source(voice: Voice, view: CaseView, field: Field) -> str:
    fact = view.case.facts.get(field.name)
    if fact is None:
        if field.source == "derived" and view.facts.get(field.name) is not None:
            return voice.t("source.derived")
        return _expected(voice, view.workflow, field)
    role = view.workflow.roles[fact.role].name if fact.role in view.workflow.roles else None
    who = voice.text(role) if role is not None else fact.role
    if field.source == "outside":
        day = voice.day(fact.observed_on) if fact.observed_on else voice.moment_day(fact.at)
        return voice.t("source.outside", day=day)
    return voice.t("source.entered", who=who, day=voice.moment_day(fact.at))


def _note(view: CaseView, field: Field) -> str:
    """What stands beside the value: the reason of a judgement, or where an outside fact was seen."""
    fact = view.case.facts.get(field.name)
    if fact is None:
        return ""
    return fact.source_note if field.source == "outside" else fact.reason if field.is_judgement else ""


def _expected(voice: Voice, workflow: Workflow, field: Field) -> str:
    """An unknown fact says who can bring it about."""
    roles = field.who or field.by
    names = [voice.text(workflow.roles[role].name) for role in roles if role in workflow.roles]
    return voice.t("source.from", who=", ".join(names)) if names else ""
