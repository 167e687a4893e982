"""Django on this folder's database, for a command that a person types."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from econcierge.launch import plan, postgres, services


@contextmanager
def django_ready() -> Iterator[None]:
    """Django set up. A server that runs here is shared; one that does not is started for as long as the block lasts.

    Whoever set the addresses in the environment is taken at their word. Raises `CannotStart`.
    """
    import django

    if postgres.APP_VARIABLE in os.environ:
        django.setup()
        yield
        return
    chosen = plan.make(os.environ)
    before = dict(os.environ)
    with _database(chosen) as database:
        os.environ.update(services.environment(chosen, database))
        try:
            django.setup()
            yield
        finally:
            # What was told to Django is not for whoever runs in this process afterwards.
            os.environ.clear()
            os.environ.update(before)


@contextmanager
def _database(chosen: plan.Plan) -> Iterator[postgres.Addresses]:
    if chosen.database_url is not None:
        yield postgres.prepare_external(chosen.database_url, app_url=chosen.database_app_url)
        return
    with postgres.running(chosen.places.postgres, secrets=chosen.places.secrets) as server:
        yield server.addresses()
