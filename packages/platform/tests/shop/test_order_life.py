"""Whatever a distributor says, in whatever order and however often, an order's books and counts stay true."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.fulfilment import operations
from econcierge.fulfilment import types as t
from econcierge.fulfilment.models import PurchaseOrder, Shipment
from econcierge.journeys import check_out, shipping_news
from econcierge.notifications.models import Delivery
from econcierge.orders import operations as order_operations
from econcierge.orders import rules
from econcierge.orders.models import Order, OrderEvent
from econcierge.orders.types import LineState
from econcierge.payments.models import LedgerEntry

BLACK, BLACK_HIGH = "106R03512", "106R03524"
S = t.PurchaseOrderLineState
PARTS = {1: BLACK, 2: BLACK_HIGH}
said_lines = st.fixed_dictionaries(
    {}, optional={n: st.sampled_from([S.ACCEPTED, S.BACK_ORDERED, S.REFUSED, S.CANCELLED]) for n in PARTS}
)
parcels = st.lists(
    st.tuples(
        st.sampled_from(["S1", "S2", "S3"]),
        st.integers(1, 3),  # line; the third is not ours
        st.integers(1, 2),
        st.booleans(),
    ),
    max_size=3,
    unique_by=lambda parcel: parcel[0],
)
answers = st.lists(st.tuples(said_lines, parcels), min_size=1, max_size=5)


@contextmanager
def _taken_back() -> Iterator[None]:
    """Each example starts from the same database."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def _answer(number: str, lines: dict[int, S], shipped: list[tuple[str, int, int, bool]], now: Any) -> t.Answer:
    return t.Answer(
        number=number,
        their_number="D-1",
        acknowledged_at=now,
        lines=tuple(t.AnsweredLine(line, PARTS[line], state) for line, state in lines.items()),
        shipments=tuple(
            t.Shipment(
                their_id=name,
                carrier="C",
                tracking_number=name,
                shipped_at=now + timedelta(hours=int(name[1])),
                delivered_at=now + timedelta(hours=30) if has_arrived else None,
                lines=(t.ShippedLine(line, quantity),),
            )
            for name, line, quantity, has_arrived in shipped
        ),
    )


def _hear(answer: t.Answer, now: Any) -> None:
    row = PurchaseOrder.objects.get()
    order = order_operations.lock(row.order_id)
    shipping_news.record(order=order, row=operations.lock(row.pk), answer=answer, now=now)


def _facts() -> tuple[Any, ...]:
    order = Order.objects.get()
    lines = order.lines.order_by("position").values_list("state", "quantity_shipped", "quantity_delivered")
    counts = (OrderEvent.objects.count(), Shipment.objects.count(), Delivery.objects.count())
    return order.state, tuple(lines), counts, LedgerEntry.objects.count()


@pytest.fixture
def placed(shop: SimpleNamespace, now: Any) -> None:
    type(shop.agreement).objects.update(credit_limit_minor=None)
    scoping.enter(shop.cast.colleague.actor.scope)
    check_out.place(
        actor=shop.cast.colleague.actor,
        submission_key=uuid.UUID(int=1),
        site_id=shop.site.pk,
        lines=[check_out.LineWanted(part, shop.printer.pk, 2) for part in PARTS.values()],
        delivery="express",
        customer_reference="",
        now=now,
    )
    scoping.enter(Scope.everything())
    PurchaseOrder.objects.update(state="sent")


@given(answers)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_answers_leave_a_true_order(placed: None, now: Any, heard: list[Any]) -> None:
    with _taken_back():
        for lines, shipped in heard:
            answer = _answer(PurchaseOrder.objects.get().number, lines, shipped, now)
            _hear(answer, now)
            before = _facts()
            _hear(answer, now)
            assert _facts() == before  # the same again is no news
            _is_true()


def _is_true() -> None:
    order = Order.objects.get()
    lines = list(order.lines.order_by("position"))
    assert order.state == rules.order_state(lines=[LineState(line.state) for line in lines])
    for line in lines:
        sent = line.shipmentline_set.aggregate(sum=Sum("quantity"))["sum"] or 0
        assert line.quantity >= line.quantity_shipped == sent >= line.quantity_delivered
        moves = [(e.from_state, e.to_state) for e in OrderEvent.objects.filter(line=line).order_by("id")]
        assert all(LineState(to) in rules.MOVES[LineState(from_state)] for from_state, to in moves)
        assert moves[-1][1] == line.state
    assert LedgerEntry.objects.aggregate(sum=Sum("amount_minor"))["sum"] == 0
    owed = LedgerEntry.objects.filter(account="sales").aggregate(sum=Sum("amount_minor"))["sum"]
    kept = [line for line in lines if LineState(line.state) not in rules.UNDONE]
    assert -owed == sum(line.quantity * line.unit_price_minor for line in kept)
