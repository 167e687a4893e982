"""Public holidays of the place of delivery: from a dated table, and no delivery on them."""

from __future__ import annotations

from datetime import date

import pytest

from econcierge.journeys import supply_choices
from econcierge.orders import holidays


def days(region: str, year: int) -> set[str]:
    found = holidays.from_year_of(region=region, on=date(year, 6, 1))
    return {day.isoformat() for day in found if day.year == year}


def test_quebec_in_2026() -> None:
    assert days("QC", 2026) == {
        "2026-01-01", "2026-04-03", "2026-05-18", "2026-06-24", "2026-07-01", "2026-09-07", "2026-10-12", "2026-12-25",
    }  # fmt: skip


def test_ontario_in_2026_with_a_day_off_for_a_saturday() -> None:
    assert days("ON", 2026) == {
        "2026-01-01", "2026-02-16", "2026-04-03", "2026-05-18", "2026-07-01", "2026-09-07", "2026-10-12", "2026-12-25",
        "2026-12-26", "2026-12-28",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("region", "day"), [("QC", "2027-12-27"), ("ON", "2027-12-28"), ("QC", "2028-01-03"), ("AB", "2029-11-12")]
)
def test_a_weekend_gives_the_next_weekday_that_is_none(region: str, day: str) -> None:
    """Christmas 2027 is a Saturday, Boxing Day a Sunday, New Year 2028 a Saturday, 11 November 2029 a Sunday."""
    assert day in days(region, int(day[:4]))


def test_a_place_that_is_not_known_has_none() -> None:
    assert days("", 2026) == set()


@pytest.mark.parametrize("day", ["1961-04-02", "2000-04-23", "2026-04-05", "2038-04-25"])
def test_easter(day: str) -> None:
    """The latest there can be is 25 April."""
    assert holidays.easter(int(day[:4])).isoformat() == day


@pytest.mark.parametrize(
    ("region", "on", "ground"),
    [("QC", "2026-12-23", "2026-12-30"), ("ON", "2026-12-23", "2026-12-31"), ("QC", "2026-12-30", "2027-01-06"),
     ("QC", "2026-06-22", "2026-06-29"), ("ON", "2026-06-22", "2026-06-26")],
)  # fmt: skip
def test_nothing_arrives_on_a_holiday(region: str, on: str, ground: str) -> None:
    """A day to ship and three on the road: Wednesday to Wednesday over Christmas, Thursday over New Year."""
    options = supply_choices.delivery_options(stock=[], region=region, on=date.fromisoformat(on))
    assert options[0].expected_on.isoformat() == ground
