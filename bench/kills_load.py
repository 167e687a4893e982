"""Assistants that deliver whatever happens: a report goes out again under its id until it is acknowledged.

Every reading is news, and tells what it has to cause once: a level, a new cartridge, an episode, a notice.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bench import load
from econcierge_printers import model, wire

STEPS = (84, 63, 42, 19, 4)  # percent, the levels of a cartridge's life: low at the fourth, almost empty at the fifth
LOW, ALMOST_EMPTY = 3, 4
PRINTERS = len(STEPS)  # of an assistant, each a step behind the one before: every report has news that people hear of
EVERY = timedelta(minutes=15)
PAUSE_S = 0.5  # between an acknowledgement and the next report
ASK_S = 15.0
AGAIN_AFTER_S = 0.2

Effect = tuple[str, ...]  # what has to be there exactly once


@dataclass
class Assistant:
    """One assistant with its printers; `caused` and what follows grow while it delivers."""

    number: int
    token: str
    port: int
    chance: random.Random
    began_at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0) - timedelta(days=20))
    caused: Counter[Effect] = field(default_factory=Counter)
    reports: int = 0
    known_already: int = 0  # acknowledged as a repeat: the first answer was lost
    answers: Counter[int] = field(default_factory=Counter)  # other than 200, by status
    waited_s: list[float] = field(default_factory=list)  # from the first attempt to the acknowledgement

    def deliver(self, stop: threading.Event) -> None:
        """Until told to stop; what was begun then is still delivered."""
        while not stop.wait(PAUSE_S):
            body, effects = self._report(visit=self.reports)
            began = time.monotonic()
            self._until_acknowledged(body)
            self.waited_s.append(time.monotonic() - began)
            self.caused.update(effects)
            self.reports += 1

    def _until_acknowledged(self, body: bytes) -> None:
        while True:
            try:
                status, answer = self._post(body)
            except (OSError, http.client.HTTPException):
                time.sleep(AGAIN_AFTER_S)
                continue
            if status == 200:
                self.known_already += json.loads(answer)["duplicate"]
                return
            self.answers[status] += 1
            time.sleep(AGAIN_AFTER_S)

    def _post(self, body: bytes) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ASK_S)
        try:
            head = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
            connection.request("POST", load.PATH, body, head)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def _report(self, *, visit: int) -> tuple[bytes, list[Effect]]:
        message_id = uuid.UUID(int=self.chance.getrandbits(128), version=4)
        effects: list[Effect] = [("report", str(message_id))]
        readings = []
        for printer in range(PRINTERS):
            reading, caused = self._reading(printer, visit)
            readings.append(reading)
            effects += caused
        if any(effect[0] in ("low", "almost_empty") for effect in effects):
            effects.append(("notice", str(message_id)))
        report = wire.Report(message_id, datetime.now(UTC), tuple(readings))
        return json.dumps(wire.report_to_json(report)).encode(), effects

    def _reading(self, printer: int, visit: int) -> tuple[model.Reading, list[Effect]]:
        serial, at = f"K{self.number:02d}P{printer}", self.began_at + visit * EVERY
        life, step = divmod(visit - printer, PRINTERS)
        before = life < 0  # its first cartridge is there already and hardly used
        percent = 99 - visit if before else STEPS[step]
        cartridge = f"{serial}C{life + 1:05d}"
        caused: list[Effect] = [("level", serial, at.isoformat(), str(percent))]
        if visit == 0 or (step == 0 and not before):
            caused.append(("cartridge", cartridge))
        if not before and step in (LOW, ALMOST_EMPTY):
            caused.append(("low" if step == LOW else "almost_empty", cartridge))
        return _said(serial, cartridge, percent=percent, pages=1_000 + 50 * visit, at=at), caused


def _said(serial: str, cartridge: str, *, percent: int, pages: int, at: datetime) -> model.Reading:
    toner = model.Supply(
        index="1.1",
        kind=model.SupplyKind.TONER,
        colour="black",
        supply_class=model.SupplyClass.CONSUMED,
        description="Cartouche de toner black, PN 106R03512",
        part_number="106R03512",
        serial=cartridge,
        unit="percent",
        raw_capacity=100,
        raw_level=percent,
        state=model.LevelState.MEASURED,
        percent=float(percent),
    )
    return model.Reading(
        read_at=at,
        target="10.0.0.7",
        protocol="snmp-2c",
        identity=model.Identity(manufacturer="Xerox", model="VersaLink C405", serial=serial),
        status=model.Status(model.PrinterState.IDLE, (), ()),
        counters=model.Counters(pages, "impressions"),
        supplies=(toner,),
    )
