"""Decides coverage again whenever a fact changed, and every night (R28 to R33).

A change of decision is a row with its facts, an entry in the printer's history and, where a person must know,
a notice.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from econcierge.accounts import queries as accounts
from econcierge.accounts.types import Role, Scope
from econcierge.core import clock
from econcierge.coverage import casefile, operations, queries, rules
from econcierge.coverage import models as coverage
from econcierge.coverage import types as t
from econcierge.fleet.models import Printer
from econcierge.journeys import coverage_facts, judge_replacements
from econcierge.notifications import operations as notifications
from econcierge.notifications.types import Kind

_PROGRAMME = "standard-ca"
_TOLD = {t.Status.ACTIVE, t.Status.AT_RISK, t.Status.ENDED}


def decide(*, printer_ids: Collection[int], now: datetime) -> list[coverage.Decision]:
    """Decide each of these printers for today; returns the decisions that changed. One transaction, locks held.

    Needs a scope that sees all customers, because a serial seen elsewhere is evidence.
    """
    on = clock.day_of(now)
    # Two jobs for one printer decide one after the other; in order of ids, so that they never wait in a ring.
    list(Printer.objects.select_for_update(of=("self",)).filter(pk__in=printer_ids).order_by("pk").values("pk"))
    judge_replacements.judge(printer_ids=printer_ids, now=now)
    previous = queries.current(Scope.everything(), printer_ids=printer_ids)
    changed = []
    for gathered in coverage_facts.gather(printer_ids=printer_ids):
        programme = gathered.enrolment.programme if gathered.enrolment else _PROGRAMME
        terms = queries.terms(programme=programme, on=on)
        before = previous.get(gathered.printer.pk)
        kept = operations.keep_decision_if_changed(
            printer=gathered.printer,
            case=casefile.Case(programme=programme, on=on, facts=gathered.facts),
            decision=rules.decide(gathered.facts, terms, on),
            previous=before,
            now=now,
        )
        if kept is not None:
            changed.append(kept)
            _tell(decision=kept, before=before, facts=gathered.facts, now=now)
    return changed


def _tell(
    *, decision: coverage.Decision, before: coverage.Decision | None, facts: t.CoverageFacts, now: datetime
) -> None:
    """Tell the customer's people when coverage begins, is in doubt or has ended; each once per change."""
    was = before.status if before else None
    if decision.status == was or (decision.status not in _TOLD):
        return
    printer = decision.printer
    people = accounts.people(Scope.everything(), customer_id=decision.customer_id)
    users = [person.user for person in people if person.role != Role.CUSTOMER_VIEWER]
    begins = decision.status == t.Status.ACTIVE and was != t.Status.AT_RISK
    context: dict[str, object] = {"printer_id": printer.pk, "printer": printer.name}
    if begins:
        context |= {
            "active_from": decision.active_from.isoformat() if decision.active_from else None,
            "ends_on": decision.ends_on.isoformat() if decision.ends_on else None,
            "orders": [
                {"number": line.part_number, "on": line.ordered_on.isoformat(), "quantity": line.quantity}
                for line in facts.orders
                if line.eligible
            ],
        }
    else:
        context |= {"status": decision.status, "reasons": decision.reasons, "next_step": decision.next_step}
    notifications.notify(
        kind=Kind.COVERAGE_ACTIVE if begins else Kind.COVERAGE_CHANGED,
        users=users,
        customer_id=decision.customer_id,
        key=f"coverage-decision-{decision.pk}",
        context=context,
        now=now,
    )
