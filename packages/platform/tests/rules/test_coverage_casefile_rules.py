"""Case files in, decisions out, and the command that does both."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from econcierge.commands.coverage import NEXT_SENTENCES, REASON_SENTENCES, STATUS_SENTENCES, coverage
from econcierge.coverage import casefile, rules, termsfile
from econcierge.coverage.types import CoverageError, NextStep, Reason, Status

FULL = """\
terms: standard-ca          # which terms; their version is chosen by date
on: 2026-11-23
printer: {model: VersaLink C405, installed_on: 2025-03-01, networked: true, managed_print: false}
model: {listed_from: 2020-01-01, listed_to: null, support_ends_on: null}
warranty: {ends_on: 2026-03-01, extension_ends_on: null}
enrolled_on: 2025-06-10
left_on: null
orders:                     # supplies ordered for this printer through the programme
  - {on: 2025-07-01, part: 106R03512, quantity: 1, eligible: true, state: delivered, delivered_on: 2025-07-03}
replacements:               # cartridges seen to change
  - {on: 2025-08-01, slot: black, serial: 0012, verdict: consistent}
outside_supply_decided_on: null
"""


def run(tmp_path: Path, text: str, *options: str) -> Result:
    file = tmp_path / "case.yaml"
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(coverage, ["decide", str(file), *options])


def test_the_documented_case_reads_whole() -> None:
    case = casefile.parse_case(text=FULL)
    assert (case.programme, case.on) == ("standard-ca", date(2026, 11, 23))
    assert case.facts.orders[0].delivered_on == date(2025, 7, 3)
    assert case.facts.replacements[0].serial == "0012"


def test_a_rendered_case_reads_as_itself() -> None:
    case = casefile.parse_case(text=FULL)
    assert casefile.parse_case(text=json.dumps(casefile.render_case(case))) == case


def test_only_printer_terms_and_day_are_needed() -> None:
    case = casefile.parse_case(text="{terms: standard-ca, on: 2026-11-23, printer: {model: C405}}")
    assert case.facts.orders == ()


BAD = [
    ("an unknown key", FULL + "colour: red\n", "colour"),
    ("an unknown key inside", FULL.replace("networked", "netwroked"), "printer.netwroked"),
    ("an unknown key in a list", FULL.replace("slot:", "slott:"), "replacements[0].slott"),
    ("a wrong day", FULL.replace("2025-06-10", "2025-02-30"), "enrolled_on"),
    ("a moment instead of a day", FULL.replace("2025-06-10", "2025-06-10T08:00:00"), "enrolled_on"),
    ("a wrong state", FULL.replace("state: delivered", "state: lost"), "orders[0].state"),
    ("a wrong verdict", FULL.replace("verdict: consistent", "verdict: guilty"), "replacements[0].verdict"),
    ("nothing ordered", FULL.replace("quantity: 1", "quantity: 0"), "orders[0].quantity"),
    ("half a supply", FULL.replace("quantity: 1", "quantity: 1.5"), "orders[0].quantity"),
    ("a maybe", FULL.replace("networked: true", "networked: maybe"), "printer.networked"),
    ("an order without a day", FULL.replace("- {on: 2025-07-01,", "- {"), "orders[0].on"),
    ("orders that are no list", FULL.replace("left_on: null", "left_on: [1]"), "left_on"),
    ("no printer", "{terms: standard-ca, on: 2026-11-23}", "printer"),
    ("no terms", "{on: 2026-11-23, printer: {model: C405}}", "terms"),
    ("no day", "{terms: standard-ca, printer: {model: C405}}", "on"),
    ("a key twice", FULL + "on: 2026-11-24\n", "repeated key on"),
    ("a list", "[1, 2]", "case"),
    ("an empty file", "", "case"),
    ("no YAML", "{", "case"),
    ("an invented programme", FULL.replace("standard-ca ", "standard-mars "), "standard-mars"),
]


@pytest.mark.parametrize(("says", "text", "names"), BAD, ids=[row[0] for row in BAD])
def test_a_bad_case_fails_and_names_the_place(says: str, text: str, names: str, tmp_path: Path) -> None:
    result = run(tmp_path, text, "--json")
    assert result.exit_code == 1
    assert names in result.output
    assert "Traceback" not in result.output


def test_json_has_the_documented_shape(tmp_path: Path) -> None:
    result = run(tmp_path, FULL, "--json")
    answer = json.loads(result.output)
    evidence = answer.pop("evidence")
    assert result.exit_code == 0
    assert answer == {
        "status": "pending", "reasons": ["awaiting_orders"], "qualifying": 1, "required": 2, "active_from": None,
        "ends_on": None, "next_step": "order_one_more", "terms_version": "standard-ca-1",
    }  # fmt: skip
    assert {"fact": "order_counted", "on": "2025-07-01", "value": "1 x 106R03512"} in evidence


def test_another_day_may_be_asked_for(tmp_path: Path) -> None:
    answer = json.loads(run(tmp_path, FULL, "--json", "--on", "2025-06-30").output)
    assert (answer["qualifying"], answer["next_step"]) == (0, "order_two")


def test_people_get_sentences(tmp_path: Path) -> None:
    output = run(tmp_path, FULL).output
    assert "enrolled but not covered yet" in output
    assert "order one more" in output


@pytest.mark.parametrize("arguments", [["decide"], ["decide", "missing.yaml"], ["decide", ".", "--on", "soon"]])
def test_bad_usage_is_status_2(arguments: list[str]) -> None:
    assert CliRunner().invoke(coverage, arguments).exit_code == 2


def test_every_word_has_its_sentence() -> None:
    assert set(STATUS_SENTENCES) == set(Status)
    assert set(REASON_SENTENCES) == set(Reason)
    assert set(NEXT_SENTENCES) == set(NextStep)


def test_built_in_terms_name_their_statements() -> None:
    versions = termsfile.built_in_terms(programme="standard-ca")
    terms = rules.terms_on(versions=versions, programme="standard-ca", on=date(2026, 11, 23))
    assert terms.values.activation_quantity == 2
    assert set(terms.sources.values()) == {"R06", "R28", "R29", "R31"}


def test_terms_that_overlap_are_refused() -> None:
    version = """
  - version: v{n}
    valid_from: 2020-01-01
    activation_quantity: 2
    maximum_age_years: 5
    initial_warranty_years: 1
    qualifying_states: [placed]
    sources: {{activation_quantity: a, maximum_age_years: a, initial_warranty_years: a,
              interruption_after_days: a, qualifying_states: a}}
"""
    text = "programme: p\nversions:" + version.format(n=1) + version.format(n=2)
    with pytest.raises(CoverageError, match="same day"):
        termsfile.parse_terms(text=text, where="p.yaml")
    with pytest.raises(CoverageError, match="qualifying_states"):
        termsfile.parse_terms(text=text.replace("[placed]", "[borrowed]"), where="p.yaml")


def test_deciding_a_case_needs_no_web_framework_and_no_database() -> None:
    program = "import sys, econcierge.commands.coverage; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
