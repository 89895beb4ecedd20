"""`collector state import`: the genuine SDK's states, for the configured store."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from collector_host.cli.chosen import choosing
from collector_host.cli.start import STATE_UNUSABLE
from collector_host.errors import StateError
from collector_host.runtime.blueprints import blueprints
from collector_host.runtime.stores import addresses, open_lasting_store
from collector_host.state.importing import ImportingStore
from collector_host.state.legacy import LegacyFiles
from collector_host.state.store import StateStore
from devocollectorsdk.commons.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collector_host.cli.chosen import Chosen

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command("import")
@click.argument("directory", type=_FOLDER)
@choosing
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, file_okay=False),
    help="State directory to write; by default the configured store.",
)
def import_states(directory: Path, chosen: Chosen, target: Path | None) -> None:
    """Take over what the genuine SDK saved in DIRECTORY for the configured modules.

    The collector must not run. DIRECTORY is only read; a module that has a state
    already keeps it. Exit code 3 when a state cannot be taken over.
    """
    out = sys.stdout
    # A project's folder is about to become the working directory.
    directory, target = directory.absolute(), target and target.absolute()
    with chosen.exit_codes():
        config, classes = chosen.load()
        clock = SystemClock()
        files = LegacyFiles(directory, config.settings.id)
        store = (
            StateStore(target, clock) if target else open_lasting_store(config, clock)
        )
        owners = [one.owner_name for one in blueprints(config, classes)]
        with closing(ImportingStore(store, addresses(config), (files,))) as importing:
            failed = _take_over(importing, owners, out)
    sys.exit(STATE_UNUSABLE if failed else 0)


def _take_over(store: ImportingStore, owners: Iterable[str], out: TextIO) -> int:
    """Say for every owner what was done; return how many failed."""
    failed = 0
    for owner in owners:
        try:
            if store.knows(owner):
                click.echo(f"kept     {owner}: it has a state already", out)
            elif found := store.take_over(owner):
                click.echo(f"imported {owner} from {found.place}", out)
            else:
                click.echo(f"nothing  {owner}: no state found", out)
        except StateError as error:
            failed += 1
            click.echo(f"FAILED   {owner}: {error}", out)
    return failed
