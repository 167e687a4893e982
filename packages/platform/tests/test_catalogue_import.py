"""The catalogue comes in by CSV: all of it, or nothing and every bad line named."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.catalogue import operations, queries, starter
from econcierge.catalogue import types as t
from econcierge.catalogue.models import Fit, Part, PrinterModel

MODELS = "name,family,kind,colour,aliases\nVersaLink C405,VersaLink,multifunction,colour,C405 office|Old C405\n"
SUPPLIES = (
    "part_number,kind,colour,capacity_class,sold,yield_pages,regions\n"
    "106R03512,toner,black,high,retail,5000,EU NA\n"
    "106R03536,toner,black,,contract,10500,\n"
)
FITS = "part_number,model\n106R03512,VersaLink C405\n106R03536,VersaLink C405\n"


@pytest.fixture(autouse=True)
def _operator(db: None) -> None:
    scoping.enter(Scope.everything())


def _import(
    models: str = MODELS, supplies: str = SUPPLIES, fits: str = FITS, *, is_dry_run: bool = False
) -> t.Imported:
    return operations.import_catalogue(
        models=("m.csv", models.encode()),
        supplies=("s.csv", supplies.encode()),
        fits=("f.csv", fits.encode()),
        is_dry_run=is_dry_run,
    )


def _refused(**files: str) -> list[str]:
    with pytest.raises(operations.BadFile) as refused:
        _import(**files)
    assert not PrinterModel.objects.exists()
    assert not Part.objects.exists()
    return [str(bad) for bad in refused.value.bad_lines]


def test_a_catalogue_comes_in_and_only_retail_numbers_are_offered() -> None:
    assert _import() == t.Imported(models=1, supplies=2, fits=2)
    model = PrinterModel.objects.get()
    assert [part.part_number for part in queries.options_for(model=model, kind="toner", colour="black")] == [
        "106R03512"
    ]
    assert queries.options_for(model=model, kind="toner", colour="cyan") == []
    assert queries.options_for(model=None, kind="toner", colour="black") == []


def test_the_same_import_again_changes_nothing(tmp_path: Path) -> None:
    _import()
    queries.export(tmp_path / "once")
    _import()
    queries.export(tmp_path / "again")
    for name in ("models.csv", "supplies.csv", "fits.csv"):
        assert (tmp_path / "once" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_what_was_exported_can_be_imported(tmp_path: Path) -> None:
    starter.load()
    counts = queries.export(tmp_path)
    files = {name: (tmp_path / f"{name}.csv").read_bytes() for name in ("models", "supplies", "fits")}
    Fit.objects.all().delete()
    Part.objects.all().delete()
    PrinterModel.objects.all().delete()
    done = operations.import_catalogue(**{name: (f"{name}.csv", content) for name, content in files.items()})
    assert counts == {"models.csv": done.models, "supplies.csv": done.supplies, "fits.csv": done.fits}
    queries.export(tmp_path / "again")
    assert {name: (tmp_path / "again" / f"{name}.csv").read_bytes() for name in files} == files


def test_a_dry_run_changes_nothing() -> None:
    assert _import(is_dry_run=True) == t.Imported(models=1, supplies=2, fits=2)
    assert not PrinterModel.objects.exists()


def test_columns_that_a_file_does_not_have_stay_as_they_are() -> None:
    _import()
    operations.list_models([t.ListingRow("VersaLink C405", date(2020, 1, 1))])
    operations.import_catalogue(models=("m.csv", b"name,source\nVersaLink C405,own\n"))
    model = PrinterModel.objects.get()
    assert (model.family, model.listed_from, model.source) == ("VersaLink", date(2020, 1, 1), "own")


def test_every_bad_line_is_named_and_nothing_is_half_imported() -> None:
    supplies = SUPPLIES + (
        "106R03513,tonner,black,high,retail,5000,NA\n"
        "106R03514,toner,black,high,retail,many,NA\n"
        "106R03515,toner,black,high,borrowed,5000,MARS\n"
        ",toner,black,high,retail,5000,NA\n"
        "106R03512,toner,black,high,retail,5000,NA\n"
        "106R03516,toner\n"
    )
    fits = FITS + "999X,VersaLink C405\n106R03512,VersaLink C999\n106R03512,VersaLink C405\n"
    said = _refused(supplies=supplies, fits=fits)
    expected = [
        ("s.csv, line 4, kind:", "'tonner' is not one of"),
        ("s.csv, line 5, yield_pages:", "'many' is not a whole number"),
        ("s.csv, line 6, sold:", "'borrowed' is not one of"),
        ("s.csv, line 6, regions:", "'MARS' is not one of"),
        ("s.csv, line 7, part_number:", "is empty"),
        ("s.csv, line 8:", "the same as line 2"),
        ("s.csv, line 9:", "has 2 fields where the header has 7"),
        ("f.csv, line 4, part_number:", "'999X' is not a known supply"),
        ("f.csv, line 5, model:", "'VersaLink C999' is not a known model"),
        ("f.csv, line 6:", "the same as line 2"),
    ]
    assert len(said) == len(expected)
    for line, (where, why) in zip(said, expected, strict=True):
        assert line.startswith(where)
        assert why in line


@pytest.mark.parametrize(
    ("models", "says"),
    [
        ("", "m.csv, line 1: the file is empty"),
        ("name\n", "m.csv, line 1: has no lines"),
        ("name,price\nC405,1\n", "m.csv, line 1, price: is not a known column"),
        ("name,name\nC405,C405\n", "m.csv, line 1, name: this column stands twice"),
        ("family\nVersaLink\n", "m.csv, line 1, name: this column is missing"),
        ('name\n"C405\n', "m.csv, line 2: cannot be read as CSV"),
        ("name\nC405\x00\n", "m.csv, line 1: is not a text file"),
        ("name,listed_from,listed_to\nC405,2020-01-01,2019-01-01\n", "m.csv, line 2, listed_to: has to be after"),
        ("name,listed_from\nC405,1 mai\n", "m.csv, line 2, listed_from: '1 mai' is not a date"),
        ("name\nVersaLink C405\nVersaLink C-405\n", "m.csv, line 3, name: 'VersaLink C-405' and 'VersaLink C405'"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(models: str, says: str) -> None:
    assert _refused(models=models)[0].startswith(says)


def test_another_encoding_is_named_with_its_line() -> None:
    with pytest.raises(operations.BadFile) as refused:
        operations.import_catalogue(models=("m.csv", "name,family\nC405,VersaLink\nC400,Série\n".encode("latin-1")))
    assert str(refused.value.bad_lines[0]) == "m.csv, line 3: is not UTF-8; save the file with that encoding"


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    content = "\ufeff" + MODELS.replace("\n", "\r\n")
    assert operations.import_catalogue(models=("m.csv", content.encode())).models == 1


def test_the_starter_catalogue_comes_in_and_says_where_each_fact_is_from(django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(20):
        done = starter.load()
    assert done == t.Imported(models=140, supplies=279, fits=522)
    assert not Part.objects.exclude(source__contains="public sources").exists()
    assert not PrinterModel.objects.filter(listed_from__isnull=False).exists()


def test_the_demo_offers_both_capacities_for_its_story() -> None:
    starter.load()
    starter.load_demo()
    model = PrinterModel.objects.get(name="VersaLink C405")
    options = queries.options_for(model=model, kind="toner", colour="black")
    assert [part.part_number for part in options] == ["106R03500", "106R03512", "106R03524"]
    assert [part.yield_pages for part in options] == [2500, 5000, 10500]


def test_the_eligible_list_is_of_a_day() -> None:
    _import()
    operations.list_models(
        [t.ListingRow("VersaLink C405", date(2020, 1, 1), date(2026, 1, 1), support_ends_on=date(2030, 1, 1))]
    )
    assert [p.name for p in queries.eligible_products(on=date(2025, 12, 31))] == ["VersaLink C405"]
    assert queries.eligible_products(on=date(2026, 1, 1)) == []
    assert queries.eligible_products(on=date(2019, 12, 31)) == []


def test_a_model_that_is_not_known_cannot_be_listed() -> None:
    with pytest.raises(operations.Invalid, match="C999"):
        operations.list_models([t.ListingRow("C999", date(2020, 1, 1))])


def test_a_question_about_a_model_does_not_grow_with_the_catalogue(django_assert_num_queries: object) -> None:
    starter.load()
    with django_assert_num_queries(2):
        model = PrinterModel.objects.get(name="AltaLink C8045")
        assert queries.options_for(model=model, kind="toner", colour="cyan")


def test_prices_are_of_a_dealer_and_a_day(cast: SimpleNamespace, now: object) -> None:
    _import()
    part = Part.objects.get(part_number="106R03512")
    prices = b"part_number,unit_price,valid_from\n106R03512,164.95,2026-01-01\n"
    operations.import_prices(dealer=cast.dealer, prices=("p.csv", prices), now=now)
    found = queries.price(dealer_id=cast.dealer.pk, part_ids=[part.pk], on=date(2026, 11, 23))
    assert {pk: price.amount_minor for pk, price in found.items()} == {part.pk: 16495}
    assert queries.price(dealer_id=cast.other_dealer.pk, part_ids=[part.pk], on=date(2026, 11, 23)) == {}
    assert queries.price(dealer_id=cast.dealer.pk, part_ids=[part.pk], on=date(2025, 12, 31)) == {}
