"""`/gateway/v1/pair`, `/gateway/v1/pair/token` (RFC 8628); `/gateway/v1/token`: a new token for the old."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from econcierge.accounts import invitations, scoping
from econcierge.accounts.models import User
from econcierge.accounts.types import Scope
from econcierge.core import clock, codes
from econcierge.fleet import assistants, pairing
from econcierge.fleet.types import Client, PairingFailure
from econcierge.interfaces.gateway import answers, who
from econcierge.interfaces.shared import address, pace

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"
NEVER_STORED = {"Cache-Control": "no-store"}
UNKNOWN_INVITATION = {
    "error": "invalid_request",
    "error_description": "this invitation is not known here, was withdrawn, or has ended",
}
# For each address that asks, in each web process: an office's computers at once, then one every ten seconds.
ASKING = pace.Pace(per_second=0.1, burst=30)
COLLECTING = pace.Pace(per_second=5, burst=60)
ROTATING = pace.Pace(per_second=0.01, burst=10)


@csrf_exempt
def pair(request: HttpRequest) -> HttpResponse:
    """A computer asks for a code to show (RFC 8628 section 3.1 and 3.2)."""
    if request.method != "POST":
        return answers.error(405, "", "a pairing is begun with POST", Allow="POST")
    if wait_s := ASKING.wait_s(address.of(request)):
        return answers.too_many(wait_s)
    client = _client(request)
    if client is None:
        return _refused(PairingFailure.INVALID_CLIENT)
    said = {name: request.POST.get(name, "") for name in ("computer_name", "version", "invitation", "together_with")}
    with scoping.transaction_as(Scope.everything()):
        if said["invitation"] and not invitations.is_known(code=said["invitation"], now=clock.wall()):
            return JsonResponse(UNKNOWN_INVITATION, status=400, headers=NEVER_STORED)
        asked = pairing.ask(client=client, now=clock.wall(), **said)
    page, code = settings.PUBLIC_URL + reverse("pair"), codes.shown(asked.user_code)
    answer = {
        "device_code": asked.device_code,
        "user_code": code,
        "verification_uri": page,
        "verification_uri_complete": f"{page}?code={code}",
        "expires_in": int(pairing.EXPIRES_AFTER.total_seconds()),
        "interval": pairing.INTERVAL_S,
    }
    return JsonResponse(answer, headers=NEVER_STORED)


@csrf_exempt
def pair_token(request: HttpRequest) -> HttpResponse:
    """The computer asks whether somebody has approved it (RFC 8628 section 3.4 and 3.5)."""
    if request.method != "POST":
        return answers.error(405, "", "a token is asked for with POST", Allow="POST")
    if wait_s := COLLECTING.wait_s(address.of(request)):
        return answers.too_many(wait_s)
    client = _client(request)
    if client is None:
        return _refused(PairingFailure.INVALID_CLIENT)
    if request.POST.get("grant_type") != GRANT_TYPE:
        return JsonResponse({"error": "unsupported_grant_type"}, status=400, headers=NEVER_STORED)
    with scoping.transaction_as(Scope.everything()):
        try:
            collected = pairing.collect(
                device_code=request.POST.get("device_code", ""), client=client, now=clock.wall(), at=clock.now()
            )
        except pairing.NotGiven as reason:  # what it left behind is committed all the same
            return _refused(reason.failure)
        return JsonResponse(_given(collected), headers=NEVER_STORED)


@csrf_exempt
def token(request: HttpRequest) -> HttpResponse:
    """A new token; the old one works until the new one is used."""
    if request.method != "POST":
        return answers.error(405, "", "a new token is asked for with POST", Allow="POST")
    try:
        assistant = who.assistant(request)
    except who.NotKnown as unknown:
        return answers.not_known(unknown)
    if wait_s := ROTATING.wait_s(assistant.pk):
        return answers.too_many(wait_s)
    with scoping.transaction_as(who.scope(assistant)):
        text = assistants.rotate(assistant=assistant, now=clock.now())
    return JsonResponse({"access_token": text, "token_type": "Bearer"}, headers=NEVER_STORED)


def _client(request: HttpRequest) -> Client | None:
    said = request.POST.get("client_id", "")
    return Client(said) if said in set(Client) else None


def _refused(failure: PairingFailure) -> HttpResponse:
    return JsonResponse({"error": failure.value}, status=400, headers=NEVER_STORED)


def _given(collected: pairing.Collected) -> dict[str, Any]:
    request = collected.request
    return {
        "access_token": collected.token,
        "token_type": "Bearer",
        "expires_in": None,
        "client_id": request.client,
        "customer": {"name": request.customer.name} if request.customer else None,
        "site": {"slug": request.site.slug, "name": request.site.name} if request.site else None,
        "person": _person(request.decided_by),
    }


def _person(user: User | None) -> dict[str, str] | None:
    return {"name": user.name, "email": user.email, "language": user.language} if user else None
