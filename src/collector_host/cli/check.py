"""`collector check`: every mistake before the first event."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click

from collector_host.cli.chosen import choosing
from collector_host.cli.start import leave
from collector_host.runtime.lookup_use import lookup_warnings
from collector_host.runtime.outputs import output_warnings
from collector_host.runtime.preflight import preflight
from devocollectorsdk.commons.clock import SystemClock

if TYPE_CHECKING:
    from collector_host.cli.chosen import Chosen


FAILED: Final = 1


@click.command()
@choosing
@click.option(
    "--offline", is_flag=True, help="Check the files only, and connect to nothing."
)
def check(chosen: Chosen, *, offline: bool) -> None:
    """Check the configuration, then try every service and output once.

    A try asks each service for one event and closes an empty connection to each
    output. Nothing is delivered, no position moves.

    Of a project all classes are looked for, too; its services are tried by their
    setups.
    """
    out = sys.stdout
    with chosen.exit_codes():
        config, classes = chosen.load(with_classes=True)
        click.echo(f"ok      configuration {config.file}", out)
        failed = 0
        warnings = [] if offline else output_warnings(config, datetime.now(UTC))
        if chosen.project or not offline:
            warnings += lookup_warnings(config, classes)
        for warning in warnings:
            click.echo(f"WARNING {warning}", out)
        if not offline:
            for result in preflight(config, classes, SystemClock()):
                word = "ok" if result.passed else "FAILED"
                failed += not result.passed
                click.echo(f"{word:<7} {result.subject}: {result.detail}", out)
    leave(FAILED if failed else 0)
