"""How values read in a sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from contracts import wording
from engine.domain.commands import Language


class TestMoney:
    @pytest.mark.parametrize(
        ("amount", "language", "written"),
        [
            (Decimal(427500), "sv", "427 500 kr"),
            (Decimal(427500), "en", "SEK 427,500"),
            (Decimal("427500.5"), "sv", "427 500,50 kr"),
            (Decimal("0.00"), "sv", "0 kr"),
            (-1200, "en", "SEK -1,200"),
            (Decimal("12345678901234567.89"), "sv", "12 345 678 901 234 567,89 kr"),
        ],
    )
    def test_reads_as_in_the_language(self, amount: Decimal | int, language: Language, written: str) -> None:
        found = wording.money(amount, language).replace("\u00a0", " ").replace("\u2212", "-")

        assert found == written

    def test_never_breaks_inside(self) -> None:
        assert " " not in wording.money(Decimal(427500), "sv")


class TestDay:
    def test_swedish_and_english(self) -> None:
        assert wording.day(date(2025, 11, 3), "sv").split("\u00a0") == ["3", "november", "2025"]
        assert wording.day(date(2025, 11, 3), "en").split("\u00a0") == ["3", "November", "2025"]

    def test_a_moment_is_its_day_in_stockholm(self) -> None:
        late = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)

        assert wording.day(late, "en") == "1\u00a0January\u00a02026"


class TestNumbers:
    def test_percent(self) -> None:
        assert wording.percent(Decimal("6.50"), "sv") == "6,5\u00a0%"
        assert wording.percent(Decimal("6.50"), "en") == "6.5%"

    def test_hours_in_one_and_many(self) -> None:
        assert wording.hours(1, "sv") == "1\u00a0timme"
        assert wording.hours(Decimal("4.5"), "sv") == "4,5\u00a0timmar"
        assert wording.hours(1, "en") == "1\u00a0hour"
        assert wording.hours(40, "en") == "40\u00a0hours"

    def test_yes_and_no(self) -> None:
        assert [wording.yes_or_no(answer, "sv") for answer in (True, False)] == ["Ja", "Nej"]
        assert [wording.yes_or_no(answer, "en") for answer in (True, False)] == ["Yes", "No"]


class TestJoined:
    @pytest.mark.parametrize(
        ("parts", "swedish", "english"),
        [
            ((), "inga", "none"),
            (("a",), "a", "a"),
            (("a", "b"), "a och b", "a and b"),
            (("a", "b", "c"), "a, b och c", "a, b and c"),
        ],
    )
    def test_reads_as_a_sentence(self, parts: tuple[str, ...], swedish: str, english: str) -> None:
        assert wording.joined(parts, "sv") == swedish
        assert wording.joined(parts, "en") == english


class TestHashes:
    def test_in_groups_of_four(self) -> None:
        assert wording.grouped("0123456789abcdef") == "0123 4567 89ab cdef"
        assert wording.grouped("0123456789abcdef", groups=2) == "0123 4567"


class TestLabelsInSentences:
    def test_first_letter_is_small_except_in_abbreviations(self) -> None:
        assert wording.lower_first("Full kostnad") == "full kostnad"
        assert wording.lower_first("FoU utanför LOU") == "FoU utanför LOU"
        assert wording.lower_first("GMP-ändring") == "GMP-ändring"
        assert wording.lower_first("") == ""
