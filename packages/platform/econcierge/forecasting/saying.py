"""Which forecasts are worth keeping, so that people can see later what was said and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

EVERY_DAYS = 7
MOVED_DAYS = 3.0
MOVED_SHARE = 0.2  # of the time left
AHEAD_DAYS = 10  # a forecast of the last days before is no art


@dataclass(frozen=True, slots=True)
class Saying:
    """That on `said_on` a cartridge was expected to run out on `p50_on`, most likely between the other two."""

    said_on: date
    p10_on: date
    p50_on: date
    p90_on: date


@dataclass(frozen=True, slots=True)
class Kept:
    """What was said of a cartridge that is gone, beside the day on which it went."""

    saying: Saying
    was_on: date


def is_worth_keeping(*, before: Saying | None, now: Saying) -> bool:
    """The first of a cartridge, one a week, and what moved by days or by a fifth of the time left."""
    if before is None:
        return True
    if now.said_on <= before.said_on:
        return False
    left = max((before.p50_on - now.said_on).days, 0)
    moved = abs((now.p50_on - before.p50_on).days)
    return (now.said_on - before.said_on).days >= EVERY_DAYS or moved > max(MOVED_DAYS, MOVED_SHARE * left)


def that_counts(sayings: list[Saying], *, was_on: date) -> Saying | None:
    """Of what was said of a cartridge, oldest first: the last that was said well ahead; None when nothing was."""
    ahead = [one for one in sayings if one.said_on + timedelta(days=AHEAD_DAYS) <= was_on]
    return ahead[-1] if ahead else None
