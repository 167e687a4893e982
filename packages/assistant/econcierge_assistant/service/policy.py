"""What the service may do: the portal's settings, narrowed by this computer's own. Pure: it sees values only.

A local setting can only narrow: fewer places, more that is left alone, longer pauses, longer quiet hours. What the
portal does not say is the local value, else the default. What cannot be understood is left out and told, never
a crash: an unusable range of the portal must not stop the usable ones.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time, tzinfo

from econcierge_assistant.service import deny, errors, pacing, portal_settings, ranges, settings

METHODS = ("sweep", "mdns", "broadcast")
INTERVAL_S = 900.0
_DAY_MIN = 1_440
_NIGHT = (time(20), time(6))


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds now. Intervals are real seconds; `zone` None is this computer's own.

    `ranges`: None when nobody named any place; empty when portal and computer name places that have nothing in common.
    """

    version: int | None = None
    interval_s: float = INTERVAL_S
    near_empty_interval_s: float = 300.0
    night_interval_s: float = 3600.0
    heartbeat_h: float = 6.0
    night_from: time = _NIGHT[0]
    night_to: time = _NIGHT[1]
    zone: tzinfo | None = None
    discovery_at: time = time(3)
    discover: bool = True
    methods: tuple[str, ...] = METHODS
    ranges: tuple[str, ...] | None = None
    deny: tuple[str, ...] = ()
    site: str = ""
    customer: str = ""
    language: str = ""
    speed: float = 1.0  # how many of the clock's seconds pass in a real one
    unusable: tuple[str, ...] = field(default=(), compare=False)
    public: tuple[str, ...] = field(default=(), compare=False)  # places of the portal that are on the Internet


def merge(*, local: settings.Settings, portal: portal_settings.PortalSettings, speed: float = 1.0) -> Policy:
    """The portal's settings, narrowed by this computer's.

    The portal speaks of its clock's seconds, this computer's settings of real ones; `speed` is how many of the former
    pass in one of the latter (1 outside the demo).
    """
    places, left_out, public = _places(local.range, portal.ranges)
    denied, not_denied = _denied(portal.deny or ())
    night_from, night_to = _night(local, portal)
    zone, zone_trouble = _zone(portal.time_zone)
    interval_s = _longer(local.interval_s, _real(portal.interval_s, speed), INTERVAL_S / speed)
    return Policy(
        version=portal.version,
        interval_s=interval_s,
        near_empty_interval_s=_longer(
            local.near_empty_interval_s, _real(portal.near_empty_interval_s, speed), interval_s / 3.0
        ),
        night_interval_s=_longer(local.night_interval_s, _real(portal.night_interval_s, speed), interval_s * 4.0),
        heartbeat_h=_longer(local.heartbeat_h, portal.heartbeat_h, 6.0),
        night_from=night_from,
        night_to=night_to,
        zone=zone,
        discovery_at=portal.discovery_at or time(3),
        discover=local.discover is not False and portal.discover is not False,
        methods=_methods(local, portal),
        ranges=places,
        deny=tuple(dict.fromkeys((*denied, *local.deny))),
        site=portal.site or "",
        customer=portal.customer or "",
        language=portal.language or "",
        speed=speed,
        unusable=(*portal.unusable, *left_out, *not_denied, *zone_trouble),
        public=public,
    )


def pace(policy: Policy, *, discovery_interval_s: float) -> pacing.Pace:
    """How often printers are asked and the network is searched."""
    return pacing.Pace(
        interval_s=policy.interval_s,
        near_empty_interval_s=policy.near_empty_interval_s,
        night_interval_s=policy.night_interval_s,
        night_from=policy.night_from,
        night_to=policy.night_to,
        discover=policy.discover,
        discovery_at=policy.discovery_at,
        discovery_interval_s=discovery_interval_s,
        zone=policy.zone,
        speed=policy.speed,
    )


def _longer(local: float | None, portal: float | None, default: float) -> float:
    said = [each for each in (local, portal) if each is not None]
    return max(said, default=default)


def _real(portal_s: float | None, speed: float) -> float | None:
    return None if portal_s is None else portal_s / speed


