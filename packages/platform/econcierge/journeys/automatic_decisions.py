"""What people decide about automatic orders: switch on and off, approve, stop; signed in, or by a mail's link (R27)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from econcierge.accounts import queries as accounts
from econcierge.accounts import rules as roles
from econcierge.accounts import scoping
from econcierge.accounts.types import Actor, Permission, Role, ScopeKind
from econcierge.core import clock
from econcierge.core.errors import Conflict, NotAllowed, NotFound
from econcierge.fleet.models import Printer
from econcierge.journeys import automatic_orders
from econcierge.payments import queries as payments
from econcierge.replenishment import operations, queries, standing, tokens
from econcierge.replenishment import standing_types as t
from econcierge.replenishment.models import ProposedOrder, StandingOrder


@dataclass(frozen=True, slots=True)
class Claimed:
    """Who followed a mail's link, as what, and to which proposal."""

    actor: Actor
    proposal: ProposedOrder
    may_approve: bool


def may_manage(actor: Actor) -> bool:
    """Only the customer itself lets its money be spent, and only who looks after its printers and may order."""
    wanted = (Permission.ORDER, Permission.MANAGE_FLEET)
    is_own = actor.scope.kind is ScopeKind.CUSTOMER and actor.role is not None
    return is_own and all(roles.may(actor.role, permission) for permission in wanted)


def ensure_may_manage(actor: Actor) -> None:
    if not may_manage(actor):
        raise NotAllowed(gettext_lazy("Only an administrator of the customer can change automatic orders."))


def why_not(actor: Actor, *, printer: Printer, is_offered: bool, now: datetime) -> str:
    """Why a printer cannot order by itself, as a sentence; "" when it can."""
    on = clock.day_of(now)
    if not payments.agreements(actor.scope, customer_id=printer.customer_id, on=on).exists():
        return _(
            "Automatic orders are paid on account, and your company has no agreement for that. Ask your dealer for one."
        )
    if printer.managed_print:
        return _("This printer is under a managed print services agreement, so its supplies come with that.")
    if printer.retired_at is not None:
        return _("This printer was taken out of service.")
    return "" if is_offered else _("Nothing can be ordered for this printer here: ask your dealer.")


def switch_on(*, actor: Actor, printer: Printer, wish: operations.Wish, now: datetime) -> StandingOrder:
    """Raises `NotAllowed`, `Conflict` where nothing can be ordered automatically, `Invalid`."""
    ensure_may_manage(actor)
    if reason := why_not(actor, printer=printer, is_offered=True, now=now):
        raise Conflict(reason)
    return operations.switch_on(actor=actor, printer=printer, wish=wish, now=now, on=clock.day_of(now))


def switch_off(*, actor: Actor, standing_order_id: int, now: datetime) -> None:
    """Raises `NotAllowed`, and `Conflict` for one that is off already."""
    ensure_may_manage(actor)
    operations.switch_off(actor=actor, row=operations.lock_standing(standing_order_id), now=now)


def claimed(*, token: str, now: datetime) -> Claimed:
    """Enters the scope of the person whom the link was sent to, as they are now: who left may do nothing any more.

    Raises `NotFound` for what is forged, expired, or no longer theirs.
    """
    claim = tokens.read(token, now=now)
    scope = scoping.customer_scope(customer_id=claim.customer_id, user_id=claim.user_id)
    scoping.enter(scope)
    people = accounts.people(scope, customer_id=claim.customer_id)
    person = next((one for one in people if one.user_id == claim.user_id), None)
    if person is None or not roles.may(Role(person.role), Permission.ORDER):
        raise NotFound(gettext_lazy("This link is no longer yours: your role has changed."))
    actor = Actor(claim.user_id, Role(person.role), scope, str(person.user), person.user.language)
    proposal = queries.proposal(scope, proposed_order_id=claim.proposed_order_id)
    approver = Role(proposal.standing_order.approver)
    may_approve = proposal.needs_approval and standing.may_approve(role=actor.role, approver=approver)
    return Claimed(actor, proposal, may_approve)


def decide(claimed: Claimed, *, approve: bool, now: datetime) -> ProposedOrder:
    """The button of that page. The same decision again changes nothing; another one raises `IllegalMove`."""
    proposal = claimed.proposal
    wanted = t.ProposalState.APPROVED if approve else t.ProposalState.VETOED
    if proposal.state == wanted or (approve and proposal.state == t.ProposalState.PLACED):
        return proposal
    act = automatic_orders.approve if approve else automatic_orders.veto
    act(actor=claimed.actor, proposal=proposal, now=now)
    return queries.proposal(claimed.actor.scope, proposed_order_id=proposal.pk)
