"""The pages of an inquiry: where to ask, what must be known first, the form, the receipt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from engine.application.queries import Organisation
from engine.domain.case import Infrastructure
from engine.domain.values import Text
from web.forms.inquiry import LANGUAGES, USES
from web.voice import Voice

FORMS: Final = ("state", "regional", "company")
NOTICE_VERSION: Final = "1"
"""The version of every notice text shown here; it is stored with the confirmation. Raise it with the wording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """One infrastructure to ask at."""

    id: str
    name: str
    form: str
    form_word: str
    owner: str
    first_thing: str
    ask: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePage:
    """What must be known before a word is written."""

    infrastructure: str
    name: str
    form: str
    host: str
    kind: str
    title: str
    words: str
    why: str
    confirm: str
    privacy: str
    region_link: str
    outline: tuple[str, ...]
    faults: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One field of the form. ``autocomplete`` tells the browser what is asked; ``is_fixed`` cannot be changed."""

    name: str
    label: str
    kind: str
    typed: str
    hint: str = ""
    error: str = ""
    mode: str = ""
    autocomplete: str = "off"
    is_fixed: bool = False
    is_required: bool = True

    @property
    def id(self) -> str:
        """The id in the page."""
        return f"f-{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One answer to a question with a few alternatives."""

    value: str
    words: str
    hint: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """The form itself. ``faults`` are field id and sentence, in the order of the form."""

    infrastructure: str
    name: str
    form: str
    host: str
    kind: str
    reminder: str
    key: str
    company: tuple[Question, ...]
    size: tuple[Question, ...]
    contact: tuple[Question, ...]
    title: Question
    purpose: Question
    dates: tuple[Question, ...]
    active: tuple[Alternative, ...]
    active_fault: str
    uses: tuple[Alternative, ...]
    use_fault: str
    languages: tuple[Alternative, ...]
    faults: tuple[tuple[str, str], ...]


def ways_in(
    infrastructures: Iterable[Infrastructure], organisations: Mapping[str, Organisation], voice: Voice
) -> tuple[WayIn, ...]:
    """This will return the infrastructures that take inquiries, by ownership form and name."""
    open_ones = [place for place in infrastructures if place.status == "active" and place.form in FORMS]
    return tuple(
        WayIn(
            id=place.id,
            name=_name(place, voice),
            form=place.form,
            form_word=voice.t(f"public.form.{place.form}"),
            owner=_owner(place, organisations, voice),
            first_thing=voice.t(f"public.way.{place.form}"),
            ask=voice.t("public.way.ask_at", name=_name(place, voice)),
        )
        for place in sorted(open_ones, key=lambda place: (FORMS.index(place.form), _name(place, voice), place.id))
    )


def notice_kind(form: str) -> str:
    """This will return the notice that a form begins with: public access at an authority, else the limits of an NDA."""
    return "public_body" if form == "company" else "public_access"


def notice_page(place: Infrastructure, host: Text, voice: Voice, *, faults: Iterable[str] = ()) -> NoticePage:
    """This will return the notices. ``faults`` are the names of boxes that were not ticked."""
    kind, host_name = notice_kind(place.form), voice.text(host)
    values = {"host": host_name} if kind == "public_access" else {}
    return NoticePage(
        infrastructure=place.id,
        name=_name(place, voice),
        form=place.form,
        host=host_name,
        kind=kind,
        title=voice.t(f"inquiry.notice.{kind}_title"),
        words=voice.t(f"inquiry.notice.{kind}", **values),
        why=voice.t(f"inquiry.notice.{kind}_why", **values),
        confirm=voice.t(f"inquiry.notice.confirm_{kind}"),
        privacy=voice.t("inquiry.notice.privacy", host=host_name),
        region_link=voice.t("inquiry.notice.region_link") if place.form == "regional" else "",
        outline=tuple(voice.t(f"inquiry.notice.outline_{step}") for step in (1, 2, 3, 4)),
        faults=tuple((f"f-{name}", voice.t("inquiry.notice.confirm_fault")) for name in faults),
    )


