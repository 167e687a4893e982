"""Reads the catalogue's CSV files strictly: every line becomes a row, or a reason why not. No database here.

UTF-8 (a byte order mark is fine), comma separated, a header line; columns may stand in any order, an unknown one is
an error. docs/reference/catalogue-files.md lists them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeVar

from econcierge.catalogue import types as t
from econcierge_printers.model import SupplyKind

MAX_MINOR = 10**12
YES_NO = {"yes": True, "no": False}
REGIONS = ("NA", "EU", "DMO", "WW")
CAPACITIES = ("", "standard", "high", "extra_high", "only", "dual_pack")
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column:
    """How one column is read. `read` raises ValueError with the reason; `limit` is the longest text."""

    read: Callable[[str], Any]
    is_required: bool = False
    field: str = ""


@dataclass(frozen=True, slots=True)
class FileKind(Generic[Row]):
    """A kind of file: its row's dataclass, its columns, and which of them name a line."""

    row: Callable[..., Row]
    columns: dict[str, Column]
    key: tuple[str, ...]


def text(limit: int) -> Callable[[str], str]:
    def read(value: str) -> str:
        if len(value) > limit:
            raise ValueError(f"is longer than {limit} characters")
        if not value.isprintable():
            raise ValueError("has characters that cannot be printed")
        return value

    return read


def one_of(*words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in words:
            raise ValueError(f"{value!r} is not one of {', '.join(word for word in words if word)}")
        return value

    return read


def day(value: str) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{value!r} is not a date like 2026-11-23") from error


def pages(value: str) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdigit()) or not 0 < int(value[:12]) <= 10_000_000:
        raise ValueError(f"{value!r} is not a whole number of pages")
    return int(value)


def yes_no(value: str) -> bool:
    if value not in YES_NO:
        raise ValueError(f"{value!r} is neither yes nor no")
    return YES_NO[value]


def regions(value: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(value.split()))
    for word in found:
        one_of(*REGIONS)(word)
    return found


def names(value: str) -> tuple[str, ...]:
    """Several names with "|" between them."""
    return tuple(dict.fromkeys(text(120)(name.strip()) for name in value.split("|") if name.strip()))


def digits(limit: int) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value and not (value.isascii() and value.isdigit() and len(value) <= limit):
            raise ValueError(f"{value!r} is not a number of at most {limit} digits")
        return value

    return read


def amount_minor(value: str) -> int:
    """Whole cents of an amount with a point: "129.00"."""
    try:
        cents = Decimal(value) * 100
    except InvalidOperation as error:
        raise ValueError(f"{value!r} is not an amount like 129.00") from error
    if not cents.is_finite() or cents != cents.to_integral_value() or not 0 < cents <= MAX_MINOR:
        raise ValueError(f"{value!r} is not an amount above zero with at most two decimals")
    return int(cents)


MODELS = FileKind(
    row=t.ModelRow,
    key=("name",),
    columns={
        "name": Column(text(120), is_required=True),
        "manufacturer": Column(text(60)),
        "family": Column(text(60)),
        "kind": Column(one_of("", "printer", "multifunction")),
        "colour": Column(one_of("", "mono", "colour")),
        "aliases": Column(names),
        "listed_from": Column(day),
        "listed_to": Column(day),
        "support_ends_on": Column(day),
        "source": Column(text(200)),
    },
)
SUPPLIES = FileKind(
    row=t.SupplyRow,
    key=("part_number",),
    columns={
        "part_number": Column(text(40), is_required=True),
        "manufacturer": Column(text(60)),
        "kind": Column(one_of(*SupplyKind), is_required=True),
        "colour": Column(text(20)),
        "capacity_class": Column(one_of(*CAPACITIES)),
        "sold": Column(one_of(*t.Sold), is_required=True),
        "yield_pages": Column(pages),
        "yield_method": Column(text(40)),
        "regions": Column(regions),
        "eligible": Column(yes_no),
        "gtin": Column(digits(14)),
        "unspsc": Column(digits(8)),
        "source": Column(text(200)),
    },
)
FITS = FileKind(
    row=t.FitRow,
    key=("part_number", "model"),
    columns={
        "part_number": Column(text(40), is_required=True),
        "model": Column(text(120), is_required=True),
        "source": Column(text(200)),
    },
)
PRICES = FileKind(
    row=t.PriceRow,
    key=("part_number", "valid_from"),
    columns={
        "part_number": Column(text(40), is_required=True),
        "unit_price": Column(amount_minor, is_required=True, field="unit_price_minor"),
        "currency": Column(one_of("CAD", "USD")),
        "valid_from": Column(day, is_required=True),
        "valid_to": Column(day),
    },
)
LISTINGS = FileKind(
    row=t.ListingRow,
    key=("model",),
    columns={
        "model": Column(text(120), is_required=True),
        "listed_from": Column(day, is_required=True),
        "listed_to": Column(day),
        "support_ends_on": Column(day),
        "source": Column(text(200)),
    },
)


