"""Any bytes in: a value or one named error (G06). A plain mutator over recordings and packets.

The tests run a fixed number of cases; any number by hand: `python -m packages.printers.tests.fuzz.test_fuzz_printers
--cases 1000000 --seed 7`. A case that fails is printed with the seed that makes it again.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from econcierge_printers import masking, snmprec, snmpwalk, wire
from econcierge_printers.errors import PrinterError
from econcierge_printers.ipp import decode as ipp_decode
from econcierge_printers.mib import decode, oids
from econcierge_printers.snmp import codec, values
from econcierge_printers.snmp.codec import Message, Pdu, PduKind, Version
from econcierge_printers.snmp.credentials import AuthProtocol, PrivProtocol, User
from econcierge_printers.snmp.v3 import usm
from econcierge_printers.snmp.values import Oid, Value
from econcierge_printers.snmp.walk import Walk
from econcierge_virtual.printers import fleet, living, mib

CORPUS = Path(__file__).parents[5] / "shared" / "data" / "corpus"
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
CASES = 300  # of each target, in `make test`
LARGEST_SEED_OCTETS = 20_000
COLUMNS = (*oids.DEVICE_COLUMNS, *oids.SUPPLY_COLUMNS, *oids.DETAIL_COLUMNS)
SECRET = User("reader", AuthProtocol.SHA, "authpass12", PrivProtocol.AES, "privpass12")
SIGNING = User("reader", AuthProtocol.SHA, "authpass12")
TEXTS = (b"-1", b"-3", b"0", b"4294967296", b"9" * 30, b"\xff\xfe", b"\0", b"|", b'"', b"\n", b"\xed\xa0\x80", b"1e999")
OCTETS = (b"\x30\x84\xff\xff\xff\xff", b"\x80", b"\x06\x00", b"\x02\x09" + b"\xff" * 9, b"\xff" * 4, b"\x82\x00")
Target = Callable[[bytes], object]


def mutated(seed: bytes, other: bytes, chance: random.Random) -> bytes:
    """One to four changes: flips, cuts, repeats, foreign parts, values that hurt; half the time flips alone."""
    data = bytearray(seed)
    kinds = chance.choice((1, 7))
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(data))
        to = min(len(data), at + chance.choice((1, 2, 4, 16, 200)))
        match chance.randrange(kinds):
            case 0 if data:
                data[at - 1] ^= 1 << chance.randrange(8)
            case 1:
                del data[at:to]
            case 2:
                data[at:at] = data[at:to] * chance.randint(1, 3)
            case 3:
                start = chance.randint(0, len(other))
                data[at:to] = other[start : start + chance.choice((4, 40, 400))]
            case 4:
                data[at:to] = chance.choice(TEXTS)
            case 5:
                data[at:to] = chance.choice(OCTETS)
            case _:
                del data[at:]
    return bytes(data)


def snmp(data: bytes) -> None:
    pdu = codec.decode(data).pdu
    walk = Walk(COLUMNS, max_values=1_000, instances=oids.SCALARS)
    while walk.ask(60) is not None:
        if pdu.varbinds:
            walk.take(pdu.varbinds)
        else:
            walk.drop(0)
    _decode(walk.found | dict(pdu.varbinds))


def snmp_v3(data: bytes) -> None:
    for user in (SECRET, SIGNING, User("guest")):
        asked = usm.UserSecurity(user, engine=usm.Engine(b"engine"), monotonic_s=lambda: 0.0)
        with suppress(PrinterError):
            asked.unwrap(data, request_id=1)
        asked.wrap(Pdu(PduKind.GET, 1))


def recording(data: bytes) -> None:
    _decode(snmprec.parse(data, name="fuzz").objects)


def walk_text(data: bytes) -> None:
    _decode(snmpwalk.parse(data, name="fuzz").objects)


def wire_json(data: bytes) -> None:
    """Damaged text is mostly no JSON; what it was made from is then damaged in one place, by the same bytes."""
    try:
        read = json.loads(data)
    except (ValueError, RecursionError):
        chance = random.Random(data)
        read = json.loads(chance.choice(wire_readings()))
        _damage(read, chance)
    wire.reading_from_json(read)


def _damage(part: Any, chance: random.Random) -> None:
    while True:
        key = chance.choice(list(part) if isinstance(part, dict) else range(len(part)))
        if isinstance(part[key], dict | list) and part[key] and chance.random() < 0.8:
            part = part[key]
            continue
        part[key] = chance.choice(
            [None, True, -1, 2**70, 1e400, "", "\0", "\ud800", "x" * 10_000, [], {}, [[]], "soon"]
        )
        return


def ipp(data: bytes) -> None:
    found = ipp_decode.response(data, target="fuzz", read_at=NOW)
    assert wire.reading_from_json(wire.reading_to_json(found)) == found


def _decode(objects: dict[Oid, Value] | object) -> None:
    """Whatever was said gives readings that the wire takes, also when it is masked."""
    assert hasattr(objects, "items")
    held = dict(objects.items())
    for found in decode.readings(held, target="fuzz", read_at=NOW, protocol="recording"):
        assert wire.reading_from_json(wire.reading_to_json(found)) == found
    assert list(masking.masked(held, key=b"fuzz")) == list(held)


def tables() -> Iterator[dict[Oid, Value]]:
    """Virtual printers, and recordings of real ones where they are."""
    for spec in fleet.default_fleet()[:3]:
        yield dict(mib.table(spec, living.first_state(spec, at=NOW)))
    for path in sorted(CORPUS.glob("[gls]*/*.snmprec")):
        yield dict(snmprec.read_file(path).objects)


def packets() -> list[bytes]:
    found = []
    for table in tables():
        of_columns = [(oid, held) for oid, held in table.items() if any(oid[: len(base)] == base for base in COLUMNS)]
        pdu = Pdu(PduKind.RESPONSE, 1, varbinds=tuple(of_columns[:60]))
        found += [codec.encode(Message(version, b"public", pdu)) for version in Version]
    return found


def packets_v3() -> list[bytes]:
    engine = usm.Engine(b"engine")
    answers = [codec.decode(packet).pdu for packet in packets()[:4]]
    users = (SECRET, SIGNING, User("guest"))
    return [
        usm.UserSecurity(user, engine=engine, monotonic_s=lambda: 0.0).wrap(pdu) for user in users for pdu in answers
    ]


def recordings() -> list[bytes]:
    return [text for table in tables() if len(text := snmprec.format_lines(table).encode()) < LARGEST_SEED_OCTETS]


def walks() -> list[bytes]:
    def line(oid: Oid, value: Value) -> str:
        if value.octets is not None:
            return f".{values.format_oid(oid)} = Hex-STRING: {value.octets.hex(' ')}"
        if value.oid is not None:
            return f".{values.format_oid(oid)} = OID: .{values.format_oid(value.oid)}"
        return f".{values.format_oid(oid)} = INTEGER: {value.number}"

    return ["\n".join(line(*row) for row in list(table.items())[:150]).encode() for table in tables()]


@cache
def wire_readings() -> list[bytes]:
    readings = [decode.reading(table, target="a", read_at=NOW, protocol="recording") for table in tables()]
    return [json.dumps(wire.reading_to_json(found)).encode() for found in readings]


def ipp_responses() -> list[bytes]:
    built = (
        b"\x02\x00\x00\x00\x00\x00\x00\x01\x01\x47\x00\x12attributes-charset\x00\x05utf-8\x04\x42\x00\x0cmarker-names"
    )
    captured = [path.read_bytes() for path in sorted((CORPUS / "ipp").rglob("*")) if path.suffix in (".bin", ".res")]
    return [built + b"\x00\x05black\x21\x00\x0dmarker-levels\x00\x04\x00\x00\x00\x2a\x03", *captured]


TARGETS: dict[str, tuple[Target, Callable[[], Sequence[bytes]]]] = {
    "snmp": (snmp, packets),
    "snmp-v3": (snmp_v3, packets_v3),
    "snmprec": (recording, recordings),
    "snmpwalk": (walk_text, walks),
    "wire": (wire_json, wire_readings),
    "ipp": (ipp, ipp_responses),
}


def run(name: str, *, cases: int, seed: int) -> int:
    """How many cases gave a value; the others gave one `PrinterError` or `WireError`. Anything else is raised."""
    target, make_seeds = TARGETS[name]
    seeds = make_seeds()
    good = 0
    for number in range(cases):
        chance = random.Random(f"{seed} {number}")
        data = mutated(chance.choice(seeds), chance.choice(seeds), chance)
        try:
            target(data)
            good += 1
        except (PrinterError, wire.WireError):
            continue
        except Exception as error:
            error.add_note(f"{name}, seed {seed}, case {number}: {data[:2000]!r}")
            raise
    return good


@pytest.mark.parametrize("name", TARGETS)
def test_any_bytes_give_a_value_or_one_named_error_g06(name: str) -> None:
    good = run(name, cases=CASES, seed=2026)
    assert 0 < good <= CASES


def main() -> None:
    parser = argparse.ArgumentParser(description="Feeds damaged bytes to everything that reads bytes of printers.")
    parser.add_argument("--cases", type=int, default=10_000, help="of each target")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--target", choices=TARGETS, action="append", help="default: all")
    options = parser.parse_args()
    for name in options.target or TARGETS:
        start = time.perf_counter()
        good = run(name, cases=options.cases, seed=options.seed)
        took_s = time.perf_counter() - start
        sys.stdout.write(f"{name}: {options.cases} cases, {good} gave a value, {took_s:.1f} s\n")


if __name__ == "__main__":
    main()
