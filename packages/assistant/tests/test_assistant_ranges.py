"""Ranges as people write them; too wide ones are refused before a packet leaves."""

from __future__ import annotations

import pytest

from econcierge_assistant.service import errors, ranges
from econcierge_printers.targets import Target


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.0.0.0/30", ["10.0.0.1", "10.0.0.2"]),
        ("10.0.0.1/30", ["10.0.0.1", "10.0.0.2"]),
        ("10.0.0.7/32", ["10.0.0.7"]),
        ("10.0.0.254-10.0.1.1", ["10.0.0.254", "10.0.0.255", "10.0.1.0", "10.0.1.1"]),
        ("10.0.0.8-9", ["10.0.0.8", "10.0.0.9"]),
        ("127.0.0.1:10161", ["127.0.0.1:10161"]),
        ("lab-printer.example.com", ["lab-printer.example.com"]),
        ("fd00::1-fd00::2", ["fd00::1", "fd00::2"]),
    ],
)
def test_a_range_is_what_people_mean(text: str, expected: list[str]) -> None:
    parsed = ranges.parse([text])
    assert [str(target) for target in parsed] == expected
    assert all(target in parsed for target in parsed)
    assert Target("192.0.2.1") not in parsed


def test_overlapping_ranges_name_each_target_once() -> None:
    assert len(list(ranges.parse(["10.0.0.0/29", "10.0.0.1-10.0.0.3", "10.0.0.2"]))) == 6


@pytest.mark.parametrize("text", ["10.0.0.0/8", "fd00::/64", "0.0.0.0/0", "10.0.0.0-10.255.255.255"])
def test_a_range_of_millions_is_refused_with_advice(text: str) -> None:
    with pytest.raises(errors.BadSettings, match="name the networks that really hold printers"):
        ranges.parse([text])


def test_many_ranges_together_are_counted_too() -> None:
    with pytest.raises(errors.BadSettings, match="more than 65,536"):
        ranges.parse(["10.1.0.0/16", "10.2.0.0/16"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10.0.0.0/33",
        "10.0.0.9-10.0.0.1",
        "10.0.0.1-x",
        "a b",
        "host:0",
        "10.0.0.8-300",
        "300.1.1.1",
        "10.0.0",
        "10.0.0.300:161",
    ],
)
def test_a_wrong_range_is_one_sentence(text: str) -> None:
    with pytest.raises(errors.BadSettings, match="is not understood"):
        ranges.parse([text])
