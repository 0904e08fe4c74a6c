"""Faults of a Word template, each located where a person finds it: part, paragraph, nearest heading, quoted words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from contracts.assembly import HOUSE, TEXT_PART, WORDML, paragraph_text
from contracts.package import UnreadableWordFile, read_parts
from contracts.template_language import TemplateFault, expression_words
from engine.domain.values import Text

QUOTE_LENGTH: Final = 80
HEADING_STYLES: Final = ("Title", "Heading1", "Heading2", "Klausulrubrik", "Mellanrubrik")
LONGEST_PARAGRAPH: Final = 50_000
MOST_TAGS: Final = 200

_MARGINS: Final = re.compile(r"word/(header|footer)\d*\.xml")
_TAG: Final = re.compile(r"\{\{(?P<value>[^{}%]*)\}\}|\{%(?P<statement>[^{}%]*)%\}")
_STATEMENT: Final = re.compile(r"(?P<level>p|tr)?\s+(?P<word>if|elif|else|endif|for|endfor)\b\s*(?P<rest>.*?)\s*")
_FOR: Final = re.compile(r"(?P<target>[a-z_]+)\s+in\s+(?P<source>.+)")
_REVISIONS: Final = ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "tblPrChange", "sectPrChange")
_COMMENTS: Final = ("commentRangeStart", "commentRangeEnd", "commentReference")
_STRAY: Final = ("{{", "}}", "{%", "%}", "{#", "#}", "»", "{ {", "{ %")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault of a template.

    ``file`` is the place in the templates folder, ``part`` the part of the Word file, ``paragraph`` counts from 1
    (0: the file as a whole), ``heading`` is the nearest heading above, ``quote`` the words as they stand there.
    """

    file: str
    message: Text
    part: str = ""
    paragraph: int = 0
    heading: str = ""
    quote: str = ""

    def in_language(self, language: str) -> str:
        """This will write the fault as one line: where, what, and the words."""
        parts = [self.file]
        if self.paragraph:
            parts.append(f"{'stycke' if language == 'sv' else 'paragraph'} {self.paragraph}")
        if self.heading:
            parts.append(f"”{self.heading}”" if language == "sv" else f"“{self.heading}”")
        quote = f" – {self.quote}" if self.quote else ""
        return f"{', '.join(parts)}: {self.message.in_language(language)}{quote}"


@dataclass(slots=True, kw_only=True)
class Findings:
    """What one Word file holds: its faults, the words it reads, its statements, marks and clause paragraphs."""

    faults: list[Fault] = field(default_factory=list)
    words: dict[str, Fault] = field(default_factory=dict)
    statements: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    numbered: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    word: str
    level: str
    place: Fault
    bound: Mapping[str, str]


def inspect_file(content: bytes, file: str, *, is_known: Callable[[str], bool]) -> Findings:
    """This will find the faults of one Word template. ``is_known`` tells whether a dotted word exists.

    Headers and footers count in the files of the house only: those of other files never reach a document.
    """
    findings = Findings()
    try:
        parts = read_parts(content, name=file)
    except UnreadableWordFile as fault:
        findings.faults.append(Fault(file=file, message=fault.message))
        return findings
    for name in sorted(parts):
        if name == TEXT_PART or (_MARGINS.fullmatch(name) and file.startswith(HOUSE)):
            _PartInspection(findings, file, name, is_known).run(parts[name])
        elif not _MARGINS.fullmatch(name):
            _other_part(findings, file, name, parts[name])
    return findings


def _other_part(findings: Findings, file: str, name: str, content: bytes) -> None:
    if name.endswith(".rels") and re.search(rb"TargetMode\s*=\s*[\"']External", content):
        findings.faults.append(Fault(file=file, part=name, message=EXTERNAL))
    if name.startswith("word/comments"):
        findings.faults.append(Fault(file=file, part=name, message=COMMENTED))
    if name.endswith(".xml") and (b"{{" in content or b"{%" in content):
        findings.faults.append(Fault(file=file, part=name, message=TAG_ELSEWHERE))


