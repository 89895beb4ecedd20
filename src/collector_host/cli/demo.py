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
    from collections.abc import Iterator
    from types import FrameType

    from collector_host.cli.demo_feeds import Verdict


DUPLICATES_MAX = 5_700
"""One window, one page and one part of a pull, with the default settings.

Source: docs/delivery.md.
"""


@click.command()
@click.option(
    "--events",
    type=click.IntRange(min=1),
    default=1500,
    show_default=True,
    help="Events each source serves.",
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
    """Watch audit events travel to a Devo relay, without any account.

    Emulators of the ActionTrail API and of a Log Store serve generated events and
    check every signature; the collector pulls both with the vendor's SDKs and
    delivers them over mutual TLS with devo-sdk; a relay keeps a ledger of what it
    stored. At the end the ledgers are compared.
    """
    console = Console(stderr=False)
    _end_on_signals()
    with tempfile.TemporaryDirectory(prefix="collector-demo-") as temporary:
        folder = _empty(keep) if keep else Path(temporary)
        with DemoRun(folder, events=events, seed=seed, say=console.print) as run:
            verdicts, elapsed_s = run.until_delivered(kill=kill)
        console.print(_table(verdicts, elapsed_s, kill=kill))
    sys.exit(0 if all(verdict.is_good for verdict in verdicts) else 1)


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


def _table(verdicts: list[Verdict], elapsed_s: float, *, kill: bool) -> Table:
    table = Table(title="The ledgers compared", title_justify="left")
    table.add_column("What")
    for verdict in verdicts:
        table.add_column(verdict.title, justify="right")
    table.add_column("Told by")
    for what, told_by, numbers in _rows(verdicts):
        table.add_row(what, *numbers, told_by)
    calls = sum(verdict.calls for verdict in verdicts)
    table.caption = f"in {elapsed_s:.1f} seconds, {calls} calls"
    if kill:
        table.caption += (
            f"; promised after a kill: at most {DUPLICATES_MAX:,} duplicates"
        )
    return table


def _rows(verdicts: list[Verdict]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield what is told, by whom, and the numbers of each feed."""
    compared = [verdict.comparison for verdict in verdicts]
    yield "held by the source", "this demo", [f"{one.held:,}" for one in verdicts]
    yield "served", "ledger of the emulator", [f"{one.served:,}" for one in compared]
    yield "delivered", "ledger of the relay", [f"{one.delivered:,}" for one in compared]
    yield (
        "duplicates",
        "ledger of the relay",
        [f"{one.duplicates:,}" for one in compared],
    )
    yield "altered", "SHA-256 in both", [f"{one.altered:,}" for one in compared]
    yield "lost", "both ledgers", [_lost(verdict) for verdict in verdicts]


def _lost(verdict: Verdict) -> str:
    style = "bold green" if verdict.is_good else "bold red"
    return f"[{style}]{verdict.lost:,}[/]"
