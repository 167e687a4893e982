"""The service as it is run: real UDP to a printer, real HTTP to a platform, real signals, restarts, a dead line."""

from __future__ import annotations

import asyncio
import gzip
import http.server
import io
import json
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from econcierge_assistant import cli
from econcierge_assistant.service import pairing, status, store
from econcierge_printers import wire
from econcierge_virtual.printers import agent, fleet, hostile, living, mib, responder

START = datetime(2026, 11, 23, 14, tzinfo=UTC)
TOKEN = "s3cret-t0k3n"


@dataclass
class Gateway:
    """A platform that accepts, refuses the token, or is down; readings once by message id."""

    token: str = TOKEN
    ready: bool = True
    reports: dict[str, wire.Report] = field(default_factory=dict)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def totals(self) -> list[int | None]:
        """The page counter of every reading, each report once."""
        return [reading.counters.total for report in self.reports.values() for reading in report.readings]

    def answer(self, token: str, body: bytes) -> tuple[int, dict[str, Any]]:
        if not self.ready:
            return 503, {"error": "starting"}
        if token != f"Bearer {self.token}":
            return 401, {"error": "unknown token"}
        report = wire.report_from_json(json.loads(gzip.decompress(body)))
        known = str(report.message_id) in self.reports
        self.reports.setdefault(str(report.message_id), report)
        return 200, {"accepted": len(report.readings), "duplicate": known}


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    made = Gateway()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.say(200 if made.ready else 503, {"live": made.ready, "version": 1})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/gateway/v1/heartbeat" and made.ready:
                self.say(200, {"server_time": START.isoformat(), "settings_version": 1})
            else:
                self.say(*made.answer(self.headers["Authorization"], body))

        def say(self, status: int, answer: dict[str, Any]) -> None:
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


class Printer:
    """A living laser printer behind real UDP; it prints when the test says so."""

    def __init__(self) -> None:
        self.spec = fleet.default_fleet()[0]
        self.state = living.first_state(self.spec, at=START)
        self.line: responder.Responder | None = None

    def view(self) -> agent.View:
        return agent.TableView(mib.table(self.spec, self.state))

    def print_pages(self, pages: int) -> int:
        """The total on its counter afterwards."""
        self.state = living.print_pages(spec=self.spec, state=self.state, pages=pages, colour_share=0.0, at=START)
        return self.state.pages_total

    @property
    def target(self) -> str:
        assert self.line is not None
        return f"127.0.0.1:{self.line.port}"


@pytest.fixture
async def printer() -> AsyncIterator[Printer]:
    made = Printer()
    made.line = await responder.listen(address="127.0.0.1", port=0, source=made.view, community=made.spec.community)
    yield made
    await made.line.close()


@dataclass
class Service:
    """`econcierge-assistant run` in a process of its own."""

    process: asyncio.subprocess.Process
    log: list[str]

    async def said(self, words: str) -> None:
        """Wait until its log says so."""
        while not any(words in line for line in self.log):
            await asyncio.sleep(0.02)

    async def end(self, number: int) -> int:
        self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), timeout=10)


@asynccontextmanager
async def service(*options: str) -> AsyncIterator[Service]:
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "econcierge_assistant.cli", "run", *options], stderr=asyncio.subprocess.PIPE
    )
    made = Service(process, [])

    async def listen() -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            made.log.append(line.decode())

    listening = asyncio.create_task(listen())
    try:
        yield made
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await listening
        assert TOKEN not in "".join(made.log)


def options(folder: Path, gateway_url: str, target: str) -> list[str]:
    token = folder / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    return [
        *("--data", str(folder / "data"), "--server", gateway_url, "--token-file", str(token)),
        *("--range", target, "--interval-s", "0.1", "--discovery-interval-s", "60"),
    ]


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.02)


async def test_killed_with_a_dead_line_everything_that_changed_arrives_once(
    gateway: Gateway, printer: Printer, tmp_path: Path
) -> None:
    given = options(tmp_path, gateway.url, printer.target)
    totals = [printer.state.pages_total]
    async with service(*given) as first:
        await until(lambda: gateway.totals == totals)
        gateway.ready = False
        totals.append(printer.print_pages(500))
        await first.said("unwell (503)")
        totals.append(printer.print_pages(500))
        await until(lambda: waiting(tmp_path / "data") >= 2)
        assert await first.end(signal.SIGKILL) == -signal.SIGKILL
    assert gateway.totals == totals[:1]
    async with service(*given) as second:
        gateway.ready = True
        totals.append(printer.print_pages(500))
        await until(lambda: len(gateway.totals) >= len(totals))
        assert await second.end(signal.SIGTERM) == 0
        assert "stopped" in second.log[-1]
    assert sorted(gateway.totals) == totals


def waiting(data: Path) -> int:
    found = status.report(data=data, site="")["spool"]
    return int(found["changes"] + found["use"] + found["routine"])


