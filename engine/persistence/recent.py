"""Cases read or written lately, kept in this process so that an unchanged text is not read a second time.

What is kept is found by the case's id and used only if the database has exactly the same text: it can be forgotten at
any moment, shared by all threads and databases, and never be out of date.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Final

from engine.persistence.codec import StoredCase

MOST: Final = 64
"""How many are kept: some megabytes."""

_kept: Final[OrderedDict[str, StoredCase]] = OrderedDict()
_lock: Final = Lock()


def recall(case_id: str, text: str) -> StoredCase | None:
    """This will return the case as it was read from, or written as, exactly this text, or None."""
    with _lock:
        found = _kept.get(case_id)
        if found is None:
            return None
        _kept.move_to_end(case_id)
    return found if found.text == text else None


def remember(stored: StoredCase) -> None:
    """This will keep a case, in place of an earlier state of it, and forget the one not asked for the longest."""
    with _lock:
        _kept[stored.case.id] = stored
        _kept.move_to_end(stored.case.id)
        if len(_kept) > MOST:
            _kept.popitem(last=False)
