"""Forecasts of slots: stored, made anew after news; what was said beside what happened; the fleet's experience."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.catalogue.models import PrinterModel
from econcierge.commands import forecast as command
from econcierge.core import clock
from econcierge.fleet.models import Printer
from econcierge.forecasting import operations, queries
from econcierge.forecasting.models import FleetExperience, Said
from econcierge.forecasting.types import Basis
from econcierge.interfaces.jobs import forecasts
from econcierge.interfaces.web.portal import printer_page
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
    slot.cartridge, slot.percent = cartridge, max(percent, 0)
    slot.levels_seen = [start, start - 1, start - 2]
    slot.save()
    return slot


def forget_what_was_before(slot: Slot) -> None:
    LevelChange.objects.filter(slot=slot).exclude(cartridge=slot.cartridge).delete()


def test_the_present_cartridge_alone_is_looked_at(cast: SimpleNamespace, now: datetime) -> None:
    slot = slot_with_levels(cast, now, days=30, start=90, per_day=1)
    forecast = queries.forecasts(Scope.everything(), slot_ids=[slot.pk], now=now)[slot.pk]
    assert forecast.basis is Basis.LEVELS
    assert forecast.p10_days is not None
    assert forecast.p10_days < 60 < forecast.p90_days


def test_before_a_fortnight_nothing_is_said(cast: SimpleNamespace, now: datetime) -> None:
    slot = slot_with_levels(cast, now, days=5, start=90, per_day=1)
    forget_what_was_before(slot)
    assert queries.forecasts(Scope.everything(), slot_ids=[slot.pk], now=now)[slot.pk].basis is Basis.NONE


def test_another_customers_slots_are_left_out(cast: SimpleNamespace, now: datetime) -> None:
    slot = slot_with_levels(cast, now, days=20, start=90, per_day=1)
    assert queries.forecasts(cast.neighbour.actor.scope, slot_ids=[slot.pk], now=now) == {}


def test_many_slots_cost_few_queries(cast: SimpleNamespace, now: datetime, django_assert_num_queries: object) -> None:
    ids = [slot_with_levels(cast, now, days=15, start=80, per_day=2).pk for _ in range(5)]
    with django_assert_num_queries(4):
        assert len(queries.forecasts(Scope.everything(), slot_ids=ids, now=now)) == 5


def test_what_is_stored_is_read_in_one_query(
    cast: SimpleNamespace, now: datetime, django_assert_num_queries: object
) -> None:
    ids = [slot_with_levels(cast, now, days=15, start=80, per_day=2).pk for _ in range(3)]
    live = queries.forecasts(Scope.everything(), slot_ids=ids, now=now)
    assert operations.refresh(slot_ids=ids, now=now) == 3
    with django_assert_num_queries(1):
        stored = queries.forecasts(Scope.everything(), slot_ids=ids, now=now)
    assert stored == live


def test_news_since_the_stored_one_is_heard(cast: SimpleNamespace, now: datetime) -> None:
    slot = slot_with_levels(cast, now, days=30, start=90, per_day=1)
    operations.refresh(slot_ids=[slot.pk], now=now)
    stored = queries.forecasts(Scope.everything(), slot_ids=[slot.pk], now=now)[slot.pk]
    later = now + timedelta(days=1)
    LevelChange.objects.create(
        customer=cast.erable, slot=slot, cartridge=slot.cartridge, at=later, state="measured", percent=20
    )
    Slot.objects.filter(pk=slot.pk).update(percent=20, changed_at=later, read_at=later + timedelta(hours=1))
    assert queries.to_refresh(Scope.everything(), customer_id=cast.erable.pk, most=9) == [slot.pk]
    anew = queries.forecasts(Scope.everything(), slot_ids=[slot.pk], now=later)[slot.pk]
    assert anew.p50_days is not None
    assert stored.p50_days is not None
    assert anew.p50_days < stored.p50_days - 10


def test_what_was_said_stands_beside_what_happened(cast: SimpleNamespace, now: datetime) -> None:
    slot = slot_with_levels(cast, now, days=30, start=90, per_day=1)
    operations.refresh(slot_ids=[slot.pk], now=now)
    operations.refresh(slot_ids=[slot.pk], now=now + timedelta(days=2))
    assert Said.objects.count() == 1
    assert queries.kept(Scope.everything(), printer_id=slot.printer_id) == []
    Cartridge.objects.filter(pk=slot.cartridge_id).update(removed_at=now + timedelta(days=55), end_percent=1)
    ((of, kept),) = queries.kept(Scope.everything(), printer_id=slot.printer_id)
    assert of.pk == slot.pk
    assert kept.was_on == clock.day_of(now + timedelta(days=55))
    assert kept.saying.said_on == clock.day_of(now)
    assert queries.kept(cast.neighbour.actor.scope, printer_id=slot.printer_id) == []


def test_what_happened_is_the_day_it_was_empty_not_the_day_it_was_replaced(
    cast: SimpleNamespace, now: datetime
) -> None:
    slot = slot_with_levels(cast, now, days=30, start=90, per_day=1)
    operations.refresh(slot_ids=[slot.pk], now=now)
    for day, percent in ((20, 0), (21, 9), (40, 0), (41, 0)):  # the first 0 % was taken back: a wild reading
        LevelChange.objects.create(
            customer=cast.erable, slot=slot, cartridge=slot.cartridge, at=now + timedelta(days=day), state="measured",
            percent=percent,
        )  # fmt: skip
    Cartridge.objects.filter(pk=slot.cartridge_id).update(removed_at=now + timedelta(days=55), end_percent=0)
    ((_of, kept),) = queries.kept(Scope.everything(), printer_id=slot.printer_id)
    assert kept.was_on == clock.day_of(now + timedelta(days=40))


def learn(now: datetime) -> None:
    for model_name, slot_ids in queries.samples().items():
        operations.learn(model_name=model_name, slot_ids=slot_ids, now=now)


def test_a_bounded_sample_stands_for_each_group(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Callable[..., Any]
) -> None:
    monkeypatch.setattr(queries, "FEWEST_OF_A_MODEL", 3)
    models = [PrinterModel.objects.create(name=name) for name in ("Common", "Rare")]
    for number in range(14):
        model = models[number // 12]
        printer = Printer.objects.create(customer=cast.erable, site=cast.sites["erable"], model=model)
        Slot.objects.create(
            customer=cast.erable, printer=printer, index="1.1", kind="toner", supply_class="consumed",
            read_at=clock.now(), changed_at=clock.now(), gone_at=clock.now() if number == 0 else None,
        )  # fmt: skip
    with django_assert_num_queries(1):
        found = queries.samples(most=5)
    here = list(Slot.objects.filter(gone_at__isnull=True).order_by("pk").values_list("pk", flat=True))
    assert found == {queries.EVERY_MODEL: here[::3], "Common": here[:11:3]}


def test_every_night_the_groups_are_learnt_one_by_one(
    cast: SimpleNamespace, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "FEWEST_OF_A_MODEL", 2)
    model = PrinterModel.objects.create(name="Common")
    for _ in range(2):
        slot = slot_with_levels(cast, now, days=30, start=90, per_day=1)
        Printer.objects.filter(pk=slot.printer_id).update(model=model)
    forecasts.nightly()
    scoping.enter(Scope.everything())
    assert sorted(FleetExperience.objects.values_list("model_name", "series")) == [("", 2), ("Common", 2)]


def test_history_is_replayed_model_by_model(
    cast: SimpleNamespace, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "FEWEST_OF_A_MODEL", 2)
    for name in ("Common", "Common", "Rare"):
        slot = slot_with_levels(cast, now, days=30, start=85, per_day=1)
        model, _ = PrinterModel.objects.get_or_create(name=name)
        Printer.objects.filter(pk=slot.printer_id).update(model=model)
    loaded: list[int] = []
    load = queries.load

    def noted(scope: Scope, *, slot_ids: Collection[int], now: datetime) -> queries.Loaded:
        loaded.append(len(slot_ids))
        return load(scope, slot_ids=slot_ids, now=now)

    monkeypatch.setattr(queries, "load", noted)
    scores = command.of_samples()
    scoping.enter(Scope.everything())
    assert loaded == [3, 2]
    assert [one.group for one in scores] == ["all", "Common", "Rare"]
    assert [one.forecasts / scores[-1].forecasts for one in scores] == [3, 2, 1]


def test_the_fleets_experience_serves_who_tells_little(cast: SimpleNamespace, now: datetime) -> None:
    for _ in range(10):
        slot_with_levels(cast, now, days=40, start=90, per_day=1)
    young = slot_with_levels(cast, now, days=5, start=90, per_day=1)
    forget_what_was_before(young)
    learn(now)
    assert list(FleetExperience.objects.values_list("model_name", "series")) == [("", 11)]
    forecast = queries.forecasts(Scope.everything(), slot_ids=[young.pk], now=now)[young.pk]
    assert forecast.basis is Basis.FLEET
    assert forecast.p90_days is not None
    assert forecast.p10_days is not None
    assert forecast.p90_days > 2 * forecast.p10_days


def test_the_printers_page_says_what_was_said(cast: SimpleNamespace, now: datetime) -> None:
    slot = slot_with_levels(cast, now, days=30, start=90, per_day=1)
    on = clock.day_of(now)
    day = timedelta(days=1)
    Cartridge.objects.filter(pk=slot.cartridge_id).update(removed_at=now - day, end_percent=1)
    Said.objects.create(
        customer=cast.erable, slot=slot, cartridge=slot.cartridge,
        said_on=on - 20 * day, p10_on=on - 5 * day, p50_on=on - 3 * day, p90_on=on + 4 * day,
    )  # fmt: skip
    with translation.override("en-ca"):
        shown = printer_page.page(cast.owner.actor, slot.printer, now=now)["said"]
    assert shown == ["Toner: said November\u00a020, was November\u00a022."]
    with translation.override("fr-ca"):
        shown = printer_page.page(cast.owner.actor, slot.printer, now=now)["said"]
    assert shown == ["Toner\u00a0: prévu le 20\u00a0novembre, arrivé le 22\u00a0novembre."]
