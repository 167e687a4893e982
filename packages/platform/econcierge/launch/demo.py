"""The demo's organisations and people: made once, through the same operations that real ones are made with.

Names of customers and sites are those of the virtual fleet (`econcierge_virtual.printers.fleet`). Prices, the
eligible list and warranty dates are made up for the demo, and say so in their source.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec

from econcierge.accounts import operations as accounts
from econcierge.accounts.models import Customer, Dealer, Membership, Provider
from econcierge.accounts.types import Actor, Role, Scope
from econcierge.catalogue import operations as catalogue
from econcierge.catalogue import starter
from econcierge.catalogue.models import PrinterModel
from econcierge.core import clock
from econcierge.coverage import operations as coverage
from econcierge.fleet import operations as fleet
from econcierge.fleet.models import Printer, Site, SiteSettings
from econcierge.fulfilment.models import DealerDistributor, Distributor
from econcierge.journeys import decide_coverage
from econcierge.launch.demo_facts import PASSWORD, Assistant, DemoFacts, SignIn
from econcierge.payments.models import AccountAgreement
from econcierge.replenishment import operations as replenishment
from econcierge.replenishment import standing_types
from econcierge_printers import identity
from econcierge_virtual.printers.fleet import PLACES, default_fleet

DISTRIBUTOR_SECRET_VARIABLE = "ECONCIERGE_SANDBOX_SECRET"  # noqa: S105  a variable's name


SIGN_INS = [
    SignIn(who="Customer (Boréal Conseil), français", email="claire@boreal.example", password=PASSWORD),
    SignIn(who="The same customer’s buyer, English", email="tom@boreal.example", password=PASSWORD),
    SignIn(who="Dealer (Papeterie du Port)", email="ventes@papeterie.example", password=PASSWORD),
    SignIn(who="Programme operator", email="operator@programme.example", password=PASSWORD),
    SignIn(who="Service provider (Répare-Tout)", email="atelier@repare.example", password=PASSWORD),
]
LOOK_FIRST = [
    "sign in as the customer and open “Reception”: its black toner is low. Order before a colleague does.",
    "then watch the order arrive, and the printer earn its free service: 0 of 2, 1 of 2, covered.",
    "“Juridique” and “Comptabilité” order by themselves: look at “Automatic orders” under “Orders”, and at the mail"
    " a day before each order.",
]
ORDER_BY_THEMSELVES = ("Juridique", "Comptabilité")


@dataclass(frozen=True, slots=True)
class Sold:
    """How long ago a printer was sold, and what is special about it."""

    days_ago: int = 150
    enrolled: bool = True
    managed_print: bool = False


# By printer of the virtual fleet: each shows another answer of coverage.
_SOLD = {
    "comptabilite": Sold(days_ago=60),
    "salle-de-courrier": Sold(days_ago=500, managed_print=True),
    "atelier": Sold(days_ago=1200),
    "juridique": Sold(days_ago=200, enrolled=False),
    "ventes": Sold(days_ago=400, enrolled=False),
    "accueil-quebec": Sold(days_ago=300, enrolled=False),
}

# site: slug, name, address, city, province, postal code
_BOREAL_SITES = (
    ("montreal", "Montréal", "1200, rue Sherbrooke Ouest", "Montréal", "QC", "H3A 1H6"),
    ("quebec", "Québec", "45, rue Saint-Jean", "Québec", "QC", "G1R 1P2"),
)
_CLINIC_SITES = (("halifax", "Halifax", "1741 Brunswick Street", "Halifax", "NS", "B3J 3X8"),)


@dataclass(frozen=True, slots=True)
class AssistantToken:
    """What one site's monitoring service needs to deliver."""

    name: str  # "boreal-montreal"
    place: tuple[str, str]  # customer and site as the virtual fleet names them
    token: str


def is_prepared() -> bool:
    return Dealer.objects.exists()


def prepare(*, distributor_url: str, now: datetime) -> tuple[AssistantToken, ...]:
    """Everybody and everything before the first reading; needs a transaction under a scope that sees all.

    Returns the assistants' tokens, which are kept nowhere else.
    """
    starter.load()
    starter.load_demo()
    on = clock.day_of(now)
    dealer, other_dealer = _dealers()
    distributor = _distributor(distributor_url)
    for seller, account in ((dealer, "PP-1001"), (other_dealer, "PO-2002")):
        DealerDistributor.objects.create(dealer=seller, distributor=distributor, account_number=account)
        catalogue.import_prices(dealer=seller, prices=starter.file("demo_prices.csv"), now=now)
    _providers()
    accounts.add_person(
        email="operator@programme.example",
        name="Olivia Operator",
        language="en-ca",
        role=Role.OPERATOR_ADMIN,
        password=PASSWORD,
    )
    tokens = (*_boreal(dealer, now=now, on=on), *_clinic(other_dealer, now=now, on=on))
    _sold_printers(now=now, on=on)
    _automatic_orders(now=now, on=on)
    return tokens


