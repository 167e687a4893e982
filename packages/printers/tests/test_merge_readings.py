"""Readings of one device over SNMP and IPP become one: the better level per supply, its source named (P30)."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge_printers import merge, wire
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
)

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def supply(index: str = "1.1", percent: float | None = 50.0, source: str = "printer-mib", **changes: object) -> Supply:
    made = Supply(
        index=index,
        kind=SupplyKind.TONER,
        colour="black",
        supply_class=SupplyClass.CONSUMED,
        description="Black Toner",
        part_number=None,
        serial=None,
        unit="percent",
        raw_capacity=100,
        raw_level=-3 if percent is None else int(percent),
        state=LevelState.SOME_REMAINING if percent is None else LevelState.MEASURED,
        percent=percent,
        source=source,
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def reading(*supplies: Supply, **parts: object) -> Reading:
    return dataclasses.replace(Reading(NOW, "10.0.0.7", "snmp-2c", supplies=supplies), **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (supply(percent=None), supply(percent=37.0, source="ipp"), 37.0),
        (supply(percent=37.0), supply(percent=None, source="ipp"), 37.0),
        (supply(percent=40.0, source="brother"), supply(percent=37.0, source="ipp"), 40.0),
        (supply(percent=40.0), supply(percent=37.0, source="brother"), 37.0),
        (supply(percent=None, source="brother"), supply(percent=37.0, source="ipp"), 37.0),
        (supply(percent=40.0), supply(percent=37.0, source="ipp"), 37.0),
        (supply(percent=37.0), supply(percent=40.0, source="ipp"), 37.0),
        (supply(percent=50.0), supply(percent=50.0, source="ipp"), 50.0),
        (supply(percent=90.0), supply(percent=11.0, source="ipp"), 90.0),
    ],
    ids=[
        "measured second",
        "measured first",
        "private first",
        "private second",
        "measured beats private that is not",
        "finer second",
        "finer first",
        "equal",
        "too far apart to be finer",
    ],
)
def test_the_better_level_wins_and_is_named(first: Supply, second: Supply, kept: float) -> None:
    (row,), _ = merge.merge_supplies([first], [second])
    assert row.percent == kept
    assert row.source == (first if first.percent == kept else second).source
    assert row.index == first.index


def test_a_disagreement_is_said_not_hidden() -> None:
    """P10: beyond what two gauges of one cartridge may differ."""
    (row,), disagreements = merge.merge_supplies([supply(percent=90.0)], [supply(percent=11.0, source="ipp")])
    assert disagreements == (merge.Disagreement("1.1", "printer-mib", 90.0, "ipp", 11.0),)
    assert row.percent == 90.0
    _, none = merge.merge_supplies([supply(percent=90.0)], [supply(percent=87.0, source="ipp")])
    assert none == ()


def test_rows_are_paired_by_what_they_are_not_by_where_they_stand() -> None:
    """P07: the other source numbers the colours its own way."""
    colours = ("black", "cyan", "magenta", "yellow")
    first = [supply(f"1.{n}", None, colour=colour) for n, colour in enumerate(colours, start=1)]
    second = [
        supply(f"1.{n}", 10.0 * n + 1, "ipp", colour=colour) for n, colour in enumerate(reversed(colours), start=1)
    ]
    rows, _ = merge.merge_supplies(first, second)
    assert {row.colour: row.percent for row in rows} == {"black": 41.0, "cyan": 31.0, "magenta": 21.0, "yellow": 11.0}
    assert [row.index for row in rows] == ["1.1", "1.2", "1.3", "1.4"]


def test_what_the_first_does_not_have_is_added_and_what_is_alike_is_not() -> None:
    """P09: no ghost rows; two black toners cannot be told apart by a third row without an index."""
    twice = [supply("1.1", None), supply("1.2", None)]
    waste = supply("1.1", 80.0, "ipp", kind=SupplyKind.WASTE_CONTAINER, colour=None, description="Waste")
    unclear = supply("1.9", 30.0, "ipp", description="Toner")
    rows, _ = merge.merge_supplies(twice, [unclear, waste])
    assert [(row.index, row.kind) for row in rows] == [
        ("1.1", "toner"),
        ("1.2", "toner"),
        ("ipp.1.1", "waste_container"),
    ]


def test_names_come_from_whoever_has_them() -> None:
    bare = supply(percent=20.0, description="", supply_class=SupplyClass.UNKNOWN)
    named = supply(percent=None, source="ipp", part_number="006R01509", serial="ABC")
    (row,), _ = merge.merge_supplies([bare], [named])
    assert (row.description, row.part_number, row.serial) == ("Black Toner", "006R01509", "ABC")
    assert (row.supply_class, row.percent) == (SupplyClass.CONSUMED, 20.0)


def test_the_parts_of_a_reading() -> None:
    low = DeviceAlert(AlertSeverity.WARNING, "supplies", "1.1", 1104, "Toner low")
    door = DeviceAlert(AlertSeverity.CRITICAL, "cover", None, 3, "Door")
    merged = merge.merge(
        [
            reading(
                identity=Identity(model="B210", hostname="prt"),
                counters=Counters(1000, "impressions"),
                status=Status(conditions=("low_toner",)),
                alerts=(low,),
            ),
            reading(
                supply(source="ipp"),
                protocol="ipp",
                identity=Identity(model="Other", serial="ABC123"),
                counters=Counters(900, "sheets"),
                status=Status(PrinterState.IDLE, ("low_toner", "door_open"), ("Ready",)),
                alerts=(dataclasses.replace(low, text="Toner bas"), door),
            ),
        ]
    ).reading
    assert merged.identity == Identity(model="B210", hostname="prt", serial="ABC123")
    assert merged.counters == Counters(1000, "impressions")
    assert merged.status == Status(PrinterState.IDLE, ("low_toner", "door_open"), ("Ready",))
    assert merged.alerts == (low, door)
    assert [row.source for row in merged.supplies] == ["ipp"]
    assert merged.protocol == "snmp-2c"


def test_an_alert_of_the_other_source_is_about_the_row_of_the_first() -> None:
    cyan = DeviceAlert(AlertSeverity.WARNING, "supplies", "1.7", 1104, "")
    lost = DeviceAlert(AlertSeverity.WARNING, "supplies", "1.9", 1101, "")
    first = reading(supply("1.1"), supply("1.2", colour="cyan"))
    second = reading(supply("1.7", colour="cyan", source="ipp"), alerts=(cyan, lost))
    assert [alert.supply_index for alert in merge.merge([first, second]).reading.alerts] == ["1.2", None]


_ROWS = st.lists(
    st.builds(
        supply,
        st.integers(1, 5).map("1.{}".format),
        st.one_of(st.none(), st.floats(0, 100).map(lambda number: round(number, 1))),
        st.sampled_from(["printer-mib", "ipp", "brother"]),
        kind=st.sampled_from(SupplyKind),
        colour=st.sampled_from([None, "black", "cyan"]),
        serial=st.sampled_from([None, "A", "B"]),
        raw_capacity=st.sampled_from([None, -2, 0, 100, 6480]),
    ),
    max_size=5,
    unique_by=lambda row: row.index,
)


@given(_ROWS, _ROWS)
def test_merging_loses_no_row_invents_no_number_and_stays_what_the_wire_takes(
    first: list[Supply], second: list[Supply]
) -> None:
    merged = merge.merge([reading(*first), reading(*second)]).reading
    assert [row.index for row in merged.supplies[: len(first)]] == [row.index for row in first]
    assert {row.percent for row in merged.supplies} <= {row.percent for row in (*first, *second)}
    for before, after in zip(first, merged.supplies, strict=False):
        assert after.percent is not None or before.percent is None
    assert wire.reading_from_json(wire.reading_to_json(merged)) == merged


@given(_ROWS)
def test_merging_a_reading_with_itself_changes_nothing(rows: list[Supply]) -> None:
    merged = merge.merge([reading(*rows), reading(*rows)])
    assert merged == merge.Merged(reading(*rows))
