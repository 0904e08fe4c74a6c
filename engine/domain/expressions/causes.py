"""Which facts keep a condition from holding: what somebody would have to change, not everything it reads.

``type == 'a' and x or type == 'b' and y`` fails on ``x`` when the type is *a*: nobody is asked for ``y``, and nobody
is asked to change the type.
"""

from __future__ import annotations

from functools import lru_cache

from engine.domain.expressions.evaluation import Environment, Test, compile_test
from engine.domain.expressions.parsing import Expression
from engine.domain.expressions.tree import (
    Choice,
    Comparison,
    Every,
    Items,
    Membership,
    Node,
    Read,
    Some,
    Value,
    walk,
)

NOTHING: tuple[str, ...] = ()


def causes(expression: Expression, environment: Environment) -> tuple[str, ...]:
    """This will return the fields that keep the condition from holding, in reading order; empty when it holds."""
    found, _ = _causes(expression.tree, environment)
    return tuple(dict.fromkeys(name for name in found if "." in name))


def _causes(node: Node, environment: Environment) -> tuple[tuple[str, ...], bool]:
    """The fields, and whether a choice that is made otherwise stands in the way as well."""
    if _test(node)(environment, None) is True:
        return NOTHING, False
    match node:
        case Every(operands):
            parts = [_causes(operand, environment) for operand in operands]
            return _joined(parts), any(is_other for _, is_other in parts)
        case Some(operands):
            parts = [_causes(operand, environment) for operand in operands]
            open_ways = [part for part in parts if not part[1]]
            return _joined(open_ways or parts), not open_ways
        case Choice(condition, then, otherwise):
            answer = _test(condition)(environment, None)
            if answer is None:
                return _causes(condition, environment)
            return _causes(then if answer else otherwise, environment)
        case _:
            return _read_by(node), _is_choice(node)


def _is_choice(node: Node) -> bool:
    """A test of one field against written values tells which case of a rule applies: ``type == 'a'``."""
    match node:
        case Comparison("==", Read(_, shape), Value(value)):
            return shape.choices is not None and isinstance(value, str)
        case Membership(Read(_, shape), Items(items), False):
            return shape.choices is not None and all(isinstance(item, Value) for item in items)
        case _:
            return False


def _joined(parts: list[tuple[tuple[str, ...], bool]]) -> tuple[str, ...]:
    return tuple(name for names, _ in parts for name in names)


def _read_by(node: Node) -> tuple[str, ...]:
    return tuple(part.name for part in walk(node) if isinstance(part, Read))


@lru_cache(maxsize=4096)
def _test(node: Node) -> Test:
    return compile_test(node)
