"""What a report changes: printers, slots, cartridges, history, episodes, notices, jobs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from econcierge.accounts.types import Scope
from econcierge.alerts import queries as alerts
from econcierge.alerts.models import Episode
from econcierge.catalogue.models import ModelThreshold, PrinterModel
from econcierge.fleet import operations as fleet
from econcierge.fleet import queries as fleet_queries
from econcierge.fleet.models import Assistant, Printer, Site
from econcierge.journeys import report_reading
from econcierge.notifications.models import Delivery
from econcierge.supplies import queries as supplies
from econcierge.supplies.models import Cartridge, LevelChange, Slot
from econcierge_printers.model import AlertSeverity, Counters, DeviceAlert, LevelState, Reading, SupplyClass, SupplyKind
from econcierge_printers.wire import Report

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
TONER_LOW = DeviceAlert(AlertSeverity.WARNING, "supplies", "1.1", 1104, "")


class Life:
    """One printer's visits, an hour apart, each delivered when it was made."""

    def __init__(self, assistant: Assistant, make: SimpleNamespace, start: datetime) -> None:
        self.assistant, self.make, self.now = assistant, make, start

    def deliver(self, *readings: Reading) -> Any:
        report = Report(message_id=uuid4(), sent_at=self.now, readings=readings)
        return report_reading.report(assistant=self.assistant, report=report, now=self.now)

    def says(self, *percents: float | None, **supply: Any) -> None:
        for percent in percents:
            self.now += HOUR
            self.deliver(self.make.reading(self.make.supply(percent, **supply), at=self.now))

    @staticmethod
    def told(email: str = "owner@example.test") -> list[str]:
        return list(Delivery.objects.filter(user__email=email).order_by("id").values_list("kind", flat=True))


@pytest.fixture
def life(paired: SimpleNamespace, make: SimpleNamespace, now: datetime) -> Life:
    return Life(paired.assistant, make, now)


def jobs(name: str) -> list[dict[str, Any]]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=name).order_by("id")]


# Episodes and notices


def test_low_and_almost_empty_are_told_once_each(life: Life) -> None:
    life.says(50.0, 21.0)
    assert life.told() == []
    life.says(20.0, 19.0, 6.0, 5.0, 4.0, 0.0)
    assert life.told() == ["supply_low", "supply_almost_empty"]
    assert life.told("colleague@example.test") == ["supply_low", "supply_almost_empty"]
    assert (
        life.told("viewer@example.test")
        == life.told("neighbour@example.test")
        == life.told("seller@example.test")
        == []
    )
    assert len(jobs("notifications.send")) == 1


def test_flapping_in_power_save_gives_one_episode(life: Life) -> None:
    life.says(21.0, 20.0, 21.0, 20.0, None, 20.0, 26.0, 20.0, None, 19.0)
    assert life.told() == ["supply_low"]
    assert Episode.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "raw_level"),
    [
        (LevelState.UNKNOWN, -2),
        (LevelState.SOME_REMAINING, -3),
        (LevelState.UNRESTRICTED, -1),
        (LevelState.IMPLAUSIBLE, 150),
    ],
)
def test_what_is_not_measured_never_alerts(life: Life, state: LevelState, raw_level: int) -> None:
    life.says(None, None, state=state, raw_level=raw_level)
    life.says(60.0)
    life.says(None, state=state, raw_level=raw_level)
    assert life.told() == []
    assert not Episode.objects.exists()
    view = supplies.slot_views(Scope.everything(), printer_ids=[Printer.objects.get().pk]).popitem()[1][0]
    assert (view.state, view.percent, view.last_percent) == (state.value, None, 60.0)


def test_past_its_end_out_of_the_blue_is_told_once_it_is_said_twice(life: Life) -> None:
    life.says(60.0)
    life.says(None, state=LevelState.OVERDUE, raw_level=-750)
    assert life.told() == []
    life.says(None, state=LevelState.OVERDUE, raw_level=-750)
    assert life.told() == ["supply_almost_empty"]


def test_the_devices_own_alert_comes_before_the_level(life: Life, make: SimpleNamespace) -> None:
    life.now += HOUR
    life.deliver(make.reading(make.supply(60.0), at=life.now, alerts=(TONER_LOW,)))
    (item,) = Delivery.objects.get(user__email="owner@example.test").context["items"]
    assert (item["because"], item["percent"], item["disagrees"]) == ("device", 60.0, True)


