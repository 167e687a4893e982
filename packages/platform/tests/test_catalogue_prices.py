"""A dealer's prices are dated: a new one closes the one before, and periods never overlap."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge.accounts import scoping
from econcierge.audit.models import Entry
from econcierge.catalogue import operations, rules
from econcierge.catalogue import types as t
from econcierge.catalogue.models import Part, Price
from econcierge.core.errors import Invalid

DAY = date(2026, 1, 1)
days = st.integers(0, 30).map(lambda number: DAY + timedelta(days=number))
periods = st.builds(
    lambda start, length, price: t.PricePeriod(start, start + timedelta(days=length) if length else None, price),
    days,
    st.integers(0, 9),
    st.integers(1, 99),
)


def _placed(known: tuple[t.PricePeriod, ...], new: t.PricePeriod) -> tuple[t.PricePeriod, ...]:
    try:
        return rules.with_price(known=known, new=new)
    except Invalid:
        return known


@given(st.lists(periods, max_size=12))
def test_periods_never_overlap_and_the_same_again_changes_nothing(news: list[t.PricePeriod]) -> None:
    known: tuple[t.PricePeriod, ...] = ()
    for new in news:
        known = _placed(known, new)
        assert _placed(known, new) == known
    for before, after in itertools.pairwise(known):
        assert before.valid_to is not None
        assert before.valid_from < before.valid_to <= after.valid_from


def test_a_new_open_price_closes_the_one_before() -> None:
    old, new = t.PricePeriod(DAY, None, 100), t.PricePeriod(date(2026, 3, 1), None, 110)
    assert rules.with_price(known=[old], new=new) == (t.PricePeriod(DAY, date(2026, 3, 1), 100), new)


def test_an_older_price_lasts_until_the_one_that_is_known() -> None:
    known = t.PricePeriod(date(2026, 3, 1), None, 110)
    assert rules.with_price(known=[known], new=t.PricePeriod(DAY, None, 100))[0].valid_to == date(2026, 3, 1)


def test_a_price_with_its_own_end_cannot_cut_into_another() -> None:
    known = t.PricePeriod(DAY, date(2026, 6, 1), 100)
    with pytest.raises(Invalid, match="2026-01-01"):
        rules.with_price(known=[known], new=t.PricePeriod(date(2026, 2, 1), date(2026, 3, 1), 90))


@pytest.fixture
def seller(cast: SimpleNamespace) -> SimpleNamespace:
    for number in ("106R03512", "106R03524"):
        Part.objects.create(part_number=number, kind="toner", colour="black", sold="retail", regions=["NA"])
    return cast


HEADER = "part_number,unit_price,currency,valid_from,valid_to\n"


def _import(cast: SimpleNamespace, lines: str, now: object) -> t.Imported:
    return operations.import_prices(
        dealer=cast.dealer, prices=("prices.csv", (HEADER + lines).encode()), now=now, actor=cast.seller.actor
    )


def _rows() -> list[tuple[str, int, date, date | None]]:
    return list(
        Price.objects.order_by("part__part_number", "valid_from").values_list(
            "part__part_number", "unit_price_minor", "valid_from", "valid_to"
        )
    )


def test_a_dealer_imports_its_own_prices(seller: SimpleNamespace, now: object) -> None:
    scoping.enter(seller.seller.actor.scope)
    _import(seller, "106R03512,164.95,CAD,2026-01-01,\n106R03524,279.95,CAD,2026-01-01,\n", now)
    _import(seller, "106R03512,170.00,CAD,2026-03-01,\n", now)
    expected = [
        ("106R03512", 16495, DAY, date(2026, 3, 1)),
        ("106R03512", 17000, date(2026, 3, 1), None),
        ("106R03524", 27995, DAY, None),
    ]
    assert _rows() == expected
    _import(seller, "106R03512,164.95,CAD,2026-01-01,\n", now)
    assert _rows() == expected
    assert Entry.objects.filter(action="prices.imported").count() == 3


def test_every_bad_price_is_named_and_none_is_kept(seller: SimpleNamespace, now: object) -> None:
    lines = (
        "106R03512,164.95,CAD,2026-01-01,2026-06-01\n"
        "106R03512,150.00,CAD,2026-02-01,2026-03-01\n"
        "999X,1.00,CAD,2026-01-01,\n"
        "106R03524,1.005,CAD,2026-01-01,\n"
        "106R03524,-3,CAD,2026-01-02,\n"
        "106R03524,nan,CAD,2026-01-03,\n"
        "106R03524,1.00,EUR,2026-01-04,\n"
        "106R03524,1.00,CAD,,\n"
        "106R03524,1.00,CAD,2026-01-05,2026-01-05\n"
        "106R03512,164.95,CAD,2026-01-01,\n"
    )
    with pytest.raises(operations.BadFile) as refused:
        _import(seller, lines, now)
    assert [(bad.line, bad.column) for bad in refused.value.bad_lines] == [
        (3, "valid_to"),
        (4, "part_number"),
        (5, "unit_price"),
        (6, "unit_price"),
        (7, "unit_price"),
        (8, "currency"),
        (9, "valid_from"),
        (10, "valid_to"),
        (11, ""),
    ]
    assert _rows() == []


def test_a_long_price_list_costs_no_more_questions(
    seller: SimpleNamespace, now: object, django_assert_max_num_queries: object
) -> None:
    Part.objects.bulk_create(Part(part_number=f"P{n}", kind="toner", sold="retail") for n in range(300))
    lines = "".join(f"P{n},10.00,CAD,2026-01-01,\n" for n in range(300))
    with django_assert_max_num_queries(10):
        _import(seller, lines, now)
    assert Price.objects.count() == 300
