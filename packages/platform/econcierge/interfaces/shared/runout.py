"""When a supply will be empty, as a range of days and in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from econcierge.core import clock
from econcierge.core import wording as core_wording
from econcierge.forecasting.types import Forecast
from econcierge.interfaces.shared import moments

FAR_DAYS = 365.0


def days_left(forecast: Forecast | None, *, now: datetime) -> float | None:
    """Days from now until half of such supplies are empty; None without a basis."""
    if forecast is None or forecast.p50_days is None:
        return None
    return max(0.0, forecast.p50_days - (now - forecast.at) / timedelta(days=1))


def range_in_words(forecast: Forecast | None, *, now: datetime) -> str:
    """ "December 12 to 19"; "" without a basis, "in more than a year" beyond that."""
    if forecast is None or forecast.p10_days is None or forecast.p90_days is None:
        return ""
    if forecast.p10_days > FAR_DAYS:
        return _("in more than a year")
    on = clock.day_of(now)
    first = max(on, clock.day_of(forecast.at + timedelta(days=forecast.p10_days)))
    last = max(on, clock.day_of(forecast.at + timedelta(days=min(forecast.p90_days, 730.0))))
    return moments.day_range(first, last, on=on)


def in_words(kind: str, days: str) -> str:
    """ "runs out December 12 to 19", of a waste container "will be full …"; "" where nothing can be said."""
    if not days:
        return ""
    said = _("will be full %(days)s") if kind in core_wording.FILLED else _("runs out %(days)s")
    return said % {"days": days}


def around(forecast: Forecast | None, *, now: datetime) -> str:
    """ "around Thursday"; "" without a basis."""
    if forecast is None or forecast.p50_days is None or forecast.p50_days > FAR_DAYS:
        return ""
    day = clock.day_of(forecast.at + timedelta(days=forecast.p50_days))
    return moments.around(day, on=clock.day_of(now))
