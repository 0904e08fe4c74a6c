"""The compiled guards agree with a second, slow reading, and with Python where nothing is unknown."""

from datetime import UTC, date, datetime
from decimal import Decimal, localcontext
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.expressions import Environment, Expression, Names, Shape, parse
from tests.unit.domain.slow_evaluator import answer

Row = dict[str, Any]
Facts = dict[str, Any]

COLOURS = frozenset({"red", "green", "tbd"})
NAMES = Names(
    fields={
        "a.yes": Shape("yes_no"),
        "a.no": Shape("yes_no"),
        "a.count": Shape("number"),
        "a.sum": Shape("number"),
        "a.colour": Shape("text", COLOURS),
        "a.word": Shape("text"),
        "a.day": Shape("day"),
        "a.moment": Shape("day"),
        "a.words": Shape("list"),
        "a.more": Shape("list"),
        "a.rows": Shape("list"),
    },
    record_columns={"a.rows": {"word": Shape("text"), "count": Shape("number"), "yes": Shape("yes_no")}},
    parameters=frozenset({"limit", "missing"}),
    documents=frozenset({"S-1", "S-2"}),
)
PARAMETERS = {"limit": Decimal("2.5")}
TODAY = date(2025, 11, 24)

words = st.sampled_from(["red", "green", "x", ""])
numbers = st.one_of(st.integers(-3, 3), st.decimals(-3, 3, places=2))
rows = st.fixed_dictionaries(
    {}, optional={"word": words | st.none(), "count": numbers | st.none(), "yes": st.booleans() | st.none()}
)
known_rows = st.fixed_dictionaries({"word": words, "count": numbers, "yes": st.booleans()})
moments = st.datetimes(datetime(2025, 11, 23), datetime(2025, 11, 26), timezones=st.just(UTC))
days = st.dates(date(2025, 11, 22), date(2025, 11, 26))


def facts_of(row: st.SearchStrategy[Row], *, all_known: bool) -> st.SearchStrategy[Facts]:
    kinds = {
        "a.yes": st.booleans(),
        "a.no": st.booleans(),
        "a.count": numbers,
        "a.sum": numbers,
        "a.colour": st.sampled_from(sorted(COLOURS)),
        "a.word": words,
        "a.day": days,
        "a.moment": days if all_known else moments,
        "a.words": st.lists(words, max_size=3).map(tuple),
        "a.more": st.lists(words, max_size=2).map(tuple),
        "a.rows": st.lists(row, max_size=3).map(tuple),
    }
    if all_known:
        return st.fixed_dictionaries(kinds)
    return st.fixed_dictionaries({}, optional={name: value | st.none() for name, value in kinds.items()})


