"""Failures as pages: what happened, what it means, what to do next."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from econcierge.core.errors import Conflict, EconciergeError, Invalid, NotAllowed, NotFound

TEMPLATES = {403: "403.html", 404: "404.html"}
STATUS: dict[type[Exception], int] = {
    Http404: 404,
    PermissionDenied: 403,
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    Invalid: 400,
    EconciergeError: 503,
}


class ExpectedErrorsMiddleware:
    """An expected failure that no view has shown itself becomes a page of its own, and what was begun is undone.

    The innermost middleware: the page is made while the transaction can still be read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        status = next((status for kind, status in STATUS.items() if isinstance(exception, kind)), None)
        if status is None:
            return None
        response = page(request, exception, status=status)
        if transaction.get_connection().in_atomic_block:
            transaction.set_rollback(True)
        return response


def page(request: HttpRequest, error: Exception, *, status: int) -> HttpResponse:
    said = error if isinstance(error, EconciergeError) else None
    return render(request, TEMPLATES.get(status, "web/problem.html"), {"error": said}, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, exception, status=404)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, exception, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or came from elsewhere."""
    return render(request, "403_csrf.html", status=403)
