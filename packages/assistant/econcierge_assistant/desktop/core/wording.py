"""Words and sentences for what is shown: supplies without a number, printers, needs, the text beside a bar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from econcierge_assistant.desktop.core import moments, worst
from econcierge_assistant.desktop.core.texts import gettext as _
from econcierge_assistant.desktop.core.texts import ngettext, pgettext
from econcierge_assistant.desktop.core.types import Age, Printer, Supply, Worst

FILLED = frozenset({"waste_container"})  # its level is the space left in it
FEMININE = frozenset({"ink", "solid_ink", "transfer_belt", "maintenance_kit", "staples", "other"})
LETTERS = {"black": "K", "cyan": "C", "magenta": "M", "yellow": "Y"}
COARSE_POINTS = 5.0  # a gauge that moves in smaller steps needs no remark


def level(supply: Supply) -> str:
    """ "43 %", or words for a level without a number: none is ever invented (P01)."""
    if supply.percent is not None:
        return moments.percent(supply.percent)
    return {
        "some_remaining": _("some left (not measured)"),
        "unrestricted": _("no limit"),
        "overdue": _("past its end"),
        "implausible": _("implausible level"),
    }.get(supply.state, _("not reported"))


def urgency(state: Worst, kind: str = "") -> str:
    """The state in words, "" when there is nothing to say; `kind` of a supply that it is said of."""
    if kind in FILLED and state in worst.NEEDED:
        return {Worst.LOW: _("filling up"), Worst.ALMOST_EMPTY: _("almost full"), Worst.EMPTY: _("full")}[state]
    return {
        Worst.FINE: "",
        Worst.ATTENTION: _("look at it"),
        Worst.LOW: _("low"),
        Worst.ALMOST_EMPTY: _("almost empty"),
        Worst.EMPTY: _("empty"),
        Worst.SILENT: _("silent"),
    }[state]


def beside(supply: Supply, *, now: datetime) -> str:
    """The quiet text right of a bar: what is coming, when it will run out, how old an old reading is."""
    parts = []
    if supply.coming is not None and supply.coming.text:
        parts.append(supply.coming.text)
    if supply.forecast is not None and supply.forecast.text and worst.of_supply(supply) is not Worst.EMPTY:
        parts.append(supply.forecast.text)
    if supply.age is not Age.CURRENT and supply.read_at is not None:
        parts.append(_("read %(ago)s") % {"ago": moments.ago(supply.read_at, now=now)})
    return ", ".join(parts)


def alternative(supply: Supply, *, now: datetime) -> str:
    """All that a bar says, in words, for who does not see it."""
    parts = [level(supply)]
    if is_coarse(supply) and supply.gauge_step is not None:
        parts.append(_("the gauge only moves in steps of %(step)s points") % {"step": round(supply.gauge_step)})
    if said := urgency(worst.of_supply(supply), supply.kind):
        parts.append(said)
    if supply.low_percent is not None:
        parts.append(_("low from %(percent)s") % {"percent": moments.percent(supply.low_percent)})
    if text := beside(supply, now=now):
        parts.append(text)
    return named(sentence(supply.name), ", ".join(parts))


def printer_alternative(printer: Printer, *, now: datetime) -> str:
    """A row of the list as a screen reader says it."""
    said = [", ".join(part for part in (printer.name, printer.place, printer.model) if part)]
    if printer.worst is Worst.SILENT:
        said.append(silent(printer, now=now))
    said += [alternative(supply, now=now) for supply in printer.supplies]
    return ". ".join(said)


def silent(printer: Printer, *, now: datetime) -> str:
    if printer.last_read_at is None:
        return _("Has not answered yet")
    return _("Last answered %(ago)s") % {"ago": moments.ago(printer.last_read_at, now=now)}


def is_coarse(supply: Supply) -> bool:
    return supply.percent is not None and supply.gauge_step is not None and supply.gauge_step >= COARSE_POINTS


def need(found: worst.Need) -> str:
    """What is the matter with a supply, as a sentence: "Black toner is almost empty (4 %), runs out ...."."""
    said = _matter(found) % {"supply": sentence(found.supply.name)}
    if has_number(found.supply) and found.worst is not Worst.EMPTY:
        left = level(found.supply)
        if found.supply.kind in FILLED:
            left = _("%(level)s of its space left") % {"level": left}
        said += f" ({left})"
    runs_out = found.supply.forecast.text if found.supply.forecast and found.worst is not Worst.EMPTY else ""
    return said + (f", {runs_out}." if runs_out else ".")


def _matter(found: worst.Need) -> str:
    """In French the word agrees with the supply."""
    if found.supply.kind in FILLED:
        return {
            Worst.EMPTY: _("%(supply)s is full"),
            Worst.ALMOST_EMPTY: _("%(supply)s is almost full"),
        }.get(found.worst, _("%(supply)s is filling up"))
    if found.supply.kind in FEMININE:
        return {
            Worst.EMPTY: pgettext("feminine", "%(supply)s is empty"),
            Worst.ALMOST_EMPTY: pgettext("feminine", "%(supply)s is almost empty"),
        }.get(found.worst, pgettext("feminine", "%(supply)s is low"))
    return {
        Worst.EMPTY: pgettext("masculine", "%(supply)s is empty"),
        Worst.ALMOST_EMPTY: pgettext("masculine", "%(supply)s is almost empty"),
    }.get(found.worst, pgettext("masculine", "%(supply)s is low"))


def named(name: str, said: str) -> str:
    """ "Reception: black toner is low"; in French with a space before the colon."""
    return _("%(name)s: %(said)s") % {"name": name, "said": said}


def has_number(supply: Supply) -> bool:
    return supply.percent is not None


def headline(needs: Sequence[worst.Need]) -> str:
    """ "Two things need you", or one calm sentence."""
    if not needs:
        return _("Nothing needs you")
    words = {
        1: _("One thing needs you"),
        2: _("Two things need you"),
        3: _("Three things need you"),
        4: _("Four things need you"),
        5: _("Five things need you"),
    }
    count = len(needs)
    return words.get(count) or ngettext("%(n)s thing needs you", "%(n)s things need you", count) % {"n": count}


def others(count: int) -> str:
    """ "18 printers are fine"."""
    return ngettext("%(n)s printer is fine", "%(n)s printers are fine", count) % {"n": count}


def tray(state: Worst, *, needs: int, silent_printers: int) -> str:
    """The tray icon's tooltip: the state in words."""
    if needs:
        return ngettext("%(n)s supply to order", "%(n)s supplies to order", needs) % {"n": needs}
    if silent_printers:
        return ngettext("%(n)s printer does not answer", "%(n)s printers do not answer", silent_printers) % {
            "n": silent_printers
        }
    if state is Worst.FINE:
        return _("All printers are fine")
    return _("What was low is on its way")


def the_supply(supply: Supply) -> str:
    """The supply as the object of a sentence: « le toner noir » in French."""
    return after_article(lower_first(supply.name), supply.kind)


def after_article(name: str, kind: str) -> str:
    facts = {"supply": name}
    if kind in {"ink", "solid_ink", "other"}:
        return pgettext("article, elided", "%(supply)s") % facts
    if kind == "staples":
        return pgettext("article, plural", "%(supply)s") % facts
    if kind in {"transfer_belt", "maintenance_kit"}:
        return pgettext("article, feminine", "%(supply)s") % facts
    return pgettext("article, masculine", "%(supply)s") % facts


def lower_first(text: str) -> str:
    """A name within a sentence: "black toner"; what begins with two capitals stays."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def sentence(text: str) -> str:
    """The same with a capital at its start."""
    return text[:1].upper() + text[1:]
