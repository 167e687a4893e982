"""The default demo fleet: two sites of one office, a few printers of another, as data.

The story's printer is *Reception*: a VersaLink C405 whose black toner stands at 22 % when the story starts and
falls below 20 % within two working days (less than a minute at 3600 times the speed).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from econcierge_virtual.printers import models
from econcierge_virtual.printers.spec import Habit, PrinterSpec

STORY_PRINTER = "reception"
OFFICE, CLINIC = "Boréal Conseil", "Harbour Dental"
MONTREAL, QUEBEC, HALIFAX = "Montréal", "Québec", "Halifax"
DOMAINS = {OFFICE: "boreal.example", CLINIC: "harbourdental.example"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a printer stands and how it is used; `points` are percent left by supply index at the start."""

    id: str
    name: str
    customer: str
    site: str
    address: str
    model: models.Model
    location: str
    language: str
    habit: Habit
    pages_at_start: int
    points: dict[str, int] = field(default_factory=dict)


PLACES = (
    Place(
        id=STORY_PRINTER,
        name="Reception",
        customer=OFFICE,
        site=MONTREAL,
        address="127.0.1.11",
        model=models.VERSALINK_C405,
        location="Montréal, 2e étage, réception",
        language="en",
        habit=Habit(pages_per_day=150, colour_share=0.25),
        pages_at_start=41_208,
        points={"1.1": 22, "1.2": 64, "1.3": 71, "1.4": 58, "1.5": 44},
    ),
    Place(
        id="comptabilite",
        name="Comptabilité",
        customer=OFFICE,
        site=MONTREAL,
        address="127.0.1.12",
        model=models.VERSALINK_B405,
        location="Montréal, 2e étage, comptabilité",
        language="fr",
        habit=Habit(pages_per_day=110),
        pages_at_start=28_644,
        points={"1.1": 67, "1.2": 56},
    ),
    Place(
        id="direction",
        name="Direction",
        customer=OFFICE,
        site=MONTREAL,
        address="127.0.1.13",
        model=models.VERSALINK_C605,
        location="Montréal, 3e étage, direction",
        language="fr",
        habit=Habit(pages_per_day=70, colour_share=0.45),
        pages_at_start=12_377,
        points={"1.1": 83, "1.2": 76, "1.3": 79, "1.4": 88, "1.5": 69, "1.6": 71, "1.7": 74, "1.8": 72},
    ),
    Place(
        id="salle-de-courrier",
        name="Salle de courrier",
        customer=OFFICE,
        site=MONTREAL,
        address="127.0.1.14",
        model=models.ALTALINK_C8130,
        location="Montréal, rez-de-chaussée, courrier",
        language="fr",
        habit=Habit(pages_per_day=420, colour_share=0.3, pages_per_job=14),
        pages_at_start=203_951,
        points={"1.1": 74, "1.2": 52, "1.3": 48, "1.4": 61, "1.5": 57, "1.6": 13},
    ),
    Place(
        id="atelier",
        name="Atelier",
        customer=OFFICE,
        site=MONTREAL,
        address="127.0.1.15",
        model=models.WORKCENTRE_3345,
        location="Montréal, sous-sol, atelier",
        language="fr",
        habit=Habit(pages_per_day=60),
        pages_at_start=19_020,
        points={"1.1": 74, "1.2": 80},
    ),
    Place(
        id="juridique",
        name="Juridique",
        customer=OFFICE,
        site=QUEBEC,
        address="127.0.2.11",
        model=models.VERSALINK_B400,
        location="Québec, 1er étage, juridique",
        language="fr",
        habit=Habit(pages_per_day=130),
        pages_at_start=36_910,
        points={"1.1": 58, "1.2": 43},
    ),
    Place(
        id="salle-de-reunion",
        name="Salle de réunion",
        customer=OFFICE,
        site=QUEBEC,
        address="127.0.2.12",
        model=models.VERSALINK_C7130,
        location="Québec, 1er étage, salle de réunion",
        language="fr",
        habit=Habit(pages_per_day=90, colour_share=0.5, off_when_closed=True),
        pages_at_start=22_846,
        points={"1.1": 61, "1.2": 45, "1.3": 49, "1.4": 53, "1.5": 72},
    ),
    Place(
        id="ventes",
        name="Ventes",
        customer=OFFICE,
        site=QUEBEC,
        address="127.0.2.13",
        model=models.HP_M404,
        location="Québec, rez-de-chaussée, ventes",
        language="en",
        habit=Habit(pages_per_day=80),
        pages_at_start=15_533,
        points={"1.1": 62},
    ),
    Place(
        id="accueil-quebec",
        name="Accueil",
        customer=OFFICE,
        site=QUEBEC,
        address="127.0.2.14",
        model=models.BROTHER_L2370,
        location="Québec, rez-de-chaussée, accueil",
        language="en",
        habit=Habit(pages_per_day=25),
        pages_at_start=6_190,
        points={"1.1": 70, "1.2": 48},
    ),
    Place(
        id="front-desk",
        name="Front desk",
        customer=CLINIC,
        site=HALIFAX,
        address="127.0.3.11",
        model=models.VERSALINK_C405,
        location="Front desk",
        language="en",
        habit=Habit(pages_per_day=95, colour_share=0.35, time_zone="America/Halifax"),
        pages_at_start=9_410,
        points={"1.1": 55, "1.2": 38, "1.3": 66, "1.4": 49, "1.5": 84},
    ),
    Place(
        id="surgery",
        name="Surgery",
        customer=CLINIC,
        site=HALIFAX,
        address="127.0.3.12",
        model=models.VERSALINK_B400,
        location="Surgery corridor",
        language="en",
        habit=Habit(pages_per_day=55, time_zone="America/Halifax"),
        pages_at_start=17_002,
        points={"1.1": 47, "1.2": 73},
    ),
    Place(
        id="records",
        name="Records",
        customer=CLINIC,
        site=HALIFAX,
        address="127.0.3.13",
        model=models.VERSALINK_B7135,
        location="Records room",
        language="en",
        habit=Habit(pages_per_day=160, time_zone="America/Halifax", pages_per_job=10),
        pages_at_start=88_127,
        points={"1.1": 39, "1.2": 62},
    ),
)


