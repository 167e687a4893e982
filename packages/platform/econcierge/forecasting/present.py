"""Where the present cartridge stands in the rows of each series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from econcierge.forecasting.histories import Booleans, Cleaned, Integers


@dataclass(frozen=True, slots=True)
class Present:
    """Where the present cartridge stands in the rows: its first row, and whether it was seen to come."""

    last: Integers  # a series: its last row
    first: Integers  # a series: first row of its present cartridge
    start_seen: Booleans
    rows_of_now: Booleans  # a row
    measured: Booleans  # a row
    last_measured: Integers  # a series; -1 without
    ever_measured: Booleans
    first_mark: Integers  # a series that only marks its end: where the present cartridge said so; -1 while it does not
    tells_now: Booleans  # a series: whether its last row measures


def present(c: Cleaned) -> Present:
    last = c.end - 1
    present = c.cartridge[last]
    first = np.searchsorted(c.cartridge, present)
    rows_of_now = c.cartridge == present[c.series]
    tells = ~np.isnan(c.percent)
    measured = tells & ~c.only_marks[c.series]
    rows = np.arange(len(c.series))
    last_measured = np.maximum.reduceat(np.where(measured & rows_of_now, rows, -1), c.start)
    ever = np.maximum.reduceat(measured.astype(np.int64), c.start) > 0
    marked = np.minimum.reduceat(np.where(tells & rows_of_now & c.only_marks[c.series], rows, len(rows)), c.start)
    first_mark = np.where(marked < len(rows), marked, -1)
    return Present(last, first, c.is_new[first], rows_of_now, measured, last_measured, ever, first_mark, tells[last])
