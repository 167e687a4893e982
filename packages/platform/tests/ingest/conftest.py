"""An assistant of Érable, readings to deliver, and a database that really commits."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.fleet import operations as fleet
from econcierge.interfaces.gateway import views
from econcierge_printers import wire
from econcierge_printers.model import (
    Counters,
    DeviceAlert,
    Identity,
    LevelState,
    Reading,
    Status,
    Supply,
    SupplyClass,
    SupplyKind,
)

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def make_supply(
    percent: float | None = 50.0,
    *,
    index: str = "1.1",
    kind: SupplyKind = SupplyKind.TONER,
    colour: str | None = "black",
    supply_class: SupplyClass = SupplyClass.CONSUMED,
    state: LevelState | None = None,
    serial: str | None = None,
    part_number: str | None = None,
    raw_level: int | None = None,
) -> Supply:
    is_measured = percent is not None
    return Supply(
        index=index,
        kind=kind,
        colour=colour,
        supply_class=supply_class,
        description="Black Toner Cartridge",
        part_number=part_number,
        serial=serial,
        unit="percent",
        raw_capacity=100 if is_measured else -2,
        raw_level=round(percent) if is_measured else raw_level,
        state=state or (LevelState.MEASURED if is_measured else LevelState.UNKNOWN),
        percent=percent,
    )


def make_reading(
    *supplies: Supply,
    at: datetime = NOW,
    serial: str | None = "3102345678",
    mac: str | None = None,
    hostname: str | None = None,
    model: str | None = "VersaLink C405",
    target: str = "10.0.0.7",
    pages: int | None = 1000,
    unit: str = "impressions",
    alerts: tuple[DeviceAlert, ...] = (),
    conditions: tuple[str, ...] = (),
) -> Reading:
    return Reading(
        read_at=at,
        target=target,
        protocol="snmp-2c",
        identity=Identity(manufacturer="Xerox", model=model, serial=serial, mac=mac, hostname=hostname),
        status=Status(conditions=conditions),
        counters=Counters(total=pages, unit=unit),
        supplies=supplies,
        alerts=alerts,
    )


def body_of(*readings: Reading, message_id: UUID | None = None, sent_at: datetime = NOW) -> dict[str, Any]:
    report = wire.Report(message_id=message_id or uuid4(), sent_at=sent_at, readings=readings)
    return wire.report_to_json(report)


@pytest.fixture
def make() -> SimpleNamespace:
    return SimpleNamespace(supply=make_supply, reading=make_reading, body=body_of)


@pytest.fixture
def clock_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the platform's clock; it stands at NOW."""
    from econcierge.core import clock

    def stand(at: datetime) -> None:
        monkeypatch.setattr(clock, "_clock", lambda: lambda: at)

    stand(NOW)
    return stand


@pytest.fixture
def paired(cast: SimpleNamespace, clock_at: object) -> SimpleNamespace:
    """Érable's assistant and its token, and a way to deliver as it."""
    views.PACE._buckets.clear()
    assistant, token = fleet.pair_assistant(customer=cast.erable, site=cast.sites["erable"], name="Front desk", now=NOW)
    return SimpleNamespace(assistant=assistant, token=token, deliver=deliverer(token))


def deliverer(token: str) -> Callable[..., Any]:
    def deliver(*readings: Reading, message_id: UUID | None = None, packed: bool = False, **headers: str) -> Any:
        return post(token, json.dumps(body_of(*readings, message_id=message_id)).encode(), packed=packed, **headers)

    return deliver


def post(token: str | None, body: bytes, *, packed: bool = False, **headers: str) -> Any:
    if token is not None:
        headers.setdefault("Authorization", f"Bearer {token}")
    if packed:
        body, headers = gzip.compress(body), {**headers, "Content-Encoding": "gzip"}
    client = Client(raise_request_exception=False)
    answer = client.post("/gateway/v1/reports", body, content_type="application/json", headers=headers)
    if connection.in_atomic_block:
        scoping.enter(Scope.everything())
    return answer


@pytest.fixture
def send() -> Callable[..., Any]:
    """Posts any bytes with a token."""
    return post
