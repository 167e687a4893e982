"""A stand-in for the platform's API and for the monitoring service's local face: one company with believable printers.

For the desktop application's tests, benchmark and pictures; speaks `/api/v1`, the pairing of RFC 8628 and the local
face as the real ones do, in both languages, on loopback. What it was asked is kept in `asked`; faults are set in
`answers`.
"""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from econcierge_virtual import portal_people as people

Json = dict[str, Any]
TOKEN = "ecp_stand-in-token-0001"  # noqa: S105  (of this stand-in only)
LOCAL_KEY = "local-key-of-the-stand-in"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: how, where, in which language, with which body."""

    method: str
    path: str
    language: str
    authorization: str
    body: Any


@dataclass
class Portal:
    """What this company has now. `answers` overrides a path with (status, body) or raw bytes; `now` is its clock."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    printers: int = 20
    asked: list[Asked] = field(default_factory=list)
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    orders: list[Json] = field(default_factory=list)
    by_key: dict[str, Json] = field(default_factory=dict)
    basket: list[Json] = field(default_factory=list)  # slot_id, part_number, quantity; and what else a test adds
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    pairing: str = "authorization_pending"  # what waiting for the code is answered; "granted" lets in
    on_account: bool = True
    needs_number: bool = False
    base: str = ""

    def fleet(self, language: str) -> list[Json]:
        ordered = {line["slot_id"]: order for order in self.orders for line in order["lines"]}
        return [self._printer(index, language, ordered) for index in range(self.printers)]

    def _printer(self, index: int, language: str, ordered: dict[str, Json]) -> Json:
        found = people.printer(index, language=language, now=self.now)
        for supply in found["supplies"]:
            if supply["slot_id"] in ordered:
                order = ordered[supply["slot_id"]]
                supply["coming"] = people.coming(order["id"], order["number"], language=language, now=self.now)
        return found


def quote(portal: Portal, body: Json, language: str) -> Json:
    return people.quote(
        body, language=language, now=portal.now, base=portal.base,
        on_account=portal.on_account, needs_number=portal.needs_number,
    )  # fmt: skip


class _Handler(BaseHTTPRequestHandler):
    """Routes in one table: method and shape of the path to a function."""

    protocol_version = "HTTP/1.1"
    portal: Portal
    connections: list[socket.socket]

    def setup(self) -> None:
        self.connections.append(self.request)
        super().setup()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def do_PUT(self) -> None:
        self._serve("PUT")

    def do_DELETE(self) -> None:
        self._serve("DELETE")

    def _serve(self, method: str) -> None:
        path = urlsplit(self.path).path
        language = "fr" if self.headers.get("Accept-Language", "").startswith("fr") else "en"
        body = self._body()
        authorization = self.headers.get("Authorization", "")
        self.portal.asked.append(Asked(method, self.path, language, authorization, body))
        status, answer = self._answer(method, path, language, authorization, body)
        data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        if status in (301, 302):
            self.send_header("Location", str(answer))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _body(self) -> Any:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            return {name: values[0] for name, values in parse_qs(raw).items()}
        return json.loads(raw) if raw else None

    def _answer(self, method: str, path: str, language: str, authorization: str, body: Any) -> tuple[int, Any]:
        if path in self.portal.answers:
            return self.portal.answers[path]
        if path.startswith("/gateway/v1/pair"):
            return _pair(self.portal, path, body)
        if path.startswith("/v1/"):
            return _local(self.portal, path, authorization, body)
        if authorization.removeprefix("Bearer ") not in self.portal.tokens:
            return 401, _refusal("token_unknown", people.text("signed_out", language))
        if (method, path) == ("DELETE", "/api/v1/token"):
            self.portal.tokens.discard(authorization.removeprefix("Bearer "))
            return 204, b""
        return _api(self.portal, method, path.removeprefix("/api/v1"), language, body, self.path)


def _api(portal: Portal, method: str, path: str, language: str, body: Any, whole: str) -> tuple[int, Any]:
    parts = path.strip("/").split("/")
    match (method, *parts):
        case ("GET", "me"):
            return 200, people.me(language=language, base=portal.base)
        case ("GET", "printers"):
            return 200, _page(portal, language, whole)
        case ("GET", "printers", printer_id):
            found = next((one for one in portal.fleet(language) if one["id"] == printer_id), None)
            if found is None:
                return 404, _refusal("not_found", "")
            return 200, people.printer_page(found, orders=portal.orders, language=language, now=portal.now)
        case ("GET", "slots", slot_id, "choices"):
            return 200, people.choices(slot_id, language=language, now=portal.now)
        case ("POST", "quotes"):
            return 200, quote(portal, body, language)
        case ("POST", "orders"):
            return _order(portal, body, language)
        case ("GET", "basket"):
            return 200, _basket(portal, language)
        case ("PUT", "basket", "lines"):
            portal.basket = [line for line in portal.basket if not _is_same(line, body)] + [dict(body)]
            return 200, _basket(portal, language)
        case ("DELETE", "basket", "lines", line_id):
            portal.basket = [line for line in portal.basket if _line_id(line) != line_id]
            return 200, _basket(portal, language)
        case ("GET", "orders"):
            past = [people.past_order(language=language, now=portal.now)]
            return 200, {"items": [*reversed(portal.orders), *past], "next": None}
        case ("GET", "orders", order_id):
            known = [*portal.orders, people.past_order(language=language, now=portal.now)]
            found = next((one for one in known if one["id"] == order_id), None)
            return (200, found) if found else (404, _refusal("not_found", ""))
        case ("POST", "printers", _printer, "repair-requests"):
            return 201, people.repair(language=language)
        case ("POST", "printers", _printer, "read-now"):
            return 202, {"asked": True, "text": people.text("will_read", language)}
    return 404, _refusal("not_found", "")


