"""`POST /gateway/v1/reports`: where assistants deliver. 200 is answered after the commit, so it means durable."""

from __future__ import annotations

import logging
from typing import Any

import msgspec
from django.conf import settings
from django.db import Error as AnyDatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.core import clock
from econcierge.fleet import queries as fleet
from econcierge.fleet.models import Assistant
from econcierge.interfaces.gateway import bodies, pace
from econcierge.journeys import report_reading
from econcierge_printers import wire

log = logging.getLogger(__name__)
PACE = pace.Pace(per_second=settings.REPORTS_PER_SECOND, burst=settings.REPORTS_BURST)


@csrf_exempt
def reports(request: HttpRequest) -> HttpResponse:
    """Takes in a report (FACES section 4)."""
    if request.method != "POST":
        return _error(405, "", "reports are sent with POST", Allow="POST")
    try:
        return _taken_in(request)
    except bodies.Refused as refused:
        return _error(refused.status, refused.field, refused.reason)
    except wire.WireError as error:
        return _error(400, error.path, error.reason)
    except AnyDatabaseError:
        log.exception("a report could not be stored")
        return _error(503, "", "the report could not be stored now; send it again", **{"Retry-After": "30"})


def _taken_in(request: HttpRequest) -> HttpResponse:
    assistant = _assistant(request)
    if assistant is None:
        return _error(401, "Authorization", "the token is unknown or was taken back", **{"WWW-Authenticate": "Bearer"})
    if wait_s := PACE.wait_s(assistant.pk):
        return _error(429, "", f"too many reports; come again in {wait_s} s", **{"Retry-After": str(wait_s)})
    body = bodies.unpacked(request, most=settings.MAX_REPORT_BYTES, most_unpacked=settings.MAX_REPORT_BYTES_UNPACKED)
    report = wire.report_from_json(_decoded(body))
    scope = Scope.customer(customer_id=assistant.customer_id, dealer_id=assistant.customer.dealer_id)
    with scoping.transaction_as(scope):
        outcome = report_reading.report(assistant=assistant, report=report, now=clock.now())
    return JsonResponse({"accepted": outcome.accepted, "duplicate": outcome.duplicate})


def _assistant(request: HttpRequest) -> Assistant | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        return None
    with scoping.transaction_as(Scope.everything()):
        return fleet.assistant_by_token(token.strip())


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise bodies.Refused(400, "", f"the body is not JSON: {error}") from None


def _error(status: int, field: str, reason: str, **headers: str) -> HttpResponse:
    return JsonResponse({"error": {"field": field, "reason": reason}}, status=status, headers=headers)
