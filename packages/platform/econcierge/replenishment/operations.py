"""Writing standing orders and proposed orders. Every change is a legal move and leaves a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid5

from econcierge.accounts.models import Customer
from econcierge.accounts.types import Actor, Role
from econcierge.audit import operations as audit
from econcierge.catalogue.models import Part
from econcierge.fleet.models import Printer
from econcierge.orders.models import Order
from econcierge.replenishment import models as m
from econcierge.replenishment import standing
from econcierge.replenishment import standing_types as t

# A proposal's submission key follows from its id alone, so that no crash, retry or second worker orders it twice.
SUBMISSIONS = UUID("6f0b6c4e-6d0b-5d7a-9a53-3a7d6f1c2b90")


@dataclass(frozen=True, slots=True)
class LineToPropose:
    slot_id: int
    cartridge_id: int | None
    part_id: int
    quantity: int
    unit_price_minor: int
    order_by_on: date | None
    percent: float | None
    p10_on: date | None
    p90_on: date | None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person lets be ordered: for which slot (None: every supply of the printer), which part, how much."""

    slot_id: int | None
    choice: t.Choice
    part: Part | None
    limits: t.Limits
    price_jump_percent: int = standing.PRICE_JUMP_PERCENT


def switch_on(*, actor: Actor, printer: Printer, wish: Wish, now: datetime, on: date) -> m.StandingOrder:
    """Lets a printer order by itself, or confirms that it goes on with other limits. Raises `Invalid`."""
    limits = standing.checked_limits(wish.limits)
    terms = {
        "site_id": printer.site_id,
        "choice": wish.choice.value,
        "part": wish.part,
        "per_order_minor": limits.per_order_minor,
        "per_month_minor": limits.per_month_minor,
        "approve_above_minor": limits.approve_above_minor,
        "approver": limits.approver.value,
        "price_jump_percent": wish.price_jump_percent,
        "confirmed_on": on,
        "confirmed_by_id": actor.user_id,
        "changed_at": now,
    }
    row, is_new = m.StandingOrder.objects.select_for_update().get_or_create(
        customer_id=printer.customer_id,
        printer=printer,
        slot_id=wish.slot_id,
        defaults={**terms, "state": t.StandingState.ON.value, "created_at": now},
    )
    before = "" if is_new else row.state
    for name, value in terms.items():
        setattr(row, name, value)
    row.state, row.stop_reason = t.StandingState.ON.value, ""
    row.save()
    _event(row, before=before, reason="", actor=actor, now=now, details=_terms(row))
    audit.record(
        action="standing_order.on", subject=row, now=now, actor=actor, customer_id=row.customer_id, **_terms(row)
    )
    return row


def switch_off(*, actor: Actor, row: m.StandingOrder, now: datetime) -> None:
    """A person ends it; what was announced and is not placed yet is stopped with it. `row` is locked."""
    _move_standing(row, to=t.StandingState.OFF, reason="", actor=actor, now=now)
    for proposal in open_proposals(row):
        stop(proposal=proposal, reason=t.Held.SWITCHED_OFF, now=now, actor=actor)
    audit.record(action="standing_order.off", subject=row, now=now, actor=actor, customer_id=row.customer_id)


def stop_by_itself(*, row: m.StandingOrder, reason: t.StopReason, now: datetime) -> m.StandingOrderEvent:
    """Stops it, and what it announced; the event’s id makes the message about it once. `row` is locked."""
    event = _move_standing(row, to=t.StandingState.STOPPED, reason=reason.value, actor=None, now=now)
    for proposal in open_proposals(row):
        stop(proposal=proposal, reason=reason, now=now)
    audit.record(
        action="standing_order.stopped", subject=row, now=now, customer_id=row.customer_id, reason=reason.value
    )
    return event


def lock_standing(standing_order_id: int) -> m.StandingOrder:
    """The standing order, to be changed by nobody else until the end of the transaction: limits count under it."""
    return m.StandingOrder.objects.select_for_update().get(pk=standing_order_id)


def lock_proposal(proposed_order_id: int) -> m.ProposedOrder:
    """The proposal, locked; whoever locks both locks its standing order first."""
    return m.ProposedOrder.objects.select_for_update().get(pk=proposed_order_id)


def open_proposals(row: m.StandingOrder) -> list[m.ProposedOrder]:
    return list(m.ProposedOrder.objects.select_for_update().filter(standing_order=row, state__in=standing.OPEN))


def propose(
    *,
    row: m.StandingOrder,
    lines: Sequence[LineToPropose],
    total_minor: int,
    expected_on: date | None,
    now: datetime,
) -> m.ProposedOrder:
    """Writes a proposal with its lines and its first move. `row` is locked; it has no other open one."""
    needs_approval = standing.needs_approval(limits=limits_of(row), total_minor=total_minor)
    proposal = m.ProposedOrder.objects.create(
        customer_id=row.customer_id,
        standing_order=row,
        state=t.ProposalState.PROPOSED.value,
        proposed_at=now,
        needs_approval=needs_approval,
        total_minor=total_minor,
        currency=row.currency,
        expected_on=expected_on,
    )
    proposal.submission_key = uuid5(SUBMISSIONS, str(proposal.pk))
    proposal.save(update_fields=["submission_key"])
    m.ProposedOrderLine.objects.bulk_create(_line(proposal, line) for line in lines)
    _record(proposal, before="", reason="", actor=None, now=now)
    return proposal


