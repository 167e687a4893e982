"""`econcierge catalogue` and `econcierge prices`: CSV in and out, all or nothing, every bad line named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from econcierge.commands import setting

if TYPE_CHECKING:
    from econcierge.catalogue.types import Imported

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
dry_run_option = click.option("--dry-run", is_flag=True, help="Check everything, change nothing.")


@click.group()
def catalogue() -> None:
    """Printer models, supplies and what fits what."""


@catalogue.command(name="import")
@click.option("--models", type=FILE, help="models.csv")
@click.option("--supplies", type=FILE, help="supplies.csv")
@click.option("--fits", type=FILE, help="fits.csv")
@click.option("--starter", is_flag=True, help="The catalogue that comes with the product.")
@dry_run_option
@as_json_option
def import_(
    models: Path | None, supplies: Path | None, fits: Path | None, starter: bool, dry_run: bool, as_json: bool
) -> None:
    """Take in models, supplies and fits: all of it, or nothing and every bad line."""
    setting.start_migrated_django()
    from econcierge.accounts import scoping
    from econcierge.accounts.types import Scope
    from econcierge.catalogue import operations
    from econcierge.catalogue import starter as starter_files

    if starter == any((models, supplies, fits)):
        raise click.UsageError("give --starter, or at least one of --models, --supplies and --fits")
    names = ("models.csv", "supplies.csv", "fits.csv")
    files = [starter_files.file(name) for name in names] if starter else [_file(p) for p in (models, supplies, fits)]
    with scoping.transaction_as(Scope.everything()):
        try:
            done = operations.import_catalogue(models=files[0], supplies=files[1], fits=files[2], is_dry_run=dry_run)
        except operations.BadFile as refused:
            raise _refused(refused) from refused
    _answer(done, dry_run=dry_run, as_json=as_json)


@catalogue.command()
@click.argument("folder", type=FOLDER, metavar="DIR")
@as_json_option
def export(folder: Path, as_json: bool) -> None:
    """Write models.csv, supplies.csv and fits.csv into DIR, as `import` reads them."""
    setting.start_migrated_django()
    from econcierge.accounts import scoping
    from econcierge.accounts.types import Scope
    from econcierge.catalogue import queries

    with scoping.transaction_as(Scope.everything()):
        lines = queries.export(folder)
    if as_json:
        click.echo(json.dumps(lines))
        return
    for name, count in lines.items():
        click.echo(f"{folder / name}: {count} lines")


@click.group()
def prices() -> None:
    """Dealers' price lists."""


@prices.command(name="import")
@click.option("--dealer", "slug", required=True, help="The dealer's short name.")
@click.argument("file", type=FILE)
@dry_run_option
@as_json_option
def import_prices(slug: str, file: Path, dry_run: bool, as_json: bool) -> None:
    """Take in a dealer's price list; a new price ends the one before on its first day."""
    setting.start_migrated_django()
    from econcierge.accounts import scoping
    from econcierge.accounts.models import Dealer
    from econcierge.accounts.types import Scope
    from econcierge.catalogue import operations
    from econcierge.core import clock

    with scoping.transaction_as(Scope.everything()):
        dealer = Dealer.objects.filter(slug=slug).first()
        if dealer is None:
            raise click.ClickException(f"there is no dealer {slug!r}")
        try:
            done = operations.import_prices(
                dealer=dealer, prices=(file.name, file.read_bytes()), now=clock.now(), is_dry_run=dry_run
            )
        except operations.BadFile as refused:
            raise _refused(refused) from refused
    _answer(done, dry_run=dry_run, as_json=as_json)


def _file(path: Path | None) -> tuple[str, bytes] | None:
    return None if path is None else (path.name, path.read_bytes())


def _refused(refused: Exception) -> click.ClickException:
    lines = [str(bad) for bad in getattr(refused, "bad_lines", ())]
    return click.ClickException("\n".join(["nothing was imported.", *lines]))


def _answer(done: Imported, *, dry_run: bool, as_json: bool) -> None:
    counts = {"models": done.models, "supplies": done.supplies, "fits": done.fits, "prices": done.prices}
    counts = {name: count for name, count in counts.items() if count}
    if as_json:
        click.echo(json.dumps(counts | {"dry_run": dry_run}))
        return
    said = ", ".join(f"{count} {name}" for name, count in counts.items())
    click.echo(f"would import {said}; nothing was changed" if dry_run else f"imported {said}")
