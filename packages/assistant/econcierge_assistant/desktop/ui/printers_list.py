"""The list of printers: a model over the fleet, and a delegate that paints a row with its supplies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QRectF, Qt

from econcierge_assistant.desktop.core import wording, worst
from econcierge_assistant.desktop.core.palette import Palette
from econcierge_assistant.desktop.core.types import Printer, Supply, Worst
from econcierge_assistant.desktop.ui import painting, style

ROW_HEIGHT = 64
CELL, BAR = 100, 40  # points of one ink in a row: letter, bar, percentage
_Index = QtCore.QModelIndex | QtCore.QPersistentModelIndex


class PrintersModel(QtCore.QAbstractListModel):
    PRINTER = Qt.ItemDataRole.UserRole

    def __init__(self, *, now: Callable[[], datetime], parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self._now = now
        self._printers: Sequence[Printer] = ()

    def show(self, printers: Sequence[Printer]) -> None:
        """In place where it is the same printers in the same order, so that a selection stays."""
        same = [printer.key for printer in printers] == [printer.key for printer in self._printers]
        if same and printers:
            self._printers = printers
            self.dataChanged.emit(self.index(0), self.index(len(printers) - 1))
            return
        self.beginResetModel()
        self._printers = printers
        self.endResetModel()

    def rowCount(self, parent: _Index = QtCore.QModelIndex()) -> int:  # noqa: B008, N802  (Qt's signature)
        return 0 if parent.isValid() else len(self._printers)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        printer = self._printers[index.row()]
        if role == self.PRINTER:
            return printer
        if role == Qt.ItemDataRole.DisplayRole:
            return printer.name
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return wording.printer_alternative(printer, now=self._now())
        return None

    def row_of(self, key: str) -> int:
        return next((row for row, printer in enumerate(self._printers) if printer.key == key), -1)


class PrinterDelegate(QtWidgets.QStyledItemDelegate):
    """Name and place; the inks as small bars, other supplies as quiet words; what runs out first."""

    def __init__(self, *, now: Callable[[], datetime], parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self._now = now

    def sizeHint(self, _option: QtWidgets.QStyleOptionViewItem, _index: _Index) -> QtCore.QSize:  # noqa: N802
        return QtCore.QSize(480, ROW_HEIGHT)

    def paint(self, painter: QtGui.QPainter, option: QtWidgets.QStyleOptionViewItem, index: _Index) -> None:
        printer = index.data(PrintersModel.PRINTER)
        colours, at = style.current(), QRectF(option.rect)
        state = option.state
        painter.save()
        self._ground(painter, at, state, colours)
        left, last = at.width() * 0.25, max(160.0, at.width() * 0.33)
        inside = at.adjusted(8, 0, -8, 0)
        self._name(painter, QRectF(inside.left(), at.top(), left - 12, at.height()), printer, colours)
        middle = QRectF(at.left() + left, at.top(), at.width() - left - last - 12, at.height())
        self._supplies(painter, middle, printer, colours)
        self._first(painter, QRectF(at.right() - last, at.top(), last - 12, at.height()), printer, colours)
        painter.restore()

    def _ground(self, painter: QtGui.QPainter, at: QRectF, state: QtWidgets.QStyle.StateFlag, colours: Palette) -> None:
        flag = QtWidgets.QStyle.StateFlag
        if state & (flag.State_Selected | flag.State_MouseOver):
            painter.fillRect(at, QtGui.QColor(colours.wash))
        if state & flag.State_HasFocus:
            painter.fillRect(QRectF(at.left(), at.top(), 3, at.height() - 1), QtGui.QColor(colours.accent))
        painter.fillRect(QRectF(at.left(), at.bottom() - 1, at.width(), 1), QtGui.QColor(colours.line))

    def _name(self, painter: QtGui.QPainter, at: QRectF, printer: Printer, colours: Palette) -> None:
        _write(painter, at.adjusted(0, 10, 0, -28), printer.name, colours.ink, bold=True)
        below = ", ".join(filter(None, [printer.place, printer.model]))
        _write(painter, at.adjusted(0, 31, 0, -9), below, colours.quiet, size=style.SMALL)

    def _supplies(self, painter: QtGui.QPainter, at: QRectF, printer: Printer, colours: Palette) -> None:
        inks = [supply for supply in printer.supplies if supply.colour in wording.LETTERS and is_print(supply)]
        others = [supply for supply in printer.supplies if supply not in inks]
        cell = min(float(CELL), at.width() / max(4, len(inks)))
        for place, supply in enumerate(inks):
            self._ink(painter, QRectF(at.left() + place * cell, at.top() + 10, cell, 20), supply, colours)
        words = ", ".join(f"{wording.lower_first(supply.name)} {wording.level(supply)}" for supply in others)
        _write(painter, at.adjusted(0, 31, -8, -9), words, colours.quiet, size=style.SMALL)

    def _ink(self, painter: QtGui.QPainter, at: QRectF, supply: Supply, colours: Palette) -> None:
        _write(painter, QRectF(at.left(), at.top(), 12, 20), wording.LETTERS[supply.colour], colours.quiet, bold=True)
        wide = max(16.0, min(float(BAR), at.width() - 60))
        bar = QRectF(round(at.left() + 17), at.top() + 6, round(wide), painting.HEIGHT)
        painting.paint_bar(painter, bar, supply, colours, tick=False)
        said = wording.level(supply) if supply.percent is not None else "–"
        state = worst.of_supply(supply)
        colour = colour_of(state, colours)
        text = QRectF(bar.right() + 5, at.top(), at.right() - bar.right() - 6, 20)
        _write(painter, text, said, colour, bold=state in worst.NEEDED, size=13)

    def _first(self, painter: QtGui.QPainter, at: QRectF, printer: Printer, colours: Palette) -> None:
        if printer.worst is Worst.SILENT:
            head, colour = wording.sentence(wording.urgency(Worst.SILENT)), colours.attention
            _write_two(painter, at, head, colour, wording.silent(printer, now=self._now()), colours.quiet, bold=True)
            return
        first = worst.first_to_run_out(printer)
        if first is None:
            return
        said = wording.urgency(worst.of_supply(first), first.kind)
        name = wording.sentence(first.name) + (f", {said}" if said else "")
        colour = colour_of(worst.of_supply(first), colours)
        _write_two(painter, at, name, colour, wording.beside(first, now=self._now()), colours.quiet, bold=bool(said))


def _write_two(
    painter: QtGui.QPainter, at: QRectF, head: str, colour: str, below: str, quiet: str, *, bold: bool
) -> None:
    """A line, and below it as many small ones as there is room for: a range of days is not cut."""
    small, flags = style.font(style.SMALL), Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
    high = QtGui.QFontMetricsF(small).boundingRect(at, flags, below).height()
    top = at.top() + min(12.0, max(2.0, (at.height() - 22 - high) / 2))
    _write(painter, QRectF(at.left(), top, at.width(), 22), head, colour, bold=bold)
    painter.setFont(small)
    painter.setPen(QtGui.QColor(quiet))
    painter.drawText(QRectF(at.left(), top + 22, at.width(), at.bottom() - top - 22), flags, below)


def is_print(supply: Supply) -> bool:
    return supply.kind in {"toner", "ink", "solid_ink"}


def colour_of(state: Worst, colours: Palette) -> str:
    if state in {Worst.ALMOST_EMPTY, Worst.EMPTY}:
        return colours.urgent
    return colours.attention if state in {Worst.LOW, Worst.ATTENTION, Worst.SILENT} else colours.ink


def _write(
    painter: QtGui.QPainter, at: QRectF, text: str, colour: str, *, bold: bool = False, size: int = style.NORMAL
) -> None:
    font = style.font(size, bold=bold)
    painter.setFont(font)
    painter.setPen(QtGui.QColor(colour))
    shown = QtGui.QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, at.width())
    painter.drawText(at, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
