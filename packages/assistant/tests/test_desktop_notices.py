"""Notifications: once for each supply and mark (P05, P06, P26, P28)."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from econcierge_assistant.desktop.core import notices
from econcierge_assistant.desktop.core.notices import Noted
from econcierge_assistant.desktop.core.types import Coming, Printer, Supply

TONER = Supply(slot_id="1001", index="1.1", kind="toner", colour="black", name="Black toner")
COMING = Coming(order_id="o", number="PP-1", state="placed", expected_on=None, text="")


def printer(word: str, percent: float | None, coming: Coming | None = None) -> Printer:
    return Printer(printer_id="1", name="A", supplies=(replace(TONER, word=word, percent=percent, coming=coming),))


def told(history: list[Printer]) -> list[str]:
    """What each look told: the word of the supply, "" for nothing."""
    noted: dict[str, Noted] = {}
    said = []
    for each in history:
        notice, noted = notices.decide(printers=[each], noted=noted)
        said.append(notice.needs[0].supply.word if notice else "")
    return said


def test_low_once_and_almost_empty_once() -> None:
    history = [printer("fine", 30), printer("low", 19), printer("low", 15), printer("almost_empty", 4)]
    history += [printer("almost_empty", 3), printer("empty", 0)]
    assert told(history) == ["", "low", "", "almost_empty", "", ""]


def test_a_new_cartridge_is_told_of_again() -> None:
    history = [printer("low", 18), printer("fine", 100), printer("low", 19)]
    assert told(history) == ["low", "", "low"]


def test_flapping_around_the_mark_and_sleep_are_no_news() -> None:
    history = [printer("low", 20), printer("fine", 21), printer("low", 19), printer("not_reported", None)]
    assert told([*history, printer("low", 19)]) == ["low", "", "", "", ""]


def test_what_is_on_its_way_is_told_only_when_its_order_is_gone() -> None:
    assert told([printer("low", 18, COMING), printer("low", 17)]) == ["", "low"]


def test_several_are_one_notification() -> None:
    printers = [replace(printer("low", 10), printer_id=str(number), name=str(number), supplies=(
        replace(TONER, slot_id=str(number), word="low", percent=10.0),)) for number in range(5)]  # fmt: skip
    notice, noted = notices.decide(printers=printers, noted={})
    assert notice is not None
    assert len(notice.needs) == 5
    assert notices.decide(printers=printers, noted=noted)[0] is None


WORDS = st.sampled_from(["fine", "low", "almost_empty", "empty", "not_reported", "some_left", "implausible"])


@given(st.lists(st.tuples(WORDS, st.none() | st.floats(0, 100)), max_size=30))
def test_between_two_cartridges_at_most_two_notifications(looks: list[tuple[str, float | None]]) -> None:
    count = 0
    noted: dict[str, Noted] = {}
    for word, percent in looks:
        before = noted
        notice, noted = notices.decide(printers=[printer(word, percent)], noted=noted)
        if before and not noted:
            count = 0
        count += notice is not None
        assert count <= 2
