"""What is said of a line in a basket: why it stays out of the order, what it cost before, what is there already."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from econcierge.core import clock
from econcierge.interfaces.shared import moments, numbers
from econcierge.journeys.basket import Line
from econcierge.journeys.in_flight import Coming
from econcierge.orders.types import BasketStanding

WHY = {
    BasketStanding.NO_PRICE: gettext_noop("Your dealer no longer has a price for it. Ask your dealer."),
    BasketStanding.DOES_NOT_FIT: gettext_noop("It does not fit this printer."),
    BasketStanding.NOT_SOLD: gettext_noop("It is no longer sold here."),
    BasketStanding.OUT_OF_SERVICE: gettext_noop("This printer was taken out of service."),
}


def why_left_out(line: Line, *, now: datetime) -> str:
    """Why a line is not ordered with the others; "" for one that is."""
    if line.is_ready:
        return ""
    return _(WHY[line.standing]) if line.standing in WHY else _ordered(line, now=now)


def _ordered(line: Line, *, now: datetime) -> str:
    assert line.ordered is not None
    order = line.ordered.order
    day = moments.since(clock.day_of(order.placed_at), on=clock.day_of(now))
    named = {"n": line.ordered.quantity, "day": day, "name": order.placed_by, "number": order.number}
    if order.placed_by is None:
        return _("Ordered automatically %(day)s: %(n)s (order %(number)s).") % named
    return _("Ordered %(day)s by %(name)s: %(n)s (order %(number)s).") % named


def price_was(line: Line) -> str:
    """ "164.95 $ when you put it in"; "" while the price is the same."""
    return (
        _("It was %(price)s when you put it in.") % {"price": numbers.money(line.price_was)} if line.price_was else ""
    )


def there_is(coming: Sequence[Coming], *, now: datetime) -> str:
    """What is on its way to a place, or was delivered and not put in; "" for nothing."""
    if not coming:
        return ""
    one, on = coming[0], clock.day_of(now)
    if one.arrived_on is not None:
        return _("One was delivered %(day)s and is not put in yet.") % {"day": moments.since(one.arrived_on, on=on)}
    if one.expected_on is None:
        return _("One is on its way already.")
    if one.expected_on < on:
        return _("One was expected %(day)s and has not come.") % {"day": moments.since(one.expected_on, on=on)}
    return _("One is on its way already, %(day)s.") % {"day": moments.around(one.expected_on, on=on)}
