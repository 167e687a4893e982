"""What every command on the database begins with."""

from __future__ import annotations

import click

from econcierge.launch import django_here
from econcierge.launch.errors import CannotStart


def start_django() -> None:
    """Django ready until the command ends; where that cannot be, one sentence and exit status 1."""
    try:
        click.get_current_context().with_resource(django_here.django_ready())
    except CannotStart as problem:
        raise click.ClickException(str(problem)) from problem


def start_migrated_django() -> None:
    """The same, for commands that need the tables to be there."""
    start_django()
    from django.db import connection

    if "accounts_customer" not in connection.introspection.table_names():
        raise click.ClickException("The database is empty still. `make run` fills it; run that once first.")
