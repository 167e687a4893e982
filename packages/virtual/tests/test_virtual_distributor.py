"""The sandbox distributor over real HTTP: prices, orders as time passes, repeats, faults, restarts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge_virtual import serving
from econcierge_virtual.distributor import app, orders, rules, stock
from econcierge_virtual.distributor.store import Store
from econcierge_virtual.printers import fleet

MONDAY = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
SECRET = "between-us"
BLACK, BLACK_HIGH = "106R03520", "106R03532"


@dataclass
class Clock:
    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def pass_hours(self, hours: float) -> None:
        self.now += timedelta(hours=hours)


@dataclass
class Sandbox:
    client: httpx.AsyncClient
    clock: Clock
    path: Path
    running: list[tuple[Store, serving.HttpServer]] = field(default_factory=list)

    async def put(self, body: dict[str, Any]) -> httpx.Response:
        return await self.client.put(f"/v1/purchase-orders/{body['number']}", json=body)

    async def get(self, number: str = "PO-1") -> httpx.Response:
        return await self.client.get(f"/v1/purchase-orders/{number}")

    async def fault(self, **body: Any) -> None:
        answered = await self.client.post("/control/faults", json=body)
        assert answered.status_code == 200

    async def start(self) -> None:
        store = Store(self.path)
        made = app.create_app(store=store, clock=self.clock, secret=SECRET, faults=app.new_faults())
        server = await serving.serve(made, address="127.0.0.1", port=0)
        self.running.append((store, server))
        self.client.base_url = f"http://127.0.0.1:{server.port}"

    async def stop(self) -> None:
        store, server = self.running.pop()
        await server.close()
        store.close()


def order(number: str = "PO-1", **changes: Any) -> dict[str, Any]:
    return {
        "number": number,
        "account_number": "A-77",
        "placed_at": MONDAY.isoformat(),
        "ship_to": {
            "name": "Boréal Conseil",
            "address_line_1": "1200, rue Peel",
            "address_line_2": "",
            "city": "Montréal",
            "region": "QC",
            "postal_code": "H3B 2T6",
            "country": "CA",
            "contact": "Camille Roy",
        },
        "delivery": "ground",
        "lines": [{"line": 1, "part_number": BLACK, "quantity": 1}],
        **changes,
    }


def lines(*rows: tuple[str, int]) -> list[dict[str, Any]]:
    return [
        {"line": number, "part_number": part, "quantity": quantity}
        for number, (part, quantity) in enumerate(rows, start=1)
    ]


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {SECRET}"}, timeout=10) as client:
        made = Sandbox(client=client, clock=Clock(), path=tmp_path / "distributor.sqlite")
        await made.start()
        yield made
        await made.stop()


async def test_availability_leaves_unknown_parts_out(sandbox: Sandbox) -> None:
    answered = await sandbox.client.get("/v1/availability", params={"parts": f"{BLACK},NOPE,{BLACK_HIGH}"})
    body = answered.json()
    assert body["as_of"] == MONDAY.isoformat()
    assert [item["part_number"] for item in body["items"]] == [BLACK, BLACK_HIGH]
    assert all(
        set(item) == {"part_number", "quantity", "price_minor", "currency", "lead_days"} for item in body["items"]
    )
    standard, high = body["items"]
    assert 0 < standard["price_minor"] < high["price_minor"]
    assert standard["price_minor"] / 4800 > high["price_minor"] / 10500


async def test_without_the_token_nothing_is_said(sandbox: Sandbox) -> None:
    for headers in ({"Authorization": "Bearer wrong"}, {"Authorization": ""}):
        answered = await sandbox.client.get("/v1/availability?parts=1", headers=headers)
        assert answered.status_code == 401


async def test_an_order_goes_from_received_to_delivered_as_time_passes(sandbox: Sandbox) -> None:
    assert (await sandbox.get()).status_code == 404
    placed = await sandbox.put(order())
    assert placed.status_code == 201
    assert placed.json()["state"] == "received"
    assert placed.json()["their_number"].startswith("D-")

    first = (await sandbox.get()).json()
    assert (first["state"], first["acknowledged_at"], first["shipments"]) == ("received", None, [])
    sandbox.clock.pass_hours(2)
    acknowledged = (await sandbox.get()).json()
    assert acknowledged["state"] == "acknowledged"
    assert MONDAY < datetime.fromisoformat(acknowledged["acknowledged_at"]) < sandbox.clock.now
    sandbox.clock.pass_hours(22)
    shipped = (await sandbox.get()).json()
    assert shipped["state"] == "shipped"
    assert shipped["shipments"][0]["delivered_at"] is None
    assert shipped["shipments"][0]["tracking_number"] in shipped["shipments"][0]["tracking_url"]
    sandbox.clock.pass_hours(72)
    delivered = (await sandbox.get()).json()
    assert delivered["state"] == "delivered"
    (line,) = delivered["shipments"][0]["lines"]
    assert (line["line"], line["quantity"], len(line["serials"])) == (1, 1, 1)


async def test_the_same_order_twice_is_one_order(sandbox: Sandbox) -> None:
    first = await sandbox.put(order())
    sandbox.clock.pass_hours(5)
    again = await sandbox.put(order())
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    other = await sandbox.put(order(lines=lines((BLACK, 2))))
    assert other.status_code == 409
    listed = (await sandbox.client.get("/control/purchase-orders")).json()["purchase_orders"]
    assert [one["number"] for one in listed] == ["PO-1"]


async def test_an_unknown_part_is_refused_and_the_others_are_shipped(sandbox: Sandbox) -> None:
    await sandbox.put(order(lines=lines(("NOPE", 1), (BLACK, 1))))
    sandbox.clock.pass_hours(24 * 5)
    report = (await sandbox.get()).json()
    assert [line["state"] for line in report["lines"]] == ["refused", "accepted"]
    assert report["lines"][0]["expected_ship_on"] is None
    assert report["state"] == "delivered"
    assert [line["line"] for line in report["shipments"][0]["lines"]] == [2]


async def test_an_order_of_nothing_known_is_refused(sandbox: Sandbox) -> None:
    placed = await sandbox.put(order(lines=lines(("NOPE", 1))))
    assert (placed.status_code, placed.json()["state"]) == (201, "refused")
    assert (await sandbox.get()).json()["state"] == "refused"


async def test_several_units_ship_in_parts(sandbox: Sandbox) -> None:
    await sandbox.put(order(lines=lines((BLACK, 4))))
    sandbox.clock.pass_hours(23)
    assert (await sandbox.get()).json()["state"] == "partially_shipped"
    sandbox.clock.pass_hours(24)
    report = (await sandbox.get()).json()
    assert len(report["shipments"]) == 2
    serials = [serial for one in report["shipments"] for line in one["lines"] for serial in line["serials"]]
    assert len(set(serials)) == len(serials) == 4


async def test_what_is_not_in_stock_is_back_ordered_and_stock_falls(sandbox: Sandbox) -> None:
    full = stock.offers()[BLACK].full_shelf
    await sandbox.put(order(lines=lines((BLACK, full + 1))))
    report = (await sandbox.get()).json()
    assert report["lines"][0]["state"] == "back_ordered"
    left = (await sandbox.client.get(f"/v1/availability?parts={BLACK}")).json()["items"][0]["quantity"]
    assert left == 0
    sandbox.clock.pass_hours(24 * 3 + 1)
    report = (await sandbox.get()).json()
    assert report["lines"][0]["state"] == "accepted"
    assert sum(line["quantity"] for one in report["shipments"] for line in one["lines"]) == full + 1
    sandbox.clock.pass_hours(24 * 15)
    left = (await sandbox.client.get(f"/v1/availability?parts={BLACK}")).json()["items"][0]["quantity"]
    assert left == full


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"delivery": "pigeon"}, "delivery"),
        ({"lines": []}, "lines"),
        ({"lines": [{"line": 1, "part_number": BLACK, "quantity": 0}]}, "quantity"),
        ({"lines": lines((BLACK, 1)) * 2}, "lines"),
        ({"ship_to": {"name": "x"}}, "ship_to.address_line_1"),
        ({"account_number": None}, "account_number"),
    ],
)
async def test_a_bad_field_is_named(sandbox: Sandbox, changes: dict[str, Any], field: str) -> None:
    answered = await sandbox.put(order(**changes))
    assert answered.status_code == 422
    assert field in answered.json()["error"]["message"]
    assert (await sandbox.get()).status_code == 404


async def test_a_body_that_is_no_json_or_too_large(sandbox: Sandbox) -> None:
    address = "/v1/purchase-orders/PO-1"
    assert (await sandbox.client.put(address, content=b"{")).status_code == 400
    assert (await sandbox.client.put(address, content=b"[" * 300_000)).status_code == 400


async def test_orders_are_there_after_a_restart(sandbox: Sandbox) -> None:
    placed = (await sandbox.put(order(lines=lines((BLACK, 4))))).json()
    sandbox.clock.pass_hours(40)
    before = (await sandbox.get()).json()
    await sandbox.stop()
    await sandbox.start()
    assert (await sandbox.get()).json() == before
    assert (await sandbox.put(order(lines=lines((BLACK, 4))))).json() == placed


async def test_faults(sandbox: Sandbox) -> None:
    await sandbox.fault(mode="down")
    assert (await sandbox.put(order())).status_code == 503
    await sandbox.fault(mode="nonsense")
    answered = await sandbox.put(order())
    assert answered.status_code == 200
    assert answered.headers["content-type"].startswith("text/html")
    await sandbox.fault(mode="none")
    assert (await sandbox.get()).status_code == 404

    await sandbox.fault(mode="slow", seconds=0.01, count=1)
    assert (await sandbox.get()).status_code == 404
    assert (await sandbox.client.get("/control/faults")).json()["mode"] == "none"
    await sandbox.fault(mode="refuse", count=1)
    assert (await sandbox.put(order("PO-2"))).json()["state"] == "refused"
    assert (await sandbox.client.post("/control/faults", json={"mode": "worse"})).status_code == 400


async def test_an_order_whose_answer_got_lost_was_received(sandbox: Sandbox) -> None:
    await sandbox.fault(mode="accept_then_timeout", seconds=30, count=1)
    with pytest.raises(httpx.ReadTimeout):
        await sandbox.client.put("/v1/purchase-orders/PO-1", json=order(), timeout=0.3)
    assert (await sandbox.get()).json()["state"] == "received"
    assert (await sandbox.put(order())).status_code == 200


async def test_cancelled_until_shipped(sandbox: Sandbox) -> None:
    await sandbox.put(order())
    cancelled = await sandbox.client.post("/control/purchase-orders/PO-1/cancel")
    assert cancelled.status_code == 200
    assert (await sandbox.get()).json()["state"] == "cancelled"
    await sandbox.put(order("PO-2"))
    sandbox.clock.pass_hours(30)
    assert (await sandbox.client.post("/control/purchase-orders/PO-2/cancel")).status_code == 409


PARTS = st.sampled_from([BLACK, BLACK_HIGH, "NOPE"])
WANTED = st.lists(st.tuples(PARTS, st.integers(1, 20)), min_size=1, max_size=5)
STOCK = st.fixed_dictionaries({BLACK: st.integers(0, 12), BLACK_HIGH: st.integers(0, 12)})
ORDER_OF_STATES = ("received", "acknowledged", "partially_shipped", "shipped", "delivered")


@given(WANTED, STOCK, st.integers(1, 10_000), st.sampled_from(["ground", "express"]))
def test_every_unit_ships_once_and_states_only_move_on(
    wanted: list[tuple[str, int]], available: dict[str, int], sequence: int, delivery: str
) -> None:
    body = order(lines=lines(*wanted), delivery=delivery)
    received = rules.Received(
        order=orders.parse(body, number="PO-1"), sequence=sequence, received_at=MONDAY, available=available
    )
    made = rules.plan(received)
    assert made == rules.plan(received)
    serials = [serial for one in made.shipments for line in one.lines for serial in line.serials]
    assert len(set(serials)) == len(serials) == sum(units for part, units in wanted if part != "NOPE")
    for one in made.shipments:
        assert made.acknowledged_at < one.shipped_at < one.delivered_at
    words = [rules.state(received, made, at=MONDAY + timedelta(hours=hours)) for hours in range(0, 24 * 8, 3)]
    if serials:
        places = [ORDER_OF_STATES.index(word) for word in words]
        assert places == sorted(places)
        assert words[-1] == "delivered"
    else:
        assert set(words) == {"refused"}


def test_every_part_of_the_fleet_is_sold() -> None:
    sold = stock.offers()
    for spec in fleet.default_fleet():
        for slot in spec.slots:
            for part in slot.parts:
                assert sold[part.part_number].price_minor > 0
