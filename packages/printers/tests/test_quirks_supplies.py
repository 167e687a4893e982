"""What real printers do to the supplies table: each test names the entry of QUIRKS that it proves (section 1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from econcierge_printers.mib import decode, oids
from econcierge_printers.model import LevelState, Reading, Supply, SupplyClass, SupplyKind
from econcierge_printers.snmp import values
from econcierge_printers.snmp.values import Oid, Value, integer, octet_string

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def read(*parts: Mapping[Oid, Value], maker: str | None = None) -> Reading:
    objects: dict[Oid, Value] = {}
    for part in parts:
        objects |= part
    if maker:
        objects[oids.SYS_OBJECT_ID] = values.object_identifier(f"1.3.6.1.4.1.{maker}")
    return decode.reading(objects, target="10.0.0.7", read_at=NOW, protocol="snmp-2c")


def row(index: Oid = (1, 1), **columns: Any) -> dict[Oid, Value]:
    """A supply by column: `type`, `capacity`, `description` and so on."""
    made = {}
    for name, value in columns.items():
        column = getattr(oids, f"SUPPLY_{name.rstrip('_').upper()}")
        made[(*column, *index)] = integer(value) if isinstance(value, int) else octet_string(value)
    return made


def only(reading: Reading) -> Supply:
    (supply,) = reading.supplies
    return supply


def test_quirk_1_1_index_need_not_begin_with_one() -> None:
    """HP OfficeJet 8600: hrDeviceIndex 0 in all of the Printer-MIB."""
    colorant = {(*oids.COLORANT_VALUE, 0, 2): octet_string("cyan")}
    supply = only(read(row((0, 2), colorant=2, type=5, description="ink", capacity=100, level=40), colorant))
    assert (supply.index, supply.colour, supply.percent) == ("0.2", "cyan", 40.0)


def test_quirk_1_1_one_index_component() -> None:
    """Pantum BM5100ADW."""
    colorant = {(*oids.COLORANT_VALUE, 1): octet_string("black")}
    supply = only(read(row((1,), colorant=1, type=3, description="", unit=3, capacity=100, level=100), colorant))
    assert (supply.index, supply.colour, supply.kind, supply.percent) == ("1", "black", SupplyKind.TONER, 100.0)


def test_quirk_1_1_holes_in_the_index() -> None:
    """Fujifilm: 2 to 9, then 30 and 31."""
    indices = [(1, 2), (1, 9), (1, 30), (1, 31)]
    reading = read(*(row(index, type=3, description="Toner", capacity=100, level=7) for index in indices))
    assert [supply.index for supply in reading.supplies] == ["1.2", "1.9", "1.30", "1.31"]


def test_quirk_1_1_several_markers() -> None:
    """HP DesignJet Z5200: the marker's column runs 1 to 4; rows stay one table and one printer."""
    rows = [row((1, n), type=6, description=f"Ink {n}", capacity=100, level=n) for n in range(1, 5)]
    assert len(read(*rows).supplies) == 4


@pytest.mark.parametrize(
    ("capacity", "level", "state"),
    [
        (100, -1, LevelState.UNRESTRICTED),
        (100, -2, LevelState.UNKNOWN),
        (-2, -2, LevelState.UNKNOWN),
        (100, -3, LevelState.SOME_REMAINING),
        (-2, -3, LevelState.SOME_REMAINING),
    ],
)
def test_quirk_1_2_sentinels_are_states(capacity: int, level: int, state: LevelState) -> None:
    """P01, P03: never a made-up number."""
    supply = only(read(row(type=3, description="Toner", capacity=capacity, level=level)))
    assert (supply.state, supply.percent, supply.raw_level) == (state, None, level)


@pytest.mark.parametrize("capacity", [-2, -1, 0])
def test_quirk_1_3_a_level_of_an_unknown_whole_is_no_percentage(capacity: int) -> None:
    """P13: no division by zero, no assumed 100."""
    supply = only(read(row(type=4, description="Waste", unit=13, capacity=capacity, level=55)))
    assert (supply.state, supply.percent, supply.raw_level) == (LevelState.UNKNOWN, None, 55)


def test_quirk_1_3_sharp_drums_and_developers_are_percentages() -> None:
    drum = row((1, 1), type=9, description="Drum", capacity=-2, level=81)
    developer = row((1, 2), type=10, description="Developer", capacity=-2, level=74)
    waste = row((1, 3), type=4, description="Waste Toner", capacity=-2, level=100)
    reading = read(drum, developer, waste, maker="2385.3.1")
    assert [supply.percent for supply in reading.supplies] == [81.0, 74.0, None]
    assert [supply.percent for supply in read(drum, maker="253.1").supplies] == [None]


