"""Models by the words of a device, parts for a slot, prices of a day, the list of eligible products."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import Q

from econcierge.catalogue import csvfile, rules
from econcierge.catalogue import types as t
from econcierge.catalogue.models import Fit, Part, Price, PrinterModel
from econcierge.core.money import Money


def facts(part: Part) -> t.PartFacts:
    """A part as the rules see it."""
    return t.PartFacts(part.part_number, part.kind, part.colour, part.sold, tuple(part.regions))


def model_keys() -> dict[str, int]:
    """Every known name's key (`rules.name_key`) and the id of its model; a model's own name wins over an alias."""
    keys: dict[str, int] = {}
    rows = list(PrinterModel.objects.order_by("id").values_list("id", "name", "aliases"))
    for model_id, _name, aliases in rows:
        for alias in aliases:
            keys.setdefault(rules.name_key(alias), model_id)
    keys.update((rules.name_key(name), model_id) for model_id, name, _aliases in rows)
    return keys


def options_for(*, model: PrinterModel | None, kind: str, colour: str, region: str = "NA") -> list[Part]:
    """The parts that may be sold for a slot, smallest first; none for a model that is not known (R17, R18)."""
    if model is None:
        return []
    fitting = Part.objects.filter(fits__model=model, sold=t.Sold.RETAIL).order_by("yield_pages", "part_number")
    return [
        part
        for part in fitting
        if rules.offerable(facts(part), region=region) and rules.fits_slot(facts(part), kind=kind, colour=colour)
    ]


def options_by_model(*, model_ids: Iterable[int], region: str = "NA") -> dict[int, list[Part]]:
    """The parts that may be sold for each of these models; one query."""
    fits = Fit.objects.filter(model_id__in=set(model_ids), part__sold=t.Sold.RETAIL).select_related("part")
    found: dict[int, list[Part]] = {}
    for fit in fits:
        if rules.offerable(facts(fit.part), region=region):
            found.setdefault(fit.model_id, []).append(fit.part)
    return found


def parts_for_models(*, model_ids: Iterable[int], region: str = "NA") -> list[Part]:
    """Every part that may be sold for any of these models."""
    fitting = Part.objects.filter(fits__model_id__in=list(model_ids), sold=t.Sold.RETAIL).distinct()
    return [part for part in fitting.order_by("part_number") if rules.offerable(facts(part), region=region)]


def parts(*, part_numbers: Iterable[str]) -> dict[str, Part]:
    found = Part.objects.filter(part_number__in=list(part_numbers))
    return {part.part_number: part for part in found}


def fitting_pairs(*, part_ids: Iterable[int], model_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Which of these parts fit which of these models, as (part_id, model_id)."""
    found = Fit.objects.filter(part_id__in=list(part_ids), model_id__in=list(model_ids))
    return set(found.values_list("part_id", "model_id"))


def price(*, dealer_id: int, part_ids: Iterable[int], on: date) -> dict[int, Money]:
    """A dealer's prices of a day before taxes, by part; a part without a price is missing."""
    valid = Price.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on),
        dealer_id=dealer_id,
        part_id__in=list(part_ids),
        valid_from__lte=on,
    )
    return {row.part_id: Money(row.unit_price_minor, row.currency) for row in valid}


def eligible_products(*, on: date) -> list[t.EligibleProduct]:
    """The models whose printers may have the free service, on a day (R10)."""
    listed = PrinterModel.objects.filter(Q(listed_to__isnull=True) | Q(listed_to__gt=on), listed_from__lte=on)
    return [
        t.EligibleProduct(
            name=model.name,
            manufacturer=model.manufacturer,
            family=model.family,
            kind=model.kind,
            colour=model.colour,
            listed_from=model.listed_from,
            listed_to=model.listed_to,
            support_ends_on=model.support_ends_on,
        )
        for model in listed.order_by("manufacturer", "name")
    ]


def export(folder: Path) -> dict[str, int]:
    """Writes models.csv, supplies.csv and fits.csv as `import` reads them; answers how many lines each has."""
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, tuple[csvfile.FileKind[Any], Iterator[dict[str, Any]]]] = {
        "models.csv": (csvfile.MODELS, _model_lines()),
        "supplies.csv": (csvfile.SUPPLIES, _supply_lines()),
        "fits.csv": (csvfile.FITS, _fit_lines()),
    }
    return {name: _write(folder / name, list(kind.columns), lines) for name, (kind, lines) in tables.items()}


def _write(path: Path, header: list[str], lines: Iterator[dict[str, Any]]) -> int:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        count = 0
        for line in lines:
            writer.writerow({column: "" if value is None else value for column, value in line.items()})
            count += 1
    return count


def _model_lines() -> Iterator[dict[str, Any]]:
    for row in PrinterModel.objects.order_by("name").values(*csvfile.MODELS.columns):
        yield row | {"aliases": "|".join(row["aliases"])}


def _supply_lines() -> Iterator[dict[str, Any]]:
    for row in Part.objects.order_by("part_number").values(*csvfile.SUPPLIES.columns):
        yield row | {"regions": " ".join(row["regions"]), "eligible": "yes" if row["eligible"] else "no"}


def _fit_lines() -> Iterator[dict[str, Any]]:
    found = Fit.objects.order_by("part__part_number", "model__name")
    for part_number, model, source in found.values_list("part__part_number", "model__name", "source"):
        yield {"part_number": part_number, "model": model, "source": source}
