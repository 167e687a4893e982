"""Coverage from the facts in the database: orders count, replacements are judged, changes are rows and notices."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.catalogue.models import Fit, Part, PrinterModel
from econcierge.core.errors import NotAllowed
from econcierge.coverage import casefile, queries, rules
from econcierge.coverage import models as coverage
from econcierge.coverage import operations as coverage_operations
from econcierge.fleet.models import Printer
from econcierge.fulfilment.models import Distributor, PurchaseOrder, Shipment, ShipmentLine
from econcierge.journeys import decide_coverage, enrol
from econcierge.notifications.models import Delivery
from econcierge.orders.models import Order, OrderLine
from econcierge.supplies.models import Cartridge, Slot

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(cast: SimpleNamespace, now: datetime) -> SimpleNamespace:
    """Érable's printer with a black slot, its catalogue, and orders at will."""
    model = PrinterModel.objects.create(name="VersaLink C405", listed_from=date(2020, 1, 1))
    part = Part.objects.create(part_number="106R03512", kind="toner", colour="black", sold="retail", regions=["NA"])
    Fit.objects.create(part=part, model=model)
    printer = Printer.objects.create(
        customer=cast.erable,
        site=cast.sites["erable"],
        label="Réception",
        model=model,
        serial="A1",
        serial_key="A1",
        installed_on=now.date() - timedelta(days=100),
    )
    slot = Slot.objects.create(
        customer=cast.erable,
        printer=printer,
        index="1.1",
        kind="toner",
        colour="black",
        supply_class="consumed",
        state="measured",
        percent=50,
        read_at=now,
        changed_at=now,
    )
    return SimpleNamespace(cast=cast, model=model, part=part, printer=printer, slot=slot, now=now, cartridges=0)


def order(
    office: SimpleNamespace, *, quantity: int = 1, state: str = "placed", at: datetime | None = None
) -> OrderLine:
    at = at or office.now
    placed = Order.objects.create(
        customer=office.cast.erable,
        dealer=office.cast.dealer,
        site=office.cast.sites["erable"],
        number=uuid4().hex[:12],
        submission_key=uuid4(),
        placed_at=at,
        state=state,
        ship_to={},
        ships_by_at=at + timedelta(days=1),
        goods_minor=1,
        total_minor=1,
    )
    return OrderLine.objects.create(
        customer=office.cast.erable,
        order=placed,
        position=1,
        part=office.part,
        printer=office.printer,
        quantity=quantity,
        unit_price_minor=1,
        eligible=True,
        state=state,
    )


def shipped(office: SimpleNamespace, *, serial: str, at: datetime) -> None:
    line = order(office, state="delivered", at=at)
    distributor, _ = Distributor.objects.get_or_create(slug="d", defaults={"name": "D", "kind": "sandbox"})
    purchase = PurchaseOrder.objects.create(
        customer=office.cast.erable,
        order=line.order,
        distributor=distributor,
        account_number="1",
        number=line.order.number,
        state="delivered",
    )
    parcel = Shipment.objects.create(
        customer=office.cast.erable,
        purchase_order=purchase,
        their_id="s",
        carrier="c",
        tracking_number="t",
        shipped_at=at,
    )
    ShipmentLine.objects.create(
        customer=office.cast.erable, shipment=parcel, order_line=line, quantity=1, serials=[serial]
    )


def cartridge(office: SimpleNamespace, *, serial: str = "", part: str = "", at: datetime | None = None) -> Cartridge:
    at = at or office.now
    Cartridge.objects.filter(slot=office.slot, removed_at__isnull=True).update(removed_at=at)
    office.cartridges += 1
    return Cartridge.objects.create(
        customer=office.cast.erable,
        slot=office.slot,
        sequence=office.cartridges,
        serial=serial,
        part_number=part,
        installed_at=at,
        evidence="serial",
    )


def decide(office: SimpleNamespace, *, now: datetime | None = None) -> coverage.Decision:
    decide_coverage.decide(printer_ids=[office.printer.pk], now=now or office.now)
    return queries.current(Scope.everything(), printer_ids=[office.printer.pk])[office.printer.pk]


def enrolled(office: SimpleNamespace) -> None:
    coverage_operations.enrol(printer=office.printer, programme="standard-ca", on=office.now.date())


def test_before_enrolment_the_answer_says_what_to_do(office: SimpleNamespace) -> None:
    decision = decide(office)
    assert (decision.status, decision.reasons, decision.next_step) == ("not_eligible", ["not_enrolled"], "enrol")


def test_nought_then_one_then_covered(office: SimpleNamespace) -> None:
    enrolled(office)
    steps = [decide(office)]
    order(office)
    steps.append(decide(office))
    order(office)
    steps.append(decide(office))
    assert [(d.status, d.qualifying, d.required, d.next_step) for d in steps] == [
        ("pending", 0, 2, "order_two"),
        ("pending", 1, 2, "order_one_more"),
        ("active", 2, 2, "keep_ordering"),
    ]
    assert steps[2].active_from == office.now.date()
    assert steps[2].ends_on is not None