def test_quirk_1_4_percentages_are_within_one_of_rounding_and_of_truncating() -> None:
    supply = only(read(row(type=9, description="Drum Unit", capacity=12000, level=11501)))
    assert supply.percent == pytest.approx(95.8, abs=0.05)


@pytest.mark.parametrize("level", [150, 290])
def test_quirk_1_5_above_the_capacity_is_implausible(level: int) -> None:
    """P02: Brother's 150 %, K5400's 290 %: shown as such, never used."""
    supply = only(read(row(type=3, description="Toner", unit=19, capacity=100, level=level)))
    assert (supply.state, supply.percent, supply.raw_level) == (LevelState.IMPLAUSIBLE, None, level)


def test_quirk_1_5_far_below_zero_is_overdue() -> None:
    """Sharp MX-5001N: drums at -750 to -4400."""
    supply = only(read(row(type=9, description="Drum", capacity=100, level=-750), maker="2385.3.1"))
    assert (supply.state, supply.percent) == (LevelState.OVERDUE, None)


def test_quirk_1_6_of_a_receptacle_the_space_left() -> None:
    """P08: Ricoh, Sharp and Xerox say 100 on healthy machines; nothing is turned round."""
    supply = only(read(row(class_=4, type=4, description="Waste", capacity=35000, level=35000)))
    assert (supply.supply_class, supply.percent) == (SupplyClass.FILLED, 100.0)


@pytest.mark.parametrize("type_number", [4, 8, 14, 24, 26])
def test_quirk_1_6_every_type_of_waste(type_number: int) -> None:
    """The class column may be missing: the type says that it is filled."""
    supply = only(read(row(type=type_number, description="Box", capacity=100, level=90)))
    assert (supply.kind, supply.supply_class) == (SupplyKind.WASTE_CONTAINER, SupplyClass.FILLED)


def test_quirk_1_6_class_other_stays_other() -> None:
    """HP M880's cleaning roller."""
    supply = only(read(row(class_=1, type=18, description="Cleaning Roller", capacity=100, level=90)))
    assert supply.supply_class is SupplyClass.OTHER


@pytest.mark.parametrize(
    ("description", "kind"),
    [
        ("Transfer Roller S/N:   ", SupplyKind.TRANSFER_ROLLER),
        ("Maintenance Kit", SupplyKind.MAINTENANCE_KIT),
        ("Roller Kit", SupplyKind.MAINTENANCE_KIT),
        ("Belt Unit", SupplyKind.TRANSFER_BELT),
        ("Fuser Unit", SupplyKind.FUSER),
        ("Punch Box", SupplyKind.OTHER),
    ],
)
def test_quirk_1_7_type_other_is_told_by_words(description: str, kind: SupplyKind) -> None:
    assert only(read(row(type=1, description=description, capacity=100, level=9))).kind is kind


@pytest.mark.parametrize(
    ("type_number", "kind"),
    [
        (6, SupplyKind.INK),
        (12, SupplyKind.SOLID_INK),
        (18, SupplyKind.MAINTENANCE_KIT),
        (20, SupplyKind.TRANSFER_BELT),
        (21, SupplyKind.TONER),
        (32, SupplyKind.STAPLES),
    ],
)
def test_quirk_1_7_rare_types(type_number: int, kind: SupplyKind) -> None:
    assert only(read(row(type=type_number, description="???", capacity=100, level=9))).kind is kind


def test_quirk_1_7_two_black_toners_are_two() -> None:
    """Fujifilm Apeos; peers keep the last of equal kind and colour."""
    rows = [row((1, n), type=3, description=f"Black Toner {n}", capacity=100, level=10 * n) for n in (1, 2)]
    assert [supply.percent for supply in read(*rows).supplies] == [10.0, 20.0]


def test_quirk_1_8_rows_are_told_apart_by_index() -> None:
    """Brother HL-5370DW: the same description twice, 0/-2 and -3/-2; nothing of that is a number."""
    first = row((1, 1), type=3, description="Black Toner Cartridge", capacity=-2, level=0)
    second = row((1, 2), type=3, description="Black Toner Cartridge", capacity=-2, level=-3)
    states = {supply.index: supply.state for supply in read(first, second, maker="2435.2.3.9.1").supplies}
    assert states == {"1.1": LevelState.UNKNOWN, "1.2": LevelState.SOME_REMAINING}


