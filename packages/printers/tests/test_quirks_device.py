"""Texts, identity, counters, alerts and trays of real devices: QUIRKS sections 2, 3, 4, 6 and 7."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from econcierge_printers.mib import decode, oids
from econcierge_printers.mib.vendors.base import private
from econcierge_printers.model import AlertSeverity, LevelState, PrinterState, Reading
from econcierge_printers.snmp import values
from econcierge_printers.snmp.values import Oid, Value, counter32, integer, octet_string

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def read(*parts: Mapping[Oid, Value], maker: str | None = None) -> Reading:
    objects: dict[Oid, Value] = {}
    for part in parts:
        objects |= part
    if maker:
        objects[oids.SYS_OBJECT_ID] = values.object_identifier(f"1.3.6.1.4.1.{maker}")
    return decode.reading(objects, target="10.0.0.7", read_at=NOW, protocol="snmp-2c")


def text(oid: Oid, value: str | bytes, *index: int) -> dict[Oid, Value]:
    return {(*oid, *index): octet_string(value)}


def number(oid: Oid, value: int, *index: int) -> dict[Oid, Value]:
    return {(*oid, *index): integer(value)}


def described(description: str | bytes) -> dict[Oid, Value]:
    return text(oids.SUPPLY_DESCRIPTION, description, 1, 1) | number(oids.SUPPLY_TYPE, 3, 1, 1) | level(50)


def level(percent: int) -> dict[Oid, Value]:
    return number(oids.SUPPLY_LEVEL, percent, 1, 1) | number(oids.SUPPLY_CAPACITY, 100, 1, 1)


# Section 2: text


@pytest.mark.parametrize(
    ("description", "fields"),
    [
        ("Black Toner, PN 006R01509;SN1A2B3C", ("Black Toner", "006R01509", "1A2B3C")),
        ("Black Toner, PN 006R01509;SNunknown", ("Black Toner", "006R01509", None)),
        ("Black Toner, PN unknown", ("Black Toner", None, None)),
        ("Black Toner_S/N_:CRUM-16", ("Black Toner", None, "CRUM-16")),
        ("Black Toner Cartridge S/N:CRUM-16", ("Black Toner Cartridge", None, "CRUM-16")),
        ("Fuser S/N:   ", ("Fuser", None, None)),
    ],
)
def test_quirk_2_1_name_part_and_serial_are_three_fields(
    description: str, fields: tuple[str, str | None, str | None]
) -> None:
    (supply,) = read(described(description), maker="253.8").supplies
    assert (supply.description, supply.part_number, supply.serial) == fields


@pytest.mark.parametrize("tail", [b"\0", b"\0\0\xff", b"   ", b"\r\n"])
def test_quirk_2_2_nothing_after_the_words(tail: bytes) -> None:
    """HP JetDirect 143/153 end with NUL."""
    (supply,) = read(described(b"Patrone Schwarz 508A HP CF360A" + tail), maker="11.2.3.9.1").supplies
    assert (supply.description, supply.part_number) == ("Patrone Schwarz 508A HP CF360A", "CF360A")


@pytest.mark.parametrize(
    ("number_", "codec", "words"),
    [
        (4, "latin-1", "Cartouche récupérée"),
        (5, "iso8859-2", "TRYB UŚPIENIA"),
        (8, "iso8859-5", "Спящий режим"),
        (12, "iso8859-9", "Siyah toner kartuşu"),
        (106, "utf-8", "请等待"),
        (1013, "utf-16-be", "Prêt"),
        (1014, "utf-16-le", "Prêt"),
        (2004, "hp-roman8", "Prêt à imprimer"),
        (2024, "cp932", "トナー"),
        (113, "gbk", "目录"),
        (2026, "big5", "碳粉不足"),
        (38, "euc_kr", "토너 부족"),
        (2084, "koi8-r", "Готов"),
        (10, "iso8859-7", "Έτοιμο"),
        (113, "utf-8", "墨粉不足"),
    ],
)
def test_quirk_2_3_texts_in_the_device_s_own_character_set(number_: int, codec: str, words: str) -> None:
    """P24."""
    chosen = number(oids.CURRENT_LOCALIZATION, 2, 1) | number(oids.LOCALIZATION_CHARACTER_SET, 3, 1, 1)
    chosen |= number(oids.LOCALIZATION_CHARACTER_SET, number_, 1, 2)
    console = text(oids.CONSOLE_TEXT, words.encode(codec), 1, 1)
    assert read(chosen, console).status.console == (words,)


def test_quirk_2_3_the_only_character_set_counts_when_none_is_chosen() -> None:
    """HP P1102w answers NULL where the chosen one should stand."""
    stated = number(oids.LOCALIZATION_CHARACTER_SET, 8, 1, 1) | {(*oids.CURRENT_LOCALIZATION, 1): values.NULL}
    console = text(oids.CONSOLE_TEXT, "Готов".encode("iso8859-5"), 1, 1)
    assert read(stated, console).status.console == ("Готов",)


def test_quirk_2_3_brother_s_console_is_padded_and_has_its_own_line_ends() -> None:
    console = text(oids.CONSOLE_TEXT, b"ENERGIESPAREN   \rTROMMEL ERSETZ. ", 1, 1)
    assert read(console).status.console == ("ENERGIESPAREN TROMMEL ERSETZ.",)


def test_quirk_2_4_without_a_description_the_type_still_says() -> None:
    (supply,) = read(described("")).supplies
    assert (supply.description, supply.kind.value, supply.colour) == ("", "toner", "black")


@pytest.mark.parametrize(
    ("words", "kind", "colour"),
    [
        ("Cartouche de toner jaune", "toner", "yellow"),
        ("Resttonerbehälter", "waste_container", None),
        ("Tonerkartusche Zyan", "toner", "cyan"),
        ("Cartucho de tóner negro", "toner", "black"),
        ("Unità tamburo", "drum", None),
        ("Cartuccia toner giallo", "toner", "yellow"),
        ("Cartucho de toner amarelo", "toner", "yellow"),
        ("Tonercartridge zwart", "toner", "black"),
        ("Pojemnik na zużyty toner", "waste_container", None),
        ("Czarny toner", "toner", "black"),
        ("Sarı toner kartuşu", "toner", "yellow"),
        ("Atık toner kutusu", "waste_container", None),
        ("Чёрный тонер", "toner", "black"),
        ("Пурпурный тонер", "toner", "magenta"),
        ("Фотобарабан", "drum", None),
        ("黑色墨粉盒", "toner", "black"),
        ("废粉盒", "waste_container", None),
        ("トナー(シアン)", "toner", "cyan"),
        ("廃トナーボックス", "waste_container", None),
        ("ドラムユニット", "drum", None),
    ],
)
def test_quirk_2_5_words_of_many_languages_where_the_type_is_missing(words: str, kind: str, colour: str | None) -> None:
    others = text(oids.SUPPLY_DESCRIPTION, "toner", 1, 8) | number(oids.SUPPLY_LEVEL, 5, 1, 8)
    supply = read(text(oids.SUPPLY_DESCRIPTION, words, 1, 1), level(50), others).supplies[0]
    assert (supply.kind.value, supply.colour) == (kind, colour)


@pytest.mark.parametrize(
    ("octets", "conditions"),
    [
        (b"", ()),
        (b" ", ("low_toner",)),
        (b"\x20\x00", ("low_toner",)),
        (b"\x01\x00", ("service_requested",)),
        (b"\x04", ("jammed",)),
    ],
)
def test_quirk_2_6_error_state_is_bits_not_text(octets: bytes, conditions: tuple[str, ...]) -> None:
    """0x20 is a blank in careless hands; Kyocera M8130cidn was called jammed for low toner."""
    assert read(text(oids.HR_PRINTER_ERROR_STATE, octets, 1)).status.conditions == conditions


# Section 3: identity


SERIAL_PLACES = [
    ("11.2.3.9.1", private(11, 2, 3, 9, 4, 2, 1, 1, 3, 3, 0)),
    ("2435.2.3.9.1", private(2435, 2, 3, 9, 4, 2, 1, 5, 5, 1, 0)),
    ("1347.41", private(1347, 43, 5, 1, 1, 28, 1)),
    ("367.1.1", private(367, 3, 2, 1, 2, 1, 4, 0)),
    ("1248.1.1", private(1248, 1, 2, 2, 1, 1, 1, 5, 1)),
    ("2001.1.1.1.1", private(2001, 1, 1, 1, 1, 11, 1, 10, 45, 0)),
    ("1602.4.2", private(1602, 1, 2, 1, 8, 1, 3, 1, 1)),
    ("1129.1.2.1", private(1129, 1, 2, 1, 1, 1, 1, 1, 0)),
    ("40093.1.1", private(40093, 6, 1, 2)),
    ("10642.1.1", private(10642, 1, 9, 0)),
    ("253.8.62", private(253, 8, 53, 3, 2, 1, 3, 1)),
    ("641.2.7", private(641, 6, 2, 3, 1, 5, 1)),
]


@pytest.mark.parametrize(("maker", "place"), SERIAL_PLACES)
def test_quirk_3_serial_at_the_maker_s_own_place(maker: str, place: Oid) -> None:
    assert read(text(place, "VNB3J12345"), maker=maker).identity.serial == "VNB3J12345"


@pytest.mark.parametrize(
    "nothing", ["", "00000000", "N/A", "no serial number", "<private>", "XXXXXXXX", "1234567890000"]
)
def test_quirk_3_a_placeholder_gives_way_to_the_next_place(nothing: str) -> None:
    """P17."""
    standard = text(oids.SERIAL_NUMBER, nothing, 1)
    own = text(private(253, 8, 53, 3, 2, 1, 3, 1), "4GX123456")
    assert read(standard, own, maker="253.8").identity.serial == "4GX123456"
    assert read(standard, maker="253.8").identity.serial is None


def test_quirk_3_hp_s_raw_octets_begin_with_nought() -> None:
    own = text(private(11, 2, 3, 9, 4, 2, 1, 1, 3, 3, 0), b"\0VNB3J12345")
    assert read(own, maker="11.2.3.9.1").identity.serial == "VNB3J12345"


@pytest.mark.parametrize("descr", ["HP ETHERNET,SN:CNB1234567,FN:X", "Samsung CLX-6260; V1; S/N CNB1234567"])
def test_quirk_3_serial_inside_the_description(descr: str) -> None:
    assert read(text(oids.SYS_DESCR, descr)).identity.serial == "CNB1234567"


@pytest.mark.parametrize(
    ("maker", "place", "device_id", "model"),
    [
        ("11.2.3.9.1", private(11, 2, 3, 9, 1, 1, 7, 0), "MFG:HP;MDL:HP LaserJet 4250;CLS:PRINTER;", "LaserJet 4250"),
        ("253.8", private(253, 8, 51, 1, 2, 1, 20, 1), "MFG:Xerox; MDL:Phaser 6510;", "Phaser 6510"),
        ("2435.2", private(2435, 2, 3, 9, 1, 1, 7, 0), "MFG:Brother;MDL:HL-2270DW series;", "HL-2270DW"),
        ("1248.1", private(1248, 1, 2, 2, 1, 1, 1, 1, 1), "MFG:EPSON;MDL:SC-T3405 Series;", "SC-T3405"),
    ],
)
def test_quirk_3_model_in_the_ieee_1284_id(maker: str, place: Oid, device_id: str, model: str) -> None:
    assert read(text(place, device_id), maker=maker).identity.model == model


@pytest.mark.parametrize(
    ("maker", "descr", "brand", "model"),
    [
        ("641.2.71107164", "TOSHIBA e-STUDIO305CS version NH63.GM.N639 kernel 3.0.0", "Toshiba", "e-STUDIO305CS"),
        ("674.10898.2", "Dell S5830dn version NH62.YS.N636 kernel 3.0.0 All-N-1", "Dell", "S5830dn"),
        ("297.1.11", "FUJI XEROX DocuPrint CM305 df; Net 16.41", "Fuji Xerox", "DocuPrint CM305 df"),
        ("1347.41", "HP Color LaserJet 500", "HP", "Color LaserJet 500"),
        ("367.1.1", "SAVIN MP C4503 1.18 / SAVIN Network Printer C model", "Savin", "MP C4503"),
        ("2001.1.1.1.1", "OKI OkiLAN 9450g Rev.00.69: Attached to MC873 Rev.07.87 : Copyright", "OKI", "MC873"),
        ("18334.1.1", "Develop ineo+ 280", "Develop", "ineo+ 280"),
        ("51966.2.6", "TTP244CE Version: 7.02 EZD", "TSC", "TTP244CE"),
    ],
)
def test_quirk_3_rebadged_engines_keep_their_brand(maker: str, descr: str, brand: str, model: str) -> None:
    """sysObjectID says who built the card or the engine, the description whose machine it is."""
    identity = read(text(oids.SYS_DESCR, descr), maker=maker).identity
    assert (identity.manufacturer, identity.model) == (brand, model)


def test_quirk_3_a_family_under_one_number_is_told_apart_by_its_own_name() -> None:
    """All of Kyocera, UTAX and Triumph-Adler is 1347.41."""
    utax = text(oids.SYS_DESCR, "TA_UTAX Printing System") | text(private(1347, 43, 5, 1, 1, 1, 1), "P-4532DN")
    identity = read(utax, maker="1347.41").identity
    assert (identity.manufacturer, identity.model) == ("UTAX", "P-4532DN")


def test_quirk_3_the_lexmark_name_carries_serial_and_firmware() -> None:
    name = text(oids.HR_DEVICE_DESCR, "Dell S5830dn 7XQ1R92 LW62.DN4.P636", 1)
    assert read(name, maker="674.10898.2").identity.model == "S5830dn"


@pytest.mark.parametrize(
    ("maker", "place", "stated", "firmware"),
    [
        ("2435.2", private(2435, 2, 3, 9, 4, 2, 1, 5, 5, 17, 0), "ZA1811191217", "ZA1811191217"),
        ("18334.1", private(18334, 1, 1, 1, 5, 5, 1, 1, 3, 1), "G00-R5", "G00-R5"),
        ("11.2.3.9.1", private(11, 2, 3, 9, 4, 2, 1, 1, 3, 6, 0), "20180419", "20180419"),
        ("1347.41", private(1347, 43, 5, 4, 1, 5, 1, 1), "2TP_S000.003.402", "2TP_S000.003.402"),
        ("236.11", private(236, 11, 5, 1, 1, 1, 2, 0), "V2.00.01", "V2.00.01"),
        ("253.8", oids.SYS_DESCR, "Xerox VersaLink C405; System 57.65.91, Controller 1.2", "57.65.91"),
    ],
)
def test_quirk_3_firmware_at_the_maker_s_own_place(maker: str, place: Oid, stated: str, firmware: str) -> None:
    assert read(text(place, stated), maker=maker).identity.firmware == firmware


def test_quirk_3_epson_names_its_versions() -> None:
    versions, names = private(1248, 1, 2, 2, 2, 1, 1, 2), private(1248, 1, 2, 2, 2, 1, 1, 3)
    table = {1: ("Printer FW", "EQ22M3"), 2: ("Serial No", "X8G9000415"), 3: ("FW Package", "16.52.FY19")}
    rows = [text(names, n, 1, i) | text(versions, v, 1, i) for i, (n, v) in table.items()]
    assert read(*rows, maker="1248.1").identity.firmware == "16.52.FY19"


# Section 4: counters


def life(count: Value, unit: int = 7) -> dict[Oid, Value]:
    return {(*oids.MARKER_LIFE_COUNT, 1, 1): count, (*oids.MARKER_COUNTER_UNIT, 1, 1): integer(unit)}


@pytest.mark.parametrize(("unit", "word"), [(7, "impressions"), (8, "sheets"), (19, "unknown")])
def test_quirk_4_the_life_count_has_its_unit(unit: int, word: str) -> None:
    counters = read(life(counter32(427), unit)).counters
    assert (counters.total, counters.unit) == (427, word)
    assert read(life(integer(427), unit)).counters == counters


COUNTS = [
    ("253.8", {(253, 8, 53, 13, 2, 1, 6, 1, 20, 1): 10, (253, 8, 53, 13, 2, 1, 6, 1, 20, 34): 7}, (10, 7, None)),
    (
        "253.8",
        {(253, 8, 53, 13, 2, 1, 6, 1, 20, 7): 7, (253, 8, 53, 13, 2, 1, 6, 1, 20, 29): 3},
        (99, 7, 3),
    ),
    (
        "1347.41",
        {
            (1347, 43, 10, 1, 1, 12, 1, 1): 90,
            (1347, 42, 3, 1, 2, 1, 1, 1, 1): 40,
            (1347, 42, 3, 1, 2, 1, 1, 1, 3): 20,
            (1347, 42, 3, 1, 2, 1, 1, 2, 1): 25,
            (1347, 42, 3, 1, 2, 1, 1, 2, 2): 5,
        },
        (90, 65, 25),
    ),
    (
        "18334.1",
        {
            (18334, 1, 1, 1, 5, 7, 2, 1, 1, 0): 50,
            (18334, 1, 1, 1, 5, 7, 2, 2, 1, 5, 1, 1): 10,
            (18334, 1, 1, 1, 5, 7, 2, 2, 1, 5, 1, 2): 15,
            (18334, 1, 1, 1, 5, 7, 2, 2, 1, 5, 2, 2): 25,
        },
        (50, 25, 25),
    ),
    (
        "1602.4",
        {
            (1602, 1, 11, 1, 3, 1, 4, 101): 100,
            (1602, 1, 11, 1, 3, 1, 4, 112): 5,
            (1602, 1, 11, 1, 3, 1, 4, 113): 55,
            (1602, 1, 11, 1, 3, 1, 4, 122): 10,
            (1602, 1, 11, 1, 3, 1, 4, 123): 30,
        },
        (100, 60, 40),
    ),
    (
        "2385.3",
        {(2385, 1, 1, 19, 2, 1, 3, 5, 4, 61): 60, (2385, 1, 1, 19, 2, 1, 3, 5, 4, 63): 30},
        (99, 60, 30),
    ),
    (
        "11.2.3.9.1",
        {(11, 2, 3, 9, 4, 2, 1, 4, 1, 2, 5, 0): 98, (11, 2, 3, 9, 4, 2, 1, 4, 1, 2, 7, 0): 30},
        (99, None, 30),
    ),
    (
        "1248.1",
        {(1248, 1, 2, 2, 27, 1, 1, 3, 1, 1): 60, (1248, 1, 2, 2, 27, 1, 1, 4, 1, 1): 39},
        (99, 60, 39),
    ),
    (
        "641.2",
        {
            (641, 6, 4, 2, 2, 1, 6, 1, 1): 40,
            (641, 6, 4, 2, 2, 1, 6, 1, 2): 20,
            (641, 6, 4, 2, 2, 1, 7, 1, 1): 39,
        },
        (99, 60, 39),
    ),
    (
        "367.1",
        {
            (367, 3, 2, 1, 2, 19, 5, 1, 2, 1): 10,
            (367, 3, 2, 1, 2, 19, 5, 1, 9, 1): 98,
            (367, 3, 2, 1, 2, 19, 5, 1, 2, 2): 401,
            (367, 3, 2, 1, 2, 19, 5, 1, 9, 2): 50,
            (367, 3, 2, 1, 2, 19, 5, 1, 2, 3): 402,
            (367, 3, 2, 1, 2, 19, 5, 1, 9, 3): 48,
        },
        (98, 50, 48),
    ),
]


@pytest.mark.parametrize(("maker", "counts", "expected"), COUNTS)
def test_quirk_4_makers_own_counts(
    maker: str, counts: dict[tuple[int, ...], int], expected: tuple[int, int | None, int | None]
) -> None:
    """Total, black, colour; the standard life count of 99 stands where the maker says nothing of the total."""
    own = {private(*oid): integer(count) for oid, count in counts.items()}
    counters = read(life(counter32(99)), own, maker=maker).counters
    assert (counters.total, counters.black, counters.colour) == expected
    assert counters.unit == "impressions"


@pytest.mark.parametrize(("count", "total"), [(3, 3), (0, 0), (-1, None)])
def test_quirk_4_a_count_is_given_as_it_stands(count: int, total: int | None) -> None:
    """P20: after a new board it is lower than before; what that means is for who keeps the history. Below 0 is none."""
    assert read(life(integer(count))).counters.total == total


def test_quirk_4_canon_s_named_table() -> None:
    names, counts = private(1602, 1, 11, 2, 1, 1, 2), private(1602, 1, 11, 2, 1, 1, 3)
    table = {1: ("Total 1", 45678), 2: ("Total (Black 1)", 45000), 3: ("Print (Total 1)", 30000)}
    rows = [text(names, name, i) | number(counts, count, i) for i, (name, count) in table.items()]
    counters = read(*rows, maker="1602.4").counters
    assert (counters.total, counters.black, counters.colour) == (45678, 45000, None)


def test_quirk_4_brother_counts_in_a_list() -> None:
    node = private(2435, 2, 3, 9, 4, 2, 1, 5, 5, 10, 0)
    recorded = bytes.fromhex("0001040000134b02010400000c69010104000006e2ff")
    counters = read(text(node, recorded), maker="2435.2").counters
    assert (counters.total, counters.black, counters.colour) == (4939, 1762, 3177)


# Section 6: alerts and status


def alert(
    index: int, code: int, words: str = "", *, severity: int = 4, group: int = 11, member: int = -1
) -> dict[Oid, Value]:
    return (
        number(oids.ALERT_SEVERITY, severity, 1, index)
        | number(oids.ALERT_GROUP, group, 1, index)
        | number(oids.ALERT_GROUP_INDEX, member, 1, index)
        | number(oids.ALERT_CODE, code, 1, index)
        | text(oids.ALERT_DESCRIPTION, words, 1, index)
    )


@pytest.mark.parametrize(
    "standing",
    [
        alert(1, 1, "Idle", severity=1, group=1),
        alert(1, 1, "Ready", severity=1, group=1),
        alert(1, 0, "Sleep", severity=0, group=0, member=0),
        alert(2, 503, "", group=5),
        alert(1835, 1001, "", severity=5, group=10),
        alert(1, 1, "Energiesparmodus", severity=1, group=5),
        alert(1, 1, "Prêt", severity=1, group=5),
        alert(1, 1, "Спящий режим", severity=1, group=5),
        alert(1, 1, "Tryb uśpienia", severity=1, group=5),
    ],
)
def test_quirk_6_standing_rows_are_no_faults(standing: dict[Oid, Value]) -> None:
    """Epson's "Ready", Brother's "Sleep", Kyocera's rows without text: there for the whole uptime (P05, P06)."""
    assert read(standing).alerts == ()


