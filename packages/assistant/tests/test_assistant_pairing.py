"""Asking for a code and waiting for it (RFC 8628); answers that are not the platform's; pairing by command."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from running_service import chosen_for, running, until

from econcierge_assistant.service import (
    delivery,
    device_flow,
    errors,
    face,
    line,
    pairing,
    pairings,
    rules,
    standing,
)
from econcierge_assistant.service import portal as portal_side
from econcierge_printers import clock

State = standing.State


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairings, "LOOK_S", 0.02)
    monkeypatch.setattr(rules, "BACK_OFF_FIRST_S", 0.02)
    monkeypatch.setattr(portal_side, "LEAST_PAUSE_S", 0.02)
    monkeypatch.setattr(face, "FIRST_PORT", 0)
    monkeypatch.setattr(face, "LAST_PORT", 0)
    monkeypatch.setenv("ECONCIERGE_NO_KEYRING", "1")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((200, {}, b"<html>Welcome to the hotel</html>"), "not_our_server"),
        ((302, {"Location": "https://signin.example/?secret=1"}, b""), "sent_elsewhere"),
        ((401, {}, b"<html>sign in</html>"), "not_our_server"),
        ((429, {"Retry-After": "7"}, b"{}"), "too_often"),
        ((502, {}, b"bad gateway"), "server_unwell"),
        ((200, {}, b'{"hello": 1}'), "not_our_server"),
    ],
)
def test_whoever_answers_for_the_platform_is_told_apart(portal: Any, tmp_path: Path, answer: Any, code: str) -> None:
    portal.script = {path: [answer] for path in ("/gateway/v1/heartbeat", "/gateway/v1/pair")}
    at = line.Line(server=line.parse_server(portal.url, insecure_http=False))
    with pytest.raises(errors.Trouble) as caught:
        portal_side.send_heartbeat(at, token="first", facts={"done": []}, now=clock.system_clock())
    assert caught.value.said.code == code
    assert "secret" not in str(caught.value)
    assert caught.value.retry_after_s == (7.0 if code == "too_often" else None)
    with pytest.raises(errors.Trouble) as caught:
        device_flow.ask_for_code(at)
    assert caught.value.said.code == code
    assert "\n" not in caught.value.said.fr


def test_an_invitation_that_is_refused_and_a_server_that_declines_are_told(portal: Any) -> None:
    at = line.Line(server=line.parse_server(portal.url, insecure_http=False))
    portal.script = {"/gateway/v1/pair": [(400, {}, b'{"error": "invalid_request"}')] * 2}
    with pytest.raises(errors.Trouble, match="invitation GONE"):
        device_flow.ask_for_code(at, invitation="GONE")
    with pytest.raises(errors.Trouble, match="invalid_request"):
        device_flow.ask_for_code(at)


def test_a_clock_that_is_wrong_is_told(portal: Any) -> None:
    at = line.Line(server=line.parse_server(portal.url, insecure_http=False))
    facts = {"done": []}
    told = portal_side.send_heartbeat(at, token="first", facts=facts, now=clock.system_clock() - timedelta(days=365))
    assert told.clock is not None
    assert told.clock.code == "clock_wrong"
    assert portal_side.send_heartbeat(at, token="first", facts=facts, now=clock.system_clock()).clock is None


class Patience:
    """Time that passes only by waiting: what was slept, and what the clock says."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def clock_s(self) -> float:
        return sum(self.slept)


async def wait_politely(portal: Any, *, expires_in_s: float = 900.0) -> tuple[Patience, pairing.Pairing | str]:
    at = line.Line(server=line.parse_server(portal.url, insecure_http=False))
    offer = replace(device_flow.ask_for_code(at), interval_s=5.0, expires_in_s=expires_in_s)
    patience = Patience()
    try:
        granted = await device_flow.wait_for_approval(
            at,
            offer,
            aside=delivery.in_daemon_thread,
            now=clock.system_clock,
            sleep=patience.sleep,
            clock_s=patience.clock_s,
        )
    except errors.Trouble as error:
        return patience, error.said.code
    return patience, granted


