"""Makers' own supply tables, better than the standard one: QUIRKS section 5, and how the rows are joined."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge_printers import snmprec
from econcierge_printers.mib import decode, oids
from econcierge_printers.mib.vendors import brother
from econcierge_printers.mib.vendors.base import private
from econcierge_printers.model import LevelState, Reading, SupplyClass, SupplyKind
from econcierge_printers.snmp import values
from econcierge_printers.snmp.values import Oid, Value, counter32, integer, octet_string

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
RICOH, RICOH_NAME, RICOH_LEVEL = 367, private(367, 3, 2, 1, 2, 24, 1, 1, 3), private(367, 3, 2, 1, 2, 24, 1, 1, 5)
EPSON, EPSON_INK = 1248, private(1248, 1, 2, 2, 28, 1, 1)
LEXMARK, LEXMARK_SUPPLY = 641, private(641, 6, 4, 4, 1, 1)
BROTHER, BROTHER_INFO = 2435, private(2435, 2, 3, 9, 4, 2, 1, 5, 5)


def read(objects: Mapping[Oid, Value], maker: int | None = None) -> Reading:
    stated = {oids.SYS_OBJECT_ID: values.object_identifier(private(maker, 1))} if maker else {}
    return decode.reading({**objects, **stated}, target="10.0.0.7", read_at=NOW, protocol="snmp-2c")


def toner(row: int, description: str, level: int, capacity: int = 100, kind: int = 3) -> dict[Oid, Value]:
    return {
        (*oids.SUPPLY_TYPE, 1, row): integer(kind),
        (*oids.SUPPLY_DESCRIPTION, 1, row): octet_string(description),
        (*oids.SUPPLY_CAPACITY, 1, row): integer(capacity),
        (*oids.SUPPLY_LEVEL, 1, row): integer(level),
    }


def ricoh(**levels: int) -> dict[Oid, Value]:
    made: dict[Oid, Value] = {}
    for row, (name, level) in enumerate(levels.items(), start=1):
        made[(*RICOH_NAME, row)] = octet_string(name.replace("_", " "))
        made[(*RICOH_LEVEL, row)] = integer(level)
    return made


def test_quirk_5_ricoh_private_level_for_the_standard_row() -> None:
    """Older models say only -3 in the standard table (LibreNMS 4177, 6801); words may be the other way round."""
    standard = toner(1, "Black Toner", -3, -2) | toner(2, "Cyan Toner", -3, -2)
    black, cyan = read(standard | ricoh(Toner_Black=25, Cyan_Toner=70), RICOH).supplies
    assert (black.index, black.percent, black.source) == ("1.1", 25.0, "ricoh")
    assert (cyan.index, cyan.percent, cyan.description) == ("1.2", 70.0, "Cyan Toner")


def test_quirk_5_ricoh_almost_empty_is_told_not_counted() -> None:
    """-100 in either table: below 10 %, some remains, and the device says that it is low."""
    for objects in (toner(1, "Black Toner", -100), toner(1, "Black Toner", -2) | ricoh(Black_Toner=-100)):
        reading = read(objects, RICOH)
        (supply,) = reading.supplies
        assert (supply.state, supply.percent, supply.panel) == (LevelState.SOME_REMAINING, None, "low")
        assert [(alert.supply_index, alert.code) for alert in reading.alerts] == [("1.1", 1104)]


@pytest.mark.parametrize(("level", "state"), [(-2, LevelState.UNKNOWN), (-3, LevelState.SOME_REMAINING)])
def test_quirk_5_ricoh_sentinels(level: int, state: LevelState) -> None:
    """-3 is anything from 1 to 100 %, whatever one user saw."""
    (supply,) = read(ricoh(Black_Toner=level), RICOH).supplies
    assert (supply.state, supply.percent, supply.source) == (state, None, "ricoh")


def test_quirk_5_ricoh_family_by_its_brands() -> None:
    """NRG, Lanier, Savin and Gestetner answer with their own name and Ricoh's objects."""
    for name in ("NRG", "LANIER", "SAVIN", "Gestetner"):
        objects = {oids.SYS_DESCR: octet_string(f"{name} MP C4503 1.18 / {name} Network Printer C model")}
        reading = read(objects | ricoh(Black_Toner=40))
        assert reading.identity.model == "MP C4503"
        assert reading.supplies[0].percent == 40.0


