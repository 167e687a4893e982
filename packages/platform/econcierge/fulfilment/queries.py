"""Reading stock, purchase orders and shipments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from econcierge.accounts import queries as accounts
from econcierge.accounts.types import Scope
from econcierge.catalogue.models import Part, Price
from econcierge.fleet.models import Printer
from econcierge.fulfilment import types as t
from econcierge.fulfilment.models import DealerDistributor, PurchaseOrder, Shipment, Stock
from econcierge.orders import types as orders


def dealer_distributors(*, dealer_id: int) -> list[DealerDistributor]:
    """A dealer's accounts at distributors, the preferred one first."""
    found = DealerDistributor.objects.filter(dealer_id=dealer_id).select_related("distributor")
    return list(found.order_by("preference", "id"))


def stock(*, dealer_id: int, part_ids: Iterable[int]) -> dict[int, Stock]:
    """By part, the stock of the dealer's distributor that holds most of it; parts never heard of are missing."""
    mine = DealerDistributor.objects.filter(dealer_id=dealer_id).values("distributor_id")
    found = Stock.objects.filter(part_id__in=list(part_ids), distributor_id__in=mine)
    return {row.part_id: row for row in found.order_by("quantity", "-lead_days", "id")}


def stock_by_distributor(
    accounts: Iterable[DealerDistributor], *, part_ids: Iterable[int]
) -> tuple[orders.DistributorStock, ...]:
    """What each of these distributors holds, in their order; by slug and part number."""
    held: dict[int, dict[str, int]] = defaultdict(dict)
    order = list(accounts)
    rows = Stock.objects.filter(distributor__in=[a.distributor_id for a in order], part_id__in=list(part_ids))
    for row in rows.select_related("part"):
        held[row.distributor_id][row.part.part_number] = row.quantity
    return tuple(orders.DistributorStock(a.distributor.slug, held[a.distributor_id]) for a in order)


def parts_worth_asking() -> list[tuple[int, str]]:
    """(id, part number) of the parts that have a price, or fit a printer in a fleet: the others nobody can order."""
    in_fleets = Printer.objects.filter(retired_at__isnull=True, model__isnull=False).values("model_id")
    priced = Price.objects.values("part_id")
    found = Part.objects.filter(Q(pk__in=priced) | Q(fits__model_id__in=in_fleets), sold="retail").distinct()
    return list(found.order_by("part_number").values_list("id", "part_number"))


def shipments(scope: Scope, *, order_id: int) -> QuerySet[Shipment]:
    """An order's parcels, with their lines, as they left."""
    found = accounts.limit(scope, Shipment.objects.filter(purchase_order__order_id=order_id))
    return found.prefetch_related("lines__order_line__part").order_by("shipped_at", "id")


def purchase_orders(scope: Scope, *, order_id: int) -> QuerySet[PurchaseOrder]:
    found = accounts.limit(scope, PurchaseOrder.objects.filter(order_id=order_id))
    return found.select_related("distributor").prefetch_related("lines__order_line__part").order_by("id")


def due(*, now: datetime, most: int) -> list[PurchaseOrder]:
    """Open purchase orders whose next request is due and that nobody has leased."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    found = PurchaseOrder.objects.filter(free, closed_at__isnull=True, next_attempt_at__lte=now)
    return list(found.order_by("next_attempt_at", "id")[:most])


def as_known(order: PurchaseOrder) -> t.PurchaseOrder:
    """A purchase order as the rules see it."""
    numbers = {line.order_line_id: line.line for line in order.lines.all()}
    return t.PurchaseOrder(
        number=order.number,
        state=t.PurchaseOrderState(order.state),
        their_number=order.their_number,
        lines=tuple(
            t.Line(
                line.line,
                line.order_line.part.part_number,
                line.quantity,
                t.PurchaseOrderLineState(line.state),
                line.expected_ship_on,
            )
            for line in order.lines.all()
        ),
        shipments=tuple(_parcel(shipment, numbers) for shipment in order.shipments.all()),
    )


def _parcel(shipment: Shipment, numbers: dict[int, int]) -> t.Shipment:
    return t.Shipment(
        their_id=shipment.their_id,
        carrier=shipment.carrier,
        tracking_number=shipment.tracking_number,
        tracking_url=shipment.tracking_url,
        shipped_at=shipment.shipped_at,
        delivered_at=shipment.delivered_at,
        lines=tuple(
            t.ShippedLine(numbers[line.order_line_id], line.quantity, None, tuple(line.serials))
            for line in shipment.lines.all()
        ),
    )


def days_taken(
    scope: Scope, *, customer_ids: Iterable[int], since: datetime, delivery: str = "ground"
) -> dict[int, list[float]]:
    """By customer, how many days its parcels took from the order to the door, the latest first; one query."""
    found = Shipment.objects.filter(
        customer_id__in=list(customer_ids), delivered_at__gte=since, purchase_order__order__delivery=delivery
    )
    rows = accounts.limit(scope, found).order_by("-delivered_at", "-id")
    days: dict[int, list[float]] = defaultdict(list)
    for customer_id, placed_at, delivered_at in rows.values_list(
        "customer_id", "purchase_order__order__placed_at", "delivered_at"
    ):
        days[customer_id].append((delivered_at - placed_at).total_seconds() / 86_400)
    return days
