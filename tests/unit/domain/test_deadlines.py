"""Days that count: Swedish holidays, working days and the end of the appeal time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.deadlines import (
    add_working_days,
    appeal_end,
    easter_sunday,
    holidays_of,
    is_working_day,
    next_working_day,
    working_days_between,
)

YEARS = range(2020, 2036)
SOME_DAY = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31))


class TestHolidays:
    @pytest.mark.parametrize("year", YEARS)
    def test_are_those_of_an_independent_source(self, year: int) -> None:
        """The three eves are no public holidays, but no time limit ends on them either."""
        public = holidays.country_holidays("SE", years=year, include_sundays=False)
        eves = {date(year, 12, 24), date(year, 12, 31), _midsummer_eve(year)}

        assert weekdays(holidays_of(year)) == weekdays({*public, *eves})

    @pytest.mark.parametrize(
        ("year", "day"), [(2020, (4, 12)), (2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)), (2035, (3, 25))]
    )
    def test_easter_is_where_the_almanac_has_it(self, year: int, day: tuple[int, int]) -> None:
        assert easter_sunday(year) == date(year, *day)

    def test_national_day_and_may_day_are_holidays(self) -> None:
        assert {date(2025, 6, 6), date(2025, 5, 1)} <= holidays_of(2025)

    def test_whit_monday_is_a_working_day_since_2005(self) -> None:
        assert is_working_day(date(2025, 6, 9))


def _midsummer_eve(year: int) -> date:
    return next(day for day in (date(year, 6, 19) + timedelta(days=n) for n in range(7)) if day.weekday() == 4)


def weekdays(days: Iterable[date]) -> set[date]:
    """This will return those of the days that are no Saturday or Sunday."""
    return {day for day in days if day.weekday() < 5}


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("day", "why"),
        [
            (date(2025, 11, 22), "Saturday"), (date(2025, 11, 23), "Sunday"),
            (date(2025, 6, 20), "Midsummer Eve"),
            (date(2025, 12, 24), "Christmas Eve"), (date(2025, 12, 31), "New Year's Eve"),
            (date(2026, 1, 6), "Epiphany"),
            (date(2025, 5, 29), "Ascension"), (date(2025, 4, 18), "Good Friday"), (date(2025, 4, 21), "Easter Monday"),
        ],
    )  # fmt: skip
    def test_do_not_include(self, day: date, why: str) -> None:
        assert not is_working_day(day), why

    def test_count_from_the_day_after(self) -> None:
        assert add_working_days(date(2025, 11, 24), 1) == date(2025, 11, 25)

    def test_jump_over_the_weekend(self) -> None:
        assert add_working_days(date(2025, 11, 28), 1) == date(2025, 12, 1)

    def test_jump_over_christmas(self) -> None:
        assert add_working_days(date(2025, 12, 23), 1) == date(2025, 12, 29)
        assert add_working_days(date(2025, 12, 30), 2) == date(2026, 1, 5)

    def test_no_days_is_the_day_itself(self) -> None:
        assert add_working_days(date(2025, 11, 23), 0) == date(2025, 11, 23)

    def test_between_a_day_and_an_earlier_one_is_none(self) -> None:
        assert working_days_between(date(2025, 11, 24), date(2025, 11, 20)) == 0

    @given(day=SOME_DAY, count=st.integers(min_value=0, max_value=60))
    def test_between_undoes_adding(self, day: date, count: int) -> None:
        assert working_days_between(day, add_working_days(day, count)) == count

    @given(day=SOME_DAY)
    def test_next_is_the_first_one_not_before(self, day: date) -> None:
        found = next_working_day(day)

        assert is_working_day(found)
        assert all(not is_working_day(day + timedelta(days=n)) for n in range((found - day).days))


class TestAppealTime:
    def test_ends_on_the_same_weekday_three_weeks_later(self) -> None:
        assert appeal_end(date(2025, 11, 14), 21) == date(2025, 12, 5)

    @pytest.mark.parametrize(
        ("posted", "ends", "why"),
        [
            (date(2025, 11, 15), date(2025, 12, 8), "a Saturday moves to Monday"),
            (date(2025, 11, 16), date(2025, 12, 8), "a Sunday moves to Monday"),
            (date(2025, 5, 30), date(2025, 6, 23), "Midsummer Eve, and the weekend after it"),
            (date(2025, 12, 3), date(2025, 12, 29), "Christmas Eve, two holidays and a weekend"),
            (date(2025, 12, 10), date(2026, 1, 2), "New Year's Eve and New Year's Day"),
            (date(2025, 12, 16), date(2026, 1, 7), "Epiphany"),
            (date(2025, 3, 28), date(2025, 4, 22), "Good Friday to Easter Monday"),
        ],
    )
    def test_moves_to_the_next_working_day(self, posted: date, ends: date, why: str) -> None:
        assert appeal_end(posted, 21) == ends, why

    @given(posted=SOME_DAY)
    def test_is_never_shorter_than_three_weeks(self, posted: date) -> None:
        end = appeal_end(posted, 21)

        assert end >= posted + timedelta(days=21)
        assert is_working_day(end)
