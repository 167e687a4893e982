"""What people are told of automatic orders: a day before one is placed, when one is held, when it stops by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Min

from econcierge.accounts import queries as accounts
from econcierge.accounts import rules as roles
from econcierge.accounts.models import Membership
from econcierge.accounts.types import Permission, Role, Scope
from econcierge.notifications import operations as notifications
from econcierge.notifications.models import Delivery
from econcierge.notifications.types import Kind, Notice
from econcierge.replenishment import standing, tokens
from econcierge.replenishment import standing_types as t
from econcierge.replenishment.models import ProposedOrder, StandingOrder, StandingOrderEvent

WORTH_TELLING = frozenset(t.Held) - {t.Held.NOT_NEEDED, t.Held.SWITCHED_OFF} - standing.ANNOUNCED_ANEW


def announced(scope: Scope, proposal: ProposedOrder, *, now: datetime) -> int:
    """To everybody at the customer who may order, each with a link of their own; how many people."""
    assert proposal.places_at is not None
    context = {
        **_proposal(proposal),
        "places_at": proposal.places_at.isoformat(),
        "expires_at": proposal.expires_at.isoformat() if proposal.expires_at else None,
        "expected_on": proposal.expected_on.isoformat() if proposal.expected_on else None,
    }
    approver = Role(proposal.standing_order.approver)
    notices = []
    for person in _buyers(scope, customer_id=proposal.customer_id):
        claim = tokens.Claim(proposal.customer_id, proposal.pk, person.user_id)
        may_approve = proposal.needs_approval and standing.may_approve(role=Role(person.role), approver=approver)
        own = {**context, "token": tokens.sign(claim, now=now), "may_approve": may_approve}
        notices.append(Notice(Kind.AUTO_ORDER_ANNOUNCED, (person.user_id,), _announced_key(proposal), own))
    return notifications.notify_all(notices=notices, customer_id=proposal.customer_id, now=now)


def told_at(proposal: ProposedOrder) -> datetime | None:
    """When the first announcement of it reached a mail server and did not come back; None: none did."""
    mails = Delivery.objects.filter(customer_id=proposal.customer_id, key=_announced_key(proposal))
    found: datetime | None = mails.filter(state=Delivery.State.SENT).aggregate(at=Min("sent_at"))["at"]
    return found


def _announced_key(proposal: ProposedOrder) -> str:
    return f"proposed-{proposal.pk}-announced"


def held(proposal: ProposedOrder, *, now: datetime) -> int:
    """One order is not placed: somebody may want to order it by hand."""
    reason = t.Held(proposal.reason)
    if reason not in WORTH_TELLING:
        return 0
    limits = {
        t.Held.OVER_ORDER_LIMIT: proposal.standing_order.per_order_minor,
        t.Held.OVER_MONTH_LIMIT: proposal.standing_order.per_month_minor,
    }
    context = {**_proposal(proposal), "reason": reason.value, "limit_minor": limits.get(reason)}
    return _tell(proposal.customer_id, key=f"proposed-{proposal.pk}-held", context=context, now=now)


def stopped(row: StandingOrder, event: StandingOrderEvent, *, now: datetime) -> int:
    """Automatic ordering stopped by itself; the event makes it one message for ever."""
    context = {
        **_printer(row),
        "reason": event.reason,
        "price_jump_percent": row.price_jump_percent,
        "slot": {"kind": row.slot.kind, "colour": row.slot.colour} if row.slot else None,
    }
    return _tell(row.customer_id, key=f"standing-event-{event.pk}-stopped", context=context, now=now)


def _tell(customer_id: int, *, key: str, context: dict[str, Any], now: datetime) -> int:
    people = _buyers(Scope.everything(), customer_id=customer_id)
    return notifications.notify(
        kind=Kind.AUTO_ORDER_STOPPED,
        users=[person.user for person in people],
        customer_id=customer_id,
        key=key,
        context=context,
        now=now,
    )


def _buyers(scope: Scope, *, customer_id: int) -> list[Membership]:
    people = accounts.people(scope, customer_id=customer_id)
    return [person for person in people if roles.may(Role(person.role), Permission.ORDER)]


def _printer(row: StandingOrder) -> dict[str, Any]:
    printer = row.printer
    return {
        "standing_order_id": row.pk,
        "printer_id": printer.pk,
        "printer": printer.name,
        "place": printer.place,
        "site": printer.site.name,
    }


def _proposal(proposal: ProposedOrder) -> dict[str, Any]:
    lines = proposal.lines.select_related("part", "slot").order_by("id")
    return {
        **_printer(proposal.standing_order),
        "proposed_order_id": proposal.pk,
        "needs_approval": proposal.needs_approval,
        "total_minor": proposal.total_minor,
        "currency": proposal.currency,
        "lines": [
            {
                "part_number": line.part.part_number,
                "kind": line.slot.kind,
                "colour": line.slot.colour,
                "quantity": line.quantity,
                "unit_price_minor": line.unit_price_minor,
                "percent": None if line.percent is None else float(line.percent),
                "p10_on": line.p10_on.isoformat() if line.p10_on else None,
                "p90_on": line.p90_on.isoformat() if line.p90_on else None,
            }
            for line in lines
        ],
    }
