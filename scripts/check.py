"""Everything that can be said about the code without running it: `make check`. Each check is one line of `CHECKS`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PLATFORM = ROOT / "packages" / "platform" / "econcierge"
TYPED_WHOLE = ["printers/econcierge_printers", "assistant/econcierge_assistant", "virtual/econcierge_virtual"]

# Hosts and folders that only mean something on somebody's machine; written so that this file does not match itself.
OF_A_MACHINE = re.compile(
    r"py[p]i\.org|python[h]osted\.org|/op[t]/(pypi|wheels)|/wor[k]/(main|shared)|/roo[t]/|/hom[e]/\w"
)


@dataclass(frozen=True)
class Finding:
    name: str
    problems: str  # empty when all is well
    seconds: float


def command(*words: str) -> Callable[[], str]:
    """A check that is a command: its whole output when it fails."""

    def run() -> str:
        environment = {**os.environ, "PYTHONWARNINGS": "ignore", **NO_DATABASE}
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, env=environment)
        return (done.stdout + done.stderr).strip() or "it failed" if done.returncode else ""

    return run


# Settings want addresses; none of the checks opens them.
NO_DATABASE = {
    "DJANGO_SETTINGS_MODULE": "econcierge.config.settings",
    "ECONCIERGE_SECRET_KEY": "only-for-checks",
    "ECONCIERGE_DATABASE_OWNER_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    "ECONCIERGE_DATABASE_APP_URL": "postgresql://nobody@127.0.0.1:1/nothing",
}


def typed_files() -> list[str]:
    """What mypy reads strictly: three whole packages, every rule and type of the platform, launcher and scripts.

    The rest of the platform stands on Django, which has no types of its own.
    """
    on_django = {PLATFORM / "launch" / "demo.py"}
    files = [path for name in ("rules.py", "types.py") for path in PLATFORM.rglob(name)]
    files += [path for path in (PLATFORM / "launch").glob("*.py") if path not in on_django]
    files += [path for path in (PLATFORM / "forecasting").glob("*.py") if path.name != "models.py"]
    return [str(ROOT / "packages" / name) for name in TYPED_WHOLE] + sorted({str(path) for path in files})


def types() -> str:
    return command(str(BIN / "mypy"), "--strict", "--follow-imports=silent", *typed_files())()


def scripts_types() -> str:
    scripts = [str(path) for path in sorted((ROOT / "scripts").glob("*.py"))]
    # A cache of its own: the other run beside it writes the common one, and mypy breaks off when they meet.
    apart = "--cache-dir=.mypy_cache/scripts"
    return command(str(BIN / "mypy"), "--strict", "--follow-imports=silent", apart, *scripts)()


def nothing_of_a_machine() -> str:
    """Tracked files that name a package index or a folder of somebody's machine."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        return "git could not list the files: " + listed.stderr.decode().strip()
    found = []
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        text = path.read_bytes().decode(errors="replace") if path.is_file() else ""
        found += [f"{name}: {match[0]}" for match in OF_A_MACHINE.finditer(text)]
    return "\n".join(found)


CHECKS: dict[str, Callable[[], str]] = {
    "lint": command(str(BIN / "ruff"), "check", "--quiet"),
    "format": command(str(BIN / "ruff"), "format", "--check"),
    "types": types,
    "types of scripts": scripts_types,
    "who imports whom": command(str(BIN / "lint-imports")),
    "translations": command(sys.executable, "scripts/messages.py", "check"),
    "migrations": command(str(BIN / "django-admin"), "makemigrations", "--check", "--dry-run"),
    "nothing of a machine": nothing_of_a_machine,
}


def main() -> int:
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as workers:
        findings = list(workers.map(look, CHECKS))
    for finding in findings:
        if finding.problems:
            print(f"\n--- {finding.name}\n{finding.problems}")
    print()
    for finding in findings:
        print(f"{'FAILED' if finding.problems else 'ok':8}{finding.name} ({finding.seconds:.1f} s)")
    return 1 if any(finding.problems for finding in findings) else 0


def look(name: str) -> Finding:
    began = time.monotonic()
    return Finding(name, CHECKS[name](), time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main())