def test_the_models_mark_comes_before_the_programmes(life: Life) -> None:
    model = PrinterModel.objects.create(name="VersaLink C405")
    ModelThreshold.objects.create(model=model, supply_kind="toner", low_percent=30, almost_empty_percent=2)
    life.says(40.0, 30.0, 5.0)
    assert life.told() == ["supply_low"]
    (item,) = Delivery.objects.filter(user__email="owner@example.test").get().context["items"]
    assert (item["because"], item["threshold_percent"]) == ("model", 30.0)


def test_a_new_cartridge_closes_what_was_open_and_has_a_life_of_its_own(life: Life) -> None:
    life.says(18.0, 3.0, 100.0, 99.0)
    assert Episode.objects.filter(closed_at__isnull=True).count() == 0
    life.says(19.0, 18.0, 4.0)
    assert life.told() == ["supply_low", "supply_almost_empty"] * 2
    first, second = Cartridge.objects.order_by("sequence")
    assert (first.end_percent, first.removed_at) == (3, second.installed_at)
    assert (second.kind, second.evidence, second.start_percent) == ("replaced", "level_rise", 100)
    assert jobs("coverage.decide") == [{"printer_ids": [Printer.objects.get().pk]}]


def test_a_cartridge_that_was_taken_out_and_put_back_is_not_told_of_again(life: Life) -> None:
    life.says(18.0, 4.0, serial="CART0001")
    life.says(90.0, 90.0, serial="CART0002")
    life.says(4.0, 3.0, serial="CART0001")
    assert life.told() == ["supply_low", "supply_almost_empty"]
    assert list(Cartridge.objects.order_by("sequence").values_list("kind", flat=True)) == [
        "first", "replaced", "reinserted",
    ]  # fmt: skip
    (open_one,) = alerts.open_episodes(Scope.everything())
    assert (open_one.threshold, open_one.kind, open_one.colour) == ("almost_empty", "toner", "black")


def test_a_rise_that_lasts_gives_its_levels_to_the_new_cartridge(life: Life) -> None:
    life.says(41.0, 40.0, 90.0, 89.0, 88.0)
    old, new = Cartridge.objects.order_by("sequence")
    of_new = old.slot.levels.filter(cartridge=new).order_by("at")
    assert [float(level.percent) for level in of_new] == [90.0, 89.0, 88.0]
    assert new.installed_at == life.now - 2 * HOUR


def test_a_shaken_cartridge_is_no_replacement(life: Life) -> None:
    life.says(40.0, 70.0, 39.0, 38.0)
    assert Cartridge.objects.count() == 1
    assert jobs("coverage.decide") == []


def test_one_message_a_person_kind_and_site(
    life: Life, make: SimpleNamespace, cast: SimpleNamespace, now: datetime
) -> None:
    other_site = Site.objects.create(
        customer=cast.erable, slug="annexe", name="Annexe", address_line_1="2, rue", city="Laval", region="QC",
        postal_code="H7A 1A1",
    )  # fmt: skip
    moved = Printer.objects.create(customer=cast.erable, site=other_site, serial="ELSEWHERE1", serial_key="ELSEWHERE1")
    colours = ("black", "cyan", "magenta", "yellow")
    rows = [make.supply(10.0, index=f"1.{n}", colour=colour) for n, colour in enumerate(colours, start=1)]
    life.deliver(
        *(make.reading(*rows, serial=f"SERIAL000{n}", target=f"10.0.0.{n}") for n in range(5)),
        make.reading(make.supply(2.0), serial=moved.serial, target="10.0.0.99"),
    )
    mails = Delivery.objects.filter(user=cast.owner.user).order_by("kind")
    assert [(mail.kind, mail.context["site"], len(mail.context["items"])) for mail in mails] == [
        ("supply_almost_empty", "Annexe", 1),
        ("supply_low", "Main", 20),
    ]