def test_quirk_1_9_oki_drums_have_the_colours_of_the_toners() -> None:
    colorants = {(*oids.COLORANT_VALUE, 1, n): octet_string(c) for n, c in ((1, "black"), (2, "cyan"))}
    toners = [row((1, n), colorant=n, type=3, description="Toner", capacity=100, level=9) for n in (1, 2)]
    drums = [row((1, n), colorant=0, type=9, description="Image Drum", capacity=100, level=9) for n in (3, 4)]
    reading = read(colorants, *toners, *drums, maker="2001.1.1.1.1")
    assert [supply.colour for supply in reading.supplies] == ["black", "cyan", "black", "cyan"]
    others = read(colorants, *toners, *drums, maker="253.1")
    assert [supply.colour for supply in others.supplies] == ["black", "cyan", None, None]


def test_quirk_1_9_colours_of_part_numbers_alone() -> None:
    """Kyocera TK-8527C; a lone PK-3010S is black; no colorant table anywhere."""
    letters = [row((1, n), type=3, description=f"TK-8527{c}", capacity=100, level=9) for n, c in enumerate("CMYK", 1)]
    reading = read(*letters)
    assert [supply.colour for supply in reading.supplies] == ["cyan", "magenta", "yellow", "black"]
    assert [supply.part_number for supply in reading.supplies] == ["TK-8527C", "TK-8527M", "TK-8527Y", "TK-8527K"]
    assert only(read(row(type=3, description="PK-3010S", capacity=100, level=9))).colour == "black"


def test_quirk_1_9_colours_of_hp_part_numbers_in_a_set() -> None:
    """CE310A black, 311 cyan, 312 yellow, 313 magenta; one alone says nothing, CF283A is black."""
    numbers = {1: "CE310A", 2: "CE311A", 3: "CE312A", 4: "CE313A"}
    rows = [row((1, n), type=3, description=f"Cartridge {part}", capacity=100, level=9) for n, part in numbers.items()]
    assert [supply.colour for supply in read(*rows).supplies] == ["black", "cyan", "yellow", "magenta"]
    assert only(read(row(type=3, description="Cartridge CF283A", capacity=100, level=9))).colour == "black"


def test_quirk_1_9_ricoh_has_a_colorant_named_other() -> None:
    colorants = {(*oids.COLORANT_VALUE, 1, 1): octet_string("other")}
    waste = row(colorant=1, class_=4, type=4, description="Waste Toner", capacity=100, level=100)
    assert only(read(colorants, waste)).colour is None


@pytest.mark.parametrize("value", [b"black\0", b"black ", b"Black\0\0x", b"BLACK toner"])
def test_quirk_1_9_colorants_with_more_than_the_word(value: bytes) -> None:
    colorants = {(*oids.COLORANT_VALUE, 1, 1): octet_string(value)}
    two = [row((1, n), colorant=n, type=3, description="Toner", capacity=100, level=9) for n in (1, 2)]
    assert read(colorants, *two).supplies[0].colour == "black"


def test_quirk_1_10_a_wrong_unit_changes_no_percentage() -> None:
    """Epson says "other" where the value is a percentage, Pantum 1/10000 inch; the quotient is what counts (P12)."""
    for unit in (1, 3, 13, 99):
        assert only(read(row(type=5, description="Ink", unit=unit, capacity=100, level=84))).percent == 84.0
    pages = only(read(row(type=3, description="Toner", unit=7, capacity=6480, level=712)))
    assert (pages.unit, pages.percent) == ("impressions", 11.0)


def test_quirk_1_11_coarse_gauges_are_not_smoothed() -> None:
    """Ricoh's tens, Canon LBP's 0 and 100, Epson's floor of 1 %: given as they are, the step is learnt elsewhere."""
    rows = [row((1, n), type=3, description=f"Toner {n}", capacity=100, level=n) for n in (1, 10, 100)]
    assert [supply.percent for supply in read(*rows).supplies] == [1.0, 10.0, 100.0]


def test_a_ghost_row_is_no_supply() -> None:
    """P09: a fifth supply without name or capacity, always 0."""
    toner = row((1, 1), type=3, description="Toner", capacity=100, level=50)
    assert len(read(toner, row((1, 5), type=1, description="", capacity=0, level=0)).supplies) == 1
