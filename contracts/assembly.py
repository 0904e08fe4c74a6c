"""House style, document text and clauses joined into one Word template.

Numbers of clauses and paragraphs come from the numbering of the house style, so they run on without a gap whatever
clauses a document has. Each clause stands between two bookmarks (``CL_12``), which is how it is found again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lxml import etree

from contracts.manifest import ClauseManifest, Manifest, read_clause, read_file
from contracts.package import read_parts
from engine.domain.commands import Language
from engine.domain.reasons import EngineError
from engine.domain.values import Text

WORDML: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TEXT_PART: Final = "word/document.xml"
HOUSE: Final = "house/v1"
HOUSE_BLOCKS: Final = ("cover", "head", "notice", "sign", "sign_record", "sign_letter")
SIGN_BLOCK: Final[Mapping[str, str]] = {"record": "sign_record", "decision": "sign_record", "letter": "sign_letter"}
MARK: Final = re.compile(r"\[\[([A-Za-z0-9-]+)\]\]")

_UNNUMBERED: Final[Mapping[str, str]] = {
    "Klausulrubrik": "Heading2",
    "Numrerad": "Brodtext",
    "Listaa": "Punkt",
    "Mellanrubrik": "Heading2",
    "Fortsattning": "Brodtext",
}
_NOISE: Final = ("proofErr", "lastRenderedPageBreak", "bookmarkStart", "bookmarkEnd", "permStart", "permEnd")


class AssemblyFault(EngineError):
    """A template's parts do not fit together."""

    code = "assembly_fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """A Word template ready to be drawn: its parts, their hash, and what each locked clause must say.

    ``clauses`` are those in the text, in order; ``locked`` maps a locked clause to the SHA-256 of its text.
    """

    parts: Mapping[str, bytes]
    template_hash: str
    clauses: tuple[str, ...]
    locked: Mapping[str, str]


def assemble(root: Path, manifest: Manifest, language: Language, clauses: Sequence[str]) -> Assembled:
    """This will join house style, text and the given clauses of a document. Raises TemplateMissing, AssemblyFault."""
    parts = _parts(root, f"{HOUSE}/house.{language}.docx")
    house = etree.fromstring(parts[TEXT_PART])
    place = _paragraph_with_mark(house, "body")
    if place is None:
        raise AssemblyFault(Text(sv="Husets mall saknar [[body]].", en="The house template lacks [[body]]."))
    laid = _Layout(root, manifest, language, tuple(clauses))
    for element in laid.elements():
        place.addprevious(element)
    _drop(place)
    parts[TEXT_PART] = etree.tostring(house, xml_declaration=True, encoding="UTF-8", standalone=True)
    return Assembled(parts=parts, template_hash=_hash_of(parts), clauses=tuple(laid.placed), locked=dict(laid.locked))


def source_files(root: Path, manifest: Manifest, language: Language, clauses: Sequence[str]) -> Iterator[Path]:
    """This will name every file an assembled template rests on."""
    for name in ("house", *HOUSE_BLOCKS):
        yield root / HOUSE / f"{name}.{language}.docx"
    folder = root / "documents" / manifest.id / manifest.version
    yield from (folder / "manifest.yaml", folder / f"document.{language}.docx")
    for clause in clauses:
        folder = root / "clauses" / clause / "v1"
        yield from (
            folder / "clause.yaml",
            *(folder / f"{variant}.{language}.docx" for variant in (manifest.form, "all")),
        )


def clause_texts(document_xml: bytes, clauses: Iterable[str]) -> dict[str, str]:
    """This will return the SHA-256 of the text between the bookmarks of each clause found, by clause id."""
    root = etree.fromstring(document_xml)
    wanted = {bookmark_of(clause): clause for clause in clauses}
    open_now: dict[str, str] = {}
    texts: dict[str, list[str]] = {}
    for element in root.iter(_w("bookmarkStart"), _w("bookmarkEnd"), _w("p")):
        if element.tag == _w("bookmarkStart"):
            clause = wanted.get(str(element.get(_w("name"))))
            if clause is not None:
                open_now[str(element.get(_w("id")))] = clause
                texts[clause] = []
        elif element.tag == _w("bookmarkEnd"):
            open_now.pop(str(element.get(_w("id"))), None)
        else:
            for clause in open_now.values():
                texts[clause].append(paragraph_text(element))
    return {clause: hash_of_text(lines) for clause, lines in texts.items()}


def hash_of_text(paragraphs: Iterable[str]) -> str:
    """This will hash a text by its words: empty paragraphs and runs of spaces do not count."""
    lines = (" ".join(paragraph.split()) for paragraph in paragraphs)
    return hashlib.sha256("\n".join(line for line in lines if line).encode()).hexdigest()


def text_hash_of_file(content: bytes, place: str) -> str:
    """This will hash the text of a clause file, by the same rule as the text found in a document."""
    body = _body(read_parts(content, name=place))
    return hash_of_text(paragraph_text(paragraph) for element in body for paragraph in element.iter(_w("p")))


def plain_text_of(content: bytes) -> str:
    """This will read the text of a Word file, tables, headers and footers included, one paragraph a line."""
    parts = read_parts(content, name="docx")
    texts = (name for name in parts if name == TEXT_PART or name.startswith(("word/header", "word/footer")))
    roots = (etree.fromstring(parts[name]) for name in texts)
    return "\n".join(paragraph_text(paragraph) for root in roots for paragraph in root.iter(_w("p")))


def paragraph_text(paragraph: etree._Element) -> str:
    """This will return the text of a paragraph, with a line break as a space."""
    return "".join(
        (piece.text or "") if piece.tag == _w("t") else " " for piece in paragraph.iter(_w("t"), _w("br"), _w("tab"))
    )


class _Layout:
    """Lays out one document: replaces each mark by what it names."""

    def __init__(self, root: Path, manifest: Manifest, language: Language, clauses: tuple[str, ...]) -> None:
        self._root = root
        self._manifest = manifest
        self._language = language
        self._clauses = clauses
        self.placed: list[str] = []
        self.locked: dict[str, str] = {}

    def elements(self) -> Iterator[etree._Element]:
        """This will yield the body of the joined document, in order."""
        folder = f"documents/{self._manifest.id}/{self._manifest.version}"
        body = _body(_parts(self._root, f"{folder}/document.{self._language}.docx"))
        named = {mark for element in body if (mark := _mark_of(element))}
        for element in body:
            mark = _mark_of(element)
            if mark is None:
                yield element
            elif mark in HOUSE_BLOCKS:
                block = SIGN_BLOCK.get(self._manifest.kind, mark) if mark == "sign" else mark
                yield from _body(_parts(self._root, f"{HOUSE}/{block}.{self._language}.docx"))
            elif mark == "clauses":
                for clause in self._clauses:
                    if clause not in named:
                        yield from self._clause(clause)
            elif mark in self._clauses:
                yield from self._clause(mark)
            elif mark not in {place.id for place in self._manifest.clauses}:
                raise AssemblyFault(
                    Text(
                        sv=f"{folder}: märket [[{mark}]] är okänt eller saknas i manifestet.",
                        en=f"{folder}: the mark [[{mark}]] is unknown or not in the manifest.",
                    )
                )
        left = [clause for clause in self._clauses if clause not in self.placed]
        if left:
            raise AssemblyFault(
                Text(
                    sv=f"{folder}: texten har ingen plats för {', '.join(left)}. Skriv [[clauses]] där de ska stå.",
                    en=f"{folder}: the text has no place for {', '.join(left)}. Write [[clauses]] where they belong.",
                )
            )

    def _clause(self, clause: str) -> Iterator[etree._Element]:
        manifest = read_clause(self._root, clause)
        variant = manifest.variant_for(self._manifest.form)
        body = _body(_parts(self._root, f"clauses/{clause}/{manifest.version}/{variant}.{self._language}.docx"))
        if manifest.is_locked:
            self.locked[clause] = _locked_hash(manifest, variant, self._language)
        self.placed.append(clause)
        start, end = _bookmarks(clause, len(self.placed))
        yield start
        for element in body:
            if self._manifest.kind != "agreement":
                _unnumber(element)
            yield element
        yield end


def _locked_hash(manifest: ClauseManifest, variant: str, language: Language) -> str:
    try:
        return manifest.text_hash[variant][language]
    except KeyError as fault:
        raise AssemblyFault(
            Text(
                sv=f"Den låsta klausulen {manifest.id} saknar kontrollsumma för {variant}.{language} i clause.yaml.",
                en=f"The locked clause {manifest.id} has no hash for {variant}.{language} in clause.yaml.",
            )
        ) from fault


def _parts(root: Path, place: str) -> dict[str, bytes]:
    return read_parts(read_file(root / place, root), name=place)


def _body(parts: Mapping[str, bytes]) -> list[etree._Element]:
    root = etree.fromstring(parts[TEXT_PART])
    body = root.find(_w("body"))
    if body is None:
        raise AssemblyFault(Text(sv="En Word-fil saknar brödtext.", en="A Word file has no body."))
    for noise in list(body.iter(*(_w(name) for name in _NOISE))):
        _drop(noise)
    return [deepcopy(element) for element in body if element.tag != _w("sectPr")]


def _mark_of(element: etree._Element) -> str | None:
    if element.tag != _w("p"):
        return None
    found = MARK.fullmatch(paragraph_text(element).strip())
    return found[1] if found else None


def _paragraph_with_mark(root: etree._Element, mark: str) -> etree._Element | None:
    return next((paragraph for paragraph in root.iter(_w("p")) if _mark_of(paragraph) == mark), None)


def _unnumber(element: etree._Element) -> None:
    for style in element.iter(_w("pStyle")):
        name = str(style.get(_w("val")))
        style.set(_w("val"), _UNNUMBERED.get(name, name))


def _bookmarks(clause: str, number: int) -> tuple[etree._Element, etree._Element]:
    start = etree.Element(_w("bookmarkStart"), {_w("id"): str(100 + number), _w("name"): bookmark_of(clause)})
    end = etree.Element(_w("bookmarkEnd"), {_w("id"): str(100 + number)})
    return start, end


def bookmark_of(clause: str) -> str:
    """This will name the bookmark around a clause; Word allows no hyphen in it."""
    return clause.replace("-", "_")


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _hash_of(parts: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(parts):
        digest.update(f"{name}\n{len(parts[name])}\n".encode())
        digest.update(parts[name])
    return digest.hexdigest()


def _w(name: str) -> str:
    return f"{{{WORDML}}}{name}"
