"""The printers that were found, across restarts: who they are, where they answered last, what was kept of them.

A printer is its serial number or its MAC, else model and host name together; the address may change (P18). When in
doubt two rows are kept rather than one: a printer read twice is sorted out by the platform, one never read is lost.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from econcierge_assistant.service import store
from econcierge_printers import clock, identity, model

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """A printer to visit."""

    printer_id: int
    target: str
    community: str
    user: str = ""  # the SNMPv3 user that it answered to, by name, instead of a community
    ipp_uri: str | None = None  # where it said that it takes IPP
    mac: str | None = None
    may_ask_over_ipp: bool = True


@dataclass(frozen=True, slots=True)
class Traits:
    """What tells one printer from another."""

    serial: str | None
    mac: str | None
    model: str | None
    hostname: str | None


class Roster:
    def __init__(self, *, opened: store.Store, now: clock.Clock) -> None:
        self._store = opened
        self._now = now

    def known(self) -> list[Known]:
        """All that have an address, in the order they were found."""
        with self._store.transaction() as connection:
            return known_in(connection)

    def found(
        self, *, target: str, community: str, said: model.Identity, user: str = "", ipp_uri: str | None = None
    ) -> bool:
        """Remember what discovery met; True when it is new. Who answers at a known address, the next reading tells."""
        with self._store.transaction() as connection:
            row = connection.execute("SELECT printer_id FROM printer WHERE target = ?", (target,)).fetchone()
            printer_id, is_new = (
                (row[0], False) if row else resolve(connection, target=target, said=said, now=self._now)
            )
            connection.execute(
                "UPDATE printer SET community = ?, snmp_user = ?, ipp_uri = COALESCE(?, ipp_uri) WHERE printer_id = ?",
                (community, user, ipp_uri, printer_id),
            )
        if is_new:
            log.info("found a printer at %s: %s", target, said.model or said.sys_descr or "model not yet known")
        return is_new

    def searched(self) -> None:
        """Remember, for `status`, that a search ended now."""
        with self._store.transaction() as connection:
            store.set_fact(connection, name="searched_at", value=self._now().isoformat())

    def fell_silent(self, printer_id: int, *, reason: str) -> bool:
        """One change of state, said once (P05); True when it was one."""
        with self._store.transaction() as connection:
            changed = connection.execute(
                "UPDATE printer SET silent_since = ? WHERE printer_id = ? AND silent_since IS NULL",
                (self._now().isoformat(), printer_id),
            ).rowcount
            moved = bool(changed) and _forget_twin(connection, printer_id)
        if moved:
            log.info("a printer has moved and is read at its new address: %s", reason)
        elif changed:
            log.warning("a printer stopped answering, it will be asked less often: %s", reason)
        return bool(changed)


def known_in(connection: sqlite3.Connection) -> list[Known]:
    """All that have an address; of several behind one address, the first stands for all."""
    rows = connection.execute(
        "SELECT printer_id, target, community, snmp_user, ipp_uri, mac FROM printer"
        " WHERE target IS NOT NULL AND target NOT LIKE '%#%' ORDER BY printer_id"
    ).fetchall()
    return [Known(*row) for row in rows]


def resolve(connection: sqlite3.Connection, *, target: str, said: model.Identity, now: clock.Clock) -> tuple[int, bool]:
    """The row of the printer that answers at `target`, made or moved as needed; and whether it is new."""
    seen = traits_of(said)
    printer_id = _match(connection, seen, target)
    row = connection.execute("SELECT community, snmp_user FROM printer WHERE target = ?", (target,)).fetchone()
    _vacate(connection, target, printer_id)
    if printer_id is None:
        return _insert(connection, seen, target, row or ("", ""), now), True
    connection.execute(
        "UPDATE printer SET serial = COALESCE(?, serial), mac = COALESCE(?, mac), model = COALESCE(?, model),"
        " hostname = COALESCE(?, hostname), target = ? WHERE printer_id = ?",
        (seen.serial, seen.mac, seen.model, seen.hostname, target, printer_id),
    )
    return printer_id, False


def traits_of(said: model.Identity) -> Traits:
    """Without the serial numbers and MACs that a whole fleet shares (P17)."""
    return Traits(
        serial=identity.normal_serial(said.serial),
        mac=identity.normal_mac(said.mac),
        model=said.model,
        hostname=said.hostname,
    )


class Likeness(IntEnum):
    """How sure it is that two sets of traits are one device."""

    NO = 0
    SAME_WORDS = 1  # model and host name, nothing better on either side
    SAME_ADDRESS = 2  # and no contradiction
    SAME_DEVICE = 3  # serial number or MAC, and no contradiction


def likeness(known: Traits, seen: Traits, *, same_target: bool) -> Likeness:
    """A contradiction outweighs an agreement; at one address a device may change its MAC (two network cards, P19)."""
    if _contradict(known.serial, seen.serial):
        return Likeness.NO
    same_serial = _agree(known.serial, seen.serial)
    if _contradict(known.mac, seen.mac):
        return Likeness.SAME_DEVICE if same_serial and same_target else Likeness.NO
    if _agree(known.mac, seen.mac):
        return Likeness.SAME_DEVICE
    if same_serial:  # a shared serial that does not look like one: two keys at least (P16)
        other_name = not same_target and _contradict(known.hostname, seen.hostname)
        return Likeness.NO if other_name else Likeness.SAME_DEVICE
    if _contradict(known.model, seen.model):
        return Likeness.NO
    if same_target:
        return Likeness.SAME_ADDRESS
    strong = (known.serial, seen.serial, known.mac, seen.mac)
    same_words = _agree(known.model, seen.model) and _agree(known.hostname, seen.hostname)
    return Likeness.SAME_WORDS if same_words and not any(strong) else Likeness.NO


def _agree(one: str | None, other: str | None) -> bool:
    return one is not None and one == other


def _contradict(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _match(connection: sqlite3.Connection, seen: Traits, target: str) -> int | None:
    """Its row, which may have another address only if nobody answers there any more: two that answer are two."""
    found = {
        printer_id: likeness(known, seen, same_target=known_target == target)
        for printer_id, known_target, silent, known in _candidates(connection, seen, target)
        if known_target in (None, target) or silent
    }
    best = max(found, key=lambda printer_id: found[printer_id], default=None)
    return None if best is None or found[best] is Likeness.NO else best


def _candidates(
    connection: sqlite3.Connection, seen: Traits, target: str | None
) -> Iterator[tuple[int, str | None, bool, Traits]]:
    """Rows that share anything: id, address, whether silent, traits."""
    rows = connection.execute(
        "SELECT printer_id, target, silent_since IS NOT NULL, serial, mac, model, hostname FROM printer"
        " WHERE target = ? OR serial = ? OR mac = ? OR hostname = ? ORDER BY printer_id",
        (target, seen.serial, seen.mac, seen.hostname),
    ).fetchall()
    for printer_id, known_target, silent, *traits in rows:
        yield printer_id, known_target, bool(silent), Traits(*traits)


def _vacate(connection: sqlite3.Connection, target: str, printer_id: int | None) -> None:
    """Another device answers there now: whoever had the address, if ever read, is awaited at the next discovery."""
    connection.execute(
        "DELETE FROM printer WHERE target = ? AND printer_id IS NOT ? AND read_at IS NULL", (target, printer_id)
    )
    gone = connection.execute(
        "UPDATE printer SET target = NULL WHERE target = ? AND printer_id IS NOT ? RETURNING printer_id",
        (target, printer_id),
    ).fetchall()
    for (former,) in gone:
        if not _forget_twin(connection, former):
            log.info("another printer answers at %s now; the former one is awaited elsewhere", target)


def _forget_twin(connection: sqlite3.Connection, printer_id: int) -> bool:
    """Drop a row that no longer answers when the same device answers at another address; True when it did."""
    traits = connection.execute(
        "SELECT serial, mac, model, hostname FROM printer WHERE printer_id = ?", (printer_id,)
    ).fetchone()
    gone = Traits(*traits)
    for other_id, other_target, silent, other in _candidates(connection, gone, None):
        answers = other_target is not None and not silent
        if other_id != printer_id and answers and likeness(other, gone, same_target=False) is Likeness.SAME_DEVICE:
            connection.execute("DELETE FROM printer WHERE printer_id = ?", (printer_id,))
            return True
    return False


def _insert(
    connection: sqlite3.Connection, seen: Traits, target: str, access: tuple[str, str], now: clock.Clock
) -> int:
    """`access`: the community and the user that this address answered to when it was another printer's."""
    row = connection.execute(
        "INSERT INTO printer (serial, mac, model, hostname, target, community, snmp_user, found_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING printer_id",
        (seen.serial, seen.mac, seen.model, seen.hostname, target, *access, now().isoformat()),
    ).fetchone()
    return int(row[0])
