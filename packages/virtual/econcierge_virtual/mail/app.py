"""The catcher over HTTP: pages for people, JSON for tests, faults."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from econcierge_virtual import serving
from econcierge_virtual.faults import Faults
from econcierge_virtual.mail import html, words
from econcierge_virtual.mail.store import Caught, MailStore

# A caught message may hold anything: no scripts, no requests to anywhere, whoever opens it; links open elsewhere.
BODY_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'"
)
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; base-uri 'none'"
MOST_LISTED = 2000


class MailPages:
    def __init__(self, *, store: MailStore) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        return [
            Route("/", self.index),
            Route("/messages.json", self.index_json, methods=["GET"]),
            Route("/messages.json", self.clear, methods=["DELETE"]),
            Route("/messages/{number:int}", self.message),
            Route("/messages/{number:int}.json", self.message_json),
            Route("/messages/{number:int}/body.html", self.body),
            Route("/messages/{number:int}/source", self.source),
        ]

    async def index(self, request: Request) -> Response:
        recipient = request.query_params.get("to", "")
        found = self._store.summaries(recipient=recipient)
        return _page(html.list_page(found, recipient=recipient, language=_language(request)))

    async def index_json(self, request: Request) -> Response:
        found = self._store.summaries(recipient=request.query_params.get("to", ""), limit=MOST_LISTED)
        return JSONResponse({"messages": [summary.to_json() for summary in found]})

    async def clear(self, _request: Request) -> Response:
        self._store.clear()
        return Response(status_code=204)

    async def message(self, request: Request) -> Response:
        caught, language = self._caught(request), _language(request)
        if caught is None:
            return _page(html.missing_page(language=language), status=404)
        return _page(html.message_page(caught, language=language))

    async def message_json(self, request: Request) -> Response:
        caught = self._caught(request)
        if caught is None:
            return serving.problem(404, "no_such_message", "there is no message of that number")
        return JSONResponse(caught.to_json())

    async def body(self, request: Request) -> Response:
        caught = self._caught(request)
        if caught is None or caught.html is None:
            return PlainTextResponse("", status_code=404)
        return HTMLResponse(html.with_links_elsewhere(caught.html), headers={"Content-Security-Policy": BODY_POLICY})

    async def source(self, request: Request) -> Response:
        caught = self._caught(request)
        if caught is None:
            return PlainTextResponse("", status_code=404)
        return PlainTextResponse(caught.source.decode("utf-8", "replace"))

    def _caught(self, request: Request) -> Caught | None:
        return self._store.get(request.path_params["number"])


def _language(request: Request) -> str:
    return words.language(request.headers.get("accept-language", ""))


def _page(text: str, *, status: int = 200) -> Response:
    return HTMLResponse(text, status_code=status, headers={"Content-Security-Policy": PAGE_POLICY})


def create_app(*, store: MailStore, faults: Faults) -> Starlette:
    return Starlette(routes=[*MailPages(store=store).routes(), *serving.fault_routes(faults)])
