"""Toshiba: TEC's label printers answer here; some e-STUDIO are engines of Lexmark and answer there."""

from __future__ import annotations

from econcierge_printers.mib.vendors.base import Vendor, private

VENDOR = Vendor(name="Toshiba", enterprise=1129, serials=(private(1129, 1, 2, 1, 1, 1, 1, 1, 0),))
