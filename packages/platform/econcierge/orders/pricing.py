"""Money of an order: whole minor units, taxes of the place of delivery, prices per page.

Place of supply is the province of delivery; shipping is taxed like the goods; each tax is rounded once, half
up, on the invoice's base (CONVENTIONS, "taxes in Canada").
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from importlib import resources

from econcierge.orders import types as t

PPM = 1_000_000
PPM_PER_PERCENT = 10_000


def canadian_taxes() -> tuple[t.TaxRate, ...]:
    """The dated rates that come with the product; the operator edits a copy of them."""
    file = resources.files("econcierge.orders") / "data" / "canadian_taxes.csv"
    with file.open(encoding="utf-8") as text:
        return tuple(_rate(row) for row in csv.DictReader(text))


def rates_on(*, rates: Iterable[t.TaxRate], region: str, on: date) -> tuple[t.TaxRate, ...]:
    """The rates of a place on a day, the federal tax first; raises `NoTaxRates`, as no tax is never a guess."""
    valid = tuple(
        sorted(
            (r for r in rates if r.region == region and r.valid_from <= on and (r.valid_to is None or on < r.valid_to)),
            key=lambda rate: (rate.code != "GST", rate.code),
        )
    )
    if not valid:
        raise t.NoTaxRates(f"no tax rates for {region!r} on {on.isoformat()}", fields=("region",))
    return valid


def price_lines(*, lines: Sequence[t.LineToPrice], shipping_minor: int, rates: Sequence[t.TaxRate]) -> t.Totals:
    """The totals of an order; `rates` are those of the place of delivery on the day."""
    line_minor = tuple(line.quantity * line.unit_price_minor for line in lines)
    goods_minor = sum(line_minor)
    base_minor = goods_minor + shipping_minor
    taxes = tuple(
        t.Tax(rate.code, rate.rate_ppm, tax_minor(base_minor=base_minor, rate_ppm=rate.rate_ppm)) for rate in rates
    )
    total_minor = base_minor + sum(tax.amount_minor for tax in taxes)
    return t.Totals(line_minor, goods_minor, shipping_minor, taxes, total_minor)


def tax_minor(*, base_minor: int, rate_ppm: int) -> int:
    """A tax on a base, half a cent up; of a negative base (a credit) the same amount, negative."""
    amount = (abs(base_minor) * rate_ppm * 2 + PPM) // (2 * PPM)
    return amount if base_minor >= 0 else -amount


def hundredths_of_cent_per_page(*, unit_price_minor: int, yield_pages: int | None) -> Decimal | None:
    """Price of a page in whole hundredths of a cent, half up; None without a yield.

    Cents are too coarse to tell a standard from a high capacity cartridge (2.31 and 2.48 cents a page).
    """
    if not yield_pages or yield_pages < 0:
        return None
    exact = Decimal(unit_price_minor) * 100 / Decimal(yield_pages)
    return exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)


def split_minor(*, total_minor: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Divides an amount by weights (at least one, none negative) so that the parts sum to it exactly.

    Whole parts first; the units left over go to the largest fractions, the first of equals.
    """
    weight = sum(weights)
    if not weights or weight == 0:
        return split_minor(total_minor=total_minor, weights=[1] * len(weights)) if weights else ()
    sign = -1 if total_minor < 0 else 1
    whole = [abs(total_minor) * w // weight for w in weights]
    fractions = [abs(total_minor) * w % weight for w in weights]
    order = sorted(range(len(weights)), key=lambda i: (-fractions[i], i))
    for index in order[: abs(total_minor) - sum(whole)]:
        whole[index] += 1
    return tuple(sign * part for part in whole)


def _rate(row: dict[str, str]) -> t.TaxRate:
    return t.TaxRate(
        region=row["region"],
        code=row["code"],
        rate_ppm=int(Decimal(row["rate_percent"]) * PPM_PER_PERCENT),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        source=row["source"],
    )
