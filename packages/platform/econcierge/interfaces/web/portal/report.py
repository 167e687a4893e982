"""The monthly report: figures, what each was counted from, how, and the same as CSV (R16, P32)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from econcierge.accounts import queries as accounts
from econcierge.accounts.models import Customer
from econcierge.accounts.types import Permission, ScopeKind
from econcierge.core import clock, report_wording
from econcierge.core.errors import NotFound
from econcierge.interfaces.shared import moments
from econcierge.interfaces.web import access
from econcierge.journeys import automatic_decisions, monthly_report
from econcierge.notifications import report_figures
from econcierge.replenishment import operations, report
from econcierge.replenishment import report_types as t

AUDIENCES = (ScopeKind.CUSTOMER, ScopeKind.DEALER)
RUSH_REASONS = {
    t.RushReason.FASTER: gettext_lazy("shipped faster than by ground"),
    t.RushReason.ALMOST_EMPTY: gettext_lazy("ordered when almost empty"),
}
COLUMNS = ("customer", "month", "figure", "item", "from", "to", "count", "days", "amount", "currency", "hours")


class Minutes(forms.Form):
    minutes_a_week = forms.DecimalField(
        label=gettext_lazy("Minutes a week that one printer used to take you"),
        required=False,
        min_value=Decimal("0.1"),
        max_digits=4,
        decimal_places=1,
        help_text=gettext_lazy("Looking at it, noting levels, calling. Empty: the report shows no hours."),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A figure as the page shows it: its name, how it is counted, its value."""

    code: str
    name: str
    how: str
    value: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Which month, of whom; None for a dealer's all."""

    month: date
    months: tuple[date, ...]
    customers: tuple[Customer, ...]
    one: Customer | None


@require_safe
@access.opens(Permission.SEE_ORDERS, *AUDIENCES)
def monthly(request: access.Request) -> HttpResponse:
    now = clock.now()
    shown = _shown(request, now=now)
    found = _reports(request, shown, now=now)
    context: dict[str, Any] = {
        "shown": shown,
        "title": _month(shown.month),
        "months": [(f"{month:%Y-%m}", _month(month)) for month in shown.months],
        "lines": _lines(report.total(found)),
        "left_out": _left_out(found),
        "reports": found if shown.one is None else (),
        "rows": [(one, _lines(report.figures(one))) for one in found] if shown.one is None else (),
        "detail": found[0] if shown.one is not None and found else None,
        "rush": [(one, RUSH_REASONS[one.why]) for report_ in found for one in report_.rush_orders],
        "may_manage": automatic_decisions.may_manage(request.actor),
        "form": Minutes(initial={"minutes_a_week": found[0].minutes_a_week if found else None}),
        "csv": f"{reverse('report_csv')}?{_query(shown)}",
    }
    return render(request, "portal/report.html", context)


@require_safe
@access.opens(Permission.SEE_ORDERS, *AUDIENCES)
def monthly_csv(request: access.Request) -> HttpResponse:
    """A line a figure and a line a thing that it was counted from; codes and ISO dates, for programmes."""
    now = clock.now()
    shown = _shown(request, now=now)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for one in _reports(request, shown, now=now):
        common = {"customer": _plain(one.customer), "month": f"{one.month:%Y-%m}", "currency": one.currency}
        writer.writerows({**common, **row} for row in _csv_rows(one))
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="report-{shown.month:%Y-%m}.csv"'
    return response


