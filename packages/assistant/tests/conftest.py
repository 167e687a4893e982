"""A platform that speaks the gateway's contract over real HTTP(S), for whatever has to talk to one."""

from __future__ import annotations

import gzip
import http.server
import ipaddress
import json
import ssl
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from econcierge_printers import wire

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Portal:
    """Answers as the platform does; `script` answers the next requests to a path otherwise."""

    tokens: set[str] = field(default_factory=lambda: {"first"})
    next_tokens: dict[str, str] = field(default_factory=dict)  # by the token that it will replace
    revoked: set[str] = field(default_factory=set)
    script: dict[str, list[Answer]] = field(default_factory=dict)
    decisions: list[str] = field(default_factory=list)  # to each question for a token; then the token is given
    granted: str = "granted"
    settings: dict[str, Any] = field(default_factory=lambda: {"version": 1})
    commands: dict[str, dict[str, Any]] = field(default_factory=dict)  # by id; {"search": bool, "targets": ...}
    forms: list[dict[str, str]] = field(default_factory=list)
    heartbeats: list[dict[str, Any]] = field(default_factory=list)
    reports: dict[str, wire.Report] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # method, path, token
    settings_answers: list[int] = field(default_factory=list)
    host: str = "127.0.0.1"
    port: int = 0
    tls: bool = False
    next_in_s: float = 2.0
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}"

    @property
    def readings(self) -> int:
        return sum(len(report.readings) for report in self.reports.values())

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> Answer:
        token = (headers["Authorization"] or "").removeprefix("Bearer ")
        with self.lock:
            self.asked.append((method, path, token))
            if self.script.get(path):
                return self.script[path].pop(0)
            if path == "/gateway/v1/pair":
                return self.code(body)
            if path == "/gateway/v1/pair/token":
                return self.token(body)
            if path == "/health/live":
                return said(200, {"live": True})
            if refused := self.refusal(token):
                return refused
            return self.known(path, token, headers, body)

    def refusal(self, token: str) -> Answer | None:
        """The first use of a new token ends the old one, as on the platform."""
        for old, new in list(self.next_tokens.items()):
            if token == new:
                self.tokens = self.tokens - {old} | {new}
                del self.next_tokens[old]
        if token in self.tokens:
            return None
        code = "token_revoked" if token in self.revoked else "token_unknown"
        return said(401, {"error": {"field": "Authorization", "reason": "…", "code": code}})

    def revoke(self) -> None:
        with self.lock:
            self.revoked, self.tokens = self.revoked | self.tokens, set()

    def known(self, path: str, token: str, headers: Any, body: bytes) -> Answer:
        if path == "/gateway/v1/settings":
            return self.told_settings(headers["If-None-Match"])
        if path == "/gateway/v1/heartbeat":
            return self.heartbeat(json.loads(body))
        if path == "/gateway/v1/token":
            self.next_tokens[token] = f"{token}+"
            return said(200, {"access_token": f"{token}+", "token_type": "Bearer"})
        report = wire.report_from_json(json.loads(gzip.decompress(body)))
        known = str(report.message_id) in self.reports
        self.reports.setdefault(str(report.message_id), report)
        return said(200, {"accepted": 0 if known else len(report.readings), "duplicate": known})

    def told_settings(self, held: str | None) -> Answer:
        tag = f'"{hash(json.dumps(self.settings)):x}"'
        self.settings_answers.append(304 if held == tag else 200)
        return (304, {"ETag": tag}, b"") if held == tag else said(200, self.settings, ETag=tag)

    def heartbeat(self, facts: dict[str, Any]) -> Answer:
        self.heartbeats.append(facts)
        for command_id in facts["done"]:
            self.commands.pop(command_id, None)
        reads = {name: each for name, each in self.commands.items() if not each.get("search")}
        answer = {
            "server_time": datetime.now(UTC).isoformat(),
            "settings_version": self.settings.get("version", 1),
            "read_now": [{"command_id": name, "targets": each["targets"]} for name, each in reads.items()],
            "discover_now": [{"command_id": name} for name in self.commands if name not in reads],
            "next_in_s": self.next_in_s,
        }
        return said(200, answer)

    def code(self, body: bytes) -> Answer:
        self.forms.append(dict(urllib.parse.parse_qsl(body.decode())))
        page = f"{self.url}/pair/"
        offer = {"device_code": "d" * 43, "user_code": "BDWP-HQPK", "verification_uri": page, "interval": 0.01}
        return said(200, {**offer, "verification_uri_complete": f"{page}?code=BDWP-HQPK", "expires_in": 900})

    def token(self, body: bytes) -> Answer:
        form = dict(urllib.parse.parse_qsl(body.decode()))
        assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:device_code"
        assert form["device_code"] == "d" * 43
        if self.decisions:
            return said(400, {"error": self.decisions.pop(0)})
        self.tokens.add(self.granted)
        granted = {"access_token": self.granted, "token_type": "Bearer", "expires_in": None, "client_id": "assistant"}
        return said(200, {**granted, "customer": {"name": "Acme"}, "site": {"slug": "hq", "name": "Head office"}})


def said(status: int, body: dict[str, Any], **headers: str) -> Answer:
    return status, {"Content-Type": "application/json", **headers}, json.dumps(body).encode()


def serving(portal: Portal, *, context: ssl.SSLContext | None = None) -> Iterator[Portal]:
    """Until the generator is closed."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply(b"")

        def do_POST(self) -> None:
            self.reply(self.rfile.read(int(self.headers["Content-Length"] or 0)))

        def reply(self, body: bytes) -> None:
            status, headers, answer = portal.answer(self.command, self.path, self.headers, body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            return

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            return  # a client that trusts nobody hangs up

    server = Server((portal.host, 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    portal.port, portal.tls = server.server_address[1], context is not None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield portal
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def portal() -> Iterator[Portal]:
    yield from serving(Portal())


@pytest.fixture
def serve_portal() -> Iterator[Callable[..., Portal]]:
    """Starts platforms with a TLS context; stopped after the test."""
    running: list[Iterator[Portal]] = []

    def start(**given: Any) -> Portal:
        running.append(serving(Portal(), **given))
        return next(running[-1])

    yield start
    for each in running:
        next(each, None)


TODAY = datetime.now(UTC)
DAY = timedelta(days=1)


class Authority:
    """A certificate authority of a company of its own."""

    def __init__(self, folder: Path, name: str = "Acme authority") -> None:
        self.folder = folder
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.key = ec.generate_private_key(ec.SECP256R1())
        made = self._builder(self.name, self.key, TODAY - 30 * DAY, TODAY + 30 * DAY)
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        self.path = folder / f"{name}.pem"
        self.path.write_bytes(made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def context(
        self, *, names: tuple[str, ...] = ("127.0.0.1",), begins: datetime = TODAY - DAY, ends: datetime = TODAY + DAY
    ) -> ssl.SSLContext:
        """A server's context with a certificate for these addresses and names."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        made = self._builder(subject, key, begins, ends)
        made = made.add_extension(x509.SubjectAlternativeName([general(name) for name in names]), critical=False)
        path = self.folder / f"server-{key.private_numbers().private_value % 10**9}.pem"
        plain = serialization.NoEncryption()
        path.write_bytes(
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
            + made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, begins: datetime, ends: datetime
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
        )


def general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)
