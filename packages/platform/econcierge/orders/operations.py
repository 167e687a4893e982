"""Placing orders and moving their lines; every change leaves a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from econcierge.accounts.models import Customer, Dealer
from econcierge.accounts.types import Actor
from econcierge.audit import operations as audit
from econcierge.fleet.models import Site
from econcierge.orders import rules
from econcierge.orders import types as t
from econcierge.orders.models import BasketLine, NumberSeries, Order, OrderEvent, OrderLine

SMALL_WORDS = frozenset({"du", "de", "des", "la", "le", "les", "et", "the", "of", "and"})


def next_number(*, dealer: Dealer, on: date) -> str:
    """The dealer's next order number ("PP-2026-00017"); its series stays locked to the end of the transaction."""
    NumberSeries.objects.get_or_create(dealer=dealer)
    series = NumberSeries.objects.select_for_update().get(dealer=dealer)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{_initials(dealer)}-{on.year}-{series.last:05d}"


def _initials(dealer: Dealer) -> str:
    words = [word for word in dealer.slug.replace("_", "-").split("-") if word]
    named = [word for word in dealer.name.split() if word.lower() not in SMALL_WORDS and word[0].isascii()]
    letters = "".join(word[0] for word in named if word[0].isalpha()) or "".join(word[0] for word in words)
    return letters[:4].upper()


def ship_to(site: Site) -> dict[str, str]:
    """The address as it is now; the order keeps it whatever becomes of the site."""
    return {
        "name": site.customer.name,
        "address_line_1": site.address_line_1,
        "address_line_2": site.address_line_2,
        "city": site.city,
        "region": site.region,
        "postal_code": site.postal_code,
        "country": site.country,
        "contact": site.contact,
    }


def place(
    *,
    customer: Customer,
    site: Site,
    submission_key: UUID,
    lines: Sequence[t.LineToPlace],
    totals: t.Totals,
    currency: str,
    delivery: t.DeliveryOption,
    expected_on: date | None,
    customer_reference: str,
    actor: Actor,
    now: datetime,
    on: date,
) -> Order:
    """Writes an order with its number, lines, first events and its place in the record, in the caller's transaction."""
    order = Order.objects.create(
        customer=customer,
        dealer=customer.dealer,
        site=site,
        number=next_number(dealer=customer.dealer, on=on),
        submission_key=submission_key,
        placed_by_id=actor.user_id,
        placed_at=now,
        state=t.OrderState.PLACED,
        customer_reference=customer_reference,
        delivery=delivery.kind,
        ship_to=ship_to(site),
        ships_by_at=rules.ships_by(placed_at=now),
        expected_on=expected_on,
        currency=currency,
        goods_minor=totals.goods_minor,
        shipping_minor=totals.shipping_minor,
        taxes=[{"code": tax.code, "rate_ppm": tax.rate_ppm, "amount_minor": tax.amount_minor} for tax in totals.taxes],
        total_minor=totals.total_minor,
    )
    _add_lines(order, lines, actor_id=actor.user_id, now=now)
    audit.record(
        action="order.placed",
        subject=order,
        now=now,
        actor=actor,
        customer_id=customer.pk,
        number=order.number,
        total_minor=order.total_minor,
    )
    return order


def _add_lines(order: Order, lines: Sequence[t.LineToPlace], *, actor_id: int | None, now: datetime) -> None:
    rows = OrderLine.objects.bulk_create(
        OrderLine(
            customer_id=order.customer_id,
            order=order,
            position=position,
            part_id=line.part_id,
            printer_id=line.printer_id,
            quantity=line.quantity,
            unit_price_minor=line.unit_price_minor,
            eligible=line.eligible,
            state=t.LineState.PLACED,
        )
        for position, line in enumerate(lines, start=1)
    )
    events = [_event(order, now, t.LineState.DRAFT, t.LineState.PLACED, line=row, actor_id=actor_id) for row in rows]
    whole = _event(order, now, t.OrderState.DRAFT, t.OrderState.PLACED, reason="placed", actor_id=actor_id)
    OrderEvent.objects.bulk_create([*events, whole])


def _event(
    order: Order,
    at: datetime,
    from_state: str,
    to_state: str,
    *,
    line: OrderLine | None = None,
    reason: str = "",
    details: dict[str, Any] | None = None,
    actor_id: int | None = None,
) -> OrderEvent:
    return OrderEvent(
        customer_id=order.customer_id,
        order=order,
        line=line,
        at=at,
        from_state=from_state,
        to_state=to_state,
        reason=reason,
        details=details or {},
        actor_id=actor_id,
    )


def lock(order_id: int) -> Order:
    """The order, to be changed by nobody else until the end of the transaction."""
    return Order.objects.select_for_update(of=("self",)).select_related("customer", "dealer", "site").get(pk=order_id)


def tell(*, order: Order, moves: Iterable[t.LineMove], news: t.News) -> t.OrderState:
    """Something happened: moves lines by legal steps, derives the order's state, and writes an event for each change.

    The order is locked by the caller (`lock`). News that skipped a step goes through it; the same again writes
    nothing. Raises `IllegalMove`.
    """
    lines = {line.pk: line for line in order.lines.all()}
    events: list[OrderEvent] = []
    changed: list[OrderLine] = []
    for move in moves:
        line = lines[move.line_id]
        before = (line.state, line.quantity_shipped, line.quantity_delivered)
        events += _move_line(order, line, move, at=news.at)
        if before != (line.state, line.quantity_shipped, line.quantity_delivered):
            changed.append(line)
    OrderLine.objects.bulk_update(
        changed, ["state", "quantity_shipped", "quantity_delivered", "delivered_on"], batch_size=200
    )
    state = rules.order_state(lines=[t.LineState(line.state) for line in lines.values()])
    events.append(_event(order, news.at, order.state, state, reason=news.what, details=news.details))
    OrderEvent.objects.bulk_create(events)
    order.state = state
    order.save(update_fields=["state"])
    return state


def _move_line(order: Order, line: OrderLine, move: t.LineMove, *, at: datetime) -> list[OrderEvent]:
    events = []
    for state in rules.moves_between(state=t.LineState(line.state), to=move.to):
        events.append(_event(order, at, line.state, state, line=line))
        line.state = state
    line.quantity_shipped, line.quantity_delivered = move.quantity_shipped, move.quantity_delivered
    line.delivered_on = move.delivered_on or line.delivered_on
    return events


def put_into_basket(
    *, customer_id: int, user_id: int, line: t.LineToPlace, currency: str, now: datetime
) -> None:  # fmt: skip
    """The same part for the same printer again replaces what was there: a second click is no second piece."""
    row = BasketLine(
        customer_id=customer_id,
        user_id=user_id,
        printer_id=line.printer_id,
        part_id=line.part_id,
        quantity=line.quantity,
        put_at=now,
        seen_price_minor=line.unit_price_minor,
        currency=currency,
    )
    BasketLine.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["user", "printer", "part"],
        update_fields=["quantity", "put_at", "seen_price_minor", "currency"],
    )


def take_ordered_out(*, user_id: int | None, lines: Iterable[t.LineToPlace]) -> None:
    """What a person has ordered leaves their basket, however they ordered it; what it holds more of stays there."""
    for line in lines:
        BasketLine.objects.filter(
            user_id=user_id, printer_id=line.printer_id, part_id=line.part_id, quantity__lte=line.quantity
        ).delete()
