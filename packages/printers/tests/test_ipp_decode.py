"""IPP attributes to readings: the parts, and the recordings of real printers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge_printers import wire
from econcierge_printers.errors import PrinterError
from econcierge_printers.ipp import codec, decode
from econcierge_printers.ipp.values import Attributes, Collection, Group, LanguageText, Tag, Value
from econcierge_printers.model import AlertSeverity, LevelState, PrinterState, Reading, SupplyClass, SupplyKind

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def read(**attributes: object) -> Reading:
    """A reading of attributes given by name with underscores; a list is a 1setOf."""
    return decode.reading(dict(_attributes(attributes)), target="p", read_at=NOW)


def _attributes(given_by_name: dict[str, object]) -> Iterator[tuple[str, tuple[Value, ...]]]:
    for name, held in given_by_name.items():
        items = held if isinstance(held, list) else [held]
        yield name.replace("_", "-"), tuple(_value(item) for item in items)


def _value(item: Any) -> Value:
    if isinstance(item, bytes):
        return Value(Tag.OCTET_STRING, item)
    if isinstance(item, LanguageText):
        return Value(Tag.TEXT_WITH_LANGUAGE, item)
    if isinstance(item, dict):
        return Value(Tag.BEGIN_COLLECTION, Collection(dict(_attributes(item))))
    return Value(Tag.INTEGER if isinstance(item, int) else Tag.TEXT, item)


def test_printer_supply_is_the_mib_written_out() -> None:
    reading = read(
        printer_supply=[
            b"type=tonerCartridge;maxcapacity=6480;level=3240;class=supplyThatIsConsumed;unit=impressions;"
            b"colorantname=cyan;index=2;",
            b"type=wasteToner;maxcapacity=100;level=80;class=receptacleThatIsFilled;unit=percent;colorantname=none;index=7",
            b"index=9;class=supplyThatIsConsumed;type=opc;maxcapacity=-2;level=-3;unit=percent;colorantname=black;",
        ],
        printer_supply_description=[LanguageText("Cartouche cyan, PN 006R01509;SNABC", "fr-ca"), "Waste box", "Drum"],
    )
    cyan, waste, drum = reading.supplies
    assert (cyan.index, cyan.kind, cyan.colour, cyan.supply_class) == ("1.2", "toner", "cyan", "consumed")
    assert (cyan.description, cyan.part_number, cyan.serial) == ("Cartouche cyan", "006R01509", "ABC")
    assert (cyan.unit, cyan.raw_capacity, cyan.raw_level, cyan.percent, cyan.source) == (
        "impressions",
        6480,
        3240,
        50.0,
        "ipp",
    )
    assert (waste.index, waste.kind, waste.supply_class, waste.colour) == ("1.7", "waste_container", "filled", None)
    assert waste.percent == 80.0, "P08: of a receptacle the space left"
    assert (drum.index, drum.kind, drum.state, drum.percent) == ("1.9", "drum", "some_remaining", None)


@pytest.mark.parametrize(
    ("level", "state"),
    [
        (-1, LevelState.UNRESTRICTED),
        (-2, LevelState.UNKNOWN),
        (-3, LevelState.SOME_REMAINING),
        (-9, LevelState.OVERDUE),
        (150, LevelState.IMPLAUSIBLE),
    ],
)
def test_quirk_1_2_sentinels_are_states_in_ipp_too(level: int, state: LevelState) -> None:
    marker = read(marker_names="Black", marker_types="toner", marker_levels=level).supplies[0]
    row = read(printer_supply=f"type=toner;maxcapacity=100;level={level};unit=percent;".encode()).supplies[0]
    for supply in (marker, row):
        assert (supply.state, supply.percent, supply.raw_level) == (state, None, level)


def test_quirk_8_markers_keep_their_position() -> None:
    """pyipp sorts by name; the position is the index, and parts of the lists may be missing."""
    reading = read(
        marker_names=["Yellow ink", "Photo Black ink", "Tri-color"],
        marker_colors=["#FFFF00", "#000000", "#00FFFF#FF00FF#FFFF00"],
        marker_types=["ink-cartridge", "ink-cartridge"],
        marker_levels=[6, 27, 40],
    )
    assert [(s.index, s.kind, s.colour, s.percent) for s in reading.supplies] == [
        ("1.1", "ink", "yellow", 6.0),
        ("1.2", "ink", "photo_black", 27.0),
        ("1.3", "other", None, 40.0),
    ]


@pytest.mark.parametrize(("low", "high", "space_left"), [(0, 95, 70.0), (5, 100, 30.0), (0, 100, 30.0)])
def test_a_waste_marker_that_warns_when_high_tells_how_full_it_is(low: int, high: int, space_left: float) -> None:
    (waste,) = read(
        marker_names="Waste Toner",
        marker_types="waste-toner",
        marker_levels=30,
        marker_low_levels=low,
        marker_high_levels=high,
    ).supplies
    assert (waste.kind, waste.supply_class, waste.percent) == (
        SupplyKind.WASTE_CONTAINER,
        SupplyClass.FILLED,
        space_left,
    )


def test_the_better_of_printer_supply_and_markers() -> None:
    (supply,) = read(
        printer_supply=b"type=toner;maxcapacity=-2;level=-3;class=supplyThatIsConsumed;colorantname=black;index=1;",
        printer_supply_description="Black Toner",
        marker_names="Black Toner",
        marker_types="toner",
        marker_colors="#000000",
        marker_levels=37,
    ).supplies
    assert (supply.percent, supply.supply_class, supply.description) == (37.0, SupplyClass.CONSUMED, "Black Toner")


def test_identity_from_the_device_id_and_the_uuid() -> None:
    identity = read(
        printer_device_id="MFG:EPSON;MDL:XP-6000 Series;SN:X44Y054012;",
        printer_uuid="urn:uuid:cfe92100-67c4-11d4-a45f-f8d027761251",
        printer_firmware_string_version=["20.44", "1.0"],
    ).identity
    assert (identity.manufacturer, identity.model, identity.serial) == ("Epson", "XP-6000", "X44Y054012")
    assert (identity.mac, identity.firmware) == ("f8:d0:27:76:12:51", "20.44")
    assert identity.uuid == "cfe92100-67c4-11d4-a45f-f8d027761251"


@pytest.mark.parametrize(
    "uuid", ["", "nonsense", "01234567-89ab-4def-8123-456789abcdef", "cfe92100-67c4-11d4-a45f-f9d027761251"]
)
def test_only_a_time_based_uuid_with_a_card_is_an_address(uuid: str) -> None:
    assert read(printer_uuid=f"urn:uuid:{uuid}").identity.mac is None


def test_a_placeholder_is_no_serial_number() -> None:
    assert (
        read(printer_device_id="MFG:HP;MDL:X;SN:0000000000;", printer_serial_number="ABC123").identity.serial
        == "ABC123"
    )
    assert read(printer_device_id="MFG:HP;MDL:X;SN:0000000000;").identity.serial is None, "P17"


def test_state_reasons_are_conditions_and_receptacles_alerts() -> None:
    reading = read(
        printer_state=5,
        printer_state_reasons=["media-jam-error", "marker-supply-low-warning", "marker-waste-full", "none", "vendor-x"],
    )
    assert reading.status.state is PrinterState.STOPPED
    assert reading.status.conditions == ("jammed", "low_toner")
    (alert,) = reading.alerts
    assert (alert.code, alert.severity, alert.group) == (1109, AlertSeverity.CRITICAL, "supplies")


@pytest.mark.parametrize(
    ("reason", "state"), [("standby-report", PrinterState.SLEEPING), ("warming-up", PrinterState.WARMING_UP)]
)
def test_sleep_is_a_state_and_no_fault(reason: str, state: PrinterState) -> None:
    status = read(printer_state=3, printer_state_reasons=reason).status
    assert (status.state, status.conditions) == (state, ())


def test_p08_p10_what_the_printer_says_of_a_supply_stands_beside_its_level() -> None:
    (waste,) = read(
        printer_supply=b"type=wasteToner;maxcapacity=100;level=90;class=receptacleThatIsFilled;unit=percent;index=7",
        printer_supply_description="Waste box",
        printer_state_reasons="marker-waste-full-warning",
    ).supplies
    assert (waste.percent, waste.panel, waste.disagrees) == (90.0, "full", True)
    (toner,) = read(
        marker_names="Black", marker_types="toner", marker_levels=10, printer_state_reasons="toner-low-warning"
    ).supplies
    assert (toner.panel, toner.disagrees) == ("low", False)


def test_printer_alert_is_the_alert_table_written_out() -> None:
    reading = read(
        printer_alert=[
            b"code=markerTonerAlmostEmpty;index=33;severity=warning;training=untrained;group=markerSupplies;groupindex=5;",
            b"code=other;severity=other",
            b"none",
            b"code=coverOpen;severity=critical;group=cover;groupindex=1",
        ],
        printer_alert_description=["Toner bas", "Ready", "none", ""],
        printer_state_reasons=["toner-low-warning"],
    )
    assert [(a.severity, a.group, a.supply_index, a.code, a.text) for a in reading.alerts] == [
        ("warning", "supplies", "1.5", 1104, "Toner bas"),
        ("critical", "cover", None, 3, ""),
    ]


def test_counters_say_their_unit() -> None:
    impressions = read(printer_impressions_completed=1200, printer_media_sheets_completed=700)
    assert (impressions.counters.total, impressions.counters.unit) == (1200, "impressions")
    sheets = read(printer_media_sheets_completed=700).counters
    assert (sheets.total, sheets.unit) == (700, "sheets")
    colours = read(
        printer_impressions_completed=1200,
        printer_impressions_completed_col={"monochrome": 1000, "full-color": 200},
    ).counters
    assert (colours.black, colours.colour) == (1000, 200)
    assert read(printer_impressions_completed=-1).counters.total is None


def test_trays_are_the_input_table_written_out() -> None:
    (tray,) = read(printer_input_tray=b"type=sheetFeedManual;maxcapacity=250;level=-3;status=0;name=tray-2;").trays
    assert (tray.index, tray.name, tray.raw_capacity, tray.state) == ("1.1", "tray-2", 250, LevelState.SOME_REMAINING)


_HELD = st.one_of(
    st.integers(-(2**31), 2**31 - 1), st.text(max_size=30), st.binary(max_size=60), st.none(), st.booleans()
)
_ROW = st.dictionaries(
    st.sampled_from(["type", "level", "maxcapacity", "class", "unit", "index", "colorantname", "code", "groupindex"]),
    st.one_of(st.integers(-(10**20), 10**20).map(str), st.sampled_from(["toner", "wasteToner", "percent", "", "²"])),
).map(lambda row: ";".join(f"{key}={held}" for key, held in row.items()).encode())
_ANY = st.dictionaries(
    st.sampled_from([*decode.WANTED]),
    st.lists(st.builds(Value, st.sampled_from(Tag), st.one_of(_HELD, _ROW)), max_size=4).map(tuple),
)


@given(_ANY)
def test_any_attributes_give_a_reading_that_the_wire_takes(attributes: Attributes) -> None:
    reading = decode.reading(attributes, target="p", read_at=NOW)
    assert wire.reading_from_json(wire.reading_to_json(reading)) == reading


@given(st.binary(max_size=300))
def test_any_response_gives_a_reading_or_one_error_with_device_step_and_reason(data: bytes) -> None:
    outcome: Reading | PrinterError
    try:
        outcome = decode.response(data, target="10.0.0.7", read_at=NOW)
    except PrinterError as error:
        outcome = error
    if isinstance(outcome, Reading):
        assert outcome.target == "10.0.0.7"
    else:
        assert (outcome.device, outcome.step, bool(outcome.reason)) == ("10.0.0.7", "ipp", True)


def test_an_error_status_is_named() -> None:
    busy = codec.encode(codec.Message((1, 1), 0x0507, 1))
    with pytest.raises(PrinterError, match="server-error-busy") as raised:
        decode.response(busy, target="p", read_at=NOW)
    assert not raised.value.permanent


# Recordings of real printers


def recordings(corpus: Path) -> dict[str, Path]:
    return {path.name: path for path in sorted((corpus / "ipp").iterdir()) if path.suffix in (".bin", ".res")}


@pytest.mark.corpus
def test_every_recording_decodes_to_what_the_wire_takes(corpus: Path) -> None:
    paths = recordings(corpus)
    assert len(paths) >= 6
    for path in paths.values():
        reading = decode.recording(path, read_at=NOW)
        assert reading.protocol == "recording"
        assert wire.reading_from_json(wire.reading_to_json(reading)) == reading


@pytest.mark.corpus
def test_attributes_agree_with_what_was_decoded_by_hand(corpus: Path) -> None:
    for path in recordings(corpus).values():
        expected = json.loads(path.with_name(f"{path.name}.decoded-by-rule.json").read_text())
        message = codec.decode(path.read_bytes())
        assert [*message.version, message.code, message.request_id] == expected["header"]
        attributes = message.attributes(Group.PRINTER)
        for name, wanted in expected["attributes"].items():
            found = [value.octets.decode() if value.octets is not None else value.content for value in attributes[name]]
            assert found == (wanted if isinstance(wanted, list) else [wanted]), (path.name, name)


@pytest.mark.corpus
def test_markers_agree_with_the_peer_dumps(corpus: Path) -> None:
    """Levels in those captures were normalised to 50 before publishing (QUIRKS 8)."""
    compared = 0
    for path in recordings(corpus).values():
        dump = path.with_name(f"{path.stem}.peer-decoded.txt")
        if not dump.exists():
            continue
        lines = (line.strip().partition(" = ") for line in dump.read_text().splitlines())
        peer = {head.partition(" ")[0]: tail for head, _, tail in lines}
        reading = decode.recording(path, read_at=NOW)
        assert len(reading.supplies) == len(peer["marker-names"].split(","))
        for supply, name in zip(reading.supplies, peer["marker-names"].split(","), strict=True):
            assert name.startswith(supply.description)
            assert (supply.kind, supply.percent) == ("toner", 50.0)
            compared += 1
        assert peer["printer-make-and-model"].endswith(reading.identity.model or "-")
        assert peer["printer-state"].partition(" ")[2] in ("", reading.status.state)
    assert compared == 10


@pytest.mark.corpus
def test_the_epson_agrees_with_pyipp(corpus: Path) -> None:
    expected = json.loads((corpus / "ipp" / "pyipp-epsonxp6000.expected.json").read_text())
    reading = decode.recording(recordings(corpus)[expected["fixture"]], read_at=NOW)
    info = expected["info"]
    identity = reading.identity
    assert (identity.serial, identity.firmware, identity.uuid) == (info["serial"], info["version"], info["uuid"])
    assert f"{identity.manufacturer} {identity.model} Series".upper() == info["name"].upper()
    assert reading.status.state == expected["state"]
    assert reading.status.conditions == ("low_toner",)
    by_position = {int(supply.index.removeprefix("1.")) - 1: supply for supply in reading.supplies}
    for marker in expected["markers"]:
        supply = by_position.pop(marker["marker_id"])
        assert (supply.description, supply.percent) == (marker["name"], marker["level"])
        assert supply.kind is SupplyKind.INK
        assert (supply.colour or "").replace("_", " ") in supply.description.lower()
    assert not by_position


@pytest.mark.corpus
def test_the_kyocera_has_no_supplies_and_is_still_read(corpus: Path) -> None:
    expected = json.loads((corpus / "ipp" / "pyipp-kyocera-ecosys-m2540dn-001.expected.json").read_text())
    reading = decode.recording(recordings(corpus)[expected["fixture"]], read_at=NOW)
    assert reading.identity.model == expected["printer-make-and-model"]
    assert (reading.status.state, reading.supplies) == (PrinterState.IDLE, ())


@pytest.mark.corpus
def test_quirk_2_1_a_serial_number_in_the_supplys_name(corpus: Path) -> None:
    (toner,) = decode.recording(recordings(corpus)["gmuth-Xerox_B210_Printer.res"], read_at=NOW).supplies
    assert (toner.description, toner.serial, toner.colour) == ("Black Toner", "CRUM-230512A4EFE", "black")


def test_a_recording_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.bin"
    path.write_bytes(b"nonsense that is long enough")
    with pytest.raises(PrinterError, match=r"broken\.bin: ipp: answers what is not IPP"):
        decode.recording(path, read_at=NOW)
    with pytest.raises(PrinterError, match=r"gone\.res: recording"):
        decode.recording(tmp_path / "gone.res", read_at=NOW)
