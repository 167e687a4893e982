"""Whether a level's rise lasts: a small filter over one slot's readings. Pure.

A level that leaves its course is not believed at once. It has to be seen again, more often the less it looks like a
new cartridge (P31): twice when an almost empty one became nearly full, eight times over two days when a used one may
have been put in. One wild reading, a shaken cartridge, a restart and gauge noise return to their course before that.
Falls are held back in the same way, so that a printer that says 0 while it warms up does not seem to rise afterwards.
"""

from __future__ import annotations

import dataclasses
import itertools
from datetime import datetime

from econcierge.supplies import rises, usage
from econcierge.supplies import types as t
from econcierge.supplies.rises import Rise

KEPT = 5  # readings of the course that are remembered
LEAST_RISE_POINTS = 12.0  # less is noise
RAISED_POINTS = 8.0  # above what was said last, not only above what is expected by now
SETTLED_READINGS = 2  # that agree, before a level is a course: the first one may be wild
MISSED_AT_MOST = 3  # readings in a row back on the course, before a rise that was seen often counts for nothing
OFF_GRID_AT_MOST = 2  # readings in a row; then its step is another one
OUT_PERCENT = 5.0
WHOLE_CARTRIDGE_PERCENT = 80.0  # points used above those that were seen to go: of a cartridge that came unseen


def follow(
    *, course: t.Course, at: datetime, percent: float, pages: int | None, step: float | None
) -> tuple[t.Course, Rise | None]:
    """The course after a measured level, and the rise that it confirms, if any.

    A rise is measured from what is expected by now: the course, less what was surely used since it was last seen.
    """
    if usage.is_off_grid(percent, step) and course.off_grid < OFF_GRID_AT_MOST:
        return dataclasses.replace(course, off_grid=course.off_grid + 1), None
    if course.off_grid:
        course = dataclasses.replace(course, off_grid=0)
    base = _base(course, step)
    if base is None or course.agreeing < SETTLED_READINGS:
        return _settling(course, at, percent, pages), None
    if course.departure is None and (unseen := _came_unseen(course, at, percent, pages, base, step)):
        return begun(course=course, at=at, percent=percent, pages=pages, step=step), unseen
    expected = max(base - usage.since_course(course, at, pages, step), 0.0)
    change = percent - base
    if percent - expected >= _least_rise(step) and change >= _least_raised(course, at, step):
        return _departed(course, expected, at, percent, pages, step)
    if change <= -_least_fall(step) or _falls_from_rise(course, percent, base):
        is_explained = course.departure is None and usage.is_explained(course, pages, -change, step)
        if is_explained and usage.is_after_gap(course, at):
            return _on_course(dataclasses.replace(course, recent=()), at, percent, pages), None
        held_back = course.departure is not None or (usage.is_coarse(step) and not is_explained)
        if held_back or usage.is_after_gap(course, at) or usage.is_sudden(course, at, pages, -change, step):
            return _departed(course, base, at, percent, pages, step)
    if course.departure is not None and course.departure.missed < _may_be_missed(course.departure, percent):
        missed = dataclasses.replace(course.departure, missed=course.departure.missed + 1)
        return dataclasses.replace(course, departure=missed, measured_at=at, pages=usage.later(course, pages)), None
    if course.departure is not None:
        course = _given_up(course, course.departure, percent, pages)
    if percent == 0.0 and base >= LEAST_RISE_POINTS and usage.is_sudden(course, at, pages, base, step):
        course = dataclasses.replace(course, fell_from=base, fell_at=at, fell_pages=pages)
    return _on_course(course, at, percent, pages), None