def _page(portal: Portal, language: str, whole: str, size: int = 50) -> Json:
    page = int(parse_qs(urlsplit(whole).query).get("page", ["1"])[0])
    items = portal.fleet(language)
    more = f"{portal.base}/api/v1/printers?page={page + 1}" if len(items) > page * size else None
    looked = portal.now - timedelta(minutes=6)
    return {
        "items": items[(page - 1) * size : page * size],
        "next": more,
        "looked_at": people.moment(looked),
        "server_time": people.moment(portal.now),
    }


def _basket(portal: Portal, language: str) -> Json:
    names = {supply["slot_id"]: printer["name"] for printer in portal.fleet(language) for supply in printer["supplies"]}
    lines = [
        people.basket_line(line, line_id=_line_id(line), printer=names[line["slot_id"]], language=language)
        for line in portal.basket
    ]
    return {"lines": lines, "portal_url": f"{portal.base}/basket/"}


def _line_id(line: Json) -> str:
    return f"{line['slot_id']}-{line['part_number']}"


def _is_same(one: Json, other: Json) -> bool:
    return _line_id(one) == _line_id(other)


def _order(portal: Portal, body: Json, language: str) -> tuple[int, Any]:
    if body["submission_key"] in portal.by_key:
        return 200, portal.by_key[body["submission_key"]]
    priced = quote(portal, body, language)
    if priced["total"]["amount_minor"] != body["expected_total_minor"]:
        return 409, _refusal("price_changed", people.text("price_changed", language))
    order = people.order(
        priced, number=f"PP-{10482 + len(portal.orders)}", language=language, now=portal.now, order_id=str(uuid.uuid4())
    )
    portal.orders.append(order)
    portal.basket = [line for line in portal.basket if not any(_is_same(line, one) for one in body["lines"])]
    portal.by_key[body["submission_key"]] = order
    return 201, order


def _pair(portal: Portal, path: str, body: Json) -> tuple[int, Any]:
    if not path.endswith("/token"):
        code = "BDWP-HQPK"
        return 200, {
            "device_code": "secret-device-code", "user_code": code, "verification_uri": f"{portal.base}/pair/",
            "verification_uri_complete": f"{portal.base}/pair/?code={code}", "expires_in": 900, "interval": 1,
        }  # fmt: skip
    if portal.pairing != "granted":
        return 400, {"error": portal.pairing}
    token = f"ecp_{uuid.uuid4().hex}"
    portal.tokens.add(token)
    return 200, {
        "access_token": token, "token_type": "Bearer", "expires_in": None, "client_id": body["client_id"],
        "customer": {"name": people.CUSTOMER}, "site": None, "person": people.person(),
    }  # fmt: skip


def _local(portal: Portal, path: str, authorization: str, body: Any) -> tuple[int, Any]:
    if authorization != f"Bearer {LOCAL_KEY}":
        return 403, {"error": {"code": "forbidden", "text": {"en": "Not from here.", "fr": "Pas d’ici."}}}
    if path == "/v1/status":
        return 200, people.service_status(now=portal.now, count=portal.printers, server=portal.base)
    if path == "/v1/printers":
        return 200, {"items": [people.local_printer(index, now=portal.now) for index in range(portal.printers)]}
    if path == "/v1/pair":
        code = "KQTV-ZMDR"
        return 200, {
            "user_code": code, "verification_uri": f"{portal.base}/pair/",
            "verification_uri_complete": f"{portal.base}/pair/?code={code}",
            "expires_at": people.moment(portal.now + timedelta(minutes=15)),
        }  # fmt: skip
    return 202, {"asked": True}


def _refusal(code: str, text: str) -> Json:
    return {"error": {"code": code, "text": text, "fields": {}}}


class Serving:
    """The stand-in on a free port of 127.0.0.1, in a thread; `with` stops it."""

    def __init__(self, portal: Portal, *, context: ssl.SSLContext | None = None) -> None:
        """With a context it speaks TLS."""
        self.portal = portal
        self.connections: list[socket.socket] = []
        handler = type("Handler", (_Handler,), {"portal": portal, "connections": self.connections})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port: int = self._server.server_address[1]
        self.url = f"{'https' if context else 'http'}://127.0.0.1:{self.port}"
        portal.base = self.url
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Serving:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """From now on nobody answers; connections that stand are cut."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def write_local_face(self, path: Path) -> Path:
        """The file by which an application finds the local face."""
        path.write_text(json.dumps({"format": 1, "port": self.port, "key": LOCAL_KEY, "pid": 1}))
        return path
