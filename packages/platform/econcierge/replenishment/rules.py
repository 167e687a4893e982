"""When to order: as late as the wanted safety allows, so that little toner is thrown away (R16, R27).

A supply runs out after E days and a delivery takes D days; both are known as ranges. Ordering in t days risks
P(E < t + D). The advice is to wait as long as that stays within the policy at the next look, and not longer.
Spares and orders on the way put E off by what a full cartridge lasts.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from statistics import NormalDist

from econcierge.replenishment import types as t

FARTHEST_DAYS = 730
SHORTEST_DAYS = 0.05  # logarithms want something above zero
SMALLEST_SPREAD = 0.02
OVERDUE_COMES_IN_DAYS = 1.0
FULL_CARTRIDGE_SPREAD = 0.35  # of the logarithm: how unlike two cartridges of one slot last
WIDE_TIMES = 4.0  # a range whose late mark is so many times as far as its early one hardly says anything yet
WIDE_SPARE_DAYS = 5.0  # ordered so long before what a wide range asks for at the very least
WORTH_ASKING_RISK = 0.1  # that what comes comes too late; below, nobody is sent to ask where it is
EARLY_TAIL = 1.2  # as often as fleets for tuning ran out when advice was followed (bench/fleets, TUNING_ORDERING)

_NORMAL = NormalDist()
_NINETY = _NORMAL.inv_cdf(0.9)
_DELIVERY_SCORES = tuple(_NORMAL.inv_cdf((nth + 0.5) / 16) for nth in range(16))


def advise(*, facts: t.ReplenishmentFacts, policy: t.Policy, on: date) -> t.Advice:
    """Order now, wait until a day, or nothing; `on` is today where the printer stands."""
    slot = facts.slot
    lasts = outlasts(slot)
    if lasts is None:
        return _without_forecast(slot, policy=policy, on=on)
    risk = stock_out_risk(lasts, delivery=facts.delivery, ordered_in_days=0.0)
    days = _latest_order_in_days(lasts, delivery=facts.delivery, risk=policy.stock_out_risk)
    latest_on = on + timedelta(days=min(max(days, 0), FARTHEST_DAYS))
    if days >= policy.review_days:
        return t.Advice(slot.slot_id, *_waiting(slot, policy=policy), latest_on, risk)
    why = t.Why.LATE if days < 0 else t.Why.DUE
    return t.Advice(slot.slot_id, t.Action.ORDER_NOW, why, on, risk, take_along(facts=facts, policy=policy))


def is_wide(lasts: t.Range) -> bool:
    """Whether a range is so wide that its tail says more about what is not known than about the supply."""
    return lasts.p90_days > WIDE_TIMES * lasts.p10_days


def put_off(advice: t.Advice, *, facts: t.ReplenishmentFacts, policy: t.Policy, on: date) -> t.Advice:
    """The advice of a range that rests on little: never earlier than some days before a slow delivery meets its early
    mark. Such a range narrows with every reading, so it is worth waiting for."""
    lasts = outlasts(facts.slot)
    if lasts is None or advice.latest_order_on is None:
        return advice
    days = math.floor(min(lasts.p10_days - facts.delivery.p90_days - WIDE_SPARE_DAYS, FARTHEST_DAYS))
    latest_on = on + timedelta(days=max(days, 0))
    if days < policy.review_days or latest_on <= advice.latest_order_on:
        return advice
    action, why = _waiting(facts.slot, policy=policy)
    return replace(advice, action=action, why=why, latest_order_on=latest_on, take_along=())


def outlasts(slot: t.SlotOutlook) -> t.Range | None:
    """Until when the supply in the printer, those on the shelf and those on the way last together."""
    return _with_more(slot, cartridges=slot.spares + len(slot.arrives_in_days))


def _with_more(slot: t.SlotOutlook, *, cartridges: int) -> t.Range | None:
    """Without knowing what a full one lasts, one more is taken to be enough."""
    if slot.runs_out is None or not cartridges:
        return slot.runs_out
    if slot.full_cartridge_days is None:
        return t.Range(FARTHEST_DAYS, FARTHEST_DAYS, FARTHEST_DAYS)
    more = cartridges * slot.full_cartridge_days
    reach = math.exp(_NINETY * FULL_CARTRIDGE_SPREAD / math.sqrt(cartridges))
    now = slot.runs_out
    return t.Range(now.p10_days + more / reach, now.p50_days + more, now.p90_days + more * reach)


def stock_out_risk(lasts: t.Range, *, delivery: t.Range, ordered_in_days: float) -> float:
    """How likely it is that the supply is gone before an order of that day comes; 0 to 1."""
    arrivals = (ordered_in_days + _at(delivery, score) for score in _DELIVERY_SCORES)
    return sum(_over_by(lasts, days) for days in arrivals) / len(_DELIVERY_SCORES)


def _latest_order_in_days(lasts: t.Range, *, delivery: t.Range, risk: float) -> int:
    """Whole days from today; -1 when even today is too late. The risk only grows with waiting."""
    too_late, fine = FARTHEST_DAYS + 1, -1
    while too_late - fine > 1:
        middle = (too_late + fine) // 2
        if stock_out_risk(lasts, delivery=delivery, ordered_in_days=middle) <= risk:
            fine = middle
        else:
            too_late = middle
    return fine


def _waiting(slot: t.SlotOutlook, *, policy: t.Policy) -> tuple[t.Action, t.Why]:
    if slot.arrives_in_days:
        is_late = _comes_too_late(slot, risk=max(policy.stock_out_risk, WORTH_ASKING_RISK))
        return t.Action.NOTHING, t.Why.ON_THE_WAY_LATE if is_late else t.Why.ON_THE_WAY
    return (t.Action.NOTHING, t.Why.ON_THE_SHELF) if slot.spares else (t.Action.WAIT, t.Why.ENOUGH_LEFT)


def _comes_too_late(slot: t.SlotOutlook, *, risk: float) -> bool:
    """Whether what is here may well be gone before the first of those on the way comes; an overdue one comes soon."""
    here = _with_more(slot, cartridges=slot.spares)
    assert here is not None
    return _over_by(here, max(min(slot.arrives_in_days), OVERDUE_COMES_IN_DAYS)) > risk


def _without_forecast(slot: t.SlotOutlook, *, policy: t.Policy, on: date) -> t.Advice:
    """By the level alone, as everybody did before there were forecasts."""
    if slot.arrives_in_days:
        return t.Advice(slot.slot_id, t.Action.NOTHING, t.Why.ON_THE_WAY)
    if slot.spares:
        return t.Advice(slot.slot_id, t.Action.NOTHING, t.Why.ON_THE_SHELF)
    if slot.percent is None or slot.percent > policy.fallback_percent:
        return t.Advice(slot.slot_id, t.Action.NOTHING, t.Why.UNKNOWN)
    return t.Advice(slot.slot_id, t.Action.ORDER_NOW, t.Why.LOW_WITHOUT_FORECAST, on)


def take_along(*, facts: t.ReplenishmentFacts, policy: t.Policy) -> tuple[int, ...]:
    """Others with nothing on the shelf or on the way that run out within a fortnight of this one, the first first."""
    if facts.slot.runs_out is None:
        return ()
    until = max(facts.slot.runs_out.p50_days, 0.0) + policy.together_days
    found = [
        (one.runs_out.p50_days, one.slot_id)
        for one in facts.others
        if one.runs_out is not None and not one.spares and not one.arrives_in_days and one.runs_out.p50_days <= until
    ]
    return tuple(slot_id for _, slot_id in sorted(found))


def _over_by(lasts: t.Range, days: float) -> float:
    """Probability of being over within so many days: a log-normal with a half of its own on each side, but that below
    the early mark bursts make an exponential tail."""
    if days <= 0:
        return 0.0
    apart = math.log(days / max(lasts.p50_days, SHORTEST_DAYS))
    score = apart / _spread(lasts, is_early=apart < 0)
    return 0.1 * math.exp(EARLY_TAIL * (score + _NINETY)) if score < -_NINETY else _NORMAL.cdf(score)


def _at(lasts: t.Range, score: float) -> float:
    """Days at so many standard deviations from the median."""
    return max(lasts.p50_days, SHORTEST_DAYS) * math.exp(score * _spread(lasts, is_early=score < 0))


def _spread(lasts: t.Range, *, is_early: bool) -> float:
    p10, p50, p90 = (max(mark, SHORTEST_DAYS) for mark in (lasts.p10_days, lasts.p50_days, lasts.p90_days))
    return max(math.log(p50 / p10 if is_early else p90 / p50) / _NINETY, SMALLEST_SPREAD)