def at_the_end(*, course: t.Course, step: float | None) -> Rise | None:
    """What an unconfirmed rise most likely is when a history ends on it."""
    departure = course.departure
    if departure is None or departure.level < departure.from_percent or departure.missed:
        return None
    rise, from_low = departure.level - departure.from_percent, course.recent[-1] <= rises.LOW_PERCENT / 2
    two_steps = 1.8 * (step or 0.0)
    is_full = usage.is_coarse(step) and departure.level >= 99.0 - (step or 0.0)  # as far as it can tell
    is_nearly_full = departure.level >= rises.NEARLY_FULL_PERCENT
    is_likely = (
        (from_low and rises.needed(departure, course, step) is rises.SURE)
        or (from_low and is_full and rise >= two_steps)
        or (departure.count >= 2 and is_nearly_full and rise >= 2 * rises.LEAST_FALL_POINTS)
        or (departure.count >= 3 and rise >= max(rises.BEYOND_SHAKING_POINTS, two_steps))
    )
    return rises.rise(departure, 0.8, course, step) if is_likely else None


def begun(
    *, course: t.Course, at: datetime, percent: float | None, pages: int | None, step: float | None = None
) -> t.Course:
    """The course of a cartridge that just came; what was learnt of the pages and the days a point goes on."""
    is_measured = percent is not None
    return t.Course(
        recent=() if percent is None else (percent,),
        measured_at=at if is_measured else None,
        pages=usage.later(course, pages),
        agreeing=1 if is_measured else 0,
        anchor=None if percent is None or pages is None else (percent, pages),
        pages_a_point=usage.pages_a_point(course, step),
        top=percent,
        top_at=at if is_measured else None,
        points_a_day=usage.points_a_day(course, step),
        interval_hours=course.interval_hours,
        numbers=course.numbers,
    )


def _falls_from_rise(course: t.Course, percent: float, base: float) -> bool:
    """To nothing, from a rise that was seen twice: that is not back on the course."""
    waiting = course.departure
    if waiting is None or waiting.count < 2 or waiting.level < waiting.from_percent:
        return False
    return percent == 0.0 and base >= LEAST_RISE_POINTS


def _may_be_missed(departure: t.Departure, percent: float) -> int:
    """So many readings in a row may be back on the course: the more often a departure was seen, the more.

    One zero says as little after one reading: a printer that starts says so.
    """
    is_up = departure.level > departure.from_percent
    if percent == 0.0:
        return min(departure.count, MISSED_AT_MOST) if is_up else 0
    return MISSED_AT_MOST if departure.count > 2 else departure.count - 1


def _base(course: t.Course, step: float | None) -> float | None:
    """What the level is, as far as it is known: the last word of a coarse gauge, and of one that only falls."""
    if not course.recent:
        return None
    levels = _without_zeros(course.recent)
    last = levels[-1]
    if usage.is_coarse(step):
        return last
    middle = _middle(levels[-3:])
    return last if last < middle and _falls_evenly(levels, middle - last, step) else middle


def _without_zeros(levels: tuple[float, ...]) -> tuple[float, ...]:
    """A zero or two at the end say little: a printer that starts says so."""
    for zeros in (2, 1):
        if len(levels) > zeros and not any(levels[-zeros:]) and levels[-zeros - 1]:
            return levels[:-zeros]
    return levels


def _falls_evenly(levels: tuple[float, ...], fall: float, step: float | None) -> bool:
    drops = [before - after for before, after in itertools.pairwise(levels)]
    return min(drops) >= 0 and fall <= max(step or 0.0, 1.5 * max(drops[:-1], default=0.0))


