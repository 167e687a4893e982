"""Two mails a cartridge, exactly: what is on its way keeps them back, answers put them off, a site's are one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.alerts import operations as alerts
from econcierge.alerts.models import Answer, CustomerMark, DealerWish, Episode
from econcierge.alerts.types import Action, Because, Threshold
from econcierge.catalogue.models import Fit, Part, PrinterModel
from econcierge.core import clock
from econcierge.fleet.models import Printer
from econcierge.interfaces.jobs import alerts as alert_jobs
from econcierge.interfaces.jobs import notifications as mail_jobs
from econcierge.journeys import in_flight, report_reading, supply_notices
from econcierge.notifications import operations
from econcierge.notifications.models import Delivery, Habit
from econcierge.notifications.types import Kind
from econcierge.orders.models import Order, OrderLine
from econcierge.supplies.models import LevelChange, ShelfCount, Slot
from econcierge_printers.model import AlertSeverity, DeviceAlert, SupplyKind
from econcierge_printers.wire import Report

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Office:
    """Érable's printers, read an hour apart; the clock goes with them."""

    def __init__(self, paired: SimpleNamespace, make: SimpleNamespace, clock_at: Callable[[datetime], None]) -> None:
        self.paired, self.make, self._clock_at = paired, make, clock_at
        self.now = clock.now()

    def passes(self, time: timedelta) -> None:
        self.now += time
        self._clock_at(self.now)

    def reads(self, *supplies: Any, **reading: Any) -> None:
        self.passes(HOUR)
        self.deliver(self.make.reading(*supplies, at=self.now, **reading))

    def deliver(self, *readings: Any) -> None:
        report = Report(message_id=uuid4(), sent_at=self.now, readings=readings)
        report_reading.report(assistant=self.paired.assistant, report=report, now=self.now)

    def says(self, *percents: float, **supply: Any) -> None:
        for percent in percents:
            self.reads(self.make.supply(percent, **supply))

    def looks_again(self) -> None:
        alert_jobs.look_again()
        scoping.enter(Scope.everything())

    @staticmethod
    def told(email: str = "owner@example.test") -> list[Delivery]:
        return list(Delivery.objects.filter(user__email=email).order_by("id"))

    def kinds(self, email: str = "owner@example.test") -> list[str]:
        return [one.kind for one in self.told(email)]


@pytest.fixture
def office(paired: SimpleNamespace, make: SimpleNamespace, clock_at: Callable[[datetime], None]) -> Office:
    return Office(paired, make, clock_at)


TONER = ("106R03512", "toner", "black")


def order(
    cast: Any, now: datetime, *, expected_on: date | None, state: str = "placed", of: Any = TONER, **line: Any
) -> OrderLine:
    """One black toner for Érable's printer, or `of`: number, kind and colour of another part."""
    number, kind, colour = of
    part, _ = Part.objects.get_or_create(
        part_number=number, defaults={"kind": kind, "colour": colour, "sold": "retail", "regions": ["NA"]}
    )
    placed = Order.objects.create(
        customer=cast.erable, dealer=cast.dealer, site=cast.sites["erable"], number=f"C-{uuid4().hex[:6]}",
        submission_key=uuid4(), placed_at=now, state=state, ship_to={}, ships_by_at=now + DAY,
        expected_on=expected_on, goods_minor=1, total_minor=1,
    )  # fmt: skip
    return OrderLine.objects.create(
        customer=cast.erable, order=placed, position=1, part=part, printer=Printer.objects.get(), quantity=1,
        unit_price_minor=1, eligible=True, state=state, **line,
    )  # fmt: skip


def test_low_with_a_delivery_on_its_way_is_no_news_until_that_fails(office: Office, cast: Any) -> None:
    office.says(60.0)
    order(cast, office.now, expected_on=office.now.date() + timedelta(days=3))
    office.says(19.0)
    assert office.kinds() == []
    office.passes(2 * DAY)
    office.looks_again()
    assert office.kinds() == []
    office.passes(5 * DAY)
    office.looks_again()
    office.looks_again()
    assert office.kinds() == ["supply_low"]
    (coming,) = office.told()[0].context["items"][0]["coming"]
    assert (coming["quantity"], coming["in_time"]) == (1, False)


def test_a_cancelled_delivery_no_longer_keeps_a_notice_back(office: Office, cast: Any) -> None:
    office.says(60.0)
    line = order(cast, office.now, expected_on=office.now.date() + timedelta(days=1))
    office.says(19.0)
    OrderLine.objects.filter(pk=line.pk).update(state="cancelled")
    office.passes(5 * DAY)
    office.looks_again()
    assert office.kinds() == ["supply_low"]
    assert office.told()[0].context["items"][0]["coming"] == []


