"""What each way of reading loses, repeats, costs and delays, in virtual time.

Two hours of events, a tenth of them in one second, one in a hundred later than ten
minutes, calls throttled at random. The trail is the one of the tests.
"""

from __future__ import annotations

import logging
import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support.late_trail import ONE_LOOK, collect, late_events

if TYPE_CHECKING:
    from collector_emulators.actiontrail.knobs import Bounds
    from support.late_trail import Outcome

BOUNDS: Final[tuple[Bounds, ...]] = ("[]", "[)", "(]")
SOON: Final = {"settle_time_in_seconds": 120}
STRATEGIES: Final[dict[str, dict[str, Any]]] = {
    "600 s only (public guide)": ONE_LOOK,
    "600 s, 1,500 s (shipped)": {},
    "600 s, 1,500 s at every pull": {"late_events": {"interval_in_seconds": 1}},
    "120 s only": {**SOON, **ONE_LOOK},
    "120 s, 1,500 s": SOON,
}
HEADINGS: Final = ("Bounds", "Lost", "Twice", "Calls", "Median delay", "95 %")


@click.command()
@click.option("--events", default=20_000, show_default=True, help="Number of events.")
@click.option("--seed", default=1, show_default=True, help="Of events and throttling.")
def run(*, events: int, seed: int) -> None:
    """Print a table: way of reading and meaning of the bounds, and what they give."""
    logging.getLogger("alibaba_cloud").setLevel(logging.ERROR)
    trail = late_events(events, seed=seed)
    table = Table(title=f"{events:,} events in two hours", title_justify="left")
    table.add_column("Looks at the age of")
    for heading in HEADINGS:
        table.add_column(heading, justify="right")
    for name, service in STRATEGIES.items():
        for bounds in BOUNDS:
            outcome = collect(trail, service, bounds=bounds, seed=seed)
            table.add_row(name, bounds, *_cells(outcome))
    Console().print(table)


def _cells(outcome: Outcome) -> tuple[str, ...]:
    high = statistics.quantiles(outcome.host.delays_s(), n=20)[-1]
    numbers = (len(outcome.lost), outcome.duplicates, outcome.calls)
    delays = (f"{outcome.median_delay_s:.0f} s", f"{high:.0f} s")
    return (*(f"{number:,}" for number in numbers), *delays)


if __name__ == "__main__":
    run()
