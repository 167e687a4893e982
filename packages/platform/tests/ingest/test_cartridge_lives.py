"""The life of cartridges in the database: what each left with, which left too early, what lies on the shelf."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from econcierge.accounts.types import Scope
from econcierge.catalogue.models import Part
from econcierge.journeys import report_reading
from econcierge.supplies import queries
from econcierge.supplies.models import ShelfCount
from econcierge_printers.wire import Report

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
EVERYTHING = Scope.everything()


@pytest.fixture
def says(paired: SimpleNamespace, make: SimpleNamespace, now: datetime) -> Any:
    """Delivers a printer's readings, an hour apart, each as it is made."""
    hours = iter(range(1, 1000))

    def deliver(*percents: float | None, printer: str = "3102345678", pages: int | None = None, **supply: Any) -> None:
        for percent in percents:
            at = now + next(hours) * HOUR
            reading = make.reading(make.supply(percent, **supply), serial=printer, target=printer, at=at, pages=pages)
            report = Report(message_id=uuid4(), sent_at=at, readings=(reading,))
            report_reading.report(assistant=paired.assistant, report=report, now=at)

    return deliver


def test_each_cartridge_tells_when_it_came_and_left_and_with_how_much(says: Any, cast: SimpleNamespace) -> None:
    says(41.0, 40.0, serial="CART0001", part_number="106R03512", pages=1000)
    says(100.0, 99.0, serial="CART0002", part_number="106R03524", pages=1200)
    first, second = queries.cartridges(cast.owner.actor.scope)
    assert (first.serial, first.percent_when_left, first.state_when_left, first.left_at) == (
        "CART0001", 40.0, "measured", second.came_at,
    )  # fmt: skip
    assert (first.left_because, first.pages, second.left_at, second.pages) == ("replaced", 200, None, None)
    assert queries.cartridges(cast.stranger.actor.scope) == []
    assert queries.cartridges(EVERYTHING, slot_ids=[]) == []


def test_one_replaced_with_much_left_is_premature_unless_it_comes_back(says: Any) -> None:
    says(41.0, 40.0, serial="CART0001")
    says(100.0, 99.0, serial="CART0002")
    (wasted,) = queries.premature(EVERYTHING, since=datetime(2026, 1, 1, tzinfo=UTC))
    assert (wasted.serial, wasted.percent_when_left) == ("CART0001", 40.0)
    says(40.0, 39.0, serial="CART0001", printer="4102345678")
    assert queries.premature(EVERYTHING, since=wasted.came_at) == []


def test_a_level_of_long_ago_tells_nothing_of_what_was_left(says: Any, make: SimpleNamespace) -> None:
    says(41.0, 40.0, serial="CART0001")
    says(*[None] * 80, serial="CART0001")
    says(100.0, 100.0, serial="CART0002")
    first = queries.cartridges(EVERYTHING)[0]
    assert (first.percent_when_left, first.state_when_left) == (40.0, "unknown")
    assert queries.premature(EVERYTHING, since=first.came_at) == []


def test_a_count_of_the_shelf_goes_down_when_one_is_put_in(says: Any, cast: SimpleNamespace, now: datetime) -> None:
    black = Part.objects.create(part_number="106R03512", kind="toner", colour="black", sold="retail", regions=["NA"])
    says(4.0, 3.0)
    for quantity in (5, 2):
        ShelfCount.objects.create(
            customer=cast.erable, site=cast.sites["erable"], part=black, quantity=quantity,
            counted_at=now + 2 * HOUR,
        )  # fmt: skip
    (spare,) = queries.spares(cast.owner.actor.scope, site_ids=[cast.sites["erable"].pk])
    assert (spare.part_number, spare.quantity) == ("106R03512", 2)
    says(100.0, 100.0)
    (spare,) = queries.spares(EVERYTHING, site_ids=[cast.sites["erable"].pk])
    assert (spare.counted, spare.used_since, spare.quantity) == (2, 1, 1)
    assert queries.spares(cast.stranger.actor.scope, site_ids=[cast.sites["erable"].pk]) == []
