"""By when to order, as a sentence: from the forecast against how long deliveries take (R16)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from econcierge.core import wording
from econcierge.interfaces.shared import moments, runout
from econcierge.journeys.replenish import SlotAdvice
from econcierge.replenishment.types import Action, Advice, Why

FARTHEST_DAYS = 180  # a day farther off helps nobody
SOON_DAYS = 14
WORTH_ALARM_RISK = 0.1  # that it is empty before a delivery comes; below, today is merely the day to order


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
    if known.why is Why.ON_THE_WAY_LATE or (known.why is Why.LATE and _is_alarming(known)):
        return _alarm(advice)
    if known.action is Action.ORDER_NOW:
        return _("Order today to have it in time.") if known.why in {Why.DUE, Why.LATE} else ""
    if known.latest_order_on is None or (known.latest_order_on - on).days > FARTHEST_DAYS:
        return ""
    return _("Order by %(day)s to have it in time.") % {"day": moments.date_of(known.latest_order_on, on=on)}


def _is_alarming(known: Advice) -> bool:
    return known.stock_out_risk is None or known.stock_out_risk >= WORTH_ALARM_RISK


def _alarm(advice: SlotAdvice) -> str:
    """It may well be empty before one comes, or is empty already."""
    is_coming = advice.advice.why is Why.ON_THE_WAY_LATE
    if runout.is_used_up(advice.slot):
        return _("Ask where the delivery is.") if is_coming else _("Order now. Express is faster.")
    if advice.slot.kind in wording.FILLED:
        return _("It may be full before a delivery comes.")
    if is_coming:
        return _("What is on its way may come after it is empty: ask where it is.")
    return _("Order now: it may be empty before a delivery comes. Express is faster.")
