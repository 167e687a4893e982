"""IPP over real HTTP and HTTPS on loopback: printers that answer, are odd, hostile, silent, or changed."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from econcierge_printers import cli, read, wire
from econcierge_printers.errors import PrinterError
from econcierge_printers.ipp import client, codec, places, trust
from econcierge_printers.ipp.client import Access
from econcierge_printers.ipp.places import Place
from econcierge_printers.ipp.trust import CertificateChanged, MemoryTrust
from econcierge_printers.ipp.trust_file import FileTrust
from econcierge_printers.ipp.values import Group, Tag, Value
from econcierge_printers.mib import oids
from econcierge_printers.model import LevelState, PrinterState, Reading
from econcierge_printers.snmp.client import SnmpClient
from econcierge_printers.snmp.values import integer, octet_string
from econcierge_printers.targets import Target

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
PRINTER = {
    "printer-make-and-model": (Value(Tag.TEXT, "Xerox B210 Printer"),),
    "printer-state": (Value(Tag.ENUM, 3),),
    "printer-device-id": (Value(Tag.TEXT, "MFG:Xerox;MDL:B210 Printer;SN:3A71234567;"),),
    "marker-names": (Value(Tag.NAME, "Black Toner"),),
    "marker-types": (Value(Tag.KEYWORD, "toner"),),
    "marker-colors": (Value(Tag.NAME, "#000000"),),
    "marker-levels": (Value(Tag.INTEGER, 37),),
}
OK = codec.encode(codec.Message((2, 0), 0, 1, ((Group.PRINTER, PRINTER),)))
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\n"
ANSWER = HEAD + b"Content-Length: %d\r\n\r\n" % len(OK) + OK


def clock() -> datetime:
    return NOW


@dataclasses.dataclass
class Asked:
    path: str
    headers: dict[str, str]
    message: codec.Message


Answer = Callable[[Asked], bytes]


class Server:
    """An HTTP server that answers each POST with the octets that `answer` gives, and then closes."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[Asked] = []
        self.connections = 0
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            first = await reader.readexactly(1)
            if first == b"\x16":
                return  # a greeting of TLS that nobody here understands
            head = (first + await reader.readuntil(b"\r\n\r\n")).decode()
            lines = head.split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            body = await reader.readexactly(int(headers["content-length"]))
            self.asked.append(Asked(lines[0].split()[1], headers, codec.decode(body)))
            writer.write(self.answer(self.asked[-1]))
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client went away, as some tests want
        finally:
            writer.close()


Start = Callable[..., Awaitable[Server]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts servers on loopback, with a certificate over TLS, and stops them with the test."""
    running = []

    async def start_one(
        answer: Answer | bytes = ANSWER, certificate: ssl.SSLContext | None = None, host: str = "127.0.0.1"
    ) -> Server:
        server = Server(answer if callable(answer) else lambda asked: answer)
        listening = await asyncio.start_server(server.serve, host, 0, ssl=certificate)
        running.append(listening)
        server.port = listening.sockets[0].getsockname()[1]
        return server

    yield start_one
    for listening in running:
        listening.close()
        await listening.wait_closed()


def certificate(folder: Path, name: str = "printer") -> ssl.SSLContext:
    """A self-signed one, as printers make for themselves."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=9))
        .not_valid_after(datetime.now(UTC) - timedelta(days=1))  # expired, as they are after some years
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def place(server: Server, *, secure: bool = False, path: str = "/ipp/print") -> Place:
    return Place("127.0.0.1", server.port, path, secure)


def target(server: Server) -> Target:
    return Target("127.0.0.1", server.port)


async def ask(where: Target | Place, trusted: trust.TrustStore | None = None, timeout_s: float = 5) -> Reading:
    return await client.read_printer(where, access=Access(trusted or MemoryTrust(), timeout_s=timeout_s), clock=clock)


def chunked(octets: bytes, sizes: Sequence[int]) -> bytes:
    parts, at = [], 0
    for size in (*sizes, len(octets)):
        part = octets[at : at + size]
        at += size
        if part:
            parts.append(b"%x;a=b\r\n%s\r\n" % (len(part), part))
    return HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(parts) + b"0\r\nTrailer: x\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        ANSWER,
        chunked(OK, [1, 2, 3, 100]),
        HEAD + b"\r\n" + OK,
        b"HTTP/1.1 100 Continue\r\n\r\n" + ANSWER,
        b"\r\n" + ANSWER.replace(b"\r\n", b"\n", 3),
        ANSWER.replace(b"HTTP/1.1 200 OK", b"HTTP/1.0 200"),
    ],
    ids=["length", "chunks", "to the end", "continue", "bare line ends", "1.0"],
)
async def test_an_answer_in_any_framing_is_read(start: Start, answer: bytes) -> None:
    server = await start(answer)
    reading = await ask(target(server))
    assert (reading.protocol, reading.identity.serial) == ("ipp", "3A71234567")
    assert [(s.percent, s.source) for s in reading.supplies] == [(37.0, "ipp")]
    (asked,) = server.asked
    assert asked.path == "/ipp/print"
    assert asked.headers["content-type"] == "application/ipp"
    assert asked.headers["host"] == f"127.0.0.1:{server.port}"
    operation = asked.message.attributes(Group.OPERATION)
    assert asked.message.code == codec.GET_PRINTER_ATTRIBUTES
    assert list(operation)[:3] == ["attributes-charset", "attributes-natural-language", "printer-uri"]
    assert operation["printer-uri"][0].text == f"ipp://127.0.0.1:{server.port}/ipp/print"