def _middle(levels: tuple[float, ...]) -> float:
    """The median, of an even number the lower one."""
    return sorted(levels)[(len(levels) - 1) // 2]


def _least_rise(step: float | None) -> float:
    return LEAST_RISE_POINTS if not step or step <= LEAST_RISE_POINTS else 0.9 * step


def _least_raised(course: t.Course, at: datetime, step: float | None) -> float:
    """Above the course as it was said: what is expected by now is only trusted so far."""
    departure = course.departure
    if departure is not None and departure.level > departure.from_percent and not usage.is_after_gap(course, at):
        return -100.0
    return 0.9 * step if step and usage.is_coarse(step) else RAISED_POINTS


def _least_fall(step: float | None) -> float:
    return max(rises.LEAST_FALL_POINTS, 1.5 * (step or 0.0))


def _settling(course: t.Course, at: datetime, percent: float, pages: int | None) -> t.Course:
    """A level that leaps before two readings agreed is only now the true one."""
    change = percent - course.recent[-1] if course.recent else 0.0
    leapt = change >= LEAST_RISE_POINTS or change <= -rises.LEAST_FALL_POINTS
    if leapt:
        fell = (course.recent[-1], at, pages) if change <= -rises.LEAST_OUT_POINTS else (None, None, None)
        course = dataclasses.replace(
            course, recent=(), anchor=None, top=None, fell_from=fell[0], fell_at=fell[1], fell_pages=fell[2]
        )
    course = _on_course(course, at, percent, pages)
    return dataclasses.replace(course, agreeing=1 if leapt else course.agreeing + 1)


def _on_course(course: t.Course, at: datetime, percent: float, pages: int | None) -> t.Course:
    anchor = course.anchor
    if pages is not None and (anchor is None or anchor[0] < percent):
        anchor = (percent, pages)
    is_top = course.top is None or course.top < percent
    return dataclasses.replace(
        course,
        recent=(*course.recent, percent)[-KEPT:],
        measured_at=at,
        pages=usage.later(course, pages),
        anchor=anchor,
        top=percent if is_top else course.top,
        top_at=at if is_top else course.top_at,
        interval_hours=usage.interval_hours(course, at),
    )


def _given_up(course: t.Course, departure: t.Departure, percent: float, pages: int | None) -> t.Course:
    """Back on the course; a nearly full one that was seen once or twice is kept in mind, should it come again."""
    is_glimpse = departure.count <= 2 and departure.level >= rises.NEARLY_FULL_PERCENT
    if not is_glimpse or percent > OUT_PERCENT or pages is None:
        return dataclasses.replace(course, departure=None)
    return dataclasses.replace(
        course,
        departure=None,
        glimpse_at=departure.began_at,
        glimpse_percent=departure.level,
        glimpse_pages=course.pages if departure.missed else pages,
    )


def _departed(
    course: t.Course, base: float, at: datetime, percent: float, pages: int | None, step: float | None
) -> tuple[t.Course, Rise | None]:
    """A level off the course, up or down: once more of the same kind, or the first of another."""
    before = None if _is_stale(course, at, percent) else course.departure
    if before is not None and before.count > 1 and before.level < before.from_percent and percent > base:
        course, base, before = _fallen(course, before, step), before.level, None
    if (
        before is not None
        and percent < base
        and (ended := at_the_end(course=course, step=step)) is not None
        and not ended.came_back
    ):
        new = begun(course=course, at=at, percent=before.level, pages=pages, step=step)
        return dataclasses.replace(new, agreeing=SETTLED_READINGS, measured_at=at), ended
    if before is not None and percent == 0.0 and before.missed < _may_be_missed(before, percent):
        missed = dataclasses.replace(before, missed=before.missed + 1)
        return dataclasses.replace(course, departure=missed, measured_at=at, pages=usage.later(course, pages)), None
    if before is not None and before.leap is None and _leaps_on(before, course, at, percent, step):
        waiting = dataclasses.replace(before, leap=percent, leap_at=at, missed=0)
        return dataclasses.replace(course, departure=waiting, measured_at=at, pages=usage.later(course, pages)), None
    if before is None or (before.level > before.from_percent) != (percent > base):
        departure = t.Departure(
            at, base, (percent,), percent, 1, course_at=course.measured_at, pages=pages, course_pages=course.pages,
            reach=(percent,),
        )  # fmt: skip
    elif before.leap is not None and before.leap_at is not None and _leaps_on(before, course, at, percent, step):
        both = (before.leap, percent)
        departure = dataclasses.replace(
            before, began_at=before.leap_at, levels=both, reach=both, level=min(both), count=2, missed=0, leap=None,
            leap_at=None, pages=pages,
        )  # fmt: skip
    else:
        departure = _seen_again(before, course, at, percent, pages, step)
    needed = rises.needed(departure, course, step)
    held = dataclasses.replace(course, departure=departure, measured_at=at, pages=usage.later(course, pages))
    if departure.count < needed.readings or at - departure.began_at < needed.lasting:
        return held, None
    if percent < base:
        return _fallen(held, departure, step), None
    rise = rises.rise(departure, needed.confidence, course, step)
    if rise.came_back or not needed.confidence:
        settled = dataclasses.replace(held, departure=None, recent=departure.levels[-2:], fell_from=None, fell_at=None)
        return settled, rise if rise.came_back and rises.was_out(departure, course) else None
    new = begun(course=held, at=at, percent=percent, pages=pages, step=step)
    return dataclasses.replace(new, agreeing=SETTLED_READINGS, recent=(*departure.levels, percent)[-3:]), rise


def _seen_again(
    before: t.Departure, course: t.Course, at: datetime, percent: float, pages: int | None, step: float | None
) -> t.Departure:
    """Once more of the same kind; what was used since it began is added, so that use does not hide how far it rose."""
    then = percent
    if before.level > before.from_percent:
        then = min(percent + usage.since_departure(course, before, at, pages, step), max(100.0, percent))
    reach = (*before.reach, then)[:KEPT]
    return dataclasses.replace(
        before,
        count=before.count + 1,
        levels=(*before.levels, percent)[:KEPT],
        reach=reach,
        level=rises.reached(reach, before.from_percent, step),
        missed=0,
        leap=None,
        leap_at=None,
    )


def _is_stale(course: t.Course, at: datetime, percent: float) -> bool:
    """One reading long before says nothing of a higher one, or of one after the level was seen to be back."""
    waiting = course.departure
    if waiting is None or waiting.count > 1 or course.measured_at is None:
        return False
    if waiting.missed:
        return at - waiting.began_at > max(usage.SUDDEN, usage.longest_interval(course))
    is_long = at - course.measured_at > rises.OUT_AT_MOST
    return is_long and percent > waiting.level + rises.BACK_HIGHER_POINTS


def _leaps_on(before: t.Departure, course: t.Course, at: datetime, percent: float, step: float | None) -> bool:
    """A shaken cartridge that is replaced after all: a second rise on top of the first is looked at by itself."""
    is_up = before.level > before.from_percent
    steps = 0.9 if usage.is_after_gap(course, at) else 1.4
    return is_up and percent - before.level >= max(rises.LEAST_FALL_POINTS, steps * (step or 0.0))


def _fallen(course: t.Course, departure: t.Departure, step: float | None) -> t.Course:
    """A fall that lasts is believed; what a deep one fell from is kept, should the cartridge come back."""
    fall = departure.from_percent - departure.level
    is_out = departure.level <= OUT_PERCENT and step is not None and not usage.is_coarse(step)
    deep = fall >= max(rises.LEAST_OUT_POINTS, 1.8 * (step or 0.0)) or (is_out and fall >= rises.LEAST_FALL_POINTS)
    fell = (departure.from_percent, departure.began_at) if deep else (None, None)
    pages = departure.pages if deep else None
    said = tuple(level for level in departure.levels if level) or departure.levels  # zeros say little beside others
    recent = tuple(level for level in said if abs(level - _middle(said)) < LEAST_RISE_POINTS)[-2:]
    return dataclasses.replace(
        course, departure=None, recent=recent, anchor=None, top=None,
        fell_from=fell[0], fell_at=fell[1], fell_pages=pages,
    )  # fmt: skip


def _came_unseen(
    course: t.Course, at: datetime, percent: float, pages: int | None, base: float, step: float | None
) -> Rise | None:
    """A cartridge that came while nothing was measured: more pages than what was left could have printed."""
    if not usage.is_after_gap(course, at) or pages is None or course.pages is None:
        return None
    a_point = usage.pages_a_point(course, step)
    if a_point is None:
        return None
    used = (pages - course.pages) / a_point
    seen = base - percent
    if used - seen < WHOLE_CARTRIDGE_PERCENT + (step or 0.0) or used < base:
        return None
    return Rise(at, base, percent, t.CartridgeEvidence.PAGES, 0.75)
