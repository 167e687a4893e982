"""Samsung, also under the names of HP and Xerox: fine in the standard table, serials in the descriptions.

A supply's serial number follows `S/N:` (`mib.labels`), the device's own stands in sysDescr too.
"""

from __future__ import annotations

from econcierge_printers.mib.vendors.base import Vendor, private

VENDOR = Vendor(
    name="Samsung",
    enterprise=236,
    serials=(private(236, 11, 5, 1, 1, 1, 4, 0),),
    models=(private(236, 11, 5, 1, 1, 1, 1, 0),),
    firmwares=(private(236, 11, 5, 1, 1, 1, 2, 0),),
)
