"""The frame around every page: places, language, theme, person, demo day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import request, url_for

from web import current
from web.security import nonce


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place of the main menu."""

    href: str
    label: str
    icon: str
    is_current: bool
    is_wide_only: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Everything that ``base.html``, ``staff.html`` and ``open.html`` draw."""

    style_sheets: tuple[str, ...]
    scripts: tuple[str, ...]
    nonce: str
    theme: str
    home: str
    here: str
    places: tuple[Place, ...]
    person: str
    person_short: str
    search: str
    other_language: str
    other_theme: str
    demo_day: str
    inquiry: str
    is_settings: bool


PLACES = (
    ("work.index", "work", "list-checks", False),
    ("cases.index", "cases", "folder", False),
    ("reviews.index", "reviews", "scales", False),
    ("documents.index", "documents", "file-text", True),
)
"""Endpoint, text key and icon of each place; the last says whether it gives way on a phone."""


def frame() -> Frame:
    """This will return the frame of the page that this request shows."""
    voice = current.voice()
    reader = current.reader()
    theme = current.theme()
    services = current.services()
    return Frame(
        style_sheets=(asset("samverk.css"),),
        scripts=(),
        nonce=nonce(),
        theme=theme,
        home=url_for("session.home"),
        here=request.full_path.rstrip("?") if request.method == "GET" else request.path,
        places=_places() if reader is not None and reader.is_staff else (),
        person=reader.person.name if reader is not None else "",
        person_short=reader.person.name.split(",", 1)[0] if reader is not None else "",
        search=request.args.get("q", "") if request.endpoint == "cases.index" else "",
        other_language="en" if voice.language == "sv" else "sv",
        other_theme="light" if theme == "dark" else "dark",
        demo_day=voice.long_day(current.today()) if services.is_demo else "",
        inquiry=url_for("inquiry.index"),
        is_settings=request.endpoint == "session.settings",
    )


def asset(name: str) -> str:
    """This will return the address of a built file by its logical name. Raises KeyError for an unknown one."""
    manifest = current.services().settings.static_build / "manifest.json"
    return url_for("static", filename=f"build/{_read(manifest, manifest.stat().st_mtime_ns)[name]}")


def icon_href(name: str) -> str:
    """This will return the address of one icon of the sprite."""
    return f"{asset('icons.svg')}#i-{name}"


def _places() -> tuple[Place, ...]:
    voice = current.voice()
    blueprint = (request.endpoint or "").split(".", 1)[0]
    return tuple(
        Place(
            href=url_for(endpoint),
            label=voice.t(f"place.{key}"),
            icon=sign,
            is_current=blueprint == endpoint.split(".", 1)[0],
            is_wide_only=is_wide_only,
        )
        for endpoint, key, sign, is_wide_only in PLACES
    )


@lru_cache(maxsize=2)
def _read(manifest: Path, _changed_at: int) -> Mapping[str, str]:
    """The manifest, read again when it has been built anew."""
    built: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))
    return built
