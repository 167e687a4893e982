"""A wrong clock and an odd last reading move neither their own forecast nor a neighbour's."""

from __future__ import annotations

import numpy as np
import pytest

from econcierge.forecasting import rules
from econcierge.forecasting.experience import Experience
from econcierge.forecasting.histories import Histories
from econcierge.forecasting.types import Basis, Forecasts

LAST = 20_600.0  # days since 1970: in 2026
Rows = list[tuple[float, float, int]]  # day before the last, percent, serial
EVEN: Rows = [(59.0 - day, 90.0 - day, -1) for day in range(60)]


def forecasts(*every: Rows) -> Forecasts:
    rows = [(number, *row) for number, own in enumerate(every) for row in own]
    series, before, percent, serial = (np.array(column) for column in zip(*rows, strict=True))
    count = len(rows)
    many = Histories(
        len(every), series, LAST - before, percent, np.ones(count), np.full(count, np.nan), serial.astype(np.int64)
    )
    return rules.forecast_many(many, experience=Experience())


@pytest.mark.parametrize("clock", [LAST, LAST + 25_567, LAST + 719_162], ids=["1970", "1900", "year 1"])
def test_a_wrong_clock_moves_nobody(clock: float) -> None:
    plain = forecasts(EVEN, EVEN, EVEN)
    odd = forecasts(EVEN, [*EVEN, (clock, 95.0, -1)], EVEN)
    assert np.array_equal(odd.marks, plain.marks)


def test_readings_of_other_centuries_say_nothing_of_how_fast_it_goes() -> None:
    found = forecasts([(0.0, 100.0, -1), (LAST + 25_567, 90.0, -1), (LAST + 719_162, 90.0, -1)], EVEN)
    assert found.basis[0] == Basis.FLEET.value
    assert found.marks[0, 2] > 3 * found.marks[0, 0]


@pytest.mark.parametrize("percent", [0.0, 5.0, 100.0])
def test_an_odd_last_reading_waits_for_a_second_one(percent: float) -> None:
    steady, odd = forecasts(EVEN, [*EVEN[:-1], (0.0, percent, -1)]).marks[:, 1]
    assert odd == pytest.approx(steady, rel=0.15)


@pytest.mark.parametrize(("percent", "least", "most"), [(0.0, 0, 0), (5.0, 0, 12), (100.0, 70, 140)])
def test_a_second_one_confirms_it(percent: float, least: float, most: float) -> None:
    found = forecasts([*EVEN[:-2], (0.5, percent, -1), (0.0, percent, -1)]).marks[0, 1]
    assert least <= found <= most


def test_another_serial_confirms_it() -> None:
    told = [(before, percent, 1) for before, percent, _ in EVEN[:-1]]
    assert forecasts([*told, (0.0, 100.0, 2)]).marks[0, 1] > 70


def test_a_new_one_where_little_was_left_is_believed() -> None:
    low = [(before, percent - 25.0, -1) for before, percent, _ in EVEN[:-1]]
    assert forecasts([*low, (0.0, 100.0, -1)]).marks[0, 1] > 70


def test_a_last_fall_as_deep_as_others_is_believed() -> None:
    deep: Rows = [(59.0 - day, 100.0 - 20.0 * (day // 15), -1) for day in range(59)]
    assert forecasts([*deep, (0.0, 20.0, -1)]).marks[0, 1] < forecasts([*deep, (0.0, 40.0, -1)]).marks[0, 1]
