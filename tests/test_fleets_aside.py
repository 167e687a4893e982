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
    tuning = (*regimes.TUNING, *regimes.TUNING_ORDERING)
    assert {one.seed for one in kept}.isdisjoint(one.seed for one in tuning)
    tuned = {habit for one in regimes.TUNING for habit in one.habits}
    aside = {habit for one in regimes.ASIDE for habit in one.habits}
    assert {"month_end", "moved", "round_the_clock"} <= aside - tuned
    assert _spells(regimes.ASIDE).isdisjoint(_spells(regimes.TUNING))
    assert _spells(regimes.REFERENCE).isdisjoint(_spells(regimes.TUNING))


def test_a_fleet_is_the_same_every_time_and_true(regimes: ModuleType) -> None:
    generate = importlib.import_module("bench.fleets.generate")
    small = replace(regimes.TUNING[0], printers=20)
    fleet, again = generate.fleet(small), generate.fleet(small)
    np.testing.assert_array_equal(fleet.at, again.at)
    np.testing.assert_array_equal(fleet.days_left, again.days_left)
    assert (fleet.days_left > 0).all()
    assert len(fleet.days_left) == len(np.unique(fleet.series)) == len(fleet.printer)
