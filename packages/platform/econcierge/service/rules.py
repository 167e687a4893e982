"""Legal moves of a repair request, and which provider it goes to (R34)."""

from __future__ import annotations

from collections.abc import Iterable

from econcierge.service.types import ProviderArea, State

MOVES: dict[State, frozenset[State]] = {
    State.REQUESTED: frozenset({State.DISPATCHED, State.CANCELLED}),
    State.DISPATCHED: frozenset({State.SCHEDULED, State.COMPLETED, State.DECLINED, State.CANCELLED}),
    State.SCHEDULED: frozenset({State.SCHEDULED, State.COMPLETED, State.DECLINED, State.CANCELLED}),
    State.COMPLETED: frozenset({State.CLOSED, State.SCHEDULED}),
    State.DECLINED: frozenset({State.DISPATCHED, State.CANCELLED}),
    State.CLOSED: frozenset(),
    State.CANCELLED: frozenset(),
}
OPEN = frozenset({State.REQUESTED, State.DISPATCHED, State.SCHEDULED, State.DECLINED})
# What a provider itself may say; the rest is the customer's and the dealer's.
PROVIDER_MOVES = frozenset({State.SCHEDULED, State.COMPLETED, State.CLOSED, State.DECLINED})


def may_move(*, state: State, to: State) -> bool:
    return to in MOVES[state]


def choose_provider(
    *,
    areas: Iterable[ProviderArea],
    region: str,
    postal_code: str,
    model: str,
    declined_by: frozenset[int] = frozenset(),
) -> int | None:
    """The provider for a place and a model: the one with the narrowest area, then the least open work.

    None where nobody serves it. Who declined this request is not asked again.
    """
    fitting = [
        area
        for area in areas
        if area.provider_id not in declined_by
        and region in area.regions
        and (not area.models or model in area.models)
        and (not area.postal_prefixes or _prefix_length(area, postal_code) > 0)
    ]
    if not fitting:
        return None
    best = min(fitting, key=lambda area: (-_prefix_length(area, postal_code), area.open_requests, area.provider_id))
    return best.provider_id


def _prefix_length(area: ProviderArea, postal_code: str) -> int:
    """How much of a postal code an area names; blanks and case do not count."""
    code = postal_code.replace(" ", "").upper()
    return max((len(prefix) for prefix in area.postal_prefixes if code.startswith(prefix.upper())), default=0)
