"""Recordings of real printers decode, and agree with what others independently found in them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from econcierge_printers import snmprec, wire
from econcierge_printers.mib import decode
from econcierge_printers.model import LevelState, Reading

pytestmark = pytest.mark.corpus
BROKEN_LINES = {"okilan_9450g": 1}  # a counter with letters in it
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def read(path: Path) -> Reading:
    recording = snmprec.read_file(path)
    assert len(recording.problems) <= BROKEN_LINES.get(path.stem, 0)
    return decode.reading(recording.objects, target=path.name, read_at=NOW, protocol="recording")


def expected(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.with_name(f"{path.stem}.expected.json").read_text())
    return loaded


def test_every_recording_decodes_to_what_the_wire_takes(corpus: Path) -> None:
    paths = sorted(corpus.rglob("*.snmprec"))
    assert len(paths) > 50
    for path in paths:
        reading = read(path)
        assert wire.reading_from_json(wire.reading_to_json(reading)) == reading


def test_rows_that_follow_from_the_data_agree_with_librenms(corpus: Path) -> None:
    rows = json.loads((corpus / "librenms" / "_row-classes.json").read_text())
    compared = 0
    for name, classes in rows.items():
        supplies = {supply.index: supply for supply in read(corpus / "librenms" / f"{name}.snmprec").supplies}
        for row in classes:
            found = supplies[row["index"]]
            assert (found.raw_level, found.raw_capacity) == (row["level"], row["capacity"]), (name, row)
            if row["class"] == "agreed":
                assert found.percent == pytest.approx(row["peer_percent"], abs=1), (name, row)
                compared += 1
            else:
                assert found.percent is None, (name, row)
    assert compared >= 75


def test_identity_agrees_with_librenms(corpus: Path) -> None:
    for path in sorted((corpus / "librenms").glob("*.snmprec")):
        identity, facts = read(path).identity, expected(path)
        assert identity.sys_descr == facts["sysDescr"] or facts["sysDescr"] is None
        if facts["serial"] and identity.serial:
            assert identity.serial == facts["serial"], path.stem


@pytest.mark.parametrize("name", ["brother", "epson_sc", "kyocera_cs4053"])
def test_full_walks_agree_with_printmaster(corpus: Path, name: str) -> None:
    path = corpus / "printmaster" / f"{name}.snmprec"
    reading, facts = read(path), expected(path)
    assert reading.identity.manufacturer == facts["vendor"]
    assert reading.identity.serial == facts.get("serial", reading.identity.serial)
    assert bool(reading.supplies) >= facts.get("has_supplies", False)
    assert (reading.counters.total is not None) >= facts.get("has_page_count", False)
    assert reading.alerts == ()


def test_levels_agree_with_glpi_where_both_measure(corpus: Path) -> None:
    levels = {"kyocera_cs4053": {"1.1": 50, "1.2": 32, "1.3": 55, "1.4": 72}, "brother": {"1.7": 75}}
    for name, rows in levels.items():
        supplies = {supply.index: supply for supply in read(corpus / "printmaster" / f"{name}.snmprec").supplies}
        assert {index: supplies[index].percent for index in rows} == pytest.approx(rows, abs=1)


def test_snippets_agree_with_their_peers(corpus: Path) -> None:
    path = corpus / "snippets" / "xerox_workcentre_futurice.snmprec"
    found = {supply.index: supply.percent for supply in read(path).supplies}
    peers = {f"1.{row['index']}": row["percent"] for row in expected(path)["peer_expected"]}
    both = [index for index, percent in peers.items() if percent is not None and found[index] is not None]
    assert len(both) >= 20
    for index in both:
        assert found[index] == pytest.approx(peers[index], abs=1), index


def test_one_index_component_is_a_row_too(corpus: Path) -> None:
    (supply,) = read(corpus / "snippets" / "pantum_bm5100adw.snmprec").supplies
    assert (supply.index, supply.colour, supply.percent, supply.description) == ("1", "black", 100.0, "")


def test_some_remaining_is_never_a_number(corpus: Path) -> None:
    states = [s.state for s in read(corpus / "printmaster" / "brother.snmprec").supplies if s.percent is None]
    assert states == [LevelState.SOME_REMAINING] * 5


def test_every_recorded_device_has_a_maker_and_a_model(corpus: Path) -> None:
    """G01; recordings that name none themselves: a network card alone."""
    of_no_model = {"jetdirect_2", "zebra_1"}
    for path in [*(corpus / "librenms").rglob("*.snmprec"), *(corpus / "printmaster").glob("*.snmprec")]:
        identity = read(path).identity
        assert identity.manufacturer, path.stem
        assert (identity.model is None) == (path.stem in of_no_model), path.stem
    for path in (corpus / "bieniu-brother").glob("*.snmprec"):
        identity = read(path).identity
        assert (identity.manufacturer, identity.model) == ("Brother", path.stem.upper())


def test_counts_by_colour_add_up_to_the_total(corpus: Path) -> None:
    """QUIRKS 4: Kyocera's and Sharp's own counts."""
    for name in ("printmaster/kyocera_cs4053", "librenms/sharp"):
        counters = read(corpus / f"{name}.snmprec").counters
        assert (counters.black or 0) + (counters.colour or 0) == counters.total, name
