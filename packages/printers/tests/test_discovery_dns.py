"""DNS messages to records and back, and what DNS-SD says of printers; any bytes give a value or one error (G06)."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge_printers.discovery import dns, services
from econcierge_printers.discovery.dns import Message, Question, Record, RecordType, Service
from econcierge_printers.errors import PrinterError

_LABELS = st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=5).map(tuple)
_RECORDS = st.one_of(
    st.builds(lambda n, a: Record(n, RecordType.A, a), _LABELS, st.ip_addresses(v=4)),
    st.builds(lambda n, a: Record(n, RecordType.AAAA, a), _LABELS, st.ip_addresses(v=6)),
    st.builds(lambda n, other: Record(n, RecordType.PTR, other), _LABELS, _LABELS),
    st.builds(
        lambda n, port, host: Record(n, RecordType.SRV, Service(port, host)), _LABELS, st.integers(0, 65535), _LABELS
    ),
    st.builds(
        lambda n, strings: Record(n, RecordType.TXT, tuple(strings)),
        _LABELS,
        st.lists(st.binary(min_size=1, max_size=255), max_size=4),
    ),
    st.builds(lambda n, octets: Record(n, 99, octets), _LABELS, st.binary(max_size=40)),
)


@given(st.lists(_RECORDS, max_size=8))
def test_what_is_written_is_read_again(records: list[Record]) -> None:
    assert dns.decode(dns.encode_response(records)) == Message(True, (), tuple(records))


@given(st.lists(st.builds(Question, _LABELS, st.integers(1, 255)), max_size=8))
def test_questions_are_read_again(questions: list[Question]) -> None:
    assert dns.decode(dns.encode_questions(questions)) == Message(False, tuple(questions))


def decoded(data: bytes) -> Message | PrinterError:
    try:
        return dns.decode(data)
    except PrinterError as error:
        return error


@given(st.binary(max_size=300), st.integers(0, 4), st.integers(0, 4))
def test_any_bytes_give_a_message_or_one_error(data: bytes, questions: int, answers: int) -> None:
    header = bytes((0, 0, 0x84, 0, 0, questions, 0, answers, 0, 0, 0, 0))
    for octets in (data, header + data):
        outcome = decoded(octets)
        assert isinstance(outcome, Message) or outcome.permanent


@given(st.lists(_RECORDS, min_size=1, max_size=4), st.data())
def test_a_damaged_answer_gives_services_or_one_error(records: list[Record], data: st.DataObject) -> None:
    octets = bytearray(dns.encode_response(records))
    octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.sampled_from([0, 0xC0, 0xFF, 0x3F]))
    outcome = decoded(bytes(octets))
    if isinstance(outcome, Message):
        browse = services.Browse()
        browse.take(outcome.records)
        assert all(service.host for service in browse.services())


def test_names_are_joined_from_what_stands_before() -> None:
    header = bytes((0, 0, 0x84, 0, 0, 0, 0, 2, 0, 0, 0, 0))
    first = b"\x04_ipp\x04_tcp\x05local\x00" + b"\x00\x0c\x00\x01\x00\x00\x00\x78\x00\x06" + b"\x03Prt\xc0\x0c"
    second = b"\xc0\x27" + b"\x00\x10\x80\x01\x00\x00\x00\x78\x00\x05" + b"\x04rp=x"
    instance = (b"Prt", b"_ipp", b"_tcp", b"local")
    assert dns.decode(header + first + second).records == (
        Record(dns.name("_ipp._tcp.local"), RecordType.PTR, instance),
        Record(instance, RecordType.TXT, (b"rp=x",)),
    )


@pytest.mark.parametrize(
    "name",
    [
        b"\xc0\x0c",  # itself
        b"\xc0\x20",  # forwards
        b"\x40abc\x00",  # a label of a reserved kind
        b"\x3fabc",  # cut short
        (b"\x3f" + b"a" * 63) * 5 + b"\x00",  # too long
        b"\x01a\xc0\x0c\xc0\x0e",
    ],
)
def test_names_that_never_end_are_refused(name: bytes) -> None:
    header = bytes((0, 0, 0x84, 0, 0, 1, 0, 0, 0, 0, 0, 0))
    with pytest.raises(dns.DnsError):
        dns.decode(header + name + (b"" if name.startswith(b"\x3fabc") else b"\x00\x0c\x00\x01") * (len(name) > 2))


@pytest.mark.parametrize("labels", [(b"",), (b"a" * 64,), (b"a" * 60,) * 5])
def test_names_that_do_not_fit_are_refused(labels: tuple[bytes, ...]) -> None:
    with pytest.raises(dns.DnsError):
        dns.encode_questions([Question(labels, RecordType.PTR)])


IPP = dns.name("_ipp._tcp.local")
INSTANCE = ("Imprimante du 3ᵉ étage".encode(), *IPP)
HOST = dns.name("prt-1.local")
FACTS = (b"txtvers=1", b"rp=ipp/print", "ty=Xerox® VersaLink® C405".encode(), b"rp=ignored", b"=nothing", b"Color=T")


def test_a_service_is_put_together_from_records_in_any_order() -> None:
    records = [
        Record(HOST, RecordType.AAAA, ipaddress.ip_address("fe80::1")),
        Record(INSTANCE, RecordType.TXT, FACTS),
        Record(dns.name("PRT-1.local"), RecordType.A, ipaddress.ip_address("10.0.0.7")),
        Record(INSTANCE, RecordType.SRV, Service(631, HOST)),
        Record(dns.name("_IPP._tcp.local"), RecordType.PTR, INSTANCE),
    ]
    browse = services.Browse()
    browse.take(records)
    (service,) = browse.services()
    assert (service.instance, service.kind, service.host, service.port) == (
        "Imprimante du 3ᵉ étage",
        "ipp",
        "prt-1.local",
        631,
    )
    assert [str(address) for address in service.addresses] == ["10.0.0.7", "fe80::1"]
    assert service.facts["ty"] == "Xerox® VersaLink® C405"
    assert (service.facts["rp"], service.facts["color"]) == ("ipp/print", "T")
    assert service.ipp_uri == "ipp://10.0.0.7:631/ipp/print"
    assert browse.questions() == [Question(kind, RecordType.PTR) for kind in services.SERVICE_TYPES]


def test_what_is_missing_is_asked_for() -> None:
    browse = services.Browse()
    browse.take([Record(IPP, RecordType.PTR, INSTANCE)])
    assert browse.questions()[4:] == [Question(INSTANCE, RecordType.SRV), Question(INSTANCE, RecordType.TXT)]
    browse.take([Record(INSTANCE, RecordType.SRV, Service(631, HOST))])
    assert browse.questions()[4:] == [Question(INSTANCE, RecordType.TXT), Question(HOST, RecordType.A)]


def test_a_host_without_an_address_is_where_its_answer_came_from() -> None:
    browse = services.Browse()
    records = [Record(IPP, RecordType.PTR, INSTANCE), Record(INSTANCE, RecordType.SRV, Service(631, HOST))]
    browse.take(records, source=ipaddress.ip_address("10.0.0.9"))
    assert [str(address) for address in browse.services()[0].addresses] == ["10.0.0.9"]


def test_a_port_of_nought_is_a_name_that_is_kept_not_a_service() -> None:
    browse = services.Browse()
    lpd = (b"Prt", *dns.name("_printer._tcp.local"))
    browse.take(
        [
            Record(lpd[1:], RecordType.PTR, lpd),
            Record(lpd, RecordType.SRV, Service(0, HOST)),
            Record(HOST, RecordType.A, ipaddress.ip_address("10.0.0.7")),
        ]
    )
    assert [(service.kind, service.ipp_uri) for service in browse.services()] == [("printer", None)]


def test_strangers_cannot_fill_the_memory() -> None:
    browse = services.Browse()
    browse.take(Record(IPP, RecordType.PTR, (b"%d" % number, *IPP)) for number in range(5_000))
    browse.take(Record((b"h%d" % n,), RecordType.A, ipaddress.IPv4Address(n)) for n in range(5_000))
    browse.take(Record(IPP, RecordType.PTR, (b"x", *dns.name("_ssh._tcp.local"))) for _ in range(3))
    assert len(browse.questions()) == 4 + 2 * services.MAX_INSTANCES
