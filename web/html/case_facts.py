"""Recording facts and rows on a case: one sheet, one row. A material change shows its impact before it is saved."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.domain.commands import RecordFacts, RecordRow, RemoveRow
from engine.domain.fields import RowTable
from engine.domain.reasons import EngineError
from engine.domain.values import Text
from web import current
from web.errors import status_of
from web.forms.case_forms import Answers, read_changes, read_day, read_line, read_row
from web.html.asking import ask, done, fresh_head, no
from web.html.cases import blueprint
from web.presenters import case as case_page
from web.presenters import facts
from web.presenters.edit import edit_row, edit_sheet
from web.presenters.faults import Faults, of_entries
from web.presenters.impact import Impact, impact_of

View = str | Response | tuple[str, int]


@blueprint.get("/<case_id>/facts/<group>")
def edit_facts(case_id: str, group: str) -> View:
    """This will show the fields of one sheet that the reader may record."""
    return _draw_sheet(case_id, group, Answers(values={}, typed={}, faults={}))


@blueprint.post("/<case_id>/facts/<group>")
def record_facts(case_id: str, group: str) -> View:
    """This will save what was changed, or come back with everything typed and what stands in the way."""
    view, voice = current.view(case_id), current.voice()
    fields = facts.recordable(view, group, view.actor.roles)
    answers = read_changes(fields, request.form)
    faults: dict[str, Text] = dict(answers.faults)
    reason = read_line(request.form, "reason", faults, is_long=True)
    source_note = read_line(request.form, "source_note", faults)
    observed_on = read_day(request.form, "observed_on", faults)
    if faults:
        return _draw_sheet(case_id, group, answers, faults=of_entries(voice, faults), notes=faults), 422
    if not answers.values:
        return done("done.nothing_changed", _back(case_id, f"uppgifter-{group}"))
    accepted = request.form.get("accept_return") == "yes"
    impact = impact_of(voice, view, answers.values)
    if impact is not None and not accepted:
        return _draw_sheet(case_id, group, answers, impact=impact)
    command = RecordFacts(
        values=answers.values,
        reason=reason,
        source_note=source_note,
        observed_on=observed_on,
        accept_return=accepted,
    )
    try:
        ask(case_id, command)
    except EngineError as error:
        return _draw_sheet(case_id, group, answers, faults=no(case_id, error), is_conflict=True), status_of(error)
    return done("done.saved", _back(case_id, f"uppgifter-{group}"))


@blueprint.get("/<case_id>/rows/<table>/<row_id>")
def edit_row_form(case_id: str, table: str, row_id: str) -> View:
    """This will show one row of a table, or an empty one for ``new``."""
    return _draw_row(case_id, _table(case_id, table), row_id)


@blueprint.post("/<case_id>/rows/<table>/<row_id>")
def record_row(case_id: str, table: str, row_id: str) -> View:
    """This will save a row, or come back with everything typed."""
    kind, voice, view = _table(case_id, table), current.voice(), current.view(case_id)
    answers = read_row(kind.columns, request.form)
    if answers.faults:
        return _draw_row(case_id, kind, row_id, answers, faults=of_entries(voice, answers.faults)), 422
    accepted = request.form.get("accept_return") == "yes"
    impact = impact_of(voice, view, {}, table=kind)
    if impact is not None and not accepted:
        return _draw_row(case_id, kind, row_id, answers, impact=impact)
    target = request.form.get("row", "") if row_id == "new" else row_id
    if not target.isascii() or not target.isprintable() or len(target) > 64:
        abort(400)
    command = RecordRow(table=table, row_id=target or current.new_key(), values=answers.values, accept_return=accepted)
    try:
        ask(case_id, command)
    except EngineError as error:
        return _draw_row(case_id, kind, row_id, answers, faults=no(case_id, error)), status_of(error)
    return done("done.saved", _back(case_id, f"rader-{table}"))


@blueprint.post("/<case_id>/rows/<table>/<row_id>/remove")
def remove_row(case_id: str, table: str, row_id: str) -> View:
    """This will take a row out; it stays in the log."""
    kind, view = _table(case_id, table), current.view(case_id)
    accepted = request.form.get("accept_return") == "yes"
    impact = impact_of(current.voice(), view, {}, table=kind)
    if impact is not None and not accepted:
        return _draw_row(case_id, kind, row_id, impact=impact, is_removal=True)
    try:
        ask(case_id, RemoveRow(table=table, row_id=row_id, accept_return=accepted))
    except EngineError as error:
        return _draw_row(case_id, kind, row_id, faults=no(case_id, error)), status_of(error)
    return done("done.removed", _back(case_id, f"rader-{table}"))


def _draw_sheet(
    case_id: str,
    group: str,
    answers: Answers,
    *,
    faults: Faults | None = None,
    notes: dict[str, Text] | None = None,
    impact: Impact | None = None,
    is_conflict: bool = False,
) -> str:
    view, voice = current.view(case_id), current.voice()
    fields = facts.recordable(view, group, view.actor.roles)
    if not fields:
        abort(404)
    sheet = edit_sheet(
        voice, view, group, fields, answers, notes=notes or {}, form=request.form, is_conflict=is_conflict
    )
    return render_template(
        "cases/edit_facts.html",
        head=case_page.head(voice, view),
        form=fresh_head(case_id),
        sheet=sheet,
        faults=faults,
        impact=impact,
    )


def _draw_row(
    case_id: str,
    table: RowTable,
    row_id: str,
    answers: Answers | None = None,
    *,
    faults: Faults | None = None,
    impact: Impact | None = None,
    is_removal: bool = False,
) -> str:
    view, voice = current.view(case_id), current.voice()
    stored = view.case.rows.get(table.name, {}).get(row_id)
    if stored is None and row_id != "new":
        abort(404)
    return render_template(
        "cases/edit_row.html",
        head=case_page.head(voice, view),
        form=fresh_head(case_id),
        row=edit_row(
            voice, case_id, table, row_id, stored, answers, new_id=request.form.get("row") or current.new_key()
        ),
        faults=faults,
        impact=impact,
        is_removal=is_removal,
    )


def _table(case_id: str, name: str) -> RowTable:
    view = current.view(case_id)
    table = view.workflow.tables.get(name)
    if table is None or not set(table.by) & set(view.actor.roles):
        abort(404)
    return table


def _back(case_id: str, anchor: str) -> str:
    return url_for("cases.show", case_id=case_id, _anchor=anchor)
