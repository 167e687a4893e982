"""Forecasts of many slots are made at once and stored, with what was said; the fleet's experience is learnt nightly."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from econcierge.accounts.types import Scope
from econcierge.core import clock
from econcierge.forecasting import queries, rules, saying
from econcierge.forecasting import types as t
from econcierge.forecasting.models import FleetExperience, Said, SupplyForecast
from econcierge.supplies.models import Slot

_FIGURES = ("p10_days", "p50_days", "p90_days", "p_empty_7d", "p_empty_14d", "basis")


def refresh(*, slot_ids: Collection[int], now: datetime) -> int:
    """Makes and stores the forecasts of these slots; how many. A bounded number of statements."""
    loaded = queries.load(Scope.everything(), slot_ids=slot_ids, now=now)
    made = list(zip(loaded.slots, queries.made(loaded), strict=True))
    SupplyForecast.objects.bulk_create(
        [_row(slot, forecast, now) for slot, forecast in made],
        update_conflicts=True,
        unique_fields=["slot"],
        update_fields=["cartridge", "at", "made_at", *_FIGURES],
    )
    _remember(made, now=now)
    return len(made)


def learn(*, model_name: str, slot_ids: Collection[int], now: datetime) -> None:
    """What the printers of a model (or all: "") have in common, from the histories of some (`queries.samples`)."""
    loaded = queries.load(Scope.everything(), slot_ids=slot_ids, now=now)
    if loaded.slots:
        FleetExperience.objects.update_or_create(
            model_name=model_name,
            defaults={"figures": asdict(rules.learn(loaded.histories)), "series": len(loaded.slots), "made_at": now},
        )


def _row(slot: Slot, forecast: t.Forecast, now: datetime) -> SupplyForecast:
    figures = {name: getattr(forecast, name) for name in _FIGURES}
    return SupplyForecast(
        customer_id=slot.customer_id,
        slot=slot,
        cartridge_id=slot.cartridge_id,
        at=forecast.at,
        made_at=now,
        **(figures | {"basis": forecast.basis.value}),
    )


def _remember(made: Iterable[tuple[Slot, t.Forecast]], *, now: datetime) -> None:
    """Keeps what is worth keeping of what was said now."""
    said = {slot.pk: (slot, one) for slot, forecast in made if (one := _saying(slot, forecast, now)) is not None}
    last = Said.objects.filter(slot_id__in=said).order_by("slot_id", "-said_on").distinct("slot_id")
    before = {row.slot_id: row for row in last}
    rows = []
    for slot, one in said.values():
        row = before.get(slot.pk)
        same = queries.said_row(row) if row is not None and row.cartridge_id == slot.cartridge_id else None
        if saying.is_worth_keeping(before=same, now=one):
            rows.append(_said(slot, one))
    Said.objects.bulk_create(rows, ignore_conflicts=True)


def _saying(slot: Slot, forecast: t.Forecast, now: datetime) -> saying.Saying | None:
    """In days of the calendar; None without a basis or a cartridge."""
    if forecast.p10_days is None or forecast.p50_days is None or forecast.p90_days is None or not slot.cartridge_id:
        return None
    days = (forecast.p10_days, forecast.p50_days, forecast.p90_days)
    p10_on, p50_on, p90_on = (clock.day_of(forecast.at + timedelta(days=one)) for one in days)
    return saying.Saying(clock.day_of(now), p10_on, p50_on, p90_on)


def _said(slot: Slot, one: saying.Saying) -> Said:
    return Said(
        customer_id=slot.customer_id,
        slot=slot,
        cartridge_id=slot.cartridge_id,
        said_on=one.said_on,
        p10_on=one.p10_on,
        p50_on=one.p50_on,
        p90_on=one.p90_on,
    )
