"""The service's readings as printers, without the platform: read-only.

Levels are judged by the programme's marks here, because the platform's are out of reach; nothing can be ordered.
Loaded only when it is needed: the library of readings costs two megabytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from econcierge_assistant.desktop.core import fields, worst
from econcierge_assistant.desktop.core.texts import gettext as _
from econcierge_assistant.desktop.core.texts import pgettext
from econcierge_assistant.desktop.core.types import Age, Fleet, Printer, Supply
from econcierge_printers import model, wire

LOW_PERCENT, ALMOST_EMPTY_PERCENT = 20.0, 5.0
STALE_AFTER = timedelta(hours=24)


def fleet(obj: object, *, now: datetime, known: Iterable[Printer] = ()) -> Fleet:
    """The service's printers; what the platform said of them before (name, place, marks) is kept."""
    by_key = _by_key(known)
    rows = fields.parts(fields.mapping(obj), "items", lambda row: _printer(row, now=now))
    printers = tuple(_named(printer, by_key) for printer in rows)
    looked = [printer.last_read_at for printer in printers if printer.last_read_at]
    return Fleet(printers=printers, looked_at=max(looked, default=None))


def _printer(row: fields.JsonObject, *, now: datetime) -> Printer:
    try:
        reading = wire.reading_from_json(row.get("reading"))
    except wire.WireError as error:
        raise fields.Unreadable("reading") from error
    age = _age(row, reading, now=now)
    supplies = tuple(_supply(supply, reading, age=age) for supply in reading.supplies if _is_something(supply))
    said = reading.identity
    return Printer(
        printer_id="",
        name=said.hostname or said.model or reading.target,
        model=" ".join(filter(None, [said.manufacturer, said.model])),
        serial=said.serial or "",
        mac=said.mac or "",
        target=fields.text(row, "target") or reading.target,
        state=reading.status.state.value,
        last_read_at=reading.read_at,
        age=age,
        worst=worst.of_supplies(supplies, age=age),
        supplies=supplies,
    )


def _age(row: fields.JsonObject, reading: model.Reading, *, now: datetime) -> Age:
    if fields.flag(row, "silent"):
        return Age.SILENT
    return Age.STALE if now - reading.read_at > STALE_AFTER else Age.CURRENT


def _is_something(supply: model.Supply) -> bool:
    """Rows that are nothing are not shown as something (P09)."""
    return supply.supply_class is not model.SupplyClass.OTHER or supply.percent is not None


def _supply(supply: model.Supply, reading: model.Reading, *, age: Age) -> Supply:
    return Supply(
        slot_id="",
        index=supply.index,
        kind=supply.kind.value,
        colour=supply.colour or "",
        name=name(supply.kind.value, supply.colour or "", supply.description),
        description=supply.description,
        state=supply.state.value,
        percent=supply.percent,
        word=word(supply),
        read_at=reading.read_at,
        age=age,
        low_percent=LOW_PERCENT,
        almost_empty_percent=ALMOST_EMPTY_PERCENT,
    )


def word(supply: model.Supply) -> str:
    """What the panel says comes first, then the level; without either nothing is claimed."""
    if supply.panel in {"empty", "full", "missing"}:
        return "empty" if supply.panel == "empty" else "almost_empty"
    if supply.state is model.LevelState.MEASURED and supply.percent is not None:
        if supply.percent <= 0:
            return "empty"
        if supply.percent <= ALMOST_EMPTY_PERCENT:
            return "almost_empty"
        return "low" if supply.percent <= LOW_PERCENT or supply.panel in {"low", "near_full"} else "fine"
    if supply.panel in {"low", "near_full"}:
        return "low"
    return {
        model.LevelState.SOME_REMAINING: "some_left",
        model.LevelState.UNRESTRICTED: "fine",
        model.LevelState.OVERDUE: "overdue",
        model.LevelState.IMPLAUSIBLE: "implausible",
    }.get(supply.state, "not_reported")


def name(kind: str, colour: str, description: str) -> str:
    """ "black toner", « toner noir »; the printer's own description of what has no name here."""
    if kind == "other" and description:
        return description
    named = _kinds().get(kind, kind.replace("_", " "))
    if colour in ("", "none", "any"):
        return named
    return _("%(colour)s %(kind)s") % {"colour": _colour(colour, kind), "kind": named}


def _kinds() -> dict[str, str]:
    return {
        "toner": _("toner"),
        "ink": _("ink"),
        "solid_ink": _("solid ink"),
        "drum": _("drum"),
        "imaging_unit": _("imaging unit"),
        "developer": _("developer"),
        "fuser": _("fuser"),
        "transfer_belt": _("transfer belt"),
        "transfer_roller": _("transfer roller"),
        "belt_cleaner": _("belt cleaner"),
        "waste_container": _("waste container"),
        "maintenance_kit": _("maintenance kit"),
        "staples": _("staples"),
        "other": _("other supply"),
    }


def _colour(code: str, kind: str) -> str:
    """In French a colour agrees with what it describes."""
    if kind in {"ink", "solid_ink", "transfer_belt", "maintenance_kit", "staples", "other"}:
        words = {"black": pgettext("colour of an ink", "black"), "grey": pgettext("colour of an ink", "grey")}
    else:
        words = {"black": pgettext("colour of a toner", "black"), "grey": pgettext("colour of a toner", "grey")}
    words |= {"cyan": _("cyan"), "magenta": _("magenta"), "yellow": _("yellow")}
    return words.get(code, code.replace("_", " "))


def _by_key(known: Iterable[Printer]) -> dict[str, Printer]:
    """Printers under each of serial, MAC and address; the address last, because it may be another's by now (P18)."""
    found: dict[str, Printer] = {}
    for printer in known:
        for key in _keys(printer):
            found.setdefault(key, printer)
    return found


def _keys(printer: Printer) -> list[str]:
    pairs = (("serial", printer.serial), ("mac", printer.mac), ("target", printer.target))
    return [f"{name}:{value}" for name, value in pairs if value]


def _named(printer: Printer, by_key: Mapping[str, Printer]) -> Printer:
    before = next((by_key[key] for key in _keys(printer) if key in by_key), None)
    if before is None:
        return printer
    marks = {supply.index: supply for supply in before.supplies}
    supplies = tuple(
        replace(supply, slot_id=marks[supply.index].slot_id, coming=marks[supply.index].coming)
        if supply.index in marks
        else supply
        for supply in printer.supplies
    )
    return replace(
        printer,
        printer_id=before.printer_id,
        name=before.name,
        place=before.place,
        model=before.model or printer.model,
        site=before.site,
        supplies=supplies,
    )
