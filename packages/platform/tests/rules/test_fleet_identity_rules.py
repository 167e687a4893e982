"""Which printer a reading is of, and how its pages are counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge.fleet import counting, rules
from econcierge.fleet import types as t
from econcierge_printers.model import Counters

AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
MAC, OTHER_MAC = "00:00:aa:00:00:01", "00:00:aa:00:00:02"


def claim(
    serial: str = "", mac: str = "", model: str = "", hostname: str = "", *, target: str = "a", at: datetime = AT
) -> t.Claim:
    return t.Claim(at, target, serial, mac, model, hostname, serial)


def known(number: int, serial: str = "", mac: str = "", model: str = "", hostname: str = "") -> t.KnownPrinter:
    return t.KnownPrinter(number, serial, mac, model, hostname, serial)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("3102345678", "3102345678"),
        (" 310 234 5678 ", "3102345678"),
        ("ab12cd", "AB12CD"),
        ("1234567890000", ""),
        ("0000000000", ""),
        ("XXXXXXXX", ""),
        ("unknown", ""),
        ("N/A", ""),
        ("none", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_placeholders_are_no_serial(said: str | None, key: str) -> None:
    assert rules.serial_key(said) == key


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("00:00:AA:00:00:01", MAC),
        ("0000aa-000001", MAC),
        ("00:00:00:00:00:00", ""),
        ("ff:ff:ff:ff:ff:ff", ""),
        ("0:0:aa", ""),
        (None, ""),
    ],
)
def test_a_mac_is_twelve_digits(said: str | None, key: str) -> None:
    assert rules.mac_key(said) == key


@pytest.mark.parametrize(
    ("one", "printers", "expected", "by"),
    [
        (claim("S001"), [known(1, "S001"), known(2, "S002")], 1, "serial"),
        (claim("S001", OTHER_MAC), [known(1, "S001", MAC), known(2, "", OTHER_MAC)], 1, "serial"),
        (claim("", MAC), [known(1, "S001", MAC)], 1, "mac"),
        (claim("S001", MAC), [known(1, "", MAC)], 1, "mac"),
        (claim("", "", "c405", "front"), [known(1, "S001", MAC, "c405", "front")], 1, "model_and_hostname"),
        (claim("S009", MAC), [known(1, "S001", MAC)], None, None),
        (claim("", OTHER_MAC, "c405", "front"), [known(1, "", MAC, "c405", "front")], None, None),
        (claim("", "", "c405", "back"), [known(1, "S001", MAC, "c405", "front")], None, None),
        (claim("S003"), [], None, None),
    ],
)
def test_the_strongest_key_decides(
    one: t.Claim, printers: list[t.KnownPrinter], expected: int | None, by: str | None
) -> None:
    found = rules.match(claim=one, known=printers)
    assert (found.printer_id, found.by, found.refusal) == (expected, by, None)


@pytest.mark.parametrize("one", [claim(), claim(model="c405"), claim(hostname="front")])
def test_an_address_alone_is_nobody(one: t.Claim) -> None:
    assert rules.match(claim=one, known=[known(1, "S001")]).refusal is t.Refusal.NO_IDENTITY


def test_two_that_fit_equally_are_left_to_a_person() -> None:
    twins = [known(1, "S001", "", "c405", "front"), known(2, "S002", "", "c405", "front")]
    assert rules.match(claim=claim(model="c405", hostname="front"), known=twins).refusal is (
        t.Refusal.AMBIGUOUS_IDENTITY
    )


def test_one_printer_through_two_interfaces_is_no_dispute() -> None:
    two = [claim("S001", MAC, "c405", "front", target="a"), claim("S001", OTHER_MAC, "c405", "front", target="b")]
    assert rules.disputed_serials(claims=two) == frozenset()
    assert len({match.printer_id for match in rules.assign(claims=two, known=[]).matches}) == 1


def test_a_serial_of_two_live_printers_is_no_key() -> None:
    two = [claim("S001", MAC, "c405", "front", target="a"), claim("S001", OTHER_MAC, "c405", "back", target="b")]
    assert rules.disputed_serials(claims=two) == {"S001"}
    assigned = rules.assign(claims=two, known=[])
    assert len({match.printer_id for match in assigned.matches}) == 2
    assert {printer.serial_key for printer in assigned.printers.values()} == {""}


def test_the_same_printer_renamed_or_moved_later_is_no_dispute() -> None:
    later = AT + timedelta(hours=1)
    two = [claim("S001", MAC, "c405", "front"), claim("S001", OTHER_MAC, "c405", "back", target="b", at=later)]
    assert rules.disputed_serials(claims=two) == frozenset()


def test_what_one_reading_tells_helps_to_match_the_next() -> None:
    assigned = rules.assign(claims=[claim("S001", MAC), claim("", MAC), claim("S001")], known=[])
    assert {match.printer_id for match in assigned.matches} == {-1}
    again = rules.assign(claims=[claim("S001", MAC)], known=[known(5, "S001", MAC)])
    assert (again.matches[0].printer_id, again.learned) == (5, False)


KEYS = st.sampled_from(["", "S001", "S002"])
CLAIMS = st.builds(
    claim,
    KEYS,
    st.sampled_from(["", MAC, OTHER_MAC]),
    st.sampled_from(["", "c405", "c505"]),
    st.sampled_from(["", "front", "back"]),
    target=st.sampled_from(["a", "b"]),
    at=st.sampled_from([AT, AT + timedelta(hours=1)]),
)


@given(claims=st.lists(CLAIMS, max_size=8), before=st.lists(CLAIMS, max_size=4))
def test_no_batch_gives_two_printers_one_serial(claims: list[t.Claim], before: list[t.Claim]) -> None:
    first = rules.assign(claims=before, known=[])
    renumbered = [
        t.KnownPrinter(n, p.serial_key, p.mac, p.model_key, p.hostname_key, p.said_serial)
        for n, p in enumerate(first.printers.values(), start=1)
    ]
    assigned = rules.assign(claims=claims, known=renumbered)
    serials = [printer.serial_key for printer in assigned.printers.values() if printer.serial_key]
    assert len(serials) == len(set(serials))
    assert all((match.printer_id is None) == (match.refusal is not None) for match in assigned.matches)


TOTALS = st.none() | st.integers(0, 2**63 - 1)


@given(said=st.lists(st.tuples(TOTALS, st.sampled_from(["impressions", "sheets"])), min_size=1))
def test_pages_over_all_epochs_never_go_back(said: list[tuple[int | None, str]]) -> None:
    count, lifetimes = t.PageCount(None, "unknown"), []
    for hour, (total, unit) in enumerate(said):
        count = counting.counted(before=count, said=Counters(total=total, unit=unit), at=AT + timedelta(hours=hour))
        lifetimes.append(count.lifetime)
    told = [pages for pages in lifetimes if pages is not None]
    assert told == sorted(told)
    assert all(pages < 2**63 for pages in told)


COUNTED = [
    ("it prints", [1000, 1100, 1250], 1250, 0),
    ("one reading of nothing after a restart", [1000, 0, 1010, 1020], 1020, 0),
    ("a new board starts at nothing", [1000, 0, 5, 9, 30], 1030, 1),
    ("two sources that differ by some pages", [6462, 6466, 6462, 6467, 6463, 6470], 6470, 0),
    ("two sources that are far apart", [6462, 4000, 6470, 4001, 6480, 4002], 6480, 0),
    ("one wild number", [1000, 9_000_000, 1010, 1020], 1020, 0),
    ("a board with a higher count", [1000, 9_000_000, 9_000_010, 9_000_020], 9_000_020, 0),
]


@pytest.mark.parametrize(("says", "totals", "lifetime", "epochs"), COUNTED, ids=[row[0] for row in COUNTED])
def test_a_count_is_believed_when_it_is_seen_again(says: str, totals: list[int], lifetime: int, epochs: int) -> None:
    count, began = t.PageCount(None, "unknown"), 0
    for hour, total in enumerate(totals):
        count = counting.counted(before=count, said=Counters(total, "sheets"), at=AT + timedelta(minutes=15 * hour))
        began += count.epoch_began_at is not None
    assert (count.lifetime, began) == (lifetime, epochs)


def test_time_limits_of_a_reading() -> None:
    assert rules.refused_by_time(read_at=AT + timedelta(minutes=10), now=AT) is None
    assert rules.refused_by_time(read_at=AT + timedelta(minutes=10, seconds=1), now=AT) is t.Refusal.FROM_THE_FUTURE
    assert rules.refused_by_time(read_at=AT - timedelta(days=31), now=AT) is None
    assert rules.refused_by_time(read_at=AT - timedelta(days=31, seconds=1), now=AT) is t.Refusal.TOO_OLD
