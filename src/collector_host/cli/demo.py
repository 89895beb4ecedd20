"""`collector demo`: the whole path on emulators, judged by their two ledgers."""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from collector_host.cli.demo_run import DemoRun

if TYPE_CHECKING:
    from types import FrameType

    from collector_host.cli.demo_run import Verdict


DUPLICATES_MAX = 5_050
"""One window and one page, with the default settings. Source: docs/delivery.md."""


@click.command()
@click.option(
    "--events",
    type=click.IntRange(min=1),
    default=1500,
    show_default=True,
    help="Events to serve.",
)
@click.option("--seed", default=1, show_default=True, help="Seed of the events.")
@click.option(
    "--kill", is_flag=True, help="Kill the collector in mid-delivery, start it again."
)
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for configuration, certificates, state and ledgers; kept.",
)
def demo(*, events: int, seed: int, kill: bool, keep: Path | None) -> None:
    """Watch ActionTrail events travel to a Devo relay, without any account.

    An emulator serves generated events and checks every signature; the collector
    pulls them with the vendor's SDK and delivers them over mutual TLS with devo-sdk;
    a relay keeps a ledger of what it stored. At the end both ledgers are compared.
    """
    console = Console(stderr=False)
    _end_on_signals()
    with tempfile.TemporaryDirectory(prefix="collector-demo-") as temporary:
        folder = _empty(keep) if keep else Path(temporary)
        with DemoRun(folder, events=events, seed=seed, say=console.print) as run:
            verdict = run.until_delivered(kill=kill)
        console.print(_table(verdict, kill=kill))
    sys.exit(0 if verdict.is_good else 1)


def _empty(folder: Path) -> Path:
    """Return the folder, made if missing; ledgers of an earlier run would count."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_empty = not any(folder.iterdir())
    except OSError as error:
        message = f"{folder} cannot be used: {error.strerror}"
        raise click.BadParameter(message, param_hint="--keep") from error
    if not is_empty:
        message = f"{folder} is not empty: name a new folder"
        raise click.BadParameter(message, param_hint="--keep")
    return folder.absolute()


def _end_on_signals() -> None:
    """Leave by the usual way, so that nothing this demo started goes on."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        sys.exit(1)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)


def _table(verdict: Verdict, *, kill: bool) -> Table:
    comparison = verdict.comparison
    table = Table(title="Both ledgers compared", title_justify="left")
    table.add_column("What")
    table.add_column("Events", justify="right")
    table.add_column("Told by")
    table.add_row("held by the source", f"{verdict.held:,}", "this demo")
    table.add_row("served", f"{comparison.served:,}", "ledger of the emulator")
    table.add_row("delivered", f"{comparison.delivered:,}", "ledger of the relay")
    table.add_row("duplicates", f"{comparison.duplicates:,}", "ledger of the relay")
    table.add_row("altered", f"{comparison.altered:,}", "SHA-256 in both")
    style = "bold green" if verdict.is_good else "bold red"
    table.add_row("lost", f"[{style}]{verdict.lost:,}[/]", "both ledgers")
    table.caption = f"in {verdict.elapsed_s:.1f} seconds, {verdict.calls} calls"
    if kill:
        table.caption += (
            f"; promised after a kill: at most {DUPLICATES_MAX:,} duplicates"
        )
    return table
