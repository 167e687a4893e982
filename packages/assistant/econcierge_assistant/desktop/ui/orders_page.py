"""Orders with their state, and one order as a vertical line of what happened and what is next."""

from __future__ import annotations

from collections.abc import Callable

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import Qt

from econcierge_assistant.desktop.core import fields, moments, parsing
from econcierge_assistant.desktop.core.texts import gettext as _
from econcierge_assistant.desktop.core.types import Order, OrderLine, Step
from econcierge_assistant.desktop.ui import parts, style
from econcierge_assistant.desktop.ui.http import Answer
from econcierge_assistant.desktop.ui.session import Session


class OrdersPage(parts.Column):
    order_chosen = QtCore.Signal(str)

    def __init__(self, *, session: Session, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._orders: tuple[Order, ...] = ()
        self._next = ""
        self._said = ""

    def open(self) -> None:
        self._said = _("Looking …") if not self._orders else ""
        self.show_again()
        self._session.ask("/orders", lambda answer: self._came(answer, ()))

    def _came(self, answer: Answer, before: tuple[Order, ...]) -> None:
        if answer.problem is not None:
            self._said = answer.problem.text
        else:
            try:
                found, self._next = parsing.orders(answer.body)
            except fields.Unreadable:
                self._said = _("The answer could not be read. Try again.")
            else:
                self._orders = (*before, *found)
                self._said = "" if self._orders else _("No orders yet.")
        self.show_again()

    def show_again(self) -> None:
        self.clear()
        self.add(parts.label(_("Orders"), "title"))
        self.add(parts.line("rule"))
        if self._said:
            self.add(parts.label(self._said, "quiet"))
        for order in self._orders:
            self._row(order)
            self.add(parts.line())
        if self._next:
            self.add(parts.button(_("Show older orders"), self._more), left=True)
        self.rows.addStretch(1)

    def _row(self, order: Order) -> None:
        now = self._session.now()
        at = moments.moment(order.placed_at, now=now) if order.placed_at else ""
        names = ", ".join(f"{line.quantity} × {line.name}" for line in order.lines)
        grid = QtWidgets.QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(0)
        link = parts.button(order.number, self._chosen(order.order_id), "link")
        grid.addWidget(link, 0, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(parts.label(order.state_text, "strong"), 0, 1)
        total = parts.label(order.total.text if order.total else "", wrap=False)
        total.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(total, 0, 2)
        quiet = parts.label(at, "quiet", wrap=False)
        quiet.setContentsMargins(5, 0, 0, 0)
        grid.addWidget(quiet, 1, 0)
        grid.addWidget(parts.label(names, "quiet"), 1, 1, 1, 2)
        grid.setColumnMinimumWidth(0, 190)
        grid.setColumnStretch(1, 1)
        self.rows.addLayout(grid)

    def _chosen(self, order_id: str) -> Callable[[], None]:
        return lambda: self.order_chosen.emit(order_id)

    def _more(self) -> None:
        url = QtCore.QUrl(self._next)
        self._session.ask(f"/orders?{url.query()}", lambda answer: self._came(answer, self._orders))


class OrderDetails(parts.Column):
    back_wanted = QtCore.Signal()

    def __init__(self, *, session: Session, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._order_id = ""
        self._order: Order | None = None
        self._said = ""

    def open(self, order_id: str) -> None:
        if order_id != self._order_id:
            self._order_id, self._order = order_id, None
            self._said = _("Looking …")
        self._session.ask(f"/orders/{order_id}", self._came)
        self.show_again()

    def fleet_changed(self) -> None:
        """While it is seen: an order moves by itself."""
        if self._order_id:
            self._session.ask(f"/orders/{self._order_id}", self._came)

    def _came(self, answer: Answer) -> None:
        before = self._order, self._said
        self._said = answer.problem.text if answer.problem else ""
        if answer.problem is None:
            try:
                self._order = parsing.order(answer.body)
            except fields.Unreadable:
                self._said = _("The answer could not be read. Try again.")
        if (self._order, self._said) != before:
            self.show_again()

    def show_again(self) -> None:
        self.clear()
        self.add(parts.button("← " + _("All orders"), self.back_wanted.emit, "link"), left=True)
        if self._said:
            self.add(parts.label(self._said, "quiet"))
        if self._order is not None:
            self._build(self._order)
        self.rows.addStretch(1)

    def _build(self, order: Order) -> None:
        self.add(parts.label(_("Order %(number)s") % {"number": order.number}, "title"))
        total = order.total.text if order.total else ""
        self.add(parts.label("  ·  ".join(filter(None, [order.state_text, total])), "quiet"))
        self.add(parts.line("rule"))
        if order.promise_text:
            self.add(parts.label(order.promise_text, "strong"))
        steps = QtWidgets.QVBoxLayout()
        steps.setSpacing(0)
        for step in order.timeline:
            steps.addWidget(StepRow(step, when=self._when(step), is_last=step is order.timeline[-1]))
        self.rows.addLayout(steps)
        self.add(parts.label(_("What was ordered"), "heading"))
        self.add(parts.line())
        for line in order.lines:
            self._line(line)
        if order.portal_url:
            url = QtCore.QUrl(order.portal_url)
            self.add(
                parts.button(_("Open in the portal"), lambda: QtGui.QDesktopServices.openUrl(url), "link"), left=True
            )

    def _when(self, step: Step) -> str:
        return moments.moment(step.at, now=self._session.now()) if step.at else step.when

    def _line(self, line: OrderLine) -> None:
        name = f"{line.quantity} × {line.name}" + (f", {line.printer}" if line.printer else "")
        row = self.add_row(
            parts.label(name), parts.label(line.part_number, "quiet"), parts.label(line.state_text, "strong")
        )
        row.setStretch(0, 1)
        for parcel in line.parcels:
            text = _("%(carrier)s, parcel %(number)s") % {"carrier": parcel.carrier, "number": parcel.number}
            if parcel.url:
                self.add(parts.button(text, self._opens(parcel.url), "link"), left=True)
            else:
                self.add(parts.label(text, "quiet"))

    def _opens(self, url: str) -> Callable[[], object]:
        return lambda: QtGui.QDesktopServices.openUrl(QtCore.QUrl(url))


class StepRow(QtWidgets.QWidget):
    """One point of the line: full when it happened, open when it is to come."""

    LINE_X = 7

    def __init__(self, step: Step, *, when: str, is_last: bool) -> None:
        super().__init__()
        self._done, self._is_last = step.done, is_last
        rows = QtWidgets.QGridLayout(self)
        rows.setContentsMargins(28, 0, 0, 12)
        rows.setVerticalSpacing(0)
        rows.addWidget(parts.label(step.text, "strong" if step.done else "quiet"), 0, 0)
        at = parts.label(when, "quiet", wrap=False)
        at.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        rows.addWidget(at, 0, 1)
        for place, detail in enumerate(step.detail, start=1):
            rows.addWidget(parts.label(detail, "quiet"), place, 0, 1, 2)
        rows.setColumnStretch(0, 1)
        state = _("done") if step.done else _("to come")
        self.setAccessibleName(", ".join(filter(None, [step.text, when, state, *step.detail])))

    def paintEvent(self, _event: QtGui.QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        colours = style.current()
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        ink = QtGui.QColor(colours.ink if self._done else colours.quiet)
        if not self._is_last:
            painter.setPen(QtGui.QPen(QtGui.QColor(colours.line), 2))
            painter.drawLine(self.LINE_X, 16, self.LINE_X, self.height() + 2)
        painter.setPen(QtGui.QPen(ink, 2))
        painter.setBrush(ink if self._done else QtGui.QColor(colours.paper))
        painter.drawEllipse(QtCore.QPointF(self.LINE_X, 10), 4.5, 4.5)
        painter.end()