def test_quirk_5_recorded_ricoh(corpus: Path) -> None:
    objects = snmprec.read_file(corpus / "snippets" / "ricoh_aficio-sp3510dn_private.snmprec").objects
    assert [supply.percent for supply in read(objects).supplies] == [25.0]


def blob(*records: tuple[int, int, int]) -> Value:
    """Records of (tag, length, value)."""
    made = b"".join(bytes([tag, 1, length]) + value.to_bytes(length, "big") for tag, length, value in records)
    return octet_string(made + b"\xff")


def brother_info(node: int, *records: tuple[int, int, int]) -> dict[Oid, Value]:
    return {(*BROTHER_INFO, node, 0): blob(*records)}


def test_quirk_5_brother_life_for_the_standard_row() -> None:
    """The standard table says -3; the private life is in hundredths of a percent."""
    standard = toner(1, "Black Toner Cartridge", -3, -2) | toner(2, "Drum Unit", 11501, 12000, kind=9)
    reading = read(standard | brother_info(8, (0x6F, 4, 9100), (0x81, 4, 100), (0x41, 4, 9500)), BROTHER)
    black, drum = reading.supplies
    assert (black.index, black.percent, black.source) == ("1.1", 91.0, "brother")
    assert (drum.percent, drum.source) == (pytest.approx(95.8, abs=0.05), "printer-mib")


def test_quirk_5_brother_standard_levels_0_to_3_mean_nothing() -> None:
    (supply,) = read(toner(1, "Black Toner Cartridge", 1, 3) | brother_info(8, (0x6F, 4, 5500)), BROTHER).supplies
    assert supply.percent == 55.0
    (alone,) = read(toner(1, "Black Toner Cartridge", 1, 3), BROTHER).supplies
    assert (alone.state, alone.percent, alone.raw_level) == (LevelState.UNKNOWN, None, 1)


def test_quirk_5_brother_short_values_are_states() -> None:
    """HL-5350DN: lengths 1; a fixed split into seven octets gives 21037313 for the toner's state."""
    recorded = bytes.fromhex("110104000061a8310101014101010363010103ff")
    assert {tag: value.hex() for tag, value in brother.records(recorded).items()} == {
        0x11: "000061a8",
        0x31: "01",
        0x41: "03",
        0x63: "03",
    }
    reading = read({(*BROTHER_INFO, 8, 0): octet_string(recorded)} | brother_info(11, (0x82, 4, 0)), BROTHER)
    (drum,) = reading.supplies
    assert (drum.percent, drum.raw_level, drum.raw_capacity, drum.panel) == (0.0, 0, 25000, "empty")


def test_quirk_5_brother_one_tag_two_meanings() -> None:
    """82 is cyan toner in the maintenance node and pages left of the drum in the next-care node."""
    reading = read(brother_info(8, (0x82, 4, 70)) | brother_info(11, (0x82, 4, 7809)), BROTHER)
    cyan, drum = reading.supplies
    assert (cyan.colour, cyan.percent) == ("cyan", 70.0)
    assert (drum.kind, drum.state, drum.raw_level) == (SupplyKind.DRUM, LevelState.UNKNOWN, 7809)


def test_quirk_5_brother_old_inks_are_pairs() -> None:
    """MFC-5490CN: level and capacity in one octet each."""
    (ink,) = read({(*BROTHER_INFO, 8, 0): octet_string(bytes.fromhex("a20102" + "0c14" + "ff"))}, BROTHER).supplies
    assert (ink.kind, ink.colour, ink.percent, ink.raw_capacity) == (SupplyKind.INK, "cyan", 60.0, 20)


def test_quirk_5_brother_toner_low_is_told() -> None:
    reading = read(toner(1, "Black Toner", -3, -2) | brother_info(8, (0x31, 4, 2)), BROTHER)
    assert reading.supplies[0].panel == "low"
    assert read(brother_info(8, (0x31, 4, 1), (0x6F, 4, 100)), BROTHER).alerts == ()


