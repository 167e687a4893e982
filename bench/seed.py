"""Customers for a benchmark: `python -m bench.seed`, wanted on standard input, paired on standard output.

The demo's dealers, prices, distributor and terms come first, so that everything can be bought as in the demo.
"""

from __future__ import annotations

import sys

import msgspec

NOWHERE = "http://127.0.0.1:9"  # the distributor of a benchmark is not asked
PASSWORD = "a bench password"


class Wanted(msgspec.Struct, frozen=True):
    """A customer with one site and so many paired assistants; its person signs in with `slug`@bench.example."""

    slug: str
    assistants: int = 1


class Paired(msgspec.Struct, frozen=True):
    """What there is then."""

    slug: str
    email: str
    tokens: list[str]


def main() -> None:
    import django

    django.setup()
    from econcierge.accounts import scoping
    from econcierge.accounts.types import Scope
    from econcierge.core import clock
    from econcierge.launch import demo

    wanted = msgspec.json.decode(sys.stdin.buffer.read(), type=list[Wanted])
    now = clock.now()
    with scoping.transaction_as(Scope.everything()):
        demo.prepare(distributor_url=NOWHERE, now=now)
    with scoping.transaction_as(Scope.everything()):
        paired = [_customer(one) for one in wanted]
    sys.stdout.buffer.write(msgspec.json.encode(paired))


def _customer(wanted: Wanted) -> Paired:
    from econcierge.accounts import operations as accounts
    from econcierge.accounts.models import Dealer
    from econcierge.accounts.types import Role
    from econcierge.core import clock
    from econcierge.fleet import operations as fleet
    from econcierge.fleet.models import Site
    from econcierge.payments.models import AccountAgreement

    now, email = clock.now(), f"{wanted.slug}@bench.example"
    dealer = Dealer.objects.get(slug="papeterie-du-port")
    customer = accounts.open_customer(
        name=wanted.slug.title(), slug=wanted.slug, dealer=dealer, language="fr-ca", now=now
    )
    AccountAgreement.objects.create(customer=customer, credit_limit_minor=10_000_000, agreed_on=clock.day_of(now))
    accounts.add_person(
        email=email, name="Anna Bench", language="fr-ca", role=Role.CUSTOMER_ADMIN, password=PASSWORD, customer=customer
    )
    site = Site.objects.create(
        customer=customer,
        slug="main",
        name="Montréal",
        contact="Anna Bench",
        address_line_1="1, rue Principale",
        city="Montréal",
        region="QC",
        postal_code="H2X 1Y4",
    )
    pairs = (
        fleet.pair_assistant(customer=customer, site=site, name=f"no {n}", now=now) for n in range(wanted.assistants)
    )
    return Paired(wanted.slug, email, [token for _, token in pairs])


if __name__ == "__main__":
    main()
