"""A month without a line, kills at any moment, a full and a read-only disk, a clock that jumps: nothing that changed is
lost, nothing has two effects."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from econcierge_assistant.service import delivery, errors, keeping, rules, spool, store, texts, uplink
from econcierge_printers import model, wire

START = datetime(2026, 11, 2, 5, tzinfo=UTC)
KILLS = 8


@dataclass
class Service:
    """Keeping, spool and delivery of one folder over a clock that the test moves."""

    data: Path
    cap_bytes: int = 50_000_000
    now: datetime = START
    opened: store.Store = field(init=False)

    def __post_init__(self) -> None:
        self.opened = store.Store(data=self.data, now=lambda: self.now)
        self.spool = spool.Spool(opened=self.opened, cap_bytes=self.cap_bytes, now=lambda: self.now)
        self.keeper = keeping.Keeper(
            opened=self.opened, into=self.spool, heartbeat_every=timedelta(hours=6), now=lambda: self.now
        )

    def keep(self, number: int, *, pages: int, percent: int) -> rules.Rank | None:
        [(_, rank)] = self.keeper.keep([reading(number, self.now, pages=pages, percent=percent)])
        return rank

    def deliver(self, platform: Platform) -> None:
        async def everything() -> None:
            courier = delivery.Courier(waiting=self.spool, sender=platform, kept=asyncio.Event())
            while await courier.step() is not None:
                pass

        asyncio.run(everything())

    @property
    def file_bytes(self) -> int:
        """Without the log beside it, which has a limit of its own."""
        return (self.data / store.DATABASE_NAME).stat().st_size


def reading(number: int, now: datetime, *, pages: int, percent: int) -> model.Reading:
    toner = model.Supply(
        index="1.1",
        kind=model.SupplyKind.TONER,
        colour="black",
        supply_class=model.SupplyClass.CONSUMED,
        description="Black Toner Cartridge",
        part_number="106R03512",
        serial=None,
        unit="percent",
        raw_capacity=100,
        raw_level=percent,
        state=model.LevelState.MEASURED,
        percent=float(percent),
    )
    return model.Reading(
        read_at=now,
        target=f"10.0.0.{number}",
        protocol="snmp-2c",
        identity=model.Identity(serial=f"3TB{number:07d}", model="VersaLink C405", sys_descr=os.urandom(40).hex()),
        counters=model.Counters(total=pages, unit="impressions"),
        supplies=(toner,),
    )


@dataclass
class Platform:
    """Takes each message once; loses so much of its answers. `effects`: serial, pages and level of what it took."""

    lossy: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    messages: set[str] = field(default_factory=set)
    effects: Counter[tuple[str, int, int]] = field(default_factory=Counter)

    def send(self, report: spool.Sealed) -> uplink.Outcome:
        known = report.message_id in self.messages
        self.messages.add(report.message_id)
        if not known:
            self.effects.update(effect(json.loads(body)) for body in report.bodies)
        if self.chance.random() < self.lossy:
            return uplink.Outcome(uplink.Verdict.LATER, texts.said("no_answer_in_time", host="a"))
        return uplink.Outcome(uplink.Verdict.DELIVERED, duplicate=known)

    def token_changed(self) -> bool:
        return False


def effect(said: dict[str, object]) -> tuple[str, int, int]:
    found = wire.reading_from_json(said)
    return str(found.identity.serial), int(found.counters.total or 0), int(found.supplies[0].percent or 0)


def test_after_a_month_without_a_line_every_change_arrives_once(tmp_path: Path) -> None:
    """Ten printers; the cap is a tenth, so that what a hundred printers need is in proportion and thinning happens."""
    service, chance = Service(tmp_path, cap_bytes=600_000), random.Random(2)
    pages, percent = [1000] * 10, [90] * 10
    changes: list[tuple[str, int, int]] = []
    biggest = used = 0
    for _ in range(30 * 12):
        for number in range(10):
            pages[number] += chance.randrange(1, 9) if chance.random() < 0.9 else 0
            percent[number] = (percent[number] - (chance.random() < 0.05)) % 100
            rank = service.keep(number, pages=pages[number], percent=percent[number])
            used += rank is rules.Rank.USE
            if rank is rules.Rank.CHANGE:
                changes.append((f"3TB{number:07d}", pages[number], percent[number]))
        service.now += timedelta(hours=2)
        biggest = max(biggest, service.file_bytes)
    waiting = service.spool.contents()
    assert waiting.changes == len(changes)
    assert waiting.use < used  # thinned
    assert biggest <= 600_000
    platform = Platform(lossy=0.2)
    service.deliver(platform)
    assert [each for each in changes if platform.effects[each] != 1] == []
    assert max(platform.effects.values()) == 1
    assert service.spool.contents().changes == 0
    service.opened.close()


def test_a_big_fleet_has_room_in_proportion(tmp_path: Path) -> None:
    service = Service(tmp_path, cap_bytes=300_000)
    with service.opened.transaction() as connection:
        connection.executemany(
            "INSERT INTO printer (target, community, found_at) VALUES (?, '', '')", [(f"10.1.{n}",) for n in range(401)]
        )
    for number in range(1, 200):
        service.keep(number, pages=1, percent=50)
    first = service.spool.contents()
    assert first.changes == 199
    service.opened.close()


def test_a_clock_set_forward_and_back_loses_and_doubles_nothing(tmp_path: Path) -> None:
    service, platform = Service(tmp_path), Platform()
    for step, jump in enumerate((0, 365, -730, 365, 4000, -4000)):
        service.now += timedelta(days=jump)
        assert service.keep(1, pages=step, percent=90 - step) is rules.Rank.CHANGE
        assert service.keep(1, pages=step, percent=90 - step) is None
    service.deliver(platform)
    assert sorted(platform.effects) == [("3TB0000001", step, 90 - step) for step in range(6)]
    assert set(platform.effects.values()) == {1}
    service.opened.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Twelve megabytes of a file system of its own: the spool, its log, and some room."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", place], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("only root can mount a small file system: run the tests as root for this one")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(service: Service) -> None:
    """Until nothing more can be kept."""
    while True:
        service.now += timedelta(days=1)
        for number in range(200):
            service.keep(number, pages=2, percent=40)


def test_on_a_full_disk_work_goes_on_and_resumes_by_itself(small_disk: Path) -> None:
    service, platform = Service(small_disk), Platform()
    kept = [(f"3TB{n:07d}", 1, 50) for n in range(200) if service.keep(n, pages=1, percent=50) is not None]
    ballast = small_disk / "others"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)
    with pytest.raises(sqlite3.OperationalError, match="full"):
        fill(service)
    with contextlib.suppress(sqlite3.OperationalError):
        service.deliver(platform)
    ballast.unlink()
    for number in range(200):
        if service.keep(number, pages=3, percent=30) is not None:
            kept.append((f"3TB{number:07d}", 3, 30))
    service.deliver(platform)
    assert [each for each in kept if platform.effects[each] > 1] == []
    assert set(kept) <= set(platform.effects)
    assert {(f"3TB{n:07d}", 3, 30) for n in range(200)} <= set(kept)
    service.opened.close()


def test_a_folder_that_cannot_be_written_is_one_sentence_and_a_disk_that_turns_so_passes(small_disk: Path) -> None:
    service, platform = Service(small_disk), Platform()
    assert service.keep(1, pages=1, percent=50) is rules.Rank.CHANGE
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=False, capture_output=True)
    if os.access(small_disk, os.W_OK):  # files held open for writing keep it as it is
        service.opened.close()
        subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(errors.StoreUnusable, match="not writable"):
        store.make_folder(small_disk)
    with pytest.raises(errors.StoreUnusable, match="cannot be opened"):
        store.Store(data=small_disk, now=lambda: START).close()
    subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
    again = Service(small_disk)
    assert again.keep(1, pages=1, percent=50) is None
    again.deliver(platform)
    assert platform.effects == {("3TB0000001", 1, 50): 1}
    again.opened.close()


_VICTIM = """
import asyncio, logging, sys, time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from econcierge_assistant.service import delivery, keeping, line, spool, store, uplink
sys.path.insert(0, sys.argv[3])
from test_assistant_hardness import reading
data, port, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[4])
now = lambda: datetime.now(UTC)
opened = store.Store(data=data, now=now)
waiting = spool.Spool(opened=opened, cap_bytes=50_000_000, now=now)
keeper = keeping.Keeper(opened=opened, into=waiting, heartbeat_every=timedelta(hours=6), now=now)
link = uplink.Uplink(
    at=line.Line(server=line.parse_server(f"http://127.0.0.1:{port}", insecure_http=False)), token=lambda: "t", now=now
)
kept = asyncio.Event()

