"""The tree of an expression, the names it may use, and its located fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from engine.domain.fields import Column, Field, FieldType
from engine.domain.reasons import EngineError
from engine.domain.values import Text

Kind = Literal["yes_no", "number", "text", "day", "list", "none"]
"""What a part of an expression is: the types of the dictionary, as the language sees them."""

KINDS: Final[Mapping[FieldType, Kind]] = {
    "str": "text",
    "text": "text",
    "ref": "text",
    "enum": "text",
    "int": "number",
    "dec": "number",
    "bool": "yes_no",
    "date": "day",
    "dt": "day",
    "list": "list",
}


class ExpressionFault(EngineError):
    """An expression that may not be: what is wrong, and the column (from 1) where it is."""

    code = "expression_fault"

    def __init__(self, message: Text, column: int) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Shape:
    """The kind of a name, and its values when they are a closed list (enums, lists of classes)."""

    kind: Kind
    choices: frozenset[str] | None = None


def shape_of(entry: Field | Column) -> Shape:
    """This will return how the language sees a field of the dictionary or a column of a table."""
    return Shape(KINDS[entry.type], frozenset(entry.choices) if entry.choices else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The closed list of names an expression may use.

    ``extra`` are names without a group, known where the expression stands (``outcome``, ``skip``, ``children``).
    ``record_columns`` gives the columns of the rows of each list that holds records.
    """

    fields: Mapping[str, Shape]
    extra: Mapping[str, Shape] = field(default_factory=dict)
    record_columns: Mapping[str, Mapping[str, Shape]] = field(default_factory=dict)
    parameters: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Value:
    """A value written in the expression itself; None only where it is asked about."""

    value: bool | int | Decimal | str | None


@dataclass(frozen=True, slots=True)
class Read:
    """A field of the dictionary (``scope.end_date``) or an extra name (``outcome``)."""

    name: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A column of the row at hand in a list comprehension."""

    variable: str
    name: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class Items:
    """A list written out; it is unknown when one of its items is."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """``left`` compared with ``right``: ``==``, ``!=``, ``<``, ``<=``, ``>`` or ``>=``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Membership:
    """``item in container``; the container is a list of the case or a list written out."""

    item: Node
    container: Node
    is_negated: bool


@dataclass(frozen=True, slots=True)
class Presence:
    """``name is None`` or ``name is not None``: the one question about the unknown itself."""

    name: Read | ReadColumn
    is_negated: bool


@dataclass(frozen=True, slots=True)
class Every:
    """``a and b``."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """``a or b``."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """``not a``."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``left`` and ``right`` joined by ``+``, ``-``, ``*`` or ``/``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Choice:
    """``then if condition else otherwise``; unknown when the condition is."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Comprehension:
    """``[element for variable in source if condition]``; unknown when one row's condition or element is."""

    element: Node
    variable: str
    source: Read
    condition: Node | None


@dataclass(frozen=True, slots=True)
class Call:
    """One of the seven functions, with its arguments."""

    function: str
    arguments: tuple[Node, ...]


Node = (
    Value | Read | ReadColumn | Items | Comparison | Membership | Presence | Every | Some | Negation
    | Arithmetic | Choice | Comprehension | Call
)  # fmt: skip

RESULTS: Final[Mapping[str, Kind]] = {
    "docs": "yes_no",
    "covers": "yes_no",
    "disjoint": "yes_no",
    "today": "day",
    "days": "number",
    "param": "number",
    "len": "number",
}


def kind_of(node: Node) -> Kind:
    """This will return what kind of thing a node gives."""
    match node:
        case Value(value=None):
            return "none"
        case Value(value=bool()):
            return "yes_no"
        case Value(value=str()):
            return "text"
        case Value() | Arithmetic():
            return "number"
        case Read() | ReadColumn():
            return node.shape.kind
        case Items() | Comprehension():
            return "list"
        case Choice():
            return kind_of(node.then)
        case Call():
            return RESULTS[node.function]
        case _:
            return "yes_no"


def children(node: Node) -> tuple[Node, ...]:
    """This will return the parts of a node, in reading order."""
    match node:
        case Items(items=parts) | Every(operands=parts) | Some(operands=parts) | Call(arguments=parts):
            return parts
        case Comparison(left=left, right=right) | Arithmetic(left=left, right=right):
            return (left, right)
        case Membership():
            return (node.item, node.container)
        case Presence():
            return (node.name,)
        case Negation():
            return (node.operand,)
        case Choice():
            return (node.condition, node.then, node.otherwise)
        case Comprehension():
            return (node.source, node.element, *(() if node.condition is None else (node.condition,)))
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """This will yield a node and everything under it, in reading order."""
    yield node
    for child in children(node):
        yield from walk(child)
