"""Asks for a repair and follows it to its end (R34); coverage is checked at that moment and kept beside it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from econcierge.accounts import queries as accounts
from econcierge.accounts import rules as roles
from econcierge.accounts.models import Membership, User
from econcierge.accounts.types import Actor, Permission, Role, ScopeKind
from econcierge.audit import operations as audit
from econcierge.core import clock, jobs
from econcierge.core.errors import Invalid, NotAllowed
from econcierge.coverage import casefile, rules
from econcierge.coverage import queries as coverage
from econcierge.coverage import types as t
from econcierge.fleet import queries as fleet
from econcierge.fleet.models import Printer
from econcierge.journeys import coverage_facts
from econcierge.notifications import operations as notifications
from econcierge.notifications.types import Kind
from econcierge.service import operations, queries
from econcierge.service import rules as service_rules
from econcierge.service.models import ServiceRequest
from econcierge.service.types import State

_COVERED = {t.Status.ACTIVE, t.Status.AT_RISK}
_TOLD = {
    State.DISPATCHED: Kind.SERVICE_DISPATCHED,
    State.SCHEDULED: Kind.SERVICE_DISPATCHED,
    State.COMPLETED: Kind.SERVICE_COMPLETED,
}


def coverage_now(*, printer: Printer, now: datetime) -> t.Decision:
    """The decision of this moment, from the facts as they are now."""
    on = clock.day_of(now)
    (gathered,) = coverage_facts.gather(printer_ids=[printer.pk])
    programme = gathered.enrolment.programme if gathered.enrolment else "standard-ca"
    return rules.decide(gathered.facts, coverage.terms(programme=programme, on=on), on)


def ask(
    *,
    actor: Actor,
    printer_id: int,
    submission_key: UUID,
    problem: str,
    contact_name: str,
    contact_phone: str,
    now: datetime,
) -> ServiceRequest:
    """Open a request for a printer of the actor's; the same submission again gives the same request.

    Raises `NotFound`, `NotAllowed`, `Invalid` (fields). A provider is found by a job of its own, which sees them all.
    """
    if not roles.may(actor.role, Permission.ASK_FOR_SERVICE):
        raise NotAllowed(_("Your role does not let you ask for repairs."))
    missing = tuple(name for name, value in (("problem", problem), ("contact_name", contact_name)) if not value.strip())
    if missing:
        raise Invalid(_("Say what is wrong and whom the technician should ask for."), fields=missing)
    printer = fleet.printer(actor.scope, printer_id=printer_id)
    decision = coverage_now(printer=printer, now=now)
    request, created = operations.open_request(
        printer=printer,
        submission_key=submission_key,
        opened_by_id=actor.user_id,
        problem=problem.strip(),
        contact_name=contact_name.strip(),
        contact_phone=contact_phone.strip(),
        covered=decision.status in _COVERED,
        coverage=casefile.render_decision(decision),
        now=now,
    )
    if created:
        audit.record(action="service.requested", subject=request, now=now, actor=actor, customer_id=request.customer_id)
        _tell_customer(request, kind=Kind.SERVICE_RECEIVED, now=now)
        jobs.defer("service.dispatch", request_id=request.pk)
    return request


def dispatch(*, request_id: int, now: datetime) -> None:
    """Send a request to the provider for its place and model; runs under a scope that sees every provider."""
    request = ServiceRequest.objects.select_for_update().get(pk=request_id)
    if request.state not in (State.REQUESTED, State.DECLINED):
        return
    declined = request.events.filter(to_state=State.DECLINED).values_list("provider_id", flat=True)
    provider_id = service_rules.choose_provider(
        areas=queries.provider_areas(),
        region=request.place["region"],
        postal_code=request.place["postal_code"],
        model=request.machine["model"],
        declined_by=frozenset(declined),
    )
    if provider_id is None:
        _tell_dealer(request, now=now)
        return
    operations.dispatch(request=request, provider_id=provider_id, actor_id=None, now=now)
    request.refresh_from_db()
    _tell_customer(request, kind=Kind.SERVICE_DISPATCHED, now=now)
    _tell_provider(request, now=now)


def move(
    *, actor: Actor, request_id: int, to: State, note: str, now: datetime, visit_on: date | None = None
) -> ServiceRequest:
    """A step by the provider (or by the customer: cancel). Raises `NotFound`, `NotAllowed`, `IllegalMove`."""
    request = queries.request(actor.scope, request_id=request_id)
    request = ServiceRequest.objects.select_for_update().get(pk=request.pk)
    if not _may(actor, to):
        raise NotAllowed(_("Your role does not let you do that with a repair request."))
    if to is State.SCHEDULED and visit_on is None:
        raise Invalid(_("Give the day of the visit."), fields=("visit_on",))
    if to is State.COMPLETED and not note.strip():
        raise Invalid(_("Say what was done."), fields=("note",))
    operations.move(request=request, to=to, note=note.strip(), actor_id=actor.user_id, now=now, visit_on=visit_on)
    audit.record(action=f"service.{to.value}", subject=request, now=now, actor=actor, customer_id=request.customer_id)
    if to is State.DECLINED:
        jobs.defer("service.dispatch", request_id=request.pk)
    elif kind := _TOLD.get(to):
        jobs.defer("service.tell_customer", request_id=request.pk, kind=kind.value)
    return request


def tell_customer(*, request_id: int, kind: Kind, now: datetime) -> None:
    """A provider's step told to the customer's people, whom the provider itself cannot see."""
    _tell_customer(ServiceRequest.objects.get(pk=request_id), kind=kind, now=now)


def _may(actor: Actor, to: State) -> bool:
    if actor.scope.kind is ScopeKind.PROVIDER:
        return roles.may(actor.role, Permission.WORK_ON_SERVICE) and to in service_rules.PROVIDER_MOVES
    return roles.may(actor.role, Permission.ASK_FOR_SERVICE) and to is State.CANCELLED


def _context(request: ServiceRequest) -> dict[str, Any]:
    provider = request.provider
    return {
        "request_id": request.pk,
        "number": request.number,
        "printer": request.machine["name"],
        "problem": request.problem,
        "covered": request.covered,
        "provider": provider.name if provider else "",
        "provider_phone": provider.phone if provider else "",
        "visit_on": request.visit_on.isoformat() if request.visit_on else None,
    }


def _tell_customer(request: ServiceRequest, *, kind: Kind, now: datetime) -> None:
    users = User.objects.filter(pk=request.opened_by_id, is_active=True)
    key = f"service-{request.pk}-{kind.value}-{request.state}-{request.visit_on or ''}"
    notifications.notify(
        kind=kind, users=users, customer_id=request.customer_id, key=key, context=_context(request), now=now
    )


def _tell_provider(request: ServiceRequest, *, now: datetime) -> None:
    people = Membership.objects.filter(provider_id=request.provider_id, user__is_active=True).select_related("user")
    context = _context(request) | {
        "customer": request.customer.name,
        "place": request.place,
        "contact_name": request.contact_name,
        "contact_phone": request.contact_phone,
        "machine": request.machine,
    }
    notifications.notify(
        kind=Kind.SERVICE_ASSIGNED,
        users=[person.user for person in people if person.role == Role.PROVIDER_TECHNICIAN],
        customer_id=request.customer_id,
        key=f"service-{request.pk}-assigned-{request.provider_id}",
        context=context,
        now=now,
    )


def _tell_dealer(request: ServiceRequest, *, now: datetime) -> None:
    people = accounts.dealer_people(dealer_id=request.customer.dealer_id)
    notifications.notify(
        kind=Kind.SERVICE_RECEIVED,
        users=[person.user for person in people],
        customer_id=request.customer_id,
        key=f"service-{request.pk}-nobody-serves",
        context=_context(request),
        now=now,
    )
