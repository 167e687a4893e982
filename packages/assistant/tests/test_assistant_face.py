"""The service's face on this computer: only with its key, only from here, and nothing that is sent to it does harm."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from econcierge_assistant.service import (
    device_flow,
    errors,
    face,
    face_client,
    face_http,
    keeping,
    pairing,
    pairings,
    roster,
    settings,
    spool,
    standing,
    store,
    texts,
)
from econcierge_assistant.service.install import where
from econcierge_printers import clock, model

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _any_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face, "FIRST_PORT", 0)
    monkeypatch.setattr(face, "LAST_PORT", 0)


@dataclass
class Works:
    """Whoever reads and searches: notes what it was asked."""

    asked: list[Any] = field(default_factory=list)
    searching: bool = False

    async def read_now(self, wanted: list[str] | None) -> int:
        self.asked.append(wanted)
        return 0

    async def discover_now(self) -> int:
        self.asked.append("search")
        raise OSError("no network")


@dataclass
class Served:
    data: Path
    stands: standing.Standing
    opened: store.Store
    works: Works | None = field(default_factory=Works)

    @property
    def found(self) -> dict[str, Any]:
        return dict(json.loads((self.data / "local.json").read_text()))

    def head(self, method: str = "GET", path: str = "/v1/status", **headers: str) -> bytes:
        port, key = self.found["port"], self.found["key"]
        sent = {"Host": f"127.0.0.1:{port}", "Authorization": f"Bearer {key}", **headers}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items() if value)]
        return "\r\n".join([*lines, "", ""]).encode()

    async def raw(self, sent: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.found["port"])
        try:
            writer.write(sent)
            with contextlib.suppress(OSError):
                await writer.drain()
                return await reader.read()
            return b""
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        raw = b"" if body is None else json.dumps(body).encode()
        answer = await self.raw(self.head(method, path, **{"Content-Length": str(len(raw)), **headers}) + raw)
        head, _, text = answer.partition(b"\r\n\r\n")
        if b"chunked" in head:
            text = unchunked(text)
        return int(head.split()[1]), json.loads(text)


def unchunked(text: bytes) -> bytes:
    whole = b""
    while text:
        size, _, rest = text.partition(b"\r\n")
        whole, text = whole + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
    return whole


@contextlib.asynccontextmanager
async def served(data: Path, **given: Any) -> AsyncIterator[Served]:
    opened = store.Store(data=data, now=clock.system_clock)
    stands = standing.Standing(now=clock.system_clock)
    made = Served(data, stands, opened)
    chosen = settings.Settings(data=data, **given)
    serving = face.Face(
        stands=stands,
        opened=opened,
        pairings=pairings.Pairings(chosen=chosen, stands=stands),
        works=lambda: made.works,
        files=face.files_for(data=data, environment={}),
    )
    running = asyncio.create_task(serving.run())
    while not (data / "local.json").exists():
        assert not running.done()
        await asyncio.sleep(0.01)
    try:
        yield made
    finally:
        running.cancel()
        await asyncio.wait({running})
        opened.close()


async def test_its_file_is_for_the_owner_only_and_goes_with_it(tmp_path: Path) -> None:
    async with served(tmp_path) as here:
        assert (tmp_path / "local.json").stat().st_mode & 0o777 == 0o600
        assert (here.found["format"], here.found["pid"]) == (1, os.getpid())
        assert len(here.found["key"]) >= 32
        assert (await here.ask("GET", "/v1/status"))[0] == 200
    assert not (tmp_path / "local.json").exists()


def test_a_service_of_the_system_puts_its_file_where_everybody_finds_it(tmp_path: Path) -> None:
    own = face.File(tmp_path / "local.json", is_public=False)
    assert face.files_for(data=tmp_path, environment={}) == (own,)
    shared = face.File(Path("/run/econcierge-assistant/local.json"), is_public=True)
    assert face.files_for(data=tmp_path, environment={"RUNTIME_DIRECTORY": "/run/econcierge-assistant"}) == (
        own,
        shared,
    )
    named = {"ECONCIERGE_LOCAL_FACE": "/x/face.json", "RUNTIME_DIRECTORY": "/run/a"}
    assert face.files_for(data=tmp_path, environment=named) == (face.File(Path("/x/face.json"), is_public=True),)


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": ""},
        {"Authorization": "Bearer guessed"},
        {"Authorization": "Bearer"},
        {"Host": ""},
        {"Host": "localhost:47631"},
        {"Host": "printers.example:47631"},
        {"Origin": "https://evil.example"},
    ],
)
async def test_nobody_else_gets_a_word(tmp_path: Path, headers: dict[str, str]) -> None:
    async with served(tmp_path) as here:
        for method, path in (("GET", "/v1/status"), ("POST", "/v1/pair"), ("GET", "/nothing")):
            status, said = await here.ask(method, path, **headers)
            assert (status, said["error"]["code"]) == (403, "face_forbidden")
        answer = await here.raw(here.head("OPTIONS", **headers))
        assert b"Access-Control" not in answer
        assert answer.startswith(b"HTTP/1.1 403")


async def test_what_is_known_is_told_in_both_languages(tmp_path: Path) -> None:
    async with served(tmp_path) as here:
        status, found = await here.ask("GET", "/v1/status")
        assert (status, found["format"], found["state"], found["server"]) == (200, 1, "starting", None)
        here.stands.pair(None)
        here.stands.show(device_flow.Offer("d", "BDWP-HQPK", "https://h/pair/", "https://h/pair/?code=x", 900.0, 5.0))
        _, found = await here.ask("GET", "/v1/status")
        assert found["state"] == "pairing"
        assert all("BDWP-HQPK" in found["text"][language] for language in ("en", "fr"))
        assert found["pairing"]["verification_uri_complete"] == "https://h/pair/?code=x"
        assert datetime.fromisoformat(found["pairing"]["expires_at"]) > clock.system_clock()
        here.stands.show(None)
        here.stands.pair(pairing.Pairing("https://h", "t0k3n", paired_at=NOW, customer="Acme"))
        here.stands.refuse(texts.said("token_revoked", server="https://h"))
        _, found = await here.ask("GET", "/v1/status")
        assert (found["state"], found["customer"], found["paired_at"]) == ("revoked", "Acme", NOW.isoformat())
        assert found["problems"][0]["code"] == "token_revoked"
        assert "t0k3n" not in json.dumps(found)


async def test_printers_are_told_with_their_last_reading_however_many(tmp_path: Path) -> None:
    async with served(tmp_path) as here:
        assert (await here.ask("GET", "/v1/printers")) == (200, {"items": []})
        known = roster.Roster(opened=here.opened, now=clock.system_clock)
        for number in range(120):
            known.found(target=f"10.0.0.{number}", community="public", said=model.Identity(serial=f"SN{number:05}"))
        waiting = spool.Spool(opened=here.opened, cap_bytes=50_000_000, now=clock.system_clock)
        keeper = keeping.Keeper(
            opened=here.opened, into=waiting, heartbeat_every=timedelta(days=1), now=clock.system_clock
        )
        identity = model.Identity(serial="SN00007", model="Modèle é")
        keeper.keep([model.Reading(read_at=NOW, target="10.0.0.7", protocol="snmp-2c", identity=identity)])
        status, found = await here.ask("GET", "/v1/printers")
        assert (status, len(found["items"])) == (200, 120)
        assert len({each["key"] for each in found["items"]}) == 120
        (read,) = (each for each in found["items"] if each["reading"])
        assert (read["target"], read["reading"]["identity"]["model"], read["silent"]) == ("10.0.0.7", "Modèle é", False)
        _, told = await here.ask("GET", "/v1/status")
        assert (told["printers"], told["waiting"]) == (120, 1)


async def test_it_reads_and_searches_when_asked_and_survives_what_goes_wrong(tmp_path: Path) -> None:
    async with served(tmp_path) as here:
        assert here.works is not None
        assert (await here.ask("POST", "/v1/read-now", {"targets": ["10.0.0.7"]}))[0] == 202
        assert (await here.ask("POST", "/v1/read-now", {"targets": None}))[0] == 202
        assert (await here.ask("POST", "/v1/read-now"))[0] == 202
        assert (await here.ask("POST", "/v1/discover", {}))[0] == 202
        assert here.works.asked == [["10.0.0.7"], None, None, "search"]
        for wrong in ({"targets": "10.0.0.7"}, {"targets": [7]}, {"targets": ["x"] * 2_000}, [1], "x"):
            assert (await here.ask("POST", "/v1/read-now", wrong))[0] == 400
        here.works = None
        assert (await here.ask("POST", "/v1/discover"))[0] == 409


@pytest.mark.parametrize(
    ("given", "body", "status", "code"),
    [
        ({}, {}, 400, "face_bad_request"),
        ({}, {"server": 7}, 400, "face_bad_request"),
        ({}, {"server": "https://a", "invitation": 7}, 400, "face_bad_request"),
        ({}, {"server": "ftp://a"}, 422, "wrong_address"),
        ({}, {"server": "http://192.0.2.1"}, 422, "wrong_address"),
        ({}, {"server": "https://a b/"}, 422, "wrong_address"),
        ({}, {"server": "https://a\nb/"}, 422, "wrong_address"),
        ({}, {"server": "https://no-such-host.invalid"}, 422, "name_not_found"),
        ({}, {"server": "http://127.0.0.1:9"}, 422, "nothing_answers"),
        ({"server": "https://b"}, {"server": "https://a"}, 409, "server_is_set"),
        ({"server": "https://b", "token": "t"}, {"server": "https://b"}, 409, "token_is_given"),
    ],
)
async def test_a_pairing_that_cannot_be_says_why(
    tmp_path: Path, given: dict[str, Any], body: dict[str, Any], status: int, code: str
) -> None:
    async with served(tmp_path, **given) as here:
        answer, said = await here.ask("POST", "/v1/pair", body)
        assert (answer, said["error"]["code"]) == (status, code)
        assert set(said["error"]["text"]) == {"en", "fr"}
        assert "--server" not in said["error"]["text"]["en"]  # there is a window, not a command line


def test_whoever_looks_for_it_looks_where_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service of the system on macOS and Windows has its file beside its data."""
    installed = tmp_path / "assistant" / "data"
    monkeypatch.setattr(where, "data_folder", lambda: installed)
    monkeypatch.setattr(where, "shared_face", lambda: installed.parent / "local.json")
    here = (installed / "local.json", installed.parent / "local.json")
    assert face.places_for(data=installed, environment={}) == here
    assert face.places_for(data=tmp_path, environment={}) == (tmp_path / "local.json",)
    named = {"ECONCIERGE_LOCAL_FACE": "/x/face.json"}
    assert face.places_for(data=installed, environment=named) == (Path("/x/face.json"),)


