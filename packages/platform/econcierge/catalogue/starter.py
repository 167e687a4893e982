"""The files in `data/`: what the product starts with, and what the demo adds to it.

The starter catalogue states what two or more public sources say; a yield on which they differ is left out, and no
price is public. Everything else an operator or a dealer imports; in the demo that is `demo_*.csv`, whose prices and
dates are invented.
"""

from __future__ import annotations

from importlib import resources

from econcierge.catalogue import csvfile, operations
from econcierge.catalogue import types as t

File = tuple[str, bytes]


def file(name: str) -> File:
    """(name, content) of a file in `data/`."""
    return name, (resources.files("econcierge.catalogue") / "data" / name).read_bytes()


def load() -> t.Imported:
    """Takes in the starter catalogue; again changes nothing."""
    return operations.import_catalogue(models=file("models.csv"), supplies=file("supplies.csv"), fits=file("fits.csv"))


def load_demo() -> t.Imported:
    """What the demo adds: supplies and fits that its dealer imported, and its models on the eligible list."""
    imported = operations.import_catalogue(supplies=file("demo_supplies.csv"), fits=file("demo_fits.csv"))
    operations.list_models(demo_listing())
    return imported


def demo_listing() -> list[t.ListingRow]:
    name, content = file("demo_eligible.csv")
    rows, bad = csvfile.read(csvfile.LISTINGS, content=content, name=name)
    if bad:
        raise operations.BadFile(bad)
    return rows
