"""From a notification to a confirmed order, and what can go wrong on the way (R12, R18, R19, R25, R26, G10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6 import QtCore, QtWidgets

from econcierge_assistant.desktop.core.notices import Notice
from econcierge_assistant.desktop.core.ordering import State
from econcierge_virtual.portal_api import Portal, Serving

Desk = Any


def open_order(desk: Desk, slot_id: str = "1001") -> None:
    desk.app.show_order(slot_id)
    desk.until(lambda: desk.window.order().flow.state is State.READY)


def confirm(desk: Desk) -> None:
    button = desk.window.order().confirm
    assert button is not None
    desk.bot.mouseClick(button, QtCore.Qt.MouseButton.LeftButton)


def test_two_clicks_from_the_notification_to_the_order(
    make: Callable[..., Desk], serving: Serving, portal: Portal
) -> None:
    portal.printers = 1  # Réception alone: its black toner is low
    told: list[Notice] = []
    desk = make(server=serving.url, show=False)
    desk.app.session.noticed.connect(told.append)
    desk.until(lambda: told and desk.app.session.me)
    assert [need.supply.name for need in told[0].needs] == ["Black toner"]

    desk.app.tray.icon.messageClicked.emit()  # the first click
    desk.until(lambda: desk.app.window and desk.window.order().flow.state is State.READY)
    assert desk.button("Order for 148.32\u00a0$").isEnabled()
    assert desk.says("Order black toner")
    confirm(desk)  # the second
    desk.until(lambda: desk.window.order().flow.state is State.PLACED)

    assert desk.says("Order PP-10482 is placed")
    assert desk.window.focusWidget() is desk.button("Follow this order")
    (body,) = desk.asked("POST", "/api/v1/orders")
    assert body["expected_total_minor"] == 14_832
    assert body["lines"] == [{"slot_id": "1001", "part_number": "106R03500", "quantity": 1}]
    assert len(portal.orders) == 1


def test_a_notification_comes_once_and_for_several_supplies_together(
    make: Callable[..., Desk], serving: Serving
) -> None:
    told: list[Notice] = []
    desk = make(server=serving.url, show=False)
    desk.app.session.noticed.connect(told.append)
    desk.until(lambda: told)
    assert len(told[0].needs) == 3
    looked = len(desk.asked("GET", "/api/v1/printers"))
    desk.app.session.refresh()
    desk.until(lambda: len(desk.asked("GET", "/api/v1/printers")) > looked)
    desk.bot.wait(100)
    assert len(told) == 1
    desk.app.tray.notice_clicked()
    desk.until(lambda: desk.says("Three things need you"))


def test_the_click_on_a_notification_has_a_name_where_the_desktop_shows_one(desk: Desk) -> None:
    """As Qt asks for it when it sends a notification over D-Bus; other words of Qt's stay."""
    named = QtCore.QCoreApplication.translate
    assert named("QDBusTrayIcon", "OK") == "Open"
    assert named("QDialogButtonBox", "OK") == "OK"
    desk.app.session.choose_language("fr", system=[])
    assert named("QDBusTrayIcon", "OK") == "Ouvrir"


def test_both_capacities_stand_side_by_side_and_the_choice_is_priced(desk: Desk) -> None:
    open_order(desk)
    for fact in ("Standard", "High capacity", "129.00\u00a0$", "4.1¢ a page, the cheaper per page",
                 "lasts you about 5 months", "In stock: 12", "arrives Wednesday"):  # fmt: skip
        desk.until(lambda fact=fact: desk.says(fact))
    desk.click("High capacity")
    desk.until(lambda: desk.says("Order for 238.00\u00a0$"))
    desk.click("Express")
    desk.until(lambda: desk.says("Order for 258.69\u00a0$"))
    assert desk.asked("POST", "/api/v1/quotes")[-1]["delivery"] == "express"


def test_a_double_click_is_one_order(desk: Desk) -> None:
    open_order(desk)
    button = desk.window.order().confirm
    desk.bot.mouseDClick(button, QtCore.Qt.MouseButton.LeftButton)
    button.click()
    desk.until(lambda: desk.window.order().flow.state is State.PLACED)
    assert len(desk.asked("POST", "/api/v1/orders")) == 1


def test_an_order_without_an_answer_is_tried_again_under_its_key(desk: Desk) -> None:
    open_order(desk)
    desk.portal.answers["/api/v1/orders"] = (503, {"error": {"text": "Later."}})
    confirm(desk)
    desk.until(lambda: desk.window.order().flow.state is State.UNSURE)
    assert desk.says("Trying again can never order twice.")
    desk.app.show_order("1012")  # another supply has to wait until it is known
    desk.until(lambda: desk.says("Order black toner"))
    del desk.portal.answers["/api/v1/orders"]
    desk.click("Try again")
    desk.until(lambda: desk.window.order().flow.state is State.PLACED)
    first, second = desk.asked("POST", "/api/v1/orders")
    assert first == second
    assert len(desk.portal.orders) == 1


def test_a_changed_price_is_shown_and_agreed_to_anew(desk: Desk) -> None:
    open_order(desk)
    desk.portal.answers["/api/v1/orders"] = (
        409,
        {"error": {"text": "The price has changed.", "code": "price_changed"}},
    )
    confirm(desk)
    desk.until(lambda: desk.says("The total has changed; this is the new one."))
    assert desk.window.order().flow.state is State.READY
    del desk.portal.answers["/api/v1/orders"]
    confirm(desk)
    desk.until(lambda: desk.window.order().flow.state is State.PLACED)


