"""What the gateway answers when it cannot do what was asked."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse

from econcierge.interfaces.gateway import who


def error(status: int, field: str, reason: str, *, code: str = "", **headers: str) -> HttpResponse:
    """`field`: the first bad one, or ""; `code`: where a programme has to tell reasons apart."""
    said = {"field": field, "reason": reason} | ({"code": code} if code else {})
    return JsonResponse({"error": said}, status=status, headers=headers)


def not_known(unknown: who.NotKnown) -> HttpResponse:
    return error(401, "Authorization", str(unknown), code=unknown.code, **{"WWW-Authenticate": "Bearer"})


def too_many(wait_s: int) -> HttpResponse:
    return error(429, "", f"too many requests; come again in {wait_s} s", **{"Retry-After": str(wait_s)})