def test_quirk_6_a_code_without_text_is_a_fault() -> None:
    """Epson: 1105, group 11, the group's index is the supply's row; the alert's own index is large."""
    reading = read(described("Black Ink"), alert(1835, 1105, member=1))
    (found,) = reading.alerts
    assert (found.severity, found.group, found.supply_index, found.code) == (
        AlertSeverity.WARNING,
        "supplies",
        "1.1",
        1105,
    )
    assert reading.supplies[0].panel == "low"


@pytest.mark.parametrize(
    ("code", "left", "panel", "disagrees"),
    [
        (1104, 4, "low", False),
        (1104, 30, "low", False),
        (1104, 90, "low", True),
        (1101, 2, "empty", False),
        (1101, 60, "empty", True),
        (1115, 60, "missing", True),
    ],
)
def test_quirk_6_the_panel_and_the_level_disagree_and_it_is_said(
    code: int, left: int, panel: str, *, disagrees: bool
) -> None:
    """P10: level fine while the panel says "toner low"; both are kept."""
    (supply,) = read(described("Toner"), level(left), alert(9, code, member=1)).supplies
    assert (supply.percent, supply.panel, supply.disagrees) == (float(left), panel, disagrees)


def test_quirk_6_the_gravest_word_counts() -> None:
    reading = read(described("Toner"), level(1), alert(9, 1104, member=1), alert(10, 1101, member=1))
    assert reading.supplies[0].panel == "empty"


