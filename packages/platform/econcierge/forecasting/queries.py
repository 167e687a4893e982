"""Forecasts of slots as they were stored, made anew where something changed since; and what was said before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import F, Q, QuerySet

from econcierge.accounts import queries as accounts
from econcierge.accounts.types import Scope
from econcierge.core import clock
from econcierge.fleet import sightings
from econcierge.forecasting import experience, rules, saying
from econcierge.forecasting import types as t
from econcierge.forecasting.experience import Experience
from econcierge.forecasting.histories import Histories
from econcierge.forecasting.models import SOON_DAYS, FleetExperience, Said, SupplyForecast
from econcierge.supplies import lives
from econcierge.supplies.models import LevelChange, Slot

LOOKED_BACK = timedelta(days=600)
EVERY_MODEL = ""
FEWEST_OF_A_MODEL = 40  # slots; below, a model leans on all printers together
_STORED = ("at", "p10_days", "p50_days", "p90_days", "p_empty_7d", "p_empty_14d", "basis")


@dataclass(frozen=True, slots=True)
class Loaded:
    """Histories of slots in the order of `slots`; `models` names the printer's model of each."""

    slots: tuple[Slot, ...]
    models: tuple[str, ...]
    histories: Histories


def forecasts(scope: Scope, *, slot_ids: Collection[int], now: datetime) -> dict[int, t.Forecast]:
    """By slot, as of its last reading; slots that are not seen are left out.

    One query where everything is stored; two more for those that said something new since.
    """
    slots = accounts.limit(scope, Slot.objects.filter(pk__in=list(slot_ids))).select_related("forecast")
    found: dict[int, t.Forecast] = {}
    anew: list[int] = []
    for slot in slots:
        stored = getattr(slot, "forecast", None)
        if stored is None or stored.cartridge_id != slot.cartridge_id or stored.at < slot.changed_at:
            anew.append(slot.pk)
        else:
            found[slot.pk] = _stored(stored)
    if anew:
        loaded = load(scope, slot_ids=anew, now=now)
        found |= dict(zip((slot.pk for slot in loaded.slots), made(loaded), strict=True))
    return found


def may_run_out_soon(scope: Scope, *, customer_id: int | None, most: int) -> list[int]:
    """Slots of printers in use that one in ten is empty of within `models.SOON_DAYS`, the soonest first; one query."""
    rows = accounts.limit(scope, SupplyForecast.objects.filter(p10_days__lte=SOON_DAYS))
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    rows = rows.filter(slot__gone_at__isnull=True, slot__printer__retired_at__isnull=True)
    return list(rows.order_by("p10_days").values_list("slot_id", flat=True)[:most])


def made(loaded: Loaded) -> list[t.Forecast]:
    """Forecasts made now, with the experience of each one's model, else of all."""
    if not loaded.slots:
        return []
    known = experiences(loaded.models)
    found: list[t.Forecast | None] = [None] * len(loaded.slots)
    names = np.array([name if name in known else EVERY_MODEL for name in loaded.models])
    for name in np.unique(names):
        rows = np.flatnonzero(names == name)
        many = rules.chosen(loaded.histories, rows)
        some = rules.forecast_many(many, experience=known.get(str(name)))
        for place, row in enumerate(rows):
            found[row] = some.one(place, at=loaded.slots[row].read_at)
    return [one for one in found if one is not None]


def experiences(models: Iterable[str]) -> dict[str, Experience]:
    """Of these models and of all together ("")."""
    rows = FleetExperience.objects.filter(model_name__in={*models, EVERY_MODEL})
    return {row.model_name: experience.experience_from_json(row.figures) for row in rows}


def load(scope: Scope, *, slot_ids: Collection[int], now: datetime) -> Loaded:
    """What these slots said, cartridge by cartridge, up to their last reading; two queries."""
    slots = accounts.limit(scope, Slot.objects.filter(pk__in=list(slot_ids)))
    return _loaded(scope, slots, now=now)


