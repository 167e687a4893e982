"""What a level that left its course most likely is, and how often it has to be seen before it is believed. Pure.

The less a rise looks like a new cartridge, the more often (P31): twice when an almost empty one became nearly full,
eight times over two days when a used one may have been put in, for a week when a shaken one might rise as far.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta

from econcierge.supplies import types as t
from econcierge.supplies import usage

LEAST_KNOWN_READINGS = 4  # of a course, before a used cartridge is told from a cartridge that came back
LEAST_FALL_POINTS = 20.0
NOISE_POINTS = 6.0
NEARLY_FULL_PERCENT = 85.0
LOW_PERCENT = 20.0
HALF_PERCENT = 45.0
COARSE_HALF_PERCENT = 60.0
BEYOND_SHAKING_POINTS = 45.0
FAR_POINTS = 30.0
OUT_AT_MOST = timedelta(days=10)
OUT_PERCENT = 10.0
OUT_POINTS = 1.0  # what counts for nothing printed, between readings while it was out
PAGES_A_POINT_UNKNOWN = 25.0
BACK_LOWER_POINTS = 12.0
BACK_HIGHER_POINTS = 3.0
STILL_LOWER_POINTS = 8.0  # lower than that, where nothing was printed meanwhile
STILL_HIGHER_POINTS = 8.0
LEAST_OUT_POINTS = 40.0  # a cartridge that was out is told of from here; with less, its gauge may only have slept


@dataclass(frozen=True, slots=True)
class Rise:
    """A rise that lasted: when it began, from which course to which level."""

    at: datetime
    from_percent: float
    to_percent: float
    evidence: t.CartridgeEvidence
    confidence: float
    came_back: bool = False
    from_at: datetime | None = None  # when the course was last measured


@dataclass(frozen=True, slots=True)
class Needed:
    """How often, and over how long, a rise has to be seen."""

    readings: int
    lasting: timedelta
    confidence: float


SURE = Needed(2, timedelta(minutes=10), 0.99)
PREMATURE = Needed(3, timedelta(minutes=30), 0.97)
MEDIUM = Needed(4, timedelta(hours=6), 0.95)
SMALL = Needed(8, timedelta(days=1), 0.9)
PARTIAL = Needed(8, timedelta(days=2), 0.85)
LASTING = Needed(8, timedelta(days=7), 0.85)  # no cartridge stays shaken as long
NEVER = Needed(8, timedelta(days=2), 0.0)


def needed(departure: t.Departure, course: t.Course, step: float | None) -> Needed:
    rise, top = departure.level - departure.from_percent, departure.level
    after_gap = departure.course_at is not None and usage.is_gap(course, departure.began_at - departure.course_at)
    if rise < 0:
        return SURE if after_gap else PREMATURE
    if came_back(departure, course, step):
        return PREMATURE
    by_top = _by_top(departure, rise, top, step, after_gap, course.recent[-1] == 0.0)
    if by_top in (PARTIAL, LASTING) and len(course.recent) < LEAST_KNOWN_READINGS:
        return NEVER
    return by_top


def _by_top(
    departure: t.Departure, rise: float, top: float, step: float | None, after_gap: bool, seen_at_nothing: bool
) -> Needed:
    two_steps, coarse = 1.8 * (step or 0.0), usage.is_coarse(step)
    beyond_shaking = top >= (COARSE_HALF_PERCENT if coarse else HALF_PERCENT) and rise >= BEYOND_SHAKING_POINTS
    if top >= NEARLY_FULL_PERCENT and rise >= max(35.0, 1.4 * (step or 0.0)):
        return SURE if departure.from_percent <= LOW_PERCENT else PREMATURE
    if coarse and top >= 99.0 - (step or 0.0) and rise >= max(BEYOND_SHAKING_POINTS, two_steps):
        return PREMATURE
    if not coarse and top >= NEARLY_FULL_PERCENT and rise >= LEAST_FALL_POINTS:
        return MEDIUM
    unseen = after_gap and ((top >= HALF_PERCENT and rise >= 15.0) or rise >= FAR_POINTS)
    if rise >= two_steps and (beyond_shaking or unseen):
        return MEDIUM
    if top >= NEARLY_FULL_PERCENT and (not coarse or top >= 99.0):
        return SMALL
    if step is None and top < HALF_PERCENT:
        return NEVER  # it may be one step of a gauge that said too little yet
    if coarse and departure.from_percent > 0 and seen_at_nothing and top >= max(COARSE_HALF_PERCENT, two_steps):
        return LASTING
    if rise < max(15.0, two_steps):
        return NEVER
    return PARTIAL if rise >= FAR_POINTS else LASTING


def reached(reach: tuple[float, ...], base: float, step: float | None) -> float:
    """How far from the course they went: the second furthest, so that one wild reading says nothing.

    Levels that start far up and then only fall, as a cartridge in use does, are believed at their first word.
    """
    falls = all(after <= before + NOISE_POINTS for before, after in itertools.pairwise(reach))
    if len(reach) >= 3 and reach[0] > base and falls and reach[1] - base >= max(FAR_POINTS, 1.8 * (step or 0.0)):
        return reach[0]
    is_used_up = len(reach) >= LEAST_KNOWN_READINGS and list(reach) == sorted(reach, reverse=True)
    if step and usage.is_coarse(step) and reach[0] > base and is_used_up and reach[0] - reach[1] <= 1.1 * step:
        return reach[0]
    ordered = sorted(reach, key=lambda level: abs(level - base))
    return ordered[-2] if len(ordered) > 1 else ordered[0]


def rise(departure: t.Departure, confidence: float, course: t.Course, step: float | None) -> Rise:
    is_back = came_back(departure, course, step)
    return Rise(
        at=_first_seen(departure, course),
        from_percent=course.recent[-1],
        to_percent=max(departure.levels),
        evidence=t.CartridgeEvidence.LEVEL_RISE,
        confidence=0.6 if is_back else confidence,
        came_back=is_back,
        from_at=departure.course_at,
    )


def came_back(departure: t.Departure, course: t.Course, step: float | None) -> bool:
    """Risen to where a sudden fall began, or a little lower: the cartridge that was out is back, or was never out."""
    if course.fell_from is None or course.fell_at is None or departure.level < departure.from_percent:
        return False
    printed = _printed(course, course.fell_pages, departure.course_pages)
    if departure.began_at - course.fell_at > OUT_AT_MOST and (printed is None or printed):
        return False
    if printed is not False and departure.from_percent > OUT_PERCENT:
        return False  # what is out says next to nothing
    if (
        printed
        and course.fell_from >= NEARLY_FULL_PERCENT - BACK_LOWER_POINTS
        and not _had_some_left(departure, course)
    ):
        return False  # nothing prints while it is out, and a new one would be as full
    used = usage.at_least(course, (course.fell_at, course.fell_pages), (departure.began_at, departure.pages), step)
    if printed is False:
        used += STILL_LOWER_POINTS
    lower = max(BACK_LOWER_POINTS, 1.1 * (step or 0.0)) + used
    level = sorted(departure.levels)[-2:][0]
    return -lower <= level - course.fell_from <= (STILL_HIGHER_POINTS if printed is False else BACK_HIGHER_POINTS)


def was_out(departure: t.Departure, course: t.Course) -> bool:
    """Of one that came back: it was really taken out, as nothing was printed meanwhile."""
    if course.fell_from is None or course.fell_from < LEAST_OUT_POINTS:
        return False
    return not _printed(course, course.fell_pages, departure.course_pages)


def _had_some_left(departure: t.Departure, course: t.Course) -> bool:
    """Too little was printed since it fell to use up what it fell from."""
    if course.fell_from is None or course.fell_pages is None or departure.course_pages is None:
        return False
    needed = course.fell_from * (course.pages_a_point or usage.PAGES_A_POINT_AT_LEAST) / 2
    return departure.course_pages - course.fell_pages < needed


def _first_seen(departure: t.Departure, course: t.Course) -> datetime:
    """A cartridge that was taken out after its first reading, and put back before anything printed, came before."""
    if course.glimpse_at is None or course.glimpse_percent is None:
        return departure.began_at
    is_same = -BACK_LOWER_POINTS <= departure.level - course.glimpse_percent <= BACK_HIGHER_POINTS
    if is_same and course.glimpse_pages is not None and course.glimpse_pages == departure.course_pages:
        return course.glimpse_at
    return departure.began_at


def _printed(course: t.Course, before: int | None, after: int | None) -> bool | None:
    """Whether more was printed than a page or two; None where nobody counted."""
    if before is None or after is None:
        return None
    return after - before > OUT_POINTS * (course.pages_a_point or PAGES_A_POINT_UNKNOWN)
