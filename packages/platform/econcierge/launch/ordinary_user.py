"""Running PostgreSQL when we are root, which it refuses to be.

Three ways, the first that works:

1. a user namespace in which root's own files belong to an ordinary user. No account, no change of owner, and it works
   in a folder that only root can enter;
2. an ordinary user (`nobody`), when it can reach binaries and data;
3. the same user, allowed to pass folders that it could not enter, where a container forbids namespaces.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from econcierge.launch.errors import CannotStart

# The bits make access(2), which PostgreSQL asks before it opens, count the capability too.
PASS_CLOSED_FOLDERS = (
    "--securebits=+no_setuid_fixup",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
)


@dataclass(frozen=True)
class Way:
    """How to start a programme that refuses root."""

    prefix: tuple[str, ...]  # words before the command
    owner_uid: int  # whom the data folder must belong to, seen from outside
    owner_gid: int


def find(*, must_reach: list[Path]) -> Way:
    """The way for this machine; `must_reach` are the folders of binaries and data."""
    if os.geteuid() != 0:
        return Way(prefix=(), owner_uid=os.geteuid(), owner_gid=os.getegid())
    nobody = _nobody()
    namespace = ("unshare", "--user", f"--map-user={nobody.pw_uid}", f"--map-group={nobody.pw_gid}")
    if _works(namespace, "true"):
        return Way(prefix=namespace, owner_uid=0, owner_gid=0)
    ordinary = (
        "setpriv",
        f"--reuid={nobody.pw_uid}",
        f"--regid={nobody.pw_gid}",
        "--clear-groups",
    )
    for prefix in (ordinary, (*ordinary, *PASS_CLOSED_FOLDERS)):
        if all(_works(prefix, "test", "-x", str(folder)) for folder in must_reach):
            return Way(prefix=prefix, owner_uid=nobody.pw_uid, owner_gid=nobody.pw_gid)
    raise CannotStart(
        "PostgreSQL refuses to run as root, and this machine lets root become no other user.",
        remedy="Run the same command as an ordinary user, or name a PostgreSQL server in DATABASE_URL.",
    )


def hand_over(folder: Path, way: Way) -> None:
    """Makes the data folder belong to whom the way wants, whatever way it was made in."""
    if folder.stat().st_uid == way.owner_uid:
        return
    if os.geteuid() != 0:
        raise CannotStart(
            f"{folder} belongs to another user.",
            remedy="Run the same command as that user, or `make clean` to start afresh.",
        )
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, way.owner_uid, way.owner_gid, follow_symlinks=False)


def _nobody() -> pwd.struct_passwd:
    for name in ("nobody", "daemon"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise CannotStart(
        "PostgreSQL refuses to run as root, and this machine has no user `nobody`.",
        remedy="Run the same command as an ordinary user, or name a PostgreSQL server in DATABASE_URL.",
    )


def _works(prefix: tuple[str, ...], *command: str) -> bool:
    if shutil.which(prefix[0]) is None:
        return False
    return subprocess.run([*prefix, *command], capture_output=True, check=False).returncode == 0  # noqa: S603
