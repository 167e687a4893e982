"""One printer: its supplies as bars, its history, its coverage, its orders and repairs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import Qt

from econcierge_assistant.desktop.core import fields, moments, parsing, wording, worst
from econcierge_assistant.desktop.core.texts import gettext as _
from econcierge_assistant.desktop.core.types import Coverage, Printer, PrinterPage, Supply, Worst
from econcierge_assistant.desktop.ui import chart, parts
from econcierge_assistant.desktop.ui.http import Answer
from econcierge_assistant.desktop.ui.parts import SupplyBar
from econcierge_assistant.desktop.ui.session import Session


class PrinterDetails(parts.Column):
    back_wanted = QtCore.Signal()
    order_wanted = QtCore.Signal(str, str)  # printer, slot
    order_chosen = QtCore.Signal(str)

    def __init__(self, *, session: Session, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._key = ""
        self._page: PrinterPage | None = None
        self._said = ""  # what came of the last thing that was asked for here
        self._table_shown = False
        self._built_of: object = None

    def open(self, key: str) -> None:
        if key != self._key:
            self._page, self._said, self._table_shown = None, "", False
            self.verticalScrollBar().setValue(0)
        self._key = key
        self._ask()
        self.show_again()

    def fleet_changed(self) -> None:
        """Built anew only when it says something else, so that who is on a button by keyboard stays there."""
        if self._known() != self._built_of:
            self.show_again()

    def standing_changed(self) -> None:
        self.fleet_changed()

    def _known(self) -> object:
        printer = next((each for each in self._session.fleet.printers if each.key == self._key), None)
        return printer, self._page, self._session.standing.may_write, self._session.me

    def show_again(self) -> None:
        """From what is known now; details come when the platform has answered."""
        printer = next((each for each in self._session.fleet.printers if each.key == self._key), None)
        if self._page is not None and (printer is None or printer.printer_id == self._page.printer.printer_id):
            # The platform's own page is as new as its list, unless the levels come from this computer.
            shown = self._page.printer if not self._session.standing.has_local or printer is None else printer
        elif printer is not None:
            shown = printer
        else:
            return
        self._build(shown)

    def _ask(self) -> None:
        if self._key and "|" not in self._key and self._session.standing.signed_in:
            self._session.ask(f"/printers/{self._key}", self._answered)

    def _answered(self, answer: Answer) -> None:
        if answer.problem is not None:
            self._said = answer.problem.text if answer.status else ""
        else:
            try:
                page = parsing.printer_page(answer.body)
            except fields.Unreadable:
                return
            if page.printer.printer_id != self._key:
                return
            self._page = page
        self.show_again()

    def _build(self, printer: Printer) -> None:
        scrolled = self.verticalScrollBar().value()
        self._built_of, focused = self._known(), self.focused()
        self.clear()
        self._head(printer)
        for supply in printer.supplies:
            self._supply(printer, supply)
        page = self._page
        if page is not None:
            self._history(printer, page)
            if page.coverage is not None:
                self._coverage(page.coverage)
            self._orders(page)
        self._repairs(printer)
        self.rows.addStretch(1)
        self.focus_again(focused)
        QtCore.QTimer.singleShot(0, self, lambda: self.verticalScrollBar().setValue(scrolled))

    def _head(self, printer: Printer) -> None:
        self.add(parts.button("← " + _("All printers"), self.back_wanted.emit, "link"), left=True)
        need = next(iter(worst.needs([printer])), None)
        title = parts.label(printer.name, "title")
        row = self.add_row(title)
        row.setStretch(0, 1)
        if need is not None and self._may_order(need.supply):
            row.addWidget(self._order_button(printer, need.supply, "primary"))
        facts = [printer.place, printer.site, printer.model, self._serial(printer), printer.target]
        self.add(parts.label("  ·  ".join(filter(None, facts)), "quiet"))
        if self._said:
            self.add(parts.label(self._said, "strong"))
        if printer.worst is Worst.SILENT:
            self.add(parts.label(wording.silent(printer, now=self._session.now()) + ".", "attention"))
        self.add(parts.line("rule"))

    def _serial(self, printer: Printer) -> str:
        return _("serial number %(serial)s") % {"serial": printer.serial} if printer.serial else ""

    def _supply(self, printer: Printer, supply: Supply) -> None:
        now = self._session.now()
        grid = QtWidgets.QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(0)
        letter = wording.LETTERS.get(supply.colour, "")
        name = wording.sentence(supply.name)
        grid.addWidget(self._fixed(parts.label(letter, "quiet", wrap=False), 14), 0, 0)
        grid.addWidget(self._fixed(parts.label(name, "strong"), 150), 0, 1)
        grid.addWidget(SupplyBar(supply, now=now), 0, 2, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self._level(supply), 0, 3)
        beside = wording.beside(supply, now=now)
        said = wording.urgency(worst.of_supply(supply), supply.kind)
        grid.addWidget(parts.label(", ".join(filter(None, [said, beside])), self._role(supply)), 0, 4)
        grid.setColumnStretch(4, 1)
        if self._may_order(supply):
            grid.addWidget(self._order_button(printer, supply, "plain", short=True), 0, 5)
        self.rows.addLayout(grid)

    def _level(self, supply: Supply) -> QtWidgets.QLabel:
        found = parts.label(wording.level(supply), wrap=supply.percent is None)
        if supply.percent is not None:
            found.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            found.setFixedWidth(52)
        else:
            found.setFixedWidth(110)
        return found

    def _role(self, supply: Supply) -> str:
        state = worst.of_supply(supply)
        if state in {Worst.EMPTY, Worst.ALMOST_EMPTY}:
            return "urgent" if supply.coming is None else "quiet"
        return "attention" if state is Worst.LOW and supply.coming is None else "quiet"

    def _fixed(self, label: QtWidgets.QLabel, wide: int) -> QtWidgets.QLabel:
        label.setFixedWidth(wide)
        return label

    def _may_order(self, supply: Supply) -> bool:
        me = self._session.me
        return (
            supply.may_be_ordered
            and bool(supply.slot_id)
            and self._session.standing.may_write
            and me is not None
            and me.may_order
        )

    def _order_button(
        self, printer: Printer, supply: Supply, kind: str, *, short: bool = False
    ) -> QtWidgets.QPushButton:
        whole = _("Order %(supply)s") % {"supply": wording.the_supply(supply)}
        wanted = self._wants(printer, supply)
        return parts.button(_("Order") if short else whole, wanted, kind, name=whole)

    def _wants(self, printer: Printer, supply: Supply) -> Callable[[], None]:
        return lambda: self.order_wanted.emit(printer.key, supply.slot_id)

    def _history(self, printer: Printer, page: PrinterPage) -> None:
        shown = chart.curves(printer.supplies, page.history)
        self._section(_("Levels and pages"))
        if page.pages_total is not None:
            self.add(parts.label(self._pages(page)))
        if not shown:
            self.add(parts.label(_("No levels over time yet."), "quiet"))
            return
        self.add(chart.HistoryChart(shown, until=self._session.now(), title=self._chart_title(shown)))
        if self._table_shown:
            from econcierge_assistant.desktop.ui.history_table import HistoryTable  # wanted rarely

            table = HistoryTable(shown, now=self._session.now(), day_head=_("Day"))
            table.setAccessibleName(_("Levels as a table"))
            self.add(table)
        text = _("Hide the table") if self._table_shown else _("Show as a table")
        self.add(parts.button(text, self._toggle_table, "link"), left=True)

    def _chart_title(self, shown: list[chart.Curve]) -> str:
        ends = (f"{chart.label_of(curve.supply)} {moments.percent(chart.last_level(curve.history))}" for curve in shown)
        return _("Levels over time; now: %(levels)s") % {"levels": ", ".join(ends)}

    def _pages(self, page: PrinterPage) -> str:
        total = _("%(pages)s pages printed in all") % {"pages": moments.whole(page.pages_total or 0)}
        if page.pages_per_week is None:
            return total + "."
        weekly = _("about %(pages)s a week") % {"pages": moments.whole(page.pages_per_week)}
        return f"{total}, {weekly}."

    def _toggle_table(self) -> None:
        self._table_shown = not self._table_shown
        self.show_again()

    def _coverage(self, coverage: Coverage) -> None:
        self._section(_("Free extended service"))
        role = {"active": "good", "at_risk": "attention", "ended": "urgent"}.get(coverage.status, "strong")
        self.add(parts.label(wording.sentence(coverage.headline), role))
        if coverage.ends_on is not None and coverage.status in {"active", "at_risk"}:
            day = moments.long_day(coverage.ends_on, on=self._session.now().date())
            self.add(parts.label(_("Until %(day)s at the latest.") % {"day": day}))
        for reason in coverage.reasons:
            self.add(parts.label(reason.text))
        if coverage.next_step is not None:
            self.add(parts.label(coverage.next_step.text, "strong"))
        for line in coverage.story:
            day = moments.long_day(line.on, on=self._session.now().date()) if line.on else ""
            row = self.add_row(self._fixed(parts.label(day, "quiet"), 150), parts.label(line.text))
            row.setStretch(1, 1)

    def _orders(self, page: PrinterPage) -> None:
        self._section(_("Orders for this printer"))
        if not page.orders:
            self.add(parts.label(_("None yet."), "quiet"))
        for order in page.orders:
            at = moments.moment(order.placed_at, now=self._session.now()) if order.placed_at else ""
            link = parts.button(order.number, self._chosen(order.order_id), "link")
            row = self.add_row(link, parts.label(order.state_text), parts.label(at, "quiet"))
            row.setStretch(2, 1)

    def _chosen(self, order_id: str) -> Callable[[], None]:
        return lambda: self.order_chosen.emit(order_id)

    def _repairs(self, printer: Printer) -> None:
        me = self._session.me
        may_ask = me is not None and me.may_ask_for_repair and self._session.standing.may_write
        if self._page is None and not may_ask:
            return
        self._section(_("Repairs"))
        for repair in self._page.repairs if self._page is not None else ():
            at = moments.moment(repair.opened_at, now=self._session.now()) if repair.opened_at else ""
            row = self.add_row(
                parts.label(repair.number, "strong", wrap=False),
                parts.label(repair.state_text),
                parts.label(at, "quiet"),
            )
            row.setStretch(2, 1)
        buttons = self.add_row()
        if may_ask:
            buttons.addWidget(parts.button(_("Ask for a repair"), lambda: self._ask_for_repair(printer)))
            buttons.addWidget(parts.button(_("Read this printer now"), lambda: self._read_now(printer)))
        if self._page is not None and self._page.portal_url:
            url = self._page.portal_url
            buttons.addWidget(
                parts.button(_("Open in the portal"), lambda: QtGui.QDesktopServices.openUrl(QtCore.QUrl(url)), "link")
            )
        buttons.addStretch(1)

    def _section(self, title: str) -> None:
        self.rows.addSpacing(8)
        self.add(parts.label(title, "heading"))
        self.add(parts.line())

    def _ask_for_repair(self, printer: Printer) -> None:
        from econcierge_assistant.desktop.ui.repair_dialog import RepairDialog  # opened rarely

        dialog = RepairDialog(session=self._session, printer=printer, parent=self)
        dialog.asked.connect(self._repair_asked)
        dialog.open()

    def _repair_asked(self, said: str) -> None:
        self._said = said
        self._ask()
        self.show_again()

    def _read_now(self, printer: Printer) -> None:
        self._session.send(f"/printers/{printer.printer_id}/read-now", {}, self._read)

    def _read(self, answer: Answer) -> None:
        said = fields.text(answer.body, "text") if isinstance(answer.body, dict) else ""
        self._said = answer.problem.text if answer.problem else said or _("The printer will be read in a moment.")
        self.show_again()