async def test_a_service_of_the_system_is_asked_beside_its_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "assistant" / "data"
    installed.mkdir(parents=True)
    monkeypatch.setattr(where, "data_folder", lambda: installed)
    monkeypatch.setattr(where, "shared_face", lambda: installed.parent / "local.json")
    async with served(tmp_path) as here:
        (installed / "local.json").write_text(json.dumps({"format": 1, "port": 1, "key": "left by a crash"}))
        (installed.parent / "local.json").write_text(json.dumps(here.found))
        asked = await asyncio.to_thread(face_client.status, data=installed, environment={})
        assert asked is not None
        assert asked["format"] == 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/v1/status", 405), ("GET", "/v1/pair", 405), ("GET", "/v2/status", 404), ("DELETE", "/v1/pair", 405)],
)
async def test_other_questions_are_turned_away(tmp_path: Path, method: str, path: str, status: int) -> None:
    async with served(tmp_path) as here:
        assert (await here.ask(method, path))[0] == status


async def test_too_large_too_slow_or_no_http_is_turned_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face_http, "TIMEOUT_S", 0.2)
    async with served(tmp_path) as here:
        huge = here.head("POST", "/v1/pair", **{"Content-Length": "999999999"})
        assert (await here.raw(huge)).startswith(b"HTTP/1.1 413")
        assert (await here.raw(here.head(**{"X": "y" * 20_000}))).startswith(b"HTTP/1.1 413")
        assert (await here.raw(here.head(**{"Transfer-Encoding": "chunked"}))).startswith(b"HTTP/1.1 400")
        assert (await here.raw(here.head(**{"Content-Length": "-1"}))).startswith(b"HTTP/1.1 400")
        assert (await here.raw(here.head("POST", "/v1/pair", **{"Content-Length": "9"}) + b"{}")) == b""  # cut short
        assert (await here.raw(b"GET /v1/status HTTP/1.1\r\nHost: a")) == b""  # never finished
        assert (await here.raw(b"\x16\x03\x01\x02\x00TLS?\r\n\r\n")).startswith(b"HTTP/1.1 400")
        assert (await here.ask("GET", "/v1/status"))[0] == 200


