"""Small widgets that every page is made of: labels by role, buttons by kind, hairlines, one supply's bar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import Qt

from econcierge_assistant.desktop.core import wording
from econcierge_assistant.desktop.core.palette import Palette
from econcierge_assistant.desktop.core.types import Supply
from econcierge_assistant.desktop.ui import painting, style

SPACE = 4


_COLOURS = {"quiet": "quiet", "attention": "attention", "urgent": "urgent", "good": "good"}
_SIZES = {"title": style.TITLE, "heading": style.LARGE, "code": style.CODE}
_BOLD = frozenset({"title", "heading", "code", "strong", "attention", "urgent", "good"})


def label(text: str, role: str = "", *, wrap: bool = True) -> QtWidgets.QLabel:
    """Plain text always: what others wrote is shown, never interpreted. Roles: title, heading, strong, quiet ..."""
    found = QtWidgets.QLabel(text)
    found.setTextFormat(Qt.TextFormat.PlainText)
    found.setWordWrap(wrap)
    if role in _BOLD:
        found.setFont(style.font(_SIZES.get(role, style.NORMAL), bold=True))
    if role in _COLOURS:
        paint_text(found, getattr(style.current(), _COLOURS[role]))
    if role in {"title", "heading"}:
        found.setSizePolicy(QtWidgets.QSizePolicy.Policy.Preferred, QtWidgets.QSizePolicy.Policy.Fixed)
    return found


def has_keyboard() -> bool:
    """Whether who acts now goes by keyboard: then the button that comes next shows that it has the focus."""
    widget = QtWidgets.QApplication.focusWidget()
    return widget.has_ring if isinstance(widget, Button) else isinstance(widget, QtWidgets.QLineEdit)


def give_focus(widget: QtWidgets.QWidget | None, *, by_keyboard: bool) -> None:
    """To what a person needs next, unless its page is out of sight by now."""
    around = widget.parentWidget() if widget is not None else None
    if widget is not None and around is not None and around.isVisible():
        widget.show()  # what is not seen takes the focus without its reason
        widget.setFocus(Qt.FocusReason.TabFocusReason if by_keyboard else Qt.FocusReason.OtherFocusReason)


def paint_text(widget: QtWidgets.QWidget, colour: str) -> None:
    palette = widget.palette()
    palette.setColor(QtGui.QPalette.ColorRole.WindowText, QtGui.QColor(colour))
    widget.setPalette(palette)


def paint_ground(widget: QtWidgets.QWidget, colour: str) -> None:
    palette = widget.palette()
    palette.setColor(QtGui.QPalette.ColorRole.Window, QtGui.QColor(colour))
    widget.setPalette(palette)
    widget.setAutoFillBackground(True)


def line(role: str = "line") -> QtWidgets.QWidget:
    """A hairline; `rule` in ink, under a title."""
    found = QtWidgets.QWidget()
    paint_ground(found, style.current().ink if role == "rule" else style.current().line)
    found.setFixedHeight(1)
    return found


def button(text: str, clicked: Callable[[], object], kind: str = "plain", *, name: str = "") -> Button:
    """`name`: what a screen reader says where the text alone is not enough. An "&" in a text is one."""
    found = Button(text.replace("&", "&&"), kind)
    found.setAutoDefault(True)
    found.setSizePolicy(QtWidgets.QSizePolicy.Policy.Fixed, QtWidgets.QSizePolicy.Policy.Fixed)
    found.clicked.connect(lambda _checked=False: clicked())
    if name:
        found.setAccessibleName(name)
    return found


class Button(QtWidgets.QPushButton):
    """Kinds: `primary` (the one next action), `plain`, `link`, `tab` of the bar."""

    PADDING = {"primary": (16, 8), "plain": (16, 8), "link": (4, 3), "tab": (4, 12)}

    def __init__(self, text: str, kind: str) -> None:
        super().__init__(text)
        self.kind = kind
        self.has_ring = False
        self.setFont(style.font(bold=kind != "tab"))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QtCore.QSize:  # noqa: N802  (Qt's name)
        wide, high = self.PADDING[self.kind]
        text = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text())
        return QtCore.QSize(text.width() + 2 * wide, text.height() + 2 * high)

    def minimumSizeHint(self) -> QtCore.QSize:  # noqa: N802  (Qt's name)
        return self.sizeHint()

    def paintEvent(self, _event: QtGui.QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        colours = style.current()
        if self.kind == "tab":
            self._paint_tab(painter, colours)
        else:
            self._paint_box(painter, colours)
        painter.end()

    def focusInEvent(self, event: QtGui.QFocusEvent) -> None:  # noqa: N802  (Qt's name)
        """The ring is for who goes by keyboard; after a click it would only puzzle."""
        reason = Qt.FocusReason
        self.has_ring = event.reason() in {
            reason.TabFocusReason,
            reason.BacktabFocusReason,
            reason.ShortcutFocusReason,
        }
        super().focusInEvent(event)

    def focusOutEvent(self, event: QtGui.QFocusEvent) -> None:  # noqa: N802  (Qt's name)
        self.has_ring = False
        super().focusOutEvent(event)

    def _paint_box(self, painter: QtGui.QPainter, colours: Palette) -> None:
        is_primary, is_on = self.kind == "primary", self.isEnabled()
        ground = colours.wash if not is_on or self.isDown() else colours.accent if is_primary else colours.surface
        edge = colours.accent if is_on and (is_primary or self.underMouse()) else colours.line
        if self.has_ring:
            edge = colours.ink if is_primary else colours.accent
        ink = colours.quiet if not is_on else colours.accent
        if is_primary and is_on and not self.isDown():
            ink = colours.on_accent
        width = 2.0 if self.has_ring else 1.0
        if self.kind != "link" or self.has_ring:
            painter.setPen(QtGui.QPen(QtGui.QColor(edge), width))
            painter.setBrush(QtGui.QColor(ground) if self.kind != "link" else Qt.BrushStyle.NoBrush)
            inset = width / 2
            painter.drawRoundedRect(QtCore.QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 4, 4)
        self._paint_text(painter, ink, underlined=self.kind == "link" and self.underMouse())

    def _paint_tab(self, painter: QtGui.QPainter, colours: Palette) -> None:
        ink = colours.ink if self.isChecked() or self.underMouse() or self.has_ring else colours.quiet
        if self.isChecked():
            painter.fillRect(QtCore.QRectF(0, self.height() - 3, self.width(), 3), QtGui.QColor(colours.accent))
        if self.has_ring:
            painter.setPen(QtGui.QPen(QtGui.QColor(colours.accent), 2))
            painter.drawRoundedRect(QtCore.QRectF(self.rect()).adjusted(1, 6, -1, -6), 4, 4)
        self._paint_text(painter, ink, underlined=False)

    def _paint_text(self, painter: QtGui.QPainter, ink: str, *, underlined: bool) -> None:
        font = self.font()
        font.setUnderline(underlined)
        painter.setFont(font)
        painter.setPen(QtGui.QColor(ink))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextHideMnemonic, self.text())


class Radio(QtWidgets.QRadioButton):
    """One of several; painted here, because Fusion's outline cannot be seen on dark paper."""

    def hitButton(self, at: QtCore.QPoint) -> bool:  # noqa: N802  (Qt's name)
        return self.rect().contains(at)

    def paintEvent(self, _event: QtGui.QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        _paint_mark(painter, self, is_round=True)
        painter.end()


class Tick(QtWidgets.QCheckBox):
    """Yes or no."""

    def hitButton(self, at: QtCore.QPoint) -> bool:  # noqa: N802  (Qt's name)
        return self.rect().contains(at)

    def paintEvent(self, _event: QtGui.QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        _paint_mark(painter, self, is_round=False)
        painter.end()


def _paint_mark(painter: QtGui.QPainter, button: QtWidgets.QAbstractButton, *, is_round: bool) -> None:
    colours, middle = style.current(), button.height() / 2
    has_focus = button.hasFocus()
    edge = colours.quiet if not button.isEnabled() else colours.accent if has_focus else colours.ink
    painter.setPen(QtGui.QPen(QtGui.QColor(edge), 2.0 if has_focus else 1.2))
    painter.setBrush(QtGui.QColor(colours.surface))
    box = QtCore.QRectF(2, middle - 7, 14, 14)
    painter.drawEllipse(box) if is_round else painter.drawRoundedRect(box, 3, 3)
    if button.isChecked():
        inner = box.adjusted(4, 4, -4, -4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QtGui.QColor(colours.accent if button.isEnabled() else colours.quiet))
        painter.drawEllipse(inner.adjusted(-0.5, -0.5, 0.5, 0.5)) if is_round else painter.drawRect(inner)
    painter.setPen(QtGui.QColor(colours.ink if button.isEnabled() else colours.quiet))
    at = QtCore.QRectF(24, 0, button.width() - 24, button.height())
    painter.drawText(at, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextHideMnemonic, button.text())


class Field(QtWidgets.QLineEdit):
    """A line to type in, with an outline that can be seen."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setFrame(False)
        self.setTextMargins(8, 6, 8, 6)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        super().paintEvent(event)
        colours, width = style.current(), 2.0 if self.hasFocus() else 1.0
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.setPen(QtGui.QPen(QtGui.QColor(colours.accent if self.hasFocus() else colours.quiet), width))
        inset = width / 2
        painter.drawRoundedRect(QtCore.QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 3, 3)
        painter.end()


class Card(QtWidgets.QWidget):
    """One of several options side by side: a hairline around, the accent around the chosen one; all of it clicks."""

    clicked = QtCore.Signal()

    def __init__(self, *, is_chosen: bool) -> None:
        super().__init__()
        self._is_chosen = is_chosen

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        if self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def paintEvent(self, _event: QtGui.QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        colours, width = style.current(), 2.0 if self._is_chosen else 1.0
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.setPen(QtGui.QPen(QtGui.QColor(colours.accent if self._is_chosen else colours.line), width))
        painter.setBrush(QtGui.QColor(colours.surface))
        inset = width / 2
        painter.drawRoundedRect(QtCore.QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 4, 4)
        painter.end()


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


class Page(QtWidgets.QWidget):
    """One of the window's pages; it is told what changed while it is seen."""

    def show_again(self) -> None:
        """From what is known, in the language and colours of now."""

    def fleet_changed(self) -> None:
        """Printers were asked for again."""

    def standing_changed(self) -> None:
        """Signed in or out, platform or service heard or lost."""


class Column(QtWidgets.QScrollArea):
    """A page of widgets under each other, at most so wide as can be read."""

    MOST_WIDE = 860

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        inner = QtWidgets.QWidget()
        around = QtWidgets.QHBoxLayout(inner)
        around.setContentsMargins(24, 12, 24, 16)
        self.body = QtWidgets.QWidget()
        self.body.setMaximumWidth(self.MOST_WIDE)
        self.rows = QtWidgets.QVBoxLayout(self.body)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(2 * SPACE)
        around.addWidget(self.body, 1, Qt.AlignmentFlag.AlignTop)
        around.addStretch(0)
        self.setWidget(inner)

    def show_again(self) -> None:
        """From what is known, in the language and colours of now."""

    def fleet_changed(self) -> None:
        """Printers were asked for again."""

    def standing_changed(self) -> None:
        """Signed in or out, platform or service heard or lost."""

    def focused(self) -> tuple[str, str]:
        """Text and name of the button that has the keyboard, to give it back after the page was built anew."""
        widget = QtWidgets.QApplication.focusWidget()
        if isinstance(widget, QtWidgets.QAbstractButton) and self.isAncestorOf(widget):
            return widget.text(), widget.accessibleName()
        return "", ""

    def focus_again(self, before: tuple[str, str]) -> None:
        for button in self.body.findChildren(QtWidgets.QAbstractButton) if before[0] else ():
            if (button.text(), button.accessibleName()) == before:
                button.setFocus()
                return

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
