"""From a placed order to its delivery: sends purchase orders, asks how they fare, records each answer once.

HTTP happens between two transactions: the first leases the purchase order, the second records what was heard. An
outcome that is unknown stays so and is asked about; nothing is ever sent again blindly.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from econcierge.accounts import queries as accounts
from econcierge.accounts import rules as roles
from econcierge.accounts import scoping
from econcierge.accounts.types import Actor, Permission, Scope, ScopeKind
from econcierge.audit import operations as audit
from econcierge.core import jobs
from econcierge.core.errors import NotAllowed, NotFound, OutsideFailure
from econcierge.fulfilment import distributors, operations, queries
from econcierge.fulfilment import types as t
from econcierge.fulfilment.models import Distributor, PurchaseOrder
from econcierge.journeys import order_notices, shipping_news
from econcierge.orders import operations as order_operations
from econcierge.orders import queries as order_queries
from econcierge.orders import types as order_types
from econcierge.orders.models import Order, OrderEvent
from econcierge_printers.clock import Clock

WARNED_BEFORE = timedelta(hours=2)
MOST_DUE = 200


def send(*, purchase_order_id: int, clock: Clock) -> None:
    """Sends a purchase order that is ready; one that may have arrived is asked about first."""
    with scoping.transaction_as(Scope.everything()):
        claim = operations.claim(purchase_order_id=purchase_order_id, states=operations.SEND_STATES, now=clock())
    if claim is None:
        return
    try:
        adapter = distributors.adapter(claim.endpoint.kind)
        if claim.ask_first:
            answer = adapter.ask(claim.endpoint, claim.request.number)
        else:
            answer = adapter.send(claim.endpoint, claim.request)
    except OutsideFailure as failure:
        _record_failure(claim, failure, now=clock())
        return
    if answer is None:
        _record_never_received(claim, now=clock())
    else:
        _record_answer(claim, answer, now=clock())


def follow(*, purchase_order_id: int, clock: Clock) -> None:
    """Asks how a purchase order fares, and records what is new."""
    with scoping.transaction_as(Scope.everything()):
        claim = operations.claim(purchase_order_id=purchase_order_id, states=operations.FOLLOW_STATES, now=clock())
    if claim is None:
        return
    try:
        answer = distributors.adapter(claim.endpoint.kind).ask(claim.endpoint, claim.request.number)
    except OutsideFailure as failure:
        _record_failure(claim, failure, now=clock())
        return
    if answer is None:
        _record_lost(claim, now=clock())
    else:
        _record_answer(claim, answer, now=clock())


def send_again(*, actor: Actor, purchase_order_id: int, now: datetime) -> None:
    """The dealer has seen to why a purchase order failed: it is sent again.

    Its number is the key: even one that did arrive is not ordered twice. Raises `NotFound`, `NotAllowed`, `Conflict`.
    """
    found = accounts.limit(actor.scope, PurchaseOrder.objects.filter(pk=purchase_order_id)).first()
    if found is None:
        raise NotFound(_("There is no such order."))
    if actor.scope.kind is not ScopeKind.DEALER or not roles.may(actor.role, Permission.ORDER):
        raise NotAllowed(_("Only the dealer can send an order to its distributor again."))
    row = operations.lock(found.pk)
    operations.make_ready_again(row=row, now=now)
    audit.record(action="purchase_order.sent_again", subject=row, now=now, actor=actor, customer_id=row.customer_id)
    defer_request(row)


def defer_request(row: PurchaseOrder) -> None:
    """Asks for the next request about a purchase order; one job waits at most, and they run one after the other."""
    verb = "send" if row.state in operations.SEND_STATES else "follow"
    key = f"purchase-order-{row.pk}"
    jobs.defer(f"fulfilment.{verb}", once=key, lock=key, purchase_order_id=row.pk)


def defer_due(now: datetime) -> None:
    """Asks for everything about purchase orders and stock that is due."""
    for row in queries.due(now=now, most=MOST_DUE):
        defer_request(row)
    for distributor_id in operations.claim_stock_questions(now=now):
        jobs.defer("fulfilment.refresh_stock", once=f"stock-{distributor_id}", distributor_id=distributor_id)
    if _at_risk(now).exists():
        jobs.defer("orders.watch_promises", once="orders.watch_promises")


def refresh_stock(*, distributor_id: int, clock: Clock) -> int:
    """Asks a distributor what it holds of the parts that anybody may order (R21); how many were asked about."""
    with scoping.transaction_as(Scope.everything()):
        distributor = Distributor.objects.get(pk=distributor_id)
        asked = queries.parts_worth_asking()
    endpoint = t.Endpoint(distributor.kind, distributor.base_url, distributor.secret_variable)
    try:
        offers = distributors.adapter(endpoint.kind).availability(endpoint, [number for _pk, number in asked])
    except OutsideFailure:
        with scoping.transaction_as(Scope.everything()):
            operations.ask_stock_again_soon(distributor_id=distributor_id, now=clock())
        raise
    with scoping.transaction_as(Scope.everything()):
        return operations.store_stock(distributor=distributor, asked=asked, offers=offers, now=clock())


def watch_promises(*, now: datetime) -> int:
    """Tells the dealer, once, of each order that is not shipped two hours before its 24 hours end (R22)."""
    told = 0
    for order_id in list(_at_risk(now).order_by("ships_by_at").values_list("id", flat=True)[:MOST_DUE]):
        order = order_operations.lock(order_id)
        news = order_types.News(now, order_queries.AT_RISK, {"ships_by_at": order.ships_by_at.isoformat()})
        order_operations.tell(order=order, moves=(), news=news)
        order_notices.problem(order, what="late", key=f"order-{order.pk}-late", now=now)
        told += 1
    return told


def _at_risk(now: datetime) -> QuerySet[Order]:
    told = OrderEvent.objects.filter(order=OuterRef("pk"), reason=order_queries.AT_RISK)
    found = Order.objects.filter(state__in=order_queries.NOT_SHIPPED, ships_by_at__lte=now + WARNED_BEFORE)
    return found.filter(~Exists(told))


def _record_failure(claim: t.Claim, failure: OutsideFailure, *, now: datetime) -> None:
    with scoping.transaction_as(Scope.everything()):
        order, row = _locked(claim)
        needs_a_person = operations.record_failure(row=row, claim=claim, failure=failure, now=now)
        if needs_a_person:
            order_notices.problem(order, what="failed", key=f"purchase-order-{row.pk}-failed", now=now)


def _record_never_received(claim: t.Claim, *, now: datetime) -> None:
    """It did not arrive after all: it may be sent, and is."""
    with scoping.transaction_as(Scope.everything()):
        row = _locked(claim)[1]
        operations.record_never_received(row=row, claim=claim, now=now)
        defer_request(row)


def _record_lost(claim: t.Claim, *, now: datetime) -> None:
    """The distributor does not know an order that it took: a person looks; we go on asking."""
    with scoping.transaction_as(Scope.everything()):
        order, row = _locked(claim)
        operations.record_heard(row=row, now=now, note="the distributor does not know this order any more")
        order_notices.problem(order, what="lost", key=f"purchase-order-{row.pk}-lost", now=now)


def _record_answer(claim: t.Claim, answer: t.Answer, *, now: datetime) -> None:
    with scoping.transaction_as(Scope.everything()):
        order, row = _locked(claim)
        shipping_news.record(order=order, row=row, answer=answer, now=now)


def _locked(claim: t.Claim) -> tuple[Order, PurchaseOrder]:
    """Order first, then its purchase order, always in this sequence."""
    order_id = PurchaseOrder.objects.values_list("order_id", flat=True).get(pk=claim.purchase_order_id)
    order = order_operations.lock(order_id)
    return order, operations.lock(claim.purchase_order_id)
