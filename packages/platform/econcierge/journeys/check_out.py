"""From the right supply to a placed order: choices, quote, place. One transaction, the caller's (R17 to R23, R26)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from econcierge.accounts.types import Actor
from econcierge.core import clock, jobs
from econcierge.core.errors import Invalid
from econcierge.fulfilment import operations as fulfilment
from econcierge.journeys import order_notices, ship
from econcierge.journeys.quoting import REFUSALS, LineWanted, Quote, QuotedLine, Refused, quote, quote_for
from econcierge.journeys.quoting import site_to_order_for as _site_to_order_for
from econcierge.journeys.supply_choices import SupplyChoice, SupplyOption, choices
from econcierge.orders import operations as order_operations
from econcierge.orders import queries as orders
from econcierge.orders.models import Order
from econcierge.orders.types import LineToPlace
from econcierge.payments import operations as payments

__all__ = [
    "REFUSALS",
    "LineWanted",
    "Placed",
    "Quote",
    "QuotedLine",
    "Refused",
    "SupplyChoice",
    "SupplyOption",
    "choices",
    "place",
    "quote",
]

LONGEST_REFERENCE = 60


@dataclass(frozen=True, slots=True)
class Placed:
    """`repeated`: this submission had made the order before; nothing was done again."""

    order: Order
    repeated: bool


def place(
    *,
    actor: Actor,
    submission_key: UUID,
    site_id: int,
    lines: Sequence[LineWanted],
    delivery: str,
    customer_reference: str,
    now: datetime,
) -> Placed:
    """Places an order on account: order, books, purchase orders, message and jobs exist together or not at all.

    The same submission again, also at the same moment from another connection, is the same order. Raises
    `NotFound`, `NotAllowed`, `Invalid` (fields), `Refused`.
    """
    site = _site_to_order_for(actor=actor, site_id=site_id)
    reference = customer_reference.strip()
    if len(reference) > LONGEST_REFERENCE or not reference.isprintable():
        raise Invalid(_("Your reference may have at most 60 characters."), fields=("customer_reference",))
    customer_id, on = site.customer_id, clock.day_of(now)
    # The lock makes a customer's orders one after the other, so what is owed is known and a double click waits here.
    agreement = payments.lock_agreement(actor.scope, customer_id=customer_id, on=on)
    known = orders.by_submission(actor.scope, customer_id=customer_id, submission_key=submission_key)
    if known is not None:
        return Placed(known, repeated=True)
    asked = quote_for(site=site, lines=lines, delivery=delivery, agreement=agreement, actor=actor, now=now)
    if asked.refusal:
        raise Refused(asked.refusal)
    placed = [_line(line) for line in asked.lines]
    order = order_operations.place(
        customer=site.customer,
        site=site,
        submission_key=submission_key,
        lines=placed,
        totals=asked.totals,
        currency=asked.total.currency,
        delivery=asked.delivery,
        expected_on=asked.expected_on,
        customer_reference=reference,
        actor=actor,
        now=now,
        on=on,
    )
    order_operations.take_ordered_out(user_id=actor.user_id, lines=placed)
    _set_going(order, actor=actor, now=now)
    return Placed(order, repeated=False)


def _line(line: QuotedLine) -> LineToPlace:
    assert line.unit_price is not None  # an order without a price is refused before
    return LineToPlace(
        part_id=line.part.pk,
        printer_id=line.printer.pk if line.printer else None,
        quantity=line.quantity,
        unit_price_minor=line.unit_price.amount_minor,
        eligible=line.part.eligible,
    )


def _set_going(order: Order, *, actor: Actor, now: datetime) -> None:
    payments.charge_on_account(order=order, now=now)
    for purchase_order in fulfilment.create_purchase_orders(order=order, now=now):
        ship.defer_request(purchase_order)
    order_notices.confirmed(actor.scope, order, now=now)
    if printers := orders.printer_ids(order):
        jobs.defer("coverage.decide", printer_ids=printers)
