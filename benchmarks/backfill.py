"""A quarter of a year is read again: quota used, memory, time, in virtual time.

The collector is the real one, in this process; its clock is virtual, its service makes
events on demand, its receiver counts them. The figures of time are of this machine, the
others hold anywhere.
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from measuring.surroundings import surroundings
from rich.console import Console
from rich.table import Table

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests"))  # the campaign's stage, shared with the tests

from support.long_work import PAGE_EVENTS, LongWork, Process, backfill, resident_mib  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

DAYS: Final = 90
SAMPLES: Final = 20
LATEST: Final = Path(__file__).parent / "results" / "backfill.json"


@click.command()
@click.option("--events", default=500_000, show_default=True, help="Events to read.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=LATEST,
    help="File for machine, versions and figures.",
)
def run(*, events: int, output: Path) -> None:
    """Read 90 days at two calls a second, killed four times and stopped four times.

    A million events take about five minutes of one core.
    """
    logging.disable(logging.CRITICAL)
    report: dict[str, Any] = {**surroundings(), "events": events}
    with tempfile.TemporaryDirectory(prefix="backfill-") as folder:
        report["figures"] = _figures(Path(folder), events)
    Console().print(_table(events, report["figures"]))
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _figures(folder: Path, events: int) -> dict[str, Any]:
    memory: list[float] = []
    span = timedelta(days=DAYS) - timedelta(hours=1)
    began_at = time.monotonic()
    with LongWork(folder, count=events, span=span) as work:
        step_s = events / PAGE_EVENTS / 2 / SAMPLES
        for number in range(1, SAMPLES):
            work.clock.plan(number * step_s, lambda: memory.append(resident_mib()))
        ends: list[Callable[[Process], None]] = [Process.kill, Process.end] * 4
        backfill(work, *((0.11, end) for end in ends))
        elapsed_s = time.monotonic() - began_at
        virtual_h = sum(leg.ended_s - leg.began_s for leg in work.legs) / 3600
    quarter = len(memory) // 4
    return {
        **work.verdict,
        "duplicates": work.receiver.duplicates,
        "calls": len(work.calls.times),
        "quota used, lowest of nine processes": min(x.quota_used for x in work.legs),
        "events per call, share of the most": events
        / PAGE_EVENTS
        / len(work.calls.times),
        "virtual hours": virtual_h,
        "memory after a quarter, MiB": memory[quarter],
        "memory at the end, MiB": memory[-1],
        "real seconds": elapsed_s,
        "memory at every twentieth, MiB": memory,
    }


def _table(events: int, figures: dict[str, Any]) -> Table:
    table = Table(title=f"backfill of {events:,} events", title_justify="left")
    table.add_column("What")
    table.add_column("Figure", justify="right")
    for name, value in figures.items():
        if not isinstance(value, list):
            table.add_row(name, f"{value:,.3f}".removesuffix(".000"))
    return table


if __name__ == "__main__":
    run()
