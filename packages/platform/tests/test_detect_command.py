"""`econcierge detect`: many histories in, events out, with the platform's rules; bad lines named, the rest done."""

from __future__ import annotations

import csv
import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from econcierge.cli import main
from econcierge.supplies import detection
from econcierge.supplies.levels_file import Level
from econcierge_printers.model import LevelState

HEADER = "series,at,percent,state,step,pages,serial"
START = datetime(2026, 1, 1, tzinfo=UTC)


def line(
    series: str, day: float, percent: object, state: str = "measured", pages: object = "", serial: str = ""
) -> str:
    return f"{series},{(START + timedelta(days=day)).isoformat()},{percent},{state},,{pages},{serial}"


def run(folder: Path, *lines: str, header: str = HEADER) -> tuple[Any, list[dict[str, str]]]:
    levels, events = folder / "levels.csv", folder / "events.csv"
    levels.write_text("\n".join([header, *lines]) + "\n")
    done = CliRunner().invoke(main, ["detect", "--in", str(levels), "--out", str(events)])
    return done, list(csv.DictReader(events.read_text().splitlines())) if events.exists() else []


def test_events_have_the_promised_form(tmp_path: Path) -> None:
    done, events = run(tmp_path, *(line("a", day, p) for day, p in enumerate((6, 5, 4, 100, 100))))
    assert (done.exit_code, done.output) == (0, "")
    assert events == [
        {
            "series": "a", "at": "2026-01-04T00:00:00Z", "kind": "replaced", "evidence": "level_rise",
            "confidence": "0.99",
        }
    ]  # fmt: skip


def test_a_cartridge_moves_between_series_however_the_file_is_ordered(tmp_path: Path) -> None:
    first = [line("a", day, 50, serial="S1" if day < 5 else "S2") for day in range(10)]
    second = [line("b", day, 90 if day < 6 else 49, serial="T1" if day < 6 else "S1") for day in range(10)]
    for lines in (first + second, second + first, [one for pair in zip(second, first, strict=True) for one in pair]):
        _, events = run(tmp_path, *lines)
        assert {(one["series"], one["kind"], one["evidence"]) for one in events} == {
            ("a", "replaced", "serial"), ("b", "moved_in", "serial"),
        }  # fmt: skip


def test_a_cloned_serial_that_is_still_elsewhere_did_not_move(tmp_path: Path) -> None:
    here = [line("a", day, 50, serial="S1") for day in range(10)]
    there = [line("b", day, 90 if day < 6 else 49, serial="T1" if day < 6 else "S1") for day in range(10)]
    _, events = run(tmp_path, *here, *there)
    assert [(one["series"], one["kind"], one["confidence"]) for one in events] == [("b", "replaced", "0.70")]


def test_a_counter_that_goes_back_is_told_once(tmp_path: Path) -> None:
    counts = (5000, 5010, 0, 5020, 30, 60, 90, 120)
    _, events = run(tmp_path, *(line("a", day, 50 - day, pages=count) for day, count in enumerate(counts)))
    assert [(one["at"], one["kind"], one["evidence"]) for one in events] == [
        ("2026-01-05T00:00:00Z", "counter_reset", "pages")
    ]


def test_octets_that_are_no_text_spoil_their_own_line(tmp_path: Path) -> None:
    good = [line("réception", day, p) for day, p in enumerate((5, 4, 100, 100))]
    levels, events = tmp_path / "levels.csv", tmp_path / "events.csv"
    levels.write_bytes("\n".join([HEADER, good[0], "@", *good[1:]]).encode().replace(b"@", b"r\xe9,2026-01-01,5,,,,"))
    done = CliRunner().invoke(main, ["detect", "--in", str(levels), "--out", str(events)])
    assert done.exit_code == 1
    assert f"{levels}, line 3: it is not written in UTF-8" in done.output
    assert [one["series"] for one in csv.DictReader(events.read_text().splitlines())] == ["réception"]


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    levels, events = tmp_path / "levels.csv", tmp_path / "nowhere" / "events.csv"
    levels.write_text("\n".join([HEADER, line("a", 0, 5)]))
    done = CliRunner().invoke(main, ["detect", "--in", str(levels), "--out", str(events)])
    assert done.exit_code == 1
    assert f"{events} cannot be written: {os.strerror(errno.ENOENT)}" in done.output


def test_bad_lines_are_named_and_the_rest_is_done(tmp_path: Path) -> None:
    good = [line("a", day, p) for day, p in enumerate((5, 4, 100, 100))]
    bad = [
        "a,yesterday,5,measured,,,",
        "a,2026-01-01,five,measured,,,",
        "a,2026-01-01,5,full,,,",
        ",2026-01-01,5,,,,",
        "a",
    ]
    done, events = run(tmp_path, *bad, *good)
    assert done.exit_code == 1
    for number, reason in (
        (2, "at: 'yesterday'"),
        (3, "percent: 'five'"),
        (4, "state: 'full'"),
        (5, "no name"),
        (6, ""),
    ):
        assert f"line {number}: " in done.output
        assert reason in done.output
    assert [one["kind"] for one in events] == ["replaced"]


@pytest.mark.parametrize("arguments", [[], ["--in", "nowhere.csv", "--out", "x"]])
def test_bad_usage_is_2(arguments: list[str]) -> None:
    assert CliRunner().invoke(main, ["detect", *arguments]).exit_code == 2


def test_another_header_is_a_reason(tmp_path: Path) -> None:
    done, _ = run(tmp_path, "x", header="printer,when")
    assert done.exit_code == 1
    assert "the header has no series, at, percent, state" in done.output


def test_levels_and_clocks_that_cannot_be_change_nothing(tmp_path: Path) -> None:
    days = [line("a", day, 80 - day) for day in range(30)]
    wild = [line("a", 12.1, 181), line("a", 13.1, -4400), line("a", 900, 3), line("a", -400, 2), line("a", 14, 66)]
    done, events = run(tmp_path, *days[:15], *wild, *days[15:])
    assert (done.exit_code, events) == (0, [])


LEVELS = st.lists(st.floats(0, 100).map(lambda x: round(x, 1)), min_size=1, max_size=40)


@given(percents=LEVELS, times=st.data())
def test_the_same_readings_again_and_in_another_order_give_the_same(
    percents: list[float], times: st.DataObject
) -> None:
    levels = [
        Level(START + timedelta(hours=hour), LevelState.MEASURED, percent, 1.0, None, None)
        for hour, percent in enumerate(percents)
    ]
    again = [level for level in levels for _ in range(times.draw(st.integers(1, 3)))]
    expected = detection.in_series(name="a", levels=levels)
    assert detection.in_series(name="a", levels=again) == expected
