"""Choosing a supply, looking at the order once more, placing it: three clicks from the first page (R19, G10).

From a mail it is two: the address of the review with `slot` alone proposes the supply that is cheapest per page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from econcierge.accounts.types import Permission, ScopeKind
from econcierge.core import clock
from econcierge.core.errors import Invalid
from econcierge.fleet import queries as fleet
from econcierge.fleet.models import Printer
from econcierge.forecasting import queries as forecasting
from econcierge.interfaces.shared import runout
from econcierge.interfaces.web import access, bars
from econcierge.interfaces.web.portal import along
from econcierge.journeys import check_out, supply_choices
from econcierge.supplies import queries as supplies

BUYERS = (ScopeKind.CUSTOMER, ScopeKind.DEALER)
QUANTITIES = range(1, 21)
DELIVERIES = ("ground", "express")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address or the form says; the journey checks it against catalogue and printer."""

    printer: Printer
    part: str
    slot_id: int | None
    quantity: int
    delivery: str
    reference: str
    key: UUID
    also: tuple[along.Chosen, ...] = ()


@require_safe
@access.opens(Permission.ORDER, *BUYERS)
def choose(request: access.Request, printer_id: int, slot_id: int) -> HttpResponse:
    """R18: what fits this place, standard and high capacity side by side."""
    now = clock.now()
    choice = check_out.choices(actor=request.actor, printer_id=printer_id, slot_id=slot_id, now=now)
    forecast = forecasting.forecasts(request.actor.scope, slot_ids=[slot_id], now=now).get(slot_id)
    context = {
        "choice": choice,
        "printer": choice.printer,
        "bar": bars.bar(choice.slot, now=now),
        "runs_out": runout.sentence(choice.slot, forecast, now=now),
        "recommended": supply_choices.recommended(choice),
    }
    return render(request, "portal/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.opens(Permission.ORDER, *BUYERS)
def review(request: access.Request) -> HttpResponse:
    """GET: everything once more, with delivery and taxes. POST: place it; the same form twice is one order."""
    asked = wanted(request)
    if asked.slot_id and not asked.part:
        return redirect("choose_supply", asked.printer.pk, asked.slot_id)  # it says why nothing is proposed
    if request.method != "POST":
        return _review_page(request, asked)
    try:
        placed = check_out.place(
            actor=request.actor,
            submission_key=asked.key,
            site_id=asked.printer.site_id,
            lines=lines(asked),
            delivery=asked.delivery,
            customer_reference=asked.reference,
            now=clock.now(),
        )
    except Invalid as error:
        return _review_page(request, asked, error=error)
    if placed.repeated:
        messages.info(request, _("This order was placed already; it was not placed twice."))
    return redirect("order", placed.order.pk)


def _review_page(request: access.Request, wanted: Wanted, *, error: Invalid | None = None) -> HttpResponse:
    quote = check_out.quote(
        actor=request.actor,
        site_id=wanted.printer.site_id,
        lines=lines(wanted),
        delivery=wanted.delivery,
        now=clock.now(),
    )
    context: dict[str, Any] = {
        "wanted": wanted,
        "printer": wanted.printer,
        "quote": quote,
        "quantities": QUANTITIES,
        "error": error,
        "wrong": error.fields if error else (),
        "along": along.offered(request.actor, slot_id=wanted.slot_id, boxes=wanted.also, now=clock.now()),
    }
    return render(request, "portal/review.html", context, status=400 if error else 200)


def lines(wanted: Wanted) -> tuple[check_out.LineWanted, ...]:
    return (
        check_out.LineWanted(wanted.part, wanted.printer.pk, wanted.quantity),
        *(check_out.LineWanted(one.part, wanted.printer.pk, 1) for one in wanted.also),
    )


def wanted(request: access.Request) -> Wanted:
    given = request.POST if request.method == "POST" else request.GET
    slot_id = _number(given, "slot") if given.get("slot") else None
    printer_id, part = _what(request, given, slot_id)
    return Wanted(
        printer=fleet.printer(request.actor.scope, printer_id=printer_id),
        part=part,
        slot_id=slot_id,
        quantity=_number(given, "quantity", most=QUANTITIES[-1]),
        delivery=given.get("delivery") if given.get("delivery") in DELIVERIES else DELIVERIES[0],
        reference=given.get("customer_reference", "").strip(),
        key=key_of(given.get("submission_key", "")) if request.method == "POST" else uuid4(),
        also=along.chosen(given),
    )


def _what(request: access.Request, given: QueryDict, slot_id: int | None) -> tuple[int, str]:
    """The printer and the part: as given, or what is proposed for a slot, "" where there is nothing to propose."""
    if given.get("part") or slot_id is None:
        return _number(given, "printer"), given.get("part", "")[:40]
    slot = supplies.slot_view(request.actor.scope, slot_id=slot_id)
    choice = check_out.choices(actor=request.actor, printer_id=slot.printer_id, slot_id=slot_id, now=clock.now())
    option = supply_choices.recommended(choice)
    return slot.printer_id, option.part_number if option else ""


def _number(given: QueryDict, name: str, *, most: int = 2**62) -> int:
    """A whole number from 1 to `most`; what is missing is one."""
    text = given.get(name, "1")
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and 1 <= int(text) <= most):
        raise Invalid(_("This order cannot be read. Choose the supply again on the printer’s page."), fields=(name,))
    return int(text)


def key_of(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(
            _("This order form was incomplete. Choose the supply again."), fields=("submission_key",)
        ) from None
