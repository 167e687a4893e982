"""Orders as programmes see them, quotes, and placing one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from econcierge.accounts.types import Actor
from econcierge.core import clock
from econcierge.core.errors import Conflict, Invalid
from econcierge.core.money import Money
from econcierge.fleet import queries as fleet
from econcierge.fulfilment.models import ShipmentLine
from econcierge.interfaces.api import schemas, words
from econcierge.interfaces.shared import moments, numbers, order_story, wording
from econcierge.journeys import check_out, quoting
from econcierge.orders import queries as orders
from econcierge.orders.models import Order, OrderLine
from econcierge.orders.types import DeliveryOption
from econcierge.supplies import queries as supplies
from econcierge.supplies.types import SlotView

A_PAGE = 20


def short(order: Order) -> dict[str, Any]:
    return {
        "id": order.pk,
        "number": order.number,
        "state": order.state,
        "state_text": wording.word("order", order.state),
        "placed_at": order.placed_at,
    }


def page(actor: Actor, *, number: int, customer_id: int | None, now: datetime) -> dict[str, Any]:
    sheet = Paginator(orders.orders(actor.scope, customer_id=customer_id), A_PAGE).get_page(number)
    return {
        "items": _in_full(list(sheet.object_list), now=now),
        "next": words.next_page("/api/v1/orders", sheet, customer_id=customer_id),
    }


def in_full(order: Order, *, now: datetime) -> dict[str, Any]:
    return _in_full([order], now=now)[0]


def _in_full(found: Sequence[Order], *, now: datetime) -> list[dict[str, Any]]:
    """Two queries, and one for each order's story."""
    tracking = _tracking(found)
    return [_order(order, tracking, now=now) for order in found]


def _order(order: Order, tracking: dict[int, list[dict[str, str]]], *, now: datetime) -> dict[str, Any]:
    return short(order) | {
        "customer": {"id": order.customer_id, "name": order.customer.name},
        "total": words.money(Money(order.total_minor, order.currency)),
        "promise_text": order_story.promise(order, now=now),
        "lines": [_line(line, tracking.get(line.pk, [])) for line in order.lines.all()],
        "timeline": [
            {
                "at": step.at,
                "when": step.when,
                "text": step.what,
                "detail": [*step.details, *([step.tracking] if step.tracking else [])],
                "done": not step.is_next,
            }
            for step in order_story.steps(order, now=now)
        ],
        "portal_url": words.portal("order", order.pk),
    }


def _tracking(of: Sequence[Order]) -> dict[int, list[dict[str, str]]]:
    """The parcels of each line."""
    found: dict[int, list[dict[str, str]]] = {}
    rows = ShipmentLine.objects.filter(order_line__order__in=of).select_related("shipment")
    for row in rows.order_by("shipment_id"):
        parcel = row.shipment
        said = {"carrier": parcel.carrier, "number": parcel.tracking_number, "url": parcel.tracking_url}
        found.setdefault(row.order_line_id, []).append(said)
    return found


def _line(line: OrderLine, tracking: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "part_number": line.part.part_number,
        "name": wording.sentence(wording.supply(line.part.kind, line.part.colour)),
        "quantity": line.quantity,
        "state": line.state,
        "state_text": wording.word("order", line.state),
        "printer": {"id": line.printer_id, "name": line.printer.name} if line.printer else None,
        "tracking": tracking,
    }


class Basket:
    """What is wanted, joined with the caller's own slots and printers; all of one site, as a parcel goes to one."""

    def __init__(self, actor: Actor, wanted: Sequence[schemas.LineWanted]) -> None:
        slots = supplies.slots_by_id(actor.scope, slot_ids={line.slot_id for line in wanted})
        for line in wanted:
            if line.slot_id not in slots:
                supplies.slot_view(actor.scope, slot_id=line.slot_id)  # says that there is none
        printers = fleet.printers(actor.scope).filter(pk__in={slot.printer_id for slot in slots.values()})
        sites = {printer.site_id for printer in printers}
        if len(sites) != 1:
            raise Invalid(_("Order for one site at a time: a parcel goes to one address."), fields=("lines",))
        self.slots = slots
        self.site_id = sites.pop()
        self.lines = tuple(
            check_out.LineWanted(line.part_number, slots[line.slot_id].printer_id, line.quantity) for line in wanted
        )
        self.first = wanted[0]

    def slot_of(self, line: check_out.QuotedLine) -> SlotView:
        """The slot that a quoted line is for: the one of its printer that takes such a part."""
        own = [slot for slot in self.slots.values() if line.printer and slot.printer_id == line.printer.pk]
        same = [slot for slot in own if (slot.kind, slot.colour) == (line.part.kind, line.part.colour)]
        return (same or own)[0]


