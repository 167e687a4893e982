"""Money of an order, cent by cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge.orders import pricing
from econcierge.orders.types import LineToPrice, NoTaxRates

RATES = pricing.canadian_taxes()
ON = date(2026, 11, 23)


def taxes(region: str, base_minor: int, on: date = ON) -> list[tuple[str, int]]:
    totals = pricing.price_lines(
        lines=[LineToPrice(1, base_minor)],
        shipping_minor=0,
        rates=pricing.rates_on(rates=RATES, region=region, on=on),
    )
    return [(tax.code, tax.amount_minor) for tax in totals.taxes]


ON_100_DOLLARS = [
    ("QC", [("GST", 500), ("QST", 998)]), ("ON", [("HST", 1300)]), ("NB", [("HST", 1500)]), ("NL", [("HST", 1500)]),
    ("PE", [("HST", 1500)]), ("NS", [("HST", 1400)]), ("BC", [("GST", 500), ("PST", 700)]),
    ("SK", [("GST", 500), ("PST", 600)]), ("MB", [("GST", 500), ("PST", 700)]), ("AB", [("GST", 500)]),
    ("YT", [("GST", 500)]), ("NT", [("GST", 500)]), ("NU", [("GST", 500)]),
]  # fmt: skip


@pytest.mark.parametrize(("region", "expected"), ON_100_DOLLARS)
def test_taxes_of_every_province(region: str, expected: list[tuple[str, int]]) -> None:
    assert taxes(region, 10_000) == expected


def test_nova_scotia_changed_on_the_first_of_april_2025() -> None:
    assert taxes("NS", 10_000, date(2025, 3, 31)) == [("HST", 1500)]
    assert taxes("NS", 10_000, date(2025, 4, 1)) == [("HST", 1400)]


@pytest.mark.parametrize(("region", "on"), [("XX", ON), ("", ON), ("QC", date(1999, 1, 1))])
def test_no_rates_is_an_error_and_never_no_tax(region: str, on: date) -> None:
    with pytest.raises(NoTaxRates):
        pricing.rates_on(rates=RATES, region=region, on=on)


@pytest.mark.parametrize(
    ("base", "ppm", "amount"),
    [(10, 50_000, 1), (9, 50_000, 0), (30, 50_000, 2), (100, 99_750, 10), (0, 50_000, 0), (-10, 50_000, -1)],
)
def test_half_a_cent_goes_up(base: int, ppm: int, amount: int) -> None:
    assert pricing.tax_minor(base_minor=base, rate_ppm=ppm) == amount


def test_shipping_is_taxed_like_the_goods_and_each_tax_is_rounded_once() -> None:
    totals = pricing.price_lines(
        lines=[LineToPrice(3, 12_345), LineToPrice(1, 9_999)],
        shipping_minor=1_500,
        rates=pricing.rates_on(rates=RATES, region="QC", on=ON),
    )
    assert (totals.line_minor, totals.goods_minor) == ((37_035, 9_999), 47_034)
    assert [tax.amount_minor for tax in totals.taxes] == [2_427, 4_841]  # 2 426.7 and 4 841.3
    assert totals.total_minor == 47_034 + 1_500 + 2_427 + 4_841


def test_a_page_in_hundredths_of_a_cent() -> None:
    def per_page(price: int, pages: int | None) -> Decimal | None:
        return pricing.hundredths_of_cent_per_page(unit_price_minor=price, yield_pages=pages)

    assert per_page(12_400, 5_000) == Decimal(248)
    assert per_page(1, 800) == Decimal(0)
    assert per_page(1, 200) == Decimal(1)
    assert (per_page(12_400, None), per_page(12_400, 0)) == (None, None)


@given(total=st.integers(-(10**9), 10**9), weights=st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_parts_sum_to_the_whole_and_are_fair(total: int, weights: list[int]) -> None:
    parts = pricing.split_minor(total_minor=total, weights=weights)
    assert sum(parts) == total
    if sum(weights):
        exact = [total * w / sum(weights) for w in weights]
        assert all(abs(part - ideal) <= 1 for part, ideal in zip(parts, exact, strict=True))


@given(
    lines=st.lists(st.tuples(st.integers(1, 50), st.integers(1, 10**6)), max_size=8),
    shipping=st.integers(0, 10**5),
    region=st.sampled_from([region for region, _ in ON_100_DOLLARS]),
)
def test_totals_add_up(lines: list[tuple[int, int]], shipping: int, region: str) -> None:
    totals = pricing.price_lines(
        lines=[LineToPrice(*line) for line in lines],
        shipping_minor=shipping,
        rates=pricing.rates_on(rates=RATES, region=region, on=ON),
    )
    assert totals.total_minor == sum(totals.line_minor) + shipping + sum(tax.amount_minor for tax in totals.taxes)


def test_periods_of_one_tax_never_overlap() -> None:
    for rate in RATES:
        on_that_day = pricing.rates_on(rates=RATES, region=rate.region, on=rate.valid_from)
        assert len({valid.code for valid in on_that_day}) == len(on_that_day)
