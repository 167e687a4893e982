"""The small rules of the decoder, one by one: levels, colours, kinds, labels, texts, names."""

from __future__ import annotations

import pytest

from econcierge_printers.mib import colours, kinds, labels, levels, names, text
from econcierge_printers.model import LevelState, SupplyKind


@pytest.mark.parametrize(
    ("capacity", "level", "unit", "state", "percent"),
    [
        (12000, 11501, 7, LevelState.MEASURED, 95.8),
        (100, 0, 19, LevelState.MEASURED, 0.0),
        (100, 100, None, LevelState.MEASURED, 100.0),
        (100, -1, 19, LevelState.UNRESTRICTED, None),
        (100, -2, 19, LevelState.UNKNOWN, None),
        (-2, -3, 13, LevelState.SOME_REMAINING, None),
        (100, -4, 19, LevelState.OVERDUE, None),
        (100, -750, 19, LevelState.OVERDUE, None),
        (100, 150, 19, LevelState.IMPLAUSIBLE, None),
        (-2, 55, 19, LevelState.MEASURED, 55.0),
        (-2, 155, 19, LevelState.IMPLAUSIBLE, None),
        (-2, 55, None, LevelState.UNKNOWN, None),
        (0, 0, 13, LevelState.UNKNOWN, None),
        (None, 9, 7, LevelState.UNKNOWN, None),
        (100, None, 19, LevelState.UNKNOWN, None),
    ],
)
def test_a_level_is_a_state_and_a_percentage_only_if_measured(
    capacity: int | None, level: int | None, unit: int | None, state: LevelState, percent: float | None
) -> None:
    assert levels.judge(capacity=capacity, level=level, unit=unit) == (state, percent)


@pytest.mark.parametrize(
    ("words", "colour"),
    [
        ("Black Toner Cartridge", "black"),
        ("Cartouche de toner jaune", "yellow"),
        ("Patrone Schwarz 508A", "black"),
        ("Tóner negro", "black"),
        ("Zyan-Toner", "cyan"),
        ("Light Magenta Ink", "light_magenta"),
        ("Tambour", None),
        ("Cyan/Magenta/Yellow imaging unit", None),
    ],
)
def test_colours_are_known_in_several_languages(words: str, colour: str | None) -> None:
    assert colours.in_words(words) == colour


@pytest.mark.parametrize(
    ("label", "colour"),
    [
        ("TK-8527K", "black"),
        ("CK-8512M", "magenta"),
        ("Toner [Y]", "yellow"),
        ("PK-3010S", None),
        ("CLT-C404S", "cyan"),
    ],
)
def test_colours_in_part_numbers(label: str, colour: str | None) -> None:
    assert colours.in_label(label) == colour


@pytest.mark.parametrize(
    ("type_number", "description", "kind"),
    [
        (3, "Waste?", SupplyKind.TONER),
        (4, "", SupplyKind.WASTE_CONTAINER),
        (21, "TK-8527K", SupplyKind.TONER),
        (9, "Imaging Unit", SupplyKind.IMAGING_UNIT),
        (20, "Transfer Roller", SupplyKind.TRANSFER_ROLLER),
        (20, "Transfer Belt Cleaner", SupplyKind.BELT_CLEANER),
        (1, "Belt Unit", SupplyKind.TRANSFER_BELT),
        (1, "Roller Kit", SupplyKind.MAINTENANCE_KIT),
        (None, "Bac de récupération de toner", SupplyKind.WASTE_CONTAINER),
        (None, "Module four", SupplyKind.FUSER),
        (None, "Fixiereinheit", SupplyKind.FUSER),
        (2, "???", SupplyKind.OTHER),
    ],
)
def test_the_type_decides_and_words_help(type_number: int | None, description: str, kind: SupplyKind) -> None:
    assert kinds.kind_of(type_number=type_number, description=description) is kind


@pytest.mark.parametrize(
    ("description", "label"),
    [
        (
            "Black Toner Cartridge, PN 006R01509;SN1234ABC",
            labels.Label("Black Toner Cartridge", "006R01509", "1234ABC"),
        ),
        ("Cyan Toner Cartridge, PN 106R03512", labels.Label("Cyan Toner Cartridge", "106R03512")),
        ("Fuser, PN unknown;SNunknown", labels.Label("Fuser")),
        ("Black Toner Cartridge S/N:CRUM-16032842153", labels.Label("Black Toner Cartridge", None, "CRUM-16032842153")),
        ("Black Toner_S/N_:CRUM-1", labels.Label("Black Toner", None, "CRUM-1")),
        ("Fuser S/N:   ", labels.Label("Fuser")),
        ("Drum Unit", labels.Label("Drum Unit")),
        ("PNEUMATIC toner", labels.Label("PNEUMATIC toner")),
    ],
)
def test_part_and_serial_numbers_are_split_off(description: str, label: labels.Label) -> None:
    assert labels.split(description) == label


@pytest.mark.parametrize(
    ("octets", "charset", "decoded"),
    [
        (b"black\0", None, "black"),
        (b"\x00 padded  \r\n twice ", None, "padded twice"),
        ("Prêt".encode(), "hp-roman8", "Prêt"),
        ("Prêt".encode("hp-roman8"), "hp-roman8", "Prêt"),
        ("Prêt".encode("latin-1"), None, "Prêt"),
        ("Prêt".encode("utf-16-be"), "utf-16-be", "Prêt"),
        (b"\xff\xfe\xfd", "utf-8", "ÿþý"),
    ],
)
def test_texts_in_many_character_sets(octets: bytes, charset: str | None, decoded: str) -> None:
    assert text.decode(octets, charset=charset) == decoded


@pytest.mark.parametrize(
    ("description", "serial"),
    [
        ("Samsung CLX-6260; V1; S/N Z7ABB8GD1A00123", "Z7ABB8GD1A00123"),
        ("HP printer SN:CNB1234567,FN:X", "CNB1234567"),
        ("SNMPAGENT01 SN LETTERS", None),
        ("No serial here 1234567", None),
    ],
)
def test_serial_number_in_a_description(description: str, serial: str | None) -> None:
    assert names.serial_in(description) == serial


@pytest.mark.parametrize(
    ("description", "brand", "model"),
    [
        ("Xerox VersaLink C405 Color MFP; System 57.65.91", "Xerox", "VersaLink C405 Color MFP"),
        ("Brother HL-L8260CDW series", "Brother", "HL-L8260CDW"),
        ("Samsung ML-2850 Series OS 1.01.15.47", "Samsung", "ML-2850"),
        ("Savin MP C4503 1.18 / SAVIN Network Printer C model", "Savin", "MP C4503"),
        ("TOSHIBA e-STUDIO305CS version NH63", "Toshiba", "e-STUDIO305CS"),
        ("Generic 28C-1", None, None),
        ("HPE switch", None, "HPE switch"),
    ],
)
def test_brand_and_model_in_a_description(description: str, brand: str | None, model: str | None) -> None:
    assert (names.brand_in(description), names.model_in(description)) == (brand, model)
