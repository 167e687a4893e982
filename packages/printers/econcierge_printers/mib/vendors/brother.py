"""Brother: what the standard table leaves at "some remains" stands in octet strings of its own.

Each is a list of (tag, 01, length, value big-endian), ended by FF. `maintenance` holds lives in hundredths of percent,
`counters` pages, `next care` the pages left until a part is due; the same tag means other things in each.
Not all have length 4: HL-5350DN gives states of one octet, MFC-5490CN pairs (level, capacity).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

from econcierge_printers.mib import alerts, join, levels
from econcierge_printers.mib.objects import Objects
from econcierge_printers.mib.vendors.base import Vendor, counted, private, told
from econcierge_printers.model import LevelState, Reading, Supply, SupplyClass, SupplyKind
from econcierge_printers.snmp.values import Oid

_INFO: Oid = private(2435, 2, 3, 9, 4, 2, 1, 5, 5)
_MAINTENANCE: Oid = (*_INFO, 8, 0)
_COUNTERS: Oid = (*_INFO, 10, 0)
_NEXT_CARE: Oid = (*_INFO, 11, 0)
_CONSOLE: Oid = private(2435, 2, 3, 9, 4, 2, 1, 5, 4, 5, 2, 0)
_END = 0xFF
_TOTAL, _BLACK, _COLOUR = 0x00, 0x01, 0x02
_MOST_CODES = 3
_PERCENTAGE_OCTETS = 2  # a shorter value is a state, not a life
_INKJET = re.compile(r"\b(?:DCP|MFC|HL)-[JT]\d", re.IGNORECASE)
_CARTRIDGES = (  # colour, then tags: life in hundredths of a percent, in tens of percent, (level, capacity)
    ("black", 0x6F, 0x81, 0xA1),
    ("cyan", 0x70, 0x82, 0xA2),
    ("magenta", 0x71, 0x83, 0xA3),
    ("yellow", 0x72, 0x84, 0xA4),
)
_PARTS = (  # kind, colour, words, tag of its life, tag of the pages left, tag of the pages done
    (SupplyKind.DRUM, None, "Drum Unit", 0x41, 0x82, 0x11),
    (SupplyKind.DRUM, "cyan", "Cyan Drum Unit", 0x79, None, None),
    (SupplyKind.DRUM, "magenta", "Magenta Drum Unit", 0x7A, None, None),
    (SupplyKind.DRUM, "yellow", "Yellow Drum Unit", 0x7B, None, None),
    (SupplyKind.DRUM, "black", "Black Drum Unit", 0x80, None, None),
    (SupplyKind.TRANSFER_BELT, None, "Belt Unit", 0x69, 0x88, None),
    (SupplyKind.FUSER, None, "Fuser Unit", 0x6A, 0x89, None),
    (SupplyKind.OTHER, None, "Laser Unit", 0x6B, 0x73, None),
    (SupplyKind.MAINTENANCE_KIT, None, "Paper Feeding Kit MP", 0x6C, 0x86, None),
    (SupplyKind.MAINTENANCE_KIT, None, "Paper Feeding Kit 1", 0x6D, 0x77, None),
)
_MARKING = (SupplyKind.TONER, SupplyKind.INK)
_STATES = (  # kinds, colour, tag, what its values say
    (_MARKING, "black", 0x31, {2: alerts.TONER_ALMOST_EMPTY}),
    (_MARKING, "cyan", 0x32, {2: alerts.TONER_ALMOST_EMPTY}),
    (_MARKING, "magenta", 0x33, {2: alerts.TONER_ALMOST_EMPTY}),
    (_MARKING, "yellow", 0x34, {2: alerts.TONER_ALMOST_EMPTY}),
    ((SupplyKind.DRUM,), "black", 0x63, {2: alerts.OPC_NEAR_END, 3: alerts.OPC_AT_END}),
)
Blob = Mapping[int, bytes]


def records(octets: bytes) -> dict[int, bytes]:
    """Tag -> value of one octet string; whatever does not fit ends the reading, nothing is raised."""
    found: dict[int, bytes] = {}
    at = 0
    while at + 3 <= len(octets):
        tag, _, length = octets[at : at + 3]
        value = octets[at + 3 : at + 3 + length]
        if tag == _END or len(value) < length:
            break
        if length:
            found.setdefault(tag, value)
        at += 3 + length
    return found


def refine(reading: Reading, objects: Objects) -> Reading:
    maintenance, care = _blob(objects, _MAINTENANCE), _blob(objects, _NEXT_CARE)
    is_inkjet = bool(_INKJET.search(reading.identity.model or ""))
    cartridges = _cartridges(maintenance, is_inkjet=is_inkjet)
    standard = tuple(map(_without_codes, reading.supplies))
    rows = join.join(standard, cartridges, private_first=True)
    rows = join.join(rows, () if is_inkjet else _parts(maintenance, care))
    reading = _with_counts(dataclasses.replace(reading, supplies=rows), _blob(objects, _COUNTERS))
    return _with_console(_with_states(reading, maintenance), objects)


def _with_states(reading: Reading, maintenance: Blob) -> Reading:
    """States seen: 1 fine, 2 near its end, and of drums 3 at its end. Others are not known and not told."""
    for kinds, colour, tag, codes in _STATES:
        code = codes.get(_number(maintenance.get(tag)) or 0)
        of_it = [row for row in reading.supplies if row.kind in kinds and row.colour in (colour, None)]
        if code and len(of_it) == 1:
            reading = told(reading, of_it[0].index, code)
    return reading


def _without_codes(row: Supply) -> Supply:
    """Levels 0 to 3 of 3 are codes of the standard table's toners, whose meaning differs between models."""
    if row.kind not in _MARKING or not 0 < (row.raw_capacity or 0) <= _MOST_CODES:
        return row
    return dataclasses.replace(row, state=LevelState.UNKNOWN, percent=None)


