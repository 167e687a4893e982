"""What every page needs: the reader's language, the person's scope in one transaction, and safe headers."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

from econcierge.accounts import queries as accounts
from econcierge.accounts import scoping
from econcierge.accounts.types import Actor, Scope

MEMBERSHIP_KEY = "membership_id"
WITHOUT_SCOPE = ("/gateway/", "/health/", "/static/", "/favicon.ico")
Next = Callable[[HttpRequest], HttpResponse]


class CompressionMiddleware(GZipMiddleware):
    """Django's own, but installers go out as they are: they are packed already, and their length is told."""

    AS_THEY_ARE = ("/download/", "/updates/")

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        is_file = response.streaming and request.path.startswith(self.AS_THEY_ARE)
        return response if is_file else super().process_response(request, response)


class LanguageMiddleware:
    """The language a person chose for themselves, then the cookie, then what the browser asks for."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_request(request)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and request.user.is_authenticated:
            language = request.user.language
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


class ScopeMiddleware:
    """One transaction a request, under the scope of the person signed in; an error rolls all of it back."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(WITHOUT_SCOPE):
            return self.get_response(request)
        with transaction.atomic():
            request.actor = self._enter(request)
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if transaction.get_connection().in_atomic_block:
            transaction.set_rollback(True)

    def _enter(self, request: HttpRequest) -> Actor:
        if not request.user.is_authenticated:
            actor = Actor(None, None, Scope.nothing(), language=translation.get_language() or "en-ca")
            scoping.enter(actor.scope)
            return actor
        scoping.enter(Scope.nothing(user_id=request.user.pk))
        request.memberships = accounts.memberships(user=request.user)
        chosen = request.session.get(MEMBERSHIP_KEY)
        membership = next((m for m in request.memberships if m.pk == chosen), None) or next(
            iter(request.memberships), None
        )
        request.membership = membership
        return scoping.enter_as(user=request.user, membership=membership)


class ContentSecurityPolicyMiddleware:
    """Only our own scripts, styles and pictures; no frames."""

    POLICY = (
        "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.POLICY)
        return response
