"""The vendors known, one after the other; nothing is loaded by name."""

from __future__ import annotations

from econcierge_printers.mib import names, oids
from econcierge_printers.mib.objects import Objects
from econcierge_printers.mib.vendors import (
    brother,
    canon,
    dell,
    epson,
    fujifilm,
    hp,
    konica,
    kyocera,
    labels,
    lexmark,
    oki,
    pantum,
    ricoh,
    samsung,
    sharp,
    toshiba,
    xerox,
)
from econcierge_printers.mib.vendors.base import Vendor, private

VENDORS: tuple[Vendor, ...] = (
    xerox.VENDOR,
    hp.VENDOR,
    samsung.VENDOR,
    fujifilm.VENDOR,
    ricoh.VENDOR,
    lexmark.VENDOR,
    dell.VENDOR,
    toshiba.VENDOR,
    epson.VENDOR,
    kyocera.VENDOR,
    canon.VENDOR,
    oki.VENDOR,
    sharp.VENDOR,
    brother.VENDOR,
    konica.VENDOR,
    pantum.VENDOR,
    *labels.VENDORS,
)
UNKNOWN = Vendor("", 0)
_BY_ENTERPRISE = {number: vendor for vendor in VENDORS for number in vendor.enterprises}
_BY_BRAND = {brand: vendor for vendor in VENDORS for brand in (vendor.name, *vendor.brands)}


def of(objects: Objects) -> Vendor:
    """Whose device answers: by sysObjectID, else by the brand it calls itself, else by what it holds.

    sysObjectID is weak for the brand, since engines are sold under other names, and right for the objects.
    """
    stated = of_enterprise(objects.enterprise)
    if stated is not UNKNOWN:
        return stated
    own_names = (objects.text(oids.SYS_DESCR), *objects.texts(oids.HR_DEVICE_DESCR).values())
    brands = filter(None, map(names.brand_in, own_names))
    named = next((_BY_BRAND[brand] for brand in brands if brand in _BY_BRAND), None)
    return named or _by_content(objects)


def of_enterprise(number: int | None) -> Vendor:
    """By the maker's number in sysObjectID (RFC 2578)."""
    return _BY_ENTERPRISE.get(number or 0, UNKNOWN)


def _by_content(objects: Objects) -> Vendor:
    """For captures without sysObjectID: the only vendor whose own objects, or words on supplies, are there."""
    holders = [v for v in VENDORS if any(objects.holds(private(number)) for number in v.enterprises)]
    if not holders:
        words = list(objects.texts(oids.SUPPLY_DESCRIPTION).values())
        holders = [v for v in VENDORS if v.mark and any(text.endswith(v.mark) for text in words)]
    return holders[0] if len(holders) == 1 else UNKNOWN
