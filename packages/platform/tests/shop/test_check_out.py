"""From the right supply to a placed order: what is offered, what it comes to, and that it is placed once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Sum
from procrastinate.contrib.django.models import ProcrastinateJob

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.audit.models import Entry
from econcierge.core.errors import Invalid, NotAllowed, NotFound
from econcierge.core.money import Money
from econcierge.fleet.models import Printer
from econcierge.fulfilment.models import DealerDistributor, Distributor, PurchaseOrder, Stock
from econcierge.journeys import check_out
from econcierge.notifications.models import Delivery
from econcierge.orders import queries as orders
from econcierge.orders.models import Order, OrderEvent
from econcierge.payments.models import LedgerEntry, LedgerTransaction
from econcierge.supplies.models import Cartridge, LevelChange, Slot

BLACK, BLACK_HIGH, CYAN, UNPRICED, CONTRACT = "106R03512", "106R03524", "106R03522", "108R01121", "106R03536"
MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)
Place = Callable[..., check_out.Placed]


@pytest.fixture
def slot(shop: SimpleNamespace, now: datetime) -> Slot:
    """Black toner that fell from 90 % to 30 % in twenty days; the present cartridge holds 5000 pages."""
    then = now - timedelta(days=20)
    slot = Slot.objects.create(
        customer=shop.cast.erable, printer=shop.printer, index="1.1", kind="toner", colour="black",
        supply_class="consumed", state="measured", percent=30, read_at=now, changed_at=now, measured_at=now,
    )  # fmt: skip
    slot.cartridge = Cartridge.objects.create(
        customer=shop.cast.erable, slot=slot, sequence=1, part_number=BLACK, installed_at=then, evidence="first"
    )
    slot.save()
    for at, percent in ((then, 90), (now - timedelta(days=10), 60), (now, 30)):
        LevelChange.objects.create(
            customer=shop.cast.erable, slot=slot, at=at, state="measured", percent=percent, cartridge=slot.cartridge
        )
    return slot


def _choices(shop: SimpleNamespace, slot: Slot, now: datetime, person: Any = None) -> check_out.SupplyChoice:
    actor = (person or shop.cast.colleague).actor
    scoping.enter(actor.scope)
    return check_out.choices(actor=actor, printer_id=shop.printer.pk, slot_id=slot.pk, now=now)


def test_both_capacities_stand_side_by_side(shop: SimpleNamespace, slot: Slot, now: datetime) -> None:
    small, large = _choices(shop, slot, now).options
    assert (small.part_number, large.part_number) == (BLACK, BLACK_HIGH)
    assert (small.unit_price, large.unit_price) == (Money(16495), Money(27995))
    assert (small.price_per_page, large.price_per_page) == (Decimal("3.3"), Decimal("2.67"))
    assert (small.best_per_page, large.best_per_page) == (False, True)
    assert (small.stock_quantity, small.ships_by_at) == (20, now + timedelta(hours=24))
    # Ordered on Monday, shipped on Tuesday, three business days by ground.
    assert (small.arrives_on_ground, small.arrives_on_express) == (date(2026, 11, 27), date(2026, 11, 25))


def test_how_long_a_supply_lasts_is_said_from_the_printers_own_use(
    shop: SimpleNamespace, slot: Slot, now: datetime
) -> None:
    assert [option.lasts_days for option in _choices(shop, slot, now).options] == [33, 70]
    LevelChange.objects.filter(at__lt=now - timedelta(days=13)).delete()
    scoping.enter(Scope.everything())
    Cartridge.objects.update(installed_at=now - timedelta(days=12))
    assert [option.lasts_days for option in _choices(shop, slot, now).options] == [None, None]


def test_without_a_price_it_is_shown_and_cannot_be_ordered(
    shop: SimpleNamespace, slot: Slot, now: datetime, order: Place
) -> None:
    Slot.objects.update(colour="cyan")
    options = {option.part_number: option for option in _choices(shop, slot, now).options}
    assert options[UNPRICED].unit_price is None
    assert options[UNPRICED].price_per_page is None
    with pytest.raises(check_out.Refused) as refused:
        order(shop, lines=[check_out.LineWanted(UNPRICED, shop.printer.pk, 1)])
    assert refused.value.code == "no_price"
    assert "Ask your dealer" in str(refused.value)


def test_a_slot_without_a_colour_takes_that_of_its_cartridge(shop: SimpleNamespace, slot: Slot, now: datetime) -> None:
    Slot.objects.update(colour="")
    assert [option.part_number for option in _choices(shop, slot, now).options] == [BLACK, BLACK_HIGH]


def test_out_of_stock_has_no_date(shop: SimpleNamespace, slot: Slot, now: datetime) -> None:
    Stock.objects.filter(part=shop.parts[BLACK]).update(quantity=0)
    small, _large = _choices(shop, slot, now).options
    assert (small.stock_quantity, small.arrives_on_ground, small.arrives_on_express) == (0, None, None)


def test_choices_cost_a_fixed_number_of_questions(
    shop: SimpleNamespace, slot: Slot, now: datetime, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        _choices(shop, slot, now)


def test_a_slot_of_another_printer_is_not_found(shop: SimpleNamespace, slot: Slot, now: datetime) -> None:
    other = Printer.objects.create(customer=shop.cast.erable, site=shop.site, label="Other")
    with pytest.raises(NotFound):
        check_out.choices(actor=shop.cast.colleague.actor, printer_id=other.pk, slot_id=slot.pk, now=now)


def _quote(shop: SimpleNamespace, *lines: check_out.LineWanted, person: Any = None, **changes: Any) -> check_out.Quote:
    actor = (person or shop.cast.colleague).actor
    scoping.enter(actor.scope)
    wanted = lines or (check_out.LineWanted(BLACK, shop.printer.pk, 2),)
    asked = {"site_id": shop.site.pk, "delivery": "ground", "now": MONDAY, **changes}
    return check_out.quote(actor=actor, lines=wanted, **asked)


def test_a_quote_has_both_taxes_of_quebec_and_the_credit_left(shop: SimpleNamespace) -> None:
    quote = _quote(shop, delivery="express")
    assert (quote.goods, quote.shipping) == (Money(32990), Money(2495))
    assert [(tax.code, tax.amount_minor) for tax in quote.taxes] == [("GST", 1774), ("QST", 3540)]
    assert quote.total == Money(40799)
    assert (quote.on_account, quote.credit_left, quote.refusal) == (True, Money(100_000), "")
    assert quote.expected_on == date(2026, 11, 25)
    assert [option.kind for option in quote.delivery_options] == ["ground", "express"]


def test_a_quote_changes_nothing(shop: SimpleNamespace) -> None:
    _quote(shop)
    assert not Order.objects.exists()
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        (lambda shop: shop.agreement.delete(), "no_agreement"),
        (lambda shop: type(shop.agreement).objects.update(ended_on=date(2026, 11, 23)), "no_agreement"),
        (lambda shop: type(shop.agreement).objects.update(agreed_on=date(2026, 11, 24)), "no_agreement"),
        (lambda shop: type(shop.agreement).objects.update(credit_limit_minor=37_930), "credit_limit"),
        (lambda shop: DealerDistributor.objects.all().delete(), "no_distributor"),
    ],
)
def test_a_refusal_is_said_in_a_quote_and_stops_an_order(
    shop: SimpleNamespace, order: Place, spoil: Callable[[Any], object], refusal: str
) -> None:
    spoil(shop)
    assert _quote(shop).refusal == refusal
    assert str(_quote(shop).refusal_sentence)
    with pytest.raises(check_out.Refused) as refused:
        order(shop)
    assert refused.value.code == refusal
    assert not Order.objects.exists()


def test_the_credit_limit_may_be_reached_to_the_cent(shop: SimpleNamespace, order: Place) -> None:
    scoping.enter(Scope.everything())
    type(shop.agreement).objects.update(credit_limit_minor=37_931)
    assert order(shop).order.total_minor == 37_931
    assert _quote(shop).credit_left == Money(0)
    with pytest.raises(check_out.Refused):
        order(shop)


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ([], "lines"),
        ([check_out.LineWanted("999X", None, 1)], "lines"),
        ([check_out.LineWanted(CONTRACT, None, 1)], "lines"),
        ([check_out.LineWanted(BLACK, None, 0)], "quantity"),
        ([check_out.LineWanted(BLACK, None, 60), check_out.LineWanted(BLACK, None, 60)], "quantity"),
    ],
)
def test_what_cannot_be_asked_names_its_field(
    shop: SimpleNamespace, lines: list[check_out.LineWanted], field: str
) -> None:
    colleague = shop.cast.colleague.actor
    scoping.enter(colleague.scope)
    with pytest.raises(Invalid) as refused:
        check_out.quote(actor=colleague, site_id=shop.site.pk, lines=lines, delivery="ground", now=MONDAY)
    assert refused.value.fields == (field,)


def test_a_part_that_does_not_fit_cannot_be_ordered(shop: SimpleNamespace) -> None:
    stranger = Printer.objects.create(customer=shop.cast.erable, site=shop.site, label="Unknown model")
    with pytest.raises(Invalid, match="does not fit"):
        _quote(shop, check_out.LineWanted(BLACK, stranger.pk, 1))
    scoping.enter(Scope.everything())
    shop.parts[BLACK].fits.all().delete()
    with pytest.raises(Invalid, match="does not fit"):
        _quote(shop, check_out.LineWanted(BLACK, None, 1))


def test_an_unknown_delivery_and_a_long_reference_are_named(shop: SimpleNamespace, order: Place) -> None:
    with pytest.raises(Invalid) as delivery:
        _quote(shop, delivery="pigeon")
    with pytest.raises(Invalid) as reference:
        order(shop, customer_reference="x" * 61)
    assert (delivery.value.fields, reference.value.fields) == (("delivery",), ("customer_reference",))


def test_an_order_exists_with_all_that_belongs_to_it(shop: SimpleNamespace, order: Place, now: datetime) -> None:
    placed = order(shop, customer_reference=" PO 4711 ")
    made = orders.order(shop.cast.colleague.actor.scope, order_id=placed.order.pk)
    assert (made.number, made.state, made.customer_reference) == ("PP-2026-00001", "placed", "PO 4711")
    assert (made.placed_by_id, made.ships_by_at) == (shop.cast.colleague.user.pk, now + timedelta(hours=24))
    assert made.ship_to["postal_code"] == "H2X 1Y4"
    assert [(line.part.part_number, line.quantity, line.state) for line in made.lines.all()] == [(BLACK, 2, "placed")]
    purchase_order = PurchaseOrder.objects.get()
    assert (purchase_order.state, purchase_order.account_number) == ("ready", "A-1")
    assert purchase_order.number.startswith("PP-2026-00001-")
    assert dict(ProcrastinateJob.objects.values_list("task_name", "args")) == {
        "fulfilment.send": {"purchase_order_id": purchase_order.pk},
        "notifications.send": {},
        "coverage.decide": {"printer_ids": [shop.printer.pk]},
    }
    scoping.enter(Scope.everything())
    message = Delivery.objects.get(kind="order_confirmed")
    assert (message.user_id, message.context["total_minor"]) == (shop.cast.colleague.user.pk, 37931)
    assert message.context["lines"][0]["printer"] == "Reception"
    assert Entry.objects.get(action="order.placed").actor_id == shop.cast.colleague.user.pk


def test_the_books_balance_and_say_what_is_owed(shop: SimpleNamespace, order: Place) -> None:
    order(shop, delivery="express")
    entries = dict(LedgerEntry.objects.values_list("account", "amount_minor"))
    assert entries == {
        "receivable": 40799, "sales": -32990, "shipping": -2495, "tax:GST": -1774, "tax:QST": -3540,
    }  # fmt: skip
    assert LedgerEntry.objects.aggregate(sum=Sum("amount_minor"))["sum"] == 0


def test_the_same_submission_is_one_order(shop: SimpleNamespace, order: Place) -> None:
    key = uuid.uuid4()
    first, again = order(shop, submission_key=key), order(shop, submission_key=key)
    assert (first.repeated, again.repeated) == (False, True)
    assert first.order.pk == again.order.pk
    assert Order.objects.count() == LedgerTransaction.objects.count() == PurchaseOrder.objects.count() == 1


def test_numbers_go_on_within_a_dealer(shop: SimpleNamespace, order: Place) -> None:
    assert [order(shop).order.number for _ in range(2)] == ["PP-2026-00001", "PP-2026-00002"]


def test_an_order_that_fails_leaves_nothing(
    shop: SimpleNamespace, order: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import transaction

    def broken(**_: object) -> None:
        raise RuntimeError("the power went out")

    monkeypatch.setattr("econcierge.journeys.order_notices.notifications.notify", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        order(shop)
    assert not Order.objects.exists()
    assert not LedgerEntry.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_the_same_part_for_one_printer_is_one_line(shop: SimpleNamespace) -> None:
    line = check_out.LineWanted(BLACK, shop.printer.pk, 1)
    assert [q.quantity for q in _quote(shop, line, line).lines] == [2]


def test_the_preferred_distributor_ships_what_it_holds_and_another_the_rest(
    shop: SimpleNamespace, order: Place, now: datetime
) -> None:
    second = Distributor.objects.create(
        slug="atlantique", name="Atlantique", kind="sandbox", base_url="http://127.0.0.1:9", secret_variable="X"
    )
    DealerDistributor.objects.create(dealer=shop.cast.dealer, distributor=second, account_number="B-2", preference=2)
    Stock.objects.filter(part=shop.parts[CYAN]).update(quantity=0)
    Stock.objects.create(distributor=second, part=shop.parts[CYAN], quantity=5, as_of=now)
    order(
        shop,
        lines=[check_out.LineWanted(BLACK, shop.printer.pk, 1), check_out.LineWanted(CYAN, shop.printer.pk, 1)],
    )
    made = PurchaseOrder.objects.order_by("id").values_list("distributor__slug", "lines__order_line__part__part_number")
    assert list(made) == [("laurentien", BLACK), ("atlantique", CYAN)]


@pytest.mark.parametrize(
    ("person", "outcome"),
    [
        ("owner", None),
        ("colleague", None),
        ("seller", None),
        ("viewer", NotAllowed),
        ("operator", NotAllowed),
        ("neighbour", NotFound),
        ("stranger", NotFound),
        ("rival", NotFound),
        ("technician", NotFound),
    ],
)
def test_who_may_order(shop: SimpleNamespace, order: Place, person: str, outcome: type[Exception] | None) -> None:
    by = getattr(shop.cast, person)
    if outcome is None:
        assert order(shop, by=by).order.customer_id == shop.cast.erable.pk
        return
    with pytest.raises(outcome):
        order(shop, by=by)
    with pytest.raises(outcome):
        _quote(shop, person=by)
    scoping.enter(Scope.everything())
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("person", "sees"),
    [("owner", True), ("viewer", True), ("seller", True), ("operator", True), ("neighbour", False),
     ("stranger", False), ("rival", False), ("technician", False)],
)  # fmt: skip
def test_who_may_see_an_order(shop: SimpleNamespace, order: Place, person: str, sees: bool) -> None:
    made = order(shop).order
    scope = getattr(shop.cast, person).actor.scope
    scoping.enter(scope)
    assert orders.orders(scope).filter(pk=made.pk).exists() is sees
    assert OrderEvent.objects.exists() is sees
    if not sees:
        with pytest.raises(NotFound):
            orders.order(scope, order_id=made.pk)


def test_a_dealer_who_orders_for_a_customer_tells_its_buyers(shop: SimpleNamespace, order: Place) -> None:
    order(shop, by=shop.cast.seller)
    scoping.enter(Scope.everything())
    told = set(Delivery.objects.filter(kind="order_confirmed").values_list("user__email", flat=True))
    assert told == {"owner@example.test", "colleague@example.test"}


def test_the_timeline_says_what_is_promised_next(shop: SimpleNamespace, order: Place, now: datetime) -> None:
    steps = orders.timeline(order(shop).order)
    assert [(step.what, step.at) for step in steps] == [("placed", now), ("shipped", None), ("delivered", None)]
    assert steps[1].promised_at == now + timedelta(hours=24)
    assert steps[2].promised_at == date(2026, 11, 27)


def test_orders_are_listed_in_a_fixed_number_of_questions(
    shop: SimpleNamespace, order: Place, django_assert_num_queries: Any
) -> None:
    for _ in range(2):
        order(shop)
    with django_assert_num_queries(4):
        listed = list(orders.orders(shop.cast.owner.actor.scope, printer_id=shop.printer.pk))
        assert [line.part.part_number for o in listed for line in o.lines.all()] == [BLACK, BLACK]


def test_placing_an_order_costs_a_bounded_number_of_questions(
    shop: SimpleNamespace, order: Place, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(60):
        order(shop)
