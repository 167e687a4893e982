"""Maker and model from what a device calls itself, in the order of what is most often right."""

from __future__ import annotations

import re
from functools import lru_cache

from econcierge_printers.limits import MAX_TEXT_CHARACTERS

# As printed on the machine; the first word, or words, of its own description.
_BRANDS = {
    "xerox": "Xerox",
    "fuji xerox": "Fuji Xerox",
    "fujifilm": "Fujifilm",
    "hewlett-packard": "HP",
    "hewlett packard": "HP",
    "hp": "HP",
    "brother": "Brother",
    "canon": "Canon",
    "epson": "Epson",
    "seiko epson": "Epson",
    "kyocera mita": "Kyocera",
    "kyocera": "Kyocera",
    "konica minolta": "Konica Minolta",
    "ricoh": "Ricoh",
    "nrg": "NRG",
    "lanier": "Lanier",
    "savin": "Savin",
    "gestetner": "Gestetner",
    "lexmark": "Lexmark",
    "dell": "Dell",
    "samsung": "Samsung",
    "sharp": "Sharp",
    "toshiba tec": "Toshiba",
    "toshiba": "Toshiba",
    "oki data corp": "OKI",
    "oki": "OKI",
    "ta_utax": "UTAX",
    "utax_ta": "UTAX",
    "utax": "UTAX",
    "ta triumph-adler": "Triumph-Adler",
    "triumph-adler": "Triumph-Adler",
    "olivetti": "Olivetti",
    "pantum": "Pantum",
    "zebra technologies": "Zebra",
    "zebra": "Zebra",
    "tsc": "TSC",
    "sato": "SATO",
    "honeywell": "Honeywell",
    "intermec": "Intermec",
    "datamax": "Datamax",
    "citizen": "Citizen",
    "bixolon": "Bixolon",
    "riso": "RISO",
    "sindoh": "Sindoh",
    "panasonic": "Panasonic",
    "muratec": "Muratec",
    "kodak": "Kodak",
    "tallygenicom": "TallyGenicom",
    "printronix": "Printronix",
    "develop": "Develop",
}
_LONGEST_FIRST = sorted(_BRANDS, key=len, reverse=True)
_BRAND = re.compile(rf"^({'|'.join(map(re.escape, _LONGEST_FIRST))})(?=[ _/;,]|$)", re.IGNORECASE)
_ATTACHED_TO = re.compile(r"^.*\bAttached to (\S+).*$")  # OKI names the network card first
_ATTACHED_TO_REVISION = re.compile(r"\bAttached to \S+ Rev\.(\S+)")
_AFTER_MODEL = re.compile(
    r"\s+\S+\s+[A-Z]{2,3}\d*\.[A-Z\d]{2,4}\.[A-Z]\d+$|"  # Lexmark, Dell: serial number and firmware
    r"\s*[;,].*$|\s+\d+\.\d+ / .*$|\s+(?:version|OS|V\d+\.|Ver\.).*$|\s+series\b.*$|\s*/P$",
    re.IGNORECASE,
)
_NO_MODEL = re.compile(
    r"^(generic\b.*|printer|unknown|<private>|built-in .*|nc-\d+\w*.*|.*print server.*|wired|wireless|)$", re.IGNORECASE
)
_FIRMWARE_IN_TEXT = re.compile(
    r"(?:\bSystem(?: Software)? |\bController |\bESS[ :]?|\bversion |\bFirmware Ver\.|\bOS |\bRev\.|"
    r" (?=\d+\.\d+(?:\.\d+)* / ))(\d[\w.\-]*|[A-Z]{1,4}\d*(?:\.[A-Z\d]+){1,4}|[A-Z])(?=[\s;,]|$)"
)
_SERIAL_IN_TEXT = re.compile(r"\b(?:S/N|SN|Serial(?: Number)?)[\s:=]+(?=[A-Z0-9]*\d)([A-Z0-9]{6,20})\b")


@lru_cache(maxsize=1024)
def brand_in(text: str | None) -> str | None:
    found = _BRAND.match(text or "")
    return _BRANDS[found[1].casefold()] if found else None


@lru_cache(maxsize=1024)
def model_in(text: str | None) -> str | None:
    """The model's name without its maker, its versions, the word "series"; None when it names none."""
    bare = _AFTER_MODEL.sub("", _BRAND.sub("", _ATTACHED_TO.sub(r"\1", text or "")).strip(" _"))
    bare = " ".join(_BRAND.sub("", bare).split())
    return None if _NO_MODEL.match(bare) else bare


@lru_cache(maxsize=1024)
def serial_in(text: str | None) -> str | None:
    """A serial number inside a description (Samsung, HP)."""
    found = _SERIAL_IN_TEXT.search(text or "")
    return found[1] if found else None


def firmware_in(text: str | None) -> str | None:
    """The firmware's version inside a description (Xerox, Lexmark, Samsung, Ricoh, Brother)."""
    attached = _ATTACHED_TO_REVISION.search(text or "")
    found = attached or _FIRMWARE_IN_TEXT.search(text or "")
    return found[1] if found else None


def version(text: str | None) -> str | None:
    """A version without the words that some put before it."""
    return re.sub(r"^Firmware Ver\.\s*", "", text) or None if text else None


def ieee1284_fields(device_id: str | None) -> dict[str, str]:
    """`MFG:Xerox;MDL:…;` (IEEE 1284, PWG 5107.2) as upper-case keys and values."""
    pairs = (part.partition(":") for part in (device_id or "")[:MAX_TEXT_CHARACTERS].split(";"))
    return {key.strip().upper(): value.strip() for key, _, value in pairs if value.strip()}