@given(st.binary(max_size=80))
def test_quirk_5_any_octets_are_read_as_brother_records(octets: bytes) -> None:
    found = brother.records(octets)
    assert sum(3 + len(value) for value in found.values()) <= len(octets)
    read({(*BROTHER_INFO, node, 0): octet_string(octets) for node in (8, 10, 11)}, BROTHER)


@given(st.lists(st.tuples(st.integers(0, 254), st.binary(min_size=1, max_size=4)), unique_by=lambda r: r[0]))
def test_quirk_5_brother_records_come_back(records: list[tuple[int, bytes]]) -> None:
    octets = b"".join(bytes([tag, 1, len(value)]) + value for tag, value in records) + b"\xff"
    assert brother.records(octets) == dict(records)


def epson(row: int, level: int, name: str = "", sort: int = 4) -> dict[Oid, Value]:
    made: dict[Oid, Value] = {(*EPSON_INK, 2, 1, row): integer(level), (*EPSON_INK, 6, 1, row): integer(sort)}
    return made | ({(*EPSON_INK, 5, 1, row): octet_string(name)} if name else {})


def test_quirk_5_epson_maintenance_box_that_the_standard_table_lacks() -> None:
    """glpi-agent 989; the percentage is the space left."""
    standard = toner(1, "Black Ink Supply Unit", 28, kind=5)
    ink, box = read(standard | epson(1, 28) | epson(2, 100, "Maintenance Box", sort=2), EPSON).supplies
    assert (ink.index, ink.percent, ink.source) == ("1.1", 28.0, "printer-mib")
    assert (box.kind, box.supply_class, box.percent) == (SupplyKind.WASTE_CONTAINER, SupplyClass.FILLED, 100.0)
    assert (box.index, box.source) == ("1.2", "epson")


def test_quirk_5_epson_tanks_measured_only_privately() -> None:
    (ink,) = read(toner(1, "Cyan Ink", -3, -2, kind=5) | epson(1, 45), EPSON).supplies
    assert (ink.index, ink.colour, ink.percent, ink.source) == ("1.1", "cyan", 45.0, "epson")


def test_quirk_5_lexmark_part_and_serial_numbers() -> None:
    """The MPS table names what the standard one does not; M5155's standard level is -3."""
    columns = {4: "black", 5: "Black Cartridge", 6: "CAT1234", 7: "24B6035"}
    private_row = {(*LEXMARK_SUPPLY, column, 1, 1): octet_string(text) for column, text in columns.items()}
    private_row |= {(*LEXMARK_SUPPLY, column, 1, 1): integer(n) for column, n in {8: 3, 13: 7, 14: 9000}.items()}
    private_row[(*LEXMARK_SUPPLY, 16, 1, 1)] = counter32(5130)
    (supply,) = read(toner(1, "Black Cartridge", -3, 9000) | private_row, LEXMARK).supplies
    assert (supply.index, supply.percent, supply.source) == ("1.1", 57.0, "lexmark")
    assert (supply.part_number, supply.serial) == ("24B6035", "CAT1234")


def test_quirk_5_xerox_fault_texts_stand_on_the_console() -> None:
    reading = read({private(253, 8, 53, 8, 2, 1, 4, 1, 1): octet_string("Tray 2 is open")}, 253)
    assert reading.status.console == ("Tray 2 is open",)


def test_quirk_5_standard_is_fine_for_canon_hp_samsung() -> None:
    for maker in (1602, 11, 236):
        (supply,) = read(toner(1, "Black Cartridge", 63), maker).supplies
        assert (supply.percent, supply.source) == (63.0, "printer-mib")


def test_quirk_5_hp_staples_are_a_state() -> None:
    (staples,) = read(toner(1, "HP Staple Cartridge", -3, -2, kind=32), 11).supplies
    assert (staples.kind, staples.state) == (SupplyKind.STAPLES, LevelState.SOME_REMAINING)


def test_a_private_row_joins_only_its_own_colour() -> None:
    standard = toner(1, "Cyan Toner", -3, -2) | toner(2, "Yellow Toner", -3, -2)
    rows = read(standard | ricoh(Black_Toner=10, Yellow_Toner=20), RICOH).supplies
    assert {row.index: row.percent for row in rows} == {"1.1": None, "1.2": 20.0, "ricoh.1": 10.0}
