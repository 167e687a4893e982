"""A real PostgreSQL for every test that asks for `db`, under the role that row security binds, and the cast.

The server is the embedded one in a folder of its own, or the one that `ECONCIERGE_TEST_OWNER_URL` and
`ECONCIERGE_TEST_APP_URL` name.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
import pytest_django
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from econcierge.launch import postgres

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
FILLED_BY_MIGRATIONS = (
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "orders_taxrate",
    "coverage_termsversion",
)


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Server]:
    with postgres.running(tmp_path_factory.mktemp("postgres"), durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def test_database(request: pytest.FixtureRequest) -> Iterator[postgres.Addresses]:
    """An empty database of this process's own, and the addresses of its owner and of the platform's role."""
    name = f"test_{os.getpid()}"
    if owner_url := os.environ.get("ECONCIERGE_TEST_OWNER_URL"):
        _recreate(owner_url, name)
        addresses = postgres.Addresses(
            make_conninfo(owner_url, dbname=name), make_conninfo(os.environ["ECONCIERGE_TEST_APP_URL"], dbname=name)
        )
        _grant(addresses)
        yield addresses
        _drop(owner_url, name)
        return
    yield request.getfixturevalue("postgres_server").create_database(name=name)


def _drop(owner_url: str, name: str) -> None:
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _recreate(owner_url: str, name: str) -> None:
    _drop(owner_url, name)
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _grant(addresses: postgres.Addresses) -> None:
    role = sql.Identifier(conninfo_to_dict(addresses.app_url)["user"])
    with psycopg.connect(addresses.owner_url, autocommit=True) as connection:
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {}",
            "ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
            "ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO {}",
        ):
            connection.execute(sql.SQL(statement).format(role))


def _point_django_at(addresses: postgres.Addresses) -> None:
    for alias, url in (("default", addresses.app_url), ("owner", addresses.owner_url)):
        parts = conninfo_to_dict(url)
        entry = {
            "NAME": parts["dbname"],
            "USER": parts["user"],
            "PASSWORD": parts.get("password", ""),
            "HOST": parts["host"],
            "PORT": str(parts["port"]),
        }
        settings.DATABASES[alias].update(entry)
        connections[alias].close()
        connections[alias].settings_dict.update(entry)


@pytest.fixture(scope="session")
def django_db_setup(
    test_database: postgres.Addresses, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[None]:
    """Migrated by the owner, used by the platform's role."""
    with django_db_blocker.unblock():
        _point_django_at(test_database)
        call_command("migrate", database="owner", verbosity=0)
        connections["owner"].close()
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def now() -> datetime:
    return NOW


@dataclasses.dataclass(frozen=True)
class Person:
    user: object
    actor: object


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    """Two dealers; Érable and Bouleau buy from the first, Stranger from the second; a provider; the operator.

    Made, and left, under the operator's scope: a test enters the scope of whom it is about.
    """
    from econcierge.accounts import operations, scoping
    from econcierge.accounts.models import Customer, Dealer, Membership, Provider
    from econcierge.accounts.types import Role, Scope
    from econcierge.fleet.models import Site

    scoping.enter(Scope.everything())
    dealer = Dealer.objects.create(slug="papeterie", name="Papeterie du Port", email="ventes@papeterie.test")
    other_dealer = Dealer.objects.create(slug="prairie", name="Prairie Office", email="sales@prairie.test")
    provider = Provider.objects.create(slug="repare", name="Répare-Tout", email="bonjour@repare.test", regions=["QC"])

    def customer(slug: str, name: str, sells: Dealer) -> Customer:
        return operations.open_customer(name=name, slug=slug, dealer=sells, language="fr-ca", now=NOW)

    erable = customer("erable", "Érable inc.", dealer)
    bouleau = customer("bouleau", "Bouleau ltée", dealer)
    stranger = customer("stranger", "Stranger Corp.", other_dealer)

    def site(owner: Customer) -> Site:
        return Site.objects.create(
            customer=owner,
            slug="main",
            name="Main",
            contact="Front desk",
            address_line_1="1, rue Principale",
            city="Montréal",
            region="QC",
            postal_code="H2X 1Y4",
        )

    sites = {owner.slug: site(owner) for owner in (erable, bouleau, stranger)}
    people: dict[str, Person] = {}

    def person(name: str, role: Role, language: str = "fr-ca", **where: object) -> None:
        user = operations.add_person(
            email=f"{name}@example.test", name=name.title(), language=language, role=role, password=None, **where
        )
        membership = Membership.objects.get(user=user)
        people[name] = Person(user, scoping.enter_as(user=user, membership=membership))
        scoping.enter(Scope.everything())

    person("owner", Role.CUSTOMER_ADMIN, customer=erable)
    person("colleague", Role.CUSTOMER_BUYER, "en-ca", customer=erable)
    person("viewer", Role.CUSTOMER_VIEWER, customer=erable)
    person("neighbour", Role.CUSTOMER_ADMIN, customer=bouleau)
    person("stranger", Role.CUSTOMER_ADMIN, "en-ca", customer=stranger)
    person("seller", Role.DEALER_ADMIN, dealer=dealer)
    person("rival", Role.DEALER_ADMIN, "en-ca", dealer=other_dealer)
    person("technician", Role.PROVIDER_TECHNICIAN, provider=provider)
    person("operator", Role.OPERATOR_ADMIN)
    return SimpleNamespace(
        dealer=dealer,
        other_dealer=other_dealer,
        provider=provider,
        erable=erable,
        bouleau=bouleau,
        strangers=stranger,
        sites=sites,
        **people,
    )


@pytest.fixture
def everything() -> object:
    from econcierge.accounts.types import Scope

    return Scope.everything()


@pytest.fixture
def committing(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database in which commits are commits; emptied by its owner afterwards, as the platform's role may not."""
    with django_db_blocker.unblock():
        yield
        connections["default"].close()
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables"
                " WHERE schemaname = 'public' AND tablename != ALL(%s)",
                [list(FILLED_BY_MIGRATIONS)],
            )
            cursor.execute(f"TRUNCATE {cursor.fetchone()[0]} RESTART IDENTITY CASCADE")
        connections["owner"].close()
