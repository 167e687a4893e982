"""`econcierge run`: the whole product on this machine."""

from __future__ import annotations

import sys

import click

from econcierge.launch import run as launcher


@click.command()
def run() -> None:
    """Start everything, until Ctrl-C. PORT, DEMO and DATABASE_URL choose where and what."""
    sys.exit(launcher.main())