def announce(*, proposal: m.ProposedOrder, now: datetime) -> None:
    """From here on its people know of it; it is placed after the notice, or when somebody approves."""
    proposal.places_at = standing.places_at(announced_at=now)
    proposal.expires_at = standing.expires_at(announced_at=now, needs_approval=proposal.needs_approval)
    _move(proposal, to=t.ProposalState.ANNOUNCED, reason="", actor=None, now=now)


def put_off(*, proposal: m.ProposedOrder, places_at: datetime) -> None:
    """Its notice began later than was thought. `proposal` is locked."""
    proposal.places_at = places_at
    proposal.save(update_fields=["places_at"])


def veto(*, proposal: m.ProposedOrder, actor: Actor, now: datetime) -> None:
    """A person says no. Raises `IllegalMove` where it is placed or over already."""
    _move(proposal, to=t.ProposalState.VETOED, reason="", actor=actor, now=now)
    audit.record(
        action="proposed_order.vetoed", subject=proposal, now=now, actor=actor, customer_id=proposal.customer_id
    )


def approve(*, proposal: m.ProposedOrder, actor: Actor, now: datetime) -> None:
    """A person says yes: it may be placed at once. Raises `IllegalMove`."""
    _move(proposal, to=t.ProposalState.APPROVED, reason="", actor=actor, now=now)
    audit.record(
        action="proposed_order.approved", subject=proposal, now=now, actor=actor, customer_id=proposal.customer_id
    )


def stop(
    *, proposal: m.ProposedOrder, reason: t.StopReason | t.Held, now: datetime, actor: Actor | None = None
) -> None:
    _move(proposal, to=t.ProposalState.STOPPED, reason=reason.value, actor=actor, now=now)


def record_placed(*, proposal: m.ProposedOrder, order: Order, now: datetime) -> None:
    """In the transaction that places the order."""
    proposal.order = order
    _move(proposal, to=t.ProposalState.PLACED, reason="", actor=None, now=now)


def choose_minutes(*, customer: Customer, minutes_a_week: Decimal | None, actor: Actor, now: datetime) -> None:
    """How long one printer used to take a week, as this customer says; None: its report shows no hours."""
    row, _ = m.ReportChoice.objects.update_or_create(customer=customer, defaults={"minutes_a_week": minutes_a_week})
    said = None if minutes_a_week is None else str(minutes_a_week)
    audit.record(action="report.minutes", subject=row, now=now, actor=actor, customer_id=customer.pk, minutes=said)


def limits_of(row: m.StandingOrder) -> t.Limits:
    return t.Limits(row.per_order_minor, row.per_month_minor, row.approve_above_minor, Role(row.approver))


def _line(proposal: m.ProposedOrder, line: LineToPropose) -> m.ProposedOrderLine:
    return m.ProposedOrderLine(
        customer_id=proposal.customer_id,
        proposed_order=proposal,
        slot_id=line.slot_id,
        cartridge_id=line.cartridge_id,
        part_id=line.part_id,
        quantity=line.quantity,
        unit_price_minor=line.unit_price_minor,
        order_by_on=line.order_by_on,
        percent=line.percent,
        p10_on=line.p10_on,
        p90_on=line.p90_on,
    )


def _move(proposal: m.ProposedOrder, *, to: t.ProposalState, reason: str, actor: Actor | None, now: datetime) -> None:
    before = t.ProposalState(proposal.state)
    proposal.state = standing.move(state=before, to=to).value
    proposal.reason = reason
    proposal.save(update_fields=["state", "reason", "places_at", "expires_at", "order"])
    _record(proposal, before=before, reason=reason, actor=actor, now=now)


def _record(proposal: m.ProposedOrder, *, before: str, reason: str, actor: Actor | None, now: datetime) -> None:
    m.ProposedOrderMove.objects.create(
        customer_id=proposal.customer_id,
        proposed_order=proposal,
        at=now,
        from_state=before,
        to_state=proposal.state,
        reason=reason,
        actor_id=actor.user_id if actor else None,
    )


def _move_standing(
    row: m.StandingOrder, *, to: t.StandingState, reason: str, actor: Actor | None, now: datetime
) -> m.StandingOrderEvent:
    before = t.StandingState(row.state)
    row.state = standing.move_standing(state=before, to=to).value
    row.stop_reason, row.changed_at = reason, now
    row.save(update_fields=["state", "stop_reason", "changed_at"])
    return _event(row, before=before, reason=reason, actor=actor, now=now)


def _event(
    row: m.StandingOrder,
    *,
    before: str,
    reason: str,
    actor: Actor | None,
    now: datetime,
    details: dict[str, object] | None = None,
) -> m.StandingOrderEvent:
    return m.StandingOrderEvent.objects.create(
        customer_id=row.customer_id,
        standing_order=row,
        at=now,
        from_state=before,
        to_state=row.state,
        reason=reason,
        details=details or {},
        actor_id=actor.user_id if actor else None,
    )


def _terms(row: m.StandingOrder) -> dict[str, object]:
    """The terms as plain values, for the record."""
    return {
        "choice": row.choice,
        "part": row.part.part_number if row.part else None,
        "per_order_minor": row.per_order_minor,
        "per_month_minor": row.per_month_minor,
        "approve_above_minor": row.approve_above_minor,
        "approver": row.approver,
        "price_jump_percent": row.price_jump_percent,
    }
