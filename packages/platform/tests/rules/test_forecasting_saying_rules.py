"""What was said is kept where it tells something later."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from econcierge.forecasting import saying
from econcierge.forecasting.saying import Saying

ON = date(2026, 3, 2)


def said(day: int, empty_in: int) -> Saying:
    """On the nth day from `ON`, that it is empty so many days after `ON`."""
    at = ON + timedelta(days=empty_in)
    return Saying(ON + timedelta(days=day), at - timedelta(days=5), at, at + timedelta(days=5))


CASES = [
    ("the first", None, said(0, 40), True),
    ("the same day again", said(0, 40), said(0, 90), False),
    ("nothing new after two days", said(0, 40), said(2, 41), False),
    ("a week later", said(0, 40), said(7, 40), True),
    ("moved much", said(0, 40), said(1, 60), True),
    ("moved little, far ahead", said(0, 100), said(1, 110), False),
    ("moved by days, near", said(0, 10), said(1, 5), True),
]


@pytest.mark.parametrize(("says", "before", "now", "kept"), CASES, ids=[row[0] for row in CASES])
def test_what_is_kept(says: str, before: Saying | None, now: Saying, kept: bool) -> None:
    assert saying.is_worth_keeping(before=before, now=now) is kept


def test_the_last_that_was_said_well_ahead_counts() -> None:
    sayings = [said(0, 40), said(7, 42), said(14, 41), said(28, 39)]
    assert saying.that_counts(sayings, was_on=ON + timedelta(days=30)) == sayings[2]
    assert saying.that_counts(sayings[3:], was_on=ON + timedelta(days=30)) is None
