"""A whole device to a reading: joins, standing alerts, ghost rows, and that no object at all can break it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from econcierge_printers import wire
from econcierge_printers.mib import decode, oids
from econcierge_printers.model import AlertSeverity, LevelState, PrinterState, Reading, SupplyClass, SupplyKind
from econcierge_printers.snmp import values
from econcierge_printers.snmp.values import Oid, Value, integer, octet_string

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def read(objects: Mapping[Oid, Value]) -> Reading:
    return decode.reading(objects, target="10.0.0.7", read_at=NOW, protocol="snmp-2c")


def supply(row: int, **columns: Value) -> dict[Oid, Value]:
    return {(*getattr(oids, f"SUPPLY_{name.upper()}"), 1, row): value for name, value in columns.items()}


XEROX = {
    oids.SYS_DESCR: octet_string("Xerox VersaLink C405 Color MFP; System 57.65.91"),
    oids.SYS_OBJECT_ID: values.object_identifier("1.3.6.1.4.1.253.8.62.1.40.5.2"),
    oids.SYS_NAME: octet_string("XRX9C934E"),
    (*oids.IF_PHYS_ADDRESS, 1): octet_string(b""),
    (*oids.IF_PHYS_ADDRESS, 2): octet_string(bytes.fromhex("9c934e112233")),
    (*oids.HR_DEVICE_TYPE, 1): values.object_identifier(oids.HR_DEVICE_PRINTER),
    (*oids.HR_DEVICE_DESCR, 1): octet_string("Xerox VersaLink C405 Color MFP"),
    (*oids.HR_DEVICE_STATUS, 1): integer(2),
    (*oids.HR_PRINTER_STATUS, 1): integer(3),
    (*oids.HR_PRINTER_ERROR_STATE, 1): octet_string(b"\x24\x04"),
    (*oids.CURRENT_LOCALIZATION, 1): integer(1),
    (*oids.SERIAL_NUMBER, 1): octet_string("4GX123456\0\0"),
    (*oids.LOCALIZATION_CHARACTER_SET, 1, 1): integer(4),
    (*oids.MARKER_COUNTER_UNIT, 1, 1): integer(7),
    (*oids.MARKER_LIFE_COUNT, 1, 1): values.counter32(76064),
    (*oids.CONSOLE_TEXT, 1, 1): octet_string("Prêt".encode("latin-1")),
    # Yellow before black: only the colorant's index says which is which.
    (*oids.COLORANT_VALUE, 1, 1): octet_string("black\0"),
    (*oids.COLORANT_VALUE, 1, 2): octet_string("yellow"),
    **supply(
        1,
        colorant=integer(2),
        type=integer(3),
        description=octet_string("Toner Cartridge, PN 106R03513;SN00AA11"),
        unit=integer(7),
        capacity=integer(8000),
        level=integer(4000),
        **{"class": integer(3)},
    ),
    **supply(
        2,
        colorant=integer(1),
        type=integer(3),
        description=octet_string("Toner Cartridge, PN 106R03512;SNunknown"),
        unit=integer(7),
        capacity=integer(10500),
        level=integer(-3),
        **{"class": integer(3)},
    ),
    **supply(
        3,
        colorant=integer(0),
        type=integer(4),
        description=octet_string("Waste Cartridge"),
        unit=integer(7),
        capacity=integer(30000),
        level=integer(27000),
        **{"class": integer(4)},
    ),
    **supply(5, description=octet_string(b"\0"), type=integer(1), capacity=integer(0), level=integer(0)),
    (*oids.ALERT_SEVERITY, 1, 40): integer(4),
    (*oids.ALERT_GROUP, 1, 40): integer(11),
    (*oids.ALERT_GROUP_INDEX, 1, 40): integer(2),
    (*oids.ALERT_CODE, 1, 40): integer(1104),
    (*oids.ALERT_DESCRIPTION, 1, 40): octet_string(""),
    (*oids.ALERT_SEVERITY, 1, 41): integer(1),
    (*oids.ALERT_CODE, 1, 41): integer(1),
    (*oids.ALERT_DESCRIPTION, 1, 41): octet_string("Ready"),
    (*oids.ALERT_SEVERITY, 1, 42): integer(4),
    (*oids.ALERT_CODE, 1, 42): integer(503),
    (*oids.ALERT_DESCRIPTION, 1, 42): octet_string(""),
    (*oids.INPUT_CAPACITY, 1, 1): integer(500),
    (*oids.INPUT_LEVEL, 1, 1): integer(-3),
    (*oids.INPUT_DESCRIPTION, 1, 1): octet_string("Tray 1"),
}


def test_identity_of_a_xerox() -> None:
    identity = read(XEROX).identity
    assert (identity.manufacturer, identity.model) == ("Xerox", "VersaLink C405 Color MFP")
    assert (identity.serial, identity.mac) == ("4GX123456", "9c:93:4e:11:22:33")
    assert identity.hostname == "XRX9C934E"


def test_supplies_are_joined_by_index() -> None:
    yellow, black, waste = read(XEROX).supplies
    assert (yellow.index, yellow.colour, yellow.percent) == ("1.1", "yellow", 50.0)
    assert (yellow.part_number, yellow.serial, yellow.description) == ("106R03513", "00AA11", "Toner Cartridge")
    assert (black.index, black.colour, black.state) == ("1.2", "black", LevelState.SOME_REMAINING)
    assert (black.percent, black.raw_level, black.serial) == (None, -3, None)
    assert (waste.kind, waste.supply_class) == (SupplyKind.WASTE_CONTAINER, SupplyClass.FILLED)


def test_of_a_receptacle_the_space_left_is_given() -> None:
    assert read(XEROX).supplies[2].percent == 90.0


def test_a_row_that_is_nothing_is_not_shown() -> None:
    assert "1.5" not in [supply.index for supply in read(XEROX).supplies]


def test_standing_rows_are_no_alerts() -> None:
    (alert,) = read(XEROX).alerts
    assert (alert.severity, alert.group, alert.supply_index) == (AlertSeverity.WARNING, "supplies", "1.2")
    assert alert.code == 1104


def test_status_and_counters() -> None:
    reading = read(XEROX)
    assert reading.status.state is PrinterState.IDLE
    assert reading.status.conditions == ("low_toner", "jammed", "input_tray_empty")
    assert reading.status.console == ("Prêt",)
    assert (reading.counters.total, reading.counters.unit) == (76064, "impressions")


def test_xerox_own_counters_come_first() -> None:
    own = (1, 3, 6, 1, 4, 1, 253, 8, 53, 13, 2, 1, 6, 1, 20)
    found = {(*own, 1): values.counter32(100), (*own, 33): values.counter32(30), (*own, 34): values.counter32(70)}
    counters = read(XEROX | found).counters
    assert (counters.total, counters.colour, counters.black) == (100, 30, 70)


def test_stand_by_and_stopped() -> None:
    asleep = read(XEROX | {(*oids.HR_PRINTER_STATUS, 1): integer(1)})
    stopped = read(XEROX | {(*oids.HR_DEVICE_STATUS, 1): integer(5)})
    assert asleep.status.state is PrinterState.SLEEPING
    assert stopped.status.state is PrinterState.STOPPED


def test_tray_with_something_in_it() -> None:
    (tray,) = read(XEROX).trays
    assert (tray.name, tray.state, tray.percent) == ("Tray 1", LevelState.SOME_REMAINING, None)


def test_nothing_said_is_nothing_known() -> None:
    reading = read({})
    assert reading == Reading(NOW, "10.0.0.7", "snmp-2c")


COLUMNS = [value for name, value in vars(oids).items() if name.isupper() and isinstance(value[0], int)]
INDICES = st.lists(st.integers(0, 2**32 - 1), min_size=0, max_size=6).map(tuple)
NAMES = st.tuples(st.sampled_from(COLUMNS), INDICES | st.sampled_from([(1,), (1, 1), (1, 2)])).map(
    lambda parts: (*parts[0], *parts[1])
)
VALUES = st.one_of(
    st.builds(values.integer, st.integers(-(2**63), 2**63 - 1)),
    st.builds(values.counter64, st.integers(0, 2**64 - 1)),
    st.builds(values.octet_string, st.binary(max_size=40)),
    st.builds(values.octet_string, st.text(max_size=1200)),
    st.builds(values.object_identifier, INDICES),
    st.just(values.NULL),
)


@given(st.dictionaries(NAMES, VALUES, max_size=30))
def test_any_objects_give_a_reading_that_the_wire_takes(objects: dict[Oid, Value]) -> None:
    reading = read(objects)
    assert wire.reading_from_json(wire.reading_to_json(reading)) == reading
