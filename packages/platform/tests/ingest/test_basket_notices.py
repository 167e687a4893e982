"""A supply in somebody's basket: the notice says so, in both languages; a basket holds nothing back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from econcierge.catalogue.models import Part
from econcierge.fleet.models import Printer
from econcierge.journeys import report_reading
from econcierge.notifications import mail
from econcierge.notifications.models import Delivery
from econcierge.notifications.types import Mail
from econcierge.orders.models import BasketLine
from econcierge_printers.wire import Report

pytestmark = pytest.mark.django_db
Reads = Callable[[float, datetime], None]


@pytest.fixture
def reads(paired: SimpleNamespace, make: SimpleNamespace, clock_at: Callable[[datetime], None]) -> Reads:
    """The printer's black toner, read at a moment."""

    def read(percent: float, at: datetime) -> None:
        clock_at(at)
        report = Report(message_id=uuid4(), sent_at=at, readings=(make.reading(make.supply(percent), at=at),))
        report_reading.report(assistant=paired.assistant, report=report, now=at)

    return read


def put(cast: Any, *, by: Any, at: datetime) -> BasketLine:
    part, _new = Part.objects.get_or_create(
        part_number="106R03512", defaults={"kind": "toner", "colour": "black", "sold": "retail", "regions": ["NA"]}
    )
    return BasketLine.objects.create(
        customer=cast.erable, user=by.user, printer=Printer.objects.get(), part=part, quantity=1, put_at=at,
        seen_price_minor=1,
    )  # fmt: skip


def told(person: Any, *, language: str = "en-ca") -> list[Mail]:
    found = Delivery.objects.filter(user=person.user).order_by("id")
    found.update(language=language)
    return [mail.render(delivery=one, sender=None, customer="Érable inc.") for one in found]


def test_both_mails_come_and_say_whose_basket_it_is_in(cast: Any, reads: Reads, now: datetime) -> None:
    reads(60.0, now)
    put(cast, by=cast.colleague, at=now)
    reads(19.0, now + timedelta(hours=1))
    reads(4.0, now + timedelta(days=1))
    low, almost_empty = told(cast.owner)
    said = "It has been in the basket of Colleague since November\u00a023, 2026, not ordered yet."
    assert said in low.text
    assert said in almost_empty.text
    assert "Open your basket" not in low.text
    assert "Order:" in low.text
    french = told(cast.owner, language="fr-ca")[0].text
    assert "Au panier (Colleague) depuis le 23\u00a0novembre\u00a02026, pas encore de commande." in french


def test_its_own_person_gets_the_basket_as_the_button(cast: Any, reads: Reads, now: datetime) -> None:
    reads(60.0, now)
    put(cast, by=cast.colleague, at=now)
    reads(19.0, now + timedelta(hours=1))
    (low,) = told(cast.colleague)
    assert "/basket/" in low.html
    assert "Open your basket" in low.html
    assert "Ouvrir votre panier" in told(cast.colleague, language="fr-ca")[0].html


def test_a_forgotten_basket_no_longer_counts(cast: Any, reads: Reads, now: datetime) -> None:
    """Put in on a Monday; on Thursday only what was is said, and the button orders."""
    reads(60.0, now)
    put(cast, by=cast.colleague, at=now)
    reads(19.0, now + timedelta(days=3))
    (low,) = told(cast.colleague)
    assert "Colleague put it into a basket on November\u00a023, 2026 and did not order it." in low.text
    assert "/basket/" not in low.html


def test_one_that_has_lain_there_for_a_month_is_not_worth_a_sentence(cast: Any, reads: Reads, now: datetime) -> None:
    reads(60.0, now)
    put(cast, by=cast.colleague, at=now - timedelta(days=28))
    reads(19.0, now + timedelta(days=3))
    (low,) = told(cast.owner)
    assert "basket" not in low.text


def test_the_basket_of_who_has_left_is_not_spoken_of(cast: Any, reads: Reads, now: datetime) -> None:
    reads(60.0, now)
    put(cast, by=cast.colleague, at=now)
    cast.colleague.user.is_active = False
    cast.colleague.user.save()
    reads(19.0, now + timedelta(hours=1))
    assert "basket" not in told(cast.owner)[0].text