def sources(*, asks_presence: bool) -> st.SearchStrategy[str]:
    """Strategies for sources of conditions, numbers and lists, nested into each other."""
    presence = [
        st.sampled_from(
            ["a.yes is None", "a.day is not None", "a.colour not in (None, 'tbd')", "a.word in (None, 'x')"]
        )
    ]
    day = st.sampled_from(["a.day", "a.moment", "today()"])
    text = st.sampled_from(["a.word", "'red'", "a.colour"])

    def number(condition: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        plain = st.sampled_from(["a.count", "a.sum", "2", "0.50", "param('limit')", "param('missing')", "len(a.words)"])
        return st.recursive(
            plain,
            lambda inner: st.one_of(
                st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
                st.tuples(inner, condition, inner).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
                st.tuples(day, day).map(lambda t: f"days({t[0]}, {t[1]})"),
            ),
            max_leaves=3,
        )

    def listing() -> st.SearchStrategy[str]:
        return st.one_of(
            st.sampled_from(["a.words", "a.more", "('red', 'x')", "[a.word]", "[r.word for r in a.rows]"]),
            st.sampled_from(
                ["[r.word for r in a.rows if r.yes]", "[r.word for r in a.rows if r.count >= a.count and r.yes]"]
            ),
        )

    base = st.one_of(
        st.sampled_from(["a.yes", "a.no", "a.words", "docs('S-1')", "docs('S-2')", "True", "a.yes == False"]),
        st.tuples(day, st.sampled_from(["<", "<=", "==", "!=", ">", ">="]), day).map(" ".join),
        st.sampled_from(["a.colour in ('red', 'tbd')", "a.word not in ('x', a.colour)", "a.word in a.words"]),
        *(presence if asks_presence else []),
    )

    def grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        compare = st.sampled_from(["<", "<=", "==", "!=", ">", ">="])
        return st.one_of(
            st.tuples(inner, inner, st.sampled_from(["and", "or"])).map(lambda t: f"({t[0]} {t[2]} {t[1]})"),
            inner.map(lambda one: f"(not {one})"),
            st.tuples(number(inner), compare, number(inner)).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
            st.tuples(st.sampled_from(["covers", "disjoint"]), listing(), listing()).map(
                lambda t: f"{t[0]}({t[1]}, {t[2]})"
            ),
            st.tuples(text, listing()).map(lambda t: f"({t[0]} in {t[1]})" if t[0] != "a.colour" else "a.yes"),
        )

    return st.recursive(base, grow, max_leaves=8)


def ask(source: str, facts: Facts) -> tuple[Expression, bool | None]:
    expression = parse(source, NAMES)
    return expression, expression.holds(
        Environment(facts=facts, today=TODAY, parameters=PARAMETERS.get, documents=frozenset({"S-1"}))
    )


class TestCompiledGuards:
    @given(sources(asks_presence=True), facts_of(rows, all_known=False))
    @settings(max_examples=250, deadline=None)
    def test_agree_with_the_slow_reading(self, source: str, facts: Facts) -> None:
        expression, found = ask(source, facts)
        assert found is answer(expression.tree, facts, TODAY, PARAMETERS, {"S-1"})

    @given(sources(asks_presence=False), facts_of(rows, all_known=False), facts_of(known_rows, all_known=True))
    @settings(max_examples=120, deadline=None)
    def test_keep_a_definite_answer_whatever_the_unknown_turns_out_to_be(
        self, source: str, facts: Facts, filling: Facts
    ) -> None:
        _, before = ask(source, facts)
        known = {name: value for name, value in facts.items() if value is not None and name != "a.rows"}
        if before is not None and "a.rows" not in source:
            _, after = ask(source, filling | known)
            assert after in (before, None)  # None only where the filling divides by zero or a parameter is missing

    @given(sources(asks_presence=False), facts_of(known_rows, all_known=True))
    @settings(max_examples=120, deadline=None)
    def test_agree_with_python_where_nothing_is_unknown(self, source: str, facts: Facts) -> None:
        _, found = ask(source, facts)
        if found is not None:
            assert found is bool(_python(source, facts))


def _python(source: str, facts: Facts) -> object:
    """Python's own answer, with exact numbers; ours where it divides by zero, which Python has no answer to."""
    shown = {name.split(".")[1]: _exact(value) for name, value in facts.items()}
    shown["rows"] = [SimpleNamespace(**{key: _exact(value) for key, value in row.items()}) for row in facts["a.rows"]]
    names = {
        "__builtins__": {},
        "a": SimpleNamespace(**shown),
        "len": lambda things: Decimal(len(things)),
        "docs": {"S-1"}.__contains__,
        "param": PARAMETERS.get,
        "today": lambda: TODAY,
        "days": lambda first, second: Decimal((second - first).days),
        "covers": lambda first, second: set(second) <= set(first),
        "disjoint": lambda first, second: not set(first) & set(second),
        "half": Decimal("0.50"),
        "two": Decimal(2),
    }
    written = source.replace("0.50", "half").replace("(2 ", "(two ").replace(" 2)", " two)")
    try:
        with localcontext(prec=60):
            return eval(written, names)  # a source made by this test
    except (ArithmeticError, TypeError):  # a zero or a missing parameter in a part that does not decide
        return ask(source, facts)[1]


def _exact(value: object) -> object:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
