"""Reads the source of an expression into a checked tree, and compiles it."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from engine.domain.expressions.evaluation import Environment, Test, compile_test
from engine.domain.expressions.tree import (
    Arithmetic,
    Call,
    Choice,
    Comparison,
    Comprehension,
    Every,
    ExpressionFault,
    Items,
    Kind,
    Membership,
    Names,
    Negation,
    Node,
    Presence,
    Read,
    ReadColumn,
    Shape,
    Some,
    Value,
    kind_of,
    walk,
)
from engine.domain.values import Text

LONGEST: Final = 2000
DEEPEST: Final = 40
MOST_NODES: Final = 500

_NUMBER: Final = re.compile(r"[0-9]{1,18}(\.[0-9]{1,12})?")
_COMPARISONS: Final = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_ARITHMETIC: Final = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_ARGUMENTS: Final[dict[str, tuple[tuple[Kind, ...], ...]]] = {
    "docs": (("text",),),
    "param": (("text",),),
    "today": (),
    "days": (("day",), ("day",)),
    "covers": (("list",), ("list",)),
    "disjoint": (("list",), ("list",)),
    "len": (("list", "text"),),
}
_KIND_NAMES: Final[dict[Kind, Text]] = {
    "yes_no": Text(sv="ja eller nej", en="yes or no"),
    "number": Text(sv="ett tal", en="a number"),
    "text": Text(sv="en text", en="a text"),
    "day": Text(sv="ett datum", en="a date"),
    "list": Text(sv="en lista", en="a list"),
    "none": Text(sv="None", en="None"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A condition once read and checked.

    ``fields`` are the fields it reads, ``extra`` the names without a group, ``parameters`` the figures and
    ``documents`` the documents it asks for. Two expressions are equal when their trees are.
    """

    source: str = field(compare=False)
    tree: Node = field(repr=False)
    fields: frozenset[str] = field(repr=False)
    extra: frozenset[str] = field(repr=False)
    parameters: frozenset[str] = field(repr=False)
    documents: frozenset[str] = field(repr=False)
    test: Test = field(compare=False, repr=False)

    @property
    def reading_order(self) -> tuple[str, ...]:
        """The fields and documents it asks about, each once, in the order they are read."""
        found = dict.fromkeys(
            _written(part) if isinstance(part, Call) else part.name
            for part in walk(self.tree)
            if isinstance(part, Read) or (isinstance(part, Call) and part.function == "docs")
        )
        return tuple(found)

    def holds(self, environment: Environment) -> bool | None:
        """This will answer the condition: True, False, or None for unknown."""
        return self.test(environment, None)


def parse(source: str, names: Names) -> Expression:
    """This will read and check a condition of at most 2000 characters, 40 levels and 500 parts.

    Raises ExpressionFault at the first thing that may not stand there.
    """
    tree = _Reader(source, names).read()
    parts = tuple(walk(tree))
    reads = frozenset(part.name for part in parts if isinstance(part, Read))
    calls = tuple(part for part in parts if isinstance(part, Call))
    return Expression(
        source=source,
        tree=tree,
        fields=frozenset(name for name in reads if "." in name),
        extra=frozenset(name for name in reads if "." not in name),
        parameters=frozenset(_written(call) for call in calls if call.function == "param"),
        documents=frozenset(_written(call) for call in calls if call.function == "docs"),
        test=compile_test(tree),
    )


def _written(call: Call) -> str:
    first = call.arguments[0]
    return first.value if isinstance(first, Value) and isinstance(first.value, str) else ""