def test_the_customers_people_hear_once_that_it_is_covered(office: SimpleNamespace) -> None:
    enrolled(office)
    order(office, quantity=2)
    decide(office)
    decide(office)
    told = Delivery.objects.filter(kind="coverage_active")
    assert sorted(told.values_list("user__email", "language")) == [
        ("colleague@example.test", "en-ca"),
        ("owner@example.test", "fr-ca"),
    ]


def test_only_a_changed_answer_is_a_row(office: SimpleNamespace) -> None:
    enrolled(office)
    for day in range(3):
        decide(office, now=office.now + timedelta(days=day))
    assert coverage.Decision.objects.count() == 1


def test_a_model_that_is_not_listed_or_not_in_the_catalogue_gives_nothing(office: SimpleNamespace) -> None:
    enrolled(office)
    office.model.listed_from = None
    office.model.save()
    assert decide(office).reasons == ["model_not_listed"]
    Printer.objects.update(model=None)
    assert decide(office).reasons == ["model_not_listed"]


def test_a_cancelled_line_counts_for_nothing_afterwards_and_lines_under_way_count(office: SimpleNamespace) -> None:
    enrolled(office)
    order(office, state="back_ordered")
    line = order(office, state="partially_shipped")
    assert decide(office).status == "active"
    OrderLine.objects.filter(pk=line.pk).update(state="cancelled")
    assert (decide(office).status, decide(office).qualifying) == ("pending", 1)


def test_a_delivered_serial_is_consistent_and_keeps_coverage(office: SimpleNamespace) -> None:
    enrolled(office)
    cartridge(office, serial="BOX")
    order(office)
    shipped(office, serial="S-1", at=office.now)
    cartridge(office, serial="S-1", at=office.now + timedelta(days=9))
    decision = decide(office, now=office.now + timedelta(days=10))
    verdicts = {
        v.cartridge.serial: v.verdict for v in queries.verdicts(Scope.everything(), printer_id=office.printer.pk)
    }
    assert verdicts == {"BOX": "consistent", "S-1": "consistent"}
    assert decision.status == "active"


def test_a_serial_of_another_customers_printer_is_doubted_not_ended(office: SimpleNamespace) -> None:
    enrolled(office)
    order(office, quantity=2)
    cartridge(office)
    strange_printer = Printer.objects.create(customer=office.cast.strangers, site=office.cast.sites["stranger"])
    strange_slot = Slot.objects.create(
        customer=office.cast.strangers,
        printer=strange_printer,
        index="1.1",
        kind="toner",
        supply_class="consumed",
        state="unknown",
        read_at=office.now,
        changed_at=office.now,
    )
    Cartridge.objects.create(
        customer=office.cast.strangers,
        slot=strange_slot,
        sequence=1,
        serial="CLONE",
        installed_at=office.now,
        evidence="first",
    )
    cartridge(office, serial="CLONE", at=office.now + timedelta(days=3))
    decision = decide(office, now=office.now + timedelta(days=3))
    assert (decision.status, decision.next_step) == ("at_risk", "explain_replacement")
    assert Delivery.objects.filter(kind="coverage_changed", user=office.cast.owner.user).count() == 1


def test_a_silent_device_never_costs_anybody_the_service(office: SimpleNamespace) -> None:
    enrolled(office)
    order(office, quantity=2)
    cartridge(office)
    for day in (10, 20, 30):
        cartridge(office, at=office.now + timedelta(days=day))
    assert decide(office, now=office.now + timedelta(days=31)).status == "active"


def test_every_decision_can_be_replayed_from_its_row(office: SimpleNamespace) -> None:
    import yaml

    enrolled(office)
    order(office)
    row = decide(office)
    facts = {key: value for key, value in row.facts.items() if key != "evidence"}
    case = casefile.parse_case(text=yaml.safe_dump(facts))
    again = rules.decide(case.facts, queries.terms(programme=case.programme, on=case.on), case.on)
    assert (again.status.value, [r.value for r in again.reasons], again.qualifying) == (
        row.status,
        row.reasons,
        row.qualifying,
    )


def test_deciding_many_printers_asks_a_fixed_number_of_questions(
    office: SimpleNamespace, django_assert_max_num_queries: object
) -> None:
    ids = [office.printer.pk]
    for number in range(20):
        ids.append(
            Printer.objects.create(
                customer=office.cast.erable, site=office.cast.sites["erable"], serial_key=f"N{number}"
            ).pk
        )
    decide_coverage.decide(printer_ids=ids, now=office.now)
    with django_assert_max_num_queries(30):
        decide_coverage.decide(printer_ids=ids, now=office.now)


def test_enrolling_needs_the_right_role_and_only_once(office: SimpleNamespace) -> None:
    cast = office.cast
    scoping.enter(cast.viewer.actor.scope)
    with pytest.raises(NotAllowed):
        enrol.enrol(actor=cast.viewer.actor, printer=office.printer, now=office.now)
    scoping.enter(cast.owner.actor.scope)
    enrol.enrol(actor=cast.owner.actor, printer=office.printer, now=office.now)
    with pytest.raises(coverage_operations.AlreadyEnrolled):
        enrol.enrol(actor=cast.owner.actor, printer=office.printer, now=office.now)


def test_decisions_terms_and_verdicts_are_never_changed(office: SimpleNamespace) -> None:
    decide(office)
    for model in (coverage.Decision, coverage.TermsVersion):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model.objects.all().delete()
