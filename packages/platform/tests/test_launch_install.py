"""`scripts/install.py`: what a machine tells pip reaches uv, and trouble is one sentence."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "install.py"


@pytest.fixture
def install() -> ModuleType:
    spec = importlib.util.spec_from_file_location("econcierge_install_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pip_says(install: ModuleType, monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """pip's `config list` prints these lines."""
    code = f"print({chr(10).join(lines)!r})"
    monkeypatch.setattr(install, "pip", lambda: [sys.executable, "-c", code])


def test_pips_settings_are_read_the_later_one_winning(install: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    pip_says(
        install,
        monkeypatch,
        "global.index-url='https://mirror.example/simple'",
        "global.timeout='15'",
        "install.timeout='60'",
        ":env:.index-url='https://other.example/simple?a=b'",
        "download.timeout='1'",
        "a warning without meaning",
    )
    assert install.pip_settings() == {"index-url": "https://other.example/simple?a=b", "timeout": "60"}


def test_they_reach_uv_by_its_own_names(install: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in install.UV_NAMES.values():
        monkeypatch.delenv(name, raising=False)
    told = install.uv_environment(
        {
            "index-url": "https://mirror.example/simple",
            "extra-index-url": "\nhttps://a.example/simple\nhttps://b.example/simple",
            "find-links": "/wheels /more",
            "cert": "/etc/ca.pem",
            "proxy": "http://proxy.example:3128",
            "trusted-host": "mirror.example",
        }
    )
    assert told["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert told["UV_INDEX"] == "https://a.example/simple https://b.example/simple"
    assert told["UV_FIND_LINKS"] == "/wheels,/more"
    assert told["SSL_CERT_FILE"] == "/etc/ca.pem"
    assert told["ALL_PROXY"] == "http://proxy.example:3128"
    assert told["UV_INSECURE_HOST"] == "mirror.example"


def test_what_was_said_to_uv_itself_stands(install: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://mine.example/simple")
    assert "UV_DEFAULT_INDEX" not in install.uv_environment({"index-url": "https://mirror.example/simple"})


def test_an_old_python_is_told_the_remedy(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "OLDEST", (99, 0))
    assert install.main(["run"]) == 1
    assert "PYTHON=python3.12 make install" in capsys.readouterr().err


def test_a_python_without_pip_is_told_the_package(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(install, "VENV", tmp_path / "venv")
    monkeypatch.setattr(install, "PYTHON", tmp_path / "venv" / "bin" / "python")
    monkeypatch.setattr(install, "works", lambda python, code="": False)
    with pytest.raises(install.CannotInstall, match="apt-get install python3-venv"):
        install.make_environment()


def test_a_change_of_lock_or_place_asks_for_a_new_installation(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert install.fingerprint("run") == install.fingerprint("run")
    assert install.fingerprint("run") != install.fingerprint("dev")


def test_locks_name_no_package_index(install: ModuleType) -> None:
    for lock in (install.ROOT / "requirements").glob("*.lock"):
        lines = lock.read_text().splitlines()
        assert not [line for line in lines if line.startswith(("-i ", "--index", "--extra-index", "--find-links"))]


def test_it_is_readable_by_much_older_pythons() -> None:
    """Otherwise they end in a traceback instead of the sentence."""
    code = "import ast, sys; ast.parse(open(sys.argv[1]).read(), feature_version=(3, 8))"
    assert subprocess.run([sys.executable, "-c", code, str(SCRIPT)], check=False).returncode == 0
