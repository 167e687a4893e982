"""The Debian package: both programs, the service registered with systemd, the desktop application in the menu.

Libraries that Debian has are not carried along: the package names them, found by asking dpkg who owns what the
programs need (Debian Policy 8.6 does the same with dpkg-shlibdeps, which wants a source package around it).
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from problems import CannotBuild

import econcierge_assistant
from econcierge_assistant.service.install import systemd

HERE = Path(__file__).resolve().parent
NAME = "econcierge-assistant"
PROGRAMS = Path("usr/lib") / NAME
_NEEDED = re.compile(r"NEEDED\s+(\S+)")
_GLIBC = re.compile(r"GLIBC_(\d+)\.(\d+)")
# What Qt opens by name while it runs, so no ELF header tells of it.
_OPENED_LATER = ("libxcb-cursor.so.0", "libfontconfig.so.1", "libdbus-1.so.3", "libxkbcommon-x11.so.0")


def pack(*, programs: Path, out: Path, quick: bool) -> Path:
    """`programs` is what PyInstaller made; the package lands in `out`."""
    for tool in ("dpkg", "dpkg-deb", "objdump"):
        if shutil.which(tool) is None:
            raise CannotBuild(f"{tool} is missing. On Debian: sudo apt-get install dpkg-dev binutils")
    with tempfile.TemporaryDirectory(prefix="econcierge-deb-") as folder:
        tree = Path(folder)
        tree.chmod(0o755)
        _lay_out(tree, programs)
        _describe(tree)
        file = out / f"{NAME}_{econcierge_assistant.__version__}_{_architecture()}.deb"
        _run(
            "dpkg-deb",
            "--root-owner-group",
            *(("-Zgzip", "-z1") if quick else ("-Zxz", "-z6")),
            "--build",
            str(tree),
            str(file),
        )
    return file


def _lay_out(tree: Path, programs: Path) -> None:
    shutil.copytree(programs, tree / PROGRAMS, symlinks=True)
    (tree / "usr/bin").mkdir(parents=True)
    for name in ("econcierge-assistant", "econcierge-desktop"):
        if (programs / name).exists():
            (tree / "usr/bin" / name).symlink_to(f"../lib/{NAME}/{name}")
    for source, place in (
        ("econcierge-assistant-update.service", "usr/lib/systemd/system"),
        ("econcierge-assistant-update.timer", "usr/lib/systemd/system"),
        ("econcierge-desktop.desktop", "usr/share/applications"),
        ("econcierge.svg", "usr/share/icons/hicolor/scalable/apps"),
        ("copyright", f"usr/share/doc/{NAME}"),
    ):
        (tree / place).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HERE / source, tree / place / source)
    unit = systemd.unit(program=[f"/usr/bin/{NAME}"])  # the same that `econcierge-assistant install` writes
    (tree / "usr/lib/systemd/system" / systemd.UNIT).write_text(unit)
    for path in tree.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def _describe(tree: Path) -> None:
    control = tree / "DEBIAN"
    control.mkdir()
    control.chmod(0o755)
    size_kib = sum(file.stat().st_size for file in tree.rglob("*") if file.is_file() and not file.is_symlink()) // 1024
    text = (HERE / "control.in").read_text()
    facts = {
        "version": econcierge_assistant.__version__,
        "architecture": _architecture(),
        "size_kib": str(size_kib),
        "depends": ", ".join(_depends(tree / PROGRAMS)),
    }
    (control / "control").write_text(text.format(**facts))
    for script in ("postinst", "prerm", "postrm"):
        shutil.copyfile(HERE / script, control / script)
        (control / script).chmod(0o755)
    files = sorted(file for file in (tree / "usr").rglob("*") if file.is_file() and not file.is_symlink())
    sums = (
        f"{hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()}  {file.relative_to(tree)}\n"
        for file in files
    )
    (control / "md5sums").write_text("".join(sums))


def _depends(programs: Path) -> list[str]:
    """Debian packages of the libraries that are needed and not carried along, with the least libc."""
    binaries = [file for file in programs.rglob("*") if file.is_file() and file.read_bytes()[:4] == b"\x7fELF"]
    carried = {file.name for file in programs.rglob("*") if ".so" in file.name}
    needed: set[str] = set(_OPENED_LATER)
    glibc = (2, 17)
    for binary in binaries:
        header = _run("objdump", "-p", str(binary))
        needed |= set(_NEEDED.findall(header))
        glibc = max([glibc, *((int(a), int(b)) for a, b in _GLIBC.findall(header))])
    owners = {_owner(name) for name in needed - carried if not name.startswith("ld-linux")}
    return [f"libc6 (>= {glibc[0]}.{glibc[1]})", *sorted(owners - {"libc6"})]


def _owner(library: str) -> str:
    """The package that ships `library`; what is not installed here cannot be asked for."""
    for line in _run("ldconfig", "-p").splitlines():
        if line.split(" ", 1)[0].strip() == library:
            place = Path(line.rpartition("=> ")[2])
            for path in (place, place.resolve(), Path("/usr") / place.relative_to("/")):
                found = subprocess.run(["dpkg", "-S", str(path)], capture_output=True, text=True, check=False)
                if found.returncode == 0:
                    return found.stdout.partition(":")[0]
    raise CannotBuild(f"no installed Debian package ships {library}, which the programs need. Install it to build.")


def _architecture() -> str:
    return _run("dpkg", "--print-architecture").strip()


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"})
    if done.returncode != 0:
        raise CannotBuild(f"{command[0]} failed: {(done.stderr or done.stdout).strip().splitlines()[-1]}")
    return done.stdout
