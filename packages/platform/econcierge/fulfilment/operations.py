"""Purchase orders: made with the order, leased by one job at a time, changed by what a distributor answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from econcierge.core.errors import Conflict, OutsideFailure
from econcierge.fulfilment import queries, rules
from econcierge.fulfilment import types as t
from econcierge.fulfilment.models import (
    Distributor,
    PurchaseOrder,
    PurchaseOrderLine,
    Shipment,
    ShipmentLine,
    Stock,
)
from econcierge.orders import rules as order_rules
from econcierge.orders import types as orders
from econcierge.orders.models import Order, OrderLine

LEASE_LASTS = timedelta(minutes=15)
POLL_EVERY = timedelta(minutes=30)
STOCK_LASTS = timedelta(hours=1)
STOCK_RETRY_AFTER = timedelta(minutes=10)
MOST_ATTEMPTS = 30_000  # the counter's column is small
SEND_STATES = (t.PurchaseOrderState.READY, t.PurchaseOrderState.SENDING, t.PurchaseOrderState.UNKNOWN)
FOLLOW_STATES = (
    t.PurchaseOrderState.SENT,
    t.PurchaseOrderState.ACKNOWLEDGED,
    t.PurchaseOrderState.PARTIALLY_SHIPPED,
    t.PurchaseOrderState.SHIPPED,
)


class NoDistributor(Conflict):
    """The dealer has no account at any distributor, so nothing can be shipped."""

    code = "no_distributor"


def create_purchase_orders(*, order: Order, now: datetime) -> list[PurchaseOrder]:
    """Who ships which line of a placed order: one purchase order a distributor, in the order's own transaction."""
    accounts = queries.dealer_distributors(dealer_id=order.dealer_id)
    if not accounts:
        raise NoDistributor("the dealer has no account at any distributor")
    lines = list(order.lines.select_related("part").order_by("position"))
    wanted = [orders.LineToShip(line.position, line.part.part_number, line.quantity) for line in lines]
    stock = queries.stock_by_distributor(accounts, part_ids=[line.part_id for line in lines])
    by_slug = {account.distributor.slug: account for account in accounts}
    by_position = {line.position: line for line in lines}
    made = []
    for index, part in enumerate(order_rules.split_for_distributors(lines=wanted, stock=stock), start=1):
        account = by_slug[part.distributor]
        purchase_order = PurchaseOrder.objects.create(
            customer_id=order.customer_id,
            order=order,
            distributor=account.distributor,
            account_number=account.account_number,
            number=f"{order.number}-{order.dealer_id}-{index}",  # two dealers may share initials and a distributor
            state=t.PurchaseOrderState.READY,
            next_attempt_at=now,
        )
        _add_lines(purchase_order, [by_position[position] for position in part.positions])
        made.append(purchase_order)
    return made


def _add_lines(purchase_order: PurchaseOrder, lines: Sequence[OrderLine]) -> None:
    PurchaseOrderLine.objects.bulk_create(
        PurchaseOrderLine(
            customer_id=purchase_order.customer_id,
            purchase_order=purchase_order,
            order_line=line,
            line=line.position,
            quantity=line.quantity,
            state=t.PurchaseOrderLineState.SENT,
        )
        for line in lines
    )


def claim(*, purchase_order_id: int, states: Sequence[t.PurchaseOrderState], now: datetime) -> t.Claim | None:
    """Leases a due purchase order to the caller; None when somebody else was first, or nothing is due.

    One that is ready goes to *sending*; one found in *sending* or *unknown* may have arrived, and is asked about.
    """
    until = now + LEASE_LASTS
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    row = (
        PurchaseOrder.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("order", "distributor")
        .filter(free, pk=purchase_order_id, closed_at__isnull=True, next_attempt_at__lte=now, state__in=states)
        .first()
    )
    if row is None:
        return None
    ask_first = row.state != t.PurchaseOrderState.READY
    if not ask_first:
        row.state = rules.move(state=t.PurchaseOrderState.READY, to=t.PurchaseOrderState.SENDING)
    row.leased_until = until
    row.attempts = min(row.attempts + 1, MOST_ATTEMPTS)
    row.save(update_fields=["state", "leased_until", "attempts"])
    distributor = row.distributor
    return t.Claim(
        purchase_order_id=row.pk,
        leased_until=until,
        ask_first=ask_first,
        endpoint=t.Endpoint(distributor.kind, distributor.base_url, distributor.secret_variable),
        request=_request(row),
    )


def _request(row: PurchaseOrder) -> t.Request:
    return t.Request(
        number=row.number,
        account_number=row.account_number,
        placed_at=row.order.placed_at,
        ship_to=row.order.ship_to,
        delivery=row.order.delivery,
        lines=queries.as_known(row).lines,
    )


def lock(purchase_order_id: int) -> PurchaseOrder:
    return (
        PurchaseOrder.objects.select_for_update(of=("self",))
        .prefetch_related("lines__order_line__part", "lines__order_line__printer", "shipments__lines")
        .get(pk=purchase_order_id)
    )


def record_failure(*, row: PurchaseOrder, claim: t.Claim, failure: OutsideFailure, now: datetime) -> bool:
    """What a failed request leaves behind; True when a person has to look. Nothing when the lease was lost."""
    if row.leased_until != claim.leased_until:
        return False
    row.leased_until = None
    row.last_error = str(failure)[:500]
    if row.state in FOLLOW_STATES:
        row.next_attempt_at = rules.next_attempt_at(attempts=row.attempts, now=now)
        row.save(update_fields=["leased_until", "last_error", "next_attempt_at"])
        return False
    is_unknown = failure.outcome_unknown or claim.ask_first
    after = rules.after_failure(permanent=failure.permanent, outcome_unknown=is_unknown, attempts=row.attempts, now=now)
    row.state, row.next_attempt_at = after.state, after.next_attempt_at
    row.save(update_fields=["leased_until", "last_error", "state", "next_attempt_at"])
    return after.next_attempt_at is None


