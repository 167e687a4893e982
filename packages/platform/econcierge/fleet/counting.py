"""A printer's life counter over its epochs. Pure.

A counter that goes back, or leaps further than any printer prints, is not believed at once: after a restart, or where
two sources are asked in turn, one reading says another number. Seen again and again it starts an epoch (P20); pages
are never negative, and none is counted twice.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime

from econcierge.fleet import types as t
from econcierge_printers.model import Counters

MOST_PAGES = 10**12  # more is no counter
BELIEVED_AFTER = 3  # readings of another count that agree with each other
NOTHING_BELIEVED_AFTER = 8  # while a printer starts it may count nothing for a while
SAME_COUNT_PAGES = 20  # sources of one printer differ by so many (QUIRKS 4)
PAGES_AT_ONCE = 2_000  # so many more, and what a fast press prints in the time between, are believed at once
PAGES_A_SECOND = 3.0


def counted(*, before: t.PageCount, said: Counters, at: datetime) -> t.PageCount:
    """The counter after a reading that says one; a count that is doubted waits in `doubt`."""
    if said.total is None or said.total > MOST_PAGES:
        return before
    if before.total is None:
        return t.PageCount(said.total, said.unit, before.before, at)
    if said.unit == before.unit:
        change = said.total - before.total
        if -SAME_COUNT_PAGES <= change < 0 and said.total > SAME_COUNT_PAGES:
            return dataclasses.replace(before, at=at, doubt=None)
        if 0 <= change <= _at_most(before, at):
            return t.PageCount(said.total, said.unit, before.before, at)
    return _doubted(before, said.total, said.unit, at)


def _at_most(before: t.PageCount, at: datetime) -> float:
    seconds = 0.0 if before.at is None else (at - before.at).total_seconds()
    return PAGES_AT_ONCE + PAGES_A_SECOND * max(seconds, 0.0)


def _doubted(before: t.PageCount, total: int, unit: str, at: datetime) -> t.PageCount:
    doubt = before.doubt
    if doubt is None or doubt.unit != unit or total < doubt.last or total - doubt.last > _at_most(before, at):
        doubt = t.Doubt(began_at=at, first=total, last=total, unit=unit, times=1)
    else:
        doubt = dataclasses.replace(doubt, last=total, times=doubt.times + 1)
    if doubt.times < (BELIEVED_AFTER if doubt.last > 0 else NOTHING_BELIEVED_AFTER):
        return dataclasses.replace(before, doubt=doubt)
    assert before.total is not None
    if unit == before.unit and doubt.first > before.total:
        return t.PageCount(total, unit, before.before, at)
    return t.PageCount(total, unit, before.before + before.total - doubt.first, at, epoch_began_at=doubt.began_at)
