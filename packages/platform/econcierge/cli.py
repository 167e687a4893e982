"""The `econcierge` command: one group a room, each in `commands/`, loaded when it is asked for."""

from __future__ import annotations

import importlib
import os
from typing import Any

import click

# name -> module under econcierge.commands and the command in it
COMMANDS = {
    "coverage": "coverage:coverage",
    "catalogue": "catalogue:catalogue",
    "prices": "catalogue:prices",
    "add-operator": "people:add_operator",
    "bounces": "bounces:bounces",
    "pair": "fleet:pair",
    "demo": "demo:demo",
    "detect": "detect:detect",
    "forecast": "forecast:forecast",
    "demo-seed": "demo:seed",
    "run": "run:run",
}


class LazyGroup(click.Group):
    """Imports a command's module only when it is used, so that `coverage decide` never starts Django."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: Any = getattr(importlib.import_module(f"econcierge.commands.{module}"), name)
        return command


@click.command(cls=LazyGroup)
def main() -> None:
    """econcierge: offices print without thinking about it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "econcierge.config.settings")


if __name__ == "__main__":
    main()
