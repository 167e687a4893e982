"""Reports taken in durably, 20 printers or one a request, beside a bare application that inserts and commits.

Several connections post prepared bodies as fast as they are answered.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import psycopg

from bench import floor_ingest, load, platform, reports
from bench.figures import Figure, Floor, Goal, Result
from bench.seed import Paired, Wanted

CUSTOMERS = 4
CONNECTIONS = 8
PRINTERS_EACH = 100
AT_MOST_S = 6.0
PREPARED = {20: 150, 1: 1_000}  # requests a connection, by printers a request
GOALS = {
    20: (Goal("G07", at_least=6_000), Goal("G07", at_most=150)),
    1: (Goal("G07", at_least=900), None),
}
FLOOR = "bare WSGI application in the same server and database: parse, INSERT … unnest, commit"


def run() -> Result:
    wanted = [Wanted(f"ingest-{n}", assistants=CONNECTIONS // CUSTOMERS) for n in range(CUSTOMERS)]
    with platform.prepared() as prepared:
        lines = lines_of(platform.seeded(prepared, wanted))
        with prepared.serving():
            load.post_all(port=prepared.port, lines=lines[0], at_most_s=30.0)
            ours = {
                size: load.post_all(port=prepared.port, lines=lines[size], at_most_s=AT_MOST_S) for size in PREPARED
            }
        bare = _floor(prepared, lines)
    return Result(
        [figure for size in PREPARED for figure in _figures(size, ours[size], bare[size])],
        [
            f"{CONNECTIONS} connections, {CUSTOMERS} customers, {CONNECTIONS * PRINTERS_EACH} printers that were read "
            "before; each reading has a new page count, and a toner loses a point every fourth reading",
            "PostgreSQL flushes every commit; server, database and load share the machine; the worker is not running",
        ],
    )


def lines_of(paired: Sequence[Paired]) -> dict[int, list[load.Line]]:
    """By printers a request; 0 is the first visit, which makes the printers known."""
    now = datetime.now(UTC)
    lines: dict[int, list[load.Line]] = {0: [], **{size: [] for size in PREPARED}}
    for number, token in enumerate(itertools.chain.from_iterable(one.tokens for one in paired)):
        readings = reports.Fleet(f"B{number}X", PRINTERS_EACH, now - timedelta(days=20)).readings()
        for size, count in {0: PRINTERS_EACH // 20, **PREPARED}.items():
            bodies = reports.bodies(readings, size=size or 20, count=count, sent_at=now)
            lines[size].append(load.Line(token, bodies))
    return lines


def _floor(prepared: platform.Platform, lines: dict[int, list[load.Line]]) -> dict[int, load.Answers]:
    with psycopg.connect(prepared.addresses.owner_url) as owner:
        owner.execute(floor_ingest.TABLE)
    told = {floor_ingest.DATABASE_VARIABLE: prepared.addresses.app_url}
    with prepared.serving("bench.floor_ingest:application", **told):
        load.post_all(port=prepared.port, lines=lines[0], at_most_s=AT_MOST_S)
        return {size: load.post_all(port=prepared.port, lines=lines[size], at_most_s=AT_MOST_S) for size in PREPARED}


def _figures(size: int, ours: load.Answers, bare: load.Answers) -> list[Figure]:
    rate, p99 = GOALS[size]
    each = f"{size} printers a request" if size > 1 else "1 printer a request"
    floor = Floor(FLOOR, size * bare.per_s)
    return [
        Figure(f"{each}", size * ours.per_s, "printers/s", floor, rate, more_is_better=True),
        Figure("  half answered within", ours.p50_ms, "ms", Floor(FLOOR, bare.p50_ms)),
        Figure("  99 % answered within", ours.p99_ms, "ms", Floor(FLOOR, bare.p99_ms), p99),
    ]
