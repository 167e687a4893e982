"""`python -m bench [NAME ...] [--json]`: all benchmarks but the long ones, or those named.

Status 1 when one could not be measured.
"""

from __future__ import annotations

import argparse
import importlib
import sys

from bench import table
from bench.figures import CannotMeasure, Result

NAMES = ("reading", "sweep", "assistant", "ingest", "mails", "pages", "coverage", "forecast", "desktop")
LONG = ("kills",)  # only when it is named: it takes a quarter of an hour
WHICH = f"one of {', '.join(NAMES + LONG)}; all but the last when none is named"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=WHICH)
    parser.add_argument("--kills", type=int, default=500, help="how many, for the benchmark kills")
    parser.add_argument("--seed", type=int, help="of the moments and victims of the benchmark kills")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    options = parser.parse_args()
    if unknown := set(options.names) - {*NAMES, *LONG}:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES + LONG)}")
    told = {"kills": {"kills": options.kills, "seed": options.seed}}
    results: dict[str, Result] = {}
    failures: dict[str, str] = {}
    for name in options.names or NAMES:
        print(f"{name} ...", file=sys.stderr, flush=True)
        try:
            results[name] = importlib.import_module(f"bench.{name}").run(**told.get(name, {}))
        except CannotMeasure as reason:
            failures[name] = str(reason)
        if not options.json:
            print(_text(name, results, failures) + "\n", flush=True)
    if options.json:
        print(table.as_json(results, failures))
    return 1 if failures else 0


def _text(name: str, results: dict[str, Result], failures: dict[str, str]) -> str:
    return table.as_text(name, results[name]) if name in results else f"{name}\n  not measured: {failures[name]}"


if __name__ == "__main__":
    sys.exit(main())
