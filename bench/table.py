"""Results as aligned columns for people, or as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from bench.figures import Figure, Result

HEAD = ("", "measured", "floor", "times the floor", "goal", "reached")
REACHED = {None: "", True: "yes", False: "no"}


def as_json(results: Mapping[str, Result], failures: Mapping[str, str]) -> str:
    found = {
        name: {"figures": [figure.to_json() for figure in result.figures], "notes": list(result.notes)}
        for name, result in results.items()
    }
    return json.dumps({"benchmarks": found, "not_measured": dict(failures)}, ensure_ascii=False, indent=2)


def as_text(name: str, result: Result) -> str:
    """One benchmark: its table, what the floors are, its notes."""
    rows = [HEAD, *(_row(figure) for figure in result.figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [f"{name}"]
    lines += ["  " + "  ".join(_cells(row, widths)).rstrip() for row in rows]
    floors = dict.fromkeys(figure.floor.name for figure in result.figures if figure.floor)
    lines += [f"  floor: {floor}" for floor in floors]
    lines += [f"  note: {note}" for note in result.notes]
    return "\n".join(lines)


def _cells(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Names to the left, everything else to the right."""
    return [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]


def _row(figure: Figure) -> tuple[str, ...]:
    return (
        figure.name,
        f"{_number(figure.value)} {figure.unit}",
        f"{_number(figure.floor.value)} {figure.unit}" if figure.floor else "",
        f"{figure.ratio:.2f}" if figure.ratio is not None else "",
        f"{figure.goal}" if figure.goal else "",
        REACHED[figure.reached],
    )


def _number(value: float) -> str:
    """Three significant digits, or all of a whole number."""
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"