def test_almost_empty_says_what_is_coming(office: Office, cast: Any) -> None:
    office.says(60.0, 19.0)
    order(cast, office.now, expected_on=office.now.date() + timedelta(days=2))
    office.says(4.0)
    assert office.kinds() == ["supply_low", "supply_almost_empty"]
    assert office.told()[1].context["items"][0]["coming"][0]["in_time"] is True


def test_what_was_delivered_and_not_put_in_is_known(office: Office, cast: Any) -> None:
    """P31: orders twice, closets full."""
    office.says(60.0)
    delivered = {"quantity_shipped": 1, "quantity_delivered": 1, "delivered_on": office.now.date()}
    order(cast, office.now, expected_on=office.now.date(), state="delivered", **delivered)
    office.says(19.0)
    assert office.kinds() == []
    scope = Scope.everything()
    found = in_flight.coming(scope, printer_ids=[Printer.objects.get().pk], now=office.now)
    assert (in_flight.spares(found), found[0].is_here) == (1, True)
    office.passes(60 * DAY)
    office.looks_again()
    assert office.kinds() == []
    office.says(3.0)
    assert office.kinds() == ["supply_almost_empty"]
    assert office.told()[0].context["items"][0]["coming"][0]["in_time"] is True
    office.passes(15 * DAY)
    (late,) = in_flight.coming(scope, printer_ids=[Printer.objects.get().pk], now=office.now)
    assert not late.can_be_relied_on(on=clock.day_of(office.now))
    office.says(100.0, 99.0, 98.0)
    found = in_flight.coming(scope, printer_ids=[Printer.objects.get().pk], now=office.now)
    assert in_flight.spares(found) == 0


DRUM = ("101R00554", "drum", "black")


@pytest.mark.parametrize("of", [DRUM, ("101R00555", "drum", "any"), ("101R00556", "imaging_unit", "black")])
def test_a_drum_that_the_catalogue_names_otherwise_than_the_printer_is_known(
    office: Office, cast: Any, of: Any
) -> None:
    """P27, P31: a printer reports a drum without a colour, the catalogue calls it black; nobody orders it twice."""
    drum = {"kind": SupplyKind.DRUM, "colour": ""}
    office.says(60.0, **drum)
    line = order(cast, office.now, expected_on=office.now.date() + timedelta(days=3), of=of)
    office.says(19.0, **drum)
    assert office.kinds() == []
    OrderLine.objects.filter(pk=line.pk).update(
        state="delivered", quantity_shipped=1, quantity_delivered=1, delivered_on=office.now.date()
    )
    office.says(4.0, **drum)
    assert office.kinds() == ["supply_almost_empty"]
    (item,) = office.told()[0].context["items"]
    assert [one["arrived_on"] for one in item["coming"]] == [office.now.date().isoformat()]
    office.says(100.0, 99.0, **drum)
    assert in_flight.coming(Scope.everything(), printer_ids=[line.printer_id], now=office.now) == []


def test_one_drum_for_any_colour_is_for_the_lowest(office: Office, cast: Any) -> None:
    colours = {"1": "cyan", "2": "magenta"}
    for levels in ((60.0, 60.0), (24.0, 19.0)):
        drums = zip(colours.items(), levels, strict=True)
        office.reads(
            *(office.make.supply(left, kind=SupplyKind.DRUM, colour=colour, index=at) for (at, colour), left in drums)
        )
    line = order(cast, office.now, expected_on=office.now.date(), of=("108R01121", "drum", "any"))
    (one,) = in_flight.coming(Scope.everything(), printer_ids=[line.printer_id], now=office.now)
    assert (one.colour, one.quantity) == ("magenta", 1)
    OrderLine.objects.filter(pk=line.pk).update(quantity=3)
    found = in_flight.coming(Scope.everything(), printer_ids=[line.printer_id], now=office.now)
    assert {(one.colour, one.quantity) for one in found} == {("magenta", 2), ("cyan", 1)}


def test_a_spare_on_the_shelf_keeps_low_back_and_is_said_when_it_is_needed(office: Office, cast: Any) -> None:
    model = PrinterModel.objects.create(name="VersaLink C405", listed_from=date(2020, 1, 1))
    office.says(60.0)
    part = Part.objects.create(part_number="106R03524", kind="toner", colour="black", sold="retail", regions=["NA"])
    Fit.objects.create(part=part, model=model)
    Printer.objects.update(model=model)
    ShelfCount.objects.create(
        customer=cast.erable, site=cast.sites["erable"], part=part, quantity=2, counted_at=office.now
    )
    office.says(19.0)
    assert office.kinds() == []
    office.says(4.0)
    assert office.kinds() == ["supply_almost_empty"]
    assert office.told()[0].context["items"][0]["on_shelf"] == 2


