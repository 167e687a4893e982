"""`POST /gateway/v1/reports`: where assistants deliver. 200 is answered after the commit, so it means durable."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import Error as AnyDatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from econcierge.accounts import scoping
from econcierge.core import clock
from econcierge.interfaces.gateway import answers, bodies, moments, who
from econcierge.interfaces.shared import pace
from econcierge.journeys import report_reading
from econcierge_printers import wire

log = logging.getLogger(__name__)
PACE = pace.Pace(per_second=settings.REPORTS_PER_SECOND, burst=settings.REPORTS_BURST)


@csrf_exempt
def reports(request: HttpRequest) -> HttpResponse:
    """Takes in a report (FACES section 4)."""
    if request.method != "POST":
        return answers.error(405, "", "reports are sent with POST", Allow="POST")
    try:
        return _taken_in(request)
    except who.NotKnown as unknown:
        return answers.not_known(unknown)
    except bodies.Refused as refused:
        return answers.error(refused.status, refused.field, refused.reason)
    except wire.WireError as error:
        return answers.error(400, error.path, error.reason)
    except AnyDatabaseError:
        log.exception("a report could not be stored")
        return answers.error(503, "", "the report could not be stored now; send it again", **{"Retry-After": "30"})


def _taken_in(request: HttpRequest) -> HttpResponse:
    assistant = who.assistant(request)
    if wait_s := PACE.wait_s(assistant.pk):
        return answers.too_many(wait_s)
    body = bodies.unpacked(request, most=settings.MAX_REPORT_BYTES, most_unpacked=settings.MAX_REPORT_BYTES_UNPACKED)
    report = wire.report_from_json(bodies.decoded(body))
    now, said_now = clock.now(), moments.own_clock(request)
    if said_now is None:
        moments.plausible(report.sent_at, field="sent_at", now=now)
    with scoping.transaction_as(who.scope(assistant)):
        outcome = report_reading.report(assistant=assistant, report=report, now=now, said_now=said_now)
    return JsonResponse({"accepted": outcome.accepted, "duplicate": outcome.duplicate})
