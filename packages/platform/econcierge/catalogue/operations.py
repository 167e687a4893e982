"""Taking in models, parts, fits, prices and the eligible list: all of it, or nothing and every reason why."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model

from econcierge.accounts.models import Dealer
from econcierge.accounts.types import Actor
from econcierge.audit import operations as audit
from econcierge.catalogue import csvfile, queries, rules
from econcierge.catalogue import types as t
from econcierge.catalogue.models import Fit, Part, Price, PrinterModel
from econcierge.core.errors import Invalid

BATCH = 2_000
AnyModel = TypeVar("AnyModel", bound=Model)
Row = TypeVar("Row")
File = tuple[str, bytes]  # its name, as bad lines tell it, and its content


class BadFile(Invalid):
    """A file was refused as a whole; `bad_lines` says every reason."""

    code = "bad_file"

    def __init__(self, bad_lines: Sequence[t.BadLine]) -> None:
        super().__init__("; ".join(str(bad) for bad in bad_lines[:3]), details={"lines": len(bad_lines)})
        self.bad_lines = tuple(bad_lines)


class DryRun(Exception):
    """Takes a finished import back again."""


def import_catalogue(
    *, models: File | None = None, supplies: File | None = None, fits: File | None = None, is_dry_run: bool = False
) -> t.Imported:
    """Upserts models, parts and fits, each when given; raises `BadFile` and then nothing has changed.

    Columns that a file does not have stay as they are. A fit may name models and parts of these files or known ones.
    """
    model_rows, bad_models = _read(csvfile.MODELS, models)
    supply_rows, bad_supplies = _read(csvfile.SUPPLIES, supplies)
    fit_rows, bad_fits = _read(csvfile.FITS, fits)
    bad_models += _same_models(model_rows, models)
    bad_fits += _unknown_in_fits(fit_rows, fits, model_rows=model_rows, supply_rows=supply_rows)
    bad = [*_in_order(bad_models), *_in_order(bad_supplies), *_in_order(bad_fits)]
    if bad:
        raise BadFile(bad)
    try:
        with transaction.atomic():
            _upsert(PrinterModel, model_rows, key="name")
            _upsert(Part, supply_rows, key="part_number")
            _add_fits(fit_rows)
            if is_dry_run:
                raise DryRun
    except DryRun:
        pass
    return t.Imported(models=len(model_rows), supplies=len(supply_rows), fits=len(fit_rows))


def _read(kind: csvfile.FileKind[Row], file: File | None) -> tuple[list[Row], list[t.BadLine]]:
    return ([], []) if file is None else csvfile.read(kind, content=file[1], name=file[0])


def _in_order(bad: Iterable[t.BadLine]) -> list[t.BadLine]:
    return sorted(bad, key=lambda bad_line: bad_line.line)


def _same_models(rows: Sequence[t.ModelRow], file: File | None) -> list[t.BadLine]:
    """Two names for one model would make it a matter of luck which one a printer is."""
    if file is None:
        return []
    known = {key: name for name in PrinterModel.objects.values_list("name", flat=True) if (key := rules.name_key(name))}
    bad = []
    for row in rows:
        other = known.setdefault(rules.name_key(row.name), row.name)
        if other != row.name:
            bad.append(t.BadLine(file[0], row.line, "name", f"{row.name!r} and {other!r} are the same model's name"))
    return bad


def _unknown_in_fits(
    rows: Sequence[t.FitRow],
    file: File | None,
    *,
    model_rows: Sequence[t.ModelRow],
    supply_rows: Sequence[t.SupplyRow],
) -> list[t.BadLine]:
    if file is None:
        return []
    models = {row.name for row in model_rows} | set(PrinterModel.objects.values_list("name", flat=True))
    parts = {row.part_number for row in supply_rows} | set(Part.objects.values_list("part_number", flat=True))
    bad = []
    for row in rows:
        if row.part_number not in parts:
            bad.append(t.BadLine(file[0], row.line, "part_number", f"{row.part_number!r} is not a known supply"))
        if row.model not in models:
            bad.append(t.BadLine(file[0], row.line, "model", f"{row.model!r} is not a known model"))
    return bad


def _upsert(model: type[AnyModel], rows: Sequence[Any], *, key: str) -> None:
    """One statement a batch: new rows come, known ones take the columns that the file has."""
    if not rows:
        return
    given = sorted(rows[0].given)
    model._default_manager.bulk_create(
        [model(**{field: _plain(getattr(row, field)) for field in given}) for row in rows],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=[key],
        update_fields=[field for field in given if field != key] or [key],
    )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _add_fits(rows: Sequence[t.FitRow]) -> None:
    parts = dict(Part.objects.values_list("part_number", "id"))
    models = dict(PrinterModel.objects.values_list("name", "id"))
    Fit.objects.bulk_create(
        [Fit(part_id=parts[row.part_number], model_id=models[row.model], source=row.source) for row in rows],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["part", "model"],
        update_fields=["source"],
    )


def import_prices(
    *, dealer: Dealer, prices: File, now: datetime, actor: Actor | None = None, is_dry_run: bool = False
) -> t.Imported:
    """A dealer's dated prices from (file name, content); a new open price closes the one before at its first day.

    Raises `BadFile` with every bad line, and then nothing has changed.
    """
    rows, bad = csvfile.read(csvfile.PRICES, content=prices[1], name=prices[0])
    parts = {number: part.pk for number, part in queries.parts(part_numbers={r.part_number for r in rows}).items()}
    bad += [
        t.BadLine(prices[0], row.line, "part_number", f"{row.part_number!r} is not a known supply")
        for row in rows
        if row.part_number not in parts
    ]
    rows = [row for row in rows if row.part_number in parts]
    with transaction.atomic():
        _lock_prices(dealer)
        before = _periods(dealer, part_ids=set(parts.values()))
        after, overlaps = _planned(rows, file=prices[0], before=before, parts=parts)
        if bad := _in_order([*bad, *overlaps]):
            raise BadFile(bad)
        if not is_dry_run:
            _write_periods(dealer, before=before, after=after)
            audit.record(action="prices.imported", subject=dealer, now=now, actor=actor, lines=len(rows))
    return t.Imported(prices=len(rows))


def _lock_prices(dealer: Dealer) -> None:
    """One import of a dealer's prices at a time."""
    Dealer.objects.select_for_update().get(pk=dealer.pk)