def default_fleet() -> tuple[PrinterSpec, ...]:
    """Every printer of the demo, in the order of `PLACES`; serials and MAC addresses follow from the place."""
    return tuple(printer(place, number=number) for number, place in enumerate(PLACES, start=1))


def printer(place: Place, *, number: int) -> PrinterSpec:
    """A printer for a place; `number` makes its serial, its MAC address and its habits."""
    model = place.model
    serial = _serial(model, number)
    return PrinterSpec(
        id=place.id,
        name=place.name,
        customer=place.customer,
        site=place.site,
        address=place.address,
        manufacturer=model.manufacturer,
        model=model.name,
        serial=serial,
        mac=_mac(model, number),
        hostname=f"{place.id}.{DOMAINS.get(place.customer, 'office.example')}",
        location=place.location,
        sys_descr=model.sys_descr.replace("PHBKL01234", serial),
        sys_object_id=model.sys_object_id,
        language=place.language,
        slots=models.slots(model, language=place.language),
        trays=models.trays(model, language=place.language),
        habit=place.habit,
        seed=number,
        pages_at_start=place.pages_at_start,
        description_form=model.description_form,
        start_points=dict(place.points),
    )


def _serial(model: models.Model, number: int) -> str:
    form = {"Xerox": "5AV{:06d}", "HP": "PHBKL{:05d}", "Brother": "E78096C0N{:06d}"}[model.manufacturer]
    return form.format(214_733 + number * 97 if model.manufacturer == "Xerox" else 1_234 + number * 61)


def _mac(model: models.Model, number: int) -> str:
    maker = {"Xerox": "9c:93:4e", "HP": "c8:b5:ad", "Brother": "30:05:5c"}[model.manufacturer]
    return f"{maker}:1a:{number:02x}:{(number * 37) % 256:02x}"
