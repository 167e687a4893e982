"""30 days without a line, on a simulated clock through the service's own keeping, spool and delivery (G05).

Each printer is visited every quarter of an hour and lives as office printers do: some two hundred pages on a working
day, toners that lose a whole percent now and then and are replaced when empty, a jam once a week.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from econcierge_assistant.service import delivery, keeping, rules, spool, store, uplink
from econcierge_printers import model

PRINTERS = 100
DAYS = 30
EVERY = timedelta(minutes=15)
CAP_BYTES = 50_000_000
COLOURS = ("black", "cyan", "magenta", "yellow")
START = datetime(2026, 11, 2, 5, tzinfo=UTC)  # a Monday, at night in Toronto


@dataclass
class Printer:
    number: int
    chance: random.Random
    pages: int = 10_000
    permille: list[int] = field(default_factory=list)
    cartridges: list[int] = field(default_factory=lambda: [1, 1, 1, 1])
    jammed: bool = False

    def __post_init__(self) -> None:
        self.permille = [self.chance.randrange(50, 1000) for _ in COLOURS]

    def live(self, now: datetime) -> None:
        """A quarter of an hour."""
        self.jammed = False
        if now.weekday() > 4 or not 13 <= now.hour < 23 or self.chance.random() > 0.35:
            return
        pages = self.chance.randrange(1, 28)
        self.pages += pages
        self.jammed = self.chance.random() < 1 / 70
        for colour, _ in enumerate(COLOURS):
            self.permille[colour] -= self.chance.randrange(0, 2 + pages // 9)
            if self.permille[colour] < 5:
                self.permille[colour], self.cartridges[colour] = 1000, self.cartridges[colour] + 1

    def reading(self, now: datetime) -> model.Reading:
        return model.Reading(
            read_at=now,
            target=f"10.0.{self.number // 250}.{self.number % 250 + 1}",
            protocol="snmp-2c",
            identity=model.Identity(
                manufacturer="Xerox",
                model="VersaLink C405",
                serial=f"3TB{self.number:07d}",
                hostname=f"prn-{self.number:04d}",
                mac=f"9c:93:4e:00:{self.number // 256:02x}:{self.number % 256:02x}",
                firmware="58.50.21",
                sys_object_id="1.3.6.1.4.1.253.8.62.1.28.11.2.1",
                sys_descr=f"Xerox VersaLink C405 Color MFP; Net 58.50.21, ESS 58.50.21, build {self.number}",
            ),
            status=model.Status(
                state=model.PrinterState.STOPPED if self.jammed else model.PrinterState.IDLE,
                conditions=("jammed",) if self.jammed else (),
                console=("Ready to print",),
            ),
            counters=model.Counters(total=self.pages, unit="impressions", black=self.pages // 2),
            supplies=tuple(self._supply(index) for index in range(4)),
        )

    def _supply(self, index: int) -> model.Supply:
        return model.Supply(
            index=f"1.{index + 1}",
            kind=model.SupplyKind.TONER,
            colour=COLOURS[index],
            supply_class=model.SupplyClass.CONSUMED,
            description=f"{COLOURS[index].title()} Toner Cartridge, Phaser/VersaLink, PN 106R0350{index}",
            part_number=f"106R0350{index}",
            serial=f"S{self.number}-{index}-{self.cartridges[index]}",
            unit="impressions",
            raw_capacity=1000,
            raw_level=self.permille[index],
            state=model.LevelState.MEASURED,
            percent=self.permille[index] / 10,
        )


@dataclass
class Offline:
    """`file_mb`: the spool's files together at their largest; lost and twice: changes, after everything was sent."""

    file_mb: float = 0.0
    visits: int = 0
    kept: int = 0
    changes: int = 0
    lost: int = 0
    twice: int = 0