def _blob(objects: Objects, oid: Oid) -> Blob:
    return records(objects.octets_at(oid) or b"")


def _number(value: bytes | None) -> int | None:
    return None if value is None else int.from_bytes(value, "big")


def _cartridges(maintenance: Blob, *, is_inkjet: bool) -> list[Supply]:
    """The finest of three forms for each colour."""
    rows = []
    for colour, fine, coarse, pair in _CARTRIDGES:
        kind = SupplyKind.INK if is_inkjet or pair in maintenance else SupplyKind.TONER
        words = f"{colour.title()} {'Ink' if kind is SupplyKind.INK else 'Toner'} Cartridge"
        level = next((found for found in (_life(maintenance, fine), _tens(maintenance, coarse)) if found), None)
        level = level or _pair(maintenance, pair)
        if level is not None:
            rows.append(_supply(fine, kind, colour, words, *level))
    return rows


def _parts(maintenance: Blob, care: Blob) -> list[Supply]:
    """Life in percent, else pages left of (pages done + pages left), else pages left alone, of an unknown whole."""
    rows = []
    for kind, colour, words, life, left, done in _PARTS:
        pages_left = None if left is None else _number(care.get(left))
        pages_done = None if done is None else _number(maintenance.get(done))
        found = _life(maintenance, life) or _pages(pages_left, pages_done)
        if found is not None:
            rows.append(_supply(life, kind, colour, words, *found))
    return rows


Level = tuple[int, int | None, str]  # level, capacity, unit


def _life(maintenance: Blob, tag: int) -> Level | None:
    value = maintenance.get(tag, b"")
    return (int.from_bytes(value, "big"), 10_000, "hundredths_of_percent") if len(value) >= _PERCENTAGE_OCTETS else None


def _tens(maintenance: Blob, tag: int) -> Level | None:
    number = _number(maintenance.get(tag))
    return None if number is None else (number, 100, "percent")


def _pair(maintenance: Blob, tag: int) -> Level | None:
    value = maintenance.get(tag, b"")
    return (value[0], value[1], "unknown") if len(value) == 2 else None


def _pages(left: int | None, done: int | None) -> Level | None:
    if left is None:
        return None
    return left, None if done is None else left + done, "impressions"


def _supply(
    tag: int, kind: SupplyKind, colour: str | None, words: str, level: int, capacity: int | None, unit: str
) -> Supply:
    state, percent = levels.judge(capacity=capacity, level=level, unit=None)
    return Supply(
        index=f"brother.{tag:02x}",
        kind=kind,
        colour=colour,
        supply_class=SupplyClass.CONSUMED,
        description=words,
        part_number=None,
        serial=None,
        unit=unit,
        raw_capacity=capacity,
        raw_level=level,
        state=state,
        percent=percent,
        source="brother",
    )


def _with_counts(reading: Reading, counters: Blob) -> Reading:
    total, black, colour = (_number(counters.get(tag)) for tag in (_TOTAL, _BLACK, _COLOUR))
    return counted(reading, total=total, black=black, colour=colour)


def _with_console(reading: Reading, objects: Objects) -> Reading:
    """The console's text, where the standard console is empty."""
    shown = objects.text(_CONSOLE)
    if not shown or reading.status.console:
        return reading
    return dataclasses.replace(reading, status=dataclasses.replace(reading.status, console=(shown,)))


VENDOR = Vendor(
    name="Brother",
    enterprise=2435,
    serials=((*_INFO, 1, 0),),
    firmwares=((*_INFO, 17, 0), private(2435, 2, 4, 3, 1240, 6, 5, 0)),
    ieee1284=(private(2435, 2, 3, 9, 1, 1, 7, 0),),
    never_ask=r"MFC-8[68]60DN",  # they restart (home-assistant/core 52834)
    details=(_MAINTENANCE, _COUNTERS, _NEXT_CARE, _CONSOLE),
    refine=refine,
)
