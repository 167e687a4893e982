"""`python -m bench.accuracy.forecasts`: G16 and G17 on the fleets kept aside, a section of the page.

Takes some minutes. `--tuning` prints the same for the fleets that the forecaster was made with, and writes nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import numpy as np

from bench.accuracy import ordering, peers, sections
from bench.fleets import generate, regimes
from bench.fleets.types import Regime
from econcierge.forecasting import backtest, rules
from econcierge.forecasting.backtest import Score
from econcierge.forecasting.histories import Floats

ORDERED_PRINTERS = 800
RISKS = (0.005, 0.01, 0.015, 0.02, 0.03, 0.05)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy.forecasts", description=__doc__)
    parser.add_argument("--tuning", action="store_true", help="the fleets for tuning; nothing is written")
    options = parser.parse_args()
    if options.tuning:
        print(section(forecasts(regimes.TUNING), ordering_of(regimes.TUNING_ORDERING), head="", ordering_head=""))
        return 0
    reference = forecasts(regimes.REFERENCE), ordering_of(regimes.REFERENCE_ORDERING)
    hard = forecasts(regimes.ASIDE), ordering_of(regimes.ASIDE)
    body = _HEAD + section(*reference, head=_REFERENCE, ordering_head=_REFERENCE_ORDERING)
    body += "\n" + section(*hard, head=_HARD, ordering_head=_HARD_ORDERING)
    print(body)
    sections.write(name="forecasts", body=body)
    return 0


def forecasts(fleets: Iterable[Regime]) -> list[dict[str, Any]]:
    """Scores over everything, by fleet, by habit, by gauge, and of the peers over everything."""
    marks, days, labels = [], [], []
    older: dict[str, list[Floats]] = {"mean since installation": [], "line through 30 days": []}
    for regime in fleets:
        fleet = generate.fleet(regime)
        many = ordering.columns(fleet)
        marks.append(rules.forecast_many(many, experience=rules.learn(many)).marks)
        truth = np.minimum(fleet.days_left, backtest.CAP_DAYS)
        days.append(truth)
        labels += [(f"fleet: {regime.name}", f"habit: {kind}", f"gauge: {gauge}")
                   for kind, gauge in zip(fleet.kind, fleet.gauge, strict=True)]  # fmt: skip
        older["mean since installation"].append(peers.with_range(peers.since_installation(many), truth))
        older["line through 30 days"].append(peers.with_range(peers.line(many), truth))
    whole, truth = np.concatenate(marks), np.concatenate(days)
    scores = [backtest.score(whole, truth), *_by_label(whole, truth, np.array(labels))]
    scores += [backtest.score(np.concatenate(found), truth, group=f"peer: {name}") for name, found in older.items()]
    return [asdict(one) for one in scores]


def _by_label(marks: Floats, truth: Floats, labels: np.ndarray) -> list[Score]:
    found = []
    for column in labels.T:
        for name in np.unique(column):
            rows = column == name
            found.append(backtest.score(marks[rows], truth[rows], group=str(name)))
    return found


def ordering_of(fleets: Iterable[Regime]) -> list[dict[str, Any]]:
    """Each way to order, over the cartridges of all fleets together."""
    by_way: dict[str, list[ordering.Ordered]] = {}
    for regime in fleets:
        for one in ordering.simulate(regime, printers=ORDERED_PRINTERS, risks=RISKS):
            by_way.setdefault(one.way, []).append(one)
    return [asdict(_together(way, found)) for way, found in by_way.items()]


def _together(way: str, found: list[ordering.Ordered]) -> ordering.Ordered:
    weights = [one.cartridges for one in found]
    outs = float(np.average([one.stock_outs_percent for one in found], weights=weights))
    left = float(np.average([one.left_percent for one in found], weights=weights))
    return ordering.Ordered(way, sum(weights), outs, left)


def section(
    scores: list[dict[str, Any]], ordered: list[dict[str, Any]], *, head: str, ordering_head: str
) -> str:  # fmt: skip
    """Both tables of some fleets, with which goals were reached."""
    lines = [
        head,
        _verdict(scores),
        "",
        "| | forecasts | pinball | error | error near empty | range held |",
        "| --- " + "| ---: " * 5 + "|",
        *(_forecast_row(one) for one in scores),
        ordering_head,
        "| ordered | cartridges | stock-outs | left when the new one came |",
        "| --- " + "| ---: " * 3 + "|",
    ]
    lines += [
        f"| {one['way']} | {one['cartridges']:,} | {one['stock_outs_percent']:.1f} % | {one['left_percent']:.1f} % |"
        for one in ordered
    ]
    return "\n".join(lines) + "\n"


def _verdict(scores: list[dict[str, Any]]) -> str:
    """Which goals were reached, in a sentence each."""
    whole = scores[0]
    habits = [one for one in scores if one["group"].startswith("habit: ")]
    low, high = (pick(habits, key=lambda one: one["held_percent"]) for pick in (min, max))
    held = whole["held_percent"]
    return "\n".join(
        [
            _line("Pinball", f"{whole['pinball_days']:.2f} days", whole["pinball_days"] <= 2.6),
            _line("Error near empty", f"{whole['near_error_days']:.1f} days", whole["near_error_days"] <= 4.5),
            _line("Range held", f"{held:.1f} %", 78 <= held <= 82),
            _line(
                "By habit",
                " to ".join(f"{one['held_percent']:.1f} % ({one['group'][7:]})" for one in (low, high)),
                low["held_percent"] >= 74 and high["held_percent"] <= 86,
            ),
        ]
    )


def _line(what: str, figure: str, reached: bool) -> str:
    return f"- {what}: {figure}, {'reached' if reached else 'not reached'}."


def _forecast_row(one: dict[str, Any]) -> str:
    near = "" if one["near_error_days"] is None else f"{one['near_error_days']:.1f} d"
    return (
        f"| {one['group']} | {one['forecasts']:,} | {one['pinball_days']:.2f} d | {one['error_days']:.1f} d"
        f" | {near} | {one['held_percent']:.1f} % |"
    )


_HEAD = """## Forecasts (G16) and ordering in time (G17)

