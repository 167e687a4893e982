"""Who the printer is and how it is: identity, status, counters, trays (RFC 8011 section 5.4, PWG 5100.13)."""

from __future__ import annotations

import uuid

from econcierge_printers import identity as identities
from econcierge_printers.ipp import fields, labels
from econcierge_printers.ipp.values import Attributes
from econcierge_printers.limits import MAX_CONDITIONS, MAX_TRAYS
from econcierge_printers.mib import levels, names
from econcierge_printers.model import Counters, Identity, PrinterState, Status, Tray

_STATES = {3: PrinterState.IDLE, 4: PrinterState.PRINTING, 5: PrinterState.STOPPED}
_ASLEEP = frozenset({"hibernate", "suspend", "standby", "sleep-mode", "deep-sleep"})
_WARMING_UP = frozenset({"warming-up", "printer-warming-up", "power-up"})
# printer-state-reasons (RFC 8011 section 5.4.12, PWG 5100.9) in the words of RFC 2790
_CONDITIONS = {
    "media-low": "low_paper",
    "media-empty": "no_paper",
    "media-needed": "no_paper",
    "input-tray-empty": "input_tray_empty",
    "input-media-supply-low": "low_paper",
    "input-media-supply-empty": "input_tray_empty",
    "toner-low": "low_toner",
    "marker-supply-low": "low_toner",
    "marker-toner-almost-empty": "low_toner",
    "marker-ink-almost-empty": "low_toner",
    "toner-empty": "no_toner",
    "marker-supply-empty": "no_toner",
    "marker-toner-empty": "no_toner",
    "marker-ink-empty": "no_toner",
    "cover-open": "door_open",
    "door-open": "door_open",
    "interlock-open": "door_open",
    "media-jam": "jammed",
    "jam": "jammed",
    "shutdown": "offline",
    "offline": "offline",
    "input-tray-missing": "input_tray_missing",
    "output-tray-missing": "output_tray_missing",
    "marker-supply-missing": "marker_supply_missing",
    "marker-toner-cartridge-missing": "marker_supply_missing",
    "output-area-almost-full": "output_near_full",
    "output-area-full": "output_full",
    "service-requested": "service_requested",
    "subunit-life-over": "overdue_prevent_maintenance",
}
_SUFFIXES = ("-error", "-warning", "-report")
_SERIAL_KEYS = ("SN", "SERN", "SERIALNUMBER")  # IEEE 1284 device id, PWG 5107.2
_MULTICAST_BIT = 1 << 40


def identity(attributes: Attributes) -> Identity:
    make_and_model = fields.first_text(attributes, "printer-make-and-model")
    device_id = fields.first_text(attributes, "printer-device-id")
    universal = fields.first_text(attributes, "printer-uuid")
    stated = names.ieee1284_fields(device_id)
    maker = stated.get("MFG") or stated.get("MANUFACTURER")
    model = stated.get("MDL") or stated.get("MODEL")
    brands = (names.brand_in(text) for text in (make_and_model, maker, model))
    models = (names.model_in(text) for text in (make_and_model, model))
    return Identity(
        manufacturer=next((brand for brand in brands if brand), None) or maker,
        model=next((text for text in models if text), None),
        serial=_serial(attributes, stated),
        mac=card_of_uuid(universal),
        firmware=fields.first_text(attributes, "printer-firmware-string-version"),
        ieee1284=device_id,
        uuid=identities.normal_uuid(universal),
    )


def status(attributes: Attributes) -> Status:
    reasons = [reason for reason, _ in state_reasons(attributes)]
    state = _STATES.get(fields.first_number(attributes, "printer-state") or 0, PrinterState.UNKNOWN)
    if state is PrinterState.IDLE and _ASLEEP.intersection(reasons):
        state = PrinterState.SLEEPING
    elif state is PrinterState.IDLE and _WARMING_UP.intersection(reasons):
        state = PrinterState.WARMING_UP
    conditions = dict.fromkeys(_CONDITIONS[reason] for reason in reasons if reason in _CONDITIONS)
    message = fields.first_text(attributes, "printer-state-message")
    return Status(state, tuple(conditions)[:MAX_CONDITIONS], (message,) if message else ())


def state_reasons(attributes: Attributes) -> list[tuple[str, str]]:
    """Each reason with its severity: `error`, `warning` or `report`; `error` where it says none (RFC 8011 5.4.12)."""
    found = []
    for keyword in fields.texts(attributes, "printer-state-reasons"):
        suffix = next((suffix for suffix in _SUFFIXES if keyword.endswith(suffix)), "")
        reason = keyword.removesuffix(suffix)
        if reason and reason != "none":
            found.append((reason, suffix.removeprefix("-") or "error"))
    return found


def counters(attributes: Attributes) -> Counters:
    """Impressions before sheets; colours where the printer counts them apart (PWG 5100.7)."""
    impressions = _count(fields.first_number(attributes, "printer-impressions-completed"))
    sheets = _count(fields.first_number(attributes, "printer-media-sheets-completed"))
    by_colour = "printer-impressions-completed-col"
    black = _count(fields.member_number(attributes, by_colour, "monochrome"))
    colour = _count(fields.member_number(attributes, by_colour, "full-color"))
    if impressions is None and sheets is not None:
        return Counters(sheets, "sheets")
    unit = "unknown" if impressions is None and black is None and colour is None else "impressions"
    return Counters(impressions, unit, black, colour)


def trays(attributes: Attributes) -> tuple[Tray, ...]:
    """`printer-input-tray` (PWG 5100.13 section 5.6.30), which is prtInputTable written out."""
    found = []
    for position, row in enumerate(fields.rows(attributes, "printer-input-tray")[:MAX_TRAYS], start=1):
        capacity, level = fields.row_number(row, "maxcapacity"), fields.row_number(row, "level")
        state, percent = levels.judge(capacity=capacity, level=level, unit=labels.unit(row.get("unit", "")))
        name = row.get("name") or row.get("description") or ""
        if row:
            found.append(Tray(f"1.{position}", name, capacity, level, state, percent))
    return tuple(found)


def _serial(attributes: Attributes, device_id: dict[str, str]) -> str | None:
    """The first that is no placeholder, as the device writes it."""
    stated = [fields.first_text(attributes, "printer-serial-number"), *map(device_id.get, _SERIAL_KEYS)]
    return next((serial for serial in stated if serial and identities.normal_serial(serial)), None)


def card_of_uuid(urn: str | None) -> str | None:
    """The node of a time-based UUID is a network card's address, unless its multicast bit is set (RFC 9562 5.1)."""
    try:
        parsed = uuid.UUID(urn or "")
    except ValueError:
        return None
    if parsed.version != 1 or parsed.node & _MULTICAST_BIT:
        return None
    return identities.normal_mac(parsed.node.to_bytes(6))


def _count(number: int | None) -> int | None:
    return number if number is not None and number >= 0 else None
