"""The table behind a chart of levels; loaded when somebody wants to see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6 import QtWidgets
from PySide6.QtCore import Qt

from econcierge_assistant.desktop.core import moments
from econcierge_assistant.desktop.ui.chart import Curve, label_of, table_rows


class HistoryTable(QtWidgets.QTableWidget):
    """The table behind the chart: one row a day that has news, the newest first."""

    def __init__(self, shown: Sequence[Curve], *, now: datetime, day_head: str) -> None:
        rows = table_rows(shown)
        super().__init__(len(rows), 1 + len(shown))
        self.setHorizontalHeaderLabels([day_head, *(label_of(curve.supply) for curve in shown)])
        self.verticalHeader().hide()
        self.setEditTriggers(QtWidgets.QTableWidget.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setMinimumHeight(220)
        for row, (day, values) in enumerate(rows):
            self.setItem(row, 0, QtWidgets.QTableWidgetItem(moments.long_day(day.date(), on=now.date())))
            for column, text in enumerate(values, start=1):
                item = QtWidgets.QTableWidgetItem(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(row, column, item)
        self.resizeColumnsToContents()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
