"""Who may open a link of a mail: its page, and what stands there when it opens nothing (any more)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from econcierge.core import clock
from econcierge.interfaces.shared import address, pace
from econcierge.journeys import answer_notice
from econcierge.notifications import links

PACE = pace.Pace(per_second=0.5, burst=40)  # for a person, and the mail scanner beside them
View = Callable[..., HttpResponse]
STATUS = {"forged": 404, "expired": 410, "left": 410, "over": 410}


def quiet(view: View) -> View:
    """Not to be found by search, not to be kept, and not too often for one person, or of forged ones from one place."""

    @wraps(view)
    def guarded(request: HttpRequest, text: str) -> HttpResponse:
        wait_s = PACE.wait_s(_whose(request, text))
        if wait_s:
            response = render(request, "frommail/too_often.html", status=429)
            response.headers["Retry-After"] = str(wait_s)
        else:
            response = view(request, text)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cache-Control"] = "no-store, private"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return guarded


def _whose(request: HttpRequest, text: str) -> tuple[str, int | str]:
    """Whose bucket a request draws on: an office, or all behind a proxy, share one address and must not share that."""
    for read in (lambda: links.read_action(text).user_id, lambda: links.read_stop(text)[0]):
        try:
            return ("person", read())
        except links.Forged:
            continue
    return ("address", address.of(request))


def opens(view: View) -> View:
    """A page about what a link names, in its person's language; otherwise a page that says why not, and what to do."""

    @quiet
    @wraps(view)
    def guarded(request: HttpRequest, text: str) -> HttpResponse:
        try:
            link = links.read_action(text)
            of = answer_notice.opened(link=link, now=clock.now())
        except links.Forged:
            return closed(request, "forged")
        except answer_notice.Closed as shut:
            return closed(request, shut.reason)
        # The frame shows the dealer's name, and nobody as signed in: the link is not a session.
        request.actor = replace(of.actor, user_id=None, role=None)  # type: ignore[attr-defined]
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(of.user.language)
        response = view(request, of)
        response.headers.setdefault("Content-Language", translation.get_language() or "en-ca")
        return response

    return guarded


def closed(request: HttpRequest, reason: str) -> HttpResponse:
    return render(request, "frommail/closed.html", {"reason": reason}, status=STATUS[reason])
