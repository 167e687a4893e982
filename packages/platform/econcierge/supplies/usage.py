"""How much of a cartridge was used between two moments, by its pages or days, as far as its slot showed. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from econcierge.supplies import types as t

LEAST_LEARNT_POINTS = 30.0  # of decline, beside a step of the gauge, before pages or days a point are believed
AT_LEAST = 0.7  # of what the pages printed would have used: some have little on them
AT_LEAST_BY_DAYS = 0.5  # the same, where there are only days to go by
PAGES_A_POINT_AT_LEAST = 2.0  # a fall with fewer pages than this for each point was no printing
SUDDEN = timedelta(days=3)
GAP = timedelta(days=2)  # without a level
GAP_INTERVALS = 2.5  # or so many of the usual ones, where readings are rare
COARSE_STEP_POINTS = 15.0
GRID_STEP_POINTS = 5.0  # a gauge with steps as large says nothing between them
OFF_GRID_POINTS = 0.6
COARSE_OFF_GRID_POINTS = 1.5  # thirds are told as 33, 66 and 99, or as 33, 67 and 100
DAY = timedelta(days=1)


def since_course(course: t.Course, at: datetime, pages: int | None, step: float | None) -> float:
    """Points that were surely used since the course was last seen."""
    if (departure := course.departure) is not None:
        return at_least(course, (departure.course_at, departure.course_pages), (at, pages), step)
    return at_least(course, (course.measured_at, course.pages), (at, pages), step)


def since_departure(
    course: t.Course, departure: t.Departure, at: datetime, pages: int | None, step: float | None
) -> float:
    return at_least(course, (departure.began_at, departure.pages), (at, pages), step)


def at_least(
    course: t.Course,
    since: tuple[datetime | None, int | None],
    until: tuple[datetime, int | None],
    step: float | None,
) -> float:
    """Points used between two moments, each with its page count where that is told; 0 where nothing was learnt."""
    (since_at, since_pages), (until_at, until_pages) = since, until
    if since_pages is not None and until_pages is not None:
        a_point = pages_a_point(course, step)
        return AT_LEAST * max(until_pages - since_pages, 0) / a_point if a_point else 0.0
    a_day = points_a_day(course, step)
    if a_day is None or since_at is None:
        return 0.0
    return AT_LEAST_BY_DAYS * a_day * ((until_at - since_at) / DAY)


def pages_a_point(course: t.Course, step: float | None) -> float | None:
    """Of this cartridge where it was seen to fall far enough; else of the one before."""
    pages_now = course.pages if course.departure is None else course.departure.course_pages
    if course.anchor is None or pages_now is None or not course.recent:
        return course.pages_a_point
    points, pages = course.anchor[0] - course.recent[-1], pages_now - course.anchor[1]
    return pages / points if points >= LEAST_LEARNT_POINTS + (step or 0.0) and pages > 0 else course.pages_a_point


def points_a_day(course: t.Course, step: float | None) -> float | None:
    """Of this cartridge where it was seen to fall far enough; else of the one before."""
    seen_at = course.measured_at if course.departure is None else course.departure.course_at
    if course.top is None or course.top_at is None or seen_at is None or not course.recent:
        return course.points_a_day
    points, days = course.top - course.recent[-1], (seen_at - course.top_at) / DAY
    return points / days if points >= LEAST_LEARNT_POINTS + (step or 0.0) and days > 0 else course.points_a_day


def is_sudden(course: t.Course, at: datetime, pages: int | None, fall: float, step: float | None) -> bool:
    """A fall that neither time nor pages explain."""
    if course.measured_at is None or at - course.measured_at > SUDDEN:
        return False
    if pages is None or course.pages is None:
        return True
    return pages - course.pages < fall * (pages_a_point(course, step) or PAGES_A_POINT_AT_LEAST) / 2


def is_explained(course: t.Course, pages: int | None, fall: float, step: float | None) -> bool:
    """Whether so many pages were printed as the fall needs, by what is known of this slot."""
    a_point = pages_a_point(course, step)
    if pages is None or course.pages is None or a_point is None:
        return False
    return pages - course.pages >= fall * a_point / 2


def is_after_gap(course: t.Course, at: datetime) -> bool:
    """Nothing was measured for days, and for longer than usual."""
    return course.measured_at is not None and is_gap(course, at - course.measured_at)


def is_gap(course: t.Course, silence: timedelta) -> bool:
    return silence >= max(GAP, longest_interval(course))


def longest_interval(course: t.Course) -> timedelta:
    return GAP_INTERVALS * timedelta(hours=course.interval_hours or 0.0)


def interval_hours(course: t.Course, at: datetime) -> float | None:
    """The usual time between two levels; it shortens at once and lengthens slowly, so that silences count little."""
    if course.measured_at is None or at <= course.measured_at:
        return course.interval_hours
    hours = (at - course.measured_at) / timedelta(hours=1)
    if course.interval_hours is None:
        return hours
    change = hours - course.interval_hours
    return course.interval_hours + (change / 2 if change < 0 else min(change, course.interval_hours) / 10)


def is_coarse(step: float | None) -> bool:
    return step is not None and step >= COARSE_STEP_POINTS


def is_off_grid(percent: float, step: float | None) -> bool:
    """Between two steps of a gauge with large ones, which says no such thing."""
    if step is None or step < GRID_STEP_POINTS or percent in (0.0, 100.0):
        return False
    allowed = COARSE_OFF_GRID_POINTS if is_coarse(step) and 100 % step else OFF_GRID_POINTS
    return abs(percent - step * round(percent / step)) > allowed


def later(course: t.Course, pages: int | None) -> int | None:
    return course.pages if pages is None else pages
