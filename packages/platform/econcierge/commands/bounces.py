"""`econcierge bounces`: takes in mail that came back, from a maildir or standard input."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from econcierge.commands import setting


@click.command("bounces")
@click.option(
    "--in", "source", required=True,
    help="A maildir, whose new messages are read and then marked as seen, or - for one message on standard input.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def bounces(source: str, as_json: bool) -> None:
    """Read delivery status notifications (RFC 3464): addresses that do not exist any more are set aside, and shown."""
    maildir = None if source == "-" else Path(source)
    if maildir is not None and not (maildir / "new").is_dir():
        raise click.BadParameter(f"{source} is no maildir: it has no folder “new”.", param_hint="--in")
    setting.start_migrated_django()
    read = taken = 0
    for raw in [sys.stdin.buffer.read()] if maildir is None else _unseen(maildir):
        read += 1
        taken += _taken(raw)
    if as_json:
        click.echo(json.dumps({"read": read, "returned": taken}))
    else:
        click.echo(f"{read} read, {taken} of our messages came back for good.")


def _taken(raw: bytes) -> int:
    """How many of our messages it tells of; each is recorded in a transaction of its own."""
    from econcierge.accounts import scoping
    from econcierge.accounts.types import Scope
    from econcierge.core import clock
    from econcierge.notifications import bounces as reports
    from econcierge.notifications import operations

    found = 0
    for bounce in reports.read(raw):
        with scoping.transaction_as(Scope.everything()):
            found += operations.record_bounce(bounce=bounce, now=clock.now())
    return found


def _unseen(maildir: Path) -> Iterator[bytes]:
    """Each new message once; after it was taken in it lies in "cur", seen, so that a repeat does no harm."""
    for path in sorted((maildir / "new").iterdir()):
        if not path.is_file():
            continue
        yield path.read_bytes()
        (maildir / "cur").mkdir(exist_ok=True)
        path.rename(maildir / "cur" / f"{path.name}:2,S")