def test_a_refused_order_says_why(desk: Desk) -> None:
    open_order(desk)
    desk.portal.answers["/api/v1/orders"] = (
        422,
        {"error": {"text": "Your credit limit is reached.", "code": "credit"}},
    )
    confirm(desk)
    desk.until(lambda: desk.says("Your credit limit is reached."))
    desk.click("Try again")
    desk.until(lambda: desk.window.order().flow.state is State.READY)


def test_without_an_account_the_portal_takes_the_card(desk: Desk) -> None:
    desk.portal.on_account = False
    desk.app.show_order("1001")
    desk.until(lambda: desk.says("Pay in the portal"))
    assert desk.window.order().confirm is None
    assert desk.says("Your dealer has not agreed to payment on account.")
    desk.click("Pay in the portal")
    assert desk.opened == [f"{desk.portal.base}/order/review/?line=1"]


def test_a_purchase_order_number_is_asked_for_where_it_is_needed(desk: Desk) -> None:
    desk.portal.needs_number = True
    open_order(desk)
    confirm(desk)
    desk.until(lambda: desk.says("enter it above the button"))
    assert not desk.asked("POST", "/api/v1/orders")
    field = desk.window.order().findChild(QtWidgets.QLineEdit, "purchase-order-number")
    desk.bot.keyClicks(field, "PO-7788")
    confirm(desk)
    desk.until(lambda: desk.window.order().flow.state is State.PLACED)
    assert desk.asked("POST", "/api/v1/orders")[0]["purchase_order_number"] == "PO-7788"


def test_the_basket_collects_supplies_for_one_order(desk: Desk) -> None:
    """The platform's basket: what was put in over there is here too, and ordered with it."""
    desk.portal.basket.append({"slot_id": "1002", "part_number": "106R03502", "quantity": 2})
    open_order(desk)
    desk.click("Into the basket")
    desk.until(lambda: desk.says("Basket (2)"))
    assert desk.asked("PUT", "/api/v1/basket/lines") == [{"slot_id": "1001", "part_number": "106R03500", "quantity": 1}]
    desk.click("Basket (2)")
    desk.until(lambda: desk.says("1 × Black toner, Réception"))
    assert desk.says("2 × ")
    desk.click("Order for ")
    desk.until(lambda: desk.window.order().flow.state is State.PLACED)
    assert [line["quantity"] for line in desk.asked("POST", "/api/v1/orders")[0]["lines"]] == [2, 1]
    desk.until(lambda: not desk.says("Basket ("))


def test_one_supply_is_ordered_alone_whatever_is_in_the_basket(desk: Desk) -> None:
    desk.portal.basket.append({"slot_id": "1002", "part_number": "106R03502", "quantity": 2})
    open_order(desk)
    confirm(desk)
    desk.until(lambda: desk.says("Follow this order"))
    assert len(desk.asked("POST", "/api/v1/orders")[0]["lines"]) == 1
    desk.until(lambda: desk.says("Basket (1)"))


def test_what_is_taken_out_of_the_basket_is_not_ordered(desk: Desk) -> None:
    open_order(desk)
    desk.click("Into the basket")
    desk.click("Basket (1)")
    desk.until(lambda: desk.window.order().flow.state is State.READY)
    desk.click("Take out")
    desk.until(lambda: desk.says("Your basket is empty."))
    assert desk.portal.basket == []


def test_what_stays_in_the_basket_says_why_and_the_portal_is_one_click_away(desk: Desk) -> None:
    why = "Ordered yesterday by Claire Gagnon: 1 (order PP-7)."
    desk.portal.basket.append({"slot_id": "1001", "part_number": "106R03500", "quantity": 1, "why_not": why})
    desk.portal.basket.append({"slot_id": "1002", "part_number": "106R03502", "quantity": 1})
    desk.app.session.ask_basket()
    desk.click("Basket (2)")
    desk.until(lambda: desk.says(why))
    assert desk.says("Not in this order")
    desk.click("Pay by card in the portal")
    assert desk.opened == [f"{desk.portal.base}/basket/"]
    desk.click("Order for ")
    desk.until(lambda: desk.window.order().flow.state is State.PLACED)
    assert [line["slot_id"] for line in desk.asked("POST", "/api/v1/orders")[0]["lines"]] == ["1002"]


def test_without_the_platform_nothing_is_put_into_the_basket_and_that_is_said(desk: Desk) -> None:
    open_order(desk)
    refusal = {"error": {"code": "away", "text": "The portal is being updated.", "fields": {}}}
    desk.portal.answers["/api/v1/basket/lines"] = (503, refusal)
    desk.click("Into the basket")
    desk.until(lambda: desk.says("The portal is being updated.") or desk.says("answer"))
    assert not desk.says("Basket (")
    assert desk.window.order().confirm is not None


def test_nothing_that_fits_says_so(desk: Desk) -> None:
    desk.app.show_order("1009")
    desk.until(lambda: desk.says("Ask your dealer: no such supply can be ordered here."))
    assert desk.window.order().confirm is None


def test_an_order_is_followed(desk: Desk) -> None:
    open_order(desk)
    confirm(desk)
    desk.until(lambda: desk.says("Follow this order"))
    desk.click("Follow this order")
    desk.until(lambda: desk.says("Placed by Tom Wilson"))
    desk.click("All orders")
    desk.until(lambda: desk.says("PP-10391"))
    desk.click("PP-10391")
    desk.until(lambda: desk.says("Purolator, parcel 520127751300"))
    desk.click("Purolator")
    assert desk.opened == ["https://purolator.example/520127751300"]
