"""Places to look for printers, as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge.fleet import range_rules
from econcierge.fleet.types import RangeFault


@pytest.mark.parametrize(
    ("entry", "size"),
    [
        ("10.0.0.0/24", 256),
        ("10.0.0.7/24", 256),
        ("10.0.0.0/8", 2**24),
        ("10.0.0.10-10.0.0.99", 90),
        ("10.0.0.10-99", 90),
        ("10.0.0.7", 1),
        ("10.0.0.7:1161", 1),
        ("127.0.0.1-127.0.0.9:20161", 9),
        ("[fe80::1]:161", 1),
        ("fe80::1", 1),
        ("printer-2.office.test", 1),
        ("10.0.0.9-10.0.0.1", RangeFault.BACKWARDS),
        ("10.0.0.1-fe80::1", RangeFault.BACKWARDS),
        ("10.0.0.300", RangeFault.UNREADABLE),
        ("10.0.0", RangeFault.UNREADABLE),
        ("10.0.0.0/33", RangeFault.UNREADABLE),
        ("10.0.0.7:99999", RangeFault.UNREADABLE),
        ("two words", RangeFault.UNREADABLE),
        ("", RangeFault.UNREADABLE),
    ],
)
def test_how_many_addresses_or_what_is_wrong(entry: str, size: int | RangeFault) -> None:
    assert range_rules.size(entry) == size


@given(st.text(max_size=60))
def test_any_text_has_a_size_or_a_fault(entry: str) -> None:
    size = range_rules.size(entry)
    assert isinstance(size, RangeFault) or size >= 1


def test_a_network_card_is_known() -> None:
    assert range_rules.is_mac("00:11:22:33:44:55")
    assert not range_rules.is_mac("10.0.0.9")
