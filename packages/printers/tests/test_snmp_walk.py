"""Walks find every row of every column, whatever was guessed, however short the answers, and always end."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge_printers import snmprec
from econcierge_printers.mib import oids
from econcierge_printers.snmp import values
from econcierge_printers.snmp.codec import VarBind
from econcierge_printers.snmp.values import Oid, Value
from econcierge_printers.snmp.walk import Question, Walk

ENTRY = (1, 3, 6, 1, 2, 1, 43)
ALL_COLUMNS = (*oids.DEVICE_COLUMNS, *oids.SUPPLY_COLUMNS, *oids.DETAIL_COLUMNS)


class Table:
    """What an agent answers to a question of a walk."""

    def __init__(self, objects: Mapping[Oid, Value], *, most: int = 1_000, knows_non_repeaters: bool = True) -> None:
        self.objects = objects
        self.names = sorted(objects)
        self.most = most
        self.knows_non_repeaters = knows_non_repeaters
        self.asked = 0

    def answer(self, question: Question, *, bulk: bool = True) -> list[VarBind]:
        self.asked += 1
        once = question.non_repeaters if self.knows_non_repeaters else 0
        found = [self.following(oid) for oid in question.oids[:once]]
        current = question.oids[once:]
        for _ in range(question.repetitions if bulk else 1):
            row = [self.following(oid) for oid in current]
            found += row
            current = [oid for oid, _ in row]
        return found[: self.most]

    def following(self, oid: Oid) -> VarBind:
        at = bisect_right(self.names, oid)
        if at == len(self.names):
            return oid, values.END_OF_MIB_VIEW
        return self.names[at], self.objects[self.names[at]]


def finish(walk: Walk, table: Table, *, most: int = 60, bulk: bool = True) -> dict[Oid, Value]:
    while (question := walk.ask(most)) is not None:
        assert 1 <= len(question.oids) <= most
        walk.take(table.answer(question, bulk=bulk))
    return walk.found


def below(objects: Mapping[Oid, Value], columns: tuple[Oid, ...]) -> dict[Oid, Value]:
    return {oid: value for oid, value in objects.items() if any(oid[: len(base)] == base for base in columns)}


columns = st.builds(lambda table, column: (*ENTRY, table, 1, column), st.integers(1, 3), st.integers(1, 5))
dense = st.dictionaries(columns, st.integers(0, 12), max_size=8)


@given(
    tables=dense,
    guess=st.integers(0, 20),
    most=st.integers(1, 70),
    cut=st.integers(1, 80),
    knows=st.booleans(),
    bulk=st.booleans(),
)
def test_every_row_is_found_whatever_was_guessed(
    tables: dict[Oid, int], guess: int, most: int, cut: int, knows: bool, bulk: bool
) -> None:
    lengths = {base[:-1]: rows for base, rows in tables.items()}  # all columns of a table have its rows
    objects = {(*base, 1, row): values.integer(row) for base in tables for row in range(lengths[base[:-1]])}
    objects |= {(1, 3, 6, 1, 2, 1, 1, part, 0): values.integer(part) for part in (1, 2, 3, 5, 6)}
    wanted = (1, 3, 6, 1, 2, 1, 1, 5, 0)
    walk = Walk(list(tables), max_values=5_000, rows=dict.fromkeys(tables, guess), instances=[wanted])
    table = Table(objects, most=cut, knows_non_repeaters=knows)
    assert finish(walk, table, most=most, bulk=bulk) == below(objects, (*tables, wanted))
    assert not walk.endless


@given(st.dictionaries(columns, st.sets(st.integers(1, 12)), max_size=8), st.integers(0, 20))
def test_columns_with_holes_are_found_when_answers_are_whole(tables: dict[Oid, set[int]], guess: int) -> None:
    objects = {(*base, 1, row): values.integer(row) for base, rows in tables.items() for row in rows}
    found = finish(Walk(list(tables), max_values=5_000, rows=dict.fromkeys(tables, guess)), Table(objects))
    for base, rows in tables.items():
        siblings = {frozenset(other) for entry, other in tables.items() if entry[:-1] == base[:-1]}
        if len(siblings) == 1:
            assert {oid[-1] for oid in found if oid[: len(base)] == base} == rows


def test_of_columns_with_the_same_rows_one_shows_the_end_of_all() -> None:
    tables = {(*ENTRY, 11, 1, 1, column): 8 for column in range(3, 10)}
    objects = {(*base, 1, row): values.integer(row) for base in tables for row in range(1, 9)}
    table = Table(objects)
    assert finish(Walk(list(tables), max_values=5_000, rows=tables), table) == objects
    assert table.asked == 2


def test_an_instance_that_is_not_there_is_left_out() -> None:
    objects = {(1, 3, 6, 1, 2, 1, 1, 5, 0): values.integer(5)}
    walk = Walk([], max_values=10, instances=[(1, 3, 6, 1, 2, 1, 1, 2, 0), (1, 3, 6, 1, 2, 1, 1, 5, 0)])
    assert finish(walk, Table(objects)) == objects


@given(st.data())
def test_any_answers_end_a_walk(data: st.DataObject) -> None:
    walk = Walk([(1, 3, 1), (1, 3, 2)], max_values=40, rows={(1, 3, 1): 2}, instances=[(1, 3, 3, 0)])
    oid = st.lists(st.integers(0, 3), max_size=5).map(lambda parts: (1, 3, *parts))
    held = st.sampled_from([values.integer(1), values.END_OF_MIB_VIEW, values.NULL])
    for _ in range(60):
        if walk.ask(10) is None:
            break
        answer = data.draw(st.lists(st.tuples(oid, held), max_size=12))
        if answer:
            walk.take(answer)
        else:
            walk.drop(0)
    assert len(walk.found) <= 40


@pytest.mark.corpus
@pytest.mark.parametrize("cut", [1_000, 37, 7])
def test_recorded_printers_are_walked_in_full(corpus: Path, cut: int) -> None:
    for path in sorted(corpus.rglob("*.snmprec")):
        objects = snmprec.read_file(path).objects
        wanted = below(objects, ALL_COLUMNS)
        found = finish(Walk(ALL_COLUMNS, max_values=5_000, rows={oids.SUPPLY_LEVEL: 5}), Table(objects, most=cut))
        assert found == wanted, path.stem
