"""Fleets of any nature, drawn at random: what forecasts are fitted on, so that none is beyond what was seen.

Habits and processes are those of the fleets for tuning; what is kept aside (`regimes.ASIDE`) has other habits and other
steps of gauges too.
"""

from __future__ import annotations

import numpy as np

from bench.fleets import regimes
from bench.fleets.types import Gauge, Random, Regime

STEPS = (1.0, 1.0, 1.0, 2.0, 4.0, 5.0, 10.0, 10.0, 20.0, 25.0, 25.0, 100 / 3)
UNMEASURED = 0.07  # of gauges; as many again only mark their end
GAUGES = 6  # a fleet
HABITS = tuple(regimes.USUAL)
PROCESSES = ("gamma", "jobs", "spells")


def drawn(*, count: int, seed: int, printers: int) -> list[Regime]:
    random = np.random.default_rng(seed)
    return [_drawn(f"drawn {number}", seed + 1 + number, printers, random) for number in range(count)]


def _drawn(name: str, seed: int, printers: int, random: Random) -> Regime:
    shares = random.dirichlet(np.full(len(HABITS), 0.7))
    longest = int(random.integers(90, 640))
    gauges = tuple(_gauge(number, random) for number in range(GAUGES))
    return Regime(
        name, seed, dict(zip(HABITS, shares.tolist(), strict=True)), gauges, printers,
        process=str(random.choice(PROCESSES)),
        unevenness=float(np.exp(random.uniform(np.log(0.2), np.log(2.5)))),
        wander=float(random.uniform(0.03, 0.5)),
        life_days=float(np.exp(random.uniform(np.log(12.0), np.log(250.0)))),
        life_spread=float(random.uniform(0.2, 0.7)),
        coverage_spread=float(random.uniform(0.05, 0.4)),
        cartridge_spread=float(random.uniform(0.03, 0.12)),
        missing=float(random.uniform(0.0, 0.4)),
        outages_a_year=float(random.uniform(0.0, 2.0)),
        history_days=(int(random.integers(3, 80)), longest),
        premature=float(random.uniform(0.0, 0.25)),
        changes_only=bool(random.random() < 0.4),
        readings_a_day=int(random.choice([1, 1, 1, 2, 3])),
        weekend=float(random.choice([0.02, 0.05, 0.1, 0.3, 0.8])),
        spell_change=float(random.uniform(0.06, 0.3)),
        spell_shape=float(random.uniform(0.7, 4.0)),
    )  # fmt: skip


def _gauge(number: int, random: Random) -> Gauge:
    told = {"with_pages": bool(random.random() < 0.75), "with_serial": bool(random.random() < 0.8)}
    kind = random.random()
    if kind < UNMEASURED:
        return Gauge(f"drawn {number}", 0.0, **told)
    if kind < 2 * UNMEASURED:
        return Gauge(f"drawn {number}", 0.0, mark=float(random.uniform(3.0, 9.0)), **told)
    step = float(random.choice(STEPS))
    noise = float(random.uniform(0.5, 1.8)) if step <= 2 and random.random() < 0.4 else 0.0
    rounding = str(random.choice(["ceil", "round", "floor"]))
    return Gauge(f"drawn {number}", step, rounding, noise, says_step=bool(random.random() < 0.8), **told)
