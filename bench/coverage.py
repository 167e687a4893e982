"""How many coverage decisions a second, beside making the facts that a decision needs and deciding nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

from bench.figures import Figure, Floor, Result
from econcierge.coverage import rules, termsfile
from econcierge.coverage import types as t

PROGRAMME = "standard-ca"
ON = date(2026, 11, 23)
ROUND = 2_000
FOR_S = 1.0


def run() -> Result:
    terms = rules.terms_on(versions=termsfile.built_in_terms(programme=PROGRAMME), programme=PROGRAMME, on=ON)

    def construct_and_decide(number: int) -> None:
        rules.decide(_facts(number), terms, ON)

    floor = Floor("constructing the same facts and deciding nothing", _per_s(lambda number: _facts(number)))
    figure = Figure("decisions", _per_s(construct_and_decide), "decisions/s", floor, more_is_better=True)
    return Result([figure], ["facts with four orders and two replacements; a new printer's facts for every decision"])


def _per_s(work: Callable[[int], object]) -> float:
    """Rounds of work for a second; the best round, as other work only ever adds."""
    best = 0.0
    until = time.perf_counter() + FOR_S
    while (start := time.perf_counter()) < until:
        for number in range(ROUND):
            work(number)
        best = max(best, ROUND / (time.perf_counter() - start))
    return best


def _facts(number: int) -> t.CoverageFacts:
    """A printer of some age that was enrolled, with orders of which not all count."""
    installed_on = ON - timedelta(days=200 + number % 1_500)
    enrolled_on = installed_on + timedelta(days=30)
    states = (t.LineState.DELIVERED, t.LineState.SHIPPED, t.LineState.CANCELLED, t.LineState.PLACED)
    return t.CoverageFacts(
        model="VersaLink C405",
        installed_on=installed_on,
        listed_from=installed_on - timedelta(days=400),
        warranty_ends_on=installed_on + timedelta(days=365),
        enrolled_on=enrolled_on,
        orders=tuple(
            t.OrderLine(enrolled_on + timedelta(days=40 * nth), f"106R0351{nth}", 1, nth % 2 == 0, state)
            for nth, state in enumerate(states)
        ),
        replacements=(
            t.Replacement(enrolled_on + timedelta(days=50), t.Verdict.CONSISTENT, "1.1", f"S{number}"),
            t.Replacement(enrolled_on + timedelta(days=90), t.Verdict.UNKNOWN, "1.2", f"T{number}"),
        ),
    )
