"""The embedded server: made, two roles, stopped, found again after a kill; and servers that somebody else runs."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from econcierge.launch import cluster, external, ordinary_user, postgres, secret_files
from econcierge.launch.errors import CannotStart

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
NEEDS_15 = pytest.mark.skipif(
    not DEBIAN_15.exists(), reason="PostgreSQL 15 is not here; install it with: apt-get install postgresql"
)
BOTH = [
    pytest.param(None, id="embedded"),
    pytest.param(DEBIAN_15, id="debian-15", marks=NEEDS_15),
]


@pytest.fixture(scope="module", params=BOTH)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Server]:
    folder = tmp_path_factory.mktemp("postgres")
    with postgres.running(folder, binaries=request.param, durable=False) as server:
        yield server


def one(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
        assert row is not None
        return row[0]


def wait_until(condition: Callable[[], bool], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_the_owner_makes_tables_and_the_platforms_role_only_fills_them(server: postgres.Server) -> None:
    with psycopg.connect(server.owner_url, autocommit=True) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS t (id bigint GENERATED ALWAYS AS IDENTITY, word text)")
    with psycopg.connect(server.app_url, autocommit=True) as app:
        app.execute("INSERT INTO t (word) VALUES ('é')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE u (id int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DROP TABLE t")
        assert app.execute("SELECT word FROM t LIMIT 1").fetchone() == ("é",)


def test_neither_role_may_pass_row_security(server: postgres.Server) -> None:
    question = "SELECT bool_or(rolsuper OR rolbypassrls OR rolcreaterole) FROM pg_roles WHERE rolname = current_user"
    assert one(server.owner_url, question) is False
    assert one(server.app_url, question) is False


def test_it_sorts_by_code_point_in_utf8_and_wants_a_password(server: postgres.Server) -> None:
    assert one(server.app_url, "SHOW server_encoding") == "UTF8"
    assert one(server.app_url, "SELECT 'Z' < 'a' AND lower('É') = 'é'") is True
    without_password = server.app_url.replace(server.app_url.split(":")[2].split("@")[0], "wrong")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(without_password)


def test_further_databases_have_the_same_rights(server: postgres.Server) -> None:
    addresses = server.create_database(name="another")
    with psycopg.connect(addresses.owner_url) as owner:
        owner.execute("CREATE TABLE t (id int)")
    assert one(addresses.app_url, "SELECT count(*) FROM t") == 0
    server.drop_database(name="another")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(addresses.app_url)


def test_what_a_migration_took_away_stays_taken_away(server: postgres.Server) -> None:
    with psycopg.connect(server.owner_url, autocommit=True) as owner:
        owner.execute("CREATE TABLE kept (id int)")
        owner.execute("REVOKE DELETE ON kept FROM econcierge_app")
    server.prepare()
    with psycopg.connect(server.app_url) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("DELETE FROM kept")


def test_data_and_port_are_there_again_after_a_stop(tmp_path: Path) -> None:
    with postgres.running(tmp_path, durable=False) as server:
        url, pid = server.owner_url, server.pid
        assert pid is not None
        with psycopg.connect(url) as owner:
            owner.execute("CREATE TABLE t AS SELECT 7 AS number")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with postgres.running(tmp_path, durable=False) as server:
        assert server.owner_url == url
        assert one(url, "SELECT number FROM t") == 7


def test_a_server_that_was_killed_starts_again_by_itself(tmp_path: Path) -> None:
    with postgres.running(tmp_path, durable=False) as server:
        assert server.revive() is False
        pid = server.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        wait_until(server.revive)
        assert server.pid != pid
        assert one(server.app_url, "SELECT 1") == 1


def test_a_server_that_recovers_is_let_be_however_long_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed for its slowness it would begin all over, and never end."""
    with postgres.running(tmp_path, durable=False):
        data = tmp_path / "data"
    (data / "postgresql.auto.conf").write_text("hot_standby = off\n")
    for name in ("standby.signal", "promote.later"):  # it recovers until it is promoted
        (data / name).touch()
        os.chown(data / name, data.stat().st_uid, data.stat().st_gid)
    monkeypatch.setattr(cluster, "START_S", 0.5)
    waited: list[int] = []

    def promote() -> None:
        wait_until(lambda: b"entering standby mode" in (tmp_path / "postgres.log").read_bytes())
        time.sleep(2.0)
        waited.append(int((data / "postmaster.pid").read_text().split()[0]))
        (data / "promote.later").rename(data / "promote")
        os.kill(waited[0], signal.SIGUSR1)

    promoting = threading.Thread(target=promote)
    promoting.start()
    with postgres.running(tmp_path, durable=False) as server:
        promoting.join()
        assert [server.pid] == waited
        assert one(server.app_url, "SELECT 1") == 1


