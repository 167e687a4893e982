"""Starting at sign-in on each system, and the keyring's short child."""

from __future__ import annotations

import os
import plistlib
import subprocess
import sys
from pathlib import Path

import pytest

from econcierge_assistant.desktop import os as systems
from econcierge_assistant.desktop.os import launch_agent, windows_run, xdg

COMMAND = ["/opt/econcierge assistant/econcierge-desktop", "--background"]


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_on_off_and_on_again(tmp_path: Path, platform: str) -> None:
    found = systems.autostart(environment={"XDG_CONFIG_HOME": str(tmp_path)}, platform=platform, home=tmp_path)
    assert not found.is_on()
    found.turn_on(COMMAND)
    found.turn_on(COMMAND)
    assert found.is_on()
    found.turn_off()
    found.turn_off()
    assert not found.is_on()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_desktop_entry_says_what_the_specification_wants(tmp_path: Path) -> None:
    entry = xdg.DesktopEntry(folder=tmp_path)
    entry.turn_on(COMMAND)
    text = (tmp_path / xdg.NAME).read_text()
    assert text.startswith("[Desktop Entry]\nType=Application\n")
    assert 'Exec="/opt/econcierge assistant/econcierge-desktop" --background\n' in text
    (tmp_path / xdg.NAME).write_text(text.replace("enabled=true", "enabled=false"))
    assert not entry.is_on()
    assert xdg.quoted("100%") == "100%%"
    assert xdg.quoted('a"$b') == '"a\\\\"\\\\$b"'


def test_the_launch_agent_is_a_property_list(tmp_path: Path) -> None:
    launch_agent.LaunchAgent(folder=tmp_path).turn_on(COMMAND)
    said = plistlib.loads((tmp_path / f"{launch_agent.LABEL}.plist").read_bytes())
    assert said["ProgramArguments"] == COMMAND
    assert said["RunAtLoad"] is True
    (tmp_path / f"{launch_agent.LABEL}.plist").write_text("no list")
    assert not launch_agent.LaunchAgent(folder=tmp_path).is_on()


def test_the_run_key_quotes_as_windows_reads(tmp_path: Path) -> None:
    from PySide6 import QtCore

    settings = QtCore.QSettings(str(tmp_path / "run.ini"), QtCore.QSettings.Format.IniFormat)
    key = windows_run.RunKey(settings)
    assert not key.is_on()
    key.turn_on([r"C:\Program Files\econcierge\econcierge-desktop.exe", "--background"])
    assert key.is_on()
    written = r'"C:\Program Files\econcierge\econcierge-desktop.exe" --background'
    assert settings.value(windows_run.NAME) == written
    key.turn_off()
    assert not key.is_on()
    assert windows_run.quoted('a "b\\" c\\') == r'"a \"b\\\" c\\"'


def test_a_folder_that_cannot_be_made_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "autostart").write_text("")
    with pytest.raises(OSError, match="autostart"):
        xdg.DesktopEntry(folder=tmp_path / "autostart").turn_on(COMMAND)


def keyring_child(action: str, token: str, backend: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "econcierge_assistant.desktop", "--keyring", action, "https://p.example"]
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": backend}
    return subprocess.run(command, input=token, env=environment, capture_output=True, text=True, check=False)


def test_without_a_keyring_the_child_says_so_and_no_more() -> None:
    for action in ("get", "set", "delete"):
        done = keyring_child(action, "ecp_secret", "keyring.backends.fail.Keyring")
        assert (done.returncode, done.stdout) == (1, "")
        assert "Traceback" not in done.stderr
        assert "ecp_secret" not in done.stderr


def test_a_keyring_that_keeps_nothing_is_none() -> None:
    assert keyring_child("set", "ecp_secret", "keyring.backends.null.Keyring").returncode == 1


KEYRING = """
import json, os, pathlib
from keyring import backend, errors

class Keyring(backend.KeyringBackend):
    priority = 1
    place = pathlib.Path(os.environ["TEST_KEYRING"])

    def _all(self):
        return json.loads(self.place.read_text()) if self.place.exists() else {}

    def get_password(self, service, name):
        return self._all().get(service + name)

    def set_password(self, service, name, password):
        self.place.write_text(json.dumps({**self._all(), service + name: password}))

    def delete_password(self, service, name):
        if service + name not in self._all():
            raise errors.PasswordDeleteError
        self.place.write_text("{}")
"""


def test_a_keyring_keeps_the_token_of_each_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "keyring_of_test.py").write_text(KEYRING)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("TEST_KEYRING", str(tmp_path / "kept.json"))
    backend = "keyring_of_test.Keyring"
    assert keyring_child("get", "", backend).returncode == 1
    assert keyring_child("set", "ecp_secret", backend).returncode == 0
    done = keyring_child("get", "", backend)
    assert (done.returncode, done.stdout) == (0, "ecp_secret")
    assert keyring_child("delete", "", backend).returncode == 0
    assert keyring_child("delete", "", backend).returncode == 1


@pytest.mark.parametrize("arguments", [["--nonsense"], ["--keyring", "steal", "x"], ["--background", "x"]])
def test_bad_usage(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "econcierge_assistant.desktop", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("usage:")
