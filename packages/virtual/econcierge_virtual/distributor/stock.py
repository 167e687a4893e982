"""What the sandbox distributor sells, for how much, and how many it has.

`parts.csv` holds part numbers that two or more public sources state; the parts of the virtual printers come on
top. No list price is public: prices here are invented from kind and yield, stock from the part number.
"""

from __future__ import annotations

import csv
import functools
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources

from econcierge_virtual.printers import models

CURRENCY = "CAD"
ALWAYS_IN_STOCK = 60  # of what the demo's story orders
STORY_PARTS = ("106R03500", "106R03512", "106R03520", "106R03524", "106R03528", "106R03532")
BASE_CENTS = {  # about four fifths of what the demo's dealer asks
    "toner": 4_900,
    "drum": 9_900,
    "waste_container": 2_900,
}
CENTS_PER_100_PAGES = {"toner": 160, "drum": 22, "waste_container": 8}


@dataclass(frozen=True, slots=True)
class Offer:
    """A part with its price in minor units, and how many a full shelf holds."""

    part_number: str
    price_minor: int
    currency: str
    full_shelf: int
    lead_days: int


@functools.cache
def offers() -> Mapping[str, Offer]:
    """By part number."""
    known: dict[str, Offer] = {}
    text = resources.files("econcierge_virtual.distributor").joinpath("parts.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        yield_pages = int(row["yield_pages"] or 10_000)
        number, is_colour = row["part_number"], row["colour"] not in ("", "black", "any")
        known[number] = _offer(number, row["kind"], yield_pages, is_colour=is_colour)
    for number, kind, capacity, is_colour in _parts_of_models():
        known.setdefault(number, _offer(number, kind, capacity, is_colour=is_colour))
    for number in STORY_PARTS:
        base = known.get(number) or _offer(number, "toner", 10_500, is_colour=False)
        known[number] = replace(base, full_shelf=ALWAYS_IN_STOCK, lead_days=1)
    return known


def _parts_of_models() -> list[tuple[str, str, int, bool]]:
    rows = []
    for model in models.ALL:
        for colour, parts in model.toner.items():
            rows += [(number, "toner", capacity, colour != "black") for number, capacity in parts]
        rows += [(number, "drum", capacity, False) for parts in model.drums.values() for number, capacity in parts]
        rows += [(number, "waste_container", capacity, False) for number, capacity in model.waste]
    return rows


def _offer(part_number: str, kind: str, yield_pages: int, *, is_colour: bool) -> Offer:
    base = BASE_CENTS.get(kind, 14_900)
    cents = base + yield_pages * CENTS_PER_100_PAGES.get(kind, 40) // 100
    if is_colour and kind == "toner":
        cents = cents * 5 // 4
    chance = zlib.crc32(part_number.encode())
    return Offer(
        part_number=part_number,
        price_minor=cents - cents % 100 + 95,
        currency=CURRENCY,
        full_shelf=0 if chance % 23 == 0 else 3 + chance % 30,
        lead_days=1 + chance % 2,
    )
