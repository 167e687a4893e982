"""What a month was like, counted from readings, orders and deliveries: nothing is estimated that nobody measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from statistics import median

from econcierge.replenishment import report_types as t

KEPT_DAYS = 180  # as journeys.in_flight: an older delivery that nobody put in is not counted on any more
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def had_spare(*, delivered: Iterable[t.Delivered], came: Iterable[date], on: date) -> bool:
    """Whether something delivered for a place lay there on a day and had not been put in by then."""
    before = [one for one in delivered if on - timedelta(days=KEPT_DAYS) <= one.on <= on]
    if not before:
        return False
    first = min(one.on for one in before)
    put_in = sum(1 for day in came if first <= day <= on)
    return sum(one.quantity for one in before) > put_in


def was_on_shelf(*, counted: Iterable[tuple[datetime, int]], came: Iterable[datetime], at: datetime) -> bool:
    """Whether one of what people counted on a shelf was left at a moment.

    `counted`: how many there were when; the latest count holds. `came`: when one was put into a printer.
    """
    before = [one for one in counted if one[0] <= at]
    if not before:
        return False
    counted_at, quantity = max(before)
    return quantity > sum(1 for moment in came if counted_at < moment <= at)


def days_within(*, from_at: datetime, to_at: datetime | None, start: datetime, end: datetime) -> float:
    """How many days of a spell lie in a period; a spell without an end lasts to the end of it."""
    overlap = min(to_at or end, end) - max(from_at, start)
    return max(overlap / DAY, 0.0)


def weeks_read(*, first_at: datetime | None, last_at: datetime | None, start: datetime, end: datetime) -> float:
    """How many weeks of a period lie between a printer's first and last reading."""
    if first_at is None or last_at is None:
        return 0.0
    return max((min(last_at, end) - max(first_at, start)) / WEEK, 0.0)


def figures(report: t.Report) -> tuple[t.Figure, ...]:
    """The report in a few lines, always the same ones in the same order."""
    return total([report])


def total(reports: Sequence[t.Report]) -> tuple[t.Figure, ...]:
    """As `figures`, of several customers together. A figure that one of them cannot give is of those that can."""
    outs = [one for report in reports for one in report.stock_outs]
    early = [one for report in reports for one in report.premature]
    costs = [one.cost_minor for one in early if one.cost_minor is not None]
    return (
        t.Figure("stock_outs", count=len(outs), days=sum(one.days for one in outs)),
        t.Figure("rush_orders", count=sum(len(report.rush_orders) for report in reports)),
        t.Figure("premature", count=len(early), amount_minor=sum(costs) if costs else None),
        *_forecast_error(reports),
        t.Figure(
            "orders",
            count=sum(report.orders for report in reports),
            amount_minor=sum(report.orders_minor for report in reports),
        ),
        t.Figure("automatic", count=sum(report.automatic for report in reports)),
        *_hours(reports),
    )


def _forecast_error(reports: Sequence[t.Report]) -> tuple[t.Figure, ...]:
    """The middle error in days; no line where nothing ran empty that had been forecast."""
    days = [one.days for report in reports for one in report.forecast_errors]
    return (t.Figure("forecast_error", days=float(median(days))),) if days else ()


def _hours(reports: Sequence[t.Report]) -> tuple[t.Figure, ...]:
    """Only of customers that said how long one printer used to take them; no line where none did."""
    said = [report for report in reports if report.minutes_a_week is not None]
    hours = sum(report.printer_weeks * float(report.minutes_a_week or 0) / 60 for report in said)
    return (t.Figure("hours_saved", hours=hours),) if said else ()
