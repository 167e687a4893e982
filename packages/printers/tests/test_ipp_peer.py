"""An office of network namespaces: CUPS's `ippeveprinter` announced by Avahi, a printer and a switch over SNMP.

Each is a host on a card of its own (veth); our commands run beside them, as in a real network with real multicast and
broadcast. Debian's packages: cups-ipp-utils, avahi-daemon, dbus, iproute2, util-linux. Skipped with a word where they
are absent or namespaces are forbidden.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NEEDED = {
    "ippeveprinter": "cups-ipp-utils",
    "avahi-daemon": "avahi-daemon",
    "dbus-daemon": "dbus",
    "ip": "iproute2",
    "unshare": "util-linux",
}
PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
BUS = """<busconfig>
 <type>custom</type>
 <listen>unix:path={folder}/bus</listen>
 <auth>EXTERNAL</auth>
 <policy context="default">
  <allow own="*"/>
  <allow send_destination="*" eavesdrop="true"/>
  <allow eavesdrop="true"/>
 </policy>
</busconfig>
"""
AVAHI = """[server]
host-name=econcierge-peer
allow-interfaces=inner1
[wide-area]
enable-wide-area=no
[publish]
publish-workstation=no
"""
HOSTS = """127.0.0.1 localhost
10.9.1.1 econcierge-peer.local
fd09:1::1 econcierge-peer.local
"""
SNMP_HOST = """
import asyncio, importlib.util, sys
from econcierge_printers.mib import oids
from econcierge_printers.snmp import values
spec = importlib.util.spec_from_file_location("agents", sys.argv[1])
agents = importlib.util.module_from_spec(spec)
spec.loader.exec_module(agents)
objects = {
    oids.SYS_DESCR: values.octet_string(sys.argv[2]),
    oids.SYS_OBJECT_ID: values.object_identifier(sys.argv[3]),
    oids.SYS_NAME: values.octet_string(sys.argv[4]),
    (*oids.SERIAL_NUMBER, 1): values.octet_string(sys.argv[5]),
}
objects = {oid: value for oid, value in objects.items() if value.value != b""}
async def serve():
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: agents.Agent(objects), local_addr=("::", 161))
    await asyncio.sleep(100)
asyncio.run(serve())
"""
SCRIPT = """
cd {folder}
mount --bind {folder}/hosts /etc/hosts
mount -t tmpfs none /run  # Avahi notes there that it runs; the machine's own may run beside it
mkdir /run/avahi-daemon
ip link set lo up
export DBUS_SYSTEM_BUS_ADDRESS=unix:path={folder}/bus
started=
trap 'kill $started 2>/dev/null; wait' EXIT
until_so() {{ for try in $(seq 100); do eval "$1" && return; sleep 0.1; done; echo "never: $1" >>office.log; }}
host() {{  # number: a namespace with a card, and its other end here
  unshare --net sleep 100 & eval "host$1=$!"; started="$! $started"
  until_so '[ "$(readlink /proc/$!/ns/net)" != "$(readlink /proc/self/ns/net)" ]'
  ip link add "card$1" type veth peer name "inner$1"
  ip link set "inner$1" netns "$!"
  ip addr add "10.9.$1.250/24" broadcast + dev "card$1"
  ip -6 addr add "fd09:$1::250/64" dev "card$1" nodad
  ip link set "card$1" up
  nsenter -t "$!" -n sh -c "ip link set lo up; ip addr add 10.9.$1.1/24 broadcast + dev inner$1
    ip -6 addr add fd09:$1::1/64 dev inner$1 nodad; ip link set inner$1 up"
}}
host 1
host 2
host 3
dbus-daemon --config-file={folder}/bus.conf --nofork --nopidfile 2>dbus.log & started="$! $started"
until_so '[ -S bus ]'
nsenter -t $host1 -n avahi-daemon --no-drop-root --no-chroot --no-rlimits -f {folder}/avahi.conf 2>avahi.log &
started="$! $started"
until_so 'grep -q "startup complete" avahi.log'
nsenter -t $host1 -n ippeveprinter -p 8631 -M Xerox -m 'B210 Peer' -n econcierge-peer.local \
  -d {folder} -K {folder} Peer >printer.log 2>&1 &
started="$! $started"
nsenter -t $host2 -n {python} {folder}/snmp_host.py {agents} 'Xerox Phaser 4600' 1.3.6.1.4.1.253.8.62.1 prt-2 \
  ABC1234567 2>snmp2.log &
