"""Paper and ink: the palette as Qt's colours; light or dark as the system is.

No style sheet: Qt's machinery for them costs four megabytes, more than all our own pages. `parts` paints what Fusion
does not know.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6 import QtGui, QtWidgets
from PySide6.QtCore import Qt

from econcierge_assistant.desktop.core import palette as palettes
from econcierge_assistant.desktop.core.palette import Palette

SCHEME_VARIABLE = "ECONCIERGE_DESKTOP_SCHEME"
SMALL, NORMAL, LARGE, TITLE, CODE = 12, 14, 16, 20, 28  # px
_current = palettes.LIGHT


def current() -> Palette:
    """What everything is painted with now."""
    return _current


def is_dark(app: QtWidgets.QApplication, environment: Mapping[str, str]) -> bool:
    """As the system is; `ECONCIERGE_DESKTOP_SCHEME=light|dark` where it does not say, or says it wrong."""
    wish = environment.get(SCHEME_VARIABLE, "")
    return wish == "dark" if wish in {"light", "dark"} else app.styleHints().colorScheme() is Qt.ColorScheme.Dark


def apply(app: QtWidgets.QApplication, *, dark: bool, accent: str = "") -> None:
    """From now on with these colours, the dealer's as the accent; who is shown already is built anew by its owner."""
    global _current  # one application, one look
    _current = palettes.palette(dark=dark, accent=accent)
    app.setPalette(_qt_palette(_current))


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
        role.Light: shown.surface,
        role.Midlight: shown.wash,
        role.Dark: shown.quiet,
        role.Shadow: shown.line,
    }
    found = QtGui.QPalette()
    for name, colour in colours.items():
        found.setColor(name, QtGui.QColor(colour))
    for name in (role.Text, role.ButtonText, role.WindowText):
        found.setColor(QtGui.QPalette.ColorGroup.Disabled, name, QtGui.QColor(shown.quiet))
    return found
