"""A Get-Printer-Attributes response to one `Reading`."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from pathlib import Path

from econcierge_printers.errors import PrinterError
from econcierge_printers.ipp import alerts, codec, device, supplies
from econcierge_printers.ipp.values import Attributes, Group
from econcierge_printers.mib import agreement
from econcierge_printers.model import Reading

# What a reading is made of; `all` would bring tens of kilobytes of media sizes
WANTED = (
    "printer-make-and-model",
    "printer-device-id",
    "printer-serial-number",
    "printer-uuid",
    "printer-firmware-string-version",
    "printer-state",
    "printer-state-reasons",
    "printer-state-message",
    "printer-alert",
    "printer-alert-description",
    "printer-supply",
    "printer-supply-description",
    "marker-names",
    "marker-types",
    "marker-colors",
    "marker-levels",
    "marker-low-levels",
    "marker-high-levels",
    "printer-input-tray",
    "printer-impressions-completed",
    "printer-impressions-completed-col",
    "printer-media-sheets-completed",
)
_ERRORS_FROM = 0x0100  # status codes below are successes, whole or in part (RFC 8011 section 5.1.7)
_STATUS_NAMES = {
    0x0400: "client-error-bad-request",
    0x0401: "client-error-forbidden",
    0x0402: "client-error-not-authenticated",
    0x0403: "client-error-not-authorized",
    0x0406: "client-error-not-found",
    0x040B: "client-error-attributes-or-values-not-supported",
    0x0500: "server-error-internal-error",
    0x0501: "server-error-operation-not-supported",
    0x0502: "server-error-service-unavailable",
    0x0503: "server-error-version-not-supported",
    0x0506: "server-error-not-accepting-jobs",
    0x0507: "server-error-busy",
}


def recording(path: Path, *, read_at: datetime) -> Reading:
    """A captured response. Raises `PrinterError` naming the file."""
    try:
        with path.open("rb") as file:
            data = file.read(codec.MAX_MESSAGE_OCTETS + 1)
    except OSError as error:
        raise PrinterError(str(path), "recording", error.strerror or str(error), permanent=True) from error
    try:
        found = response(data, target=path.name, read_at=read_at)
    except PrinterError as error:
        raise PrinterError(str(path), error.step, error.reason, permanent=True) from error
    return dataclasses.replace(found, protocol="recording")


def response(data: bytes, *, target: str, read_at: datetime) -> Reading:
    """Any bytes: a reading, or a `PrinterError` for what is no IPP, and for a status that is an error."""
    try:
        message = codec.decode(data)
    except codec.CodecError as error:
        raise PrinterError(target, "ipp", f"answers what is not IPP: {error.reason}", permanent=True) from error
    if message.code >= _ERRORS_FROM:
        name = _STATUS_NAMES.get(message.code, f"status 0x{message.code:04x}")
        raise PrinterError(target, "ipp", name, permanent=message.code < 0x0500)
    return reading(message.attributes(Group.PRINTER), target=target, read_at=read_at)


def reading(attributes: Attributes, *, target: str, read_at: datetime) -> Reading:
    """Pure, total: any attributes give a reading, what they do not say is unknown."""
    found = Reading(
        read_at=read_at,
        target=target,
        protocol="ipp",
        identity=device.identity(attributes),
        status=device.status(attributes),
        counters=device.counters(attributes),
        supplies=supplies.supplies(attributes),
        alerts=alerts.alerts(attributes),
        trays=device.trays(attributes),
    )
    return agreement.with_panel(found)