def test_a_waste_container_counts_only_where_the_level_is_space_left(life: Life) -> None:
    life.says(3.0, kind=SupplyKind.WASTE_CONTAINER, supply_class=SupplyClass.CONSUMED, colour=None)
    assert life.told() == []
    life.says(3.0, kind=SupplyKind.WASTE_CONTAINER, supply_class=SupplyClass.FILLED, colour=None)
    assert life.told() == ["supply_almost_empty"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_history_gives_more_than_two_messages_a_cartridge(life: Life, make: SimpleNamespace, data: Any) -> None:
    levels = st.none() | st.integers(0, 100).map(float)
    serials = st.sampled_from([None, "CART0001", "CART0002", "CART0003"])
    visits = data.draw(st.lists(st.tuples(levels, serials, st.booleans()), min_size=1, max_size=12))
    printer_serial = uuid4().hex.upper()
    before = Delivery.objects.count()
    for percent, serial, says_low in visits:
        life.now += HOUR
        row = make.supply(percent, serial=serial and serial + printer_serial)
        alerts_said = (TONER_LOW,) if says_low else ()
        life.deliver(make.reading(row, serial=printer_serial, at=life.now, alerts=alerts_said))
    printer = Printer.objects.get(serial_key=printer_serial)
    slot = printer.slots.get()
    for cartridge in slot.cartridges.all():
        assert cartridge.episodes.count() <= 2
    kinds = Delivery.objects.order_by("id")[before:]
    for kind in ("supply_low", "supply_almost_empty"):
        mine = [d for d in kinds if d.kind == kind and d.user.email == "owner@example.test"]
        lives = {c.serial or f"#{c.pk}" for c in slot.cartridges.all()}
        assert len(mine) <= len(lives)
    assert slot.cartridges.filter(removed_at__isnull=True).count() == 1
    assert slot.cartridge.removed_at is None
    assert not Episode.objects.filter(slot=slot, closed_at__isnull=True).exclude(cartridge=slot.cartridge).exists()


# History


def test_only_changes_are_kept_with_raw_values_and_pages(life: Life) -> None:
    life.says(50.0, 50.0, 50.0, 49.0, None, None, 49.0)
    rows = LevelChange.objects.order_by("at").values_list(
        "state", "percent", "raw_level", "raw_capacity", "pages_total"
    )
    assert [(s, None if p is None else float(p), raw, most, pages) for s, p, raw, most, pages in rows] == [
        ("measured", 50.0, 50, 100, 1000),
        ("measured", 49.0, 49, 100, 1000),
        ("unknown", None, None, -2, 1000),
        ("measured", 49.0, 49, 100, 1000),
    ]
    slot = Slot.objects.get()
    assert (slot.read_at, slot.changed_at) == (life.now, life.now)


def test_what_comes_late_never_overwrites_what_is_newer(life: Life, make: SimpleNamespace, now: datetime) -> None:
    life.deliver(make.reading(make.supply(40.0), at=now - HOUR, target="10.0.0.8", pages=2000))
    outcome = life.deliver(make.reading(make.supply(4.0), at=now - 5 * HOUR, target="10.0.0.7", pages=1900))
    assert outcome.accepted == 1
    printer = Printer.objects.get()
    assert (printer.target, printer.pages_total, printer.last_read_at) == ("10.0.0.8", 2000, now - HOUR)
    assert [float(level.percent) for level in LevelChange.objects.all()] == [40.0]
    assert life.told() == []


def test_a_spool_is_read_in_the_order_of_its_moments(life: Life, make: SimpleNamespace, now: datetime) -> None:
    life.deliver(*(make.reading(make.supply(p), at=now - h * HOUR) for h, p in ((1, 48.0), (3, 50.0), (2, 49.0))))
    assert [float(level.percent) for level in LevelChange.objects.order_by("at")] == [50.0, 49.0, 48.0]


def test_nobody_is_told_of_a_level_that_a_spool_already_left_behind(
    life: Life, make: SimpleNamespace, now: datetime
) -> None:
    said = ((5, 15.0), (4, 4.0), (3, 100.0), (2, 100.0))
    life.deliver(*(make.reading(make.supply(p), at=now - h * HOUR) for h, p in said))
    assert life.told() == []
    assert Cartridge.objects.count() == 2


def test_a_counter_that_goes_back_starts_an_epoch(life: Life, make: SimpleNamespace) -> None:
    for pages, percent in ((1000, 90.0), (1500, 80.0), (20, 79.0), (120, 78.0), (150, 77.0)):
        life.now += HOUR
        life.deliver(make.reading(make.supply(percent), at=life.now, pages=pages))
    assert list(LevelChange.objects.order_by("at").values_list("pages_total", flat=True)) == [
        1000, 1500, 1500, 1500, 1630,
    ]  # fmt: skip
    assert Printer.objects.get().pages_total == 150


def test_a_row_that_is_gone_is_not_shown_and_comes_back(life: Life, make: SimpleNamespace) -> None:
    both = (make.supply(50.0), make.supply(60.0, index="1.2", colour="cyan"))
    shown = []
    for rows in (both, both[:1], both, ()):
        life.now += HOUR
        life.deliver(make.reading(*rows, at=life.now))
        views = supplies.slot_views(Scope.everything(), printer_ids=[Printer.objects.get().pk])
        shown.append([view.index for view in next(iter(views.values()))])
    assert shown == [["1.1", "1.2"], ["1.1"], ["1.1", "1.2"], ["1.1", "1.2"]]


def test_texts_as_long_as_the_wire_lets_through_are_stable(life: Life, make: SimpleNamespace, now: datetime) -> None:
    long = "A1B2" * 250
    row = make.supply(3.0, serial=long, part_number=long, index="9" * 64, colour="c" * 64)
    for hours in (3, 2, 1):
        reading = make.reading(row, serial=long, hostname=long, model=long, target=long, at=now - hours * HOUR)
        assert life.deliver(dataclasses.replace(reading, counters=Counters(total=2**63 - 1))).accepted == 1
    assert [model.objects.count() for model in (Printer, Slot, Cartridge, LevelChange)] == [1] * 4
    assert life.told() == ["supply_almost_empty"]


# Printers


def test_a_printer_added_by_hand_is_found_on_the_network(
    life: Life, make: SimpleNamespace, cast: SimpleNamespace, now: datetime
) -> None:
    printer = fleet.add_printer_by_hand(
        actor=cast.owner.actor, site=cast.sites["erable"], label="Réception", serial="310 234 5678", now=now
    )
    assert not printer.networked
    life.deliver(make.reading(make.supply(), serial="3102345678"))
    printer.refresh_from_db()
    assert (Printer.objects.count(), printer.networked, printer.name) == (1, True, "Réception")


def test_the_model_is_found_in_the_catalogue(life: Life, make: SimpleNamespace) -> None:
    model = PrinterModel.objects.create(name="VersaLink C405", aliases=["VL C405"])
    life.deliver(
        make.reading(make.supply(), model="Xerox VersaLink C405 Color MFP", serial="AAAA1111"),
        make.reading(make.supply(), model="VL C405", serial="BBBB2222", target="10.0.0.8"),
        make.reading(make.supply(), model="LaserJet 4", serial="CCCC3333", target="10.0.0.9"),
    )
    found = dict(Printer.objects.values_list("serial_key", "model_id"))
    assert found == {"AAAA1111": model.pk, "BBBB2222": model.pk, "CCCC3333": None}


def test_a_new_address_is_the_same_printer(life: Life, make: SimpleNamespace, now: datetime) -> None:
    life.deliver(make.reading(make.supply(), at=now - HOUR, target="10.0.0.7"))
    life.deliver(make.reading(make.supply(), at=now, target="10.0.9.9"))
    assert list(Printer.objects.values_list("target", flat=True)) == ["10.0.9.9"]


def test_two_printers_with_one_serial_stay_two(life: Life, make: SimpleNamespace, now: datetime) -> None:
    def both(at: datetime) -> list[Reading]:
        return [
            make.reading(make.supply(), at=at, target="10.0.0.1", mac="00:00:aa:00:00:01", hostname="one", pages=10),
            make.reading(make.supply(), at=at, target="10.0.0.2", mac="00:00:aa:00:00:02", hostname="two", pages=90),
        ]

    life.deliver(*both(now - HOUR))
    life.deliver(*both(now))
    life.deliver(both(now)[1])
    assert list(Printer.objects.order_by("hostname").values_list("hostname", "serial_key", "pages_total")) == [
        ("one", "", 10),
        ("two", "", 90),
    ]


def test_a_retired_printers_readings_are_refused(
    life: Life, make: SimpleNamespace, cast: SimpleNamespace, now: datetime
) -> None:
    life.deliver(make.reading(make.supply()))
    fleet.retire_printer(actor=cast.owner.actor, printer=Printer.objects.get(), now=now)
    assert life.deliver(make.reading(make.supply(3.0))).accepted == 0
    assert list(fleet_queries.printers(Scope.everything())) == []


def test_two_assistants_that_read_one_printer_are_harmless(
    life: Life, make: SimpleNamespace, cast: SimpleNamespace, now: datetime
) -> None:
    other, _ = fleet.pair_assistant(customer=cast.erable, site=cast.sites["erable"], name="Second", now=now)
    second = Life(other, make, now)
    for one in (life, second):
        one.deliver(make.reading(make.supply(15.0), at=now))
    assert (Printer.objects.count(), LevelChange.objects.count(), Episode.objects.count()) == (1, 1, 1)
    assert life.told() == ["supply_low"]


# Cost


def test_a_batch_costs_the_same_statements_whatever_its_size(life: Life, make: SimpleNamespace, now: datetime) -> None:
    def batch(count: int, at: datetime, percent: float) -> list[Reading]:
        colours = ("black", "cyan", "magenta", "yellow")
        rows = [make.supply(percent, index=f"1.{n}", colour=colour) for n, colour in enumerate(colours, start=1)]
        return [make.reading(*rows, serial=f"SERIAL{n:04}", target=f"10.0.1.{n}", at=at) for n in range(count)]

    def statements(count: int, at: datetime, percent: float) -> int:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")  # a job that waits already costs one statement more
        with CaptureQueriesContext(connection) as captured:
            life.deliver(*batch(count, at, percent))
        return len(captured)

    life.deliver(*batch(20, now - 5 * HOUR, 50.0))
    change = statements(1, now - 4 * HOUR, 40.0), statements(20, now - 3 * HOUR, 39.0)
    assert change[0] == change[1] < 23
    low = statements(1, now - 2 * HOUR, 18.0), statements(20, now - HOUR, 17.0)
    assert low[0] == low[1] < 33


def test_new_printers_cost_the_same_statements_whatever_their_number(life: Life, make: SimpleNamespace) -> None:
    def statements(serials: list[str]) -> int:
        readings = [make.reading(make.supply(50.0), serial=s, target=f"t{s}") for s in serials]
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")  # a job that waits already costs one statement more
        with CaptureQueriesContext(connection) as captured:
            life.deliver(*readings)
        return len(captured)

    assert statements(["NEW00001"]) == statements([f"OTHER{n:04}" for n in range(20)])


def test_pages_of_slots_cost_as_many_statements_however_many_there_are(
    life: Life, make: SimpleNamespace, django_assert_num_queries: Callable[[int], Any]
) -> None:
    rows = [make.supply(10.0, index=f"1.{n}", part_number="106R03512", serial="CART0001") for n in (10, 2, 1)]
    life.deliver(*(make.reading(*rows, serial=f"SERIAL{n:04}", target=f"10.0.1.{n}") for n in range(8)))
    ids = list(Printer.objects.values_list("id", flat=True))
    with django_assert_num_queries(1):
        views = supplies.slot_views(Scope.everything(), printer_ids=ids)
    assert {len(slots) for slots in views.values()} == {3}
    first = views[ids[0]]
    assert [view.index for view in first] == ["1.1", "1.2", "1.10"]
    assert (first[0].episode, first[0].low_percent, first[0].part_number) == ("low", 20.0, "106R03512")
    with django_assert_num_queries(3):
        assert len(alerts.open_episodes(Scope.everything())) == 24
    with django_assert_num_queries(1):
        assert [printer.site.name for printer in fleet_queries.printers(Scope.everything())] == ["Main"] * 8


def test_history_and_replacements_as_pages_show_them(life: Life, cast: SimpleNamespace) -> None:
    life.says(18.0, 3.0, part_number="106R03512", serial="CART0001")
    life.says(100.0, 99.0, part_number="106R03528", serial="CART0002")
    slot = Slot.objects.get()
    points = supplies.history(Scope.everything(), slot_id=slot.pk, since=life.now - HOUR)
    assert [point.percent for point in points] == [3.0, 100.0, 99.0]
    (seen,) = supplies.replacements(Scope.everything(), printer_id=slot.printer_id)
    assert (seen.end_percent, seen.start_percent, seen.part_number, seen.came) == (3.0, 100.0, "106R03528", "replaced")
    assert supplies.history(cast.neighbour.actor.scope, slot_id=slot.pk, since=life.now) == []
    assert supplies.replacements(cast.stranger.actor.scope, printer_id=slot.printer_id) == []
    step = supplies.slot_view(Scope.everything(), slot_id=slot.pk).step
    assert step == 1.0
