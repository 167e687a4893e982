"""Which model a device is by its own words, and what may be offered for a slot."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from econcierge.catalogue import rules
from econcierge.catalogue import types as t

RECORDED = Path(__file__).resolve().parents[4] / "shared" / "data" / "catalogue"
KNOWN = {
    rules.name_key(name): number
    for number, name in enumerate(
        ("VersaLink C405", "C235", "WorkCentre 7556", "Phaser 6180", "Phaser 8860", "Phaser 8860MFP", "VersaLink C8000",
         "VersaLink C8000W", "B1025", "WorkCentre 6400")
    )
}  # fmt: skip
NAMES = {number: key for key, number in KNOWN.items()}


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("Xerox VersaLink C405 Multifunction Printer", "versalinkc405"),
        ("Xerox(R) C235 Color MFP; SS CXLBL.081.215, kernel 5.4.90", "c235"),
        ("Xerox VersaLink C405DN", "versalinkc405"),
        ("Xerox® VersaLink® C405V_DN", "versalinkc405"),
        ("VersaLink C405/DN", "versalinkc405"),
        ("Xerox WorkCentre 7556 v1 Multifunction System; System Software", "workcentre7556"),
        ("Xerox Phaser 8860 MFP", "phaser8860mfp"),
        ("VersaLink C8000W", "versalinkc8000w"),
        ("VersaLink C8000DT", "versalinkc8000"),
        ("WorkCentre 6400X", "workcentre6400"),
        ("Xerox B1025 Multifunction Printer; SS 75.000.77.000", "b1025"),
    ],
)
def test_a_device_is_known_by_its_own_words(said: str, key: str) -> None:
    found = rules.model_id_for(said, known=KNOWN)
    assert found is not None
    assert NAMES[found] == key


@pytest.mark.parametrize(
    "said", ["", "Xerox", "C405", "HP LaserJet C405", "Canon C235", "Xerox Phaser 6180MFP-D", "VersaLink", "DN"]
)
def test_another_machine_is_never_taken_for_a_known_one(said: str) -> None:
    assert rules.model_id_for(said, known=KNOWN) is None


@pytest.mark.corpus
def test_recorded_device_strings_find_their_model() -> None:
    strings = RECORDED / "snmp_strings.csv"
    if not strings.exists():
        pytest.skip(f"no recordings at {strings}")
    with (RECORDED / "models.csv").open(encoding="utf-8") as file:
        known = {rules.name_key(row["model"]): index for index, row in enumerate(csv.DictReader(file))}
    with strings.open(encoding="utf-8") as file:
        rows = [list(row.values()) for row in csv.DictReader(file)]
    described = [(model, text) for model, kind, text, *_ in rows if kind == "sysDescr"]
    wrong = [(model, text) for model, text in described if _found(text, known) != _found(model, known)]
    assert wrong == []
    assert sum(_found(text, known) is not None for _, text in described) >= 40


def _found(said: str, known: dict[str, int]) -> int | None:
    return rules.model_id_for(said, known=known)


def _part(*, sold: str = "retail", regions: tuple[str, ...] = ("NA",), kind: str = "toner", colour: str = "black"):
    return t.PartFacts("106R03512", kind, colour, sold, regions)


@pytest.mark.parametrize(
    ("part", "is_offered"),
    [
        (_part(), True),
        (_part(regions=("EU", "NA")), True),
        (_part(regions=("WW",)), True),
        (_part(regions=("DMO",)), False),
        (_part(regions=()), False),
        (_part(sold="contract"), False),
        (_part(sold="disputed"), False),
        (_part(sold="unknown"), False),
    ],
)
def test_contract_disputed_and_foreign_numbers_are_never_offered(part: t.PartFacts, is_offered: bool) -> None:
    assert rules.offerable(part) is is_offered


@pytest.mark.parametrize(
    ("part", "kind", "colour", "goes_in"),
    [
        (_part(), "toner", "black", True),
        (_part(), "toner", "cyan", False),
        (_part(), "drum", "black", False),
        (_part(kind="drum", colour="any"), "drum", "yellow", True),
        (_part(kind="imaging_unit", colour=""), "drum", "", True),
        (_part(kind="drum", colour="cmy"), "drum", "magenta", True),
        (_part(kind="drum", colour="cmy"), "drum", "black", False),
        (_part(kind="solid_ink"), "ink", "black", True),
    ],
)
def test_a_part_goes_into_slots_of_its_kind_and_colour(
    part: t.PartFacts, kind: str, colour: str, goes_in: bool
) -> None:
    assert rules.fits_slot(part, kind=kind, colour=colour) is goes_in
