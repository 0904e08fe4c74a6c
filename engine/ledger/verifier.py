"""Checks an exported record without the product: ``python verifier.py EXPORT [--anchor EARLIER_EXPORT]``.

Python's standard library alone, so that an archive, an auditor or a court can read these few lines and run them.

An export is a text file with one JSON object a line. The first is a header::

    {"format": "samverk-record", "version": 1, "cases": {"C-2025-0001": {"sequence": 12, "head": "…"}}}

and every other one a line of a case's log: ``{"prev": …, "hash": …, "entry": {…}}``. ``hash`` is SHA-256 over ``prev``
and the entry as canonical JSON (keys sorted, no spaces, UTF-8); ``prev`` is the ``hash`` of the line before, 64 zeros
for the first. The header's heads show a cut end; an earlier export shows that the past was not rewritten as a whole.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

FORMAT: Final = "samverk-record"
VERSION: Final = 1
GENESIS: Final = "0" * 64

FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    "unreadable": ("raden går inte att läsa", "the line cannot be read"),
    "changed": ("raden har ändrats", "the line was changed"),
    "missing": ("en eller flera rader saknas före denna", "one or more lines are missing before this one"),
    "fork": ("två rader gör anspråk på samma plats", "two lines claim the same place"),
    "unlinked": ("raden hänger inte ihop med raden före", "the line does not follow the line before it"),
    "cut": ("slutet av loggen saknas eller har bytts ut", "the end of the log is missing or was replaced"),
    "unknown": ("ärendet finns inte i sidhuvudet", "the case is not in the header"),
    "rewritten": ("loggen stämmer inte med en tidigare export", "the log does not agree with an earlier export"),
    "state": ("ärendets sparade läge följer inte av loggen", "the stored state does not follow from the log"),
    "columns": ("ärendets kolumner följer inte av loggen", "the columns of the case do not follow from the log"),
}
"""Every fault that can be found, in Swedish and English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault: which case, at which line of its log (0: the log as a whole), of which kind."""

    case: str
    sequence: int
    kind: str
    detail: str = ""

    def sentence(self, language: str = "en") -> str:
        """This will return the fault as a sentence in Swedish or English."""
        text = FAULTS[self.kind][0 if language == "sv" else 1]
        word = "rad" if language == "sv" else "line"
        place = f"{self.case}, {word} {self.sequence}" if self.sequence else self.case
        return f"{place}: {text}{f' ({self.detail})' if self.detail else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One line as it is chained: its place, the hash before it, its canonical text and its own hash."""

    sequence: int
    prev: str
    text: str
    hash: str


def check_chain(case: str, links: Iterable[Link], *, sequence: int, head: str) -> Iterator[Fault]:
    """This will yield the faults of one case's log, whose last line should be ``sequence`` with the hash ``head``."""
    last, previous = 0, GENESIS
    for link in links:
        if link.sequence <= last:
            yield Fault(case=case, sequence=link.sequence, kind="fork")
            continue
        if link.sequence > last + 1:
            yield Fault(case=case, sequence=link.sequence, kind="missing", detail=f"{last + 1}-{link.sequence - 1}")
        elif link.prev != previous:
            yield Fault(case=case, sequence=link.sequence, kind="unlinked")
        if sha256(link.prev.encode() + link.text.encode()).hexdigest() != link.hash:
            yield Fault(case=case, sequence=link.sequence, kind="changed")
        last, previous = link.sequence, link.hash
    if last != sequence or previous != head:
        yield Fault(case=case, sequence=sequence, kind="cut")


def verify_export(lines: Iterable[str], anchor: Mapping[str, tuple[int, str]] | None = None) -> list[Fault]:
    """This will return the faults of an export, in the order of its cases; empty when all is well.

    ``anchor`` are heads kept from an earlier export. Raises ValueError for a text that is no export at all.
    """
    numbered = enumerate(lines, start=1)
    heads = _heads(next(numbered, (1, ""))[1])
    faults: list[Fault] = []
    logs: dict[str, list[Link]] = {case: [] for case in heads}
    for number, line in numbered:
        try:
            case, link = _read(line)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            faults.append(Fault(case="?", sequence=0, kind="unreadable", detail=f"{number}"))
            continue
        if case not in logs:
            faults.append(Fault(case=case, sequence=link.sequence, kind="unknown"))
            continue
        logs[case].append(link)
    for case, (sequence, head) in heads.items():
        faults.extend(check_chain(case, logs[case], sequence=sequence, head=head))
    for case, (sequence, head) in (anchor or {}).items():
        if not any(link.sequence == sequence and link.hash == head for link in logs.get(case, [])):
            faults.append(Fault(case=case, sequence=sequence, kind="rewritten"))
    return faults


def heads_of(lines: Iterable[str]) -> dict[str, tuple[int, str]]:
    """This will return the heads that an export states, by case. Raises ValueError for what is no export."""
    return _heads(next(iter(lines), ""))


def canonical(content: object) -> str:
    """This will return plain content as canonical JSON."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def main(arguments: list[str]) -> int:
    """This will check the export that is named: 0 all is well, 1 faults found, 2 wrong use."""
    match arguments:
        case [export]:
            anchor = None
        case [export, "--anchor", earlier]:
            with Path(earlier).open(encoding="utf-8") as lines:
                anchor = heads_of(lines)
        case _:
            print(__doc__)
            return 2
    with Path(export).open(encoding="utf-8") as lines:
        faults = verify_export(lines, anchor)
    for fault in faults:
        print(fault.sentence())
    print(f"{len(faults)} faults" if faults else "No fault found.")
    return 1 if faults else 0


def _heads(line: str) -> dict[str, tuple[int, str]]:
    try:
        header = _load(line)
        if header["format"] != FORMAT or header["version"] != VERSION:
            raise ValueError("another format or version")
        return {case: (int(stated["sequence"]), str(stated["head"])) for case, stated in header["cases"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"this is no export of a record: {error}") from error


def _read(line: str) -> tuple[str, Link]:
    row = _load(line)
    entry = row["entry"]
    sequence = entry["sequence"]
    if type(sequence) is not int:
        raise TypeError("sequence")
    return str(entry["case"]), Link(sequence=sequence, prev=row["prev"], text=canonical(entry), hash=row["hash"])


def _load(line: str) -> Any:
    return json.loads(line, object_pairs_hook=_each_name_once, parse_float=_no_float)


def _each_name_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    # Two values under one name would let one reader see another text than the one that was hashed.
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_float(text: str) -> float:
    raise ValueError(f"a floating point number: {text}")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (OSError, ValueError) as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)
