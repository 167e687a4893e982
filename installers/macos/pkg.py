"""The macOS package, by pkgbuild and productbuild. Runs on macOS only; see docs/how-to/build-installers.md."""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from problems import CannotBuild

import econcierge_assistant

HERE = Path(__file__).resolve().parent
IDENTIFIER = "example.econcierge.assistant"
APPLICATION = Path("Applications/Supplies Assistant.app")


def pack(*, programs: Path, out: Path, quick: bool) -> Path:
    """`programs` is what PyInstaller made; signed when ECONCIERGE_MACOS_IDENTITY names a Developer ID Installer."""
    for tool in ("pkgbuild", "productbuild"):
        if shutil.which(tool) is None:
            raise CannotBuild(f"{tool} is missing: install Xcode's command line tools (xcode-select --install).")
    version = econcierge_assistant.__version__
    file = out / f"econcierge-assistant_{version}_universal.pkg"
    with tempfile.TemporaryDirectory(prefix="econcierge-pkg-") as folder:
        tree, component = Path(folder) / "root", Path(folder) / "component.pkg"
        _lay_out(tree, programs, version)
        place = ["--install-location", "/", "--scripts", str(HERE / "scripts")]
        _run("pkgbuild", "--root", str(tree), "--identifier", IDENTIFIER, "--version", version, *place, str(component))
        identity = os.environ.get("ECONCIERGE_MACOS_IDENTITY", "")
        signed = ["--sign", identity] if identity else []
        _run("productbuild", "--package", str(component), *signed, str(file))
    return file


def _lay_out(tree: Path, programs: Path, version: str) -> None:
    """An application bundle whose executable is the desktop; the service lies beside it."""
    contents = tree / APPLICATION / "Contents"
    shutil.copytree(programs, contents / "MacOS", symlinks=True)
    described = {
        "CFBundleIdentifier": IDENTIFIER,
        "CFBundleName": "Supplies Assistant",
        "CFBundleExecutable": "econcierge-desktop",
        "CFBundlePackageType": "APPL",
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "CFBundleLocalizations": ["en", "fr"],
        "LSMinimumSystemVersion": "13.0",
        "NSLocalNetworkUsageDescription": "Finds your printers and reads what supplies they have left.",
    }
    (contents / "Info.plist").write_bytes(plistlib.dumps(described))


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise CannotBuild(f"{command[0]} stopped: {lines[-1] if lines else done.returncode}")
