"""`econcierge-assistant`: run the monitoring service, pair it, ask how it is.

Exit status: 0 done, 1 failed with a reason, 2 bad usage.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from econcierge_assistant.service import (
    connecting,
    doctor,
    errors,
    face_client,
    keyring_child,
    loop,
    pairing,
    settings,
    status,
    texts,
    vault,
)
from econcierge_assistant.service.install import command as installing
from econcierge_assistant.service.install import windows
from econcierge_printers import clock

_NOT_SETTINGS = frozenset(
    {"command", "config", "token_stdin", "invitation", "handle", "check", "root", "kept_in", "language", "json"}
)
_TO_CHECK = {"en": "CHECK", "fr": "À VOIR"}
_SLIPS = tuple(
    (re.compile(pattern, re.DOTALL), code)
    for pattern, code in (
        (r"the following arguments are required: (?P<names>.+)", "usage_required"),
        (r"unrecognized arguments: (?P<names>.+)", "usage_unknown"),
        (r"argument (?P<name>.+?): expected one argument", "usage_no_value"),
        (r"argument (?P<name>.+?): invalid choice: (?P<value>.+) \(choose from (?P<known>.+)\)", "usage_choice"),
        (r"ambiguous option: (?P<name>.+) could match (?P<known>.+)", "usage_ambiguous"),
    )
)


def main(argv: Sequence[str] | None = None) -> int:
    try:
        arguments = _parser().parse_args(argv)
        return int(arguments.handle(arguments))
    except errors.AssistantError as error:
        _say(error.said.here())
        return 2 if isinstance(error, errors.BadSettings) else 1


def _run(arguments: argparse.Namespace) -> int:
    chosen = _settings(arguments)
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", force=True
    )
    loop.run(chosen=chosen, now=clock.clock_from_environment())
    return 0


def _windows_service(arguments: argparse.Namespace) -> int:
    from econcierge_assistant.service.install import windows_service  # ctypes is loaded by this command only

    def work() -> int:
        windows_service.prepare(_settings(arguments).data)
        return _run(arguments)

    return windows_service.run(work)


def _doctor(arguments: argparse.Namespace) -> int:
    found = []
    for finding in doctor.examine(chosen=_settings(arguments), now=clock.clock_from_environment()):
        found.append(finding)
        if not arguments.json:
            mark = "ok   " if finding.well else _TO_CHECK[arguments.language]
            print(mark, finding.sentence(arguments.language), flush=True)  # noqa: T201
    well = all(finding.well for finding in found)
    if arguments.json:
        whole = {"format": 1, "well": well, "findings": [finding.as_json() for finding in found]}
        print(json.dumps(whole, ensure_ascii=False, indent=1))  # noqa: T201
    return 0 if well else 1


def _status(arguments: argparse.Namespace) -> int:
    chosen = _settings(arguments)
    known = status.report(data=chosen.data, site=chosen.site)
    known["service"] = face_client.status(data=chosen.data, environment=os.environ)  # null when it does not run
    print(json.dumps(known, indent=1, ensure_ascii=False))  # noqa: T201
    return 0


def _pair(arguments: argparse.Namespace) -> int:
    chosen = _settings(arguments)
    if not chosen.server:
        raise errors.BadSettings(texts.said("server_missing"))
    if arguments.token_stdin:
        connecting.with_token(chosen=chosen, text=sys.stdin.readline(pairing.TOKEN_CHARACTERS + 2), tell=_tell)
        return 0
    try:
        connecting.with_code(chosen=chosen, invitation=arguments.invitation, tell=_tell)
    except KeyboardInterrupt:
        _say(texts.said("pair_stopped").here())
        return 1
    return 0


def _unpair(arguments: argparse.Namespace) -> int:
    connecting.undo(chosen=_settings(arguments), tell=_tell)
    return 0


def _keyring(arguments: argparse.Namespace) -> int:
    return keyring_child.main(arguments.action, arguments.account)


def _update(arguments: argparse.Namespace) -> int:
    from econcierge_assistant.updates import command, installing  # python-tuf is loaded by this command only

    chosen = _settings(arguments)
    server = chosen.server or settings.paired(chosen).server
    return command.run(
        server=server,
        kept_in=arguments.kept_in or installing.folder(data=chosen.data),
        language=arguments.language,
        check_only=arguments.check,
        root_file=arguments.root,
    )


def _settings(arguments: argparse.Namespace) -> settings.Settings:
    given: dict[str, Any] = {name: value for name, value in vars(arguments).items() if name not in _NOT_SETTINGS}
    return settings.load(given=given, file=arguments.config)


def _parser() -> argparse.ArgumentParser:
    parser = _OneSentence(
        prog="econcierge-assistant",
        description="Finds the printers of this network, reads their supplies and reports what changed.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="work until stopped")
    check = commands.add_parser("doctor", help="look at everything the service needs and say what to do")
    show = commands.add_parser("status", help="what is known and what waits, as JSON")
    pair = commands.add_parser("pair", help="connect this computer: shows a code to approve in the portal")
    unpair = commands.add_parser("unpair", help="forget the platform and this computer's token")
    newer = commands.add_parser("update", help="look for a newer version, check its signatures and install it")
    handles = (_run, _doctor, _status, _pair, _unpair, _update)
    for each, handle in zip((run, check, show, pair, unpair, newer), handles, strict=True):
        each.set_defaults(handle=handle)
        _common(each)
    for each in (run, check):
        _network(each)
    newer.add_argument("--check", action="store_true", help="only say what could be installed")
    newer.add_argument("--root", type=Path, metavar="FILE", help="the key to trust, instead of the built-in one")
    newer.add_argument("--kept-in", type=Path, metavar="DIR", help="where what was fetched and is trusted lies")
    for each in (newer, check):
        each.add_argument(
            "--language", choices=("en", "fr"), default=texts.language_here(), help="by default the system's"
        )
    check.add_argument("--json", action="store_true", help="one JSON object, in both languages")
    pair.add_argument("--invitation", metavar="CODE", help="the code from your dealer's invitation")
    pair.add_argument("--token-stdin", action="store_true", help="read a token (`econcierge pair`) from standard input")
    installing.add_to(commands)
    managed = commands.add_parser(windows.COMMAND)
    managed.set_defaults(handle=_windows_service)
    for add in (_common, _network):
        add(managed)
    keyring = commands.add_parser(vault.COMMAND)
    keyring.set_defaults(handle=_keyring)
    keyring.add_argument("action", choices=("put", "get", "remove"))
    keyring.add_argument("account")
    return parser


class _OneSentence(argparse.ArgumentParser):
    """Bad usage in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {_usage(message)}\n")


