"""When to order: as late as is safe, with what lies on the shelf and comes anyway."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge.replenishment import rules
from econcierge.replenishment.types import Action, Policy, Range, ReplenishmentFacts, SlotOutlook, Why

ON = date(2026, 11, 23)
DELIVERY = Range(2, 3, 5)


def outlook(p10: float, p50: float, p90: float, slot_id: int = 1) -> SlotOutlook:
    return SlotOutlook(slot_id, Range(p10, p50, p90), full_cartridge_days=120)


FAR, NEAR, GONE = outlook(60, 80, 100), outlook(2, 4, 6), outlook(0, 0, 0)
BLIND = SlotOutlook(1, None)
CASES = [
    ("plenty left", FAR, Action.WAIT, Why.ENOUGH_LEFT),
    ("the last day of comfort", outlook(6.6, 7.8, 9.2), Action.ORDER_NOW, Why.DUE),
    ("an order of today may be late", NEAR, Action.ORDER_NOW, Why.LATE),
    ("empty", GONE, Action.ORDER_NOW, Why.LATE),
    ("a spare lies there", replace(NEAR, spares=1), Action.NOTHING, Why.ON_THE_SHELF),
    ("one comes in time", replace(outlook(3, 4, 6), arrives_in_days=(1.0,)), Action.NOTHING, Why.ON_THE_WAY),
    ("one comes, perhaps too late", replace(NEAR, arrives_in_days=(3.0,)), Action.NOTHING, Why.ON_THE_WAY_LATE),
    ("empty and the order is overdue", replace(GONE, arrives_in_days=(-2.0,)), Action.NOTHING, Why.ON_THE_WAY_LATE),
    ("the spare lasts a few days only", replace(GONE, spares=1, full_cartridge_days=3), Action.ORDER_NOW, Why.LATE),
    ("what a spare lasts is not known", replace(GONE, spares=1, full_cartridge_days=None), Action.NOTHING,
     Why.ON_THE_SHELF),
    ("no forecast, low", replace(BLIND, percent=12), Action.ORDER_NOW, Why.LOW_WITHOUT_FORECAST),
    ("no forecast, fine", replace(BLIND, percent=60), Action.NOTHING, Why.UNKNOWN),
    ("no forecast, no level", BLIND, Action.NOTHING, Why.UNKNOWN),
    ("no forecast, low, on the way", replace(BLIND, percent=12, arrives_in_days=(1,)), Action.NOTHING, Why.ON_THE_WAY),
    ("no forecast, low, a spare", replace(BLIND, percent=12, spares=1), Action.NOTHING, Why.ON_THE_SHELF),
]  # fmt: skip


@pytest.mark.parametrize(("says", "slot", "action", "why"), CASES, ids=[row[0] for row in CASES])
def test_what_is_advised(says: str, slot: SlotOutlook, action: Action, why: Why) -> None:
    advice = rules.advise(facts=ReplenishmentFacts(slot, DELIVERY), policy=Policy(), on=ON)
    assert (advice.action, advice.why) == (action, why)


def test_the_latest_day_is_kept_and_no_later() -> None:
    policy = Policy(stock_out_risk=0.05)
    advice = rules.advise(facts=ReplenishmentFacts(FAR, DELIVERY), policy=policy, on=ON)
    assert advice.latest_order_on is not None
    days = (advice.latest_order_on - ON) / timedelta(days=1)
    assert FAR.runs_out is not None
    on_that_day, a_day_later = (
        rules.stock_out_risk(FAR.runs_out, delivery=DELIVERY, ordered_in_days=day) for day in (days, days + 1)
    )
    assert on_that_day <= 0.05 < a_day_later


@pytest.mark.parametrize(
    ("says", "slot", "action", "days"),
    [
        ("a new printer at 80 %", outlook(52, 110, 203), Action.WAIT, 42),
        ("half full", outlook(17, 60, 126), Action.WAIT, 7),
        ("soon", outlook(6, 20, 60), Action.ORDER_NOW, 0),
        ("a spare lies there", replace(outlook(52, 110, 203), spares=1, full_cartridge_days=130), Action.NOTHING, 125),
    ],
)
def test_a_wide_range_does_not_order_weeks_ahead(says: str, slot: SlotOutlook, action: Action, days: int) -> None:
    """Not before its early mark less the slowest usual delivery less five days, and never earlier than advised."""
    facts = ReplenishmentFacts(slot, DELIVERY)
    advice = rules.advise(facts=facts, policy=Policy(), on=ON)
    kept = rules.put_off(advice, facts=facts, policy=Policy(), on=ON)
    assert advice.latest_order_on is not None
    assert (kept.action, kept.latest_order_on) == (action, max(advice.latest_order_on, ON + timedelta(days=days)))
    assert kept.stock_out_risk == advice.stock_out_risk


@pytest.mark.parametrize(("slot", "is_wide"), [(outlook(17, 60, 126), True), (outlook(20, 40, 70), False)])
def test_what_is_wide(slot: SlotOutlook, is_wide: bool) -> None:
    assert slot.runs_out is not None
    assert rules.is_wide(slot.runs_out) is is_wide


def test_a_slow_delivery_is_ordered_earlier() -> None:
    soon, late = (
        rules.advise(facts=ReplenishmentFacts(FAR, delivery), policy=Policy(), on=ON).latest_order_on
        for delivery in (DELIVERY, Range(8, 10, 20))
    )
    assert soon is not None
    assert late is not None
    assert late < soon


def test_the_same_fortnight_is_taken_along() -> None:
    others = (
        outlook(10, 14, 25, slot_id=2),
        outlook(5, 9, 15, slot_id=3),
        outlook(30, 60, 90, slot_id=4),
        replace(outlook(5, 9, 15, slot_id=5), spares=1),
        replace(outlook(5, 9, 15, slot_id=6), arrives_in_days=(2.0,)),
        SlotOutlook(7, None),
    )
    advice = rules.advise(facts=ReplenishmentFacts(NEAR, DELIVERY, others), policy=Policy(), on=ON)
    assert advice.take_along == (3, 2)


marks = st.lists(st.floats(0, 730), min_size=3, max_size=3).map(lambda found: Range(*sorted(found)))
slots = st.builds(
    SlotOutlook,
    slot_id=st.integers(1, 9),
    runs_out=st.none() | marks,
    percent=st.none() | st.floats(0, 100),
    full_cartridge_days=st.none() | st.floats(0, 730),
    spares=st.integers(0, 3),
    arrives_in_days=st.lists(st.floats(-30, 90), max_size=2).map(tuple),
)


@given(slot=slots, delivery=marks, risk=st.floats(0.001, 0.5))
def test_every_situation_has_an_orderly_answer(slot: SlotOutlook, delivery: Range, risk: float) -> None:
    facts = ReplenishmentFacts(slot, delivery)
    advice = rules.advise(facts=facts, policy=Policy(stock_out_risk=risk), on=ON)
    assert advice.latest_order_on is None or advice.latest_order_on >= ON
    assert advice.stock_out_risk is None or 0 <= advice.stock_out_risk <= 1
    bolder = rules.advise(facts=facts, policy=Policy(stock_out_risk=min(risk * 2, 1.0)), on=ON)
    if advice.latest_order_on is not None and bolder.latest_order_on is not None:
        assert bolder.latest_order_on >= advice.latest_order_on
    if advice.action is Action.WAIT:
        assert bolder.action is Action.WAIT


@given(slot=slots, delivery=marks)
def test_a_spare_never_makes_it_more_urgent(slot: SlotOutlook, delivery: Range) -> None:
    bare, spare = (
        rules.advise(facts=ReplenishmentFacts(one, delivery), policy=Policy(), on=ON)
        for one in (replace(slot, spares=0, arrives_in_days=()), replace(slot, spares=1, arrives_in_days=()))
    )
    if bare.action is not Action.ORDER_NOW:
        assert spare.action is not Action.ORDER_NOW
