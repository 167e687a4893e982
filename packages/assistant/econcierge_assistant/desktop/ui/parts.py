"""Small widgets that every page is made of: labels by role, buttons by kind, hairlines, one supply's bar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import Qt

from econcierge_assistant.desktop.core import wording
from econcierge_assistant.desktop.core.types import Supply
from econcierge_assistant.desktop.ui import painting, style

SPACE = 4


def label(text: str, role: str = "", *, wrap: bool = True) -> QtWidgets.QLabel:
    """Plain text always: what others wrote is shown, never interpreted."""
    found = QtWidgets.QLabel(text)
    found.setTextFormat(Qt.TextFormat.PlainText)
    found.setWordWrap(wrap)
    if role:
        found.setProperty("role", role)
    if role in {"title", "heading"}:
        found.setSizePolicy(QtWidgets.QSizePolicy.Policy.Preferred, QtWidgets.QSizePolicy.Policy.Fixed)
    return found


def button(text: str, clicked: Callable[[], object], kind: str = "plain", *, name: str = "") -> QtWidgets.QPushButton:
    """`name`: what a screen reader says where the text alone is not enough. An "&" in a text is one."""
    found = QtWidgets.QPushButton(text.replace("&", "&&"))
    found.setProperty("kind", kind)
    found.setAutoDefault(True)
    found.setSizePolicy(QtWidgets.QSizePolicy.Policy.Fixed, QtWidgets.QSizePolicy.Policy.Fixed)
    found.clicked.connect(lambda _checked=False: clicked())
    if name:
        found.setAccessibleName(name)
    return found


def line(role: str = "line") -> QtWidgets.QFrame:
    found = QtWidgets.QFrame()
    found.setProperty("role", role)
    found.setFixedHeight(1)
    return found


def restyle(widget: QtWidgets.QWidget) -> None:
    """After a property that the style sheet looks at has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def empty(layout: QtWidgets.QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            empty(inner)
            inner.deleteLater()


class Column(QtWidgets.QScrollArea):
    """A page of widgets under each other, at most so wide as can be read."""

    MOST_WIDE = 860

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QtWidgets.QWidget()
        around = QtWidgets.QHBoxLayout(inner)
        around.setContentsMargins(24, 20, 24, 24)
        self.body = QtWidgets.QWidget()
        self.body.setMaximumWidth(self.MOST_WIDE)
        self.rows = QtWidgets.QVBoxLayout(self.body)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(3 * SPACE)
        around.addWidget(self.body, 1, Qt.AlignmentFlag.AlignTop)
        around.addStretch(0)
        self.setWidget(inner)

    def clear(self) -> None:
        empty(self.rows)

    def add(self, widget: QtWidgets.QWidget, *, left: bool = False) -> None:
        self.rows.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag(0))

    def add_row(self, *widgets: QtWidgets.QWidget, gap: int = 3 * SPACE) -> QtWidgets.QHBoxLayout:
        row = QtWidgets.QHBoxLayout()
        row.setSpacing(gap)
        for widget in widgets:
            row.addWidget(widget)
        self.rows.addLayout(row)
        return row


class SupplyBar(QtWidgets.QWidget):
    """One supply as a bar of 200 points; its accessible name says all of it."""

    WIDE = 200

    def __init__(self, supply: Supply, *, now: datetime, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._supply = supply
        self.setFixedSize(self.WIDE, int(painting.HEIGHT + 2 * painting.TICK))
        self.setAccessibleName(wording.alternative(supply, now=now))
        self.setToolTip(wording.alternative(supply, now=now))

    def paintEvent(self, _event: QtGui.QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        painter = QtGui.QPainter(self)
        at = QtCore.QRectF(0, painting.TICK, self.width(), painting.HEIGHT)
        painting.paint_bar(painter, at, self._supply, style.current())
        painter.end()
