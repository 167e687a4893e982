"""Models that virtual printers are made of: their supplies, trays and how they word things.

Xerox part numbers and yields are those that the demo's catalogue sells in Canada, then their twins of other
regions; the first part of a slot is what the printer comes with. HP and Brother stand for the rest of an
office's fleet.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from econcierge_virtual.printers import wording
from econcierge_virtual.printers.spec import Gauge, Part, Slot, SupplyType, TraySpec, Wear

XEROX_FORM = "{name}, PN {part};SN{serial}"
HP_FORM = "{name} HP {part}"
BROTHER_FORM = "{name}"
PERCENT, IMPRESSIONS, TENTHS_OF_GRAM = 19, 7, 13
ANY = "any"  # one drum for all colours
COLOUR_ORDER = ("black", "cyan", "magenta", "yellow")

Parts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Model:
    """One model: `toner` and `drums` by colour, each with (part number, impressions) that fit."""

    manufacturer: str
    name: str
    sys_descr: str
    sys_object_id: str
    toner: dict[str, Parts]
    drums: dict[str, Parts] = field(default_factory=dict)
    waste: Parts = ()
    description_form: str = XEROX_FORM
    step_points: int = 1
    unit: int = IMPRESSIONS
    toner_gauge: Gauge = Gauge.MEASURED
    trays: tuple[int, ...] = (550, 150)


VERSALINK_C405 = Model(
    manufacturer="Xerox",
    name="VersaLink C405",
    sys_descr="Xerox VersaLink C405 MFP; System 68.65.51, Controller 1.65.51, IOT 23.1.0, Fax 11.0.12",
    sys_object_id="1.3.6.1.4.1.253.8.62.1.35.8.1.1",
    toner={
        "black": (
            ("106R03512", 5000),
            ("106R03524", 10500),
            ("106R03500", 2500),
            ("106R03520", 4800),
            ("106R03532", 10500),
        ),
        "cyan": (
            ("106R03514", 4800),
            ("106R03526", 8000),
            ("106R03502", 2500),
            ("106R03522", 4800),
            ("106R03534", 8000),
        ),
        "magenta": (("106R03515", 4800), ("106R03527", 8000), ("106R03503", 2500), ("106R03535", 8000)),
        "yellow": (
            ("106R03513", 4800),
            ("106R03525", 8000),
            ("106R03501", 2500),
            ("106R03521", 4800),
            ("106R03533", 8000),
        ),
    },
    drums={ANY: (("108R01121", 60000),)},
)
VERSALINK_C605 = Model(
    manufacturer="Xerox",
    name="VersaLink C605",
    sys_descr="Xerox VersaLink C605 MFP; System 68.65.51, Controller 1.65.51, IOT 30.2.0, Fax 11.0.12",
    sys_object_id="1.3.6.1.4.1.253.8.62.1.35.10.1.1",
    toner={
        "black": (("106R03903", 12200), ("106R03899", 6000), ("106R03939", 16900)),
        "cyan": (("106R03900", 10100), ("106R03896", 6000), ("106R03936", 16800)),
        "magenta": (("106R03901", 10100), ("106R03897", 6000), ("106R03937", 16800)),
        "yellow": (("106R03902", 10100), ("106R03898", 6000), ("106R03938", 16800)),
    },
    drums={
        "black": (("108R01488", 40000),),
        "cyan": (("108R01485", 40000),),
        "magenta": (("108R01486", 40000),),
        "yellow": (("108R01487", 40000),),
    },
)
VERSALINK_C7130 = Model(
    manufacturer="Xerox",
    name="VersaLink C7130",
    sys_descr="Xerox VersaLink C7130; System 69.15.61, Controller 1.15.61, IOT 2.7.0",
    sys_object_id="1.3.6.1.4.1.253.8.62.1.42.4.1.1",
    toner={
        "black": (("006R01824", 31300),),
        "cyan": (("006R01825", 18500),),
        "magenta": (("006R01826", 18500),),
        "yellow": (("006R01827", 18500),),
    },
    drums={ANY: (("013R00688", 87000),)},
    trays=(520, 520, 100),
)
ALTALINK_C8130 = Model(
    manufacturer="Xerox",
    name="AltaLink C8130",
    sys_descr="Xerox AltaLink C8130; SS 118.009.022.20500, NC 118.009.20500, UI 118.009.20500, ME 011.040.000",
    sys_object_id="1.3.6.1.4.1.253.8.62.1.41.1.1.1",
    toner={
        "black": (("006R01746", 59000), ("006R01754", 59000)),
        "cyan": (("006R01747", 28000), ("006R01755", 28000)),
        "magenta": (("006R01748", 28000), ("006R01756", 28000)),
        "yellow": (("006R01749", 28000), ("006R01757", 28000)),
    },
    drums={ANY: (("013R00681", 180000),)},
    waste=(("008R08101", 69000),),
    trays=(520, 520, 100),
)
VERSALINK_B400 = Model(
    manufacturer="Xerox",
    name="VersaLink B400",
    sys_descr="Xerox VersaLink B400; System 37.65.51, Controller 1.65.51, IOT 18.3.0",
    sys_object_id="1.3.6.1.4.1.253.8.62.1.34.1.1.1",
    toner={
        "black": (
            ("106R03580", 5900),
            ("106R03582", 13900),
            ("106R03584", 24600),
            ("106R03581", 5900),
            ("106R03585", 24600),
        )
    },
    drums={ANY: (("101R00554", 65000),)},
)
VERSALINK_B405 = Model(
    manufacturer="Xerox",
    name="VersaLink B405",
    sys_descr="Xerox VersaLink B405 MFP; System 38.65.51, Controller 1.65.51, IOT 18.3.0, Fax 11.0.12",
    sys_object_id="1.3.6.1.4.1.253.8.62.1.34.2.1.1",
    toner=VERSALINK_B400.toner,
    drums=VERSALINK_B400.drums,
)
VERSALINK_B7135 = Model(
    manufacturer="Xerox",
    name="VersaLink B7135",
    sys_descr="Xerox VersaLink B7135; System 71.15.61, Controller 1.15.61, IOT 4.2.0",
    sys_object_id="1.3.6.1.4.1.253.8.62.1.42.2.1.1",
    toner={"black": (("006R01818", 34300),)},
    drums={ANY: (("013R00687", 80000),)},
    trays=(520, 520, 100),
)
WORKCENTRE_3345 = Model(
    manufacturer="Xerox",
    name="WorkCentre 3345",
    sys_descr="Xerox WorkCentre 3345; SS 50.012.01.000, NC 4.00.60.12, UI V3.60.10.12, ME V0.00.12",
    sys_object_id="1.3.6.1.4.1.253.8.62.1.36.4.1.1",
    toner={
        "black": (
            ("106R03622", 8500),
            ("106R03620", 2600),
            ("106R03624", 15000),
            ("106R03621", 8500),
            ("106R03623", 15000),
        )
    },
    drums={ANY: (("101R00555", 30000),)},
    step_points=25,
    trays=(250, 50),
)
HP_M404 = Model(
    manufacturer="HP",
    name="HP LaserJet Pro M404dn",
    sys_descr="HP ETHERNET MULTI-ENVIRONMENT,SN:PHBKL01234,FN:2L50D8P,SVCID:31122,PID:HP LaserJet Pro M404dn",
    sys_object_id="1.3.6.1.4.1.11.2.3.9.1",
    toner={"black": (("CF258A", 3000), ("CF258X", 10000))},
    description_form=HP_FORM,
    step_points=10,
    unit=PERCENT,
    trays=(250, 100),
)
BROTHER_L2370 = Model(
    manufacturer="Brother",
    name="Brother HL-L2370DW series",
    sys_descr="Brother NC-8700w, Firmware Ver.1.47  (20.06.12),MID 84E-F19,FID 2",
    sys_object_id="1.3.6.1.4.1.2435.2.3.9.1",
    toner={"black": (("TN730", 1200), ("TN760", 3000))},
    drums={ANY: (("DR730", 12000),)},
    description_form=BROTHER_FORM,
    unit=TENTHS_OF_GRAM,
    toner_gauge=Gauge.SENTINEL,
    trays=(250,),
)
ALL = (
    VERSALINK_C405,
    VERSALINK_C605,
    VERSALINK_C7130,
    ALTALINK_C8130,
    VERSALINK_B400,
    VERSALINK_B405,
    VERSALINK_B7135,
    WORKCENTRE_3345,
    HP_M404,
    BROTHER_L2370,
)


def slots(model: Model, *, language: str) -> tuple[Slot, ...]:
    """The supplies table: toners by colour order, then drum, then waste container."""
    rows = [
        _slot(model, wording.toner_name(language, colour), SupplyType.TONER, model.toner[colour], colour)
        for colour in COLOUR_ORDER
        if colour in model.toner
    ]
    rows += [
        _slot(model, wording.drum_name(language, colour), SupplyType.DRUM, model.drums[colour], colour)
        for colour in (ANY, *COLOUR_ORDER)
        if colour in model.drums
    ]
    if model.waste:
        rows.append(_slot(model, wording.waste_name(language), SupplyType.WASTE_TONER, model.waste, None))
    return tuple(replace(row, index=f"1.{number}") for number, row in enumerate(rows, start=1))


def trays(model: Model, *, language: str) -> tuple[TraySpec, ...]:
    word = "Bac" if language == "fr" else "Tray"
    return tuple(
        TraySpec(index=f"1.{number}", name=f"{word} {number}", capacity=capacity)
        for number, capacity in enumerate(model.trays, start=1)
    )


def _slot(model: Model, name: str, kind: SupplyType, parts: Parts, colour: str | None) -> Slot:
    is_toner = kind is SupplyType.TONER
    return Slot(
        index="",
        type=kind,
        colour=None if colour == ANY else colour,
        name=name,
        wear=Wear.COLOUR if colour in COLOUR_ORDER[1:] else Wear.EVERY_PAGE,
        parts=tuple(Part(part_number=number, capacity=capacity) for number, capacity in parts),
        gauge=model.toner_gauge if is_toner else Gauge.MEASURED,
        step_points=model.step_points,
        low_points=15 if is_toner else 10,
        unit=model.unit if is_toner else IMPRESSIONS,
        bought_elsewhere=model.manufacturer != "Xerox" or kind is SupplyType.WASTE_TONER,
    )
