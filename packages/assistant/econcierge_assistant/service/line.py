"""The line to the platform: one HTTP(S) question and its answer, and in one sentence why there was none.

Blocking `http.client` on purpose (FACTS, memory); the loop calls it from a thread. TLS trusts the system's certificates
or the file that was named. A proxy is used for what leaves this computer encrypted, by CONNECT (RFC 9110, 9.3.6).
"""

from __future__ import annotations

import base64
import contextlib
import email.utils
import errno
import http.client
import ipaddress
import json
import os
import socket
import ssl
import sys
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from econcierge_assistant.service import errors, texts

TIMEOUT_S = 20.0
ANSWER_BYTES = 262_144
# Python built elsewhere may look for certificates where this system has none (OpenSSL's own paths differ)
_KNOWN_CERTIFICATES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
_BECAUSE = {
    errno.ECONNREFUSED: "because_refused",
    errno.EHOSTUNREACH: "because_no_route",
    errno.ENETUNREACH: "because_no_network",
    errno.ECONNRESET: "because_reset",
    errno.EPIPE: "because_broken",
    errno.ENOENT: "because_missing",
    errno.EACCES: "because_forbidden",
    errno.EISDIR: "because_folder",
}
_EXPIRED, _NOT_YET = 10, 9  # X509_V_ERR_*
_OTHER_NAME = frozenset({62, 64})


@dataclass(frozen=True, slots=True)
class Server:
    """The platform's address, checked: TLS, or plain http on the loopback."""

    host: str
    port: int
    tls: bool
    path: str = ""

    def connection(self, *, timeout_s: float, context: ssl.SSLContext | None) -> http.client.HTTPConnection:
        if self.tls:
            return http.client.HTTPSConnection(self.host, self.port, timeout=timeout_s, context=context)
        return http.client.HTTPConnection(self.host, self.port, timeout=timeout_s)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == (443 if self.tls else 80)
        return f"{'https' if self.tls else 'http'}://{host}{'' if usual else f':{self.port}'}{self.path}"


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where to ask for a tunnel; `authorization` is a header's value, or empty."""

    host: str
    port: int
    authorization: str = ""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def __repr__(self) -> str:
        return f"Proxy({self})"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes


class Line:
    """One server, asked one question at a time; its TLS context is made once, because it costs memory."""

    def __init__(self, *, server: Server, ca_file: str = "", proxy: Proxy | None = None, timeout_s: float = TIMEOUT_S):
        self.server = server
        self.proxy = proxy if server.tls else None
        self.timeout_s = timeout_s
        self.context = trust(ca_file) if server.tls else None

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """Raises `Trouble` when there is no answer; never another error for what a network may do."""
        asked = {"User-Agent": "econcierge-assistant", **(headers or {})}
        try:
            with contextlib.closing(self._connection(timeout_s or self.timeout_s)) as connection:
                connection.request(method, self.server.path + path, body, asked)
                answer = connection.getresponse()
                found = {name.lower(): value for name, value in answer.getheaders()}
                return Answer(answer.status, found, answer.read(ANSWER_BYTES))
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            raise errors.Trouble(self.why(error)) from error

    def why(self, error: Exception) -> texts.Said:
        """What an error of the line means, and what to do about it."""
        host, port, reason = self.server.host, self.server.port, explain(error)
        if isinstance(error, ssl.SSLCertVerificationError):
            return _distrust(error, host)
        if self.proxy is not None and (found := self._proxy_trouble(error, reason)):
            return found
        if isinstance(error, (socket.gaierror, UnicodeError)):
            return texts.said("name_not_found", host=host)
        if isinstance(error, TimeoutError):
            return texts.said("no_answer_in_time", host=host)
        if isinstance(error, ssl.SSLError):
            return texts.said("not_tls", host=host, port=port, reason=reason)
        if isinstance(error, (ConnectionResetError, BrokenPipeError, http.client.RemoteDisconnected)):
            return texts.said("line_broken", host=host, reason=reason)
        if isinstance(error, OSError):
            return texts.said("nothing_answers", host=host, port=port, reason=reason)
        return texts.said("not_our_server", host=host)

    def _connection(self, timeout_s: float) -> http.client.HTTPConnection:
        if self.proxy is None:
            return self.server.connection(timeout_s=timeout_s, context=self.context)
        made = http.client.HTTPSConnection(self.proxy.host, self.proxy.port, timeout=timeout_s, context=self.context)
        granted = {"Proxy-Authorization": self.proxy.authorization} if self.proxy.authorization else {}
        made.set_tunnel(self.server.host, self.server.port, granted)
        return made

    def _proxy_trouble(self, error: Exception, reason: texts.Said | str) -> texts.Said | None:
        if "Tunnel connection failed" in str(error):
            said = str(error).removeprefix("Tunnel connection failed: ")
            return texts.said("proxy_refuses", proxy=self.proxy, host=self.server.host, reason=printable(said))
        if isinstance(error, (socket.gaierror, ConnectionRefusedError)):
            return texts.said("proxy_silent", proxy=self.proxy, reason=reason)
        return None


def trust(ca_file: str) -> ssl.SSLContext:
    """The certificates to trust: those of the named PEM file only, else the system's."""
    if not ca_file:
        context = ssl.create_default_context()
        if sys.platform != "win32" and not _has_default_certificates():
            for path in filter(os.path.exists, _KNOWN_CERTIFICATES):
                context.load_verify_locations(cafile=path)
                break
        return context
    try:
        return ssl.create_default_context(cafile=str(Path(ca_file).expanduser()))
    except ssl.SSLError as error:
        raise errors.BadSettings(texts.said("ca_file_empty", path=ca_file)) from error
    except OSError as error:
        raise errors.BadSettings(texts.said("ca_file_unreadable", path=ca_file, reason=explain(error))) from error