async def test_the_usual_paths_are_tried_one_after_the_other(start: Start) -> None:
    not_found = codec.encode(codec.Message((2, 0), 0x0406, 1))
    answers = {
        "/ipp/print": b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        "/ipp/printer": HEAD + b"\r\n" + not_found,
        "/ipp": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>",
        "/": ANSWER,
    }
    server = await start(lambda asked: answers[asked.path])
    assert (await ask(target(server))).identity.model == "B210 Printer"
    assert [asked.path for asked in server.asked] == [*places.PATHS]


async def test_an_older_version_is_spoken_to_who_wants_it(start: Start) -> None:
    refused = HEAD + b"\r\n" + codec.encode(codec.Message((1, 1), 0x0503, 1))
    server = await start(lambda asked: refused if asked.message.version == (2, 0) else ANSWER)
    assert (await ask(target(server))).supplies
    assert [asked.message.version for asked in server.asked] == [(2, 0), (1, 1)]


@pytest.mark.parametrize("status", [0x0400, 0x040B])
async def test_who_takes_a_list_of_attributes_amiss_is_asked_for_all(start: Start, status: int) -> None:
    refused = HEAD + b"\r\n" + codec.encode(codec.Message((1, 1), status, 1))

    def answer(asked: Asked) -> bytes:
        return refused if "requested-attributes" in asked.message.attributes(Group.OPERATION) else ANSWER

    server = await start(answer)
    assert (await ask(target(server))).supplies
    assert len(server.asked) == 2
    always = await start(refused)
    with pytest.raises(PrinterError, match="client-error"):
        await ask(place(always))


async def test_a_printer_is_read_over_ipv6(start: Start) -> None:
    try:
        server = await start(host="::1")
    except OSError as error:
        pytest.skip(f"no IPv6 on loopback here: {error}")
    reading = await ask(Target("::1", server.port))
    assert reading.target == f"[::1]:{server.port}"
    assert server.asked[0].headers["host"] == f"[::1]:{server.port}"


async def test_a_certificate_is_remembered_and_a_changed_one_is_an_error(start: Start, tmp_path: Path) -> None:
    trusted = MemoryTrust()
    server = await start(ANSWER, certificate(tmp_path, "first"))
    where = place(server, secure=True)
    for _ in range(2):
        assert (await ask(where, trusted)).supplies
    (known,) = trusted.fingerprints.values()
    assert list(trusted.fingerprints) == [where.authority]

    impostor = await start(ANSWER, certificate(tmp_path, "second"))
    trusted.fingerprints[place(impostor).authority] = known
    with pytest.raises(CertificateChanged, match="forget the old fingerprint of this device") as raised:
        await ask(place(impostor, secure=True), trusted)
    assert (raised.value.known, raised.value.permanent) == (known, True)
    assert raised.value.seen != known
    assert impostor.asked == [], "nothing is sent to whom we do not trust"
    assert trusted.fingerprint(place(impostor).authority) == known


async def test_a_printer_that_insists_on_tls_gets_it(start: Start, tmp_path: Path) -> None:
    secure = await start(ANSWER, certificate(tmp_path))
    location = f"https://127.0.0.1:{secure.port}/ipp/print".encode()
    plain = await start(b"HTTP/1.1 301 Moved\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n")
    assert (await ask(target(plain))).supplies
    assert (await ask(target(secure))).supplies, "TLS alone on the port: it closes or alerts when spoken to plainly"


