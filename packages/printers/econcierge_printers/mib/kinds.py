"""What a supply is: from prtMarkerSuppliesType (RFC 3805), and from words only where the type says nothing."""

from __future__ import annotations

import re
from functools import lru_cache

from econcierge_printers.model import SupplyClass, SupplyKind

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
# In this order: "Waste Toner Box" is no toner, "Transfer Belt Cleaner" no belt. en fr de es it pt nl pl tr ru zh ja
_BY_WORDS = (
    (
        SupplyKind.WASTE_CONTAINER,
        "waste|used toner|residual|maintenance box|maintenance cartridge|récupérat|recuperat|usagé|déchet|resttoner|"
        "alttoner|abfall|desecho|residuo|resíduo|recupero|scarto|afval|zużyt|odpad|atık|отработ|отход|废|廃|回収",
    ),
    (SupplyKind.BELT_CLEANER, "belt cleaner|nettoyage de courroie|nettoyeur|bandreinig|pulitore|limpiador de la cor"),
    (
        SupplyKind.TRANSFER_ROLLER,
        "transfer roll|bias transfer|rouleau de transfert|transferrolle|rodillo de transf|rullo di trasf|"
        "rolo de transf|transferrol|rolka transf|aktarma silindir|ролик перенос|转印辊|転写ローラー",
    ),
    (
        SupplyKind.TRANSFER_BELT,
        "belt|transfer|courroie|transfert|cinta de transf|cinghia|trasferimento|correia|taśma|kayış|aktarma|ремен|"
        "перенос|转印|転写",
    ),
    (
        SupplyKind.FUSER,
        "fuser|fusing|fusion|module four|fixier|fusor|fusore|utrwala|kaynaştır|ısıtıcı|фьюзер|термо|закреп|定影|定着",
    ),
    (
        SupplyKind.STAPLES,
        "staple|agraf|heftklammer|grapa|punti metallici|graffett|grampo|nietjes|zszyw|zımba|скреп|скоб|"
        "订书|装订|ステープル",
    ),
    (
        SupplyKind.DEVELOPER,
        "developer|développ|developp|entwickler|revelador|sviluppat|ontwikkel|wywoływ|geliştirici|девелопер|проявит|"
        "显影|現像",
    ),
    (SupplyKind.IMAGING_UNIT, "imaging|image unit|imageur|imagerie|bildeinheit|unidad de imagen|görüntüleme|成像"),
    (
        SupplyKind.DRUM,
        "drum|photoconduct|tambour|trommel|tambor|tamburo|opc|bęben|tambur|барабан|感光|ドラム",
    ),
    (SupplyKind.SOLID_INK, "solid ink|encre solide|colorstix|festtinte|tinta sólida"),
    (SupplyKind.TONER, "toner|tóner|тонер|碳粉|墨粉|粉盒|トナー|토너"),
    (SupplyKind.INK, "ink|encre|tinte|tinta|inchiostro|atrament|tusz|mürekkep|чернил|墨|インク|잉크"),
    (
        SupplyKind.MAINTENANCE_KIT,
        "maintenance|entretien|wartung|mantenimiento|manutenzione|manutenção|onderhoud|konserwac|bakım|обслуж|维护|"
        "メンテナンス|roller kit|feeder kit",
    ),
)
_CARTRIDGE = re.compile("cartridge|cartouche|patrone|kassette|cartucho|cartuccia|kaseta|wkład|kartuş|картридж")
_PART_NUMBER = re.compile(r"^([A-Z]{2,3})-?\d{2,5}[A-Z]{0,2}(?:-[A-Z\d]{1,3})?$")
_BY_PART_NUMBER = {
    "TK": SupplyKind.TONER,
    "CK": SupplyKind.TONER,
    "PK": SupplyKind.TONER,
    "TN": SupplyKind.TONER,
    "TNP": SupplyKind.TONER,
    "DK": SupplyKind.DRUM,
    "DR": SupplyKind.DRUM,
    "DV": SupplyKind.DEVELOPER,
    "FK": SupplyKind.FUSER,
    "MK": SupplyKind.MAINTENANCE_KIT,
    "WT": SupplyKind.WASTE_CONTAINER,
}
_CORRECTIONS = {
    # A type that the words make more exact, never one that they contradict.
    SupplyKind.DRUM: (SupplyKind.IMAGING_UNIT,),
    SupplyKind.TRANSFER_BELT: (SupplyKind.TRANSFER_ROLLER, SupplyKind.BELT_CLEANER),
    SupplyKind.MAINTENANCE_KIT: (SupplyKind.BELT_CLEANER,),
}
COLOURED = frozenset(
    {
        SupplyKind.TONER,
        SupplyKind.INK,
        SupplyKind.SOLID_INK,
        SupplyKind.DRUM,
        SupplyKind.IMAGING_UNIT,
        SupplyKind.DEVELOPER,
        SupplyKind.OTHER,
    }
)


@lru_cache(maxsize=1024)
def kind_of(*, type_number: int | None, description: str) -> SupplyKind:
    """The kind of a supply; `OTHER` when neither type nor words say."""
    by_type = _BY_TYPE.get(type_number or 0)
    by_words = _in_words(description)
    if by_type is None:
        return by_words or _by_part_number(description) or SupplyKind.OTHER
    return by_words if by_words in _CORRECTIONS.get(by_type, ()) and by_words else by_type


def class_of(kind: SupplyKind) -> SupplyClass:
    """For rows that do not say whether they are used up or filled."""
    return SupplyClass.FILLED if kind is SupplyKind.WASTE_CONTAINER else SupplyClass.CONSUMED


def _in_words(description: str) -> SupplyKind | None:
    folded = description.casefold()
    for kind, words in _BY_WORDS:
        if any(word in folded for word in words.split("|")):
            return kind
    return SupplyKind.TONER if _CARTRIDGE.search(folded) else None


def _by_part_number(description: str) -> SupplyKind | None:
    found = _PART_NUMBER.match(description)
    return _BY_PART_NUMBER.get(found[1]) if found else None
