"""Compiles a tree once into nested functions; evaluating allocates nothing but what the arithmetic needs."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Context, Decimal
from typing import Final, cast

from engine.domain.expressions.tree import (
    Arithmetic,
    Call,
    Choice,
    Comparison,
    Comprehension,
    Every,
    Items,
    Membership,
    Negation,
    Node,
    Presence,
    Read,
    ReadColumn,
    Some,
    Value,
    kind_of,
)
from engine.domain.values import Facts, Record, local_day


@dataclass(slots=True, kw_only=True)
class Environment:
    """What an expression is asked about: the facts, the day, the figures of the law and the final documents.

    Extra names (``outcome``, ``children``) stand among the facts, without a dot.
    """

    facts: Facts
    today: date
    parameters: Callable[[str], Decimal | None]
    documents: frozenset[str]


Row = Record | None
Evaluator = Callable[[Environment, Row], object]
Test = Callable[[Environment, Row], bool | None]
Number = int | Decimal
Things = tuple[object, ...]

EXACT: Final = Context(prec=60, traps=[])
"""Sixty digits: no amount, share or product of two of them is ever rounded. What is beyond all bounds is unknown."""

Compare = Callable[[object, object], bool]

COMPARISONS: Final[Mapping[str, Compare]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": cast(Compare, operator.lt),
    "<=": cast(Compare, operator.le),
    ">": cast(Compare, operator.gt),
    ">=": cast(Compare, operator.ge),
}


def compile_test(node: Node) -> Test:
    """This will return the function that answers a condition with True, False or None for unknown."""
    evaluate = _compile(node)
    if kind_of(node) != "list":
        return cast(Test, evaluate)

    def is_filled(environment: Environment, row: Row) -> bool | None:
        found = evaluate(environment, row)
        return None if found is None else bool(found)

    return is_filled


def _compile(node: Node) -> Evaluator:
    match node:
        case Value():
            return _constant(node.value)
        case Read():
            return _read(node.name, is_day=node.shape.kind == "day")
        case ReadColumn():
            return _read_column(node.name, is_day=node.shape.kind == "day")
        case Items():
            return _items(tuple(_compile(item) for item in node.items))
        case Comparison():
            return _comparison(node)
        case Membership():
            return _membership(node)
        case Presence():
            return _presence(node)
        case Every():
            return _junction(tuple(compile_test(operand) for operand in node.operands), decisive=False)
        case Some():
            return _junction(tuple(compile_test(operand) for operand in node.operands), decisive=True)
        case Negation():
            return _negation(compile_test(node.operand))
        case Arithmetic():
            return _arithmetic(node)
        case Choice():
            return _choice(compile_test(node.condition), _compile(node.then), _compile(node.otherwise))
        case Comprehension():
            return _comprehension(node)
        case Call():
            return _call(node)


def _constant(value: object) -> Evaluator:
    return lambda environment, row: value


def _read(name: str, *, is_day: bool) -> Evaluator:
    if not is_day:
        return lambda environment, row: environment.facts.get(name)

    def read_day(environment: Environment, row: Row) -> object:
        found = environment.facts.get(name)
        return local_day(found) if isinstance(found, datetime) else found

    return read_day


def _read_column(name: str, *, is_day: bool) -> Evaluator:
    def read_column(environment: Environment, row: Row) -> object:
        found = row.get(name) if row is not None else None
        return local_day(found) if is_day and isinstance(found, datetime) else found

    return read_column


def _items(parts: tuple[Evaluator, ...]) -> Evaluator:
    if len(parts) == 1:
        (only,) = parts

        def single(environment: Environment, row: Row) -> object:
            found = only(environment, row)
            return None if found is None else (found,)

        return single

    def items(environment: Environment, row: Row) -> object:
        found = tuple([part(environment, row) for part in parts])
        return None if None in found else found

    return items


def _comparison(node: Comparison) -> Evaluator:
    compare = COMPARISONS[node.operator]
    left, right = _compile(node.left), _compile(node.right)
    # Most comparisons are a plain fact beside a written value: one dictionary look-up is enough for them.
    if isinstance(node.left, Read) and isinstance(node.right, Value):
        name, constant = node.left.name, node.right.value

        def fact_beside_value(environment: Environment, row: Row) -> object:
            found = environment.facts.get(name)
            return None if found is None else compare(found, constant)

        return fact_beside_value

    def comparison(environment: Environment, row: Row) -> object:
        first = left(environment, row)
        if first is None:
            return None
        second = right(environment, row)
        return None if second is None else compare(first, second)

    return comparison


def _membership(node: Membership) -> Evaluator:
    if isinstance(node.container, Items):
        return _among_written(node, node.container)
    item, container = _compile(node.item), _compile(node.container)
    found_answer, missing_answer = not node.is_negated, node.is_negated

    def among(environment: Environment, row: Row) -> object:
        sought = item(environment, row)
        if sought is None:
            return None
        holder = cast("Things | None", container(environment, row))
        if holder is None:
            return None
        return found_answer if sought in holder else missing_answer

    return among


def _among_written(node: Membership, container: Items) -> Evaluator:
    item = _compile(node.item)
    found_answer, missing_answer = not node.is_negated, node.is_negated
    written = frozenset(part.value for part in container.items if isinstance(part, Value) and part.value is not None)
    when_unknown = found_answer if Value(None) in container.items else None
    others = tuple(_compile(part) for part in container.items if not isinstance(part, Value))
    if not others:

        def among_values(environment: Environment, row: Row) -> object:
            sought = item(environment, row)
            if sought is None:
                return when_unknown
            return found_answer if sought in written else missing_answer

        return among_values

    def among_names(environment: Environment, row: Row) -> object:
        sought = item(environment, row)
        if sought is None:
            return when_unknown
        if sought in written:
            return found_answer
        is_certain = True
        for other in others:
            value = other(environment, row)
            if value is None:
                is_certain = False
            elif value == sought:
                return found_answer
        return missing_answer if is_certain else None

    return among_names


def _presence(node: Presence) -> Evaluator:
    name, is_negated = node.name.name, node.is_negated
    if isinstance(node.name, ReadColumn):
        return lambda environment, row: (row is None or row.get(name) is None) is not is_negated
    if is_negated:
        return lambda environment, row: environment.facts.get(name) is not None
    return lambda environment, row: environment.facts.get(name) is None


def _junction(operands: tuple[Test, ...], *, decisive: bool) -> Evaluator:
    """``and`` (decisive False) and ``or`` (decisive True): one decisive operand settles it, then the unknown."""
    other = not decisive

    def junction(environment: Environment, row: Row) -> object:
        answer: bool | None = other
        for operand in operands:
            found = operand(environment, row)
            if found is decisive:
                return decisive
            if found is None:
                answer = None
        return answer

    return junction


def _negation(operand: Test) -> Evaluator:
    def negation(environment: Environment, row: Row) -> object:
        found = operand(environment, row)
        return None if found is None else not found

    return negation


def _arithmetic(node: Arithmetic) -> Evaluator:
    calculate = {
        "+": EXACT.add,
        "-": EXACT.subtract,
        "*": EXACT.multiply,
        "/": EXACT.divide,
    }[node.operator]
    is_division = node.operator == "/"
    left = cast("Callable[[Environment, Row], Number | None]", _compile(node.left))
    right = cast("Callable[[Environment, Row], Number | None]", _compile(node.right))

    def arithmetic(environment: Environment, row: Row) -> object:
        first, second = left(environment, row), right(environment, row)
        if first is None or second is None or (is_division and second == 0):
            return None
        found = calculate(first, second)
        return found if found.is_finite() else None

    return arithmetic


def _choice(condition: Test, then: Evaluator, otherwise: Evaluator) -> Evaluator:
    def choice(environment: Environment, row: Row) -> object:
        found = condition(environment, row)
        if found is None:
            return None
        return then(environment, row) if found else otherwise(environment, row)

    return choice


def _comprehension(node: Comprehension) -> Evaluator:
    name, element = node.source.name, _compile(node.element)
    condition = compile_test(node.condition) if node.condition is not None else None

    def comprehension(environment: Environment, row: Row) -> object:
        rows = environment.facts.get(name)
        if rows is None:
            return None
        kept = []
        for record in cast("tuple[Record, ...]", rows):
            is_kept = condition is None or condition(environment, record)
            if is_kept is None:
                return None
            if is_kept:
                value = element(environment, record)
                if value is None:
                    return None
                kept.append(value)
        return tuple(kept)

    return comprehension


def _call(node: Call) -> Evaluator:
    match node.function, node.arguments:
        case "docs", (Value(value=document),):
            return lambda environment, row: document in environment.documents
        case "param", (Value(value=str(key)),):
            return lambda environment, row: environment.parameters(key)
        case "today", _:
            return lambda environment, row: environment.today
        case _:
            return _call_on_values(node.function, tuple(_compile(argument) for argument in node.arguments))


def _call_on_values(function: str, arguments: tuple[Evaluator, ...]) -> Evaluator:
    if function == "len":
        (only,) = arguments

        def length(environment: Environment, row: Row) -> object:
            found = cast("Things | str | None", only(environment, row))
            return None if found is None else len(found)

        return length
    first, second = arguments
    answer = {"days": _days, "covers": _covers, "disjoint": _disjoint}[function]

    def on_two(environment: Environment, row: Row) -> object:
        left = first(environment, row)
        if left is None:
            return None
        right = second(environment, row)
        return None if right is None else answer(left, right)

    return on_two


def _days(earlier: object, later: object) -> object:
    return (cast(date, later) - cast(date, earlier)).days


def _covers(holder: object, needed: object) -> object:
    return _none_outside(cast(Things, needed), cast(Things, holder))


def _disjoint(left: object, right: object) -> object:
    return _none_inside(cast(Things, left), cast(Things, right))


def _none_outside(things: Things, holder: Things) -> bool:
    for thing in things:  # noqa: SIM110  # a generator inside all() takes three times as long, in every verdict
        if thing not in holder:
            return False
    return True


def _none_inside(things: Things, holder: Things) -> bool:
    for thing in things:  # noqa: SIM110  # as above
        if thing in holder:
            return False
    return True
