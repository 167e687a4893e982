"""Orders that place themselves, within what a customer allowed: propose, announce, wait a day, place (R27).

Limits are counted under a lock on the standing order, in the transaction that places the order; the submission key
follows from the proposal, so that no crash and no second worker orders anything twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from econcierge.accounts import rules as roles
from econcierge.accounts.models import Customer
from econcierge.accounts.types import Actor, Permission, Role, Scope, ScopeKind
from econcierge.core import clock, jobs
from econcierge.core.errors import NotAllowed
from econcierge.fleet.models import Printer
from econcierge.forecasting.types import Forecast
from econcierge.journeys import automatic_notices, automatic_parts, check_out, replenish
from econcierge.payments import operations as payment_operations
from econcierge.payments import queries as payments
from econcierge.replenishment import operations, queries, standing
from econcierge.replenishment import standing_types as t
from econcierge.replenishment.models import ProposedOrder, StandingOrder
from econcierge.replenishment.types import Action, Why
from econcierge.supplies.models import Slot

MOST_DUE = 200
NOTICE_DAYS = standing.NOTICE / timedelta(days=1)
COMES_ANYWAY = frozenset({Why.ON_THE_WAY, Why.ON_THE_WAY_LATE, Why.ON_THE_SHELF})


class _Held(Exception):
    """Undoes an order that was placed and turns out to be more than is allowed."""

    def __init__(self, held: t.Held) -> None:
        super().__init__(held.value)
        self.held = held


@dataclass(frozen=True, slots=True)
class _World:
    """What the standing orders of one customer rest on, read at once."""

    customer: Customer
    scope: Scope
    has_agreement: bool
    printers: dict[int, Printer]
    advice: dict[int, replenish.SlotAdvice]
    cartridges: dict[int, int | None]
    earlier: dict[tuple[int, int | None], list[t.Earlier]]
    shelf: automatic_parts.Shelf
    now: datetime

    @property
    def on(self) -> date:
        return clock.day_of(self.now)

    @property
    def actor(self) -> Actor:
        """The platform itself acts, and sees this customer only."""
        return Actor(None, None, self.scope, "econcierge", self.customer.language)


@dataclass(frozen=True, slots=True)
class _Line:
    advice: replenish.SlotAdvice
    pick: automatic_parts.Pick


def customers_with_automatic_orders() -> list[int]:
    """Whom the nightly look has to ask about; needs the scope of everything."""
    on = StandingOrder.objects.filter(state=t.StandingState.ON, customer__left_at__isnull=True)
    return sorted(set(on.values_list("customer_id", flat=True)))


def propose(*, customer_id: int, now: datetime) -> int:
    """Looks at every standing order of a customer: stops those that have to stop, proposes and announces what is due;
    how many were announced."""
    rows = list(
        StandingOrder.objects.select_for_update(of=("self",))
        .filter(customer_id=customer_id, state=t.StandingState.ON)
        .order_by("id")
    )
    if not rows:
        return 0
    world = _look(customer_id=customer_id, rows=rows, now=now)
    return sum(_propose_for(row, slot_ids=_covered(row, rows=rows, world=world), world=world) for row in rows)


def defer_due(now: datetime) -> None:
    """Asks for the placing of what was announced long enough ago, or approved; one query when nothing is due."""
    for proposed_order_id in queries.due(now=now, most=MOST_DUE):
        jobs.defer("replenishment.place", once=f"place-{proposed_order_id}", proposed_order_id=proposed_order_id)


def place(*, proposed_order_id: int, now: datetime) -> ProposedOrder:
    """Places a proposal that is due, or says why not; one that is not due, or was placed, is left as it is."""
    row = operations.lock_standing(
        ProposedOrder.objects.values_list("standing_order_id", flat=True).get(pk=proposed_order_id)
    )
    proposal = operations.lock_proposal(proposed_order_id)
    if proposal.state not in standing.OPEN:
        return proposal
    if _is_given_up(proposal, now=now):
        _hold(proposal, t.Held.NOT_APPROVED, now=now)
        return proposal
    assert proposal.places_at is not None
    state = t.ProposalState(proposal.state)
    if not standing.is_due(state=state, places_at=proposal.places_at, needs_approval=proposal.needs_approval, now=now):
        return proposal
    if state is t.ProposalState.ANNOUNCED and not _was_told(proposal, now=now):
        return proposal
    # Who orders by hand holds this until their order is there to be seen, so nothing is ordered beside it (P31).
    payment_operations.lock_agreement(
        Scope(ScopeKind.CUSTOMER, customer_id=row.customer_id), customer_id=row.customer_id, on=clock.day_of(now)
    )
    world = _look(customer_id=row.customer_id, rows=[row], now=now)
    if row.state != t.StandingState.ON or world.customer.left_at is not None:
        operations.stop(proposal=proposal, reason=t.Held.SWITCHED_OFF, now=now)
        return proposal
    lines = list(proposal.lines.select_related("part"))
    reason = _stop_reason(row, slot_ids=[line.slot_id for line in lines], world=world)
    if reason is not None:
        _stop_standing(row, reason, now=now)
        proposal.refresh_from_db()
        return proposal
    needed = [line for line in lines if _is_needed(line.slot_id, line.cartridge_id, world=world)]
    if not any(_is_due(line.slot_id, world=world) for line in needed):
        operations.stop(proposal=proposal, reason=t.Held.NOT_NEEDED, now=now)
        return proposal
    wanted = [check_out.LineWanted(line.part.part_number, row.printer_id, line.quantity) for line in needed]
    _place(row, proposal, wanted, world=world)
    return proposal


def veto(*, actor: Actor, proposal: ProposedOrder, now: datetime) -> ProposedOrder:
    """A person of the customer says no, as long as it is not placed. Raises `NotAllowed`, `IllegalMove`."""
    if actor.role is None or not roles.may(actor.role, Permission.ORDER):
        raise NotAllowed(_("Your role does not let you decide about orders."))
    locked = operations.lock_proposal(proposal.pk)
    operations.veto(proposal=locked, actor=actor, now=now)
    return locked


def approve(*, actor: Actor, proposal: ProposedOrder, now: datetime) -> ProposedOrder:
    """A person of the customer says yes: it is placed at once. Raises `NotAllowed`, `IllegalMove`."""
    approver = Role(proposal.standing_order.approver)
    if not standing.may_approve(role=actor.role, approver=approver):
        raise NotAllowed(_("Your role does not let you approve this order."))
    locked = operations.lock_proposal(proposal.pk)
    operations.approve(proposal=locked, actor=actor, now=now)
    jobs.defer("replenishment.place", once=f"place-{locked.pk}", proposed_order_id=locked.pk)
    return locked


def _is_given_up(proposal: ProposedOrder, *, now: datetime) -> bool:
    waits = proposal.state == t.ProposalState.ANNOUNCED and proposal.needs_approval
    return waits and proposal.expires_at is not None and now >= proposal.expires_at


def _was_told(proposal: ProposedOrder, *, now: datetime) -> bool:
    """Whether somebody has had the mail about it for as long as was promised.

    If not, it waits until the earliest moment at which that may be so; it is given up where no mail goes out at all.
    """
    told_at = automatic_notices.told_at(proposal)
    earliest = standing.places_at(announced_at=now if told_at is None else told_at)
    if earliest <= now:
        return True
    if told_at is None and now >= proposal.proposed_at + standing.TELLING_TRIED:
        _hold(proposal, t.Held.NOBODY_TOLD, now=now)
    else:
        operations.put_off(proposal=proposal, places_at=earliest)
    return False


def _look(*, customer_id: int, rows: Sequence[StandingOrder], now: datetime) -> _World:
    """About twenty queries, however many standing orders and printers the customer has."""
    customer = Customer.objects.select_related("dealer").get(pk=customer_id)
    scope = Scope.customer(customer_id=customer_id, dealer_id=customer.dealer_id)
    on = clock.day_of(now)
    printer_ids = {row.printer_id for row in rows}
    printers = Printer.objects.select_related("site", "model", "customer").in_bulk(printer_ids)
    advice = replenish.advise_printers(scope, printer_ids=printer_ids, now=now, notice_days=NOTICE_DAYS)
    return _World(
        customer=customer,
        scope=scope,
        has_agreement=payments.agreements(scope, customer_id=customer_id, on=on).exists(),
        printers=printers,
        advice=advice,
        cartridges=dict(Slot.objects.filter(pk__in=advice).values_list("pk", "cartridge_id")),
        earlier=queries.earlier(slot_ids=advice),
        shelf=automatic_parts.shelf(
            dealer_id=customer.dealer_id,
            model_ids={printer.model_id for printer in printers.values()},
            slots=[one.slot for one in advice.values()],
            confirmed={row.confirmed_on for row in rows},
            on=on,
        ),
        now=now,
    )


def _covered(row: StandingOrder, *, rows: Iterable[StandingOrder], world: _World) -> list[int]:
    """The slots that a standing order is about: its own, or the printer's that have none of their own."""
    if row.slot_id is not None:
        return [row.slot_id]
    own = set(
        StandingOrder.objects.filter(printer_id=row.printer_id, slot__isnull=False).values_list("slot_id", flat=True)
    )
    return [
        slot_id for slot_id, one in world.advice.items() if one.slot.printer_id == row.printer_id and slot_id not in own
    ]


