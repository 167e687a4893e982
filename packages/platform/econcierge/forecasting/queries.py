"""Forecasts of slots, from the levels kept since each one's cartridge came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import F

from econcierge.accounts import queries as accounts
from econcierge.accounts.types import Scope
from econcierge.forecasting import rules
from econcierge.forecasting import types as t
from econcierge.supplies import rules as supplies
from econcierge.supplies.models import LevelChange, Slot

_LOOKED_BACK = timedelta(days=365)


def forecasts(scope: Scope, *, slot_ids: Collection[int], now: datetime) -> dict[int, t.Forecast]:
    """By slot, as of its last reading; slots that are not seen are left out. Two queries however many slots."""
    read_at = dict(accounts.limit(scope, Slot.objects.filter(pk__in=slot_ids)).values_list("pk", "read_at"))
    points = _points(scope, slot_ids=read_at, since=now - _LOOKED_BACK)
    return {slot_id: _forecast(points.get(slot_id, []), as_of) for slot_id, as_of in read_at.items()}


def _forecast(points: list[t.LevelPoint], as_of: datetime) -> t.Forecast:
    step = supplies.gauge_step(percents=[point.percent for point in points])
    return rules.forecast_supply(points=points, as_of=as_of, gauge_step=step)


def _points(scope: Scope, *, slot_ids: Collection[int], since: datetime) -> dict[int, list[t.LevelPoint]]:
    """Measured levels of the cartridge that sits in each slot now, oldest first."""
    rows = accounts.limit(scope, LevelChange.objects.filter(slot_id__in=slot_ids, at__gte=since))
    rows = rows.filter(percent__isnull=False, cartridge_id=F("slot__cartridge_id")).order_by("slot_id", "at")
    found: dict[int, list[t.LevelPoint]] = defaultdict(list)
    for slot_id, at, percent in rows.values_list("slot_id", "at", "percent"):
        found[slot_id].append(t.LevelPoint(at, float(percent)))
    return found
