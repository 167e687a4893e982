"""Paper and ink: the palette as Qt's colours and one style sheet; light or dark as the system is."""

from __future__ import annotations

from PySide6 import QtGui, QtWidgets
from PySide6.QtCore import Qt

from econcierge_assistant.desktop.core import palette as palettes
from econcierge_assistant.desktop.core.palette import Palette

SMALL, NORMAL, LARGE, TITLE = 12, 14, 16, 20  # px
_current = palettes.LIGHT


def current() -> Palette:
    """What everything is painted with now."""
    return _current


def system_is_dark(app: QtWidgets.QApplication) -> bool:
    return app.styleHints().colorScheme() is Qt.ColorScheme.Dark


def apply(app: QtWidgets.QApplication, *, accent: str = "") -> None:
    """Paint everything anew in the system's scheme, with the dealer's colour as the accent."""
    global _current  # one application, one look
    _current = palettes.palette(dark=system_is_dark(app), accent=accent)
    app.setPalette(_qt_palette(_current))
    app.setStyleSheet(_sheet(_current))


def base_font() -> QtGui.QFont:
    font = QtGui.QFontDatabase.systemFont(QtGui.QFontDatabase.SystemFont.GeneralFont)
    font.setPixelSize(NORMAL)
    return font


def font(size: int = NORMAL, *, bold: bool = False) -> QtGui.QFont:
    """For painting; digits stand under each other."""
    found = QtGui.QFont(QtWidgets.QApplication.font())
    found.setPixelSize(size)
    found.setBold(bold)
    found.setFeature(QtGui.QFont.Tag("tnum"), 1)
    return found


def _qt_palette(shown: Palette) -> QtGui.QPalette:
    role = QtGui.QPalette.ColorRole
    colours = {
        role.Window: shown.paper,
        role.WindowText: shown.ink,
        role.Base: shown.surface,
        role.AlternateBase: shown.wash,
        role.Text: shown.ink,
        role.Button: shown.surface,
        role.ButtonText: shown.ink,
        role.ToolTipBase: shown.surface,
        role.ToolTipText: shown.ink,
        role.PlaceholderText: shown.quiet,
        role.Highlight: shown.accent,
        role.HighlightedText: shown.on_accent,
        role.Link: shown.accent,
        role.Accent: shown.accent,
        role.Mid: shown.line,
    }
    found = QtGui.QPalette()
    for name, colour in colours.items():
        found.setColor(name, QtGui.QColor(colour))
    for name in (role.Text, role.ButtonText, role.WindowText):
        found.setColor(QtGui.QPalette.ColorGroup.Disabled, name, QtGui.QColor(shown.quiet))
    return found


def _sheet(c: Palette) -> str:
    return f"""
QLabel[role="title"] {{ font-size: {TITLE}px; font-weight: bold; }}
QLabel[role="heading"] {{ font-size: {LARGE}px; font-weight: bold; }}
QLabel[role="code"] {{ font-size: 28px; font-weight: bold; letter-spacing: 2px; }}
QLabel[role="strong"] {{ font-weight: bold; }}
QLabel[role="quiet"] {{ color: {c.quiet}; }}
QLabel[role="attention"] {{ color: {c.attention}; font-weight: bold; }}
QLabel[role="urgent"] {{ color: {c.urgent}; font-weight: bold; }}
QLabel[role="good"] {{ color: {c.good}; font-weight: bold; }}
QLabel[role="banner"] {{ background: {c.wash}; color: {c.ink}; padding: 8px 24px; border-bottom: 1px solid {c.line}; }}
QFrame[role="line"] {{ background: {c.line}; border: none; max-height: 1px; min-height: 1px; }}
QFrame[role="rule"] {{ background: {c.ink}; border: none; max-height: 1px; min-height: 1px; }}
QWidget#bar {{ background: {c.surface}; border-bottom: 1px solid {c.line}; }}
QPushButton {{ background: {c.surface}; color: {c.accent}; border: 1px solid {c.line}; border-radius: 4px;
  padding: 6px 14px; font-weight: bold; min-height: 20px; }}
QPushButton:hover {{ border-color: {c.accent}; }}
QPushButton:focus {{ border: 2px solid {c.accent}; padding: 5px 13px; }}
QPushButton:disabled {{ color: {c.quiet}; background: {c.wash}; border-color: {c.line}; }}
QPushButton[kind="primary"] {{ background: {c.accent}; color: {c.on_accent}; border-color: {c.accent}; }}
QPushButton[kind="primary"]:focus {{ border-color: {c.ink}; }}
QPushButton[kind="primary"]:disabled {{ background: {c.wash}; color: {c.quiet}; border-color: {c.line}; }}
QPushButton[kind="link"] {{ background: transparent; border: 1px solid transparent; padding: 2px 4px;
  text-align: left; }}
QPushButton[kind="link"]:hover {{ text-decoration: underline; }}
QPushButton[kind="link"]:focus {{ border: 1px solid {c.accent}; padding: 2px 4px; }}
QPushButton[kind="tab"] {{ background: transparent; color: {c.quiet}; border: none; border-radius: 0;
  border-bottom: 3px solid transparent; padding: 12px 4px 9px 4px; font-weight: normal; }}
QPushButton[kind="tab"]:hover {{ color: {c.ink}; }}
QPushButton[kind="tab"]:checked {{ color: {c.ink}; border-bottom-color: {c.accent}; }}
QPushButton[kind="tab"]:focus {{ color: {c.ink}; border: none; border-bottom: 3px solid {c.ink};
  padding: 12px 4px 9px 4px; }}
QLineEdit, QPlainTextEdit, QComboBox, QSpinBox {{ background: {c.surface}; color: {c.ink};
  border: 1px solid {c.quiet}; border-radius: 4px; padding: 5px 8px; min-height: 20px; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus {{ border: 2px solid {c.accent};
  padding: 4px 7px; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QAbstractItemView {{ background: {c.paper}; border: none; outline: none; }}
QComboBox QAbstractItemView {{ background: {c.surface}; border: 1px solid {c.line}; }}
QScrollArea {{ border: none; background: {c.paper}; }}
QScrollArea > QWidget > QWidget {{ background: {c.paper}; }}
QRadioButton, QCheckBox {{ spacing: 8px; padding: 3px; }}
QRadioButton:focus, QCheckBox:focus {{ outline: 1px solid {c.accent}; }}
QHeaderView::section {{ background: {c.paper}; color: {c.quiet}; border: none; border-bottom: 1px solid {c.line};
  padding: 6px; font-weight: normal; }}
QTableView {{ gridline-color: {c.line}; background: {c.paper}; selection-background-color: {c.wash};
  selection-color: {c.ink}; }}
QFrame[role="option"] {{ background: {c.surface}; border: 1px solid {c.line}; border-radius: 4px; }}
QFrame[role="option"][chosen="true"] {{ border: 2px solid {c.accent}; }}
QToolTip {{ background: {c.surface}; color: {c.ink}; border: 1px solid {c.line}; padding: 4px; }}
"""
