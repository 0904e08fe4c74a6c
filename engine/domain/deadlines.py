"""Days that count: calendar days, Swedish working days, and the end of the appeal time.

Pure: the public holidays are computed from the law (lagen 1989:253 om allmänna helgdagar), with Midsummer,
Christmas and New Year's Eve treated as holidays (lagen 1930:173 2 §).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

SATURDAY = 5


def easter_sunday(year: int) -> date:
    """This will return Easter Sunday of a Gregorian year (anonymous Gregorian computus)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - correction + 15) % 30
    leap_years, year_rest = divmod(rest, 4)
    weekday = (32 + 2 * century_rest + 2 * leap_years - epact - year_rest) % 7
    lunar = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * lunar + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=256)
def holidays_of(year: int) -> frozenset[date]:
    """This will return the days of a year on which no time limit ends: public holidays and the three eves."""
    easter = easter_sunday(year)
    midsummer = _first_saturday(date(year, 6, 20))
    return frozenset(
        {
            date(year, 1, 1), date(year, 1, 6), easter - timedelta(days=2), easter, easter + timedelta(days=1),
            date(year, 5, 1), easter + timedelta(days=39), easter + timedelta(days=49), date(year, 6, 6),
            midsummer - timedelta(days=1), midsummer, _first_saturday(date(year, 10, 31)), date(year, 12, 24),
            date(year, 12, 25), date(year, 12, 26), date(year, 12, 31),
        }
    )  # fmt: skip


def is_working_day(day: date) -> bool:
    """This will tell whether a time limit may end on ``day``: not a weekend, holiday or eve."""
    return day.weekday() < SATURDAY and day not in holidays_of(day.year)


def next_working_day(day: date) -> date:
    """This will return ``day`` itself, or the first working day after it (lagen 1930:173 2 §)."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int) -> date:
    """This will return the day that lies ``count`` working days after ``day`` (the first day is not counted)."""
    while count > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            count -= 1
    return day


def working_days_between(first: date, last: date) -> int:
    """This will count the working days after ``first`` up to and including ``last``; 0 when last is not later."""
    count = 0
    day = first
    while day < last:
        day += timedelta(days=1)
        if is_working_day(day):
            count += 1
    return count


def appeal_end(notice_posted_on: date, appeal_days: int) -> date:
    """This will return the last day of the appeal time: calendar days from the notice, moved to a working day.

    Source: kommunallagen 13:5 (three weeks), lagen 1930:173 1-2 §§.
    """
    return next_working_day(notice_posted_on + timedelta(days=appeal_days))


def _first_saturday(day: date) -> date:
    while day.weekday() != SATURDAY:
        day += timedelta(days=1)
    return day
