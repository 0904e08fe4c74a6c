"""Draws Word templates: the only module that knows ``docxtpl``.

``docxtpl`` turns the Word text into a Jinja template once; what varies from case to case is only Jinja's part, so a
template is compiled once and drawn many times. There is no way from a template to anything but plain values.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final, cast
from xml.sax.saxutils import escape as escape_xml

from docxtpl import DocxTemplate
from jinja2 import Template, TemplateError
from lxml import etree

from contracts import wording
from contracts.assembly import TEXT_PART, WORDML, Assembled, bookmark_of, clause_texts
from contracts.package import CORE_PART, Packed, core_properties, pack, write_parts
from contracts.template_language import TemplateFault, environment_for, parse_source, words_read
from contracts.vocabulary import PRINTED_LATER
from contracts.words import Choice, Context, Gap, value_at
from engine.domain.commands import Language
from engine.domain.reasons import EngineError
from engine.domain.values import Text

LANGUAGE_TAGS: Final[Mapping[Language, str]] = {"sv": "sv-SE", "en": "en-GB"}
_GAP_MARK: Final = re.compile(r"«\[[^«»]*\]»")


class Gaps(EngineError):
    """A final document lacks values that its text needs; ``gaps`` maps each field to its label."""

    code = "gaps"

    def __init__(self, title: Text, gaps: Mapping[str, Text]) -> None:
        swedish = ", ".join(sorted({label.sv for label in gaps.values()}))
        english = ", ".join(sorted({label.en for label in gaps.values()}))
        super().__init__(
            Text(
                sv=f"”{title.sv}” kan inte bli färdigt. Det här saknas: {swedish}.",
                en=f"“{title.en}” cannot be finished. This is missing: {english}.",
            )
        )
        self.gaps = dict(gaps)


class LockedClauseChanged(EngineError):
    """A locked clause does not say what was approved."""

    code = "locked_clause_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedText:
    """A locked clause in a compiled template: the marks around it, and its text as it must come out."""

    start: str
    end: str
    text: str

    def stands_in(self, drawn: str) -> bool:
        """This will tell whether a drawn document has the clause, once, to the letter."""
        _, found, rest = drawn.partition(self.start)
        return bool(found) and rest.startswith(self.text) and self.start not in rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """An assembled template, ready to be drawn many times.

    ``templates`` are the parts that hold tags, ``packed`` the parts that never change. ``words`` are all dotted names
    the template reads. ``locked`` are the locked clauses, or None when one does not have its approved wording.
    """

    template_hash: str
    language: Language
    templates: Mapping[str, Template]
    packed: Mapping[str, Packed]
    words: frozenset[str]
    locked: tuple[LockedText, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A drawn document: bytes, hash of what it says, and whether each locked clause says what was approved."""

    content: bytes
    content_hash: str
    locked_clauses_ok: bool | None


def compile_template(assembled: Assembled, language: Language) -> Compiled:
    """This will read the tags of an assembled template. Raises TemplateFault with the words around the place."""
    templates: dict[str, Template] = {}
    packed: dict[str, Packed] = {}
    words: set[str] = set()
    text = ""
    for name, content in assembled.parts.items():
        if name.startswith("word/") and (b"{{" in content or b"{%" in content or name == TEXT_PART):
            source = jinja_source(content)
            templates[name], read = _read(source, name, language)
            words |= read
            text = source if name == TEXT_PART else text
        elif name != CORE_PART:
            packed[name] = pack(content)
    return Compiled(
        template_hash=assembled.template_hash,
        language=language,
        templates=templates,
        packed=packed,
        words=frozenset(words),
        locked=_locked_texts(assembled, text),
    )


def draw(
    compiled: Compiled, context: Context, noted: dict[str, Text], *, title: Text, on: date, is_draft: bool
) -> Drawn:
    """This will draw a document. ``noted`` receives every gap; ``on`` is the day in the file's properties.

    Raises Gaps when a final document lacks a value, LockedClauseChanged, and TemplateFault.
    """
    content_hash = _content_hash(compiled, context)
    document = context["doc"]
    if isinstance(document, dict):
        document["hash"] = wording.grouped(content_hash, groups=4)
        document["content_hash"] = wording.grouped(content_hash)
    drawn = {name: _drawn_part(template, name, context) for name, template in compiled.templates.items()}
    if noted and not is_draft:
        raise Gaps(title, noted)
    locked_ok = _locked_ok(compiled, drawn[TEXT_PART])
    if locked_ok is False and not is_draft:
        raise _locked_fault(title)
    parts = {**compiled.packed, **{name: pack(_checked(text, name)) for name, text in drawn.items()}}
    parts[CORE_PART] = pack(
        core_properties(
            title=title.in_language(compiled.language),
            language=LANGUAGE_TAGS[compiled.language],
            identifier=f"sha256:{content_hash}",
            on=on,
        )
    )
    return Drawn(content=write_parts(parts), content_hash=content_hash, locked_clauses_ok=locked_ok)


