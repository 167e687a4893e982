"""Which printer is which, what is kept of it, silence, and tasks that never die in silence."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from econcierge_assistant.service import errors as service_errors
from econcierge_assistant.service import keeping, network, pacing, roster, rules, spool, store, tasks, texts, watching
from econcierge_printers import errors, model

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
LINES = tuple(hashlib.shake_256(bytes([n])).hexdigest(256) for n in range(32))  # more than a page, whatever the packing


@dataclass
class Office:
    """A service's store over a clock that the test moves."""

    data: Path
    now: datetime = START
    opened: store.Store = field(init=False)

    def __post_init__(self) -> None:
        self.opened = store.Store(data=self.data, now=self.clock)
        self.spool = spool.Spool(opened=self.opened, cap_bytes=50_000_000, now=self.clock)
        self.roster = roster.Roster(opened=self.opened, now=self.clock)
        self.keeper = keeping.Keeper(
            opened=self.opened, into=self.spool, heartbeat_every=timedelta(hours=6), now=self.clock
        )

    def clock(self) -> datetime:
        return self.now

    def read(self, target: str, *, total: int = 1, **identity: str) -> rules.Rank | None:
        reading = model.Reading(
            read_at=self.now,
            target=target,
            protocol="snmp-2c",
            identity=model.Identity(**identity),
            counters=model.Counters(total=total),
        )
        [(_, rank)] = self.keeper.keep([reading])
        return rank

    def silence(self, target: str) -> None:
        [printer_id] = [each.printer_id for each in self.roster.known() if each.target == target]
        assert self.roster.fell_silent(printer_id, reason=f"{target}: get: no answer")

    def addresses(self) -> dict[str | None, str | None]:
        with self.opened.transaction() as connection:
            rows = connection.execute("SELECT COALESCE(serial, mac, hostname), target FROM printer").fetchall()
        return dict(rows)

    def spooled(self) -> list[str]:
        report = self.spool.next_report()
        return [] if report is None else [json.loads(body)["target"] for body in report.bodies]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.opened.close()


MOVED_FROM, MOVED_TO = "10.0.0.1", "10.0.0.99"
MOVER = {"serial": "AAA1", "mac": "00:00:aa:00:00:01"}


def test_a_printer_that_fell_silent_and_moved_is_the_same_printer(office: Office) -> None:
    assert office.read("10.0.0.1", **MOVER) is rules.Rank.CHANGE
    office.silence("10.0.0.1")
    assert office.read("10.0.0.9", **MOVER) is rules.Rank.ROUTINE
    assert office.addresses() == {"AAA1": "10.0.0.9"}


def test_a_printer_met_at_its_new_address_first_is_one_again_when_the_old_one_falls_silent(office: Office) -> None:
    office.read("10.0.0.1", **MOVER)
    office.read("10.0.0.9", **MOVER)
    office.silence("10.0.0.1")
    assert [each.target for each in office.roster.known()] == ["10.0.0.9"]


def test_devices_that_claim_to_be_one_and_all_answer_are_all_read(office: Office) -> None:
    targets = [f"10.0.0.{n}" for n in range(5)]
    for _ in range(2):
        for target in targets:
            office.read(target, **MOVER)
    assert [each.target for each in office.roster.known()] == targets


def test_two_printers_that_swapped_addresses_stay_two(office: Office) -> None:
    office.read("10.0.0.1", serial="AAA1")
    office.read("10.0.0.2", serial="BBB2")
    office.read("10.0.0.1", serial="BBB2")
    office.read("10.0.0.2", serial="AAA1")
    assert office.addresses() == {"AAA1": "10.0.0.2", "BBB2": "10.0.0.1"}
    assert len(office.roster.known()) == 2


def test_a_new_printer_at_a_known_address_is_asked_with_the_community_of_that_address(office: Office) -> None:
    office.roster.found(target="10.0.0.1", community="office", said=model.Identity(serial="AAA1"))
    office.read("10.0.0.1", serial="AAA1")
    office.read("10.0.0.1", serial="BBB2")
    assert [(each.target, each.community) for each in office.roster.known()] == [("10.0.0.1", "office")]


def test_a_sleeping_printer_that_forgets_its_serial_is_still_itself(office: Office) -> None:
    office.read("10.0.0.1", serial="AAA1", model="C405")
    office.read("10.0.0.1", model="C405")
    assert office.addresses() == {"AAA1": "10.0.0.1"}


