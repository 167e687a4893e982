"""A reading goes over the wire and comes back as it was; a bad message names its first bad field."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge_printers import limits, wire
from econcierge_printers.model import (
    AlertSeverity,
    Counters,
    DeviceAlert,
    Identity,
    LevelState,
    PrinterState,
    Reading,
    Status,
    Supply,
    SupplyClass,
    SupplyKind,
    Tray,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)
MAYBE_TEXTS = st.none() | TEXTS
INT64 = st.none() | st.integers(-(2**63), 2**63 - 1)
COUNTS = st.none() | st.integers(0, 2**63 - 1)
MOMENTS = st.datetimes(timezones=st.just(UTC))
LEVELS = st.one_of(
    st.tuples(st.just(LevelState.MEASURED), st.floats(0, 100)),
    st.tuples(st.sampled_from([state for state in LevelState if state != LevelState.MEASURED]), st.none()),
)


@st.composite
def supplies(draw: st.DrawFn) -> Supply:
    state, percent = draw(LEVELS)
    return Supply(
        index=draw(WORDS),
        kind=draw(st.sampled_from(SupplyKind)),
        colour=draw(st.none() | WORDS),
        supply_class=draw(st.sampled_from(SupplyClass)),
        description=draw(TEXTS),
        part_number=draw(MAYBE_TEXTS),
        serial=draw(MAYBE_TEXTS),
        unit=draw(WORDS),
        raw_capacity=draw(INT64),
        raw_level=draw(INT64),
        state=state,
        percent=percent,
        source=draw(WORDS),
    )


@st.composite
def trays(draw: st.DrawFn) -> Tray:
    state, percent = draw(LEVELS)
    return Tray(draw(WORDS), draw(TEXTS), draw(INT64), draw(INT64), state, percent)


ALERTS = st.builds(
    DeviceAlert,
    severity=st.sampled_from(AlertSeverity),
    group=WORDS,
    supply_index=st.none() | WORDS,
    code=INT64,
    text=TEXTS,
)
READINGS = st.builds(
    Reading,
    read_at=MOMENTS,
    target=TEXTS,
    protocol=st.sampled_from(["snmp-1", "snmp-2c", "snmp-3", "ipp", "recording"]),
    identity=st.builds(Identity, *[MAYBE_TEXTS] * 9),
    status=st.builds(
        Status,
        state=st.sampled_from(PrinterState),
        conditions=st.lists(WORDS, max_size=3).map(tuple),
        console=st.lists(TEXTS, max_size=3).map(tuple),
    ),
    counters=st.builds(Counters, COUNTS, st.sampled_from(["impressions", "sheets", "unknown"]), COUNTS, COUNTS),
    supplies=st.lists(supplies(), max_size=4, unique_by=lambda supply: supply.index).map(tuple),
    alerts=st.lists(ALERTS, max_size=3).map(tuple),
    trays=st.lists(trays(), max_size=3, unique_by=lambda tray: tray.index).map(tuple),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def example() -> dict[str, Any]:
    """The example of the public face, with a waste box and what a later format might add."""
    return {
        "format": 1,
        "read_at": "2026-11-23T08:00:00Z",
        "target": "10.0.0.7",
        "protocol": "snmp-2c",
        "identity": {"manufacturer": "Xerox", "model": "VersaLink C405", "serial": None, "asset": "later"},
        "status": {"state": "idle", "conditions": ["low_toner", "jammed"], "console": ["Prêt"]},
        "counters": {"total": 76064, "unit": "impressions", "black": None, "colour": None},
        "supplies": [
            {
                "index": "1.1",
                "kind": "toner",
                "colour": "black",
                "class": "consumed",
                "description": "Black Toner Cartridge",
                "part_number": "006R01509",
                "serial": None,
                "unit": "impressions",
                "raw_capacity": 6480,
                "raw_level": 3240,
                "state": "measured",
                "percent": 50.0,
                "source": "printer-mib",
            },
            {"index": "1.2", "kind": "waste_container", "class": "filled", "state": "some_remaining"},
        ],
        "alerts": [{"severity": "critical", "group": "supplies", "supply_index": "1.1", "code": 1104, "text": ""}],
        "trays": [{"index": "1.1", "name": "Tray 1", "state": "measured", "percent": 50}],
    }


@given(READINGS)
def test_a_reading_comes_back_as_it_was(reading: Reading) -> None:
    assert wire.reading_from_json(json.loads(json.dumps(wire.reading_to_json(reading)))) == reading


@given(st.uuids(), MOMENTS, st.lists(READINGS, max_size=2))
def test_a_report_comes_back_as_it_was(message_id: UUID, sent_at: datetime, readings: list[Reading]) -> None:
    report = wire.Report(message_id, sent_at, tuple(readings))
    assert wire.report_from_json(json.loads(json.dumps(wire.report_to_json(report)))) == report


def accepted(obj: object) -> Reading | None:
    """The reading, or None when the wire refused it; any other exception fails the test."""
    try:
        return wire.reading_from_json(obj)
    except wire.WireError:
        return None


@given(JSON)
def test_any_json_is_refused_with_a_wire_error(obj: object) -> None:
    assert accepted(obj) is None


@given(st.sampled_from(sorted(example())), JSON)
def test_any_json_in_any_field_gives_a_reading_or_a_wire_error(key: str, obj: object) -> None:
    reading = accepted(example() | {key: obj})
    assert reading is None or wire.reading_from_json(wire.reading_to_json(reading)) == reading


@given(st.sampled_from(sorted(example()["supplies"][0])), JSON)
def test_any_json_in_a_supply_gives_a_reading_or_a_wire_error(key: str, obj: object) -> None:
    message = example()
    message["supplies"][0][key] = obj
    reading = accepted(message)
    assert reading is None or wire.reading_from_json(wire.reading_to_json(reading)) == reading


def test_the_public_example_is_read() -> None:
    reading = wire.reading_from_json(example())
    assert reading.supplies[0].percent == 50.0
    assert reading.supplies[1].supply_class is SupplyClass.FILLED
    assert reading.identity.model == "VersaLink C405"


def test_moments_become_utc() -> None:
    reading = wire.reading_from_json(example() | {"read_at": "2026-11-23T03:00:00-05:00"})
    assert reading.read_at == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert reading.read_at.tzinfo is UTC


def test_moments_are_written_in_utc() -> None:
    reading = Reading(datetime(2026, 11, 23, 3, tzinfo=timezone(timedelta(hours=-5))), "10.0.0.7", "ipp")
    assert wire.reading_to_json(reading)["read_at"] == "2026-11-23T08:00:00Z"


BAD_SUPPLY_FIELDS = [
    ("percent", None),
    ("percent", True),
    ("percent", "50"),
    ("percent", 100.1),
    ("percent", -1),
    ("percent", math.nan),
    ("state", "unknown-to-us"),
    ("kind", ["toner"]),
    ("class", None),
    ("raw_level", 2**63),
    ("raw_level", 1.5),
    ("raw_capacity", False),
    ("description", "Black\0"),
    ("description", "\ud800"),
    ("serial", "x" * (limits.MAX_TEXT_CHARACTERS + 1)),
    ("unit", "x" * (limits.MAX_WORD_CHARACTERS + 1)),
    ("index", ""),
    ("index", 11),
]


@pytest.mark.parametrize(("key", "value"), BAD_SUPPLY_FIELDS)
def test_a_bad_field_of_a_supply_is_named(key: str, value: object) -> None:
    bad = example()
    bad["supplies"][0][key] = value
    path = f"readings[1].supplies[0].{'percent' if key == 'state' and value != 'unknown-to-us' else key}"
    report = {"format": 1, "message_id": str(UUID(int=1)), "sent_at": "2026-11-23T08:00:00Z"}
    with pytest.raises(wire.WireError) as raised:
        wire.report_from_json(report | {"readings": [example(), bad]})
    assert raised.value.path == path
    assert str(raised.value).startswith(f"{path}: ")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"format": 2}, "format"),
        ({"format": True}, "format"),
        ({"read_at": "2026-11-23T08:00:00"}, "read_at"),
        ({"read_at": "0001-01-01T00:00:00+14:00"}, "read_at"),
        ({"read_at": "yesterday"}, "read_at"),
        ({"read_at": 5}, "read_at"),
        ({"target": None}, "target"),
        ({"protocol": "telnet"}, "protocol"),
        ({"identity": []}, "identity"),
        ({"identity": {"serial": 1}}, "identity.serial"),
        ({"status": {"state": "idle", "console": ["a", "b\0"]}}, "status.console[1]"),
        ({"status": {"conditions": "jammed"}}, "status.conditions"),
        ({"counters": {"total": -1}}, "counters.total"),
        ({"counters": {"unit": "kilometres"}}, "counters.unit"),
        ({"supplies": None}, "supplies"),
        ({"supplies": [[]]}, "supplies[0]"),
        ({"supplies": [example()["supplies"][0]] * 2}, "supplies[1].index"),
        ({"supplies": [{}] * (limits.MAX_SUPPLIES + 1)}, "supplies"),
        ({"alerts": [{"severity": "critical"}]}, "alerts[0].group"),
        ({"trays": [{"index": "1.1", "state": "unknown", "percent": 3}]}, "trays[0].percent"),
    ],
)
def test_a_bad_field_of_a_reading_is_named(change: dict[str, object], path: str) -> None:
    with pytest.raises(wire.WireError) as raised:
        wire.reading_from_json(example() | change)
    assert raised.value.path == path


@pytest.mark.parametrize(
    ("change", "path"),
    [({"message_id": "1"}, "message_id"), ({"sent_at": None}, "sent_at"), ({"readings": None}, "readings")],
)
def test_a_bad_field_of_a_report_is_named(change: dict[str, object], path: str) -> None:
    report = {"format": 1, "message_id": str(UUID(int=1)), "sent_at": "2026-11-23T08:00:00Z", "readings": []}
    with pytest.raises(wire.WireError) as raised:
        wire.report_from_json(report | change)
    assert raised.value.path == path
