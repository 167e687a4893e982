"""Fleets for figures are kept apart from those for tuning, and are the same every time."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def regimes(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT))
    return importlib.import_module("bench.fleets.regimes")


def _spells(fleets: Iterable[Any]) -> set[tuple[float, float]]:
    return {(one.spell_change, one.spell_shape) for one in fleets if one.process == "spells"}


def test_what_is_kept_aside_was_not_tuned_on(regimes: ModuleType) -> None:
    kept = (*regimes.ASIDE, *regimes.REFERENCE, *regimes.REFERENCE_ORDERING)
    tuning = (*regimes.TUNING, *regimes.TUNING_ORDERING, *_drawn(), *regimes.RETIRED, *regimes.RETIRED_REFERENCE)
    assert {one.seed for one in kept}.isdisjoint(one.seed for one in tuning)
    tuned = {habit for one in (*regimes.TUNING, *_drawn()) for habit in one.habits}
    aside = {habit for one in regimes.ASIDE for habit in one.habits}
    assert {"month_end", "moved", "round_the_clock", "shop"} <= aside - tuned
    assert _spells(kept).isdisjoint(_spells(tuning))


def test_some_gauges_kept_aside_have_steps_that_tuning_never_had(regimes: ModuleType) -> None:
    tuned = _steps((*regimes.TUNING, *_drawn(), *regimes.RETIRED, *regimes.RETIRED_REFERENCE))
    assert len(_steps((*regimes.ASIDE, *regimes.REFERENCE)) - tuned) >= 3


def _drawn() -> list[Any]:
    """The first of the fleets that forecasts are fitted on; all are drawn alike."""
    fit = importlib.import_module("bench.fit_forecasts")
    drawn: list[Any] = fit.random_regimes.drawn(count=50, seed=fit.SEED, printers=1)
    return drawn


def _steps(fleets: Iterable[Any]) -> set[float]:
    return {gauge.step for one in fleets for gauge in one.gauges}


def test_a_fleet_is_the_same_every_time_and_true(regimes: ModuleType) -> None:
    generate = importlib.import_module("bench.fleets.generate")
    small = replace(regimes.TUNING[0], printers=20)
    fleet, again = generate.fleet(small), generate.fleet(small)
    np.testing.assert_array_equal(fleet.at, again.at)
    np.testing.assert_array_equal(fleet.days_left, again.days_left)
    assert (fleet.days_left > 0).all()
    assert len(fleet.days_left) == len(np.unique(fleet.series)) == len(fleet.printer)