@pytest.mark.parametrize("serial", ["1234567890000", "0000000", "XXXXXXXX", ""])
def test_a_serial_that_a_whole_fleet_shares_joins_nobody(office: Office, serial: str) -> None:
    office.read("10.0.0.1", serial=serial, mac="00:00:aa:00:00:01")
    office.read("10.0.0.2", serial=serial, mac="00:00:aa:00:00:02")
    assert len(office.roster.known()) == 2


def test_one_serial_on_two_macs_at_once_is_read_twice_rather_than_lost(office: Office) -> None:
    office.read("10.0.0.1", serial="AAA1", mac="00:00:aa:00:00:01")
    office.read("10.0.0.2", serial="AAA1", mac="00:00:aa:00:00:02")
    assert len(office.roster.known()) == 2


def test_one_serial_under_two_host_names_joins_nobody(office: Office) -> None:
    office.read("10.0.0.1", serial="MXBC4711", hostname="lab")
    office.read("10.0.0.2", serial="MXBC4711", hostname="hall")
    assert len(office.roster.known()) == 2


def test_without_serial_and_mac_model_and_name_together_tell(office: Office) -> None:
    office.read("10.0.0.1", model="HL-1", hostname="lab")
    office.read("10.0.0.2", model="HL-1", hostname="hall")
    office.silence("10.0.0.1")
    office.read("10.0.0.3", model="HL-1", hostname="lab")
    assert office.addresses() == {"lab": "10.0.0.3", "hall": "10.0.0.2"}


def test_discovery_at_a_new_address_gives_way_to_the_printer_known_from_before(office: Office) -> None:
    office.read("10.0.0.1", serial="AAA1")
    office.silence("10.0.0.1")
    assert office.roster.found(target="10.0.0.5", community="public", said=model.Identity())
    assert not office.roster.found(target="10.0.0.5", community="public", said=model.Identity())
    assert office.read("10.0.0.5", serial="AAA1") is rules.Rank.ROUTINE
    assert office.addresses() == {"AAA1": "10.0.0.5"}


def test_only_changes_and_heartbeats_are_kept(office: Office) -> None:
    kept = []
    for hours in range(14):
        office.now = START + timedelta(hours=hours)
        kept.append(office.read("10.0.0.1", serial="AAA1", total=1 if hours < 7 else 2))
    change, use, routine = rules.Rank
    assert kept == [change, *[None] * 5, routine, use, *[None] * 5, routine]


def test_a_clock_set_back_a_year_loses_nothing(office: Office) -> None:
    office.read("10.0.0.1", serial="AAA1")
    office.now = START - timedelta(days=365)
    assert office.read("10.0.0.1", serial="AAA1") is rules.Rank.ROUTINE
    assert office.read("10.0.0.1", serial="AAA1") is None
    assert office.read("10.0.0.1", serial="AAA1", total=2) is rules.Rank.USE
    assert office.spooled() == ["10.0.0.1"] * 3