class _PartInspection:
    """Reads one part paragraph by paragraph, with the statements that are open at each place."""

    def __init__(self, findings: Findings, file: str, part: str, is_known: Callable[[str], bool]) -> None:
        self._findings = findings
        self._file = file
        self._part = part
        self._is_known = is_known
        self._open: list[_Open] = []
        self._heading = ""

    def run(self, content: bytes) -> None:
        """This will inspect every paragraph of the part."""
        root = etree.fromstring(content)
        self._revisions(root)
        for number, paragraph in enumerate(root.iter(_w("p")), start=1):
            text = paragraph_text(paragraph)
            place = self._place(number, text)
            style = paragraph.find(f"{_w('pPr')}/{_w('pStyle')}")
            name = "" if style is None else str(style.get(_w("val")))
            if name in {"Klausulrubrik", "Numrerad", "Listaa"}:
                self._findings.numbered += 1
            if mark := re.fullmatch(r"\[\[([A-Za-z0-9-]+)\]\]", text.strip()):
                self._findings.marks.append(mark[1])
            self._paragraph(paragraph, text, place)
            if name in HEADING_STYLES and text.strip():
                self._heading = text.strip()[:QUOTE_LENGTH]
        for left in self._open:
            self._fault(left.place, Text(sv=f"”{left.word}” avslutas aldrig", en=f"“{left.word}” is never ended"))
        for cell in root.iter(_w("tc")):
            self._cell(cell)

    def _revisions(self, root: etree._Element) -> None:
        if next(root.iter(*(_w(name) for name in _REVISIONS)), None) is not None:
            self._fault(self._place(0, ""), REVISED)
        if next(root.iter(*(_w(name) for name in _COMMENTS)), None) is not None:
            self._fault(self._place(0, ""), COMMENTED)

    def _paragraph(self, paragraph: etree._Element, text: str, place: Fault) -> None:
        if len(text) > LONGEST_PARAGRAPH or text.count("{") > MOST_TAGS * 2:
            self._fault(place, TOO_LONG)
            return
        rest = _TAG.sub("", text)
        if any(mark in rest for mark in _STRAY) or _lone_brace(rest):
            self._fault(place, BRACES)
            return
        before = len(self._open)
        alone = [found for found in _TAG.finditer(text) if _level(found) in {"p", "tr"}]
        if len(alone) > 1:
            self._fault(place, TWO_TAGS)
        if alone and rest.strip():
            self._fault(place, TEXT_BESIDE)
        if alone and paragraph.find(f"{_w('pPr')}/{_w('sectPr')}") is not None:
            self._fault(place, SECTION_BREAK)
        for found in _TAG.finditer(text):
            self._tag(found, place)
        if not alone and len(self._open) != before:
            self._fault(place, SPANS_PARAGRAPHS)

    def _tag(self, found: re.Match[str], place: Fault) -> None:
        if found["value"] is not None:
            self._expression(found["value"], place)
            return
        statement = _STATEMENT.fullmatch(found["statement"])
        if statement is None:
            self._fault(place, UNKNOWN_STATEMENT)
            return
        level, word, rest = statement["level"] or "", statement["word"], statement["rest"]
        if self._part == TEXT_PART:
            self._findings.statements.append(f"{level} {word} {rest}".strip())
        match word:
            case "if":
                self._expression(rest, place)
                self._open.append(_Open(word=word, level=level, place=place, bound={}))
            case "for":
                self._loop(rest, level, place)
            case "elif":
                self._expression(rest, place)
                self._matches("if", level, place)
            case "else":
                self._matches("", level, place)
            case "endif" | "endfor":
                self._matches(word.removeprefix("end"), level, place)
                if self._open:
                    self._open.pop()

    def _loop(self, rest: str, level: str, place: Fault) -> None:
        loop = _FOR.fullmatch(rest)
        bound: dict[str, str] = {}
        if loop is None:
            self._fault(place, UNKNOWN_STATEMENT)
        else:
            words = self._expression(loop["source"], place)
            bound[loop["target"]] = next(iter(words)) if len(words) == 1 else ""
        self._open.append(_Open(word="for", level=level, place=place, bound=bound))

    def _matches(self, word: str, level: str, place: Fault) -> None:
        if not self._open or (word and self._open[-1].word != word) or self._open[-1].level != level:
            self._fault(place, UNMATCHED)

    def _expression(self, source: str, place: Fault) -> set[str]:
        bound = {name: path for statement in self._open for name, path in statement.bound.items()}
        try:
            words = expression_words(source.strip(), bound)
        except TemplateFault as fault:
            self._fault(place, fault.message)
            return set()
        for word in words:
            if self._part == TEXT_PART:
                self._findings.words.setdefault(word, place)
            if not self._is_known(word):
                self._fault(place, Text(sv=f"ordet {word} finns inte", en=f"there is no word {word}"))
        return words

    def _cell(self, cell: etree._Element) -> None:
        paragraphs = [paragraph_text(paragraph).strip() for paragraph in cell.findall(_w("p"))]
        if any(re.match(r"\{%tr\s", text) for text in paragraphs):
            return
        depth, is_safe = 0, False
        for text in paragraphs:
            if re.match(r"\{%p\s+(if|for)\b", text):
                depth += 1
            elif re.match(r"\{%p\s+end", text):
                depth -= 1
            elif re.match(r"\{%p\s+else\b", text) or (depth == 0 and not text.startswith("{%p")):
                is_safe = True
        if not is_safe:
            self._fault(self._place(0, " ".join(paragraphs)), EMPTY_CELL)

    def _place(self, number: int, text: str) -> Fault:
        quote = " ".join(text.split())[:QUOTE_LENGTH]
        return Fault(
            file=self._file, part=self._part, paragraph=number, heading=self._heading, quote=quote, message=BRACES
        )

    def _fault(self, place: Fault, message: Text) -> None:
        self._findings.faults.append(
            Fault(
                file=place.file,
                part=place.part,
                paragraph=place.paragraph,
                heading=place.heading,
                quote=place.quote,
                message=message,
            )
        )


