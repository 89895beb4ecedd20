"""The command `actiontrail`: an emulator in a process of its own.

It knows options and signals; everything served is in `emulator`.
"""

from __future__ import annotations

import logging
import sys
from contextlib import closing
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import click

from collector_emulators.actiontrail.emulator import ActionTrailEmulator
from collector_emulators.actiontrail.knobs import Knobs
from collector_emulators.emulator import DEFAULT_REGION
from collector_emulators.events import Timed, read_events
from collector_emulators.generator import Volume, generate
from collector_emulators.ledger import Ledger
from collector_emulators.process import stop_on_signal
from collector_emulators.service_command import (
    ServiceOptions,
    serve_until,
    service_options,
)

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(ServiceOptions):
    """The command line, converted."""

    global_region: str
    burst: int
    late_fraction: float
    bounds: Any
    rate: float


@click.command("actiontrail")
@service_options(end="the start of the data clock.")
@click.option(
    "--global-region",
    default=DEFAULT_REGION,
    show_default=True,
    help="Region that keeps events marked isGlobal.",
)
@click.option("--burst", default=0, help="How many events share one second.")
@click.option(
    "--late-fraction", default=0.0, help="Share that arrives later than 10 minutes."
)
@click.option(
    "--bounds",
    type=click.Choice(["[]", "[)", "(]"]),
    default="[]",
    show_default=True,
    help="Which ends of a window belong to it.",
)
@click.option(
    "--rate", default=2.0, show_default=True, help="Calls a second; 0: any number."
)
def actiontrail(**options: Any) -> None:
    """Serve a stand-in for ActionTrail on loopback until SIGTERM or SIGINT.

    When ready, one JSON line on standard output says where it listens.
    """
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    stop = stop_on_signal()
    serve(Options(**options), stop)


def serve(options: Options, stop: threading.Event) -> None:
    """Serve until `stop` is set.

    Raises:
        click.UsageError: If events cannot be read or generated.
        OSError: If a port is taken or a file cannot be written.
    """
    with closing(Ledger(options.ledger)) as ledger:
        up = _emulator(options, ledger)
        events = _events(options, up.data_clock.seconds())
        try:
            kept = up.load(takewhile(lambda _: not stop.is_set(), events))
        except ValueError as err:
            raise click.UsageError(str(err)) from err
        serve_until(stop, up, options, kept)


def _emulator(options: Options, ledger: Ledger) -> ActionTrailEmulator:
    return ActionTrailEmulator(
        region=options.region,
        global_region=options.global_region,
        accounts=options.accounts(),
        knobs=Knobs(bounds=options.bounds, rate_per_s=options.rate or None),
        data_clock=options.data_clock(),
        ledger=ledger,
        port=options.port,
        control_port=options.control_port,
    )


def _events(options: Options, now: float) -> Iterable[Timed]:
    if options.events is not None:
        return read_events(options.events.read_bytes().split(b"\n"))
    start, end = options.span(now)
    volume = Volume(
        count=options.count,
        start=start,
        end=end,
        region=options.region,
        burst=options.burst,
        late_fraction=options.late_fraction,
    )
    return generate(options.seed, volume)