def moved(facts: DemoFacts, *, distributor_url: str, printers_port: int) -> DemoFacts:
    """The same demo on other ports than when it was prepared: where its partners answer now."""
    Distributor.objects.filter(slug="sandbox").exclude(base_url=distributor_url).update(base_url=distributor_url)
    assistants = [
        msgspec.structs.replace(
            assistant, ranges=[f"{each.rpartition(':')[0]}:{printers_port}" for each in assistant.ranges]
        )
        for assistant in facts.assistants
    ]
    return msgspec.structs.replace(facts, assistants=assistants)


def tell_ranges(facts: DemoFacts, *, now: datetime) -> None:
    """What a newly connected computer of a site is told to search: the addresses of that site's virtual printers."""
    sites = {f"{site.customer.slug}-{site.slug}": site for site in Site.objects.select_related("customer")}
    for assistant in facts.assistants:
        site = sites[assistant.name]
        known = SiteSettings.objects.filter(site=site).first()
        if known is None or known.ranges != assistant.ranges:
            SiteSettings.objects.update_or_create(
                site=site,
                defaults={
                    "customer": site.customer,
                    "ranges": assistant.ranges,
                    "version": known.version + 1 if known else 1,
                    "changed_at": now,
                },
            )


def facts(tokens: tuple[AssistantToken, ...], *, folder: Path, printers_port: int) -> DemoFacts:
    """What the launcher needs to know; each site's token goes into a file that only its owner reads."""
    folder.mkdir(parents=True, exist_ok=True)
    assistants = []
    for token in tokens:
        file = folder / f"{token.name}.token"
        file.touch(mode=0o600)
        file.write_text(token.token)
        addresses = [place.address for place in PLACES if (place.customer, place.site) == token.place]
        ranges = [f"{address}:{printers_port}" for address in addresses]
        assistants.append(Assistant(name=token.name, token_file=str(file), ranges=ranges))
    return DemoFacts(sign_ins=SIGN_INS, assistants=assistants, look_first=LOOK_FIRST)


def _dealers() -> tuple[Dealer, Dealer]:
    port = Dealer.objects.create(
        slug="papeterie-du-port",
        name="Papeterie du Port",
        email="ventes@papeterie.example",
        phone="514 555-0142",
        postal_address="300, rue de la Commune Est, Montréal (Québec) H2Y 1J1",
        accent_colour="#0b5d5b",
        tax_numbers={"GST": "12345 6789 RT0001", "QST": "1234567890 TQ0001"},
    )
    prairie = Dealer.objects.create(
        slug="harbour-office",
        name="Harbour Office Supply",
        email="sales@harbouroffice.example",
        phone="902 555-0117",
        postal_address="88 Lower Water Street, Halifax NS B3J 1R9",
        accent_colour="#1f4e8c",
        tax_numbers={"GST": "98765 4321 RT0001"},
    )
    accounts.add_person(
        email="ventes@papeterie.example",
        name="Sophie Tremblay",
        language="fr-ca",
        role=Role.DEALER_ADMIN,
        password=PASSWORD,
        dealer=port,
    )
    accounts.add_person(
        email="sales@harbouroffice.example",
        name="Angus MacNeil",
        language="en-ca",
        role=Role.DEALER_ADMIN,
        password=PASSWORD,
        dealer=prairie,
    )
    return port, prairie


def _distributor(url: str) -> Distributor:
    return Distributor.objects.create(
        slug="sandbox",
        name="Distribution Laurentienne",
        kind="sandbox",
        base_url=url,
        secret_variable=DISTRIBUTOR_SECRET_VARIABLE,
    )


def _providers() -> None:
    provider = Provider.objects.create(
        slug="repare-tout",
        name="Répare-Tout",
        email="atelier@repare.example",
        phone="514 555-0188",
        regions=["QC"],
    )
    east = Provider.objects.create(
        slug="bluenose", name="Bluenose Print Service", email="desk@bluenose.example", regions=["NS", "NB", "PE"]
    )
    for email, name, language, owner in (
        ("atelier@repare.example", "Karim Benali", "fr-ca", provider),
        ("desk@bluenose.example", "Fiona Grant", "en-ca", east),
    ):
        accounts.add_person(
            email=email,
            name=name,
            language=language,
            role=Role.PROVIDER_TECHNICIAN,
            password=PASSWORD,
            provider=owner,
        )


