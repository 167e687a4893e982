"""Moments, days and ranges in words, never more precise than they are: "around Thursday", "12 to 19 December".

Days are of the programme's time zone (`core.clock.day_of`); every function takes the present moment or day.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import dateformat, timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from econcierge.core import clock

NO_BREAK = "\u00a0"


def in_french() -> bool:
    return (get_language() or "").startswith("fr")


def time_of_day(moment: datetime) -> str:
    """ "14:00"; « 14 h », « 14 h 30 »."""
    local = timezone.localtime(moment)
    if not in_french():
        return f"{local:%H:%M}"
    hour = f"{local.hour}{NO_BREAK}h"
    return f"{hour}{NO_BREAK}{local.minute:02}" if local.minute else hour


def date_of(day: date, *, on: date | None = None) -> str:
    """ "December 12, 2026"; « 1er décembre 2026 ». The year is left out when it is that of `on` or near it."""
    near = on is not None and (day.year == on.year or abs((day - on).days) < 150)
    if in_french():
        number = "1er" if day.day == 1 else str(day.day)
        text = f"{number}{NO_BREAK}{dateformat.format(day, 'F')}"
        return text if near else f"{text}{NO_BREAK}{day.year}"
    return dateformat.format(day, "F j" if near else "F j, Y").replace(" ", NO_BREAK, 1)


def day(value: date, *, on: date) -> str:
    """ "today", "tomorrow", "Thursday" within six days, then the date."""
    distance = (value - on).days
    named = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    if distance in named:
        return named[distance]
    if 1 < distance < 7:
        return dateformat.format(value, "l")
    return pgettext("day", "%(date)s") % {"date": date_of(value, on=on)}


def since(value: date, *, on: date) -> str:
    """A day gone by, after "since": "today", "yesterday", "Tuesday", "November 3"; « le 3 novembre »."""
    if 1 < (on - value).days < 7:
        return dateformat.format(value, "l")
    return day(value, on=on)


def moment(value: datetime, *, now: datetime) -> str:
    """ "today 14:00", « demain 14 h »."""
    named = day(clock.day_of(value), on=clock.day_of(now))
    return pgettext("moment", "%(day)s %(time)s") % {"day": named, "time": time_of_day(value)}


def around(value: date, *, on: date) -> str:
    """A day that is an estimate: "around Thursday", "around December 12"."""
    if value <= on:
        return pgettext("estimated day", "today")
    if value == on + timedelta(days=1):
        return pgettext("estimated day", "tomorrow")
    if (value - on).days > 90:
        return pgettext("estimated day", "around %(month)s") % {"month": dateformat.format(value, "F Y")}
    if (value - on).days < 7:
        return pgettext("estimated day", "around %(weekday)s") % {"weekday": dateformat.format(value, "l")}
    return pgettext("estimated day", "around %(date)s") % {"date": date_of(value, on=on)}


def day_range(first: date, last: date, *, on: date) -> str:
    """ "December 12 to 19"; « du 12 au 19 décembre »."""
    if first >= last:
        return pgettext("days", "on %(date)s") % {"date": date_of(first, on=on)}
    end = date_of(last, on=on)
    if (first.year, first.month) != (last.year, last.month):
        start = date_of(first, on=on)
    elif in_french():
        start = "1er" if first.day == 1 else str(first.day)
    else:
        start, end = date_of(first, on=on).split(",")[0], str(last.day)
    return pgettext("days", "%(first)s to %(last)s") % {"first": start, "last": end}


def ago(value: datetime, *, now: datetime) -> str:
    """How long since, in its largest unit."""
    minutes = max(0, int((now - value).total_seconds() // 60))
    if minutes < 2:
        return _("just now")
    if minutes < 60:
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)s hour ago", "%(n)s hours ago", minutes // 60) % {"n": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}


def how_long(length: timedelta) -> str:
    """A length of time in its largest unit: "11 minutes", "30 days"."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 120:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    if hours < 48:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    days = round(hours / 24)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def about_so_long(days: float) -> str:
    """A length of time that is an estimate: "about 12 days", "about 5 months"."""
    whole = max(1, round(days))
    if whole < 21:
        return ngettext("about %(n)s day", "about %(n)s days", whole) % {"n": whole}
    if whole < 70:
        weeks = round(whole / 7)
        return ngettext("about %(n)s week", "about %(n)s weeks", weeks) % {"n": weeks}
    if whole < 700:
        months = round(whole / 30.4)
        return ngettext("about %(n)s month", "about %(n)s months", months) % {"n": months}
    return _("two years or longer")


def pace(speed: float) -> str:
    """How fast a demonstration's time runs: "one hour passes every second"; `speed` in seconds a second."""
    hours = {1: _("one hour passes every second"), 2: _("two hours pass every second")}
    if speed < 60:
        return _("time passes %(n)s times as fast") % {"n": f"{speed:.0f}"} if speed >= 2 else _("time passes as usual")
    if speed < 3600:
        minutes = round(speed / 60)
        return ngettext("%(n)s minute passes every second", "%(n)s minutes pass every second", minutes) % {"n": minutes}
    if speed < 86_400:
        count = round(speed / 3600)
        several = ngettext("%(n)s hour passes every second", "%(n)s hours pass every second", count) % {"n": count}
        return hours.get(count, several)
    days = round(speed / 86_400)
    if days == 1:
        return _("one day passes every second")
    return ngettext("%(n)s day passes every second", "%(n)s days pass every second", days) % {"n": days}
