"""TLS as customers meet it: a private authority, a wrong name, a certificate that has expired, a proxy on the way."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from econcierge_assistant.service import device_flow, errors, line, settings, spool, uplink
from econcierge_printers import clock

TODAY = datetime.now(UTC)
DAY = dt.timedelta(days=1)


def line_to(url: str, *, ca_file: Path | str = "", proxy: str = "") -> line.Line:
    chosen = settings.Settings(data=Path("data"), ca_file=str(ca_file), proxy=proxy)
    return settings.line_of(chosen, url)


def test_a_named_authority_is_trusted_and_everything_goes_through_it(
    authority: Any, serve_portal: Callable[..., Any]
) -> None:
    portal = serve_portal(context=authority.context())
    at = line_to(portal.url, ca_file=authority.path)
    assert device_flow.ask_for_code(at).user_code == "BDWP-HQPK"
    link = uplink.Uplink(at=at, token=lambda: "first", now=clock.system_clock)
    sealed = spool.Sealed("7d444840-9dc0-11d1-b245-5ffdce74fad2", ())
    assert link.send(sealed) == uplink.Outcome(uplink.Verdict.DELIVERED)


@pytest.mark.parametrize(
    ("given", "is_named", "code"),
    [
        ({}, False, "certificate_untrusted"),
        ({"ends": TODAY - DAY / 2}, True, "certificate_expired"),
        ({"begins": TODAY + DAY / 2}, True, "certificate_not_yet"),
        ({"names": ("127.0.0.99",)}, True, "certificate_other_name"),
        ({"names": ("portal.example",)}, True, "certificate_other_name"),
    ],
)
def test_a_certificate_that_is_not_right_is_a_sentence_and_nothing_is_sent(
    authority: Any, serve_portal: Callable[..., Any], given: dict[str, Any], is_named: bool, code: str
) -> None:
    portal = serve_portal(context=authority.context(**given))
    at = line_to(portal.url, ca_file=authority.path if is_named else "")
    with pytest.raises(errors.Trouble) as caught:
        device_flow.ask_for_code(at)
    assert caught.value.said.code == code
    assert "127.0.0.1" in caught.value.said.fr
    link = uplink.Uplink(at=at, token=lambda: "first", now=clock.system_clock)
    outcome = link.send(spool.Sealed("a", ()))
    assert outcome.verdict is uplink.Verdict.LATER
    assert outcome.said == caught.value.said
    assert portal.asked == []


def test_the_systems_certificates_are_trusted_when_no_file_is_named(
    authority: Any, serve_portal: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    portal = serve_portal(context=authority.context())
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    assert device_flow.ask_for_code(line_to(portal.url)).user_code
    nowhere = ssl.DefaultVerifyPaths(None, None, "", "", "", "")
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: nowhere)
    monkeypatch.setattr(line, "_KNOWN_CERTIFICATES", ("/nowhere.pem", str(authority.path)))
    assert device_flow.ask_for_code(line_to(portal.url)).user_code


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_a_file_of_certificates_that_is_missing_or_none_is_a_sentence(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "ca.pem"
    if text is not None:
        path.write_text(text)
    with pytest.raises(errors.BadSettings, match="--ca-file"):
        line_to("https://127.0.0.1", ca_file=path)


def test_plain_http_where_tls_was_meant_is_a_sentence(portal: Any) -> None:
    with pytest.raises(errors.Trouble) as caught:
        device_flow.ask_for_code(line_to(portal.url.replace("http:", "https:")))
    assert caught.value.said.code == "not_tls"


def test_tls_where_plain_http_was_meant_is_a_sentence(authority: Any, serve_portal: Callable[..., Any]) -> None:
    portal = serve_portal(context=authority.context())
    with pytest.raises(errors.Trouble) as caught:
        device_flow.ask_for_code(line_to(portal.url.replace("https:", "http:")))
    assert caught.value.said.code in ("not_our_server", "line_broken")


@dataclass
class Tunnel:
    """A proxy that takes CONNECT, for those who know its password, to one server whatever name is asked for."""

    to_port: int
    login: str = ""
    heads: list[str] = field(default_factory=list)
    port: int = 0

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                peer, _ = listening.accept()
            except OSError:
                return
            with peer, contextlib.suppress(OSError):
                self.answer(peer)

    def answer(self, peer: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += peer.recv(4096)
        self.heads.append(head.decode())
        basic = base64.b64encode(self.login.encode()).decode()
        if self.login and f"Basic {basic}" not in self.heads[-1]:
            peer.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        peer.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with socket.create_connection(("127.0.0.1", self.to_port)) as onward:
            back = threading.Thread(target=pump, args=(onward, peer))
            back.start()
            pump(peer, onward)
            back.join()


def pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture
def tunnel(authority: Any, serve_portal: Callable[..., Any]) -> Iterator[Tunnel]:
    portal = serve_portal(context=authority.context(names=("portal.example",)))
    made = Tunnel(to_port=portal.port)
    listening = socket.create_server(("127.0.0.1", 0))
    made.port = listening.getsockname()[1]
    thread = threading.Thread(target=made.serve, args=(listening,))
    thread.start()
    yield made
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join()


def test_a_proxy_leads_to_the_platform_and_sees_only_its_name(
    authority: Any, tunnel: Tunnel, monkeypatch: pytest.MonkeyPatch
) -> None:
    tunnel.login = "me:p@ss"
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:p%40ss@127.0.0.1:{tunnel.port}")
    at = line_to("https://portal.example", ca_file=authority.path)
    assert device_flow.ask_for_code(at).user_code == "BDWP-HQPK"
    assert tunnel.heads[0].startswith("CONNECT portal.example:443")
    assert "p@ss" not in repr(at.proxy)
    link = uplink.Uplink(at=at, token=lambda: "first", now=clock.system_clock)
    assert link.send(spool.Sealed("7d444840-9dc0-11d1-b245-5ffdce74fad2", ())).verdict is uplink.Verdict.DELIVERED
    assert not any("first" in head for head in tunnel.heads)


def test_a_proxy_that_refuses_or_is_not_there_is_a_sentence(authority: Any, tunnel: Tunnel) -> None:
    tunnel.login = "me:secret"
    at = line_to("https://portal.example", ca_file=authority.path, proxy=f"http://me:wrong@127.0.0.1:{tunnel.port}")
    with pytest.raises(errors.Trouble) as caught:
        device_flow.ask_for_code(at)
    assert caught.value.said.code == "proxy_refuses"
    assert "407" in str(caught.value)
    assert "wrong" not in str(caught.value)
    with pytest.raises(errors.Trouble) as caught:
        device_flow.ask_for_code(line_to("https://portal.example", proxy="127.0.0.1:9"))
    assert caught.value.said.code == "proxy_silent"


@pytest.mark.parametrize(
    ("url", "environment", "chosen", "expected"),
    [
        ("https://a.example.com", {"HTTPS_PROXY": "http://p:3128"}, "", "p:3128"),
        ("https://a.example.com", {"https_proxy": "p:3128", "HTTPS_PROXY": "http://q:1"}, "", "p:3128"),
        ("https://a.example.com", {"HTTPS_PROXY": "http://p:3128"}, "http://own", "own:8080"),
        ("https://a.example.com", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "b.org, .example.com"}, "", None),
        ("https://example.com", {"HTTPS_PROXY": "http://p:1", "no_proxy": "example.com"}, "", None),
        ("https://notexample.com", {"HTTPS_PROXY": "http://p:1", "no_proxy": "example.com"}, "", "p:1"),
        ("https://a.example.com", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, "", None),
        ("https://127.0.0.1", {"HTTPS_PROXY": "http://p:1"}, "", None),
        ("http://127.0.0.1", {"HTTPS_PROXY": "http://p:1"}, "http://own", None),
        ("https://a.example.com", {}, "", None),
    ],
)
def test_which_proxy_leads_where(url: str, environment: dict[str, str], chosen: str, expected: str | None) -> None:
    server = line.parse_server(url, insecure_http=False)
    found = line.proxy_for(server, chosen=chosen, environment=environment)
    assert (None if found is None else str(found)) == expected


@pytest.mark.parametrize("text", ["socks5://p:1", "http://", "http://p:99999", "http://[::1"])
def test_a_proxy_that_is_none_is_a_sentence(text: str) -> None:
    with pytest.raises(errors.BadSettings, match="proxy"):
        line.parse_proxy(text)
