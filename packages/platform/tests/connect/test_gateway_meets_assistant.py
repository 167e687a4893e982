"""The monitoring service's own code against the gateway's: the two sides of the wire, met in one process."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from econcierge_assistant.service import device_flow, errors, line, portal, portal_settings, spool, texts, uplink
from econcierge_printers import model, wire

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


class Line(line.Line):
    """The line to the platform, without the network between."""

    def __init__(self) -> None:
        super().__init__(server=line.Server("testserver", 80, tls=False))
        self._client = Client()

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float | None = None,
    ) -> line.Answer:
        given = dict(headers or {})
        kind = given.pop("Content-Type", "application/octet-stream")
        answer = self._client.generic(method, path, body or b"", content_type=kind, headers=given)
        found = {name.lower(): value for name, value in answer.headers.items()}
        return line.Answer(answer.status_code, found, answer.content)


@pytest.fixture
def at(computer: object) -> Line:
    """No rate has been used up."""
    return Line()


def finished(work: Coroutine[Any, Any, Any]) -> Any:
    """What it returns, without an event loop: one thread, one connection, nothing in it really waits."""
    try:
        work.send(None)
    except StopIteration as ended:
        return ended.value
    raise AssertionError("it waits")


def paired(at: Line, cast: SimpleNamespace, browser: Callable[..., Any], wall: Any) -> Any:
    """As a person does it: a code is shown, and approved in a browser while the service waits."""
    offer = device_flow.ask_for_code(at, invitation=None)

    async def aside(call: Callable[[], Any]) -> Any:
        return call()

    async def sleep(seconds: float) -> None:
        wall.pass_s(seconds)
        if wall.at > NOW.replace(second=8):
            said = {"code": offer.user_code, "answer": "approve", "site": cast.sites["erable"].pk}
            browser(cast.owner).post("/pair/", said)

    return finished(
        device_flow.wait_for_approval(at, offer, aside=aside, now=lambda: NOW, sleep=sleep, clock_s=lambda: 0.0)
    )


def reading(*, percent: float, at: datetime) -> model.Reading:
    toner = model.Supply(
        index="1.1", kind=model.SupplyKind.TONER, colour="black", supply_class=model.SupplyClass.CONSUMED,
        description="Black toner", part_number=None, serial=None, unit="percent", raw_capacity=100,
        raw_level=round(percent), state=model.LevelState.MEASURED, percent=percent,
    )  # fmt: skip
    return model.Reading(
        read_at=at, target="10.0.0.7", protocol="snmp-2c", status=model.Status(), counters=model.Counters(),
        identity=model.Identity(manufacturer="Xerox", model="VersaLink C405", serial="3102345678"), supplies=(toner,),
    )  # fmt: skip


def as_spooled(said: model.Reading) -> bytes:
    """A reading as the service's spool keeps it."""
    return json.dumps(wire.reading_to_json(said)).encode()


def heartbeat(at: Line, token: str, /, **facts: Any) -> portal.Told:
    said = {"at": NOW.isoformat(), "version": "0.1.0", "host": "SRV1", "waiting": 0, "oldest_waiting_at": None}
    said |= {"printers": 1, "silent": 0, "settings_version": 0, "problems": [], "done": [], **facts}
    return portal.send_heartbeat(at, token=token, facts=said, now=NOW)


def test_from_the_first_code_to_the_withdrawn_access(
    at: Line, cast: SimpleNamespace, browser: Callable[..., Any], wall: Any
) -> None:
    from econcierge.fleet import assistants, operations
    from econcierge.fleet.models import Assistant

    granted = paired(at, cast, browser, wall)
    assert (granted.customer, granted.site) == ("Érable inc.", "Main")

    kept = portal.fetch_settings(at, token=granted.token, kept=None)
    assert kept is not None
    assert kept.settings.unusable == ()
    assert portal.fetch_settings(at, token=granted.token, kept=kept) is None
    assert portal_settings.from_json(kept.body).customer == "Érable inc."

    link = uplink.Uplink(at=at, token=lambda: granted.token, now=lambda: NOW)
    assert link.send(spool.Sealed(str(uuid.uuid4()), ())).verdict is uplink.Verdict.DELIVERED

    assistants.ask_to_search(actor=cast.owner.actor, site_id=cast.sites["erable"].pk, now=NOW)
    told = heartbeat(at, granted.token, problems=[{"code": "clock_wrong", "text": "…"}])
    (command,) = told.commands
    assert command.search
    assert heartbeat(at, granted.token, done=[command.command_id]).commands == ()
    assert told.settings_version == kept.settings.version

    fresh = portal.rotate(at, token=granted.token)
    assert heartbeat(at, granted.token).commands == ()  # the old one works until the new one is used
    assert heartbeat(at, fresh).commands == ()
    with pytest.raises(errors.NotAccepted):
        heartbeat(at, granted.token)

    operations.revoke_assistant(actor=cast.owner.actor, assistant=Assistant.objects.get(), now=NOW)
    with pytest.raises(errors.NotAccepted) as caught:
        heartbeat(at, fresh)
    assert caught.value.said == texts.said("token_revoked", server=at.server)
    outcome = uplink.Uplink(at=at, token=lambda: fresh, now=lambda: NOW).send(spool.Sealed(str(uuid.uuid4()), ()))
    assert (outcome.verdict, outcome.said) == (uplink.Verdict.REVOKED, caught.value.said)


@pytest.mark.parametrize("off", [timedelta(days=-365), timedelta(days=30)])
def test_an_assistant_whose_clock_is_wrong_loses_nothing(
    off: timedelta, at: Line, cast: SimpleNamespace, browser: Callable[..., Any], wall: Any
) -> None:
    from econcierge.fleet.models import Assistant
    from econcierge.supplies.models import LevelChange, Report

    granted = paired(at, cast, browser, wall)
    shown = NOW + off
    said = [reading(percent=60 - 5 * n, at=shown - timedelta(minutes=15 * (3 - n))) for n in range(4)]
    link = uplink.Uplink(at=at, token=lambda: granted.token, now=lambda: shown)
    outcome = link.send(spool.Sealed(str(uuid.uuid4()), tuple(map(as_spooled, said))))
    assert outcome.verdict is uplink.Verdict.DELIVERED
    kept = Report.objects.get()
    assert (kept.readings, kept.refused) == (4, [])
    told = LevelChange.objects.order_by("at").values_list("at", "percent")
    assert list(told) == [(NOW - timedelta(minutes=15 * (3 - n)), 60 - 5 * n) for n in range(4)]
    assert Assistant.objects.get().clock_skew_s == -off.total_seconds()
    assert heartbeat(at, granted.token, at=shown.isoformat()).commands == ()
    page = browser(cast.owner).get("/computers/").content.decode()
    assert f"{abs(off.days)} days {'slow' if off < timedelta() else 'fast'}" in page
