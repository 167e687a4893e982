"""The fleet as a compact table: what runs out first stands first, every supply with its level, age and state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import F, Min, Q, QuerySet
from django.utils.functional import cached_property

from econcierge.accounts.types import Scope
from econcierge.coverage import models as coverage_models
from econcierge.coverage import queries as coverage
from econcierge.fleet import queries as fleet
from econcierge.fleet.models import Printer
from econcierge.forecasting import queries as forecasting
from econcierge.forecasting.types import Forecast
from econcierge.interfaces.shared import described, moments, runout, wording
from econcierge.interfaces.web import bars
from econcierge.supplies import queries as supplies
from econcierge.supplies import rules
from econcierge.supplies.types import Age, SlotView

A_PAGE = 30


@dataclass(frozen=True, slots=True)
class Row:
    """One printer of the table."""

    printer_id: int
    name: str
    where: str  # place and site
    model: str
    supplies: tuple[bars.Bar, ...]  # those with an ink, in its order
    others: tuple[bars.Bar, ...]
    first_out: str  # "black toner"
    first_out_when: str  # "December 12 to 19"
    read: str
    age: str
    state: str
    coverage: str
    customer: str
    days_left: float | None
    lowest: float

    @property
    def is_old(self) -> bool:
        return self.age != Age.CURRENT


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[Row, ...]
    page: Page
    query: str
    total: int


class LowestFirst(Paginator):  # type: ignore[misc]
    """Pages of printers' ids, the lowest level first: counting needs no levels, and ordering no other columns."""

    def __init__(self, printers: QuerySet[Printer], size: int) -> None:
        measured = Q(slots__gone_at__isnull=True, slots__state="measured")
        lowest = Min("slots__percent", filter=measured)
        ids = printers.order_by().select_related(None).values_list("pk", flat=True)
        super().__init__(ids.annotate(lowest=lowest).order_by(F("lowest").asc(nulls_last=True), "pk"), size)
        self._printers = printers

    @cached_property
    def count(self) -> int:
        return int(self._printers.order_by().count())


def table(scope: Scope, *, customer_id: int | None, query: str, page: str, now: datetime) -> Table:
    """One page of a fleet; the number of queries does not depend on the number of printers."""
    found = described.matching(fleet.printers(scope, customer_id=customer_id), query)
    sheet = LowestFirst(found, A_PAGE).get_page(page)
    printers = found.filter(pk__in=list(sheet.object_list))
    rows = _rows(scope, list(printers), now=now)
    return Table(tuple(sorted(rows, key=_runs_out_first)), sheet, query, sheet.paginator.count)


def _rows(scope: Scope, printers: list[Printer], *, now: datetime) -> list[Row]:
    ids = [printer.pk for printer in printers]
    slots = supplies.slot_views(scope, printer_ids=ids)
    slot_ids = [slot.slot_id for each in slots.values() for slot in each]
    forecasts = forecasting.forecasts(scope, slot_ids=slot_ids, now=now)
    decisions = coverage.current(scope, printer_ids=ids)
    return [
        _row(printer, slots=slots[printer.pk], forecasts=forecasts, decision=decisions.get(printer.pk), now=now)
        for printer in printers
    ]


def _row(
    printer: Printer, *, slots: Iterable[SlotView], forecasts: dict[int, Forecast],
    decision: coverage_models.Decision | None, now: datetime,
) -> Row:  # fmt: skip
    shown = [(slot, bars.bar(slot, now=now)) for slot in described.worth_showing(slots)]
    left = {slot.slot_id: _days_left(slot, forecasts, now=now) for slot, _bar in shown}
    timed = [(days, slot) for slot, _bar in shown if (days := left[slot.slot_id]) is not None]
    days, first = min(timed, key=lambda pair: pair[0], default=(None, None))
    age = rules.age(said_at=printer.last_read_at, now=now)
    is_known = printer.state in wording.PRINTER_STATES and age is not Age.SILENT  # a state of last week is no state
    return Row(
        printer_id=printer.pk,
        name=printer.name,
        where=described.where(printer),
        model=described.model(printer),
        supplies=tuple(sorted((bar for slot, bar in shown if slot.kind in bars.PRINTING), key=bars.place)),
        others=tuple(bar for slot, bar in shown if slot.kind not in bars.PRINTING),
        first_out=wording.supply(first.kind, first.colour, first.description) if first else "",
        first_out_when=_when(first, forecasts.get(first.slot_id), now=now) if first else "",
        read=moments.ago(printer.last_read_at, now=now) if printer.last_read_at else "",
        age=age,
        state=wording.word("printer", printer.state) if is_known else "",
        coverage=described.coverage_in_words(decision),
        customer=printer.customer.name,
        days_left=days,
        lowest=min((slot.percent for slot, _bar in shown if slot.percent is not None), default=101.0),
    )


def _days_left(slot: SlotView, forecasts: dict[int, Forecast], *, now: datetime) -> float | None:
    return 0.0 if runout.is_used_up(slot) else runout.days_left(forecasts.get(slot.slot_id), now=now)


def _when(slot: SlotView, forecast: Forecast | None, *, now: datetime) -> str:
    """ "December 12 to 19", "empty"; "" where nothing can be said."""
    if runout.is_used_up(slot):
        return runout.used_up(slot)
    return runout.range_in_words(runout.worth_saying(slot, forecast, now=now), now=now)


def _runs_out_first(row: Row) -> tuple[float, float, str]:
    return (row.days_left if row.days_left is not None else 10_000.0, row.lowest, row.name)
