"""Writing repair requests and their steps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from econcierge.core.errors import IllegalMove
from econcierge.fleet.models import Printer
from econcierge.service import rules
from econcierge.service.models import ServiceEvent, ServiceRequest
from econcierge.service.types import State


def open_request(
    *,
    printer: Printer,
    submission_key: UUID,
    opened_by_id: int | None,
    problem: str,
    contact_name: str,
    contact_phone: str,
    covered: bool,
    coverage: dict[str, Any],
    now: datetime,
) -> tuple[ServiceRequest, bool]:
    """The request, and whether it is new: the same submission again gives the same request."""
    site = printer.site
    request, created = ServiceRequest.objects.get_or_create(
        customer_id=printer.customer_id,
        submission_key=submission_key,
        defaults={
            "printer": printer,
            "number": f"R-{now:%Y%m}-{submission_key.hex[:8].upper()}",
            "opened_by_id": opened_by_id,
            "opened_at": now,
            "problem": problem,
            "contact_name": contact_name,
            "contact_phone": contact_phone,
            "covered": covered,
            "coverage": coverage,
            "state": State.REQUESTED.value,
            "machine": {
                "name": printer.name,
                "model": printer.model.name if printer.model else printer.model_name,
                "serial": printer.serial,
                "place": printer.place,
                "pages_total": printer.pages_total,
            },
            "place": {
                "name": site.name,
                "address_line_1": site.address_line_1,
                "address_line_2": site.address_line_2,
                "city": site.city,
                "region": site.region,
                "postal_code": site.postal_code,
            },
        },
    )
    if created:
        _keep_step(request, from_state="", note="", actor_id=opened_by_id, now=now)
    return request, created


def dispatch(*, request: ServiceRequest, provider_id: int, actor_id: int | None, now: datetime) -> None:
    request.provider_id = provider_id
    move(request=request, to=State.DISPATCHED, note="", actor_id=actor_id, now=now)


def move(
    *,
    request: ServiceRequest,
    to: State,
    note: str,
    actor_id: int | None,
    now: datetime,
    visit_on: date | None = None,
) -> None:
    """One step of a request that the caller has locked; raises `IllegalMove`."""
    if not rules.may_move(state=State(request.state), to=to):
        raise IllegalMove(
            _("This request has moved on in the meantime. Look at its present state and choose again."),
            from_state=request.state,
            to_state=to.value,
        )
    before, request.state = request.state, to.value
    if visit_on is not None:
        request.visit_on = visit_on
    if to is State.COMPLETED:
        request.work_done = note
    if to in (State.CLOSED, State.CANCELLED):
        request.closed_at = now
    request.save()
    _keep_step(request, from_state=before, note=note, actor_id=actor_id, now=now)


def _keep_step(request: ServiceRequest, *, from_state: str, note: str, actor_id: int | None, now: datetime) -> None:
    ServiceEvent.objects.create(
        customer_id=request.customer_id,
        request=request,
        provider_id=request.provider_id,
        at=now,
        from_state=from_state,
        to_state=request.state,
        note=note,
        actor_id=actor_id,
    )
