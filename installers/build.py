"""Builds the installer of the system that it runs on, from the locked packages, into `dist/`.

    .venv/bin/python installers/build.py [--root FILE] [--out DIR] [--quick]

Linux gets a `.deb`, Windows a set-up program (NSIS), macOS a package (pkg); none can be built on another system.
`--root` is `metadata/1.root.json` of the releases that the copies update themselves from (releases.py); without it
they are never updated by themselves and say so. `--quick` hardly compresses: for trying, not for offering.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), *(str(HERE.parent / "packages" / name) for name in ("printers", "assistant"))]

from linux import deb  # noqa: E402
from macos import pkg  # noqa: E402
from problems import CannotBuild  # noqa: E402
from windows import setup_program  # noqa: E402


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="build", description="Builds this system's installer into dist/.")
    parser.add_argument("--root", type=Path, metavar="FILE", help="the trusted root of updates")
    parser.add_argument("--out", type=Path, default=HERE.parent / "dist", metavar="DIR")
    parser.add_argument("--quick", action="store_true", help="hardly compress")
    arguments = parser.parse_args(argv)
    try:
        print(build(out=arguments.out, root=arguments.root, quick=arguments.quick))
    except CannotBuild as problem:
        print(f"build: {problem}", file=sys.stderr)
        return 1
    return 0


def build(*, out: Path, root: Path | None, quick: bool = False) -> Path:
    """The installer's file, in `out`."""
    if root is not None and not root.is_file():
        raise CannotBuild(f"{root} is not there; `releases.py init` writes it.")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="econcierge-build-") as work:
        programs = frozen(Path(work), root)
        packer = {"win32": setup_program.pack, "darwin": pkg.pack}.get(sys.platform, deb.pack)
        return packer(programs=programs, out=out, quick=quick)


def frozen(work: Path, root: Path | None) -> Path:
    """The folder with both programs and all they need."""
    shipped = work / "root.json"
    environment = dict(os.environ)
    environment.pop("ECONCIERGE_UPDATE_ROOT", None)
    if root is not None:
        shutil.copyfile(root, shipped)
        environment["ECONCIERGE_UPDATE_ROOT"] = str(shipped)
    options = [
        "--noconfirm",
        "--log-level",
        "WARN",
        "--distpath",
        str(work / "dist"),
        "--workpath",
        str(work / "build"),
    ]
    command = [sys.executable, "-m", "PyInstaller", *options, str(HERE / "assistant.spec")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotBuild(f"PyInstaller stopped: {done.stderr.strip().splitlines()[-1] if done.stderr else ''}")
    return work / "dist" / "econcierge-assistant"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
