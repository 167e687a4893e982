"""The page `docs/reference/accuracy.md`: counts, differences with who is right and why, what a reading leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bench.accuracy import reasons
from bench.accuracy.compare import Compared, Outcome

_HEAD = """# Accuracy

Our reading of every recorded device beside what others, without us, found in the same recording: LibreNMS, the GLPI
agent, printmaster, Home Assistant's libraries for Brother and IPP, the people of public threads, arithmetic by hand.
Percentages agree within one point, because some round and some truncate.

Made by `python -m bench.accuracy` from recordings that are not part of this repository; `--check` says whether this
page is what they give. The reasons stand in `bench/accuracy/reasons.py`; a difference without one fails the tests.
"""


def text(compared: Sequence[Compared], *, recordings: int, supplies: int) -> str:
    """The whole page, the same for the same recordings."""
    parts = [_HEAD, _counts(compared, recordings, supplies), _differences(compared), _left_out(compared)]
    return "\n".join(parts)


def unexplained(compared: Sequence[Compared]) -> list[Compared]:
    different = (one for one in compared if one.outcome is Outcome.DIFFERENT)
    return [one for one in different if reasons.reason_for(one.opinion) is None]


def unused(compared: Sequence[Compared]) -> list[reasons.Reason]:
    """Reasons for differences that there are no more."""
    used = {reasons.reason_for(one.opinion) for one in compared if one.outcome is Outcome.DIFFERENT}
    return [reason for reason in reasons.REASONS if reason not in used]


def _counts(compared: Sequence[Compared], recordings: int, supplies: int) -> str:
    by = Counter((one.opinion.by, one.outcome) for one in compared)
    who = list(dict.fromkeys(one.opinion.by for one in compared))
    levels = [one for one in compared if one.opinion.subject.startswith("percent ")]
    measured = [one for one in levels if isinstance(one.opinion.value, int | float) and one.opinion.value >= 0]
    same = sum(one.outcome is Outcome.SAME for one in measured)
    lines = [
        "## Counts",
        "",
        f"{recordings} recordings, {supplies} supplies read; {same} of {len(measured)} independently stated percentages"
        f" agree, the other {len(measured) - same} are explained below.",
        "",
        "| whose opinion | opinions | agree | differ | not in a reading |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name in [*who, None]:
        counts = [sum(n for (by_, o), n in by.items() if name in (by_, None) and o is outcome) for outcome in Outcome]
        cells = (name or "**all**", sum(counts), *counts)
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines) + "\n"


def _differences(compared: Sequence[Compared]) -> str:
    lines = [
        "## Differences",
        "",
        "| recording | whose | what | theirs | ours | right | why |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for one in compared:
        if one.outcome is Outcome.DIFFERENT:
            opinion, reason = one.opinion, reasons.reason_for(one.opinion)
            right, why = (reason.right, reason.why) if reason else ("?", "not explained yet")
            cells = (opinion.recording, opinion.by, opinion.subject, opinion.value, one.ours, right, why)
            lines.append("| " + " | ".join(_cell(value) for value in cells) + " |")
    return "\n".join(lines) + "\n"


def _left_out(compared: Sequence[Compared]) -> str:
    names = sorted(
        {one.opinion.subject.removeprefix("not carried: ") for one in compared if one.outcome is Outcome.NOT_CARRIED}
    )
    return (
        "## What a reading leaves out\n\nOf what peers take from these recordings, a reading has no place for: "
        + ", ".join(f"`{name}`" for name in names)
        + ".\nPages left stand in a supply's raw level only where the device gives no percentage.\n"
    )


def _cell(value: object) -> str:
    return "nothing" if value is None else str(value).replace("|", "\\|")
