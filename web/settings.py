"""What the operator decides: read once from the environment, checked at once, handed down.

Each setting is one line of ``SETTINGS``; ``docs/reference/settings.md`` documents the same lines, and a test compares.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, cast, get_args
from urllib.parse import urlsplit

from engine.domain.reasons import EngineError
from engine.domain.values import Text

Mode = Literal["demo", "production", "test"]

SETTINGS: Final[Mapping[str, str]] = {
    "SAMVERK_MODE": "demo",
    "SAMVERK_DATABASE_URL": "sqlite:///<SAMVERK_DATA_DIR>/samverk.db",
    "SAMVERK_DATA_DIR": "var",
    "SAMVERK_SECRET_KEY": "",
    "SAMVERK_TRUSTED_HOSTS": "",
    "SAMVERK_HOST": "127.0.0.1",
    "SAMVERK_PORT": "8000",
    "SAMVERK_THREADS": "8",
    "SAMVERK_SMTP_URL": "",
}
"""Every setting with its default. A default must be safe in production and may be public."""

LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
SHORTEST_SECRET: Final = 32

_CHECKOUT: Final = Path(__file__).resolve().parent.parent


class SettingsError(EngineError):
    """Settings that cannot be used; the sentence names every fault and how to mend it."""

    code = "settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one process.

    ``trusted_hosts`` are the names that may stand in a Host header, without port. ``smtp_url`` is None where no mail
    leaves the product. ``workflows``, ``templates`` and ``static_build`` are folders of the product itself.
    """

    mode: Mode
    database_url: str
    data_dir: Path
    secret_key: str
    trusted_hosts: tuple[str, ...]
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    smtp_url: str | None = None
    workflows: Path = _CHECKOUT / "workflows"
    templates: Path = _CHECKOUT / "templates"
    static_build: Path = _CHECKOUT / "web" / "static" / "build"

    @property
    def is_demo(self) -> bool:
        """True when demo accounts exist and the demo day is shown."""
        return self.mode == "demo"

    @property
    def is_production(self) -> bool:
        """True when real cases are kept: secure cookies, no demo accounts, no demo clock."""
        return self.mode == "production"

    @property
    def sqlite_file(self) -> Path | None:
        """The file of the SQLite database, or None on PostgreSQL."""
        address = self.database_url
        return Path(address.removeprefix("sqlite:///")) if address.startswith("sqlite:///") else None

    @property
    def files_dir(self) -> Path:
        """Where issued and uploaded files lie, by their hash."""
        return self.data_dir / "files"


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """This will read and check the settings.

    In demo mode a secret is made on first use and kept in the data folder, so that sessions survive a restart.
    Raises SettingsError with every fault at once.
    """
    given = {name: value.strip() for name, value in (os.environ if environ is None else environ).items()}
    faults: list[Text] = []

    mode = _mode(given, faults)
    data_dir = Path(_value(given, "SAMVERK_DATA_DIR")).absolute()
    hosts = tuple(host.strip() for host in _value(given, "SAMVERK_TRUSTED_HOSTS").split(",") if host.strip())
    secret = _value(given, "SAMVERK_SECRET_KEY")
    if mode == "production":
        faults += _production_faults(secret, hosts)
        faults += [_unknown(name) for name in sorted(given) if name.startswith("SAMVERK_") and name not in SETTINGS]
    database_url = given.get("SAMVERK_DATABASE_URL") or f"sqlite:///{data_dir / 'samverk.db'}"
    faults += _database_faults(database_url)
    smtp_url = _value(given, "SAMVERK_SMTP_URL")
    faults += _smtp_faults(smtp_url)
    port = _number(given, "SAMVERK_PORT", 0, 65535, faults)
    threads = _number(given, "SAMVERK_THREADS", 1, 64, faults)
    if faults:
        raise SettingsError(Text(sv="\n".join(f.sv for f in faults), en="\n".join(f.en for f in faults)))
    return Settings(
        mode=mode,
        database_url=database_url,
        data_dir=data_dir,
        secret_key=secret or _kept_secret(data_dir),
        trusted_hosts=hosts or LOOPBACK,
        host=_value(given, "SAMVERK_HOST"),
        port=port,
        threads=threads,
        smtp_url=smtp_url or None,
        workflows=product_folder("workflows"),
        templates=product_folder("templates"),
    )


