"""What the rules see of parts and prices, and what the product's own files say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Sold(StrEnum):
    """How a number is sold; only `RETAIL` is ever offered. Disputed: sources differ."""

    RETAIL = "retail"
    CONTRACT = "contract"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PartFacts:
    """What decides whether a part may be offered, and for which slot."""

    part_number: str
    kind: str
    colour: str
    sold: str
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PricePeriod:
    """One price for a half-open period; `valid_to` None: until the next one begins."""

    valid_from: date
    valid_to: date | None
    unit_price_minor: int
    currency: str = "CAD"


@dataclass(frozen=True, slots=True)
class BadLine:
    """Why a line of a file was refused; `line` counts from 1 with the header, `column` "" is the whole line."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}"
        return f"{where}, {self.column}: {self.reason}" if self.column else f"{where}: {self.reason}"


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A line of models.csv. `given`: the columns that the file has; the others are left as they are."""

    line: int
    given: frozenset[str]
    name: str
    manufacturer: str = "Xerox"
    family: str = ""
    kind: str = ""
    colour: str = ""
    aliases: tuple[str, ...] = ()
    listed_from: date | None = None
    listed_to: date | None = None
    support_ends_on: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class SupplyRow:
    """A line of supplies.csv; `yield_pages` by the method named, never a promise."""

    line: int
    given: frozenset[str]
    part_number: str
    kind: str
    sold: str
    manufacturer: str = "Xerox"
    colour: str = ""
    capacity_class: str = ""
    yield_pages: int | None = None
    yield_method: str = ""
    regions: tuple[str, ...] = ()
    eligible: bool = True
    gtin: str = ""
    unspsc: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class FitRow:
    line: int
    given: frozenset[str]
    part_number: str
    model: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A line of a dealer's price list; the price is before taxes, in minor units."""

    line: int
    given: frozenset[str]
    part_number: str
    unit_price_minor: int
    valid_from: date
    valid_to: date | None = None
    currency: str = "CAD"


@dataclass(frozen=True, slots=True)
class ListingRow:
    """A model's place on the list of eligible products (R10), and the end of its support."""

    model: str
    listed_from: date
    listed_to: date | None = None
    support_ends_on: date | None = None
    source: str = ""
    line: int = 0
    given: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Imported:
    """How many lines of each file were taken in."""

    models: int = 0
    supplies: int = 0
    fits: int = 0
    prices: int = 0


@dataclass(frozen=True, slots=True)
class EligibleProduct:
    name: str
    manufacturer: str
    family: str
    kind: str
    colour: str
    listed_from: date
    listed_to: date | None
    support_ends_on: date | None
