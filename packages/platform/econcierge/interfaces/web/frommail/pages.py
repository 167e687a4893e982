"""Order, already ordered, remind me later, not our printer: GET shows, POST does (mail scanners follow links)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from econcierge.accounts.models import User
from econcierge.alerts.types import Action
from econcierge.core import clock
from econcierge.core.errors import Invalid
from econcierge.interfaces.shared import typed, wording
from econcierge.interfaces.web.frommail import opening
from econcierge.journeys import answer_notice
from econcierge.notifications import links
from econcierge.notifications import operations as notifications

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@opening.opens
def act(request: HttpRequest, of: answer_notice.Opened) -> HttpResponse:
    """One address for every link: what it may do stands in it, signed."""
    pages = {Action.ORDER: _order, Action.ALREADY_ORDERED: _ordered, Action.LATER: _later, Action.NOT_OURS: _not_ours}
    return pages[of.action](request, of)


def _order(request: HttpRequest, of: answer_notice.Opened) -> HttpResponse:
    if request.method == "POST" and not of.may_order:
        return _passed_on(request, of)
    error: Any = ""
    if request.method == "POST":
        try:
            answer_notice.order(
                of,
                part_number=typed.search_words(request.POST.get("part", ""))[:40],
                total_minor=_whole(request.POST.get("total", "")) or 0,
                coming_quantity=_whole(request.POST.get("coming", "")) or 0,
                now=clock.now(),
            )
        except answer_notice.PriceChanged:
            error = _("The price has changed since this page was opened. This is what it comes to now.")
        except answer_notice.MoreComing:
            error = _("Since this page was opened, it was ordered already. Order one more only if you need it.")
        except Invalid as refused:
            error = refused.message
        else:
            return redirect(request.path)
    context = {"offer": answer_notice.offer(of, now=clock.now()), "error": error}
    return _page(request, of, "order", context, status=400 if error else 200)


def _ordered(request: HttpRequest, of: answer_notice.Opened) -> HttpResponse:
    if request.method == "POST" and "undo" in request.POST:
        answer_notice.taken_back(of, now=clock.now())
        return redirect(request.path)
    if request.method == "POST":
        quantity = _whole(request.POST.get("quantity", ""))
        known = quantity if quantity and quantity <= answer_notice.MOST_ORDERED else None
        answer_notice.already_ordered(of, quantity=known, now=clock.now())
        return redirect(request.path)
    return _page(request, of, "ordered", {"answer": answer_notice.answer_of(of)})


def _later(request: HttpRequest, of: answer_notice.Opened) -> HttpResponse:
    days = _whole(request.POST.get("days", ""))
    if request.method == "POST" and days in answer_notice.LATER_DAYS:
        answer_notice.later(of, days=days, now=clock.now())
        return redirect(request.path)
    choices = ((3, _("In 3 days")), (7, _("In a week")), (14, _("In two weeks")))
    return _page(request, of, "later", {"answer": answer_notice.answer_of(of), "choices": choices})


def _not_ours(request: HttpRequest, of: answer_notice.Opened) -> HttpResponse:
    if request.method == "POST" and not of.may_set_aside:
        return _passed_on(request, of)
    if request.method == "POST":
        if "undo" in request.POST:
            answer_notice.taken_in_again(of, now=clock.now())
        elif of.printer.retired_at is None:
            answer_notice.set_aside(of, now=clock.now())
        return redirect(request.path)
    return _page(request, of, "not_ours", {"is_set_aside": of.printer.retired_at is not None})


def _passed_on(request: HttpRequest, of: answer_notice.Opened) -> HttpResponse:
    return _page(request, of, "passed_on", {"count": answer_notice.pass_on(of, now=clock.now())})


def _page(
    request: HttpRequest, of: answer_notice.Opened, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    slot = of.episode.slot
    shown = {
        "of": of,
        "printer": of.printer,
        "slot": slot,
        "supply": wording.supply(slot.kind, slot.colour, slot.description),
        "the_supply": wording.the_supply(slot.kind, slot.colour, slot.description),
        **context,
    }
    return render(request, f"frommail/{name}.html", shown, status=status)


@csrf_exempt  # RFC 8058: the mail programme posts it for its reader, with nothing but the address
@require_http_methods(METHODS)
@opening.quiet
def stop(request: HttpRequest, text: str) -> HttpResponse:
    """Ends one kind of message for one person. Following the link shows a button; only a POST ends anything."""
    try:
        user_id, kind = links.read_stop(text)
    except links.Forged:
        return opening.closed(request, "forged")
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return opening.closed(request, "left")
    if request.method == "POST":
        wanted = "undo" in request.POST
        notifications.set_preference(user=user, kind=kind, wanted=wanted)
        return render(request, "frommail/stopped.html", {"kind": kind, "wanted": wanted})
    return render(request, "frommail/stop.html", {"kind": kind, "address": user.email})


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None
