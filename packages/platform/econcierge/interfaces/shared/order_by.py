"""By when to order, as a sentence: from the forecast against how long deliveries take (R16)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from econcierge.core import wording
from econcierge.interfaces.shared import moments
from econcierge.journeys.replenish import SlotAdvice
from econcierge.replenishment.types import Action, Why

FARTHEST_DAYS = 180  # a day farther off helps nobody
SOON_DAYS = 14


def is_soon(advice: SlotAdvice | None, *, on: date) -> bool:
    """Whether somebody ought to look at it now."""
    if advice is None:
        return False
    known = advice.advice
    is_near = known.latest_order_on is not None and (known.latest_order_on - on).days <= SOON_DAYS
    return (
        known.action is Action.ORDER_NOW
        or known.why is Why.ON_THE_WAY_LATE
        or (is_near and known.action is Action.WAIT)
    )


def sentence(advice: SlotAdvice | None, *, on: date) -> str:
    """ "Order by December 4 to have it in time."; "" where nothing can be said."""
    if advice is None or advice.advice.why in {Why.ON_THE_WAY, Why.UNKNOWN}:
        return ""
    known = advice.advice
    if known.why is Why.ON_THE_SHELF:
        return _("There is one on the shelf already.")
    if known.why in {Why.ON_THE_WAY_LATE, Why.LATE} and advice.slot.kind in wording.FILLED:
        return _("It may be full before a delivery comes.")
    if known.why is Why.ON_THE_WAY_LATE:
        return _("What is on its way may come after it is empty: ask where it is.")
    if known.why is Why.LATE:
        return _("Order now: it may be empty before a delivery comes. Express is faster.")
    if known.action is Action.ORDER_NOW:
        return _("Order today to have it in time.") if known.why is Why.DUE else ""
    if known.latest_order_on is None or (known.latest_order_on - on).days > FARTHEST_DAYS:
        return ""
    return _("Order by %(day)s to have it in time.") % {"day": moments.date_of(known.latest_order_on, on=on)}
