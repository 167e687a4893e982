"""A basket: one line for a person, printer and part; what changed since is said; ordered once, a site an order."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from econcierge.accounts import scoping
from econcierge.accounts.types import Actor, Scope
from econcierge.catalogue.models import Fit, Part, Price
from econcierge.core.errors import Invalid, NotAllowed, NotFound
from econcierge.fleet.models import Printer, Site
from econcierge.journeys import basket, check_out
from econcierge.orders.models import BasketLine, Order
from econcierge.orders.types import BasketStanding

pytestmark = pytest.mark.django_db
BLACK, BLACK_HIGH, CYAN, UNPRICED = "106R03512", "106R03524", "106R03522", "108R01121"


@pytest.fixture
def put(now: datetime) -> Callable[..., Actor]:
    """Puts a supply into somebody's basket; gives them as an actor, in whose scope the test goes on."""

    def put_in(shop: SimpleNamespace, *, by: Any = None, part: str = BLACK, quantity: int = 1, **more: Any) -> Actor:
        actor = (by or shop.cast.colleague).actor
        scoping.enter(actor.scope)
        printer = more.get("printer", shop.printer)
        wanted = [check_out.LineWanted(part, printer.pk, quantity)]
        basket.put(actor=actor, printer_id=printer.pk, lines=wanted, now=more.get("at", now))
        return actor

    return put_in


def order_all(actor: Actor, *, now: datetime, key: uuid.UUID | None = None, **changes: Any) -> basket.CheckedOut:
    asked = {
        "submission_key": key or uuid.uuid4(),
        "seen": basket.view(actor=actor, delivery="ground", now=now).totals,
        "delivery": "ground",
        "customer_reference": "",
        **changes,
    }
    return basket.order_all(actor=actor, now=now, **asked)


def second_site(shop: SimpleNamespace) -> Printer:
    scoping.enter(Scope.everything())
    site = Site.objects.create(
        customer=shop.cast.erable, slug="quebec", name="Québec", address_line_1="2, Grande Allée", city="Québec",
        region="QC", postal_code="G1R 2H1",
    )  # fmt: skip
    return Printer.objects.create(customer=shop.cast.erable, site=site, model=shop.model, label="Counter")


def test_the_same_supply_again_replaces_its_line(shop: SimpleNamespace, put: Callable[..., Actor]) -> None:
    put(shop, quantity=2)
    put(shop, quantity=3)
    assert list(BasketLine.objects.values_list("quantity", flat=True)) == [3]


def test_the_database_keeps_one_line_and_its_quantity(shop: SimpleNamespace, put: Callable[..., Actor]) -> None:
    put(shop)
    row = BasketLine.objects.get()
    for quantity in (0, 100):
        with pytest.raises(IntegrityError, match="basket_line_quantity"), transaction.atomic():
            BasketLine.objects.update(quantity=quantity)
    row.pk = None
    with pytest.raises(IntegrityError, match="basket_line_once"), transaction.atomic():
        row.save(force_insert=True)


def test_nobody_writes_into_another_company(shop: SimpleNamespace, put: Callable[..., Actor], now: datetime) -> None:
    put(shop)
    scoping.enter(shop.cast.neighbour.actor.scope)
    assert not BasketLine.objects.exists()
    line = BasketLine(
        customer=shop.cast.erable, user=shop.cast.neighbour.user, printer=shop.printer, part=shop.parts[BLACK],
        quantity=1, put_at=now, seen_price_minor=1,
    )  # fmt: skip
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        line.save()
    line.customer = shop.cast.bouleau
    line.save()
    with pytest.raises(IntegrityError, match="same_customer"), transaction.atomic():
        connection.check_constraints()
    transaction.set_rollback(True)


def test_each_person_has_a_basket_of_their_own(shop: SimpleNamespace, put: Callable[..., Actor], now: datetime) -> None:
    put(shop, by=shop.cast.owner)
    colleague = put(shop, part=CYAN)
    assert basket.view(actor=colleague, delivery="ground", now=now).count == 1
    others = BasketLine.objects.get(user=shop.cast.owner.user)
    for do in (basket.take_out, lambda **who: basket.change(quantity=2, **who)):
        with pytest.raises(NotFound):
            do(actor=colleague, line_id=others.pk)