@given(st.binary(max_size=300))
@hypothesis_settings(max_examples=300)
def test_any_bytes_are_a_request_or_are_refused(sent: bytes) -> None:
    async def read() -> None:
        reader = asyncio.StreamReader(limit=face_http.MOST_HEAD_BYTES)
        reader.feed_data(sent + b"\r\n\r\n")
        reader.feed_eof()
        with pytest.raises((face_http.Refused, asyncio.IncompleteReadError)):
            await face_http.read_request(reader, port=1, key="k")

    asyncio.run(read())


async def test_when_the_usual_ports_are_taken_any_other_serves_and_the_file_tells_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(face, "FIRST_PORT", port)
        monkeypatch.setattr(face, "LAST_PORT", port)
        serving, stands, opened = not_yet_served(tmp_path)
        running = asyncio.create_task(serving.run())
        async with asyncio.timeout(30):
            while not (tmp_path / "local.json").exists():
                await asyncio.sleep(0.01)
        told = json.loads((tmp_path / "local.json").read_text())["port"]
        assert told != port
        _, writer = await asyncio.open_connection("127.0.0.1", told)
        writer.close()
        assert stands.problems == {}
        running.cancel()
        await asyncio.wait({running})
        opened.close()


async def test_when_nothing_can_be_opened_it_is_told_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_given: object, **_named: object) -> None:
        raise OSError("no descriptors")

    monkeypatch.setattr(face, "PORT_AGAIN_S", 0.01)
    serving, stands, opened = not_yet_served(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(asyncio, "start_server", refused)
        running = asyncio.create_task(serving.run())
        await stands.until(lambda: "face" in stands.problems)
        assert [said.code for said in stands.told()] == ["no_local_port"]
    await stands.until(lambda: "face" not in stands.problems)
    running.cancel()
    await asyncio.wait({running})
    opened.close()


def not_yet_served(data: Path) -> tuple[face.Face, standing.Standing, store.Store]:
    opened = store.Store(data=data, now=clock.system_clock)
    stands = standing.Standing(now=clock.system_clock)
    made = face.Face(
        stands=stands,
        opened=opened,
        pairings=pairings.Pairings(chosen=settings.Settings(data=data), stands=stands),
        works=lambda: None,
        files=face.files_for(data=data, environment={}),
    )
    return made, stands, opened


def test_a_trouble_speaks_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    said = errors.Trouble(texts.said("name_not_found", host="é{x}.example")).said
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    assert said.here() == said.fr
    monkeypatch.setenv("LC_ALL", "C")
    assert said.here() == said.en
    assert "é{x}.example" in said.fr
    with pytest.raises(KeyError):
        texts.said("no_such_code")
