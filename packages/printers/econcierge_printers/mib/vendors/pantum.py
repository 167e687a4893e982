"""Pantum: the supplies table may have one index component; sysDescr is the IEEE 1284 id; units mean nothing."""

from __future__ import annotations

from econcierge_printers.mib.vendors.base import Vendor, private

VENDOR = Vendor(
    name="Pantum",
    enterprise=40093,
    serials=(private(40093, 6, 1, 2), private(40093, 10, 1, 1, 4), private(40093, 1, 1, 5)),
)
