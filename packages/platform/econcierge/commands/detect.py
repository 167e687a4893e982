"""`econcierge detect`: finds replacements in many histories of levels. Needs no database."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import click

from econcierge.supplies import detection, levels_file

COLUMNS = ("series", "at", "kind", "evidence", "confidence")
MOST_NAMED = 100  # bad lines; the others are counted
LINES_A_STEP = 20_000


@click.command()
@click.option(
    "--in",
    "levels",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="LEVELS.csv",
    help="Readings: series,at,percent,state,step,pages,serial.",
)
@click.option(
    "--out",
    "events",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="EVENTS.csv",
    help="Events: series,at,kind,evidence,confidence.",
)
def detect(levels: Path, events: Path) -> None:
    """Find replaced, reinserted and moved cartridges, and counters that went back.

    A line that cannot be used is named and left out; the exit status is 1 then, and the rest is written all the same.
    """
    bad = BadLines(levels)
    found = _found(levels, bad)
    with written(events) as file:
        write(detection.with_moves(found=found), file)
    bad.conclude()


def read_levels(path: Path, bad: BadLines) -> levels_file.Levels:
    """The usable lines of a file. Raises the command's failure where there is none to be had.

    Octets that are no UTF-8 spoil the line that they stand in, no other.
    """
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            return levels_file.read(counted(file, path.stat().st_size), bad=bad)
    except (levels_file.NotLevels, OSError) as problem:
        raise click.ClickException(f"{path}: {problem}") from problem


@contextmanager
def written(path: Path) -> Iterator[TextIO]:
    """The file of results, open. Raises the command's failure, which names it, when it cannot be written."""
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as problem:
        raise click.ClickException(f"{path} cannot be written: {problem.strerror}") from problem


class BadLines:
    """Names the lines of a file that cannot be used, the first ones each."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._count = 0

    def __call__(self, line: int, reason: str) -> None:
        self._count += 1
        if self._count <= MOST_NAMED:
            click.echo(f"{self._path}, line {line}: {reason}", err=True)

    def conclude(self) -> None:
        """Raises the command's failure when there were any."""
        if self._count:
            more = f" ({self._count - MOST_NAMED} of them not named)" if self._count > MOST_NAMED else ""
            raise click.ClickException(f"{self._count} lines could not be used{more}; the others were.")


def write(events: Iterable[detection.Event], file: TextIO) -> None:
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(COLUMNS)
    for event in events:
        at = event.at.isoformat().replace("+00:00", "Z")
        rows.writerow((event.series, at, event.kind.value, event.evidence, f"{event.confidence:.2f}"))


def _found(path: Path, bad: BadLines) -> list[detection.Found]:
    levels = read_levels(path, bad)
    named = levels.by_series()
    with _bar(len(levels.names), "Looking for replacements") as bar:
        found = []
        for name, own in named:
            found.append(detection.in_series(name=name, levels=own))
            bar.update(1)
    return found


def counted(file: TextIO, size: int) -> Iterator[str]:
    """The lines of a file; the bar moves by their length, some thousand lines at a time."""
    with _bar(size, "Reading levels") as bar:
        length = 0
        for number, line in enumerate(file, start=1):
            length += len(line)
            if number % LINES_A_STEP == 0:
                bar.update(length)
                length = 0
            yield line
        bar.update(length)


def _bar(length: int, label: str) -> Any:
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())
