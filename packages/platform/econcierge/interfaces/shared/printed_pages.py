"""How many pages were printed, by the life counts that came with levels."""

from __future__ import annotations

from datetime import datetime, timedelta

from econcierge.supplies.types import LevelPoint

WEEKS = 4


def a_week(points: dict[int, list[LevelPoint]], *, now: datetime) -> int | None:
    """On average in the last four weeks; None where that is not known."""
    printed = between(points, since=now - timedelta(weeks=WEEKS), until=now)
    return None if printed is None else round(printed / WEEKS)


def between(points: dict[int, list[LevelPoint]], *, since: datetime, until: datetime) -> int | None:
    """Pages between two moments, by the life count that came with the levels; None where one end is not known."""
    counted = sorted((one.at, one.pages) for rows in points.values() for one in rows if one.pages is not None)
    before = [pages for at, pages in counted if at <= since]
    by_then = [pages for at, pages in counted if at <= until]
    return by_then[-1] - before[-1] if before else None
