"""The main window: a bar of sections, what is the matter, and one page at a time. Built when it is first opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import Qt

from econcierge_assistant.desktop.core import standing as standings
from econcierge_assistant.desktop.core.texts import gettext as _
from econcierge_assistant.desktop.ui import icons, parts
from econcierge_assistant.desktop.ui.order_page import OrderPage
from econcierge_assistant.desktop.ui.orders_page import OrderDetails, OrdersPage
from econcierge_assistant.desktop.ui.printer_page import PrinterDetails
from econcierge_assistant.desktop.ui.printers_page import PrintersPage
from econcierge_assistant.desktop.ui.session import Session
from econcierge_assistant.desktop.ui.settings_page import SettingsPage
from econcierge_assistant.desktop.ui.sign_in_page import SignInPage

SIZE = QtCore.QSize(960, 700)
Page = TypeVar("Page", bound=QtWidgets.QWidget)


class Window(QtWidgets.QMainWindow):
    language_chosen = QtCore.Signal(str)

    def __init__(self, *, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setWindowIcon(icons.application_icon())
        self.setMinimumSize(720, 480)
        self.resize(SIZE)
        self._stack = QtWidgets.QStackedWidget()
        self._pages: dict[str, QtWidgets.QWidget] = {}
        self._tabs: dict[str, QtWidgets.QPushButton] = {}
        self._banner = parts.label("", "banner")
        self._centre = QtWidgets.QWidget()
        self._rows = QtWidgets.QVBoxLayout(self._centre)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._bar = self._make_bar()
        self._rows.addWidget(self._bar)
        self._rows.addWidget(self._banner)
        self._rows.addWidget(self._stack, 1)
        self.setCentralWidget(self._centre)
        self._shortcuts()
        session.fleet_changed.connect(self._fleet_changed)
        session.me_changed.connect(self._me_changed)
        session.standing_changed.connect(self._standing_changed)
        self.show_start()
        if "printers" in self._pages:
            self.printers().list.setFocus()

    # Pages, each made when it is first shown

    def printers(self) -> PrintersPage:
        def made() -> PrintersPage:
            page = PrintersPage(session=self._session, parent=self)
            page.printer_chosen.connect(self.show_printer)
            page.order_wanted.connect(self._order_wanted)
            return page

        return self._once("printers", PrintersPage, made)

    def printer(self) -> PrinterDetails:
        def made() -> PrinterDetails:
            page = PrinterDetails(session=self._session, parent=self)
            page.back_wanted.connect(self.show_printers)
            page.order_wanted.connect(self._order_wanted)
            page.order_chosen.connect(self.show_order_status)
            return page

        return self._once("printer", PrinterDetails, made)

    def order(self) -> OrderPage:
        def made() -> OrderPage:
            page = OrderPage(session=self._session, parent=self)
            page.back_wanted.connect(self.show_printers)
            page.order_chosen.connect(self.show_order_status)
            page.basket_changed.connect(self._name_tabs)
            return page

        return self._once("order", OrderPage, made)

    def orders(self) -> OrdersPage:
        def made() -> OrdersPage:
            page = OrdersPage(session=self._session, parent=self)
            page.order_chosen.connect(self.show_order_status)
            return page

        return self._once("orders", OrdersPage, made)

    def order_status(self) -> OrderDetails:
        def made() -> OrderDetails:
            page = OrderDetails(session=self._session, parent=self)
            page.back_wanted.connect(self.show_orders)
            return page

        return self._once("order_status", OrderDetails, made)

    def settings(self) -> SettingsPage:
        def made() -> SettingsPage:
            page = SettingsPage(session=self._session, parent=self)
            page.language_chosen.connect(self.language_chosen)
            page.sign_in_wanted.connect(self.show_sign_in)
            return page

        return self._once("settings", SettingsPage, made)

    def sign_in(self) -> SignInPage:
        def made() -> SignInPage:
            page = SignInPage(session=self._session, parent=self)
            page.done.connect(self.show_printers)
            return page

        return self._once("sign_in", SignInPage, made)

    def _once(self, name: str, kind: type[Page], made: Callable[[], Page]) -> Page:
        found = self._pages.get(name)
        if isinstance(found, kind):
            return found
        page = made()
        self._pages[name] = page
        self._stack.addWidget(page)
        return page

    def show_start(self) -> None:
        """The printers, or signing in on the first day."""
        if self._session.kept.server or self._session.standing.signed_in or self._session.fleet.printers:
            self.show_printers()
        else:
            self.show_sign_in()

    def show_printers(self) -> None:
        self.printers().show_fleet()
        self._turn_to("printers", "printers")

    def show_printer(self, key: str) -> None:
        self.printer().open(key)
        self._turn_to("printer", "printers")

    def show_order(self, slot_id: str) -> None:
        self.order().open(slot_id)
        self._turn_to("order", "printers" if slot_id else "basket")

    def show_orders(self) -> None:
        self.orders().open()
        self._turn_to("orders", "orders")

    def show_order_status(self, order_id: str) -> None:
        self.order_status().open(order_id)
        self._turn_to("order_status", "orders")

    def show_settings(self) -> None:
        self.settings().open()
        self._turn_to("settings", "settings")

    def show_sign_in(self) -> None:
        self.sign_in().show_again()
        self._turn_to("sign_in", "")

    def showEvent(self, event: QtGui.QShowEvent) -> None:  # noqa: N802  (Qt's name)
        self._session.watch(True)
        super().showEvent(event)

    def hideEvent(self, event: QtGui.QHideEvent) -> None:  # noqa: N802  (Qt's name)
        self._session.watch(False)
        super().hideEvent(event)

    def raise_window(self) -> None:
        """In front of the others, as far as the system allows it."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def built_anew(self) -> None:
        """In another language: pages are made again when they are shown."""
        shown = self._stack.currentWidget()
        name = next((each for each, page in self._pages.items() if page is shown), "printers")
        for each in [key for key in self._pages if key not in {"order", "sign_in", "printer"}]:
            page = self._pages.pop(each)
            self._stack.removeWidget(page)
            page.deleteLater()
        self._name_tabs()
        self._standing_changed()
        {"orders": self.show_orders, "order_status": self.show_orders, "settings": self.show_settings}.get(
            name, self.show_printers
        )()

    # The bar

    def _make_bar(self) -> QtWidgets.QWidget:
        bar = QtWidgets.QWidget()
        bar.setObjectName("bar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QtWidgets.QHBoxLayout(bar)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(16)
        self._dealer = parts.label("", "strong", wrap=False)
        row.addWidget(self._dealer)
        sections: list[tuple[str, Callable[[], None]]] = [
            ("printers", self.show_printers),
            ("orders", self.show_orders),
            ("basket", lambda: self.show_order("")),
            ("settings", self.show_settings),
        ]
        for name, shown in sections:
            tab = parts.button("", shown, "tab")
            tab.setCheckable(True)
            tab.setAutoDefault(False)
            self._tabs[name] = tab
            row.addWidget(tab)
        row.addStretch(1)
        self._person = parts.label("", "quiet", wrap=False)
        row.addWidget(self._person)
        self._name_tabs()
        return bar

    def _name_tabs(self) -> None:
        self.setWindowTitle(_("Supplies Assistant"))
        order = self._pages.get("order")
        inside = len(order.basket) if isinstance(order, OrderPage) else 0
        names = {"printers": _("Printers"), "orders": _("Orders"), "settings": _("Settings")}
        names["basket"] = _("Basket (%(n)s)") % {"n": inside}
        for name, tab in self._tabs.items():
            tab.setText(names[name])
        self._tabs["basket"].setVisible(inside > 0)
        self._me_changed()

    def _shortcuts(self) -> None:
        keys: list[tuple[QtGui.QKeySequence | QtGui.QKeySequence.StandardKey | Qt.Key, Callable[[], object]]] = [
            (Qt.Key.Key_Escape, self._back),
            (QtGui.QKeySequence.StandardKey.Refresh, self._session.refresh),
            (QtGui.QKeySequence.StandardKey.Find, self._find),
            (QtGui.QKeySequence.StandardKey.Close, self.close),
        ]
        for key, act in keys:
            QtGui.QShortcut(QtGui.QKeySequence(key), self).activated.connect(act)

    def _back(self) -> None:
        shown = self._stack.currentWidget()
        if shown is self._pages.get("order_status"):
            self.show_orders()
        elif shown is not self._pages.get("sign_in"):
            self.show_printers()

    def _find(self) -> None:
        self.show_printers()
        self.printers().search.setFocus()

    def _turn_to(self, name: str, tab: str) -> None:
        self._stack.setCurrentWidget(self._pages[name])
        for each, button in self._tabs.items():
            button.setChecked(each == tab)

    def _order_wanted(self, _printer: str, slot_id: str) -> None:
        self.show_order(slot_id)

    # What the session says

    def _fleet_changed(self) -> None:
        shown = self._stack.currentWidget()
        if isinstance(shown, PrintersPage):
            shown.show_fleet()
        elif isinstance(shown, PrinterDetails):
            shown.show_again()
        elif isinstance(shown, OrderDetails):
            shown.look_again()

    def _me_changed(self) -> None:
        me = self._session.me
        self._dealer.setText(me.dealer.name if me and me.dealer.name else _("Supplies Assistant"))
        self._person.setText(me.name if me else "")

    def _standing_changed(self) -> None:
        said = standings.banner(self._session.standing, now=self._session.now())
        self._banner.setText(said)
        self._banner.setVisible(bool(said))
        shown = self._stack.currentWidget()
        if isinstance(shown, PrintersPage):
            shown.show_fleet()
        elif isinstance(shown, SettingsPage):
            shown.show_again()
