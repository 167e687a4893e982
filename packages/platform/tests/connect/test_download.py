"""The download page and the signed metadata: what lies in the folder of releases, and nothing beside it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/130.0"
LINUX = "Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0"
PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel) Chrome/130.0"


@pytest.fixture
def releases(tmp_path: Path, settings: Any) -> Path:
    """A folder with one release, and a secret beside it."""
    folder = tmp_path / "releases"
    (folder / "metadata").mkdir(parents=True)
    (folder / "targets" / "channels").mkdir(parents=True)
    (folder / "metadata" / "1.root.json").write_text("{}")
    files = {}
    for key, name in (("linux-amd64-deb", "assistant_0.2.0_amd64.deb"), ("windows-amd64-exe", "assistant-0.2.0.exe")):
        content = name.encode() * 1000
        (folder / "targets" / name).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        files[key] = {"file": name, "length": len(content), "sha256": digest}
    files["macos-universal-pkg"] = {"file": "not-there.pkg", "length": 1, "sha256": "0" * 64}
    channel = {"format": 1, "version": "0.2.0", "published_on": "2026-11-23", "files": files}
    (folder / "targets" / "channels" / "stable.json").write_text(json.dumps(channel))
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "metadata" / "link.json").symlink_to(tmp_path / "secret.txt")
    settings.RELEASES_DIR = folder
    return folder


def page(agent: str) -> str:
    return Client().get("/download/", headers={"User-Agent": agent, "Accept-Language": "en-CA"}).content.decode()


def test_the_right_file_for_the_visitors_system_comes_first(releases: Path) -> None:
    assert 'class="button" href="/download/assistant-0.2.0.exe"' in page(WINDOWS)
    assert 'class="button" href="/download/assistant_0.2.0_amd64.deb"' in page(LINUX)
    assert 'class="button"' not in page(PHONE)
    assert hashlib.sha256(b"assistant-0.2.0.exe" * 1000).hexdigest() in page(LINUX)
    assert "not-there.pkg" not in page(WINDOWS)


def test_a_file_is_sent_as_it_is(releases: Path) -> None:
    answer = Client().get("/download/assistant_0.2.0_amd64.deb")
    assert content(answer) == (releases / "targets" / "assistant_0.2.0_amd64.deb").read_bytes()
    assert "attachment" in answer["Content-Disposition"]
    packed = Client().get("/download/assistant_0.2.0_amd64.deb", headers={"Accept-Encoding": "gzip"})
    assert (content(packed), "Content-Encoding" in packed) == (b"assistant_0.2.0_amd64.deb" * 1000, False)
    assert packed["Content-Length"] == str(len(b"assistant_0.2.0_amd64.deb" * 1000))
    answer = Client().get("/updates/metadata/1.root.json")
    assert (content(answer), answer["Cache-Control"]) == (b"{}", "no-cache")


def content(answer: Any) -> bytes:
    """All of a file that is sent; read to its end, the client closes it."""
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    "path",
    [
        "/download/not-there.pkg", "/download/stable.json", "/download/..%2f..%2fsecret.txt",
        "/updates/secret.txt", "/updates/metadata/../../secret.txt", "/updates/metadata/%2e%2e/%2e%2e/secret.txt",
        "/updates/metadata/link.json", "/updates/metadata/", "/updates/targets/none", "/updates/metadata/%00",
    ],
)  # fmt: skip
def test_nothing_else_is_sent(path: str, releases: Path) -> None:
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("content", [None, "{", "[]", '{"format": 1}'])
def test_without_a_release_the_page_says_so(content: str | None, tmp_path: Path, settings: Any) -> None:
    settings.RELEASES_DIR = tmp_path
    if content is not None:
        (tmp_path / "targets" / "channels").mkdir(parents=True)
        (tmp_path / "targets" / "channels" / "stable.json").write_text(content)
    assert "No installer is here yet" in page(WINDOWS)