def test_who_said_it_is_ordered_is_asked_again_when_nothing_came(office: Office, cast: Any) -> None:
    office.says(60.0, 19.0)
    episode = Episode.objects.get(threshold="low")
    alerts.answer(
        episode=episode, user_id=cast.owner.user.pk, action=Action.ALREADY_ORDERED, now=office.now,
        until=office.now + 14 * DAY,
    )  # fmt: skip
    office.says(4.0)
    assert office.kinds() == ["supply_low"]
    office.passes(15 * DAY + HOUR)
    office.looks_again()
    office.looks_again()
    assert "supply_almost_empty" in office.kinds()
    assert office.kinds("colleague@example.test") == ["supply_low", "supply_almost_empty"]


def test_a_reminder_goes_to_who_asked_and_only_while_it_is_true(office: Office, cast: Any) -> None:
    office.says(60.0, 19.0)
    episode = Episode.objects.get(threshold="low")
    alerts.answer(
        episode=episode, user_id=cast.owner.user.pk, action=Action.LATER, now=office.now, until=office.now + 3 * DAY
    )
    office.passes(4 * DAY)
    office.looks_again()
    office.looks_again()
    assert (office.kinds(), office.kinds("colleague@example.test")) == (["supply_low"] * 2, ["supply_low"])
    assert office.told()[1].context["items"][0]["answered"] == "later"
    alerts.answer(
        episode=episode, user_id=cast.owner.user.pk, action=Action.LATER, now=office.now, until=office.now + 3 * DAY
    )
    order(cast, office.now, expected_on=office.now.date() + timedelta(days=9))
    office.passes(4 * DAY)
    office.looks_again()
    assert len(office.kinds()) == 2


def test_a_sites_supplies_are_one_message_for_who_hears_of_both(office: Office, cast: Any) -> None:
    """P28, and of two kinds the more urgent gives its name."""
    operations.set_preference(user=cast.colleague.user, kind=Kind.SUPPLY_LOW, wanted=False)
    black, cyan = office.make.supply(4.0), office.make.supply(18.0, index="1.2", colour="cyan")
    office.reads(black, cyan)
    (mine,), (theirs,) = office.told(), office.told("colleague@example.test")
    assert (mine.kind, theirs.kind) == ("supply_almost_empty", "supply_almost_empty")
    assert [item["threshold"] for item in mine.context["items"]] == ["almost_empty", "low"]
    assert [item["colour"] for item in theirs.context["items"]] == ["black"]


def test_a_muted_site_is_silent(office: Office, cast: Any) -> None:
    Habit.objects.create(user=cast.owner.user, muted_site_ids=[cast.sites["erable"].pk])
    office.says(60.0, 19.0)
    assert (office.kinds(), office.kinds("colleague@example.test")) == ([], ["supply_low"])


def test_a_customers_mark_is_heard_earlier_and_told_as_its_own(office: Office, cast: Any) -> None:
    CustomerMark.objects.create(customer=cast.erable, kind="toner", low_percent=30)
    office.says(60.0, 29.0)
    (told,) = office.told()
    item = told.context["items"][0]
    assert (item["because"], item["threshold_percent"]) == ("customer", 30)


def test_a_noisy_gauge_has_to_say_it_twice(office: Office) -> None:
    office.says(30.0, 28.0, 30.0, 27.0, 29.0, 22.0, 19.0)
    assert office.kinds() == []
    office.says(24.0, 20.0, 20.0)
    assert office.kinds() == ["supply_low"]


def test_a_noisy_gauges_history_is_bounded_where_it_is_read(office: Office) -> None:
    """A cartridge of years has thousands of levels; the latest thirty say whether its gauge is noisy."""
    office.says(60)
    slot = Slot.objects.get()
    LevelChange.objects.bulk_create(
        LevelChange(
            customer_id=slot.customer_id, slot=slot, cartridge=slot.cartridge, at=office.now - n * HOUR,
            state="measured", percent=60 + n % 20,
        )
        for n in range(1, 200)
    )  # fmt: skip
    fetched: list[int] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        done = execute(sql, params, many, context)
        if "supplies_levelchange" in sql and sql.lstrip().startswith("SELECT"):
            fetched.append(context["cursor"].rowcount)
        return done

    with connection.execute_wrapper(count):
        office.says(18)
    assert 0 < max(fetched) <= 31


