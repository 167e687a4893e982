"""The spool: nothing undelivered is lost by a kill, a damaged file or a second attempt; the cap thins in order."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge_assistant.service import errors, packing, spool, store
from econcierge_assistant.service.rules import Rank

KILLS = 20


def fixed_clock() -> datetime:
    return datetime(2026, 11, 23, 8, tzinfo=UTC)


def open_spool(data: Path, *, cap_bytes: int = 50_000_000) -> tuple[store.Store, spool.Spool]:
    opened = store.Store(data=data, now=fixed_clock)
    return opened, spool.Spool(opened=opened, cap_bytes=cap_bytes, now=fixed_clock)


def put(opened: store.Store, waiting: spool.Spool, rank: Rank, text: str) -> None:
    with opened.transaction() as connection:
        waiting.put(connection, rank=rank, body=json.dumps({"n": text}).encode())


def names(report: spool.Sealed | None) -> list[str]:
    assert report is not None
    return [json.loads(body)["n"] for body in report.bodies]


def test_changes_leave_before_use_before_routine_oldest_first(tmp_path: Path) -> None:
    opened, waiting = open_spool(tmp_path)
    for rank, text in ((Rank.ROUTINE, "r"), (Rank.USE, "u"), (Rank.CHANGE, "c1"), (Rank.CHANGE, "c2")):
        put(opened, waiting, rank, text)
    assert names(waiting.next_report()) == ["c1", "c2", "u", "r"]
    opened.close()


def test_a_sealed_report_keeps_its_id_and_content_across_a_restart(tmp_path: Path) -> None:
    opened, waiting = open_spool(tmp_path)
    put(opened, waiting, Rank.USE, "one")
    first = waiting.next_report()
    put(opened, waiting, Rank.CHANGE, "later")
    opened.close()
    opened, waiting = open_spool(tmp_path)
    assert waiting.next_report() == first
    assert first is not None
    waiting.delivered(first.message_id, duplicate=False)
    assert names(waiting.next_report()) == ["later"]
    opened.close()


def test_a_report_stays_within_count_and_bytes(tmp_path: Path) -> None:
    opened, waiting = open_spool(tmp_path)
    for number in range(25):
        put(opened, waiting, Rank.CHANGE, str(number))
    first = waiting.next_report()
    assert names(first) == [str(number) for number in range(spool.REPORT_READINGS)]
    assert first is not None
    waiting.delivered(first.message_id, duplicate=False)
    put(opened, waiting, Rank.CHANGE, "x" * spool.REPORT_BYTES)
    assert names(waiting.next_report()) == [str(number) for number in range(20, 25)]
    opened.close()


def test_split_halves_and_refusal_blocks_nothing(tmp_path: Path) -> None:
    opened, waiting = open_spool(tmp_path)
    for text in ("bad", "good"):
        put(opened, waiting, Rank.CHANGE, text)
    whole = waiting.next_report()
    assert whole is not None
    assert waiting.split(whole.message_id)
    half = waiting.next_report()
    assert half is not None
    assert half.message_id != whole.message_id
    assert not waiting.split(half.message_id)
    waiting.refuse(half.message_id, sentence="readings[0].percent is not a number")
    assert names(waiting.next_report()) == ["good"]
    assert waiting.contents().refused == 1
    opened.close()


def test_refusals_are_bounded(tmp_path: Path) -> None:
    opened, waiting = open_spool(tmp_path)
    for number in range(spool.KEPT_REFUSALS + 5):
        put(opened, waiting, Rank.CHANGE, str(number))
        report = waiting.next_report()
        assert report is not None
        waiting.refuse(report.message_id, sentence="no")
    assert waiting.contents().refused == spool.KEPT_REFUSALS
    opened.close()


def test_near_the_cap_routine_goes_first_oldest_first_and_changes_last_aloud(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    opened, waiting = open_spool(tmp_path, cap_bytes=400_000)
    for number in range(100):
        put(opened, waiting, Rank.CHANGE, f"c{number}" + os.urandom(400).hex())
        put(opened, waiting, Rank.ROUTINE, f"r{number}" + os.urandom(400).hex())
    while waiting.contents().routine == 100:
        put(opened, waiting, Rank.USE, os.urandom(400).hex())
    after_first = waiting.contents()
    assert after_first.changes == 100
    with opened.transaction() as connection:
        oldest = connection.execute("SELECT COUNT(*) FROM reading WHERE reading_id = ?", (2 * (1 << 40) + 1,))
        assert oldest.fetchone() == (0,)
    assert "CHANGES" not in caplog.text
    with caplog.at_level(logging.ERROR):
        while waiting.contents().changes <= 1000 and "CHANGES were given up" not in caplog.text:
            put(opened, waiting, Rank.CHANGE, os.urandom(400).hex())
    last = waiting.contents()
    assert (last.routine, last.use) == (0, 0)
    assert "CHANGES were given up" in caplog.text
    assert last.used_bytes <= 400_000
    opened.close()


def test_thinning_leaves_a_sealed_report_alone(tmp_path: Path) -> None:
    opened, waiting = open_spool(tmp_path, cap_bytes=300_000)
    put(opened, waiting, Rank.ROUTINE, "on its way")
    sealed = waiting.next_report()
    for _ in range(600):
        put(opened, waiting, Rank.ROUTINE, os.urandom(400).hex())
    assert waiting.next_report() == sealed
    opened.close()


@pytest.mark.parametrize("damage", [b"not a database at all, only words " * 40, None])
def test_a_damaged_file_is_set_aside_and_work_goes_on(
    tmp_path: Path, damage: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    opened, waiting = open_spool(tmp_path)
    for number in range(50):
        put(opened, waiting, Rank.CHANGE, f"{number}" + os.urandom(400).hex())
    opened.close()
    path = tmp_path / store.DATABASE_NAME
    content = path.read_bytes()
    path.write_bytes(damage or content[:4096] + os.urandom(len(content) - 4096))
    opened, waiting = open_spool(tmp_path)
    put(opened, waiting, Rank.CHANGE, "fresh")
    assert names(waiting.next_report()) == ["fresh"]
    assert [each.name for each in tmp_path.glob("*.damaged-*")] == ["assistant.sqlite3.damaged-20261123T080000Z"]
    assert "set aside as assistant.sqlite3.damaged-20261123T080000Z" in caplog.text
    opened.close()


def test_damage_met_while_working_is_said_once_and_the_next_try_works(tmp_path: Path) -> None:
    opened, waiting = open_spool(tmp_path)
    with opened.transaction() as connection:  # more than the page cache holds
        for _ in range(4000):
            waiting.put(connection, rank=Rank.CHANGE, body=os.urandom(400).hex().encode())
    store_path = tmp_path / store.DATABASE_NAME
    opened.close()
    opened, waiting = open_spool(tmp_path)
    size = store_path.stat().st_size
    with store_path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(size - 4096))
    with pytest.raises(errors.StoreDamaged, match="set aside as"):
        waiting.next_report()
    put(opened, waiting, Rank.CHANGE, "fresh")
    assert names(waiting.next_report()) == ["fresh"]
    opened.close()


def test_a_reading_that_rotted_on_the_disk_does_not_block_the_others(tmp_path: Path) -> None:
    opened, waiting = open_spool(tmp_path)
    for text in ("rotten", "sound"):
        put(opened, waiting, Rank.CHANGE, text)
    with opened.transaction() as connection:
        connection.execute("UPDATE reading SET body = x'00ff' WHERE reading_id = 1")
    assert names(waiting.next_report()) == ["sound"]
    opened.close()


def test_only_the_newest_damaged_files_are_kept(tmp_path: Path) -> None:
    for _ in range(store.KEPT_DAMAGED_FILES + 3):
        (tmp_path / store.DATABASE_NAME).write_bytes(b"words, no database " * 60)
        store.Store(data=tmp_path, now=fixed_clock).close()
    assert len(list(tmp_path.glob("*.damaged-*"))) == store.KEPT_DAMAGED_FILES


def test_a_newer_database_is_refused_not_destroyed(tmp_path: Path) -> None:
    opened, _ = open_spool(tmp_path)
    with opened.transaction() as connection:
        connection.execute("PRAGMA user_version = 99")
    opened.close()
    with pytest.raises(errors.StoreUnusable, match="newer assistant"):
        open_spool(tmp_path)


def test_a_second_service_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    held = store.lock_folder(tmp_path)
    with pytest.raises(errors.AlreadyRunning, match="--data"):
        store.lock_folder(tmp_path)
    held.close()
    store.lock_folder(tmp_path).close()


_VICTIM = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from econcierge_assistant.service import spool, store
from econcierge_assistant.service.rules import Rank

opened = store.Store(data=Path(sys.argv[1]), now=lambda: datetime.now(UTC))
waiting = spool.Spool(opened=opened, cap_bytes=50_000_000, now=lambda: datetime.now(UTC))
number = int(sys.argv[2])
while True:
    with opened.transaction() as connection:
        waiting.put(connection, rank=Rank.CHANGE, body=json.dumps({"n": str(number)}).encode())
    print("kept", number, flush=True)
    number += 1
    if number % 7 == 0:
        report = waiting.next_report()
        for body in report.bodies:
            print("sending", json.loads(body)["n"], report.message_id, flush=True)
        print("answered", report.message_id, flush=True)
        waiting.delivered(report.message_id, duplicate=False)
"""


