"""Fujifilm and Fuji Xerox: the standard table holds all; two black toners are two rows, indices have gaps."""

from __future__ import annotations

from econcierge_printers.mib.vendors.base import Vendor

VENDOR = Vendor(name="Fujifilm", enterprise=297, brands=("Fuji Xerox",))
