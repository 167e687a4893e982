"""Windows: a service of the service control manager, under LocalService. Not run on Windows yet.

`sc.exe` is Windows' own; what the manager talks to is `windows_service`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PureWindowsPath

from econcierge_assistant.service.install import plan, where

ACCOUNT = r"NT AUTHORITY\LocalService"
COMMAND = "windows-service"
DISPLAY_NAME = "Supplies Assistant"
_DESCRIPTION = "Reads the printers of this network and reports their supplies. Lit les imprimantes du réseau."
_DONE_S = 86_400  # after a day without failure the count of restarts begins anew
# Well-known security identifiers, the same in every language of Windows.
_LOCAL_SERVICE, _SYSTEM, _ADMINISTRATORS, _USERS = "*S-1-5-19", "*S-1-5-18", "*S-1-5-32-544", "*S-1-5-32-545"


def of(*, program: Sequence[str], folder: PureWindowsPath | None = None) -> plan.Plan:
    """`folder`: %PROGRAMDATA%\\econcierge-assistant; the data lies below it, what the desktop must read lies in it."""
    folder = folder or PureWindowsPath(str(where.windows_folder()))
    data = folder / "data"
    binary = plan.quoted([*program, COMMAND, "--data", str(data)])
    return plan.Plan(
        system="windows",
        manifest=folder / "installed.json",
        files=(),
        folders=(plan.Folder(folder), plan.Folder(data)),
        start=(
            _grant(folder, f"{_LOCAL_SERVICE}:(OI)(CI)M", f"{_USERS}:(OI)(CI)RX"),
            _grant(data, f"{_LOCAL_SERVICE}:(OI)(CI)F"),
            plan.Command(("sc.exe", "stop", where.NAME), may_fail=True),
            plan.Command(("sc.exe", "delete", where.NAME), may_fail=True),
            _sc("create", binPath=binary, start="delayed-auto", obj=ACCOUNT, DisplayName=DISPLAY_NAME),
            plan.Command(("sc.exe", "description", where.NAME, _DESCRIPTION)),
            _sc("failure", reset=str(_DONE_S), actions="restart/15000/restart/60000/restart/300000"),
            plan.Command(("sc.exe", "start", where.NAME)),
        ),
        stop=(
            plan.Command(("sc.exe", "stop", where.NAME), may_fail=True),
            plan.Command(("sc.exe", "delete", where.NAME), may_fail=True),
        ),
        data=(folder,),
        remarks=("This way of registering has not been tried on Windows yet.",),
    )


def _sc(verb: str, **options: str) -> plan.Command:
    """sc.exe wants `name=` and the value as two words."""
    words = [word for name, value in options.items() for word in (f"{name}=", value)]
    return plan.Command(("sc.exe", verb, where.NAME, *words))


def _grant(folder: PureWindowsPath, *grants: str) -> plan.Command:
    """These, the system and administrators; nothing is inherited from above."""
    always = (f"{_SYSTEM}:(OI)(CI)F", f"{_ADMINISTRATORS}:(OI)(CI)F")
    return plan.Command(("icacls", str(folder), "/inheritance:r", "/grant:r", *grants, *always))
