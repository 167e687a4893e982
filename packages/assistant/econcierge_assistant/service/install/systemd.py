"""Linux: a hardened systemd unit. The user exists only while the service runs; its folder is its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from econcierge_assistant.service.install import plan, where

UNIT = f"{where.NAME}.service"
FOLDER = PurePosixPath("/etc/systemd/system")
MEMORY_HIGH_MB, MEMORY_MAX_MB = 96, 160  # a guard far above what it needs: a leak restarts it, nobody else suffers

_UNIT = """\
[Unit]
Description=Supplies Assistant: monitoring service
Documentation=man:systemd.exec(5)
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
ExecStartPre=+-/bin/chown -R --reference=%S/private/{name} %S/private/{name}
ExecStart={command} run --data %S/{name}
Environment=MALLOC_ARENA_MAX=2
Restart=on-failure
RestartPreventExitStatus=2
RestartSec=15
TimeoutStopSec=15

DynamicUser=yes
User={name}
StateDirectory={name}
StateDirectoryMode=0700
RuntimeDirectory={name}
RuntimeDirectoryMode=0755
UMask=0022

NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

MemoryHigh={high}M
MemoryMax={most}M
TasksMax=64
LimitNOFILE=4096
Nice=5
IOSchedulingClass=best-effort
IOSchedulingPriority=6

[Install]
WantedBy=multi-user.target
"""


def unit(*, program: Sequence[str]) -> str:
    """The text of the unit; also what a package ships. `program`: absolute, as it is to be started."""
    escaped = [word.replace("%", "%%").replace("$", "$$") for word in program]
    return _UNIT.format(name=where.NAME, command=plan.quoted(escaped), high=MEMORY_HIGH_MB, most=MEMORY_MAX_MB)


def of(*, program: Sequence[str]) -> plan.Plan:
    wants = FOLDER / "multi-user.target.wants" / UNIT
    return plan.Plan(
        system="linux",
        manifest=PurePosixPath("/etc") / where.NAME / "installed.json",
        files=(
            plan.File(FOLDER / UNIT, unit(program=program)),
            plan.File(wants, link_to=f"../{UNIT}"),  # what `systemctl enable` makes
        ),
        start=(
            plan.Command(("systemctl", "daemon-reload")),
            plan.Command(("systemctl", "restart", UNIT)),
        ),
        stop=(plan.Command(("systemctl", "stop", UNIT), may_fail=True),),
        after_removal=(
            plan.Command(("systemctl", "daemon-reload"), may_fail=True),
            plan.Command(("systemctl", "reset-failed", UNIT), may_fail=True),
        ),
        data=(
            PurePosixPath(where.LINUX_DATA.as_posix()),
            PurePosixPath(where.LINUX_PRIVATE_DATA.as_posix()),
            PurePosixPath("/run") / where.NAME,
            FOLDER / f"{UNIT}.d",
        ),
    )
