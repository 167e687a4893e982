"""Where to ask, as people write it."""

from __future__ import annotations

import pytest

from econcierge_printers.discovery import ranges
from econcierge_printers.targets import Target, parse_target


@pytest.mark.parametrize(
    ("text", "target", "shown"),
    [
        ("10.0.0.7", Target("10.0.0.7"), "10.0.0.7"),
        ("prt-1.example:1161", Target("prt-1.example", 1161), "prt-1.example:1161"),
        ("[fe80::1%eth0]", Target("fe80::1%eth0"), "fe80::1%eth0"),
        ("[2001:db8::7]:1161", Target("2001:db8::7", 1161), "[2001:db8::7]:1161"),
        ("2001:db8::7", Target("2001:db8::7"), "2001:db8::7"),
    ],
)
def test_targets(text: str, target: Target, shown: str) -> None:
    assert parse_target(text) == target
    assert str(target) == shown


@pytest.mark.parametrize("text", ["", ":161", "host:0", "host:70000", "host:x", "[::1", "[::1]x", "a b", "1:2:3"])
def test_what_is_no_target(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_target(text)


@pytest.mark.parametrize(
    ("spec", "hosts"),
    [
        ("10.0.0.0/30", ["10.0.0.1", "10.0.0.2"]),
        ("10.0.0.7/32", ["10.0.0.7"]),
        ("10.0.0.254-10.0.1.1", ["10.0.0.254", "10.0.0.255", "10.0.1.0", "10.0.1.1"]),
        ("10.0.0.5-7", ["10.0.0.5", "10.0.0.6", "10.0.0.7"]),
        ("prt-1.example", ["prt-1.example"]),
        ("2001:db8::/126", ["2001:db8::1", "2001:db8::2", "2001:db8::3"]),
    ],
)
def test_ranges(spec: str, hosts: list[str]) -> None:
    assert [target.host for target in ranges.targets(spec)] == hosts
    assert {target.port for target in ranges.targets(spec)} == {161}


def test_a_range_with_a_port() -> None:
    assert list(ranges.targets("127.0.0.0/30:1161")) == [Target("127.0.0.1", 1161), Target("127.0.0.2", 1161)]


@pytest.mark.parametrize("spec", ["", "10.0.0.0/8", "10.0.0.9-10.0.0.1", "10.0.0.0/99", "2001:db8::/32", "10.0.0.1-x"])
def test_what_is_no_range(spec: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        ranges.targets(spec)


@pytest.mark.parametrize(
    ("spec", "single"), [("prt-1", True), ("10.0.0.1", True), ("10.0.0.1-2", False), ("10.0.0.0/24", False)]
)
def test_only_single_hosts_are_missed(spec: str, single: bool) -> None:
    assert ranges.is_single(spec) is single