def _propose_for(row: StandingOrder, *, slot_ids: Sequence[int], world: _World) -> bool:
    """Whether an order was announced under this standing order now."""
    reason = _stop_reason(row, slot_ids=slot_ids, world=world)
    if reason is not None:
        _stop_standing(row, reason, now=world.now)
        return False
    if ProposedOrder.objects.filter(standing_order=row, state__in=standing.OPEN).exists():
        return False
    lines = _lines(row, slot_ids=slot_ids, world=world)
    return bool(lines) and _announce(row, lines, world=world)


def _stop_reason(row: StandingOrder, *, slot_ids: Iterable[int], world: _World) -> t.StopReason | None:
    """The first reason that the printer, the agreement or a part gives; a part that nobody ever sold gives none."""
    printer = world.printers[row.printer_id]
    picks = [
        world.shelf.pick(row, printer=printer, slot=world.advice[slot_id].slot)
        for slot_id in slot_ids
        if slot_id in world.advice
    ]
    told = [pick for pick in picks if pick.part is not None or pick.was_offered]
    nothing_to_compare = None if picks else 0
    prices = [_compared(pick) for pick in told] or [(nothing_to_compare, None)]
    for price_minor, reference_minor in prices:
        facts = t.StandingFacts(
            is_retired=printer.retired_at is not None,
            is_managed_print=printer.managed_print,
            has_moved=printer.site_id != row.site_id,
            heard_at=max(filter(None, (printer.last_read_at, row.changed_at))),
            has_agreement=world.has_agreement,
            price_minor=price_minor,
            reference_minor=reference_minor,
            price_jump_percent=row.price_jump_percent,
        )
        if reason := standing.stop_reason(facts=facts, now=world.now):
            return reason
    return None