def test_a_stale_lock_file_that_names_a_stranger_is_no_obstacle(tmp_path: Path) -> None:
    with postgres.running(tmp_path, durable=False):
        lines = (tmp_path / "data" / "postmaster.pid").read_text().splitlines()
    stranger = str(os.getppid())
    (tmp_path / "data" / "postmaster.pid").write_text("\n".join([stranger, *lines[1:]]) + "\n")
    with postgres.running(tmp_path, durable=False) as server:
        assert one(server.app_url, "SELECT 1") == 1


def test_two_at_once_share_one_server_and_only_the_owner_stops_it(tmp_path: Path) -> None:
    with postgres.running(tmp_path, durable=False) as first:
        with postgres.running(tmp_path, durable=False) as second:
            assert second.pid == first.pid
        assert one(first.app_url, "SELECT 1") == 1


OWNER_SCRIPT = """
import sys, time
from pathlib import Path
from econcierge.launch import postgres
with postgres.running(Path(sys.argv[1]), durable=False) as server:
    print(server.pid, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def owning_process(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Another process that owns a server over `tmp_path`, and the server's process id."""
    command = [sys.executable, "-c", OWNER_SCRIPT, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        yield owner, int(owner.stdout.readline())
        owner.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_the_server_goes_down_in_good_order_when_its_owner_is_killed(
    tmp_path: Path, owning_process: tuple[subprocess.Popen[str], int]
) -> None:
    owner, _pid = owning_process
    owner.kill()
    wait_until(lambda: not (tmp_path / "data" / "postmaster.pid").exists())
    assert "database system is shut down" in (tmp_path / "postgres.log").read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_when_owner_and_server_are_killed_together_the_next_start_recovers(
    tmp_path: Path, owning_process: tuple[subprocess.Popen[str], int]
) -> None:
    owner, pid = owning_process
    os.kill(pid, signal.SIGSTOP)  # so that it cannot leave in good order
    owner.kill()
    os.kill(pid, signal.SIGKILL)
    owner.wait()
    with postgres.running(tmp_path, durable=False, must_own=True) as server:
        assert server.pid != pid
        assert one(server.app_url, "SELECT 1") == 1


def test_a_second_owner_waits_and_then_says_why_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "LOCK_S", 0.3)
    with (
        postgres.running(tmp_path, durable=False),
        pytest.raises(CannotStart, match="Another econcierge command is using the database"),
        postgres.running(tmp_path, durable=False, must_own=True),
    ):
        pytest.fail("two owners of one folder")


def test_lost_secrets_are_named(tmp_path: Path) -> None:
    with postgres.running(tmp_path, durable=False):
        pass
    (tmp_path / "secrets" / "postgres_superuser").write_text("another")
    with pytest.raises(CannotStart, match="does not accept the password"), postgres.running(tmp_path, durable=False):
        pytest.fail("opened with the wrong password")


def test_data_of_another_version_is_named(tmp_path: Path) -> None:
    with postgres.running(tmp_path, durable=False):
        pass
    (tmp_path / "data" / "PG_VERSION").write_text("14\n")
    with pytest.raises(CannotStart, match="written by PostgreSQL 14"), postgres.running(tmp_path, durable=False):
        pytest.fail("started over another version's data")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become another user")
def test_root_without_namespaces_runs_it_as_an_ordinary_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    works = ordinary_user._works
    monkeypatch.setattr(
        ordinary_user, "_works", lambda prefix, *command: prefix[0] != "unshare" and works(prefix, *command)
    )
    with postgres.running(tmp_path, durable=False) as server:
        assert one(server.app_url, "SELECT 1") == 1
        assert (tmp_path / "data").stat().st_uid != 0
    monkeypatch.undo()
    with postgres.running(tmp_path, durable=False) as server:  # and back, over the same data
        assert one(server.app_url, "SELECT 1") == 1