async def test_it_asks_at_the_servers_pace_and_slower_when_told_to(portal: Any) -> None:
    portal.decisions = ["authorization_pending", "slow_down", "authorization_pending", "slow_down"]
    portal.script = {"/gateway/v1/pair/token": [(503, {}, b"")]}
    patience, granted = await wait_politely(portal)
    assert patience.slept == [5.0, 10.0, 10.0, 15.0, 15.0, 20.0]
    assert isinstance(granted, pairing.Pairing)
    assert (granted.token, granted.customer, granted.site, granted.server) == (
        "granted",
        "Acme",
        "Head office",
        portal.url,
    )


@pytest.mark.parametrize(
    ("decisions", "expires_in_s", "code"),
    [
        (["authorization_pending"] * 50, 60.0, "code_expired"),
        (["access_denied"], 900.0, "code_refused"),
        (["invalid_grant"], 900.0, "code_expired"),
    ],
)
async def test_it_ends_when_the_code_does(portal: Any, decisions: list[str], expires_in_s: float, code: str) -> None:
    portal.decisions = decisions
    patience, ended = await wait_politely(portal, expires_in_s=expires_in_s)
    assert ended == code
    assert patience.clock_s() <= expires_in_s + 5.0


@contextlib.asynccontextmanager
async def command(*words: str, language: str = "C.UTF-8") -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "econcierge_assistant.cli", *words],
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "LC_ALL": language},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_pair_on_the_command_line_shows_the_code_waits_and_says_where_the_token_is(
    portal: Any, tmp_path: Path
) -> None:
    portal.decisions = ["authorization_pending"]
    async with command("pair", "--server", portal.url, "--data", str(tmp_path), "--invitation", "GIFT") as process:
        out, err = await process.communicate()
    said = out.decode()
    assert (process.returncode, err) == (0, b"")
    for words in (f"{portal.url}/pair/?code=BDWP-HQPK", "BDWP-HQPK", "15 minutes", "for Acme, Head office"):
        assert words in said
    assert "econcierge-assistant run" in said
    assert str(tmp_path / "pairing.json") in said
    assert "granted" not in said
    assert (tmp_path / "pairing.json").stat().st_mode & 0o777 == 0o600
    assert portal.forms[0]["client_id"] == "assistant"
    async with command("unpair", "--data", str(tmp_path), language="fr_CA.UTF-8") as process:
        out, _ = await process.communicate()
    assert (process.returncode, list(tmp_path.glob("*.json"))) == (0, [])
    assert f"dissocier aussi cet ordinateur dans le portail\u00a0: {portal.url}" in out.decode()


async def test_pair_beside_a_running_service_says_that_it_goes_on_and_status_shows_it(
    portal: Any, tmp_path: Path
) -> None:
    async with running(chosen_for(tmp_path, range=("127.0.0.9",))) as service:
        await until((tmp_path / "local.json").exists)
        async with command("pair", "--server", portal.url, "--data", str(tmp_path)) as process:
            out, _ = await process.communicate()
        assert "goes on with it by itself" in out.decode()
        await service.stands.until(lambda: service.stands.state is State.WORKING)
        async with command("status", "--data", str(tmp_path)) as process:
            out, _ = await process.communicate()
        assert json.loads(out)["service"]["customer"] == "Acme"
    async with command("status", "--data", str(tmp_path)) as process:
        out, _ = await process.communicate()
    assert json.loads(out)["service"] is None


async def test_ctrl_c_while_waiting_ends_with_a_sentence_and_changes_nothing(portal: Any, tmp_path: Path) -> None:
    portal.decisions = ["authorization_pending"] * 1_000
    async with command("pair", "--server", portal.url, "--data", str(tmp_path)) as process:
        assert process.stdout is not None
        await process.stdout.readline()
        await until(lambda: len(portal.asked) > 2)
        process.send_signal(2)
        _, err = await process.communicate()
    assert process.returncode == 1
    assert err.decode().count("\n") == 1
    assert "nothing was changed" in err.decode()
    assert not (tmp_path / "pairing.json").exists()


async def test_a_code_that_is_refused_ends_with_a_sentence(portal: Any, tmp_path: Path) -> None:
    portal.decisions = ["access_denied"]
    async with command("pair", "--server", portal.url, "--data", str(tmp_path)) as process:
        _, err = await process.communicate()
    assert process.returncode == 1
    assert "BDWP-HQPK was refused" in err.decode()
