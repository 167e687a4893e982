"""prtAlertTable (RFC 3805, 43.18): the rows that mean something.

Printers keep rows there that are no fault: the state itself ("Idle", "Sleep"), or "power up" without a text.
"""

from __future__ import annotations

import re

from econcierge_printers.limits import MAX_ALERTS
from econcierge_printers.mib import oids
from econcierge_printers.mib.objects import Objects
from econcierge_printers.model import AlertSeverity, DeviceAlert
from econcierge_printers.snmp.values import Oid, format_oid

_SEVERITIES = {3: AlertSeverity.CRITICAL, 4: AlertSeverity.WARNING, 5: AlertSeverity.WARNING}
_GROUPS = {
    3: "host_resources_storage",
    4: "host_resources_device",
    5: "general",
    6: "cover",
    7: "localization",
    8: "input",
    9: "output",
    10: "marker",
    11: "supplies",
    12: "colorants",
    13: "media_path",
    14: "channel",
    15: "interpreter",
    16: "console_buffer",
    17: "console_lights",
    18: "alert",
    30: "finisher",
    31: "finisher_supplies",
    32: "finisher_input",
    33: "finisher_attributes",
}
_SUPPLIES = 11
# prtAlertCode (IANA-PRINTER-MIB) of supplies
TONER_ALMOST_EMPTY = 1104
OPC_NEAR_END = 1111
OPC_AT_END = 1112
# other, unknown, power up and down, and 1001 (a marker adjusting itself): seen for whole uptimes
_WITHOUT_MEANING = frozenset({0, 1, 2, 503, 504, 505, 506, 507, 1001})
# en fr de es it pt nl pl tr ru zh ja
_STANDING = re.compile(
    r"^(idle|ready|ready to .*|please wait|sleep.*|deep sleep|power ?sav.*|energy ?sav.*|stand ?by|warm(ing)?[- ]?up.*|"
    r"online|ok|processing.*|printing.*|calibrating.*|cooling.*|prêt.*|veille.*|économie.*|préchauffage.*|en ligne|"
    r"bereit.*|ruhe.*|energiespar.*|schlaf.*|aufwärm.*|druckt.*|listo.*|lista.*|reposo.*|ahorro.*|calentando.*|"
    r"pront[oa]( .*)?|inattiv.*|risparmio.*|riscaldamento.*|modo de espera|poupança.*|aquecendo.*|gereed.*|slaap.*|"
    r"energiebesp.*|opwarmen.*|gotow.*|uśpien.*|tryb uśpienia|oszczędz.*|hazır.*|uyku.*|готов.*|спящий.*|ожидан.*|"
    r"就绪.*|待机.*|睡眠.*|準備完了|印刷可|印刷できます|スリープ.*|節電.*)$",
    re.IGNORECASE,
)


def alerts(objects: Objects) -> tuple[DeviceAlert, ...]:
    """In the order of the index, oldest first on most devices."""
    severities, codes = objects.numbers(oids.ALERT_SEVERITY), objects.numbers(oids.ALERT_CODE)
    groups, members = objects.numbers(oids.ALERT_GROUP), objects.numbers(oids.ALERT_GROUP_INDEX)
    texts = objects.texts(oids.ALERT_DESCRIPTION)
    found = []
    for index in sorted({*severities, *codes, *texts}):
        text, code, group = texts.get(index, ""), codes.get(index), groups.get(index, 0)
        if not _is_standing(text, code):
            severity = _SEVERITIES.get(severities.get(index, 0), AlertSeverity.OTHER)
            supply = _supply_index(index, members.get(index, -1)) if group == _SUPPLIES else None
            found.append(DeviceAlert(severity, _GROUPS.get(group, "other"), supply, code, text))
    return tuple(found[:MAX_ALERTS])


def _is_standing(text: str, code: int | None) -> bool:
    """A row that stays for the whole uptime: a state by name, or neither text nor a supply's or cover's code."""
    if text:
        return bool(_STANDING.match(text))
    return code is None or code in _WITHOUT_MEANING


def _supply_index(index: Oid, member: int) -> str | None:
    """The supply's row on the same device; -1 is none."""
    return format_oid((*index[:-1], member)) if member > 0 else None
