"""A dealer's colour as an accent that can be read: made darker or lighter until its contrast is enough.

Contrast after WCAG 2.2 (relative luminance); at least 4.5:1 against paper, surface and the text on a button.
"""

from __future__ import annotations

import colorsys
import re

Rgb = tuple[int, int, int]

ENOUGH = 4.5
LIGHT_GROUNDS: tuple[Rgb, ...] = ((0xFB, 0xFA, 0xF7), (0xFF, 0xFF, 0xFF), (0xF1, 0xEE, 0xE7))
DARK_GROUNDS: tuple[Rgb, ...] = ((0x16, 0x15, 0x12), (0x1E, 0x1D, 0x19), (0x24, 0x22, 0x1E))


def parsed(text: str) -> Rgb | None:
    """ "#0b5d5b" as numbers; None for anything else."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        return None
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def written(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def contrast(one: Rgb, other: Rgb) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: Rgb, *, grounds: tuple[Rgb, ...], lighter: bool) -> Rgb:
    """The nearest of `colour`, made lighter or darker in its own hue, that reads on every ground."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in colour))
    end = 1.0 if lighter else 0.0
    for percent in range(0, 101, 2):
        moved = colorsys.hls_to_rgb(hue, lightness + (end - lightness) * percent / 100, saturation)
        red, green, blue = (round(channel * 255) for channel in moved)
        if min(contrast((red, green, blue), ground) for ground in grounds) >= ENOUGH:
            return red, green, blue
    return (255, 255, 255) if lighter else (0, 0, 0)


def accents(text: str) -> tuple[str, str] | None:
    """The accent for light and for dark pages; None when the dealer has no colour that can be read as one."""
    colour = parsed(text)
    if colour is None:
        return None
    light = readable(colour, grounds=LIGHT_GROUNDS, lighter=False)
    return written(light), written(readable(colour, grounds=DARK_GROUNDS, lighter=True))


def _luminance(colour: Rgb) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
