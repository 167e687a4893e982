"""Several workers at the same moment: one proposal, one order, and never more than the limits allow."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections

from econcierge.accounts import operations as accounts
from econcierge.accounts import scoping
from econcierge.accounts.models import Dealer, Membership
from econcierge.accounts.types import Role, Scope
from econcierge.core.errors import EconciergeError
from econcierge.fleet.models import Site
from econcierge.fulfilment.models import PurchaseOrder
from econcierge.journeys import automatic_notices, automatic_orders, check_out
from econcierge.orders.models import Order
from econcierge.payments.models import LedgerTransaction
from econcierge.replenishment import operations
from econcierge.replenishment import standing_types as t
from econcierge.replenishment.models import ProposedOrder, ProposedOrderMove
from econcierge.supplies.models import LevelChange, Slot

from .conftest import STANDARD, fall, furnish, mails_went_out

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
DUE = NOW + timedelta(hours=24)


@pytest.fixture
def office(committing: None) -> SimpleNamespace:
    """A printer that orders by itself, up to 400 dollars an order and as much a month, committed."""
    with scoping.transaction_as(Scope.everything()):
        dealer = Dealer.objects.create(slug="papeterie", name="Papeterie du Port", email="ventes@papeterie.test")
        customer = accounts.open_customer(name="Érable inc.", slug="erable", dealer=dealer, language="fr-ca", now=NOW)
        site = Site.objects.create(
            customer=customer, slug="main", name="Main", address_line_1="1, rue Principale", city="Montréal",
            region="QC", postal_code="H2X 1Y4",
        )  # fmt: skip
        user = accounts.add_person(
            email="a@example.test", name="Admin", language="fr-ca", role=Role.CUSTOMER_ADMIN, customer=customer
        )
        made = furnish(dealer=dealer, customer=customer, site=site, now=NOW)
        membership = Membership.objects.get(user=user)
        made.actor = scoping.enter_as(user=user, membership=membership)
        scoping.enter(Scope.everything())
        limits = t.Limits(40_000, 40_000, None, Role.CUSTOMER_BUYER)
        made.standing = operations.switch_on(
            actor=made.actor, printer=made.printer, now=NOW, on=NOW.date(),
            wish=operations.Wish(None, t.Choice.RECOMMENDED, None, limits),
        )  # fmt: skip
    return made


def _at_once(count: int, do: Callable[[int], Any]) -> list[Any]:
    """Each in a thread and a transaction of its own; all start when all are ready."""
    gate = threading.Barrier(count)

    def run(number: int) -> Any:
        try:
            connection.ensure_connection()
            gate.wait(10)
            with scoping.transaction_as(Scope.everything()):
                return do(number)
        except (EconciergeError, IntegrityError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def _proposed(office: SimpleNamespace) -> ProposedOrder:
    with scoping.transaction_as(Scope.everything()):
        automatic_orders.propose(customer_id=office.customer.pk, now=NOW)
        mails_went_out(at=NOW)
        return ProposedOrder.objects.get()


def test_several_workers_propose_once(office: SimpleNamespace) -> None:
    said = _at_once(4, lambda _number: automatic_orders.propose(customer_id=office.customer.pk, now=NOW))
    assert sorted(said) == [0, 0, 0, 1]
    with scoping.transaction_as(Scope.everything()):
        assert ProposedOrder.objects.count() == 1


def test_several_workers_place_one_order(office: SimpleNamespace) -> None:
    proposal = _proposed(office)
    _at_once(4, lambda _number: automatic_orders.place(proposed_order_id=proposal.pk, now=DUE))
    with scoping.transaction_as(Scope.everything()):
        assert (Order.objects.count(), PurchaseOrder.objects.count(), LedgerTransaction.objects.count()) == (1, 1, 1)
        assert ProposedOrderMove.objects.filter(to_state="placed").count() == 1


def test_a_veto_and_a_placing_at_the_same_moment_have_one_outcome(office: SimpleNamespace) -> None:
    proposal = _proposed(office)

    def act(number: int) -> Any:
        if number:
            return automatic_orders.veto(actor=office.actor, proposal=proposal, now=DUE)
        return automatic_orders.place(proposed_order_id=proposal.pk, now=DUE)

    outcomes = _at_once(2, act)
    with scoping.transaction_as(Scope.everything()):
        proposal.refresh_from_db()
        assert proposal.state in {"placed", "vetoed"}
        assert Order.objects.count() == (proposal.state == "placed")
    if proposal.state == "placed":
        assert isinstance(outcomes[1], EconciergeError)  # and it was said to who came too late


def _somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


def test_an_order_by_hand_that_is_being_placed_at_that_moment_is_not_ordered_again(office: SimpleNamespace) -> None:
    proposal, by_hand = _proposed(office), threading.Event()

    def act(number: int) -> None:
        if number:
            assert by_hand.wait(10)
            automatic_orders.place(proposed_order_id=proposal.pk, now=DUE)
            return
        check_out.place(
            actor=office.actor, submission_key=uuid.uuid4(), site_id=office.printer.site_id,
            lines=[check_out.LineWanted(STANDARD, office.printer.pk, 1)], delivery="ground", customer_reference="",
            now=DUE,
        )  # fmt: skip
        by_hand.set()
        until = time.monotonic() + 10
        while not _somebody_waits_for_a_lock() and time.monotonic() < until:
            time.sleep(0.02)

    _at_once(2, act)
    with scoping.transaction_as(Scope.everything()):
        proposal.refresh_from_db()
        assert (proposal.state, proposal.reason, Order.objects.count()) == ("stopped", "not_needed", 1)


def test_two_orders_of_one_month_placed_at_once_stay_within_its_limit(office: SimpleNamespace) -> None:
    """The database keeps one open proposal a standing order; with that taken away, the lock alone still holds."""
    with scoping.transaction_as(Scope.everything()):
        LevelChange.objects.filter(slot=office.cyan).delete()
        Slot.objects.filter(pk=office.cyan.pk).update(percent=6)
        fall(office.cyan, now=NOW, from_percent=96, to_percent=6, days=60)
    first = _proposed(office)
    with connections["owner"].cursor() as cursor:
        cursor.execute("DROP INDEX proposed_order_one_open")
    try:
        with scoping.transaction_as(Scope.everything()):
            line = operations.LineToPropose(
                slot_id=office.cyan.pk, cartridge_id=office.cyan.cartridge_id,
                part_id=office.parts["106R03522"].pk, quantity=1, unit_price_minor=19995, order_by_on=None,
                percent=None, p10_on=None, p90_on=None,
            )  # fmt: skip
            second = operations.propose(
                row=office.standing, lines=[line], total_minor=30_000, expected_on=None, now=NOW
            )
            operations.announce(proposal=second, now=NOW)
            automatic_notices.announced(Scope.everything(), second, now=NOW)
            mails_went_out(at=NOW)
        keys = (first.pk, second.pk)
        _at_once(2, lambda number: automatic_orders.place(proposed_order_id=keys[number], now=DUE))
        with scoping.transaction_as(Scope.everything()):
            reasons = sorted(ProposedOrder.objects.values_list("state", "reason"))
            assert reasons == [("placed", ""), ("stopped", "over_month_limit")]
            assert sum(Order.objects.values_list("total_minor", flat=True)) <= 40_000
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "CREATE UNIQUE INDEX proposed_order_one_open ON replenishment_proposedorder (customer_id,"
                " standing_order_id) WHERE state IN ('proposed', 'announced', 'approved')"
            )
