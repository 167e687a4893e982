"""Walks columns of tables side by side, without sockets: says what to ask next, takes the answers.

Several columns travel in one GETBULK (RFC 3416 section 4.2.3) or GETNEXT. A column ends where its subtree
does; one whose OIDs do not increase is endless and stopped; all of them together are capped.
"""

from __future__ import annotations

from collections.abc import Sequence

from econcierge_printers.snmp.codec import VarBind
from econcierge_printers.snmp.values import Oid, Tag, Value

MAX_ROUNDS = 500


class Walk:
    """The state of one walk: which columns are still open, where each is, and what was found."""

    def __init__(self, columns: Sequence[Oid], *, max_values: int) -> None:
        self.found: dict[Oid, Value] = {}
        self.endless: list[Oid] = []
        self.capped = False
        self._max_values = max_values
        self._rounds = 0
        self._open: dict[Oid, Oid] = {column: column for column in columns}  # column -> last OID seen
        self._asked: list[Oid] = []

    def ask(self, most: int) -> list[Oid]:
        """At most so many OIDs to ask for what follows them; none when the walk is done."""
        self._rounds += 1
        if self._rounds > MAX_ROUNDS:
            self.capped = True
            self._open.clear()
        self._asked = list(self._open)[:most]
        return [self._open[column] for column in self._asked]

    def take(self, answer: Sequence[VarBind]) -> None:
        """Of repetitions, each holds one value for each OID asked, in that order; the last may be cut short."""
        for at, (oid, value) in enumerate(answer):
            self._take_one(self._asked[at % len(self._asked)], oid, value)
        self._rotate(self._asked[: len(answer)])

    def drop(self, position: int) -> None:
        """The device has nothing after the OID asked in that position, or cannot tell."""
        self._open.pop(self._asked[position], None)

    def _take_one(self, column: Oid, oid: Oid, value: Value) -> None:
        last = self._open.get(column)
        if last is None:
            return
        if value.tag is Tag.END_OF_MIB_VIEW or oid[: len(column)] != column:
            del self._open[column]
        elif oid <= last:
            self.endless.append(column)
            del self._open[column]
        elif len(self.found) >= self._max_values:
            self.capped = True
            self._open.clear()
        else:
            self.found[oid] = value
            self._open[column] = oid

    def _rotate(self, answered: Sequence[Oid]) -> None:
        """Columns that a short answer left out come first next time."""
        for column in answered:
            if column in self._open:
                self._open[column] = self._open.pop(column)