def waste(space_left: int) -> dict[Oid, Value]:
    return (
        text(oids.SUPPLY_DESCRIPTION, "Waste Toner Box", 1, 5)
        | number(oids.SUPPLY_TYPE, 4, 1, 5)
        | number(oids.SUPPLY_CLASS, 4, 1, 5)
        | number(oids.SUPPLY_CAPACITY, 100, 1, 5)
        | number(oids.SUPPLY_LEVEL, space_left, 1, 5)
    )


@pytest.mark.parametrize(("code", "panel"), [(1107, "near_full"), (1109, "full")])
def test_quirk_6_waste_alerts_are_the_safer_word(code: int, panel: str) -> None:
    """P08: the alert names no row, there is one receptacle; its level says the contrary, so that is said."""
    (supply,) = read(waste(100), alert(9, code)).supplies
    assert (supply.panel, supply.percent, supply.disagrees) == (panel, 100.0, True)


def test_quirk_6_a_receptacle_without_space_that_nobody_complains_of_is_doubted() -> None:
    """OpenPrinting/cups 1462: a new Kyocera refused to print because its waste box was "empty"."""
    at_work = number(oids.HR_PRINTER_STATUS, 3, 1) | number(oids.HR_DEVICE_STATUS, 2, 1)
    assert read(waste(0), at_work).supplies[0].disagrees
    assert not read(waste(0), at_work, alert(9, 1109)).supplies[0].disagrees
    assert not read(waste(60), at_work).supplies[0].disagrees


