"""Dell: engines of Lexmark, Xerox and Samsung; what answers at 674.10898 is built by Lexmark."""

from __future__ import annotations

from econcierge_printers.mib.vendors.base import Vendor, private

VENDOR = Vendor(
    name="Dell",
    enterprise=674,
    firmwares=(private(674, 10898, 100, 1, 1, 1, 0),),
    ieee1284=(private(674, 10898, 100, 2, 1, 2, 1, 3, 1),),
)
