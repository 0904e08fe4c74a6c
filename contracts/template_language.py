"""The language of templates: Jinja reduced to plain values, tests, loops and the filters of ``wording``.

No attribute of a Python object, no call, no import: there is no way out of it. What is printed goes through one door.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import Final

from jinja2 import Environment, StrictUndefined, TemplateError, nodes
from jinja2.runtime import LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from contracts import wording
from contracts.words import Choice, Gap
from engine.domain.commands import Language
from engine.domain.reasons import EngineError
from engine.domain.values import Text

LINE_BREAK: Final = Markup('</w:t><w:br/><w:t xml:space="preserve">')
_LOOP_WORDS: Final = frozenset({"index", "index0", "first", "last", "length"})


class TemplateFault(EngineError):
    """A template cannot be read or drawn; the sentence quotes the place."""

    code = "template_fault"


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


@lru_cache(maxsize=1024)
def _parsed_expression(source: str) -> nodes.Template:
    # Compiling, not only parsing, finds unknown filters and tests.
    environment = environment_for("sv")
    environment.compile(f"{{{{ {source} }}}}", raw=True)
    return _without_none(environment.parse(f"{{{{ {source} }}}}"))


def _without_none(tree: nodes.Template) -> nodes.Template:
    """Jinja prints a written ``none`` without asking anybody; templates ask ``is known`` instead."""
    if any(constant.value is None for constant in tree.find_all(nodes.Const)):
        raise TemplateError("none")
    return tree


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


def parse_source(source: str, name: str, language: Language) -> nodes.Template:
    """This will parse Jinja's source. Raises TemplateFault, quoting the text around the place."""
    try:
        return _without_none(environment_for(language).parse(source))
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


def expression_words(source: str, bound: Mapping[str, str]) -> set[str]:
    """This will return the dotted names that one expression reads; ``bound`` names the lists of loop words.

    Raises TemplateFault with the parser's message.
    """
    try:
        return set(_words(_parsed_expression(source), bound))
    except TemplateError as fault:
        message = fault.message or type(fault).__name__
        raise TemplateFault(
            Text(sv=f"koden kan inte läsas ({message})", en=f"the tag cannot be read ({message})")
        ) from fault


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