def _level(found: re.Match[str]) -> str:
    statement = _STATEMENT.fullmatch(found["statement"]) if found["statement"] is not None else None
    return (statement["level"] or "") if statement else ""


def _lone_brace(rest: str) -> bool:
    return "{" in rest or "}" in rest


def tags_of(content: bytes, file: str) -> Iterator[str]:
    """This will yield every tag of a Word file's text, in order."""
    root = etree.fromstring(read_parts(content, name=file)["word/document.xml"])
    for paragraph in root.iter(_w("p")):
        for found in _TAG.finditer(paragraph_text(paragraph)):
            yield found.group()


def _w(name: str) -> str:
    return f"{{{WORDML}}}{name}"


REVISED: Final = Text(
    sv="filen har spårade ändringar; godkänn eller avvisa dem först",
    en="the file has tracked changes; accept or reject them first",
)
COMMENTED: Final = Text(sv="filen har kommentarer; ta bort dem först", en="the file has comments; remove them first")
EXTERNAL: Final = Text(sv="filen hänvisar till något utanför sig själv", en="the file refers to something outside it")
TAG_ELSEWHERE: Final = Text(
    sv="mallkoder får bara stå i brödtext, sidhuvud och sidfot",
    en="tags may stand only in the text, the header and the footer",
)
TOO_LONG: Final = Text(
    sv="stycket är för långt eller har för många koder", en="the paragraph is too long or has too many tags"
)
BRACES: Final = Text(
    sv="klamrarna går inte ihop; en kod skrivs {{ ord }} eller {% if … %} och ryms i ett stycke",
    en="the braces do not match; a tag is written {{ word }} or {% if … %} within one paragraph",
)
TWO_TAGS: Final = Text(sv="två {%p- eller {%tr-koder i samma stycke", en="two {%p or {%tr tags in one paragraph")
TEXT_BESIDE: Final = Text(
    sv="text bredvid en {%p- eller {%tr-kod försvinner; ge koden ett eget stycke",
    en="text beside a {%p or {%tr tag is lost; give the tag a paragraph of its own",
)
SECTION_BREAK: Final = Text(
    sv="en avsnittsbrytning i ett {%p-stycke försvinner", en="a section break in a {%p paragraph is lost"
)
SPANS_PARAGRAPHS: Final = Text(
    sv="ett villkor utan p måste börja och sluta i samma stycke",
    en="a condition without p must begin and end in the same paragraph",
)
UNKNOWN_STATEMENT: Final = Text(
    sv="koden är ingen som mallar får ha (if, elif, else, endif, for, endfor, med mellanrum efter p och tr)",
    en="this is no tag a template may have (if, elif, else, endif, for, endfor, with a space after p and tr)",
)
UNMATCHED: Final = Text(
    sv="koden avslutar något annat än det som börjat", en="the tag ends something else than what began"
)
EMPTY_CELL: Final = Text(
    sv="en tabellcell kan bli utan stycke, och då öppnar Word inte filen; lägg till ett tomt stycke",
    en="a table cell may be left without a paragraph, and Word would not open the file; add an empty paragraph",
)
