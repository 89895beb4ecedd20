"""The command `log-service`: an emulator in a process of its own.

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
from collector_emulators.clock import DataClock, parse_instant
from collector_emulators.generator import Volume
from collector_emulators.ledger import Ledger, compact_json
from collector_emulators.log_service.emulator import (
    DEFAULT_REGION,
    LogServiceEmulator,
)
from collector_emulators.log_service.knobs import Knobs
from collector_emulators.log_service.record_lines import read_records
from collector_emulators.log_service.trail import Shape, generate_records
from collector_emulators.process import stop_on_signal, write_secret

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable

    from collector_emulators.log_service.records import Received

logger = logging.getLogger(__name__)

_DEFAULT_SPAN_S: Final = 3_600.0
_DEFAULT_AGE_S: Final = 1_200.0
"""Age of the newest generated event: by then every one has been received."""


@dataclass(frozen=True, slots=True)
class Options:
    """The command line, converted."""

    port: int
    control_port: int
    control_secret_file: Path | None
    region: str
    key_id: str
    key_secret: str
    project: str
    logstore: str
    shards: int
    events: Path | None
    seed: int
    count: int
    events_per_group: int
    event_bytes: int
    duplicates: float
    repeat: int
    start: float | None
    end: float | None
    now: float | None
    speed: float
    ttl_days: int
    rate_bytes: float
    rate_calls: float
    ledger: Path | None
    count_only: bool


_PATH: Final = click.Path(dir_okay=False, path_type=Path)


@click.command("log-service")
@click.option("--port", default=0, help="Port of the service; 0: any free one.")
@click.option("--control-port", default=0, help="Port of the control door.")
@click.option(
    "--control-secret-file",
    type=_PATH,
    help="Write the secret of the control door here instead of printing it.",
)
@click.option("--region", default=DEFAULT_REGION, show_default=True)
@click.option("--key-id", default=EXAMPLE_KEY_ID, show_default=True)
@click.option(
    "--key-secret",
    default=EXAMPLE_KEY_SECRET,
    show_default=True,
    envvar="EMULATOR_KEY_SECRET",
    help="Example secret; EMULATOR_KEY_SECRET in the environment works too.",
)
@click.option("--project", default="example-project", show_default=True)
@click.option("--logstore", default="actiontrail_example", show_default=True)
@click.option(
    "--shards",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="Shards of the logstore.",
)
@click.option(
    "--events",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Serve the records in this file, one a line, instead of generated ones.",
)
@click.option("--seed", default=1, show_default=True, help="Seed of the generator.")
@click.option("--count", default=1000, show_default=True, help="Events to generate.")
@click.option(
    "--events-per-group", default=1, show_default=True, help="Events in one group."
)
@click.option("--event-bytes", default=0, help="Average size of an event's text.")
@click.option("--duplicates", default=0.0, help="Share of events delivered once more.")
@click.option(
    "--repeat",
    type=click.IntRange(1),
    default=1,
    help="Serve everything so many times, ids repeating, without more memory.",
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
    help="Default: 20 minutes before the data clock, so that all was received.",
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
    "--ttl-days", default=30, show_default=True, help="Days a record is kept."
)
@click.option(
    "--rate-bytes",
    default=Knobs().shard_bytes_per_s,
    show_default=True,
    help="Bytes a second from a shard; 0: any number.",
)
@click.option(
    "--rate-calls",
    default=Knobs().shard_reads_per_s,
    show_default=True,
    help="Pulls a second from a shard; 0: any number.",
)
@click.option("--ledger", type=_PATH, help="File to append calls and events to.")
@click.option(
    "--count-only", is_flag=True, help="Count the events served, without a list."
)
def log_service(**options: Any) -> None:
    """Serve a stand-in for Log Service on loopback until SIGTERM or SIGINT.

    When ready, one JSON line on standard output says where it listens.
    """
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    stop = stop_on_signal()
    serve(Options(**options), stop)


def serve(options: Options, stop: threading.Event) -> None:
    """Serve until `stop` is set.

    Raises:
        click.UsageError: If records cannot be read or generated.
        OSError: If a port is taken or a file cannot be written.
    """
    ledger = Ledger(options.ledger, count_only=options.count_only)
    with closing(ledger):
        up = _emulator(options, ledger)
        count = _load(options, up, stop)
        with up:
            logger.info("serving %d events of %s at %s", count, up.region, up.endpoint)
            click.echo(compact_json(_ready(options, up, count)))
            stop.wait()
            logger.info("stopping")


def _emulator(options: Options, ledger: Ledger) -> LogServiceEmulator:
    return LogServiceEmulator(
        region=options.region,
        accounts=Accounts([AccessKey(options.key_id, options.key_secret)]),
        knobs=Knobs(
            shard_bytes_per_s=options.rate_bytes,
            shard_reads_per_s=options.rate_calls,
        ),
        data_clock=DataClock(options.now, speed=options.speed),
        ledger=ledger,
        port=options.port,
        control_port=options.control_port,
    )


def _load(options: Options, up: LogServiceEmulator, stop: threading.Event) -> int:
    """Fill the logstore; return how many events it serves."""
    where = options.project, options.logstore
    up.create_store(*where, shards=options.shards, ttl_days=options.ttl_days)
    records = _records(options, up.data_clock.seconds())
    try:
        count = up.append(*where, takewhile(lambda _: not stop.is_set(), records))
    except ValueError as err:
        raise click.UsageError(str(err)) from err
    return count + up.repeat(*where, options.repeat)


def _records(options: Options, now: float) -> Iterable[Received]:
    if options.events is not None:
        return read_records(options.events.read_bytes().split(b"\n"))
    end = now - _DEFAULT_AGE_S if options.end is None else options.end
    start = end - _DEFAULT_SPAN_S if options.start is None else options.start
    volume = Volume(options.count, start, end, options.region)
    shape = Shape(options.events_per_group, options.event_bytes, options.duplicates)
    return generate_records(options.seed, volume, shape)


def _ready(options: Options, up: LogServiceEmulator, count: int) -> dict[str, Any]:
    ready: dict[str, Any] = {
        "endpoint": up.endpoint,
        "control_url": up.control_url,
        "region": up.region,
        "project": options.project,
        "logstore": options.logstore,
        "events": count,
        "pid": os.getpid(),
    }
    if options.control_secret_file is None:
        return {**ready, "control_secret": up.control_secret}
    write_secret(options.control_secret_file, up.control_secret)
    return {**ready, "control_secret_file": str(options.control_secret_file)}
