"""What a supply is: from prtMarkerSuppliesType (RFC 3805), and from words only where the type says nothing."""

from __future__ import annotations

from functools import lru_cache

from econcierge_printers.model import SupplyKind

_BY_TYPE = {
    3: SupplyKind.TONER,
    4: SupplyKind.WASTE_CONTAINER,
    5: SupplyKind.INK,
    6: SupplyKind.INK,
    7: SupplyKind.INK,  # ink ribbon
    8: SupplyKind.WASTE_CONTAINER,
    9: SupplyKind.DRUM,
    10: SupplyKind.DEVELOPER,
    11: SupplyKind.FUSER,  # fuser oil
    12: SupplyKind.SOLID_INK,
    13: SupplyKind.SOLID_INK,  # ribbon wax
    14: SupplyKind.WASTE_CONTAINER,
    15: SupplyKind.FUSER,
    16: SupplyKind.OTHER,  # corona wire
    17: SupplyKind.FUSER,  # fuser oil wick
    18: SupplyKind.MAINTENANCE_KIT,  # cleaner unit
    19: SupplyKind.FUSER,  # fuser cleaning pad
    20: SupplyKind.TRANSFER_BELT,  # transfer unit
    21: SupplyKind.TONER,
    22: SupplyKind.FUSER,  # fuser oiler
    24: SupplyKind.WASTE_CONTAINER,
    26: SupplyKind.WASTE_CONTAINER,
    32: SupplyKind.STAPLES,
}
# In this order: "Waste Toner Box" is no toner, "Transfer Belt Cleaner" no belt.
_BY_WORDS = (
    (SupplyKind.WASTE_CONTAINER, "waste|récupérat|recuperat|usagé|resttoner|residual|used toner|maintenance box"),
    (SupplyKind.BELT_CLEANER, "belt cleaner|nettoyage de courroie|nettoyeur"),
    (SupplyKind.TRANSFER_ROLLER, "transfer roll|bias transfer|rouleau de transfert|transferrolle"),
    (SupplyKind.TRANSFER_BELT, "belt|transfer|courroie|transfert|transferband|cinta de transf"),
    (SupplyKind.FUSER, "fuser|fusing|fusion|module four|fixier|fusor"),
    (SupplyKind.STAPLES, "staple|agraf|heftklammer|grapa"),
    (SupplyKind.DEVELOPER, "developer|développ|developp|entwickler|revelador"),
    (SupplyKind.IMAGING_UNIT, "imaging|image unit|imageur|imagerie"),
    (SupplyKind.DRUM, "drum|photoconduct|tambour|trommel|tambor|opc"),
    (SupplyKind.SOLID_INK, "solid ink|encre solide|colorstix"),
    (SupplyKind.INK, "ink|encre|tinte|tinta"),
    (SupplyKind.TONER, "toner|tóner"),
    (SupplyKind.MAINTENANCE_KIT, "maintenance|entretien|wartung|mantenimiento|roller kit"),
)
_CORRECTIONS = {
    # A type that the words make more exact, never one that they contradict.
    SupplyKind.DRUM: (SupplyKind.IMAGING_UNIT,),
    SupplyKind.TRANSFER_BELT: (SupplyKind.TRANSFER_ROLLER, SupplyKind.BELT_CLEANER),
    SupplyKind.MAINTENANCE_KIT: (SupplyKind.BELT_CLEANER,),
}


@lru_cache(maxsize=1024)
def kind_of(*, type_number: int | None, description: str) -> SupplyKind:
    """The kind of a supply; `OTHER` when neither type nor words say."""
    by_type = _BY_TYPE.get(type_number or 0)
    by_words = _in_words(description)
    if by_type is None:
        return by_words or SupplyKind.OTHER
    return by_words if by_words in _CORRECTIONS.get(by_type, ()) and by_words else by_type


def _in_words(description: str) -> SupplyKind | None:
    folded = description.casefold()
    for kind, words in _BY_WORDS:
        if any(word in folded for word in words.split("|")):
            return kind
    return None
