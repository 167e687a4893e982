"""Levels over time as a small painted chart: a line a supply with its letter at the end, replacements as notches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6 import QtGui, QtWidgets
from PySide6.QtCore import QPointF, QRectF, Qt

from econcierge_assistant.desktop.core import moments, wording
from econcierge_assistant.desktop.core.types import History, Supply
from econcierge_assistant.desktop.ui import style

LEFT, RIGHT, TOP, BELOW, LABEL_GAP = 46, 120, 12, 22, 14
DASHES = {"cyan": Qt.PenStyle.DashLine, "magenta": Qt.PenStyle.DotLine, "yellow": Qt.PenStyle.DashDotLine}


@dataclass(frozen=True, slots=True)
class Curve:
    supply: Supply
    history: History


def curves(supplies: Sequence[Supply], histories: Sequence[History]) -> list[Curve]:
    """Those that have a level at all, in the order of the supplies."""
    by_slot = {history.slot_id: history for history in histories}
    found = [Curve(supply, by_slot[supply.slot_id]) for supply in supplies if supply.slot_id in by_slot]
    return [curve for curve in found if any(point.percent is not None for point in curve.history.points)]


class HistoryChart(QtWidgets.QWidget):
    def __init__(self, shown: Sequence[Curve], *, until: datetime, title: str) -> None:
        super().__init__()
        self._curves = list(shown)
        first = min((curve.history.points[0].at for curve in shown), default=until - timedelta(days=30))
        self._since, self._until = min(first, until - timedelta(days=1)), until
        self.setMinimumHeight(190)
        self.setMinimumWidth(420)
        self.setAccessibleName(title)

    def paintEvent(self, _event: QtGui.QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        self._grid(painter)
        for curve in self._curves:
            self._curve(painter, curve)
        self._labels(painter)
        painter.end()

    def _frame(self) -> QRectF:
        return QRectF(LEFT, TOP, self.width() - LEFT - RIGHT, self.height() - TOP - BELOW)

    def _x(self, at: datetime) -> float:
        share = (at - self._since) / (self._until - self._since)
        return self._frame().left() + min(1.0, max(0.0, share)) * self._frame().width()

    def _y(self, percent: float) -> float:
        return self._frame().bottom() - percent / 100 * self._frame().height()

    def _grid(self, painter: QtGui.QPainter) -> None:
        colours, frame = style.current(), self._frame()
        painter.setFont(style.font(style.SMALL))
        for value in (0, 50, 100):
            y = self._y(value)
            painter.setPen(QtGui.QColor(colours.line))
            painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))
            painter.setPen(QtGui.QColor(colours.quiet))
            box = QRectF(0, y - 10, LEFT - 6, 20)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, moments.percent(value))
        for at in self._months():
            x = self._x(at)
            painter.setPen(QtGui.QColor(colours.line))
            painter.drawLine(QPointF(x, frame.bottom()), QPointF(x, frame.bottom() + 4))
            painter.setPen(QtGui.QColor(colours.quiet))
            painter.drawText(QRectF(x, frame.bottom() + 2, 60, 20), moments.short_month(at.date()))

    def _months(self) -> list[datetime]:
        """The first of each month in the frame; of a long history only as many as there is room for."""
        at = self._since.astimezone().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        found = []
        while at <= self._until:
            if at >= self._since and self._x(at) < self._frame().right() - 20:
                found.append(at)
            at = (at + timedelta(days=32)).replace(day=1)
        return found[:: 1 + len(found) // 10]

    def _curve(self, painter: QtGui.QPainter, curve: Curve) -> None:
        """A level holds until the next is said, so that the line steps; after a replacement it starts anew."""
        colours = style.current()
        line = colours.yellow_edge if curve.supply.colour == "yellow" else colours.of_ink(curve.supply.colour)
        pen = QtGui.QPen(QtGui.QColor(line), 1.6, DASHES.get(curve.supply.colour, Qt.PenStyle.SolidLine))
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._path(curve))
        painter.setPen(QtGui.QPen(QtGui.QColor(line), 2))
        for replaced in curve.history.replaced:
            if replaced.at >= self._since:
                x = self._x(replaced.at)
                painter.drawLine(QPointF(x, TOP - 8), QPointF(x, TOP))

    def _path(self, curve: Curve) -> QtGui.QPainterPath:
        path, drawing, y = QtGui.QPainterPath(), False, 0.0
        fresh = sorted(replaced.at for replaced in curve.history.replaced)
        for point in curve.history.points:
            if point.percent is None:
                drawing = False
                continue
            x, anew = self._x(point.at), bool(fresh) and point.at >= fresh[0]
            if anew:
                fresh = [at for at in fresh if at > point.at]
            if drawing:
                path.lineTo(x, y)  # held until now
            y = self._y(point.percent)
            if drawing and not anew:
                path.lineTo(x, y)
            else:
                path.moveTo(x, y)
            drawing = True
        if drawing:
            path.lineTo(self._frame().right(), y)
        return path

    def _labels(self, painter: QtGui.QPainter) -> None:
        """Each name at its line's end, moved apart where lines end close together."""
        colours = style.current()
        painter.setFont(style.font(style.SMALL))
        painter.setPen(QtGui.QColor(colours.ink))
        ends = sorted((self._y(last_level(curve.history)), label_of(curve.supply)) for curve in self._curves)
        lowest, placed = float(TOP - LABEL_GAP), []
        for y, text in ends:
            lowest = max(y, lowest + LABEL_GAP)
            placed.append((lowest, text))
        over = max(0.0, lowest - self._frame().bottom())
        metrics = QtGui.QFontMetricsF(painter.font())
        for y, text in placed:
            box = QRectF(self._frame().right() + 8, y - over - 10, RIGHT - 8, 20)
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def last_level(history: History) -> float:
    return next((point.percent for point in reversed(history.points) if point.percent is not None), 0.0)


def label_of(supply: Supply) -> str:
    return wording.sentence(supply.name)


def table_rows(shown: Sequence[Curve]) -> list[tuple[datetime, list[str]]]:
    """Each day's last level of every curve, "" where nothing was said that day."""
    by_day: dict[datetime, list[str]] = {}
    for column, curve in enumerate(shown):
        for point in curve.history.points:
            local = point.at.astimezone()
            day = local.replace(hour=0, minute=0, second=0, microsecond=0)
            values = by_day.setdefault(day, [""] * len(shown))
            values[column] = moments.percent(point.percent) if point.percent is not None else "–"
    return sorted(by_day.items(), reverse=True)
