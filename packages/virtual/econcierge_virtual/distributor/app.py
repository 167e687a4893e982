"""The sandbox distributor over HTTP; the shapes are in this package's README."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from econcierge_printers.clock import Clock
from econcierge_virtual import serving
from econcierge_virtual.distributor import orders, rules, stock
from econcierge_virtual.distributor.store import OtherContent, Store
from econcierge_virtual.faults import Faults

FAULT_MODES = ("down", "nonsense", "slow", "accept_then_timeout", "refuse")
USUAL_DELAY_S = 10.0
MAX_PARTS = 500
Endpoint = Callable[[Request], Awaitable[Response]]


def new_faults() -> Faults:
    return Faults(FAULT_MODES, seconds=USUAL_DELAY_S)


class Distributor:
    """The endpoints over one store; `secret` is the bearer token of the only customer, the dealer."""

    def __init__(self, *, store: Store, clock: Clock, secret: str, faults: Faults) -> None:
        self._store = store
        self._clock = clock
        self._secret = secret
        self._faults = faults

    def routes(self) -> list[Route]:
        number = "/v1/purchase-orders/{number}"
        return [
            Route("/v1/availability", self._guarded(self.availability), methods=["GET"]),
            Route(number, self._guarded(self.place), methods=["PUT"]),
            Route(number, self._guarded(self.look), methods=["GET"]),
            Route("/control/purchase-orders", self.every, methods=["GET"]),
            Route("/control/purchase-orders/{number}/cancel", self.cancel, methods=["POST"]),
            *serving.fault_routes(self._faults),
        ]

    async def availability(self, request: Request) -> Response:
        asked = [part for part in request.query_params.get("parts", "").split(",") if part][:MAX_PARTS]
        now, known = self._clock(), stock.offers()
        available = self._store.available(asked, at=now)
        items = [
            {
                "part_number": number,
                "quantity": quantity,
                "price_minor": known[number].price_minor,
                "currency": known[number].currency,
                "lead_days": known[number].lead_days,
            }
            for number, quantity in available.items()
        ]
        return JSONResponse({"as_of": now.isoformat(), "items": items})

    async def place(self, request: Request) -> Response:
        """Idempotent: the number is the key."""
        number = request.path_params["number"]
        try:
            body = await serving.read_json(request)
            order = orders.parse(body, number=number)
            received, is_new = self._store.receive(
                order=order,
                fingerprint=orders.fingerprint(body),
                at=self._clock(),
                is_refused=request.state.fault == "refuse",
            )
        except serving.BadBody as error:
            return serving.problem(400, "bad_body", str(error))
        except orders.BadOrder as error:
            return serving.problem(422, "bad_order", str(error))
        except OtherContent:
            return serving.problem(409, "other_content", f"{number} was received before with other content")
        if request.state.fault == "accept_then_timeout":
            await asyncio.sleep(self._faults.seconds)
            return serving.problem(504, "timeout", "no answer in time")
        return JSONResponse(_receipt(received), status_code=201 if is_new else 200)

    async def look(self, request: Request) -> Response:
        received = self._store.get(request.path_params["number"])
        if received is None:
            return serving.problem(404, "never_received", "no order of that number was received")
        return JSONResponse(rules.report(received, at=self._clock()))

    async def every(self, _request: Request) -> Response:
        now = self._clock()
        reports = [
            {**rules.report(received, at=now), "ship_to": received.order.ship_to} for received in self._store.every()
        ]
        return JSONResponse({"as_of": now.isoformat(), "purchase_orders": reports})

    async def cancel(self, request: Request) -> Response:
        """As if the distributor cancelled it: only until something has shipped."""
        number, now = request.path_params["number"], self._clock()
        received = self._store.get(number)
        if received is None:
            return serving.problem(404, "never_received", "no order of that number was received")
        if not rules.can_cancel(rules.plan(received), at=now):
            return serving.problem(409, "already_shipped", "something of it has shipped")
        self._store.cancel(number, at=now)
        return JSONResponse({"number": number, "state": "cancelled"})

    def _guarded(self, endpoint: Endpoint) -> Endpoint:
        """Faults first, as a broken line does not check tokens; then the token."""

        async def guard(request: Request) -> Response:
            fault = self._faults.take()
            request.state.fault = fault
            if fault == "down":
                return serving.problem(503, "down", "the distributor's system is down")
            if fault == "nonsense":
                return HTMLResponse("<html><body><h1>It works!</h1></body></html>")
            if fault == "slow":
                await asyncio.sleep(self._faults.seconds)
            given = request.headers.get("authorization", "").encode()
            if not hmac.compare_digest(given, f"Bearer {self._secret}".encode()):
                return serving.problem(401, "unauthorized", "the bearer token is missing or wrong")
            return await endpoint(request)

        return guard


def _receipt(received: rules.Received) -> dict[str, str]:
    """What a PUT answers, the same each time."""
    is_refused = len(rules.plan(received).refused_lines) == len(received.order.lines)
    return {"state": "refused" if is_refused else "received", "their_number": received.their_number}


def create_app(
    *, store: Store, clock: Clock, secret: str, faults: Faults, more_routes: Sequence[Route] = ()
) -> Starlette:
    distributor = Distributor(store=store, clock=clock, secret=secret, faults=faults)
    return Starlette(routes=[*distributor.routes(), *more_routes])
