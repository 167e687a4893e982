"""The colours that everything is painted with, light and dark, and the dealer's colour made readable as the accent.

The same values as the portal's. Contrast after WCAG 2.2 (relative luminance): at least 4.5:1.
"""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass, replace

ENOUGH = 4.5
Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """Each a "#rrggbb"."""

    is_dark: bool
    paper: str
    surface: str
    wash: str
    ink: str
    quiet: str
    line: str
    accent: str
    on_accent: str
    attention: str
    urgent: str
    good: str
    black: str
    cyan: str
    magenta: str
    yellow: str
    yellow_edge: str
    other: str

    def of_ink(self, colour: str) -> str:
        """The colour of a supply; what is none of the four process colours is drawn in a quiet one."""
        return {"black": self.black, "cyan": self.cyan, "magenta": self.magenta, "yellow": self.yellow}.get(
            colour, self.other
        )


LIGHT = Palette(
    is_dark=False, paper="#fbfaf7", surface="#ffffff", wash="#f1eee7", ink="#1b1a17", quiet="#5d5a52", line="#dcd8cf",
    accent="#0b5d5b", on_accent="#ffffff", attention="#9a5b00", urgent="#a3211c", good="#256b36",
    black="#1b1a17", cyan="#0084b4", magenta="#b8247a", yellow="#f2c500", yellow_edge="#8a7000", other="#6f6b61",
)  # fmt: skip
DARK = Palette(
    is_dark=True, paper="#161512", surface="#1e1d19", wash="#24221e", ink="#efece4", quiet="#a8a397", line="#37342d",
    accent="#5cc4bf", on_accent="#161512", attention="#e0a54a", urgent="#f08a80", good="#7fc48f",
    black="#d8d4ca", cyan="#35aedb", magenta="#e066ab", yellow="#f2c500", yellow_edge="#f2c500", other="#938e82",
)  # fmt: skip


def palette(*, dark: bool, accent: str = "") -> Palette:
    """With the dealer's accent where it is a colour, moved until it reads on every ground."""
    base = DARK if dark else LIGHT
    colour = parsed(accent)
    own = colour is None or accent.lower() == LIGHT.accent  # our own has its dark form by hand
    return base if own or colour is None else replace(base, accent=readable(colour, base))


def parsed(text: str) -> Rgb | None:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        return None
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def readable(colour: Rgb, base: Palette) -> str:
    """The nearest of the colour, made lighter (on dark) or darker (on light) in its own hue, that reads everywhere."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in colour))
    end = 1.0 if base.is_dark else 0.0
    grounds = [ground for name in (base.paper, base.surface, base.wash) if (ground := parsed(name))]
    for share in range(0, 101, 2):
        moved = colorsys.hls_to_rgb(hue, lightness + (end - lightness) * share / 100, saturation)
        red, green, blue = (round(channel * 255) for channel in moved)
        if min(contrast((red, green, blue), ground) for ground in grounds) >= ENOUGH:
            return f"#{red:02x}{green:02x}{blue:02x}"
    return base.ink


def contrast(one: Rgb, other: Rgb) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Rgb) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
