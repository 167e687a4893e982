"""The benchmark that kills: its assistants let nothing go, and what is missing or twice is seen."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from bench import kills
from bench.kills_load import PRINTERS, Assistant


class Forgetful(BaseHTTPRequestHandler):
    """Takes each report at the second attempt, loses that answer, and acknowledges the third."""

    protocol_version = "HTTP/1.1"
    seen: Counter[str] = Counter()

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen[body["message_id"]] += 1
        times = self.seen[body["message_id"]]
        if times == 2:
            self.close_connection = True
            return
        answer = json.dumps({"duplicate": True}).encode()
        self.send_response(503 if times == 1 else 200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def platform() -> Iterator[ThreadingHTTPServer]:
    Forgetful.seen.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Forgetful) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def delivered(platform: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch) -> Assistant:
    """Six reports, each acknowledged."""
    monkeypatch.setattr("bench.kills_load.PAUSE_S", 0.0)
    monkeypatch.setattr("bench.kills_load.AGAIN_AFTER_S", 0.0)
    assistant = Assistant(0, "token", platform.server_port, random.Random(1))

    class AfterSix(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            return assistant.reports == 6

    assistant.deliver(AfterSix())
    return assistant


def test_a_report_goes_out_under_its_id_until_it_is_acknowledged(delivered: Assistant) -> None:
    assert set(Forgetful.seen.values()) == {3}
    assert len(Forgetful.seen) == delivered.reports == delivered.known_already == 6
    assert delivered.answers == {503: 6}


def test_each_reading_is_news_and_each_effect_is_expected_once(delivered: Assistant) -> None:
    assert set(delivered.caused.values()) == {1}
    kinds = Counter(effect[0] for effect in delivered.caused)
    assert kinds["report"] == 6
    assert kinds["level"] == 6 * PRINTERS
    assert (kinds["low"], kinds["almost_empty"], kinds["notice"]) == (3, 2, 3)


def figures(assistant: Assistant, found: kills._Found) -> dict[str, float]:
    return {figure.name.strip(): figure.value for figure in kills._figures([assistant], found, kills=3)}


def test_what_is_lost_or_twice_is_counted(delivered: Assistant) -> None:
    whole = kills._Found(Counter(delivered.caused), {"<1@x>": "sent"}, {"succeeded": 4}, Counter({"<1@x>": 1}))
    good = figures(delivered, whole)
    assert [good[name] for name in ("lost", "with two effects", "missing")] == [0, 0, 0]
    notice = next(effect for effect in delivered.caused if effect[0] == "notice")
    level = next(effect for effect in delivered.caused if effect[0] == "level")
    bad = replace(
        whole,
        effects=whole.effects - Counter([notice]) + Counter([level]),
        messages={"<1@x>": "sent", "<2@x>": "pending"},
        jobs={"doing": 1},
        taken=Counter({"<1@x>": 2, "<3@x>": 1}),
    )
    found = figures(delivered, bad)
    assert (found["lost"], found["with two effects"], found["missing"]) == (1, 1, 2)
    assert found["repeated under their Message-ID"] == 1
    assert found["under a Message-ID of which nothing is known"] == 1
    assert found["jobs that were never done"] == 1
