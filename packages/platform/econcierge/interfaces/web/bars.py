"""The supply bar, drawn on the server as SVG with attributes only (the content policy allows no inline style).

Fill in ink colour with its pattern, a tick at "low", a paler part for the gauge's step, hatched when the reading is
old, a dashed outline where there is no number. The text alternative says all of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from econcierge.core import wording as core_wording
from econcierge.interfaces.shared import moments, numbers, runout, wording
from econcierge.supplies import rules, types
from econcierge_printers.model import LevelState

INKS = frozenset({"black", "cyan", "magenta", "yellow"})
PRINTING = frozenset({"toner", "ink", "solid_ink"})
ORDER = "KCMY"
WIDE, NARROW, HEIGHT = 200, 40, 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One supply as it is shown. `percent` only where it was measured; `step` of the gauge in points."""

    slot_id: int
    name: str
    ink: str  # black, cyan, magenta, yellow or other
    letter: str
    state: str
    percent: float | None
    step: float | None
    low_percent: float | None
    episode: str
    age: str  # current, stale or silent
    read: str  # "2 hours ago"
    the_name: str = ""  # as the object of a sentence, « le toner noir »
    fills_up: bool = False
    used_up: str = ""  # "empty", of what fills up "full"
    is_remembered: bool = False  # the number is the last one said; now the printer says none

    @property
    def is_old(self) -> bool:
        return self.age != types.Age.CURRENT

    @property
    def has_number(self) -> bool:
        return self.percent is not None

    @property
    def is_coarse(self) -> bool:
        """The gauge moves in steps that a person should know of."""
        return self.step is not None and self.step >= 5

    @property
    def level(self) -> str:
        """ "43 %", or the words for a level without a number."""
        return numbers.percent(self.percent) if self.percent is not None else wording.word("level", self.state)

    @property
    def alternative(self) -> str:
        """All that the bar says, in words."""
        parts = self._said()
        if self.low_percent is not None:
            parts.append(_("low from %(percent)s") % {"percent": numbers.percent(self.low_percent)})
        parts.append(_("read %(ago)s") % {"ago": self.read})
        return self._sentence(parts)

    @property
    def short_alternative(self) -> str:
        """The same in a table, where the row says when the printer was read, unless this supply is older."""
        parts = self._said()
        if self.is_old:
            parts.append(_("read %(ago)s") % {"ago": self.read})
        return self._sentence(parts)

    @property
    def episode_word(self) -> str:
        """ "low", "almost empty", "empty"; what fills up is none of these."""
        if self.used_up:
            return self.used_up
        if self.fills_up:
            return _("filling up") if self.episode == "low" else _("almost full")
        return _("low") if self.episode == "low" else _("almost empty")

    def _said(self) -> list[str]:
        parts = [self.level]
        if self.is_remembered:
            parts.append(_("not reported now"))
        if self.percent is not None and self.is_coarse and self.step is not None:
            parts.append(_("the gauge only moves in steps of %(step)s points") % {"step": round(self.step)})
        if self.episode or self.used_up:
            parts.append(self.episode_word)
        return parts

    def _sentence(self, parts: list[str]) -> str:
        return _("%(supply)s: %(facts)s") % {"supply": wording.sentence(self.name), "facts": ", ".join(parts)}


def bar(slot: types.SlotView, *, now: datetime) -> Bar:
    """How a slot is shown at a moment. A level that is not said any more keeps its last number with its age (P04)."""
    is_remembered = slot.percent is None and slot.state == LevelState.UNKNOWN and slot.last_percent is not None
    said_at = slot.measured_at if is_remembered else slot.read_at
    age = rules.age(said_at=said_at, now=now)
    return Bar(
        slot_id=slot.slot_id,
        name=wording.supply(slot.kind, slot.colour, slot.description),
        ink=slot.colour if slot.colour in INKS else "other",
        letter=wording.LETTERS.get(slot.colour, ""),
        state=slot.state,
        percent=slot.last_percent if is_remembered else slot.percent,
        step=slot.step,
        low_percent=slot.low_percent,
        episode=slot.episode,
        fills_up=slot.kind in core_wording.FILLED,
        used_up=runout.used_up(slot) if runout.is_used_up(slot) else "",
        age=types.Age.STALE if is_remembered and age is types.Age.CURRENT else age,
        read=moments.ago(said_at or slot.read_at, now=now),
        the_name=wording.the_supply(slot.kind, slot.colour, slot.description),
        is_remembered=is_remembered,
    )


