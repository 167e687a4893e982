"""Failures as answers: `{"error": {"code", "text", "fields"}}`; and what was begun is undone."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from econcierge.core.errors import Conflict, EconciergeError, Invalid, NotAllowed, NotFound
from econcierge.interfaces.api import callers, faults

STATUS: tuple[tuple[type[EconciergeError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (Conflict, 409),
    (Invalid, 422),
    (EconciergeError, 503),
)


def install(api: NinjaAPI) -> None:
    api.add_exception_handler(EconciergeError, lambda request, error: _expected(api, request, error))
    api.add_exception_handler(ValidationError, lambda request, error: _unreadable(api, request, error))
    api.add_exception_handler(callers.TooMany, lambda request, error: _too_many(api, request, error))
    api.add_exception_handler(AuthenticationError, lambda request, error: _unknown(api, request, error))
    api.add_exception_handler(HttpError, lambda request, error: _not_read(api, request, error))
    api.add_exception_handler(Http404, lambda request, error: _expected(api, request, NotFound(_("Not found."))))


def _expected(api: NinjaAPI, request: HttpRequest, error: EconciergeError) -> HttpResponse:
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    fields = dict.fromkeys(error.fields, str(error))
    return _answer(api, request, status, error.code, str(error), fields=fields)


def _unreadable(api: NinjaAPI, request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = {_name(one): faults.in_words(one) for one in error.errors}
    return _answer(api, request, 422, "invalid", _("Something in this request is missing or wrong."), fields=fields)


def _name(error: dict[str, Any]) -> str:
    """Where it is, as a person who wrote the JSON reads it: lines.0.quantity."""
    where = [str(part) for part in error.get("loc", ()) if part not in ("body", "query", "path", "wanted")]
    return ".".join(where)


def _too_many(api: NinjaAPI, request: HttpRequest, error: callers.TooMany) -> HttpResponse:
    text = _("Too many requests. Come again in %(seconds)s s.") % {"seconds": error.wait_s}
    answer = _answer(api, request, 429, "too_many", text)
    answer["Retry-After"] = str(error.wait_s)
    return answer


def _unknown(api: NinjaAPI, request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    text = _("This key is unknown or was taken back. Connect the application again, or make a new key in the portal.")
    answer = _answer(api, request, 401, "token_unknown", text)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _not_read(api: NinjaAPI, request: HttpRequest, error: HttpError) -> HttpResponse:
    return _answer(api, request, error.status_code, "bad_request", _("This request cannot be read as JSON."))


def _answer(
    api: NinjaAPI, request: HttpRequest, status: int, code: str, text: str, *, fields: dict[str, str] | None = None
) -> HttpResponse:
    if transaction.get_connection().in_atomic_block:
        transaction.set_rollback(True)
    said = {"error": {"code": code, "text": text, "fields": fields or {}}}
    return api.create_response(request, said, status=status)
