"""How wide a range is: by what a fleet's own past says, and where a gauge shows nothing any more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from econcierge.forecasting import evidence, features, hindsight, histories, learning, outlook, rules
from econcierge.forecasting.experience import Experience
from econcierge.forecasting.histories import Histories

DAYS = 300


def fleet(*, printers: int, step: float = 1.0, rounding: str = "ceil", until: int = DAYS) -> Histories:
    """Uneven use, a cartridge a month or so, read once a day in the evening; pages tell what is used."""
    random = np.random.default_rng(20_261_124)
    used = np.cumsum(random.gamma(0.8, 3.5 / 0.8, (printers, DAYS)), axis=1)[:, :until]
    shown = {"ceil": np.ceil, "floor": np.floor}[rounding]((100 - used % 100) / step) * step
    at = np.tile(20_000.92 + np.arange(until), printers)
    return Histories(
        printers, np.repeat(np.arange(printers), until), at, shown.ravel(), np.full(used.size, step),
        np.round(used * 50).ravel(), (used // 100).astype(np.int64).ravel(),
    )  # fmt: skip


@pytest.fixture(scope="module")
def past() -> histories.Cleaned:
    return histories.clean(fleet(printers=60))


def scaled(log_factor: float) -> outlook.Weights:
    """Our weights with other widths."""
    weights = outlook.fitted()
    straight = weights.straight.copy()
    straight[0, 1:] += log_factor
    return replace(weights, straight=straight)


def test_ranges_far_too_narrow_in_a_fleet_s_past_are_widened(past: histories.Cleaned) -> None:
    found = learning.with_ranges(past, learning.learn(past), scaled(-2.5)).ranges
    assert max(found) > (1.05, 1.05)


def test_ranges_that_were_wide_enough_are_left_alone(past: histories.Cleaned) -> None:
    assert learning.with_ranges(past, learning.learn(past), scaled(0.5)).ranges == ((1.0, 1.0),) * 3


def test_the_end_of_a_past_cartridge_lies_between_two_readings(past: histories.Cleaned) -> None:
    replayed = hindsight.replay(past)
    assert replayed is not None
    first, last = replayed.between.T
    assert (first <= last).all()
    assert (first - 1e-6 <= replayed.days).all()
    assert np.median(last - first) == pytest.approx(1.0)


def test_some_go_on_after_their_gauge_shows_nothing() -> None:
    shown = np.array([40.0, 30.0, 20.0, 10.0, 0.0])
    many = Histories(
        1, np.zeros(5, dtype=np.int64), 20_000.0 + 10 * np.arange(5), shown, np.full(5, 1.0),
        1000.0 * np.arange(5), np.zeros(5, dtype=np.int64),
    )  # fmt: skip
    found = rules.forecast_many(many, experience=Experience())
    assert tuple(found.marks[0, :2]) == (0.0, 0.0)
    assert 0 < found.marks[0, 2] < 15
    assert found.p_empty_7d[0] == 1.0


@pytest.mark.parametrize(("rounding", "is_empty"), [("ceil", True), ("floor", False)])
def test_a_coarse_gauge_at_zero_is_empty_only_where_it_rounds_up(rounding: str, is_empty: bool) -> None:
    many = fleet(printers=40, step=25.0, rounding=rounding)
    told = fleet(printers=40, step=25.0, rounding="floor")
    last = np.array([np.flatnonzero((told.series == one) & (told.percent == 0))[-1] for one in range(40)])
    kept = np.concatenate([np.arange(one * DAYS, end + 1) for one, end in enumerate(last)])
    columns = (getattr(many, name)[kept] for name in ("series", "at", "percent", "step", "pages", "serial"))
    cut = Histories(40, *columns)
    if is_empty:
        cut.percent[np.append(np.flatnonzero(np.diff(cut.series)), len(kept) - 1)] = 0.0
    marks = rules.forecast_many(cut, experience=rules.learn(many)).marks
    assert (marks[:, 1] == 0).mean() == pytest.approx(float(is_empty), abs=0.1)


def test_every_figure_that_is_known_has_its_weights(past: histories.Cleaned) -> None:
    known = features.described(evidence.gather(past, Experience()), Experience())
    assert np.isfinite(known).all()
    assert known.shape[1] == len(outlook.fitted().mean)
