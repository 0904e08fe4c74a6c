"""The chain: each line of a case's log is hashed together with the hash of the line before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from engine.ledger.canonical import canonical_json

GENESIS: Final = "0" * 64
"""What the first line of every log follows. The case id is part of each line, so chains cannot be swapped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a log as it is hashed. ``at`` is UTC with six decimals and ``Z``; ``payload`` canonical JSON."""

    case: str
    sequence: int
    at: str
    person: str
    person_name: str
    role: str
    organisation: str
    mandate: str
    event: str
    shape: int
    payload: str

    def text(self) -> str:
        """This will return the canonical text of the line: keys in order, the payload inside."""
        # Written by hand because the payload is canonical already: encoding it twice is what would cost.
        return (
            f'{{"at":{_quoted(self.at)},"case":{_quoted(self.case)},"event":{_quoted(self.event)},'
            f'"mandate":{_quoted(self.mandate)},"organisation":{_quoted(self.organisation)},'
            f'"payload":{self.payload},"person":{_quoted(self.person)},"person_name":{_quoted(self.person_name)},'
            f'"role":{_quoted(self.role)},"sequence":{self.sequence},"shape":{self.shape}}}'
        )


def link(previous: str, text: str) -> str:
    """This will return the hash of a line: SHA-256, in hex, over the hash before it and its canonical text."""
    return sha256(previous.encode() + text.encode()).hexdigest()


def _quoted(text: str) -> str:
    return json.dumps(text) if text.isascii() else canonical_json(text)
