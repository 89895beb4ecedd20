"""Measures what the documentation claims, prints a table, and keeps raw figures."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

import click
from measuring import (
    commit,
    delivery_only,
    end_to_end,
    idle,
    lint,
    log_service,
    log_service_growth,
    log_service_idle,
    log_service_memory,
    log_service_read,
    start,
)
from measuring.figures import Figure, figures
from measuring.goals import Goal, Verdict, verdicts
from measuring.sizes import SIZES
from measuring.surroundings import surroundings
from rich.console import Console
from rich.table import Table

BENCHMARKS: Final = {
    "end_to_end": end_to_end.measure,
    "delivery_only": delivery_only.measure,
    "start": start.measure,
    "idle": idle.measure,
    "commit": commit.measure,
    "lint": lint.measure,
    "log_service": log_service.measure,
    "log_service_read": log_service_read.measure,
    "log_service_rooms": log_service_read.measure_rooms,
    "log_service_growth": log_service_growth.measure,
    "log_service_memory": log_service_memory.measure,
    "log_service_idle": log_service_idle.measure,
}
GOALS: Final[dict[str, tuple[Goal, ...]]] = {
    "lint": lint.GOALS,
    "log_service": log_service.GOALS,
    "log_service_read": log_service_read.GOALS,
    "log_service_growth": log_service_growth.GOALS,
    "log_service_memory": log_service_memory.GOALS,
    "log_service_idle": log_service_idle.GOALS,
}
LATEST: Final = Path(__file__).parent / "results" / "latest.json"


@click.command()
@click.option(
    "--size", type=click.Choice(list(SIZES)), default="small", show_default=True
)
@click.option(
    "--only",
    type=click.Choice(list(BENCHMARKS)),
    multiple=True,
    help="Run this one; may be repeated.",
)
@click.option("--seed", default=1, show_default=True, help="Seed of the events.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=LATEST,
    help="File for machine, versions and raw figures.",
)
def run(*, size: str, only: tuple[str, ...], seed: int, output: Path) -> None:
    """Measure the collector between emulators, in processes of their own.

    `small` takes eight minutes, `full` three quarters of an hour; `tiny` only shows
    that everything runs. A goal that is missed is said, and fails nothing.
    """
    # An installed program has its bytecode; a machine may be set to write none.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    console = Console()
    report: dict[str, Any] = {**surroundings(), "size": size, "seed": seed, "goals": []}
    found: list[Figure] = []
    for name in only or BENCHMARKS:
        console.print(f"measuring {name} ...")
        measured = figures(name, BENCHMARKS[name](SIZES[size], seed))
        console.print(_table(name, measured))
        judged = verdicts(GOALS.get(name, ()), measured)
        if judged:
            console.print(_goals(judged))
        found += measured
        report["goals"] += [verdict.to_json() for verdict in judged]
    report["figures"] = [figure.to_json() for figure in found]
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _table(name: str, measured: list[Figure]) -> Table:
    table = Table(title=name, title_justify="left")
    for heading in ("What", "Unit"):
        table.add_column(heading)
    for heading in ("Min", "Median", "Max", "Repeats"):
        table.add_column(heading, justify="right")
    for figure in measured:
        numbers = (min(figure.values), figure.median, max(figure.values))
        texts = (_text(number) for number in numbers)
        table.add_row(figure.name, figure.unit, *texts, str(len(figure.values)))
    return table


def _goals(judged: list[Verdict]) -> Table:
    table = Table(title="goals, for the median", title_justify="left")
    for heading in ("What", "Goal", "Median", "Verdict"):
        table.add_column(heading)
    for verdict in judged:
        median = _text(verdict.figure.median)
        met = "met" if verdict.is_met else "missed"
        table.add_row(verdict.goal.name, verdict.goal.text, median, met)
    return table


def _text(number: float) -> str:
    """Write three figures that count."""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


if __name__ == "__main__":
    run()
