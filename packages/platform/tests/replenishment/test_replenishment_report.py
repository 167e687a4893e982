"""The monthly report from real rows: what is counted, who sees it, and that it is told once."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from econcierge.accounts import scoping
from econcierge.accounts.models import Customer
from econcierge.accounts.types import Scope
from econcierge.alerts.models import Episode
from econcierge.core import clock
from econcierge.forecasting.models import Said
from econcierge.journeys import check_out, monthly_report
from econcierge.notifications.models import Delivery
from econcierge.orders.models import OrderLine
from econcierge.replenishment import report_types as t
from econcierge.replenishment.models import MonthlyReport, ReportChoice
from econcierge.supplies.models import Cartridge, LevelChange, ShelfCount

from .conftest import CYAN, STANDARD

OCTOBER = date(2026, 10, 1)
FIRST = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)  # a Monday: the first working day of November


def _at(day: int) -> datetime:
    return datetime(2026, 10, day, 12, 0, tzinfo=UTC)


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Client]:
    monkeypatch.setattr(clock, "now", lambda: FIRST)

    def of(person: Any, language: str = "en-ca") -> Client:
        client = Client()
        client.cookies["django_language"] = language
        client.force_login(person.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return of


def _order(office: SimpleNamespace, at: datetime, delivery: str = "ground") -> Any:
    return check_out.place(
        actor=office.cast.owner.actor, submission_key=uuid.uuid4(), site_id=office.site.pk,
        lines=[check_out.LineWanted(STANDARD, office.printer.pk, 1)], delivery=delivery, customer_reference="", now=at,
    ).order  # fmt: skip


@pytest.fixture
def october(automatic: SimpleNamespace) -> SimpleNamespace:
    """Black was empty from the 10th to the 13th without a spare; cyan left with 35 % in it on the 20th."""
    Customer.objects.update(created_at=_at(1) - timedelta(days=100))
    LevelChange.objects.all().delete()
    printer = automatic.printer
    printer.first_read_at, printer.last_read_at = _at(1) - timedelta(days=50), FIRST
    printer.save()
    for slot, number, day, left in ((automatic.black, STANDARD, 13, 0), (automatic.cyan, "106R03522", 20, 35)):
        old = slot.cartridge
        old.removed_at, old.end_percent, old.part_number = _at(day), left, number
        old.installed_at, old.end_state = _at(1) - timedelta(days=40), "measured"
        old.save()
        slot.cartridge = Cartridge.objects.create(
            customer=automatic.customer, slot=slot, sequence=2, installed_at=_at(day), evidence="level_rise",
            kind="replaced", part_number=number,
        )  # fmt: skip
        slot.save()
        for at, percent, cartridge in (
            (_at(10), left, old), (_at(12), left, old), (_at(day), 100, slot.cartridge),
        ):  # fmt: skip
            LevelChange.objects.update_or_create(
                customer=automatic.customer, slot=slot, at=at,
                defaults={"state": "measured", "percent": percent, "cartridge": cartridge},
            )  # fmt: skip
    return automatic


def _report(month: date = OCTOBER, scope: Scope | None = None) -> t.Report:
    found = monthly_report.reports(scope or Scope.everything(), month=month, now=FIRST)
    return next(one for one in found if one.customer == "Érable inc.")


def test_an_empty_supply_without_a_spare_is_counted_with_its_days(october: SimpleNamespace) -> None:
    (out,) = _report().stock_outs
    assert (out.printer, out.kind, out.colour, out.days) == ("Reception", "toner", "black", 3.0)
    assert _report(date(2026, 9, 1)).stock_outs == ()


def test_with_a_spare_delivered_before_it_is_no_stock_out(october: SimpleNamespace) -> None:
    order = _order(october, _at(2))
    OrderLine.objects.filter(order=order).update(
        state="delivered", quantity_shipped=1, quantity_delivered=1, delivered_on=date(2026, 10, 5)
    )
    assert _report().stock_outs == ()


def test_a_single_reading_of_empty_that_was_taken_back_is_no_stock_out(october: SimpleNamespace) -> None:
    LevelChange.objects.filter(slot=october.black).delete()
    old = Cartridge.objects.get(slot=october.black, sequence=1)
    for at, percent in ((_at(5), 66), (_at(10), 0), (_at(10) + timedelta(hours=6), 66), (_at(12), 65)):
        LevelChange.objects.create(
            customer=october.customer, slot=october.black, cartridge=old, at=at, state="measured", percent=percent
        )
    assert _report().stock_outs == ()
    LevelChange.objects.create(
        customer=october.customer, slot=october.black, cartridge=old, at=_at(10) + timedelta(hours=3),
        state="measured", percent=0,
    )  # fmt: skip
    (out,) = _report().stock_outs
    assert out.days == 0.25


@pytest.mark.parametrize(
    ("number", "quantity", "day", "is_out"),
    [(STANDARD, 1, 5, False), (STANDARD, 0, 5, True), (STANDARD, 1, 11, True), (CYAN, 1, 5, True)],
)
def test_with_a_spare_counted_on_the_shelf_before_it_is_no_stock_out(
    october: SimpleNamespace, number: str, quantity: int, day: int, is_out: bool
) -> None:
    ShelfCount.objects.create(
        customer=october.customer, site=october.site, part=october.parts[number], quantity=quantity, counted_at=_at(day)
    )
    assert bool(_report().stock_outs) is is_out


def test_a_counted_spare_that_was_put_in_is_no_spare_any_more(october: SimpleNamespace) -> None:
    Cartridge.objects.filter(slot=october.black, sequence=1).update(kind="replaced", installed_at=_at(6))
    ShelfCount.objects.create(
        customer=october.customer, site=october.site, part=october.parts[STANDARD], quantity=1, counted_at=_at(5)
    )
    assert len(_report().stock_outs) == 1


def test_early_replacements_have_their_cost_at_the_price_of_the_day(october: SimpleNamespace) -> None:
    (early,) = _report().premature
    assert (early.colour, early.percent, early.cost_minor) == ("cyan", 35.0, round(19995 * 0.35))


def test_rush_orders_are_the_fast_ones_and_the_late_ones(october: SimpleNamespace) -> None:
    _order(october, _at(3))
    fast = _order(october, _at(6), "express")
    Episode.objects.create(
        customer=october.customer, slot=october.black, cartridge=october.black.cartridge, threshold="almost_empty",
        percent=3, because="programme", opened_at=_at(8), closed_at=_at(13),
    )  # fmt: skip
    late = _order(october, _at(9))
    after = _order(october, _at(14))
    found = _report()
    assert [(one.number, str(one.why)) for one in found.rush_orders] == [
        (fast.number, "faster"), (late.number, "almost_empty"),
    ]  # fmt: skip
    assert found.orders == 4
    assert found.orders_minor >= 4 * after.goods_minor


def test_what_was_said_well_ahead_is_compared_with_what_happened(
    october: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    old = Cartridge.objects.get(slot=october.black, sequence=1)
    for said_on, p50_on in ((date(2026, 9, 20), date(2026, 10, 2)), (date(2026, 10, 1), date(2026, 10, 10)),
                            (date(2026, 10, 9), date(2026, 10, 13))):  # fmt: skip
        Said.objects.create(
            customer=october.customer, slot=october.black, cartridge=old, said_on=said_on, p10_on=said_on,
            p50_on=p50_on, p90_on=p50_on,
        )  # fmt: skip
    (error,) = _report().forecast_errors
    # It said 0 % from the 10th and was replaced on the 13th; by then it had long been empty.
    assert (error.said_on, error.was_on, error.days) == (date(2026, 10, 2), date(2026, 10, 10), 8)
    page = browser(october.cast.owner).get(reverse("report") + "?month=2026-10").content.decode()
    assert "forecast October\u00a02, was October\u00a010" in page


def test_it_is_told_once_from_the_first_working_day_on(october: SimpleNamespace) -> None:
    assert monthly_report.tell(now=datetime(2026, 11, 1, 15, 0, tzinfo=UTC)) == 0  # a Sunday
    assert monthly_report.tell(now=FIRST) == 3
    told = Delivery.objects.filter(kind="monthly_report")
    emails = set(told.values_list("user__email", flat=True))
    assert {"owner@example.test", "seller@example.test", "rival@example.test"} <= emails
    assert "viewer@example.test" not in emails
    before = told.count()
    assert monthly_report.tell(now=FIRST + timedelta(days=1)) == 0
    assert told.count() == before
    mine = told.get(user__email="owner@example.test").context
    assert mine["stock_outs"] == 1
    assert MonthlyReport.objects.get(customer=october.customer).figures == mine["rows"]


def test_hours_are_shown_only_with_the_customers_own_figure(
    october: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    client = browser(october.cast.owner)
    page = client.get(reverse("report")).content.decode()
    assert "nobody has said how long" in page
    assert client.post(reverse("report_minutes"), {"minutes_a_week": "12"}).status_code == 302
    page = client.get(reverse("report")).content.decode()
    assert "nobody has said how long" not in page
    assert "0.9\u00a0h" in page  # 31 days of one printer at 12 minutes a week: 53 minutes
    rows = list(csv.DictReader(io.StringIO(client.get(reverse("report_csv")).content.decode())))
    assert [row["hours"] for row in rows if row["figure"] == "hours_saved"] == ["0.9"]
    assert client.post(reverse("report_minutes"), {"minutes_a_week": ""}).status_code == 302
    scoping.enter(Scope.everything())
    assert ReportChoice.objects.get().minutes_a_week is None


def test_the_page_and_the_csv_say_the_same(october: SimpleNamespace, browser: Callable[..., Client]) -> None:
    client = browser(october.cast.owner)
    page = client.get(reverse("report") + "?month=2026-10").content.decode()
    assert "Reception" in page
    assert "$69.98" in page
    answer = client.get(reverse("report_csv") + "?month=2026-10")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    outs = [row for row in rows if row["figure"] == "stock_outs"]
    assert [(row["count"], row["days"], row["item"]) for row in outs] == [
        ("1", "3.0", ""), ("", "3.0", "Reception: black toner"),
    ]  # fmt: skip
    assert [row["amount"] for row in rows if row["figure"] == "premature"] == ["69.98", "69.98"]


def test_a_name_is_never_a_formula_in_the_csv(october: SimpleNamespace, browser: Callable[..., Client]) -> None:
    october.printer.label = "=cmd|'/c calc'!A0"
    october.printer.save()
    text = browser(october.cast.owner).get(reverse("report_csv") + "?month=2026-10").content.decode()
    assert ",'=cmd" in text
    assert ",=cmd" not in text


@pytest.mark.parametrize("month", ["2026-09x", "1999-01", "2027-01", "%00"])
def test_a_month_without_a_report_is_not_found(
    october: SimpleNamespace, browser: Callable[..., Client], month: str
) -> None:
    assert browser(october.cast.owner).get(f"/report/?month={month}").status_code == 404


def test_a_dealer_sees_its_own_customers_and_no_others(
    october: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    cast = october.cast
    page = browser(cast.seller).get("/report/?month=2026-10").content.decode()
    assert "Érable inc." in page
    assert "Bouleau ltée" in page
    assert "Stranger" not in page
    one = browser(cast.seller).get(f"/report/?month=2026-10&customer={cast.erable.pk}").content.decode()
    assert "Reception" in one
    assert browser(cast.rival).get(f"/report/?month=2026-10&customer={cast.erable.pk}").status_code == 404
    assert browser(cast.rival).get(f"/report.csv?month=2026-10&customer={cast.erable.pk}").status_code == 404
