"""Reads and writes `.snmprec` recordings: `OID|TAG|VALUE` per line, a BER tag, `x` marks hexadecimal values.

A recording may be damaged or partial: a line that cannot be read is named with its reason, the rest is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from econcierge_printers.errors import PrinterError
from econcierge_printers.snmp import values
from econcierge_printers.snmp.values import Oid, Tag, Value

_TAGS = {int(tag): tag for tag in Tag}


@dataclass(frozen=True, slots=True)
class Recording:
    """What a device once said, sorted by OID, and the lines that could not be read."""

    objects: Mapping[Oid, Value]
    problems: tuple[str, ...] = ()


def read_file(path: Path) -> Recording:
    try:
        return parse(path.read_bytes(), name=str(path))
    except OSError as error:
        raise PrinterError(str(path), "recording", error.strerror or str(error), permanent=True) from error


def parse(data: bytes, *, name: str) -> Recording:
    """`name` is used in the problems: `name:line: why`. Of a repeated OID the last line counts."""
    objects: dict[Oid, Value] = {}
    problems = []
    for number, raw in enumerate(data.split(b"\n"), start=1):
        line = raw.removesuffix(b"\r")
        if not line.strip() or line.startswith(b"#"):
            continue
        try:
            oid, value = _parse_line(line)
        except ValueError as error:
            problems.append(f"{name}:{number}: {error}")
        else:
            objects[oid] = value
    return Recording(dict(sorted(objects.items())), tuple(problems))


def format_lines(objects: Mapping[Oid, Value]) -> str:
    """The recording's text, sorted by OID; octets that are no plain text in hexadecimal."""
    return "".join(f"{values.format_oid(oid)}|{_format_value(value)}\n" for oid, value in sorted(objects.items()))


def _format_value(value: Value) -> str:
    tag, held = value
    if isinstance(held, bytes):
        is_plain = tag is Tag.OCTET_STRING and held.isascii() and held.decode("ascii").isprintable()
        return f"{tag:d}|{held.decode('ascii')}" if is_plain else f"{tag:d}x|{held.hex()}"
    if isinstance(held, tuple):
        return f"{tag:d}|{values.format_oid(held)}"
    return f"{tag:d}|{'' if held is None else held}"


def _parse_line(line: bytes) -> tuple[Oid, Value]:
    fields = line.split(b"|", 2)
    if len(fields) != 3:
        raise ValueError("not OID|TAG|VALUE")
    oid = values.parse_oid(fields[0].decode("latin-1"))
    return oid, _parse_value(fields[1].decode("latin-1"), fields[2])


def _parse_value(tag_text: str, text: bytes) -> Value:
    number = tag_text.removesuffix("x")
    tag = _TAGS.get(int(number)) if number.isascii() and number.isdigit() and len(number) < 5 else None
    if tag is None:
        raise ValueError(f"unknown tag {tag_text[:20]!r}")
    if tag_text.endswith("x"):
        return _from_octets(tag, bytes.fromhex(text.decode("latin-1")))
    return _from_text(tag, text)


def _from_octets(tag: Tag, octets: bytes) -> Value:
    if tag not in values.OCTET_TAGS:
        raise ValueError(f"a hexadecimal value for {tag.name}")
    return Value(tag, octets)


def _from_text(tag: Tag, text: bytes) -> Value:
    if tag in values.EMPTY_TAGS:
        return Value(tag, None)
    if tag is Tag.OID:
        return Value(tag, values.parse_oid(text.decode("latin-1")))
    if tag is Tag.IP_ADDRESS:
        return Value(tag, _ip_address(text))
    if tag in values.OCTET_TAGS:
        return Value(tag, text)
    return Value(tag, _number(tag, text))


def _number(tag: Tag, text: bytes) -> int:
    if len(text) > 21:  # 64 bits are 20 digits and a sign
        raise ValueError("a number of more than 64 bits")
    if not text.strip().lstrip(b"-").isdigit():
        raise ValueError(f"not a number: {text.decode('latin-1')!r}")
    number = int(text)
    low, high = (0, 2**64 - 1) if tag in values.UNSIGNED_TAGS else (-(2**63), 2**63 - 1)
    if not low <= number <= high:
        raise ValueError(f"{number} is out of range for {tag.name}")
    return number


def _ip_address(text: bytes) -> bytes:
    """`10.0.0.1`; some recorders wrote the four octets themselves."""
    parts = text.split(b".")
    if len(parts) == 4 and all(part.isdigit() and len(part) < 4 for part in parts):
        return bytes(int(part) for part in parts)
    if len(text) == 4:
        return text
    raise ValueError("not an IP address")
