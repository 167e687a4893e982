"""A row of the monthly report as a mail shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from econcierge.notifications import figures


def value(row: Mapping[str, Any]) -> str:
    """ "2 (5 days)", "3 ($41.20)"; a figure that the data does not give is said to be unknown, never zero."""
    if row.get("count") is None:
        return days(row["days"]) if row.get("days") is not None else _hours(row.get("hours"))
    count = number_format(row["count"], use_l10n=True, force_grouping=True)
    if row["count"] and row.get("days") is not None:
        return f"{count} ({days(row['days'])})"
    if row["count"] and row.get("amount_minor") is not None:
        return f"{count} ({figures.money(row['amount_minor'], row.get('currency', 'CAD'))})"
    return count


def days(count: float) -> str:
    """ "5 days", « 5 jours »; "less than a day" below one."""
    if count < 1:
        return _("less than a day")
    whole = round(count)
    return ngettext("%(n)s day", "%(n)s days", whole) % {"n": whole}


def _hours(hours: float | None) -> str:
    """As precise as the CSV: "1.5 h", « 1,5 h »."""
    if hours is None:
        return _("not reported")
    return f"{number_format(round(hours, 1), decimal_pos=1, use_l10n=True)}{figures.NO_BREAK}h"