def terminal_language(environ: Mapping[str, str] | None = None) -> str:
    """This will return ``sv`` where the operator's terminal speaks Swedish, else ``en``."""
    given = os.environ if environ is None else environ
    spoken = given.get("LC_ALL") or given.get("LC_MESSAGES") or given.get("LANG") or ""
    return "sv" if spoken.startswith("sv") else "en"


def product_folder(name: str) -> Path:
    """This will find a data folder of the product: in the checkout, else inside the installed package."""
    checkout = _CHECKOUT / name
    return checkout if checkout.is_dir() else _CHECKOUT / "engine" / "_data" / name


def _value(given: Mapping[str, str], name: str) -> str:
    return given.get(name) or SETTINGS[name]


def _mode(given: Mapping[str, str], faults: list[Text]) -> Mode:
    mode = _value(given, "SAMVERK_MODE")
    if mode not in get_args(Mode):
        faults.append(
            Text(
                sv=f"SAMVERK_MODE är ”{mode}”. Ange demo, production eller test.",
                en=f'SAMVERK_MODE is "{mode}". Set it to demo, production or test.',
            )
        )
        return "test"
    return cast(Mode, mode)


def _production_faults(secret: str, hosts: tuple[str, ...]) -> list[Text]:
    faults = []
    if len(secret) < SHORTEST_SECRET:
        make = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        faults.append(
            Text(
                sv=f"SAMVERK_SECRET_KEY saknas eller är kortare än {SHORTEST_SECRET} tecken. Skapa en med: {make}",
                en=f"SAMVERK_SECRET_KEY is missing or shorter than {SHORTEST_SECRET} characters. Make one with: {make}",
            )
        )
    if not hosts:
        faults.append(
            Text(
                sv="SAMVERK_TRUSTED_HOSTS saknas. Ange de värdnamn som tjänsten nås under, åtskilda med komma, "
                "till exempel samverk.example.se.",
                en="SAMVERK_TRUSTED_HOSTS is missing. Name the hosts under which the service is reached, separated by "
                "commas, for example samverk.example.se.",
            )
        )
    return faults


def _unknown(name: str) -> Text:
    known = ", ".join(SETTINGS)
    return Text(
        sv=f"{name} är ingen inställning. De som finns är {known}.",
        en=f"{name} is not a setting. These are: {known}.",
    )


def _database_faults(url: str) -> list[Text]:
    if urlsplit(url).scheme in {"sqlite", "postgresql", "postgresql+psycopg"}:
        return []
    return [
        Text(
            sv="SAMVERK_DATABASE_URL ska börja med sqlite:/// eller postgresql://.",
            en="SAMVERK_DATABASE_URL must begin with sqlite:/// or postgresql://.",
        )
    ]


def _smtp_faults(url: str) -> list[Text]:
    parts = urlsplit(url)
    if not url or (parts.scheme in {"smtp", "smtps"} and parts.hostname):
        return []
    return [
        Text(
            sv="SAMVERK_SMTP_URL ska se ut som smtp://namn:lösenord@värd:587.",
            en="SAMVERK_SMTP_URL must look like smtp://name:password@host:587.",
        )
    ]


def _number(given: Mapping[str, str], name: str, least: int, most: int, faults: list[Text]) -> int:
    written = _value(given, name)
    if written.isascii() and written.isdigit() and least <= int(written) <= most:
        return int(written)
    faults.append(
        Text(
            sv=f"{name} är ”{written}”. Ange ett heltal från {least} till {most}.",
            en=f'{name} is "{written}". Give a whole number from {least} to {most}.',
        )
    )
    return least


def _kept_secret(data_dir: Path) -> str:
    """The secret of the demo: made once, readable by its owner only."""
    path = data_dir / "secret-key"
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        data_dir.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass  # Another process of the same demo was quicker; its secret is the one that counts.
    return path.read_text(encoding="ascii").strip()
