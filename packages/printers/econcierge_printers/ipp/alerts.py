"""`printer-alert` with `printer-alert-description` (PWG 5100.9, prtAlertTable written out), and the state reasons that
say what no condition of RFC 2790 says: how full a receptacle is, how worn a drum.
"""

from __future__ import annotations

from econcierge_printers.ipp import device, fields, labels
from econcierge_printers.ipp.values import Attributes
from econcierge_printers.limits import MAX_ALERTS
from econcierge_printers.model import AlertSeverity, DeviceAlert

_WITHOUT_MEANING = frozenset({"", "none", "unknown", "other", "idle", "ready", "sleep", "sleeping"})
_REASON_CODES = {
    "marker-waste-almost-full": 1107,
    "marker-waste-toner-receptacle-almost-full": 1107,
    "marker-waste-ink-receptacle-almost-full": 1108,
    "marker-waste-full": 1109,
    "marker-waste-toner-receptacle-full": 1109,
    "marker-waste-ink-receptacle-full": 1110,
    "opc-near-eol": 1111,
    "marker-opc-life-almost-over": 1111,
    "opc-life-over": 1112,
    "marker-opc-life-over": 1112,
    "developer-low": 1113,
    "developer-empty": 1114,
}
_SEVERITIES = {"error": AlertSeverity.CRITICAL, "warning": AlertSeverity.WARNING}


def alerts(attributes: Attributes) -> tuple[DeviceAlert, ...]:
    told = [*_rows(attributes)]
    codes = {alert.code for alert in told}
    told += (alert for alert in _from_reasons(attributes) if alert.code not in codes)
    return tuple(told[:MAX_ALERTS])


def _rows(attributes: Attributes) -> list[DeviceAlert]:
    texts = fields.texts(attributes, "printer-alert-description")
    found = []
    for at, row in enumerate(fields.rows(attributes, "printer-alert")):
        text = texts[at] if at < len(texts) else ""
        code = row.get("code", "")
        if _is_meaningful(text) or _is_meaningful(code):
            found.append(_alert(row, code, text if _is_meaningful(text) else ""))
    return found


def _alert(row: fields.Row, code: str, text: str) -> DeviceAlert:
    group = labels.alert_group(row.get("group", ""))
    member = fields.row_number(row, "groupindex")
    return DeviceAlert(
        severity=labels.severity(row.get("severity", "")),
        group=group,
        supply_index=f"1.{member}" if group == "supplies" and member is not None and member > 0 else None,
        code=labels.alert_code(code),
        text=text or ("" if labels.alert_code(code) is not None else code),
    )


def _from_reasons(attributes: Attributes) -> list[DeviceAlert]:
    return [
        DeviceAlert(_SEVERITIES.get(severity, AlertSeverity.OTHER), "supplies", None, _REASON_CODES[reason], reason)
        for reason, severity in device.state_reasons(attributes)
        if reason in _REASON_CODES
    ]


def _is_meaningful(text: str) -> bool:
    return text.casefold().rstrip(".") not in _WITHOUT_MEANING
