"""The lawyer's desk: the queue by date, and one case with its text, facts, questions and the opinion to give."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.domain.commands import GiveOpinion
from engine.domain.fields import CHECK_POINTS
from engine.domain.reasons import EngineError
from engine.domain.values import Text
from web import current
from web.errors import status_of
from web.forms.case_forms import read_line
from web.html.asking import ask, done, fresh_head, no
from web.presenters.faults import Faults, of_entries
from web.presenters.lists import read_place
from web.presenters.review import OpinionForm, review_page, review_queue

blueprint = Blueprint("reviews", __name__)

PAGE: Final = 50
OPINIONS: Final = ("approve", "approve_with_conditions", "return", "reject")


@blueprint.get("/reviews")
def index() -> str:
    """This will show the cases that wait for the reader's legal department, longest waiting first."""
    lines = current.queries().opinion_queue(current.query_reader(), after=read_place(request.args), limit=PAGE + 1)
    return render_template("reviews/index.html", queue=review_queue(current.voice(), lines, limit=PAGE))


@blueprint.get("/cases/<case_id>/review")
def show(case_id: str) -> str:
    """This will show what an opinion on this case rests on, and the form that gives it."""
    return _draw(case_id, OpinionForm())


@blueprint.post("/cases/<case_id>/review")
def give_opinion(case_id: str) -> str | Response | tuple[str, int]:
    """This will give the opinion, bound to the version and text that were shown, or come back with all typed."""
    voice = current.voice()
    faults: dict[str, Text] = {}
    text = read_line(request.form, "text", faults, is_long=True)
    conditions = read_line(request.form, "conditions", faults, is_long=True)
    opinion = request.form.get("opinion", "")
    version = request.form.get("scope_version", "")
    checks = {name: request.form[name] == "yes" for name in CHECK_POINTS if request.form.get(name) in ("yes", "no")}
    typed = OpinionForm(
        opinion=opinion,
        text=request.form.get("text", ""),
        conditions=request.form.get("conditions", ""),
        checks=checks,
    )
    if opinion not in OPINIONS:
        faults["opinion"] = Text(sv="Välj ett ställningstagande", en="Choose a position")
    if faults:
        return _draw(case_id, typed, of_entries(voice, faults)), 422
    command = GiveOpinion(
        opinion=opinion,  # type: ignore[arg-type]  # one of OPINIONS, checked above
        text=text,
        checks=checks,
        scope_version=int(version) if version.isascii() and version.isdigit() and len(version) < 6 else 0,
        doc_hash=request.form.get("doc_hash", "")[:64],
        conditions=tuple(line.strip() for line in conditions.split("\n") if line.strip()),
    )
    try:
        ask(case_id, command)
    except EngineError as error:
        return _draw(case_id, typed, no(case_id, error)), status_of(error)
    return done("done.opinion", url_for("cases.show", case_id=case_id, _anchor="yttranden"))


def _draw(case_id: str, typed: OpinionForm, faults: Faults | None = None) -> str:
    view = current.view(case_id)
    page = review_page(current.voice(), view, view.actor, typed)
    return render_template("reviews/show.html", review=page, form=fresh_head(case_id), faults=faults)
