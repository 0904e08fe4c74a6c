"""Draws Word templates: the only module that knows ``docxtpl``.

``docxtpl`` turns the Word text into a Jinja template once; what varies from case to case is only Jinja's part, so a
template is compiled once and drawn many times. There is no way from a template to anything but plain values.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import Final, cast
from xml.sax.saxutils import escape as escape_xml

from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined, Template, TemplateError, nodes
from jinja2.runtime import LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree
from markupsafe import Markup, escape

from contracts import wording
from contracts.assembly import TEXT_PART, WORDML, Assembled, clause_texts
from contracts.context import PRINTED_LATER, Choice, Context, Gap, value_at
from contracts.package import write_parts
from engine.domain.commands import Language
from engine.domain.reasons import EngineError
from engine.domain.values import Text

CORE_PART: Final = "docProps/core.xml"
LINE_BREAK: Final = Markup('</w:t><w:br/><w:t xml:space="preserve">')
LANGUAGE_TAGS: Final[Mapping[Language, str]] = {"sv": "sv-SE", "en": "en-GB"}
_GAP_MARK: Final = re.compile(r"«\[[^«»]*\]»")
_LOOP_WORDS: Final = frozenset({"index", "index0", "first", "last", "length"})
_TAG: Final = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)


class TemplateFault(EngineError):
    """A template cannot be read or drawn; the sentence quotes the place."""

    code = "template_fault"


class Gaps(EngineError):
    """A final document lacks values that its text needs; ``gaps`` maps each field to its label."""

    code = "gaps"

    def __init__(self, title: Text, gaps: Mapping[str, str]) -> None:
        listed = ", ".join(sorted(set(gaps.values())))
        super().__init__(
            Text(
                sv=f"”{title.sv}” kan inte bli färdigt: {len(gaps)} uppgifter saknas ({listed}).",
                en=f"“{title.en}” cannot be finished: {len(gaps)} values are missing ({listed}).",
            )
        )
        self.gaps = dict(gaps)


class LockedClauseChanged(EngineError):
    """A locked clause does not say what was approved."""

    code = "locked_clause_changed"


class TemplateLanguage(ImmutableSandboxedEnvironment):
    """Jinja reduced to what a template needs: words of plain mappings, tests, loops and the filters of ``wording``."""

    def getattr(self, obj: object, attribute: str) -> object:
        """This will look up a word; attributes of Python objects do not exist, except the loop's own."""
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, Gap):
            return obj
        if isinstance(obj, LoopContext) and attribute in _LOOP_WORDS:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: object, argument: object) -> object:
        """This will look up a word written in brackets, by the same rule."""
        return self.getattr(obj, argument) if isinstance(argument, str) else self.undefined(obj=obj, name=str(argument))

    def is_safe_callable(self, obj: object) -> bool:
        """This will allow no call at all."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """An assembled template, ready to be drawn many times.

    ``templates`` are the parts that hold tags. ``words`` are all dotted names they read.
    """

    assembled: Assembled
    language: Language
    templates: Mapping[str, Template]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A drawn document: bytes, hash of what it says, and whether each locked clause says what was approved."""

    content: bytes
    content_hash: str
    locked_clauses_ok: bool | None


def compile_template(assembled: Assembled, language: Language) -> Compiled:
    """This will read the tags of an assembled template. Raises TemplateFault with the words around the place."""
    environment = environment_for(language)
    templates: dict[str, Template] = {}
    words: set[str] = set()
    for name, content in assembled.parts.items():
        if name.startswith("word/") and (b"{{" in content or b"{%" in content):
            source = jinja_source(content)
            tree = parse_source(source, name, language)
            templates[name] = environment.from_string(tree)
            words |= words_read(tree)
    return Compiled(assembled=assembled, language=language, templates=templates, words=tuple(sorted(words)))