def test_killed_at_any_moment_nothing_kept_is_lost_and_ids_stay(tmp_path: Path) -> None:
    """What the victim said is kept or answered is checked against what the file holds after each SIGKILL."""
    kept: set[int] = set()
    answered: set[int] = set()
    sealed: dict[int, str] = {}
    for turn in range(KILLS):
        lines = _run_and_kill(tmp_path, first=max(kept, default=-1) + 2, after_lines=3 + turn * 2)
        last_report: dict[str, set[int]] = {}
        for line in lines:
            word, *rest = line.split()
            if word == "kept":
                kept.add(int(rest[0]))
            elif word == "sending":
                number = int(rest[0])
                assert sealed.setdefault(number, rest[1]) == rest[1]
                last_report.setdefault(rest[1], set()).add(number)
            else:
                answered |= last_report[rest[0]]
    opened, waiting = open_spool(tmp_path)
    left: set[int] = set()
    while report := waiting.next_report():
        for body in report.bodies:
            number = int(json.loads(body)["n"])
            assert sealed.get(number, report.message_id) == report.message_id
            left.add(number)
        waiting.delivered(report.message_id, duplicate=False)
    opened.close()
    assert kept <= answered | left


def _run_and_kill(data: Path, *, first: int, after_lines: int) -> list[str]:
    victim = subprocess.Popen([sys.executable, "-c", _VICTIM, str(data), str(first)], stdout=subprocess.PIPE, text=True)
    assert victim.stdout is not None
    lines = [victim.stdout.readline() for _ in range(after_lines)]
    time.sleep((after_lines % 5) * 0.001)
    victim.send_signal(signal.SIGKILL)
    lines += victim.stdout.readlines()
    victim.stdout.close()
    assert victim.wait() == -signal.SIGKILL
    return [line for line in lines if line.endswith("\n")]


@given(st.binary(max_size=5_000))
def test_packing_gives_back_any_bytes(body: bytes) -> None:
    assert packing.unpack(packing.pack(body)) == body


def test_the_packing_dictionary_never_changes_unnoticed() -> None:
    """Packed by the first version: if this fails, older spools can no longer be read."""
    packed = bytes.fromhex("78f9d37f58a143a9bd51ea02b47c81ae11002e8012ee")
    assert packing.unpack(packed) == b'{"format":1,"supplies":[{"kind":"toner","percent":50.0}]}'


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_the_log_beside_the_database_is_as_private_as_the_database(tmp_path: Path) -> None:
    left = tmp_path / f"{store.DATABASE_NAME}-wal"  # by an older version that was killed
    left.touch(mode=0o644)
    before = os.umask(0o022)
    try:
        with contextlib.closing(store.Store(data=tmp_path, now=fixed_clock)) as opened:
            with opened.transaction() as connection:
                store.set_fact(connection, name="a", value="b")
            modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert modes == {store.DATABASE_NAME + part: 0o600 for part in ("", "-wal", "-shm")}
