"""Conditions over what the model knows and what it leaves open: every answer an expression may still give.

An *atom* is a comparison, membership or presence. Atoms over the model's own facts are answered exactly. Of the other
facts the model knows nothing: their atoms may be true, false or unknown, unless a choice is made for a whole step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import wraps
from itertools import islice, product
from typing import Final, TypeVar

from engine.domain.expressions import Environment
from engine.domain.expressions.evaluation import compile_test
from engine.domain.expressions.tree import (
    Call,
    Choice,
    Comparison,
    Every,
    Items,
    Membership,
    Negation,
    Node,
    Presence,
    Read,
    Some,
    Value,
    walk,
)
from engine.domain.values import Facts
from engine.domain.values import Value as FactValue

TRUE, FALSE, UNKNOWN = 1, 2, 4
ANY: Final = TRUE | FALSE | UNKNOWN

Choices = Mapping[Node, int]
"""Answers chosen for atoms that the model leaves open, for the length of one step."""

MOST_CHOICES: Final = 20_000

_DAY: Final = date(2000, 1, 1)


_T = TypeVar("_T")
_MOST_REMEMBERED: Final = 50_000


def remembered(function: Callable[[Node], _T]) -> Callable[[Node], _T]:
    """This will remember what a function says of a node. By identity: hashing a tree takes longer than most answers."""
    memory: dict[int, tuple[Node, _T]] = {}

    @wraps(function)
    def remember(node: Node) -> _T:
        found = memory.get(id(node))
        if found is None or found[0] is not node:
            if len(memory) > _MOST_REMEMBERED:
                memory.clear()
            found = memory[id(node)] = (node, function(node))
        return found[1]

    return remember


class TooManyChoicesError(Exception):
    """A condition distinguishes more combinations of facts than are looked at: a bound was hit."""


@remembered
def atoms_of(node: Node) -> tuple[Node, ...]:
    """This will return the atoms of a condition, each once, in reading order."""
    match node:
        case Every(operands=parts) | Some(operands=parts):
            return tuple(dict.fromkeys(atom for part in parts for atom in atoms_of(part)))
        case Negation(operand=part):
            return atoms_of(part)
        case Choice(condition=condition, then=then, otherwise=otherwise):
            return tuple(dict.fromkeys((*atoms_of(condition), *atoms_of(then), *atoms_of(otherwise))))
        case _:
            return (node,)


@remembered
def fields_of(node: Node) -> frozenset[str]:
    """This will return the fields a condition reads."""
    return frozenset(part.name for part in walk(node) if isinstance(part, Read))


@remembered
def depends_on_world(node: Node) -> bool:
    """This will tell whether a condition asks for the day, a figure of the law or a document."""
    return any(isinstance(part, Call) and part.function in {"today", "param", "docs", "days"} for part in walk(node))


def answers(node: Node, known: Callable[[Node], int | None], choices: Choices) -> int:
    """This will return every answer a condition may give: TRUE, FALSE and UNKNOWN added up.

    ``known`` answers the atoms of the model and returns None for the others.
    """
    match node:
        case Every(operands=parts):
            return _junction([answers(part, known, choices) for part in parts], decisive=FALSE, other=TRUE)
        case Some(operands=parts):
            return _junction([answers(part, known, choices) for part in parts], decisive=TRUE, other=FALSE)
        case Negation(operand=part):
            found = answers(part, known, choices)
            return (found & UNKNOWN) | (TRUE if found & FALSE else 0) | (FALSE if found & TRUE else 0)
        case Choice(condition=condition, then=then, otherwise=otherwise):
            found = answers(condition, known, choices)
            result = found & UNKNOWN
            if found & TRUE:
                result |= answers(then, known, choices)
            if found & FALSE:
                result |= answers(otherwise, known, choices)
            return result
        case _:
            answer = known(node)
            return choices.get(node, ANY) if answer is None else answer


def _junction(parts: list[int], *, decisive: int, other: int) -> int:
    result = 0
    if any(part & decisive for part in parts):
        result |= decisive
    if all(part & other for part in parts):
        result |= other
    if all(part & (UNKNOWN | other) for part in parts) and any(part & UNKNOWN for part in parts):
        result |= UNKNOWN
    return result


def evaluate(node: Node, facts: Facts) -> int:
    """This will answer an atom on facts that are all known to the model."""
    found = _test_of(node)(Environment(facts=facts, today=_DAY, parameters=_no_figure, documents=frozenset()), None)
    return UNKNOWN if found is None else TRUE if found else FALSE


@remembered
def _test_of(node: Node) -> Callable[[Environment, None], bool | None]:
    return compile_test(node)


def _no_figure(_key: str) -> Decimal | None:
    return None


def choices_for(condition: Node, guards: Iterable[Node], is_open: Callable[[Node], bool]) -> tuple[Choices, ...]:
    """This will return every combination of answers to the open atoms of ``condition`` that facts can bring about.

    Atoms over one field and written values are answered together, from values that they tell apart, also where
    they stand in ``guards``. Others are free of each other: more combinations than facts allow, never fewer.
    Raises TooManyChoicesError.
    """
    opened = [atom for atom in atoms_of(condition) if is_open(atom)]
    single = {name for atom in opened if (name := _single_field(atom)) is not None}
    others = [atom for atom in opened if _single_field(atom) is None]
    related: dict[str, list[Node]] = {name: [] for name in single}
    for node in (condition, *guards):
        for atom in atoms_of(node):
            name = _single_field(atom)
            if name in related and is_open(atom) and atom not in related[name]:
                related[name].append(atom)
    groups: list[list[Choices]] = [_group(name, atoms) for name, atoms in sorted(related.items())]
    groups += [[{atom: answer} for answer in (TRUE, FALSE, UNKNOWN)] for atom in others]
    found = tuple(islice(_combined(groups), MOST_CHOICES + 1))
    if len(found) > MOST_CHOICES:
        raise TooManyChoicesError(f"more than {MOST_CHOICES} combinations")
    return found


def _combined(groups: list[list[Choices]]) -> Iterator[Choices]:
    for parts in product(*groups):
        yield {atom: answer for part in parts for atom, answer in part.items()}


def _group(name: str, atoms: list[Node]) -> list[Choices]:
    seen: dict[tuple[int, ...], Choices] = {}
    for value in _values_apart(name, atoms):
        given = tuple(evaluate(atom, {name: value}) for atom in atoms)
        seen.setdefault(given, dict(zip(atoms, given, strict=True)))
    return list(seen.values())


def _single_field(atom: Node) -> str | None:
    """The field of an atom that compares one field with written values; None for any other atom."""
    match atom:
        case Read(name=name):
            return name
        case Presence(name=Read(name=name)):
            return name
        case Comparison(left=Read(name=name), right=Value()):
            return name
        case Membership(item=Read(name=name), container=Items(items=items)) if all(
            isinstance(item, Value) for item in items
        ):
            return name
        case _:
            return None


def _values_apart(name: str, atoms: list[Node]) -> list[FactValue]:
    values: list[FactValue] = [None]
    kind = next(part.shape.kind for atom in atoms for part in walk(atom) if isinstance(part, Read))
    written = [
        part.value for atom in atoms for part in walk(atom) if isinstance(part, Value) and part.value is not None
    ]
    match kind:
        case "yes_no":
            values += [True, False]
        case "number":
            for number in written:
                assert isinstance(number, int | Decimal)
                values += [number - 1, number, number + 1]
            values += [0] if not written else []
        case "list":
            values += [(), ("something",)]
        case "day":
            values += [_DAY]
        case _:
            values += [*written, f"another {name}"]
    return list(dict.fromkeys(values))
