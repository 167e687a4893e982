"""Keeps in touch with the platform: heartbeat, commands, settings, a new token every 30 days; rarely when revoked."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import econcierge_assistant
from econcierge_assistant.service import (
    delivery,
    errors,
    line,
    pairing,
    policy,
    portal,
    portal_settings,
    rules,
    standing,
    status,
    texts,
)

SETTINGS_EVERY_S = 3600.0  # also without a word of a new version
MOST_DONE = 200
ROTATION_AGAIN_S = 3600.0
T = TypeVar("T")

log = logging.getLogger(__name__)


class Works(Protocol):
    """What the portal's commands ask for (`watching.Watcher`)."""

    async def read_now(self, wanted: list[str] | None) -> int: ...

    async def discover_now(self) -> int: ...


class Contact:
    def __init__(
        self,
        *,
        stands: standing.Standing,
        at: Callable[[], line.Line],
        merge: Callable[[portal_settings.PortalSettings], policy.Policy],
        census: Callable[[], status.Census],
        store_token: Callable[[pairing.Pairing], pairing.Pairing],
        works: Callable[[], Works | None],
        data: Path,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """`at`: the line to the paired server; `merge`: the portal's settings with this computer's; `store_token`
        returns when the token is kept; `works`: who carries out commands, None while nobody does."""
        self._stands = stands
        self._at = at
        self._merge = merge
        self._census = census
        self._store_token = store_token
        self._works = works
        self._data = data
        self._jitter = jitter
        self._failures = 0
        self._settings_due_s = 0.0
        self._rotation_due_s = 0.0
        self._kept: portal.Kept | None = None
        self._running: dict[str, asyncio.Task[None]] = {}
        self._done: OrderedDict[str, bool] = OrderedDict()  # command id: whether the portal has been told
        self._wake = asyncio.Event()

    async def run(self) -> None:
        while True:
            await self._stands.until(lambda: self._stands.paired is not None)
            pairing_number = self._stands.pairing_number
            self._begin()
            try:
                while self._stands.paired is not None and self._stands.pairing_number == pairing_number:
                    await self._pause(await self._step())
            finally:
                for task in self._running.values():
                    task.cancel()
                self._running.clear()

    def _begin(self) -> None:
        """With what was kept of this server's settings, so that work goes on while the line is down."""
        self._failures, self._settings_due_s = 0, 0.0
        self._done.clear()
        self._kept = portal.load(data=self._data, server=str(self._at().server))
        if self._kept is not None:
            self._stands.rule(self._merge(self._kept.settings))

    async def _step(self) -> float:
        """Everything that is due; seconds until the next time."""
        try:
            pause_s = await self._talk()
        except errors.NotAccepted as error:
            return self._not_accepted(error.said)
        except errors.Trouble as error:
            return self._no_answer(error)
        self._failures = 0
        self._stands.note("line", None)
        return pause_s

    async def _talk(self) -> float:
        if self._stands.refused is None:
            await self._settings_if_due(None)
            await self._rotate_if_due()
        told = await self._heartbeat()
        if self._stands.refused is not None:
            log.info("the platform accepts this computer again")
            self._stands.refuse(None)
        self._stands.note("clock", told.clock)
        await self._settings_if_due(told.settings_version)
        self._begin_commands(told)
        return told.next_in_s

    async def _heartbeat(self) -> portal.Told:
        done = list(self._done)
        facts = self._facts(await asyncio.to_thread(self._census), done)
        told = await self._ask(lambda at, token: portal.send_heartbeat(at, token=token, facts=facts, now=_real_now()))
        for command_id in done:
            self._done[command_id] = True
        return told

    def _facts(self, found: status.Census, done: list[str]) -> dict[str, Any]:
        version = self._stands.policy.version if self._stands.policy else None
        return {
            "at": self._stands.now().isoformat(),
            "version": econcierge_assistant.__version__,
            "host": self._stands.host,
            "waiting": found.waiting,
            "oldest_waiting_at": found.oldest_waiting_at,
            "printers": found.printers,
            "silent": found.silent,
            "settings_version": version or 0,
            "problems": [{"code": each.code, "text": self._worded(each)} for each in self._stands.told()],
            "done": [command_id for command_id in done if not self._done[command_id]],
        }

    def _worded(self, said: texts.Said) -> str:
        """In the customer's language: the portal shows it as it comes."""
        wanted = self._stands.policy
        return said.fr if wanted is not None and wanted.language.startswith("fr") else said.en

    async def _settings_if_due(self, version: int | None) -> None:
        """At the first contact, when the portal has a newer version, and once an hour."""
        known = self._stands.policy.version if self._stands.policy else None
        now_s = asyncio.get_running_loop().time()
        if now_s < self._settings_due_s and (version is None or version == known):
            return
        kept = self._kept
        fresh = await self._ask(lambda at, token: portal.fetch_settings(at, token=token, kept=kept))
        self._settings_due_s = now_s + SETTINGS_EVERY_S
        if fresh is not None:
            self._kept = fresh
            await self._save(fresh)
        if self._kept is not None:
            self._stands.rule(self._merge(self._kept.settings))

    async def _save(self, fresh: portal.Kept) -> None:
        """For when the line is down; without room on the disk they hold until the service ends."""
        try:
            await asyncio.to_thread(portal.save, data=self._data, kept=fresh)
        except OSError as error:
            log.warning("the portal's settings cannot be kept on disk: %s", error)

    async def _rotate_if_due(self) -> None:
        """First kept, then used: until the new token is used, the old one works, whatever happens between."""
        paired, now_s = self._stands.paired, asyncio.get_running_loop().time()
        if paired is None or self._stands.is_given or now_s < self._rotation_due_s:
            return
        if not pairing.rotation_is_due(paired, now=_real_now()):
            return
        self._rotation_due_s = now_s + ROTATION_AGAIN_S
        token = await self._ask(lambda at, old: portal.rotate(at, token=old))
        fresh = pairing.renewed(paired, token=token, now=_real_now())
        self._stands.renew(await asyncio.to_thread(self._store_token, fresh))
        log.info("this computer's token was renewed")

    async def _ask(self, call: Callable[[line.Line, str], T]) -> T:
        at, token = self._at(), self._stands.token()
        return await delivery.in_daemon_thread(lambda: call(at, token))

    def _begin_commands(self, told: portal.Told) -> None:
        works = self._works()
        if works is None:
            return
        for command in told.commands:
            if command.command_id in self._done:
                self._done[command.command_id] = False  # told, but not heard
            elif command.command_id not in self._running:
                log.info("the portal asks for a %s", "search" if command.search else "reading")
                self._running[command.command_id] = asyncio.create_task(self._carry_out(command, works))

    async def _carry_out(self, command: portal.Command, works: Works) -> None:
        work: Awaitable[int] = works.discover_now() if command.search else works.read_now(_listed(command.targets))
        try:
            await work
        except (errors.AssistantError, OSError) as error:
            log.warning("what the portal asked for could not be done: %s", error)
        finally:
            self._running.pop(command.command_id, None)
        self._done[command.command_id] = False
        while len(self._done) > MOST_DONE:
            self._done.popitem(last=False)
        self._wake.set()

    def _not_accepted(self, said: texts.Said) -> float:
        if self._stands.refused is None:
            log.error("%s Nothing is read or sent; what waits is kept.", said.en)
        self._stands.refuse(said)
        return delivery.REVOKED_RETRY_S

    def _no_answer(self, error: errors.Trouble) -> float:
        """Without a line the settings of before hold; without any, those of this computer alone if it names places."""
        self._failures += 1
        if self._stands.problems.get("line") != error.said:
            log.warning("%s", error)
        self._stands.note("line", error.said)
        if self._stands.policy is None:
            alone = self._merge(portal_settings.PortalSettings())
            if alone.ranges is not None:
                self._stands.rule(alone)
        return max(rules.back_off_s(self._failures, jitter=self._jitter()), error.retry_after_s or 0.0)

    async def _pause(self, wait_s: float) -> None:
        """Until it is time, a command is done, or this computer is paired anew."""
        number = self._stands.pairing_number
        woken = asyncio.ensure_future(self._wake.wait())
        other = asyncio.ensure_future(self._stands.until(lambda: self._stands.pairing_number != number))
        try:
            await asyncio.wait({woken, other}, timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._wake.clear()
            woken.cancel()
            other.cancel()


def _listed(targets: tuple[str, ...] | None) -> list[str] | None:
    return None if targets is None else list(targets)


def _real_now() -> datetime:
    """Of the system, never the demo's: tokens and certificates live in real time."""
    return datetime.now(UTC)