def test_who_may_not_order_has_no_basket(shop: SimpleNamespace, now: datetime) -> None:
    viewer = shop.cast.viewer.actor
    scoping.enter(viewer.scope)
    wanted = [check_out.LineWanted(BLACK, shop.printer.pk, 1)]
    with pytest.raises(NotAllowed):
        basket.put(actor=viewer, printer_id=shop.printer.pk, lines=wanted, now=now)


@pytest.mark.parametrize(
    ("part", "quantity"), [(UNPRICED, 1), ("106R03536", 1), ("nothing", 1), (BLACK, 0), (BLACK, 100)]
)
def test_what_cannot_be_ordered_is_not_put_in(
    part: str, quantity: int, shop: SimpleNamespace, put: Callable[..., Actor]
) -> None:
    with pytest.raises(Invalid):
        put(shop, part=part, quantity=quantity)
    assert not BasketLine.objects.exists()


def test_all_of_it_is_one_order_and_leaves_the_basket(
    shop: SimpleNamespace, put: Callable[..., Actor], now: datetime
) -> None:
    put(shop, quantity=2)
    actor = put(shop, part=CYAN)
    seen = basket.view(actor=actor, delivery="ground", now=now)
    assert [parcel.quote.total for parcel in seen.parcels if parcel.quote] == [seen.total]
    placed = order_all(actor, now=now, customer_reference="PO-9")
    (order,) = placed.orders
    assert not placed.repeated
    assert (order.total_minor, order.customer_reference) == (seen.total.amount_minor, "PO-9")
    lines = order.lines.order_by("position").values_list("part__part_number", "quantity", "printer__label")
    assert list(lines) == [(BLACK, 2, "Reception"), (CYAN, 1, "Reception")]
    assert not BasketLine.objects.exists()


def test_the_same_submission_again_is_the_same_order(
    shop: SimpleNamespace, put: Callable[..., Actor], now: datetime
) -> None:
    actor, key = put(shop), uuid.uuid4()
    seen = basket.view(actor=actor, delivery="ground", now=now).totals
    first = order_all(actor, now=now, key=key, seen=seen)
    again = order_all(actor, now=now, key=key, seen=seen)
    assert again.repeated
    assert [one.pk for one in again.orders] == [one.pk for one in first.orders]
    assert Order.objects.count() == 1


def test_each_address_has_an_order_of_its_own(shop: SimpleNamespace, put: Callable[..., Actor], now: datetime) -> None:
    counter = second_site(shop)
    put(shop)
    actor = put(shop, printer=counter)
    placed = order_all(actor, now=now)
    assert sorted(order.site.name for order in placed.orders) == ["Main", "Québec"]
    assert len({order.number for order in placed.orders}) == 2


def test_parcels_share_the_credit_and_what_fits_is_ordered(
    shop: SimpleNamespace, put: Callable[..., Actor], now: datetime
) -> None:
    """1,000.00 of credit: four high capacities (about 1,287 with taxes) do not fit in two parcels of two."""
    counter = second_site(shop)
    put(shop, part=BLACK_HIGH, quantity=2)
    actor = put(shop, part=BLACK_HIGH, quantity=2, printer=counter)
    seen = basket.view(actor=actor, delivery="ground", now=now)
    assert [bool(parcel.why_not) for parcel in seen.parcels] == [False, True]
    placed = order_all(actor, now=now)
    assert [order.site.name for order in placed.orders] == ["Main"]
    assert [row.printer for row in BasketLine.objects.all()] == [counter]


def test_all_or_nothing(shop: SimpleNamespace, put: Callable[..., Actor], now: datetime) -> None:
    """The second order fails in the database's eyes: the first one is undone with it."""
    counter = second_site(shop)
    put(shop)
    actor = put(shop, printer=counter)
    with pytest.raises(Invalid):
        order_all(actor, now=now, customer_reference="x" * 61)
    assert not Order.objects.exists()
    assert BasketLine.objects.count() == 2


