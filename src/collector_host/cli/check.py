"""`collector check`: every mistake before the first event."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from collector_host.cli.start import config_option, exit_codes, leave, load_all
from collector_host.runtime.outputs import output_warnings
from collector_host.runtime.preflight import preflight
from devocollectorsdk.commons.clock import SystemClock

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@config_option
@click.option(
    "--offline", is_flag=True, help="Check the files only, and connect to nothing."
)
def check(path: Path | None, *, offline: bool) -> None:
    """Check the configuration, then try every service and output once.

    A try asks each service for one event and closes an empty connection to each
    output. Nothing is delivered, no position moves.
    """
    with exit_codes():
        config, plugins = load_all(path)
        click.echo(f"ok      configuration {config.file}")
        failed = 0
        if not offline:
            for warning in output_warnings(config, datetime.now(UTC)):
                click.echo(f"WARNING {warning}")
            for result in preflight(config, plugins, SystemClock()):
                word = "ok" if result.passed else "FAILED"
                failed += not result.passed
                click.echo(f"{word:<7} {result.subject}: {result.detail}")
    leave(1 if failed else 0)
