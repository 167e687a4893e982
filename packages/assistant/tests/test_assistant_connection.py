"""The service and its platform over real HTTP: pairing, settings, commands, a new token, an access withdrawn."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from running_service import chosen_for, running, until

from econcierge_assistant.service import (
    delivery,
    face,
    line,
    loop,
    moving,
    pairing,
    pairings,
    rules,
    spool,
    standing,
    store,
    texts,
)
from econcierge_assistant.service import portal as portal_side
from econcierge_printers import clock
from econcierge_virtual.printers import agent, fleet, living, mib, responder

START = datetime(2026, 11, 23, 14, tzinfo=UTC)
State = standing.State


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairings, "LOOK_S", 0.02)
    monkeypatch.setattr(rules, "BACK_OFF_FIRST_S", 0.02)
    monkeypatch.setattr(portal_side, "LEAST_PAUSE_S", 0.02)
    monkeypatch.setattr(face, "FIRST_PORT", 0)
    monkeypatch.setattr(face, "LAST_PORT", 0)
    monkeypatch.setenv("ECONCIERGE_NO_KEYRING", "1")


@pytest.fixture
async def printer() -> AsyncIterator[str]:
    """A living printer behind real UDP: its target."""
    spec = fleet.default_fleet()[0]
    state = living.first_state(spec, at=START)

    def view() -> agent.View:
        return agent.TableView(mib.table(spec, state))

    made = await responder.listen(address="127.0.0.1", port=0, source=view, community=spec.community)
    yield f"127.0.0.1:{made.port}"
    await made.close()


def paired(data: Path, portal: Any, *, token: str = "first", token_at: datetime | None = None) -> pairing.Pairing:
    at = token_at or clock.system_clock()
    made = pairing.Pairing(portal.url, token, paired_at=at, token_at=at, customer="Acme", site="Head office")
    store.make_folder(data)
    pairing.save(data=data, pairing=made)
    return made


def face_of(data: Path) -> dict[str, Any]:
    return dict(json.loads((data / "local.json").read_text()))


async def ask_face(data: Path, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
    """As the desktop does it."""
    await until((data / "local.json").exists)
    found = face_of(data)
    here = line.Line(server=line.Server("127.0.0.1", found["port"], tls=False))
    headers = {"Authorization": f"Bearer {found['key']}"}
    raw = None if body is None else json.dumps(body).encode()
    answer = await asyncio.to_thread(here.ask, method, path, body=raw, headers=headers)
    return answer.status, json.loads(answer.body)


async def test_unpaired_it_waits_and_works_when_the_desktop_has_paired_it(
    portal: Any, printer: str, tmp_path: Path
) -> None:
    portal.decisions = ["authorization_pending", "authorization_pending"]
    async with running(chosen_for(tmp_path, range=(printer,))) as service:
        await service.stands.until(lambda: service.stands.state is State.NOT_PAIRED)
        status, shown = await ask_face(tmp_path, "POST", "/v1/pair", {"server": portal.url, "invitation": "GIFT"})
        assert (status, shown["user_code"]) == (200, "BDWP-HQPK")
        assert shown["verification_uri_complete"].startswith(portal.url)
        await until(lambda: portal.readings == 1)
        _, found = await ask_face(tmp_path, "GET", "/v1/status")
        assert (found["state"], found["customer"], found["site"]) == ("working", "Acme", "Head office")
        assert (found["printers"], found["token_kept_in"], found["pairing"]) == (1, "file", None)
        status, refused = await ask_face(tmp_path, "POST", "/v1/pair", {"server": portal.url})
        assert (status, refused["error"]["code"]) == (409, "already_paired")
        assert portal.url in refused["error"]["text"]["fr"]
    assert [form["invitation"] for form in portal.forms] == ["GIFT"]
    assert not (tmp_path / "local.json").exists()
    assert pairing.load(data=tmp_path) is not None


@pytest.mark.parametrize(("decision", "code"), [("access_denied", "code_refused"), ("expired_token", "code_expired")])
async def test_a_code_that_came_to_nothing_is_told_and_another_may_be_asked_for(
    portal: Any, tmp_path: Path, decision: str, code: str
) -> None:
    portal.decisions = [decision, "authorization_pending"]
    async with running(chosen_for(tmp_path)) as service:
        await ask_face(tmp_path, "POST", "/v1/pair", {"server": portal.url})
        await service.stands.until(lambda: "pairing" in service.stands.problems and service.stands.shown is None)
        _, found = await ask_face(tmp_path, "GET", "/v1/status")
        assert (found["state"], [each["code"] for each in found["problems"]]) == ("not_paired", [code])
        await ask_face(tmp_path, "POST", "/v1/pair", {"server": portal.url})
        await service.stands.until(lambda: service.stands.paired is not None)
        assert not service.stands.problems


async def test_one_code_at_a_time_and_none_once_somebody_paired_otherwise(portal: Any, tmp_path: Path) -> None:
    portal.decisions = ["authorization_pending"] * 10_000
    async with running(chosen_for(tmp_path)) as service:
        asked = {"server": portal.url}
        await asyncio.gather(*(ask_face(tmp_path, "POST", "/v1/pair", asked) for _ in range(4)))
        assert len(portal.forms) == 1
        await ask_face(tmp_path, "POST", "/v1/pair", {**asked, "invitation": "GIFT"})
        assert [form.get("invitation") for form in portal.forms] == [None, "GIFT"]
        paired(tmp_path, portal)
        await service.stands.until(lambda: service.stands.paired is not None)
        assert service.stands.shown is None
        await until(lambda: portal.heartbeats)


async def test_settings_of_the_portal_are_followed_asked_for_once_and_kept_for_a_dead_line(
    portal: Any, printer: str, tmp_path: Path
) -> None:
    paired(tmp_path, portal)
    portal.settings = {"version": 1, "ranges": ["127.0.0.9"], "interval_s": 60}
    portal.next_in_s = 0.02
    async with running(chosen_for(tmp_path)) as service:
        await until(lambda: len(portal.heartbeats) > 2)
        assert portal.settings_answers == [200]
        assert portal.readings == 0
        portal.settings = {
            "version": 2,
            "ranges": [printer],
            "interval_s": 60,
            "deny": ["nonsense/99"],
            "language": "fr-ca",
        }
        await until(lambda: portal.readings == 1)
        assert service.stands.policy is not None
        assert [each.code for each in service.stands.told()] == ["setting_unusable"]
        await until(lambda: portal.heartbeats[-1]["settings_version"] == 2)
        (problem,) = portal.heartbeats[-1]["problems"]
        assert problem["code"] == "setting_unusable"
        assert problem["text"].startswith("Le réglage")
        await until(lambda: portal.heartbeats[-1]["printers"] == 1)
    dead = "/gateway/v1/settings", "/gateway/v1/heartbeat", "/gateway/v1/reports"
    portal.script = {path: [(503, {}, b"down")] * 1000 for path in dead}
    async with running(chosen_for(tmp_path)) as service:
        await service.stands.until(lambda: service.stands.state is State.CANNOT_DELIVER)
        assert service.stands.policy is not None
        assert service.stands.policy.ranges == (printer,)


async def test_without_the_portals_word_only_places_named_here_are_read(portal: Any, tmp_path: Path) -> None:
    paired(tmp_path, portal)
    portal.script = {"/gateway/v1/settings": [(503, {}, b"down")] * 1000}
    async with running(chosen_for(tmp_path)) as service:
        await service.stands.until(lambda: "line" in service.stands.problems)
        assert (service.stands.policy, service.stands.may_work) == (None, False)
        assert service.stands.text.code == "server_unwell"
    async with running(chosen_for(tmp_path, range=("127.0.0.9",))) as service:
        await service.stands.until(lambda: service.stands.may_work)
        assert service.stands.text.code == "cannot_deliver"
        portal.script.clear()
        portal.settings = {"version": 2, "ranges": ["127.0.0.8"]}
        await service.stands.until(lambda: service.stands.state is State.WORKING)
        assert service.stands.text.code == "nothing_in_common"


async def test_what_the_portal_asks_for_is_done_once_and_reported(portal: Any, printer: str, tmp_path: Path) -> None:
    paired(tmp_path, portal)
    portal.next_in_s = 0.02
    async with running(chosen_for(tmp_path, range=(printer,))):
        await until(lambda: portal.readings == 1)
        portal.commands = {"read": {"targets": [printer]}, "all": {"targets": None}, "search": {"search": True}}
        await until(lambda: not portal.commands)
        await until(lambda: portal.readings >= 2)
        done = [each for facts in portal.heartbeats for each in facts["done"]]
        assert sorted(done) == ["all", "read", "search"]
        _, found = await ask_face(tmp_path, "GET", "/v1/printers")
        assert [each["target"] for each in found["items"]] == [printer]
        assert found["items"][0]["reading"]["identity"]["serial"] == fleet.default_fleet()[0].serial
        before = portal.readings
        assert (await ask_face(tmp_path, "POST", "/v1/read-now", {"targets": None}))[0] == 202
        await until(lambda: portal.readings > before)


async def test_an_access_that_was_withdrawn_ends_reading_and_sending_until_it_is_paired_again(
    portal: Any, printer: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    paired(tmp_path, portal)
    portal.next_in_s = 0.02
    async with running(chosen_for(tmp_path, range=(printer,), interval_s=0.1)) as service:
        await until(lambda: portal.readings == 1)
        portal.revoke()
        await service.stands.until(lambda: service.stands.state is State.REVOKED)
        await until(lambda: service._watcher is None)
        asked = len(portal.asked)
        await asyncio.sleep(0.2)
        assert len(portal.asked) <= asked + 1
        _, found = await ask_face(tmp_path, "GET", "/v1/status")
        assert (found["state"], found["problems"][0]["code"]) == ("revoked", "token_revoked")
        assert "portail" in found["text"]["fr"]
        assert (await ask_face(tmp_path, "POST", "/v1/read-now", {"targets": None}))[0] == 409
        assert (await ask_face(tmp_path, "POST", "/v1/pair", {"server": portal.url}))[0] == 200
        await service.stands.until(lambda: service.stands.state is State.WORKING)
        await until(lambda: portal.asked[-1][2] == "granted")
    assert [record.levelname for record in caplog.records].count("ERROR") <= 1


async def test_a_revoked_computer_that_is_accepted_again_goes_on(
    portal: Any, printer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "REVOKED_RETRY_S", 0.05)
    paired(tmp_path, portal)
    portal.next_in_s = 0.02
    async with running(chosen_for(tmp_path, range=(printer,))) as service:
        await until(lambda: portal.readings == 1)
        portal.revoke()
        await service.stands.until(lambda: service.stands.refused is not None)
        portal.tokens.add("first")
        await service.stands.until(lambda: service.stands.state is State.WORKING)


async def test_a_token_older_than_a_month_is_renewed_once(portal: Any, tmp_path: Path) -> None:
    paired(tmp_path, portal, token_at=clock.system_clock() - timedelta(days=31))
    portal.next_in_s = 0.02
    async with running(chosen_for(tmp_path, range=("127.0.0.9",))):
        await until(lambda: portal.heartbeats)
        await until(lambda: len(portal.heartbeats) > 2)
    kept = pairing.load(data=tmp_path)
    assert kept is not None
    assert (kept.token, portal.tokens, portal.next_tokens) == ("first+", {"first+"}, {})
    assert [path for _, path, _ in portal.asked].count("/gateway/v1/token") == 1
    assert not pairing.rotation_is_due(kept, now=clock.system_clock())


async def test_killed_between_the_answer_and_storing_the_computer_is_not_locked_out(
    portal: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paired(tmp_path, portal, token_at=clock.system_clock() - timedelta(days=31))
    portal.next_in_s = 0.02

    def full_disk(**_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(pairing, "keep", full_disk)
        async with running(chosen_for(tmp_path, range=("127.0.0.9",))) as service:
            await until(lambda: len(portal.heartbeats) > 2)
            assert service.stands.token() == "first"
    assert portal.next_tokens == {"first": "first+"}
    async with running(chosen_for(tmp_path, range=("127.0.0.9",))) as service:
        await service.stands.until(lambda: service.stands.token() == "first+")
        await until(lambda: portal.tokens == {"first+"})


async def test_a_given_token_is_never_renewed_and_its_file_is_followed(portal: Any, tmp_path: Path) -> None:
    portal.tokens = {"given", "other"}
    portal.next_in_s = 0.02
    token = pairing.write_private(tmp_path / "token", "given")
    chosen = chosen_for(tmp_path / "data", server=portal.url, token_file=str(token), range=("127.0.0.9",))
    async with running(chosen) as service:
        await until(lambda: len(portal.heartbeats) > 1)
        status, refused = await ask_face(chosen.data, "POST", "/v1/pair", {"server": portal.url})
        assert (status, refused["error"]["code"]) == (409, "already_paired")
        pairing.write_private(token, "other")
        await service.stands.until(lambda: service.stands.token() == "other")
        await until(lambda: portal.asked[-1][2] == "other")
    assert not any(path == "/gateway/v1/token" for _, path, _ in portal.asked)


async def test_unpaired_while_it_runs_it_stops_and_forgets(portal: Any, printer: str, tmp_path: Path) -> None:
    paired(tmp_path, portal)
    async with running(chosen_for(tmp_path, range=(printer,))) as service:
        await until(lambda: portal.readings == 1)
        assert pairing.forget(data=tmp_path) == portal.url
        await service.stands.until(lambda: service.stands.state is State.NOT_PAIRED)
        await until(lambda: service._watcher is None)


async def test_connected_elsewhere_nobody_gets_what_was_read_for_somebody_else(
    portal: Any, serve_portal: Callable[..., Any], printer: str, tmp_path: Path
) -> None:
    other = serve_portal()
    paired(tmp_path, portal)
    portal.script = {"/gateway/v1/reports": [(503, {}, b"down")] * 1000}
    async with running(chosen_for(tmp_path, range=(printer,))) as service:
        await service.stands.until(lambda: "delivery" in service.stands.problems)
        paired(tmp_path, other)
        await until(lambda: other.readings)
        await until(lambda: service.stands.state is State.WORKING)
    assert other.readings == 1  # read anew for them, and only that
    assert portal.readings == 0


def test_moving_within_a_customer_keeps_what_waits(tmp_path: Path) -> None:
    opened = store.Store(data=tmp_path, now=clock.system_clock)
    waiting = spool.Spool(opened=opened, cap_bytes=50_000_000, now=clock.system_clock)
    here = pairing.Pairing("https://a", "t", customer="Acme", site="Head office")
    assert not moving.settle(opened, paired=here)
    with opened.transaction() as connection:
        waiting.put(connection, rank=rules.Rank.CHANGE, body=b"{}")
    assert not moving.settle(opened, paired=replace(here, token="another"))
    assert moving.settle(opened, paired=replace(here, site="Warehouse"))
    assert waiting.contents().changes == 1
    assert moving.settle(opened, paired=replace(here, customer="Other"))
    assert waiting.contents().changes == 0
    opened.close()


async def test_a_demos_clock_that_begins_to_run_sets_the_pace(portal: Any, printer: str, tmp_path: Path) -> None:
    paired(tmp_path, portal)
    portal.settings = {"version": 1, "interval_s": 900}
    now = clock.DemoClock(tmp_path / "clock.json")
    clock.set_demo_clock(tmp_path / "clock.json", at=START, speed=1.0)
    opened = store.Store(data=tmp_path, now=now)
    chosen = chosen_for(tmp_path, range=(printer,), interval_s=0.1)
    service = loop.Service(chosen=chosen, opened=opened, now=now)
    stop = asyncio.Event()
    working = asyncio.create_task(service.run(stop))
    await until(lambda: portal.readings == 1)
    assert service.stands.policy is not None
    assert service.stands.policy.interval_s == 900.0
    clock.set_demo_clock(tmp_path / "clock.json", at=START, speed=36_000.0)
    await service.stands.until(lambda: service.stands.policy is not None and service.stands.policy.interval_s == 0.1)
    await until(lambda: portal.readings > 1)  # its heartbeat is due every half hour of that clock
    stop.set()
    await working
    opened.close()


def test_the_first_look_forgets_nothing_that_pairing_said_meanwhile() -> None:
    stands = standing.Standing(now=clock.system_clock)
    stands.note("pairing", texts.said("code_refused", user_code="BDWP-HQPK"))
    stands.pair(None)
    assert "pairing" in stands.problems