Made-up fleets (`bench/fleets/`) that the forecaster was not made with: other seeds, other parameters, habits
(`month_end`, `moved`, `round_the_clock`, `shop`) and gauges (steps of 3, of sevenths, of eighths) that tuning never
had. Each series is forecast once, on a day of any season, from what the file holds. Pinball: mean over the 10, 50 and
90 % marks. Near empty: at most ten days were left. Goals: pinball at most 2.6 days, error near empty at most 4.5 days;
the range holds 78 to 82 % over all and 74 to 86 % for each habit; at most 2 % stock-outs with at most 9 % left.
Printers are ordered for day by day from a new cartridge on, once, those with a gauge only; a delivery takes 2 to 6
days. Made by `python -m bench.accuracy.forecasts`; how forecasts are made: [forecasts](../explanation/forecasts.md).

Days of error grow with how long cartridges last, so absolute goals mean something only on fleets as hard as the one
they were set on. There the mean since installation scored 3.46 days and the line through 30 days 4.70; ordering at 20 %
gave 3.6 % stock-outs with 14.4 % left, at 30 % 0.9 and 23.4. Hence two kinds of fleets.

How often they were looked at: these fleets once, for these tables. Before them there was one set of the same natures
with other seeds, looked at once too: there ranges held 79.8 % (as hard; 69.6 % for growing printers to 87.1 % for
month_end) and 83.8 % (harder; 77.1 to 90.4 %), and a risk of 1.5 % gave 2.4 and 1.4 % stock-outs with 15.4 and 35.7 %
left. After that look a widening of ranges by 2 % was left out, the default risk was lowered from 1.5 to 1 %, fleets
were made larger, and lives were chosen anew, because ordering at 20 and at 30 % had come out harder than meant;
nothing else was changed. The fleets of still earlier versions of this page are retired: others of their nature, with
other seeds, helped to choose how forecasts are fitted (`regimes.RETIRED`).
"""
_REFERENCE = """
### As hard as where the goals were set: forecasts

How long cartridges last was chosen so that the mean since installation comes to 3.46 days within 0.2 over both, by
looking at that peer alone.
"""
_REFERENCE_ORDERING = """
### As hard as where the goals were set: ordering

Lives were chosen by ordering at 20 and at 30 % alone. "Knowing what to expect" is a bound: it knows how much is left to
the drop, how delivery varies, and how much is to be expected on each day, bursts, holidays and absences included; what
it does not know is what chance makes of a day. No forecast from readings can know so much. An oracle knows every page
and every parcel. The default risk is 1 %. G17 is not reached: stock-outs are held, what is left is not, and the bound
itself is above 9 % at 2 % stock-outs.
"""
_HARD = """
### Harder fleets: forecasts

Longer lives, less even use, short histories, gauges that tell little.
"""
_HARD_ORDERING = """
### Harder fleets: ordering

Cartridges last so short beside the delivery that ordering at 20 % often comes too late.
"""

if __name__ == "__main__":
    sys.exit(main())
