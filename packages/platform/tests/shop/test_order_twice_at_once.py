"""Two connections at the same moment: a double click is one order, and numbers and credit hold."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from econcierge.accounts import operations as accounts
from econcierge.accounts import scoping
from econcierge.accounts.models import Dealer, Membership
from econcierge.accounts.types import Role, Scope
from econcierge.catalogue.models import Fit, Part, Price, PrinterModel
from econcierge.core.errors import EconciergeError
from econcierge.fleet.models import Printer, Site
from econcierge.fulfilment.models import DealerDistributor, Distributor, PurchaseOrder
from econcierge.journeys import basket, check_out
from econcierge.orders.models import Order
from econcierge.payments.models import AccountAgreement, LedgerTransaction

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
PART = "106R03512"


@pytest.fixture
def shop(committing: None) -> SimpleNamespace:
    """As small as a shop can be, committed."""
    with scoping.transaction_as(Scope.everything()):
        dealer = Dealer.objects.create(slug="papeterie", name="Papeterie du Port", email="ventes@papeterie.test")
        customer = accounts.open_customer(name="Érable inc.", slug="erable", dealer=dealer, language="fr-ca", now=NOW)
        site = Site.objects.create(
            customer=customer, slug="main", name="Main", address_line_1="1, rue Principale", city="Montréal",
            region="QC", postal_code="H2X 1Y4",
        )  # fmt: skip
        user = accounts.add_person(
            email="b@example.test", name="Buyer", language="fr-ca", role=Role.CUSTOMER_BUYER, customer=customer
        )
        model = PrinterModel.objects.create(name="VersaLink C405")
        part = Part.objects.create(part_number=PART, kind="toner", colour="black", sold="retail", regions=["NA"])
        Fit.objects.create(part=part, model=model)
        Price.objects.create(dealer=dealer, part=part, unit_price_minor=10_000, valid_from=date(2026, 1, 1))
        printer = Printer.objects.create(customer=customer, site=site, model=model)
        distributor = Distributor.objects.create(slug="d", name="D", kind="sandbox", base_url="http://127.0.0.1:9")
        DealerDistributor.objects.create(dealer=dealer, distributor=distributor, account_number="A")
        AccountAgreement.objects.create(customer=customer, credit_limit_minor=30_000, agreed_on=date(2026, 1, 1))
        membership = Membership.objects.get(user=user)
        actor = scoping.enter_as(user=user, membership=membership)
    return SimpleNamespace(actor=actor, site=site, printer=printer)


def _at_once(count: int, do: Callable[[int], Any]) -> list[Any]:
    """Each in a thread with a connection of its own; all start when all are ready."""
    gate = threading.Barrier(count)

    def run(number: int) -> Any:
        try:
            connection.ensure_connection()
            gate.wait(10)
            return do(number)
        except EconciergeError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def _place(shop: SimpleNamespace, key: uuid.UUID) -> check_out.Placed:
    with scoping.transaction_as(shop.actor.scope):
        return check_out.place(
            actor=shop.actor,
            submission_key=key,
            site_id=shop.site.pk,
            lines=[check_out.LineWanted(PART, shop.printer.pk, 1)],
            delivery="ground",
            customer_reference="",
            now=NOW,
        )


def _counts() -> tuple[int, int, int]:
    with scoping.transaction_as(Scope.everything()):
        return Order.objects.count(), PurchaseOrder.objects.count(), LedgerTransaction.objects.count()


def test_a_double_click_is_one_order(shop: SimpleNamespace) -> None:
    key = uuid.uuid4()
    placed = _at_once(4, lambda _number: _place(shop, key))
    assert sorted(one.repeated for one in placed) == [False, True, True, True]
    assert len({one.order.pk for one in placed}) == 1
    assert _counts() == (1, 1, 1)


def test_orders_at_once_never_pass_the_credit_limit_nor_share_a_number(shop: SimpleNamespace) -> None:
    """114.98 each with taxes: the limit of 300 lets two of them pass."""
    keys = [uuid.uuid4() for _ in range(4)]
    outcomes = _at_once(4, lambda number: _place(shop, keys[number]))
    placed = [one.order.number for one in outcomes if isinstance(one, check_out.Placed)]
    refused = [one.code for one in outcomes if isinstance(one, check_out.Refused)]
    assert sorted(placed) == ["PP-2026-00001", "PP-2026-00002"]
    assert refused == ["credit_limit", "credit_limit"]
    assert _counts() == (2, 2, 2)


def test_a_double_click_on_a_basket_is_one_order(shop: SimpleNamespace) -> None:
    with scoping.transaction_as(shop.actor.scope):
        wanted = [check_out.LineWanted(PART, shop.printer.pk, 1)]
        basket.put(actor=shop.actor, printer_id=shop.printer.pk, lines=wanted, now=NOW)
        seen = basket.view(actor=shop.actor, delivery="ground", now=NOW).totals
    key = uuid.uuid4()

    def order_all(_number: int) -> basket.CheckedOut:
        with scoping.transaction_as(shop.actor.scope):
            return basket.order_all(
                actor=shop.actor, submission_key=key, seen=seen, delivery="ground", customer_reference="", now=NOW
            )

    done = _at_once(4, order_all)
    assert sorted(one.repeated for one in done) == [False, True, True, True]
    assert len({order.pk for one in done for order in one.orders}) == 1
    assert _counts() == (1, 1, 1)
