"""The database: an embedded PostgreSQL of our own, or the server that `DATABASE_URL` names. Both give two addresses.

`owner_url` signs in as the owner, who migrates; `app_url` as the role that row security binds, for everything else.
For pytest: `with postgres.running(folder, durable=False) as server:`, then `server.create_database(name="...")`
for as many databases as wanted.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from econcierge.launch import cluster, external, roles, secret_files
from econcierge.launch.errors import CannotStart

OWNER_VARIABLE = "ECONCIERGE_DATABASE_OWNER_URL"
APP_VARIABLE = "ECONCIERGE_DATABASE_APP_URL"
LOCK_S = 30.0


@dataclass(frozen=True)
class Addresses:
    """`postgresql://` addresses of one database, passwords included."""

    owner_url: str
    app_url: str

    def environment(self) -> dict[str, str]:
        """What the platform's settings read."""
        return {OWNER_VARIABLE: self.owner_url, APP_VARIABLE: self.app_url}


class Server:
    """A running embedded server with the two roles and the database `econcierge`."""

    def __init__(self, ours: cluster.Cluster, *, secrets: Path) -> None:
        self._cluster = ours
        self._passwords = {name: secret_files.read_or_create(secrets, name) for name in (roles.OWNER, roles.APP)}

    @property
    def port(self) -> int:
        return self._cluster.port

    @property
    def pid(self) -> int | None:
        """The server's process id; none when it is down."""
        return self._cluster.running_pid()

    @property
    def owner_url(self) -> str:
        return self.addresses().owner_url

    @property
    def app_url(self) -> str:
        return self.addresses().app_url

    def addresses(self, *, database: str = roles.DATABASE) -> Addresses:
        return Addresses(self._url(roles.OWNER, database), self._url(roles.APP, database))

    def create_database(self, *, name: str) -> Addresses:
        """One more empty database with the same roles and rights; as it is when it is there already."""
        with psycopg.connect(self._admin_conninfo("postgres"), autocommit=True) as admin:
            roles.ensure_database(admin, name=name, owner=roles.OWNER)
        addresses = self.addresses(database=name)
        with psycopg.connect(addresses.owner_url) as owner:
            roles.grant_to_app(owner)
        return addresses

    def drop_database(self, *, name: str) -> None:
        """Drops a database, whoever is still connected to it."""
        with psycopg.connect(self._admin_conninfo("postgres"), autocommit=True) as admin:
            admin.execute(
                psycopg.sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(psycopg.sql.Identifier(name))
            )

    def revive(self) -> bool:
        """Starts the server again if it has died; says whether it had."""
        if self._cluster.running_pid() is not None:
            return False
        self._cluster.start()
        return True

    def prepare(self) -> None:
        """Roles and database, made or brought up to the passwords on file."""
        try:
            admin = psycopg.connect(self._admin_conninfo("postgres"), autocommit=True)
        except psycopg.OperationalError as error:
            raise CannotStart(
                f"The database in {self._cluster.directory} does not accept the password kept for it: {error}.",
                remedy="Put the secrets that belong to it back, or `make clean` to start afresh.",
            ) from error
        with admin:
            for name, password in self._passwords.items():
                roles.ensure_login(admin, name=name, password=password, may_create_databases=name == roles.OWNER)
        self.create_database(name=roles.DATABASE)

    def _url(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{quote(self._passwords[role])}@{cluster.HOST}:{self.port}/{database}"

    def _admin_conninfo(self, database: str) -> str:
        return psycopg.conninfo.make_conninfo(
            host=cluster.HOST,
            port=self.port,
            user=cluster.SUPERUSER,
            password=self._cluster.password,
            dbname=database,
            connect_timeout=10,
        )


@contextmanager
def running(
    directory: Path,
    *,
    secrets: Path | None = None,
    log: Path | None = None,
    binaries: Path | None = None,
    durable: bool = True,
    must_own: bool = False,
) -> Iterator[Server]:
    """The embedded server over `directory`, for as long as the block lasts.

    Whoever holds the folder's lock owns the server and stops it at the end; a server left over by a killed owner is
    taken over. While another process owns it, the block uses the server and leaves it alone, unless `must_own`.
    """
    directory = directory.resolve()
    secrets = secrets or directory / "secrets"
    directory.mkdir(parents=True, exist_ok=True)
    ours = cluster.Cluster(
        directory=directory,
        binaries=binaries or cluster.embedded_binaries(),
        log=(log or directory / "postgres.log").resolve(),
        password=secret_files.read_or_create(secrets, "postgres_superuser"),
        durable=durable,
    )
    ours.log.parent.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        owner = _take(lock.fileno(), wait_s=LOCK_S if must_own else 0.0)
        if must_own and not owner:
            raise CannotStart(
                "Another econcierge command is using the database.", remedy="Wait until it is done, then start again."
            )
        try:
            _start(ours, owner=owner)
            server = Server(ours, secrets=secrets)
            if owner:
                server.prepare()
            yield server
        finally:
            if owner:
                ours.stop()


def _start(ours: cluster.Cluster, *, owner: bool) -> None:
    if owner:
        ours.start()
    elif not ours.wait_until_ready():
        raise CannotStart("The database is being started or stopped by another command.", remedy="Try again shortly.")


def _take(descriptor: int, *, wait_s: float) -> bool:
    """The lock of the folder; freed by the system when we end, however we end."""
    deadline = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.2)
        else:
            return True


def prepare_external(url: str, *, app_url: str | None = None) -> Addresses:
    """The same two addresses over a server that somebody else runs (15 or newer). Raises `CannotStart`.

    Without `app_url` (`DATABASE_APP_URL`) the platform signs in like the owner and becomes `econcierge_app` at once.
    """
    app_url = app_url or os.environ.get("DATABASE_APP_URL") or None
    return Addresses(owner_url=url, app_url=external.prepare(url, app_url=app_url))
