"""The command `actiontrail`: an emulator in a process of its own.

It knows options and signals; everything served is in `emulator`.
"""

from __future__ import annotations

import logging
import os
import sys
from contextlib import closing
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from collector_emulators.accounts import (
    EXAMPLE_KEY_ID,
    EXAMPLE_KEY_SECRET,
    AccessKey,
    Accounts,
)
from collector_emulators.actiontrail.emulator import (
    DEFAULT_REGION,
    ActionTrailEmulator,
)
from collector_emulators.actiontrail.knobs import Knobs
from collector_emulators.clock import DataClock, parse_instant
from collector_emulators.events import Timed, read_events
from collector_emulators.generator import Volume, generate
from collector_emulators.ledger import Ledger, compact_json
from collector_emulators.process import stop_on_signal, write_secret

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable

logger = logging.getLogger(__name__)

_DEFAULT_SPAN_S: Final = 3_600.0


@dataclass(frozen=True, slots=True)
class Options:
    """The command line, converted."""

    port: int
    control_port: int
    control_secret_file: Path | None
    region: str
    global_region: str
    key_id: str
    key_secret: str
    events: Path | None
    seed: int
    count: int
    burst: int
    late_fraction: float
    start: float | None
    end: float | None
    now: float | None
    speed: float
    bounds: Any
    rate: float
    ledger: Path | None


_PATH: Final = click.Path(dir_okay=False, path_type=Path)


@click.command("actiontrail")
@click.option("--port", default=0, help="Port of the service; 0: any free one.")
@click.option("--control-port", default=0, help="Port of the control door.")
@click.option(
    "--control-secret-file",
    type=_PATH,
    help="Write the secret of the control door here instead of printing it.",
)
@click.option("--region", default=DEFAULT_REGION, show_default=True)
@click.option(
    "--global-region",
    default=DEFAULT_REGION,
    show_default=True,
    help="Region that keeps events marked isGlobal.",
)
@click.option("--key-id", default=EXAMPLE_KEY_ID, show_default=True)
@click.option(
    "--key-secret",
    default=EXAMPLE_KEY_SECRET,
    show_default=True,
    envvar="EMULATOR_KEY_SECRET",
    help="Example secret; EMULATOR_KEY_SECRET in the environment works too.",
)
@click.option(
    "--events",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Serve the events in this file, one a line, instead of generated ones.",
)
@click.option("--seed", default=1, show_default=True, help="Seed of the generator.")
@click.option("--count", default=1000, show_default=True, help="Events to generate.")
@click.option("--burst", default=0, help="How many of them share one second.")
@click.option(
    "--late-fraction", default=0.0, help="Share that arrives later than 10 minutes."
)
@click.option(
    "--start",
    type=parse_instant,
    metavar="INSTANT",
    help="Default: an hour before the end.",
)
@click.option(
    "--end",
    type=parse_instant,
    metavar="INSTANT",
    help="Default: the start of the data clock.",
)
@click.option(
    "--now",
    type=parse_instant,
    metavar="INSTANT",
    help="Start of the data clock; default: now.",
)
@click.option(
    "--speed", default=1.0, show_default=True, help="Data seconds a real second."
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
@click.option("--ledger", type=_PATH, help="File to append calls and events to.")
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
        with up:
            logger.info("serving %d events of %s at %s", kept, up.region, up.endpoint)
            click.echo(compact_json(_ready(options, up, kept)))
            stop.wait()
            logger.info("stopping")


def _emulator(options: Options, ledger: Ledger) -> ActionTrailEmulator:
    rate = options.rate or None
    return ActionTrailEmulator(
        region=options.region,
        global_region=options.global_region,
        accounts=Accounts([AccessKey(options.key_id, options.key_secret)]),
        knobs=Knobs(bounds=options.bounds, rate_per_s=rate),
        data_clock=DataClock(options.now, speed=options.speed),
        ledger=ledger,
        port=options.port,
        control_port=options.control_port,
    )


def _events(options: Options, now: float) -> Iterable[Timed]:
    if options.events is not None:
        return read_events(options.events.read_bytes().split(b"\n"))
    end = now if options.end is None else options.end
    start = end - _DEFAULT_SPAN_S if options.start is None else options.start
    volume = Volume(
        count=options.count,
        start=start,
        end=end,
        region=options.region,
        burst=options.burst,
        late_fraction=options.late_fraction,
    )
    return generate(options.seed, volume)


def _ready(options: Options, up: ActionTrailEmulator, kept: int) -> dict[str, Any]:
    ready: dict[str, Any] = {
        "endpoint": up.endpoint,
        "control_url": up.control_url,
        "region": up.region,
        "events": kept,
        "pid": os.getpid(),
    }
    if options.control_secret_file is None:
        return {**ready, "control_secret": up.control_secret}
    write_secret(options.control_secret_file, up.control_secret)
    return {**ready, "control_secret_file": str(options.control_secret_file)}
