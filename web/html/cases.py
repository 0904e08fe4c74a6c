"""Cases: the list with search, the page of one case, its log."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, render_template, request, url_for

from web import current
from web.html.asking import fresh_head
from web.presenters import case as case_page
from web.presenters.faults import Faults
from web.presenters.lists import case_list, read_filters, read_place
from web.presenters.log import FILTERS, log_days

blueprint = Blueprint("cases", __name__, url_prefix="/cases")

LOG_ON_PAGE: Final = 12
LOG_PAGE: Final = 100
PAGE: Final = 50


@blueprint.get("")
def index() -> str:
    """This will list the cases that the reader may see, cut to the search and filters in the address."""
    filters = read_filters(request.args)
    reader = current.query_reader()
    lines = current.queries().cases(reader, filters, after=read_place(request.args), limit=PAGE + 1)
    total = current.queries().count_cases(reader, filters)
    return render_template("cases/index.html", cases=case_list(current.voice(), lines, filters, total, PAGE))


@blueprint.get("/<case_id>")
def show(case_id: str) -> str:
    """This will show one case: where it stands, what may be done, what is known."""
    return draw(case_id)


def draw(case_id: str, *, faults: Faults | None = None, message: str = "", audience: str = "internal") -> str:
    """This will draw the case page; after a "no" with the summary first and the typed message kept."""
    view, voice = current.view(case_id), current.voice()
    queries, reader = current.queries(), current.query_reader()
    page = case_page.page(
        voice,
        view,
        form=fresh_head(case_id),
        log=queries.case_log(reader, case_id, limit=LOG_ON_PAGE),
        people=queries.people_on_case(reader, case_id),
        deadlines=queries.deadlines(reader, case_id=case_id),
    )
    return render_template("cases/show.html", case=page, faults=faults, message=message, audience=audience)


@blueprint.get("/<case_id>/log")
def log(case_id: str) -> str:
    """This will show the log of a case, newest first, cut to one kind of event by ``?only=``."""
    view, voice = current.view(case_id), current.voice()
    only = request.args.get("only", "all")
    only = only if only in FILTERS else "all"
    before = request.args.get("before", "")
    entries = current.queries().case_log(
        current.query_reader(),
        case_id,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None,
        limit=LOG_PAGE,
    )
    last = min((entry.sequence for entry in entries), default=1)
    older = url_for("cases.log", case_id=case_id, only=only, before=last) if last > 1 else ""
    return render_template(
        "cases/log.html",
        head=case_page.head(voice, view),
        days=log_days(voice, view.workflow, entries, only=only),
        only=only,
        filters=FILTERS,
        older=older,
    )
