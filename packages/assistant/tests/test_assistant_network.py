"""Finding and reading over real sockets on loopback: keys, deny list, moved printers, IPP; and what stays unasked."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from econcierge_assistant.service import (
    access,
    deny,
    errors,
    names,
    network,
    own_networks,
    roster,
    settings,
    snmp_network,
)
from econcierge_printers import model
from econcierge_printers.discovery import mdns, services
from econcierge_printers.errors import PrinterError
from econcierge_printers.ipp import codec
from econcierge_printers.ipp.values import Group, Tag, Value
from econcierge_printers.snmp.credentials import AuthProtocol, PrivProtocol, User
from econcierge_virtual.printers import agent, fleet, living, mib, responder

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
SNMPD = shutil.which("snmpd") or shutil.which("snmpd", path="/usr/sbin:/sbin")
Start = Callable[..., Awaitable[responder.Responder]]


def clock() -> datetime:
    return NOW


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Virtual printers of the demo, by number, each at an address and a port of its own or a given one."""
    running: list[responder.Responder] = []

    async def one(number: int = 0, *, community: str = "public", port: int = 0) -> responder.Responder:
        spec = fleet.default_fleet()[number]
        view = agent.TableView(mib.table(spec, living.first_state(spec, at=NOW)))
        made = await responder.listen(address="127.0.0.1", port=port, source=lambda: view, community=community)
        running.append(made)
        return made

    yield one
    for each in running:
        await each.close()


def looking(
    *lines: responder.Responder,
    denied: Sequence[str] = (),
    communities: Sequence[str] = ("public",),
    users: Sequence[User] = (),
    certificates: Path | None = None,
) -> snmp_network.SnmpNetwork:
    return snmp_network.SnmpNetwork(
        places=places(*lines, denied=denied),
        keys=access.keys(communities=communities, users=users),
        rate_pps=5_000,
        certificates=certificates,
        now=clock,
    )


def places(*lines: responder.Responder, denied: Sequence[str] = ()) -> network.Places:
    within = [f"127.0.0.1:{line.port}" for line in lines] or ["127.0.0.1"]
    return network.places_of(within=within, denied=denied, methods=["sweep"])


def known(line: responder.Responder | None, **more: object) -> roster.Known:
    target = "127.0.0.1" if line is None else f"127.0.0.1:{line.port}"
    facts = {"printer_id": 1, "target": target, "community": "public", **more}
    return roster.Known(**facts)  # type: ignore[arg-type]


async def found(printers: snmp_network.SnmpNetwork) -> list[network.Met]:
    return [met async for met in printers.discover()]


async def read(printers: snmp_network.SnmpNetwork, *whom: roster.Known) -> list[model.Reading | PrinterError]:
    return [visit.result async for visit in printers.read(whom)]


async def test_each_printer_is_met_by_the_first_key_that_it_answers_to(start: Start) -> None:
    usual, office = await start(0), await start(1, community="office")
    printers = looking(usual, office, communities=("public", "office"))
    met = {each.target: each.community for each in await found(printers)}
    assert met == {f"127.0.0.1:{usual.port}": "public", f"127.0.0.1:{office.port}": "office"}
    [reading] = await read(printers, known(office, community="office"))
    assert isinstance(reading, model.Reading)
    assert reading.identity.serial == fleet.default_fleet()[1].serial


@pytest.mark.parametrize("denied", ["127.0.0.1", "127.0.0.0/30", "127.0.0.1-127.0.0.9", "localhost"])
async def test_who_is_denied_gets_no_packet_neither_by_address_nor_by_name(start: Start, denied: str) -> None:
    line = await start()
    printers = looking(line, denied=[denied])
    by_name = network.places_of(within=[f"localhost:{line.port}"], denied=["127.0.0.1"], methods=["sweep"])
    if denied != "localhost":
        assert await found(printers) == []
        assert await read(printers, known(line)) == []
    printers.apply(by_name)
    assert await found(printers) == []
    assert await read(printers, known(line, target=f"localhost:{line.port}")) == []
    assert line.asked == 0


