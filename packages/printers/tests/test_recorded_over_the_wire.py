"""What is asked of a device is all that its reading needs: recordings served by an agent read as they decode (G01)."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from econcierge_printers import read, snmprec
from econcierge_printers.mib import decode, oids
from econcierge_printers.mib.vendors.base import private
from econcierge_printers.model import Reading
from econcierge_printers.snmp import values
from econcierge_printers.snmp.client import SnmpClient
from econcierge_printers.snmp.codec import Version
from econcierge_printers.targets import Target

pytestmark = pytest.mark.corpus
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
EXCERPTS = {"brother": 2435, "epson": 1248, "ricoh": 367, "lexmark": 641, "kyocera": 1347, "oki": 2001, "xerox": 253}
Start = Callable[..., "asyncio.Future[Target]"]


async def over_the_wire(target: Target, version: Version) -> Reading:
    async with SnmpClient(timeout_s=2.0) as client:
        return await read.read_printer(client, target, version=version, clock=lambda: NOW)


@pytest.mark.parametrize("version", [Version.V1, Version.V2C], ids=["v1", "v2c"])
async def test_recorded_devices_read_as_they_decode(
    corpus: Path, start_agent: Start, agent_class: type, version: Version
) -> None:
    compared = 0
    for path in sorted(corpus.rglob("*.snmprec")):
        objects = dict(snmprec.read_file(path).objects)
        maker = next((number for word, number in EXCERPTS.items() if word in str(path.relative_to(corpus))), None)
        if maker:  # no device leaves sysObjectID out, excerpts do
            objects.setdefault(oids.SYS_OBJECT_ID, values.object_identifier(private(maker, 1)))
        target = await start_agent(agent_class(objects))
        found = await over_the_wire(target, version)
        whole = decode.reading(objects, target=str(target), read_at=NOW, protocol=found.protocol)
        assert dataclasses.asdict(found) == dataclasses.asdict(whole), path.stem
        compared += 1
    assert compared >= 50
