"""Labels of the Printer-MIB (RFC 3805, IANA-PRINTER-MIB) that IPP writes out, back to their numbers and our words.

Keys are compared by `fields.label`; a printer may write the number itself instead.
"""

from __future__ import annotations

from econcierge_printers.ipp import fields
from econcierge_printers.model import AlertSeverity, SupplyClass

_SUPPLY_TYPES = (
    *("other", "unknown", "toner", "wasteToner", "ink", "inkCartridge", "inkRibbon", "wasteInk", "opc", "developer"),
    *("fuserOil", "solidWax", "ribbonWax", "wasteWax", "fuser", "coronaWire", "fuserOilWick", "cleanerUnit"),
    *("fuserCleaningPad", "transferUnit", "tonerCartridge", "fuserOiler", "water", "wasteWater", "glueWaterAdditive"),
    *("wastePaper", "bindingSupply", "bandingSupply", "stitchingWire", "shrinkWrap", "paperWrap", "staples"),
    *("inserts", "covers"),
)
_SUPPLY_TYPE_NUMBERS = {fields.label(name): number for number, name in enumerate(_SUPPLY_TYPES, start=1)}
_UNIT_NUMBERS = {
    "other": 1,
    "tenthousandthsofinches": 3,
    "micrometers": 4,
    "impressions": 7,
    "sheets": 8,
    "hours": 11,
    "thousandthsofounces": 12,
    "tenthsofgrams": 13,
    "hundrethsoffluidounces": 14,  # the MIB's own spelling
    "hundredthsoffluidounces": 14,
    "tenthsofmilliliters": 15,
    "feet": 16,
    "meters": 17,
    "items": 18,
    "percent": 19,
}
_CLASSES = {
    "other": SupplyClass.OTHER,
    "1": SupplyClass.OTHER,
    "supplythatisconsumed": SupplyClass.CONSUMED,
    "3": SupplyClass.CONSUMED,
    "receptaclethatisfilled": SupplyClass.FILLED,
    "4": SupplyClass.FILLED,
}
_SEVERITIES = {
    "critical": AlertSeverity.CRITICAL,
    "3": AlertSeverity.CRITICAL,
    "warning": AlertSeverity.WARNING,
    "4": AlertSeverity.WARNING,
    "warningbinarychangeevent": AlertSeverity.WARNING,
    "5": AlertSeverity.WARNING,
}
_GROUPS = {
    "hostresourcesmibstoragetable": "host_resources_storage",
    "hostresourcesmibdevicetable": "host_resources_device",
    "generalprinter": "general",
    "cover": "cover",
    "localization": "localization",
    "input": "input",
    "output": "output",
    "marker": "marker",
    "markersupplies": "supplies",
    "markercolorant": "colorants",
    "mediapath": "media_path",
    "channel": "channel",
    "interpreter": "interpreter",
    "consoledisplaybuffer": "console_buffer",
    "consolelights": "console_lights",
    "alert": "alert",
    "findevice": "finisher",
    "finsupply": "finisher_supplies",
    "finsupplymediainput": "finisher_input",
    "finattribute": "finisher_attributes",
}
_ALERT_CODES = {
    "coveropen": 3,
    "coveropened": 3,
    "coverclosed": 4,
    "interlockopen": 5,
    "interlockclosed": 6,
    "configurationchange": 7,
    "jam": 8,
    "subunitmissing": 9,
    "subunitlifealmostover": 10,
    "subunitlifeover": 11,
    "subunitalmostempty": 12,
    "subunitempty": 13,
    "subunitalmostfull": 14,
    "subunitfull": 15,
    "dooropen": 501,
    "doorclosed": 502,
    "powerup": 503,
    "powerdown": 504,
    "inputmediatraymissing": 801,
    "inputmediasupplylow": 807,
    "inputmediasupplyempty": 808,
    "outputmediatrayalmostfull": 902,
    "outputmediatrayfull": 903,
    "markertonerempty": 1101,
    "markerinkempty": 1102,
    "markerprintribbonempty": 1103,
    "markertoneralmostempty": 1104,
    "markerinkalmostempty": 1105,
    "markerprintribbonalmostempty": 1106,
    "markerwastetonerreceptaclealmostfull": 1107,
    "markerwasteinkreceptaclealmostfull": 1108,
    "markerwastetonerreceptaclefull": 1109,
    "markerwasteinkreceptaclefull": 1110,
    "markeropclifealmostover": 1111,
    "markeropclifeover": 1112,
    "markerdeveloperalmostempty": 1113,
    "markerdeveloperempty": 1114,
    "markertonercartridgemissing": 1115,
}


def supply_type(name: str) -> int | None:
    """prtMarkerSuppliesType from its label, or from a keyword of `marker-types` (`toner-cartridge`)."""
    return _number(_SUPPLY_TYPE_NUMBERS, name)


def unit(name: str) -> int | None:
    return _number(_UNIT_NUMBERS, name)


def supply_class(name: str) -> SupplyClass | None:
    return _CLASSES.get(fields.label(name))


def severity(name: str) -> AlertSeverity:
    return _SEVERITIES.get(fields.label(name), AlertSeverity.OTHER)


def alert_group(name: str) -> str:
    return _GROUPS.get(fields.label(name), "other")


def alert_code(name: str) -> int | None:
    return _number(_ALERT_CODES, name)


def _number(numbers: dict[str, int], name: str) -> int | None:
    key = fields.label(name)
    return int(key) if key.isascii() and key.isdigit() and len(key) < 7 else numbers.get(key)
