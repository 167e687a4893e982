"""Numbers and moments as each language writes them, for inside what the service says."""

from __future__ import annotations

from datetime import datetime

from econcierge_assistant.service import texts

_MONTHS = "January February March April May June July August September October November December"
_MOIS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"


def number(value: float) -> texts.Said:
    """ "65,536" and "0.1", « 65 536 » et « 0,1 »."""
    if value == int(value):
        return _worded(f"{int(value):,}", f"{int(value):,}".replace(",", texts.NO_BREAK))
    return _worded(f"{value:g}", f"{value:g}".replace(".", ","))


def moment(value: datetime) -> texts.Said:
    """ "November 23, 2026, 14:30", « 23 novembre 2026, 14 h 30 », by this computer's own time zone."""
    local = value.astimezone()
    hour = texts.NO_BREAK.join([str(local.hour), "h", *([f"{local.minute:02}"] if local.minute else [])])
    day = "1er" if local.day == 1 else str(local.day)
    return _worded(
        f"{_MONTHS.split()[local.month - 1]}{texts.NO_BREAK}{local.day}, {local.year}, {local:%H:%M}",
        f"{texts.NO_BREAK.join([day, _MOIS.split()[local.month - 1], str(local.year)])}, {hour}",
    )


def _worded(english: str, french: str) -> texts.Said:
    return texts.said("worded", en=english, fr=french)
