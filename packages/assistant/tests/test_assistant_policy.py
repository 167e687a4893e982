"""Portal and computer agree on what may be done: the computer can only narrow, and nonsense stops nothing."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge_assistant.service import policy, portal_settings, ranges, settings, standing
from econcierge_printers import clock, targets

DATA = Path("data")
PLACES = ("10.0.0.0/29", "10.0.0.2-10.0.0.12", "10.0.0.4", "10.0.0.4:1161", "10.1.0.0/30", "printer.lan", "fe80::1")
DENIED = ("10.0.0.9", "00:11:22:33:44:55", "10.1.0.0/30")
texts = st.lists(st.sampled_from(PLACES), max_size=4)
seconds = st.none() | st.floats(1.0, 100_000.0)
times = st.none() | st.times().map(lambda at: at.replace(second=0, microsecond=0))
ALL = tuple(targets.Target(f"10.{net}.0.{n}") for net in (0, 1) for n in range(20)) + tuple(
    targets.parse_target(text) for text in ("10.0.0.4:1161", "10.0.0.5:1161", "printer.lan", "fe80::1", "other.lan")
)


@st.composite
def locals_(draw: st.DrawFn) -> settings.Settings:
    begins, ends = draw(times), draw(times)
    return settings.Settings(
        data=DATA,
        range=tuple(draw(texts)),
        deny=tuple(draw(st.lists(st.sampled_from(DENIED)))),
        interval_s=draw(seconds),
        near_empty_interval_s=draw(seconds),
        night_interval_s=draw(seconds),
        heartbeat_h=draw(seconds),
        night_from=begins if ends is not None else None,
        night_to=ends if begins is not None else None,
        discover=draw(st.none() | st.booleans()),
        methods=tuple(draw(st.lists(st.sampled_from(policy.METHODS), unique=True))),
    )


@st.composite
def portals(draw: st.DrawFn) -> portal_settings.PortalSettings:
    begins, ends = draw(times), draw(times)
    return portal_settings.PortalSettings(
        ranges=draw(st.none() | texts.map(tuple)),
        deny=draw(st.none() | st.lists(st.sampled_from(DENIED)).map(tuple)),
        interval_s=draw(seconds),
        near_empty_interval_s=draw(seconds),
        night_interval_s=draw(seconds),
        heartbeat_h=draw(seconds),
        night_from=begins if ends is not None else None,
        night_to=ends if begins is not None else None,
        discover=draw(st.none() | st.booleans()),
        methods=draw(st.none() | st.lists(st.sampled_from(policy.METHODS), unique=True).map(tuple)),
    )


def within(places: Any, target: targets.Target) -> bool:
    return not places or target in ranges.parse(places)


@given(locals_(), portals())
def test_places_are_those_of_both_and_denials_of_either(
    local: settings.Settings, portal: portal_settings.PortalSettings
) -> None:
    made = policy.merge(local=local, portal=portal)
    for target in ALL:
        may = made.ranges is None or target in ranges.parse(made.ranges)
        assert may == (within(local.range, target) and within(portal.ranges, target))
    assert set(made.deny) == set(local.deny) | set(portal.deny or ())
    assert (made.ranges is None) == (not local.range and not portal.ranges)


@given(locals_(), portals())
def test_pauses_are_the_longer_ones_and_ways_those_of_both(
    local: settings.Settings, portal: portal_settings.PortalSettings
) -> None:
    made = policy.merge(local=local, portal=portal)
    for name in ("interval_s", "near_empty_interval_s", "night_interval_s", "heartbeat_h"):
        said = [each for each in (getattr(local, name), getattr(portal, name)) if each is not None]
        assert not said or getattr(made, name) == max(said)
    assert set(made.methods) <= set(portal.methods if portal.methods is not None else policy.METHODS)
    assert not local.methods or set(made.methods) <= set(local.methods)
    assert made.discover == (local.discover is not False and portal.discover is not False)


@given(locals_(), portals(), st.integers(0, 1439))
def test_quiet_hours_hold_those_of_both(
    local: settings.Settings, portal: portal_settings.PortalSettings, minute: int
) -> None:
    made = policy.merge(local=local, portal=portal)
    at = time(*divmod(minute, 60))
    both = ((local.night_from, local.night_to), (portal.night_from, portal.night_to))
    quiet = any(is_between(begins, ends, at) for begins, ends in both)
    last = (made.night_to.hour * 60 + made.night_to.minute) % 1440
    assert not quiet or is_between(made.night_from, made.night_to, at) or minute == last  # at most a day less a minute


def is_between(begins: time | None, ends: time | None, at: time) -> bool:
    if begins is None or ends is None:
        return False
    return begins <= at < ends if begins <= ends else at >= begins or at < ends


@pytest.mark.parametrize(
    ("portal", "interval_s"), [({}, 0.25), ({"interval_s": 1800}, 0.5), ({"interval_s": 36_000}, 10.0)]
)
def test_the_portals_seconds_are_those_of_the_demos_clock(portal: dict[str, Any], interval_s: float) -> None:
    local = settings.Settings(data=DATA)
    assert policy.merge(local=local, portal=portal_settings.from_json(portal), speed=3600.0).interval_s == interval_s
    named = settings.Settings(data=DATA, interval_s=1.0)
    assert policy.merge(local=named, portal=portal_settings.from_json(portal), speed=3600.0).interval_s >= 1.0


def test_the_portals_answer_is_understood_as_it_is_written() -> None:
    found = portal_settings.from_json(
        {
            "version": 3,
            "interval_s": 900,
            "night_from": "20:00",
            "night_to": "06:00",
            "time_zone": "America/Toronto",
            "ranges": ["10.0.0.0/24", "127.0.0.1:20161"],
            "deny": ["10.0.0.9"],
            "site": {"slug": "hq", "name": "Head office"},
            "something_new": [1],
            "discovery_at": None,
        }
    )
    made = policy.merge(local=settings.Settings(data=DATA), portal=found)
    assert (made.version, made.site, str(made.zone)) == (3, "Head office", "America/Toronto")
    assert made.ranges == ("10.0.0.0/24", "127.0.0.1:20161")
    assert (made.night_from, made.night_to, made.unusable) == (time(20), time(6), ())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("interval_s", value) for value in ("soon", True, 0, -1, float("inf"), float("nan"), 1e12, [1])],
        *[("night_from", value) for value in ("25:00", 20, "8 pm")],
        *[("ranges", value) for value in ("10.0.0.0/24", [7], ["10.0.0.0/24"] * 2_000)],
        *[("site", value) for value in ("hq", {}, {"name": 7})],
        ("discover", "yes"),
        ("version", "3"),
        ("time_zone", "a\nb"),
    ],
)
def test_one_key_that_makes_no_sense_is_named_and_left_out(name: str, value: Any) -> None:
    found = portal_settings.from_json({name: value, "heartbeat_h": 5})
    assert (found.unusable, getattr(found, name), found.heartbeat_h) == ((name,), None, 5.0)


@pytest.mark.parametrize("bad", ["10.0.0.0/8", "10.0.0.9-10.0.0.1", "host:99999"])
def test_one_unusable_range_or_denial_does_not_stop_the_others(bad: str) -> None:
    portal = portal_settings.PortalSettings(
        ranges=("10.0.0.0/24", bad), deny=("10.0.0.9", "10.0.0.0/99"), time_zone="Mars/Olympus"
    )
    made = policy.merge(local=settings.Settings(data=DATA), portal=portal)
    assert (made.ranges, made.deny) == (("10.0.0.0/24",), ("10.0.0.9",))
    assert made.unusable == (bad, "10.0.0.0/99", "time_zone")


def test_nothing_in_common_is_nothing_at_all() -> None:
    local = settings.Settings(data=DATA, range=("10.1.0.0/24",))
    made = policy.merge(local=local, portal=portal_settings.PortalSettings(ranges=("10.0.0.0/24",)))
    assert made.ranges == ()


words = st.none() | st.booleans() | st.floats() | st.text(max_size=9)
anything = st.recursive(words, lambda inner: st.lists(inner, max_size=3), max_leaves=4)


@given(st.dictionaries(st.sampled_from(sorted(portal_settings.PortalSettings.__slots__)), anything))
def test_whatever_the_portal_says_there_is_a_policy(body: dict[str, Any]) -> None:
    made = policy.merge(local=settings.Settings(data=DATA), portal=portal_settings.from_json(body))
    assert made.interval_s > 0
    assert policy.pace(made, discovery_interval_s=86_400.0).interval_s == made.interval_s


@pytest.mark.parametrize(
    "place", ["8.8.8.0/24", "8.8.8.8", "8.8.8.8:1161", "9.255.255.0-10.0.0.9", "2001:4860:4860::8888"]
)
def test_the_portal_cannot_send_communities_to_the_internet(place: str) -> None:
    portal = portal_settings.PortalSettings(ranges=("10.0.0.0/24", place, "printer.lan", "nonsense/"))
    made = policy.merge(local=settings.Settings(data=DATA), portal=portal)
    assert (made.ranges, made.public, made.unusable) == (("10.0.0.0/24", "printer.lan"), (place,), ("nonsense/",))
    named = policy.merge(local=settings.Settings(data=DATA, range=(place,)), portal=portal)
    assert named.public == ()
    assert named.ranges is not None
    assert targets.Target("8.8.8.8") in ranges.parse(named.ranges) or place != "8.8.8.0/24"


def test_public_addresses_are_told_as_a_problem() -> None:
    stands = standing.Standing(now=clock.system_clock)
    portal = portal_settings.PortalSettings(ranges=("8.8.8.0/24",))
    stands.rule(policy.merge(local=settings.Settings(data=DATA), portal=portal))
    assert [(said.code, "8.8.8.0/24" in said.fr) for said in stands.told()] == [("places_public", True)]
