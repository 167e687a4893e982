"""Money as people write it, and never two currencies in one sum."""

from __future__ import annotations

import pytest

from econcierge.core.money import Money


def plain(text: str) -> str:
    return " ".join(text.split())


def test_written_as_canadians_do_in_each_language() -> None:
    assert plain(Money(123_450).formatted("fr-ca")) == "1 234,50 $"
    assert Money(123_450).formatted("en-ca") == "$1,234.50"


def test_sums_keep_the_currency() -> None:
    assert Money(100) + Money(50) == Money(150)
    assert Money(100) * 3 == Money(300)
    with pytest.raises(ValueError, match="USD"):
        _ = Money(100) + Money(100, "USD")