def wide(shown: Bar) -> SafeString:
    """The bar of a printer's own page: 200 wide, with its tick."""
    return format_html(
        '<svg class="bar" width="{0}" height="14" viewBox="0 -3 {0} 14" role="img" aria-label="{1}">{2}</svg>',
        WIDE, shown.alternative, _drawn(shown, WIDE),
    )  # fmt: skip


def narrow(shown: Bar) -> SafeString:
    """The same in a table: 40 wide."""
    return format_html(
        '<svg class="mini" width="{}" height="8" role="img" aria-label="{}">{}</svg>',
        NARROW, shown.short_alternative, _drawn(shown, NARROW),
    )  # fmt: skip


def place(shown: Bar) -> int:
    """Black, cyan, magenta, yellow, then the others."""
    return ORDER.find(shown.letter) if shown.letter else len(ORDER)


def in_table(supplies: Iterable[Bar], others: Iterable[Bar]) -> SafeString:
    """All supplies of a printer in a cell: inks as small bars, the others as quiet words. Made here as it is in
    every row, so every byte and every millisecond counts."""
    inks = format_html_join(
        "",
        '<li{}><b aria-hidden="true">{}</b>{}<span aria-hidden="true">{}</span></li>',
        ((_marked(bar), bar.letter, narrow(bar), bar.level if bar.has_number else "–") for bar in supplies),
    )
    rest = format_html_join("", "<li{}>{} {}</li>", ((_marked(bar), bar.name, bar.level) for bar in others))
    return format_html('<ul class="inks-of">{}</ul>', inks) + (
        format_html('<ul class="others">{}</ul>', rest) if rest else SafeString("")
    )


def _marked(shown: Bar) -> SafeString:
    return format_html(' class="{}"', shown.episode) if shown.episode else SafeString("")


def _drawn(shown: Bar, width: int) -> SafeString:
    """Numbers and our own codes only: nothing here needs escaping."""
    if shown.percent is None:
        return mark_safe(f'<rect class="none" x=".5" y=".5" width="{width - 1}" height="7"/>')  # noqa: S308
    filled = _length(shown.percent, width)
    parts = [f'<rect class="track" x=".5" y=".5" width="{width - 1}" height="7"/>'] if width == WIDE else []
    paint = f'class="ink-{shown.ink}"' if shown.ink in {"black", "other"} else f'fill="url(#i-{shown.ink})"'
    if shown.is_coarse and shown.step is not None:
        sure = _length(max(0.0, shown.percent - shown.step), width)
        parts.append(f'<g class="step"><rect {paint} x="{sure}" width="{filled - sure}" height="8"/></g>')
        parts.append(f'<rect {paint} width="{sure}" height="8"/>')
    else:
        parts.append(f'<rect {paint} width="{filled}" height="8"/>')
    if shown.is_old:
        parts.append(f'<rect fill="url(#i-old)" width="{filled}" height="8"/>')
    if shown.ink == "yellow":
        parts.append(f'<rect class="edge" x=".5" y=".5" width="{max(0, filled - 1)}" height="7"/>')
    if shown.low_percent is not None and width == WIDE:
        parts.append(f'<path class="tick" d="M{_length(shown.low_percent, width)} -3v14"/>')
    return mark_safe("".join(parts))  # noqa: S308


def _length(percent: float, width: int) -> int:
    """Points of the bar; a level above nothing shows at least one."""
    return max(1 if percent > 0 else 0, round(min(percent, 100.0) * width / 100))
