"""`econcierge-assistant install` and `uninstall`."""

from __future__ import annotations

import argparse
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from econcierge_assistant.service import errors, texts
from econcierge_assistant.service.install import carrying_out, plan


def add_to(commands: argparse._SubParsersAction[Any]) -> None:
    put = commands.add_parser("install", help="register the service with this system and start it")
    take = commands.add_parser("uninstall", help="stop the service and leave nothing of it")
    for each, handle in ((put, _install), (take, _uninstall)):
        each.set_defaults(handle=handle)
        each.add_argument(
            "--root", type=Path, metavar="DIR", help="work below DIR and run no command (packages, tests)"
        )
        each.add_argument("--system", choices=plan.SYSTEMS, default=plan.this_system(), help="by default this one")
        each.add_argument("--program", metavar="FILE", help="start this program instead of the one that runs now")
    put.add_argument("--dry-run", action="store_true", help="only print what would be written and run")
    take.add_argument("--keep-data", action="store_true", help="keep token, printers, and readings not yet delivered")


def of(*, system: str, program: Sequence[str]) -> plan.Plan:
    """Each system's module is loaded when it is wanted: the running service knows this one's command line only."""
    if system == "macos":
        from econcierge_assistant.service.install import launchd

        return launchd.of(program=program)
    if system == "windows":
        from econcierge_assistant.service.install import windows

        return windows.of(program=program)
    from econcierge_assistant.service.install import systemd

    return systemd.of(program=program)


def _install(arguments: argparse.Namespace) -> int:
    program = _program(arguments)
    made = of(system=arguments.system, program=program)
    if arguments.dry_run:
        for sentence in carrying_out.dry_run(made, root=arguments.root):
            _tell(sentence)
        return 0
    _check_system(arguments)
    if arguments.root is None and made.system == "linux":
        check_reachable(Path(program[0]))
    carrying_out.install(made, root=arguments.root, tell=_tell)
    for sentence in (*made.remarks, "Next: connect this computer with `econcierge-assistant pair --server URL`."):
        _tell(sentence)
    return 0


def _uninstall(arguments: argparse.Namespace) -> int:
    _check_system(arguments)
    made = of(system=arguments.system, program=_program(arguments))
    carrying_out.uninstall(made, root=arguments.root, keep_data=arguments.keep_data, tell=_tell)
    _tell("The service is no longer registered." + (" Its data was kept." if arguments.keep_data else ""))
    return 0


def _program(arguments: argparse.Namespace) -> tuple[str, ...]:
    return (str(Path(arguments.program).absolute()),) if arguments.program else plan.program()


def _check_system(arguments: argparse.Namespace) -> None:
    if arguments.root is None and arguments.system != plan.this_system():
        raise errors.BadSettings(texts.said("another_system", system=arguments.system))


def check_reachable(program: Path, *, stat_of: Callable[[Path], int] = lambda path: path.stat().st_mode) -> None:
    """The service runs as a user of its own, behind ProtectHome: it must be able to enter every folder above."""
    for folder in program.parents:
        hidden = folder in (Path("/root"), Path("/home"), Path("/run/user"))
        if hidden or not stat_of(folder) & stat.S_IXOTH:
            raise errors.CannotInstall(texts.said("program_hidden", program=program, folder=folder))


def _tell(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201
