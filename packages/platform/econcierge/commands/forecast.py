"""`econcierge forecast`: when many supplies run out, from a file of levels; and how well that would have gone before.

Needs no database, except `backtest --database`.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

import click
import numpy as np

from econcierge.commands.detect import BadLines, read_levels, written
from econcierge.forecasting import backtest as replayed
from econcierge.forecasting import rules
from econcierge.forecasting import types as t
from econcierge.forecasting.histories import Histories

COLUMNS = ("series", "at", "p10_days", "p50_days", "p90_days", "p_empty_7d", "p_empty_14d", "basis")
_DAY = rules.SECONDS_PER_DAY
_EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(invoke_without_command=True)
@click.option("--in", "levels", type=_EXISTING, metavar="LEVELS.csv", help="series,at,percent,state,step,pages,serial")
@click.option("--out", "result", type=click.Path(dir_okay=False, path_type=Path), metavar="RESULT.csv",
              help=",".join(COLUMNS))  # fmt: skip
@click.pass_context
def forecast(context: click.Context, levels: Path | None, result: Path | None) -> None:
    """Forecast when each supply of a file runs out, as of its last reading, as a range of days.

    A line that cannot be used is named and left out; the exit status is 1 then, and the rest is written all the same.
    """
    if context.invoked_subcommand is not None:
        return
    if levels is None or result is None:
        raise click.UsageError("--in LEVELS.csv and --out RESULT.csv are needed.")
    bad = BadLines(levels)
    names, many = _read(levels, bad, now=datetime.now(UTC))
    with written(result) as file:
        _write(names, _forecasts(many), file)
    bad.conclude()


@forecast.command()
@click.option("--in", "levels", type=_EXISTING, metavar="LEVELS.csv", help="Replay the histories of this file.")
@click.option("--database", is_flag=True, help="Replay what the platform's own database holds, model by model.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def backtest(levels: Path | None, database: bool, as_json: bool) -> None:
    """Replay history: what would have been forecast, beside what happened."""
    if (levels is None) != database:
        raise click.UsageError("Either --in LEVELS.csv or --database is needed.")
    scores = _of_database() if levels is None else _of_file(levels)
    if not scores:
        raise click.ClickException("No cartridge was seen to come and go: there is nothing to replay yet.")
    click.echo(json.dumps([one.to_json() for one in scores], indent=2) if as_json else replayed.as_text(scores))


def _of_file(path: Path) -> list[replayed.Score]:
    _, many = _read(path, BadLines(path), now=datetime.now(UTC))
    return replayed.backtest(many, groups=None) if many.count else []


def _of_database() -> list[replayed.Score]:
    from econcierge.commands import setting

    setting.start_migrated_django()
    return of_samples()


def of_samples() -> list[replayed.Score]:
    """Of all printers, then of each model, from a bounded sample of each; Django must have been started."""
    from econcierge.accounts import scoping
    from econcierge.accounts.types import Scope
    from econcierge.core import clock
    from econcierge.forecasting import queries

    with scoping.transaction_as(Scope.everything()):
        samples = queries.samples()
    scores: dict[str, replayed.Score] = {}
    for name, slot_ids in samples.items():
        with scoping.transaction_as(Scope.everything()):
            found = queries.load(Scope.everything(), slot_ids=slot_ids, now=clock.now())
        if found.slots:
            some = replayed.backtest(found.histories, groups=found.models)
            scores |= {one.group: one for one in some if name in (queries.EVERY_MODEL, one.group)}
    return list(scores.values())


def _read(path: Path, bad: BadLines, *, now: datetime) -> tuple[list[str], Histories]:
    """The series with at least a reading that is not from the future, and their readings as columns."""
    levels = read_levels(path, bad)
    columns = levels.columns()
    pages = np.frombuffer(columns.pages, dtype=np.int64)
    many = Histories(
        count=len(levels.names),
        series=np.frombuffer(columns.series, dtype=np.uint32).astype(np.int64),
        at=np.frombuffer(columns.at) / _DAY,
        percent=np.frombuffer(columns.percent, dtype=np.float32).astype(np.float64),
        step=np.frombuffer(columns.step, dtype=np.float32).astype(np.float64),
        pages=np.where(pages < 0, np.nan, pages),
        serial=np.frombuffer(columns.serial, dtype=np.uint32).astype(np.int64) - 1,
    )
    return levels.names, _without_future(many, until=rules.days_of(now + timedelta(days=1)))


def _without_future(many: Histories, *, until: float) -> Histories:
    """A few readings from the future are a wrong clock's; where most are, the file tells of another time."""
    later = many.at > until
    share = np.bincount(many.series, weights=later, minlength=many.count) / np.maximum(
        np.bincount(many.series, minlength=many.count), 1
    )
    kept = ~(later & (share < 0.5)[many.series])
    if not kept.all():
        click.echo(f"{np.count_nonzero(~kept)} readings from the future are left out.", err=True)
    return Histories(
        many.count, many.series[kept], many.at[kept], many.percent[kept], many.step[kept], many.pages[kept],
        many.serial[kept],
    )  # fmt: skip


def _forecasts(many: Histories) -> Iterator[t.Forecasts]:
    """Part by part, with a bar on a terminal."""
    if not many.count:
        return
    many = rules.in_order(many)
    with click.progressbar(
        length=many.count, label="Forecasting", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:  # fmt: skip
        experience = rules.learn(many)
        for part in rules.parts(many):
            yield rules.forecast_many(part, experience=experience)
            bar.update(part.count)


def _write(names: list[str], found: Iterator[t.Forecasts], file: TextIO) -> None:
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(COLUMNS)
    left = iter(names)
    for part in found:
        for row in range(len(part.at)):
            at = datetime.fromtimestamp(float(part.at[row]) * _DAY, UTC)
            rows.writerow((next(left), _iso(at), *_figures(part, row), part.basis[row]))


def _iso(at: datetime) -> str:
    whole = (at + timedelta(milliseconds=500)).replace(microsecond=0)
    return whole.isoformat().replace("+00:00", "Z")


def _figures(part: t.Forecasts, row: int) -> tuple[str, ...]:
    if part.basis[row] == t.Basis.NONE:
        return ("",) * 5
    days = tuple(f"{mark:.2f}" for mark in part.marks[row])
    return (*days, f"{part.p_empty_7d[row]:.4f}", f"{part.p_empty_14d[row]:.4f}")
