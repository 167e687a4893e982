"""Our reading beside an opinion: the same, different, or about something that a reading does not carry."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from bench.accuracy.opinions import Opinion
from econcierge_printers import snmprec
from econcierge_printers.ipp import decode as ipp
from econcierge_printers.mib import decode
from econcierge_printers.model import LevelState, Reading, Supply

TOLERANCE_POINTS = 1.0  # peers round or truncate
_READ_AT = datetime(2026, 1, 1, tzinfo=UTC)
_GLPI_WORDS = {"OK": LevelState.SOME_REMAINING, "WARNING": LevelState.UNKNOWN}
_SPELLINGS = {"hewlettpackard": "hp", "konica": "konicaminolta", "zebratechnologies": "zebra", "okidatacorp": "oki"}
_BRANDS = re.compile(
    r"^(hp|brother|canon|dell|epson|xerox|ricoh|sharp|kyocera|konica ?minolta|develop|oki|samsung|lexmark|toshiba)\b",
    re.IGNORECASE,
)
_TRANSFER = ("transfer_belt", "transfer_roller")


class Outcome(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    NOT_CARRIED = "not carried"


@dataclass(frozen=True, slots=True)
class Compared:
    opinion: Opinion
    ours: Any
    outcome: Outcome


def read(corpus: Path, recording: str) -> Reading:
    """Raises `PrinterError` when there is nothing to decode."""
    if recording.startswith("ipp/"):
        return ipp.recording(corpus / recording, read_at=_READ_AT)
    objects = snmprec.read_file(corpus / f"{recording}.snmprec").objects
    return decode.reading(objects, target=recording, read_at=_READ_AT, protocol="recording")


def compare(reading: Reading, opinion: Opinion) -> Compared:
    topic, _, rest = opinion.subject.partition(" ")
    if topic == "percent":
        return _compare_level(reading, opinion, rest)
    if topic == "pages":
        rows = _named(reading, rest.removeprefix("left "))
        counted = [row for row in rows if row.unit == "impressions" and row.source == "brother"]
        return _judged(opinion, counted[-1].raw_level, is_carried=True) if counted else _not_carried(opinion)
    if topic == "state":
        panel = [row.panel for row in _named(reading, rest)]
        return _judged(opinion, 2 if "low" in panel else 1, is_carried=True)
    return _judged(opinion, *_of_the_device(reading, opinion.subject))


def _of_the_device(reading: Reading, subject: str) -> tuple[Any, bool]:
    """Our value, and whether a reading carries such a thing at all."""
    if subject in ("total", "black", "colour"):
        return getattr(reading.counters, subject), True
    if subject == "has supplies":
        return bool(reading.supplies), True
    if subject == "has total":
        return reading.counters.total is not None, True
    if subject == "console":
        return " ".join(reading.status.console), True
    return getattr(reading.identity, subject, None), hasattr(reading.identity, subject)


def _judged(opinion: Opinion, ours: Any, is_carried: bool) -> Compared:
    if not is_carried:
        return _not_carried(opinion)
    same = _plain(opinion.subject, ours) == _plain(opinion.subject, opinion.value)
    return Compared(opinion, ours, Outcome.SAME if same else Outcome.DIFFERENT)


def _not_carried(opinion: Opinion) -> Compared:
    return Compared(opinion, None, Outcome.NOT_CARRIED)


def _compare_level(reading: Reading, opinion: Opinion, which: str) -> Compared:
    rows = _named(reading, which)
    if not rows:
        return Compared(opinion, "no such row", Outcome.DIFFERENT)
    row = rows[-1]  # peers that merge equal rows keep the last
    ours: Any = row.state.value if row.percent is None else row.percent
    return Compared(opinion, ours, Outcome.SAME if _is_level(row, opinion.value) else Outcome.DIFFERENT)


def _is_level(row: Supply, stated: Any) -> bool:
    if stated in _GLPI_WORDS:
        return row.state is _GLPI_WORDS[stated]
    if not isinstance(stated, int | float) or row.percent is None:
        return isinstance(stated, int) and stated < 0 and row.raw_level == stated and row.percent is None
    return abs(row.percent - stated) <= TOLERANCE_POINTS


def _named(reading: Reading, which: str) -> list[Supply]:
    """By index (`1.3`), by place (`#3`), by kind and colour (`toner cyan`), by words."""
    if which.startswith("#"):
        place = int(which[1:])
        return list(reading.supplies[place - 1 : place])
    kind, _, colour = which.partition(" ")
    kinds = _TRANSFER if kind == "transfer" else ("drum", "imaging_unit") if kind == "drum" else (kind,)
    by_kind = [row for row in reading.supplies if row.kind.value in kinds and _is_colour(row, colour)]
    exactly = [row for row in by_kind if row.colour == colour] if colour else []
    return [row for row in reading.supplies if which in (row.index, row.description)] or exactly or by_kind


def _is_colour(row: Supply, colour: str) -> bool:
    return not colour or row.colour == colour or (colour == "black" and row.colour is None)


def _plain(subject: str, value: Any) -> Any:
    """Without what is only spelling: case, blanks, the maker before the model, the word "series"."""
    if not isinstance(value, str):
        return value
    text = value
    if subject == "model":
        text = re.sub(r"\s*series$", "", _BRANDS.sub("", text.strip()), flags=re.IGNORECASE)
    blanks = r"[\s_\-]+" if subject in ("model", "manufacturer") else r"^\s+|\s+$"
    plain = re.sub(blanks, "", text.casefold())
    return _SPELLINGS.get(plain, plain)