async def work():
    global number
    courier = asyncio.create_task(delivery.Courier(waiting=waiting, sender=link, kept=kept).run())
    while True:
        number += 1
        await asyncio.to_thread(keeper.keep, [reading(1, now(), pages=number, percent=number % 100)])
        print(number, flush=True)
        kept.set()
        await asyncio.sleep(0.001)

asyncio.run(work())
"""


@dataclass
class Gateway:
    """A platform over HTTP: durable before it answers; sometimes the answer gets lost on its way."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    contradictions: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(3))


@pytest.fixture
def gateway() -> Iterator[tuple[Gateway, int]]:
    made = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = gzip.decompress(self.rfile.read(int(self.headers["Content-Length"])))
            report = json.loads(body)
            readings = json.dumps(report["readings"]).encode()
            known = made.bodies.setdefault(report["message_id"], readings)
            made.contradictions += known != readings
            if made.chance.random() < 0.1:
                self.connection.close()
                return
            text = json.dumps({"accepted": len(report["readings"]), "duplicate": False}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            with contextlib.suppress(OSError):  # it was killed while it waited
                self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:
            return

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            return  # whoever was killed does not read its answer

    server = Quiet(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made, server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def test_killed_at_random_while_it_reads_and_sends_every_kept_change_has_one_effect(
    gateway: tuple[Gateway, int], tmp_path: Path
) -> None:
    """What the victim said is kept, is kept: a real process, a real line, SIGKILL at random moments."""
    platform, port = gateway
    chance = random.Random()
    kept: set[int] = set()
    for _ in range(KILLS):
        kept |= _live_and_die(tmp_path, port, first=max(kept, default=0) + 5, after=chance.randrange(1, 60))
    service = Service(tmp_path)
    rest = Platform(messages=set(platform.bodies))
    service.deliver(rest)
    service.opened.close()
    assert platform.contradictions == 0
    readings = [each for body in platform.bodies.values() for each in json.loads(body)]
    told = Counter(int(each["counters"]["total"]) for each in readings)
    told.update(total for _, total, _ in rest.effects.elements())
    assert kept <= set(told)
    assert max(told.values()) == 1


def _live_and_die(data: Path, port: int, *, first: int, after: int) -> set[int]:
    command = [sys.executable, "-c", _VICTIM, str(data), str(port), str(Path(__file__).parent), str(first)]
    victim = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert victim.stdout is not None
    lines = [victim.stdout.readline() for _ in range(after)]
    victim.send_signal(signal.SIGKILL)
    lines += victim.stdout.readlines()
    victim.stdout.close()
    assert victim.wait() == -signal.SIGKILL
    return {int(line) for line in lines if line.endswith("\n")}
