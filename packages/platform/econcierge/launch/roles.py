"""Who may do what in the database: an owner who migrates, and the platform's own role that row security binds."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

OWNER = "econcierge_owner"
APP = "econcierge_app"
DATABASE = "econcierge"

Connection = psycopg.Connection[Any]


def ensure_login(connection: Connection, *, name: str, password: str, may_create_databases: bool = False) -> None:
    """A role that may sign in and nothing more; made, or given this password again."""
    verb = sql.SQL("ALTER" if role_exists(connection, name) else "CREATE")
    databases = sql.SQL("CREATEDB" if may_create_databases else "NOCREATEDB")
    connection.execute(
        sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE {} PASSWORD {}").format(
            verb, sql.Identifier(name), databases, sql.Literal(password)
        )
    )


def role_exists(connection: Connection, name: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone() is not None


def ensure_database(connection: Connection, *, name: str, owner: str) -> None:
    """A UTF-8 database of `owner`, with the collation that the cluster was made with. Wants autocommit."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
                sql.Identifier(name), sql.Identifier(owner)
            )
        )


def grant_to_app(connection: Connection) -> None:
    """Lets the platform's role read and write what the current role owns or will own in this database.

    Only the first time: what a migration took away again (the record nobody may change) stays taken away.
    """
    if _has_default_privileges(connection):
        return
    app = sql.Identifier(APP)
    for kind, rights in (
        ("TABLES", "SELECT, INSERT, UPDATE, DELETE"),
        ("SEQUENCES", "USAGE, SELECT, UPDATE"),
        ("FUNCTIONS", "EXECUTE"),
    ):
        words = {"rights": sql.SQL(rights), "kind": sql.SQL(kind), "app": app}
        connection.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON {kind} TO {app}").format(**words)
        )
        connection.execute(sql.SQL("GRANT {rights} ON ALL {kind} IN SCHEMA public TO {app}").format(**words))
    if not connection.execute("SELECT has_schema_privilege(%s, 'public', 'USAGE')", [APP]).fetchone()[0]:  # type: ignore[index]
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(app))


def _has_default_privileges(connection: Connection) -> bool:
    found = connection.execute(
        "SELECT 1 FROM pg_default_acl, aclexplode(defaclacl) AS acl"
        " WHERE defaclrole = current_user::regrole AND defaclobjtype = 'r' AND acl.grantee = to_regrole(%s)",
        [APP],
    )
    return found.fetchone() is not None
