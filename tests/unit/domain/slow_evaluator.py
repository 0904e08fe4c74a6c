"""A second reading of the guard language, slow and plain, that shares nothing with the compiled one but the tree.

It works with sets of what an answer can still be: an unknown condition may be True or False, and a condition is
definite when only one is left. That is how Kleene's tables are meant, so they are not written down again here.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, localcontext
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain.expressions import tree

UNKNOWN = object()

# Here a value is whatever it is: the reading is dynamic on purpose, and the tests give it only what the tree allows.
Thing = Any
Rows = Mapping[str, Mapping[str, Any]]


def answer(
    node: tree.Node, facts: Mapping[str, Thing], today: date, parameters: Mapping[str, Decimal], documents: set[str]
) -> bool | None:
    """This will return True, False or None for unknown."""
    return _Slow(facts, today, parameters, documents).condition(node, {})


def _normal(value: Thing) -> Thing:
    if value is None:
        return UNKNOWN
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo("Europe/Stockholm")).date()
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return value
    return Decimal(value)


class _Slow:
    def __init__(
        self, facts: Mapping[str, Thing], today: date, parameters: Mapping[str, Decimal], documents: set[str]
    ) -> None:
        self.facts, self.today, self.parameters, self.documents = facts, today, parameters, documents

    def condition(self, node: tree.Node, rows: Rows) -> bool | None:
        possible = self.possible(node, rows)
        return None if len(possible) == 2 else possible.pop()

    def possible(self, node: Thing, rows: Rows) -> set[bool]:
        name = type(node).__name__
        if name == "Every":
            parts = [self.possible(part, rows) for part in node.operands]
            return {all(choice) for choice in _product(parts)}
        if name == "Some":
            parts = [self.possible(part, rows) for part in node.operands]
            return {any(choice) for choice in _product(parts)}
        if name == "Negation":
            return {not value for value in self.possible(node.operand, rows)}
        found = self.value(node, rows)
        if found is UNKNOWN:
            return {True, False}
        return {len(found) > 0 if isinstance(found, list | tuple) else found}

    def value(self, node: Thing, rows: Rows) -> Thing:
        return getattr(self, "_" + type(node).__name__.lower())(node, rows)

    def _every(self, node: Thing, rows: Rows) -> Thing:
        found = self.condition(node, rows)
        return UNKNOWN if found is None else found

    _some = _negation = _every

    def _value(self, node: Thing, rows: Rows) -> Thing:
        return _normal(node.value)

    def _read(self, node: Thing, rows: Rows) -> Thing:
        return _normal(self.facts[node.name]) if node.name in self.facts else UNKNOWN

    def _readcolumn(self, node: Thing, rows: Rows) -> Thing:
        return _normal(rows[node.variable].get(node.name))

    def _items(self, node: Thing, rows: Rows) -> Thing:
        found = [self.value(item, rows) for item in node.items]
        return UNKNOWN if UNKNOWN in found else found

    def _comparison(self, node: Thing, rows: Rows) -> Thing:
        left, right = self.value(node.left, rows), self.value(node.right, rows)
        if left is UNKNOWN or right is UNKNOWN:
            return UNKNOWN
        if node.operator in ("==", "!="):
            return (left == right) is (node.operator == "==")
        is_less, is_same = left < right, left == right
        return {"<": is_less, "<=": is_less or is_same, ">": not is_less and not is_same, ">=": not is_less}[
            node.operator
        ]

    def _membership(self, node: Thing, rows: Rows) -> Thing:
        item = self.value(node.item, rows)
        if isinstance(node.container, tree.Items):
            # x in (a, None) reads as: x == a or x is None.
            found = {False}
            for part in node.container.items:
                if part == tree.Value(None):
                    each = {item is UNKNOWN}
                else:
                    value = self.value(part, rows)
                    each = {True, False} if UNKNOWN in (item, value) else {item == value}
                found = {one or other for one in found for other in each}
            if len(found) == 2:
                return UNKNOWN
            return found.pop() is not node.is_negated
        container = self.value(node.container, rows)
        if item is UNKNOWN or container is UNKNOWN:
            return UNKNOWN
        return any(item == _normal(one) for one in container) is not node.is_negated

    def _presence(self, node: Thing, rows: Rows) -> Thing:
        return (self.value(node.name, rows) is UNKNOWN) is not node.is_negated

    def _arithmetic(self, node: Thing, rows: Rows) -> Thing:
        left, right = self.value(node.left, rows), self.value(node.right, rows)
        if left is UNKNOWN or right is UNKNOWN or (node.operator == "/" and right == 0):
            return UNKNOWN
        with localcontext(prec=60):
            return {"+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right}.get(
                node.operator, lambda: left / right
            )()

    def _choice(self, node: Thing, rows: Rows) -> Thing:
        condition = self.condition(node.condition, rows)
        if condition is None:
            return UNKNOWN
        return self.value(node.then if condition else node.otherwise, rows)

    def _comprehension(self, node: Thing, rows: Rows) -> Thing:
        records = self.value(node.source, rows)
        if records is UNKNOWN:
            return UNKNOWN
        conditions = [
            True if node.condition is None else self.condition(node.condition, {node.variable: record})
            for record in records
        ]
        kept = []
        for record, condition in zip(records, conditions, strict=True):
            if condition is None:
                return UNKNOWN
            if condition:
                kept.append(self.value(node.element, {node.variable: record}))
        return UNKNOWN if UNKNOWN in kept else kept

    def _call(self, node: Thing, rows: Rows) -> Thing:
        if node.function == "today":
            return self.today
        found = [self.value(argument, rows) for argument in node.arguments]
        if node.function == "docs":
            return found[0] in self.documents
        if node.function == "param":
            return _normal(self.parameters.get(found[0]))
        if UNKNOWN in found:
            return UNKNOWN
        if node.function == "len":
            return Decimal(len(found[0]))
        left, right = found
        if node.function == "days":
            return Decimal(right.toordinal() - left.toordinal())
        if node.function == "covers":
            return {_normal(one) for one in right} <= {_normal(one) for one in left}
        return not ({_normal(one) for one in right} & {_normal(one) for one in left})


def _product(parts: list[set[bool]]) -> list[tuple[bool, ...]]:
    choices: list[tuple[bool, ...]] = [()]
    for part in parts:
        choices = list({(*choice, value) for choice in choices for value in part})
    return choices
