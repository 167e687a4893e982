"""The second wall between tenants: row security, as operations for migrations.

Which rows a transaction may see stands in settings that `accounts.scoping.enter` makes for that transaction only:

    econcierge.scope        customer | dealer | provider | all; anything else sees nothing
    econcierge.customer_id  the customer (scope customer)
    econcierge.dealer_id    the dealer (scope dealer), or the customer's dealer, whose prices it may read
    econcierge.provider_id  the service provider (scope provider)
    econcierge.user_id      the person signed in, who may always see their own roles

Policies are forced, so they bind the tables' owner too; the platform's role is neither owner nor superuser.
"""

from __future__ import annotations

from django.db import migrations

SETTINGS = """
CREATE FUNCTION econcierge_scope() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT current_setting('econcierge.scope', true) $$;
CREATE FUNCTION econcierge_setting_id(setting text) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT NULLIF(current_setting('econcierge.' || setting, true), '')::bigint $$;
CREATE FUNCTION econcierge_refuse_change() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
"""
SETTINGS_REVERSE = """
DROP FUNCTION econcierge_refuse_change();
DROP FUNCTION econcierge_setting_id(text);
DROP FUNCTION econcierge_scope();
"""

CUSTOMER_SEES = """
    (SELECT econcierge_scope()) = 'all'
    OR ((SELECT econcierge_scope()) = 'customer' AND customer_id = (SELECT econcierge_setting_id('customer_id')))
    OR ((SELECT econcierge_scope()) = 'dealer' AND customer_id IN (
        SELECT c.id FROM accounts_customer c WHERE c.dealer_id = (SELECT econcierge_setting_id('dealer_id'))))
"""
DEALER_READS = """
    (SELECT econcierge_scope()) = 'all'
    OR ((SELECT econcierge_scope()) IN ('customer', 'dealer')
        AND dealer_id = (SELECT econcierge_setting_id('dealer_id')))
"""
DEALER_WRITES = """
    (SELECT econcierge_scope()) = 'all'
    OR ((SELECT econcierge_scope()) = 'dealer' AND dealer_id = (SELECT econcierge_setting_id('dealer_id')))
"""


def _policies(table: str, using: str, check: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f"CREATE POLICY wall_read ON {table} FOR SELECT USING ({using});"
        f"CREATE POLICY wall_insert ON {table} FOR INSERT WITH CHECK ({check});"
        f"CREATE POLICY wall_update ON {table} FOR UPDATE USING ({check}) WITH CHECK ({check});"
        f"CREATE POLICY wall_delete ON {table} FOR DELETE USING ({check});",
        f"DROP POLICY wall_delete ON {table}; DROP POLICY wall_update ON {table};"
        f"DROP POLICY wall_insert ON {table}; DROP POLICY wall_read ON {table};"
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def customer_wall(*tables: str) -> list[migrations.RunSQL]:
    """Tables with a `customer_id`: the customer itself, its dealer, the operator."""
    return [_policies(table, CUSTOMER_SEES, CUSTOMER_SEES) for table in tables]


def dealer_wall(*tables: str) -> list[migrations.RunSQL]:
    """Tables with a `dealer_id`: read by the dealer and its customers, written by the dealer and the operator."""
    return [_policies(table, DEALER_READS, DEALER_WRITES) for table in tables]


def wall(table: str, *, reads: str, writes: str) -> list[migrations.RunSQL]:
    """A table with conditions of its own."""
    return [_policies(table, reads, writes)]


def append_only(*tables: str) -> list[migrations.RunSQL]:
    """Rows that are never changed nor deleted."""
    return [
        migrations.RunSQL(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION econcierge_refuse_change();",
            f"DROP TRIGGER append_only ON {table};",
        )
        for table in tables
    ]


def same_customer(table: str, **columns: str) -> list[migrations.RunSQL]:
    """`column="other_table"`: what a column points at belongs to the same customer (a two-part foreign key)."""
    operations = []
    for column, other in columns.items():
        name = f"{table}_{column}_same_customer"
        operations.append(
            migrations.RunSQL(
                f"CREATE UNIQUE INDEX IF NOT EXISTS {other}_customer_id_id ON {other} (customer_id, id);"
                f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (customer_id, {column})"
                f" REFERENCES {other} (customer_id, id) DEFERRABLE INITIALLY DEFERRED;",
                f"ALTER TABLE {table} DROP CONSTRAINT {name};",
            )
        )
    return operations
