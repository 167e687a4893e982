"""The tray icon: a sheet of paper, and a badge whose colour and shape say the worst state.

Fine: no badge. Attention: a dot. Low: a triangle. Almost empty: a square with a bar. Empty: a cross.
Silent: a ring. So it can be told without seeing colours.
"""

from __future__ import annotations

from PySide6 import QtGui
from PySide6.QtCore import QPointF, QRectF, Qt

from econcierge_assistant.desktop.core.types import Worst

SIZES = (16, 22, 32, 48, 64)
_AMBER, _RED, _GREY, _BLUE = "#c77700", "#c62828", "#7a7a7a", "#1f6fb2"
_PAPER, _INK = "#fbfaf7", "#1b1a17"


def tray_icon(state: Worst) -> QtGui.QIcon:
    icon = QtGui.QIcon()
    for size in SIZES:
        icon.addPixmap(_painted(state, size))
    return icon


def application_icon() -> QtGui.QIcon:
    return tray_icon(Worst.FINE)


def _painted(state: Worst, size: int) -> QtGui.QPixmap:
    pixmap = QtGui.QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QtGui.QPainter(pixmap)
    painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
    painter.scale(size / 32, size / 32)
    _printer(painter)
    _BADGES[state](painter)
    painter.end()
    return pixmap


def _printer(painter: QtGui.QPainter) -> None:
    """Readable on light and dark panels: paper with an ink outline, and another of paper around."""
    painter.setPen(QtGui.QPen(QtGui.QColor(_PAPER), 4))
    painter.setBrush(QtGui.QColor(_PAPER))
    painter.drawRoundedRect(QRectF(3, 11, 26, 13), 2, 2)
    painter.drawRect(QRectF(8, 3, 16, 26))
    painter.setPen(QtGui.QPen(QtGui.QColor(_INK), 2))
    painter.drawRect(QRectF(9, 4, 14, 10))
    painter.setBrush(QtGui.QColor(_INK))
    painter.drawRoundedRect(QRectF(4, 12, 24, 11), 2, 2)
    painter.setBrush(QtGui.QColor(_PAPER))
    painter.drawRect(QRectF(9, 19, 14, 9))


def _ground(colour: str, painter: QtGui.QPainter) -> None:
    painter.setPen(QtGui.QPen(QtGui.QColor(_PAPER), 2))
    painter.setBrush(QtGui.QColor(colour))


def _none(_painter: QtGui.QPainter) -> None:
    """Nothing needs anyone."""


def _dot(painter: QtGui.QPainter) -> None:
    _ground(_BLUE, painter)
    painter.drawEllipse(QPointF(24, 24), 6, 6)


def _triangle(painter: QtGui.QPainter) -> None:
    _ground(_AMBER, painter)
    painter.drawPolygon(QtGui.QPolygonF([QPointF(22, 13), QPointF(31, 31), QPointF(13, 31)]))
    painter.fillRect(QRectF(21, 19, 2, 6), QtGui.QColor(_PAPER))
    painter.fillRect(QRectF(21, 27, 2, 2), QtGui.QColor(_PAPER))


def _square(painter: QtGui.QPainter) -> None:
    _ground(_RED, painter)
    painter.drawRect(QRectF(14, 14, 17, 17))
    painter.fillRect(QRectF(21, 17, 3, 7), QtGui.QColor(_PAPER))
    painter.fillRect(QRectF(21, 26, 3, 3), QtGui.QColor(_PAPER))


def _cross(painter: QtGui.QPainter) -> None:
    _ground(_RED, painter)
    painter.drawEllipse(QPointF(22, 22), 9, 9)
    painter.setPen(QtGui.QPen(QtGui.QColor(_PAPER), 3))
    painter.drawLine(QPointF(18, 18), QPointF(26, 26))
    painter.drawLine(QPointF(26, 18), QPointF(18, 26))


def _ring(painter: QtGui.QPainter) -> None:
    painter.setPen(QtGui.QPen(QtGui.QColor(_PAPER), 6))
    painter.setBrush(QtGui.QColor(_PAPER))
    painter.drawEllipse(QPointF(23, 23), 6, 6)
    painter.setPen(QtGui.QPen(QtGui.QColor(_GREY), 3))
    painter.drawEllipse(QPointF(23, 23), 6, 6)


_BADGES = {
    Worst.FINE: _none,
    Worst.ATTENTION: _dot,
    Worst.LOW: _triangle,
    Worst.ALMOST_EMPTY: _square,
    Worst.EMPTY: _cross,
    Worst.SILENT: _ring,
}
