"""Walks columns of tables side by side, without sockets: says what to ask next, takes the answers.

Columns of several tables travel in one GETBULK (RFC 3416 section 4.2.3): those with one more row to give as
non-repeaters, the others as many rows as fit. A column ends where its subtree does; one whose OIDs do not increase is
endless and stopped; all of them together are capped. Of a table whose columns have the same rows so far, one column
shows the end of all, so that not every column has to be asked for what it does not have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from econcierge_printers.snmp.codec import VarBind
from econcierge_printers.snmp.values import Oid, Tag, Value

MAX_ROUNDS = 500
_USUAL_ROWS = 60  # where nobody knows better: as many as fit


@dataclass(frozen=True, slots=True)
class Question:
    """OIDs to ask for what follows them: the first `non_repeaters` once, the others `repetitions` times."""

    oids: list[Oid]
    non_repeaters: int
    repetitions: int


@dataclass(slots=True)
class _Column:
    base: Oid
    table: Oid
    last: Oid  # where it is: the last OID seen
    rows: int  # how many it probably has
    found: int = 0

    @property
    def index(self) -> Oid:
        return self.last[len(self.base) :]


class Walk:
    """The state of one walk: which columns are still open, where each is, and what was found.

    `rows` says how many rows a column probably has; a wrong number costs packets, never rows. `instances` are whole
    OIDs, each asked for once by what comes before it.
    """

    def __init__(
        self,
        columns: Sequence[Oid],
        *,
        max_values: int,
        rows: Mapping[Oid, int] | None = None,
        instances: Sequence[Oid] = (),
    ) -> None:
        self.found: dict[Oid, Value] = {}
        self.endless: list[Oid] = []
        self.capped: list[Oid] = []  # columns that were still open when there was too much
        self.max_values = max_values
        self._rounds = 0
        self._columns: dict[Oid, _Column] = {}
        self._open: dict[Oid, _Column] = {}
        self._instances = {oid: _just_before(oid) for oid in instances}
        self._waiting: dict[Oid, list[Oid]] = {}  # column -> those of its table that end where it does
        self._asked: list[Oid] = []
        self._question = Question([], 0, 0)
        self._knows_non_repeaters = False  # until it shows
        self.add(columns, rows=rows)

    def add(self, columns: Sequence[Oid], *, rows: Mapping[Oid, int] | None = None) -> None:
        """More columns, asked after those that there are."""
        expected = rows or {}
        for base in columns:
            self._columns[base] = self._open[base] = _Column(base, base[:-1], base, expected.get(base, _USUAL_ROWS))

    def expect(self, rows: Mapping[Oid, int]) -> None:
        """How many rows columns probably have, when that is known better than before."""
        for base, number in rows.items():
            if base in self._columns:
                self._columns[base].rows = number

    @property
    def rows_found(self) -> dict[Oid, int]:
        return {base: column.found for base, column in self._columns.items()}

    def ask(self, most: int) -> Question | None:
        """At most so many values to ask for; None when the walk is done."""
        self._rounds += 1
        if self._rounds > MAX_ROUNDS:
            self._stop()
        once, several = self._chosen(most)
        if not once and not several:
            return None
        self._asked = [*once, *several]
        repetitions = self._repetitions(several, most - len(once))
        self._question = Question([self._where(name) for name in self._asked], len(once), repetitions)
        return self._question

    def take(self, answer: Sequence[VarBind]) -> None:
        """The first of them answer the non-repeaters, then each repetition holds a value for each other OID in order.

        The last repetition may be cut short; an agent that repeated what it should not is understood.
        """
        once = self._once_in(answer)
        for name, (oid, value) in zip(self._asked[:once], answer, strict=False):
            self._take_one(name, oid, value)
        several = self._asked[once:]
        for at in range(once, len(answer), len(several) or len(answer)):
            for name, (oid, value) in zip(several, answer[at : at + len(several)], strict=False):
                self._take_one(name, oid, value)
        self._rotate(answered=self._asked[: len(answer)])

    def drop(self, position: int) -> None:
        """The device has nothing after the OID asked in that position, or cannot tell."""
        name = self._asked[position]
        self._instances.pop(name, None)
        self._open.pop(name, None)

    def _chosen(self, most: int) -> tuple[list[Oid], list[Oid]]:
        """What to ask once and what several times, in the order in which it was wanted.

        Of a table whose columns have all given what they probably have, only the last is asked to show the end of all.
        """
        once: list[Oid] = list(self._instances)[:most]
        several: list[Oid] = []
        sentinels = {column.table: column for column in self._open.values() if column.found >= column.rows > 0}
        self._waiting = {}
        for base, column in self._open.items():
            sentinel = sentinels.get(column.table, column)
            if column is not sentinel and column.found >= column.rows and column.index == sentinel.index:
                self._waiting.setdefault(sentinel.base, []).append(base)
            elif len(once) + 2 * len(several) >= most:
                break
            else:
                (several if column.rows - column.found > 1 else once).append(base)
        if self._knows_non_repeaters or self._instances:
            return once, several
        return [], once + several

    def _repetitions(self, several: list[Oid], left: int) -> int:
        if not several:
            return 1  # without meaning then, and what agents that know no non-repeaters need
        columns = [column for base in several if (column := self._open.get(base)) is not None]
        longest = max((column.rows - column.found for column in columns), default=1)
        return max(1, min(longest, left // len(several)))

    def _where(self, name: Oid) -> Oid:
        column = self._open.get(name)
        return self._instances[name] if column is None else column.last

    def _once_in(self, answer: Sequence[VarBind]) -> int:
        """How many were asked once. Agents that do not know non-repeaters repeat all: a column then goes back.

        It shows after an instance, which comes before all columns; what such an agent does is remembered.
        """
        once, size = self._question.non_repeaters, len(self._asked)
        if 0 < once < size < len(answer) and self._asked[0] in self._instances:
            oid, value = answer[size]
            self._knows_non_repeaters = value.tag is Tag.END_OF_MIB_VIEW or oid >= answer[once][0]
            return once if self._knows_non_repeaters else 0
        return once

    def _take_one(self, name: Oid, oid: Oid, value: Value) -> None:
        column = self._open.get(name)
        if column is None:
            self._take_instance(name, oid, value)
        elif oid[: len(name)] != name or value.tag is Tag.END_OF_MIB_VIEW:
            self._end(column)
        elif oid <= column.last:
            self.endless.append(name)
            del self._open[name]
        elif len(self.found) >= self.max_values:
            self._stop()
        else:
            self.found[oid] = value
            column.last = oid
            column.found += 1
            if self._waiting:
                self._waiting.pop(name, None)  # it did not end there: the others go on for themselves
            if column.found > column.rows:
                self._expect_more(column)

    def _take_instance(self, name: Oid, oid: Oid, value: Value) -> None:
        """A column that is closed takes nothing either."""
        if self._instances.pop(name, None) is not None and oid == name:
            self.found[oid] = value

    def _expect_more(self, longer: _Column) -> None:
        """Its table has more rows than was thought: half as many again."""
        rows = longer.found + longer.found // 2
        for column in self._open.values():
            if column.table == longer.table:
                column.rows = max(column.rows, rows)

    def _end(self, column: _Column) -> None:
        del self._open[column.base]
        for base in self._waiting.pop(column.base, ()):
            self._open.pop(base, None)

    def _stop(self) -> None:
        self.capped += self._open
        self._open.clear()
        self._instances.clear()

    def _rotate(self, *, answered: Sequence[Oid]) -> None:
        """Of the columns asked, those that a short answer left out come first next time."""
        if len(answered) < len(self._asked):
            left_out = [name for name in self._asked[len(answered) :] if name in self._open]
            self._open = {name: self._open[name] for name in left_out} | self._open


def _just_before(instance: Oid) -> Oid:
    """What is asked to hear of an instance: nothing lies between the two."""
    return (*instance[:-1], instance[-1] - 1) if instance[-1] else instance[:-1]
