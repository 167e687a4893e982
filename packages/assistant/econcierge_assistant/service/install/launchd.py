"""macOS: a launch daemon that runs as the system's `daemon` user. Written and read back here, not run on a Mac yet."""

from __future__ import annotations

import plistlib
from collections.abc import Sequence
from pathlib import PurePosixPath

from econcierge_assistant.service.install import plan, where

LABEL = where.NAME
DAEMON = PurePosixPath("/Library/LaunchDaemons") / f"{LABEL}.plist"
LOG = PurePosixPath("/Library/Logs") / f"{LABEL}.log"
USER = "daemon"


def plist(*, program: Sequence[str]) -> str:
    folder = PurePosixPath(where.MACOS_FOLDER.as_posix())
    described = {
        "Label": LABEL,
        "ProgramArguments": [*program, "run", "--data", str(folder / "data")],
        "EnvironmentVariables": {"ECONCIERGE_LOCAL_FACE": str(folder / where.FACE_NAME)},
        "UserName": USER,
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": 15,
        "ProcessType": "Background",
        "LowPriorityIO": True,
        "Umask": 0o022,
        "StandardErrorPath": str(LOG),
    }
    return plistlib.dumps(described).decode()


def of(*, program: Sequence[str]) -> plan.Plan:
    folder = PurePosixPath(where.MACOS_FOLDER.as_posix())
    return plan.Plan(
        system="macos",
        manifest=folder / "installed.json",
        files=(plan.File(DAEMON, plist(program=program)),),
        folders=(plan.Folder(folder), plan.Folder(folder / "data", 0o700)),
        start=(
            plan.Command(("chown", "-R", USER, str(folder))),
            plan.Command(("launchctl", "bootout", f"system/{LABEL}"), may_fail=True),
            plan.Command(("launchctl", "bootstrap", "system", str(DAEMON))),
        ),
        stop=(plan.Command(("launchctl", "bootout", f"system/{LABEL}"), may_fail=True),),
        data=(folder, LOG),
        remarks=("This way of registering has not been tried on a Mac yet.",),
    )