def test_silence_is_said_once_and_the_return_is_told(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    office.read("10.0.0.1", serial="AAA1")
    [known] = office.roster.known()
    assert office.roster.fell_silent(known.printer_id, reason="10.0.0.1: get: no answer")
    assert not office.roster.fell_silent(known.printer_id, reason="10.0.0.1: get: no answer")
    assert office.read("10.0.0.1", serial="AAA1") is rules.Rank.ROUTINE
    assert [r.getMessage().count("answer") for r in caplog.records] == [2, 1]


def fill(office: Office) -> None:
    """No page is left, as on a full disk."""
    with office.opened.transaction() as connection:
        connection.execute("CREATE TABLE filler (content BLOB)")
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
    with contextlib.suppress(sqlite3.OperationalError):
        while True:
            with office.opened.transaction() as connection:
                connection.execute("INSERT INTO filler VALUES (zeroblob(3000))")


@dataclass
class Lan:
    """Printers that answer what the test says; counts who was asked."""

    answers: dict[str, model.Reading | errors.PrinterError]
    asked: list[str] = field(default_factory=list)
    hanging: set[str] = field(default_factory=set)
    beside: bool = False  # who hangs is waited for last, as by a client that asks many at once
    silent_in_search: set[str] = field(default_factory=set)
    broken: bool = False
    searches: int = 0
    at_once: int = 0
    most_at_once: int = 0

    async def discover(self) -> AsyncIterator[network.Met]:
        self.searches += 1
        await asyncio.sleep(0)
        if self.broken:
            raise OSError("no network")
        for target in [each for each in self.answers if each not in self.silent_in_search]:
            yield network.Met(target, "public", model.Identity())

    async def read(self, printers: Sequence[roster.Known]) -> AsyncIterator[network.Visit]:
        self.at_once += len(printers)
        self.most_at_once = max(self.most_at_once, self.at_once)
        for each in sorted(printers, key=lambda one: self.beside and one.target in self.hanging):
            self.asked.append(each.target)
            if each.target in self.hanging:
                await asyncio.Event().wait()
            self.at_once -= 1
            yield network.Visit(each, self.answers[each.target])


def watcher_of(office: Office, lan: Lan, *, interval_s: float = 900.0) -> watching.Watcher:
    return watching.Watcher(
        printers=lan,
        known=office.roster,
        keeper=office.keeper,
        kept=asyncio.Event(),
        pace=pacing.Pace(interval_s=interval_s, near_empty_interval_s=interval_s, night_interval_s=interval_s),
        now=office.clock,
    )


def reading_at(target: str) -> model.Reading:
    return model.Reading(
        read_at=START, target=target, protocol="snmp-2c", identity=model.Identity(serial=f"SN-{target}")
    )


async def test_what_discovery_finds_is_read_at_once_and_a_silent_one_less_often(office: Office) -> None:
    lan = Lan({"10.0.0.1": reading_at("10.0.0.1"), "10.0.0.2": errors.PrinterError("10.0.0.2", "get", "no answer")})
    watcher = watcher_of(office, lan, interval_s=0.05)
    jobs = [asyncio.create_task(watcher.read_forever()), asyncio.create_task(watcher.discover_forever())]
    while lan.asked.count("10.0.0.1") < 12:
        await asyncio.sleep(0.01)
    for job in jobs:
        job.cancel()
    await asyncio.wait(jobs)
    assert 0 < lan.asked.count("10.0.0.2") <= 6
    assert office.spooled() == ["10.0.0.1"]


async def test_a_printer_that_hangs_holds_up_nobody_and_is_not_asked_twice(office: Office) -> None:
    targets = ["10.0.0.1", "10.0.0.2"]
    lan = Lan({target: reading_at(target) for target in targets}, hanging={"10.0.0.2"})
    watcher = watcher_of(office, lan, interval_s=0.02)
    await watcher.discover()
    reading = asyncio.create_task(watcher.read_forever())
    while lan.asked.count("10.0.0.1") < 5:
        await asyncio.sleep(0.01)
    while not office.spool.contents().changes:
        await asyncio.sleep(0.01)
    reading.cancel()
    await asyncio.wait({reading})
    assert lan.asked.count("10.0.0.2") == 1
    assert office.spooled() == ["10.0.0.1"]


async def test_a_hundred_readings_are_kept_in_batches(office: Office) -> None:
    targets = [f"10.0.{n // 250}.{n % 250}" for n in range(100)]
    lan = Lan({target: reading_at(target) for target in targets})
    watcher = watcher_of(office, lan)
    assert await watcher.discover() == 100
    await watcher.visit(office.roster.known())
    assert office.spool.contents().changes == 100


async def test_a_full_disk_is_said_once_and_what_it_refused_is_news_the_next_time(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    lan = Lan({"10.0.0.1": replace(reading_at("10.0.0.1"), status=model.Status(console=LINES))})
    watcher = watcher_of(office, lan)
    await watcher.discover()
    caplog.clear()
    fill(office)
    await watcher.visit(office.roster.known())
    await watcher.visit(office.roster.known())
    assert [r.levelno for r in caplog.records] == [logging.ERROR]
    with office.opened.transaction() as connection:
        connection.execute("PRAGMA max_page_count = 100000")
    await watcher.visit(office.roster.known())
    assert caplog.messages[-1] == "readings can be stored again"
    assert office.spool.contents().changes == 1


async def test_asked_for_all_are_read_at_once_and_told_though_unchanged(office: Office) -> None:
    targets = [f"10.0.{n // 250}.{n % 250}" for n in range(watching.AT_A_TIME + 20)]
    lan = Lan({target: reading_at(target) for target in targets})
    watcher = watcher_of(office, lan)
    await watcher.discover_now()
    assert watcher.last_search_at == office.now
    assert await watcher.read_now() == len(targets)
    assert await watcher.read_now(["10.0.0.7", "10.0.0.8:161", "10.0.0.8#2", "10.9.9.9", "no target at all"]) == 2
    assert (office.spool.contents().changes, office.spool.contents().routine) == (len(targets), 2)
    assert lan.asked.count("10.0.0.7") == 2


async def test_a_big_fleet_is_visited_in_parts_and_a_hanging_one_keeps_one_place(office: Office) -> None:
    targets = [f"10.0.{n // 250}.{n % 250}" for n in range(2 * watching.AT_A_TIME)]
    lan = Lan({target: reading_at(target) for target in targets}, hanging={targets[3]}, beside=True)
    watcher = watcher_of(office, lan)
    await watcher.discover()
    reading = asyncio.create_task(watcher.read_forever())
    while office.spool.contents().changes < len(targets) - 1:
        await asyncio.sleep(0.01)
    reading.cancel()
    await asyncio.wait({reading})
    assert lan.most_at_once <= watching.AT_A_TIME
    assert sorted(lan.asked) == sorted(targets)


async def test_a_search_that_runs_is_joined_and_its_failure_is_told(office: Office) -> None:
    lan = Lan({"10.0.0.1": reading_at("10.0.0.1")})
    watcher = watcher_of(office, lan)
    first, second = asyncio.create_task(watcher.discover_now()), asyncio.create_task(watcher.discover_now())
    assert (await first, await second, lan.searches) == (1, 1, 1)
    assert not watcher.searching
    lan.broken = True
    with pytest.raises(OSError, match="no network"):
        await watcher.discover_now()


async def test_a_printer_that_stays_away_is_looked_for_once_and_found_at_its_new_address(office: Office) -> None:
    stays = [f"10.0.0.{n}" for n in range(2, 6)]
    lan = Lan({target: reading_at(target) for target in (MOVED_FROM, *stays)})
    watcher = watcher_of(office, lan, interval_s=0.02)
    jobs = [asyncio.create_task(watcher.read_forever()), asyncio.create_task(watcher.discover_forever())]
    while office.spool.contents().changes < 5:
        await asyncio.sleep(0.01)
    lan.answers[MOVED_TO] = replace(lan.answers[MOVED_FROM], target=MOVED_TO)  # type: ignore[type-var]
    lan.answers[MOVED_FROM] = errors.PrinterError(MOVED_FROM, "get", "no answer")
    lan.silent_in_search.add(MOVED_FROM)
    while office.addresses().get(f"SN-{MOVED_FROM}") != MOVED_TO:
        await asyncio.sleep(0.01)
    for job in jobs:
        job.cancel()
    await asyncio.wait(jobs)
    assert lan.searches == 2


async def test_another_pace_holds_at_once(office: Office) -> None:
    lan = Lan({"10.0.0.1": reading_at("10.0.0.1")})
    watcher = watcher_of(office, lan, interval_s=900.0)
    await watcher.discover()
    reading = asyncio.create_task(watcher.read_forever())
    while not lan.asked:
        await asyncio.sleep(0.01)
    watcher.apply(pacing.Pace(interval_s=0.02, near_empty_interval_s=0.02, night_interval_s=0.02))
    while len(lan.asked) < 3:
        await asyncio.sleep(0.01)
    reading.cancel()
    await asyncio.wait({reading})
    assert set(lan.asked) == {"10.0.0.1"}


async def test_a_task_that_fails_is_logged_and_started_again(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "BACK_OFF_FIRST_S", 0.01)
    stop = asyncio.Event()
    starts = 0

    async def fragile() -> None:
        nonlocal starts
        starts += 1
        if starts == 1:
            raise ZeroDivisionError("a bug")
        if starts == 2:
            raise service_errors.StoreDamaged(texts.said("spool_damaged", names="old"))
        stop.set()
        await asyncio.Event().wait()

    await tasks.run(tasks={"reading": fragile}, stop=stop)
    assert starts == 3
    assert "reading stopped unexpectedly" in caplog.text
    assert "ZeroDivisionError: a bug" in caplog.text
    assert "reading starts again: The spool was damaged and set aside as old" in caplog.text


async def test_a_task_that_will_not_end_is_abandoned_aloud(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "GRACE_S", 0.05)
    release, stop = asyncio.Event(), asyncio.Event()

    async def stubborn() -> None:
        while not release.is_set():
            try:
                stop.set()
                await release.wait()
            except asyncio.CancelledError:
                continue

    await tasks.run(tasks={"delivery": stubborn}, stop=stop)
    assert "supervise delivery did not end" in caplog.text
    release.set()
    await asyncio.sleep(0.02)
