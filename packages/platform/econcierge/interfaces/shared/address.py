"""From which address a request comes, also behind proxies: what counts for how often somebody may ask."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from typing import TypeAlias

from django.conf import settings
from django.http import HttpRequest

TrustedProxies: TypeAlias = int | tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
WITH_PORT = re.compile(r"\[(?P<v6>[0-9a-fA-F:.]+)\](:\d+)?|(?P<v4>[0-9.]+):\d+")


def of(request: HttpRequest) -> str:
    """The last address that no proxy of ours has (`ECONCIERGE_TRUSTED_PROXIES`); whoever talks to us where none is set.

    `X-Forwarded-For` grows to the right, each proxy adding whom it heard; what stands left of an address that is not
    ours may be invented.
    """
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    heard = [*(one.strip() for one in forwarded if one.strip()), request.META.get("REMOTE_ADDR", "")]
    return last_untrusted(heard, trusted=settings.TRUSTED_PROXIES)


def last_untrusted(heard: Sequence[str], *, trusted: TrustedProxies) -> str:
    """`heard`: the way of a request, the nearest last. With a number of proxies, so many are passed over; with their
    networks, those that stand in them. What is no address is not believed: the proxy that said it counts."""
    nearest = ""
    for passed, text in enumerate(reversed(heard)):
        found = _address(text)
        if found is None:
            return nearest or text
        nearest = str(found)
        if passed >= trusted if isinstance(trusted, int) else not any(found in one for one in trusted):
            return nearest
    return nearest


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    match = WITH_PORT.fullmatch(text)
    try:
        found = ipaddress.ip_address(text if match is None else match["v6"] or match["v4"])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
