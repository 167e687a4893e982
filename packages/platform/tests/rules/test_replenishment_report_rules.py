"""The arithmetic of the monthly report: what is counted, and what is left out rather than invented."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge.replenishment import delivery, report
from econcierge.replenishment import report_types as t
from econcierge.replenishment.types import Range

START, END = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)
OUT = t.StockOut(1, "Reception", "toner", "black", START, START + 2 * DAY, 2.0)
EARLY = t.Premature(1, "Reception", "toner", "cyan", START, 35.0, 7000)
QUIET = t.Report(
    customer_id=1, customer="Érable", month=date(2026, 10, 1), printers=4, stock_outs=(), rush_orders=(),
    premature=(), forecast_errors=(), orders=0, orders_minor=0, automatic=0, printer_weeks=17.0,
    minutes_a_week=None,
)  # fmt: skip


def _by_code(figures: tuple[t.Figure, ...]) -> dict[str, t.Figure]:
    return {figure.code: figure for figure in figures}


def test_a_quiet_month_has_zeros_for_what_is_counted_and_no_line_for_what_nobody_knows() -> None:
    found = _by_code(report.figures(QUIET))
    assert found["stock_outs"].count == found["orders"].count == 0
    assert "hours_saved" not in found
    assert "forecast_error" not in found
    assert found["premature"].amount_minor is None


def test_hours_are_printer_weeks_times_the_customers_own_minutes() -> None:
    said = dataclasses.replace(QUIET, minutes_a_week=Decimal(15))
    assert _by_code(report.figures(said))["hours_saved"].hours == pytest.approx(17.0 * 15 / 60)
    both = _by_code(report.total([said, QUIET]))
    assert both["hours_saved"].hours == pytest.approx(17.0 * 15 / 60)  # nothing is claimed for who said nothing


def test_totals_add_up() -> None:
    one = dataclasses.replace(QUIET, stock_outs=(OUT,), premature=(EARLY,), orders=2, orders_minor=30_000, automatic=1)
    unknown = dataclasses.replace(EARLY, cost_minor=None)
    found = _by_code(report.total([one, dataclasses.replace(one, premature=(unknown,))]))
    assert (found["stock_outs"].count, found["stock_outs"].days) == (2, 4.0)
    assert (found["premature"].count, found["premature"].amount_minor) == (2, 7000)
    assert (found["orders"].count, found["orders"].amount_minor) == (4, 60_000)
    assert found["automatic"].count == 2


def test_the_forecast_error_is_the_middle_one() -> None:
    errors = tuple(
        t.ForecastError(1, "R", "toner", "black", date(2026, 10, 10), date(2026, 10, 10) + timedelta(days=days))
        for days in (-1, 2, 9)
    )
    found = _by_code(report.figures(dataclasses.replace(QUIET, forecast_errors=errors)))
    assert found["forecast_error"].days == 2.0


@pytest.mark.parametrize(
    ("delivered", "came", "on", "expected"),
    [
        ([], [], 10, False),
        ([(5, 1)], [], 10, True),
        ([(5, 1)], [7], 10, False),
        ([(5, 2)], [7], 10, True),
        ([(12, 1)], [], 10, False),  # it came after the supply was empty
        ([(5, 1)], [3], 10, True),  # that replacement was of another one, before
        ([(-200, 1)], [], 10, False),  # half a year old: nobody counts on it any more
    ],
)
def test_what_counts_as_a_spare(delivered: list[tuple[int, int]], came: list[int], on: int, expected: bool) -> None:
    first = date(2026, 10, 1)
    found = report.had_spare(
        delivered=[t.Delivered(first + timedelta(days=day), quantity) for day, quantity in delivered],
        came=[first + timedelta(days=day) for day in came],
        on=first + timedelta(days=on),
    )
    assert found is expected


@pytest.mark.parametrize(
    ("from_day", "to_day", "days"), [(2, 5, 3.0), (-5, 3, 3.0), (29, None, 2.0), (-9, -2, 0.0), (40, None, 0.0)]
)
def test_only_days_of_the_month_count(from_day: int, to_day: int | None, days: float) -> None:
    to_at = None if to_day is None else START + to_day * DAY
    assert report.days_within(from_at=START + from_day * DAY, to_at=to_at, start=START, end=END) == days


def test_weeks_read_are_those_between_the_first_and_the_last_reading() -> None:
    whole = report.weeks_read(first_at=START - DAY, last_at=END + DAY, start=START, end=END)
    assert whole == pytest.approx(31 / 7)
    assert report.weeks_read(first_at=None, last_at=None, start=START, end=END) == 0
    assert report.weeks_read(first_at=START - 9 * DAY, last_at=START - DAY, start=START, end=END) == 0
    assert report.weeks_read(first_at=START + 7 * DAY, last_at=START + 14 * DAY, start=START, end=END) == 1


USUAL = delivery.usual(business_days=4)


def test_with_nothing_known_a_delivery_takes_what_the_terms_say_with_room_to_be_late() -> None:
    found = delivery.expected(days_taken=[], usual=USUAL)
    assert found.p50_days == pytest.approx(5.6)
    assert found.p10_days < found.p50_days < found.p90_days


def test_own_deliveries_outweigh_what_is_usual_and_one_odd_one_does_not() -> None:
    quick = delivery.expected(days_taken=[2.0] * 50, usual=USUAL)
    assert quick.p50_days == 2.0
    assert quick.p90_days < 5
    one = delivery.expected(days_taken=[30.0], usual=USUAL)
    assert one.p50_days == pytest.approx(USUAL.p50_days)


@given(st.lists(st.floats(0, 60), max_size=80), st.integers(0, 15))
def test_a_range_of_deliveries_is_in_order(days: list[float], business_days: int) -> None:
    found = delivery.expected(days_taken=days, usual=delivery.usual(business_days=business_days))
    assert found.p10_days <= found.p50_days < found.p90_days
    later = delivery.later(found, days=1.0)
    assert later == Range(found.p10_days + 1, found.p50_days + 1, found.p90_days + 1)
