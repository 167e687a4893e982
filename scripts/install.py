"""Installs everything into `.venv` of this checkout from the locks; does nothing when that is already so.

`python3 scripts/install.py run|desktop|dev|lock`, standard library only; `lock` chooses new versions instead.
uv installs, because it is ten times as fast; it knows nothing of pip's configuration, which is where a machine says
which package index to use, so that is carried over. When uv reaches nothing all the same, pip does the work.
"""

from __future__ import annotations

import ast
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
LOCK_OPTIONS = ["--quiet", "--python-version", "3.11", "--universal", "--generate-hashes"]
LOCK_OPTIONS += ["--no-emit-index-url", "--no-emit-find-links", "--upgrade"]
LOCKS = {
    "run": ["run.lock"],
    "desktop": ["run.lock", "desktop.lock"],
    "dev": ["run.lock", "desktop.lock", "dev.lock"],
}
PACKAGES = ["printers", "assistant", "platform", "virtual"]
OLDEST = (3, 11)

# What a machine says to pip, and the environment variable by which uv hears the same.
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "trusted-host": "UV_INSECURE_HOST",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "proxy": "ALL_PROXY",
}


class CannotInstall(Exception):
    """What is wrong and what to do, in one sentence each."""


def main(arguments: list[str]) -> int:
    kind = arguments[0] if arguments else "run"
    try:
        if kind == "lock":
            lock()
        else:
            install(kind)
    except CannotInstall as problem:
        print(f"econcierge cannot be installed: {problem}", file=sys.stderr)
        return 1
    return 0


def install(kind: str) -> None:
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        raise CannotInstall(
            f"this is Python {found}, and 3.11 or newer is needed. Name another one: PYTHON=python3.12 make install"
        )
    stamp, state = VENV / f".installed-{kind}", fingerprint(kind)
    if stamp.exists() and stamp.read_text() == state and PYTHON.exists():
        compile_messages()
        return
    print("Installing into .venv ...", flush=True)
    make_environment()
    install_uv()
    for lock in LOCKS[kind]:
        install_requirements(["--require-hashes", "-r", str(ROOT / "requirements" / lock)])
    editable = [word for name in PACKAGES for word in ("-e", str(ROOT / "packages" / name))]
    install_requirements(["--no-deps", "--no-build-isolation", *editable])
    compile_messages()
    stamp.write_text(state)


def lock() -> None:
    """Chooses the newest versions that fit `*.in` and writes their hashes, naming no package index.

    A machine's additional sources hold files for that machine only, so the locks are made without them.
    """
    install("run")
    settings = {key: value for key, value in pip_settings().items() if key not in ("extra-index-url", "find-links")}
    environment = {**os.environ, **uv_environment(settings)}
    for name in ("uv", "run", "desktop", "dev"):
        files = ["-o", f"requirements/{name}.lock", f"requirements/{name}.in"]
        done = subprocess.run(
            [str(UV), "pip", "compile", *LOCK_OPTIONS, *files], cwd=ROOT, env=environment, check=False
        )
        if done.returncode != 0:
            raise CannotInstall(f"requirements/{name}.lock could not be compiled (the reason stands above)")


