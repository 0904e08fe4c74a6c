"""Reads what a command is given: a file, or standard input for ``-``; bounded, UTF-8, never a traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from engine.domain.values import Text
from web.cli.answer import WrongUse

LARGEST: Final = 1_000_000
"""Bytes of a facts file, and characters of one line of a batch."""


def read_text(name: str) -> str:
    """This will return the whole text. Raises WrongUse when it cannot be read, is too large or not UTF-8."""
    try:
        content = sys.stdin.buffer.read(LARGEST + 1) if name == "-" else _bytes(Path(name))
        if len(content) > LARGEST:
            raise WrongUse(Text(sv=f"{name} är större än 1 MB.", en=f"{name} is larger than 1 MB."))
        return content.decode("utf-8-sig")
    except OSError as error:
        raise _unreadable(name, error) from None
    except UnicodeDecodeError:
        raise _not_utf8(name) from None


def lines_of(name: str) -> Iterator[str]:
    """This will give the lines one at a time, cut after ``LARGEST``. Raises WrongUse as ``read_text`` does."""
    try:
        with sys.stdin if name == "-" else Path(name).open(encoding="utf-8-sig") as file:
            while line := file.readline(LARGEST + 1):
                yield line
    except OSError as error:
        raise _unreadable(name, error) from None
    except UnicodeDecodeError:
        raise _not_utf8(name) from None


def shown(name: str) -> str:
    """This will return the name as messages show it."""
    return "<stdin>" if name == "-" else name


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _unreadable(name: str, error: OSError) -> WrongUse:
    return WrongUse(
        Text(
            sv=f"{shown(name)} går inte att läsa: {error.strerror}.",
            en=f"{shown(name)} cannot be read: {error.strerror}.",
        )
    )


def _not_utf8(name: str) -> WrongUse:
    return WrongUse(Text(sv=f"{shown(name)} är inte UTF-8.", en=f"{shown(name)} is not UTF-8."))
