"""Which printer a reading is of: by serial, then MAC, then model and host name, never by address alone (P16 to P19)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import combinations

from econcierge.fleet import types as t
from econcierge_printers import identity
from econcierge_printers.model import Reading

FUTURE_TOLERANCE = timedelta(minutes=10)
OLDEST_READING = timedelta(days=31)
CLOCK_TOLERANCE = timedelta(minutes=5)
FIRST_YEAR = 2000
FURTHEST_AHEAD = timedelta(days=366)
SAME_VISIT = timedelta(minutes=10)  # readings this close together are of printers that are alive at the same time
NO_HOSTNAME = frozenset({"localhost", "unknown", "none", "printer"})


def serial_key(text: str | None) -> str:
    """A serial as a key; empty for words for nothing and placeholders (P17)."""
    return (identity.normal_serial(text) or "")[:60]


def mac_key(text: str | None) -> str:
    """A MAC with colons, lower case; empty where it is none."""
    return identity.normal_mac(text) or ""


def model_key(text: str | None) -> str:
    return " ".join((text or "").casefold().split())[:120]


def hostname_key(text: str | None) -> str:
    """A host name without its domain, lower case; empty for names that many printers carry."""
    key = (text or "").strip().casefold().partition(".")[0][:120]
    return "" if key in NO_HOSTNAME else key


def claim(*, reading: Reading) -> t.Claim:
    said = reading.identity
    serial = serial_key(said.serial)
    return t.Claim(
        read_at=reading.read_at,
        target=reading.target,
        serial_key=serial,
        mac=mac_key(said.mac),
        model_key=model_key(said.model),
        hostname_key=hostname_key(said.hostname),
        said_serial=serial,
    )


def refused_by_time(*, read_at: datetime, now: datetime) -> t.Refusal | None:
    """A reading from the future (more than ten minutes ahead) or older than 31 days is not used."""
    if read_at > now + FUTURE_TOLERANCE:
        return t.Refusal.FROM_THE_FUTURE
    return t.Refusal.TOO_OLD if read_at < now - OLDEST_READING else None


def clock_skew(*, said_now: datetime | None, now: datetime) -> timedelta:
    """Our clock less a computer's own, where they differ by more than five minutes; zero where it did not say."""
    skew = timedelta() if said_now is None else now - said_now
    return skew if abs(skew) > CLOCK_TOLERANCE else timedelta()


def by_our_clock(*, moment: datetime, skew: timedelta, now: datetime) -> datetime:
    """A moment of a computer whose clock is off by `skew`, by ours. Distances between moments stay as they are.

    Never later than `now`: what a computer says has happened. Unchanged where its clock is right, and where it cannot
    be counted (the year 9999).
    """
    if not skew:
        return moment
    try:
        return min(moment + skew, now)
    except OverflowError:
        return moment


def is_plausible(*, moment: datetime, now: datetime) -> bool:
    """Neither before the year 2000 nor more than a year ahead: what can be kept and shown in every time zone."""
    return moment.year >= FIRST_YEAR and moment <= now + FURTHEST_AHEAD


def disputed_serials(*, claims: Iterable[t.Claim]) -> frozenset[str]:
    """Serials that two printers of one batch claim at the same time: such a serial is no key for either.

    One printer read through two interfaces (P19) agrees in model and host name, so it is no dispute.
    """
    by_serial: dict[str, list[t.Claim]] = {}
    for one in claims:
        if one.serial_key:
            by_serial.setdefault(one.serial_key, []).append(one)
    return frozenset(
        serial
        for serial, claimants in by_serial.items()
        if any(_are_two_printers(a, b) for a, b in combinations(_one_a_place(claimants), 2))
    )


def without_disputed(one: t.Claim, *, disputed: frozenset[str]) -> t.Claim:
    return dataclasses.replace(one, serial_key="") if one.serial_key in disputed else one


def match(*, claim: t.Claim, known: Sequence[t.KnownPrinter]) -> t.Match:
    """The printer that a reading is of. A stronger key that speaks against a printer outweighs a weaker one for it."""
    if claim.serial_key:
        rightful = [p for p in known if p.serial_key == claim.serial_key]
        others = [p for p in known if _is_disputant(p, claim)]
        if found := others or rightful:
            return t.Match(found[0].printer_id, t.MatchedBy.SERIAL if found is rightful else t.MatchedBy.MAC)
    if not (claim.serial_key or claim.mac or (claim.model_key and claim.hostname_key)):
        return t.Match(None, refusal=t.Refusal.NO_IDENTITY)
    return _match_weaker(claim, known)


