"""Words, days, numbers, bars and colours as people read them; no database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from econcierge.core import colour
from econcierge.core.money import Money
from econcierge.fleet.types import Refusal
from econcierge.forecasting.types import Basis, Forecast
from econcierge.interfaces.shared import moments, numbers, runout, wording
from econcierge.interfaces.web import bars, charts
from econcierge.interfaces.web.portal import needs
from econcierge.supplies.types import SlotView

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # a Monday, 10:00 in Toronto
TODAY = NOW.date()
NB = "\u00a0"


def slot(**facts: object) -> SlotView:
    known: dict[str, object] = {
        "slot_id": 1, "printer_id": 1, "index": "1.1", "kind": "toner", "colour": "black",
        "supply_class": "consumed", "description": "", "state": "measured", "percent": 43.0, "last_percent": 43.0,
        "step": None, "measured_at": NOW, "read_at": NOW, "changed_at": NOW, "part_number": "",
        "cartridge_serial": "", "installed_at": None, "episode": "", "low_percent": 20.0,
    }  # fmt: skip
    return SlotView(**(known | facts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "code", "english", "french", "with_article"),
    [
        ("toner", "black", "black toner", "toner noir", "le toner noir"),
        ("ink", "black", "black ink", "encre noire", "l’encre noire"),
        ("drum", "cyan", "cyan drum", "tambour cyan", "le tambour cyan"),
        ("transfer_belt", "", "transfer belt", "courroie de transfert", "la courroie de transfert"),
        ("waste_container", "", "waste container", "bac de récupération", "le bac de récupération"),
    ],
)
def test_supplies_have_names(kind: str, code: str, english: str, french: str, with_article: str) -> None:
    with translation.override("en-ca"):
        assert wording.supply(kind, code) == wording.the_supply(kind, code) == english
    with translation.override("fr-ca"):
        assert wording.supply(kind, code) == french
        assert wording.the_supply(kind, code) == with_article


@pytest.mark.parametrize(
    ("days", "english", "french"),
    [
        (0, "today", "aujourd’hui"),
        (1, "tomorrow", "demain"),
        (3, "around Thursday", "vers jeudi"),
        (19, f"around December{NB}12", f"vers le 12{NB}décembre"),
        (8, f"around December{NB}1", f"vers le 1er{NB}décembre"),
        (120, "around March 2027", "vers mars 2027"),
    ],
)
def test_an_estimated_day_is_never_too_precise(days: int, english: str, french: str) -> None:
    day = TODAY + timedelta(days=days)
    with translation.override("en-ca"):
        assert moments.around(day, on=TODAY) == english
    with translation.override("fr-ca"):
        assert moments.around(day, on=TODAY) == french


def test_ranges_and_moments() -> None:
    first, last, later = date(2026, 12, 12), date(2026, 12, 19), date(2027, 1, 3)
    with translation.override("en-ca"):
        assert moments.day_range(first, last, on=TODAY) == f"December{NB}12 to 19"
        assert moments.day_range(first, later, on=TODAY) == f"December{NB}12 to January{NB}3"
        assert moments.moment(NOW + timedelta(days=1, hours=4), now=NOW) == "tomorrow 14:00"
        assert moments.ago(NOW - timedelta(hours=3), now=NOW) == "3 hours ago"
    with translation.override("fr-ca"):
        assert moments.day_range(first, last, on=TODAY) == f"entre le 12 et le 19{NB}décembre"
        assert moments.moment(NOW + timedelta(days=1, hours=4, minutes=30), now=NOW) == f"demain à 14{NB}h{NB}30"
        assert moments.ago(NOW - timedelta(hours=1), now=NOW) == "il y a 1 heure"


def test_a_runout_is_a_range_from_today_on() -> None:
    forecast = Forecast(NOW - timedelta(days=5), 2.0, 9.0, 14.0, 0.1, 0.5, Basis.LEVELS)
    with translation.override("en-ca"):
        assert runout.range_in_words(forecast, now=NOW) == f"November{NB}23 to December{NB}2"
        assert runout.range_in_words(None, now=NOW) == ""
    assert runout.days_left(forecast, now=NOW) == 4.0


@pytest.mark.parametrize("count", range(1, 12))
def test_things_agree_with_their_number(count: int) -> None:
    with translation.override("fr-ca"):
        assert needs.things(count).endswith("attend" if count == 1 else "attendent")


def test_numbers_follow_the_language() -> None:
    with translation.override("en-ca"):
        assert numbers.money(Money(123450)) == "$1,234.50"
        assert numbers.cents(Decimal("2.666")) == "2.7¢"
        assert numbers.rate(99_750) == f"9.975{NB}%"
    with translation.override("fr-ca"):
        assert numbers.money(Money(123450)) == f"1{NB}234,50{NB}$"
        assert numbers.cents(Decimal("2.666")) == f"2,7{NB}¢"
        assert numbers.rate(99_750) == f"9,975{NB}%"
        assert numbers.whole(55_000) == f"55{NB}000"


def test_a_level_without_a_number_never_gets_one() -> None:
    """P01: some left is a state; the bar is an outline and its words say so."""
    with translation.override("en-ca"):
        shown = bars.bar(slot(state="some_remaining", percent=None, last_percent=None), now=NOW)
        drawn = bars.wide(shown)
    assert "some left (not measured)" in drawn
    assert "%" not in drawn.replace(f"low from 20{NB}%", "")
    assert 'class="none"' in drawn


def test_the_last_level_stays_with_its_age() -> None:
    """P04: a printer that says nothing now keeps its last level, hatched, with how old it is."""
    with translation.override("en-ca"):
        said = NOW - timedelta(hours=5)
        shown = bars.bar(slot(state="unknown", percent=None, last_percent=34.0, measured_at=said), now=NOW)
        assert shown.is_old
        assert "34" in shown.alternative
        assert "not reported now" in shown.alternative
        assert "read 5 hours ago" in shown.alternative
        assert "url(#i-old)" in bars.wide(shown)


def test_a_coarse_gauge_is_shown_as_one() -> None:
    with translation.override("en-ca"):
        shown = bars.bar(slot(percent=50.0, step=25.0), now=NOW)
    assert 'class="step"' in bars.wide(shown)
    assert "steps of 25 points" in shown.alternative


def test_what_a_printer_says_is_escaped() -> None:
    shown = bars.bar(slot(kind="other", description='"><script>'), now=NOW)
    assert "<script>" not in bars.wide(shown)


@given(st.floats(0, 100), st.sampled_from([None, 1.0, 25.0, 33.0]), st.sampled_from(["black", "yellow", "cyan", ""]))
def test_bars_stay_in_their_track(percent: float, step: float | None, code: str) -> None:
    shown = bars.bar(slot(percent=percent, step=step, colour=code), now=NOW)
    for drawn in (bars.wide(shown), bars.narrow(shown)):
        assert 'width="-' not in drawn
        assert "nan" not in drawn


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_any_dealers_colour_becomes_readable(rgb: tuple[int, int, int]) -> None:
    """At least 4.5:1 on every ground, light and dark (WCAG 2.2, 1.4.3)."""
    found = colour.accents(colour.written(rgb))
    assert found is not None
    for text, grounds in zip(found, (colour.LIGHT_GROUNDS, colour.DARK_GROUNDS), strict=True):
        accent = colour.parsed(text)
        assert accent is not None
        assert all(colour.contrast(accent, ground) >= colour.ENOUGH for ground in grounds)


@pytest.mark.parametrize("text", ["", "red", "#fff", "#12345g", "#123456;}"])
def test_what_is_no_colour_is_none(text: str) -> None:
    assert colour.accents(text) is None


def test_a_readable_colour_stays_as_it_is() -> None:
    assert colour.accents("#0b5d5b") is not None
    assert colour.accents("#0b5d5b")[0] == "#0b5d5b"  # type: ignore[index]


def test_a_replacement_breaks_the_line_and_leaves_a_notch() -> None:
    came = NOW - timedelta(days=5)
    points = ((NOW - timedelta(days=20), 30.0), (NOW - timedelta(days=10), 10.0), (came, 100.0))
    drawn = charts.levels(
        [charts.Series("black toner", "black", "black", points, (came,))],
        since=NOW - timedelta(days=20), now=NOW, title="Levels",
    )  # fmt: skip
    path = drawn.split('class="curve black" d="')[1].split('"')[0]
    assert path.count("M") == 2
    assert drawn.count('class="notch"') == 1


@pytest.mark.parametrize(
    ("speed", "english", "french"),
    [
        (1.0, "time passes as usual", "le temps passe comme d’habitude"),
        (10.0, "time passes 10 times as fast", "le temps passe 10 fois plus vite"),
        (60.0, "1 minute passes every second", "1 minute passe chaque seconde"),
        (1800.0, "30 minutes pass every second", "30 minutes passent chaque seconde"),
        (3600.0, "one hour passes every second", "une heure passe chaque seconde"),
        (7200.0, "two hours pass every second", "deux heures passent chaque seconde"),
        (43_200.0, "12 hours pass every second", "12 heures passent chaque seconde"),
        (86_400.0, "one day passes every second", "une journée passe chaque seconde"),
        (604_800.0, "7 days pass every second", "7 jours passent chaque seconde"),
    ],
)
def test_the_pace_of_a_demonstration(speed: float, english: str, french: str) -> None:
    with translation.override("en-ca"):
        assert moments.pace(speed) == english
    with translation.override("fr-ca"):
        assert moments.pace(speed) == french


def test_only_a_demonstration_has_a_speed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from econcierge.core import clock
    from econcierge_printers.clock import DemoClock, set_demo_clock, system_clock

    set_demo_clock(tmp_path / "clock.json", at=NOW, speed=7200.0)
    monkeypatch.setattr(clock, "_clock", lambda: DemoClock(tmp_path / "clock.json"))
    assert clock.speed() == 7200.0
    monkeypatch.setattr(clock, "_clock", lambda: system_clock)
    assert clock.speed() is None


@pytest.mark.parametrize("reason", list(Refusal))
def test_every_refusal_is_a_sentence_in_both_languages(reason: Refusal) -> None:
    with translation.override("en-ca"):
        english = wording.word("refusal", reason)
    with translation.override("fr-ca"):
        french = wording.word("refusal", reason)
    assert english.endswith(".")
    assert french.endswith(".")
    assert english != french
