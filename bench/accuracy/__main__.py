"""`python -m bench.accuracy [--check] [--corpus FOLDER]`: writes docs/reference/accuracy.md, or checks it.

Status 0 when every difference has a reason and every reason a difference (and, with --check, the page is up to date),
1 otherwise, 2 without recordings.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench.accuracy import compare, opinions, page, reasons, sections

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "data" / "corpus"
PAGE = ROOT / "docs" / "reference" / "accuracy.md"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, say whether the page is up to date")
    parser.add_argument("--corpus", type=Path, default=CORPUS, metavar="FOLDER", help=f"recordings (default: {CORPUS})")
    options = parser.parse_args()
    if not options.corpus.is_dir():
        print(f"no recordings in {options.corpus}", file=sys.stderr)
        return 2
    compared, whole = measure(options.corpus)
    problems = [*map(_without_reason, page.unexplained(compared)), *map(_without_difference, page.unused(compared))]
    if not options.check:
        PAGE.write_text(sections.kept(old=PAGE.read_text() if PAGE.is_file() else "", made=whole))
    elif not PAGE.is_file() or sections.without(PAGE.read_text()) != whole:
        problems.append(f"{PAGE.relative_to(ROOT)} is out of date: run python -m bench.accuracy")
    print("\n".join(problems) or f"{len(compared)} opinions, every difference has its reason")
    return 1 if problems else 0


def _without_reason(one: compare.Compared) -> str:
    said = one.opinion
    return f"no reason: {said.recording}: {said.by}: {said.subject}: {said.value!r}, ours {one.ours!r}"


def _without_difference(reason: reasons.Reason) -> str:
    return f"no difference: {reason.recordings}: {reason.by}: {reason.subjects}"


def measure(corpus: Path) -> tuple[list[compare.Compared], str]:
    """Every opinion beside our reading, and the page that says so."""
    stated = opinions.all_of(corpus)
    recorded = [str(path.relative_to(corpus).with_suffix("")) for path in sorted(corpus.rglob("*.snmprec"))]
    recorded += [f"ipp/{path.name}" for path in sorted((corpus / "ipp").glob("*")) if path.suffix in (".res", ".bin")]
    readings = {name: compare.read(corpus, name) for name in recorded}
    compared = [compare.compare(readings[opinion.recording], opinion) for opinion in stated]
    supplies = sum(len(reading.supplies) for reading in readings.values())
    return compared, page.text(compared, recordings=len(readings), supplies=supplies)


if __name__ == "__main__":
    sys.exit(main())
