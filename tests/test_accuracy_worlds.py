"""The worlds that replacements and verdicts are measured on: alike from the same seed, and read well where simple."""

from __future__ import annotations

import dataclasses

from bench.accuracy import histories, outside, replacements, simple

FEW = simple.World("few", 5, 40)


def test_a_seed_gives_the_same_histories() -> None:
    assert list(simple.pairs(FEW)) == list(simple.pairs(FEW))
    world = histories.World("few", 5, 3)
    assert list(histories.Generated(world).pairs()) == list(histories.Generated(world).pairs())


def test_simple_histories_are_read_nearly_without_a_fault() -> None:
    measured = replacements.measure_simple(FEW)
    replaced = measured.by_kind["replaced"]
    assert replaced.truly > 300
    assert (replaced.recall >= 0.99, replaced.precision >= 0.99) == (True, True)
    text = replacements.section(replacements.measure([histories.World("few", 6, 4)]), measured)
    assert "goal 0.9990" in text


def test_no_coverage_is_lost_to_noise() -> None:
    noise = outside.measure(dataclasses.replace(outside.GARBLED, customers=25))
    assert noise.statuses["ended"] == 0
    assert noise.of("contradicted", "outside") == 0


def test_what_is_bought_elsewhere_is_seldom_called_the_programmes() -> None:
    people = outside.measure(dataclasses.replace(outside.HUMAN, customers=40))
    assert people.of("contradicted", "outside") > people.of("contradicted") / 2
    assert people.of("consistent", "outside") < people.of("consistent") / 10
    assert "| contradicted | contract_or_foreign_part | outside |" in outside.section(people, people, people)
