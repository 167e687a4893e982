"""The first page names what is there already once, beside what it is for where somebody has to act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from econcierge.alerts.models import Episode
from econcierge.catalogue.models import Part
from econcierge.orders.models import Order, OrderLine

pytestmark = pytest.mark.django_db


def order(cast: Any, office: SimpleNamespace, *, at: datetime, **line: Any) -> None:
    placed = Order.objects.create(
        customer=cast.erable, dealer=cast.dealer, site=office.printer.site, number=f"C-{uuid4().hex[:6]}",
        submission_key=uuid4(), placed_at=at, state=line["state"], ship_to={}, ships_by_at=at,
        expected_on=(at + timedelta(days=3)).date(), goods_minor=1, total_minor=1,
    )  # fmt: skip
    OrderLine.objects.create(
        customer=cast.erable, order=placed, position=1, part=Part.objects.get(part_number="106R03524"),
        printer=office.printer, quantity=1, unit_price_minor=1, eligible=True, **line,
    )  # fmt: skip


def delivered(on: datetime) -> dict[str, Any]:
    return {"state": "delivered", "quantity_shipped": 1, "quantity_delivered": 1, "delivered_on": on.date()}


def home(browser: Callable[..., Client], cast: Any) -> str:
    return browser(cast.owner, "en-ca").get("/").content.decode()


def test_what_was_delivered_long_ago_is_said_with_what_it_is_for_and_nowhere_else(
    office: SimpleNamespace, cast: Any, browser: Callable[..., Client], now: datetime
) -> None:
    Episode.objects.update(threshold="almost_empty", opened_at=now - timedelta(days=15))
    order(cast, office, at=now - timedelta(days=30), **delivered(now - timedelta(days=20)))
    html = home(browser, cast)
    assert "One was delivered November\u00a03 and is not put in yet." in html
    assert "Delivered and not put in yet:" not in html


def test_an_order_that_is_overdue_is_said_beside_the_button(
    office: SimpleNamespace, cast: Any, browser: Callable[..., Client], now: datetime
) -> None:
    order(cast, office, at=now - timedelta(days=20), state="shipped")
    html = home(browser, cast)
    assert "One was expected November\u00a06 and has not come." in html
    assert "(Reception)" not in html


def test_two_deliveries_for_one_place_are_named_once(
    office: SimpleNamespace, cast: Any, browser: Callable[..., Client], now: datetime
) -> None:
    for days in (2, 1):
        order(cast, office, at=now - timedelta(days=5), **delivered(now - timedelta(days=days)))
    html = home(browser, cast)
    assert html.count('id="h1"') == 1
    assert 'id="h2"' not in html
