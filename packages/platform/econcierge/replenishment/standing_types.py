"""Automatic orders: what a customer allows, what was proposed under it, and why one stops (R27)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from econcierge.accounts.types import Role


class StandingState(StrEnum):
    """OFF: a person switched it off; STOPPED: it stopped by itself, and a person has to switch it on again."""

    ON = "on"
    OFF = "off"
    STOPPED = "stopped"


class ProposalState(StrEnum):
    PROPOSED = "proposed"
    ANNOUNCED = "announced"
    APPROVED = "approved"
    PLACED = "placed"
    VETOED = "vetoed"
    STOPPED = "stopped"


class Choice(StrEnum):
    """RECOMMENDED: cheapest a page of what is in stock; SAME: what is in the printer now; PART: one part for ever."""

    RECOMMENDED = "recommended"
    SAME = "same"
    PART = "part"


class StopReason(StrEnum):
    """Why automatic ordering stops by itself, the most telling first."""

    PRINTER_RETIRED = "printer_retired"
    MANAGED_PRINT = "managed_print"
    PRINTER_MOVED = "printer_moved"
    PRINTER_SILENT = "printer_silent"
    NO_AGREEMENT = "no_agreement"
    NOT_OFFERED = "not_offered"
    PRICE_JUMPED = "price_jumped"


class Held(StrEnum):
    """Why one order is not placed while automatic ordering itself goes on."""

    OVER_ORDER_LIMIT = "over_order_limit"
    OVER_MONTH_LIMIT = "over_month_limit"
    CREDIT_LIMIT = "credit_limit"
    NOT_APPROVED = "not_approved"
    NOT_NEEDED = "not_needed"
    SWITCHED_OFF = "switched_off"
    REFUSED = "refused"  # no price, or no distributor, at the moment
    PRICE_CHANGED = "price_changed"  # it would cost more than was announced: it is announced anew
    TERMS_CHANGED = "terms_changed"  # somebody has to approve it by now: it is announced anew
    NOBODY_TOLD = "nobody_told"  # no mail about it went out, or nobody may order


@dataclass(frozen=True, slots=True)
class Limits:
    """Totals with delivery and taxes, in minor units. `approve_above_minor` None: nobody has to approve anything."""

    per_order_minor: int
    per_month_minor: int
    approve_above_minor: int | None
    approver: Role  # this role or a higher one of the customer


@dataclass(frozen=True, slots=True)
class StandingFacts:
    """What a standing order rests on, as it is now. Prices of the part that would be ordered, before taxes.

    `heard_at`: when the printer was last read, or a person last confirmed, whichever is later. `reference_minor`
    None: the part had no price when a person last confirmed, so there is nothing to compare with.
    """

    is_retired: bool
    is_managed_print: bool
    has_moved: bool
    heard_at: datetime
    has_agreement: bool
    price_minor: int | None
    reference_minor: int | None
    price_jump_percent: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """What became of an earlier proposal for the same cartridge. `is_undone`: its order was refused or cancelled."""

    state: ProposalState
    reason: str
    on: date
    is_undone: bool = False