def _methods(local: settings.Settings, portal: portal_settings.PortalSettings) -> tuple[str, ...]:
    """Whoever names places and no more wants these asked; whoever names none is spared the question."""
    usual = ("sweep",) if local.range and not local.methods else METHODS
    chosen = usual if portal.methods is None else portal.methods
    return tuple(each for each in chosen if not local.methods or each in local.methods)


def _zone(name: str | None) -> tuple[tzinfo | None, tuple[str, ...]]:
    """The named zone; this computer's own where its system does not know that name."""
    if name is None:
        return None, ()
    try:
        return zoneinfo.ZoneInfo(name), ()
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None, ("time_zone",)


def _places(
    local: Sequence[str], portal: Sequence[str] | None
) -> tuple[tuple[str, ...] | None, tuple[str, ...], tuple[str, ...]]:
    """The places that both allow; one side alone when the other names none; the portal's unusable and public ones.

    A public place is asked only when this computer names it itself: communities travel in clear.
    """
    if not portal:
        return tuple(local) or None, (), ()
    public = () if local else tuple(text for text in portal if _is_public(text))
    usable, left_out = _usable([text for text in portal if text not in public])
    return (intersection(local, usable) if local else usable), left_out, public


def _is_public(text: str) -> bool:
    try:
        return ranges.part(text).is_public
    except ValueError:  # for `_usable` to tell
        return False


def _usable(texts: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """As many of them, in order, as make no more addresses than a service looks at."""
    usable: list[str] = []
    left_out: list[str] = []
    for text in texts:
        try:
            ranges.parse([*usable, text])
        except errors.BadSettings:
            left_out.append(text)
        else:
            usable.append(text)
    return tuple(usable), tuple(left_out)


def _denied(texts: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Those that are understood, and those that are not."""
    usable: list[str] = []
    left_out: list[str] = []
    for text in texts:
        try:
            deny.parse([text])
        except errors.BadSettings:
            left_out.append(text)
        else:
            usable.append(text)
    return tuple(usable), tuple(left_out)


def intersection(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """Places in both lists, in the order of the first. A host name is in both only when both name it."""
    found = [
        common
        for left in ranges.parse(one).parts
        for right in ranges.parse(other).parts
        if (common := _common(left, right)) is not None
    ]
    return tuple(dict.fromkeys(found))


def _common(left: ranges.Range | ranges.Single, right: ranges.Range | ranges.Single) -> str | None:
    if isinstance(left, ranges.Single):
        same = left == right if isinstance(right, ranges.Single) else left.target in right
        return str(left.target) if same else None
    if isinstance(right, ranges.Single):
        return str(right.target) if right.target in left else None
    if left.first.version != right.first.version:
        return None
    first = left.first if int(left.first) >= int(right.first) else right.first
    last = left.last if int(left.last) <= int(right.last) else right.last
    return None if int(first) > int(last) else f"{first}-{last}"


def _night(local: settings.Settings, portal: portal_settings.PortalSettings) -> tuple[time, time]:
    """Quiet hours that hold the quiet hours of both."""
    said = [
        (begins, ends)
        for begins, ends in (
            (local.night_from, local.night_to),
            (portal.night_from, portal.night_to),
        )
        if begins is not None and ends is not None
    ]
    quiet = [each for each in said if each[0] != each[1]]
    if not said:
        return _NIGHT
    return _cover(quiet) if quiet else said[0]


def _cover(periods: Sequence[tuple[time, time]]) -> tuple[time, time]:
    """The shortest period of the day that holds all of them; at most a day less a minute."""
    arcs = [(_minute(begins), (_minute(ends) - _minute(begins)) % _DAY_MIN) for begins, ends in periods]
    lengths = {start: max((begins - start) % _DAY_MIN + length for begins, length in arcs) for start, _ in arcs}
    start = min(lengths, key=lambda each: lengths[each])
    end = (start + min(lengths[start], _DAY_MIN - 1)) % _DAY_MIN
    return time(*divmod(start, 60)), time(*divmod(end, 60))


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
