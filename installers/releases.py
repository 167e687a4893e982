"""Signs and lays out what assistants update themselves from: a TUF repository (specification 1.0) in a folder.

    python installers/releases.py init --releases DIR --keys DIR
    python installers/releases.py add --releases DIR --keys DIR --version 0.2.0 FILE...
    python installers/releases.py refresh --releases DIR --keys DIR
    python installers/releases.py renew-root --releases DIR --keys DIR [--replace targets|snapshot|timestamp]

`init` makes the keys and `metadata/1.root.json`, which every installer is then built with (`build.py --root`).
`renew-root` gives the root another year, and one role another key where the old one is lost or known to others.
`add` offers installers to everyone; `refresh` has to run before the timestamp ends (a day's job at the publisher).
The folder is what the platform's ECONCIERGE_RELEASES_DIR names: it mirrors, it cannot sign.
Keys: `root` (two of three) and `targets` belong on a medium that is not connected; `refresh` needs `snapshot` and
`timestamp` only. They are PKCS#8 files, readable by their owner only, encrypted when ECONCIERGE_KEYS_PASSPHRASE is set.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from econcierge_assistant.updates import rules
from econcierge_assistant.updates.client import CHANNEL
from econcierge_assistant.updates.types import UpdateError

LASTS = {
    "root": timedelta(days=365),
    "targets": timedelta(days=180),
    "snapshot": timedelta(days=30),
    "timestamp": timedelta(days=7),
}
ROOT_KEYS, ROOT_THRESHOLD = 3, 2
SYSTEMS = {".deb": "linux-{machine}-deb", ".exe": "windows-{machine}-exe", ".pkg": "macos-universal-pkg"}


class CannotRelease(Exception):
    """What is wrong and what to do, in a sentence."""


def main(argv: list[str]) -> int:
    arguments = _parser().parse_args(argv)
    now = datetime.now(UTC)
    try:
        if arguments.command == "init":
            init(releases=arguments.releases, keys=arguments.keys, now=now)
        elif arguments.command == "add":
            add(
                releases=arguments.releases,
                keys=arguments.keys,
                version=arguments.version,
                files=arguments.files,
                now=now,
            )
        elif arguments.command == "renew-root":
            renew_root(releases=arguments.releases, keys=arguments.keys, replace=arguments.replace, now=now)
        else:
            refresh(releases=arguments.releases, keys=arguments.keys, now=now)
    except CannotRelease as problem:
        print(f"releases: {problem}", file=sys.stderr)
        return 1
    except RepositoryError as damaged:
        print(f"releases: {arguments.releases} is damaged ({damaged}); put its last copy back.", file=sys.stderr)
        return 1
    return 0


def init(*, releases: Path, keys: Path, now: datetime) -> None:
    """New keys and an empty signed list."""
    if (releases / "metadata").exists():
        raise CannotRelease(f"{releases} holds releases already; their keys must go on signing them.")
    signers = {role: [_make_key(keys / f"{role}.pem")] for role in ("targets", "snapshot", "timestamp")}
    signers["root"] = [_make_key(keys / f"root-{number}.pem") for number in range(1, ROOT_KEYS + 1)]
    root = Root(expires=now + LASTS["root"], consistent_snapshot=True)
    for role, holders in signers.items():
        for holder in holders:
            root.add_key(holder.public_key, role)
    root.roles["root"].threshold = ROOT_THRESHOLD
    signed = Metadata(root)
    for holder in signers["root"]:
        signed.sign(holder, append=True)
    _write(releases / "metadata" / "1.root.json", signed.to_bytes())
    _publish(releases=releases, keys=keys, targets=Targets(), now=now)


def add(*, releases: Path, keys: Path, version: str, files: list[Path], now: datetime) -> None:
    """Offers `files` as `version`; one for each system that has one. An older version than offered now is refused."""
    described: dict[str, dict[str, str | int]] = _described_already(releases, version)
    targets = _targets(releases)
    for file in files:
        data = _bytes(file)
        _write(releases / "targets" / file.name, data)
        targets.targets[file.name] = TargetFile.from_data(file.name, data)
        described[_system(file)] = {
            "file": file.name,
            "length": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
    channel = {"format": 1, "version": version, "published_on": str(date(now.year, now.month, now.day))}
    data = json.dumps({**channel, "files": described}, indent=1).encode()
    targets.targets[CHANNEL] = TargetFile.from_data(CHANNEL, data)
    _publish(releases=releases, keys=keys, targets=targets, now=now)
    _write(releases / "targets" / CHANNEL, data)


def refresh(*, releases: Path, keys: Path, now: datetime) -> None:
    """New dates on snapshot and timestamp, so that assistants do not take the list for a frozen one."""
    targets = _targets(releases)
    if targets.expires < now + LASTS["snapshot"]:
        _publish(releases=releases, keys=keys, targets=targets, now=now)
    else:
        _publish_snapshot(releases=releases, keys=keys, targets_version=targets.version, now=now)


def renew_root(*, releases: Path, keys: Path, replace: str | None, now: datetime) -> None:
    """The next root, which assistants reach from the one they were built with, version by version."""
    version = _version_of(releases, "root")
    if version == 0:
        raise CannotRelease(f"{releases} holds no releases yet: begin with `releases.py init`.")
    root = Metadata.from_file(str(releases / "metadata" / f"{version}.root.json")).signed
    assert isinstance(root, Root)
    held = sorted(keys.glob("root-*.pem"))
    if len(held) < ROOT_THRESHOLD:
        raise CannotRelease(f"{ROOT_THRESHOLD} root keys have to sign, and {keys} holds {len(held)}.")
    root.version, root.expires = version + 1, now + LASTS["root"]
    if replace:
        old = keys / f"{replace}.pem"
        old.unlink(missing_ok=True)
        for key_id in list(root.roles[replace].keyids):
            root.revoke_key(key_id, replace)
        root.add_key(_make_key(old).public_key, replace)
    signed = Metadata(root)
    for file in held:
        signed.sign(_load_key(file), append=True)
    _write(releases / "metadata" / f"{root.version}.root.json", signed.to_bytes())
    _publish(releases=releases, keys=keys, targets=_targets(releases), now=now)


def _publish(*, releases: Path, keys: Path, targets: Targets, now: datetime) -> None:
    targets.version = _version_of(releases, "targets") + 1
    targets.expires = now + LASTS["targets"]
    signed = _signed(Metadata(targets), keys / "targets.pem")
    _write(releases / "metadata" / f"{targets.version}.targets.json", signed)
    _publish_snapshot(releases=releases, keys=keys, targets_version=targets.version, now=now)


def _publish_snapshot(*, releases: Path, keys: Path, targets_version: int, now: datetime) -> None:
    """The timestamp is written last: until then everyone sees the list as it was."""
    version = _version_of(releases, "snapshot") + 1
    described = {"targets.json": _meta_file(releases / "metadata" / f"{targets_version}.targets.json", targets_version)}
    snapshot = Snapshot(version=version, expires=now + LASTS["snapshot"], meta=described)
    file = releases / "metadata" / f"{version}.snapshot.json"
    _write(file, _signed(Metadata(snapshot), keys / "snapshot.pem"))
    timestamp = Timestamp(version=_timestamp_version(releases) + 1, expires=now + LASTS["timestamp"])
    timestamp.snapshot_meta = _meta_file(file, version)
    _write(releases / "metadata" / "timestamp.json", _signed(Metadata(timestamp), keys / "timestamp.pem"))


def _meta_file(file: Path, version: int) -> MetaFile:
    return MetaFile.from_data(version, file.read_bytes(), ["sha256"])


def _signed(metadata: Metadata, key: Path) -> bytes:
    metadata.sign(_load_key(key))
    return bytes(metadata.to_bytes())


def _targets(releases: Path) -> Targets:
    """The newest signed list."""
    version = _version_of(releases, "targets")
    if version == 0:
        raise CannotRelease(f"{releases} holds no releases yet: begin with `releases.py init`.")
    found = Metadata.from_file(str(releases / "metadata" / f"{version}.targets.json")).signed
    assert isinstance(found, Targets)
    return found


def _version_of(releases: Path, role: str) -> int:
    numbers = [int(file.name.partition(".")[0]) for file in (releases / "metadata").glob(f"*.{role}.json")]
    return max(numbers, default=0)


def _timestamp_version(releases: Path) -> int:
    file = releases / "metadata" / "timestamp.json"
    return int(Metadata.from_file(str(file)).signed.version) if file.exists() else 0


def _described_already(releases: Path, version: str) -> dict[str, dict[str, str | int]]:
    """Other systems' files of this very version, which stay offered; an older version is refused."""
    channel = releases / "targets" / CHANNEL
    try:
        wanted = rules.version_key(version)
        if not channel.exists():
            return {}
        offered = rules.release_from_json(channel.read_bytes())
    except UpdateError as error:
        raise CannotRelease(str(error)) from None
    if wanted < rules.version_key(offered.version):
        raise CannotRelease(f"{offered.version} is offered already, and assistants refuse to go back to {version}.")
    return {key: asdict(file) for key, file in offered.files.items()} if offered.version == version else {}


