"""`collector new config`: a configuration with a comment for every setting."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from collector_host.cli.published import as_text, installed, unknown, write
from collector_host.cli.start import exit_codes
from collector_host.config.published import USER_CONFIG
from collector_host.config.starting import (
    offered_services,
    output_types,
    starting_config,
)

SCHEMA_FILE: Final = "collector-config.schema.json"
"""Name of the schema that is written beside the configuration."""
_PRIVATE: Final = 0o600


@click.command()
@click.option(
    "--service",
    "services",
    metavar="NAME",
    multiple=True,
    help="Service to collect; may be repeated. By default the first one installed.",
)
@click.option(
    "--output-type",
    metavar="TYPE",
    default="devo_platform",
    show_default=True,
    help="Type of the output.",
)
@click.option(
    "--output",
    "-o",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write instead of standard output.",
)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def config(
    services: tuple[str, ...], output_type: str, file: Path | None, *, force: bool
) -> None:
    """Write a configuration with a comment for every setting.

    What must be filled in is empty; `collector check --offline` names it. With
    --output the schema is written beside the file, so that editors with a YAML
    language server complete and explain settings.
    """
    with exit_codes():
        published = installed()
        schema = published.user_schema()
        offered = offered_services(schema)
        for name in services:
            if name not in offered:
                raise unknown(name, offered, kind="service")
        if output_type not in output_types(schema):
            raise unknown(output_type, output_types(schema), kind="output type")
        text = starting_config(
            schema,
            services=services or list(offered)[:1],
            output_type=output_type,
            schema_file=SCHEMA_FILE,
            now=datetime.now(UTC),
        )
        if file is None:
            click.echo(text, nl=False)
            return
        if file.exists() and not force:
            message = f"{file} exists: nothing was written; --force replaces it"
            raise click.UsageError(message)
        beside = file.parent / SCHEMA_FILE
        write(file, text, mode=_PRIVATE)
        write(beside, as_text(published.schema(USER_CONFIG)))
        click.echo(f"ok      {file}: fill in what collector check --offline names")
        click.echo(f"ok      {beside}: for editors")
