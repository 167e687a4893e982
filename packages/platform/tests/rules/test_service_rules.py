"""Who repairs which printer where, and the life of a repair request."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge.service import rules
from econcierge.service.types import ProviderArea, State

QUEBEC = ProviderArea(1, frozenset({"QC"}))
MONTREAL = ProviderArea(2, frozenset({"QC"}), ("H", "J4"))
DOWNTOWN = ProviderArea(3, frozenset({"QC"}), ("H3B",), open_requests=9)
VERSALINK = ProviderArea(4, frozenset({"ON"}), models=frozenset({"VersaLink C405"}))
BUSY, IDLE = ProviderArea(5, frozenset({"BC"}), open_requests=3), ProviderArea(6, frozenset({"BC"}))
ALL = (QUEBEC, MONTREAL, DOWNTOWN, VERSALINK, BUSY, IDLE)

PLACES = [
    ("the narrowest area, however busy", "QC", "h3b 1A1", "VersaLink C405", frozenset(), 3),
    ("it declined, so the next narrowest", "QC", "H3B 1A1", "VersaLink C405", frozenset({3}), 2),
    ("outside every prefix: who serves the whole region", "QC", "G1R 2B5", "VersaLink C405", frozenset(), 1),
    ("the second of its prefixes", "QC", "J4B1A1", "VersaLink C405", frozenset({1}), 2),
    ("of two alike the one with less to do", "BC", "V6B 1A1", "VersaLink C405", frozenset(), 6),
    ("it serves this model", "ON", "M5V 1A1", "VersaLink C405", frozenset(), 4),
    ("it does not serve that one", "ON", "M5V 1A1", "AltaLink C8045", frozenset(), None),
    ("nobody serves the place", "NU", "X0A 0H0", "VersaLink C405", frozenset(), None),
    ("everybody declined", "BC", "V6B 1A1", "VersaLink C405", frozenset({5, 6}), None),
]


@pytest.mark.parametrize(
    ("says", "region", "postal_code", "model", "declined_by", "provider_id"), PLACES, ids=[row[0] for row in PLACES]
)
def test_who_is_sent(
    says: str, region: str, postal_code: str, model: str, declined_by: frozenset[int], provider_id: int | None
) -> None:
    chosen = rules.choose_provider(
        areas=ALL, region=region, postal_code=postal_code, model=model, declined_by=declined_by
    )
    assert chosen == provider_id


def test_the_usual_life_is_legal_and_a_declined_request_goes_to_another() -> None:
    usual = [State.REQUESTED, State.DISPATCHED, State.SCHEDULED, State.COMPLETED, State.CLOSED]
    again = [State.DISPATCHED, State.DECLINED, State.DISPATCHED]
    for life in (usual, again):
        assert all(rules.may_move(state=a, to=b) for a, b in itertools.pairwise(life))
    assert not rules.may_move(state=State.CLOSED, to=State.SCHEDULED)
    assert not rules.may_move(state=State.REQUESTED, to=State.COMPLETED)


@given(choices=st.lists(st.integers(0, 9), max_size=40))
def test_walked_at_random_nothing_comes_back_to_requested_and_work_is_done_before_it_is_closed(
    choices: list[int],
) -> None:
    been = [State.REQUESTED]
    for choice in choices:
        possible = sorted(rules.MOVES[been[-1]])
        if not possible:
            break
        been.append(possible[choice % len(possible)])
    assert State.REQUESTED not in been[1:]
    assert been[-1] is not State.CLOSED or been[-2] is State.COMPLETED
