"""Rules of automatic orders: their life as a table of legal moves, limits, notice, approval, and when one stops."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from econcierge.accounts.types import Role
from econcierge.core.errors import IllegalMove, Invalid
from econcierge.replenishment import standing_types as t

S, P = t.StandingState, t.ProposalState

STANDING_MOVES: dict[t.StandingState, frozenset[t.StandingState]] = {
    S.ON: frozenset({S.OFF, S.STOPPED}),
    S.OFF: frozenset({S.ON}),
    S.STOPPED: frozenset({S.ON, S.OFF}),
}
MOVES: dict[t.ProposalState, frozenset[t.ProposalState]] = {
    P.PROPOSED: frozenset({P.ANNOUNCED, P.STOPPED}),
    P.ANNOUNCED: frozenset({P.VETOED, P.APPROVED, P.PLACED, P.STOPPED}),
    P.APPROVED: frozenset({P.VETOED, P.PLACED, P.STOPPED}),
    P.PLACED: frozenset(),
    P.VETOED: frozenset(),
    P.STOPPED: frozenset(),
}
OPEN = frozenset(state for state, to in MOVES.items() if to)
VETOABLE = frozenset(state for state, to in MOVES.items() if P.VETOED in to)

NOTICE = timedelta(hours=24)
# A mail server's pause must not eat the notice; beyond this nobody approved, and the need is looked at anew.
APPROVAL_WAITS = timedelta(days=7)
SILENT_AFTER = timedelta(days=7)  # as supplies.rules: from then on a printer counts as silent
PRICE_JUMP_PERCENT = 15
APPROVERS = (Role.CUSTOMER_BUYER, Role.CUSTOMER_ADMIN)  # in rising order
LARGEST_MINOR = 10_000_000
TELLING_TRIED = timedelta(days=3)  # with no mail gone out by then, nobody is going to be told
ANNOUNCED_ANEW = frozenset({t.Held.PRICE_CHANGED, t.Held.TERMS_CHANGED})
# A stop for one of these says nothing about this cartridge: it may be proposed again once the reason is gone.
PASSING = frozenset({*t.StopReason, t.Held.NOT_NEEDED, t.Held.SWITCHED_OFF}) | ANNOUNCED_ANEW


def move(*, state: t.ProposalState, to: t.ProposalState) -> t.ProposalState:
    """The state after a legal move; raises `IllegalMove`."""
    if to not in MOVES[state]:
        raise IllegalMove(from_state=state, to_state=to)
    return to


def move_standing(*, state: t.StandingState, to: t.StandingState) -> t.StandingState:
    """As `move`, for a standing order."""
    if to not in STANDING_MOVES[state]:
        raise IllegalMove(from_state=state, to_state=to)
    return to


def checked_limits(limits: t.Limits) -> t.Limits:
    """The same limits; raises `Invalid` naming the first field that makes no sense."""
    checks = (
        ("per_order_minor", 0 < limits.per_order_minor <= LARGEST_MINOR),
        ("per_month_minor", limits.per_order_minor <= limits.per_month_minor <= LARGEST_MINOR),
        ("approve_above_minor", limits.approve_above_minor is None or limits.approve_above_minor >= 0),
        ("approver", limits.approver in APPROVERS),
    )
    for field, is_right in checks:
        if not is_right:
            raise Invalid(f"{field} makes no sense here", fields=(field,))
    return limits


def held_by(*, limits: t.Limits, total_minor: int, spent_minor: int) -> t.Held | None:
    """Which limit an order of so much would break, after `spent_minor` in the same month; None: it may be placed."""
    if total_minor > limits.per_order_minor:
        return t.Held.OVER_ORDER_LIMIT
    return t.Held.OVER_MONTH_LIMIT if spent_minor + total_minor > limits.per_month_minor else None


def needs_approval(*, limits: t.Limits, total_minor: int) -> bool:
    return limits.approve_above_minor is not None and total_minor > limits.approve_above_minor


def may_approve(*, role: Role | None, approver: Role) -> bool:
    """Whether a person's role at the customer is the one asked for, or above it."""
    return role in APPROVERS and APPROVERS.index(role) >= APPROVERS.index(approver)


def places_at(*, announced_at: datetime) -> datetime:
    """When an announced order is placed, unless somebody stops it before."""
    return announced_at + NOTICE


def expires_at(*, announced_at: datetime, needs_approval: bool) -> datetime | None:
    """When an order that waits for approval is given up; None: it waits for nobody."""
    return announced_at + APPROVAL_WAITS if needs_approval else None


def is_due(*, state: t.ProposalState, places_at: datetime, needs_approval: bool, now: datetime) -> bool:
    """Whether an order may be placed now: approved by a person, or announced long enough and free to go."""
    if state is P.APPROVED:
        return True
    return state is P.ANNOUNCED and not needs_approval and now >= places_at


def stop_reason(*, facts: t.StandingFacts, now: datetime) -> t.StopReason | None:
    """Why automatic ordering has to stop by itself; None: it may go on. It never guesses: a person switches it on."""
    if facts.is_retired:
        return t.StopReason.PRINTER_RETIRED
    if facts.is_managed_print:
        return t.StopReason.MANAGED_PRINT
    if facts.has_moved:
        return t.StopReason.PRINTER_MOVED
    if now - facts.heard_at >= SILENT_AFTER:
        return t.StopReason.PRINTER_SILENT
    if not facts.has_agreement:
        return t.StopReason.NO_AGREEMENT
    if facts.price_minor is None:
        return t.StopReason.NOT_OFFERED
    return t.StopReason.PRICE_JUMPED if _has_jumped(facts, price_minor=facts.price_minor) else None


def _has_jumped(facts: t.StandingFacts, *, price_minor: int) -> bool:
    """Whether a price is more than so many percent above the one that a person last saw; exact, in whole numbers."""
    if facts.reference_minor is None:
        return False
    return price_minor * 100 > facts.reference_minor * (100 + facts.price_jump_percent)


def needs_a_person(state: t.ProposalState | str, reason: str, *, waits: bool) -> bool:
    """Whether a proposal hands its supply back to people: they said no, a limit held it, or somebody has to approve."""
    if state == P.ANNOUNCED:
        return waits
    return state == P.VETOED or (state == P.STOPPED and reason not in PASSING)


def may_propose(*, earlier: Iterable[t.Earlier], on: date) -> bool:
    """Whether a supply may be proposed (again), given what became of proposals for the same cartridge (P31).

    A veto and an order count for the cartridge's whole life; what a month's limit held comes back in the next month.
    """
    return all(_lets_pass(one, month=on.replace(day=1)) for one in earlier)


def _lets_pass(one: t.Earlier, *, month: date) -> bool:
    if one.state is P.PLACED:
        return one.is_undone
    if one.state is not P.STOPPED:
        return False
    if one.reason == t.Held.OVER_MONTH_LIMIT:
        return one.on.replace(day=1) < month
    return one.reason in PASSING
