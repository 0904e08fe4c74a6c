"""A task names what somebody would have to change, not everything that a condition reads."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.domain.expressions import Environment, Names, causes, parse
from engine.domain.expressions.tree import Shape
from engine.domain.values import Facts

KIND = Shape("text", frozenset({"access", "research"}))
NAMES = Names(
    fields={
        "scope.kind": KIND,
        "price.amount": Shape("number"),
        "price.cost": Shape("number"),
        "aid.table": Shape("text"),
    }
)
RULE = parse(
    "(scope.kind == 'access' and price.amount >= price.cost) or (scope.kind == 'research' and aid.table is not None)",
    NAMES,
)


def asked(facts: Facts) -> Environment:
    return Environment(facts=facts, today=date(2025, 11, 24), parameters=lambda _key: None, documents=frozenset())


class TestCauses:
    def test_are_none_when_the_condition_holds(self) -> None:
        facts: Facts = {"scope.kind": "access", "price.amount": Decimal(2), "price.cost": Decimal(1)}

        assert causes(RULE, asked(facts)) == ()

    def test_are_those_of_the_case_that_applies(self) -> None:
        facts: Facts = {"scope.kind": "access", "price.amount": Decimal(1), "price.cost": Decimal(2)}

        assert causes(RULE, asked(facts)) == ("price.amount", "price.cost")

    def test_follow_the_choice_that_was_made(self) -> None:
        assert causes(RULE, asked({"scope.kind": "research"})) == ("aid.table",)

    def test_are_all_while_the_choice_is_unknown(self) -> None:
        assert causes(RULE, asked({})) == ("scope.kind", "price.amount", "price.cost", "aid.table")

    def test_of_a_conjunction_are_the_parts_that_fail(self) -> None:
        both = parse("price.amount >= 1 and aid.table is not None", NAMES)

        assert causes(both, asked({"price.amount": Decimal(1)})) == ("aid.table",)