def test_another_price_is_shown_before_it_is_ordered(
    shop: SimpleNamespace, put: Callable[..., Actor], now: datetime
) -> None:
    actor = put(shop)
    seen = basket.view(actor=actor, delivery="ground", now=now).totals
    scoping.enter(Scope.everything())
    Price.objects.filter(part=shop.parts[BLACK]).update(unit_price_minor=17_000)
    scoping.enter(actor.scope)
    with pytest.raises(basket.BasketChanged):
        order_all(actor, now=now, seen=seen)
    assert not Order.objects.exists()
    (parcel,) = basket.view(actor=actor, delivery="ground", now=now).parcels
    (line,) = parcel.lines
    assert line.price
    assert line.price_was
    assert (line.price_was.amount_minor, line.price.amount_minor) == (16_495, 17_000)
    assert len(order_all(actor, now=now).orders) == 1


def _unsold(shop: SimpleNamespace) -> None:
    Part.objects.filter(part_number=CYAN).update(sold="contract")


def _unfit(shop: SimpleNamespace) -> None:
    Fit.objects.filter(part=shop.parts[CYAN]).delete()


def _unpriced(shop: SimpleNamespace) -> None:
    Price.objects.filter(part=shop.parts[CYAN]).update(valid_to=date(2026, 11, 1))


@pytest.mark.parametrize(
    ("happened", "standing"),
    [
        (_unsold, BasketStanding.NOT_SOLD),
        (_unfit, BasketStanding.DOES_NOT_FIT),
        (_unpriced, BasketStanding.NO_PRICE),
    ],
)
def test_what_can_no_longer_be_sold_stays_and_the_rest_goes(
    happened: Callable[[SimpleNamespace], None],
    standing: BasketStanding,
    shop: SimpleNamespace,
    put: Callable[..., Actor],
    now: datetime,
) -> None:
    """P33: one bad line does not stop the others."""
    put(shop)
    actor = put(shop, part=CYAN)
    scoping.enter(Scope.everything())
    happened(shop)
    scoping.enter(actor.scope)
    assert [line.standing for line in basket.view(actor=actor, delivery="ground", now=now).left_out] == [standing]
    (order,) = order_all(actor, now=now).orders
    assert [line.part.part_number for line in order.lines.all()] == [BLACK]
    assert [row.part.part_number for row in BasketLine.objects.all()] == [CYAN]


def test_what_somebody_else_ordered_since_is_not_bought_twice(
    shop: SimpleNamespace, put: Callable[..., Actor], order: Callable[..., Any], now: datetime
) -> None:
    """P31: also when they chose the other capacity; who wants it all the same says so."""
    actor = put(shop)
    seen = basket.view(actor=actor, delivery="ground", now=now).totals
    later = now + timedelta(hours=1)
    order(shop, by=shop.cast.owner, lines=(check_out.LineWanted(BLACK_HIGH, shop.printer.pk, 1),), now=later)
    scoping.enter(actor.scope)
    with pytest.raises(basket.BasketChanged):
        order_all(actor, now=later, seen=seen)
    (line,) = basket.view(actor=actor, delivery="ground", now=later).left_out
    assert line.standing is BasketStanding.ORDERED_SINCE
    assert line.ordered
    assert line.ordered.order.placed_by == shop.cast.owner.user
    basket.want_still(actor=actor, line_id=line.row.pk, now=later + timedelta(minutes=1))
    (parcel,) = basket.view(actor=actor, delivery="ground", now=later).parcels
    assert [one.order_number for one in parcel.lines[0].coming] == [line.ordered.order.number]
    assert len(order_all(actor, now=later + timedelta(minutes=1)).orders) == 1


def test_an_order_at_once_takes_its_line_out_of_the_basket(
    shop: SimpleNamespace, put: Callable[..., Actor], order: Callable[..., Any]
) -> None:
    put(shop, quantity=2)
    put(shop, part=CYAN, quantity=3)
    put(shop, by=shop.cast.owner)
    cyan = check_out.LineWanted(CYAN, shop.printer.pk, 1)
    order(shop, lines=(check_out.LineWanted(BLACK, shop.printer.pk, 2), cyan))
    left = BasketLine.objects.order_by("id").values_list("user__name", "part__part_number", "quantity")
    assert list(left) == [("Colleague", CYAN, 3), ("Owner", BLACK, 1)]


def test_an_empty_basket_orders_nothing(shop: SimpleNamespace, now: datetime) -> None:
    actor = shop.cast.colleague.actor
    scoping.enter(actor.scope)
    with pytest.raises(Invalid):
        order_all(actor, now=now)
