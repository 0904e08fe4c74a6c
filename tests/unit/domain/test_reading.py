"""Typed values from what people and files write, and what is turned away."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.fields import FieldType
from engine.domain.reading import MAX_LIST, MAX_TEXT, Unreadable, read_row, read_value, read_values
from engine.domain.reasons import InvalidInput
from engine.domain.values import STOCKHOLM, Text, Value
from tests.builders import workflow

CHOICES = {"yes": Text(sv="Ja", en="Yes"), "no": Text(sv="Nej", en="No")}
TYPES: tuple[FieldType, ...] = ("str", "text", "int", "dec", "bool", "date", "dt", "enum", "list", "ref")


class TestValue:
    @pytest.mark.parametrize(
        ("type_", "raw", "value"),
        [
            ("str", "  Exempel AB ", "Exempel AB"),
            ("text", "rad ett\r\nrad två\n", "rad ett\nrad två"),
            ("int", "12", 12),
            ("int", "-3", -3),
            ("int", "1 200", 1200),
            ("dec", "427500", Decimal(427500)),
            ("dec", "1,5", Decimal("1.5")),
            ("dec", "1\u00a0000,50", Decimal("1000.50")),
            ("dec", "\u22122", Decimal(-2)),
            ("dec", 3.2, Decimal("3.2")),
            ("dec", 7, Decimal(7)),
            ("bool", "ja", True),
            ("bool", "Nej", False),
            ("bool", "on", True),
            ("bool", False, False),
            ("date", "2025-12-01", date(2025, 12, 1)),
            ("date", datetime(2025, 12, 1, 9, tzinfo=UTC), date(2025, 12, 1)),
            ("dt", "2025-12-01 09:30", datetime(2025, 12, 1, 9, 30, tzinfo=STOCKHOLM)),
            ("enum", "yes", "yes"),
            ("list", "a\n\n b \n", ("a", "b")),
            ("list", ["a", "b"], ("a", "b")),
        ],
    )
    def test_reads(self, type_: FieldType, raw: object, value: Value) -> None:
        assert read_value(type_, CHOICES if type_ == "enum" else None, raw) == value

    @pytest.mark.parametrize("type_", TYPES)
    @pytest.mark.parametrize("raw", [None, "", "   "])
    def test_blank_is_unknown(self, type_: FieldType, raw: object) -> None:
        assert read_value(type_, CHOICES if type_ == "enum" else None, raw) is None

    @pytest.mark.parametrize(
        ("type_", "raw"),
        [
            ("int", "1,5"), ("int", True),
            ("int", "9" * 16), ("int", "tolv"), ("int", "-"), ("int", "--1"), ("int", 1.5),
            ("dec", "NaN"), ("dec", "Infinity"), ("dec", "1e99"), ("dec", "1.2.3"), ("dec", False), ("dec", [1]),
            ("bool", "kanske"), ("bool", 1),
            ("date", "1/12 2025"), ("date", "2025-02-30"), ("date", 20251201), ("date", "20251"),
            ("dt", "i morgon"), ("enum", "maybe"), ("enum", ["yes"]), ("list", 5),
            ("str", "två\nrader"), ("str", "en\ttabb"), ("str", 5), ("text", 5),
        ],
    )  # fmt: skip
    def test_turns_away(self, type_: FieldType, raw: object) -> None:
        with pytest.raises(Unreadable):
            read_value(type_, CHOICES, raw)

    @pytest.mark.parametrize("mark", ["\x00", "\x07", "\x0c", "\x1b", "\x7f", "\ud800"])
    def test_turns_away_control_characters_that_would_cut_a_document(self, mark: str) -> None:
        with pytest.raises(Unreadable, match="control"):
            read_value("text", None, f"före{mark}efter")

    @pytest.mark.parametrize("mark", ["{{ x }}", "{% if %}", "{# x #}", "{_{ x", "x %_}"])
    def test_turns_away_what_a_template_would_run(self, mark: str) -> None:
        with pytest.raises(Unreadable, match="The text holds"):
            read_value("text", None, f"text {mark} text")

    def test_keeps_what_only_looks_like_markup(self) -> None:
        text = "Johnson & Johnson <b>AB</b> 5 % {enkel}"
        assert read_value("text", None, text) == text

    def test_turns_away_a_text_that_is_too_long(self) -> None:
        assert read_value("text", None, "a" * MAX_TEXT) == "a" * MAX_TEXT
        with pytest.raises(Unreadable):
            read_value("text", None, "a" * (MAX_TEXT + 1))

    def test_turns_away_a_list_that_is_too_long(self) -> None:
        with pytest.raises(Unreadable):
            read_value("list", None, ["a"] * (MAX_LIST + 1))

    @pytest.mark.parametrize("choices", [None, CHOICES])
    def test_list_takes_no_records(self, choices: dict[str, Text] | None) -> None:
        """Lists of records follow from what happens in the case; nobody hands them in."""
        with pytest.raises(Unreadable):
            read_value("list", choices, [{"org": "ki", "text": "{{ 7 * 7 }}"}])

    @pytest.mark.parametrize("type_", ["int", "dec"])
    @pytest.mark.parametrize("number", [10**15, -(10**15), 10**400])
    def test_turns_away_numbers_beyond_all_amounts(self, type_: FieldType, number: int) -> None:
        with pytest.raises(Unreadable):
            read_value(type_, None, number)

    @pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity"])
    def test_turns_away_decimals_that_are_no_numbers(self, number: str) -> None:
        with pytest.raises(Unreadable):
            read_value("dec", None, Decimal(number))

    def test_list_takes_only_its_choices(self) -> None:
        with pytest.raises(Unreadable):
            read_value("list", CHOICES, ["yes", "maybe"])

    @given(raw=st.text(max_size=200), type_=st.sampled_from(TYPES))
    def test_any_text_is_read_or_turned_away_with_a_sentence(self, raw: str, type_: FieldType) -> None:
        try:
            read_value(type_, CHOICES, raw)
        except Unreadable as fault:
            assert fault.text.sv and fault.text.en

    @given(number=st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
    def test_a_number_is_read_as_it_is_written_in_swedish(self, number: Decimal) -> None:
        assert read_value("dec", None, str(number).replace(".", ",")) == number


class TestValues:
    def test_collects_every_fault(self) -> None:
        with pytest.raises(InvalidInput) as invalid:
            read_values(workflow().fields, {"scope.end_date": "snart", "price.amount_sek": "mycket", "scope.x": 1})

        assert set(invalid.value.faults) == {"scope.end_date", "price.amount_sek", "scope.x"}

    def test_reads_by_the_type_of_the_field(self) -> None:
        read = read_values(workflow().fields, {"scope.end_date": "2026-05-31", "price.amount_sek": "100 000"})

        assert read == {"scope.end_date": date(2026, 5, 31), "price.amount_sek": Decimal(100000)}


class TestRow:
    def test_asks_for_every_required_column_at_once(self) -> None:
        with pytest.raises(InvalidInput) as invalid:
            read_row(workflow().tables["permits"].columns, {"reason": "x"})

        assert set(invalid.value.faults) == {"kind", "state"}

    def test_refuses_a_column_that_the_table_does_not_have(self) -> None:
        with pytest.raises(InvalidInput) as invalid:
            read_row(workflow().tables["participants"].columns, {"name": "A", "salary": 1})

        assert set(invalid.value.faults) == {"salary"}

    def test_reads_each_column_by_its_type(self) -> None:
        raw = {"kind": "ethics", "state": "granted", "valid_to": "2026-01-01"}
        row = read_row(workflow().tables["permits"].columns, raw)

        assert row["valid_to"] == date(2026, 1, 1) and row["reason"] is None
