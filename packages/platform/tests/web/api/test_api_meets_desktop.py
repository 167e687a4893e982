"""The desktop application's own reader takes what the API answers, to the last field."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from econcierge_assistant.desktop.core import parsing, problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(cast: SimpleNamespace, office: SimpleNamespace, programme: Callable[..., Any]) -> Any:
    return programme(cast.colleague)


def test_who_and_which_printers(buyer: Any, office: SimpleNamespace) -> None:
    me = parsing.me(buyer.get("/me").json())
    assert (me.customer, me.dealer.name, me.may_order) == ("Érable inc.", "Papeterie du Port", True)
    fleet = parsing.fleet(buyer.get("/printers").json())
    assert {printer.name for printer in fleet.printers} == {"Reception", "Archives"}
    assert fleet.server_time is not None
    reception = next(printer for printer in fleet.printers if printer.name == "Reception")
    assert (reception.worst, reception.age, len(reception.supplies)) == ("low", "current", 5)
    black = reception.supplies[0]
    assert (black.percent, black.word, black.may_be_ordered, black.low_percent) == (12.0, "low", True, 30.0)
    assert black.read_at == reception.last_read_at


def test_a_printers_page(buyer: Any, office: SimpleNamespace) -> None:
    page = parsing.printer_page(buyer.get(f"/printers/{office.other.pk}").json())
    assert page.printer.supplies[0].coming is not None
    assert page.printer.supplies[0].coming.order_id == str(office.order.pk)
    assert page.coverage is not None
    assert (page.coverage.required, bool(page.coverage.reasons), bool(page.coverage.story)) == (2, True, True)
    assert [order.number for order in page.orders] == [office.order.number]
    assert parsing.printer_page(buyer.get(f"/printers/{office.printer.pk}").json()).repairs[0].opened_at is not None


def test_from_choices_to_an_order(buyer: Any, office: SimpleNamespace) -> None:
    choices = parsing.choices(buyer.get(f"/slots/{office.slot.pk}/choices").json())
    best = next(option for option in choices.options if option.is_recommended)
    assert (best.part_number, best.in_stock, best.price and best.price.amount_minor) == ("106R03524", True, 27995)
    wanted = {"lines": [{"slot_id": office.slot.pk, "part_number": best.part_number, "quantity": 1}]}
    quote = parsing.quote(buyer.post("/quotes", wanted).json())
    assert (len(quote.lines), len(quote.deliveries), len(quote.taxes), quote.payment.on_account) == (1, 2, 2, True)
    assert quote.checkout_url.startswith("http")
    placed = buyer.post(
        "/orders", wanted | {"submission_key": str(uuid4()), "expected_total_minor": quote.total.amount_minor}
    )
    order = parsing.order(placed.json())
    assert (order.total, len(order.lines), order.timeline[0].done) == (quote.total, 1, True)
    listed, next_url = parsing.orders(buyer.get("/orders").json())
    assert ([one.number for one in listed], next_url) == ([order.number, office.order.number], "")
    assert listed[0] == order


def test_a_basket(buyer: Any, office: SimpleNamespace) -> None:
    wanted = {"slot_id": office.slot.pk, "part_number": "106R03524", "quantity": 2}
    basket = parsing.basket(buyer.put("/basket/lines", wanted).json())
    (line,) = basket.lines
    assert (line.slot_id, line.quantity, line.printer, line.site) == (str(office.slot.pk), 2, "Reception", "Main")
    assert basket.portal_url.endswith("/basket/")
    assert parsing.basket(buyer.delete(f"/basket/lines/{line.line_id}").json()).lines == ()


def test_a_failure_is_told_in_the_platforms_words(buyer: Any, office: SimpleNamespace) -> None:
    wanted = {"lines": [{"slot_id": office.slot.pk, "part_number": "106R03524", "quantity": 1}]}
    answer = buyer.post("/orders", wanted | {"submission_key": str(uuid4()), "expected_total_minor": 1})
    problem = problems.of_status(answer.status_code, answer.json(), server="https://portal.test")
    assert answer.json()["error"]["text"] in str(problem)