async def test_426_means_tls_on_the_same_port(start: Start) -> None:
    server = await start(b"HTTP/1.1 426 Upgrade Required\r\nUpgrade: TLS/1.2\r\nContent-Length: 0\r\n\r\n")
    with pytest.raises(PrinterError, match="https"):
        await ask(target(server))
    assert server.connections == 2


async def test_a_redirect_to_another_host_or_in_a_circle_is_not_followed(start: Start) -> None:
    away = await start(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.9:1/ipp\r\nContent-Length: 0\r\n\r\n")
    with pytest.raises(PrinterError, match="HTTP 302"):
        await ask(place(away))
    circle = await start(b"HTTP/1.1 302 Found\r\nLocation: /ipp/print\r\nContent-Length: 0\r\n\r\n")
    with pytest.raises(PrinterError, match="sends us to"):
        await ask(place(circle))
    assert circle.connections == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", "wants a password"),
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "HTTP 500"),
        (b"SSH-2.0-OpenSSH_9\r\n\r\n", "first line that is not HTTP"),
        (b"HTTP/1.1 200 OK\r\n", "cut short within its head"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000, "does not end"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000, "head of more than"),
        (HEAD + b"Content-Length: 99999999999\r\n\r\n", "body of more than"),
        (HEAD + b"Content-Length: -1\r\n\r\n", "no number"),
        (HEAD + b"Content-Length: 500\r\n\r\nshort", "cut short within its body"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", "chunk without a size"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n", "longer than its size"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffff\r\n", "body of more than"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 9, "interim"),
        (HEAD + b"Content-Length: 9\r\n\r\nnot ippp!", "not IPP"),
        (HEAD + b"Content-Length: 0\r\n\r\n", "not IPP"),
    ],
)
async def test_whatever_comes_is_one_error_with_its_reason(start: Start, answer: bytes, reason: str) -> None:
    server = await start(answer)
    with pytest.raises(PrinterError, match=reason) as raised:
        await ask(place(server))
    assert raised.value.device == place(server).printer_uri


async def test_who_never_answers_is_given_up(start: Start) -> None:
    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(hold, "127.0.0.1", 0)
    async with silent:
        port = silent.sockets[0].getsockname()[1]
        with pytest.raises(PrinterError, match=r"no answer within 0\.1 s"):
            await ask(Target("127.0.0.1", port), timeout_s=0.1)


async def test_who_is_not_there_or_denied_is_named(start: Start) -> None:
    server = await start()
    denying = Access(MemoryTrust(), deny=("127.0.0.1",))
    for host in ("127.0.0.1", "localhost"):
        with pytest.raises(PrinterError, match="deny list"):
            await client.read_printer(Target(host, server.port), access=denying, clock=clock)
    assert server.connections == 0
    with pytest.raises(PrinterError, match=r"127\.0\.0\.1:1: connect"):
        await ask(Target("127.0.0.1", 1))
    with pytest.raises(PrinterError, match="connect"):
        await ask(Target(f"{'x' * 70}.invalid", 631))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ipp://p/ipp/print", Place("p", 631, "/ipp/print", False)),
        ("ipps://p:443/x?y=1", Place("p", 443, "/x?y=1", True)),
        ("https://p", Place("p", 443, "/", True)),
        ("ipp://[fe80::1]:8631/", Place("fe80::1", 8631, "/", False)),
    ],
)
def test_uris_name_places(text: str, expected: Place) -> None:
    assert places.parse_uri(text) == expected
    assert places.parse_uri(expected.printer_uri).host == expected.host


@pytest.mark.parametrize(
    "text",
    ["ftp://p/", "ipp://", "ipp://p:99999/", "ipp://p/a b", "ipp://p/\r\nX: y", "ipp://[x/", "ipp://p/" + "x" * 2000],
)
def test_what_is_no_uri_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not ipp://"):
        places.parse_uri(text)


@pytest.mark.parametrize(
    ("known", "verdict"),
    [(None, "first_seen"), ("ab:cd", "known"), ("ABCD", "known"), ("abce", "changed"), ("", "changed")],
)
def test_trust_on_first_use(known: str | None, verdict: str) -> None:
    assert trust.judge(known=known, seen="abcd") == verdict


def test_a_file_of_certificates_lasts(tmp_path: Path) -> None:
    path = tmp_path / "certificates.json"
    FileTrust(path).remember("p:631", "abcd")
    FileTrust(path).remember("q:631", "ef")
    assert FileTrust(path).fingerprint("p:631") == "abcd"
    assert json.loads(path.read_text()) == {"p:631": "abcd", "q:631": "ef"}