def samples(*, most: int = rules.LEARNT_FROM) -> dict[str, list[int]]:
    """Slots that stand for all printers (""), first, and for each model that has enough of them; one query.

    At most so many of each, evenly spread, so that the histories of a group fit in memory however large the platform.
    """
    rows = Slot.objects.filter(gone_at__isnull=True).order_by("pk").values_list("pk", "printer__model__name")
    groups: dict[str, list[int]] = defaultdict(list)
    for slot_id, model in rows:
        groups[EVERY_MODEL].append(slot_id)
        if model:
            groups[model].append(slot_id)
    return {
        name: ids[:: -(-len(ids) // most)]
        for name, ids in groups.items()
        if name == EVERY_MODEL or len(ids) >= FEWEST_OF_A_MODEL
    }


def kept(scope: Scope, *, printer_id: int, most: int = 4) -> list[tuple[Slot, saying.Kept]]:
    """What was said of a printer's cartridges that are gone, well ahead, beside what happened; the latest first.

    What happened is the day on which it said that it is empty, else the day on which it was replaced.
    """
    rows = Said.objects.filter(slot__printer_id=printer_id, cartridge__removed_at__isnull=False)
    rows = accounts.limit(scope, rows).filter(
        Q(cartridge__end_percent__isnull=True) | Q(cartridge__end_percent__lte=10)
    )
    by_cartridge: dict[int, list[Said]] = defaultdict(list)
    for row in rows.select_related("slot", "cartridge").order_by("-cartridge__removed_at", "cartridge_id", "said_on"):
        by_cartridge[row.cartridge_id].append(row)
    emptied_at = lives.emptied_at(scope, cartridge_ids=list(by_cartridge))
    found = []
    for cartridge_id, of_one in by_cartridge.items():
        was_on = clock.day_of(emptied_at.get(cartridge_id, of_one[0].cartridge.removed_at))
        counts = saying.that_counts([said_row(row) for row in of_one], was_on=was_on)
        if counts is not None:
            found.append((of_one[0].slot, saying.Kept(counts, was_on)))
    return found[:most]


def said_row(row: Said) -> saying.Saying:
    return saying.Saying(row.said_on, row.p10_on, row.p50_on, row.p90_on)


def to_refresh(scope: Scope, *, customer_id: int, most: int) -> list[int]:
    """Slots of a customer that said something new since their forecast, or have none."""
    slots = accounts.limit(scope, Slot.objects.filter(customer_id=customer_id, gone_at__isnull=True))
    stale = Q(forecast__isnull=True) | Q(forecast__at__lt=F("changed_at"))
    return list(slots.filter(stale).order_by("pk").values_list("pk", flat=True)[:most])


def _stored(row: SupplyForecast) -> t.Forecast:
    at, p10, p50, p90, week, fortnight, basis = (getattr(row, name) for name in _STORED)
    return t.Forecast(at, p10, p50, p90, week, fortnight, t.Basis(basis))


def _loaded(scope: Scope, slots: QuerySet[Slot], *, now: datetime) -> Loaded:
    found = tuple(slots.select_related("printer__model").order_by("pk"))
    numbers = {slot.pk: number for number, slot in enumerate(found)}
    rows = LevelChange.objects.filter(slot_id__in=list(numbers), at__gte=now - LOOKED_BACK).order_by("slot_id", "at")
    said = [
        (numbers[slot_id], rules.days_of(at), percent, pages, cartridge)
        for slot_id, at, percent, pages, cartridge in accounts.limit(scope, rows).values_list(
            "slot_id", "at", "percent", "pages_total", "cartridge_id"
        )
    ]
    said += [_at_last(number, slot) for number, slot in enumerate(found)]
    models = tuple(str(slot.printer.model) if slot.printer.model_id else "" for slot in found)
    return Loaded(found, models, _columns(said, found))


def _at_last(number: int, slot: Slot) -> tuple[Any, ...]:
    """The last reading, which is kept with the slot where it changed nothing."""
    percent = slot.percent if slot.state == "measured" else None
    return (number, rules.days_of(slot.read_at), percent, sightings.lifetime_pages(slot.printer), slot.cartridge_id)


def _columns(said: list[tuple[Any, ...]], slots: tuple[Slot, ...]) -> Histories:
    series, at, percent, pages, cartridge = zip(*said, strict=True) if said else ((), (), (), (), ())
    number = np.array(series, dtype=np.int64)
    step = np.array([rules.step_of(slot.levels_seen) for slot in slots], dtype=float)
    return rules.in_order(
        Histories(
            count=len(slots),
            series=number,
            at=np.array(at, dtype=float),
            percent=np.array([np.nan if one is None else float(one) for one in percent]),
            step=step[number] if len(number) else np.zeros(0),
            pages=np.array([np.nan if one is None else one for one in pages], dtype=float),
            serial=np.array([-1 if one is None else one for one in cartridge], dtype=np.int64),
        )
    )
