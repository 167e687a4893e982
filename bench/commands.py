"""Commands measured from start to end: seconds, processor time, the most memory they held."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.figures import CannotMeasure

MEASURED = Path(__file__).with_name("measured.py")
LONGEST_S = 50.0


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one run of a command, its start included; `output` is what it wrote."""

    status: int
    seconds: float
    cpu_s: float
    max_rss_mb: float
    output: str


def cost(command: Sequence[str | Path], *, folder: Path) -> Cost:
    """Runs a command whose output goes to a file in `folder`. Raises `CannotMeasure` when it hangs."""
    output = folder / "output"
    whole = [sys.executable, "-I", "-S", str(MEASURED), str(output), *map(str, command)]
    try:
        done = subprocess.run(whole, capture_output=True, text=True, timeout=LONGEST_S, check=True)
    except subprocess.SubprocessError as error:
        raise CannotMeasure(f"{Path(command[0]).name} could not be measured: {error}") from error
    return Cost(**json.loads(done.stdout), output=output.read_text())


def typical(costs: Sequence[Cost]) -> Cost:
    """The one of median duration."""
    return sorted(costs, key=lambda one: one.seconds)[len(costs) // 2]
