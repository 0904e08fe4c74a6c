"""The work list: what only the reader can do, as verb links."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, render_template, request

from web import current
from web.presenters.lists import read_filters, read_place, work_list

blueprint = Blueprint("work", __name__)

PAGE: Final = 50


@blueprint.get("/work")
def index() -> str:
    """This will show the cases where it is the reader's turn, longest waiting first."""
    filters = read_filters(request.args)
    reader, queries = current.query_reader(), current.queries()
    lines = queries.work_list(reader, filters, after=read_place(request.args), limit=PAGE + 1)
    only = "late" if request.args.get("only") == "late" else "mine"
    page = work_list(current.voice(), lines, queries.work_counts(reader), filters, only=only, limit=PAGE)
    return render_template("work/index.html", work=page)
