"""Puts the service together from its settings and runs it until a signal."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable
from datetime import timedelta

from econcierge_assistant.service import (
    delivery,
    errors,
    keeping,
    network,
    policy,
    roster,
    settings,
    snmp_network,
    spool,
    store,
    tasks,
    uplink,
    watching,
)
from econcierge_printers import clock

log = logging.getLogger(__name__)
_MEGABYTE = 1_000_000


def run(*, chosen: settings.Settings, now: clock.Clock) -> None:
    """Blocks until SIGTERM or SIGINT; `AssistantError` when it cannot start."""
    paired = settings.paired(chosen)
    link = uplink.Uplink(at=settings.line_of(chosen, paired.server), token=token_source(chosen), now=now)
    printers = snmp_network.of(chosen, now=now)
    store.make_folder(chosen.data)
    with contextlib.closing(store.lock_folder(chosen.data)):
        log.info("starting%s, delivering to %s", f" for {chosen.site}" if chosen.site else "", paired.server)
        asyncio.run(_until_signal(chosen, printers, link, now))


def token_source(chosen: settings.Settings) -> Callable[[], str]:
    """The token as it stands now; a pairing with another server needs a restart, so no token goes astray."""
    server = settings.paired(chosen).server

    def current() -> str:
        paired = settings.paired(chosen)
        if paired.server != server:
            raise errors.BadSettings("This computer was paired with another server: restart the service.")
        return paired.token

    return current


async def serve(
    *,
    chosen: settings.Settings,
    printers: network.Network,
    sender: delivery.Sender,
    now: clock.Clock,
    stop: asyncio.Event,
) -> None:
    """The whole service over any network of printers and any sender, until `stop` is set."""
    opened = await asyncio.to_thread(store.Store, data=chosen.data, now=now)
    waiting = spool.Spool(opened=opened, cap_bytes=int(chosen.spool_cap_mb * _MEGABYTE), now=now)
    kept = asyncio.Event()
    wanted = policy.merge(local=chosen, portal=policy.Portal())
    watcher = watching.Watcher(
        printers=printers,
        known=roster.Roster(opened=opened, now=now),
        keeper=keeping.Keeper(
            opened=opened, into=waiting, heartbeat_every=timedelta(hours=wanted.heartbeat_h), now=now
        ),
        kept=kept,
        pace=policy.pace(wanted, discovery_interval_s=chosen.discovery_interval_s, speed=getattr(now, "speed", 1.0)),
        now=now,
    )
    courier = delivery.Courier(waiting=waiting, sender=sender, kept=kept)
    work = {"discovery": watcher.discover_forever, "reading": watcher.read_forever, "delivery": courier.run}
    try:
        await tasks.run(tasks=work, stop=stop)
    finally:
        opened.close()


async def _until_signal(
    chosen: settings.Settings, printers: network.Network, link: uplink.Uplink, now: clock.Clock
) -> None:
    stop = asyncio.Event()
    running = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            running.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows: no signal handlers on its event loop
            signal.signal(number, lambda *_: running.call_soon_threadsafe(stop.set))
    await serve(chosen=chosen, printers=printers, sender=link, now=now, stop=stop)
