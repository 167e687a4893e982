"""Whose pace counts when proxies stand before the platform."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

import pytest

from econcierge.config import environment
from econcierge.interfaces.shared import address

OURS = (ipaddress.ip_network("10.0.0.0/24"), ipaddress.ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("heard", "trusted", "who"),
    [
        (["203.0.113.7", "10.0.0.1"], (), "10.0.0.1"),
        (["203.0.113.7", "10.0.0.1"], 0, "10.0.0.1"),
        (["203.0.113.7", "10.0.0.1"], 1, "203.0.113.7"),
        (["198.51.100.1", "203.0.113.7", "10.0.0.1"], 1, "203.0.113.7"),  # the first is invented
        (["203.0.113.7", "10.0.0.2", "10.0.0.1"], 2, "203.0.113.7"),
        (["10.0.0.1"], 1, "10.0.0.1"),
        (["198.51.100.1", "203.0.113.7", "10.0.0.2", "fd00::1"], OURS, "203.0.113.7"),
        (["198.51.100.1", "203.0.113.9"], OURS, "203.0.113.9"),  # not one of ours: nothing it says counts
        (["10.0.0.3", "10.0.0.1"], OURS, "10.0.0.3"),
        (["unknown", "10.0.0.1"], OURS, "10.0.0.1"),
        (["203.0.113.7:51000", "10.0.0.1"], 1, "203.0.113.7"),
        (["[2001:db8::7]:51000", "::ffff:10.0.0.1"], OURS, "2001:db8::7"),
        ([""], (), ""),
    ],
)
def test_the_last_address_that_is_not_ours(heard: list[str], trusted: address.TrustedProxies, who: str) -> None:
    assert address.last_untrusted(heard, trusted=trusted) == who


@pytest.mark.parametrize(
    ("text", "meant"),
    [("", ()), ("2", 2), ("10.0.0.0/24, fd00::/8", OURS), ("10.0.0.7", (ipaddress.ip_network("10.0.0.7"),))],
)
def test_the_setting(text: str, meant: address.TrustedProxies, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECONCIERGE_TRUSTED_PROXIES", text)
    assert environment.trusted_proxies("ECONCIERGE_TRUSTED_PROXIES") == meant


@pytest.mark.parametrize("text", ["proxy", "-1", "10.0.0.1/24", "1, 10.0.0.1 10.0.0.2"])
def test_a_setting_that_is_wrong_is_named(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECONCIERGE_TRUSTED_PROXIES", text)
    with pytest.raises(environment.SettingError, match="ECONCIERGE_TRUSTED_PROXIES"):
        environment.trusted_proxies("ECONCIERGE_TRUSTED_PROXIES")


@pytest.mark.django_db
def test_computers_behind_one_proxy_do_not_share_a_pace(
    computer: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from econcierge.interfaces.gateway import pairing
    from econcierge.interfaces.shared import pace

    monkeypatch.setattr(pairing, "ASKING", pace.Pace(per_second=0.1, burst=1, monotonic_s=lambda: 100.0))
    asks = computer().http

    def asked(client: str) -> int:
        answer = asks.post("/gateway/v1/pair", {"client_id": "assistant"}, headers={"X-Forwarded-For": client})
        return int(answer.status_code)

    assert [asked("203.0.113.7"), asked("203.0.113.8")] == [200, 429]  # nobody's word is taken
    pairing.ASKING.clear()
    monkeypatch.setattr(address.settings, "TRUSTED_PROXIES", 1)
    assert [asked("203.0.113.7"), asked("203.0.113.8"), asked("6.6.6.6, 203.0.113.7")] == [200, 200, 429]
