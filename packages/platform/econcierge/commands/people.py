"""`econcierge add-operator`: the first person of a fresh installation, who invites the others."""

from __future__ import annotations

import json
import secrets

import click

from econcierge.commands import setting


@click.command("add-operator")
@click.argument("email")
@click.option("--name", default="", help="What the person is called.")
@click.option("--language", type=click.Choice(["fr-ca", "en-ca"]), default="fr-ca", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def add_operator(email: str, name: str, language: str, as_json: bool) -> None:
    """Give EMAIL the programme operator's role; a new person's password is made here and printed once."""
    setting.start_migrated_django()
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from econcierge.accounts import operations, scoping
    from econcierge.accounts.models import User
    from econcierge.accounts.types import Role, Scope

    try:
        validate_email(email)
    except ValidationError as refused:
        raise click.BadParameter(f"{email!r} is no e-mail address.") from refused
    password = secrets.token_urlsafe(12)
    with scoping.transaction_as(Scope.everything()):
        is_new = not User.objects.filter(email__iexact=email).exists()
        operations.add_person(
            email=email, name=name, language=language, role=Role.OPERATOR_ADMIN, password=password if is_new else None
        )
    if as_json:
        click.echo(json.dumps({"email": email, "password": password if is_new else None}))
    elif is_new:
        click.echo(f"{email} may sign in as the programme's operator. Password, shown this once: {password}")
    else:
        click.echo(f"{email} is known already and now has the operator's role; the password stays.")
