"""Low once and almost empty once in a cartridge's life, and who hears of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge.accounts.types import Role
from econcierge.alerts import rules
from econcierge.alerts.types import (
    Because,
    EpisodeChanges,
    KnownEpisode,
    Opened,
    Person,
    SlotLevel,
    Threshold,
    ThresholdPair,
)
from econcierge_printers.model import AlertSeverity, DeviceAlert, LevelState, SupplyClass, SupplyKind

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


@pytest.mark.parametrize("state", [s for s in LevelState if s is not LevelState.MEASURED])
def test_a_state_that_is_no_measure_is_never_compared(state: LevelState) -> None:
    level = SlotLevel(SupplyKind.TONER, SupplyClass.CONSUMED, state, 0.0)
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


def test_a_new_cartridge_closes_what_was_open() -> None:
    assert rules.closed_by_replacement(known=(LOW_CLOSED, EMPTY_OPEN)) == (EMPTY,)


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
        return rules.device_says(alerts=alerts, conditions=(), supply_index="1.1", is_only_toner=False)

    assert says([alert(code)]) is means
    assert says([alert(code, "1.2"), alert(code, None)]) is None


def test_printer_wide_toner_bits_count_for_the_only_toner() -> None:
    def says(word: str, is_only_toner: bool) -> Threshold | None:
        return rules.device_says(
            alerts=(), conditions=("jammed", word), supply_index="1.1", is_only_toner=is_only_toner
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
    ("a buyer of this site", person(1, site_ids=frozenset({7})), True),
    ("a buyer of another site", person(1, site_ids=frozenset({8})), False),
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


LEVELS = st.builds(toner, st.none() | st.floats(0, 100), device=st.none() | st.sampled_from(Threshold))


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
