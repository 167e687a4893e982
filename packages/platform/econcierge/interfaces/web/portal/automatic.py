"""Automatic orders: switching them on with limits, what they did, and the page that a mail's link opens (R27)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from econcierge.accounts import rules as roles
from econcierge.accounts.types import Actor, Permission, Role, ScopeKind
from econcierge.core import automatic_wording, clock
from econcierge.core.errors import Conflict, Invalid
from econcierge.fleet import queries as fleet
from econcierge.fleet.models import Printer
from econcierge.interfaces.shared import moments, wording
from econcierge.interfaces.web import access
from econcierge.journeys import automatic_decisions, automatic_parts
from econcierge.replenishment import operations, queries, standing, tokens
from econcierge.replenishment import standing_types as t
from econcierge.replenishment.models import ProposedOrder, StandingOrder
from econcierge.supplies import queries as supplies
from econcierge.supplies.types import SlotView

AUDIENCES = (ScopeKind.CUSTOMER, ScopeKind.DEALER, ScopeKind.ALL)
MOST_TOLD = 40
CENTS = Decimal(100)
EVERY = "every"
STANDING_STATES = {
    t.StandingState.ON: pgettext_lazy("automatic ordering", "on"),
    t.StandingState.OFF: gettext_lazy("switched off"),
    t.StandingState.STOPPED: gettext_lazy("stopped by itself"),
}
PROPOSAL_STATES = {
    t.ProposalState.PROPOSED: gettext_lazy("proposed"),
    t.ProposalState.ANNOUNCED: gettext_lazy("announced"),
    t.ProposalState.APPROVED: gettext_lazy("approved"),
    t.ProposalState.PLACED: gettext_lazy("placed"),
    t.ProposalState.VETOED: gettext_lazy("stopped by a person"),
    t.ProposalState.STOPPED: gettext_lazy("not placed"),
}


class Terms(forms.Form):
    """What a person lets be ordered, in dollars; the operation has the last word on what makes sense."""

    slot = forms.ChoiceField(label=gettext_lazy("What is ordered"))
    choice = forms.ChoiceField(label=gettext_lazy("Which one"))
    per_order = forms.DecimalField(
        label=gettext_lazy("At most for one order, in dollars"),
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        help_text=gettext_lazy("With delivery and taxes. What would cost more is not ordered, and you are told."),
    )
    per_month = forms.DecimalField(
        label=gettext_lazy("At most in one calendar month, in dollars"),
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
    )
    approve_above = forms.DecimalField(
        label=gettext_lazy("Somebody has to approve orders above, in dollars"),
        required=False,
        min_value=Decimal(0),
        max_digits=8,
        decimal_places=2,
        help_text=gettext_lazy("Empty: nobody has to. 0: every order has to be approved."),
    )
    approver = forms.ChoiceField(label=gettext_lazy("Who may approve"))
    price_jump_percent = forms.IntegerField(
        label=gettext_lazy("Stops when a price has risen by more than, in percent"),
        min_value=0,
        max_value=500,
        help_text=gettext_lazy("Compared with the price of the day on which you switch this on or confirm it."),
    )

    def __init__(self, *arguments: Any, slots: list[SlotView], parts: dict[str, str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["slot"].choices = [
            (EVERY, _("every supply of this printer")),
            *((str(slot.slot_id), _name(slot)) for slot in slots),
        ]
        self.fields["choice"].choices = [
            (t.Choice.RECOMMENDED.value, _("the cheapest per page of what is in stock")),
            (t.Choice.SAME.value, _("the same as in the printer now")),
            *((f"part:{number}", _("always %(part)s") % {"part": text}) for number, text in parts.items()),
        ]
        self.fields["approver"].choices = [
            (Role.CUSTOMER_BUYER.value, _("buyers and administrators")),
            (Role.CUSTOMER_ADMIN.value, _("administrators only")),
        ]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("choice", "").startswith("part:") and given.get("slot") == EVERY:
            self.add_error("slot", _("One part can only be chosen for one supply. Choose which."))
        return given


@dataclass(frozen=True, slots=True)
class Standing:
    """A standing order as the pages show it."""

    row: StandingOrder
    what: str
    state: str
    why: str
    spent_minor: int
    may_switch_off: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One proposal as the pages show it: what, what became of it, and a link to decide while that is possible."""

    proposal: ProposedOrder
    printer: Printer
    what: str
    state: str
    why: str
    token: str


