"""The guard language: what it says yes, no and unknown to, and what it refuses to be."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.domain.expressions import Environment, ExpressionFault, Names, Shape, parse
from engine.domain.values import Record, Value

NAMES = Names(
    fields={
        "scope.version": Shape("number"),
        "scope.end_date": Shape("day"),
        "scope.received_at": Shape("day"),
        "scope.results_owner": Shape("text", frozenset({"sme", "host", "tbd"})),
        "scope.deliverables": Shape("list"),
        "scope.info_classes": Shape("list", frozenset({"INFO-A", "INFO-B"})),
        "scope.displaces_care": Shape("yes_no"),
        "scope.purpose": Shape("text"),
        "price.amount_sek": Shape("number"),
        "price.full_cost_sek": Shape("number"),
        "legal.approvals": Shape("list"),
        "legal.required_orgs": Shape("list"),
        "legal.doc_hash": Shape("text"),
    },
    extra={"outcome": Shape("text", frozenset({"completed", "rejected"})), "skip": Shape("yes_no")},
    record_columns={
        "legal.approvals": {"org": Shape("text"), "scope_version": Shape("number"), "doc_hash": Shape("text")}
    },
    parameters=frozenset({"tolerance_pct"}),
    documents=frozenset({"S-LEG-03"}),
)
TODAY = date(2025, 11, 24)


def holds(source: str, **facts: Value) -> bool | None:
    """This will answer a condition on facts written ``scope__version=1``."""
    environment = Environment(
        facts={name.replace("__", "."): value for name, value in facts.items()},
        today=TODAY,
        parameters={"tolerance_pct": Decimal(10)}.get,
        documents=frozenset({"S-LEG-03"}),
    )
    return parse(source, NAMES).holds(environment)


class TestUnknown:
    def test_never_satisfies(self) -> None:
        assert holds("scope.version >= 1") is None

    def test_is_definite_when_asked_about_itself(self) -> None:
        assert holds("scope.version is None") is True
        assert holds("scope.version is not None", scope__version=None) is False

    def test_gives_way_to_a_decisive_other_half(self) -> None:
        assert holds("scope.version == 1 and skip", skip=False) is False
        assert holds("scope.version == 1 or skip", skip=True) is True
        assert holds("scope.version == 1 and skip", skip=True) is None
        assert holds("not scope.displaces_care") is None

    def test_is_a_definite_no_for_not_in_a_list_that_names_none(self) -> None:
        source = "scope.results_owner not in (None, 'tbd')"
        assert holds(source) is False
        assert holds(source, scope__results_owner="tbd") is False
        assert holds(source, scope__results_owner="sme") is True

    def test_stays_unknown_for_in_a_list_without_none(self) -> None:
        assert holds("scope.results_owner in ('sme', 'host')") is None

    def test_follows_from_one_unknown_row(self) -> None:
        source = "covers([a.org for a in legal.approvals if a.scope_version == scope.version], legal.required_orgs)"
        rows: tuple[Record, ...] = ({"org": "ki", "scope_version": 1},)
        assert holds(source, legal__approvals=rows, legal__required_orgs=("ki",)) is None
        assert holds(source, legal__approvals=rows, legal__required_orgs=("ki",), scope__version=1) is True
        assert holds(source, legal__approvals=(), legal__required_orgs=("ki",), scope__version=1) is False

    def test_is_what_dividing_by_zero_gives(self) -> None:
        assert holds("1 / scope.version > 0", scope__version=0) is None

    def test_is_what_a_number_beyond_all_bounds_gives(self) -> None:
        source = "price.amount_sek * price.amount_sek >= 0"
        assert holds(source, price__amount_sek=Decimal("1e999999")) is None

    def test_is_what_a_missing_figure_gives(self) -> None:
        names = Names(fields={}, parameters=frozenset({"later"}))
        environment = Environment(facts={}, today=TODAY, parameters=lambda _key: None, documents=frozenset())
        assert parse("param('later') > 1", names).holds(environment) is None


class TestConditions:
    def test_take_an_empty_list_as_no(self) -> None:
        assert holds("scope.deliverables", scope__deliverables=()) is False
        assert holds("scope.deliverables", scope__deliverables=("report",)) is True
        assert holds("scope.deliverables") is None

    def test_compare_moments_and_days_by_the_day_in_stockholm(self) -> None:
        late = datetime(2025, 11, 23, 23, 30, tzinfo=UTC)
        assert holds("scope.received_at == today()", scope__received_at=late) is True
        assert holds("scope.received_at < scope.end_date", scope__received_at=late, scope__end_date=TODAY) is False

    def test_count_days_from_the_first_to_the_second(self) -> None:
        assert holds("days(scope.end_date, today()) == 4", scope__end_date=date(2025, 11, 20)) is True

    def test_calculate_without_rounding(self) -> None:
        source = "price.amount_sek >= price.full_cost_sek * (1 - param('tolerance_pct') / 100)"
        limit = Decimal("900000000000000000000000000000.09")
        full = Decimal("1000000000000000000000000000000.10")
        assert holds(source, price__amount_sek=limit, price__full_cost_sek=full) is True
        assert holds(source, price__amount_sek=limit - Decimal("0.01"), price__full_cost_sek=full) is False

    def test_read_a_written_decimal_exactly(self) -> None:
        assert holds("price.amount_sek == 0.1", price__amount_sek=Decimal("0.1")) is True

    def test_mix_whole_numbers_and_decimals(self) -> None:
        assert holds("scope.version == price.amount_sek", scope__version=1, price__amount_sek=Decimal("1.00")) is True

    def test_choose_by_a_condition(self) -> None:
        source = "scope.version > 1 if skip else scope.version > 5"
        assert holds(source, scope__version=3, skip=True) is True
        assert holds(source, scope__version=3, skip=False) is False
        assert holds(source, scope__version=9) is None

    def test_know_which_documents_are_final(self) -> None:
        assert holds("docs('S-LEG-03')") is True

    def test_cover_the_empty_list(self) -> None:
        assert holds("covers(scope.deliverables, legal.required_orgs)", scope__deliverables=(), legal__required_orgs=())

    def test_compare_lists_by_what_they_share(self) -> None:
        facts: dict[str, Value] = {"scope__deliverables": ("a", "b"), "legal__required_orgs": ("b", "c")}
        assert holds("disjoint(scope.deliverables, legal.required_orgs)", **facts) is False
        assert holds("disjoint([scope.purpose], legal.required_orgs)", scope__purpose="a", **facts) is True


class TestExpression:
    def test_tells_what_it_reads(self) -> None:
        expression = parse("skip or docs('S-LEG-03') and scope.version > param('tolerance_pct')", NAMES)
        assert expression.fields == {"scope.version"}
        assert expression.extra == {"skip"}
        assert expression.documents == {"S-LEG-03"}
        assert expression.parameters == {"tolerance_pct"}
        assert expression.reading_order == ("skip", "S-LEG-03", "scope.version")

    def test_equals_another_with_the_same_tree(self) -> None:
        assert parse("skip  or skip", NAMES) == parse("(skip or skip)", NAMES)

    def test_cannot_be_changed(self) -> None:
        with pytest.raises(AttributeError):
            parse("skip", NAMES).source = "True"  # type: ignore[misc]  # that it cannot be set is the point


HOSTILE = [
    ("", 1, "cannot be read"),
    ("skip skip", 6, "cannot be read"),
    ("__import__('os').system('id')", 1, "unknown function"),
    ("eval('1')", 1, "unknown function"),
    ("docs.__class__", 1, "unknown name"),
    ("scope.version.__class__ is None", 1, "only group.field"),
    ("scope.__class__ is None", 1, "unknown name"),
    ("().__class__.__bases__", 1, "only group.field"),
    ("'x'.join(scope.deliverables) == 'x'", 1, "unknown function"),
    ("(lambda: skip)()", 2, "unknown function"),
    ("[lambda: 1]", 2, "not in the guard language"),
    ("(y := skip)", 2, "not in the guard language"),
    ("f'{skip}' == 'x'", 1, "not in the guard language"),
    ("{skip: 1}", 1, "not in the guard language"),
    ("scope.deliverables[0] == 'x'", 1, "not in the guard language"),
    ("skip if skip else 1", 19, "is a number where yes or no"),
    ("scope.version ** 9 ** 9 > 1", 1, "only + - * /"),
    ("scope.version % 2 == 0", 1, "only + - * /"),
    ("scope.version / 0 == 1", 17, "division by zero"),
    ("1 < scope.version < 3", 1, "one comparison at a time"),
    ("1e9 > scope.version", 1, "no such value"),
    ("0x10 > scope.version", 1, "no such value"),
    ("1j == scope.version", 1, "no such value"),
    ("b'x' == scope.purpose", 1, "no such value"),
    ("... is None", 1, "no such value"),
    ("9999999999999999999 > scope.version", 1, "no such value"),
    ("'\\x41' == scope.purpose", 2, "not allowed"),
    ("skip # and False", 6, "not allowed"),
    ("skip\0", 5, "not allowed"),
    ("scope.versoin > 1", 1, "unknown name: scope.versoin"),
    ("outcom == 'completed'", 1, "unknown name: outcom"),
    ("scope.results_owner == 'smee'", 24, "'smee' is not a value of scope.results_owner"),
    ("scope.results_owner in ('sme', 'smee')", 32, "'smee' is not a value"),
    ("'INFO-Z' in scope.info_classes", 1, "'INFO-Z' is not a value"),
    ("scope.results_owner == outcome", 24, "no value in common"),
    ("scope.end_date > 5", 18, "is a number where a date"),
    ("scope.end_date == '2025-01-01'", 19, "is a text where a date"),
    ("scope.version == '1'", 18, "is a text where a number"),
    ("scope.purpose > 'a'", 1, "is a text where a number"),
    ("scope.version", 1, "must give yes or no"),
    ("scope.purpose and skip", 1, "is a text where yes or no"),
    ("not scope.version", 5, "is a number where yes or no"),
    ("scope.purpose == None", 18, "asked for with is None"),
    ("None == scope.purpose", 9, "asked for with is None"),
    ("scope.purpose is 'x'", 18, "is compares with None only"),
    ("(scope.version + 1) is None", 2, "only a field can be None"),
    ("scope.purpose in ()", 18, "the list is empty"),
    ("scope.purpose in 'abc'", 18, "is a text where a list"),
    ("scope.deliverables == scope.info_classes", 23, "is a list where"),
    ("docs('S-XXX-99')", 6, "unknown in docs()"),
    ("docs(scope.purpose)", 6, "unknown in docs()"),
    ("param('nothing') > 1", 7, "unknown in param()"),
    ("len(scope.version) > 1", 5, "is a number where a list"),
    ("days(today()) > 1", 1, "days takes 2 values"),
    ("today(1) == today()", 1, "today takes 0 values"),
    ("docs(id='S-LEG-03')", 1, "docs takes 1 values"),
    ("covers(*scope.deliverables)", 1, "covers takes 2 values"),
    ("[a for a in legal.approvals]", 2, "unknown name: a"),
    ("[a.secret for a in legal.approvals]", 2, "no column secret"),
    ("[a.org for a in scope.deliverables]", 17, "not a list of rows"),
    ("[a.org for a in legal.approvals for b in legal.approvals]", 1, "one list at a time"),
    ("[a.org for a in legal.approvals if skip if skip]", 1, "one list at a time"),
    ("[a.org for a, b in legal.approvals]", 12, "a plain name"),
    ("[scope.org for scope in legal.approvals]", 16, "scope is taken"),
    ("[skip.org for skip in legal.approvals]", 15, "skip is taken"),
    ("{a.org for a in legal.approvals}", 1, "not in the guard language"),
    ("(" * 300 + "skip" + ")" * 300, 1, ""),
    ("not " * 60 + "skip", 161, "deeper than 40"),
    ("-" * 500 + "1 > 0", 1, ""),
    ("skip" + " " * 2000, 1, "longer than 2000"),
    ("[1," * 600, 1, ""),
]


class TestHostileExpressions:
    @pytest.mark.parametrize(("source", "column", "message"), HOSTILE, ids=[case[0][:40] for case in HOSTILE])
    def test_are_located_faults(self, source: str, column: int, message: str) -> None:
        with pytest.raises(ExpressionFault) as caught:
            parse(source, NAMES)
        assert message in caught.value.message.en
        assert caught.value.message.sv
        if message:
            assert caught.value.column == column

    def test_stop_where_a_long_but_lawful_one_does_not(self) -> None:
        assert holds("skip or " * 248 + "skip", skip=True) is True

    def test_with_too_many_parts_are_refused(self) -> None:
        with pytest.raises(ExpressionFault, match="more than 500 parts"):
            parse("1 in (" + "1," * 600 + ")", NAMES)

    def test_on_a_later_line_are_located_by_character(self) -> None:
        source = "(skip or\n 'åäö' == scope.purpose or\n scope.nothing)"
        with pytest.raises(ExpressionFault) as caught:
            parse(source, NAMES)
        assert source[caught.value.column - 1 :].startswith("scope.nothing")
