"""Splits a supply's description that also carries its part number and its serial number.

Xerox: `Black Toner Cartridge, PN 006R01509;SN1234ABC`, either may be `unknown`. Engines built by Samsung, also under
Xerox's name: `Black Toner Cartridge S/N:CRUM-…` or `Black Toner_S/N_:CRUM-…`. HP: `Black Cartridge HP CF410A`.
Kyocera: nothing but the part number, `TK-8527C`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_PART_AND_SERIAL = re.compile(r"^(?P<name>.*?),?\s*\bPN[ :]\s*(?P<part>[^;,]*)(?:[;,]\s*SN[ :]*(?P<serial>.*))?$")
_SERIAL_ONLY = re.compile(r"^(?P<name>.*?)[ _,;]*\bS/N[_ ]*:(?P<serial>.*)$")
_PART_LAST = re.compile(r"\bHP ([A-Z]{1,2}\d{3,4}[A-Z]{1,2})\b")
_PART_ONLY = re.compile(r"^[A-Z]{2,3}-\d{2,5}[A-Z]{0,2}(?:-[A-Z\d]{1,3})?$")
_NOTHING = frozenset({"", "unknown", "n/a", "none", "-"})


@dataclass(frozen=True, slots=True)
class Label:
    name: str
    part_number: str | None = None
    serial: str | None = None


@lru_cache(maxsize=1024)
def split(description: str) -> Label:
    found = _PART_AND_SERIAL.match(description)
    if found:
        return Label(found["name"].strip(" ,;"), _stated(found["part"]), _stated(found["serial"]))
    found = _SERIAL_ONLY.match(description.replace("_S/N_:", " S/N:"))
    if found:
        return Label(found["name"].strip(" ,;_"), None, _stated(found["serial"]))
    last = _PART_LAST.search(description)
    if last:
        return Label(description, last[1])
    return Label(description, description if _PART_ONLY.match(description) else None)


def _stated(text: str | None) -> str | None:
    stripped = (text or "").strip(" ;,")
    return None if stripped.casefold() in _NOTHING else stripped