def _system(file: Path) -> str:
    if file.suffix not in SYSTEMS:
        raise CannotRelease(f"{file.name} is no installer: .deb, .exe or .pkg are.")
    machine = "arm64" if "arm64" in file.name else "amd64"
    return SYSTEMS[file.suffix].format(machine=machine)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CannotRelease(f"{file} cannot be read: {error.strerror}.") from None


def _write(file: Path, data: bytes) -> None:
    """Whole or not at all: assistants may be reading."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    part.write_bytes(data)
    part.replace(file)


def _make_key(file: Path) -> CryptoSigner:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    passphrase = os.environ.get("ECONCIERGE_KEYS_PASSPHRASE", "").encode()
    protection = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    data = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection
    )
    try:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(data)
    except FileExistsError:
        raise CannotRelease(f"{file} exists; a key is never overwritten.") from None
    return _load_key(file)


def _load_key(file: Path) -> CryptoSigner:
    passphrase = os.environ.get("ECONCIERGE_KEYS_PASSPHRASE", "").encode() or None
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), passphrase)
    except OSError as error:
        raise CannotRelease(f"the key {file} cannot be read: {error.strerror}.") from None
    except (TypeError, ValueError):
        raise CannotRelease(f"the key {file} needs its passphrase in ECONCIERGE_KEYS_PASSPHRASE.") from None
    assert isinstance(key, Ed25519PrivateKey)
    return CryptoSigner(key)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="releases", description="Signs what assistants update themselves from.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, said in (
        ("init", "new keys, an empty list"),
        ("add", "offer installers"),
        ("refresh", "renew the dates"),
        ("renew-root", "another year for the root, another key for a role"),
    ):
        each = commands.add_parser(name, help=said)
        each.add_argument("--releases", type=Path, required=True, metavar="DIR")
        each.add_argument("--keys", type=Path, required=True, metavar="DIR")
        if name == "renew-root":
            each.add_argument("--replace", choices=("targets", "snapshot", "timestamp"))
        if name == "add":
            each.add_argument("--version", required=True)
            each.add_argument("files", type=Path, nargs="+", metavar="FILE")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