def fingerprint(kind: str) -> str:
    """What an installation depends on: the locks, our own packages' descriptions, the place, the interpreter."""
    files = [ROOT / "requirements" / lock for lock in ["uv.lock", *LOCKS[kind]]]
    files += [ROOT / "packages" / name / "pyproject.toml" for name in PACKAGES]
    digest = hashlib.sha256(f"{ROOT} {sys.version_info[:2]}".encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def make_environment() -> None:
    """`.venv`, made anew when its interpreter is gone or another one, or the checkout was moved."""
    if PYTHON.exists() and works(PYTHON) and not moved():
        return
    shutil.rmtree(VENV, ignore_errors=True)
    has_ensurepip = works(Path(sys.executable), "import ensurepip")
    if not has_ensurepip and not works(Path(sys.executable), "import pip"):
        raise CannotInstall(
            "this Python has neither venv's ensurepip nor pip. On Debian: sudo apt-get install python3-venv"
        )
    options = [] if has_ensurepip else ["--without-pip"]
    made = subprocess.run([sys.executable, "-m", "venv", *options, str(VENV)], capture_output=True, text=True)
    if made.returncode != 0:
        raise CannotInstall(
            f"making .venv failed: {last_line(made.stdout + made.stderr)} On Debian: sudo apt-get install python3-venv"
        )


def works(python: Path, code: str = "") -> bool:
    version = f"import sys; assert sys.version_info[:2] == {tuple(sys.version_info[:2])}"
    return subprocess.run([str(python), "-c", f"{version}\n{code}"], capture_output=True).returncode == 0


def moved() -> bool:
    """Whether the scripts of `.venv` still call an interpreter in another place."""
    script = VENV / "bin" / "econcierge"
    return script.exists() and str(VENV).encode() not in script.read_bytes()[:400]


def pip() -> list[str]:
    """pip of `.venv`, or the machine's own acting on `.venv` (Debian without python3-venv)."""
    if (VENV / "bin" / "pip").exists():
        return [str(PYTHON), "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", str(PYTHON)]


def install_uv() -> None:
    """uv from its lock, by pip: it is a package like any other."""
    if UV.exists() and f"uv=={uv_version()} " in (ROOT / "requirements" / "uv.lock").read_text():
        return
    lock = ROOT / "requirements" / "uv.lock"
    command = [*pip(), "install", "-qq", "--require-hashes", "-r", str(lock)]
    if subprocess.run(command, check=False).returncode != 0:
        raise CannotInstall(
            "pip could not fetch uv (its reason stands above). "
            "Check the network and the package index that pip is set up for: python3 -m pip config list"
        )


def uv_version() -> str:
    answer = subprocess.run([str(UV), "--version"], capture_output=True, text=True, check=False).stdout.split()
    return answer[1] if len(answer) > 1 else ""


def install_requirements(arguments: list[str]) -> None:
    settings = pip_settings()
    command = [str(UV), "pip", "install", "--quiet", "--python", str(PYTHON)]
    if settings.get("no-index", "").lower() in ("1", "true", "yes", "on"):
        command.append("--no-index")
    by_uv = subprocess.run([*command, *arguments], env={**os.environ, **uv_environment(settings)}, check=False)
    if by_uv.returncode == 0:
        return
    print("uv could not install this; trying with pip ...", file=sys.stderr, flush=True)
    if subprocess.run([*pip(), "install", "--quiet", *arguments], check=False).returncode != 0:
        raise CannotInstall(
            "neither uv nor pip could fetch the packages (their reasons stand above). "
            "Check the network and the package index that pip is set up for: python3 -m pip config list"
        )


def pip_settings() -> dict[str, str]:
    """pip's own settings from its files (`global`, `install`) and from `PIP_...`, the later one winning."""
    listed = subprocess.run([*pip(), "config", "list"], capture_output=True, text=True, check=False).stdout
    sections: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in listed.splitlines():
        name, separator, value = line.partition("=")
        section, _, key = name.rpartition(".")
        if separator and section in sections:
            sections[section][key] = str(ast.literal_eval(value))
    return {**sections["global"], **sections["install"], **sections[":env:"]}


def uv_environment(settings: dict[str, str]) -> dict[str, str]:
    """The same for uv. A variable that is already set for uv stands; hashes make mixing indexes safe."""
    environment = {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_PYTHON_DOWNLOADS": "never"}
    for key, name in UV_NAMES.items():
        if settings.get(key):
            separator = "," if name == "UV_FIND_LINKS" else " "
            environment[name] = separator.join(settings[key].split())
    return {name: value for name, value in environment.items() if name not in os.environ}


def compile_messages() -> None:
    """Translation catalogues, where a text changed since the last time (`scripts/messages.py` looks)."""
    script = ROOT / "scripts" / "messages.py"
    if subprocess.run([str(PYTHON), str(script), "compile", "--quiet"], check=False).returncode != 0:
        raise CannotInstall("the translations could not be compiled (the reason stands above)")


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
