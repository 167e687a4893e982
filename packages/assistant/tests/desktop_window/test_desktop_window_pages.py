"""What the window shows, by mouse, by keyboard and for who does not see it, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6 import QtCore, QtGui, QtTest, QtWidgets

from econcierge_assistant.desktop.core import palette
from econcierge_assistant.desktop.core.types import Age, Supply, Worst
from econcierge_assistant.desktop.ui import icons, painting, single
from econcierge_assistant.desktop.ui.printers_list import PrintersModel
from econcierge_virtual.portal_api import Portal, Serving

Desk = Any


def names(desk: Desk) -> list[str]:
    model = desk.window.printers().list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_the_first_page_says_what_needs_you_and_lists_the_worst_first(desk: Desk) -> None:
    assert desk.says("Black toner is almost empty (4\u00a0%), runs out November 27 to 29.")
    assert desk.says("16 printers are fine")
    assert desk.says("Last looked 6 minutes ago.")
    assert names(desk)[:4] == ["Comptabilité", "Réception", "Juridique", "Archives"]


def test_a_healthy_fleet_is_one_calm_sentence(make: Callable[..., Desk], serving: Serving, portal: Portal) -> None:
    healthy = [printer for printer in portal.fleet("en") if printer["worst"] == "fine"]
    portal.answers["/api/v1/printers"] = (200, {"items": healthy, "next": None, "looked_at": None})
    desk = make(server=serving.url)
    desk.until(lambda: desk.says("16 printers are fine"))
    assert desk.says("Nothing needs you")


def test_many_printers_come_page_by_page_and_are_found(
    make: Callable[..., Desk], serving: Serving, portal: Portal
) -> None:
    portal.printers = 300
    desk = make(server=serving.url)
    desk.until(lambda: len(desk.app.session.fleet.printers) == 300)
    search = desk.window.printers().search
    desk.bot.keyClicks(search, "ingenierie")
    desk.until(lambda: len(names(desk)) == 15)
    assert all(name.startswith("Ingénierie") for name in names(desk))
    search.clear()
    desk.bot.keyClicks(search, "nothing like this")
    desk.until(lambda: desk.says("No printer fits “nothing like this”."))


def test_the_keyboard_is_enough(desk: Desk) -> None:
    page = desk.window.printers()
    desk.window.activateWindow()
    QtTest.QTest.keyClick(desk.window, QtCore.Qt.Key.Key_F, QtCore.Qt.KeyboardModifier.ControlModifier)
    desk.until(page.search.hasFocus)
    desk.bot.keyClicks(page.search, "atelier")
    desk.until(lambda: names(desk) == ["Atelier"])
    desk.bot.keyClick(page.search, QtCore.Qt.Key.Key_Tab)
    assert page.list.hasFocus()
    page.list.setCurrentIndex(page.list.model().index(0, 0))
    desk.bot.keyClick(page.list, QtCore.Qt.Key.Key_Return)
    desk.until(lambda: desk.says("Phaser 6510"))
    QtTest.QTest.keyClick(desk.window, QtCore.Qt.Key.Key_Escape)
    desk.until(lambda: page.isVisible())


def test_a_printers_page_has_its_supplies_story_orders_and_repairs(desk: Desk) -> None:
    desk.window.show_printer("100")
    desk.until(lambda: desk.says("1 of 2 supplies ordered"))
    for text in ("serial number 3VK481200", "low, runs out December 1 to 6", "76,064 pages printed in all",
                 "Order one more eligible supply here", "Enrolled in the programme", "PP-10391", "R-1987",
                 "Order black toner"):  # fmt: skip
        assert desk.says(text), (text, desk.texts())
    desk.click("Show as a table")
    desk.until(lambda: desk.window.printer().findChild(QtWidgets.QTableWidget))
    table = desk.window.printer().findChild(QtWidgets.QTableWidget)
    assert [table.item(0, column).text() for column in range(3)] == ["November\u00a023", "9\u00a0%", "56\u00a0%"]
    desk.click("Read this printer now")
    desk.until(lambda: desk.says("The printer will be read within a minute."))


def test_a_repair_is_asked_for_from_the_printers_page(desk: Desk) -> None:
    desk.window.show_printer("100")
    desk.until(lambda: desk.says("Ask for a repair"))
    desk.click("Ask for a repair")
    dialog = desk.window.findChild(QtWidgets.QDialog)
    send = next(each for each in dialog.findChildren(QtWidgets.QPushButton) if each.text() == "Send the request")
    desk.bot.mouseClick(send, QtCore.Qt.MouseButton.LeftButton)
    assert not desk.asked("POST", "/api/v1/printers/100/repair-requests")
    desk.bot.keyClicks(dialog.text, "Paper jams in tray 2")
    desk.bot.keyClicks(dialog.phone, "514 555-0199")
    desk.bot.mouseClick(send, QtCore.Qt.MouseButton.LeftButton)
    desk.until(lambda: desk.says("Repair request R-2041: asked for."))
    (body,) = desk.asked("POST", "/api/v1/printers/100/repair-requests")
    assert (body["text"], body["contact"], body["phone"]) == ("Paper jams in tray 2", "Tom Wilson", "514 555-0199")
    assert len(body["submission_key"]) == 36


def test_the_language_can_be_changed_and_is_remembered(desk: Desk) -> None:
    desk.click("Settings")
    box = desk.window.settings().findChild(QtWidgets.QComboBox)
    box.setCurrentIndex(box.findData("fr"))
    box.activated.emit(box.currentIndex())
    desk.until(lambda: desk.says("Paramètres"))
    desk.click("Imprimantes")
    desk.until(lambda: desk.says("Toner noir presque épuisé (4\u00a0%), s’épuisera du 27 au 29\u00a0novembre."))
    assert desk.says("Commander le toner noir")
    assert desk.portal.asked[-1].language == "fr"
    assert '"language": "fr"' in (desk.data / "desktop.json").read_text()
    desk.app.tray.fill_menu()
    assert "Quitter" in [action.text() for action in desk.app.tray.menu.actions()]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_everything_that_takes_the_keyboard_has_a_name(
    make: Callable[..., Desk], serving: Serving, language: str
) -> None:
    desk = make(server=serving.url, language=language)
    desk.until(lambda: desk.app.session.fleet.printers and desk.app.session.me)
    window = desk.window
    for show in (window.show_printers, lambda: window.show_printer("100"), lambda: window.show_order("1001"),
                 window.show_orders, window.show_settings, window.show_sign_in):  # fmt: skip
        show()
        desk.bot.wait(60)
        for widget in window.findChildren(QtWidgets.QWidget):
            if widget.isVisible() and widget.focusPolicy() & QtCore.Qt.FocusPolicy.TabFocus:
                found = QtGui.QAccessible.queryAccessibleInterface(widget)
                inner = isinstance(widget.parent(), QtWidgets.QAbstractItemView | QtWidgets.QComboBox)
                assert inner or found.text(QtGui.QAccessible.Text.Name), widget


def test_a_row_says_all_of_it_to_a_screen_reader(desk: Desk) -> None:
    model = desk.window.printers().list.model()
    said = model.index(1, 0).data(QtCore.Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Réception, 2nd floor, reception, Xerox VersaLink C405. Black toner: 9\u00a0%, low")
    assert "Magenta toner: 38\u00a0%" in said


def test_the_menu_is_made_when_it_is_shown(desk: Desk) -> None:
    menu = desk.app.tray.menu
    texts = [action.text() for action in menu.actions()]
    assert texts[0] == "Three things need you"
    assert texts[1].startswith("Comptabilité: Black toner is almost empty (4\u00a0%)")
    assert "Archives: Last answered 3 days ago" in texts
    menu.actions()[2].trigger()
    desk.until(lambda: desk.says("Order for 148.32\u00a0$"))
    assert desk.app.tray.icon.toolTip() == "3 supplies to order"


def test_each_state_of_the_icon_has_its_own_shape(qtbot: Any) -> None:
    """Told apart in grey as well: each differs from each in many points."""
    grey = {
        state: icons.tray_icon(state).pixmap(32, 32).toImage().convertToFormat(QtGui.QImage.Format.Format_Grayscale8)
        for state in Worst
    }
    for one in Worst:
        for other in Worst:
            different = sum(
                abs(grey[one].pixelColor(x, y).lightness() - grey[other].pixelColor(x, y).lightness()) > 60
                for x in range(32)
                for y in range(32)
            )
            assert (different >= 12) == (one is not other), (one, other)


def painted(**facts: Any) -> QtGui.QImage:
    image = QtGui.QImage(200, 14, QtGui.QImage.Format.Format_RGB32)
    image.fill(QtGui.QColor(palette.LIGHT.paper))
    supply = Supply(**{"slot_id": "1", "index": "1", "kind": "toner", "colour": "black", "name": "", **facts})
    painter = QtGui.QPainter(image)
    painting.paint_bar(painter, QtCore.QRectF(0, 3, 200, 8), supply, palette.LIGHT)
    painter.end()
    return image


def test_the_bar_is_as_long_as_the_level_with_a_tick_at_low(qtbot: Any) -> None:
    image = painted(percent=60.0, low_percent=20.0, state="measured")
    ink = QtGui.QColor(palette.LIGHT.black)
    assert image.pixelColor(119, 7) == ink
    assert image.pixelColor(121, 7) != ink
    assert image.pixelColor(40, 1) == QtGui.QColor(palette.LIGHT.quiet)
    assert painted(percent=60.0, state="measured").pixelColor(40, 1) == QtGui.QColor(palette.LIGHT.paper)


def test_a_coarse_gauge_is_paler_over_its_step_and_an_old_reading_is_hatched(qtbot: Any) -> None:
    coarse = painted(percent=75.0, gauge_step=25.0, state="measured")
    assert coarse.pixelColor(50, 7) == QtGui.QColor(palette.LIGHT.black)
    assert 60 < coarse.pixelColor(130, 7).lightness() < 230
    old = painted(percent=75.0, state="measured", age=Age.STALE)
    row = [old.pixelColor(x, 7).lightness() for x in range(12, 60)]
    assert max(row) > 230
    assert min(row) < 60


def test_without_a_number_there_is_an_outline_and_nothing_filled(qtbot: Any) -> None:
    image = painted(percent=None, state="some_remaining")
    assert all(image.pixelColor(x, 7) == QtGui.QColor(palette.LIGHT.paper) for x in range(2, 198))
    assert any(image.pixelColor(x, 3) != QtGui.QColor(palette.LIGHT.paper) for x in range(2, 198))


def test_dark_colours_are_painted_with_the_dark_palette(make: Callable[..., Desk], serving: Serving) -> None:
    desk = make(server=serving.url, scheme="dark")
    desk.until(lambda: desk.says("Three things need you"))
    image = desk.window.grab().toImage()
    assert image.pixelColor(4, image.height() - 4) == QtGui.QColor(palette.DARK.paper)


def test_a_second_start_shows_the_first_ones_window(qtbot: Any, tmp_path: Any) -> None:
    owner = QtCore.QObject()
    name = single.name_for(str(tmp_path))
    first = single.Single(name=name, parent=owner)
    assert first.is_first(show=True)
    with qtbot.waitSignal(first.shown_wanted, timeout=5000):
        assert not single.Single(name=name, parent=owner).is_first(show=True)
    first.close()
    again = single.Single(name=name, parent=owner)
    assert again.is_first(show=True)
    again.close()


def test_a_socket_that_a_crash_left_is_taken_over(qtbot: Any, tmp_path: Any) -> None:
    import socket

    owner = QtCore.QObject()
    place = str(tmp_path / "left")
    left = socket.socket(socket.AF_UNIX)
    left.bind(place)
    left.close()
    found = single.Single(name=place, parent=owner)
    assert found.is_first(show=True)
    assert not single.Single(name=place, parent=owner).is_first(show=False)
    found.close()


def test_the_model_keeps_its_rows_when_only_levels_change(desk: Desk) -> None:
    model = desk.window.printers().list.model()
    assert isinstance(model, PrintersModel)
    desk.window.printers().list.setCurrentIndex(model.index(2, 0))
    looked = len(desk.asked("GET", "/api/v1/printers"))
    desk.app.session.refresh()
    desk.until(lambda: len(desk.asked("GET", "/api/v1/printers")) > looked)
    desk.bot.wait(50)
    assert desk.window.printers().list.currentIndex().row() == 2
    assert model.row_of("100") == 1


def test_the_keyboards_place_stays_where_it_is_when_levels_come_anew(desk: Desk) -> None:
    desk.window.activateWindow()
    for show, text in (
        (desk.window.show_printers, "Order black toner"),
        (lambda: desk.window.show_printer("100"), "Ask for a repair"),
    ):
        show()
        desk.until(lambda text=text: desk.says(text))
        desk.bot.wait(100)
        button = desk.button(text)
        button.setFocus()
        looked = len(desk.asked("GET", "/api/v1/printers"))
        desk.app.session.refresh()
        desk.until(lambda looked=looked: len(desk.asked("GET", "/api/v1/printers")) > looked)
        desk.until(lambda: not desk.app.session.asking)
        assert desk.button(text) is button
        assert button.hasFocus()


def test_a_page_that_is_built_anew_gives_the_keyboard_back(desk: Desk) -> None:
    desk.window.activateWindow()
    desk.window.show_printer("100")
    desk.until(lambda: desk.says("Ask for a repair"))
    desk.bot.wait(100)
    button = desk.button("Ask for a repair")
    button.setFocus()
    desk.window.printer().show_again()
    desk.until(lambda: desk.button("Ask for a repair") is not button)
    assert desk.button("Ask for a repair").hasFocus()
