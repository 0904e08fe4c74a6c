"""The words of the interface: both languages, every key that a page asks for, every event with its partial."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from engine.domain.events import Event
from web.presenters.log import kind_of
from web.rights import RIGHTS
from web.translation import LANGUAGES, UnknownText, catalogue

WEB = Path(__file__).resolve().parents[3] / "web"
PAGES = sorted((WEB / "pages").rglob("*.html"))
CODE = sorted([*(WEB / "presenters").rglob("*.py"), *(WEB / "html").rglob("*.py")])


def gaps(wording: object) -> set[str]:
    texts = wording.values() if isinstance(wording, dict) else [wording]
    return {name for text in texts for _, name, _, _ in Formatter().parse(str(text)) if name}


class TestCatalogue:
    def test_asks_for_the_same_values_in_both_languages(self) -> None:
        differing = {
            key: entry
            for key, entry in catalogue().texts.items()
            if gaps(entry["sv"]) - {"n"} != gaps(entry["en"]) - {"n"}
        }
        assert differing == {}

    def test_has_every_key_that_a_page_names(self) -> None:
        asked = {
            key for page in PAGES for key in re.findall(r"\bt\(['\"]([\w.]+)['\"]\s*[,)]", page.read_text("utf-8"))
        }
        assert {key for key in asked if not catalogue().has(key)} == set()

    def test_has_every_key_that_the_code_names(self) -> None:
        asked = {key for file in CODE for key in re.findall(r"\.t\(\"([\w.]+)\"\s*[,)]", file.read_text("utf-8"))}
        assert {key for key in asked if not catalogue().has(key)} == set()

    def test_picks_the_plural_form(self) -> None:
        assert catalogue().say("time.in_days", "sv", n=1) == "om 1 dag"
        assert catalogue().say("time.in_days", "en", n=2) == "in 2 days"

    def test_raises_on_an_unknown_key(self) -> None:
        with pytest.raises(UnknownText):
            catalogue().say("finns.inte", "sv")

    def test_never_shouts_and_never_says_invalid(self) -> None:
        for key, entry in catalogue().texts.items():
            for language in LANGUAGES:
                wording = str(entry[language])
                assert "!" not in wording, key
                assert not re.search(r"\b(ogiltig|invalid|tyvärr)\b", wording, re.IGNORECASE), key


class TestPages:
    def test_every_event_has_a_partial(self) -> None:
        partials = {page.stem for page in (WEB / "pages" / "events").glob("*.html")}
        kinds = {re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower() for kind in get_args(Event)}
        assert kinds == partials
        assert callable(kind_of)

    def test_no_page_holds_inline_style_or_script(self) -> None:
        for page in PAGES:
            html = page.read_text("utf-8")
            assert re.search(r"<[^>{]*\s(style|on(click|load|submit|change))=", html) is None, page.name
            assert re.search(r"<script(?![^>]*nonce)", html) is None, page.name

    def test_every_post_form_carries_its_token(self) -> None:
        for page in PAGES:
            for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", page.read_text("utf-8"), re.DOTALL):
                assert "csrf_token" in form or "form_head" in form or "head(" in form or "{{ hidden" in form, page.name

    def test_every_route_is_named_once_in_the_table_of_rights(self) -> None:
        assert len(RIGHTS) == len(set(RIGHTS))