@require_POST
@access.opens(Permission.MANAGE_FLEET, ScopeKind.CUSTOMER)
def minutes(request: access.Request) -> HttpResponse:
    """The customer's own figure for hours saved."""
    form = Minutes(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give a number of minutes, or nothing."))
        return redirect("report")
    customer = accounts.customers(request.actor.scope).get()
    operations.choose_minutes(
        customer=customer,
        minutes_a_week=form.cleaned_data["minutes_a_week"],
        actor=request.actor,
        now=clock.now(),
    )
    messages.success(request, _("Saved."))
    return redirect("report")


def _shown(request: access.Request, *, now: datetime) -> Shown:
    """Raises `NotFound` for another's customer and for a month that there is no report of."""
    customers = tuple(accounts.customers(request.actor.scope))
    one = customers[0] if request.actor.scope.kind is ScopeKind.CUSTOMER and customers else None
    asked = request.GET.get("customer", "")
    if asked and one is None:
        one = next((customer for customer in customers if str(customer.pk) == asked), None)
        if one is None:
            raise NotFound(_("There is no such customer."))
    since = min((customer.created_at for customer in (one,) if customer), default=None)
    since = since or min((customer.created_at for customer in customers), default=now)
    known = monthly_report.months_to_show(since=since, now=now)
    this = clock.day_of(now).replace(day=1)
    months = (this, *known)
    wanted = request.GET.get("month", "")
    month = next((each for each in months if f"{each:%Y-%m}" == wanted), None)
    if month is None:
        if wanted:
            raise NotFound(_("There is no report of that month."))
        month = known[0] if known else this
    return Shown(month, months, customers, one)


def _reports(request: access.Request, shown: Shown, *, now: datetime) -> list[t.Report]:
    ids = None if shown.one is None else {shown.one.pk}
    return monthly_report.reports(request.actor.scope, month=shown.month, now=now, customer_ids=ids)


def _query(shown: Shown) -> str:
    of = f"&customer={shown.one.pk}" if shown.one is not None else ""
    return f"month={shown.month:%Y-%m}{of}"


def _month(month: date) -> str:
    return dateformat.format(month, "F Y").replace(" ", moments.NO_BREAK)


def _lines(figures: Sequence[t.Figure]) -> list[Line]:
    return [
        Line(
            code=figure.code,
            name=report_wording.name(figure.code),
            how=report_wording.how(figure.code),
            value=report_figures.value(_as_row(figure)),
        )
        for figure in figures
    ]


def _as_row(figure: t.Figure) -> dict[str, Any]:
    return {
        "count": figure.count,
        "days": figure.days,
        "amount_minor": figure.amount_minor,
        "hours": figure.hours,
        "currency": figure.currency,
    }


def _left_out(found: Sequence[t.Report]) -> list[str]:
    """Figures that the data does not give, each with why."""
    said = []
    if not any(one.forecast_errors for one in found):
        said.append(_("Error of the forecasts: nothing was used up in this month that had been forecast well ahead."))
    if not any(one.minutes_a_week is not None for one in found):
        said.append(_("Hours saved: nobody has said how long one printer used to take, so none are claimed."))
    return said


def _csv_rows(one: t.Report) -> Iterator[dict[str, Any]]:
    for figure in report.figures(one):
        amount = None if figure.amount_minor is None else _dollars(figure.amount_minor)
        yield {
            "figure": figure.code,
            "count": figure.count,
            "days": None if figure.days is None else round(figure.days, 1),
            "amount": amount,
            "hours": None if figure.hours is None else round(figure.hours, 1),
        }
    for out in one.stock_outs:
        end = out.to_at.isoformat() if out.to_at else None
        item = _item(out.printer, out.kind, out.colour)
        yield {
            "figure": "stock_outs",
            "item": item,
            "from": out.from_at.isoformat(),
            "to": end,
            "days": round(out.days, 1),
        }
    for order in one.rush_orders:
        yield {"figure": "rush_orders", "item": f"{order.number} {order.why}", "from": order.placed_at.isoformat()}
    for early in one.premature:
        cost = None if early.cost_minor is None else _dollars(early.cost_minor)
        item = _item(early.printer, early.kind, early.colour)
        yield {
            "figure": "premature",
            "item": f"{item} {early.percent:.0f} %",
            "to": early.left_at.isoformat(),
            "amount": cost,
        }
    for error in one.forecast_errors:
        item = _item(error.printer, error.kind, error.colour)
        yield {
            "figure": "forecast_error",
            "item": item,
            "from": error.said_on.isoformat(),
            "to": error.was_on.isoformat(),
            "days": error.days,
        }


def _item(printer: str, kind: str, colour: str) -> str:
    return _plain(f"{printer}: {colour} {kind}".replace("  ", " "))


def _plain(text: str) -> str:
    """A spreadsheet must not take a name for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def _dollars(amount_minor: int) -> str:
    return f"{Decimal(amount_minor) / 100:.2f}"
