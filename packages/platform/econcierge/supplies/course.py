"""Whether a level's rise lasts: a small filter over one slot's readings. Pure.

A level that leaves its course is not believed at once. It has to be seen again, more often the less it looks like a
new cartridge (P31): twice when an almost empty one became nearly full, eight times over two days when a used one may
have been put in. One wild reading, a shaken cartridge, a restart and gauge noise return to their course before that.
Falls are held back in the same way, so that a printer that says 0 while it warms up does not seem to rise afterwards.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta

from econcierge.supplies import types as t

LEAST_KNOWN_READINGS = 4  # of a course, before a used cartridge is told from a cartridge that came back
KEPT = 5  # readings of the course that are remembered
LEAST_RISE_POINTS = 12.0  # less is noise
LEAST_FALL_POINTS = 20.0
COARSE_STEP_POINTS = 15.0
NEARLY_FULL_PERCENT = 85.0
LOW_PERCENT = 20.0
HALF_PERCENT = 45.0
SETTLED_READINGS = 2  # that agree, before a level is a course: the first one may be wild
MISSED_AT_MOST = 3  # readings in a row back on the course, before a rise that was seen often counts for nothing
SUDDEN = timedelta(days=3)
PAGES_A_POINT_AT_LEAST = 2.0  # a fall with fewer pages than this for each point was no printing
LEAST_OUT_POINTS = 40.0  # a cartridge that is out says so little less, or next to nothing
OUT_PERCENT = 5.0
OUT_AT_MOST = timedelta(days=10)
OUT_POINTS = 1.0  # what counts for nothing printed, between readings while it was out
PAGES_A_POINT_UNKNOWN = 25.0
BACK_LOWER_POINTS = 12.0
BACK_HIGHER_POINTS = 3.0
LEAST_LEARNT_POINTS = 30.0  # of decline, before pages a point are believed
GAP = timedelta(days=2)
WHOLE_CARTRIDGE_PERCENT = 80.0  # points used above those that were seen to go: of a cartridge that came unseen


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
class _Needed:
    """How often, and over how long, a rise has to be seen."""

    readings: int
    lasting: timedelta
    confidence: float


_SURE = _Needed(2, timedelta(minutes=10), 0.99)
_PREMATURE = _Needed(3, timedelta(minutes=30), 0.97)
_MEDIUM = _Needed(4, timedelta(hours=6), 0.95)
_SMALL = _Needed(8, timedelta(days=1), 0.9)
_PARTIAL = _Needed(8, timedelta(days=2), 0.85)
_NEVER = _Needed(8, timedelta(days=2), 0.0)


def follow(
    *, course: t.Course, at: datetime, percent: float, pages: int | None, step: float | None
) -> tuple[t.Course, Rise | None]:
    """The course after a measured level, and the rise that it confirms, if any."""
    base = _base(course, step)
    if base is None or course.agreeing < SETTLED_READINGS:
        return _settling(course, at, percent, pages), None
    if course.departure is None and (unseen := _came_unseen(course, at, percent, pages, base, step)):
        return begun(course=course, at=at, percent=percent, pages=pages), unseen
    up, down = _least_rise(step), -_least_fall(step)
    change = percent - base
    if change >= up:
        return _departed(course, base, at, percent, pages, step)
    is_explained = course.departure is None and _is_explained(course, pages, -change)
    if change <= down and is_explained and _is_after_gap(course, at):
        return _on_course(dataclasses.replace(course, recent=()), at, percent, pages), None
    held_back = course.departure is not None or (_is_coarse(step) and not is_explained)
    if change <= down and (held_back or _is_after_gap(course, at) or _is_sudden(course, at, pages, -change)):
        return _departed(course, base, at, percent, pages, step)
    if course.departure is not None and course.departure.missed < _may_be_missed(course.departure):
        missed = dataclasses.replace(course.departure, missed=course.departure.missed + 1)
        return dataclasses.replace(course, departure=missed, measured_at=at, pages=_later(course, pages)), None
    if course.departure is not None:
        course = dataclasses.replace(course, departure=None)
    return _on_course(course, at, percent, pages), None


def at_the_end(*, course: t.Course, step: float | None) -> Rise | None:
    """What an unconfirmed rise most likely is when a history ends on it."""
    departure = course.departure
    if departure is None or departure.level < departure.from_percent or departure.missed:
        return None
    rise = departure.level - departure.from_percent
    if _needed(departure, step) is _SURE and departure.from_percent <= LOW_PERCENT / 2:
        return _rise(departure, 0.8, course, step)
    is_full = _is_coarse(step) and departure.level >= 99.0 - (step or 0.0)  # as far as it can tell
    if is_full and rise >= 1.8 * (step or 0.0) and departure.from_percent <= LOW_PERCENT / 2:
        return _rise(departure, 0.8, course, step)
    if departure.count >= 2 and departure.level >= NEARLY_FULL_PERCENT and rise >= 2 * LEAST_FALL_POINTS:
        return _rise(departure, 0.8, course, step)
    return None


def begun(*, course: t.Course, at: datetime, percent: float | None, pages: int | None) -> t.Course:
    """The course of a cartridge that just came; what was learnt of the pages a point goes on."""
    anchor = None if percent is None or pages is None else (percent, pages)
    return t.Course(
        recent=() if percent is None else (percent,),
        measured_at=None if percent is None else at,
        pages=_later(course, pages),
        agreeing=0 if percent is None else 1,
        anchor=anchor,
        pages_a_point=_learnt(course),
        numbers=course.numbers,
    )


def _may_be_missed(departure: t.Departure) -> int:
    """So many readings in a row may be back on the course: the more often a departure was seen, the more."""
    return MISSED_AT_MOST if departure.count > 2 else departure.count - 1


def _is_after_gap(course: t.Course, at: datetime) -> bool:
    return course.measured_at is not None and at - course.measured_at >= GAP


def _base(course: t.Course, step: float | None) -> float | None:
    """What the level is, as far as it is known: a coarse gauge has no noise, so its last word counts."""
    if not course.recent:
        return None
    last = course.recent[-3:]
    return last[-1] if _is_coarse(step) else _middle(last)


def _middle(levels: tuple[float, ...]) -> float:
    """The median, of an even number the lower one."""
    return sorted(levels)[(len(levels) - 1) // 2]


def _least_rise(step: float | None) -> float:
    return LEAST_RISE_POINTS if not step or step <= LEAST_RISE_POINTS else 0.9 * step


def _least_fall(step: float | None) -> float:
    return max(LEAST_FALL_POINTS, 1.5 * (step or 0.0))


def _is_coarse(step: float | None) -> bool:
    return step is not None and step >= COARSE_STEP_POINTS


def _settling(course: t.Course, at: datetime, percent: float, pages: int | None) -> t.Course:
    """A level that leaps before two readings agreed is only now the true one."""
    change = percent - course.recent[-1] if course.recent else 0.0
    leapt = change >= LEAST_RISE_POINTS or change <= -LEAST_FALL_POINTS
    if leapt:
        fell = (course.recent[-1], at, pages) if change <= -LEAST_OUT_POINTS else (None, None, None)
        course = dataclasses.replace(
            course, recent=(), anchor=None, fell_from=fell[0], fell_at=fell[1], fell_pages=fell[2]
        )
    course = _on_course(course, at, percent, pages)
    return dataclasses.replace(course, agreeing=1 if leapt else course.agreeing + 1)


def _on_course(course: t.Course, at: datetime, percent: float, pages: int | None) -> t.Course:
    anchor = course.anchor
    if pages is not None and (anchor is None or anchor[0] < percent):
        anchor = (percent, pages)
    return dataclasses.replace(
        course,
        recent=(*course.recent, percent)[-KEPT:],
        measured_at=at,
        pages=_later(course, pages),
        anchor=anchor,
    )


def _departed(
    course: t.Course, base: float, at: datetime, percent: float, pages: int | None, step: float | None
) -> tuple[t.Course, Rise | None]:
    """A level off the course, up or down: once more of the same kind, or the first of another."""
    before = None if _is_stale(course, at, percent) else course.departure
    if (
        before is not None
        and percent < base
        and (ended := at_the_end(course=course, step=step)) is not None
        and not ended.came_back
    ):
        new = begun(course=course, at=at, percent=before.level, pages=pages)
        return dataclasses.replace(new, agreeing=SETTLED_READINGS, measured_at=at), ended
    if before is not None and before.leap is None and _leaps_on(before, course, at, percent, step):
        waiting = dataclasses.replace(before, leap=percent, leap_at=at, missed=0)
        return dataclasses.replace(course, departure=waiting, measured_at=at, pages=_later(course, pages)), None
    if before is None or (before.level > before.from_percent) != (percent > base):
        departure = t.Departure(
            at, base, (percent,), percent, 1, course_at=course.measured_at, pages=pages, course_pages=course.pages
        )
    elif before.leap is not None and before.leap_at is not None and _leaps_on(before, course, at, percent, step):
        both = (before.leap, percent)
        departure = dataclasses.replace(
            before, began_at=before.leap_at, levels=both, level=min(both), count=2, missed=0, leap=None, leap_at=None
        )
    else:
        levels = (*before.levels, percent)[:KEPT]
        level = _reached(levels, base, step)
        departure = dataclasses.replace(
            before, count=before.count + 1, levels=levels, level=level, missed=0, leap=None, leap_at=None
        )
    needed = _PREMATURE if _came_back(departure, course, step) else _needed(departure, step)
    if needed is _PARTIAL and len(course.recent) < LEAST_KNOWN_READINGS:
        needed = _NEVER
    held = dataclasses.replace(course, departure=departure, measured_at=at, pages=_later(course, pages))
    if departure.count < needed.readings or at - departure.began_at < needed.lasting:
        return held, None
    if percent < base:
        return _fallen(held, departure, step), None
    rise = _rise(departure, needed.confidence, course, step)
    if rise.came_back or not needed.confidence:
        settled = dataclasses.replace(held, departure=None, recent=departure.levels[-2:], fell_from=None, fell_at=None)
        return settled, rise if rise.came_back else None
    new = begun(course=held, at=at, percent=percent, pages=pages)
    return dataclasses.replace(new, agreeing=SETTLED_READINGS, recent=(*departure.levels, percent)[-3:]), rise


def _reached(levels: tuple[float, ...], base: float, step: float | None) -> float:
    """How far from the course they went: the second furthest, so that one wild reading says nothing.

    A coarse gauge that then only falls, as a cartridge in use does, is believed at its first word.
    """
    is_used_up = len(levels) >= LEAST_KNOWN_READINGS and list(levels) == sorted(levels, reverse=True)
    if step and _is_coarse(step) and levels[0] > base and is_used_up and levels[0] - levels[1] <= 1.1 * step:
        return levels[0]
    ordered = sorted(levels, key=lambda level: abs(level - base))
    return ordered[-2] if len(ordered) > 1 else ordered[0]


def _is_stale(course: t.Course, at: datetime, percent: float) -> bool:
    """One wild reading before a long silence says nothing of what came after it, unless a new one was due then."""
    waiting = course.departure
    if waiting is None or waiting.count > 1 or course.measured_at is None or at - course.measured_at <= OUT_AT_MOST:
        return False
    return waiting.from_percent > LOW_PERCENT or percent > waiting.level + BACK_HIGHER_POINTS


def _leaps_on(before: t.Departure, course: t.Course, at: datetime, percent: float, step: float | None) -> bool:
    """A shaken cartridge that is replaced after all: a second rise on top of the first is looked at by itself."""
    is_up = before.level > before.from_percent
    steps = 0.9 if _is_after_gap(course, at) else 1.4
    return is_up and percent - before.level >= max(LEAST_FALL_POINTS, steps * (step or 0.0))


def _fallen(course: t.Course, departure: t.Departure, step: float | None) -> t.Course:
    """A fall that lasts is believed; what a deep one fell from is kept, should the cartridge come back."""
    fall = departure.from_percent - departure.level
    is_out = departure.level <= OUT_PERCENT and step is not None and not _is_coarse(step)
    deep = fall >= max(LEAST_OUT_POINTS, 1.8 * (step or 0.0)) or (is_out and fall >= LEAST_FALL_POINTS)
    fell = (departure.from_percent, departure.began_at) if deep else (None, None)
    pages = departure.pages if deep else None
    return dataclasses.replace(
        course, departure=None, recent=departure.levels[-2:], fell_from=fell[0], fell_at=fell[1], fell_pages=pages
    )


def _needed(departure: t.Departure, step: float | None) -> _Needed:
    rise, top = departure.level - departure.from_percent, departure.level
    is_after_gap = departure.course_at is not None and departure.began_at - departure.course_at >= GAP
    if rise < 0:
        return _SURE if is_after_gap else _PREMATURE
    if top >= NEARLY_FULL_PERCENT and rise >= max(35.0, 1.4 * (step or 0.0)):
        return _SURE if departure.from_percent <= LOW_PERCENT else _PREMATURE
    if _is_coarse(step) and top >= 99.0 - (step or 0.0) and rise >= max(45.0, 1.8 * (step or 0.0)):
        return _PREMATURE
    if not _is_coarse(step) and top >= NEARLY_FULL_PERCENT and rise >= LEAST_FALL_POINTS:
        return _MEDIUM
    if is_after_gap and top >= HALF_PERCENT and rise >= max(15.0, 1.8 * (step or 0.0)):
        return _MEDIUM
    if top >= NEARLY_FULL_PERCENT and (not _is_coarse(step) or top >= 99.0):
        return _SMALL
    if step is None and top < HALF_PERCENT:
        return _NEVER  # it may be one step of a gauge that said too little yet
    return _PARTIAL if rise >= max(30.0, 1.8 * (step or 0.0)) else _NEVER


def _rise(departure: t.Departure, confidence: float, course: t.Course, step: float | None) -> Rise:
    came_back = _came_back(departure, course, step)
    return Rise(
        at=departure.began_at,
        from_percent=course.recent[-1],
        to_percent=max(departure.levels),
        evidence=t.CartridgeEvidence.LEVEL_RISE,
        confidence=0.6 if came_back else confidence,
        came_back=came_back,
        from_at=departure.course_at,
    )


def _came_back(departure: t.Departure, course: t.Course, step: float | None) -> bool:
    """Risen to where a sudden fall began, or a little lower: the cartridge that was out is back."""
    if course.fell_from is None or course.fell_at is None or departure.level < departure.from_percent:
        return False
    if departure.began_at - course.fell_at > OUT_AT_MOST:
        return False
    if course.fell_pages is not None and departure.course_pages is not None:
        printed = departure.course_pages - course.fell_pages  # nothing can print while it is out
        if printed > OUT_POINTS * (course.pages_a_point or PAGES_A_POINT_UNKNOWN):
            return False
    lower = max(BACK_LOWER_POINTS, 1.1 * (step or 0.0))
    return -lower <= departure.level - course.fell_from <= BACK_HIGHER_POINTS


def _is_sudden(course: t.Course, at: datetime, pages: int | None, fall: float) -> bool:
    """A fall that neither time nor pages explain."""
    if course.measured_at is None or at - course.measured_at > SUDDEN:
        return False
    if pages is None or course.pages is None:
        return True
    return pages - course.pages < fall * (course.pages_a_point or PAGES_A_POINT_AT_LEAST) / 2


def _is_explained(course: t.Course, pages: int | None, fall: float) -> bool:
    """Whether so many pages were printed as the fall needs, by what is known of this slot."""
    if pages is None or course.pages is None or course.pages_a_point is None:
        return False
    return pages - course.pages >= fall * course.pages_a_point / 2


def _came_unseen(
    course: t.Course, at: datetime, percent: float, pages: int | None, base: float, step: float | None
) -> Rise | None:
    """A cartridge that came while nothing was measured: more pages than what was left could have printed."""
    if course.measured_at is None or at - course.measured_at < GAP or pages is None or course.pages is None:
        return None
    a_point = _learnt(course)
    if a_point is None:
        return None
    used = (pages - course.pages) / a_point
    seen = base - percent
    if used - seen < WHOLE_CARTRIDGE_PERCENT + (step or 0.0) or used < base:
        return None
    return Rise(at, base, percent, t.CartridgeEvidence.PAGES, 0.75)


def _learnt(course: t.Course) -> float | None:
    """Pages a point of this cartridge where it was seen to fall far enough; else of the one before."""
    if course.anchor is None or course.pages is None or not course.recent:
        return course.pages_a_point
    points, pages = course.anchor[0] - course.recent[-1], course.pages - course.anchor[1]
    return pages / points if points >= LEAST_LEARNT_POINTS and pages > 0 else course.pages_a_point


def _later(course: t.Course, pages: int | None) -> int | None:
    return course.pages if pages is None else pages
