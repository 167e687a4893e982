"""Where the token lies: the system's keyring through a child that ends at once, else a file for its owner only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from econcierge_assistant.service import errors, pairing, vault

SESSION = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1000/bus"}

# Python runs this before anything else in the child: a keyring that keeps its entries in a file of the test.
KEYRING = """
import json, os, pathlib, sys
if "keyring_child" in " ".join(sys.orig_argv) or "keyring-child" in sys.orig_argv:
    import keyring.backend, keyring.errors, keyring.core

    class Test(keyring.backend.KeyringBackend):
        priority = 1
        file = pathlib.Path(os.environ["TEST_KEYRING"])

        def _all(self):
            if os.environ.get("TEST_KEYRING_LOCKED"):
                raise keyring.errors.KeyringLocked("locked")
            return json.loads(self.file.read_text()) if self.file.exists() else {}

        def set_password(self, service, username, password):
            self.file.write_text(json.dumps({**self._all(), username: password}))

        def get_password(self, service, username):
            return self._all().get(username)

        def delete_password(self, service, username):
            left = self._all()
            left.pop(username)
            self.file.write_text(json.dumps(left))

    Test.__module__ = os.environ.get("TEST_KEYRING_MODULE", "keyring.backends.Test")
    keyring.core.set_keyring(Test())
"""


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which the system's keyring of this test lies."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(KEYRING)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    monkeypatch.setenv("TEST_KEYRING", str(tmp_path / "keyring.json"))
    monkeypatch.setattr(vault, "is_possible", lambda environment: True)
    (tmp_path / "data").mkdir()
    return tmp_path / "keyring.json"


def entries(keyring: Path) -> dict[str, str]:
    return dict(json.loads(keyring.read_text())) if keyring.exists() else {}


def test_the_token_lies_in_the_keyring_and_nowhere_else(keyring: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    kept = pairing.keep(data=data, pairing=pairing.Pairing("https://a", "s3cret"), environment=SESSION)
    assert kept.kept_in == "keyring"
    assert list(entries(keyring).values()) == ["s3cret"]
    assert "s3cret" not in (data / pairing.PAIRING_NAME).read_text()
    assert pairing.load(data=data) == kept
    renewed = pairing.keep(data=data, pairing=pairing.Pairing("https://a", "n3w"), environment=SESSION)
    assert pairing.load(data=data) == renewed
    assert list(entries(keyring).values()) == ["n3w"]
    assert pairing.forget(data=data) == "https://a"
    assert (entries(keyring), pairing.load(data=data)) == ({}, None)


def test_killed_while_a_new_token_is_stored_the_old_one_is_still_found(
    keyring: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    pairing.keep(data=data, pairing=pairing.Pairing("https://a", "old"), environment=SESSION)
    with monkeypatch.context() as patched:

        def killed(**_: Any) -> None:
            raise KeyboardInterrupt

        patched.setattr(pairing, "save", killed)
        with pytest.raises(KeyboardInterrupt):
            pairing.keep(data=data, pairing=pairing.Pairing("https://a", "new"), environment=SESSION)
    found = pairing.load(data=data)
    assert found is not None
    assert found.token == "old"


@pytest.mark.parametrize("module", ["keyring.backends.fail", "keyring.backends.null", "keyrings.alt.file"])
def test_a_keyring_that_refuses_forgets_or_is_a_plain_file_is_none(
    keyring: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    monkeypatch.setenv("TEST_KEYRING_MODULE", module)
    kept = pairing.keep(data=tmp_path / "data", pairing=pairing.Pairing("https://a", "s3cret"), environment=SESSION)
    assert (kept.kept_in, entries(keyring)) == ("file", {})
    assert (tmp_path / "data" / pairing.PAIRING_NAME).stat().st_mode & 0o777 == 0o600


def test_a_locked_keyring_is_a_sentence_and_may_be_open_later(
    keyring: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    pairing.keep(data=data, pairing=pairing.Pairing("https://a", "s3cret"), environment=SESSION)
    monkeypatch.setenv("TEST_KEYRING_LOCKED", "1")
    with pytest.raises(errors.Trouble, match="unlock it by signing in"):
        pairing.load(data=data)
    monkeypatch.delenv("TEST_KEYRING_LOCKED")
    keyring.unlink()
    with pytest.raises(errors.Trouble, match="no such entry"):
        pairing.load(data=data)


def test_a_keyring_that_never_answers_is_given_up(
    keyring: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "TIMEOUT_S", 0.2)
    monkeypatch.setattr(
        vault, "child_command", lambda action, account: [sys.executable, "-c", "import time; time.sleep(60)"]
    )
    kept = pairing.keep(data=tmp_path / "data", pairing=pairing.Pairing("https://a", "s3cret"), environment=SESSION)
    assert kept.kept_in == "file"


def test_a_frozen_programme_is_its_own_child(keyring: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert vault.put("https://a x", "s3cret")
    with monkeypatch.context() as frozen:
        frozen.setattr(sys, "frozen", True, raising=False)
        _, *words = vault.child_command("get", "https://a x")
    command = [sys.executable, "-m", "econcierge_assistant.cli", *words]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "s3cret", "")


@pytest.mark.parametrize(
    ("user", "environment", "expected"),
    [
        (1000, SESSION, True),
        (1000, {}, False),  # a service without a session
        (0, SESSION, False),
        (1000, {**SESSION, "ECONCIERGE_NO_KEYRING": "1"}, False),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="session buses are Linux's")
def test_a_keyring_is_looked_for_only_where_there_can_be_one(
    monkeypatch: pytest.MonkeyPatch, user: int, environment: dict[str, str], expected: bool
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert vault.is_possible(environment) == expected


def test_a_folder_of_somebody_else_takes_a_file_that_belongs_to_him(
    keyring: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    data = tmp_path / "data"
    os.chown(data, 12_345, 12_345)
    kept = pairing.keep(data=data, pairing=pairing.Pairing("https://a", "s3cret"), environment=SESSION)
    found = (data / pairing.PAIRING_NAME).stat()
    assert (kept.kept_in, found.st_uid, found.st_gid, found.st_mode & 0o777) == ("file", 12_345, 12_345, 0o600)
