"""A real PostgreSQL for every test that asks for `db`, under the role that row security binds, and the cast.

The server is the embedded one in a folder of its own, or the one that `ECONCIERGE_TEST_OWNER_URL` and
`ECONCIERGE_TEST_APP_URL` name. The schema is migrated once into a template; every worker copies it.
"""

from __future__ import annotations

import dataclasses
import fcntl
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def database_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """Addresses of the owner's and the platform's logins on a running server."""
    owner_url = os.environ.get("ECONCIERGE_TEST_OWNER_URL")
    if owner_url:
        yield SimpleNamespace(owner_url=owner_url, app_url=os.environ["ECONCIERGE_TEST_APP_URL"])
        return
    from econcierge.launch import postgres

    with postgres.running(tmp_path_factory.mktemp("postgres"), for_tests=True) as server:
        yield SimpleNamespace(owner_url=server.owner_url, app_url=server.app_url)


def _drop_database(owner_url: str, name: str) -> None:
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _create_database(owner_url: str, name: str, template: str | None = None) -> None:
    with psycopg.connect(owner_url, autocommit=True) as connection:
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        connection.execute(statement)


def _grant(owner_url: str, app_url: str) -> None:
    role = sql.Identifier(conninfo_to_dict(app_url)["user"])
    with psycopg.connect(owner_url, autocommit=True) as connection:
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {}",
            "ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
            "ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO {}",
        ):
            connection.execute(sql.SQL(statement).format(role))


def _point_django_at(server: SimpleNamespace, name: str) -> None:
    for alias, url in (("default", server.app_url), ("owner", server.owner_url)):
        parts = conninfo_to_dict(url)
        entry = {
            "NAME": name,
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
    database_server: SimpleNamespace,
    django_db_blocker: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    worker_id: str,
) -> Iterator[None]:
    """One template a run, migrated by the owner; one copy a worker, used by the platform's role."""
    shared = tmp_path_factory.getbasetemp().parent if worker_id != "master" else tmp_path_factory.getbasetemp()
    name, template = f"test_{os.getpid()}", f"test_template_{os.getpid()}"
    with (shared / "database.lock").open("w") as lock, django_db_blocker.unblock():
        fcntl.flock(lock, fcntl.LOCK_EX)
        _create_database(database_server.owner_url, template)
        _point_django_at(database_server, template)
        template_url = make_conninfo(database_server.owner_url, dbname=template)
        _grant(template_url, database_server.app_url)
        call_command("migrate", database="owner", verbosity=0)
        connections["owner"].close()
        _create_database(database_server.owner_url, name, template)
        _point_django_at(database_server, name)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    for leftover in (name, template):
        _drop_database(database_server.owner_url, leftover)


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
