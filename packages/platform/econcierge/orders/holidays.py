"""Public holidays where goods are delivered, from `data/public_holidays.csv`: no carrier comes on them.

A rule is `fixed MM-DD`, `monday MM-N` (the Nth of that month), `before MM-DD` (the last Monday before), or `easter N`
(days from Easter Sunday).
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import cache
from importlib import resources

SATURDAY = 5


def from_year_of(*, region: str, on: date) -> frozenset[date]:
    """The holidays of a province or territory in the year of a day and the next; none for a region not known."""
    return _of_year(region, on.year) | _of_year(region, on.year + 1)


@cache
def _of_year(region: str, year: int) -> frozenset[date]:
    """With the day off for each that falls on a weekend: the next weekday that is none itself.

    Not every law gives one for a Saturday; a delivery that is promised a day too late does no harm.
    """
    days = {_day(rule, year) for rule, regions in _rules() if region in regions}
    for day in sorted(day for day in days if day.weekday() >= SATURDAY):
        while day in days or day.weekday() >= SATURDAY:
            day += timedelta(days=1)
        days.add(day)
    return frozenset(days)


@cache
def _rules() -> tuple[tuple[str, frozenset[str]], ...]:
    file = resources.files("econcierge.orders") / "data" / "public_holidays.csv"
    with file.open(encoding="utf-8") as text:
        return tuple((row["rule"], frozenset(row["regions"].split())) for row in csv.DictReader(text))


def _day(rule: str, year: int) -> date:
    kind, _space, given = rule.partition(" ")
    if kind == "easter":
        return easter(year) + timedelta(days=int(given))
    month, _dash, number = given.partition("-")
    if kind == "monday":
        first = date(year, int(month), 1)
        return first + timedelta(days=-first.weekday() % 7 + 7 * (int(number) - 1))
    named = date(year, int(month), int(number))
    return named if kind == "fixed" else named - timedelta(days=named.weekday() or 7)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8)."""
    century, in_century = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - moon - in_century % 4) % 7
    shift = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)
