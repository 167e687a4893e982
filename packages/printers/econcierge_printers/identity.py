"""Which device this is, whatever its address: serial number, else network card, else model and host name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from econcierge_printers.model import Identity

_PLACEHOLDERS = frozenset(
    {"1234567890", "12345678", "123456789", "1234567890000", "0123456789", "UNKNOWN", "NONE", "N/A", "NA", "NULL"}
    | {"DEFAULT", "NOTSET", "NOTAVAILABLE", "<PRIVATE>", "SERIALNUMBER"}
)
_ONE_CHARACTER = re.compile(r"^(.)\1*$")
_NOTHING_BUT_NOUGHTS = re.compile(r"^[0X*?#.\-]*$")
_MIN_SERIAL_CHARACTERS = 4


class KeyKind(StrEnum):
    SERIAL = "serial"
    MAC = "mac"
    MODEL_HOSTNAME = "model_hostname"


@dataclass(frozen=True, slots=True)
class PrinterKey:
    kind: KeyKind
    value: str


def printer_key(identity: Identity) -> PrinterKey | None:
    """The strongest key that an identity has; None when only its address tells it from others."""
    serial, mac = normal_serial(identity.serial), normal_mac(identity.mac)
    if serial:
        return PrinterKey(KeyKind.SERIAL, serial)
    if mac:
        return PrinterKey(KeyKind.MAC, mac)
    if identity.model and identity.hostname:
        return PrinterKey(KeyKind.MODEL_HOSTNAME, f"{identity.model} {identity.hostname}".upper())
    return None


def normal_serial(serial: str | None) -> str | None:
    """Upper case without spaces; None for what makers write where there is no serial number."""
    bare = re.sub(r"\s+", "", serial or "").strip("\0").upper()
    if len(bare) < _MIN_SERIAL_CHARACTERS or bare in _PLACEHOLDERS:
        return None
    if _ONE_CHARACTER.match(bare) or _NOTHING_BUT_NOUGHTS.match(bare):
        return None
    return bare


def normal_mac(mac: str | bytes | None) -> str | None:
    """`3c:2a:f4:bf:f5:1b` from octets or any usual text; None for none, all zeros or all ones."""
    digits = mac.hex() if isinstance(mac, bytes) else re.sub(r"[\s:.\-]", "", mac or "").lower()
    if not re.fullmatch(r"[0-9a-f]{12}", digits) or digits in ("0" * 12, "f" * 12):
        return None
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))
