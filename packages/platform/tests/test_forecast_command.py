"""`econcierge forecast`: a file in, a row a series out, whatever stands in the file; history replayed."""

from __future__ import annotations

import csv
import errno
import json
import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner, Result

from econcierge.commands.forecast import COLUMNS, forecast

START = datetime(2025, 1, 6, 12, tzinfo=UTC)
HEADER = "series,at,percent,state,step,pages,serial\n"


def line(series: str, day: float, percent: object, step: str = "", pages: object = "", serial: str = "") -> str:
    state = "measured" if percent != "" else "some_remaining"
    at = (START + timedelta(days=day)).isoformat()
    return f"{series},{at},{percent},{state},{step},{pages},{serial}\n"


def even(series: str, days: int, per_day: float, step: int = 1) -> list[str]:
    """Cartridge after cartridge, used evenly; a coarse gauge rounds up."""
    rows = []
    for day in range(days):
        used = day * per_day
        left = -(-(100 - used % 100) // step) * step
        rows.append(
            line(series, day, f"{min(left, 100):g}", str(step), 1000 + 20 * used, f"{series}-{used // 100:.0f}")
        )
    return rows


def run(tmp_path: Path, lines: list[str], header: str = HEADER) -> tuple[Result, list[dict[str, str]]]:
    levels, result = tmp_path / "levels.csv", tmp_path / "result.csv"
    levels.write_text(header + "".join(lines))
    done = CliRunner().invoke(forecast, ["--in", str(levels), "--out", str(result)])
    return done, list(csv.DictReader(result.read_text().splitlines())) if result.exists() else []


FLEET = [row for n in range(12) for row in even(f"s{n}", 200 + n, 1.0 + n / 20, (1, 10, 25)[n % 3])]


def test_a_row_a_series_in_the_order_of_the_file(tmp_path: Path) -> None:
    done, rows = run(tmp_path, FLEET)
    assert done.exit_code == 0, done.output
    assert list(rows[0]) == list(COLUMNS)
    assert [row["series"] for row in rows] == [f"s{n}" for n in range(12)]
    assert rows[0]["at"] == "2025-07-24T12:00:00Z"
    for row in rows:
        p10, p50, p90 = (float(row[name]) for name in ("p10_days", "p50_days", "p90_days"))
        assert 0 <= p10 <= p50 <= p90 <= 730
        assert row["basis"] in ("levels", "pages")
        assert 0 <= float(row["p_empty_7d"]) <= float(row["p_empty_14d"]) <= 1


def test_even_use_is_forecast_to_some_days(tmp_path: Path) -> None:
    _, rows = run(tmp_path, FLEET)
    for n, row in enumerate(rows):
        per_day = 1.0 + n / 20
        left = 100 - (199 + n) * per_day % 100
        doubt = (1, 10, 25)[n % 3] / 4  # within a gauge's step nobody sees
        assert abs(float(row["p50_days"]) - left / per_day) < (0.25 * left + doubt) / per_day + 7


def test_the_order_of_lines_changes_nothing(tmp_path: Path) -> None:
    mixed = FLEET.copy()
    random.Random(5).shuffle(mixed)
    _, straight = run(tmp_path, FLEET)
    _, shuffled = run(tmp_path, mixed)
    assert sorted(map(str, shuffled)) == sorted(map(str, straight))


def test_bad_lines_are_named_and_the_rest_is_forecast(tmp_path: Path) -> None:
    done, rows = run(tmp_path, [*even("a", 60, 1.0), "b,yesterday,5,measured,,,\n", *even("c", 60, 1.0)])
    assert done.exit_code == 1
    assert "line 62" in done.output
    assert [row["series"] for row in rows] == ["a", "c"]


def test_octets_that_are_no_text_spoil_their_own_line(tmp_path: Path) -> None:
    levels, result = tmp_path / "levels.csv", tmp_path / "result.csv"
    levels.write_bytes((HEADER + "".join(even("a", 60, 1.0))).encode() + b"b,2026-01-01,5,measured,,,S\xff\n")
    done = CliRunner().invoke(forecast, ["--in", str(levels), "--out", str(result)])
    assert done.exit_code == 1
    assert f"{levels}, line 62: it is not written in UTF-8" in done.output
    assert [row["series"] for row in csv.DictReader(result.read_text().splitlines())] == ["a"]


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    levels, result = tmp_path / "levels.csv", tmp_path / "nowhere" / "result.csv"
    levels.write_text(HEADER + "".join(even("a", 60, 1.0)))
    done = CliRunner().invoke(forecast, ["--in", str(levels), "--out", str(result)])
    assert done.exit_code == 1
    assert f"{result} cannot be written: {os.strerror(errno.ENOENT)}" in done.output


def test_an_ancient_reading_says_nothing_of_how_fast_it_goes(tmp_path: Path) -> None:
    ancient = ["a,1900-01-01T00:00:00,90,measured,,0,\n", "a,0001-01-01T00:00:00,90,measured,,0,\n"]
    _, rows = run(tmp_path, [line("a", 0, 100), *ancient])
    assert rows[0]["basis"] == "fleet"
    assert float(rows[0]["p90_days"]) > 3 * float(rows[0]["p10_days"])


SILLY = [
    line("a", 5, 181),
    line("a", 6, -4400),
    line("a", 7, ""),
    line("a", 8.5, 97),
    line("a", 8.5, 97),
    "a,2099-01-01T00:00:00Z,3,measured,1,9999999,\n",
    line("a", 20.1, 2),
]


def test_silly_readings_move_nothing(tmp_path: Path) -> None:
    _, plain = run(tmp_path, even("a", 60, 1.0))
    done, silly = run(tmp_path, [*SILLY, *even("a", 60, 1.0)])
    assert done.exit_code == 0, done.output
    assert "1 readings from the future" in done.output
    assert silly[0]["at"] == plain[0]["at"]
    assert abs(float(silly[0]["p50_days"]) - float(plain[0]["p50_days"])) < 4


def test_what_never_told_a_level_gets_a_wide_answer(tmp_path: Path) -> None:
    quiet = [line("quiet", day, "") for day in range(30)]
    _, rows = run(tmp_path, [*FLEET, *quiet])
    assert rows[-1]["basis"] == "fleet"
    assert float(rows[-1]["p90_days"]) > 3 * float(rows[-1]["p10_days"])


def test_no_series_no_rows(tmp_path: Path) -> None:
    done, rows = run(tmp_path, [])
    assert (done.exit_code, rows) == (0, [])


def test_another_header_is_a_failure_with_a_reason(tmp_path: Path) -> None:
    done, _ = run(tmp_path, [], header="name,level\n")
    assert done.exit_code == 1
    assert "the header has no series" in done.output


def test_bad_usage(tmp_path: Path) -> None:
    assert CliRunner().invoke(forecast, []).exit_code == 2
    assert CliRunner().invoke(forecast, ["--in", str(tmp_path / "nowhere"), "--out", "x"]).exit_code == 2
    assert CliRunner().invoke(forecast, ["backtest"]).exit_code == 2


def test_history_replayed(tmp_path: Path) -> None:
    levels = tmp_path / "levels.csv"
    levels.write_text(HEADER + "".join(FLEET))
    done = CliRunner().invoke(forecast, ["backtest", "--in", str(levels), "--json"])
    assert done.exit_code == 0, done.output
    (score,) = json.loads(done.output)
    assert score["group"] == "all"
    assert score["forecasts"] >= 12
    assert score["error_days"] < 12
    assert "range held" in CliRunner().invoke(forecast, ["backtest", "--in", str(levels)]).output


def test_nothing_to_replay_is_said(tmp_path: Path) -> None:
    levels = tmp_path / "levels.csv"
    levels.write_text(HEADER + "".join(even("a", 30, 1.0)))
    done = CliRunner().invoke(forecast, ["backtest", "--in", str(levels)])
    assert done.exit_code == 1
    assert "nothing to replay" in done.output