def _compared(pick: automatic_parts.Pick) -> tuple[int | None, int | None]:
    """The price of now and that of the day of confirmation."""
    return (
        pick.price.amount_minor if pick.price else None,
        pick.reference.amount_minor if pick.reference else None,
    )


def _lines(row: StandingOrder, *, slot_ids: Sequence[int], world: _World) -> list[_Line]:
    """What is due now, the first to run out first, then what would run out in the same fortnight."""
    mine = {slot_id: world.advice[slot_id] for slot_id in slot_ids if slot_id in world.advice}
    due = [one for one in mine.values() if one.advice.action is Action.ORDER_NOW]
    due.sort(key=lambda one: _days_left(one.forecast, now=world.now))
    along = [mine[slot_id] for one in due for slot_id in one.advice.take_along if slot_id in mine]
    lines: dict[int, _Line] = {}
    for one in (*due, *along):
        slot_id = one.slot.slot_id
        before = world.earlier.get((slot_id, world.cartridges.get(slot_id)), [])
        pick = world.shelf.pick(row, printer=world.printers[row.printer_id], slot=one.slot)
        if slot_id not in lines and pick.part is not None and standing.may_propose(earlier=before, on=world.on):
            lines[slot_id] = _Line(one, pick)
    return list(lines.values())


def _days_left(forecast: Forecast | None, *, now: datetime) -> float:
    lasts = replenish.runs_out_in(forecast, now=now)
    return 0.0 if lasts is None else lasts.p50_days


def _announce(row: StandingOrder, lines: list[_Line], *, world: _World) -> bool:
    """Writes the proposal; what no limit allows is left out from the end, and held where not even one line fits."""
    spent = queries.spent_minor(standing_order_id=row.pk, on=world.on)
    limits = operations.limits_of(row)
    while True:
        quote = _quoted(row, lines, world=world)
        held = _held(quote, limits=limits, spent_minor=spent)
        if held is None or len(lines) == 1:
            break
        lines = lines[:-1]
    proposal = operations.propose(
        row=row,
        lines=[_to_propose(line, world=world) for line in lines],
        total_minor=quote.total.amount_minor,
        expected_on=quote.expected_on,
        now=world.now,
    )
    if held is not None:
        _hold(proposal, held, now=world.now)
        return False
    operations.announce(proposal=proposal, now=world.now)
    if not automatic_notices.announced(world.scope, proposal, now=world.now):
        _hold(proposal, t.Held.NOBODY_TOLD, now=world.now)
        return False
    return True


