"""net-snmp as a real peer: our client reads its agent in v1, v2c and v3; its commands read our virtual printers."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from econcierge_printers import read
from econcierge_printers.errors import PrinterError
from econcierge_printers.snmp import choose, client, values
from econcierge_printers.snmp.codec import Version
from econcierge_printers.snmp.credentials import AuthProtocol, PrivProtocol, User
from econcierge_printers.targets import Target
from econcierge_virtual.printers import agent, fleet, living, mib, responder

SNMPD = shutil.which("snmpd") or shutil.which("snmpd", path="/usr/sbin:/sbin")
SYS_NAME = (1, 3, 6, 1, 2, 1, 1, 5, 0)
OR_DESCR = (1, 3, 6, 1, 2, 1, 1, 9, 1, 3)
USERS = [
    User(f"u{number}", hashed, "authpass12", cipher, "privpass12" if cipher else "")
    for number, (hashed, cipher) in enumerate(itertools.product(AuthProtocol, (None, *PrivProtocol)))
]
GUEST = User("guest")


def config() -> str:
    lines = ["rocommunity public 127.0.0.1", "sysName peer", "createUser guest", "rouser guest noauth"]
    for user in USERS:
        words = f"{user.priv_protocol} {user.priv_password}" if user.priv_protocol else ""
        lines.append(f"createUser {user.name} {user.auth_protocol} {user.auth_password} {words}")
        lines.append(f"rouser {user.name} {'priv' if user.priv_protocol else 'auth'}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """snmpd on loopback with a folder of its own."""
    if SNMPD is None:
        pytest.skip("no snmpd here: apt-get install snmpd")
    folder = tmp_path_factory.mktemp("snmpd")
    (folder / "snmpd.conf").write_text(config())
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [SNMPD, "-f", "-Lf", str(folder / "log"), "-C", "-c", str(folder / "snmpd.conf"), "-I", "-smux"]
    environment = {**os.environ, "SNMP_PERSISTENT_DIR": str(folder / "kept"), "MIBS": ""}
    process = subprocess.Popen([*command, f"127.0.0.1:{port}"], env=environment, cwd=folder)
    try:
        _wait_for(folder / "log", process)
        yield Target("127.0.0.1", port)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(log: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        if log.exists() and "NET-SNMP version" in log.read_text():
            return
        time.sleep(0.05)
    raise AssertionError(log.read_text() if log.exists() else "snmpd wrote no log")


async def name_and_rows(peer: Target, **who: object) -> tuple[object, int, str]:
    async with client.SnmpClient(timeout_s=1.0) as snmp:
        session = await snmp.session(peer, choose.security(peer, **who))  # type: ignore[arg-type]
        found = await snmp.get(session, [SYS_NAME])
        rows = await snmp.walk(session, [OR_DESCR])
        return found[SYS_NAME].octets, len(rows), session.security.protocol


@pytest.mark.parametrize(("version", "protocol"), [(Version.V1, "snmp-1"), (None, "snmp-2c")])
async def test_our_client_reads_snmpd_with_a_community(peer: Target, version: Version | None, protocol: str) -> None:
    name, rows, spoken = await name_and_rows(peer, version=version)
    assert (name, spoken) == (b"peer", protocol)
    assert rows >= 5


@pytest.mark.parametrize("user", [GUEST, *USERS], ids=lambda user: f"{user.auth_protocol}-{user.priv_protocol}")
async def test_our_client_reads_snmpd_as_a_v3_user(peer: Target, user: User) -> None:
    name, rows, spoken = await name_and_rows(peer, user=user)
    assert (name, spoken) == (b"peer", "snmp-3")
    assert rows >= 5


def _one(hashed: AuthProtocol, cipher: PrivProtocol | None) -> User:
    return next(user for user in USERS if (user.auth_protocol, user.priv_protocol) == (hashed, cipher))


SIGNING, SECRET = _one(AuthProtocol.SHA, None), _one(AuthProtocol.SHA, PrivProtocol.AES)


@pytest.mark.parametrize(
    ("user", "word"),
    [
        (User("stranger"), "usmStatsUnknownUserNames"),
        (replace(SIGNING, auth_password="wrongpass12"), "usmStatsWrongDigests"),
        (replace(SIGNING, auth_protocol=AuthProtocol.SHA_512), "usmStatsWrongDigests"),
        (replace(SECRET, priv_password="wrongpass12"), "privacy password or the context wrong"),
        (replace(SIGNING, context="Jetdirect"), "privacy password or the context wrong"),
        (User(SIGNING.name), "authorizationError"),
    ],
)
async def test_a_user_who_is_refused_is_told_why_p21(peer: Target, user: User, word: str) -> None:
    async with client.SnmpClient(timeout_s=0.2, retries=1) as snmp:
        with pytest.raises(PrinterError, match=word):
            await read.read_printer(snmp, peer, user=user, clock=lambda: datetime.now(UTC))


async def test_many_devices_of_one_user_are_read_beside_each_other(peer: Target) -> None:
    async with client.SnmpClient(timeout_s=1.0) as snmp:
        sessions = [await snmp.session(peer, choose.security(peer, user=user)) for user in USERS[:12]]
        found = await asyncio.gather(*(snmp.get(session, [SYS_NAME]) for session in sessions))
    assert {answer[SYS_NAME].octets for answer in found} == {b"peer"}


async def command(name: str, *arguments: str) -> str:
    if shutil.which(name) is None:
        pytest.skip(f"no {name} here: apt-get install snmp")
    process = await asyncio.create_subprocess_exec(
        name, *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "MIBS": ""}
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode()


@pytest.fixture
def table() -> dict[values.Oid, values.Value]:
    spec = fleet.default_fleet()[0]
    return dict(mib.table(spec, living.first_state(spec, at=datetime(2026, 11, 23, 12, tzinfo=UTC))))


@pytest.mark.parametrize("version", ["1", "2c"])
async def test_snmpget_and_walks_read_our_virtual_printer(table: dict[values.Oid, values.Value], version: str) -> None:
    view = agent.TableView(table)
    answering = await responder.listen(address="127.0.0.1", port=0, source=lambda: view)
    place = ["-v", version, "-c", "public", "-On", f"127.0.0.1:{answering.port}"]
    try:
        got = await command("snmpget", *place, ".1.3.6.1.2.1.1.1.0")
        walk = "snmpbulkwalk" if version == "2c" else "snmpwalk"
        walked = await command(walk, *place, ".1.3.6.1.2.1.43.11")
    finally:
        await answering.close()
    octets = table[(1, 3, 6, 1, 2, 1, 1, 1, 0)].octets or b""
    assert octets.decode() in got
    wanted = {values.format_oid(oid) for oid in table if oid[:8] == (1, 3, 6, 1, 2, 1, 43, 11)}
    assert {line.split(" = ")[0].removeprefix(".") for line in walked.splitlines() if line.startswith(".1.")} == wanted
