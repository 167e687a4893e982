"""Reports as an assistant delivers them, made beforehand: printers print, toner goes down a point at a time."""

from __future__ import annotations

import gzip
import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from econcierge_printers import model, wire

EVERY = timedelta(minutes=15)
PAGES_A_VISIT = 12
VISITS_A_POINT = 4  # each toner loses a point every so many visits
COLOURS = (("black", "106R03512"), ("cyan", "106R03514"), ("magenta", "106R03515"), ("yellow", "106R03513"))
COMPRESSION = 6  # as the monitoring service's uplink


@dataclass(frozen=True, slots=True)
class Fleet:
    """So many printers behind one assistant; `name` is in their serials."""

    name: str
    size: int
    began_at: datetime

    def readings(self, *, from_visit: int = 0) -> Iterator[model.Reading]:
        """Every printer in turn, then every printer again a quarter of an hour later, without end."""
        visit = from_visit
        while True:
            for number in range(self.size):
                yield self._reading(number, visit)
            visit += 1

    def _reading(self, number: int, visit: int) -> model.Reading:
        serial = f"{self.name}{number:05d}"
        return model.Reading(
            read_at=self.began_at + visit * EVERY,
            target=f"10.{number // 62_500}.{number // 250 % 250}.{number % 250 + 1}",
            protocol="snmp-2c",
            identity=model.Identity(
                manufacturer="Xerox",
                model="VersaLink C405",
                serial=serial,
                hostname=f"xrx-{serial.lower()}",
                sys_object_id="1.3.6.1.4.1.253.8.62.1.35.8.1.1",
                sys_descr="Xerox VersaLink C405 MFP; System 68.65.51, Controller 1.65.51",
            ),
            status=model.Status(model.PrinterState.IDLE, (), ("Prête",)),
            counters=model.Counters(20_000 + 37 * number + PAGES_A_VISIT * visit, "impressions"),
            supplies=tuple(_toner(number, visit, nth) for nth in range(len(COLOURS))),
            trays=(model.Tray("1.1", "Magasin 1", 550, 300, model.LevelState.MEASURED, 54.5),),
        )


def _toner(number: int, visit: int, nth: int) -> model.Supply:
    """From 12 to 99 % at the beginning: one toner in ten is at 20 % or below."""
    colour, part = COLOURS[nth]
    used = (visit + number + nth) // VISITS_A_POINT - (number + nth) // VISITS_A_POINT
    percent = max(1, 12 + (number * 29 + nth * 41) % 88 - used)
    return model.Supply(
        index=f"1.{nth + 1}",
        kind=model.SupplyKind.TONER,
        colour=colour,
        supply_class=model.SupplyClass.CONSUMED,
        description=f"Cartouche de toner {colour}, PN {part}",
        part_number=part,
        serial=f"C{number:06d}{nth}",
        unit="percent",
        raw_capacity=100,
        raw_level=percent,
        state=model.LevelState.MEASURED,
        percent=float(percent),
    )


def bodies(readings: Iterator[model.Reading], *, size: int, count: int, sent_at: datetime) -> list[bytes]:
    """So many reports of `size` readings each, as gzip, each with an id of its own."""
    return [_body([next(readings) for _ in range(size)], sent_at) for _ in range(count)]


def _body(readings: Sequence[model.Reading], sent_at: datetime) -> bytes:
    report = wire.Report(uuid.uuid4(), sent_at, tuple(readings))
    return gzip.compress(json.dumps(wire.report_to_json(report)).encode(), compresslevel=COMPRESSION)
