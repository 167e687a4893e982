"""From a placed order to its delivery over real HTTP: whatever the distributor does, nothing is lost or done twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Sum
from procrastinate.contrib.django.models import ProcrastinateJob

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.core.errors import Conflict, NotAllowed, NotFound
from econcierge.fulfilment.models import Distributor, PurchaseOrder, Shipment, ShipmentLine, Stock
from econcierge.journeys import check_out, ship
from econcierge.notifications.models import Delivery
from econcierge.orders import queries as orders
from econcierge.orders.models import Order, OrderEvent
from econcierge.payments.models import LedgerEntry

BLACK, BLACK_HIGH, CYAN = "106R03512", "106R03524", "106R03522"
Place = Callable[..., check_out.Placed]


@pytest.fixture
def sent(live_shop: SimpleNamespace, order: Place, clock: Any) -> Callable[..., PurchaseOrder]:
    """Places an order and sends it once, whatever comes of it."""

    def place_and_send(**changes: Any) -> PurchaseOrder:
        order(live_shop, now=clock.now, **changes)
        row = PurchaseOrder.objects.latest("id")
        ship.send(purchase_order_id=row.pk, clock=clock)
        return _again(row)

    return place_and_send


def _again(row: PurchaseOrder) -> PurchaseOrder:
    scoping.enter(Scope.everything())
    return PurchaseOrder.objects.select_related("order").get(pk=row.pk)


def _next(row: PurchaseOrder, clock: Any) -> PurchaseOrder:
    """The next request, at the moment that it is due."""
    row = _again(row)
    assert row.next_attempt_at is not None
    clock.now = max(clock.now, row.next_attempt_at)
    step = ship.send if row.state in ("ready", "sending", "unknown") else ship.follow
    step(purchase_order_id=row.pk, clock=clock)
    return _again(row)


def _until(row: PurchaseOrder, state: str, clock: Any) -> PurchaseOrder:
    for _ in range(100):
        row = _again(row)
        if row.state == state:
            return row
        clock.forward(hours=2)
        row = _next(row, clock)
    raise AssertionError(f"never came to {state}, is {row.state}: {row.last_error}")


def _told(kind: str) -> list[dict[str, Any]]:
    scoping.enter(Scope.everything())
    return [message.context for message in Delivery.objects.filter(kind=kind).order_by("id")]


def test_an_order_goes_from_placed_to_delivered(
    sent: Callable[..., PurchaseOrder], distributor: Any, clock: Any, live_shop: SimpleNamespace
) -> None:
    row = sent()
    assert (row.state, row.their_number) == ("sent", "D-100001")
    assert [po["number"] for po in distributor.received()] == [row.number]
    row = _until(row, "acknowledged", clock)
    assert row.order.state == "accepted"
    row = _until(row, "shipped", clock)
    assert row.order.state == "shipped"
    (parcel,) = _told("order_shipped")
    assert parcel["number"] == row.order.number
    assert parcel["tracking_url"].startswith("https://track.example/")
    assert parcel["lines"] == [
        {"part_number": BLACK, "kind": "toner", "colour": "black", "quantity": 2, "printer": "Reception"}
    ]
    assert parcel["partial"] is False
    row = _until(row, "delivered", clock)
    assert (row.order.state, row.next_attempt_at, row.leased_until) == ("delivered", None, None)
    assert row.closed_at is not None
    (line,) = row.order.lines.all()
    assert (line.state, line.quantity_shipped, line.quantity_delivered) == ("delivered", 2, 2)
    assert line.delivered_on is not None
    assert len(ShipmentLine.objects.get().serials) == 2
    assert len(_told("order_delivered")) == 1
    steps = [step.what for step in orders.timeline(row.order)]
    assert steps == ["placed", "accepted", "shipped", "delivered"]
    moments = [step.at for step in orders.timeline(row.order)]
    assert moments == sorted(moments)
    decided = ProcrastinateJob.objects.filter(task_name="coverage.decide").values_list("args", flat=True)
    assert list(decided) == [{"printer_ids": [live_shop.printer.pk]}] * 2


def test_the_ship_to_of_the_order_is_what_the_distributor_gets(sent: Callable[..., Any], distributor: Any) -> None:
    sent()
    (received,) = distributor.received()
    assert received["ship_to"] == {
        "name": "Érable inc.", "address_line_1": "1, rue Principale", "address_line_2": "", "city": "Montréal",
        "region": "QC", "postal_code": "H2X 1Y4", "country": "CA", "contact": "Front desk",
    }  # fmt: skip


def test_asking_again_changes_nothing(sent: Callable[..., PurchaseOrder], clock: Any) -> None:
    row = _until(sent(), "shipped", clock)
    before = (OrderEvent.objects.count(), Shipment.objects.count(), Delivery.objects.count())
    for _ in range(3):
        row = _next(row, clock)
        if row.state != "shipped":
            break
        assert (OrderEvent.objects.count(), Shipment.objects.count(), Delivery.objects.count()) == before


def test_parts_of_an_order_arrive_one_after_the_other(
    sent: Callable[..., PurchaseOrder], clock: Any, live_shop: Any
) -> None:
    wanted = (check_out.LineWanted(BLACK, live_shop.printer.pk, 3),)
    row = _until(sent(lines=wanted), "partially_shipped", clock)
    assert row.order.state == "partially_shipped"
    row = _until(row, "delivered", clock)
    assert sorted(ShipmentLine.objects.values_list("quantity", flat=True)) == [1, 2]
    shipped, delivered = _told("order_shipped"), _told("order_delivered")
    assert [parcel["partial"] for parcel in shipped] == [True, False]
    assert len(delivered) == 2
    states = [step.state for step in orders.timeline(row.order)]
    assert states[:3] == ["placed", "accepted", "partially_shipped"]
    assert sorted(states[3:]) == ["delivered", "delivered", "shipped"]
    assert row.order.lines.get().quantity_delivered == 3


def test_a_story_heard_only_at_its_end_is_told_in_full(sent: Callable[..., PurchaseOrder], clock: Any) -> None:
    row = sent()
    clock.forward(days=10)
    row = _next(row, clock)
    assert row.state == "delivered"
    assert [step.what for step in orders.timeline(row.order)] == ["placed", "accepted", "shipped", "delivered"]
    assert (len(_told("order_shipped")), len(_told("order_delivered"))) == (1, 1)


def test_a_distributor_that_cannot_be_reached_gets_the_order_later(
    sent: Callable[..., PurchaseOrder], distributor: Any, clock: Any
) -> None:
    distributor.stop()
    row = sent()
    assert row.state == "ready"
    assert "cannot be reached" in row.last_error
    row = _next(row, clock)
    assert (row.state, row.attempts) == ("ready", 2)
    distributor.start()
    row = _next(row, clock)
    assert (row.state, row.attempts, row.last_error) == ("sent", 0, "")
    assert len(distributor.received()) == 1


@pytest.mark.parametrize("fault", ["down", "nonsense"])
def test_an_answer_that_says_nothing_leaves_the_outcome_open_until_it_is_known(
    sent: Callable[..., PurchaseOrder], distributor: Any, clock: Any, fault: str
) -> None:
    distributor.fault(fault)
    row = sent()
    assert row.state == "unknown"
    assert row.last_error
    row = _next(row, clock)
    assert row.state == "unknown"
    distributor.fault("none")
    row = _next(row, clock)
    assert row.state == "ready"  # it is known never to have arrived
    assert distributor.received() == []
    row = _next(row, clock)
    assert row.state == "sent"
    assert len(distributor.received()) == 1


def test_an_order_taken_without_an_answer_is_asked_about_and_never_sent_again(
    sent: Callable[..., PurchaseOrder], distributor: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("econcierge.fulfilment.distributors.sandbox.ANSWER_TIMEOUT_S", 0.3)
    distributor.fault("accept_then_timeout", seconds=1.5, count=1)
    row = sent()
    assert row.state == "unknown"
    assert "did not answer" in row.last_error
    puts: list[Any] = []
    monkeypatch.setattr("econcierge.fulfilment.distributors.sandbox.send", lambda *a: puts.append(a))
    row = _next(row, clock)
    assert (row.state, row.their_number, puts) == ("sent", "D-100001", [])
    assert len(distributor.received()) == 1


def test_a_worker_that_died_while_sending_is_followed_by_a_question(
    live_shop: SimpleNamespace, order: Place, distributor: Any, clock: Any
) -> None:
    from econcierge.fulfilment import operations

    order(live_shop)
    row = PurchaseOrder.objects.get()
    scoping.enter(Scope.everything())
    dead = operations.claim(purchase_order_id=row.pk, states=operations.SEND_STATES, now=clock.now)
    assert dead is not None
    ship.send(purchase_order_id=row.pk, clock=clock)
    assert _again(row).state == "sending"  # leased: nobody else touches it
    clock.forward(minutes=16)
    ship.send(purchase_order_id=row.pk, clock=clock)
    assert _again(row).state == "ready"
    assert _next(row, clock).state == "sent"
    assert len(distributor.received()) == 1


def test_a_result_that_comes_after_its_lease_does_not_undo_a_newer_one(
    live_shop: SimpleNamespace, order: Place, distributor: Any, clock: Any
) -> None:
    from econcierge.core.errors import OutsideFailure
    from econcierge.fulfilment import operations

    order(live_shop)
    row = PurchaseOrder.objects.get()
    scoping.enter(Scope.everything())
    late = operations.claim(purchase_order_id=row.pk, states=operations.SEND_STATES, now=clock.now)
    clock.forward(minutes=16)
    ship.send(purchase_order_id=row.pk, clock=clock)
    assert _next(row, clock).state == "sent"
    failure = OutsideFailure("late", permanent=True)
    assert operations.record_failure(row=_again(row), claim=late, failure=failure, now=clock.now) is False
    assert _again(row).state == "sent"


def test_a_wrong_secret_is_tried_again_and_a_bad_order_is_not(
    sent: Callable[..., PurchaseOrder], distributor: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_DISTRIBUTOR_SECRET", "wrong")
    row = sent()
    assert row.state == "ready"
    assert "401" in row.last_error
    monkeypatch.delenv("SHOP_DISTRIBUTOR_SECRET")
    assert "is not set" in _next(row, clock).last_error
    monkeypatch.setenv("SHOP_DISTRIBUTOR_SECRET", "between-us")
    Order.objects.update(ship_to={"name": "", "city": "", "postal_code": "", "country": "", "address_line_1": ""})
    row = _next(row, clock)
    assert (row.state, row.next_attempt_at) == ("failed", None)
    assert "422" in row.last_error
    assert [message["what"] for message in _told("order_problem")] == ["failed"]


@pytest.mark.parametrize(
    ("person", "outcome"),
    [("seller", None), ("owner", NotAllowed), ("operator", NotAllowed), ("neighbour", NotFound), ("rival", NotFound)],
)
def test_only_the_dealer_sends_a_failed_order_again(
    live_shop: SimpleNamespace,
    order: Place,
    distributor: Any,
    clock: Any,
    person: str,
    outcome: type[Exception] | None,
) -> None:
    order(live_shop)
    scoping.enter(Scope.everything())
    PurchaseOrder.objects.update(state="failed", next_attempt_at=None)
    row = PurchaseOrder.objects.get()
    actor = getattr(live_shop.cast, person).actor
    scoping.enter(actor.scope)
    if outcome is not None:
        with pytest.raises(outcome):
            ship.send_again(actor=actor, purchase_order_id=row.pk, now=clock.now)
        return
    ship.send_again(actor=actor, purchase_order_id=row.pk, now=clock.now)
    with pytest.raises(Conflict):
        ship.send_again(actor=actor, purchase_order_id=row.pk, now=clock.now)
    assert _next(row, clock).state == "sent"
    assert len(distributor.received()) == 1


def test_the_jobs_do_what_the_journeys_say(
    live_shop: SimpleNamespace, order: Place, distributor: Any, monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    from econcierge.core import clock as platform_clock
    from econcierge.interfaces.jobs import fulfilment, schedule
    from econcierge.interfaces.jobs import orders as order_jobs

    monkeypatch.setattr(platform_clock, "_clock", lambda: clock)
    order(live_shop, now=clock.now)
    row = PurchaseOrder.objects.get()
    fulfilment.send(purchase_order_id=row.pk)
    assert _again(row).state == "sent"
    clock.forward(days=10)
    fulfilment.follow(purchase_order_id=row.pk)
    assert _again(row).state == "delivered"
    distributor.fault("down")
    fulfilment.refresh_stock(distributor_id=live_shop.distributor.pk)  # an expected failure is none of the job's
    order_jobs.watch_promises()
    assert ship.defer_due in schedule.DUE


def test_other_content_under_the_same_number_is_never_hidden(
    sent: Callable[..., PurchaseOrder], live_shop: SimpleNamespace, clock: Any
) -> None:
    row = sent()
    PurchaseOrder.objects.update(state="ready", account_number="CHANGED", next_attempt_at=clock.now)
    row = _next(row, clock)
    assert row.state == "failed"
    assert "409" in row.last_error


def test_a_refused_order_is_not_owed_and_the_dealer_hears_of_it(
    sent: Callable[..., PurchaseOrder], distributor: Any, clock: Any, live_shop: SimpleNamespace
) -> None:
    distributor.fault("refuse", count=1)
    row = sent(delivery="express")
    assert (row.state, row.order.state) == ("refused", "refused")
    assert row.closed_at is not None
    assert dict(LedgerEntry.objects.values_list("account").annotate(Sum("amount_minor"))) == {
        "receivable": 0, "sales": 0, "shipping": 0, "tax:GST": 0, "tax:QST": 0,
    }  # fmt: skip
    (problem,) = _told("order_problem")
    assert (problem["what"], problem["customer"]) == ("refused", "Érable inc.")
    assert {m.user.email for m in Delivery.objects.filter(kind="order_problem")} == {"seller@example.test"}
    assert ProcrastinateJob.objects.filter(task_name="coverage.decide").count() == 2


def test_what_a_distributor_does_not_sell_is_refused_and_the_rest_goes_on(
    sent: Callable[..., PurchaseOrder], live_shop: SimpleNamespace, clock: Any
) -> None:
    live_shop.parts[CYAN].part_number = "999X00001"
    live_shop.parts[CYAN].save()
    wanted = (
        check_out.LineWanted(BLACK, live_shop.printer.pk, 1),
        check_out.LineWanted("999X00001", live_shop.printer.pk, 1),
    )
    row = _until(sent(lines=wanted), "delivered", clock)
    assert [line.state for line in row.order.lines.order_by("position")] == ["delivered", "refused"]
    assert row.order.state == "delivered"
    owed = LedgerEntry.objects.filter(account="receivable").aggregate(sum=Sum("amount_minor"))["sum"]
    # 164.95 with 8.25 GST and 16.45 QST.
    assert owed == 16495 + 825 + 1645
    assert LedgerEntry.objects.aggregate(sum=Sum("amount_minor"))["sum"] == 0


def test_an_order_cancelled_by_the_distributor_is_cancelled_here(
    sent: Callable[..., PurchaseOrder], distributor: Any, clock: Any
) -> None:
    row = sent()
    distributor.cancel(row.number)
    row = _until(row, "cancelled", clock)
    assert row.order.state == "cancelled"
    assert [step.what for step in orders.timeline(row.order)][-1] == "cancelled"
    assert LedgerEntry.objects.filter(account="receivable").aggregate(sum=Sum("amount_minor"))["sum"] == 0


def test_faults_while_following_lose_nothing(sent: Callable[..., PurchaseOrder], distributor: Any, clock: Any) -> None:
    row = _until(sent(), "acknowledged", clock)
    distributor.fault("nonsense", count=2)
    for _ in range(2):
        row = _next(row, clock)
        assert row.state == "acknowledged"
        assert "makes no sense" in row.last_error
    row = _until(row, "delivered", clock)
    assert Shipment.objects.count() == 1


def test_an_order_that_the_distributor_lost_is_told_once_and_asked_about_again(
    sent: Callable[..., PurchaseOrder], live_shop: SimpleNamespace, clock: Any
) -> None:
    row = sent()
    PurchaseOrder.objects.update(number="PP-2026-99999-1-1")
    for _ in range(2):
        row = _next(row, clock)
        assert row.state == "sent"
    assert [message["what"] for message in _told("order_problem")] == ["lost"]


def test_due_requests_are_asked_for_once(
    live_shop: SimpleNamespace, order: Place, clock: Any, django_assert_max_num_queries: Any
) -> None:
    order(live_shop)
    order(live_shop)
    scoping.enter(Scope.everything())
    Distributor.objects.update(stock_asked_at=clock.now)
    with django_assert_max_num_queries(12):
        ship.defer_due(clock.now)
    ship.defer_due(clock.now)
    jobs = ProcrastinateJob.objects.filter(task_name="fulfilment.send")
    assert jobs.count() == 2
    assert {job.lock for job in jobs} == {f"purchase-order-{row.pk}" for row in PurchaseOrder.objects.all()}


def test_the_dealer_is_told_once_before_the_promise_is_broken(
    live_shop: SimpleNamespace, order: Place, clock: Any
) -> None:
    made = order(live_shop, now=clock.now).order
    scoping.enter(Scope.everything())
    ship.defer_due(clock.forward(hours=21, minutes=59))
    assert not ProcrastinateJob.objects.filter(task_name="orders.watch_promises").exists()
    ship.defer_due(clock.forward(minutes=1))
    assert ProcrastinateJob.objects.filter(task_name="orders.watch_promises").count() == 1
    assert ship.watch_promises(now=clock.now) == 1
    assert ship.watch_promises(now=clock.forward(hours=5)) == 0
    assert [(m["what"], m["number"]) for m in _told("order_problem")] == [("late", made.number)]
    assert [step.what for step in orders.timeline(made)] == ["placed", "shipped", "delivered"]


def test_a_shipped_order_is_no_worry(sent: Callable[..., PurchaseOrder], clock: Any) -> None:
    _until(sent(), "shipped", clock)
    assert ship.watch_promises(now=clock.forward(days=3)) == 0


def test_stock_is_asked_for_every_hour_of_what_can_be_ordered(
    live_shop: SimpleNamespace, distributor: Any, clock: Any, django_assert_max_num_queries: Any
) -> None:
    Stock.objects.all().delete()
    ship.defer_due(clock.now)
    ship.defer_due(clock.now)
    jobs = ProcrastinateJob.objects.filter(task_name="fulfilment.refresh_stock")
    assert list(jobs.values_list("args", flat=True)) == [{"distributor_id": live_shop.distributor.pk}]
    with django_assert_max_num_queries(10):
        asked = ship.refresh_stock(distributor_id=live_shop.distributor.pk, clock=clock)
    assert asked == 4  # the contract number is never asked about
    held = dict(Stock.objects.values_list("part__part_number", "quantity"))
    assert held[BLACK] == 60
    assert set(Stock.objects.values_list("as_of", flat=True)) == {clock.now}


def test_stock_that_could_not_be_asked_is_asked_again_soon(
    live_shop: SimpleNamespace, distributor: Any, clock: Any
) -> None:
    from econcierge.core.errors import OutsideFailure

    distributor.fault("down")
    ship.defer_due(clock.now)
    with pytest.raises(OutsideFailure):
        ship.refresh_stock(distributor_id=live_shop.distributor.pk, clock=clock)
    assert Stock.objects.filter(quantity=20).count() == 3
    scoping.enter(Scope.everything())
    later = clock.now + timedelta(minutes=10)
    assert Distributor.objects.get().stock_asked_at == later - timedelta(hours=1)