class _Reader:
    """Turns Python's tree into ours, refusing whatever is not in the language."""

    def __init__(self, source: str, names: Names) -> None:
        self._source = source
        self._text = source.strip()
        self._indent = len(source) - len(source.lstrip())
        self._names = names
        self._nodes = 0
        self._row: tuple[str, str] | None = None

    def read(self) -> Node:
        tree = self._node(self._python(), 1)
        if kind_of(tree) not in ("yes_no", "list"):
            raise self._fault(None, "ett villkor ska ge ja eller nej", "a condition must give yes or no")
        return tree

    def _python(self) -> ast.expr:
        if len(self._source) > LONGEST:
            raise self._fault(None, f"uttrycket är längre än {LONGEST} tecken", f"longer than {LONGEST} characters")
        for sign in ("\\", "\0", "#"):
            if sign in self._text:
                place = self._indent + self._text.index(sign) + 1
                raise ExpressionFault(Text(sv="otillåtet tecken", en="a character that is not allowed"), place)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                return ast.parse(self._text, mode="eval").body
        except SyntaxError as error:
            column = self._indent + max(error.offset or 1, 1)
            raise ExpressionFault(
                Text(sv="kan inte läsas som ett uttryck", en="cannot be read as an expression"), column
            ) from error
        except (ValueError, MemoryError, RecursionError) as error:
            raise ExpressionFault(Text(sv="för djupt nästlat", en="nested too deeply"), 1) from error

    def _fault(self, node: ast.AST | None, sv: str, en: str) -> ExpressionFault:
        column = self._indent + 1
        if isinstance(node, ast.expr):
            lines = self._text.splitlines(keepends=True)
            before = sum(len(line) for line in lines[: node.lineno - 1])
            within = len(lines[node.lineno - 1].encode()[: node.col_offset].decode(errors="ignore"))
            column += before + within
        return ExpressionFault(Text(sv=sv, en=en), column)

    def _node(self, node: ast.expr, depth: int) -> Node:
        self._nodes += 1
        if depth > DEEPEST:
            raise self._fault(node, f"djupare än {DEEPEST} nivåer", f"deeper than {DEEPEST} levels")
        if self._nodes > MOST_NODES:
            raise self._fault(node, f"fler än {MOST_NODES} delar", f"more than {MOST_NODES} parts")
        below = depth + 1
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name() | ast.Attribute():
                return self._name(node)
            case ast.BoolOp(op=ast.And()):
                return Every(tuple(self._condition(value, below) for value in node.values))
            case ast.BoolOp():
                return Some(tuple(self._condition(value, below) for value in node.values))
            case ast.UnaryOp(op=ast.Not()):
                return Negation(self._condition(node.operand, below))
            case ast.UnaryOp(op=ast.USub()):
                return Arithmetic("-", Value(0), self._of_kind(node.operand, below, "number"))
            case ast.BinOp():
                return self._arithmetic(node, below)
            case ast.Compare():
                return self._compare(node, below)
            case ast.IfExp():
                return self._choice(node, below)
            case ast.Tuple() | ast.List():
                return Items(tuple(self._node(item, below) for item in node.elts))
            case ast.ListComp():
                return self._comprehension(node, below)
            case ast.Call():
                return self._call(node, below)
            case _:
                raise self._fault(node, "det här finns inte i villkorsspråket", "this is not in the guard language")

    def _constant(self, node: ast.Constant) -> Value:
        written = ast.get_source_segment(self._text, node) or ""
        match node.value:
            case None | bool() | str():
                return Value(node.value)
            case int() | float() if _NUMBER.fullmatch(written):
                return Value(Decimal(written) if "." in written else int(written))
            case _:
                raise self._fault(
                    node, "ett sådant värde finns inte i språket", "there is no such value in the language"
                )

    def _name(self, node: ast.Name | ast.Attribute) -> Read | ReadColumn:
        match node:
            case ast.Name(id=name):
                shape = self._names.extra.get(name)
                if shape is not None:
                    return Read(name, shape)
            case ast.Attribute(value=ast.Name(id=group), attr=attribute):
                if self._row is not None and group == self._row[0]:
                    return self._column(node, group, attribute)
                name = f"{group}.{attribute}"
                shape = self._names.fields.get(name)
                if shape is not None:
                    return Read(name, shape)
            case _:
                raise self._fault(node, "bara grupp.fält får läsas", "only group.field may be read")
        raise self._fault(node, f"okänt namn: {name}", f"unknown name: {name}")

    def _column(self, node: ast.expr, variable: str, column: str) -> ReadColumn:
        source = self._row[1] if self._row is not None else ""
        shape = self._names.record_columns.get(source, {}).get(column)
        if shape is None:
            raise self._fault(node, f"{source} har ingen kolumn {column}", f"{source} has no column {column}")
        return ReadColumn(variable, column, shape)

    def _condition(self, node: ast.expr, depth: int) -> Node:
        read = self._node(node, depth)
        if kind_of(read) not in ("yes_no", "list"):
            raise self._wrong_kind(node, read, "yes_no")
        return read

    def _of_kind(self, node: ast.expr, depth: int, *kinds: Kind) -> Node:
        read = self._node(node, depth)
        if kind_of(read) not in kinds:
            raise self._wrong_kind(node, read, kinds[0])
        return read

    def _wrong_kind(self, node: ast.expr, read: Node, wanted: Kind) -> ExpressionFault:
        is_, should = _KIND_NAMES[kind_of(read)], _KIND_NAMES[wanted]
        return self._fault(node, f"är {is_.sv}, här behövs {should.sv}", f"is {is_.en} where {should.en} is needed")

    def _arithmetic(self, node: ast.BinOp, depth: int) -> Node:
        sign = _ARITHMETIC.get(type(node.op))
        if sign is None:
            raise self._fault(node, "bara + - * / räknas", "only + - * / can be used")
        left, right = self._of_kind(node.left, depth, "number"), self._of_kind(node.right, depth, "number")
        if sign == "/" and right == Value(0):
            raise self._fault(node.right, "division med noll", "division by zero")
        return Arithmetic(sign, left, right)

    def _compare(self, node: ast.Compare, depth: int) -> Node:
        if len(node.ops) != 1:
            raise self._fault(node, "en jämförelse i taget", "one comparison at a time")
        sign, right_node = node.ops[0], node.comparators[0]
        if isinstance(sign, ast.Is | ast.IsNot):
            return self._presence(node, is_negated=isinstance(sign, ast.IsNot), depth=depth)
        left = self._node(node.left, depth)
        right = self._node(right_node, depth)
        if isinstance(sign, ast.In | ast.NotIn):
            self._check_membership(node, left, right)
            return Membership(left, right, isinstance(sign, ast.NotIn))
        symbol = _COMPARISONS[type(sign)]
        if symbol not in ("==", "!=") and kind_of(left) not in ("number", "day"):
            raise self._wrong_kind(node.left, left, "number")
        self._check_comparable(right_node, left, right)
        return Comparison(symbol, left, right)

    def _presence(self, node: ast.Compare, *, is_negated: bool, depth: int) -> Node:
        right = node.comparators[0]
        if not (isinstance(right, ast.Constant) and right.value is None):
            raise self._fault(right, "is jämför bara med None", "is compares with None only")
        read = self._node(node.left, depth)
        if not isinstance(read, Read | ReadColumn):
            raise self._fault(node.left, "bara ett fält kan vara None", "only a field can be None")
        return Presence(read, is_negated)

    def _check_membership(self, node: ast.Compare, item: Node, container: Node) -> None:
        container_node = node.comparators[0]
        if kind_of(container) != "list":
            raise self._wrong_kind(container_node, container, "list")
        if kind_of(item) in ("list", "none"):
            raise self._wrong_kind(node.left, item, "text")
        if isinstance(container, Items):
            if not container.items or not isinstance(container_node, ast.Tuple | ast.List):
                raise self._fault(container_node, "listan är tom", "the list is empty")
            for part_node, part in zip(container_node.elts, container.items, strict=True):
                if part != Value(None):
                    self._check_comparable(part_node, item, part)
        elif isinstance(container, Read):
            self._check_choice(node.left, item, container)

    def _check_comparable(self, node: ast.expr, left: Node, right: Node) -> None:
        if kind_of(left) == "none" or kind_of(right) == "none":
            raise self._fault(node, "None prövas med is None", "None is asked for with is None")
        if kind_of(left) == "list" or kind_of(left) != kind_of(right):
            raise self._wrong_kind(node, right, "text" if kind_of(left) == "list" else kind_of(left))
        self._check_choice(node, left, right)
        self._check_choice(node, right, left)
        first, second = _choices(left), _choices(right)
        if first and second and not first & second:
            raise self._fault(node, "de har inget värde gemensamt", "they have no value in common")

    def _check_choice(self, node: ast.expr, written: Node, named: Node) -> None:
        choices = _choices(named)
        if isinstance(written, Value) and choices is not None and written.value not in choices:
            name = named.name if isinstance(named, Read | ReadColumn) else ""
            raise self._fault(
                node,
                f"{written.value!r} är inte ett värde för {name}",
                f"{written.value!r} is not a value of {name}",
            )

    def _choice(self, node: ast.IfExp, depth: int) -> Node:
        condition = self._condition(node.test, depth)
        then, otherwise = self._node(node.body, depth), self._node(node.orelse, depth)
        if kind_of(then) == "none" or kind_of(then) != kind_of(otherwise):
            raise self._wrong_kind(node.orelse, otherwise, kind_of(then))
        return Choice(condition, then, otherwise)

    def _comprehension(self, node: ast.ListComp, depth: int) -> Node:
        generator = node.generators[0]
        if len(node.generators) != 1 or len(generator.ifs) > 1 or generator.is_async or self._row is not None:
            raise self._fault(node, "en lista i taget, med högst ett if", "one list at a time, with at most one if")
        if not isinstance(generator.target, ast.Name):
            raise self._fault(generator.target, "ett enkelt radnamn behövs", "a plain name for the row is needed")
        source = self._node(generator.iter, depth)
        if not isinstance(source, Read) or source.name not in self._names.record_columns:
            raise self._fault(generator.iter, "inte en lista av rader", "not a list of rows")
        variable = generator.target.id
        if variable in self._names.extra or any(name.startswith(f"{variable}.") for name in self._names.fields):
            raise self._fault(generator.target, f"{variable} är upptaget", f"{variable} is taken")
        self._row = (variable, source.name)
        condition = self._condition(generator.ifs[0], depth) if generator.ifs else None
        element = self._node(node.elt, depth)
        if kind_of(element) in ("list", "none"):
            raise self._wrong_kind(node.elt, element, "text")
        self._row = None
        return Comprehension(element, variable, source, condition)

    def _call(self, node: ast.Call, depth: int) -> Node:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        wanted = _ARGUMENTS.get(name)
        if wanted is None:
            raise self._fault(node.func, "okänd funktion", "unknown function")
        if node.keywords or len(node.args) != len(wanted):
            raise self._fault(node, f"{name} tar {len(wanted)} värden", f"{name} takes {len(wanted)} values")
        arguments = tuple(
            self._of_kind(argument, depth, *kinds) for argument, kinds in zip(node.args, wanted, strict=True)
        )
        if name in ("docs", "param"):
            known = self._names.documents if name == "docs" else self._names.parameters
            if not isinstance(arguments[0], Value) or arguments[0].value not in known:
                raise self._fault(node.args[0], f"okänt i {name}()", f"unknown in {name}()")
        return Call(name, arguments)


def _choices(node: Node) -> frozenset[str] | None:
    return node.shape.choices if isinstance(node, Read | ReadColumn) else None


__all__ = ["Expression", "Shape", "parse"]
