"""The sign-in page with its demo accounts, and the page of one's own settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.application.queries import Account
from web import current

ICONS: Final = {
    "sme_contact": "building",
    "sme_signatory": "signature",
    "legal": "scales",
    "lead_legal": "scales",
    "template_owner": "scales",
    "decision_maker": "signature",
    "registrar": "stamp",
    "records_owner": "stamp",
    "archivist": "archive",
    "auditor": "eye",
    "sys_admin": "gear",
    "security": "shield-check",
    "biosafety": "shield-check",
    "finance": "chart-bar",
}

FIRST: Final = (
    "sme_contact", "sme_signatory", "pm", "ops_manager", "legal", "procurement", "decision_maker", "registrar",
    "records_owner",
)  # fmt: skip
"""The roles that a newcomer tries first, in the order of a case."""

FEW: Final = 6

BY_NAME: Final = ("sme_contact", "sme_signatory", "pi")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """One demo account: its address and what it is."""

    email: str
    label: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountGroup:
    """The demo accounts of one organisation."""

    name: str
    form: str
    accounts: tuple[AccountLine, ...]
    more: tuple[AccountLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage:
    """What the sign-in page shows."""

    email: str
    failed: bool
    next_page: str
    groups: tuple[AccountGroup, ...]
    demo_password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRole:
    """A role held today, in words."""

    role: str
    where: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPage:
    """One's own language, theme and roles."""

    name: str
    email: str
    language: str
    theme: str
    roles: tuple[HeldRole, ...]


def sign_in_page(*, email: str, failed: bool, next_page: str) -> SignInPage:
    """This will return the sign-in page; accounts are listed in demo mode only."""
    services = current.services()
    accounts = services.directory.demo_accounts() if services.is_demo else ()
    groups: dict[str, list[Account]] = {}
    for account in accounts:
        groups.setdefault(account.organisation, []).append(account)
    return SignInPage(
        email=email,
        failed=failed,
        next_page=next_page,
        groups=tuple(_group(name, held) for name, held in sorted(groups.items(), key=lambda item: item[0] != "sme")),
        demo_password=services.demo_password if services.is_demo else "",
    )


def settings_page() -> SettingsPage:
    """This will return one's own settings."""
    reader, voice = current.signed_in(), current.voice()
    infrastructures = current.infrastructures()
    roles = []
    for held in reader.assignments:
        place = infrastructures.get(held.infrastructure_id or "")
        parts = [place.name_sv if voice.language == "sv" else place.name_en] if place else []
        parts.append(current.organisation_name(held.organisation))
        until = voice.t("settings.until", day=voice.day(held.valid_to)) if held.valid_to else ""
        roles.append(HeldRole(role=current.role_name(held.role), where=", ".join(parts), until=until))
    return SettingsPage(
        name=reader.person.name,
        email=reader.person.email,
        language=voice.language,
        theme=current.theme(),
        roles=tuple(roles),
    )


def _group(organisation: str, accounts: list[Account]) -> AccountGroup:
    """One column: a role each; people of one company or one case beyond the first stand folded below."""
    known = current.organisations().get(organisation)
    shown: dict[tuple[str, str], AccountLine] = {}
    more = []
    for account in sorted(accounts, key=lambda one: FIRST.index(one.role) if one.role in FIRST else len(FIRST)):
        line = AccountLine(email=account.email, label=_label(account), icon=ICONS.get(account.role, "list-checks"))
        place = (account.role, account.infrastructure)
        if place in shown or (account.role not in FIRST and len(accounts) > FEW):
            more.append(line)
        else:
            shown[place] = line
    return AccountGroup(
        name=current.organisation_name(organisation),
        form=(known.form or "") if known else "",
        accounts=tuple(shown.values()),
        more=tuple(more),
    )


def _label(account: Account) -> str:
    """The role and where it is held; people of a company or of one case by the name of their account."""
    if account.role in BY_NAME:
        return account.name
    place = current.infrastructures().get(account.infrastructure)
    where = "" if place is None else place.name_sv if current.language() == "sv" else place.name_en
    return ", ".join(filter(None, (current.role_name(account.role), where)))
