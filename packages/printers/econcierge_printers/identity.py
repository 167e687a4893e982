"""Which device this is, whatever its address: serial number, else network card, else model and host name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from econcierge_printers.model import Identity

# What makers write where there is no serial number, upper case, letters and digits only
_PLACEHOLDERS = frozenset(
    {"UNKNOWN", "NONE", "NA", "NULL", "DEFAULT", "NOTSET", "NOTAVAILABLE", "NOTAPPLICABLE", "NOTDEFINED", "NOTFOUND"}
    | {"PRIVATE", "SERIAL", "SERIALNUMBER", "NOSERIAL", "NOSERIALNUMBER", "INVALID", "EMPTY", "UNDEFINED", "DUMMY"}
    | {"0123456789", "9876543210", "TOBEFILLEDBYOEM", "SYSTEMSERIALNUMBER"}
)
_NO_HOSTNAME = frozenset({"localhost", "unknown", "none", "printer", "<private>"})
_COUNTED_UP = "1234567"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ONE_CHARACTER = re.compile(r"^(.)\1*$")
_NOTHING_BUT_NOUGHTS = re.compile(r"^[0X*?#.\-]*$")
_MIN_SERIAL_CHARACTERS = 4
_MIN_STEM_CHARACTERS = 6


class KeyKind(StrEnum):
    SERIAL = "serial"
    MAC = "mac"
    UUID = "uuid"
    MODEL_HOSTNAME = "model_hostname"


@dataclass(frozen=True, slots=True)
class PrinterKey:
    kind: KeyKind
    value: str


class Verdict(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"  # a person decides


@dataclass(frozen=True, slots=True)
class Sameness:
    """Whether two identities are one device; `reasons` in the order of their weight, words such as `mac_equal`."""

    verdict: Verdict
    reasons: tuple[str, ...]


def printer_key(identity: Identity) -> PrinterKey | None:
    """The strongest key that an identity has; None when only its address tells it from others."""
    serial, mac = normal_serial(identity.serial), normal_mac(identity.mac)
    if serial:
        return PrinterKey(KeyKind.SERIAL, serial)
    if mac:
        return PrinterKey(KeyKind.MAC, mac)
    if universal := normal_uuid(identity.uuid):
        return PrinterKey(KeyKind.UUID, universal)
    if identity.model and identity.hostname:
        return PrinterKey(KeyKind.MODEL_HOSTNAME, f"{identity.model} {identity.hostname}".upper())
    return None


def same_device(a: Identity, b: Identity) -> Sameness:
    """One device only by two keys that agree and none that contradicts (P16, P18, P19); the address is no key.

    A serial number that differs is stronger than a network card that is the same: cards move. A network card that
    differs says nothing: devices have two; but then names alone do not make one device.
    """
    agreeing, contradicting = _compare(a, b)
    if "serial_differs" in contradicting:
        moved = {"mac_equal", "model_equal", "hostname_equal"} <= set(agreeing)
        return Sameness(Verdict.UNSURE if moved else Verdict.DIFFERENT, (*contradicting, *agreeing))
    if contradicting:
        strong = {"serial_equal", "mac_equal", "uuid_equal"} & set(agreeing)
        return Sameness(Verdict.UNSURE if strong else Verdict.DIFFERENT, (*contradicting, *agreeing))
    two_names_alone = agreeing[:1] == ("hostname_equal",) and bool(normal_mac(a.mac) and normal_mac(b.mac))
    if len(agreeing) >= 2 and not two_names_alone:
        return Sameness(Verdict.SAME, agreeing)
    return Sameness(Verdict.UNSURE, agreeing)


def normal_serial(serial: str | None) -> str | None:
    """Upper case without spaces; None for what makers write where there is no serial number (P17)."""
    bare = re.sub(r"\s+", "", serial or "").strip("\0").upper()
    letters = re.sub(r"[^0-9A-Z_]", "", bare)
    if len(bare) < _MIN_SERIAL_CHARACTERS or letters in _PLACEHOLDERS or bare.startswith(_COUNTED_UP):
        return None
    if _ONE_CHARACTER.match(bare) or _NOTHING_BUT_NOUGHTS.match(bare):
        return None
    return bare


def serial_stem(serial: str | None) -> str | None:
    """What stays the same however a device is asked: without the zeros before or the `00` after it that one way of
    asking adds (P16). No key of its own: two devices are one only if something else agrees too.
    """
    normal = normal_serial(serial)
    if normal is None:
        return None
    stem = normal.lstrip("0").removesuffix("00")
    return stem if len(stem) >= _MIN_STEM_CHARACTERS else normal


def normal_mac(mac: str | bytes | None) -> str | None:
    """`3c:2a:f4:bf:f5:1b` from octets or any usual text; None for none, all zeros or all ones."""
    digits = mac.hex() if isinstance(mac, bytes) else re.sub(r"[\s:.\-]", "", mac or "").lower()
    if not re.fullmatch(r"[0-9a-f]{12}", digits) or digits in ("0" * 12, "f" * 12):
        return None
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


def normal_uuid(text: str | None) -> str | None:
    """`cfe92100-67c4-11d4-a45f-f8d027761251` from a URN or bare; None for what is no UUID, and for the nil one."""
    digits = (text or "").strip().lower().removeprefix("urn:uuid:")
    return digits if _UUID.fullmatch(digits) and digits.strip("0-") else None


def _compare(a: Identity, b: Identity) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What agrees and what contradicts, strongest first; what one of them lacks is neither."""
    agreeing, contradicting = [], []
    serials = normal_serial(a.serial), normal_serial(b.serial)
    if all(serials):
        if serials[0] == serials[1]:
            agreeing.append("serial_equal")
        elif serial_stem(a.serial) == serial_stem(b.serial):
            agreeing.append("serial_equal_but_for_zeros")
        else:
            contradicting.append("serial_differs")
    macs = normal_mac(a.mac), normal_mac(b.mac)
    if all(macs) and macs[0] == macs[1]:
        agreeing.append("mac_equal")
    uuids = normal_uuid(a.uuid), normal_uuid(b.uuid)
    if all(uuids) and uuids[0] == uuids[1]:
        agreeing.append("uuid_equal")
    hostnames = _word(a.hostname), _word(b.hostname)
    if all(hostnames) and hostnames[0] == hostnames[1]:
        agreeing.append("hostname_equal")
    models = _model(a.model), _model(b.model)
    if all(models) and _is_one_model(*models):
        agreeing.append("model_equal")
    elif all(models):
        contradicting.append("model_differs")
    return tuple(agreeing), tuple(contradicting)


def _word(text: str | None) -> str:
    """A host name without its domain; empty for those that many printers carry."""
    word = (text or "").partition(".")[0].strip().casefold()
    return "" if word in _NO_HOSTNAME else word


def _model(text: str | None) -> str:
    return re.sub(r"[^0-9a-z+]", "", (text or "").casefold())


def _is_one_model(one: str, other: str) -> bool:
    """Names from SNMP and from IPP differ in what follows: `VersaLink C405` and `VersaLink C405 Color MFP`."""
    return one.startswith(other) or other.startswith(one)
