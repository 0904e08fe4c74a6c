"""What the pages show: every icon is in the sprite, every colour pair is readable, nothing comes from elsewhere."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "web"
THEME = (WEB / "assets" / "theme.css").read_text(encoding="utf-8")
PALETTE = {
    name: (light, dark) for name, light, dark in re.findall(r"--([\w-]+):\s*light-dark\((#\w{6}), (#\w{6})\)", THEME)
}
INKS = ("ink", "ink-2", "ink-3", "petrol", "stop", "done", "wall", "turn-ink", "state", "regional", "company")
PAIRS = [
    *product(INKS, ("ground", "sheet", "raised"), (4.5,)),
    ("ink-2", "sunk", 4.5),
    ("ink-3", "sunk", 4.5),
    ("on-petrol", "petrol", 4.5),
    ("on-petrol", "petrol-deep", 4.5),
    ("on-turn", "turn", 4.5),
    ("petrol-deep", "petrol-tint", 4.5),
    ("stop", "stop-tint", 4.5),
    ("done", "done-tint", 4.5),
    ("wall", "wall-tint", 4.5),
    ("ink", "turn-tint", 4.5),
    ("line-strong", "sheet", 3.0),
    ("line-strong", "ground", 3.0),
]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class TestColours:
    @pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
    def test_are_readable_on_each_ground_in_both_themes(self, ink: str, ground: str, least: float) -> None:
        for theme in (0, 1):
            assert contrast(PALETTE[ink][theme], PALETTE[ground][theme]) >= least


class TestIcons:
    def test_of_the_pages_are_all_in_the_sprite(self) -> None:
        sprite = json.loads((WEB / "assets" / "icons.json").read_text(encoding="utf-8"))
        used = {
            name
            for page in (WEB / "pages").rglob("*.html")
            for name in re.findall(r"\bicon\(['\"]([a-z-]+)['\"]", page.read_text(encoding="utf-8"))
        }

        assert used - set(sprite) == set()
        assert len(used) > 10


class TestBuild:
    def test_holds_what_the_manifest_names(self) -> None:
        build = WEB / "static" / "build"
        manifest = json.loads((build / "manifest.json").read_text(encoding="utf-8"))

        assert {"samverk.css", "htmx.js", "icons.svg", "mark.svg"} <= set(manifest)
        for file in manifest.values():
            assert (build / file).stat().st_size > 0

    def test_loads_nothing_from_elsewhere_and_is_lowered_for_older_browsers(self) -> None:
        build = WEB / "static" / "build"
        manifest = json.loads((build / "manifest.json").read_text(encoding="utf-8"))
        styles = (build / manifest["samverk.css"]).read_text(encoding="utf-8")

        assert not re.search(r"url\(['\"]?(?:https?:)?//", styles)
        assert "@supports not (color:light-dark" in styles.replace("color: ", "color:")
