"""The company's inquiry: choose where, read what becomes public, answer one form, get a case number.

The notices come before any text field. Their confirmation travels with the form and is stored with the case;
without it no inquiry is taken in, whatever was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.application.handle_command import handle
from engine.application.open_case import open_case
from engine.application.results import Result
from engine.domain.case import Infrastructure
from engine.domain.commands import NoticeKind, OpenCase, RecordFacts
from engine.domain.permissions import Assignment
from engine.domain.reasons import InvalidInput
from engine.domain.values import Text
from web import current
from web.forms.entries import as_shown
from web.forms.inquiry import NAMES, SIZE_FIELDS, Inquiry, read_inquiry
from web.presenters.company_steps import title_of
from web.presenters.inquiry import FORMS, NOTICE_VERSION, form_page, notice_kind, notice_page, ways_in

blueprint = Blueprint("inquiry", __name__, url_prefix="/inquiry")

FORM_FIELDS: Final = {
    "sme.org_nr": "org_nr",
    "sme.name": "name",
    "sme.active": "active",
    "sme.headcount_awu": "headcount",
    "sme.turnover_meur": "turnover",
    "sme.balance_meur": "balance",
    "sme.public_control_pct": "public_control",
    "sme.contact_name": "contact_name",
    "sme.contact_email": "contact_email",
    "scope.title_sv": "title",
    "scope.title_en": "title",
    "scope.purpose": "purpose",
    "scope.start_date": "start_date",
    "scope.end_date": "end_date",
}
"""Field of the dictionary to field of the form, for faults that the engine finds."""


@blueprint.get("")
def index() -> str:
    """This will show the infrastructures that take inquiries."""
    ways = ways_in(current.infrastructures().values(), current.organisations(), current.voice())
    return render_template("inquiry/choose.html", ways=ways)


@blueprint.get("/<infrastructure_id>")
def notice(infrastructure_id: str) -> str:
    """This will show what becomes public, and how personal data are processed, before any text field."""
    place = _place(infrastructure_id)
    return render_template("inquiry/notice.html", notice=notice_page(place, _host(place), current.voice()))


@blueprint.post("/<infrastructure_id>/questions")
def questions(infrastructure_id: str) -> str | tuple[str, int]:
    """This will show the form to somebody of a company who has confirmed the notices. Writes nothing."""
    place = _place(infrastructure_id)
    unread = _unread(place)
    if unread:
        page = notice_page(place, _host(place), current.voice(), faults=unread)
        return render_template("inquiry/notice.html", notice=page), 422
    if _company() is None:
        return render_template("inquiry/sign_in.html", notice=notice_page(place, _host(place), current.voice()))
    return _form(place, typed=_prefilled(), faults={}, key=current.new_key())


@blueprint.post("/<infrastructure_id>")
def send(infrastructure_id: str) -> Response | str | tuple[str, int]:
    """This will open the case, or show the form again with every fault and everything that was typed."""
    place, company = _place(infrastructure_id), _company()
    if company is None:
        return render_template("inquiry/sign_in.html", notice=notice_page(place, _host(place), current.voice())), 403
    unread, key = _unread(place), request.form.get("key", "")[:100] or current.new_key()
    read = read_inquiry(
        request.form.to_dict(),
        today=current.today(),
        texts=current.voice().texts,
        own_org_nr=company.company_org_nr,
    )
    if unread:
        page = notice_page(place, _host(place), current.voice(), faults=unread)
        return render_template("inquiry/notice.html", notice=page, typed=read.typed, key=key), 422
    if read.inquiry is None:
        return _form(place, typed=read.typed, faults=read.faults, key=key), 422
    try:
        result = _open(place, read.inquiry, key)
    except InvalidInput as error:
        faults = {FORM_FIELDS.get(name, "purpose"): text for name, text in error.faults.items()}
        return _form(place, typed=read.typed, faults=faults, key=key), 422
    return redirect(url_for("inquiry.receipt", case_id=result.case_id))


@blueprint.get("/received/<case_id>")
def receipt(case_id: str) -> str:
    """This will show the case number and what happens now."""
    view, voice = current.view(case_id), current.voice()
    host = current.organisation_name(view.case.host_org)
    title = title_of(view.facts, voice.language) or case_id
    return render_template("inquiry/receipt.html", case_id=case_id, host=host, title=title)


def _open(place: Infrastructure, inquiry: Inquiry, key: str) -> Result:
    """Opens the case, then dates the size figures with their accounting year. Both are safe to send twice."""
    kind: NoticeKind = "public_body" if notice_kind(place.form) == "public_body" else "public_access"
    opening = OpenCase(
        case_id="",
        infrastructure_id=place.id,
        language="en" if inquiry.language == "en" else "sv",
        values={name: value for name, value in inquiry.values.items() if name not in SIZE_FIELDS},
        notices={kind: NOTICE_VERSION, "privacy": NOTICE_VERSION},
    )
    result = open_case(current.ports(), opening, current.asked(revision=None, key=key))
    year = current.voice().texts.say("inquiry.accounting_year", inquiry.language)
    figures = RecordFacts(
        values={name: inquiry.values[name] for name in SIZE_FIELDS},
        source_note=f"{year} {inquiry.accounting_year}",
    )
    handle(current.ports(), result.case_id, figures, current.asked(revision=None, key=f"{key}:size"))
    return result


def _form(place: Infrastructure, *, typed: Mapping[str, str], faults: Mapping[str, Text], key: str) -> str:
    company = _company()
    page = form_page(
        place,
        _host(place),
        current.voice(),
        typed=typed,
        faults=faults,
        key=key,
        is_company_fixed=company is not None and company.company_org_nr is not None,
    )
    return render_template("inquiry/form.html", form=page)


def _place(infrastructure_id: str) -> Infrastructure:
    place = current.infrastructures().get(infrastructure_id)
    if place is None or place.status != "active" or place.form not in FORMS:
        abort(404)
    return place


def _host(place: Infrastructure) -> Text:
    owner = current.organisations().get(place.owner_org)
    return owner.name if owner is not None else Text(sv=place.owner_org, en=place.owner_org)


def _company() -> Assignment | None:
    """The assignment with which the person signed in asks for a company, or None."""
    reader = current.reader()
    if reader is None:
        return None
    return next((held for held in reader.assignments if held.role == "sme_contact"), None)


def _unread(place: Infrastructure) -> tuple[str, ...]:
    wanted = (notice_kind(place.form), "privacy")
    return tuple(kind for kind in wanted if request.form.get(kind) != NOTICE_VERSION)


def _prefilled() -> dict[str, str]:
    """What is known before anything is typed: the company of the account and, from its latest case, its name."""
    company, person = _company(), current.signed_in().person
    typed = {"contact_email": person.email, "contact_name": person.name, "language": current.voice().language}
    earlier = current.queries().company_cases(current.query_reader()) if company is not None else ()
    if earlier:
        typed["name"] = earlier[0].company
    typed |= {name: as_shown(request.form[name]) for name in NAMES if name in request.form}
    if company is not None and company.company_org_nr is not None:
        typed["org_nr"] = company.company_org_nr
    return typed
