"""Levels as a CSV file: `series,at,percent,state,step,pages,serial` (the face "Levels"). Needs no database.

Rows are kept as columns of plain numbers, some 35 octets a row, so that millions of readings fit in memory, and are
handed out series by series, however the file mixes them.
"""

from __future__ import annotations

import csv
import math
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from econcierge_printers.model import LevelState

COLUMNS = ("series", "at", "percent", "state", "step", "pages", "serial")
NEEDED = ("series", "at", "percent", "state")
NO_PAGES = -1
STATES = tuple(LevelState)
_STATE_NUMBERS = {state.value: number for number, state in enumerate(STATES)}
_MEASURED = _STATE_NUMBERS[LevelState.MEASURED.value]
_UNKNOWN = _STATE_NUMBERS[LevelState.UNKNOWN.value]
_IMPLAUSIBLE = _STATE_NUMBERS[LevelState.IMPLAUSIBLE.value]
_OVERDUE = _STATE_NUMBERS[LevelState.OVERDUE.value]


class NotLevels(Exception):
    """The file as a whole cannot be read: its header is another one."""


class BadLine(ValueError):
    """One line cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Level:
    """One reading of a series. `percent` only where measured; `pages` as said, so it may go back."""

    at: datetime
    state: LevelState
    percent: float | None
    step: float | None
    pages: int | None
    serial: str | None


@dataclass(frozen=True, slots=True)
class Columns:
    """A value a reading: `series` and `serial` are numbers (serial 0: none told), `at` seconds since 1970, `percent`
    and `step` NaN where there is none, `state` a place in `STATES`, `pages` `NO_PAGES` where not told."""

    series: array[int]
    at: array[float]
    percent: array[float]
    state: array[int]
    step: array[float]
    pages: array[int]
    serial: array[int]


@dataclass(slots=True)
class Levels:
    """The readings of many series as columns. `names` in the order in which the file first names them."""

    names: list[str] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)
    _series: array[int] = field(default_factory=lambda: array("I"))
    _at: array[float] = field(default_factory=lambda: array("d"))
    _percent: array[float] = field(default_factory=lambda: array("f"))
    _state: array[int] = field(default_factory=lambda: array("B"))
    _step: array[float] = field(default_factory=lambda: array("f"))
    _pages: array[int] = field(default_factory=lambda: array("q"))
    _serial: array[int] = field(default_factory=lambda: array("I"))
    _serials: dict[str, int] = field(default_factory=lambda: {"": 0})
    _serial_texts: list[str] = field(default_factory=lambda: [""])

    def __len__(self) -> int:
        return len(self._at)

    def add(self, row: dict[str, str]) -> None:
        """Raises `BadLine`, and keeps nothing then."""
        name = (row.get("series") or "").strip()
        if not name:
            raise BadLine("the series has no name")
        at = _moment(row.get("at") or "")
        percent, state = _level(row.get("percent") or "", (row.get("state") or "").strip())
        step = _number(row.get("step") or "", "step")
        pages = _pages(row.get("pages") or "")
        self._series.append(self._number_of(name))
        self._at.append(at)
        self._percent.append(math.nan if percent is None else percent)
        self._state.append(state)
        self._step.append(math.nan if step is None or step <= 0 else step)
        self._pages.append(pages)
        self._serial.append(self._serial_number((row.get("serial") or "").strip()))

    def columns(self) -> Columns:
        """Every reading in the order of the file, for arithmetic over all of them at once."""
        return Columns(self._series, self._at, self._percent, self._state, self._step, self._pages, self._serial)

    def by_series(self) -> Iterator[tuple[str, Iterator[Level]]]:
        """Each series once, its readings in the order of the file."""
        rows: list[array[int]] = [array("Q") for _ in self.names]
        for row, number in enumerate(self._series):
            rows[number].append(row)
        for name, own in zip(self.names, rows, strict=True):
            yield name, map(self._level, own)

    def _level(self, row: int) -> Level:
        percent, step, pages = self._percent[row], self._step[row], self._pages[row]
        return Level(
            at=datetime.fromtimestamp(self._at[row], UTC),
            state=STATES[self._state[row]],
            percent=None if math.isnan(percent) else round(percent, 2),
            step=None if math.isnan(step) else round(step, 2),
            pages=None if pages == NO_PAGES else pages,
            serial=self._serial_texts[self._serial[row]] or None,
        )

    def _number_of(self, name: str) -> int:
        number = self._numbers.setdefault(name, len(self.names))
        if number == len(self.names):
            self.names.append(name)
        return number

    def _serial_number(self, serial: str) -> int:
        number = self._serials.setdefault(serial, len(self._serial_texts))
        if number == len(self._serial_texts):
            self._serial_texts.append(serial)
        return number


def read(lines: Iterable[str], *, bad: Callable[[int, str], None]) -> Levels:
    """All usable lines. `bad` is told the number (the header is 1) and the reason of each other one; `lines` may hold
    octets that were no UTF-8 (`errors="surrogateescape"`).

    Raises `NotLevels` for a header without the needed columns.
    """
    reader = csv.DictReader(lines)
    try:
        header = reader.fieldnames or ()
    except csv.Error as problem:
        raise NotLevels(f"this is no CSV: {problem}") from problem
    if missing := [name for name in NEEDED if name not in header]:
        raise NotLevels(f"the header has no {', '.join(missing)}; it is {','.join(COLUMNS)}")
    levels = Levels()
    rows = iter(reader)
    while True:
        try:
            row = next(rows)
            if None in row or None in row.values():
                raise BadLine("it has another number of fields than the header")
            _check_text("".join(row.values()))
            levels.add(row)
        except StopIteration:
            return levels
        except (BadLine, csv.Error) as problem:
            bad(reader.line_num, str(problem))


def _check_text(text: str) -> None:
    """Octets that are no UTF-8 stand for themselves as lone surrogates (PEP 383)."""
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadLine("it is not written in UTF-8") from None


def _moment(text: str) -> float:
    """Seconds since 1970; a moment without a zone is in UTC."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadLine(f"at: {text!r} is no ISO moment") from None
    try:
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (OverflowError, ValueError):
        raise BadLine(f"at: {text!r} is out of range") from None


def _level(text: str, state: str) -> tuple[float | None, int]:
    """A level outside 0 to 100 is no level (P02): too much is implausible, far below nothing is overdue."""
    percent = _number(text, "percent")
    number = _STATE_NUMBERS.get(state) if state else (_UNKNOWN if percent is None else _MEASURED)
    if number is None:
        raise BadLine(f"state: {state!r} is none of {', '.join(_STATE_NUMBERS)}")
    if number != _MEASURED:
        return None, number
    if percent is None:
        return None, _UNKNOWN
    if percent > 100.0:
        return None, _IMPLAUSIBLE
    return (None, _OVERDUE) if percent < 0.0 else (percent, number)


def _number(text: str, name: str) -> float | None:
    if not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        raise BadLine(f"{name}: {text!r} is no number") from None
    if not math.isfinite(value):
        raise BadLine(f"{name}: {text!r} is no number")
    return value


def _pages(text: str) -> int:
    value = _number(text, "pages")
    if value is None or value < 0 or value >= 2**62:
        return NO_PAGES
    return int(value)
