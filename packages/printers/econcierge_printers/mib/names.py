"""Maker and model from what a device calls itself, in the order of what is most often right."""

from __future__ import annotations

import re

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
    "toshiba": "Toshiba",
    "oki data corp": "OKI",
    "oki": "OKI",
    "utax": "UTAX",
    "triumph-adler": "Triumph-Adler",
    "olivetti": "Olivetti",
    "pantum": "Pantum",
    "zebra technologies": "Zebra",
    "zebra": "Zebra",
    "tsc": "TSC",
    "develop": "Develop",
}
_LONGEST_FIRST = sorted(_BRANDS, key=len, reverse=True)
_BRAND = re.compile(rf"^({'|'.join(map(re.escape, _LONGEST_FIRST))})(?=[ _/;,]|$)", re.IGNORECASE)
_ATTACHED_TO = re.compile(r"^.*\bAttached to (\S+).*$")  # OKI names the network card first
_AFTER_MODEL = re.compile(
    r"\s*[;,].*$|\s+\d+\.\d+ / .*$|\s+(?:version|OS|V\d+\.|Ver\.).*$|\s+series\b.*$|\s*/P$", re.IGNORECASE
)
_NO_MODEL = re.compile(
    r"^(generic\b.*|printer|unknown|<private>|built-in .*|nc-\d+\w*.*|.*print server.*|)$", re.IGNORECASE
)
_SERIAL_IN_TEXT = re.compile(r"\b(?:S/N|SN|Serial(?: Number)?)[\s:=]+(?=[A-Z0-9]*\d)([A-Z0-9]{6,20})\b")


def brand_in(text: str | None) -> str | None:
    found = _BRAND.match(text or "")
    return _BRANDS[found[1].casefold()] if found else None


def model_in(text: str | None) -> str | None:
    """The model's name without its maker, its versions, the word "series"; None when it names none."""
    bare = _AFTER_MODEL.sub("", _BRAND.sub("", _ATTACHED_TO.sub(r"\1", text or "")).strip(" _"))
    bare = _BRAND.sub("", bare).strip()
    return None if _NO_MODEL.match(bare) else bare


def serial_in(text: str | None) -> str | None:
    """A serial number inside a description (Samsung, HP)."""
    found = _SERIAL_IN_TEXT.search(text or "")
    return found[1] if found else None


def ieee1284_fields(device_id: str | None) -> dict[str, str]:
    """`MFG:Xerox;MDL:…;` (IEEE 1284, PWG 5107.2) as upper-case keys and values."""
    pairs = (part.partition(":") for part in (device_id or "")[:MAX_TEXT_CHARACTERS].split(";"))
    return {key.strip().upper(): value.strip() for key, _, value in pairs if value.strip()}