Periods = dict[int, tuple[t.PricePeriod, ...]]


def _periods(dealer: Dealer, *, part_ids: set[int]) -> Periods:
    found = Price.objects.filter(dealer=dealer, part_id__in=part_ids).order_by("part_id", "valid_from")
    return {
        part_id: tuple(
            t.PricePeriod(price.valid_from, price.valid_to, price.unit_price_minor, price.currency) for price in prices
        )
        for part_id, prices in itertools.groupby(found, key=lambda price: price.part_id)
    }


def _planned(
    rows: Iterable[t.PriceRow], *, file: str, before: Periods, parts: dict[str, int]
) -> tuple[Periods, list[t.BadLine]]:
    after = dict(before)
    bad = []
    for row in sorted(rows, key=lambda row: (row.part_number, row.valid_from)):
        part_id = parts[row.part_number]
        new = t.PricePeriod(row.valid_from, row.valid_to, row.unit_price_minor, row.currency)
        try:
            after[part_id] = rules.with_price(known=after.get(part_id, ()), new=new)
        except Invalid as error:
            bad.append(t.BadLine(file, row.line, error.fields[0], str(error)))
    return after, bad


def _write_periods(dealer: Dealer, *, before: Periods, after: Periods) -> None:
    """Only parts whose periods changed; their old rows go first, as periods may never overlap."""
    changed = [part_id for part_id, periods in after.items() if periods != before.get(part_id)]
    Price.objects.filter(dealer=dealer, part_id__in=changed).delete()
    Price.objects.bulk_create(
        [
            Price(
                dealer=dealer,
                part_id=part_id,
                unit_price_minor=period.unit_price_minor,
                currency=period.currency,
                valid_from=period.valid_from,
                valid_to=period.valid_to,
            )
            for part_id in changed
            for period in after[part_id]
        ],
        batch_size=BATCH,
    )


def list_models(rows: Iterable[t.ListingRow]) -> int:
    """Puts models on the list of eligible products (R10), or changes their dates; an unknown model is an error."""
    wanted = {row.model: row for row in rows}
    models = list(PrinterModel.objects.filter(name__in=wanted))
    unknown = sorted(set(wanted) - {model.name for model in models})
    if unknown:
        raise Invalid(f"not in the catalogue: {', '.join(unknown)}", fields=("model",))
    for model in models:
        row = wanted[model.name]
        model.listed_from, model.listed_to, model.support_ends_on = row.listed_from, row.listed_to, row.support_ends_on
    return int(PrinterModel.objects.bulk_update(models, ["listed_from", "listed_to", "support_ends_on"], BATCH))
