"""`python -m bench` works and reports ratios; how fast anything is, is not asked here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "bench", *arguments], cwd=ROOT, capture_output=True, text=True)


def test_coverage_is_measured_beside_its_floor() -> None:
    done = bench("coverage", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["not_measured"] == {}
    (figure,) = answer["benchmarks"]["coverage"]["figures"]
    assert figure["value"] > 0
    assert figure["ratio"] == pytest.approx(figure["floor"]["value"] / figure["value"])
    assert figure["ratio"] > 0


def test_an_unknown_name_is_bad_usage() -> None:
    done = bench("speed")
    assert done.returncode == 2
    assert "there is no benchmark speed" in done.stderr
