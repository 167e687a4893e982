"""The basket: what is put aside, what has changed since, and one button that orders all of it on account.

What the button orders is what the page showed: the totals are posted back, and another one shows the page again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from econcierge.accounts.types import Permission
from econcierge.core import clock
from econcierge.core.errors import Conflict, EconciergeError, Invalid
from econcierge.interfaces.shared import basket_words, wording
from econcierge.interfaces.web import access
from econcierge.interfaces.web.portal import ordering
from econcierge.journeys import basket as baskets
from econcierge.orders.models import BasketLine


@require_http_methods(["GET", "HEAD", "POST"])
@access.opens(Permission.ORDER, *ordering.BUYERS)
def basket(request: access.Request) -> HttpResponse:
    """GET: everything at the prices of now. POST: order it; the same form twice is the same orders."""
    given = request.POST if request.method == "POST" else request.GET
    delivery = given.get("delivery") if given.get("delivery") in ordering.DELIVERIES else ordering.DELIVERIES[0]
    if request.method != "POST":
        return _page(request, delivery)
    reference = given.get("customer_reference", "").strip()
    try:
        done = baskets.order_all(
            actor=request.actor,
            submission_key=ordering.key_of(given.get("submission_key", "")),
            seen=_seen(given.getlist("seen")),
            delivery=delivery,
            customer_reference=reference,
            now=clock.now(),
        )
    except (Invalid, Conflict) as error:
        return _page(request, delivery, error=error, reference=reference)
    if done.repeated:
        messages.info(request, _("This order was placed already; it was not placed twice."))
    if len(done.orders) == 1:
        return redirect("order", done.orders[0].pk)
    count = ngettext("%(n)s order is placed.", "%(n)s orders are placed.", len(done.orders)) % {"n": len(done.orders)}
    messages.success(request, count)
    return redirect("orders")


@require_POST
@access.opens(Permission.ORDER, *ordering.BUYERS)
def put(request: access.Request) -> HttpResponse:
    """From the page of an order: the same supplies into the basket instead."""
    wanted = ordering.wanted(request)
    now = clock.now()
    try:
        baskets.put(actor=request.actor, printer_id=wanted.printer.pk, lines=ordering.lines(wanted), now=now)
    except Invalid as error:
        return _page(request, wanted.delivery, error=error)
    messages.success(request, _("It is in your basket."))
    return redirect("basket")


@require_POST
@access.opens(Permission.ORDER, *ordering.BUYERS)
def change(request: access.Request, line_id: int) -> HttpResponse:
    """Another quantity, out of it, or in it all the same."""
    do = request.POST.get("do", "")
    if do == "take_out":
        messages.success(request, _("Taken out: %(supply)s.") % {"supply": _named(_taken_out(request, line_id))})
    elif do == "want_still":
        baskets.want_still(actor=request.actor, line_id=line_id, now=clock.now())
    else:
        text = request.POST.get("quantity", "")
        quantity = int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else 0
        baskets.change(actor=request.actor, line_id=line_id, quantity=quantity)
    delivery = request.POST.get("delivery", "")
    return redirect(reverse("basket") + (f"?delivery={delivery}" if delivery in ordering.DELIVERIES[1:] else ""))


def _taken_out(request: access.Request, line_id: int) -> BasketLine:
    return baskets.take_out(actor=request.actor, line_id=line_id)


def _named(row: BasketLine) -> str:
    return f"{wording.supply(row.part.kind, row.part.colour)}, {row.printer.name}"


def _seen(posted: list[str]) -> dict[int, int]:
    """The totals that were shown, minor units by site: "7:18965"."""
    found: dict[int, int] = {}
    for text in posted[:100]:
        site, _colon, total = text.partition(":")
        if not (site.isascii() and site.isdecimal() and total.isascii() and total.isdecimal() and len(text) < 40):
            raise Invalid(_("This order form was incomplete. Choose the supply again."), fields=("seen",))
        found[int(site)] = int(total)
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """A line with what is said of it: why it stays out, or what to know before ordering it."""

    line: baskets.Line
    said: str = ""
    price_was: str = ""


@dataclass(frozen=True, slots=True)
class ShownParcel:
    parcel: baskets.Parcel
    lines: tuple[Shown, ...]


def _parcel(one: baskets.Parcel, *, now: datetime) -> ShownParcel:
    lines = (
        Shown(line, basket_words.there_is(line.coming, now=now), basket_words.price_was(line)) for line in one.lines
    )
    return ShownParcel(one, tuple(lines))


def _page(
    request: access.Request, delivery: str, *, error: EconciergeError | None = None, reference: str = ""
) -> HttpResponse:
    now = clock.now()
    shown = baskets.view(actor=request.actor, delivery=delivery, now=now)
    context: dict[str, Any] = {
        "basket": shown,
        "parcels": [_parcel(one, now=now) for one in shown.parcels],
        "left_out": [Shown(line, basket_words.why_left_out(line, now=now)) for line in shown.left_out],
        "options": next((one.quote.delivery_options for one in shown.parcels if one.quote), ()),
        "quantities": ordering.QUANTITIES,
        "key": uuid4(),
        "reference": reference,
        "error": error,
        "wrong": error.fields if error else (),
    }
    status = 200 if error is None else 409 if isinstance(error, Conflict) else 400
    return render(request, "portal/basket.html", context, status=status)