def _boreal(dealer: Dealer, *, now: datetime, on: date) -> tuple[AssistantToken, ...]:
    customer = accounts.open_customer(name="Boréal Conseil", slug="boreal", dealer=dealer, language="fr-ca", now=now)
    _on_account(customer, limit_minor=9_000_000, on=on)
    for email, name, language, role in (
        ("claire@boreal.example", "Claire Gagnon", "fr-ca", Role.CUSTOMER_ADMIN),
        ("tom@boreal.example", "Tom Wilson", "en-ca", Role.CUSTOMER_BUYER),
        ("lea@boreal.example", "Léa Bouchard", "fr-ca", Role.CUSTOMER_VIEWER),
    ):
        accounts.add_person(email=email, name=name, language=language, role=role, password=PASSWORD, customer=customer)
    return tuple(_site(customer, site, contact="Claire Gagnon", now=now) for site in _BOREAL_SITES)


def _clinic(dealer: Dealer, *, now: datetime, on: date) -> tuple[AssistantToken, ...]:
    customer = accounts.open_customer(name="Harbour Dental", slug="harbour", dealer=dealer, language="en-ca", now=now)
    _on_account(customer, limit_minor=3_000_000, on=on)
    accounts.add_person(
        email="joan@harbourdental.example",
        name="Joan Fraser",
        language="en-ca",
        role=Role.CUSTOMER_ADMIN,
        password=PASSWORD,
        customer=customer,
    )
    return tuple(_site(customer, site, contact="Joan Fraser", now=now) for site in _CLINIC_SITES)


def _sold_printers(*, now: datetime, on: date) -> None:
    """The fleet as its dealers sold it: the assistants will find these printers by their serials."""
    sites = {(site.customer.name, site.name): site for site in Site.objects.select_related("customer")}
    for spec in default_fleet():
        facts = _SOLD.get(spec.id, Sold())
        site = sites[spec.customer, spec.site]
        printer = Printer.objects.create(
            customer=site.customer,
            site=site,
            label=spec.name,
            place=spec.location.removeprefix(f"{spec.site}, "),
            manufacturer=spec.manufacturer,
            model_name=spec.model,
            model=PrinterModel.objects.filter(name=spec.model).first(),
            serial=spec.serial,
            serial_key=identity.normal_serial(spec.serial) or "",
            installed_on=on - timedelta(days=facts.days_ago),
            managed_print=facts.managed_print,
        )
        if facts.enrolled:
            coverage.enrol(printer=printer, programme="standard-ca", on=on)
    decide_coverage.decide(printer_ids=list(Printer.objects.values_list("pk", flat=True)), now=now)


def _automatic_orders(*, now: datetime, on: date) -> None:
    """Some printers order by themselves from the start, as their administrator lets them."""
    for printer in Printer.objects.filter(label__in=ORDER_BY_THEMSELVES).select_related("customer"):
        admin = Membership.objects.get(customer=printer.customer, role=Role.CUSTOMER_ADMIN).user
        scope = Scope.customer(customer_id=printer.customer_id, dealer_id=printer.customer.dealer_id)
        limits = standing_types.Limits(90_000, 180_000, None, Role.CUSTOMER_BUYER)
        replenishment.switch_on(
            actor=Actor(admin.pk, Role.CUSTOMER_ADMIN, scope, str(admin), admin.language),
            printer=printer,
            wish=replenishment.Wish(None, standing_types.Choice.RECOMMENDED, None, limits),
            now=now,
            on=on,
        )


def _on_account(customer: Customer, *, limit_minor: int, on: date) -> None:
    AccountAgreement.objects.create(
        customer=customer, credit_limit_minor=limit_minor, agreed_on=on - timedelta(days=200)
    )


def _site(customer: Customer, row: tuple[str, ...], *, contact: str, now: datetime) -> AssistantToken:
    slug, name, line, city, region, postal_code = row
    site = Site.objects.create(
        customer=customer,
        slug=slug,
        name=name,
        contact=contact,
        address_line_1=line,
        city=city,
        region=region,
        postal_code=postal_code,
    )
    _, token = fleet.pair_assistant(customer=customer, site=site, name=f"{name}, réception", now=now)
    return AssistantToken(name=f"{customer.slug}-{slug}", place=(customer.name, name), token=token)