started="$! $started"
nsenter -t $host3 -n {python} {folder}/snmp_host.py {agents} 'A switch' 1.3.6.1.4.1.9.1.1 switch-3 '' 2>snmp3.log &
started="$! $started"
until_so '{read} --ipp 10.9.1.1:8631 --json >plain.json 2>read.log'
until_so '{read} 10.9.2.1 --json >snmp.json 2>>read.log'
{read} --ipp ipps://10.9.1.1:8631/ipp/print --trust trust.json --json >secure.json 2>>read.log
{read} --ipp ipps://10.9.1.1:8631/ipp/print --trust trust.json --json >again.json 2>>read.log
{scan} --json >scan.json 2>>read.log
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the peers ran, with what our commands said about them."""
    missing = [package for command, package in NEEDED.items() if shutil.which(command, path=PATH) is None]
    if missing:
        pytest.skip(f"no real IPP printer to talk to: apt-get install {' '.join(missing)}")
    into = ["unshare", "--net", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    environment = {**os.environ, "PATH": PATH}
    try_it = "ip link add outer0 type veth peer name inner0"
    tried = subprocess.run([*into, "sh", "-c", try_it], env=environment, capture_output=True, text=True)
    if tried.returncode:
        pytest.skip(f"no network namespaces with cards here: {tried.stderr.strip()}")
    made = tmp_path_factory.mktemp("office")
    files = {"bus.conf": BUS, "avahi.conf": AVAHI, "hosts": HOSTS}
    for name, text in files.items():
        (made / name).write_text(text.format(folder=made))
    (made / "snmp_host.py").write_text(SNMP_HOST)
    for name in ("read", "scan"):
        code = f"import sys\nfrom econcierge_printers import cli\nsys.exit(cli.{name}())\n"
        (made / f"{name}.py").write_text(code)
    script = SCRIPT.format(
        folder=made,
        python=sys.executable,
        agents=Path(__file__).with_name("conftest.py"),
        read=f"{sys.executable} {made}/read.py",
        scan=f"{sys.executable} {made}/scan.py",
    )
    subprocess.run([*into, "bash", "-c", script], env=environment, timeout=120, check=False)
    return made


def printed(folder: Path, name: str) -> list[dict[str, Any]]:
    path = folder / name
    lines = path.read_text().splitlines() if path.exists() else []
    logs = "\n".join(each.read_text() for each in sorted(folder.glob("*.log")))
    assert lines, f"{name} is empty:\n{logs}"
    return [json.loads(line) for line in lines]


def test_a_real_printer_is_read(folder: Path) -> None:
    (reading,) = printed(folder, "plain.json")
    assert (reading["identity"]["manufacturer"], reading["identity"]["model"]) == ("Xerox", "B210 Peer")
    assert reading["protocol"] == "ipp"
    assert reading["status"]["state"] == "idle"
    supplies = {supply["kind"]: supply for supply in reading["supplies"]}
    assert (supplies["toner"]["source"], supplies["toner"]["state"]) == ("ipp", "measured")
    assert supplies["waste_container"]["class"] == "filled"
    assert [tray["name"] for tray in reading["trays"]][:2] == ["auto", "main"]


def test_a_real_printer_is_read_over_tls_and_its_certificate_remembered(folder: Path) -> None:
    (first,), (again,) = printed(folder, "secure.json"), printed(folder, "again.json")
    assert first["supplies"] == again["supplies"] == printed(folder, "plain.json")[0]["supplies"]
    assert list(json.loads((folder / "trust.json").read_text())) == ["10.9.1.1:8631"]


def test_the_local_network_is_found_by_broadcast_and_multicast_alone(folder: Path) -> None:
    """No target given: three cards, IPv4 and IPv6; the switch answers and is no printer."""
    found = {one["identity"]["model"]: one for one in printed(folder, "scan.json")}
    assert set(found) == {"B210 Peer", "Phaser 4600"}
    announced, answered = found["B210 Peer"], found["Phaser 4600"]
    assert (announced["ipp_uri"], announced["ways"]) == ("ipp://10.9.1.1:8631/ipp/print", ["mdns"])
    assert announced["identity"]["hostname"] == "econcierge-peer"
    assert (answered["target"], answered["ways"]) == ("10.9.2.1", ["broadcast"])
    by_ipv6 = {address.partition("%")[0][:4] for address in answered["other_addresses"]}
    assert by_ipv6  # it may answer from its link's address, its site's, or each in turn
    assert by_ipv6 <= {"fe80", "fd09"}
    assert answered["identity"]["serial"] == "ABC1234567"