def test_secrets_are_for_their_owner_only_and_stay(tmp_path: Path) -> None:
    first = secret_files.read_or_create(tmp_path / "secrets", "key")
    assert len(first) >= 40
    assert secret_files.read_or_create(tmp_path / "secrets", "key") == first
    assert stat.S_IMODE((tmp_path / "secrets" / "key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


# A server that somebody else runs


@pytest.fixture
def sole_login(server: postgres.Server) -> Iterator[str]:
    """The address of a database whose owner may make roles, as a hosting provider gives it."""
    admin = server._admin_conninfo("postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("CREATE ROLE customer LOGIN CREATEROLE PASSWORD 'a b/c'")
        connection.execute("CREATE DATABASE hosted OWNER customer")
        connection.execute("DROP OWNED BY econcierge_app")
        connection.execute("ALTER ROLE econcierge_app RENAME TO put_aside")
    yield f"postgresql://customer:a%20b%2Fc@127.0.0.1:{server.port}/hosted"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("DROP DATABASE hosted WITH (FORCE)")
        connection.execute("DROP ROLE IF EXISTS econcierge_app")
        connection.execute("DROP ROLE customer")
        connection.execute("ALTER ROLE put_aside RENAME TO econcierge_app")
    server.prepare()


def test_on_a_hosted_server_the_platform_becomes_its_own_role(sole_login: str) -> None:
    for _twice in range(2):
        addresses = postgres.prepare_external(sole_login)
    assert addresses.owner_url == sole_login
    assert one(addresses.app_url, "SELECT current_user::text") == "econcierge_app"
    with psycopg.connect(addresses.owner_url) as owner:
        owner.execute("CREATE TABLE t (id bigserial, word text)")
    with psycopg.connect(addresses.app_url) as app:
        app.execute("INSERT INTO t (word) VALUES ('x')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("ALTER TABLE t ADD other int")


def test_a_wrong_password_is_told_from_a_missing_database_and_a_silent_server(sole_login: str) -> None:
    with pytest.raises(CannotStart, match=r"refuses “customer”.*password in DATABASE_URL"):
        postgres.prepare_external(sole_login.replace("a%20b", "other"))
    with pytest.raises(CannotStart, match=r"has no database “nowhere”.*CREATE DATABASE"):
        postgres.prepare_external(sole_login.replace("/hosted", "/nowhere"))
    with pytest.raises(CannotStart, match=r"No PostgreSQL server answers at 127.0.0.1:"):
        postgres.prepare_external(f"postgresql://customer:x@127.0.0.1:{cluster.free_port()}/hosted")


def test_a_login_that_may_not_make_roles_is_told_what_its_administrator_types(
    server: postgres.Server, sole_login: str
) -> None:
    with psycopg.connect(server._admin_conninfo("postgres"), autocommit=True) as admin:
        admin.execute("ALTER ROLE customer NOCREATEROLE")
    with pytest.raises(CannotStart, match="CREATE ROLE econcierge_app NOLOGIN; GRANT econcierge_app TO"):
        postgres.prepare_external(sole_login)
    with psycopg.connect(server._admin_conninfo("postgres"), autocommit=True) as admin:
        admin.execute("CREATE ROLE econcierge_app NOLOGIN")
        admin.execute("GRANT econcierge_app TO customer")
    assert one(postgres.prepare_external(sole_login).app_url, "SELECT current_user::text") == "econcierge_app"


def test_a_login_that_may_not_make_tables_is_named(server: postgres.Server) -> None:
    with pytest.raises(CannotStart, match="may not create tables"):
        postgres.prepare_external(server.app_url)


def test_a_second_address_is_taken_only_when_it_cannot_pass_row_security(server: postgres.Server) -> None:
    given = postgres.prepare_external(server.owner_url, app_url=server.app_url)
    assert given == postgres.Addresses(server.owner_url, server.app_url)
    superuser = server.owner_url.replace("econcierge_owner:", "postgres:").replace(
        server.owner_url.split(":")[2].split("@")[0], server._cluster.password
    )
    with pytest.raises(CannotStart, match="may pass the wall between customers"):
        postgres.prepare_external(server.owner_url, app_url=superuser)


@pytest.mark.parametrize("url", ["", "mysql://a@b/c", "postgresql://[", "host=localhost dbname=x"])
def test_what_is_no_address_is_named(url: str) -> None:
    with pytest.raises(CannotStart, match="is not the address of a PostgreSQL database"):
        external.prepare(url, app_url=None)


def test_options_of_ones_own_are_refused() -> None:
    with pytest.raises(CannotStart, match="sets `options`"):
        external._as_app("postgresql://a@b/c?options=-c%20jit%3Doff")