def read(kind: FileKind[Row], *, content: bytes, name: str) -> tuple[list[Row], list[t.BadLine]]:
    """The rows of a file and every line that was refused, in order."""
    try:
        lines = content.decode("utf-8-sig").splitlines(keepends=True)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return [], [t.BadLine(name, line, "", "is not UTF-8; save the file with that encoding")]
    if "\x00" in "".join(lines):
        return [], [t.BadLine(name, 1, "", "is not a text file")]
    reader = csv.reader(io.StringIO("".join(lines), newline=""), strict=True)
    try:
        return _rows(kind, reader, name=name)
    except csv.Error as error:
        return [], [t.BadLine(name, reader.line_num, "", f"cannot be read as CSV: {error}")]


def _rows(kind: FileKind[Row], reader: Any, *, name: str) -> tuple[list[Row], list[t.BadLine]]:
    header = [column.strip() for column in next(reader, [])]
    bad = [t.BadLine(name, 1, *complaint) for complaint in _header_complaints(kind, header)]
    if bad:
        return [], bad
    rows: list[Row] = []
    seen: dict[tuple[str, ...], int] = {}
    for cells in reader:
        line = reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        values, complaints = _values(kind, header, cells)
        key = tuple(cell.strip() for column, cell in zip(header, cells, strict=False) if column in kind.key)
        if key in seen and not complaints:
            complaints = [("", f"says the same as line {seen[key]} does")]
        seen.setdefault(key, line)
        bad.extend(t.BadLine(name, line, *complaint) for complaint in complaints)
        if not complaints:
            rows.append(kind.row(line=line, given=frozenset(values), **values))
    if not rows and not bad:
        bad.append(t.BadLine(name, 1, "", "has no lines"))
    return rows, bad


def _header_complaints(kind: FileKind[Any], header: list[str]) -> Iterator[tuple[str, str]]:
    if not any(header):
        yield "", "the file is empty; its first line names the columns"
        return
    for column in sorted({column for column in header if header.count(column) > 1}):
        yield column, "this column stands twice"
    for column in header:
        if column not in kind.columns:
            yield column, f"is not a known column; known are {', '.join(kind.columns)}"
    for column, rule in kind.columns.items():
        if rule.is_required and column not in header:
            yield column, "this column is missing"


def _values(kind: FileKind[Any], header: list[str], cells: list[str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    if len(cells) != len(header):
        return {}, [("", f"has {len(cells)} fields where the header has {len(header)}")]
    values: dict[str, Any] = {}
    complaints: list[tuple[str, str]] = []
    for column, cell in zip(header, cells, strict=True):
        rule, value = kind.columns[column], cell.strip()
        if rule.is_required and not value:
            complaints.append((column, "is empty"))
            continue
        try:
            values[rule.field or column] = rule.read(value)
        except ValueError as error:
            complaints.append((column, str(error)))
    complaints.extend(_period_complaints(values))
    return values, complaints


def _period_complaints(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for first, last in (("listed_from", "listed_to"), ("valid_from", "valid_to")):
        start, end = values.get(first), values.get(last)
        if end is not None and (start is None or end <= start):
            yield last, f"has to be after {first}"
