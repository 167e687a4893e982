"""The order in the window: what is chosen, what it costs, and that one wish becomes one order.

The submission key belongs to the wish: it stays while the outcome of sending is unknown, so that trying again can
never order twice, and changes as soon as what is ordered changes. Legal moves are a table (`MOVES`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from econcierge_assistant.desktop.core import keys
from econcierge_assistant.desktop.core.problems import Problem, Trouble
from econcierge_assistant.desktop.core.types import Basket, BasketLine, Order, Quote

MOST_PIECES = 99


@dataclass(frozen=True, slots=True)
class Line:
    slot_id: str
    part_number: str
    quantity: int = 1


class State(StrEnum):
    EMPTY = "empty"
    QUOTING = "quoting"
    READY = "ready"  # the total is known; one click orders
    PLACING = "placing"
    UNSURE = "unsure"  # sent, and no answer: trying again is safe
    PLACED = "placed"
    STUCK = "stuck"  # no price: the sentence says why


MOVES: dict[State, frozenset[State]] = {
    State.EMPTY: frozenset({State.QUOTING}),
    State.QUOTING: frozenset({State.QUOTING, State.READY, State.STUCK, State.EMPTY}),
    State.READY: frozenset({State.QUOTING, State.PLACING, State.EMPTY}),
    State.PLACING: frozenset({State.PLACED, State.UNSURE, State.QUOTING, State.STUCK}),
    State.UNSURE: frozenset({State.PLACING}),
    State.PLACED: frozenset({State.QUOTING, State.EMPTY}),
    State.STUCK: frozenset({State.QUOTING, State.EMPTY}),
}


class IllegalMove(Exception):
    """A step that the order's state does not allow; a fault of the window, never of a person."""


class Flow:
    """One order being put together. `new_key` gives a fresh submission key."""

    def __init__(self, *, new_key: Callable[[], str] = keys.new) -> None:
        self._new_key = new_key
        self._serial = 0
        self.state = State.EMPTY
        self.lines: tuple[Line, ...] = ()
        self.delivery = ""
        self.purchase_order_number = ""
        self.submission_key = ""
        self.quote: Quote | None = None
        self.order: Order | None = None
        self.problem: Problem | None = None
        self.price_changed = False

    @property
    def may_change(self) -> bool:
        """Not while an order is under way, nor while nobody knows whether it was placed."""
        return self.state not in {State.PLACING, State.UNSURE}

    def choose(self, lines: tuple[Line, ...], *, delivery: str = "") -> int | None:
        """What to order. Gives the number of the quote to ask for, None when there is nothing to ask."""
        self.lines = tuple(line for line in lines if 0 < line.quantity <= MOST_PIECES)
        self.delivery = delivery
        self.price_changed = False
        if not self.lines:
            self._move(State.EMPTY)
            self.quote = None
            return None
        return self._ask()

    def quoted(self, serial: int, quote: Quote) -> None:
        """An answer to an older question is ignored."""
        if serial != self._serial or self.state is not State.QUOTING:
            return
        self._move(State.READY)
        self.price_changed = self.price_changed or self._differs(quote)
        self.quote, self.delivery = quote, quote.delivery or self.delivery

    def not_quoted(self, serial: int, problem: Problem) -> None:
        if serial != self._serial or self.state is not State.QUOTING:
            return
        self._move(State.STUCK)
        self.problem, self.quote = problem, None

    def place(self) -> dict[str, Any]:
        """The body of the order. After `UNSURE` it is the same again, under the same key."""
        if self.quote is None:
            raise IllegalMove("there is no total to agree to")
        self._move(State.PLACING)
        self.submission_key = self.submission_key or self._new_key()
        return {
            **self.question(),
            "submission_key": self.submission_key,
            "expected_total_minor": self.quote.total.amount_minor,
            "purchase_order_number": self.purchase_order_number,
        }

    def question(self) -> dict[str, Any]:
        """The body of a request for a quote."""
        lines = [
            {"slot_id": line.slot_id, "part_number": line.part_number, "quantity": line.quantity} for line in self.lines
        ]
        return {"lines": lines, "delivery": self.delivery or "ground"}

    def placed(self, order: Order) -> None:
        self._move(State.PLACED)
        self.order, self.submission_key, self.lines = order, "", ()

    def not_placed(self, problem: Problem) -> int | None:
        """Unknown outcomes keep the key. Refusals are final: a changed price is asked for again (gives its number)."""
        if problem.is_passing or problem.trouble is Trouble.TOO_MANY:
            self._move(State.UNSURE)
            self.problem = problem
            return None
        self.submission_key = ""
        if problem.trouble is Trouble.CONFLICT:
            self.price_changed = True
            serial = self._ask()
            self.problem = problem
            return serial
        self._move(State.STUCK)
        self.problem = problem
        return None

    def again(self) -> int:
        """Ask for the price again after it could not be had."""
        return self._ask()

    def _ask(self) -> int:
        self._move(State.QUOTING)
        self.submission_key = ""
        self.problem = None
        self._serial += 1
        return self._serial

    def _differs(self, quote: Quote) -> bool:
        return self.price_changed and self.quote is not None and quote.total != self.quote.total

    def _move(self, to: State) -> None:
        if to is self.state and to is State.EMPTY:
            return
        if to not in MOVES[self.state]:
            raise IllegalMove(f"{self.state} to {to}")
        self.state = to


def next_order(basket: Basket) -> tuple[BasketLine, ...]:
    """What the basket's button orders: all that can be ordered for the first address, as a parcel goes to one."""
    ready = [line for line in basket.lines if line.slot_id and not line.why_not]
    return tuple(line for line in ready if line.site == ready[0].site)


def not_with_it(basket: Basket) -> tuple[BasketLine, ...]:
    """What stays in the basket after that order."""
    taken = next_order(basket)
    return tuple(line for line in basket.lines if line not in taken)