@require_safe
@access.opens(Permission.SEE_ORDERS, *AUDIENCES)
def automatic_orders(request: access.Request) -> HttpResponse:
    """Every standing order, and what they did; a dealer sees those of its customers."""
    actor, now = request.actor, clock.now()
    rows = list(queries.standing_orders(actor.scope))
    told = list(queries.proposals(actor.scope)[:MOST_TOLD])
    context = {
        "standing": [_standing(row, actor, now=now) for row in rows],
        "told": [_told(one, actor, now=now) for one in told],
        "may_manage": automatic_decisions.may_manage(actor),
    }
    return render(request, "portal/automatic.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.opens(Permission.SEE_ORDERS, *AUDIENCES)
def automatic_printer(request: access.Request, printer_id: int) -> HttpResponse:
    """A printer's own automatic orders; POST switches one on, for who may."""
    actor, now = request.actor, clock.now()
    printer = fleet.printer(actor.scope, printer_id=printer_id)
    offered = _offered(actor, printer, now=now)
    form = _form(request, offered)
    if request.method == "POST":
        automatic_decisions.ensure_may_manage(actor)
        if form.is_valid() and _switched_on(actor, printer, form, offered, now=now):
            messages.success(request, _("It is on. You get a mail a day before each order."))
            return redirect("automatic_printer", printer_id)
    rows = list(queries.standing_orders(actor.scope, printer_id=printer_id))
    told = queries.proposals(actor.scope, standing_order_ids=[row.pk for row in rows])[:MOST_TOLD]
    context = {
        "printer": printer,
        "standing": [_standing(row, actor, now=now) for row in rows],
        "told": [_told(one, actor, now=now) for one in told],
        "form": form,
        "why_not": automatic_decisions.why_not(actor, printer=printer, is_offered=bool(offered.slots), now=now),
        "may_manage": automatic_decisions.may_manage(actor),
    }
    return render(request, "portal/automatic_printer.html", context, status=400 if form.errors else 200)


@require_POST
@access.opens(Permission.SEE_ORDERS, *AUDIENCES)
def automatic_off(request: access.Request, standing_order_id: int) -> HttpResponse:
    row = queries.standing_order(request.actor.scope, standing_order_id=standing_order_id)
    automatic_decisions.switch_off(actor=request.actor, standing_order_id=row.pk, now=clock.now())
    messages.success(request, _("It is off. What was announced and not placed yet is not ordered."))
    return redirect("automatic_printer", row.printer_id)


@require_http_methods(["GET", "HEAD", "POST"])
def decide_automatic(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a mail's link: nobody signs in, and one button decides. Looking at it changes nothing."""
    now = clock.now()
    claimed = automatic_decisions.claimed(token=token, now=now)
    proposal, error = claimed.proposal, None
    if request.method == "POST":
        try:
            proposal = automatic_decisions.decide(claimed, approve=request.POST.get("decision") == "approve", now=now)
        except Conflict:
            error = _("It was decided already, so nothing was changed now.")
            proposal = queries.proposal(claimed.actor.scope, proposed_order_id=proposal.pk)
    context = {
        "proposal": proposal,
        "printer": proposal.standing_order.printer,
        "lines": list(proposal.lines.select_related("part", "slot").order_by("id")),
        "state": PROPOSAL_STATES[t.ProposalState(proposal.state)],
        "why": automatic_wording.why(proposal.reason) if proposal.reason else "",
        "is_open": proposal.state in standing.VETOABLE,
        "may_approve": claimed.may_approve and proposal.state == t.ProposalState.ANNOUNCED,
        "error": error,
        "dealer": proposal.customer.dealer,
        "may_see_order": claimed.actor.user_id == getattr(request.user, "pk", None),
    }
    response = render(request, "portal/automatic_decide.html", context, status=409 if error else 200)
    response.headers["Referrer-Policy"] = "no-referrer"  # the address itself is the key
    response.headers["Cache-Control"] = "private, no-store"
    return response


@dataclass(frozen=True, slots=True)
class _Offered:
    slots: list[SlotView]
    parts: dict[str, str]  # part number: its name
    fitting: dict[int, dict[str, Any]]  # by slot, part number: part


def _offered(actor: Actor, printer: Printer, *, now: datetime) -> _Offered:
    """The supplies of a printer for which something can be bought, and what."""
    every = supplies.slot_views(actor.scope, printer_ids=[printer.pk])[printer.pk]
    shelf = automatic_parts.shelf(
        dealer_id=printer.customer.dealer_id,
        model_ids=[printer.model_id],
        slots=every,
        confirmed=set(),
        on=clock.day_of(now),
    )
    fitting = {slot.slot_id: shelf.priced(printer=printer, slot=slot) for slot in every}
    slots = [slot for slot in every if fitting[slot.slot_id]]
    names = {
        part.part_number: f"{part.part_number}, {wording.supply(part.kind, part.colour)}"
        for slot in slots
        for part in fitting[slot.slot_id]
    }
    return _Offered(slots, names, {pk: {part.part_number: part for part in parts} for pk, parts in fitting.items()})


def _form(request: access.Request, offered: _Offered) -> Terms:
    initial = {
        "slot": EVERY,
        "choice": t.Choice.RECOMMENDED.value,
        "per_order": Decimal(500),
        "per_month": Decimal(1000),
        "approver": Role.CUSTOMER_BUYER.value,
        "price_jump_percent": standing.PRICE_JUMP_PERCENT,
    }
    given = request.POST if request.method == "POST" else None
    return Terms(given, initial=initial, slots=offered.slots, parts=offered.parts)


def _switched_on(actor: Actor, printer: Printer, form: Terms, offered: _Offered, *, now: datetime) -> bool:
    given = form.cleaned_data
    slot_id = None if given["slot"] == EVERY else int(given["slot"])
    kind, _colon, number = given["choice"].partition(":")
    part = offered.fitting.get(slot_id or 0, {}).get(number) if number else None
    if number and part is None:
        form.add_error("choice", _("This part does not go where you want it. Choose another."))
        return False
    above = given["approve_above"]
    limits = t.Limits(
        per_order_minor=int(given["per_order"] * CENTS),
        per_month_minor=int(given["per_month"] * CENTS),
        approve_above_minor=None if above is None else int(above * CENTS),
        approver=Role(given["approver"]),
    )
    wish = operations.Wish(slot_id, t.Choice(kind), part, limits, given["price_jump_percent"])
    try:
        automatic_decisions.switch_on(actor=actor, printer=printer, wish=wish, now=now)
    except Invalid as error:
        if "per_month_minor" in error.fields:
            form.add_error("per_month", _("The limit of a month cannot be below the limit of one order."))
        else:
            form.add_error(None, str(error))
        return False
    return True


def _name(slot: SlotView) -> str:
    return wording.supply(slot.kind, slot.colour, slot.description)


def _standing(row: StandingOrder, actor: Actor, *, now: datetime) -> Standing:
    slot = row.slot
    is_live = row.state != t.StandingState.OFF
    return Standing(
        row=row,
        what=wording.supply(slot.kind, slot.colour, slot.description) if slot else _("every supply"),
        state=str(STANDING_STATES[t.StandingState(row.state)]),
        why=automatic_wording.why(row.stop_reason) if row.stop_reason else "",
        spent_minor=queries.spent_minor(standing_order_id=row.pk, on=clock.day_of(now)),
        may_switch_off=is_live and automatic_decisions.may_manage(actor),
    )


def _told(one: ProposedOrder, actor: Actor, *, now: datetime) -> Told:
    may_decide = (
        one.state in standing.VETOABLE
        and actor.scope.kind is ScopeKind.CUSTOMER
        and actor.role is not None
        and roles.may(actor.role, Permission.ORDER)
    )
    token = ""
    if may_decide and actor.user_id is not None:
        token = tokens.sign(tokens.Claim(one.customer_id, one.pk, actor.user_id), now=now)
    return Told(
        proposal=one,
        printer=one.standing_order.printer,
        what=", ".join(
            f"{line.quantity} × {wording.supply(line.slot.kind, line.slot.colour)} {line.part.part_number}"
            for line in one.lines.all()
        ),
        state=_state(one, now=now),
        why=automatic_wording.why(one.reason) if one.reason else "",
        token=token,
    )


def _state(one: ProposedOrder, *, now: datetime) -> str:
    if one.state == t.ProposalState.ANNOUNCED and one.needs_approval:
        return _("waits for approval")
    if one.state == t.ProposalState.ANNOUNCED and one.places_at is not None:
        return _("goes out %(when)s") % {"when": moments.moment(one.places_at, now=now)}
    return str(PROPOSAL_STATES[t.ProposalState(one.state)])
