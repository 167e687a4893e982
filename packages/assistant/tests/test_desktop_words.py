"""How bad it is, what is found, and the words for it: worst state, search, sentences, moments, colours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import econcierge_assistant
from econcierge_assistant.desktop.core import (
    moments,
    palette,
    parsing,
    search,
    texts,
    wording,
    worst,
)
from econcierge_assistant.desktop.core import types as t
from econcierge_virtual import portal_people as people

NOW = datetime(2026, 11, 23, 19, 5, tzinfo=UTC)
CORE = Path(econcierge_assistant.__file__).parent / "desktop" / "core"


@pytest.fixture(autouse=True)
def _english() -> None:
    texts.use(texts.Language.ENGLISH)


def fleet(count: int = 20) -> tuple[t.Printer, ...]:
    items = [people.printer(index, language="en", now=NOW) for index in range(count)]
    return parsing.fleet({"items": items}).printers


def test_the_worst_of_a_fleet_is_what_nobody_has_settled() -> None:
    printers = fleet()
    assert worst.of_fleet(printers) is t.Worst.ALMOST_EMPTY
    needs = worst.needs(printers)
    assert [(need.printer.name, need.supply.colour) for need in needs] == [
        ("Comptabilité", "black"), ("Réception", "black"), ("Juridique", "cyan"),
    ]  # fmt: skip


def test_what_is_on_its_way_needs_nobody() -> None:
    row = people.printer(1, language="en", now=NOW)
    row["supplies"][0]["coming"] = people.coming("o-1", "PP-1", language="en", now=NOW)
    (printer,) = parsing.fleet({"items": [row]}).printers
    assert worst.needs([printer]) == []
    assert worst.of_fleet([printer]) is t.Worst.ATTENTION


def test_an_unknown_word_is_no_alarm() -> None:
    row = people.printer(4, language="en", now=NOW)
    row["supplies"][0]["word"] = "purple"
    del row["worst"]
    (printer,) = parsing.fleet({"items": [row]}).printers
    assert printer.worst is t.Worst.FINE


def test_a_silent_printer_is_silent_whatever_its_levels() -> None:
    archives = next(printer for printer in fleet() if printer.name == "Archives")
    assert archives.worst is t.Worst.SILENT
    assert worst.of_fleet([archives]) is t.Worst.SILENT


def test_the_list_begins_with_the_worst_and_then_what_runs_out_first() -> None:
    names = [printer.name for printer in worst.sorted_fleet(fleet())]
    assert names[:5] == ["Comptabilité", "Réception", "Juridique", "Archives", "Atelier"]


# Search and words


@pytest.mark.parametrize(
    ("question", "found"),
    [("reception", "Réception"), ("RÉCEPTION", "Réception"), ("room 105", "Juridique"), ("6510", "Atelier"),
     ("3vk481237", "Comptabilité"), ("10.0.0.24", "Salle de courrier")],
)  # fmt: skip
def test_search_finds_by_name_place_model_serial_and_address(question: str, found: str) -> None:
    assert search.matching(fleet(), question)[0].name == found


def test_every_word_of_the_question_has_to_be_there() -> None:
    assert search.matching(fleet(), "reception 405")
    assert not search.matching(fleet(), "reception 6510")
    assert len(search.matching(fleet(), "  ")) == 20


def test_a_bar_says_all_of_it_in_words() -> None:
    supply = fleet()[3].supplies[0]
    assert wording.alternative(supply, now=NOW).startswith(
        "Black toner: 75\u00a0%, the gauge only moves in steps of 25 points, low from 20\u00a0%, runs out "
    )


def test_a_level_without_a_number_is_words_and_never_a_number() -> None:
    expedition = next(printer for printer in fleet() if printer.name == "Expédition")
    assert wording.level(expedition.supplies[0]) == "some left (not measured)"


def test_needs_are_sentences_in_both_languages() -> None:
    need = worst.needs(fleet())[0]
    assert wording.need(need).startswith("Black toner is almost empty (4\u00a0%), runs out November 27")
    assert wording.headline(worst.needs(fleet())) == "Three things need you"
    texts.use(texts.Language.FRENCH)
    assert wording.need(need).startswith("Black toner presque épuisé (4\u00a0%)")
    assert wording.headline([]) == "Rien ne demande votre attention"
    assert wording.after_article("toner noir", "toner") == "le toner noir"
    assert wording.after_article("encre noire", "ink") == "l’encre noire"
    assert wording.after_article("agrafes", "staples") == "les agrafes"


def test_a_waste_container_fills_up_where_others_run_out() -> None:
    forecast = t.Forecast(p10_on=None, p50_on=None, p90_on=None, basis="", text="will be full around Thursday")
    container = replace(
        fleet(1)[0].supplies[0], kind="waste_container", name="Waste container", percent=4.0, forecast=forecast
    )
    need = worst.Need(fleet(1)[0], container, t.Worst.ALMOST_EMPTY)
    said = "Waste container is almost full (4\u00a0% of its space left), will be full around Thursday."
    assert wording.need(need) == said
    assert wording.urgency(t.Worst.LOW, "waste_container") == "filling up"
    assert wording.urgency(t.Worst.SILENT, "waste_container") == wording.urgency(t.Worst.SILENT)
    texts.use(texts.Language.FRENCH)
    full = replace(need, supply=replace(container, name="Bac de récupération"), worst=t.Worst.EMPTY)
    assert wording.need(full) == "Bac de récupération plein."
    assert "épuis" not in wording.need(replace(full, worst=t.Worst.ALMOST_EMPTY))


@pytest.mark.parametrize(
    ("minutes", "english", "french"),
    [(1, "just now", "à l’instant"), (59, "59 minutes ago", "il y a 59 minutes"),
     (60, "1 hour ago", "il y a 1 heure"), (47 * 60, "47 hours ago", "il y a 47 heures"),
     (72 * 60, "3 days ago", "il y a 3 jours")],
)  # fmt: skip
def test_ages(minutes: int, english: str, french: str) -> None:
    at = NOW - timedelta(minutes=minutes)
    assert moments.ago(at, now=NOW) == english
    texts.use(texts.Language.FRENCH)
    assert moments.ago(at, now=NOW) == french


def test_moments_and_days() -> None:
    at = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
    assert moments.moment(at, now=NOW, zone=UTC) == "today 14:05"
    assert moments.long_day(date(2027, 9, 1), on=NOW.date()) == "September\u00a01, 2027"
    texts.use(texts.Language.FRENCH)
    assert moments.moment(at, now=NOW, zone=UTC) == "aujourd’hui à 14\u00a0h\u00a005"
    assert moments.long_day(date(2027, 9, 1), on=NOW.date()) == "1er\u00a0septembre\u00a02027"
    assert moments.whole(76064) == "76\u00a0064"


def test_the_language_follows_the_wish_then_the_system_then_english() -> None:
    assert texts.choose(wish="", system=["de-DE", "fr-CA"]) is texts.Language.FRENCH
    assert texts.choose(wish="en", system=["fr_CA"]) is texts.Language.ENGLISH
    assert texts.choose(wish="", system=["de", "C"]) is texts.Language.ENGLISH


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("accent", ["#ffe600", "#0b5d5b", "#000000", "#ffffff", "#c8102e"])
def test_the_dealers_colour_reads_on_every_ground(accent: str, dark: bool) -> None:
    found = palette.palette(dark=dark, accent=accent)
    colour = palette.parsed(found.accent)
    assert colour
    for name in (found.paper, found.surface, found.wash):
        ground = palette.parsed(name)
        assert ground
        assert palette.contrast(colour, ground) >= 4.5


def test_a_colour_that_is_none_leaves_our_own() -> None:
    assert palette.palette(dark=False, accent="red; }") is palette.LIGHT


# Signing in
