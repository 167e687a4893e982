"""Ways to ask whether a process has begun to do its work."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path

import httpx

Check = Callable[[], bool]
ASK_S = 2.0


def http(url: str) -> Check:
    """It answers this address with a success."""

    def check() -> bool:
        try:
            return httpx.get(url, timeout=ASK_S, trust_env=False).is_success
        except httpx.TransportError:
            return False

    return check


def listening(*ports: int, host: str = "127.0.0.1") -> Check:
    """It takes connections on these ports."""

    def check() -> bool:
        return all(_connects(host, port) for port in ports)

    return check


def line(log: Path, containing: str) -> Check:
    """It has written such a line, not counting what stood in its log before."""
    start = log.stat().st_size if log.exists() else 0

    def check() -> bool:
        if not log.exists():
            return False
        with log.open("rb") as file:
            file.seek(start)
            return containing.encode() in file.read()

    return check


def alive_for(seconds: float) -> Check:
    """It has lived this long since the first question."""
    asked_first: list[float] = []

    def check() -> bool:
        asked_first.append(time.monotonic())
        return asked_first[-1] - asked_first[0] >= seconds

    return check


def _connects(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=ASK_S).close()
    except OSError:
        return False
    return True
