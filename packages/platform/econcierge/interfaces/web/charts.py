"""Levels over time as server-made SVG: a line a supply with its letter at the end, replacements as notches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import dateformat, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from econcierge.interfaces.shared import moments, numbers

WIDTH, HEIGHT, LEFT, RIGHT, TOP = 760, 150, 46, 110, 10
LABEL_GAP = 13


@dataclass(frozen=True, slots=True)
class Series:
    """One supply's levels, oldest first; a percentage of None is a time without a number and breaks the line."""

    name: str
    label: str
    ink: str
    points: tuple[tuple[datetime, float | None], ...]
    replaced_at: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    since: datetime
    until: datetime

    def x(self, at: datetime) -> float:
        share = (at - self.since) / (self.until - self.since)
        return round(LEFT + min(1.0, max(0.0, share)) * (WIDTH - LEFT - RIGHT), 1)

    def y(self, percent: float) -> float:
        return round(TOP + (100 - percent) * HEIGHT / 100, 1)


def levels(series: Sequence[Series], *, since: datetime, now: datetime, title: str) -> SafeString:
    """The chart; `title` is its text alternative, the table beside it has the numbers."""
    frame = Frame(since, now)
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}</svg>',
        WIDTH, TOP + HEIGHT + 24, title, _grid(frame), _curves(series, frame),
        _notches(series, frame), _labels(series, frame),
    )  # fmt: skip


def _grid(frame: Frame) -> SafeString:
    rows = format_html_join(
        "",
        '<path class="grid" d="M{} {}H{}"/><text x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (LEFT, frame.y(value), WIDTH - RIGHT, LEFT - 6, frame.y(value) + 4, numbers.percent(value))
            for value in (0, 50, 100)
        ),
    )
    months = format_html_join(
        "",
        '<path class="grid" d="M{} {}v4"/><text x="{}" y="{}">{}</text>',
        ((frame.x(at), TOP + HEIGHT, frame.x(at), TOP + HEIGHT + 17, text) for at, text in _months(frame)),
    )
    return rows + months


def _months(frame: Frame) -> list[tuple[datetime, str]]:
    """The first of each month in the frame, and its short name."""
    at = timezone.localtime(frame.since).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found = []
    while at <= frame.until:
        if at >= frame.since:
            found.append((at, dateformat.format(at, "b" if moments.in_french() else "M")))
        at = (at + timedelta(days=32)).replace(day=1)
    return found


def _curves(series: Sequence[Series], frame: Frame) -> SafeString:
    return format_html_join(
        "", '<path class="curve {}" d="{}"/>', ((one.ink, _path(one, frame)) for one in series if one.points)
    )


def _path(one: Series, frame: Frame) -> str:
    """A level holds until the next is said, so that the line steps; after a replacement it starts anew."""
    parts: list[str] = []
    drawing = False
    for at, percent in one.points:
        if percent is None:
            drawing = False
            continue
        x, y = frame.x(at), frame.y(percent)
        parts.append(f"L{x} {y}" if drawing and at not in one.replaced_at else f"M{x} {y}")
        drawing = True
    if drawing:
        parts.append(f"H{frame.x(frame.until)}")
    return "".join(parts)


def _notches(series: Sequence[Series], frame: Frame) -> SafeString:
    return format_html_join(
        "",
        '<path class="notch" d="M{} {}v-8"><title>{}</title></path>',
        ((frame.x(at), TOP, one.name) for one in series for at in one.replaced_at if at >= frame.since),
    )


def _labels(series: Sequence[Series], frame: Frame) -> SafeString:
    """Each name at its line's end, moved apart where lines end close together."""
    ends = sorted(
        (frame.y(points[-1]), one.label)
        for one in series
        if (points := [percent for _at, percent in one.points if percent is not None])
    )
    placed: list[tuple[float, str]] = []
    for y, label in ends:
        lowest = placed[-1][0] + LABEL_GAP if placed else y
        placed.append((max(y, lowest), label))
    overflow = max(0.0, placed[-1][0] - (TOP + HEIGHT)) if placed else 0.0
    return format_html_join(
        "",
        '<text class="end" x="{}" y="{}">{}</text>',
        ((WIDTH - RIGHT + 8, round(y - overflow + 4, 1), label) for y, label in placed),
    )
