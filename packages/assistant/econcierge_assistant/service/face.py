"""The service's face on this computer: what the desktop application asks, on the loopback only, with a key.

Where to find it and its key stand in a small file, `local.json`: for its owner only in the data folder, and for
everybody on this computer where a service that belongs to the system puts it.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
import os
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import econcierge_assistant
from econcierge_assistant.service import (
    contact,
    errors,
    face_http,
    pairing,
    pairings,
    standing,
    status,
    store,
    texts,
)
from econcierge_assistant.service.install import where

FIRST_PORT, LAST_PORT = 47_631, 47_640
PORT_AGAIN_S = 300.0
MOST_CONNECTIONS = 32
FILE_VARIABLE = "ECONCIERGE_LOCAL_FACE"
FORMAT = 1
MOST_TARGETS = 1_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class File:
    """Where `local.json` is written, and whether everybody on this computer may read it."""

    path: Path
    is_public: bool


def files_for(*, data: Path, environment: Mapping[str, str]) -> tuple[File, ...]:
    """The named file instead of the data folder's; beside it that of the system's own folder for running services."""
    if named := environment.get(FILE_VARIABLE):
        return (File(Path(named), is_public=True),)
    own = File(data / where.FACE_NAME, is_public=False)
    folder = environment.get("RUNTIME_DIRECTORY", "").partition(":")[0]  # set by systemd for RuntimeDirectory=
    return (own, File(Path(folder) / where.FACE_NAME, is_public=True)) if folder else (own,)


def places_for(*, data: Path, environment: Mapping[str, str]) -> tuple[Path, ...]:
    """Where to look for what `files_for` names: a service of the system is told another place by who starts it."""
    own = files_for(data=data, environment=environment)[0].path
    is_installed = data in (where.data_folder(), where.LINUX_PRIVATE_DATA)
    return (own, where.shared_face()) if is_installed and not environment.get(FILE_VARIABLE) else (own,)


class Face:
    def __init__(
        self,
        *,
        stands: standing.Standing,
        opened: store.Store,
        pairings: pairings.Pairings,
        works: Callable[[], contact.Works | None],
        files: tuple[File, ...],
    ) -> None:
        self._stands = stands
        self._store = opened
        self._pairings = pairings
        self._works = works
        self._files = files
        self._key = secrets.token_urlsafe(32)
        self._port = 0
        self._open = 0
        self._asked: set[asyncio.Task[int]] = set()

    async def run(self) -> None:
        """Serve until cancelled; when nothing can be opened say so and try again later."""
        while True:
            server = await self._listen()
            if server is not None:
                await self._serve(server)
            self._stands.note("face", texts.said("no_local_port"))
            log.warning("%s", self._stands.problems["face"].en)
            await asyncio.sleep(PORT_AGAIN_S)

    async def _serve(self, server: asyncio.Server) -> None:
        self._stands.note("face", None)
        try:
            await asyncio.to_thread(self._write_files)
            await server.serve_forever()
        finally:
            server.close()
            self._remove_files()
            for task in self._asked:
                task.cancel()

    async def _listen(self) -> asyncio.Server | None:
        """On the first of the usual ports that is free, else on any: `local.json` tells which."""
        for port in (*range(FIRST_PORT, LAST_PORT + 1), 0):
            with contextlib.suppress(OSError):
                server = await asyncio.start_server(self._connected, "127.0.0.1", port, limit=face_http.MOST_HEAD_BYTES)
                self._port = server.sockets[0].getsockname()[1]
                return server
        return None

    def _write_files(self) -> None:
        facts = {"format": FORMAT, "port": self._port, "key": self._key, "pid": os.getpid()}
        for file in self._files:
            try:
                pairing.write_private(file.path, json.dumps(facts), mode=0o644 if file.is_public else 0o600)
            except OSError as error:
                log.warning("%s cannot be written (%s): the desktop looks there.", file.path, error.strerror)

    def _remove_files(self) -> None:
        """Only our own: another service may have written it since."""
        for file in self._files:
            with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
                if json.loads(file.path.read_text(encoding="utf-8"))["key"] == self._key:
                    file.path.unlink()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        try:
            if self._open <= MOST_CONNECTIONS:
                async with asyncio.timeout(face_http.TIMEOUT_S):
                    request = await face_http.read_request(reader, port=self._port, key=self._key)
                async with asyncio.timeout(6 * face_http.TIMEOUT_S):
                    await self._answer(request, writer)
                    await writer.drain()
        except face_http.Refused as error:
            face_http.write_json(writer, error.status, {"error": error.said.as_json()})
        except (OSError, TimeoutError, asyncio.IncompleteReadError):  # gone, slow, or cut short: nobody to tell
            pass
        finally:
            self._open -= 1
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, request: face_http.Request, writer: asyncio.StreamWriter) -> None:
        match request.method, request.path:
            case "GET", "/v1/status":
                found = await asyncio.to_thread(status.census, self._store)
                face_http.write_json(writer, 200, self._status(found))
            case "GET", "/v1/printers":
                await face_http.write_in_pieces(writer, _items(status.printers_as_json(self._store)))
            case "POST", "/v1/read-now":
                targets = _targets(request.json().get("targets"))
                self._begin(lambda works: works.read_now(targets))
                face_http.write_json(writer, 202, {"asked": True})
            case "POST", "/v1/discover":
                self._begin(lambda works: works.discover_now())
                face_http.write_json(writer, 202, {"asked": True})
            case "POST", "/v1/pair":
                face_http.write_json(writer, 200, await self._pair(request.json()))
            case _, "/v1/status" | "/v1/printers" | "/v1/read-now" | "/v1/discover" | "/v1/pair":
                raise face_http.Refused(405, texts.said("face_bad_request"))
            case _:
                raise face_http.Refused(404, texts.said("face_not_found"))

    def _begin(self, work: Callable[[contact.Works], Coroutine[Any, Any, int]]) -> None:
        works = self._works()
        if works is None:
            raise face_http.Refused(409, texts.said("face_not_working"))
        task = asyncio.create_task(_heedless(work(works)))
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)

    async def _pair(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        server, invitation = asked.get("server"), asked.get("invitation")
        if not isinstance(server, str) or not isinstance(invitation, str | None):
            raise face_http.Refused(400, texts.said("face_bad_request"))
        try:
            return _shown(await self._pairings.begin(server=server, invitation=invitation or None))
        except errors.Trouble as error:
            conflict = error.said.code in ("already_paired", "token_is_given", "server_is_set")
            raise face_http.Refused(409 if conflict else 422, error.said) from error

    def _status(self, found: status.Census) -> dict[str, Any]:
        stands = self._stands
        paired, shown, wanted, works = stands.paired, stands.shown, stands.policy, self._works()
        return {
            "format": FORMAT,
            "version": econcierge_assistant.__version__,
            "state": stands.state.value,
            "text": stands.text.both(),
            "server": paired.server if paired else None,
            "site": (wanted.site if wanted else "") or (paired.site if paired else "") or None,
            "customer": (wanted.customer if wanted else "") or (paired.customer if paired else "") or None,
            "paired_at": paired.paired_at.isoformat() if paired and paired.paired_at else None,
            "printers": found.printers,
            "silent": found.silent,
            "waiting": found.waiting,
            "last_delivered_at": found.last_delivery_at,
            "last_search_at": found.last_search_at,
            "searching": bool(getattr(works, "searching", False)),
            "token_kept_in": paired.kept_in if paired else None,
            "problems": [each.as_json() for each in stands.told()],
            "pairing": _shown(shown) if shown else None,
        }


def _shown(shown: standing.Shown) -> dict[str, Any]:
    return {
        "user_code": shown.offer.user_code,
        "verification_uri": shown.offer.verification_uri,
        "verification_uri_complete": shown.offer.verification_uri_complete,
        "expires_at": shown.expires_at.isoformat(),
    }


def _targets(value: Any) -> list[str] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) > MOST_TARGETS or not all(isinstance(each, str) for each in value):
        raise face_http.Refused(400, texts.said("face_bad_request"))
    return value


async def _heedless(work: Coroutine[Any, Any, int]) -> int:
    """Asked and answered with 202: what goes wrong later is for the log."""
    try:
        return await work
    except (errors.AssistantError, OSError) as error:
        log.warning("what the desktop asked for could not be done: %s", error)
        return 0


async def _items(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """`{"items": [...]}` in steps; the database is read in a thread."""
    yield b'{"items": ['
    separator = b""
    while batch := await asyncio.to_thread(lambda: list(itertools.islice(pieces, status.ROWS_AT_ONCE))):
        yield separator + b", ".join(batch)
        separator = b", "
    yield b"]}"