def assign(*, claims: Sequence[t.Claim], known: Iterable[t.KnownPrinter]) -> t.Assignment:
    """Matches a batch in its order. What one reading tells of a printer helps to match the next.

    A printer that has to be made gets the id `-1 - n`, where n is the place of its first claim.
    """
    disputed = disputed_serials(claims=claims)
    printers = {printer.printer_id: printer for printer in known}
    matches: list[t.Match] = []
    learned = False
    for place, said in enumerate(claims):
        usable = without_disputed(said, disputed=disputed)
        found = match(claim=usable, known=tuple(printers.values()))
        if found.refusal is None:
            found = found if found.printer_id is not None else t.Match(-1 - place)
            assert found.printer_id is not None
            before = printers.get(found.printer_id, t.KnownPrinter(found.printer_id))
            printers[found.printer_id] = _learned(before, usable)
            learned = learned or printers[found.printer_id] != before
        matches.append(found)
    return t.Assignment(tuple(matches), printers, learned)


def _match_weaker(claim: t.Claim, known: Sequence[t.KnownPrinter]) -> t.Match:
    candidates = [p for p in known if not _differ(p.serial_key, claim.serial_key)]
    by_mac = [p for p in candidates if claim.mac and p.mac == claim.mac]
    if len(by_mac) == 1:
        return t.Match(by_mac[0].printer_id, t.MatchedBy.MAC)
    by_name = [p for p in by_mac or candidates if _same_name(p, claim) and not _differ(p.mac, claim.mac)]
    if len(by_name) == 1:
        return t.Match(by_name[0].printer_id, t.MatchedBy.MODEL_AND_HOSTNAME)
    if by_mac or by_name:
        return t.Match(None, refusal=t.Refusal.AMBIGUOUS_IDENTITY)
    return t.Match(None)


def _learned(printer: t.KnownPrinter, claim: t.Claim) -> t.KnownPrinter:
    """Keys that were not known yet. A serial that was disputed stays said until a person decides."""
    is_disputed = bool(printer.said_serial) and not printer.serial_key
    return dataclasses.replace(
        printer,
        serial_key=printer.serial_key or ("" if is_disputed else claim.serial_key),
        mac=printer.mac or claim.mac,
        model_key=claim.model_key or printer.model_key,
        hostname_key=claim.hostname_key or printer.hostname_key,
        said_serial=printer.said_serial or claim.said_serial,
    )


def _one_a_place(claimants: Iterable[t.Claim]) -> list[t.Claim]:
    """Fewer to compare: a spool may hold thousands of visits to the same address."""
    return list({(c.target, c.mac, c.model_key, c.hostname_key): c for c in claimants}.values())


def _are_two_printers(a: t.Claim, b: t.Claim) -> bool:
    if a.target == b.target or abs(a.read_at - b.read_at) > SAME_VISIT:
        return False
    if a.mac and a.mac == b.mac:
        return False
    return a.model_key != b.model_key or a.hostname_key != b.hostname_key


def _is_disputant(printer: t.KnownPrinter, claim: t.Claim) -> bool:
    """A printer whose serial was disputed, found again by its MAC although the serial is somebody else's key."""
    is_disputed = not printer.serial_key and printer.said_serial == claim.serial_key
    return is_disputed and bool(claim.mac) and printer.mac == claim.mac


def _same_name(printer: t.KnownPrinter, claim: t.Claim) -> bool:
    has_both = bool(claim.model_key and claim.hostname_key)
    return has_both and (printer.model_key, printer.hostname_key) == (claim.model_key, claim.hostname_key)


def _differ(known: str, claimed: str) -> bool:
    return bool(known and claimed and known != claimed)


def printer_name(*, label: str, hostname: str, model_name: str, serial: str, printer_id: int | None) -> str:
    """What people call a printer, or the best that is known."""
    return label or hostname or model_name or serial or f"#{printer_id}"
