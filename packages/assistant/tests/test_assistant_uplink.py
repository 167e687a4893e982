"""Delivery against a real HTTP server with scripted answers: nothing lost, the same message id on every try."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import http.server
import json
import logging
import socket
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge_assistant.service import delivery, errors, line, rules, spool, store, texts, uplink
from econcierge_assistant.service.uplink import Verdict
from econcierge_printers import model, wire

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SERVER = line.Server("example.com", 443, tls=True)
Answer = tuple[int, dict[str, str], bytes] | str
OK: Answer = (200, {}, b'{"accepted": 1, "duplicate": false}')
DUPLICATE: Answer = (200, {}, b'{"accepted": 0, "duplicate": true}')


def fixed_clock() -> datetime:
    return NOW


@dataclass
class Platform:
    """Answers as scripted, then 200; remembers what it was sent."""

    script: list[Answer] = field(default_factory=list)
    refuses: Callable[[dict[str, Any]], Answer | None] = lambda report: None
    got: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    port: int = 0

    def answer(self, report: dict[str, Any]) -> Answer:
        self.got.append(report)
        return self.script.pop(0) if self.script else self.refuses(report) or OK

    @property
    def ids(self) -> list[str]:
        return [report["message_id"] for report in self.got]

    def delivered(self) -> list[str]:
        return [reading["target"] for reading in self.got[-1]["readings"]]


@pytest.fixture
def platform() -> Iterator[Platform]:
    scripted = Platform()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert (self.path, self.headers["Content-Encoding"]) == (uplink.REPORTS_PATH, "gzip")
            scripted.tokens.append(self.headers["Authorization"])
            answer = scripted.answer(json.loads(gzip.decompress(body)))
            if isinstance(answer, str):
                self.close_connection = True
                return
            self.send_response(answer[0])
            for name, value in answer[1].items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer[2])))
            self.end_headers()
            self.wfile.write(answer[2])

        def log_message(self, format: str, *args: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    scripted.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield scripted
    server.shutdown()
    server.server_close()
    thread.join()


def link_to(port: int, *, token: Callable[[], str] = lambda: "t0k3n", timeout_s: float = 5.0) -> uplink.Uplink:
    server = line.parse_server(f"http://127.0.0.1:{port}", insecure_http=False)
    return uplink.Uplink(at=line.Line(server=server, timeout_s=timeout_s), token=token, now=fixed_clock)


def body_of(target: str) -> bytes:
    return json.dumps(wire.reading_to_json(model.Reading(read_at=NOW, target=target, protocol="snmp-2c"))).encode()


@contextlib.contextmanager
def spool_with(data: Path, targets: Sequence[str]) -> Iterator[spool.Spool]:
    opened = store.Store(data=data, now=fixed_clock)
    waiting = spool.Spool(opened=opened, cap_bytes=50_000_000, now=fixed_clock)
    with opened.transaction() as connection:
        for target in targets:
            waiting.put(connection, rank=rules.Rank.CHANGE, body=body_of(target))
    yield waiting
    opened.close()


async def deliver_all(waiting: spool.Spool, link: delivery.Sender) -> list[Verdict]:
    """Attempts without their pauses until nothing waits."""
    courier = delivery.Courier(waiting=waiting, sender=link, kept=asyncio.Event(), jitter=lambda: 0.0)
    verdicts: list[Verdict] = []
    while outcome := await courier.step():
        verdicts.append(outcome.verdict)
        assert len(verdicts) < 100
    return verdicts


def test_what_is_sent_is_a_report_of_the_wire_format() -> None:
    report = spool.Sealed(str(uuid.uuid4()), (body_of("10.0.0.1"), body_of("10.0.0.2")))
    parsed = wire.report_from_json(json.loads(uplink.envelope(report, sent_at=NOW)))
    assert (str(parsed.message_id), parsed.sent_at) == (report.message_id, NOW)
    assert [reading.target for reading in parsed.readings] == ["10.0.0.1", "10.0.0.2"]


@pytest.mark.parametrize(
    "trouble",
    [
        (500, {}, b"<html>oops</html>"),
        (503, {}, b""),
        (429, {"Retry-After": "7"}, b"slow down"),
        (404, {}, b"not here"),
        (302, {"Location": "https://elsewhere"}, b""),
        (401, {}, b"<html>This network wants a sign-in</html>"),
        (403, {}, b"blocked by policy"),
        (200, {}, b"<html>Welcome to the hotel, please sign in</html>"),
        (200, {}, b'{"hello": 1}'),
        (200, {}, b"[" * 60_000),
        "dropped after the body",
    ],
)
async def test_any_doubt_is_tried_again_under_the_same_id(platform: Platform, tmp_path: Path, trouble: Answer) -> None:
    platform.script = [trouble, trouble, DUPLICATE]
    with spool_with(tmp_path, ["10.0.0.1"]) as waiting:
        verdicts = await deliver_all(waiting, link_to(platform.port))
        assert waiting.contents().changes == 0
    assert verdicts == [Verdict.LATER, Verdict.LATER, Verdict.DELIVERED]
    assert len(platform.got) == 3
    assert len(set(platform.ids)) == 1
    assert set(platform.tokens) == {"Bearer t0k3n"}


async def test_a_time_out_and_a_closed_port_are_passing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        assert link_to(port, timeout_s=0.05).send(spool.Sealed("a", ())).verdict is Verdict.LATER
    outcome = link_to(port).send(spool.Sealed("a", ()))
    assert outcome.verdict is Verdict.LATER
    assert "Connection refused" in outcome.sentence


async def test_an_answer_that_is_not_http_is_passing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as babble:

        def chatter() -> None:
            peer, _ = babble.accept()
            with peer:
                peer.recv(100_000)
                peer.sendall(b"\x00\xffSSH-2.0 what?\r\n\r\n")

        thread = threading.Thread(target=chatter)
        thread.start()
        outcome = link_to(babble.getsockname()[1]).send(spool.Sealed("a", ()))
        thread.join()
    assert outcome.verdict is Verdict.LATER


@pytest.mark.parametrize("code", [400, 422])
async def test_one_bad_reading_is_set_aside_and_its_neighbours_go_through(
    platform: Platform, tmp_path: Path, code: int
) -> None:
    sentence = b'{"error": "readings[0].percent is not a number"}'

    def refuses(report: dict[str, Any]) -> Answer | None:
        return (code, {}, sentence) if any(r["target"] == "bad" for r in report["readings"]) else None

    platform.refuses = refuses
    targets = [f"10.0.0.{n}" for n in range(9)]
    with spool_with(tmp_path, [*targets[:4], "bad", *targets[4:]]) as waiting:
        verdicts = await deliver_all(waiting, link_to(platform.port))
        assert waiting.contents().refused == 1
        assert (waiting.contents().changes, verdicts[-1]) == (0, Verdict.DELIVERED)
    taken = [r["target"] for report in platform.got if not refuses(report) for r in report["readings"]]
    assert sorted(taken) == targets


async def test_too_large_is_sent_in_halves(platform: Platform, tmp_path: Path) -> None:
    platform.refuses = lambda report: (413, {}, b"too large") if len(report["readings"]) > 3 else None
    targets = [f"10.0.0.{n}" for n in range(10)]
    with spool_with(tmp_path, targets) as waiting:
        await deliver_all(waiting, link_to(platform.port))
        assert waiting.contents().refused == 0
    taken = [r["target"] for report in platform.got if len(report["readings"]) <= 3 for r in report["readings"]]
    assert taken == targets


@pytest.mark.parametrize("code", [401, 403])
async def test_a_revoked_token_stops_sending_says_so_once_and_keeps_everything(
    platform: Platform, tmp_path: Path, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    revoked: Answer = (code, {}, b'{"error": {"code": "token_revoked"}}')
    platform.script = [revoked, revoked]
    with spool_with(tmp_path, ["10.0.0.1"]) as waiting:
        courier = delivery.Courier(waiting=waiting, sender=link_to(platform.port), kept=asyncio.Event())
        for _ in range(2):
            outcome = await courier.step()
            assert outcome is not None
            assert outcome.verdict is Verdict.REVOKED
        assert waiting.contents().changes == 1
        assert [r.levelno for r in caplog.records].count(logging.ERROR) == 1
        assert "t0k3n" not in caplog.text
        assert (await courier.step()) == uplink.Outcome(Verdict.DELIVERED)
    assert len(set(platform.ids)) == 1


async def test_a_new_pairing_is_seen_without_waiting_an_hour(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "TOKEN_LOOK_S", 0.01)
    token = ["old"]
    platform.script = [(401, {}, b'{"error": {"code": "token_revoked"}}')]
    with spool_with(tmp_path, ["10.0.0.1"]) as waiting:
        link = link_to(platform.port, token=lambda: token[0])
        courier = delivery.Courier(waiting=waiting, sender=link, kept=asyncio.Event())
        running = asyncio.create_task(courier.run())
        while not platform.got:
            await asyncio.sleep(0.01)
        token[0] = "new"
        while waiting.contents().changes:
            await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.wait({running})
    assert platform.tokens == ["Bearer old", "Bearer new"]


def test_an_unreadable_token_stops_sending_and_is_no_crash() -> None:
    def broken() -> str:
        raise errors.BadSettings(texts.said("pairing_damaged", path="pairing.json"))

    outcome = link_to(1, token=broken).send(spool.Sealed("a", ()))
    assert outcome.verdict is Verdict.REVOKED
    assert outcome.sentence.startswith("pairing.json is damaged: pair")


async def test_a_bug_in_sending_is_raised_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda arguments: None)

    def bug() -> None:
        raise ZeroDivisionError

    with pytest.raises(RuntimeError, match="died"):
        await delivery.in_daemon_thread(bug)
    for thread in threading.enumerate():
        if thread.name == "uplink":
            thread.join()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        (" 120 ", 120.0),
        ("999999999999", uplink.RETRY_AFTER_CAP_S),
        ("Mon, 23 Nov 2026 08:01:00 GMT", 60.0),
        ("Mon, 23 Nov 2026 07:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        (None, None),
    ],
)
def test_retry_after_is_honoured_in_both_forms_and_capped(text: str | None, seconds: float | None) -> None:
    assert uplink.retry_after_s(text, now=NOW) == seconds


@given(st.integers(100, 599), st.none() | st.text(max_size=40), st.binary(max_size=400))
def test_any_answer_has_a_meaning_and_only_a_real_200_delivers(status: int, after: str | None, body: bytes) -> None:
    headers = {} if after is None else {"retry-after": after}
    outcome = uplink.interpret(line.Answer(status, headers, body), server=SERVER, now=NOW)
    assert (outcome.verdict is Verdict.DELIVERED) == (status == 200 and b'"accepted"' in body)
    assert outcome.sentence.isprintable()


@pytest.mark.parametrize("url", ["http://192.0.2.1", "http://example.com/x", "http://127.0.0.1.example.com"])
def test_plain_http_leaves_the_computer_only_when_asked_for(url: str) -> None:
    with pytest.raises(errors.BadSettings, match="not encrypted"):
        line.parse_server(url, insecure_http=False)
    assert not line.parse_server(url, insecure_http=True).tls


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/", "http://localhost:8000", "http://[::1]:8000"])
def test_plain_http_to_this_computer_is_fine(url: str) -> None:
    assert line.parse_server(url, insecure_http=False).port == 8000


@pytest.mark.parametrize(
    "url", ["", "example.com", "ftp://example.com", "https://", "https://a:b@c", "https://a:99999", "https://[::1"]
)
def test_a_wrong_address_is_one_sentence(url: str) -> None:
    with pytest.raises(errors.BadSettings) as caught:
        line.parse_server(url, insecure_http=False)
    assert "\n" not in str(caught.value)


async def test_an_answer_that_never_ends_is_given_up_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "MOST_CALL_S", 0.1)
    ended = threading.Event()

    class Dripping:
        def send(self, report: spool.Sealed) -> uplink.Outcome:
            ended.wait()
            return uplink.Outcome(Verdict.DELIVERED)

        def token_changed(self) -> bool:
            return False

    with spool_with(tmp_path, ["10.0.0.1"]) as waiting:
        courier = delivery.Courier(waiting=waiting, sender=Dripping(), kept=asyncio.Event())
        outcome = await courier.step()
        ended.set()
        assert outcome is not None
        assert outcome.verdict is Verdict.LATER
        assert outcome.said is not None
        assert (outcome.said.code, waiting.contents().changes) == ("dripping", 1)


@pytest.mark.parametrize("host", ["a b", "a\nb", "a\x7fb"])
def test_a_host_that_cannot_be_asked_is_a_trouble_and_no_crash(host: str) -> None:
    for url in (f"https://{host}/", f"https://{host}:8443"):
        with pytest.raises(errors.BadSettings):
            line.parse_server(url, insecure_http=False)
    with pytest.raises(errors.BadSettings):
        line.parse_proxy(f"http://{host}:1")
    with pytest.raises(errors.Trouble):
        line.Line(server=line.Server(host, 9, tls=False)).ask("GET", "/")
