"""The main window: a bar of sections, what is the matter, and one page at a time.

Built when it is first opened, and each page with its code when it is first shown: most days nobody opens anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import Qt

from econcierge_assistant.desktop.core import standing as standings
from econcierge_assistant.desktop.core.texts import gettext as _
from econcierge_assistant.desktop.os import lean
from econcierge_assistant.desktop.ui import icons, parts, style
from econcierge_assistant.desktop.ui.session import Session

if TYPE_CHECKING:
    from econcierge_assistant.desktop.ui.order_page import OrderPage
    from econcierge_assistant.desktop.ui.orders_page import OrderDetails, OrdersPage
    from econcierge_assistant.desktop.ui.printer_page import PrinterDetails
    from econcierge_assistant.desktop.ui.printers_page import PrintersPage
    from econcierge_assistant.desktop.ui.settings_page import SettingsPage
    from econcierge_assistant.desktop.ui.sign_in_page import SignInPage

SIZE = QtCore.QSize(920, 660)
Page = TypeVar("Page", bound=parts.Page | parts.Column)


class Window(QtWidgets.QMainWindow):
    language_chosen = QtCore.Signal(str)

    def __init__(self, *, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setWindowIcon(icons.application_icon())
        self.setMinimumSize(720, 480)
        self.resize(SIZE)
        self._stack = QtWidgets.QStackedWidget()
        self._pages: dict[str, parts.Page | parts.Column] = {}
        self._tabs: dict[str, QtWidgets.QPushButton] = {}
        self.banner = parts.label("")
        self._sign_in = parts.button("", self.show_sign_in, "link")
        self._banner_row = self._make_banner()
        self._centre = QtWidgets.QWidget()
        self._rows = QtWidgets.QVBoxLayout(self._centre)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._bar = self._make_bar()
        self._rows.addWidget(self._bar)
        self._under_bar, self._under_banner = parts.line(), parts.line()
        self._rows.addWidget(self._under_bar)
        self._rows.addWidget(self._banner_row)
        self._rows.addWidget(self._under_banner)
        self._rows.addWidget(self._stack, 1)
        self.setCentralWidget(self._centre)
        self._paint_bar()
        self._shortcuts()
        session.fleet_changed.connect(self._fleet_changed)
        session.me_changed.connect(self._me_changed)
        session.me_changed.connect(self._standing_changed)  # what may be done depends on who one is
        session.standing_changed.connect(self._standing_changed)
        session.basket_changed.connect(self._name_tabs)
        self.show_start()
        if "printers" in self._pages:
            self.printers().list.setFocus()

    # Pages, each made when it is first shown

    def printers(self) -> PrintersPage:
        from econcierge_assistant.desktop.ui import printers_page

        def made() -> printers_page.PrintersPage:
            page = printers_page.PrintersPage(session=self._session, parent=self)
            page.printer_chosen.connect(self.show_printer)
            page.order_wanted.connect(self._order_wanted)
            return page

        return self._once("printers", printers_page.PrintersPage, made)

    def printer(self) -> PrinterDetails:
        from econcierge_assistant.desktop.ui import printer_page

        def made() -> printer_page.PrinterDetails:
            page = printer_page.PrinterDetails(session=self._session, parent=self)
            page.back_wanted.connect(self.show_printers)
            page.order_wanted.connect(self._order_wanted)
            page.order_chosen.connect(self.show_order_status)
            return page

        return self._once("printer", printer_page.PrinterDetails, made)

    def order(self) -> OrderPage:
        from econcierge_assistant.desktop.ui import order_page

        def made() -> order_page.OrderPage:
            page = order_page.OrderPage(session=self._session, parent=self)
            page.back_wanted.connect(self.show_printers)
            page.order_chosen.connect(self.show_order_status)
            return page

        return self._once("order", order_page.OrderPage, made)

    def orders(self) -> OrdersPage:
        from econcierge_assistant.desktop.ui import orders_page

        def made() -> orders_page.OrdersPage:
            page = orders_page.OrdersPage(session=self._session, parent=self)
            page.order_chosen.connect(self.show_order_status)
            return page

        return self._once("orders", orders_page.OrdersPage, made)

    def order_status(self) -> OrderDetails:
        from econcierge_assistant.desktop.ui import orders_page

        def made() -> orders_page.OrderDetails:
            page = orders_page.OrderDetails(session=self._session, parent=self)
            page.back_wanted.connect(self.show_orders)
            return page

        return self._once("order_status", orders_page.OrderDetails, made)

    def settings(self) -> SettingsPage:
        from econcierge_assistant.desktop.ui import settings_page

        def made() -> settings_page.SettingsPage:
            page = settings_page.SettingsPage(session=self._session, parent=self)
            page.language_chosen.connect(self.language_chosen)
            page.sign_in_wanted.connect(self.show_sign_in)
            return page

        return self._once("settings", settings_page.SettingsPage, made)

    def sign_in(self) -> SignInPage:
        from econcierge_assistant.desktop.ui import sign_in_page

        def made() -> sign_in_page.SignInPage:
            page = sign_in_page.SignInPage(session=self._session, parent=self)
            page.done.connect(self._signed_in)
            return page

        return self._once("sign_in", sign_in_page.SignInPage, made)

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
        session = self._session
        if session.kept.token_kept_in or session.standing.signed_in or session.fleet.printers:
            self.show_printers()
        else:
            self.show_sign_in()

    def show_printers(self) -> None:
        self.printers().show_again()
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
        if (address := self.sign_in().address) is not None:
            address.setFocus()

    def _signed_in(self) -> None:
        self.show_printers()
        self.printers().list.setFocus()

    def showEvent(self, event: QtGui.QShowEvent) -> None:  # noqa: N802  (Qt's name)
        self._session.watch(True)
        super().showEvent(event)

    def hideEvent(self, event: QtGui.QHideEvent) -> None:  # noqa: N802  (Qt's name)
        self._session.watch(False)
        super().hideEvent(event)
        lean.give_back()

    def raise_window(self) -> None:
        """In front of the others, as far as the system allows it."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def built_anew(self) -> None:
        """In another language or other colours: pages are made again when they are shown."""
        shown = self._stack.currentWidget()
        name = next((each for each, page in self._pages.items() if page is shown), "printers")
        for each in ("printers", "orders", "settings"):
            page = self._pages.pop(each, None)
            if page is not None:
                self._stack.removeWidget(page)
                page.deleteLater()
        self._paint_bar()
        self._name_tabs()
        self._standing_changed()
        self._show_anew(name)

    def _show_anew(self, name: str) -> None:
        for page in self._pages.values():
            page.show_again()
        pages = {"printers": self.show_printers, "orders": self.show_orders, "settings": self.show_settings}
        if name in pages:
            pages[name]()

    # The bar

    def _make_bar(self) -> QtWidgets.QWidget:
        bar = QtWidgets.QWidget()
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

    def _make_banner(self) -> QtWidgets.QWidget:
        row = QtWidgets.QWidget()
        inside = QtWidgets.QHBoxLayout(row)
        inside.setContentsMargins(24, 8, 24, 8)
        inside.addWidget(self.banner, 1)
        inside.addWidget(self._sign_in)
        row.hide()
        return row

    def _paint_bar(self) -> None:
        colours = style.current()
        parts.paint_ground(self._bar, colours.surface)
        parts.paint_ground(self._banner_row, colours.wash)
        parts.paint_ground(self._under_bar, colours.line)
        parts.paint_ground(self._under_banner, colours.line)
        parts.paint_text(self._dealer, colours.ink)
        parts.paint_text(self._person, colours.quiet)

    def _name_tabs(self) -> None:
        self.setWindowTitle(_("Supplies Assistant"))
        names = {"printers": _("Printers"), "orders": _("Orders"), "settings": _("Settings")}
        in_basket = len(self._session.basket.lines)
        names["basket"] = _("Basket (%(n)s)") % {"n": in_basket}
        for name, tab in self._tabs.items():
            tab.setText(names[name])
        self._tabs["basket"].setVisible(in_basket > 0)
        self._me_changed()

    def _shortcuts(self) -> None:
        keys: dict[str, Callable[[], object]] = {
            "Esc": self._back,
            "F5": self._session.refresh,
            "Ctrl+F": self._find,
            "Ctrl+W": self.close,
        }
        for key, act in keys.items():
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
        focused = self.focusWidget()
        was_inside = focused is not None and self._stack.isAncestorOf(focused)
        self._stack.setCurrentWidget(self._pages[name])
        if was_inside and tab:  # not to the first tab, as Qt would
            (self.printers().list if name == "printers" else self._tabs[tab]).setFocus()
        for each, button in self._tabs.items():
            button.setChecked(each == tab)

    def _order_wanted(self, _printer: str, slot_id: str) -> None:
        self.show_order(slot_id)

    # What the session says

    def _fleet_changed(self) -> None:
        if (shown := self._shown()) is not None:
            shown.fleet_changed()

    def _me_changed(self) -> None:
        me = self._session.me
        self._dealer.setText(me.dealer.name if me and me.dealer.name else _("Supplies Assistant"))
        self._person.setText(me.name if me else "")

    def _standing_changed(self) -> None:
        said = standings.banner(self._session.standing, now=self._session.now())
        self.banner.setText(said)
        self._banner_row.setVisible(bool(said))
        step = standings.next_step(self._session.standing)
        self._sign_in.setText(step)
        self._sign_in.setVisible(bool(step))
        self._under_banner.setVisible(bool(said))
        if (shown := self._shown()) is not None:
            shown.standing_changed()

    def _shown(self) -> parts.Page | parts.Column | None:
        return next((page for page in self._pages.values() if page is self._stack.currentWidget()), None)
