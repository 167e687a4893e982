"""A printer whose black toner is due: levels that fell steadily, parts with prices, an agreement, a distributor."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

STANDARD, HIGH, CYAN = "106R03512", "106R03524", "106R03522"


def fall(slot: Any, *, now: datetime, from_percent: float, to_percent: float, days: int) -> None:
    """A level that fell by as much every day, read to this moment."""
    from econcierge.supplies.models import LevelChange

    a_day = (from_percent - to_percent) / days
    LevelChange.objects.bulk_create(
        LevelChange(
            customer_id=slot.customer_id, slot=slot, cartridge=slot.cartridge, at=now - timedelta(days=days - n),
            state="measured", percent=round(from_percent - a_day * n, 1),
        )
        for n in range(days + 1)
    )  # fmt: skip


def add_slot(printer: Any, *, index: str, colour: str, percent: float, now: datetime, kind: str = "toner") -> Any:
    from econcierge.supplies.models import Cartridge, Slot

    slot = Slot.objects.create(
        customer=printer.customer, printer=printer, index=index, kind=kind, colour=colour, supply_class="consumed",
        state="measured", percent=percent, measured_at=now, read_at=now, changed_at=now,
    )  # fmt: skip
    slot.cartridge = Cartridge.objects.create(
        customer=printer.customer, slot=slot, sequence=1, installed_at=now - timedelta(days=60), evidence="first",
        part_number=STANDARD if colour == "black" else CYAN, start_percent=100,
    )  # fmt: skip
    slot.save()
    return slot


def mails_went_out(*, at: datetime) -> None:
    """As if the mail server had taken every message of automatic orders at that moment."""
    from econcierge.notifications.models import Delivery

    Delivery.objects.filter(kind="auto_order_announced").update(state=Delivery.State.SENT, sent_at=at)


def furnish(*, dealer: Any, customer: Any, site: Any, now: datetime) -> SimpleNamespace:
    """Under the operator's scope. Black at 6 % falls 1.5 points a day: four days left. Cyan has months."""
    from econcierge.catalogue.models import Fit, Part, Price, PrinterModel
    from econcierge.fleet.models import Printer
    from econcierge.fulfilment.models import DealerDistributor, Distributor, Stock
    from econcierge.payments.models import AccountAgreement

    model = PrinterModel.objects.create(name="VersaLink C405", listed_from=date(2020, 1, 1))
    distributor = Distributor.objects.create(
        slug="laurentien", name="Laurentien", kind="sandbox", base_url="http://127.0.0.1:9", secret_variable="NONE"
    )
    DealerDistributor.objects.create(dealer=dealer, distributor=distributor, account_number="A-1")
    parts = {}
    for number, colour, pages, price in (
        (STANDARD, "black", 5000, 16495),
        (HIGH, "black", 10500, 27995),
        (CYAN, "cyan", 4800, 19995),
    ):
        part = Part.objects.create(
            part_number=number, kind="toner", colour=colour, sold="retail", regions=["NA"], yield_pages=pages
        )
        Fit.objects.create(part=part, model=model)
        Price.objects.create(dealer=dealer, part=part, unit_price_minor=price, valid_from=date(2026, 1, 1))
        Stock.objects.create(distributor=distributor, part=part, quantity=20, as_of=now)
        parts[number] = part
    agreement = AccountAgreement.objects.create(
        customer=customer, credit_limit_minor=1_000_000, agreed_on=date(2026, 1, 1)
    )
    printer = Printer.objects.create(
        customer=customer, site=site, model=model, label="Reception", place="2nd floor", last_read_at=now
    )
    black = add_slot(printer, index="1.1", colour="black", percent=6, now=now)
    cyan = add_slot(printer, index="1.2", colour="cyan", percent=80, now=now)
    fall(black, now=now, from_percent=96, to_percent=6, days=60)
    fall(cyan, now=now, from_percent=95, to_percent=80, days=60)
    return SimpleNamespace(
        dealer=dealer, customer=customer, site=site, model=model, parts=parts, printer=printer, black=black,
        cyan=cyan, agreement=agreement, distributor=distributor,
    )  # fmt: skip


@pytest.fixture
def automatic(cast: SimpleNamespace, now: datetime) -> SimpleNamespace:
    made = furnish(dealer=cast.dealer, customer=cast.erable, site=cast.sites["erable"], now=now)
    made.cast = cast
    return made


@pytest.fixture
def switch_on(automatic: SimpleNamespace, now: datetime) -> Any:
    """Lets the printer order by itself; limits in dollars."""
    from econcierge.accounts.types import Role
    from econcierge.replenishment import operations
    from econcierge.replenishment import standing_types as t

    def switched(
        *, slot: Any = None, choice: t.Choice = t.Choice.RECOMMENDED, part: Any = None, order: int = 600,
        month: int = 1000, approve_above: int | None = None, approver: Role = Role.CUSTOMER_BUYER, at: datetime = now,
    ) -> Any:  # fmt: skip
        limits = t.Limits(order * 100, month * 100, None if approve_above is None else approve_above * 100, approver)
        wish = operations.Wish(slot.pk if slot else None, choice, part, limits)
        return operations.switch_on(
            actor=automatic.cast.owner.actor, printer=automatic.printer, wish=wish, now=at, on=at.date()
        )

    return switched