def test_quirk_6_an_alert_without_a_row_names_a_colour() -> None:
    rows = [
        text(oids.SUPPLY_DESCRIPTION, f"{colour} Toner", 1, n)
        | number(oids.SUPPLY_TYPE, 3, 1, n)
        | number(oids.SUPPLY_LEVEL, 8, 1, n)
        | number(oids.SUPPLY_CAPACITY, 100, 1, n)
        for n, colour in enumerate(("Black", "Cyan"), 1)
    ]
    supplies = read(*rows, alert(9, 1104, "Toner low (Cyan)")).supplies
    assert [supply.panel for supply in supplies] == [None, "low"]


def test_quirk_6_the_printer_wide_bit_is_the_only_toner_s() -> None:
    bit = text(oids.HR_PRINTER_ERROR_STATE, b"\x20", 1)
    assert read(described("Toner"), bit).supplies[0].panel == "low"
    two = described("Toner") | text(oids.SUPPLY_DESCRIPTION, "Toner", 1, 2) | number(oids.SUPPLY_TYPE, 3, 1, 2)
    assert [s.panel for s in read(two, number(oids.SUPPLY_LEVEL, 9, 1, 2), bit).supplies] == [None, None]


@pytest.mark.parametrize(
    ("printer", "device", "state"),
    [
        (3, 2, PrinterState.IDLE),
        (4, 2, PrinterState.PRINTING),
        (5, 2, PrinterState.WARMING_UP),
        (1, 2, PrinterState.SLEEPING),
        (1, 5, PrinterState.STOPPED),
        (3, 3, PrinterState.IDLE),
    ],
)
def test_quirk_6_status_of_printer_and_device(printer: int, device: int, state: PrinterState) -> None:
    status = number(oids.HR_PRINTER_STATUS, printer, 1) | number(oids.HR_DEVICE_STATUS, device, 1)
    assert read(status).status.state is state