def draw(
    compiled: Compiled, context: Context, noted: dict[str, str], *, title: Text, on: date, is_draft: bool
) -> Drawn:
    """This will draw a document. ``noted`` receives every gap; ``on`` is the day in the file's properties.

    Raises Gaps when a final document lacks a value, LockedClauseChanged, and TemplateFault.
    """
    content_hash = _content_hash(compiled, context)
    document = context["doc"]
    if isinstance(document, dict):
        document["hash"] = wording.grouped(content_hash, groups=4)
        document["content_hash"] = wording.grouped(content_hash)
    parts = dict(compiled.assembled.parts)
    for name, template in compiled.templates.items():
        parts[name] = _drawn_part(template, name, context)
    if noted and not is_draft:
        raise Gaps(title, noted)
    locked = compiled.assembled.locked
    locked_ok = clause_texts(parts[TEXT_PART], locked) == dict(locked) if locked else None
    if locked_ok is False and not is_draft:
        raise _locked_fault(title)
    parts[CORE_PART] = _core_properties(title.in_language(compiled.language), compiled.language, content_hash, on)
    return Drawn(content=write_parts(parts), content_hash=content_hash, locked_clauses_ok=locked_ok)


def jinja_source(content: bytes) -> str:
    """This will turn a part of a Word file into Jinja's source, as ``docxtpl`` reads Word."""
    xml = etree.tostring(etree.fromstring(content), encoding="unicode")
    return cast(str, DocxTemplate(None).patch_xml(xml))


def parse_source(source: str, name: str, language: Language) -> nodes.Template:
    """This will parse Jinja's source. Raises TemplateFault, quoting the text around the place."""
    try:
        return environment_for(language).parse(source)
    except TemplateError as fault:
        raise TemplateFault(
            Text(
                sv=f"Mallen kan inte läsas ({name}): {fault.message}",
                en=f"The template cannot be read ({name}): {fault.message}",
            )
        ) from fault


def words_read(tree: nodes.Template) -> set[str]:
    """This will return every dotted name a template reads, ``rows.permits.kind`` for a column read in a loop."""
    return set(_words(tree, {}))


@lru_cache(maxsize=2)
def environment_for(language: Language) -> Environment:
    """This will return the one environment of a language: sandboxed, escaping, strict, filters from ``wording``."""
    environment = TemplateLanguage(
        autoescape=True, undefined=StrictUndefined, finalize=partial(_printed, language=language), auto_reload=False
    )
    environment.globals.clear()
    environment.filters.clear()
    environment.filters.update(_filters(language))
    known = {
        name: test for name, test in environment.tests.items() if name in {"in", "eq", "ne", "lt", "le", "gt", "ge"}
    }
    environment.tests.clear()
    environment.tests.update(known)
    environment.tests["known"] = lambda value: not isinstance(value, Gap)
    return environment


def _filters(language: Language) -> dict[str, Callable[..., object]]:
    def number_filter(write: Callable[[wording.Number, Language], str]) -> Callable[[object], object]:
        def apply(value: object) -> object:
            if isinstance(value, Gap):
                return value
            if isinstance(value, bool) or not isinstance(value, int | Decimal):
                raise TemplateError(f"{value!r} is no number")
            return write(value, language)

        return apply

    return {
        "kr": number_filter(wording.money),
        "hours": number_filter(wording.hours),
        "percent": number_filter(wording.percent),
        "number": number_filter(wording.number),
        "day": partial(_day, language=language),
        "yesno": partial(_plain, language=language),
        "label": partial(_plain, language=language),
        "classes": partial(_plain, language=language),
        "listing": partial(_plain, language=language),
        "lower_first": partial(_lower_first, language=language),
        "optional": partial(_optional, language=language),
    }


def _day(value: object, *, language: Language) -> object:
    if isinstance(value, Gap):
        return value
    if not isinstance(value, date):
        raise TemplateError(f"{value!r} is no day")
    return wording.day(value, language)