def _quoted(row: StandingOrder, lines: Iterable[_Line], *, world: _World) -> check_out.Quote:
    """Prices and dates of the moment at which it will be placed."""
    wanted = [check_out.LineWanted(line.pick.part.part_number, row.printer_id, 1) for line in lines if line.pick.part]
    at = standing.places_at(announced_at=world.now)
    return check_out.quote(actor=world.actor, site_id=row.site_id, lines=wanted, delivery="ground", now=at)


def _held(quote: check_out.Quote, *, limits: t.Limits, spent_minor: int) -> t.Held | None:
    if quote.refusal == "credit_limit":
        return t.Held.CREDIT_LIMIT
    if quote.refusal:
        return t.Held.REFUSED
    return standing.held_by(limits=limits, total_minor=quote.total.amount_minor, spent_minor=spent_minor)


def _to_propose(line: _Line, *, world: _World) -> operations.LineToPropose:
    slot, lasts = line.advice.slot, replenish.runs_out_in(line.advice.forecast, now=world.now)
    assert line.pick.part is not None
    assert line.pick.price is not None
    return operations.LineToPropose(
        slot_id=slot.slot_id,
        cartridge_id=world.cartridges.get(slot.slot_id),
        part_id=line.pick.part.pk,
        quantity=1,
        unit_price_minor=line.pick.price.amount_minor,
        order_by_on=line.advice.advice.latest_order_on,
        percent=slot.percent,
        p10_on=None if lasts is None else world.on + timedelta(days=lasts.p10_days),
        p90_on=None if lasts is None else world.on + timedelta(days=lasts.p90_days),
    )


def _is_needed(slot_id: int, cartridge_id: int | None, *, world: _World) -> bool:
    """Still the same cartridge, and nothing came or was ordered since it was announced (P31)."""
    one = world.advice.get(slot_id)
    is_same = one is not None and world.cartridges.get(slot_id) == cartridge_id
    return is_same and one is not None and one.advice.why not in COMES_ANYWAY


def _is_due(slot_id: int, *, world: _World) -> bool:
    """By the present advice: one wild reading proposes nothing that a later one takes back."""
    return world.advice[slot_id].advice.action is Action.ORDER_NOW


def _place(
    row: StandingOrder, proposal: ProposedOrder, wanted: Sequence[check_out.LineWanted], *, world: _World
) -> None:
    """The order and its move exist together; an order above a limit, or above what was announced, is undone."""
    assert proposal.submission_key is not None
    spent = queries.spent_minor(standing_order_id=row.pk, on=world.on)
    limits = operations.limits_of(row)
    is_unapproved = proposal.state != t.ProposalState.APPROVED
    try:
        with transaction.atomic():
            order = check_out.place(
                actor=world.actor,
                submission_key=proposal.submission_key,
                site_id=row.site_id,
                lines=wanted,
                delivery="ground",
                customer_reference="",
                now=world.now,
            ).order
            total = order.total_minor
            held = standing.held_by(limits=limits, total_minor=total, spent_minor=spent)
            if held is None and total > proposal.total_minor:
                held = t.Held.PRICE_CHANGED
            if held is None and is_unapproved and standing.needs_approval(limits=limits, total_minor=total):
                held = t.Held.TERMS_CHANGED
            if held is not None:
                raise _Held(held)
            operations.record_placed(proposal=proposal, order=order, now=world.now)
    except _Held as above:
        _hold(proposal, above.held, now=world.now)
    except check_out.Refused as refused:
        _hold(proposal, t.Held.CREDIT_LIMIT if refused.code == "credit_limit" else t.Held.REFUSED, now=world.now)


def _hold(proposal: ProposedOrder, held: t.Held, *, now: datetime) -> None:
    """One order is not placed; people hear of it where they have to do something."""
    operations.stop(proposal=proposal, reason=held, now=now)
    if held not in standing.ANNOUNCED_ANEW:
        automatic_notices.held(proposal, now=now)


def _stop_standing(row: StandingOrder, reason: t.StopReason, *, now: datetime) -> None:
    event = operations.stop_by_itself(row=row, reason=reason, now=now)
    automatic_notices.stopped(row, event, now=now)
