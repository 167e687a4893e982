"""Forecasts from kept levels: of the cartridge in the slot now, of this scope's printers, in two queries."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from econcierge.accounts.types import Scope
from econcierge.fleet.models import Printer
from econcierge.forecasting import queries
from econcierge.forecasting.types import Basis
from econcierge.supplies.models import Cartridge, LevelChange, Slot

pytestmark = pytest.mark.django_db


def slot_with_levels(cast: SimpleNamespace, now: datetime, *, days: int, start: float, per_day: float) -> Slot:
    """A slot whose present cartridge fell evenly; an earlier cartridge had fallen ten times as fast."""
    printer = Printer.objects.create(customer=cast.erable, site=cast.sites["erable"])
    slot = Slot.objects.create(
        customer=cast.erable,
        printer=printer,
        index="1.1",
        kind="toner",
        supply_class="consumed",
        state="measured",
        read_at=now,
        changed_at=now,
    )
    came = now - timedelta(days=days)
    for sequence, (first, last, fall) in enumerate(
        ((came - timedelta(days=9), came, 10 * per_day), (came, None, per_day))
    ):
        cartridge = Cartridge.objects.create(
            customer=cast.erable,
            slot=slot,
            sequence=sequence + 1,
            installed_at=first,
            removed_at=last,
            evidence="serial",
        )
        for day in range(days + 1 if last is None else 9):
            percent = round(start - fall * day, 1)
            LevelChange.objects.create(
                customer=cast.erable,
                slot=slot,
                cartridge=cartridge,
                at=first + timedelta(days=day),
                state="measured",
                percent=max(percent, 0),
            )
    slot.cartridge = cartridge
    slot.save()
    return slot


def test_the_present_cartridge_alone_is_looked_at(cast: SimpleNamespace, now: datetime) -> None:
    slot = slot_with_levels(cast, now, days=30, start=90, per_day=1)
    forecast = queries.forecasts(Scope.everything(), slot_ids=[slot.pk], now=now)[slot.pk]
    assert forecast.basis is Basis.LEVELS
    assert forecast.p10_days is not None
    assert forecast.p10_days < 60 < forecast.p90_days


def test_before_a_fortnight_nothing_is_said(cast: SimpleNamespace, now: datetime) -> None:
    slot = slot_with_levels(cast, now, days=5, start=90, per_day=1)
    assert queries.forecasts(Scope.everything(), slot_ids=[slot.pk], now=now)[slot.pk].basis is Basis.NONE


def test_another_customers_slots_are_left_out(cast: SimpleNamespace, now: datetime) -> None:
    slot = slot_with_levels(cast, now, days=20, start=90, per_day=1)
    assert queries.forecasts(cast.neighbour.actor.scope, slot_ids=[slot.pk], now=now) == {}


def test_many_slots_cost_two_queries(cast: SimpleNamespace, now: datetime, django_assert_num_queries: object) -> None:
    ids = [slot_with_levels(cast, now, days=15, start=80, per_day=2).pk for _ in range(5)]
    with django_assert_num_queries(2):
        assert len(queries.forecasts(Scope.everything(), slot_ids=ids, now=now)) == 5
