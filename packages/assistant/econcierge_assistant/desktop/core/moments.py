"""Moments and days in words, in the chosen language; never more precise than they are. Days are the computer's own."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from econcierge_assistant.desktop.core.texts import NO_BREAK, Language, current, ngettext, pgettext
from econcierge_assistant.desktop.core.texts import gettext as _

_MONTHS = {
    Language.ENGLISH: "January February March April May June July August September October November December",
    Language.FRENCH: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
_SHORT_MONTHS = {
    Language.ENGLISH: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    Language.FRENCH: "janv. févr. mars avr. mai juin juill. août sept. oct. nov. déc.",
}


def ago(value: datetime, *, now: datetime) -> str:
    """How long since, in its largest unit."""
    minutes = max(0, int((now - value).total_seconds() // 60))
    if minutes < 2:
        return _("just now")
    if minutes < 60:
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        hours = minutes // 60
        return ngettext("%(n)s hour ago", "%(n)s hours ago", hours) % {"n": hours}
    days = minutes // (24 * 60)
    return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}


def long_day(value: date, *, on: date) -> str:
    """ "December 12", « 12 décembre »; with its year when that is not near."""
    month = _MONTHS[current()].split()[value.month - 1]
    near = value.year == on.year or abs((value - on).days) < 150
    if current() is Language.FRENCH:
        number = "1er" if value.day == 1 else str(value.day)
        return NO_BREAK.join([number, month] if near else [number, month, str(value.year)])
    text = f"{month}{NO_BREAK}{value.day}"
    return text if near else f"{text}, {value.year}"


def time_of_day(value: datetime, *, zone: tzinfo | None = None) -> str:
    """ "14:00"; « 14 h », « 14 h 30 »."""
    local = value.astimezone(zone)
    if current() is not Language.FRENCH:
        return f"{local:%H:%M}"
    hour = f"{local.hour}{NO_BREAK}h"
    return f"{hour}{NO_BREAK}{local.minute:02}" if local.minute else hour


def moment(value: datetime, *, now: datetime, zone: tzinfo | None = None) -> str:
    """ "today 14:00", "December 12 14:00"."""
    local, today = value.astimezone(zone).date(), now.astimezone(zone).date()
    named = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    day = named.get((local - today).days) or long_day(local, on=today)
    return pgettext("moment", "%(day)s %(time)s") % {"day": day, "time": time_of_day(value, zone=zone)}


def short_month(value: date) -> str:
    return _SHORT_MONTHS[current()].split()[value.month - 1]


def percent(value: float) -> str:
    """ "43 %" with a space that does not break; whole points, as gauges are no better."""
    return f"{int(value + 0.5)}{NO_BREAK}%"


def whole(value: float) -> str:
    """ "1,234" or « 1 234 »."""
    return f"{round(value):,}".replace(",", "," if current() is Language.ENGLISH else NO_BREAK)