def test_what_is_held_back_costs_one_statement_however_much_it_is(
    office: Office, cast: Any, make: SimpleNamespace
) -> None:
    colours = ("black", "cyan", "magenta", "yellow")
    rows = [make.supply(60, index=f"1.{n}", colour=colour) for n, colour in enumerate(colours, 1)]
    office.reads(*rows)
    printer = Printer.objects.get()
    subjects = [
        supply_notices.Subject(
            episode_id=Episode.objects.create(
                customer=printer.customer, slot=slot, cartridge=slot.cartridge, threshold="low", percent=15,
                because="programme", opened_at=office.now, told_at=office.now,
            ).pk,
            threshold=Threshold.LOW, percent=15.0, because=Because.PROGRAMME, threshold_percent=20.0, disagrees=False,
            slot=slot, printer=printer,
        )
        for slot in Slot.objects.order_by("id")
    ]  # fmt: skip
    for n, one in enumerate(subjects):
        Answer.objects.create(
            customer=printer.customer, episode_id=one.episode_id, user=cast.owner.user, action="already_ordered",
            at=office.now, until_at=office.now + (3 + n) * DAY,
        )  # fmt: skip
    with CaptureQueriesContext(connection) as made:
        supply_notices.tell(customer_id=printer.customer_id, key="k", subjects=subjects, now=office.now)
    assert sum("UPDATE" in one["sql"] and "alerts_episode" in one["sql"] for one in made.captured_queries) == 1
    assert Episode.objects.filter(told_at__isnull=True).count() == 4
    assert Episode.objects.values("look_again_at").distinct().count() == 4


def test_an_alert_that_names_no_supply_counts_for_the_only_toner(office: Office, make: SimpleNamespace) -> None:
    alert = DeviceAlert(AlertSeverity.WARNING, "supplies", None, 1104, "Toner low")
    office.reads(make.supply(None), alerts=(alert,))
    assert office.kinds() == ["supply_low"]


def test_the_dealer_hears_before_its_customer_and_not_of_what_is_ordered(office: Office, cast: Any) -> None:
    DealerWish.objects.create(dealer=cast.dealer, wanted=True, points=10)
    office.says(60.0, 29.0)
    assert office.kinds() == []
    early = Episode.objects.get(threshold="early")
    assert early.closed_at is not None
    for _ in range(2):
        alert_jobs.tell_dealer([early.pk])
        scoping.enter(Scope.everything())
    assert office.kinds("seller@example.test") == ["dealer_supply_early"]
    assert office.kinds("rival@example.test") == []
    office.says(28.0, 19.0)
    assert office.kinds() == ["supply_low"]
    assert Episode.objects.filter(threshold="early").count() == 1


def test_what_can_wait_comes_in_one_mail_a_day(office: Office, cast: Any) -> None:
    Habit.objects.create(user=cast.owner.user, daily_at=time(8), time_zone="America/Toronto")
    office.says(60.0, 19.0)
    office.reads(office.make.supply(18.0, index="1.2", colour="cyan"), office.make.supply(18.0))
    assert [one.state for one in office.told()] == ["waiting", "waiting"]
    mail_jobs.gather()
    scoping.enter(Scope.everything())
    assert len(office.told()) == 2
    office.passes(DAY)
    for _ in range(2):
        mail_jobs.gather()
        scoping.enter(Scope.everything())
    told = office.told()
    assert [(one.kind, one.state) for one in told] == [
        ("supply_low", "gathered"), ("supply_low", "gathered"), ("daily", "pending"),
    ]  # fmt: skip
    assert [part["kind"] for part in told[2].context["parts"]] == ["supply_low", "supply_low"]
    office.says(17.0, 4.0)
    assert (office.told()[-1].kind, office.told()[-1].state) == ("supply_almost_empty", "pending")


def test_quiet_hours_are_of_the_persons_own_time_zone(office: Office, cast: Any) -> None:
    """It is noon in Toronto, and not yet 9:00 in Vancouver."""
    Habit.objects.create(user=cast.owner.user, quiet_from=time(20), quiet_to=time(9), time_zone="America/Vancouver")
    office.now -= HOUR
    office.says(60.0, 19.0)
    (told,) = office.told()
    assert (told.state, told.next_attempt_at) == ("pending", datetime(2026, 11, 23, 17, 0, tzinfo=UTC))
    assert office.told("colleague@example.test")[0].next_attempt_at == office.now
