"""What was counted on the shelf reaches a verdict; what was thrown away has its price."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from econcierge.catalogue.models import Fit, Part, Price, PrinterModel
from econcierge.coverage import operations as coverage
from econcierge.coverage.models import ReplacementVerdict
from econcierge.fleet.models import Printer
from econcierge.journeys import judge_replacements, premature
from econcierge.supplies import shelf
from econcierge.supplies.models import Cartridge, Slot

pytestmark = pytest.mark.django_db
NUMBER = "106R03512"
DAY = timedelta(days=1)


@pytest.fixture
def slot(cast: SimpleNamespace, now: datetime) -> Slot:
    """Black of a printer of Érable that was enrolled two months ago, with a part that fits it."""
    model = PrinterModel.objects.create(name="VersaLink C405", listed_from=date(2020, 1, 1))
    part = Part.objects.create(part_number=NUMBER, kind="toner", colour="black", sold="retail", regions=["NA"])
    Fit.objects.create(part=part, model=model)
    printer = Printer.objects.create(
        customer=cast.erable, site=cast.sites["erable"], model=model, serial="1", installed_on=date(2026, 6, 1)
    )
    coverage.enrol(printer=printer, programme="standard-ca", on=(now - 60 * DAY).date())
    return Slot.objects.create(
        customer=cast.erable, printer=printer, index="1.1", kind="toner", colour="black", supply_class="consumed",
        state="measured", percent=90, read_at=now, changed_at=now,
    )  # fmt: skip


def came(slot: Slot, *, at: datetime, sequence: int, **facts: Any) -> Cartridge:
    return Cartridge.objects.create(
        customer=slot.customer, slot=slot, sequence=sequence, part_number=NUMBER, serial=f"CART{sequence:04d}",
        installed_at=at, evidence="serial", kind="first" if sequence == 1 else "replaced", **facts,
    )  # fmt: skip


def verdict(cartridge: Cartridge) -> tuple[str, str | None]:
    found = ReplacementVerdict.objects.get(cartridge=cartridge)
    return found.verdict, found.evidence["shelf_part"]


@pytest.mark.parametrize(
    ("counted_days_ago", "second"),
    [(55, ("contradicted", None)), (10, ("unknown", None)), (None, ("unknown", None))],
    ids=["counted at enrolment", "counted too late", "never counted"],
)
def test_what_was_counted_at_enrolment_explains_so_many_and_no_more(
    slot: Slot, cast: SimpleNamespace, now: datetime, counted_days_ago: int | None, second: tuple[str, str | None]
) -> None:
    is_declared = counted_days_ago == 55
    if counted_days_ago is not None:
        shelf.count(
            actor=cast.owner.actor, site=slot.printer.site, part=Part.objects.get(), quantity=1,
            now=now - counted_days_ago * DAY,
        )  # fmt: skip
    came(slot, at=now - 90 * DAY, sequence=1, removed_at=now - 40 * DAY)
    one = came(slot, at=now - 40 * DAY, sequence=2, removed_at=now - 5 * DAY)
    other = came(slot, at=now - 5 * DAY, sequence=3)
    judge_replacements.judge(printer_ids=[slot.printer_id], now=now)
    assert verdict(one) == (("consistent", NUMBER) if is_declared else ("unknown", None))
    assert verdict(other) == second


def test_a_declared_one_that_nobody_told_of_contradicts_no_later_one(
    slot: Slot, cast: SimpleNamespace, now: datetime
) -> None:
    shelf.count(actor=cast.owner.actor, site=slot.printer.site, part=Part.objects.get(), quantity=1, now=now - 55 * DAY)
    came(slot, at=now - 90 * DAY, sequence=1, removed_at=now - 40 * DAY)
    silent = came(slot, at=now - 40 * DAY, sequence=2, removed_at=now - 5 * DAY)
    Cartridge.objects.filter(pk=silent.pk).update(part_number="", serial="")
    told = came(slot, at=now - 5 * DAY, sequence=3)
    judge_replacements.judge(printer_ids=[slot.printer_id], now=now)
    assert verdict(silent) == ("consistent", NUMBER)
    assert verdict(told) == ("unknown", None)
    assert ReplacementVerdict.objects.get(cartridge=told).evidence["code"] == "declared_part_used_up"


@pytest.mark.parametrize(
    ("serial", "sequence", "found"), [("", 2, "unknown"), ("CART0077", 1, "unknown"), ("CART0077", 2, "contradicted")]
)
def test_a_part_of_another_printer_may_have_moved_where_no_serial_tells(
    slot: Slot, cast: SimpleNamespace, now: datetime, serial: str, sequence: int, found: str
) -> None:
    shelf.count(actor=cast.owner.actor, site=slot.printer.site, part=Part.objects.get(), quantity=0, now=now - 55 * DAY)
    printer = Printer.objects.create(customer=cast.erable, site=slot.printer.site, model=slot.printer.model, serial="2")
    beside = Slot.objects.create(
        customer=cast.erable, printer=printer, index="1.1", kind="toner", colour="black", supply_class="consumed",
        state="measured", percent=90, read_at=now, changed_at=now,
    )  # fmt: skip
    Cartridge.objects.filter(pk=came(beside, at=now - 80 * DAY, sequence=sequence).pk).update(serial=serial)
    came(slot, at=now - 90 * DAY, sequence=1, removed_at=now - 5 * DAY)
    other = came(slot, at=now - 5 * DAY, sequence=3)
    judge_replacements.judge(printer_ids=[slot.printer_id], now=now)
    assert verdict(other) == (found, None)


@pytest.mark.parametrize(("price", "cost"), [(16_000, 6_400), (None, None)])
def test_what_was_thrown_away_costs_its_share_of_the_price(
    slot: Slot, cast: SimpleNamespace, now: datetime, price: int | None, cost: int | None
) -> None:
    if price is not None:
        Price.objects.create(
            dealer=cast.dealer, part=Part.objects.get(), unit_price_minor=price, valid_from=date(2026, 1, 1)
        )
    came(slot, at=now - 90 * DAY, sequence=1, removed_at=now - DAY, end_percent=40, end_state="measured")
    came(slot, at=now - DAY, sequence=2)
    (found,) = premature.wasted(cast.owner.actor.scope, since=now - 30 * DAY, on=now.date())
    assert found.life.percent_when_left == 40.0
    assert (found.cost.amount_minor if found.cost else None) == cost
    assert premature.wasted(cast.stranger.actor.scope, since=now - 30 * DAY, on=now.date()) == []
    assert premature.wasted(cast.owner.actor.scope, since=now, on=now.date()) == []