async def test_a_printer_that_is_switched_off_is_said_once_and_told_when_it_returns(
    gateway: Gateway, printer: Printer, tmp_path: Path
) -> None:
    async with service(*options(tmp_path, gateway.url, printer.target)) as running:
        await until(lambda: len(gateway.totals) == 1)
        assert printer.line is not None
        printer.line.hostility = hostile.Hostility.SILENT
        await running.said("stopped answering")
        printer.line.hostility = hostile.Hostility.NONE
        await running.said("answers again")
        await until(lambda: len(gateway.totals) == 2)
        assert await running.end(signal.SIGINT) == 0
    assert "".join(running.log).count("stopped answering") == 1


async def test_a_server_that_never_answers_does_not_hold_up_the_end(printer: Printer, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"http://127.0.0.1:{mute.getsockname()[1]}"
        async with service(*options(tmp_path, url, printer.target)) as running:
            mute.settimeout(60)
            peer, _ = await asyncio.to_thread(mute.accept)
            assert await running.end(signal.SIGTERM) == 0
            peer.close()


async def test_a_second_service_in_the_folder_and_a_wrong_range_end_with_a_sentence(
    gateway: Gateway, printer: Printer, tmp_path: Path
) -> None:
    given = options(tmp_path, gateway.url, printer.target)
    async with service(*given) as first:
        await first.said("starting")
        async with service(*given) as second:
            assert await second.process.wait() == 1
        assert len(second.log) == 1
        assert "stop it first" in second.log[0]
    async with service(*given, "--range", "10.0.0.0/8") as third:
        assert await third.process.wait() == 2
    assert len(third.log) == 1


async def test_pair_doctor_and_status_tell_a_newcomer_what_to_do(
    gateway: Gateway,
    printer: Printer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = ["--data", str(tmp_path / "data")]
    assert run_cli("status", *data) == 1
    assert "econcierge-assistant run" in capsys.readouterr().err
    assert run_cli("doctor", *data) == 1
    assert "This computer is not paired" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{TOKEN}\n"))
    assert run_cli("pair", *data, "--server", gateway.url, "--token-stdin") == 0
    assert TOKEN not in capsys.readouterr().err
    async with service(*data, "--range", printer.target, "--interval-s", "0.1") as running:
        await until(lambda: len(gateway.totals) == 1)
        await running.said("delivered")
        assert await asyncio.to_thread(run_cli, "doctor", *data, "--range", printer.target) == 0
        told = capsys.readouterr().out
        assert "The token is accepted." in told
        assert "1 printer is known." in told
        assert run_cli("status", *data, "--site", "Lab") == 0
    shown = json.loads(capsys.readouterr().out)
    assert [each["serial"] for each in shown["printers"]] == [printer.spec.serial]
    assert (shown["site"], shown["delivery_problem"], shown["spool"]["refused"]) == ("Lab", None, 0)
    assert shown["last_delivery_at"]


@pytest.mark.parametrize(
    ("ready", "token", "sentence"),
    [(True, "another", "The token is not accepted."), (False, TOKEN, "answered 503")],
)
def test_doctor_names_what_fails_and_stops_there(
    gateway: Gateway, tmp_path: Path, capsys: pytest.CaptureFixture[str], ready: bool, token: str, sentence: str
) -> None:
    gateway.ready, gateway.token = ready, token
    store.make_folder(tmp_path)
    pairing.save(data=tmp_path, pairing=pairing.Pairing(gateway.url, TOKEN))
    assert run_cli("doctor", "--data", str(tmp_path)) == 1
    assert sentence in capsys.readouterr().out


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://127.0.0.1:9", "Nothing answers at 127.0.0.1 port 9"),
        ("https://no-such-host.invalid", "is not found"),
    ],
)
def test_doctor_tells_a_wrong_name_from_a_closed_port(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str, sentence: str
) -> None:
    pairing.save(data=tmp_path, pairing=pairing.Pairing(url, TOKEN))
    assert run_cli("doctor", "--data", str(tmp_path)) == 1
    assert sentence in capsys.readouterr().out


def test_doctor_sees_a_server_without_tls(gateway: Gateway, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pairing.save(data=tmp_path, pairing=pairing.Pairing(f"https://127.0.0.1:{gateway.port}", TOKEN))
    assert run_cli("doctor", "--data", str(tmp_path)) == 1
    assert "does not speak TLS" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "--range", "10.0.0.0/24", "--server", "http://192.0.2.7", "--token", "t"], "--insecure-http"),
        (["run", "--interval-s", "0", "--range", "10.0.0.1"], "interval_s must be at least"),
        (["pair"], "--server URL"),
        (["pair", "--server", "http://192.0.2.7"], "--insecure-http"),
        (["pair", "--server", "https://192.0.2.7", "--ca-file", "/nowhere/ca.pem"], "--ca-file cannot be read"),
    ],
)
def test_bad_usage_is_one_sentence_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert run_cli(*arguments, "--data", str(tmp_path)) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def run_cli(*arguments: str) -> int:
    return cli.main(arguments)
