"""An office with something on every page: a printer low on black, an order, a repair, a second role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from econcierge.core import clock

LANGUAGE_COOKIE = "django_language"


@pytest.fixture
def browser(now: datetime, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Client]:
    """A browser of one of the cast (None: nobody has signed in); pages show the cast's day."""
    monkeypatch.setattr(clock, "now", lambda: now)

    def of(person: Any = None, language: str | None = None) -> Client:
        client = Client()
        if language:
            client.cookies[LANGUAGE_COOKIE] = language
        if person is not None:
            client.force_login(person.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return of


def add_printer(owner: Any, site: Any, *, label: str, now: datetime, **facts: Any) -> Any:
    """A printer with four toners, a waste container and a low black one."""
    from econcierge.alerts.models import Episode
    from econcierge.fleet.models import Printer
    from econcierge.supplies.models import Cartridge, Slot

    printer = Printer.objects.create(
        customer=owner, site=site, label=label, place="2nd floor", model_name="VersaLink C405", last_read_at=now,
        state="idle", networked=True, **facts,
    )  # fmt: skip
    rows = [("toner", "black", 12), ("toner", "cyan", 60), ("toner", "magenta", 71), ("toner", "yellow", 44)]
    for index, (kind, colour, percent) in enumerate([*rows, ("waste_container", "", 80)], start=1):
        slot = Slot.objects.create(
            customer=owner, printer=printer, index=f"1.{index}", kind=kind, colour=colour, state="measured",
            supply_class="filled" if kind == "waste_container" else "consumed", percent=percent,
            measured_at=now, read_at=now, changed_at=now,
        )  # fmt: skip
        slot.cartridge = Cartridge.objects.create(
            customer=owner, slot=slot, sequence=1, installed_at=now - timedelta(days=30), evidence="first"
        )
        slot.save()
        if percent < 20:
            Episode.objects.create(
                customer=owner, slot=slot, cartridge=slot.cartridge, threshold="low", percent=percent,
                because="programme", opened_at=now,
            )  # fmt: skip
    return printer


@pytest.fixture
def office(cast: SimpleNamespace, now: datetime) -> SimpleNamespace:
    """Made under the operator's scope, placed and asked for as their own people would."""
    from econcierge.accounts import scoping, tokens
    from econcierge.accounts.types import Role, Scope, TokenKind
    from econcierge.alerts.models import CustomerMark
    from econcierge.catalogue.models import Fit, Part, Price, PrinterModel
    from econcierge.fleet.operations import pair_assistant
    from econcierge.fulfilment.models import DealerDistributor, Distributor, Stock
    from econcierge.journeys import ask_for_service, check_out, decide_coverage
    from econcierge.orders.models import BasketLine
    from econcierge.payments.models import AccountAgreement
    from econcierge.replenishment import operations as replenishment
    from econcierge.replenishment import standing_types

    model = PrinterModel.objects.create(name="VersaLink C405", listed_from=date(2020, 1, 1))
    distributor = Distributor.objects.create(
        slug="l", name="Laurentien", kind="sandbox", base_url="http://127.0.0.1:9", secret_variable="NO_SUCH_SECRET"
    )
    DealerDistributor.objects.create(dealer=cast.dealer, distributor=distributor, account_number="A-1")
    for number, capacity, pages, price in (
        ("106R03512", "standard", 5000, 16495),
        ("106R03524", "high", 10500, 27995),
    ):
        part = Part.objects.create(
            part_number=number, kind="toner", colour="black", sold="retail", regions=["NA"], yield_pages=pages,
            capacity_class=capacity,
        )  # fmt: skip
        Fit.objects.create(part=part, model=model)
        Price.objects.create(dealer=cast.dealer, part=part, unit_price_minor=price, valid_from=date(2026, 1, 1))
        Stock.objects.create(distributor=distributor, part=part, quantity=20, as_of=now)
    AccountAgreement.objects.create(customer=cast.erable, credit_limit_minor=500_000, agreed_on=date(2026, 1, 1))
    made = add_printer(
        cast.erable, cast.sites["erable"], label="Reception", now=now, model=model, serial="3102345678",
        serial_key="3102345678", installed_on=date(2026, 6, 1),
    )  # fmt: skip
    other = add_printer(cast.erable, cast.sites["erable"], label="Archives", now=now, model=model)
    decide_coverage.decide(printer_ids=[made.pk, other.pk], now=now)
    scoping.enter(cast.owner.actor.scope)
    order = check_out.place(
        actor=cast.owner.actor, submission_key=uuid4(), site_id=made.site_id, delivery="ground",
        lines=(check_out.LineWanted("106R03512", other.pk, 1),), customer_reference="PO-77", now=now,
    ).order  # fmt: skip
    repair = ask_for_service.ask(
        actor=cast.owner.actor, printer_id=made.pk, submission_key=uuid4(), problem="Jams in tray 2",
        contact_name="Front desk", contact_phone="514 555-0100", now=now,
    )  # fmt: skip
    scoping.enter(Scope.everything())
    ask_for_service.dispatch(request_id=repair.pk, now=now)
    assistant, _token = pair_assistant(customer=cast.erable, site=made.site, name="Server room", now=now)
    key, _text = tokens.create(
        membership=cast.owner.user.memberships.get(), name="Accounting", kind=TokenKind.INTEGRATION, now=now
    )
    black = made.slots.get(colour="black")
    limits = standing_types.Limits(60_000, 100_000, None, Role.CUSTOMER_BUYER)
    standing = replenishment.switch_on(
        actor=cast.owner.actor, printer=made, now=now, on=now.date(),
        wish=replenishment.Wish(made.slots.get(colour="cyan").pk, standing_types.Choice.RECOMMENDED, None, limits),
    )  # fmt: skip
    purchase_order = order.purchase_orders.get()
    doubted = _doubted(made.slots.get(colour="cyan"), now=now)
    mark = CustomerMark.objects.create(customer=cast.erable, printer=made, low_percent=30)
    line = BasketLine.objects.create(
        customer=cast.erable, user=cast.owner.user, printer=other, part=Part.objects.get(part_number="106R03524"),
        quantity=1, put_at=now, seen_price_minor=27995,
    )  # fmt: skip
    return SimpleNamespace(
        basket_line=line, mark=mark, printer=made, purchase_order=purchase_order, other=other, slot=black,
        order=order, repair=repair, model=model,
        standing=standing, doubted=doubted, assistant=assistant, key=key,
    )  # fmt: skip


def _doubted(slot: Any, *, now: datetime) -> Any:
    """A cartridge in a printer that the programme did not deliver, as the verdict says."""
    from econcierge.coverage import operations, types
    from econcierge.supplies.models import Cartridge

    slot.cartridges.update(removed_at=now, end_percent=55, end_state="measured")
    came = Cartridge.objects.create(
        customer_id=slot.customer_id, slot=slot, sequence=2, serial="CRUM99", part_number="006R09999",
        installed_at=now, evidence="serial", kind="replaced",
    )  # fmt: skip
    operations.keep_verdict(
        cartridge=came, verdict=types.Verdict.CONTRADICTED, evidence={"code": "part_not_of_this_slot"}, now=now
    )
    return came
