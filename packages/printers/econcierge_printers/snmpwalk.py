"""Reads what `snmpwalk -On` printed: `.OID = TYPE: value`, texts and hexadecimal octets over several lines too.

As with `.snmprec`, a line that cannot be read is named with its reason and the rest is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from econcierge_printers.errors import PrinterError
from econcierge_printers.snmp import values
from econcierge_printers.snmp.values import Oid, Tag, Value
from econcierge_printers.snmprec import Recording

_BEGINS = re.compile(rb"^(\.|iso\.)(\d[\d.]*) = (.*)$", re.DOTALL)
_NUMBER_IN = re.compile(rb"^(?:[^\d\s(-]*\()?\s*(-?\d{1,20})\b")
_ESCAPED = re.compile(rb'\\(["\\])')
_NOTHING = (b"No Such Object", b"No Such Instance", b"No more variables", b"NULL")
_WRONG_TYPE = re.compile(rb"^Wrong Type \([^)]*\): ")


def read_file(path: Path) -> Recording:
    try:
        return parse(path.read_bytes(), name=str(path))
    except OSError as error:
        raise PrinterError(str(path), "recording", error.strerror or str(error), permanent=True) from error


def parse(data: bytes, *, name: str) -> Recording:
    """`name` is used in the problems: `name:line: why`. Of a repeated OID the last one counts."""
    objects: dict[Oid, Value] = {}
    problems = []
    for number, text in _entries(data):
        try:
            oid, value = _parse_entry(text)
        except ValueError as error:
            problems.append(f"{name}:{number}: {error}")
        else:
            if value is not None:
                objects[oid] = value
    return Recording(dict(sorted(objects.items())), tuple(problems))


def _entries(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each with the lines that continue it, and the number of its first."""
    first, lines = 0, list[bytes]()
    for number, line in enumerate(data.replace(b"\r\n", b"\n").split(b"\n"), start=1):
        if _BEGINS.match(line) or (not lines and line.strip()):
            if lines:
                yield first, b"\n".join(lines)
            first, lines = number, [line]
        elif lines:
            lines.append(line)
    if lines:
        yield first, b"\n".join(lines)


def _parse_entry(text: bytes) -> tuple[Oid, Value | None]:
    found = _BEGINS.match(text)
    if found is None:
        raise ValueError("not `.OID = TYPE: value`")
    oid = found[2].decode() if found[1] == b"." else f"1.{found[2].decode()}"
    return values.parse_oid(oid), _parse_value(_WRONG_TYPE.sub(b"", found[3]))


def _parse_value(text: bytes) -> Value | None:
    """None where the agent said that there is nothing."""
    if text.startswith(_NOTHING):
        return None
    kind, colon, rest = text.partition(b": ")
    if not colon:
        kind, colon, rest = text.partition(b":")
    reader = _READERS.get(kind.strip())
    if reader is not None and colon:
        return reader(rest)
    if text.lstrip().startswith(b'"'):
        return _string(text)
    raise ValueError(f"unknown type {kind[:20].decode('latin-1')!r}")


def _string(text: bytes) -> Value:
    """In quotes, which may end lines further down; without them where a MIB was loaded."""
    stripped = text.rstrip(b"\n ")
    if stripped.startswith(b'"') and stripped.endswith(b'"') and len(stripped) > 1:
        return Value(Tag.OCTET_STRING, _ESCAPED.sub(rb"\1", stripped[1:-1]))
    return Value(Tag.OCTET_STRING, text.rstrip(b"\n"))


def _hex(text: bytes) -> Value:
    octets = re.match(rb"(?:\s*[0-9A-Fa-f]{2}\b)*", text)
    return Value(Tag.OCTET_STRING, bytes.fromhex(octets[0].decode() if octets else ""))


def _of(tag: Tag) -> Callable[[bytes], Value]:
    low, high = (0, 2**64 - 1) if tag in values.UNSIGNED_TAGS else (-(2**63), 2**63 - 1)

    def number(text: bytes) -> Value:
        found = _NUMBER_IN.match(text.strip())
        if found is None or not low <= int(found[1]) <= high:
            raise ValueError(f"not a number of {tag.name}: {text[:40].decode('latin-1')!r}")
        return Value(tag, int(found[1]))

    return number


def _oid(text: bytes) -> Value:
    return values.object_identifier(text.decode("latin-1").strip().replace("iso.", "1.", 1))


def _ip_address(text: bytes) -> Value:
    parts = [int(part) for part in text.strip().split(b".") if part.isdigit()]
    if len(parts) != 4 or max(parts) > 255:
        raise ValueError("not an IP address")
    return Value(Tag.IP_ADDRESS, bytes(parts))


def _network_address(text: bytes) -> Value:
    octets = bytes.fromhex(text.decode("latin-1").replace(":", " "))
    if len(octets) != 4:
        raise ValueError("not a network address")
    return Value(Tag.IP_ADDRESS, octets)


_READERS: dict[bytes, Callable[[bytes], Value]] = {
    b"STRING": _string,
    b"Hex-STRING": _hex,
    b"BITS": _hex,
    b"INTEGER": _of(Tag.INTEGER),
    b"Integer32": _of(Tag.INTEGER),
    b"Counter32": _of(Tag.COUNTER32),
    b"Counter64": _of(Tag.COUNTER64),
    b"Gauge32": _of(Tag.GAUGE32),
    b"Unsigned32": _of(Tag.GAUGE32),
    b"UInteger32": _of(Tag.UINTEGER32),
    b"Timeticks": _of(Tag.TIME_TICKS),
    b"OID": _oid,
    b"IpAddress": _ip_address,
    b"Network Address": _network_address,
}
