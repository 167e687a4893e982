"""What is delivered reaches the printers that it was ordered for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from econcierge_virtual import population, shelf
from econcierge_virtual.distributor import orders, rules
from econcierge_virtual.printers import fleet, living
from econcierge_virtual.printers.spec import PrinterSpec, PrinterState

MONDAY = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
FLEET = fleet.default_fleet()
BY_ID = {spec.id: spec for spec in FLEET}
RECEPTION, FRONT_DESK, SALES = BY_ID["reception"], BY_ID["front-desk"], BY_ID["ventes"]
LATER = MONDAY + timedelta(days=8)


def received(*, name: str, city: str, part: str = "106R03532", quantity: int = 1) -> rules.Received:
    body: dict[str, Any] = {
        "number": "PO-1",
        "account_number": "A-77",
        "placed_at": MONDAY.isoformat(),
        "ship_to": {
            "name": name,
            "address_line_1": "1, rue",
            "city": city,
            "postal_code": "H3B 2T6",
            "country": "CA",
        },
        "delivery": "ground",
        "lines": [{"line": 1, "part_number": part, "quantity": quantity}],
    }
    order = orders.parse(body, number="PO-1")
    return rules.Received(order=order, sequence=7, received_at=MONDAY, available={part: 50})


def empty(spec: PrinterSpec) -> PrinterState:
    state = living.first_state(spec, at=MONDAY)
    return living.print_pages(spec=spec, state=state, pages=50_000, colour_share=0, at=MONDAY)


def errand(
    spec: PrinterSpec, state: PrinterState, order: rules.Received, *, used: frozenset[str] = frozenset()
) -> shelf.Errand | None:
    boxes = shelf.delivered([order], at=LATER)
    return shelf.errand(spec=spec, state=state, boxes=boxes, used=used, fleet=FLEET, at=LATER)


def test_an_empty_printer_gets_the_delivered_cartridge_once() -> None:
    order = received(name="Boréal Conseil", city="Montréal")
    found = errand(RECEPTION, empty(RECEPTION), order)
    assert found is not None
    assert (found.index, found.part.part_number, found.serial) == ("1.1", "106R03532", "D0000701001")
    assert errand(RECEPTION, empty(RECEPTION), order, used=frozenset({found.serial})) is None


def test_a_printer_with_toner_leaves_the_box_on_the_shelf() -> None:
    state = living.first_state(RECEPTION, at=MONDAY)
    assert errand(RECEPTION, state, received(name="Boréal Conseil", city="Montréal")) is None


@pytest.mark.parametrize(
    ("spec", "name", "city", "expected"),
    [
        (RECEPTION, "Boréal Conseil", "Montréal", True),
        (RECEPTION, "Boréal Conseil", "Québec", False),
        (RECEPTION, "BORÉAL CONSEIL inc.", "Laval", True),
        (RECEPTION, "Harbour Dental", "Halifax", False),
        (FRONT_DESK, "Harbour Dental", "Halifax", True),
        (FRONT_DESK, "Somebody else", "Calgary", True),
    ],
)
def test_whose_shelf_it_is(spec: PrinterSpec, name: str, city: str, expected: bool) -> None:
    found = errand(spec, empty(spec), received(name=name, city=city))
    assert (found is not None) is expected


def test_nothing_moves_before_the_delivery_nor_right_at_it() -> None:
    order = received(name="Boréal Conseil", city="Montréal")
    (shipment,) = rules.plan(order).shipments
    assert shelf.delivered([order], at=shipment.delivered_at - timedelta(minutes=1)) == []
    boxes = shelf.delivered([order], at=shipment.delivered_at)
    state = empty(RECEPTION)
    ask = {"spec": RECEPTION, "state": state, "boxes": boxes, "used": (), "fleet": FLEET}
    assert shelf.errand(**ask, at=shipment.delivered_at + timedelta(hours=1)) is None
    assert shelf.errand(**ask, at=shipment.delivered_at + timedelta(hours=7)) is not None


def test_what_fits_elsewhere_is_left_alone() -> None:
    order = received(name="Boréal Conseil", city="Montréal", part="106R03581")
    assert errand(RECEPTION, empty(RECEPTION), order) is None


def test_what_the_programme_does_not_sell_is_bought_elsewhere_after_a_day() -> None:
    state, nothing = empty(SALES), {"boxes": (), "used": (), "fleet": FLEET}
    soon = shelf.errand(spec=SALES, state=state, **nothing, at=MONDAY + timedelta(hours=20))
    assert soon is None
    found = shelf.errand(spec=SALES, state=state, **nothing, at=MONDAY + timedelta(hours=25))
    assert found is not None
    assert not found.is_delivered
    xerox = shelf.errand(spec=RECEPTION, state=empty(RECEPTION), **nothing, at=LATER)
    assert xerox is None


def test_a_population_runs_out_takes_the_delivery_and_goes_on_after_a_restart(tmp_path: Path) -> None:
    path, order = tmp_path / "printers.json", received(name="Boréal Conseil", city="Montréal")
    people = population.Population(FLEET, path=path, at=MONDAY)
    people.live_on(until=MONDAY + timedelta(days=30), orders=lambda: [order])
    people.save()
    cartridge = people.residents["reception"].state.cartridge("1.1")
    assert (cartridge.part_number, cartridge.serial) == ("106R03532", "D0000701001")
    assert 0 < cartridge.level < 10500
    again = population.Population(FLEET, path=path, at=MONDAY + timedelta(days=30))
    assert again.used == people.used == {"D0000701001"}
    for id_, resident in people.residents.items():
        assert again.residents[id_].state == resident.state


def test_steps_of_any_length_tell_the_same_story(tmp_path: Path) -> None:
    order = received(name="Boréal Conseil", city="Montréal")
    leaping = population.Population(FLEET, path=tmp_path / "a.json", at=MONDAY)
    leaping.live_on(until=MONDAY + timedelta(days=20), orders=lambda: [order])
    walking = population.Population(FLEET, path=tmp_path / "b.json", at=MONDAY)
    for day in range(1, 21):
        walking.live_on(until=MONDAY + timedelta(days=day), orders=lambda: [order])
    for id_, resident in leaping.residents.items():
        assert walking.residents[id_].state == resident.state


def test_a_clock_that_was_set_back_is_followed(tmp_path: Path) -> None:
    path = tmp_path / "printers.json"
    people = population.Population(FLEET, path=path, at=LATER)
    people.save()
    again = population.Population(FLEET, path=path, at=MONDAY)
    assert again.residents["reception"].state.at == MONDAY


@pytest.mark.parametrize("text", ["", "{", '{"format": 9}', '{"format": 1, "printers": {"reception": {}}}'])
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "printers.json"
    path.write_text(text)
    with pytest.raises(population.BrokenState, match=r"printers\.json cannot be read"):
        population.Population(FLEET, path=path, at=MONDAY)
