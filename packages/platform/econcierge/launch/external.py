"""A PostgreSQL server that somebody else runs: whether it will do, and the platform's own role on it."""

from __future__ import annotations

import re
from urllib.parse import quote

import psycopg
from psycopg import pq, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from econcierge.launch import roles
from econcierge.launch.errors import CannotStart

OLDEST = 15
CONNECT_S = 10


def prepare(url: str, *, app_url: str | None) -> str:
    """Checks the server, makes the role and its rights, and gives the address for the platform to use."""
    with _connect(url, variable="DATABASE_URL") as owner:
        _check(owner)
        if app_url is None:
            _ensure_role(owner)
            roles.grant_to_app(owner)
    if app_url is None:
        return _as_app(url)
    _check_app(app_url)
    return app_url


def _as_app(url: str) -> str:
    """The same sign-in, becoming the platform's role as soon as it is connected."""
    if "options" in conninfo_to_dict(url):
        raise CannotStart(
            "DATABASE_URL sets `options`, which econcierge needs for itself.",
            remedy="Take them out, or name a second address for the platform in DATABASE_APP_URL.",
        )
    return f"{url}{'&' if '?' in url else '?'}options={quote(f'-c role={roles.APP}', safe='')}"


def _connect(url: str, *, variable: str) -> roles.Connection:
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        parts = {}
    if not parts or not url.startswith(("postgresql://", "postgres://")):
        raise CannotStart(
            f"{variable} is not the address of a PostgreSQL database.",
            remedy="It looks like postgresql://user:password@host:5432/econcierge.",
        )
    conninfo = make_conninfo(url, connect_timeout=CONNECT_S)
    try:
        return psycopg.connect(conninfo)
    except psycopg.OperationalError as error:
        raise _why_not(conninfo, error, variable=variable) from error


def _why_not(conninfo: str, error: psycopg.OperationalError, *, variable: str) -> CannotStart:
    """Which of the usual reasons it is; asked of the server rather than read from texts in its language."""
    parts = conninfo_to_dict(conninfo)
    where = f"{parts.get('host', 'localhost')}:{parts.get('port', 5432)}"
    name = parts.get("dbname") or parts.get("user")
    answer = pq.PGconn.ping(conninfo.encode())
    if answer == pq.Ping.REJECT:
        return CannotStart(
            f"The PostgreSQL server at {where} is starting up or shutting down.", remedy="Start again in a moment."
        )
    if answer != pq.Ping.OK:
        return CannotStart(
            f"No PostgreSQL server answers at {where} ({_reason(error)}).",
            remedy=f"Start it or correct the host and port in {variable}; without DATABASE_URL an own one is used.",
        )
    if _opens(make_conninfo(conninfo, dbname="postgres")) or _opens(make_conninfo(conninfo, dbname="template1")):
        return CannotStart(
            f"The PostgreSQL server at {where} has no database “{name}” that “{parts.get('user')}” may open.",
            remedy=f'Make it: CREATE DATABASE "{name}" OWNER "{parts.get("user")}" — or correct {variable}.',
        )
    return CannotStart(
        f"The PostgreSQL server at {where} refuses “{parts.get('user')}” ({_reason(error)}).",
        remedy=f"Correct the user or the password in {variable}.",
    )


def _opens(conninfo: str) -> bool:
    try:
        psycopg.connect(conninfo).close()
    except psycopg.OperationalError:
        return False
    return True


def _reason(error: psycopg.Error) -> str:
    """The server's or the system's own words, without the address that libpq puts before them."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or ["no reason given"]
    return re.split(r"failed: (?:FATAL:\s*)?", lines[0])[-1].rstrip(".")


def _check(owner: roles.Connection) -> None:
    version = owner.info.server_version // 10_000
    if version < OLDEST:
        raise CannotStart(
            f"The PostgreSQL server in DATABASE_URL is version {version}; econcierge needs {OLDEST} or newer.",
            remedy="Upgrade it, or leave DATABASE_URL out to use the one that comes with econcierge.",
        )
    if not _asks(owner, "SELECT has_schema_privilege('public', 'CREATE')"):
        user, name = owner.info.user, owner.info.dbname
        raise CannotStart(
            f"“{user}” may not create tables in the database “{name}” of DATABASE_URL.",
            remedy=f'As its administrator: ALTER DATABASE "{name}" OWNER TO "{user}".',
        )
    encoding = owner.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise CannotStart(
            f"The database in DATABASE_URL is kept in {encoding}; econcierge needs UTF8.",
            remedy="Make one with ENCODING 'UTF8' TEMPLATE template0.",
        )


def _ensure_role(owner: roles.Connection) -> None:
    """A role without a sign-in, which the owner may become. Superusers may become anyone without being told."""
    app, me = sql.Identifier(roles.APP), sql.Identifier(owner.info.user)
    try:
        with owner.transaction():
            if not roles.role_exists(owner, roles.APP):
                owner.execute(sql.SQL("CREATE ROLE {} NOLOGIN NOSUPERUSER NOBYPASSRLS").format(app))
            if not _asks(owner, f"SELECT pg_has_role('{roles.APP}', '{_member_right(owner)}')"):
                owner.execute(sql.SQL("GRANT {} TO {}").format(app, me))
    except psycopg.errors.InsufficientPrivilege as error:
        user = owner.info.user
        raise CannotStart(
            f"“{user}” may not create the role “{roles.APP}” that econcierge works as.",
            remedy=f'As the server\'s administrator: CREATE ROLE {roles.APP} NOLOGIN; GRANT {roles.APP} TO "{user}".',
        ) from error
    _check_harmless(owner, roles.APP, variable="DATABASE_URL")


def _member_right(owner: roles.Connection) -> str:
    """From version 16 on, becoming a role is a right of its own."""
    return "SET" if owner.info.server_version >= 160_000 else "MEMBER"


def _check_app(app_url: str) -> None:
    with _connect(app_url, variable="DATABASE_APP_URL") as app:
        user = app.execute("SELECT current_user").fetchone()
        _check_harmless(app, str(user[0]) if user else "", variable="DATABASE_APP_URL")


def _check_harmless(connection: roles.Connection, role: str, *, variable: str) -> None:
    """Row security only binds a role that neither is a superuser nor may pass it."""
    found = connection.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if found is None or found[0]:
        raise CannotStart(
            f"“{role}” of {variable} may pass the wall between customers (superuser or BYPASSRLS).",
            remedy=f'As the server\'s administrator: ALTER ROLE "{role}" NOSUPERUSER NOBYPASSRLS.',
        )


def _asks(connection: roles.Connection, question: str) -> bool:
    answer = connection.execute(question.encode()).fetchone()
    return bool(answer and answer[0])
