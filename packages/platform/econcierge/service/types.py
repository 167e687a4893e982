"""The words of a repair request."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a request stands. `REQUESTED`: no provider was found yet, the dealer is asked."""

    REQUESTED = "requested"
    DISPATCHED = "dispatched"
    SCHEDULED = "scheduled"
    COMPLETED = "completed"
    CLOSED = "closed"
    DECLINED = "declined"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ProviderArea:
    """Where an authorised provider works and on what; empty prefixes: the whole region; empty models: all."""

    provider_id: int
    regions: frozenset[str]
    postal_prefixes: tuple[str, ...] = ()
    models: frozenset[str] = frozenset()
    open_requests: int = 0
