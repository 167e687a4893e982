"""How often somebody may ask: a token bucket in this process. No database is asked to say "wait"."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Hashable


class Pace:
    """`burst` requests at once, then `per_second`, for each key. Forgets keys whose bucket is full again."""

    MOST_KEYS = 10_000

    def __init__(self, *, per_second: float, burst: int, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = burst
        self._monotonic_s = monotonic_s
        self._lock = threading.Lock()
        self._buckets: dict[Hashable, tuple[float, float]] = {}  # key -> (tokens left, at)

    def wait_s(self, key: Hashable) -> int:
        """0: go on, and one token is taken; otherwise in how many whole seconds to come again."""
        now_s = self._monotonic_s()
        with self._lock:
            tokens, at_s = self._buckets.get(key, (float(self._burst), now_s))
            tokens = min(float(self._burst), tokens + (now_s - at_s) * self._per_second)
            if tokens < 1:
                self._buckets[key] = (tokens, now_s)
                return math.ceil((1 - tokens) / self._per_second)
            self._buckets[key] = (tokens - 1, now_s)
            if len(self._buckets) > self.MOST_KEYS:
                self._forget(now_s)
            return 0

    def clear(self) -> None:
        """As if nobody had asked yet."""
        with self._lock:
            self._buckets.clear()

    def _forget(self, now_s: float) -> None:
        refill_s = self._burst / self._per_second
        self._buckets = {key: kept for key, kept in self._buckets.items() if now_s - kept[1] < refill_s}