@dataclass
class Memorious:
    """A platform that takes each message once, and whose answer gets lost one time in ten."""

    chance: random.Random
    seen: set[str] = field(default_factory=set)
    took: Counter[tuple[str, str]] = field(default_factory=Counter)

    def send(self, report: spool.Sealed) -> uplink.Outcome:
        known = report.message_id in self.seen
        if not known:
            self.seen.add(report.message_id)
            for body in report.bodies:
                said = json.loads(body)
                self.took[said["identity"]["serial"], said["read_at"]] += 1
        if self.chance.random() < 0.1:
            return uplink.Outcome(uplink.Verdict.LATER, "the answer got lost")
        return uplink.Outcome(uplink.Verdict.DELIVERED, duplicate=known)

    def token_changed(self) -> bool:
        return False


@contextlib.contextmanager
def _opened(data: Path, now: list[datetime]) -> Iterator[tuple[store.Store, spool.Spool, keeping.Keeper]]:
    store.make_folder(data)
    opened = store.Store(data=data, now=lambda: now[0])
    waiting = spool.Spool(opened=opened, cap_bytes=CAP_BYTES, now=lambda: now[0])
    keeper = keeping.Keeper(opened=opened, into=waiting, heartbeat_every=timedelta(hours=6), now=lambda: now[0])
    try:
        with opened.transaction() as connection:
            connection.execute("SELECT 1")
        yield opened, waiting, keeper
    finally:
        opened.close()


def measure(data: Path, *, printers: int = PRINTERS, days: float = DAYS) -> Offline:
    """Reads for so many days, then delivers everything."""
    found, now, chance = Offline(), [START], random.Random(405)
    fleet = [Printer(number, random.Random(number)) for number in range(printers)]
    told: set[tuple[str, str]] = set()
    with _opened(data, now) as (_, waiting, keeper):
        while now[0] < START + timedelta(days=days):
            for printer in fleet:
                printer.live(now[0])
            readings = [printer.reading(now[0]) for printer in fleet]
            found.visits += len(readings)
            for reading, (_, rank) in zip(readings, keeper.keep(readings), strict=True):
                found.kept += rank is not None
                if rank is rules.Rank.CHANGE:
                    told.add((str(reading.identity.serial), reading.read_at.isoformat().replace("+00:00", "Z")))
            found.file_mb = max(found.file_mb, _size_mb(data))
            now[0] += EVERY
        platform = Memorious(chance)
        _deliver(waiting, platform)
    found.changes = len(told)
    found.lost = sum(not platform.took[change] for change in told)
    found.twice = sum(count > 1 for count in platform.took.values())
    return found


def _deliver(waiting: spool.Spool, platform: Memorious) -> None:
    """Every attempt as the service makes it, without its pauses."""

    async def all_of_it() -> None:
        courier = delivery.Courier(waiting=waiting, sender=platform, kept=asyncio.Event())
        while await courier.step() is not None:
            pass

    logging.disable(logging.CRITICAL)  # every lost answer would be told
    try:
        asyncio.run(all_of_it())
    finally:
        logging.disable(logging.NOTSET)


def fill_a_day(data: Path, *, printers: int) -> int:
    """A spool as a day without a line leaves it; how many readings wait."""
    now = [START + timedelta(hours=5)]
    fleet = [Printer(number, random.Random(number)) for number in range(printers)]
    with _opened(data, now) as (_, waiting, keeper):
        while now[0] < START + timedelta(hours=29):
            for printer in fleet:
                printer.live(now[0])
            keeper.keep([printer.reading(now[0]) for printer in fleet])
            now[0] += EVERY
        found = waiting.contents()
    with contextlib.closing(sqlite3.connect(data / store.DATABASE_NAME)) as connection, connection:
        connection.execute("DELETE FROM printer")  # they are not asked; the service finds those that are there
    return found.changes + found.use + found.routine


def count(data: Path, query: str) -> int:
    """Beside the running service."""
    with contextlib.closing(store.connect_read_only(data / store.DATABASE_NAME)) as connection:
        return int(connection.execute(query).fetchone()[0])


def _size_mb(data: Path) -> float:
    return sum(path.stat().st_size for path in data.glob(f"{store.DATABASE_NAME}*")) / 1e6
