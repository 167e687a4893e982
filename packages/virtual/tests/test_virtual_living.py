"""A virtual printer's life: levels, alerts, stops, and going on after a restart."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from econcierge_virtual.printers import fleet, living
from econcierge_virtual.printers.spec import PrinterSpec, PrinterState

MONDAY = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)  # 8 h in Montréal
FLEET = fleet.default_fleet()
BY_ID = {spec.id: spec for spec in FLEET}
RECEPTION = BY_ID[fleet.STORY_PRINTER]

printers = st.sampled_from(FLEET)
spans_h = st.lists(st.integers(min_value=0, max_value=24 * 20), min_size=1, max_size=6)


def levels(state: PrinterState) -> dict[str, int]:
    return {row.index: row.level for row in state.cartridges}


def points(spec: PrinterSpec, state: PrinterState, index: str) -> int:
    capacity, level = living.reported_level(spec.slot(index), state.cartridge(index))
    return level * 100 // capacity


def codes(state: PrinterState) -> set[tuple[int, int]]:
    return {(alert.code, alert.target) for alert in state.alerts}


@given(printers, spans_h)
@settings(max_examples=40, deadline=None)
def test_levels_never_rise_by_themselves_nor_fall_below_zero(spec: PrinterSpec, hours: list[int]) -> None:
    state = living.first_state(spec, at=MONDAY)
    for span in hours:
        lived = living.advance(spec=spec, state=state, until=state.at + timedelta(hours=span))
        assert all(0 <= lived.cartridge(row.index).level <= row.level for row in state.cartridges)
        assert lived.pages_total >= state.pages_total
        state = lived


@given(printers, spans_h)
@settings(max_examples=40, deadline=None)
def test_many_steps_with_restarts_between_give_what_one_step_gives(spec: PrinterSpec, hours: list[int]) -> None:
    start = living.first_state(spec, at=MONDAY)
    at_once = living.advance(spec=spec, state=start, until=MONDAY + timedelta(hours=sum(hours)))
    state = start
    for span in hours:
        state = PrinterState.from_json(json.loads(json.dumps(state.to_json())))
        state = living.advance(spec=spec, state=state, until=state.at + timedelta(hours=span))
    assert state == at_once


@given(printers, st.integers(0, 5000), st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_pages_counted_are_pages_taken_from_the_black_toner(spec: PrinterSpec, pages: int, colour_share: float) -> None:
    state = living.first_state(spec, at=MONDAY)
    after = living.print_pages(spec=spec, state=state, pages=pages, colour_share=colour_share, at=MONDAY)
    printed = after.pages_total - state.pages_total
    assert printed <= pages
    assert state.cartridge("1.1").level - after.cartridge("1.1").level == printed
    assert after.pages_colour - state.pages_colour <= printed


def test_time_that_has_passed_changes_nothing() -> None:
    state = living.first_state(RECEPTION, at=MONDAY)
    assert living.advance(spec=RECEPTION, state=state, until=MONDAY - timedelta(days=3)) is state


def test_the_story_printer_starts_at_22_percent_and_is_below_20_after_two_days() -> None:
    state = living.first_state(RECEPTION, at=MONDAY)
    assert points(RECEPTION, state, "1.1") == 22
    after = living.advance(spec=RECEPTION, state=state, until=MONDAY + timedelta(days=2))
    assert 10 < points(RECEPTION, after, "1.1") < 20


def test_the_others_are_fine_when_the_story_starts() -> None:
    for spec in FLEET:
        state = living.first_state(spec, at=MONDAY)
        assert not state.stopped
        for slot in spec.slots:
            if slot.is_receptacle or spec is RECEPTION:
                continue
            assert living.points_left(state.cartridge(slot.index)) > 30


def test_nobody_prints_at_the_weekend() -> None:
    saturday = MONDAY + timedelta(days=5)
    state = living.first_state(RECEPTION, at=saturday)
    sunday = living.advance(spec=RECEPTION, state=state, until=saturday + timedelta(days=1, hours=8))
    assert sunday.pages_total == state.pages_total


def test_toner_runs_low_then_empty_then_stops_and_a_new_cartridge_ends_it() -> None:
    state = living.first_state(RECEPTION, at=MONDAY)
    assert codes(state) == set()
    low = living.print_pages(spec=RECEPTION, state=state, pages=350, colour_share=0, at=MONDAY)
    assert codes(low) == {(1104, 1)}
    empty = living.print_pages(spec=RECEPTION, state=low, pages=5000, colour_share=0, at=MONDAY)
    assert codes(empty) == {(1101, 1)}
    assert empty.stopped
    assert empty.pages_total - state.pages_total == levels(state)["1.1"]
    still = living.print_pages(spec=RECEPTION, state=empty, pages=10, colour_share=0, at=MONDAY)
    assert still.pages_total == empty.pages_total

    fresh = living.install_cartridge(
        spec=RECEPTION, state=empty, index="1.1", part_number="106R03532", serial="D100", at=MONDAY
    )
    assert codes(fresh) == set()
    assert not fresh.stopped
    assert fresh.cartridge("1.1").serial == "D100"
    assert fresh.cartridge("1.1").level == fresh.cartridge("1.1").capacity == 10500


def test_alert_numbers_grow_and_are_never_used_again() -> None:
    state, seen = living.first_state(RECEPTION, at=MONDAY), set()
    for number in range(3):
        state = living.print_pages(spec=RECEPTION, state=state, pages=20000, colour_share=0, at=MONDAY)
        fresh = {alert.number for alert in state.alerts if alert.target == 1}
        assert fresh
        assert not fresh & seen
        seen |= fresh
        state = living.install_cartridge(
            spec=RECEPTION, state=state, index="1.1", part_number="106R03520", serial=f"S{number}", at=MONDAY
        )


def test_a_full_waste_container_warns_then_stops() -> None:
    spec = BY_ID["salle-de-courrier"]
    state = living.first_state(spec, at=MONDAY)
    near = living.print_pages(spec=spec, state=state, pages=2200, colour_share=0, at=MONDAY)
    assert (1107, 6) in codes(near)
    row = near.cartridge("1.6")
    nearly = replace(near, cartridges=(*near.cartridges[:5], replace(row, level=3)))
    full = living.print_pages(spec=spec, state=nearly, pages=50, colour_share=0, at=MONDAY)
    assert full.stopped
    assert (1109, 6) in codes(full)
    assert "presque" not in full.alerts[-1].text


def test_a_coarse_gauge_says_only_its_steps() -> None:
    spec = BY_ID["atelier"]
    state = living.first_state(spec, at=MONDAY)
    said = {points(spec, state, "1.1")}
    while not state.stopped:
        state = living.print_pages(spec=spec, state=state, pages=97, colour_share=0, at=MONDAY)
        said.add(points(spec, state, "1.1"))
    assert said <= {0, 25, 50, 75, 100}
    assert {0, 25, 50, 75} <= said


def test_a_gauge_with_sentinels_says_some_remaining_until_empty() -> None:
    spec = BY_ID["accueil-quebec"]
    state = living.first_state(spec, at=MONDAY)
    assert living.reported_level(spec.slot("1.1"), state.cartridge("1.1")) == (-2, -3)
    empty = living.print_pages(spec=spec, state=state, pages=3000, colour_share=0, at=MONDAY)
    assert living.reported_level(spec.slot("1.1"), empty.cartridge("1.1")) == (-2, 0)


def test_one_printer_is_silent_at_night() -> None:
    spec = BY_ID["salle-de-reunion"]
    state = living.first_state(spec, at=MONDAY + timedelta(hours=1))
    assert living.answers(spec, state)
    night = living.advance(spec=spec, state=state, until=MONDAY + timedelta(hours=14))
    assert not living.answers(spec, night)
    assert not living.answers(RECEPTION, living.silence(state, on=True))


def test_what_does_not_fit_is_refused() -> None:
    state = living.first_state(RECEPTION, at=MONDAY)
    with pytest.raises(living.NoSuchSlot):
        living.install_cartridge(
            spec=RECEPTION, state=state, index="9.9", part_number="106R03520", serial="X", at=MONDAY
        )
    with pytest.raises(living.UnknownCapacity):
        living.install_cartridge(spec=RECEPTION, state=state, index="1.1", part_number="TN730", serial="X", at=MONDAY)
    foreign = living.install_cartridge(
        spec=RECEPTION, state=state, index="1.1", part_number="NONAME", serial="X", capacity=3000, at=MONDAY
    )
    assert foreign.cartridge("1.1").level == 3000


def test_every_printer_has_its_own_address_serial_and_mac() -> None:
    for facts in zip(*((spec.address, spec.serial, spec.mac, spec.id) for spec in FLEET), strict=True):
        assert len(set(facts)) == len(FLEET)
    assert 10 <= len(FLEET) <= 15
    assert len({(spec.customer, spec.site) for spec in FLEET}) == 3
