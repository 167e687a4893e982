"""Readings and finds for people at a terminal, and finds as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from econcierge_printers.model import Identity, LevelState, Reading, Supply

if TYPE_CHECKING:
    from econcierge_printers.discovery.who import Found  # reading starts without what finding needs

_STATES = {
    LevelState.SOME_REMAINING: "some left (not measured)",
    LevelState.UNKNOWN: "not reported",
    LevelState.UNRESTRICTED: "unrestricted",
    LevelState.OVERDUE: "overdue",
    LevelState.IMPLAUSIBLE: "implausible",
}


def reading_as_text(reading: Reading) -> str:
    """A line for the printer, an indented one for each supply and alert."""
    total = reading.counters.total
    head = [reading.target, _name(reading.identity), reading.identity.serial or "no serial number"]
    head += [reading.status.state.value, f"{total} {reading.counters.unit}" if total is not None else ""]
    lines = ["  ".join(part for part in head if part)]
    lines += [_supply_as_text(supply) for supply in reading.supplies]
    lines += [f"  ! {alert.severity.value}: {alert.text or alert.code}" for alert in reading.alerts]
    return "\n".join(lines)


def found_as_text(found: Found) -> str:
    serial = found.identity.serial or ""
    return f"{found.target!s:<40} {_name(found.identity):<40} {serial}".rstrip()


def found_as_json(found: Found) -> dict[str, Any]:
    return {
        "format": 1,
        "target": str(found.target),
        "protocol": found.protocol,
        "identity": {name: getattr(found.identity, name) for name in Identity.__slots__},
        "ways": list(found.ways),
        "ipp_uri": found.ipp_uri,
        "other_addresses": list(found.other_addresses),
    }


def _supply_as_text(supply: Supply) -> str:
    level = _STATES.get(supply.state) or f"{supply.percent:g} %"
    name = supply.description or supply.kind.value
    panel = f" (panel: {supply.panel.replace('_', ' ')})" if supply.panel else ""
    doubt = " - panel and level disagree" if supply.disagrees else ""
    return f"  {supply.index:<6} {name:<40} {level}{panel}{doubt}"


def _name(identity: Identity) -> str:
    return " ".join(part for part in (identity.manufacturer, identity.model) if part) or "unknown model"
