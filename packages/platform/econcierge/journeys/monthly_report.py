"""What a month was like, for customers and their dealer: gathers what the figures are counted from (R16, P32).

Nothing is estimated: a figure without data is left out, and the page says why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import date, datetime

from econcierge.accounts import queries as accounts
from econcierge.accounts import rules as roles
from econcierge.accounts.models import Customer, Dealer, Membership
from econcierge.accounts.types import Permission, Role, Scope
from econcierge.core import clock
from econcierge.journeys import month_facts
from econcierge.notifications import operations as notifications
from econcierge.notifications.types import Kind
from econcierge.orders.rules import business_day_after
from econcierge.replenishment import months, queries, report
from econcierge.replenishment import report_types as t
from econcierge.replenishment.models import MonthlyReport


def reports(scope: Scope, *, month: date, now: datetime, customer_ids: Collection[int] | None = None) -> list[t.Report]:
    """A month of every customer in the scope (or of some of them), by name; about twenty queries for all of them."""
    customers = list(accounts.customers(scope))
    if customer_ids is not None:
        customers = [one for one in customers if one.pk in customer_ids]
    span = month_facts.span(month, now=now)
    ids = [one.pk for one in customers]
    printers = month_facts.printers(scope, ids, span)
    outs = month_facts.stock_outs(scope, ids, printers, span)
    rush, orders = month_facts.orders(scope, ids, span)
    early = month_facts.replaced_too_early(scope, printers, span)
    minutes = queries.minutes_a_week(scope, customer_ids=ids)
    errors = month_facts.forecast_errors(scope, ids, printers, span)
    automatic = queries.placed_counts(scope, customer_ids=ids, start=span.start, end=span.end)
    return [
        t.Report(
            customer_id=one.pk,
            customer=one.name,
            month=month,
            printers=sum(printer.customer_id == one.pk for printer in printers.values()),
            stock_outs=tuple(outs[one.pk]),
            rush_orders=tuple(rush[one.pk]),
            premature=tuple(early[one.pk]),
            forecast_errors=tuple(errors[one.pk]),
            orders=len(orders[one.pk]),
            orders_minor=sum(order.total_minor for order in orders[one.pk]),
            automatic=automatic.get(one.pk, 0),
            printer_weeks=sum(
                report.weeks_read(
                    first_at=printer.first_read_at, last_at=printer.last_read_at, start=span.start, end=span.end
                )
                for printer in printers.values()
                if printer.customer_id == one.pk
            ),
            minutes_a_week=minutes.get(one.pk),
        )
        for one in customers
    ]


def months_to_show(*, since: datetime, now: datetime, most: int = 13) -> list[date]:
    """The months that are over, the last one first, since somebody became a customer."""
    first = months.first_of(clock.day_of(since))
    month = months.before(months.first_of(clock.day_of(now)))
    found: list[date] = []
    while month >= first and len(found) < most:
        found.append(month)
        month = months.before(month)
    return found


def is_due(*, now: datetime) -> bool:
    """From the first working day of a month on."""
    on = clock.day_of(now)
    return on >= business_day_after(day=months.first_of(on), days=0)


def tell(*, now: datetime) -> int:
    """Tells the last month to customers that were not told yet, and to their dealers; how many customers.

    Needs the scope of everything. Who joined in this month hears of it in the next.
    """
    if not is_due(now=now):
        return 0
    month = months.before(months.first_of(clock.day_of(now)))
    told = set(MonthlyReport.objects.filter(month=month).values_list("customer_id", flat=True))
    started = months.starts_at(months.after(month))
    waiting = Customer.objects.filter(left_at__isnull=True, created_at__lt=started).exclude(pk__in=told)
    ids = list(waiting.values_list("pk", flat=True))
    if not ids:
        return 0
    found = reports(Scope.everything(), month=month, now=now, customer_ids=ids)
    by_dealer: dict[int, list[t.Report]] = defaultdict(list)
    dealers = dict(Customer.objects.filter(pk__in=ids).values_list("pk", "dealer_id"))
    for one in found:
        _tell_customer(one, now=now)
        by_dealer[dealers[one.customer_id]].append(one)
    for dealer in Dealer.objects.filter(pk__in=by_dealer):
        _tell_dealer(dealer, by_dealer[dealer.pk], month=month, now=now)
    return len(found)


def _tell_customer(one: t.Report, *, now: datetime) -> None:
    figures = report.figures(one)
    rows = [asdict(figure) for figure in figures]
    MonthlyReport.objects.create(customer_id=one.customer_id, month=one.month, made_at=now, figures=rows)
    people = accounts.people(Scope.everything(), customer_id=one.customer_id)
    _tell(people, customer_id=one.customer_id, who=one.customer, month=one.month, figures=figures, now=now)


def _tell_dealer(dealer: Dealer, found: list[t.Report], *, month: date, now: datetime) -> None:
    people = accounts.dealer_people(dealer_id=dealer.pk)
    _tell(people, customer_id=None, who=dealer.name, month=month, figures=report.total(found), now=now)


def _tell(
    people: Iterable[Membership],
    *,
    customer_id: int | None,
    who: str,
    month: date,
    figures: Iterable[t.Figure],
    now: datetime,
) -> None:
    """To those who look after the printers, or lead the dealer's people."""
    rows = [asdict(figure) for figure in figures]
    outs = next(row["count"] for row in rows if row["code"] == "stock_outs")
    notifications.notify(
        kind=Kind.MONTHLY_REPORT,
        users=[person.user for person in people if roles.may(Role(person.role), Permission.MANAGE_PEOPLE)],
        customer_id=customer_id,
        key=f"report-{month:%Y-%m}-{customer_id or 'dealer'}",
        context={
            "month": month.isoformat(),
            "who": who,
            "stock_outs": outs,
            "rows": rows,
            "path": f"/report/?month={month:%Y-%m}",
        },
        now=now,
    )