def form_page(
    place: Infrastructure,
    host: Text,
    voice: Voice,
    *,
    typed: Mapping[str, str],
    faults: Mapping[str, Text],
    key: str,
    is_company_fixed: bool,
) -> FormPage:
    """This will return the form with everything that was typed and every fault beside its field."""
    kind, host_name = notice_kind(place.form), voice.text(host)

    def ask(
        name: str, label: str, *, kind: str = "text", hint: str = "", mode: str = "", auto: str = "off"
    ) -> Question:
        fault = faults.get(name)
        return Question(
            name=name,
            label=voice.t(label),
            kind=kind,
            typed=typed.get(name, ""),
            hint=voice.t(hint) if hint else "",
            error=voice.text(fault) if fault is not None else "",
            mode=mode,
            autocomplete=auto,
            is_fixed=is_company_fixed and name == "org_nr",
            is_required=name not in ("start_date", "end_date"),
        )

    number = "inquiry.company_fixed" if is_company_fixed else "inquiry.org_nr_hint"
    return FormPage(
        infrastructure=place.id,
        name=_name(place, voice),
        form=place.form,
        host=host_name,
        kind=kind,
        reminder=voice.t(f"inquiry.notice.{kind}", **({"host": host_name} if kind == "public_access" else {})),
        key=key,
        company=(
            ask("org_nr", "inquiry.org_nr", hint=number, mode="numeric"),
            ask("name", "inquiry.name", hint="inquiry.name_hint", auto="organization"),
        ),
        size=(
            ask("accounting_year", "inquiry.accounting_year", hint="inquiry.accounting_year_hint", mode="numeric"),
            ask("headcount", "inquiry.headcount", hint="inquiry.headcount_hint", mode="decimal"),
            ask("turnover", "inquiry.turnover", hint="inquiry.euro_hint", mode="decimal"),
            ask("balance", "inquiry.balance", hint="inquiry.euro_hint", mode="decimal"),
            ask("public_control", "inquiry.public_control", hint="inquiry.public_control_hint", mode="decimal"),
        ),
        contact=(
            ask("contact_name", "inquiry.contact_name", auto="name"),
            ask("contact_email", "inquiry.contact_email", kind="email", auto="email"),
        ),
        title=ask("title", "inquiry.work_title", hint="inquiry.work_title_hint"),
        purpose=ask("purpose", "inquiry.purpose", kind="area", hint="inquiry.purpose_hint"),
        dates=(
            ask("start_date", "inquiry.start_date", kind="date", hint="inquiry.date_hint"),
            ask("end_date", "inquiry.end_date", kind="date", hint="inquiry.date_hint"),
        ),
        active=tuple(
            Alternative(value=code, words=voice.t(f"inquiry.{code}"), hint="", is_chosen=typed.get("active") == code)
            for code in ("yes", "no")
        ),
        active_fault=_said(faults, "active", voice),
        uses=tuple(
            Alternative(
                value=use,
                words=voice.t(f"inquiry.use.{use}"),
                hint=voice.t(f"inquiry.use.{use}_hint"),
                is_chosen=typed.get("use") == use,
            )
            for use in USES
        ),
        use_fault=_said(faults, "use", voice),
        languages=tuple(
            Alternative(value=code, words=words, hint="", is_chosen=typed.get("language", voice.language) == code)
            for code, words in zip(LANGUAGES, ("Svenska", "English"), strict=True)
        ),
        faults=tuple((f"f-{name}", voice.text(fault)) for name, fault in faults.items()),
    )


def _said(faults: Mapping[str, Text], name: str, voice: Voice) -> str:
    return voice.text(faults[name]) if name in faults else ""


def _name(place: Infrastructure, voice: Voice) -> str:
    return place.name_sv if voice.language == "sv" else place.name_en


def _owner(place: Infrastructure, organisations: Mapping[str, Organisation], voice: Voice) -> str:
    owner = organisations.get(place.owner_org)
    words = voice.t("public.way.owned_by", owner=voice.text(owner.name) if owner else place.owner_org)
    partner = organisations.get(place.co_operator)
    if partner is None:
        return words
    return f"{words}, {voice.t('public.way.run_with', owner=voice.text(partner.name))}"
