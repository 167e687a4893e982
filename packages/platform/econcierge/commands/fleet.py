"""`econcierge pair`: lets a computer report for a site. Its token is printed this once."""

from __future__ import annotations

import json

import click

from econcierge.commands import setting


@click.command()
@click.option("--customer", required=True, metavar="SLUG", help="The customer whose printers it reads.")
@click.option("--site", metavar="SLUG", help="The site where it stands; needed where the customer has several.")
@click.option("--name", default="Supplies Assistant", show_default=True, help="What people call this computer.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def pair(customer: str, site: str | None, name: str, as_json: bool) -> None:
    """Pair an assistant from the server side and print its token once."""
    setting.start_migrated_django()
    from econcierge.core.errors import EconciergeError

    try:
        paired = _paired(customer=customer, site=site, name=name)
    except EconciergeError as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(paired) if as_json else paired["token"])


def _paired(*, customer: str, site: str | None, name: str) -> dict[str, str]:
    from econcierge.accounts import scoping
    from econcierge.accounts.types import Scope
    from econcierge.core import clock
    from econcierge.fleet import operations, queries

    scope = Scope.everything()
    with scoping.transaction_as(scope):
        place = queries.site_named(scope, customer_slug=customer, site_slug=site)
        assistant, token = operations.pair_assistant(customer=place.customer, site=place, name=name, now=clock.now())
    return {"customer": place.customer.slug, "site": place.slug, "assistant": assistant.name, "token": token}
