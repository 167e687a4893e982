"""Both walls between tenants, as the role that the platform really uses."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError, ProgrammingError

from econcierge.accounts import queries, scoping
from econcierge.accounts.models import Customer, Membership
from econcierge.accounts.types import Scope
from econcierge.fleet.models import Assistant, Printer, Site

pytestmark = pytest.mark.django_db


def _tables(query: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()}


def test_the_role_is_neither_superuser_nor_owner_nor_exempt() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
    assert _tables("SELECT tablename FROM pg_tables WHERE tableowner = current_user") == set()


def test_every_table_with_a_tenant_has_a_forced_wall() -> None:
    with_tenant = _tables(
        "SELECT DISTINCT table_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND column_name IN ('customer_id', 'dealer_id')"
    )
    walled = _tables("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    assert with_tenant - walled == set()
    assert "fleet_printer" in walled


def test_without_a_scope_nothing_is_seen(cast: object) -> None:
    scoping.enter(Scope.nothing())
    assert not Customer.objects.exists()
    assert not Site.objects.exists()
    assert not Membership.objects.exists()


def test_a_customer_sees_itself_even_if_the_query_forgets_to_ask(cast: object) -> None:
    scoping.enter(cast.owner.actor.scope)
    assert set(Site.objects.values_list("customer__slug", flat=True)) == {"erable"}
    assert set(Customer.objects.values_list("slug", flat=True)) == {"erable"}


def test_a_dealer_sees_its_customers_and_no_others(cast: object) -> None:
    scoping.enter(cast.seller.actor.scope)
    assert set(Site.objects.values_list("customer__slug", flat=True)) == {"erable", "bouleau"}
    assert [customer.slug for customer in queries.customers(cast.rival.actor.scope)] == []


def test_the_first_wall_narrows_by_itself(cast: object) -> None:
    everything = Site.objects.all()
    assert {site.customer.slug for site in queries.limit(cast.owner.actor.scope, everything)} == {"erable"}
    assert {site.customer.slug for site in queries.limit(cast.seller.actor.scope, everything)} == {"erable", "bouleau"}
    assert list(queries.limit(Scope.nothing(), everything)) == []


def test_a_row_cannot_be_written_for_another_customer(cast: object) -> None:
    scoping.enter(cast.owner.actor.scope)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Printer.objects.create(customer=cast.bouleau, site=cast.sites["bouleau"], label="Smuggled")
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Site.objects.filter(customer=cast.erable).update(customer=cast.bouleau)


def test_a_row_cannot_point_across_customers_even_for_the_platform(cast: object, now: object) -> None:
    Assistant.objects.create(
        customer=cast.erable, site=cast.sites["bouleau"], name="Mixed", token_sha256="0" * 64, paired_at=now
    )
    with pytest.raises(IntegrityError, match="same_customer"), transaction.atomic():
        connection.check_constraints()
    transaction.set_rollback(True)


def test_the_audit_record_cannot_be_changed(cast: object, now: object) -> None:
    from econcierge.audit import operations
    from econcierge.audit.models import Entry

    operations.record(action="test.done", subject=cast.erable, now=now, customer_id=cast.erable.pk)
    for change in (lambda: Entry.objects.update(action="x"), lambda: Entry.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
