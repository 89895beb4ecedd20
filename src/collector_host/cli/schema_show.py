"""`collector schema list` and `collector schema show`."""

from __future__ import annotations

from pathlib import Path

import click

from collector_host.cli.published import as_text, installed, unknown, write
from collector_host.cli.start import exit_codes


@click.command("list")
def list_schemas() -> None:
    """List the schemas, each with what it describes."""
    with exit_codes():
        published = installed()
        width = max(map(len, published.ids))
        for name, schema_id in published.ids.items():
            title = published.contents[schema_id].get("title", "")
            click.echo(f"{name:<{width}}  {title}")


@click.command()
@click.argument("name")
@click.option(
    "--output",
    "-o",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write instead of standard output.",
)
def show(name: str, file: Path | None) -> None:
    """Print a schema that needs no other file.

    NAME is one of `collector schema list`. `config` describes a whole configuration
    as users write it, with the settings of every installed service.
    """
    with exit_codes():
        published = installed()
        if name not in published.ids:
            raise unknown(name, published.ids, kind="schema")
        text = as_text(published.schema(name))
        if file is None:
            click.echo(text, nl=False)
        else:
            write(file, text)
