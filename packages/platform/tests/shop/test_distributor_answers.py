"""Nothing that a distributor answers gets in unchecked: any bytes are an answer or one `OutsideFailure`."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from econcierge.core.errors import OutsideFailure
from econcierge.fulfilment import types as t
from econcierge.fulfilment.distributors import adapter, sandbox

AT = "2026-11-23T15:00:00+00:00"
ORDER: dict[str, Any] = {
    "number": "PO-1",
    "their_number": "D-1",
    "state": "shipped",
    "acknowledged_at": AT,
    "lines": [{"line": 1, "part_number": "A", "quantity": 2, "state": "accepted", "expected_ship_on": "2026-11-24"}],
    "shipments": [
        {
            "shipment_id": "S1", "shipped_at": AT, "carrier": "C", "tracking_number": "T", "delivered_at": None,
            "tracking_url": "https://track.example/T", "lines": [{"line": 1, "quantity": 2, "serials": ["X", "Y"]}],
        }
    ],
}  # fmt: skip


class Canned:
    """A server that always answers the same."""

    status = 200
    body = b""
    asked: list[str]

    def __init__(self) -> None:
        self.asked = []
        canned = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                canned.asked.append(self.path)
                self.rfile.read(int(self.headers.get("content-length", 0)))
                self.send_response(canned.status)
                self.send_header("content-length", str(len(canned.body)))
                self.end_headers()
                self.wfile.write(canned.body)

            do_PUT = do_GET  # noqa: N815 (the server's own names)

            def log_message(self, *_: object) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = t.Endpoint("sandbox", f"http://127.0.0.1:{self.server.server_port}", "CANNED_SECRET")


@pytest.fixture(scope="module")
def canned() -> Iterator[Canned]:
    made = Canned()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANNED_SECRET", "s")


def _says(canned: Canned, body: Any, status: int = 200) -> None:
    canned.status = status
    canned.body = body if isinstance(body, bytes) else json.dumps(body).encode()


def _with(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    made = json.loads(json.dumps(ORDER))
    place = made
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return dict(made)


def test_a_good_answer_is_read(canned: Canned) -> None:
    _says(canned, ORDER | {"extra": "is ignored"})
    answer = sandbox.ask(canned.endpoint, "PO-1")
    assert answer is not None
    assert answer.lines[0].state is t.PurchaseOrderLineState.ACCEPTED
    assert answer.shipments[0].lines[0].serials == ("X", "Y")
    assert answer.acknowledged_at == datetime(2026, 11, 23, 15, tzinfo=UTC)


def test_lines_count_only_once_the_order_is_acknowledged(canned: Canned) -> None:
    _says(canned, _with(("acknowledged_at",), None) | {"state": "received", "shipments": []})
    answer = sandbox.ask(canned.endpoint, "PO-1")
    assert answer is not None
    assert answer.lines == ()


def test_a_link_that_is_none_is_left_out(canned: Canned) -> None:
    _says(canned, _with(("shipments", 0, "tracking_url"), "javascript:alert(1)"))
    answer = sandbox.ask(canned.endpoint, "PO-1")
    assert answer is not None
    assert answer.shipments[0].tracking_url == ""


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("number",), "PO-2"),
        (("lines", 0, "quantity"), "2"),
        (("lines", 0, "quantity"), -2),
        (("lines", 0, "state"), "lost"),
        (("lines", 0, "expected_ship_on"), "soon"),
        (("lines",), [ORDER["lines"][0]] * 2),
        (("shipments",), [ORDER["shipments"][0]] * 2),
        (("shipments", 0, "lines"), [ORDER["shipments"][0]["lines"][0]] * 2),
        (("shipments", 0, "shipped_at"), "2026-11-23T15:00:00"),
        (("shipments", 0, "delivered_at"), "2026-11-22T15:00:00+00:00"),
        (("shipments", 0, "lines", 0, "serials"), ["X", "Y", "Z"]),
        (("shipments", 0, "tracking_number"), "T" * 81),
        (("shipments",), None),
    ],
)
def test_a_field_that_makes_no_sense_refuses_the_whole_answer(
    canned: Canned, path: tuple[Any, ...], value: Any
) -> None:
    _says(canned, _with(path, value))
    with pytest.raises(OutsideFailure, match="makes no sense") as refused:
        sandbox.ask(canned.endpoint, "PO-1")
    assert (refused.value.permanent, refused.value.outcome_unknown) == (False, False)


@given(st.one_of(st.binary(max_size=60), st.recursive(st.none() | st.text() | st.integers(), st.lists)))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_an_answer_or_one_failure(canned: Canned, body: Any) -> None:
    _says(canned, body)
    request = t.Request("PO-1", "A", datetime(2026, 11, 23, tzinfo=UTC), {}, "ground", ())
    for ask in (
        lambda: sandbox.ask(canned.endpoint, "PO-1"),
        lambda: sandbox.availability(canned.endpoint, ["A"]),
        lambda: sandbox.send(canned.endpoint, request),
    ):
        with pytest.raises(OutsideFailure) as failed:
            ask()
        assert failed.value.permanent is False


@pytest.mark.parametrize(
    ("status", "permanent", "unknown"),
    [
        (400, True, False),
        (409, True, False),
        (422, True, False),
        (401, False, False),
        (429, False, False),
        (302, False, True),
        (500, False, True),
        (503, False, True),
    ],
)
def test_what_an_order_answered_with_a_status_means(
    canned: Canned, status: int, permanent: bool, unknown: bool
) -> None:
    _says(canned, {"error": {"code": "x"}}, status)
    with pytest.raises(OutsideFailure) as failed:
        sandbox.send(canned.endpoint, t.Request("PO-1", "A", datetime(2026, 11, 23, tzinfo=UTC), {}, "ground", ()))
    assert (failed.value.permanent, failed.value.outcome_unknown) == (permanent, unknown)


def test_never_received_is_said_by_the_distributor_and_not_by_a_proxy(canned: Canned) -> None:
    _says(canned, {"error": {"code": "never_received"}}, 404)
    assert sandbox.ask(canned.endpoint, "PO-1") is None
    _says(canned, b"<html>no such page</html>", 404)
    with pytest.raises(OutsideFailure, match="404"):
        sandbox.ask(canned.endpoint, "PO-1")


def test_a_number_stays_one_part_of_the_address(canned: Canned) -> None:
    _says(canned, {"error": {}}, 404)
    sandbox.ask(canned.endpoint, "A/../B?x")
    assert canned.asked[-1] == "/v1/purchase-orders/A%2F..%2FB%3Fx"


def test_an_answer_without_an_end_is_cut_off(canned: Canned) -> None:
    _says(canned, b" " * (sandbox.MAX_ANSWER_BYTES + 1))
    with pytest.raises(OutsideFailure, match="far too long"):
        sandbox.ask(canned.endpoint, "PO-1")


def test_many_parts_are_asked_about_in_turns(canned: Canned) -> None:
    _says(canned, {"as_of": AT, "items": []})
    before = len(canned.asked)
    assert sandbox.availability(canned.endpoint, [f"P{n}" for n in range(450)]) == ()
    assert len(canned.asked) - before == 3


def test_an_unknown_kind_of_distributor_is_said() -> None:
    with pytest.raises(OutsideFailure, match="fax") as failed:
        adapter("fax")
    assert failed.value.permanent is True
