"""Devices that nobody here has seen: whatever a maker's own objects hold, a reading comes out that the wire takes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from econcierge_printers import wire
from econcierge_printers.mib import decode, oids, vendors
from econcierge_printers.mib.vendors.base import Vendor, private
from econcierge_printers.snmp import values
from econcierge_printers.snmp.values import Oid, Value

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
WORDS = st.sampled_from(["Black Toner", "Toner Cyan", "Maintenance Box", "Drum", "Total 1", "", "廃トナー", "x" * 900])
VALUES = st.one_of(
    st.builds(values.integer, st.integers(-(2**63), 2**63 - 1)),
    st.builds(values.integer, st.integers(-101, 101)),
    st.builds(values.counter64, st.integers(0, 2**64 - 1)),
    st.builds(values.octet_string, WORDS),
    st.builds(values.octet_string, st.binary(max_size=40)),
    st.just(values.NULL),
)
INDICES = st.lists(st.integers(0, 3) | st.integers(0, 2**32 - 1), min_size=0, max_size=5).map(tuple)
STANDARD = [oids.SUPPLY_DESCRIPTION, oids.SUPPLY_TYPE, oids.SUPPLY_LEVEL, oids.SUPPLY_CAPACITY, oids.HR_DEVICE_DESCR]


def objects_of(vendor: Vendor) -> st.SearchStrategy[dict[Oid, Value]]:
    rows = st.tuples(st.sampled_from([*vendor.columns, *STANDARD]), INDICES).map(lambda parts: (*parts[0], *parts[1]))
    names = rows | st.sampled_from(vendor.scalars) if vendor.scalars else rows
    return st.dictionaries(names, VALUES, max_size=25)


@pytest.mark.parametrize("vendor", vendors.VENDORS, ids=lambda vendor: vendor.name)
def test_any_values_of_a_maker_give_a_reading(vendor: Vendor) -> None:
    @settings(max_examples=60, deadline=None)
    @given(objects_of(vendor))
    def check(objects: dict[Oid, Value]) -> None:
        objects[oids.SYS_OBJECT_ID] = values.object_identifier(private(vendor.enterprise, 1))
        for reading in decode.readings(objects, target="10.0.0.7", read_at=NOW, protocol="snmp-2c"):
            assert wire.reading_from_json(wire.reading_to_json(reading)) == reading

    check()


def test_every_maker_is_found_by_its_number_and_its_name() -> None:
    for vendor in vendors.VENDORS:
        for number in vendor.enterprises:
            assert vendors.of_enterprise(number) is vendor
    assert len({number for vendor in vendors.VENDORS for number in vendor.enterprises}) == sum(
        len(vendor.enterprises) for vendor in vendors.VENDORS
    )


@pytest.mark.parametrize("vendor", vendors.VENDORS, ids=lambda vendor: vendor.name)
def test_nobody_is_asked_for_what_is_another_s(vendor: Vendor) -> None:
    """Gentle: only a maker's own objects; OKI's network card keeps its device id where HP's does."""
    own = [private(number) for number in vendor.enterprises]
    if vendor.name == "OKI":
        own.append(private(11, 2, 3, 9, 1, 1, 7))
    for oid in (*vendor.scalars, *vendor.columns):
        assert any(oid[: len(base)] == base for base in own), oid
    assert {column for column, _ in vendor.rows} <= set(vendor.columns)


@pytest.mark.parametrize(("model", "asked"), [("Brother MFC-8860DN series", False), ("Brother MFC-8880DN", True)])
def test_quirk_5_brother_models_that_restart_are_left_alone(model: str, *, asked: bool) -> None:
    """P23: MFC-8660DN and 8860DN; they are read by the standard tables alone."""
    found = {(*oids.HR_DEVICE_DESCR, 1): values.octet_string(model)}
    assert vendors.of_enterprise(2435).may_be_asked(found) is asked
