"""The order in the window: legal moves, one wish is one order, a changed price is agreed to anew."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from econcierge_assistant.desktop.core.ordering import (
    MOVES,
    Flow,
    IllegalMove,
    Line,
    State,
    next_order,
    not_with_it,
)
from econcierge_assistant.desktop.core.problems import Problem, Trouble
from econcierge_assistant.desktop.core.types import Basket, BasketLine, Money, Order, Quote

LINE, OTHER = Line("1001", "106R03500"), Line("1002", "106R03502", 2)
LOST = Problem(Trouble.TOO_SLOW, "No answer.")
REFUSED = Problem(Trouble.WRONG, "Not so.")
CHANGED = Problem(Trouble.CONFLICT, "The price has changed.")
ORDER = Order("o-1", "PP-1", "placed", "placed")


def quote(minor: int = 14_832) -> Quote:
    return Quote(total=Money(minor, "CAD", f"{minor / 100} $"))


def ready() -> Flow:
    counter = itertools.count(1)
    flow = Flow(new_key=lambda: f"key-{next(counter)}")
    serial = flow.choose((LINE,))
    assert serial is not None
    flow.quoted(serial, quote())
    return flow


def test_from_choice_to_order() -> None:
    flow = ready()
    body = flow.place()
    assert body == {
        "lines": [{"slot_id": "1001", "part_number": "106R03500", "quantity": 1}],
        "delivery": "ground",
        "submission_key": "key-1",
        "expected_total_minor": 14_832,
        "purchase_order_number": "",
    }
    flow.placed(ORDER)
    assert (flow.state, flow.order, flow.lines) == (State.PLACED, ORDER, ())


def test_an_unknown_outcome_is_sent_again_under_the_same_key() -> None:
    flow = ready()
    first = flow.place()
    flow.not_placed(LOST)
    assert flow.state is State.UNSURE
    assert not flow.may_change
    assert flow.place() == first


def test_a_double_click_is_an_illegal_move_and_no_second_order() -> None:
    flow = ready()
    flow.place()
    with pytest.raises(IllegalMove):
        flow.place()


def test_a_changed_price_is_asked_for_and_agreed_to_anew() -> None:
    flow = ready()
    first = flow.place()
    serial = flow.not_placed(CHANGED)
    assert serial is not None
    assert flow.state is State.QUOTING
    flow.quoted(serial, quote(15_000))
    assert flow.price_changed
    second = flow.place()
    assert second["expected_total_minor"] == 15_000
    assert second["submission_key"] != first["submission_key"]


def test_a_refusal_is_final_for_its_key() -> None:
    flow = ready()
    first = flow.place()
    assert flow.not_placed(REFUSED) is None
    assert (flow.state, flow.problem) == (State.STUCK, REFUSED)
    flow.quoted(flow.again(), quote())
    assert flow.place()["submission_key"] != first["submission_key"]


def test_an_answer_to_an_older_question_is_ignored() -> None:
    flow = Flow()
    old = flow.choose((LINE,))
    new = flow.choose((LINE, OTHER))
    assert old is not None
    assert new is not None
    flow.quoted(old, quote(1))
    assert flow.quote is None
    flow.not_quoted(old, LOST)
    flow.quoted(new, quote(2))
    assert flow.quote == quote(2)


def test_another_choice_is_another_wish() -> None:
    flow = ready()
    serial = flow.choose((OTHER,), delivery="express")
    assert serial is not None
    flow.quoted(serial, quote())
    assert flow.place()["lines"][0]["quantity"] == 2


HERE = BasketLine("1", "1001", "106R03500", "Black toner", site="Montréal")
ALSO_HERE = replace(HERE, line_id="2", slot_id="1002")
THERE = replace(HERE, line_id="3", slot_id="1003", site="Québec")
ORDERED = replace(HERE, line_id="4", slot_id="1004", why_not="Ordered yesterday by Claire: 1 (order PP-7).")
NOWHERE = replace(HERE, line_id="5", slot_id="")


def test_a_basket_is_ordered_an_address_at_a_time() -> None:
    """P31: what somebody else ordered since stays out of it."""
    basket = Basket((ORDERED, HERE, THERE, NOWHERE, ALSO_HERE))
    assert next_order(basket) == (HERE, ALSO_HERE)
    assert not_with_it(basket) == (ORDERED, THERE, NOWHERE)
    assert next_order(Basket((ORDERED, THERE))) == (THERE,)
    assert next_order(Basket((ORDERED,))) == next_order(Basket()) == ()


def test_every_state_has_its_moves() -> None:
    assert set(MOVES) == set(State)
    assert set().union(*MOVES.values()) == set(State)


class Ordering(RuleBasedStateMachine):
    """Any order of clicks and answers: the platform never sees two keys for one wish whose outcome is unknown."""

    def __init__(self) -> None:
        super().__init__()
        self.flow = Flow()
        self.asked: int | None = None
        self.unknown = ""  # the key whose outcome nobody knows

    @precondition(lambda self: self.flow.may_change)
    @rule(lines=st.sampled_from([(LINE,), (LINE, OTHER), ()]))
    def choose(self, lines: tuple[Line, ...]) -> None:
        try:
            self.asked = self.flow.choose(lines)
        except IllegalMove:
            assert self.flow.state in MOVES

    @precondition(lambda self: self.asked is not None)
    @rule(well=st.booleans(), minor=st.integers(1, 3))
    def priced(self, well: bool, minor: int) -> None:
        assert self.asked is not None
        self.flow.quoted(self.asked, quote(minor)) if well else self.flow.not_quoted(self.asked, LOST)

    @precondition(lambda self: self.flow.state in {State.READY, State.UNSURE})
    @rule()
    def place(self) -> None:
        key = self.flow.place()["submission_key"]
        assert not self.unknown or key == self.unknown

    @precondition(lambda self: self.flow.state is State.PLACING)
    @rule(problem=st.sampled_from([None, LOST, REFUSED, CHANGED]))
    def answered(self, problem: Problem | None) -> None:
        key = self.flow.submission_key
        if problem is None:
            self.flow.placed(ORDER)
        else:
            serial = self.flow.not_placed(problem)
            self.asked = self.asked if serial is None else serial
        self.unknown = key if problem is LOST else ""

    @invariant()
    def an_unknown_outcome_stays_until_it_is_known(self) -> None:
        assert not self.unknown or self.flow.state in {State.UNSURE, State.PLACING}


TestOrdering = Ordering.TestCase
TestOrdering.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
