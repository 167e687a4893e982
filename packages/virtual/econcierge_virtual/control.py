"""The control face of a world, on loopback only: what a person at the printer would do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from econcierge_printers.clock import Clock
from econcierge_virtual import serving, shelf
from econcierge_virtual.distributor.store import Store
from econcierge_virtual.population import Population
from econcierge_virtual.printers import living
from econcierge_virtual.resident import Resident

MOST_PAGES = 100_000


class BadRequest(ValueError):
    """A field of a control request is not as it should be."""


class Control:
    """Changes are saved before they are answered. `port` says where the printers listen, once they do."""

    def __init__(self, *, population: Population, store: Store, clock: Clock, port: Callable[[], int]) -> None:
        self._population = population
        self._store = store
        self._clock = clock
        self._port = port

    def routes(self) -> list[Route]:
        one = "/control/printers/{id}"
        return [
            Route("/control/printers", self.printers, methods=["GET"]),
            Route(f"{one}/print", self._acting(self._print), methods=["POST"]),
            Route(f"{one}/install", self._acting(self._install), methods=["POST"]),
            Route(f"{one}/silence", self._acting(self._silence), methods=["POST"]),
            Route("/control/shelf", self.shelf, methods=["GET"]),
        ]

    async def printers(self, _request: Request) -> Response:
        port = self._port()
        residents = self._population.residents.values()
        return JSONResponse({"printers": [resident.describe(port=port) for resident in residents]})

    async def shelf(self, _request: Request) -> Response:
        used = self._population.used
        boxes = shelf.delivered(self._store.every(), at=self._clock())
        return JSONResponse(
            {
                "boxes": [
                    {
                        "serial": box.serial,
                        "part_number": box.part_number,
                        "delivered_at": box.delivered_at.isoformat(),
                        "order_number": box.order_number,
                        "installed": box.serial in used,
                    }
                    for box in boxes
                ]
            }
        )

    def _acting(self, act: Callable[[Resident, dict[str, Any]], None]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            resident = self._population.residents.get(request.path_params["id"])
            if resident is None:
                return serving.problem(404, "no_such_printer", "no printer has that id")
            try:
                body = await serving.read_json(request)
                if not isinstance(body, dict):
                    raise BadRequest("the body is not an object")
                act(resident, body)
            except (serving.BadBody, BadRequest, living.NoSuchSlot, living.UnknownCapacity) as error:
                return serving.problem(400, "bad_request", str(error))
            self._population.save()
            return JSONResponse(resident.describe(port=self._port()))

        return endpoint

    def _print(self, resident: Resident, body: dict[str, Any]) -> None:
        pages, share = body.get("pages"), body.get("colour_share", resident.spec.habit.colour_share)
        if not isinstance(pages, int) or isinstance(pages, bool) or not 1 <= pages <= MOST_PAGES:
            raise BadRequest(f"pages must be a whole number from 1 to {MOST_PAGES}")
        if not isinstance(share, int | float) or not 0 <= share <= 1:
            raise BadRequest("colour_share must be from 0 to 1")
        resident.state = living.print_pages(
            spec=resident.spec, state=resident.state, pages=pages, colour_share=share, at=resident.state.at
        )

    def _install(self, resident: Resident, body: dict[str, Any]) -> None:
        capacity = body.get("capacity")
        if capacity is not None and (not isinstance(capacity, int) or capacity < 1):
            raise BadRequest("capacity must be a whole number from 1")
        resident.state = living.install_cartridge(
            spec=resident.spec,
            state=resident.state,
            index=_text(body, "index"),
            part_number=_text(body, "part_number"),
            serial=_text(body, "serial"),
            capacity=capacity,
            at=resident.state.at,
        )

    def _silence(self, resident: Resident, body: dict[str, Any]) -> None:
        if not isinstance(body.get("on"), bool):
            raise BadRequest("on must be true or false")
        resident.state = living.silence(resident.state, on=body["on"])


def _text(body: dict[str, Any], field: str) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not value or len(value) > 100:
        raise BadRequest(f"{field} must be a text")
    return value
