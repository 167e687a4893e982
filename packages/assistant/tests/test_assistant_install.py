"""Installing and taking back below a folder; what each system is told; the Windows manager's protocol, played."""

from __future__ import annotations

import ctypes
import os
import plistlib
import shutil
import stat
import subprocess
import threading
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest

from econcierge_assistant import cli
from econcierge_assistant.service import errors
from econcierge_assistant.service.install import (
    carrying_out,
    command,
    launchd,
    plan,
    systemd,
    where,
    windows,
    windows_service,
)

PROGRAM = ("/opt/econcierge/econcierge-assistant",)


def everything(root: Path) -> dict[str, tuple[int, str]]:
    """Each path below a folder with its mode and content."""
    return {
        str(path.relative_to(root)): (
            path.lstat().st_mode,
            str(path.readlink()) if path.is_symlink() else path.read_text() if path.is_file() else "",
        )
        for path in root.rglob("*")
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """As a system is before: some folders are there, and one is empty."""
    made = tmp_path / "root"
    for folder in (
        "etc/systemd/system",
        "var/lib/private",
        "run",
        "Library/LaunchDaemons",
        "Library/Logs",
        "ProgramData",
    ):
        (made / folder).mkdir(parents=True)
    (made / "etc/systemd/system/other.service").write_text("[Unit]\n")
    return made


def live(made: plan.Plan, root: Path) -> None:
    """What the service leaves behind while it runs."""
    for path in made.data:
        place = root.joinpath(*path.parts[1:])
        if place.suffix == ".log":
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text("said")
            continue
        place.mkdir(parents=True, exist_ok=True)
        (place / "assistant.sqlite3").write_text("readings")
        (place / "deep").mkdir(exist_ok=True)
        (place / "deep" / "token").write_text("t0k3n")


@pytest.mark.parametrize("system", plan.SYSTEMS)
def test_uninstall_leaves_nothing(root: Path, system: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = everything(root)
    given = ["--root", str(root), "--system", system, "--program", PROGRAM[0]]
    assert cli.main(["install", *given]) == 0
    assert everything(root) != before
    live(command.of(system=system, program=PROGRAM), root)
    assert cli.main(["install", *given]) == 0  # once more, over it
    assert cli.main(["uninstall", *given]) == 0
    assert everything(root) == before
    assert cli.main(["uninstall", *given]) == 0  # what is gone is gone
    assert everything(root) == before
    assert "no longer registered" in capsys.readouterr().out


def test_uninstall_in_an_empty_root_takes_back_every_folder(tmp_path: Path) -> None:
    made = command.of(system="linux", program=PROGRAM)
    carrying_out.install(made, root=tmp_path, tell=print)
    carrying_out.uninstall(made, root=tmp_path, tell=print)
    assert everything(tmp_path) == {}


@pytest.mark.parametrize("system", plan.SYSTEMS)
def test_data_is_kept_when_that_is_wanted(root: Path, system: str) -> None:
    made = command.of(system=system, program=PROGRAM)
    carrying_out.install(made, root=root, tell=print)
    live(made, root)
    carrying_out.uninstall(made, root=root, keep_data=True, tell=print)
    left = [path for path in everything(root) if path.endswith("token")]
    assert left
    assert not (root / "etc/systemd/system" / systemd.UNIT).exists()
    assert not any(path.endswith("installed.json") for path in everything(root))


@pytest.mark.parametrize("system", plan.SYSTEMS)
def test_a_dry_run_touches_nothing_and_says_everything(
    root: Path, system: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(root)
    assert cli.main(["install", "--dry-run", "--system", system, "--program", PROGRAM[0]]) == 0
    said = capsys.readouterr().out
    assert everything(root) == before
    assert PROGRAM[0] in said
    wanted = {"linux": "systemctl restart", "macos": "launchctl bootstrap", "windows": "sc.exe create"}
    assert wanted[system] in said


def test_files_are_what_the_systems_read(root: Path) -> None:
    carrying_out.install(command.of(system="linux", program=PROGRAM), root=root, tell=print)
    unit = root / "etc/systemd/system" / systemd.UNIT
    assert stat.S_IMODE(unit.stat().st_mode) == 0o644
    link = root / "etc/systemd/system/multi-user.target.wants" / systemd.UNIT
    assert link.resolve() == unit
    described = plistlib.loads(launchd.plist(program=PROGRAM).encode())
    assert described["ProgramArguments"][:2] == [PROGRAM[0], "run"]
    assert described["UserName"] != "root"


def test_the_unit_is_understood_by_systemd_and_hardened(tmp_path: Path) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("no systemd-analyze here: apt-get install systemd")
    unit = tmp_path / systemd.UNIT
    unit.write_text(systemd.unit(program=("/bin/true",)))
    done = subprocess.run([tool, "verify", "--man=no", unit], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if systemd.UNIT in line]
    assert (ours, done.returncode) == ([], 0)
    graded = subprocess.run(
        [tool, "security", "--offline=true", "--threshold=20", unit], capture_output=True, text=True, check=False
    )
    assert graded.returncode == 0, graded.stdout


def test_a_program_with_spaces_and_signs_is_started_as_it_is_called() -> None:
    text = systemd.unit(program=("/opt/my 100% tools/econcierge-assistant",))
    assert 'ExecStart="/opt/my 100%% tools/econcierge-assistant" run' in text


@pytest.mark.parametrize("program", [f"/{folder}/ann/econcierge-assistant" for folder in ("root", "home", "run/user")])
def test_a_program_where_the_services_user_cannot_go_is_refused(program: str) -> None:
    with pytest.raises(errors.CannotInstall, match="/opt"):
        command.check_reachable(Path(program), stat_of=lambda path: 0o755)
    with pytest.raises(errors.CannotInstall, match="/srv/private"):
        command.check_reachable(
            Path("/srv/private/bin/x"), stat_of=lambda path: 0o700 if path.name == "private" else 0o755
        )
    command.check_reachable(Path("/opt/econcierge/x"), stat_of=lambda path: 0o755)


def test_another_system_is_only_shown(capsys: pytest.CaptureFixture[str]) -> None:
    other = next(each for each in plan.SYSTEMS if each != plan.this_system())
    assert cli.main(["install", "--system", other]) == 2
    assert "--dry-run" in capsys.readouterr().err


def test_without_rights_there_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "etc").write_text("a file where a folder should be")
    assert cli.main(["install", "--root", str(tmp_path), "--system", "linux", "--program", PROGRAM[0]]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "cannot be written" in said


def test_commands_that_fail_stop_the_installation_unless_they_may() -> None:
    carrying_out.run_command(plan.Command(("false",), may_fail=True))
    carrying_out.run_command(plan.Command(("/no/such/command",), may_fail=True))
    with pytest.raises(errors.CannotInstall, match="false"):
        carrying_out.run_command(plan.Command(("false",)))
    with pytest.raises(errors.CannotInstall, match="could not be run"):
        carrying_out.run_command(plan.Command(("/no/such/command",)))


def test_windows_is_told_in_order_with_quotes_where_they_belong() -> None:
    folder = PureWindowsPath(r"C:\ProgramData\econcierge-assistant")
    made = windows.of(program=(r"C:\Program Files\econcierge\econcierge-assistant.exe",), folder=folder)
    create = next(each.words for each in made.start if each.words[1] == "create")
    assert create[create.index("binPath=") + 1] == (
        r'"C:\Program Files\econcierge\econcierge-assistant.exe" windows-service'
        r" --data C:\ProgramData\econcierge-assistant\data"
    )
    assert create[create.index("obj=") + 1] == windows.ACCOUNT
    verbs = [each.words[1] for each in made.start if each.words[0] == "sc.exe"]
    assert verbs == ["stop", "delete", "create", "description", "failure", "start"]
    assert [each.words[1] for each in made.stop] == ["stop", "delete"]


class PlayedManager:
    """advapi32 as it behaves: the dispatcher calls ServiceMain in a thread and returns when the service stopped."""

    def __init__(self, *, takes_us: bool = True) -> None:
        self.takes_us = takes_us
        self.states: list[tuple[int, int]] = []
        self.running, self.stopped = threading.Event(), threading.Event()
        self.control: Any = None

    def StartServiceCtrlDispatcherW(self, table: Any) -> int:  # noqa: N802
        if not self.takes_us:
            return 0
        assert table[0].name == where.NAME
        assert table[1].name is None
        thread = threading.Thread(target=table[0].main, args=(0, None))
        thread.start()
        self.stopped.wait()
        thread.join()
        return 1

    def RegisterServiceCtrlHandlerExW(self, name: str, handler: Any, context: Any) -> int:  # noqa: N802
        self.control = handler
        return 7

    def SetServiceStatus(self, handle: Any, status: Any) -> int:  # noqa: N802
        said = ctypes.cast(status, ctypes.POINTER(windows_service.Status)).contents
        self.states.append((said.current_state, said.service_specific_exit_code))
        if said.current_state == windows_service.RUNNING:
            self.running.set()
        if said.current_state == windows_service.STOPPED:
            self.stopped.set()
        return 1


def test_the_windows_manager_stops_the_service_in_order() -> None:
    manager, told_to_stop = PlayedManager(), threading.Event()

    def work() -> int:
        assert manager.running.wait(5)
        assert manager.control(windows_service.CONTROL_INTERROGATE, 0, None, None) == 0
        assert manager.control(99, 0, None, None) != 0
        assert manager.control(windows_service.CONTROL_STOP, 0, None, None) == 0
        assert manager.control(windows_service.CONTROL_SHUTDOWN, 0, None, None) == 0
        return 0 if told_to_stop.wait(5) else 3

    assert windows_service.run(work, manager=manager, interrupt=told_to_stop.set) == 0
    assert manager.states == [
        (windows_service.RUNNING, 0),
        (windows_service.STOP_PENDING, 0),
        (windows_service.STOPPED, 0),
    ]


def test_the_windows_manager_learns_of_a_failure() -> None:
    manager = PlayedManager()
    assert windows_service.run(lambda: 2, manager=manager, interrupt=os.abort) == 2
    assert manager.states[-1] == (windows_service.STOPPED, 2)


def test_started_by_hand_it_says_what_to_use_instead(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(errors.BadSettings, match="use `run`"):
        windows_service.run(lambda: 0, manager=PlayedManager(takes_us=False), interrupt=os.abort)
    assert cli.main(["windows-service"]) == 2
    assert "use `run`" in capsys.readouterr().err