async def test_a_name_of_the_portal_that_leads_to_the_internet_is_left_alone_and_told(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, near = await start(), await start(1)
    leads = {"away.example": "8.8.8.8", "near.example": "127.0.0.1"}
    heard: list[tuple[str, ...]] = []

    async def addresses(host: str) -> tuple[str, ...]:
        return (leads[host],)

    monkeypatch.setattr(names, "addresses", addresses)
    printers = snmp_network.SnmpNetwork(
        places=network.places_of(
            within=[f"away.example:{line.port}", f"127.0.0.1:{near.port}"], denied=(), methods=["sweep"]
        ),
        keys=access.keys(communities=("public",), users=()),
        rate_pps=5_000,
        certificates=None,
        now=clock,
        may_be_public=False,
        refused=heard.append,
    )
    asked = known(line, target=f"away.example:{line.port}")
    assert [met.target for met in await found(printers)] == [f"127.0.0.1:{near.port}"]
    assert await read(printers, asked) == []
    assert heard == [("away.example (8.8.8.8)",)]
    leads["away.example"] = "127.0.0.1"
    assert len(await read(printers, asked)) == 1  # it is asked, and there is no such name
    assert heard[1:] == [()]


async def test_names_of_this_computers_own_settings_may_lead_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def addresses(_host: str) -> tuple[str, ...]:
        return ("8.8.8.8",)

    monkeypatch.setattr(names, "addresses", addresses)
    asked = known(None, target="away.example")
    own = snmp_network.of(settings.Settings(data=tmp_path, range=("away.example",)), now=clock)
    assert len(await read(own, asked)) == 1  # it is asked, and there is no such name
    portals = snmp_network.of(settings.Settings(data=tmp_path), now=clock)
    portals.apply(network.places_of(within=["away.example"], denied=(), methods=["sweep"]))
    assert await read(portals, asked) == []


async def test_a_denied_network_card_is_left_alone_once_it_is_known(start: Start) -> None:
    line = await start()
    [met] = await found(looking(line))
    asked = line.asked
    printers = looking(line, denied=["00-11-22-33-44-55"])
    assert await read(printers, known(line, mac="00:11:22:33:44:55")) == []
    assert await found(printers) == []  # its address is known to carry that card
    assert line.asked == asked
    assert met.target == f"127.0.0.1:{line.port}"


async def test_a_denied_card_that_only_a_reading_tells_is_kept_nowhere_and_asked_no_more(start: Start) -> None:
    line = await start()
    [reading] = await read(looking(line), known(line))
    assert isinstance(reading, model.Reading)
    assert reading.identity.mac
    printers = looking(line, denied=[reading.identity.mac])
    assert await read(printers, known(line)) == []
    asked = line.asked
    assert await read(printers, known(line)) == []
    assert await found(printers) == []
    assert line.asked == asked


async def test_whoever_is_outside_the_places_now_is_left_alone(start: Start) -> None:
    here, there = await start(0), await start(1)
    printers = looking(here, there)
    assert len(await found(printers)) == 2
    printers.apply(places(here))
    asked = there.asked
    assert len(await read(printers, known(here), known(there, printer_id=2))) == 1
    assert len(await found(printers)) == 1
    assert there.asked == asked


def ipp_answer() -> bytes:
    printer = {
        "printer-make-and-model": (Value(Tag.TEXT, "Xerox B210 Printer"),),
        "printer-state": (Value(Tag.ENUM, 3),),
        "printer-device-id": (Value(Tag.TEXT, "MFG:Xerox;MDL:B210 Printer;SN:3A71234567;"),),
        "marker-names": (Value(Tag.NAME, "Black Toner"),),
        "marker-types": (Value(Tag.KEYWORD, "toner"),),
        "marker-levels": (Value(Tag.INTEGER, 37),),
    }
    body = codec.encode(codec.Message((2, 0), 0, 1, ((Group.PRINTER, printer),)))
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


async def ipp_printer() -> tuple[asyncio.Server, list[int]]:
    """A printer that takes IPP only, and how often it was asked."""
    asked: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(1)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ipp_answer())
        await writer.drain()
        writer.close()

    return await asyncio.start_server(serve, "127.0.0.1", 0), asked


