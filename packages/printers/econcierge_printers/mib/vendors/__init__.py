"""The vendors known, one after the other; nothing is loaded by name.

A vendor with a module of its own has quirks; the others only keep identity at their own OIDs.
"""

from __future__ import annotations

from econcierge_printers.mib.vendors import xerox
from econcierge_printers.mib.vendors.base import Vendor, private

VENDORS: tuple[Vendor, ...] = (
    xerox.VENDOR,
    Vendor(
        "HP",
        11,
        serials=(private(11, 2, 3, 9, 4, 2, 1, 1, 3, 3, 0),),
        firmwares=(private(11, 2, 3, 9, 4, 2, 1, 1, 3, 6, 0),),
        ieee1284=(private(11, 2, 3, 9, 1, 1, 7, 0),),
    ),
    Vendor("Samsung", 236, firmwares=(private(236, 11, 5, 1, 1, 1, 2, 0),)),
    Vendor("Fujifilm", 297),
    Vendor(
        "Ricoh",
        367,
        serials=(private(367, 3, 2, 1, 2, 1, 4, 0),),
        models=(private(367, 3, 2, 1, 1, 1, 1, 0),),
    ),
    Vendor("Lexmark", 641),
    Vendor("Dell", 674),
    Vendor("Toshiba", 1129, serials=(private(1129, 1, 2, 1, 1, 1, 1, 1, 0),)),
    Vendor(
        "Epson",
        1248,
        serials=(private(1248, 1, 2, 2, 1, 1, 1, 5, 1),),
        ieee1284=(private(1248, 1, 2, 2, 1, 1, 1, 1, 1),),
    ),
    Vendor(
        "Kyocera",
        1347,
        serials=(private(1347, 43, 5, 1, 1, 28, 1),),
        models=(private(1347, 43, 5, 1, 1, 1, 1),),
        firmwares=(private(1347, 43, 5, 4, 1, 5, 1, 1),),
    ),
    Vendor(
        "Canon",
        1602,
        serials=(private(1602, 1, 2, 1, 8, 1, 3, 1, 1),),
        models=(private(1602, 1, 1, 1, 1, 0),),
    ),
    Vendor(
        "OKI",
        2001,
        serials=(private(2001, 1, 1, 1, 1, 11, 1, 10, 45, 0),),
        models=(private(2001, 1, 1, 1, 1, 11, 1, 10, 25, 0),),
    ),
    Vendor("Sharp", 2385, models=(private(2385, 2, 1, 3, 2, 1, 4, 13501, 1302, 1),)),
    Vendor(
        "Brother",
        2435,
        serials=(private(2435, 2, 3, 9, 4, 2, 1, 5, 5, 1, 0),),
        firmwares=(private(2435, 2, 3, 9, 4, 2, 1, 5, 5, 17, 0),),
        ieee1284=(private(2435, 2, 3, 9, 1, 1, 7, 0),),
    ),
    Vendor("Zebra", 10642, serials=(private(10642, 1, 9, 0),)),
    Vendor(
        "Konica Minolta",
        18334,
        models=(private(18334, 1, 1, 1, 1, 6, 2, 1, 0),),
        firmwares=(private(18334, 1, 1, 1, 5, 5, 1, 1, 2),),
    ),
    Vendor(
        "Pantum",
        40093,
        serials=(private(40093, 6, 1, 2), private(40093, 10, 1, 1, 4), private(40093, 1, 1, 5)),
    ),
)
UNKNOWN = Vendor("", 0)
_BY_ENTERPRISE = {vendor.enterprise: vendor for vendor in VENDORS}


def of_enterprise(number: int | None) -> Vendor:
    """Who made what answers (RFC 2578 sysObjectID): weak, since engines and cards are sold under other names."""
    return _BY_ENTERPRISE.get(number or 0, UNKNOWN)
