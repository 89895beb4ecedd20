"""The command `log-service`: an emulator in a process of its own.

It knows options and signals; everything served is in `emulator`.
"""

from __future__ import annotations

import logging
import sys
from contextlib import closing
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

import click

from collector_emulators.generator import Volume
from collector_emulators.ledger import Ledger
from collector_emulators.log_service.emulator import LogServiceEmulator
from collector_emulators.log_service.knobs import Knobs
from collector_emulators.log_service.record_lines import read_records
from collector_emulators.log_service.trail import Shape, generate_records
from collector_emulators.process import stop_on_signal
from collector_emulators.service_command import (
    ServiceOptions,
    serve_until,
    service_options,
)

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable

    from collector_emulators.log_service.records import Received

_DEFAULT_AGE_S: Final = 1_200.0
"""Age of the newest generated event: by then every one has been received."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(ServiceOptions):
    """The command line, converted."""

    project: str
    logstore: str
    shards: int
    events_per_group: int
    event_bytes: int
    duplicates: float
    repeat: int
    ttl_days: int
    rate_bytes: float
    rate_calls: float
    count_only: bool


@click.command("log-service")
@service_options(end="20 minutes before the data clock, so that all was received.")
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
        where = {"project": options.project, "logstore": options.logstore}
        serve_until(stop, up, options, count, **where)


def _emulator(options: Options, ledger: Ledger) -> LogServiceEmulator:
    return LogServiceEmulator(
        region=options.region,
        accounts=options.accounts(),
        knobs=Knobs(
            shard_bytes_per_s=options.rate_bytes,
            shard_reads_per_s=options.rate_calls,
        ),
        data_clock=options.data_clock(),
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
    start, end = options.span(now - _DEFAULT_AGE_S)
    volume = Volume(options.count, start, end, options.region)
    shape = Shape(options.events_per_group, options.event_bytes, options.duplicates)
    return generate_records(options.seed, volume, shape)
