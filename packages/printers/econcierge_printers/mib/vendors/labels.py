"""Label printers: Zebra and TSC. Little of the Printer-MIB; serial number and model at their own objects."""

from __future__ import annotations

from econcierge_printers.mib.vendors.base import Vendor, private

VENDORS = (
    Vendor(
        name="Zebra",
        enterprise=10642,
        also=(683,),
        serials=(private(10642, 1, 9, 0), private(683, 1, 5, 0)),  # the first is the printer's, the second its card's
        models=(private(10642, 1, 1, 0),),
        firmwares=(private(10642, 1, 2, 0),),
    ),
    Vendor(name="TSC", enterprise=51966),
)