def make_ready_again(*, row: PurchaseOrder, now: datetime) -> None:
    """One that failed for good is tried again, after a person has seen to its cause. Raises `IllegalMove`."""
    row.state = rules.move(state=t.PurchaseOrderState(row.state), to=t.PurchaseOrderState.READY)
    row.attempts, row.next_attempt_at = 0, now
    row.save(update_fields=["state", "attempts", "next_attempt_at"])


def record_never_received(*, row: PurchaseOrder, claim: t.Claim, now: datetime) -> None:
    """It is known not to have arrived: ready to be sent, at once."""
    if row.leased_until == claim.leased_until and row.state in SEND_STATES:
        row.state, row.leased_until, row.next_attempt_at = t.PurchaseOrderState.READY, None, now
        row.save(update_fields=["state", "leased_until", "next_attempt_at"])


def record_heard(*, row: PurchaseOrder, now: datetime, note: str = "") -> None:
    """The distributor answered: the lease ends, the next look is due later, or never once it is closed."""
    if row.state in SEND_STATES:
        row.state = t.PurchaseOrderState.SENT
    row.sent_at = row.sent_at or now
    row.leased_until, row.attempts, row.last_error = None, 0, note[:500]
    if row.state in rules.CLOSED:
        row.closed_at, row.next_attempt_at = row.closed_at or now, None
    else:
        row.next_attempt_at = now + POLL_EVERY
    row.save()


def apply(*, row: PurchaseOrder, changes: Iterable[t.Change], at: datetime) -> list[Shipment]:
    """Writes changes that `rules.apply_status` found; answers the parcels that are new or have arrived."""
    parcels: list[Shipment] = []
    lines = {line.line: line for line in row.lines.all()}
    for change in changes:
        if isinstance(change, t.NumberLearned):
            row.their_number = change.their_number
        elif isinstance(change, t.LineChanged):
            line = lines[change.line]
            line.state, line.expected_ship_on = change.state, change.expected_ship_on
            line.save(update_fields=["state", "expected_ship_on"])
        elif isinstance(change, t.ShipmentSeen):
            parcels.append(_add_shipment(row, change.shipment, lines))
        elif isinstance(change, t.ShipmentDelivered):
            parcels.append(_deliver(row, change))
        else:
            row.state = change.state
            if change.state == t.PurchaseOrderState.ACKNOWLEDGED:
                row.acknowledged_at = at
    return parcels


def _add_shipment(row: PurchaseOrder, parcel: t.Shipment, lines: dict[int, PurchaseOrderLine]) -> Shipment:
    shipment = Shipment.objects.create(
        customer_id=row.customer_id,
        purchase_order=row,
        their_id=parcel.their_id,
        carrier=parcel.carrier,
        tracking_number=parcel.tracking_number,
        tracking_url=parcel.tracking_url,
        shipped_at=parcel.shipped_at,
        delivered_at=parcel.delivered_at,
    )
    ShipmentLine.objects.bulk_create(
        ShipmentLine(
            customer_id=row.customer_id,
            shipment=shipment,
            order_line_id=lines[part.line].order_line_id,
            quantity=part.quantity,
            serials=list(part.serials),
        )
        for part in parcel.lines
    )
    return shipment


def _deliver(row: PurchaseOrder, change: t.ShipmentDelivered) -> Shipment:
    shipment = Shipment.objects.get(purchase_order=row, their_id=change.their_id)
    shipment.delivered_at = change.delivered_at
    shipment.save(update_fields=["delivered_at"])
    return shipment


def store_stock(
    *, distributor: Distributor, asked: Sequence[tuple[int, str]], offers: Iterable[t.Offer], now: datetime
) -> int:
    """What a distributor said it holds, in one statement; parts asked for and not offered are at none."""
    by_number = {offer.part_number: offer for offer in offers}
    rows = [
        Stock(
            distributor=distributor,
            part_id=part_id,
            quantity=offer.quantity if offer else 0,
            cost_minor=offer.cost_minor if offer else None,
            lead_days=offer.lead_days if offer else 1,
            as_of=now,
        )
        for part_id, number in asked
        for offer in [by_number.get(number)]
    ]
    Stock.objects.bulk_create(
        rows,
        batch_size=2_000,
        update_conflicts=True,
        unique_fields=["distributor", "part"],
        update_fields=["quantity", "cost_minor", "lead_days", "as_of"],
    )
    return len(rows)


def claim_stock_questions(*, now: datetime) -> list[int]:
    """The distributors whose stock is older than an hour, each claimed by whoever asks here first."""
    old = Q(stock_asked_at__isnull=True) | Q(stock_asked_at__lte=now - STOCK_LASTS)
    found = Distributor.objects.filter(old).order_by("id").values_list("id", flat=True)
    return [pk for pk in found if Distributor.objects.filter(old, pk=pk).update(stock_asked_at=now)]


def ask_stock_again_soon(*, distributor_id: int, now: datetime) -> None:
    """After a failure: not in an hour, but in ten minutes."""
    Distributor.objects.filter(pk=distributor_id).update(stock_asked_at=now - STOCK_LASTS + STOCK_RETRY_AFTER)
