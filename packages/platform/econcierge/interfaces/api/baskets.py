"""The caller's own basket, as the portal shows it and the desktop application uses it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from econcierge.accounts.types import Actor
from econcierge.catalogue import queries as catalogue
from econcierge.catalogue import rules as catalogue_rules
from econcierge.core import clock
from econcierge.interfaces.api import schemas, words
from econcierge.interfaces.shared import basket_words, moments, wording
from econcierge.journeys import basket as baskets
from econcierge.journeys import check_out
from econcierge.orders import queries as orders
from econcierge.orders.models import BasketLine, Order
from econcierge.supplies import queries as supplies
from econcierge.supplies.types import SlotView

Slots = dict[int, list[SlotView]]


def whole(actor: Actor, *, delivery: str, now: datetime) -> dict[str, Any]:
    """Raises `NotAllowed`, and `Invalid` for a delivery that is not offered."""
    found = baskets.view(actor=actor, delivery=delivery, now=now)
    lines = [*(line for parcel in found.parcels for line in parcel.lines), *found.left_out]
    slots = supplies.slot_views(actor.scope, printer_ids={line.row.printer_id for line in lines})
    return {
        "lines": [_line(line, slots, now=now) for line in sorted(lines, key=lambda line: line.row.pk)],
        "parcels": [_parcel(parcel, now=now) for parcel in found.parcels],
        "delivery": found.delivery,
        "total": words.money(found.total),
        "portal_url": words.portal("basket"),
    }


def put(actor: Actor, wanted: schemas.LineWanted, *, now: datetime) -> None:
    """Raises `NotFound`, `NotAllowed`, `Invalid`."""
    slot = supplies.slot_view(actor.scope, slot_id=wanted.slot_id)
    line = check_out.LineWanted(wanted.part_number, slot.printer_id, wanted.quantity)
    baskets.put(actor=actor, printer_id=slot.printer_id, lines=[line], now=now)


def order_all(actor: Actor, wanted: schemas.CheckOutWanted, *, now: datetime) -> tuple[list[Order], bool]:
    """The orders, and whether this submission had made them before. Raises what `journeys.basket.order_all` raises."""
    done = baskets.order_all(
        actor=actor,
        submission_key=wanted.submission_key,
        seen={one.site_id: one.total_minor for one in wanted.expected},
        delivery=wanted.delivery,
        customer_reference=wanted.purchase_order_number,
        now=now,
    )
    return [orders.order(actor.scope, order_id=order.pk) for order in done.orders], done.repeated


def _line(line: baskets.Line, slots: Slots, *, now: datetime) -> dict[str, Any]:
    row = line.row
    return {
        "id": row.pk,
        "slot_id": _slot_id(row, slots.get(row.printer_id, ())),
        "part_number": row.part.part_number,
        "name": wording.sentence(wording.supply(row.part.kind, row.part.colour)),
        "printer": {"id": row.printer_id, "name": row.printer.name},
        "site": {"id": row.printer.site_id, "name": row.printer.site.name},
        "quantity": row.quantity,
        "put_at": row.put_at,
        "unit_price": words.money_or_none(line.price),
        "amount": words.money_or_none(line.amount),
        "price_was": words.money_or_none(line.price_was),
        "note": " ".join(filter(None, [basket_words.price_was(line), basket_words.there_is(line.coming, now=now)])),
        "is_ready": line.is_ready,
        "why_not": basket_words.why_left_out(line, now=now) or None,
    }


def _slot_id(row: BasketLine, slots: Iterable[SlotView]) -> int | None:
    """The place of its printer that takes it: the one that names its colour before one that names none."""
    facts = catalogue.facts(row.part)
    fitting = [slot for slot in slots if catalogue_rules.fits_slot(facts, kind=slot.kind, colour=slot.colour)]
    exact = [slot for slot in fitting if slot.colour == row.part.colour]
    return next((slot.slot_id for slot in exact or fitting), None)


def _parcel(parcel: baskets.Parcel, *, now: datetime) -> dict[str, Any]:
    quote, site = parcel.quote, parcel.site
    arrives = quote.expected_on if quote else None
    return {
        "site": {"id": site.pk, "name": site.name},
        "customer": {"id": site.customer_id, "name": site.customer.name},
        "line_ids": [line.row.pk for line in parcel.lines],
        "total": words.money_or_none(quote.total if quote else None),
        "arrives_on": arrives,
        "arrives_text": moments.day(arrives, on=clock.day_of(now)) if arrives else _("when it is in stock again"),
        "why_not": str(parcel.why_not) or None,
    }
