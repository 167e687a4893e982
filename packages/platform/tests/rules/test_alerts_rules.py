"""Low once and almost empty once in a cartridge's life, and who hears of it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge.accounts.types import Role
from econcierge.alerts import rules
from econcierge.alerts.types import (
    Because,
    CustomerMark,
    EpisodeChanges,
    KnownEpisode,
    Opened,
    Person,
    Relief,
    SlotLevel,
    Telling,
    Threshold,
    ThresholdPair,
    Wishes,
)
from econcierge_printers.model import AlertSeverity, DeviceAlert, LevelState, SupplyClass, SupplyKind

TONER = SupplyKind.TONER
LOW, EMPTY = Threshold.LOW, Threshold.ALMOST_EMPTY
STANDARD = rules.thresholds_for(model=None)
LOW_OPEN, LOW_CLOSED = KnownEpisode(LOW, True), KnownEpisode(LOW, False)
EMPTY_OPEN = KnownEpisode(EMPTY, True)


def toner(percent: float | None, *, device: Threshold | None = None) -> SlotLevel:
    state = LevelState.UNKNOWN if percent is None else LevelState.MEASURED
    return SlotLevel(SupplyKind.TONER, SupplyClass.CONSUMED, state, percent, device)


def changes(level: SlotLevel, *known: KnownEpisode) -> EpisodeChanges:
    return rules.episode_changes(level=level, thresholds=STANDARD, known=known)


def told(level: SlotLevel, *known: KnownEpisode) -> list[Threshold]:
    return [opened.threshold for opened in changes(level, *known).opened if opened.is_told]


TOLD = [
    ("fine", toner(21), (), []),
    ("at the mark is low", toner(20), (), [LOW]),
    ("low was told already", toner(10), (LOW_OPEN,), []),
    ("low was told and the gauge went up and down again", toner(10), (LOW_CLOSED,), []),
    ("almost empty comes second", toner(5), (LOW_OPEN,), [EMPTY]),
    ("straight under the second mark: only that is told", toner(3), (), [EMPTY]),
    ("both were told", toner(0), (LOW_OPEN, EMPTY_OPEN), []),
    ("nothing measured, nothing compared", toner(None), (), []),
    ("the device says low, its gauge says nothing", toner(None, device=LOW), (), [LOW]),
    ("the device says low at 60 %", toner(60, device=LOW), (), [LOW]),
    ("the device says empty", toner(None, device=EMPTY), (LOW_OPEN,), [EMPTY]),
    ("the gauge is below, the device only says low", toner(4, device=LOW), (), [EMPTY]),
]


@pytest.mark.parametrize(("says", "level", "known", "expected"), TOLD, ids=[row[0] for row in TOLD])
def test_what_is_told(says: str, level: SlotLevel, known: tuple[KnownEpisode, ...], expected: list[Threshold]) -> None:
    assert told(level, *known) == expected


@pytest.mark.parametrize("state", [s for s in LevelState if s not in (LevelState.MEASURED, LevelState.OVERDUE)])
def test_a_state_that_is_no_measure_is_never_compared(state: LevelState) -> None:
    level = SlotLevel(SupplyKind.TONER, SupplyClass.CONSUMED, state, 0.0, is_repeated=True)
    assert changes(level) == EpisodeChanges((), (), False)


def test_low_is_marked_as_passed_when_the_second_mark_came_first() -> None:
    assert changes(toner(3)).opened == (
        Opened(LOW, Because.PASSED, 3, False),
        Opened(EMPTY, Because.PROGRAMME, 3, True),
    )


def test_it_is_said_when_device_and_gauge_disagree() -> None:
    assert changes(toner(60, device=LOW)).disagrees
    assert not changes(toner(20, device=LOW)).disagrees


def test_small_steps_back_close_nothing() -> None:
    assert changes(toner(24), LOW_OPEN).closed == ()
    assert changes(toner(25), LOW_OPEN).closed == (LOW,)
    assert changes(toner(25, device=LOW), LOW_OPEN).closed == ()
    assert changes(toner(None), LOW_OPEN).closed == ()


WASTE = [
    ("its alert decides", SupplyClass.FILLED, None, LOW, [LOW]),
    ("space left is measured", SupplyClass.FILLED, 4.0, None, [EMPTY]),
    ("a level that may be the fill counts for nothing", SupplyClass.OTHER, 4.0, None, []),
]


@pytest.mark.parametrize(("says", "supply_class", "percent", "device", "expected"), WASTE, ids=[r[0] for r in WASTE])
def test_receptacles(
    says: str, supply_class: SupplyClass, percent: float | None, device: Threshold | None, expected: list[Threshold]
) -> None:
    state = LevelState.SOME_REMAINING if percent is None else LevelState.MEASURED
    assert told(SlotLevel(SupplyKind.WASTE_CONTAINER, supply_class, state, percent, device)) == expected


def test_marks_come_from_the_model_then_the_programme_and_customers_only_raise_them() -> None:
    model = ThresholdPair(10, 2)
    marks = rules.thresholds_for(model=model, customer=ThresholdPair(30, 1))
    assert (marks.low.percent, marks.low.because) == (30, Because.CUSTOMER)
    assert (marks.almost_empty.percent, marks.almost_empty.because) == (2, Because.MODEL)
    assert (STANDARD.low.percent, STANDARD.almost_empty.percent) == (20, 5)


def alert(code: int, index: str | None = "1.1") -> DeviceAlert:
    return DeviceAlert(AlertSeverity.WARNING, "supplies", index, code, "")


DEVICE = [
    (1104, LOW), (1105, LOW), (1101, EMPTY), (1102, EMPTY), (1107, LOW), (1108, LOW), (1109, EMPTY),
    (1110, EMPTY), (1111, LOW), (1112, EMPTY), (808, None), (503, None),
]  # fmt: skip


@pytest.mark.parametrize(("code", "means"), DEVICE)
def test_alert_codes(code: int, means: Threshold | None) -> None:
    def says(alerts: list[DeviceAlert]) -> Threshold | None:
        return rules.device_says(alerts=alerts, conditions=(), supply_index="1.1", kind=TONER, is_only_of_kind=False)

    assert says([alert(code)]) is means
    assert says([alert(code, "1.2"), alert(code, None)]) is None


@pytest.mark.parametrize(
    ("code", "kind", "means"),
    [(1104, TONER, LOW), (1101, TONER, EMPTY), (1109, SupplyKind.WASTE_CONTAINER, EMPTY), (1109, TONER, None),
     (1112, SupplyKind.DRUM, EMPTY), (1112, SupplyKind.FUSER, None)],
)  # fmt: skip
def test_an_alert_that_names_no_supply_counts_for_the_only_one_of_its_kind(
    code: int, kind: SupplyKind, means: Threshold | None
) -> None:
    def says(is_only: bool) -> Threshold | None:
        return rules.device_says(
            alerts=[alert(code, None)], conditions=(), supply_index="1.1", kind=kind, is_only_of_kind=is_only
        )

    assert (says(True), says(False)) == (means, None)


@pytest.mark.parametrize(
    ("last_percent", "is_repeated", "is_told"),
    [(2, False, True), (60, False, False), (60, True, True), (None, True, True)],
)
def test_past_its_end_is_almost_empty_by_the_printers_own_word(
    last_percent: float | None, is_repeated: bool, is_told: bool
) -> None:
    overdue = LevelState.OVERDUE
    level = SlotLevel(SupplyKind.DRUM, SupplyClass.CONSUMED, overdue, last_percent, is_repeated=is_repeated)
    passed, told = Opened(LOW, Because.PASSED, None, False), Opened(EMPTY, Because.DEVICE, None, True)
    assert changes(level).opened == ((passed, told) if is_told else ())


CONFIRMED = [
    ("the first level of all", [], 3, False),
    ("a steady fall", [80, 60, 40, 21], 20, False),
    ("a coarse gauge", [100, 75, 50, 25], 0, False),
    ("a gauge that shakes", [30, 28, 30, 27, 29, 22], 19, True),
    ("a gauge that shakes, and the reading before said the same", [30, 28, 30, 27, 29, 19], 20, False),
    ("a wild fall of a fine gauge", [70, 69, 68, 66], 3, True),
    ("half of it at once, but nobody knows this gauge yet", [70, 35], 20, False),
]


@pytest.mark.parametrize(("says", "before", "percent", "waits"), CONFIRMED, ids=[row[0] for row in CONFIRMED])
def test_two_readings_agree_where_one_cannot_be_trusted(
    says: str, before: list[float], percent: float, waits: bool
) -> None:
    assert rules.has_to_be_confirmed(before=before, mark_percent=20, percent=percent) is waits


MARKS = (
    CustomerMark(low_percent=25),
    CustomerMark(kind="drum", low_percent=30, almost_empty_percent=10),
    CustomerMark(site_id=7, low_percent=35),
    CustomerMark(printer_id=70, low_percent=50),
    CustomerMark(printer_id=70, kind="toner", almost_empty_percent=15),
)


@pytest.mark.parametrize(
    ("site_id", "printer_id", "kind", "low", "almost_empty"),
    [(8, 80, "toner", 25, 5), (8, 80, "drum", 30, 10), (7, 71, "drum", 35, 10), (7, 70, "toner", 50, 15),
     (7, 70, "drum", 50, 10)],
)  # fmt: skip
def test_the_wish_that_names_the_place_best_wins(
    site_id: int, printer_id: int, kind: str, low: float, almost_empty: float
) -> None:
    marks = rules.thresholds_at(model=None, wishes=Wishes(MARKS), site_id=site_id, printer_id=printer_id, kind=kind)
    assert (marks.low.percent, marks.almost_empty.percent) == (low, almost_empty)


def test_a_wish_below_the_manufacturers_mark_changes_nothing() -> None:
    marks = rules.thresholds_at(
        model=ThresholdPair(40, 20), wishes=Wishes(MARKS), site_id=8, printer_id=80, kind="toner"
    )
    assert (marks.low.percent, marks.low.because) == (40, Because.MODEL)


def test_the_dealer_hears_earlier_and_once() -> None:
    marks = rules.thresholds_for(model=None, early_points=10)

    def opened(percent: float, *known: KnownEpisode) -> list[Threshold]:
        found = rules.episode_changes(level=toner(percent), thresholds=marks, known=known)
        return [one.threshold for one in found.opened if one.is_told]

    early = KnownEpisode(Threshold.EARLY, False)
    assert (opened(31), opened(30), opened(30, early), opened(19, early)) == ([], [Threshold.EARLY], [], [LOW])
    assert opened(4) == [Threshold.EARLY, EMPTY]


IN_TIME, SAID = Relief(date(2026, 12, 1)), Relief(date(2026, 12, 1), is_declared=True)


@pytest.mark.parametrize(
    ("threshold", "relief", "expected"),
    [(LOW, None, Telling.TELL), (LOW, IN_TIME, Telling.WAIT), (LOW, SAID, Telling.WAIT), (EMPTY, None, Telling.TELL),
     (EMPTY, IN_TIME, Telling.TELL), (EMPTY, SAID, Telling.WAIT)],
)  # fmt: skip
def test_whether_people_hear_of_what_is_taken_care_of(
    threshold: Threshold, relief: Relief | None, expected: Telling
) -> None:
    assert rules.telling(threshold=threshold, relief=relief) is expected


def test_printer_wide_toner_bits_count_for_the_only_toner() -> None:
    def says(word: str, is_only_toner: bool) -> Threshold | None:
        return rules.device_says(
            alerts=(), conditions=("jammed", word), supply_index="1.1", kind=TONER, is_only_of_kind=is_only_toner
        )

    assert (says("low_toner", True), says("no_toner", True), says("low_toner", False)) == (LOW, EMPTY, None)


def person(user_id: int, role: Role = Role.CUSTOMER_BUYER, **changed: object) -> Person:
    return Person(**{"user_id": user_id, "address": f"p{user_id}@example.ca", "language": "fr-ca", "role": role,
                     **changed})  # type: ignore[arg-type]  # fmt: skip


PEOPLE = [
    ("a buyer", person(1), True),
    ("an administrator", person(1, Role.CUSTOMER_ADMIN), True),
    ("a viewer", person(1, Role.CUSTOMER_VIEWER), False),
    ("a viewer who asked", person(1, Role.CUSTOMER_VIEWER, wanted=True), True),
    ("a buyer who refused", person(1, wanted=False), False),
    ("a buyer who muted another site", person(1, muted_site_ids=frozenset({8})), True),
    ("a buyer who muted this site", person(1, muted_site_ids=frozenset({7})), False),
    ("a buyer who has gone", person(1, is_active=False), False),
    ("the dealer's agent", person(1, Role.DEALER_AGENT, wanted=True), False),
    ("nobody can be reached", person(1, address=""), False),
]


@pytest.mark.parametrize(("says", "who", "is_told"), PEOPLE, ids=[row[0] for row in PEOPLE])
def test_who_is_told(says: str, who: Person, is_told: bool) -> None:
    assert bool(rules.who_is_told(people=[who], site_id=7)) is is_told


def test_one_notice_an_address_in_the_readers_language() -> None:
    people = [person(1, language="en-ca"), person(2, address="P1@example.ca"), person(3)]
    told = rules.who_is_told(people=people, site_id=7)
    assert [(r.user_id, r.language) for r in told] == [(1, "en-ca"), (3, "fr-ca")]


LEVELS = st.builds(toner, st.none() | st.floats(0, 100), device=st.none() | st.sampled_from((LOW, EMPTY)))


@given(life=st.lists(LEVELS, max_size=30))
def test_at_most_two_notices_in_a_cartridges_life(life: list[SlotLevel]) -> None:
    known: dict[Threshold, KnownEpisode] = {}
    heard: list[Threshold] = []
    for level in life:
        change = changes(level, *known.values())
        heard += [opened.threshold for opened in change.opened if opened.is_told]
        known |= {opened.threshold: KnownEpisode(opened.threshold, opened.is_told) for opened in change.opened}
        known |= {closed: KnownEpisode(closed, False) for closed in change.closed}
    assert heard in ([], [LOW], [EMPTY], [LOW, EMPTY])
