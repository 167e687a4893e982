"""Updates: what python-tuf has to refuse, against a real mirror over HTTP that a test may tamper with."""

from __future__ import annotations

import functools
import http.server
import importlib.util
import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import econcierge_assistant
from econcierge_assistant.updates import client, command, installing, rules, texts
from econcierge_assistant.updates.types import Trouble, UpdateError

TOOL = Path(__file__).resolve().parents[3] / "installers" / "releases.py"

DEB = "econcierge-assistant_{}_amd64.deb"


def load_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("releases_tool", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


releases = load_tool()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@dataclass
class Publisher:
    """A releases folder served under /updates, its keys, and a computer's own folder."""

    folder: Path
    keys: Path
    kept: Path
    server: str

    @property
    def root(self) -> bytes:
        return (self.folder / "metadata" / "1.root.json").read_bytes()

    def offer(self, version: str, content: bytes = b"an installer", *, now: datetime | None = None) -> None:
        file = self.keys.parent / DEB.format(version)
        file.write_bytes(content)
        releases.add(releases=self.folder, keys=self.keys, version=version, files=[file], now=now or datetime.now(UTC))

    def channel(self) -> client.Channel:
        return client.Channel(server=self.server, kept_in=self.kept, root=self.root)

    def trouble(self) -> Trouble:
        with pytest.raises(UpdateError) as refused:
            self.channel().release()
        return refused.value.trouble


@pytest.fixture
def publisher(tmp_path: Path) -> Iterator[Publisher]:
    folder = tmp_path / "web" / "updates"
    releases.init(releases=folder, keys=tmp_path / "keys", now=datetime.now(UTC))
    handler = functools.partial(Quiet, directory=str(tmp_path / "web"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield Publisher(folder, tmp_path / "keys", tmp_path / "kept", f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join()


def test_a_newer_version_is_found_checked_and_fetched(publisher: Publisher) -> None:
    publisher.offer("99.1", b"the new one")
    channel = publisher.channel()
    found = rules.offer(release=channel.release(), installed="0.1.0", system="linux-amd64-deb")
    assert found is not None
    assert found.version == "99.1"
    assert channel.fetch(found).read_bytes() == b"the new one"


def test_what_was_fetched_is_not_fetched_again_unless_it_was_changed(publisher: Publisher) -> None:
    publisher.offer("99.1", b"the new one")
    channel = publisher.channel()
    found = rules.offer(release=channel.release(), installed="0.1.0", system="linux-amd64-deb")
    assert found is not None
    channel.fetch(found).write_bytes(b"changed on this computer")
    assert publisher.channel().fetch(found).read_bytes() == b"the new one"
    (publisher.folder / "targets" / found.file.file).unlink()
    assert publisher.channel().fetch(found).read_bytes() == b"the new one"


def test_a_rollback_to_an_older_list_is_refused(publisher: Publisher, tmp_path: Path) -> None:
    publisher.offer("99.1")
    shutil.copytree(publisher.folder, tmp_path / "old")
    publisher.offer("99.2")
    assert publisher.channel().release().version == "99.2"
    shutil.rmtree(publisher.folder)
    shutil.copytree(tmp_path / "old", publisher.folder)
    assert publisher.trouble() is Trouble.OLDER


def test_a_frozen_list_is_refused_once_its_date_has_passed(publisher: Publisher) -> None:
    publisher.offer("99.1", now=datetime.now(UTC) - timedelta(days=8))
    assert publisher.trouble() is Trouble.EXPIRED


@pytest.mark.parametrize("role", ["targets", "snapshot"])
def test_parts_of_two_lists_are_not_mixed(publisher: Publisher, role: str) -> None:
    publisher.offer("99.1")
    metadata = publisher.folder / "metadata"
    old = max(metadata.glob(f"*.{role}.json"), key=lambda file: int(file.name.partition(".")[0]))
    publisher.offer("99.2")
    new = old.with_name(f"{int(old.name.partition('.')[0]) + 1}.{role}.json")
    assert new.exists()
    new.write_bytes(old.read_bytes())
    assert publisher.trouble() in (Trouble.MISMATCH, Trouble.OLDER)


def test_a_list_signed_by_somebody_else_is_refused(publisher: Publisher, tmp_path: Path) -> None:
    publisher.offer("99.1")
    root = publisher.root
    shutil.rmtree(publisher.folder)
    releases.init(releases=publisher.folder, keys=tmp_path / "foreign", now=datetime.now(UTC))
    with pytest.raises(UpdateError) as refused:
        client.Channel(server=publisher.server, kept_in=publisher.kept, root=root).release()
    assert refused.value.trouble is Trouble.NOT_SIGNED


def test_an_installer_that_is_not_the_signed_one_is_refused(publisher: Publisher) -> None:
    publisher.offer("99.1", b"0123456789")
    (publisher.folder / "targets" / DEB.format("99.1")).write_bytes(b"9876543210")
    channel = publisher.channel()
    found = rules.offer(release=channel.release(), installed="0.1.0", system="linux-amd64-deb")
    assert found is not None
    with pytest.raises(UpdateError) as refused:
        channel.fetch(found)
    assert refused.value.trouble is Trouble.MISMATCH
    assert not (publisher.kept / "targets" / found.file.file).exists()


def test_new_dates_keep_the_same_offer(publisher: Publisher) -> None:
    publisher.offer("99.1", now=datetime.now(UTC) - timedelta(days=8))
    releases.refresh(releases=publisher.folder, keys=publisher.keys, now=datetime.now(UTC))
    assert publisher.channel().release().version == "99.1"


@pytest.mark.parametrize("role", ["targets", "snapshot", "timestamp"])
def test_a_key_that_is_known_to_others_is_replaced_and_no_longer_believed(
    publisher: Publisher, tmp_path: Path, role: str
) -> None:
    publisher.offer("99.1")
    shutil.copytree(publisher.keys, tmp_path / "stolen")
    releases.renew_root(releases=publisher.folder, keys=publisher.keys, replace=role, now=datetime.now(UTC))
    assert publisher.channel().release().version == "99.1"
    file = tmp_path / DEB.format("99.3")
    file.write_bytes(b"not the publisher's")
    releases.add(
        releases=publisher.folder, keys=tmp_path / "stolen", version="99.3", files=[file], now=datetime.now(UTC)
    )
    assert publisher.trouble() is Trouble.NOT_SIGNED


def test_a_root_is_not_renewed_by_one_key_alone(publisher: Publisher) -> None:
    for number in (2, 3):
        (publisher.keys / f"root-{number}.pem").unlink()
    with pytest.raises(releases.CannotRelease, match="2 root keys have to sign"):
        releases.renew_root(releases=publisher.folder, keys=publisher.keys, replace=None, now=datetime.now(UTC))


def test_the_publisher_cannot_go_back(publisher: Publisher) -> None:
    publisher.offer("99.2")
    with pytest.raises(releases.CannotRelease, match=r"99\.2 is offered already"):
        publisher.offer("99.1")


def test_the_same_version_for_another_system_keeps_what_is_offered_already(publisher: Publisher) -> None:
    publisher.offer("99.1")
    file = publisher.keys.parent / "econcierge-assistant_99.1_amd64.exe"
    file.write_bytes(b"for Windows")
    releases.add(releases=publisher.folder, keys=publisher.keys, version="99.1", files=[file], now=datetime.now(UTC))
    assert set(publisher.channel().release().files) == {"linux-amd64-deb", "windows-amd64-exe"}


def test_a_damaged_folder_is_named(publisher: Publisher, capsys: pytest.CaptureFixture[str]) -> None:
    (publisher.folder / "metadata" / "timestamp.json").write_bytes(b"{")
    where = ["--releases", str(publisher.folder), "--keys", str(publisher.keys)]
    assert releases.main(["refresh", *where]) == 1
    assert "is damaged" in capsys.readouterr().err


def test_keys_are_for_their_owner_only_and_never_overwritten(publisher: Publisher) -> None:
    assert {file.stat().st_mode & 0o777 for file in publisher.keys.iterdir()} == {0o600}
    with pytest.raises(releases.CannotRelease, match="never overwritten"):
        releases.init(releases=publisher.folder.parent / "second", keys=publisher.keys, now=datetime.now(UTC))


def test_the_same_version_or_an_older_one_is_no_offer() -> None:
    release = rules.release_from_json(channel_file(version="0.2.0"))
    assert rules.offer(release=release, installed="0.2", system="linux-amd64-deb") is None
    assert rules.offer(release=release, installed="0.10.0", system="linux-amd64-deb") is None


def test_a_system_without_a_file_is_told_so() -> None:
    release = rules.release_from_json(channel_file(version="0.2.0"))
    with pytest.raises(UpdateError) as refused:
        rules.offer(release=release, installed="0.1.0", system="windows-amd64-exe")
    assert refused.value.trouble is Trouble.NOT_FOR_THIS_SYSTEM


@given(
    st.binary(max_size=300)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps).map(str.encode)
)
def test_any_bytes_are_a_release_or_one_error(data: bytes) -> None:
    try:
        release = rules.release_from_json(data)
    except UpdateError:
        return
    assert rules.version_key(release.version)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "", "a b", ".hidden"])
def test_a_file_name_cannot_leave_its_folder(name: str) -> None:
    with pytest.raises(UpdateError):
        rules.release_from_json(channel_file(version="0.2.0", file=name))


def test_checking_only_says_what_could_be_installed(publisher: Publisher, capsys: pytest.CaptureFixture[str]) -> None:
    publisher.offer("99.1")
    root = publisher.kept.parent / "root.json"
    root.write_bytes(publisher.root)
    assert (
        command.run(server=publisher.server, kept_in=publisher.kept, language="fr", check_only=True, root_file=root)
        == 0
    )
    assert "La version 99.1 du " in capsys.readouterr().out


def test_a_server_without_updates_and_one_that_is_not_there(
    publisher: Publisher, capsys: pytest.CaptureFixture[str]
) -> None:
    root = publisher.kept.parent / "root.json"
    root.write_bytes(publisher.root)
    shutil.rmtree(publisher.folder)
    assert (
        command.run(server=publisher.server, kept_in=publisher.kept, language="en", check_only=True, root_file=root)
        == 1
    )
    assert "offers no updates" in capsys.readouterr().out
    nowhere = "http://127.0.0.1:9"
    assert command.run(server=nowhere, kept_in=publisher.kept, language="en", check_only=True, root_file=root) == 1
    assert "could not be reached" in capsys.readouterr().out


def test_a_copy_from_the_sources_says_why_it_cannot_update(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run(server="http://127.0.0.1:9", kept_in=tmp_path, language="en", check_only=False) == 1
    assert "carries no key" in capsys.readouterr().out


def test_each_system_has_its_own_installer() -> None:
    file = Path("x")
    assert installing.command(platform="linux", file=file)[0] == "dpkg"
    assert installing.command(platform="win32", file=file)[-1] == "/S"
    assert installing.command(platform="darwin", file=file)[0].endswith("installer")


def test_every_trouble_is_told_in_both_languages() -> None:
    assert set(texts.TROUBLES) == set(Trouble)
    assert all(set(words) == {"en", "fr"} for words in (*texts.TROUBLES.values(), *texts.SAID.values()))


def test_the_version_is_the_same_in_the_package_and_its_description() -> None:
    described = (TOOL.parents[1] / "packages" / "assistant" / "pyproject.toml").read_text()
    assert f'version = "{econcierge_assistant.__version__}"' in described


def channel_file(*, version: str, file: str = "econcierge-assistant_0.2.0_amd64.deb") -> bytes:
    described = {"file": file, "length": 10, "sha256": "0" * 64}
    content = {"format": 1, "version": version, "published_on": "2026-11-23", "files": {"linux-amd64-deb": described}}
    return json.dumps(content).encode()
