"""What replenishment is decided from, and what is advised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Action(StrEnum):
    ORDER_NOW = "order_now"
    WAIT = "wait"
    NOTHING = "nothing"


class Why(StrEnum):
    """DUE: today is the last day of comfort; LATE: an order of today may come too late, so order all the same.

    ENOUGH_LEFT: it lasts longer than a delivery takes; ON_THE_WAY, ON_THE_SHELF: what comes or lies there is enough;
    ON_THE_WAY_LATE: enough comes, but this one may run out before (worth asking where it is);
    LOW_WITHOUT_FORECAST: nothing can be forecast and the level is at the fallback mark; UNKNOWN: neither is known.
    """

    DUE = "due"
    LATE = "late"
    ENOUGH_LEFT = "enough_left"
    ON_THE_WAY = "on_the_way"
    ON_THE_WAY_LATE = "on_the_way_late"
    ON_THE_SHELF = "on_the_shelf"
    LOW_WITHOUT_FORECAST = "low_without_forecast"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Range:
    """Days from today: 10, 50 and 90 of 100 are over by then."""

    p10_days: float
    p50_days: float
    p90_days: float


@dataclass(frozen=True, slots=True)
class SlotOutlook:
    """One supply of a printer. `runs_out` None: nothing can be said; `full_cartridge_days`: what a new one lasts.

    `spares` lie on the shelf for this slot; `arrives_in_days` has one entry, in days from today, for each that is
    ordered and has not come, negative for one that is overdue.
    """

    slot_id: int
    runs_out: Range | None
    percent: float | None = None
    full_cartridge_days: float | None = None
    spares: int = 0
    arrives_in_days: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplenishmentFacts:
    """The supply in question, how long a delivery takes in calendar days, and the printer's other supplies."""

    slot: SlotOutlook
    delivery: Range
    others: tuple[SlotOutlook, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """`stock_out_risk`: how likely it may be that a supply runs out before the new one comes.

    `review_days`: how long until it is looked at again; `together_days`: others that run out so soon after this one
    are offered along; `fallback_percent`: ordered at this level when nothing can be forecast.
    """

    stock_out_risk: float = 0.01
    review_days: float = 1.0
    together_days: float = 14.0
    fallback_percent: float = 20.0


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do with one supply. `latest_order_on`: the last day on which an order comes in time, as far as the policy
    cares; never before today. `take_along`: slots of the same printer that run out in the same fortnight.

    `stock_out_risk` is of ordering today; None where nothing can be forecast.
    """

    slot_id: int
    action: Action
    why: Why
    latest_order_on: date | None = None
    stock_out_risk: float | None = None
    take_along: tuple[int, ...] = ()
