"""The page of accuracy is what the recordings give, and no difference from a peer is without a reason (G01)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "data" / "corpus"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench.accuracy", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.corpus
def test_every_difference_has_a_reason_and_the_page_is_up_to_date() -> None:
    if not CORPUS.is_dir():
        pytest.skip(f"no recordings of real printers in {CORPUS}")
    done = run("--check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_without_recordings_it_says_so(tmp_path: Path) -> None:
    done = run("--check", "--corpus", str(tmp_path / "nowhere"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "no recordings" in done.stderr
