"""Small shared parts of the HTTP faces: reading JSON, saying what is wrong, serving in this process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from econcierge_virtual.faults import BadFault, Faults

MAX_BODY_OCTETS = 256 * 1024


class BadBody(ValueError):
    """A request's body is too large or no JSON."""


async def read_json(request: Request) -> Any:
    """The body as plain values; nothing is `{}`."""
    held = bytearray()
    async for chunk in request.stream():
        held += chunk
        if len(held) > MAX_BODY_OCTETS:
            raise BadBody(f"the body is larger than {MAX_BODY_OCTETS} bytes")
    try:
        return json.loads(bytes(held) or b"{}")
    except ValueError as error:
        raise BadBody("the body is no JSON") from error


def problem(status: int, code: str, message: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)


def fault_routes(faults: Faults) -> list[Route]:
    """`GET` and `POST /control/faults`."""

    async def show(_request: Request) -> Response:
        return JSONResponse(faults.describe())

    async def switch(request: Request) -> Response:
        try:
            faults.switch(await read_json(request))
        except (BadBody, BadFault) as error:
            return problem(400, "bad_fault", str(error))
        return JSONResponse(faults.describe())

    return [
        Route("/control/faults", show, methods=["GET"]),
        Route("/control/faults", switch, methods=["POST"]),
    ]


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: the process has its own."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class HttpServer:
    """An application served on a socket until closed."""

    def __init__(self, app: Starlette, bound: socket.socket) -> None:
        self.port: int = bound.getsockname()[1]
        self._socket = bound
        self._server = _Server(
            uvicorn.Config(
                app,
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                timeout_graceful_shutdown=1,
            )
        )
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        while not self._server.started and not self._task.done():
            await asyncio.sleep(0.005)
        if self._task.done():
            self._task.result()

    async def close(self) -> None:
        self._server.should_exit = True
        if self._task is not None:
            await self._task
        self._socket.close()


async def serve(app: Starlette, *, address: str, port: int) -> HttpServer:
    """Serve on `address:port` (0 picks a free one); `OSError` when the port is taken."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((address, port))
        bound.listen(128)
        bound.setblocking(False)
    except OSError:
        bound.close()
        raise
    server = HttpServer(app, bound)
    await server.start()
    return server
