"""Printers that answer: the fast responder in C where its source and a compiler are, otherwise the project's own."""

from __future__ import annotations

import ipaddress
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.figures import CannotMeasure
from econcierge_printers.mib import oids
from econcierge_printers.snmp import codec

TOOLS = Path(__file__).resolve().parents[2] / "shared" / "tools"
READY_S = 20.0
IN_C = "printerfarm (C, one socket)"
OWN = "econcierge_virtual.printers.responder"


@dataclass
class Farm:
    """A running responder. `asked` is how many questions it had, known once it was stopped; our first ones excluded."""

    port: int
    kind: str
    probes: int = 0
    asked: int | None = field(default=None)


def addresses(network: str, count: int) -> list[str]:
    """So many hosts of a loopback network, spread over it evenly."""
    block = ipaddress.ip_network(network)
    step = max(1, (block.num_addresses - 2) // count)
    return [str(block[1 + step * number]) for number in range(count)]


@contextmanager
def running(hosts: Sequence[str]) -> Iterator[Farm]:
    """Answers SNMP on every one of `hosts` (loopback), all on one port, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="bench-farm-") as name:
        folder = Path(name)
        (folder / "hosts").write_text("\n".join(hosts) + "\n")
        port = _free_port()
        kind, command = _command(folder, port)
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        farm = Farm(port, kind)
        try:
            _wait_until_it_answers(farm, child, hosts[-1])
            yield farm
        finally:
            child.terminate()
            _, said = child.communicate(timeout=10)
            total = re.search(r"requests=(\d+)", said)
            farm.asked = int(total[1]) - farm.probes if total else None


def _command(folder: Path, port: int) -> tuple[str, list[str]]:
    compiler = shutil.which("gcc")
    if compiler is None or not (TOOLS / "printerfarm.c").exists():
        return OWN, [sys.executable, "-m", "bench.own_farm", str(port), str(folder / "hosts")]
    built, table = folder / "printerfarm", folder / "table"
    subprocess.run([compiler, "-O2", "-w", "-o", built, TOOLS / "printerfarm.c"], check=True)
    with table.open("w") as output:
        subprocess.run([sys.executable, TOOLS / "mktable.py"], stdout=output, check=True)
    return IN_C, [str(built), str(port), str(table), str(folder / "hosts")]


def _wait_until_it_answers(farm: Farm, child: subprocess.Popen[str], host: str) -> None:
    question = codec.request(
        version=codec.Version.V2C, community=b"public", kind=codec.PduKind.GET, request_id=1, oids=[oids.SYS_DESCR]
    )
    deadline = time.monotonic() + READY_S
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(0.1)
        while time.monotonic() < deadline and child.poll() is None:
            asking.sendto(codec.encode(question), (host, farm.port))
            try:
                asking.recv(2048)
            except TimeoutError:
                continue
            farm.probes = 1
            return
    raise CannotMeasure(f"{farm.kind} did not answer within {READY_S:g} s")


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
