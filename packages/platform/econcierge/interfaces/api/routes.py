"""The routes of `/api/v1/`: input to plain values, one call, the answer back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query, Status

from econcierge.accounts import queries as accounts
from econcierge.accounts import rules as roles
from econcierge.accounts import tokens
from econcierge.accounts.types import Actor, Permission
from econcierge.core import clock
from econcierge.fleet import assistants
from econcierge.fleet import queries as fleet
from econcierge.interfaces.api import baskets, callers, choices, failures, orders, printers, schemas, words
from econcierge.interfaces.shared import wording
from econcierge.journeys import ask_for_service
from econcierge.journeys import basket as basket_journey
from econcierge.orders import queries as order_queries

DESCRIPTION = """Printers, supplies, orders and repair requests of a company, for its own programmes and its dealer's.

Every request carries `Authorization: Bearer ecp_…`: a key that a person makes under "Connected applications and keys"
and that may do what this person may do in one company. Texts come in the language of `Accept-Language` (`fr-CA`,
`en-CA`). A failure is `{"error": {"code", "text", "fields"}}`; `429` says with `Retry-After` when to come again."""

api = NinjaAPI(
    title="econcierge",
    version="1.0",
    description=DESCRIPTION,
    docs_url=None,
    urls_namespace="api-1",
    auth=callers.TokenAuth(),
)
failures.install(api)
E = schemas.ERRORS
PAGE = Query(1, ge=1, le=100_000)
CUSTOMER = Query(None, description="For a dealer: of this customer only.", ge=1, le=2**62)


@api.get("/me", response={200: schemas.Me, **E}, summary="Who this key acts for, and what they may do")
def me(request: HttpRequest) -> Any:
    actor, token = request.actor, request.token
    dealer = accounts.dealer(actor.scope)
    customer = token.membership.customer
    return {
        "name": token.user.name,
        "email": token.user.email,
        "language": token.user.language,
        "customer": {"id": customer.pk, "name": customer.name} if customer else None,
        "dealer": dealer and {
            "name": dealer.name,
            "phone": dealer.phone,
            "email": dealer.email,
            "website": dealer.website,
            "accent": dealer.accent_colour,
        },
        "role": token.membership.role,
        "may_order": _may(actor, Permission.ORDER),
        "may_ask_for_repair": _may(actor, Permission.ASK_FOR_SERVICE),
        "portal_url": words.portal("home"),
    }  # fmt: skip


def _may(actor: Actor, permission: Permission) -> bool:
    is_customers = actor.scope.customer_id is not None
    return is_customers and actor.role is not None and roles.may(actor.role, permission)


@api.get("/printers", response={200: schemas.Printers, **E}, summary="Printers with their supplies, by name")
def list_printers(
    request: HttpRequest, q: str = Query("", max_length=200), page: int = PAGE, customer_id: int | None = CUSTOMER
) -> Any:
    callers.require(request.actor, Permission.SEE_FLEET)
    return printers.page(request.actor, query=q, number=page, customer_id=customer_id, now=clock.now())


@api.get("/printers/{int:printer_id}", response={200: schemas.PrinterInFull, **E}, summary="One printer in full")
def one_printer(request: HttpRequest, printer_id: int) -> Any:
    callers.require(request.actor, Permission.SEE_FLEET)
    return printers.in_full(request.actor, printer_id=printer_id, now=clock.now())


@api.post(
    "/printers/{int:printer_id}/read-now", response={202: schemas.ReadNow, **E}, summary="Have a printer read now"
)
def read_now(request: HttpRequest, printer_id: int) -> Any:
    callers.require(request.actor, Permission.SEE_FLEET)
    printer = fleet.printer(request.actor.scope, printer_id=printer_id)
    asked = assistants.ask_to_read_printer(actor=request.actor, printer=printer, now=clock.now())
    text = _("It is read within a minute.") if asked else _("No connected computer reads this printer.")
    return Status(202, {"asked": bool(asked), "text": text})


@api.post(
    "/printers/{int:printer_id}/repair-requests",
    response={201: schemas.Repair, **E},
    summary="Ask for a repair; the same submission key again is the same request",
)
def ask_for_repair(request: HttpRequest, printer_id: int, wanted: schemas.RepairWanted) -> Any:
    callers.require_customer(request.actor, Permission.ASK_FOR_SERVICE)
    opened = ask_for_service.ask(
        actor=request.actor,
        printer_id=printer_id,
        submission_key=wanted.submission_key,
        problem=wanted.text,
        contact_name=wanted.contact or request.actor.name,
        contact_phone=wanted.phone,
        now=clock.now(),
    )
    state = wording.word("service", opened.state)
    return Status(201, {"id": opened.pk, "number": opened.number, "state": opened.state, "state_text": state})


@api.get("/slots/{int:slot_id}/choices", response={200: schemas.Choices, **E}, summary="What fits, side by side")
def supply_choices(request: HttpRequest, slot_id: int) -> Any:
    callers.require_customer(request.actor, Permission.ORDER)
    return choices.of_slot(request.actor, slot_id=slot_id, now=clock.now())


@api.post("/quotes", response={200: schemas.Quote, **E}, summary="What it comes to, with taxes and delivery")
def make_quote(request: HttpRequest, wanted: schemas.QuoteWanted) -> Any:
    callers.require_customer(request.actor, Permission.ORDER)
    return orders.quote(request.actor, wanted, now=clock.now())


@api.post(
    "/orders",
    response={200: schemas.Order, 201: schemas.Order, **E},
    summary="Place an order on account; 200 when this submission key had placed it before",
)
def place_order(request: HttpRequest, wanted: schemas.OrderWanted) -> Any:
    callers.require_customer(request.actor, Permission.ORDER)
    now = clock.now()
    order, repeated = orders.place(request.actor, wanted, now=now)
    return Status(200 if repeated else 201, orders.in_full(order, now=now))


@api.get("/orders", response={200: schemas.Orders, **E}, summary="Orders, the latest first")
def list_orders(request: HttpRequest, page: int = PAGE, customer_id: int | None = CUSTOMER) -> Any:
    callers.require(request.actor, Permission.SEE_ORDERS)
    return orders.page(request.actor, number=page, customer_id=customer_id, now=clock.now())


@api.get("/orders/{int:order_id}", response={200: schemas.Order, **E}, summary="One order and its story")
def one_order(request: HttpRequest, order_id: int) -> Any:
    callers.require(request.actor, Permission.SEE_ORDERS)
    return orders.in_full(order_queries.order(request.actor.scope, order_id=order_id), now=clock.now())


@api.get("/basket", response={200: schemas.Basket, **E}, summary="Your own basket, at the prices of now")
def my_basket(request: HttpRequest, delivery: str = Query("ground", max_length=12)) -> Any:
    callers.require_customer(request.actor, Permission.ORDER)
    return baskets.whole(request.actor, delivery=delivery, now=clock.now())


@api.put(
    "/basket/lines",
    response={200: schemas.Basket, **E},
    summary="Put a supply into your basket; the same one again changes its quantity",
)
def put_into_basket(request: HttpRequest, wanted: schemas.LineWanted) -> Any:
    callers.require_customer(request.actor, Permission.ORDER)
    now = clock.now()
    baskets.put(request.actor, wanted, now=now)
    return baskets.whole(request.actor, delivery="ground", now=now)


@api.delete("/basket/lines/{int:line_id}", response={200: schemas.Basket, **E}, summary="Take a line out of it")
def take_out_of_basket(request: HttpRequest, line_id: int) -> Any:
    callers.require_customer(request.actor, Permission.ORDER)
    basket_journey.take_out(actor=request.actor, line_id=line_id)
    return baskets.whole(request.actor, delivery="ground", now=clock.now())


@api.post(
    "/basket/check-out",
    response={200: schemas.CheckedOut, 201: schemas.CheckedOut, **E},
    summary="Order all of it that is ready, on account; 200 when this submission key had ordered it before",
)
def check_out_basket(request: HttpRequest, wanted: schemas.CheckOutWanted) -> Any:
    callers.require_customer(request.actor, Permission.ORDER)
    now = clock.now()
    placed, repeated = baskets.order_all(request.actor, wanted, now=now)
    return Status(200 if repeated else 201, {"items": [orders.in_full(order, now=now) for order in placed]})


@api.delete("/token", response={204: None, **E}, summary="Take this key back")
def sign_out(request: HttpRequest) -> Any:
    tokens.revoke(actor=request.actor, token_id=request.token.pk, now=clock.now())
    return Status(204, None)