def test_quirk_6_several_console_lines_are_for_people() -> None:
    lines = text(oids.CONSOLE_TEXT, "Ready     ", 1, 1) | text(oids.CONSOLE_TEXT, "          ", 1, 2)
    assert read(lines, text(oids.CONSOLE_TEXT, "Tray 2 low", 1, 3)).status.console == ("Ready", "Tray 2 low")


def test_quirk_6_silence_is_a_state() -> None:
    """ocfweb 124: some printers stop answering during a jam; nothing said is nothing known, not zero."""
    reading = read()
    assert (reading.counters.total, reading.supplies, reading.status.state) == (None, (), PrinterState.UNKNOWN)


# Section 7: trays


@pytest.mark.parametrize(
    ("capacity", "level_", "state", "percent"),
    [
        (250, -3, LevelState.SOME_REMAINING, None),
        (250, -2, LevelState.UNKNOWN, None),
        (-1, -1, LevelState.UNRESTRICTED, None),
        (200_000_000, 100_000_000, LevelState.MEASURED, 50.0),
        (1, 0, LevelState.MEASURED, 0.0),
    ],
)
def test_quirk_7_tray_levels(capacity: int, level_: int, state: LevelState, percent: float | None) -> None:
    rows = number(oids.INPUT_CAPACITY, capacity, 1, 1) | number(oids.INPUT_LEVEL, level_, 1, 1)
    (tray,) = read(rows, text(oids.INPUT_NAME, "Tray 1", 1, 1)).trays
    assert (tray.state, tray.percent, tray.raw_level) == (state, percent, level_)


def test_quirk_7_tray_names_stand_in_either_column() -> None:
    """Kyocera has only the description, Epson only the name; either may be empty."""
    rows = number(oids.INPUT_LEVEL, 9, 1, 1) | number(oids.INPUT_LEVEL, 9, 1, 2) | number(oids.INPUT_LEVEL, 9, 1, 3)
    names = text(oids.INPUT_NAME, "", 1, 1) | text(oids.INPUT_DESCRIPTION, "Cassette 1", 1, 1)
    names |= text(oids.INPUT_NAME, "Rear", 1, 2)
    assert [tray.name for tray in read(rows, names).trays] == ["Cassette 1", "Rear", ""]