@pytest.mark.parametrize("content", ["nonsense", "[]", '{"p": 1}'])
def test_a_broken_file_of_certificates_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "certificates.json"
    path.write_text(content)
    with pytest.raises(PrinterError, match=r"certificates\.json: trust"):
        FileTrust(path)


# Together with SNMP (P30)

SNMP_PRINTER = {
    oids.SYS_DESCR: octet_string("Xerox B210"),
    (*oids.SUPPLY_DESCRIPTION, 1, 1): octet_string("Black Toner"),
    (*oids.SUPPLY_TYPE, 1, 1): integer(3),
    (*oids.SUPPLY_CAPACITY, 1, 1): integer(-2),
    (*oids.SUPPLY_LEVEL, 1, 1): integer(-3),
}
Agents = Callable[..., Awaitable[Target]]


async def test_p30_levels_that_snmp_does_not_tell_come_over_ipp(
    start: Start, start_agent: Agents, agent_class: type
) -> None:
    server, agent = await start(), await start_agent(agent_class(SNMP_PRINTER))
    access = Access(MemoryTrust(), port=server.port, timeout_s=5)
    async with SnmpClient() as asking:
        (without,) = (await read.read_printer(asking, agent, clock=clock)).supplies
        reading = await read.read_printer(asking, agent, clock=clock, ipp=access)
    assert without.state is LevelState.SOME_REMAINING
    (supply,) = reading.supplies
    assert (supply.index, supply.percent, supply.source) == ("1.1", 37.0, "ipp")
    assert (reading.protocol, reading.identity.serial) == ("snmp-2c", "3A71234567")


async def test_a_printer_that_measures_over_snmp_is_not_asked_twice(
    start: Start, start_agent: Agents, agent_class: type
) -> None:
    measured = {**SNMP_PRINTER, (*oids.SUPPLY_CAPACITY, 1, 1): integer(100), (*oids.SUPPLY_LEVEL, 1, 1): integer(5)}
    server, agent = await start(), await start_agent(agent_class(measured))
    async with SnmpClient() as asking:
        reading = await read.read_printer(asking, agent, clock=clock, ipp=Access(MemoryTrust(), port=server.port))
    assert [supply.percent for supply in reading.supplies] == [5.0]
    assert server.connections == 0


async def test_a_printer_that_says_it_sleeps_is_not_woken(start: Start, start_agent: Agents, agent_class: type) -> None:
    asleep = {
        **SNMP_PRINTER,
        (*oids.HR_PRINTER_STATUS, 1): integer(1),  # other, while running: stand-by (RFC 2790 section 4)
        (*oids.HR_DEVICE_STATUS, 1): integer(2),
    }
    server, agent = await start(), await start_agent(agent_class(asleep))
    async with SnmpClient() as asking:
        reading = await read.read_printer(asking, agent, clock=clock, ipp=Access(MemoryTrust(), port=server.port))
    assert reading.status.state is PrinterState.SLEEPING
    assert (reading.protocol, server.connections) == ("snmp-2c", 0)


async def test_when_only_ipp_answers_or_nothing_does(start: Start, start_agent: Agents, agent_class: type) -> None:
    server, mute = await start(), await start_agent(agent_class(SNMP_PRINTER, community=b"other"))
    async with SnmpClient(timeout_s=0.05, retries=1) as asking:
        reading = await read.read_printer(asking, mute, clock=clock, ipp=Access(MemoryTrust(), port=server.port))
        assert (reading.protocol, reading.target) == ("ipp", str(mute))
        with pytest.raises(PrinterError, match="no answer; over IPP:"):
            await read.read_printer(asking, mute, clock=clock, ipp=Access(MemoryTrust(), port=1))


async def test_the_command_reads_over_ipp(start: Start, tmp_path: Path) -> None:
    server = await start(ANSWER, certificate(tmp_path))
    known = tmp_path / "certificates.json"
    code = "import sys; from econcierge_printers import cli; sys.exit(cli.read(sys.argv[1:]))"
    arguments = [f"ipps://127.0.0.1:{server.port}/ipp/print", "127.0.0.1:1", "--ipp", "--json", "--trust", str(known)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    assert process.returncode == cli.SOME_DID_NOT
    assert err.decode().startswith("127.0.0.1:1: connect: ")
    assert wire.reading_from_json(json.loads(out)).identity.serial == "3A71234567"
    assert list(json.loads(known.read_text())) == [f"127.0.0.1:{server.port}"]


async def test_tls_is_loaded_only_when_it_is_used() -> None:
    code = "import sys; import econcierge_printers.cli; print('econcierge_printers.ipp.tls' in sys.modules)"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert out.strip() == b"False"