def _usage(message: str) -> str:
    """What argparse says, in this computer's language where it is one of the everyday slips."""
    for pattern, code in _SLIPS:
        if (found := pattern.fullmatch(message)) is not None:
            return texts.said(code, **found.groupdict()).here()
    return message


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise errors.BadSettings(texts.said("must_be_number", name=name)) from None


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="settings in TOML; by default assistant.toml in DIR"
    )
    parser.add_argument("--data", metavar="DIR", help="where spool, printers and token are kept")
    parser.add_argument("--server", metavar="URL", help="the platform's address")
    parser.add_argument("--insecure-http", action="store_const", const=True, help="allow an address without TLS")
    parser.add_argument("--ca-file", metavar="FILE", help="trust the certificates in FILE (PEM), not the system's")
    parser.add_argument("--proxy", metavar="URL", help="reach the platform through this proxy (else HTTPS_PROXY)")
    parser.add_argument("--site", metavar="NAME", help="a name for this place, shown in the log and by `status`")


def _network(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--token", help="the token itself (others on this computer may see it; prefer --token-file)")
    parser.add_argument("--token-file", metavar="FILE", help="a file with the token, readable by its owner only")
    parser.add_argument("--range", action="append", metavar="R", help="CIDR, first-last or host[:port]; repeatable")
    parser.add_argument("--community", action="append", metavar="C", help="SNMP community to try; repeatable")
    for name, unit, told in (
        ("--interval-s", "S", "seconds between two readings (900)"),
        ("--discovery-interval-s", "S", "seconds between two searches (86400)"),
        ("--heartbeat-h", "H", "tell an unchanged printer after H hours (6)"),
        ("--rate-pps", "N", "at most N packets a second while searching (500)"),
    ):
        parser.add_argument(name, type=partial(_number, name), metavar=unit, help=told)


def _tell(said: texts.Said) -> None:
    print(said.here(), flush=True)  # noqa: T201


def _say(sentence: str) -> None:
    sys.stderr.write(f"econcierge-assistant: {sentence}\n")


if __name__ == "__main__":
    sys.exit(main())
