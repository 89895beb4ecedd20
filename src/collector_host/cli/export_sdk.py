"""`collector export-sdk`: a plugin as a project of the Devo Collector SDK."""

from __future__ import annotations

from pathlib import Path

import click

from collector_host.cli.start import exit_codes
from collector_host.exporting.offer import find_offer
from collector_host.exporting.project import build_project
from collector_host.exporting.writing import write_project


@click.command("export-sdk")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--plugin", metavar="NAME", help="Installed plugin, by its entry point.")
@click.option(
    "--force", is_flag=True, help="Write into a folder that holds something already."
)
def export_sdk(folder: Path, plugin: str | None, *, force: bool) -> None:
    """Write a plugin as a collector project in the Devo Collector SDK's layout.

    DIR is made if it does not exist. The README.md in it says what to do next.
    """
    with exit_codes():
        files = build_project(find_offer(plugin))
        try:
            if folder.exists() and any(folder.iterdir()) and not force:
                message = f"{folder} is not empty: nothing was written"
                raise click.UsageError(
                    message + "; --force writes into it all the same"
                )
            kept = write_project(folder, files)
        except OSError as error:
            message = f"{folder} cannot be written: {error}"
            raise click.UsageError(message) from error
        for path in kept:
            click.echo(f"kept    {folder / path}: it is yours")
        click.echo(f"ok      {len(files) - len(kept)} files in {folder}")
