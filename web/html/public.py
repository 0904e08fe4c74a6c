"""The public pages: start, about, accessibility statement. Nobody needs to sign in for them."""

from __future__ import annotations

from flask import Blueprint, render_template

from web import current
from web.presenters.inquiry import ways_in

blueprint = Blueprint("public", __name__)


@blueprint.get("/start")
def start() -> str:
    """This will show what Samverk is, and the ways in by ownership form."""
    ways = ways_in(current.infrastructures().values(), current.organisations(), current.voice())
    return render_template("public/start.html", ways=ways)


@blueprint.get("/about")
def about() -> str:
    """This will show what the product is, that it gives no legal advice, and what it does with personal data."""
    return render_template("public/about.html")


@blueprint.get("/accessibility")
def accessibility() -> str:
    """This will show the accessibility statement."""
    return render_template("public/accessibility.html")
