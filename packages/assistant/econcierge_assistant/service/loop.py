"""Puts the service together from its settings and runs it until a signal.

It waits while this computer is not paired, and rests while it is revoked: only a wrong setting ends it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from econcierge_assistant.service import (
    contact,
    delivery,
    errors,
    face,
    keeping,
    line,
    moving,
    network,
    pacing,
    pairings,
    policy,
    portal_settings,
    roster,
    settings,
    snmp_network,
    spool,
    standing,
    status,
    store,
    tasks,
    texts,
    uplink,
    watching,
)
from econcierge_printers import clock

log = logging.getLogger(__name__)
CLOCK_LOOK_S = 1.0
THREADS = 2  # they take turns at one database anyway, and each one's memory is never given back
_MEGABYTE = 1_000_000


def run(*, chosen: settings.Settings, now: clock.Clock) -> None:
    """Blocks until SIGTERM or SIGINT; `AssistantError` when it cannot start."""
    _check(chosen)
    store.make_folder(chosen.data)
    with contextlib.closing(store.lock_folder(chosen.data)):
        log.info("starting%s", f" for {chosen.site}" if chosen.site else "")
        asyncio.run(_until_signal(chosen, now))
        log.info("stopped")


def _check(chosen: settings.Settings) -> None:
    """What a person has to mend is said at once; what is only not there yet is waited for."""
    snmp_network.of(chosen, now=clock.system_clock)
    if chosen.server:
        settings.line_of(chosen, chosen.server)
    with contextlib.suppress(errors.NotPaired, errors.Trouble):
        settings.line_of(chosen, settings.paired(chosen).server)


async def _until_signal(chosen: settings.Settings, now: clock.Clock) -> None:
    stop = asyncio.Event()
    running = asyncio.get_running_loop()
    running.set_default_executor(ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="beside"))
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            running.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows: no signal handlers on its event loop
            signal.signal(number, lambda *_: running.call_soon_threadsafe(stop.set))
    opened = await asyncio.to_thread(store.Store, data=chosen.data, now=now)
    try:
        await Service(chosen=chosen, opened=opened, now=now).run(stop)
    finally:
        opened.close()


class Service:
    """The whole service over one store."""

    def __init__(self, *, chosen: settings.Settings, opened: store.Store, now: clock.Clock) -> None:
        self._chosen = chosen
        self._store = opened
        self._now = now
        self._portal = portal_settings.PortalSettings()
        self._spool = spool.Spool(opened=opened, cap_bytes=int(chosen.spool_cap_mb * _MEGABYTE), now=now)
        self._watcher: watching.Watcher | None = None
        self.stands = standing.Standing(now=now)
        self._pairings = pairings.Pairings(chosen=chosen, stands=self.stands)

    async def run(self, stop: asyncio.Event) -> None:
        in_touch = contact.Contact(
            stands=self.stands,
            at=self._pairings.current_line,
            merge=self._merge,
            census=lambda: status.census(self._store),
            store_token=self._pairings.keep,
            works=lambda: self._watcher,
            data=self._chosen.data,
        )
        desktop = face.Face(
            stands=self.stands,
            opened=self._store,
            pairings=self._pairings,
            works=lambda: self._watcher,
            files=face.files_for(data=self._chosen.data, environment=os.environ),
        )
        work = {
            "pairing": self._pairings.follow,
            "contact": in_touch.run,
            "clock": self._follow_clock,
            "work": self._work_forever,
            "local face": desktop.run,
        }
        await tasks.run(tasks=work, stop=stop)

    def _merge(self, portal: portal_settings.PortalSettings) -> policy.Policy:
        self._portal = portal
        return policy.merge(local=self._chosen, portal=portal, speed=self._speed())

    def _speed(self) -> float:
        """Of a demo's clock, which begins to run and stops while we work; 1 for one that stands."""
        return float(getattr(self._now, "speed", 1.0)) or 1.0

    async def _follow_clock(self) -> None:
        while True:
            if self.stands.policy is not None and self.stands.policy.speed != self._speed():
                self.stands.rule(self._merge(self._portal))
            await asyncio.sleep(CLOCK_LOOK_S)

    async def _work_forever(self) -> None:
        while True:
            await self.stands.until(lambda: self.stands.may_work)
            await self._work()

    async def _work(self) -> None:
        """Find, read and deliver, for as long as this pairing is accepted."""
        stands, number = self.stands, self.stands.pairing_number
        wanted, paired = stands.policy, stands.paired
        assert wanted is not None
        assert paired is not None
        await asyncio.to_thread(moving.settle, self._store, paired=paired)
        kept, ended = asyncio.Event(), asyncio.Event()
        printers = snmp_network.of(self._chosen, now=self._now, refused=self._refused)
        watcher = self._watching(printers, kept, wanted)
        courier = delivery.Courier(waiting=self._spool, sender=self._uplink(), kept=kept, heard=self._heard)

        async def end() -> None:
            await stands.until(lambda: not self._still(number, wanted))
            ended.set()

        self._watcher = watcher
        ending = asyncio.create_task(end())
        work: dict[str, tasks.Work] = {
            "discovery": watcher.discover_forever,
            "reading": watcher.read_forever,
            "delivery": courier.run,
            "settings": lambda: self._follow_policy(printers, watcher, wanted),
        }
        _apply(printers, wanted)
        try:
            await tasks.run(tasks=work, stop=ended)
        finally:
            self._watcher = None
            ending.cancel()

    def _still(self, number: int, wanted: policy.Policy) -> bool:
        """Whether this is still the work that was begun; the heartbeat is set when it begins."""
        now = self.stands.policy
        same = now is not None and now.heartbeat_h == wanted.heartbeat_h
        return same and self.stands.may_work and self.stands.pairing_number == number

    async def _follow_policy(
        self, printers: snmp_network.SnmpNetwork, watcher: watching.Watcher, held: policy.Policy
    ) -> None:
        """What the portal changes holds from the next visit on; other places are searched at once."""
        while True:
            fresh = await self._another_than(held)
            log.info("the settings changed")
            watcher.apply(self._pace(fresh))
            places_changed = (fresh.ranges, fresh.deny, fresh.methods) != (held.ranges, held.deny, held.methods)
            held = fresh
            if places_changed:
                _apply(printers, fresh)
                if watcher.searching:  # where it was begun
                    await watcher.discover_now()
                await watcher.discover_now()

    async def _another_than(self, held: policy.Policy) -> policy.Policy:
        await self.stands.until(lambda: self.stands.policy not in (held, None))
        assert self.stands.policy is not None
        return self.stands.policy

    def _watching(
        self, printers: snmp_network.SnmpNetwork, kept: asyncio.Event, wanted: policy.Policy
    ) -> watching.Watcher:
        every = timedelta(hours=wanted.heartbeat_h)
        return watching.Watcher(
            printers=printers,
            known=roster.Roster(opened=self._store, now=self._now),
            keeper=keeping.Keeper(opened=self._store, into=self._spool, heartbeat_every=every, now=self._now),
            kept=kept,
            pace=self._pace(wanted),
            now=self._now,
        )

    def _pace(self, wanted: policy.Policy) -> pacing.Pace:
        return policy.pace(wanted, discovery_interval_s=self._chosen.discovery_interval_s)

    def _uplink(self) -> uplink.Uplink:
        at: line.Line = self._pairings.current_line()
        return uplink.Uplink(at=at, token=self.stands.token, now=self._now)

    def _refused(self, public: tuple[str, ...]) -> None:
        self.stands.note("names", texts.said("places_public", names=", ".join(public)) if public else None)

    def _heard(self, outcome: uplink.Outcome) -> None:
        """What delivery learnt about this computer's standing."""
        if outcome.verdict is uplink.Verdict.REVOKED:
            self.stands.refuse(outcome.said)
        else:
            self.stands.note("delivery", outcome.said if outcome.verdict is uplink.Verdict.LATER else None)


def _apply(printers: snmp_network.SnmpNetwork, wanted: policy.Policy) -> None:
    try:
        printers.apply(network.places_of(within=wanted.ranges, denied=wanted.deny, methods=wanted.methods))
    except errors.BadSettings as error:
        log.error("the portal's settings cannot be used, those of before hold: %s", error)
