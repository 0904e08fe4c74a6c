"""The words of the interface: ``texts/*.yaml`` read once, looked up by key, in Swedish or English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml

LANGUAGES: Final = ("sv", "en")
FOLDER: Final = Path(__file__).parent / "texts"

Wording = str | Mapping[str, str]
"""One text, or its plural forms ``{one, other}``."""


class UnknownText(KeyError):
    """A page asked for words that nobody has written: a defect of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Every text of the interface by key and language. Both languages are always there."""

    texts: Mapping[str, Mapping[str, Wording]]

    def say(self, key: str, language: str, **values: object) -> str:
        """This will return the text in ``language`` with ``values`` put in; ``n`` picks the plural form.

        Raises UnknownText for an unknown key and KeyError for a value that the text asks for.
        """
        try:
            wording = self.texts[key][language]
        except KeyError:
            raise UnknownText(key) from None
        if not isinstance(wording, str):
            wording = wording["one" if values.get("n") == 1 else "other"]
        return wording.format(**values) if values else wording

    def has(self, key: str) -> bool:
        """This will tell whether there is such a text."""
        return key in self.texts


@cache
def catalogue(folder: Path = FOLDER) -> Catalogue:
    """This will read all ``*.yaml`` of the folder. Raises ValueError for a doubled key or a missing language."""
    texts: dict[str, Mapping[str, Wording]] = {}
    for path in sorted(folder.glob("*.yaml")):
        for key, entry in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items():
            if key in texts:
                raise ValueError(f"{path.name}: the text {key} is written twice")
            if not isinstance(entry, dict) or set(entry) != set(LANGUAGES):
                raise ValueError(f"{path.name}: the text {key} needs exactly sv and en")
            for wording in entry.values():
                if not isinstance(wording, str) and set(wording) != {"one", "other"}:
                    raise ValueError(f"{path.name}: the text {key} needs the plural forms one and other")
            texts[key] = entry
    return Catalogue(texts=texts)
