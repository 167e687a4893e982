"""The supply bar and its inks as they are painted: fill with pattern, tick at "low", paler step, hatching when old."""

from __future__ import annotations

from PySide6 import QtCore, QtGui
from PySide6.QtCore import QRectF, Qt

from econcierge_assistant.desktop.core import wording
from econcierge_assistant.desktop.core.palette import Palette
from econcierge_assistant.desktop.core.types import Age, Supply

HEIGHT = 8.0
TICK = 3.0  # beyond the bar, above and below
_YELLOW_SCRATCH = "#c39c00"


def paint_bar(painter: QtGui.QPainter, at: QRectF, supply: Supply, colours: Palette, *, tick: bool = True) -> None:
    """Into a rectangle `HEIGHT` high."""
    painter.save()
    painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, False)
    if supply.percent is None:
        _outline(painter, at, colours.quiet, Qt.PenStyle.DashLine)
        painter.restore()
        return
    _outline(painter, at, colours.line, Qt.PenStyle.SolidLine)
    filled = _length(supply.percent, at)
    if wording.is_coarse(supply) and supply.gauge_step is not None:
        sure = _length(max(0.0, supply.percent - supply.gauge_step), at)
        painter.setOpacity(0.4)
        _ink(
            painter, QRectF(at.left() + sure.width(), at.top(), filled.width() - sure.width(), HEIGHT), supply, colours
        )
        painter.setOpacity(1.0)
        _ink(painter, sure, supply, colours)
    else:
        _ink(painter, filled, supply, colours)
    if supply.age is not Age.CURRENT:
        _hatch(painter, filled, colours)
    if supply.colour == "yellow":
        _outline(painter, filled, colours.yellow_edge, Qt.PenStyle.SolidLine)
    if tick and supply.low_percent is not None:
        x = round(at.left() + supply.low_percent * at.width() / 100)
        painter.setPen(QtGui.QPen(QtGui.QColor(colours.quiet), 1))
        painter.drawLine(QtCore.QPointF(x, at.top() - TICK), QtCore.QPointF(x, at.bottom() + TICK - 1))
    painter.restore()


def _length(percent: float, at: QRectF) -> QRectF:
    """The filled part; a level above nothing shows at least one point."""
    width = max(1.0 if percent > 0 else 0.0, round(min(percent, 100.0) * at.width() / 100))
    return QRectF(at.left(), at.top(), width, at.height())


def _outline(painter: QtGui.QPainter, at: QRectF, colour: str, style: Qt.PenStyle) -> None:
    if at.width() < 1:
        return
    pen = QtGui.QPen(QtGui.QColor(colour), 1, style)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(at.adjusted(0.5, 0.5, -0.5, -0.5))


def _ink(painter: QtGui.QPainter, at: QRectF, supply: Supply, colours: Palette) -> None:
    """K solid, C diagonal, M dots, Y horizontal: the pattern says the colour to who does not see it."""
    if at.width() <= 0:
        return
    painter.fillRect(at, QtGui.QColor(colours.of_ink(supply.colour)))
    painter.save()
    painter.setClipRect(at)
    painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, True)
    light = QtGui.QColor(colours.paper)
    if supply.colour == "cyan":
        painter.setPen(QtGui.QPen(light, 1.2))
        for x in range(int(at.left()) - 8, int(at.right()) + 8, 6):
            painter.drawLine(QtCore.QPointF(x, at.bottom() + 1), QtCore.QPointF(x + at.height() + 2, at.top() - 1))
    elif supply.colour == "magenta":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(light)
        for x in range(int(at.left()) + 3, int(at.right()) + 2, 5):
            for y in (at.top() + 2, at.top() + 6):
                painter.drawEllipse(QtCore.QPointF(x, y), 0.9, 0.9)
    elif supply.colour == "yellow":
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QtGui.QPen(QtGui.QColor(_YELLOW_SCRATCH), 1))
        for y in (at.top() + 2, at.top() + 5):
            painter.drawLine(QtCore.QPointF(at.left(), y), QtCore.QPointF(at.right(), y))
    painter.restore()


def _hatch(painter: QtGui.QPainter, at: QRectF, colours: Palette) -> None:
    """An old reading: every other stripe is the paper's."""
    painter.save()
    painter.setClipRect(at)
    for x in range(int(at.left()) + 3, int(at.right()) + 1, 6):
        painter.fillRect(QRectF(x, at.top(), 3, at.height()), QtGui.QColor(colours.paper))
    painter.restore()
    _outline(painter, at, colours.quiet, Qt.PenStyle.SolidLine)
