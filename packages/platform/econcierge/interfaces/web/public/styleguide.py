"""Every component in all its states on one page, for those who build and review; only in a demo or when debugging."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from econcierge.core import clock
from econcierge.interfaces.web import bars, charts
from econcierge.supplies.types import SlotView


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    shown = [bars.bar(slot, now=now) for slot in _slots(now)]
    chart = charts.levels(_series(now), since=now - timedelta(days=120), now=now, title="Levels")
    row = {"supplies": shown[:13], "others": shown[13:]}
    return render(request, "public/styleguide.html", {"bars": shown, "row": row, "chart": chart})


def _slots(now: datetime) -> list[SlotView]:
    return [
        _slot(now, colour="black", percent=43.0),
        _slot(now, colour="cyan", percent=71.0),
        _slot(now, colour="magenta", percent=12.0, episode="low"),
        _slot(now, colour="yellow", percent=3.0, episode="almost_empty"),
        _slot(now, colour="yellow", percent=88.0),
        _slot(now, colour="black", percent=50.0, step=25.0),
        _slot(now, colour="cyan", percent=60.0, age=timedelta(hours=30)),
        _slot(now, colour="black", percent=60.0, age=timedelta(days=9)),
        _slot(now, colour="black", state="some_remaining"),
        _slot(now, colour="cyan", state="unknown"),
        _slot(now, colour="magenta", state="unknown", last_percent=34.0, age=timedelta(hours=5)),
        _slot(now, colour="black", state="overdue"),
        _slot(now, colour="black", state="implausible"),
        _slot(now, kind="waste_container", percent=80.0),
        _slot(now, kind="drum", colour="black", percent=100.0),
    ]


def _slot(
    now: datetime, *, kind: str = "toner", colour: str = "", state: str = "measured", percent: float | None = None,
    last_percent: float | None = None, step: float | None = None, episode: str = "",
    age: timedelta = timedelta(hours=1),
) -> SlotView:  # fmt: skip
    said = now - age
    return SlotView(
        slot_id=1, printer_id=1, index="1.1", kind=kind, colour=colour, supply_class="consumed", description="",
        state=state, percent=percent, last_percent=last_percent if percent is None else percent, step=step,
        measured_at=said, read_at=said, changed_at=said, part_number="", cartridge_serial="", installed_at=None,
        episode=episode, low_percent=20.0,
    )  # fmt: skip


def _series(now: datetime) -> list[charts.Series]:
    def falling(start: float, days_each: float, came: int | None) -> tuple[tuple[datetime, float | None], ...]:
        points = []
        for day in range(0, 121, 3):
            level = start - day / days_each
            if came is not None and day >= came:
                level = 100 - (day - came) / days_each
            points.append((now - timedelta(days=120 - day), max(0.0, level)))
        return tuple(points)

    replaced = now - timedelta(days=120 - 60)
    return [
        charts.Series("black toner", "black", "black", falling(70, 0.9, 60), (replaced,)),
        charts.Series("cyan toner", "cyan", "cyan", falling(95, 2.5, None)),
        charts.Series("magenta toner", "magenta", "magenta", falling(92, 2.2, None)),
        charts.Series("yellow toner", "yellow", "yellow", falling(80, 3.5, None)),
    ]
