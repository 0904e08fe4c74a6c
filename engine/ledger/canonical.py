"""One canonical text for plain content: equal content gives equal bytes on any machine and in any language.

Keys sorted by code point, no spaces, UTF-8, Unicode in form NFC, no floating point numbers.
"""

from __future__ import annotations

import json
import unicodedata

from engine.domain.reasons import EngineError
from engine.domain.values import Text

_dump = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
).encode


class NotCanonical(EngineError):
    """The content has no canonical text: half of a surrogate pair, or a key or value JSON does not know."""

    code = "not_canonical"

    def __init__(self, what: str) -> None:
        super().__init__(
            Text(
                sv=f"Innehållet kan inte sparas: {what}. Ta bort tecknet och försök igen.",
                en=f"The content cannot be stored: {what}. Remove the character and try again.",
            )
        )


def canonical_json(content: object) -> str:
    """This will return the canonical text of plain content. Raises NotCanonical for content that has none."""
    return spelled(content)[0]


def spelled(content: object) -> tuple[str, object]:
    """This will return the canonical text, and the content that it spells: another object only if that differs.

    Raises NotCanonical for content that has no canonical text.
    """
    text = _dump(content)
    if text.isascii():
        return text, content
    if not unicodedata.is_normalized("NFC", text):
        # The content is normalised before it is written, not the text: an escape followed by a combining
        # mark (backslash, n, tilde) would melt into another letter and the text would no longer be JSON.
        content = _normalised(content)
        text = _dump(content)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonical(f"U+{ord(error.object[error.start]):04X}") from error
    return text, content


def _normalised(content: object) -> object:
    if isinstance(content, str):
        return unicodedata.normalize("NFC", content)
    if isinstance(content, dict):
        return {unicodedata.normalize("NFC", key): _normalised(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_normalised(item) for item in content]
    return content