def _has_default_certificates() -> bool:
    found = ssl.get_default_verify_paths()
    return found.cafile is not None or (found.capath is not None and any(Path(found.capath).iterdir()))


def parse_server(url: str, *, insecure_http: bool) -> Server:
    """Check the platform's address; plain http leaves the computer only when that was asked for."""
    wrong = errors.BadSettings(texts.said("server_no_address", url=url))
    try:
        parts = urllib.parse.urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise wrong from error
    if parts.scheme not in ("http", "https") or not host or not _is_plain(url):
        raise wrong
    if parts.username or parts.query or parts.fragment:
        raise errors.BadSettings(texts.said("server_with_more"))
    tls = parts.scheme == "https"
    if not tls and not insecure_http and not is_loopback(host):
        raise errors.BadSettings(texts.said("server_in_clear", url=url))
    return Server(host, port or (443 if tls else 80), tls, parts.path.rstrip("/"))


def _is_plain(text: str) -> bool:
    """Without blanks and control characters, which urlsplit drops or lets through."""
    return text.isprintable() and not any(character.isspace() for character in text)


def parse_proxy(text: str) -> Proxy:
    """`http://[user:password@]host[:port]`, as HTTPS_PROXY has it; the scheme may be missing."""
    try:
        parts = urllib.parse.urlsplit(text if "//" in text else f"//{text}")
        port = parts.port or 8080
    except ValueError as error:
        raise errors.BadSettings(texts.said("proxy_no_address")) from error
    if parts.scheme not in ("", "http") or not parts.hostname or not _is_plain(text):
        raise errors.BadSettings(texts.said("proxy_not_understood"))
    login = f"{urllib.parse.unquote(parts.username or '')}:{urllib.parse.unquote(parts.password or '')}"
    basic = f"Basic {base64.b64encode(login.encode()).decode()}" if parts.username else ""
    return Proxy(parts.hostname, port, basic)


def proxy_for(server: Server, *, chosen: str, environment: Mapping[str, str]) -> Proxy | None:
    """The proxy that leads to this server: the setting, else HTTPS_PROXY unless NO_PROXY names the host."""
    if not server.tls or is_loopback(server.host):
        return None
    text = chosen or environment.get("https_proxy") or environment.get("HTTPS_PROXY") or ""
    if not text or (not chosen and _is_spared(server.host, environment)):
        return None
    return parse_proxy(text)


def _is_spared(host: str, environment: Mapping[str, str]) -> bool:
    """`NO_PROXY=localhost,.example.com,10.0.0.7`: a name stands for itself and for everything below it."""
    names = (environment.get("no_proxy") or environment.get("NO_PROXY") or "").split(",")
    return any(_is_below(host.lower(), name.strip().lower().lstrip(".")) for name in names)


def _is_below(host: str, name: str) -> bool:
    return bool(name) and (name == "*" or host == name or host.endswith(f".{name}"))


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def explain(error: Exception) -> texts.Said | str:
    """One line for what a socket, a file or http.client raised; in both languages for what happens every day."""
    if isinstance(error, TimeoutError):
        return texts.said("because_late")
    if isinstance(error, OSError) and error.errno in _BECAUSE:
        return texts.said(_BECAUSE[error.errno])
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def printable(text: str, *, most: int = 300) -> str:
    """Words from outside, short and on one line."""
    kept = "".join(character if character.isprintable() else " " for character in text.strip())
    return kept[:most] or "(no words)"


def clock_trouble(answer: Answer, *, now: datetime, most_s: float = 600.0) -> texts.Said | None:
    """This computer's clock against the answer's `Date`; `now` is the system's, not the demo's."""
    try:
        served_at = email.utils.parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return None
    if served_at.tzinfo is None:
        served_at = served_at.replace(tzinfo=UTC)
    off_s = abs((now - served_at).total_seconds())
    return texts.said("clock_wrong", minutes=round(off_s / 60)) if off_s > most_s else None


def troubles_of(server: Server, answer: Answer) -> Iterator[texts.Said]:
    """What an answer that is not the programme's own says about who answered; nothing when it may well be."""
    if 300 <= answer.status < 400 and answer.status != 304:
        yield texts.said("sent_elsewhere", host=server.host, elsewhere=_place(answer.headers.get("location", "")))
    elif answer.status == 429:
        yield texts.said("too_often", host=server.host)
    elif answer.status >= 500:
        yield texts.said("server_unwell", host=server.host, status=answer.status)
    elif answer.status in (404, 405, 407, 511) or answer.body.lstrip()[:1] == b"<":
        yield texts.said("not_our_server", host=server.host)


def json_object(body: bytes) -> dict[str, Any]:
    """An answer's JSON object; empty for anything else."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _place(location: str) -> str:
    """Scheme and host of a redirect: the rest may carry secrets, and is no address to type."""
    parts = urllib.parse.urlsplit(printable(location))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else printable(location)


def _distrust(error: ssl.SSLCertVerificationError, host: str) -> texts.Said:
    today = datetime.now(UTC).date().isoformat()
    if error.verify_code == _EXPIRED:
        return texts.said("certificate_expired", host=host, today=today)
    if error.verify_code == _NOT_YET:
        return texts.said("certificate_not_yet", host=host, today=today)
    if error.verify_code in _OTHER_NAME:
        return texts.said("certificate_other_name", host=host)
    return texts.said("certificate_untrusted", host=host, reason=error.verify_message)
