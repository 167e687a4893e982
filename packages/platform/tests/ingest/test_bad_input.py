"""What no reading should say, and what is made of it: each has a rule and a place where a person can see it."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from econcierge.accounts.types import Scope
from econcierge.fleet import disputes
from econcierge.fleet import operations as fleet
from econcierge.fleet.models import Printer
from econcierge.journeys import report_reading
from econcierge.supplies import queries
from econcierge.supplies.models import Cartridge, LevelChange
from econcierge_printers.identity import Verdict
from econcierge_printers.model import LevelState, Reading
from econcierge_printers.wire import Report

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
EVERYTHING = Scope.everything()


@pytest.fixture
def deliver(paired: SimpleNamespace, now: datetime) -> Any:
    def of(*readings: Reading, assistant: Any = None, at: datetime = now) -> Any:
        report = Report(message_id=uuid4(), sent_at=at, readings=readings)
        return report_reading.report(assistant=assistant or paired.assistant, report=report, now=at)

    return of


def test_levels_that_cannot_be_are_kept_as_said_and_never_used(
    deliver: Any, make: SimpleNamespace, now: datetime
) -> None:
    for hour, (percent, state) in enumerate(
        [(41.0, None), (40.0, None), (None, LevelState.IMPLAUSIBLE), (None, LevelState.OVERDUE), (40.0, None)]
    ):
        row = make.supply(percent, state=state, raw_level={2: 181, 3: -4400}.get(hour))
        deliver(make.reading(row, at=now - (5 - hour) * HOUR))
    assert Cartridge.objects.count() == 1
    kept = list(LevelChange.objects.order_by("at").values_list("state", "raw_level"))
    assert kept[2:4] == [("implausible", 181), ("overdue", -4400)]


def test_two_computers_that_read_one_printer_count_nothing_twice(
    deliver: Any, make: SimpleNamespace, paired: SimpleNamespace, now: datetime
) -> None:
    other, _ = fleet.pair_assistant(
        customer=paired.assistant.customer, site=paired.assistant.site, name="Second", now=now
    )
    for hour, percent in enumerate((5.0, 4.0, 100.0, 99.0, 98.0)):
        for assistant, lag in ((paired.assistant, 0), (other, 3)):
            at = now - timedelta(hours=9 - hour, minutes=-lag)
            pages = 6462 + hour if lag else 6466 + hour  # each asks another source
            deliver(make.reading(make.supply(percent), at=at, pages=pages), assistant=assistant)
    assert [one.kind for one in queries.cartridges(EVERYTHING)] == ["first", "replaced"]
    printer = Printer.objects.get()
    assert (printer.pages_before, printer.pages_total) == (0, 6470)


def test_a_late_reading_becomes_history_and_changes_nothing_else(
    deliver: Any, make: SimpleNamespace, now: datetime
) -> None:
    for hour, percent in ((9, 50.0), (8, 49.0), (2, 45.0)):
        deliver(make.reading(make.supply(percent), at=now - hour * HOUR))
    deliver(make.reading(make.supply(47.0), at=now - 5 * HOUR), make.reading(make.supply(49.0), at=now - 7 * HOUR))
    deliver(make.reading(make.supply(3.0), at=now - 20 * HOUR))
    levels = LevelChange.objects.order_by("at").values_list("percent", flat=True)
    assert [float(percent) for percent in levels] == [50.0, 49.0, 47.0, 45.0]
    (life,) = queries.cartridges(EVERYTHING)
    assert (life.came_at, life.left_at) == (now - 9 * HOUR, None)


def test_a_serial_that_two_printers_claim_waits_for_a_person(
    deliver: Any, make: SimpleNamespace, cast: SimpleNamespace, now: datetime
) -> None:
    def read(at: datetime) -> None:
        deliver(
            make.reading(make.supply(50.0), hostname="front", mac="00:00:AA:00:00:01", at=at, target="10.0.0.1"),
            make.reading(make.supply(60.0), hostname="back", mac="00:00:AA:00:00:02", at=at, target="10.0.0.2"),
            at=at,
        )

    read(now)
    scope, owner = cast.owner.actor.scope, cast.owner.actor
    (found,) = disputes.disputes(scope)
    assert (found.sameness.verdict, {found.printer.hostname, found.other.hostname}) == (
        Verdict.UNSURE, {"front", "back"},
    )  # fmt: skip
    assert disputes.disputes(cast.stranger.actor.scope) == []
    disputes.merge(actor=owner, printer=found.printer, into=found.other, now=now)
    assert disputes.disputes(scope) == []
    read(now + HOUR)
    found.printer.refresh_from_db()
    found.other.refresh_from_db()
    assert (found.printer.last_read_at, found.other.last_read_at) == (now, now + HOUR)
    disputes.take_apart_again(actor=owner, printer=found.printer, now=now)
    read(now + 2 * HOUR)
    found.printer.refresh_from_db()
    assert found.printer.last_read_at == now + 2 * HOUR
    disputes.tell_apart(actor=owner, printer=found.printer, now=now)
    assert (disputes.disputes(scope), disputes.merged(scope)) == ([], [])


def test_what_the_panel_says_of_a_supply_is_kept_until_it_says_so_no_more(
    deliver: Any, make: SimpleNamespace, cast: SimpleNamespace, now: datetime
) -> None:
    fine = make.supply(64.0)
    said = dataclasses.replace(fine, panel="low", disagrees=True)
    for hours, supply, panel in ((0, said, ("low", True)), (1, fine, ("", False))):
        deliver(make.reading(supply, at=now + hours * HOUR), at=now + hours * HOUR)
        printer = Printer.objects.get()
        (view,) = queries.slot_views(cast.owner.actor.scope, printer_ids=[printer.pk])[printer.pk]
        assert (view.panel, view.panel_disagrees, view.percent) == (*panel, 64.0)
