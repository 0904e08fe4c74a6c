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
        groups=tuple(_group(organisation, held) for organisation, held in groups.items()),
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
    known = current.organisations().get(organisation)
    return AccountGroup(
        name=current.organisation_name(organisation),
        form=(known.form or "") if known else "",
        accounts=tuple(
            AccountLine(
                email=account.email,
                label=", ".join(filter(None, (current.role_name(account.role), account.infrastructure))),
                icon=ICONS.get(account.role, "list-checks"),
            )
            for account in accounts
        ),
    )