def quote(actor: Actor, wanted: schemas.QuoteWanted, *, now: datetime) -> dict[str, Any]:
    """Raises `NotFound`, `NotAllowed`, `Invalid`."""
    basket = Basket(actor, wanted.lines)
    found = check_out.quote(actor=actor, site_id=basket.site_id, lines=basket.lines, delivery=wanted.delivery, now=now)
    return {
        "lines": [_quoted(line, basket.slot_of(line)) for line in found.lines],
        "delivery_options": [_delivery(option, found, now=now) for option in found.delivery_options],
        "delivery": found.delivery.kind,
        "subtotal": words.money(found.goods),
        "shipping": words.money(found.shipping),
        "taxes": [
            {
                "name": f"{wording.word('tax', tax.code)} {numbers.rate(tax.rate_ppm)}",
                "amount": words.money(Money(tax.amount_minor, found.total.currency)),
            }
            for tax in found.taxes
        ],
        "total": words.money(found.total),
        "payment": {
            "on_account": found.on_account and not found.refusal,
            "why_not": str(found.refusal_sentence) or None,
            "needs_purchase_order_number": False,
        },
        "checkout_url": _checkout(basket, found),
    }


def _quoted(line: check_out.QuotedLine, slot: SlotView) -> dict[str, Any]:
    return {
        "slot_id": slot.slot_id,
        "part_number": line.part.part_number,
        "name": wording.sentence(wording.supply(line.part.kind, line.part.colour)),
        "printer": {"id": line.printer.pk, "name": line.printer.name} if line.printer else None,
        "quantity": line.quantity,
        "unit_price": words.money_or_none(line.unit_price),
        "amount": words.money_or_none(line.amount),
    }


def _delivery(option: DeliveryOption, found: quoting.Quote, *, now: datetime) -> dict[str, Any]:
    """What is out of stock travels as fast, but nobody can say from when."""
    arrives = moments.day(option.expected_on, on=clock.day_of(now))
    return {
        "code": option.kind,
        "text": wording.word("delivery", option.kind),
        "price": words.money(Money(option.price_minor, found.total.currency)),
        "arrives_on": option.expected_on,
        "arrives_text": arrives if found.expected_on else _("when it is in stock again"),
    }


def _checkout(basket: Basket, found: quoting.Quote) -> str:
    """The portal's page for the same; it orders one supply at a time."""
    slot = basket.slots[basket.first.slot_id]
    return words.portal(
        "review_order", printer=slot.printer_id, part=basket.first.part_number, quantity=basket.first.quantity,
        slot=slot.slot_id, delivery=found.delivery.kind,
    )  # fmt: skip


def place(actor: Actor, wanted: schemas.OrderWanted, *, now: datetime) -> tuple[Order, bool]:
    """The order, and whether this submission had made it before.

    Raises `NotFound`, `NotAllowed`, `Invalid`, and `Conflict` when it comes to another total than the person saw.
    """
    basket = Basket(actor, wanted.lines)
    placed = check_out.place(
        actor=actor,
        submission_key=wanted.submission_key,
        site_id=basket.site_id,
        lines=basket.lines,
        delivery=wanted.delivery,
        customer_reference=wanted.purchase_order_number,
        now=now,
    )
    if not placed.repeated and placed.order.total_minor != wanted.expected_total_minor:
        total = numbers.money(Money(placed.order.total_minor, placed.order.currency))
        raise TotalChanged(
            _("The total is %(total)s now. Look at it once more before you order.") % {"total": total},
            fields=("expected_total_minor",),
        )
    return orders.order(actor.scope, order_id=placed.order.pk), placed.repeated


class TotalChanged(Conflict):
    """A price, a tax or a delivery changed between the quote and the order; nothing was placed."""

    code = "total_changed"