async def test_who_takes_ipp_only_is_read_where_it_announced_itself(tmp_path: Path) -> None:
    server, asked = await ipp_printer()
    uri = f"ipp://127.0.0.1:{server.sockets[0].getsockname()[1]}/ipp/print"
    only_ipp = known(None, community="", ipp_uri=uri)
    try:
        [reading] = await read(looking(certificates=tmp_path / "certificates.json"), only_ipp)
        assert isinstance(reading, model.Reading)
        assert (reading.target, reading.protocol) == ("127.0.0.1", "ipp")
        assert reading.supplies[0].percent == 37.0
        [refusal] = await read(looking(certificates=None), only_ipp)
        assert isinstance(refusal, PrinterError)
        denied = looking(certificates=tmp_path / "certificates.json", denied=["127.0.0.1"])
        assert await read(denied, only_ipp) == []
        assert len(asked) == 1
    finally:
        server.close()


async def test_who_announces_itself_is_met_within_the_places_only_and_once(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The link is played: its datagrams are tested with the library."""
    line = await start()

    def announcement(name: str, *hosts: str) -> services.Service:
        addresses = tuple(ipaddress.ip_address(host) for host in hosts)
        return services.Service(name, "ipp", f"{name}.local", 631, addresses, {"ty": "Xerox B210", "rp": "ipp/print"})

    async def browse() -> list[services.Service]:
        return [
            announcement("only-ipp", "127.0.0.5"),
            announcement("both", "127.0.0.7", "127.0.0.1"),
            announcement("beyond", "198.51.100.7"),
            announcement("denied", "127.0.0.6"),
        ]

    monkeypatch.setattr(mdns, "browse", browse)
    printers = looking(certificates=tmp_path / "certificates.json")
    within = ["127.0.0.5-127.0.0.7", f"127.0.0.1:{line.port}", "localhost:9"]
    printers.apply(network.places_of(within=within, denied=["127.0.0.6"], methods=["sweep", "mdns"]))
    met = {each.target: (each.community, each.ipp_uri) for each in await found(printers)}
    assert met == {
        f"127.0.0.1:{line.port}": ("public", "ipp://127.0.0.7:631/ipp/print"),
        "127.0.0.5": ("", "ipp://127.0.0.5:631/ipp/print"),
    }


async def test_a_broken_file_of_certificates_is_said_once_and_snmp_goes_on(
    start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = tmp_path / "certificates.json"
    broken.write_text("{")
    printers = looking(certificates=broken)
    for _ in range(2):
        [refusal] = await read(printers, known(None, community="", ipp_uri="ipp://127.0.0.1:9/ipp/print"))
        assert isinstance(refusal, PrinterError)
    assert caplog.text.count("Mend or remove that file") == 1
    line = await start()
    printers.apply(places(line))
    [reading] = await read(printers, known(line))
    assert isinstance(reading, model.Reading)


@pytest.mark.parametrize(("auth", "priv"), [(AuthProtocol.SHA, None), (AuthProtocol.SHA, PrivProtocol.AES)])
async def test_a_v3_user_reads_a_real_agent_and_a_forgotten_one_is_said(
    tmp_path: Path, auth: AuthProtocol, priv: PrivProtocol | None
) -> None:
    if SNMPD is None:
        pytest.skip("no snmpd here: apt-get install snmpd")
    user = User("office", auth, "authpass12", priv, "privpass12" if priv else "")
    words = f"{priv} privpass12" if priv else ""
    (tmp_path / "snmpd.conf").write_text(
        f"sysName peer\ncreateUser office {auth} authpass12 {words}\nrouser office {'priv' if priv else 'auth'}\n"
    )
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [SNMPD, "-f", "-Lf", "log", "-C", "-c", "snmpd.conf", "-I", "-smux", f"127.0.0.1:{port}"]
    environment = {**os.environ, "SNMP_PERSISTENT_DIR": str(tmp_path / "kept"), "MIBS": ""}
    process = subprocess.Popen(command, env=environment, cwd=tmp_path)
    within = network.places_of(within=[f"127.0.0.1:{port}"], denied=(), methods=["sweep"])
    try:
        printers = looking(users=[user])
        printers.apply(within)
        whom = known(None, target=f"127.0.0.1:{port}", community="", user="office")
        result: object = None
        while not isinstance(result, model.Reading):
            [result] = await read(printers, whom)
        assert (result.protocol, result.identity.hostname) == ("snmp-3", "peer")
        without = looking()
        without.apply(within)
        [forgotten] = await read(without, whom)
        assert "no longer in the settings" in str(forgotten)
    finally:
        process.terminate()
        process.wait()


@pytest.mark.parametrize("text", ["00:11:22:33:44", "10.0.0.0/99", "10.0.0.9-10.0.0.1", "a b"])
def test_a_deny_list_that_is_not_understood_is_one_sentence(text: str) -> None:
    with pytest.raises(errors.BadSettings, match="write an address"):
        deny.parse([text])


def test_one_slip_in_the_portals_deny_list_frees_nobody(caplog: pytest.LogCaptureFixture) -> None:
    made = network.places_of(within=None, denied=["10.0.0.9", "a b", "10.1.0.0/24"], methods=network.METHODS)
    assert ["10.0.0.9" in made.denied, "10.1.0.7" in made.denied, "10.2.0.7" in made.denied] == [True, True, False]
    assert "a b" in caplog.text


def test_a_table_of_neighbours_tells_who_carries_a_denied_card(tmp_path: Path) -> None:
    table = tmp_path / "arp"
    table.write_text(
        "IP address       HW type     Flags       HW address            Mask     Device\n"
        "10.0.0.7         0x1         0x2         00:11:22:33:44:55     *        eth0\n"
        "10.0.0.8         0x1         0x0         00:00:00:00:00:00     *        eth0\n"
    )
    denied = deny.parse(["0011.2233.4455"])
    denied.learn(deny.neighbours(table))
    assert "10.0.0.7" in denied
    assert "10.0.0.8" not in denied
    assert deny.neighbours(tmp_path / "nowhere") == {}


def test_a_wide_network_is_searched_around_this_computer_only() -> None:
    assert str(own_networks.narrowed(ipaddress.IPv4Interface("10.1.2.3/8"))) == "10.1.0.0/22"
    assert str(own_networks.narrowed(ipaddress.IPv4Interface("192.168.1.7/24"))) == "192.168.1.0/24"
    assert all(ipaddress.ip_network(text).prefixlen >= own_networks.WIDEST_PREFIX for text in own_networks.texts())


SECRET = """
[[snmp_user]]
name = "office"
auth_password = "authpass12"
priv_password = "privpass12"
"""


def chosen(folder: Path, text: str, *, mode: int = 0o600) -> settings.Settings:
    path = folder / settings.SETTINGS_NAME
    path.write_text(text)
    path.chmod(mode)
    return settings.load(given={"data": str(folder)}, file=None)


def test_users_stand_in_a_private_file_and_in_no_text(tmp_path: Path) -> None:
    made = chosen(tmp_path, SECRET)
    assert made.snmp_user == (User("office", AuthProtocol.SHA, "authpass12", PrivProtocol.AES, "privpass12"),)
    assert "pass12" not in repr(made)
    assert "pass12" not in repr(made.snmp_user)
    assert [key.user_name for key in access.keys(communities=made.community, users=made.snmp_user)] == ["office", ""]


@pytest.mark.parametrize("text", [SECRET, 'community = ["office"]'])
def test_secrets_that_others_can_read_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(errors.BadSettings, match="chmod 600"):
        chosen(tmp_path, text, mode=0o640)


def test_a_credential_of_systemd_is_private_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert chosen(tmp_path, SECRET, mode=0o440).snmp_user


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('snmp_user = "office"', r"\[\[snmp_user\]\]"),
        ('[[snmp_user]]\nname = "a"\npassword = "x"', "has no 'password'"),
        ('[[snmp_user]]\nname = "a"\nauth_password = "short"', "at least 8 characters"),
        ('[[snmp_user]]\nname = "a"\nauth_password = 12345678', "is a text"),
        ('[[snmp_user]]\nname = "a"\nauth_protocol = "ROT13"\nauth_password = "12345678"', "there are MD5"),
        ('[[snmp_user]]\nname = "a"\n[[snmp_user]]\nname = "a"', "two SNMPv3 users"),
        ('[[snmp_user]]\nname = "a"\npriv_password = "12345678"', "no privacy without authentication"),
    ],
)
def test_a_wrong_user_is_one_sentence_without_its_password(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(errors.BadSettings, match=sentence) as raised:
        chosen(tmp_path, text)
    assert "12345678" not in str(raised.value)
