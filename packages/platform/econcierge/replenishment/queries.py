"""Reading standing orders and what they did. Everything takes the scope first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from econcierge.accounts import queries as accounts
from econcierge.accounts.types import Scope
from econcierge.core import clock
from econcierge.core.errors import NotFound
from econcierge.orders.types import OrderState
from econcierge.replenishment import months, standing
from econcierge.replenishment import standing_types as t
from econcierge.replenishment.models import ProposedOrder, ProposedOrderLine, ReportChoice, StandingOrder

UNDONE = (OrderState.REFUSED, OrderState.CANCELLED, OrderState.RETURNED)


def standing_orders(
    scope: Scope, *, customer_id: int | None = None, printer_id: int | None = None
) -> QuerySet[StandingOrder]:
    """Those that are on first, then those that stopped by themselves."""
    found = accounts.limit(scope, StandingOrder.objects.all())
    if customer_id is not None:
        found = found.filter(customer_id=customer_id)
    if printer_id is not None:
        found = found.filter(printer_id=printer_id)
    found = found.select_related("customer", "printer__site", "printer__model", "slot", "part", "confirmed_by", "site")
    return found.order_by("customer__name", "-state", "printer__label", "id")


def standing_order(scope: Scope, *, standing_order_id: int) -> StandingOrder:
    """Raises `NotFound`."""
    found = standing_orders(scope).filter(pk=standing_order_id).first()
    if found is None:
        raise NotFound(_("There is no such automatic order."))
    return found


def proposals(
    scope: Scope, *, customer_id: int | None = None, standing_order_ids: Collection[int] | None = None
) -> QuerySet[ProposedOrder]:
    """What was proposed, the latest first, with lines and what became of it."""
    found = accounts.limit(scope, ProposedOrder.objects.all())
    if customer_id is not None:
        found = found.filter(customer_id=customer_id)
    if standing_order_ids is not None:
        found = found.filter(standing_order_id__in=standing_order_ids)
    found = found.select_related("standing_order__printer__site", "customer__dealer", "order")
    return found.prefetch_related("lines__part", "lines__slot").order_by("-proposed_at", "-id")


def proposal(scope: Scope, *, proposed_order_id: int) -> ProposedOrder:
    """Raises `NotFound`."""
    found = proposals(scope).filter(pk=proposed_order_id).first()
    if found is None:
        raise NotFound(_("There is no such automatic order."))
    return found


def due(*, now: datetime, most: int) -> list[int]:
    """Ids of proposals to place now, or to give up because nobody approved them."""
    open_ones = ProposedOrder.objects.filter(state__in=[t.ProposalState.ANNOUNCED, t.ProposalState.APPROVED])
    free = Q(state=t.ProposalState.APPROVED) | Q(needs_approval=False, places_at__lte=now) | Q(expires_at__lte=now)
    return list(open_ones.filter(free).order_by("places_at", "id").values_list("id", flat=True)[:most])


def spent_minor(*, standing_order_id: int, on: date) -> int:
    """What a standing order has ordered in the month of a day, totals with delivery and taxes; undone orders do not
    count."""
    month = months.first_of(on)
    placed = ProposedOrder.objects.filter(
        standing_order_id=standing_order_id,
        state=t.ProposalState.PLACED,
        order__placed_at__gte=months.starts_at(month),
        order__placed_at__lt=months.starts_at(months.after(month)),
    ).exclude(order__state__in=UNDONE)
    return int(placed.aggregate(sum=Sum("order__total_minor"))["sum"] or 0)


def earlier(*, slot_ids: Iterable[int]) -> dict[tuple[int, int | None], list[t.Earlier]]:
    """By slot and the cartridge that sat in it, what became of what was proposed; one query."""
    lines = ProposedOrderLine.objects.filter(slot_id__in=list(slot_ids)).select_related("proposed_order__order")
    found: dict[tuple[int, int | None], list[t.Earlier]] = defaultdict(list)
    for line in lines:
        of = line.proposed_order
        undone = of.order is not None and of.order.state in UNDONE
        one = t.Earlier(t.ProposalState(of.state), of.reason, clock.day_of(of.proposed_at), is_undone=undone)
        found[line.slot_id, line.cartridge_id].append(one)
    return found


def promised(scope: Scope, *, slot_ids: Collection[int]) -> dict[int, ProposedOrder]:
    """By slot, the open proposal that is for it: it needs nobody, unless somebody has to approve it."""
    lines = accounts.limit(scope, ProposedOrderLine.objects.filter(slot_id__in=list(slot_ids)))
    lines = lines.filter(proposed_order__state__in=standing.OPEN).select_related("proposed_order")
    return {line.slot_id: line.proposed_order for line in lines}


def minutes_a_week(scope: Scope, *, customer_ids: Collection[int]) -> dict[int, Decimal | None]:
    """By customer, how long one printer used to take a week; customers that said nothing are missing."""
    found = accounts.limit(scope, ReportChoice.objects.filter(customer_id__in=list(customer_ids)))
    return dict(found.values_list("customer_id", "minutes_a_week"))


def ordering_themselves(scope: Scope, *, printers: Mapping[int, int]) -> set[int]:
    """Slots (`printers` names the printer of each) that automatic ordering looks after, so that they need nobody.

    Not those that it handed back for this cartridge: vetoed, held by a limit, or waiting for approval. Two queries.
    """
    rows = list(accounts.limit(scope, StandingOrder.objects.filter(printer_id__in=set(printers.values()))))
    own = {row.slot_id: row.state for row in rows if row.slot_id is not None}
    whole = {row.printer_id for row in rows if row.slot_id is None and row.state == t.StandingState.ON}
    found = {
        slot_id
        for slot_id, printer_id in printers.items()
        if (own[slot_id] == t.StandingState.ON if slot_id in own else printer_id in whole)
    }
    return found - _handed_back(scope, found) if found else found


def _handed_back(scope: Scope, slot_ids: Collection[int]) -> set[int]:
    lines = ProposedOrderLine.objects.filter(slot_id__in=list(slot_ids), cartridge_id=F("slot__cartridge_id"))
    rows = accounts.limit(scope, lines).values_list(
        "slot_id", "proposed_order__state", "proposed_order__reason", "proposed_order__needs_approval"
    )
    return {slot_id for slot_id, state, reason, waits in rows if standing.needs_a_person(state, reason, waits=waits)}


def placed_counts(scope: Scope, *, customer_ids: Collection[int], start: datetime, end: datetime) -> dict[int, int]:
    """By customer, how many orders automatic orders placed in a period; undone ones do not count."""
    placed = accounts.limit(scope, ProposedOrder.objects.filter(customer_id__in=list(customer_ids)))
    placed = placed.filter(state=t.ProposalState.PLACED, order__placed_at__gte=start, order__placed_at__lt=end)
    rows = placed.exclude(order__state__in=UNDONE).values("customer_id").annotate(n=Count("id")).order_by()
    return {row["customer_id"]: row["n"] for row in rows}
