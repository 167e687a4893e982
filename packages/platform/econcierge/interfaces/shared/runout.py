"""When a supply will be empty, as a range of days and in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from econcierge.core import clock
from econcierge.core import wording as core_wording
from econcierge.forecasting.types import Basis, Forecast
from econcierge.interfaces.shared import moments
from econcierge.supplies import rules
from econcierge.supplies.types import Age, SlotView
from econcierge_printers.model import LevelState

FAR_DAYS = 365.0


def is_used_up(slot: SlotView) -> bool:
    """Empty, or full where it fills up: its level says so, or its panel where the level does not contradict."""
    says_so = slot.panel in {"empty", "full"} and not slot.panel_disagrees
    return slot.percent == 0 or slot.state == LevelState.OVERDUE or says_so


def is_silent(slot: SlotView, *, now: datetime) -> bool:
    return rules.age(said_at=slot.read_at, now=now) is Age.SILENT


def worth_saying(slot: SlotView, forecast: Forecast | None, *, now: datetime) -> Forecast | None:
    """None of what is empty already, and of what has said nothing for a week: no day can be told of these."""
    return None if is_used_up(slot) or is_silent(slot, now=now) else forecast


def days_left(forecast: Forecast | None, *, now: datetime) -> float | None:
    """Days from now until half of such supplies are empty; None without a basis."""
    if forecast is None or forecast.p50_days is None:
        return None
    return max(0.0, forecast.p50_days - (now - forecast.at) / timedelta(days=1))


def range_in_words(forecast: Forecast | None, *, now: datetime) -> str:
    """ "December 12 to 19"; "" without a basis, "in more than a year" beyond that.

    What rests on other printers alone is wide, and said to be an estimate.
    """
    if forecast is None or forecast.p10_days is None or forecast.p90_days is None:
        return ""
    if forecast.p10_days > FAR_DAYS:
        return _("in more than a year")
    on = clock.day_of(now)
    first = max(on, clock.day_of(forecast.at + timedelta(days=forecast.p10_days)))
    last = max(on, clock.day_of(forecast.at + timedelta(days=min(forecast.p90_days, 730.0))))
    days = moments.day_range(first, last, on=on)
    return _("%(days)s, estimated from similar printers") % {"days": days} if forecast.basis is Basis.FLEET else days


def sentence(slot: SlotView, forecast: Forecast | None, *, now: datetime) -> str:
    """As `in_words`, of a slot."""
    return in_words(slot.kind, range_in_words(worth_saying(slot, forecast, now=now), now=now))


def in_words(kind: str, days: str) -> str:
    """ "runs out December 12 to 19", of a waste container "will be full …"; "" where nothing can be said."""
    if not days:
        return ""
    said = _("will be full %(days)s") if kind in core_wording.FILLED else _("runs out %(days)s")
    return said % {"days": days}


def used_up(slot: SlotView) -> str:
    return _("full") if slot.kind in core_wording.FILLED else _("empty")


def around(forecast: Forecast | None, *, now: datetime) -> str:
    """ "around Thursday"; "" without a basis."""
    if forecast is None or forecast.p50_days is None or forecast.p50_days > FAR_DAYS:
        return ""
    day = clock.day_of(forecast.at + timedelta(days=forecast.p50_days))
    return moments.around(day, on=clock.day_of(now))