def _plain(value: object, *, language: Language) -> object:
    return value if isinstance(value, Gap | Undefined) else _as_text(value, language)


def _lower_first(value: object, *, language: Language) -> object:
    return value if isinstance(value, Gap | Undefined) else wording.lower_first(_as_text(value, language))


def _optional(value: object, *, language: Language) -> object:
    is_empty = isinstance(value, Gap) or value in ((), "", {})
    return wording.NOT_STATED.in_language(language) if is_empty else value


def _printed(value: object, *, language: Language) -> object:
    """This will turn a value into what stands in the Word file; None and whole mappings never do."""
    if isinstance(value, Markup | Undefined):
        return value
    text = _as_text(value, language)
    return LINE_BREAK.join(escape(line) for line in text.split("\n")) if "\n" in text else text


def _as_text(value: object, language: Language) -> str:
    match value:
        case Choice():
            return value.label
        case str() | Gap():
            return str(value)
        case bool():
            return wording.yes_or_no(value, language)
        case int() | Decimal():
            return wording.number(value, language)
        case datetime() | date():
            return wording.day(value, language)
        case tuple():
            return wording.joined([_as_text(part, language) for part in value], language)
        case {"name": name}:
            return _as_text(name, language)
        case _:
            raise TemplateError(f"{type(value).__name__} cannot be printed")


def _drawn_part(template: Template, name: str, context: Context) -> bytes:
    try:
        text = template.render(context)
    except (TemplateError, TypeError, ValueError) as fault:
        message = fault.message if isinstance(fault, TemplateError) else str(fault)
        raise TemplateFault(
            Text(
                sv=f"Mallen kan inte ritas ({name}): {message}", en=f"The template cannot be drawn ({name}): {message}"
            )
        ) from fault
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
    merged = {"language": compiled.language, "template": compiled.assembled.template_hash, "values": values}
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


def _words(node: nodes.Node, bound: Mapping[str, str]) -> Iterator[str]:
    match node:
        case nodes.Getattr() | nodes.Getitem() | nodes.Name():
            path = _path(node, bound)
            if path:
                yield path
            elif not isinstance(node, nodes.Name):
                for child in node.iter_child_nodes():
                    yield from _words(child, bound)
        case nodes.For():
            yield from _words(node.iter, bound)
            inner = dict(bound)
            if isinstance(node.target, nodes.Name):
                inner[node.target.name] = _path(node.iter, bound) or ""
            for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
                yield from _words(child, inner)
        case _:
            for child in node.iter_child_nodes():
                yield from _words(child, bound)


def _path(node: nodes.Node, bound: Mapping[str, str]) -> str | None:
    match node:
        case nodes.Name(name="loop"):
            return ""
        case nodes.Name():
            return bound.get(node.name, node.name)
        case nodes.Getattr():
            before = _path(node.node, bound)
            return f"{before}.{node.attr}" if before else before
        case nodes.Getitem(arg=nodes.Const(value=str(key))):
            before = _path(node.node, bound)
            return f"{before}.{key}" if before else before
        case _:
            return None


def _core_properties(title: str, language: Language, content_hash: str, on: date) -> bytes:
    """Writes the file's properties ourselves: ``docxtpl`` would write ``&amp;`` into the title."""
    stamp = f"{on.isoformat()}T00:00:00Z"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape_xml(title)}</dc:title><dc:creator>Samverk</dc:creator>"
        f"<dc:identifier>sha256:{content_hash}</dc:identifier><dc:language>{LANGUAGE_TAGS[language]}</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{stamp}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{stamp}</dcterms:modified></cp:coreProperties>'
    ).encode()


def _locked_fault(title: Text) -> LockedClauseChanged:
    return LockedClauseChanged(
        Text(
            sv=f"”{title.sv}” kan inte göras: en låst klausul har inte den godkända lydelsen.",
            en=f"“{title.en}” cannot be made: a locked clause does not have its approved wording.",
        )
    )