def jinja_source(content: bytes) -> str:
    """This will turn a part of a Word file into Jinja's source, as ``docxtpl`` reads Word."""
    xml = etree.tostring(etree.fromstring(content), encoding="unicode")
    return cast(str, DocxTemplate(None).patch_xml(xml))


@lru_cache(maxsize=128)
def _read(source: str, name: str, language: Language) -> tuple[Template, frozenset[str]]:
    """Compiles one part; headers and footers are the same in every document."""
    tree = parse_source(source, name, language)
    return environment_for(language).from_string(tree), frozenset(words_read(tree))


def _locked_texts(assembled: Assembled, source: str) -> tuple[LockedText, ...] | None:
    """Finds each locked clause in the source; what Jinja later puts out there must be the same to the letter."""
    xml = assembled.parts[TEXT_PART]
    if clause_texts(xml, assembled.locked) != dict(assembled.locked):
        return None
    found: list[LockedText] = []
    for clause in assembled.locked:
        start = re.search(rf'<w:bookmarkStart w:id="(\d+)" w:name="{bookmark_of(clause)}"/>', source)
        if start is None:
            return None
        end = f'<w:bookmarkEnd w:id="{start[1]}"/>'
        text, ends, _ = source[start.end() :].partition(end)
        found.append(LockedText(start=start.group(), end=end, text=text + ends))
    return tuple(found)


def _locked_ok(compiled: Compiled, drawn: str) -> bool | None:
    if compiled.locked is None:
        return False
    return all(locked.stands_in(drawn) for locked in compiled.locked) if compiled.locked else None


def _drawn_part(template: Template, name: str, context: Context) -> str:
    try:
        return template.render(context)
    except (TemplateError, TypeError, ValueError) as fault:
        message = fault.message if isinstance(fault, TemplateError) else str(fault)
        raise TemplateFault(
            Text(
                sv=f"Mallen kan inte ritas ({name}): {message}", en=f"The template cannot be drawn ({name}): {message}"
            )
        ) from fault


def _checked(text: str, name: str) -> bytes:
    """Reads a drawn part back as XML, so that a file that Word cannot open is never kept, and marks its gaps."""
    content = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()
    try:
        root = etree.fromstring(content)
    except etree.XMLSyntaxError as fault:
        raise TemplateFault(
            Text(
                sv=f"Mallens text går inte ihop ({name}): ett villkor börjar och slutar i olika stycken.",
                en=f"The template does not fit together ({name}): a condition begins and ends in different paragraphs.",
            )
        ) from fault
    if "«[" not in text:
        return content
    _highlight_gaps(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _highlight_gaps(root: etree._Element) -> None:
    """Gives each visible gap a run of its own, marked yellow, with the looks of the text around it."""
    for run in list(root.iter(f"{{{WORDML}}}r")):
        text = run.find(f"{{{WORDML}}}t")
        parent = run.getparent()
        if text is None or not text.text or parent is None or not _GAP_MARK.search(text.text):
            continue
        looks = run.find(f"{{{WORDML}}}rPr")
        inner = "" if looks is None else "".join(etree.tostring(part, encoding="unicode") for part in looks)
        pieces: list[str] = []
        for child in run:
            if child.tag == f"{{{WORDML}}}t":
                pieces.extend(_runs(child.text or "", inner))
            elif child.tag != f"{{{WORDML}}}rPr":
                pieces.append(f"<w:r>{etree.tostring(child, encoding='unicode')}</w:r>")
        for piece in etree.fromstring(f'<w:p xmlns:w="{WORDML}">{"".join(pieces)}</w:p>'):
            run.addprevious(piece)
        parent.remove(run)


def _runs(text: str, looks: str) -> Iterator[str]:
    place = 0
    for gap in _GAP_MARK.finditer(text):
        yield _run(text[place : gap.start()], looks)
        yield _run(gap.group(), f'{looks}<w:highlight w:val="yellow"/>')
        place = gap.end()
    yield _run(text[place:], looks)


def _run(text: str, looks: str) -> str:
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{escape_xml(text)}</w:t></w:r>' if text else ""


def _content_hash(compiled: Compiled, context: Context) -> str:
    """Hashes template, language and every value the text reads, as JSON with sorted keys."""
    values = {word: _canonical(value_at(context, word)) for word in compiled.words if word not in PRINTED_LATER}
    merged = {"language": compiled.language, "template": compiled.template_hash, "values": values}
    return hashlib.sha256(
        json.dumps(merged, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def _canonical(value: object) -> object:
    match value:
        case Choice():
            return [str(value), value.label]
        case None | Gap():
            return None
        case bool() | int() | str():
            return value
        case datetime() | date():
            return value.isoformat()
        case dict():
            return {key: _canonical(part) for key, part in value.items()}
        case tuple():
            return [_canonical(part) for part in value]
        case _:
            return str(value)


def _locked_fault(title: Text) -> LockedClauseChanged:
    return LockedClauseChanged(
        Text(
            sv=f"”{title.sv}” kan inte göras: en låst klausul har inte den godkända lydelsen.",
            en=f"“{title.en}” cannot be made: a locked clause does not have its approved wording.",
        )
    )
