"""What the commands of all services' emulators have in common: options, and a run."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from functools import reduce
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
from collector_emulators.emulator import DEFAULT_REGION
from collector_emulators.ledger import compact_json
from collector_emulators.process import write_secret

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from collector_emulators.emulator import Emulator

_logger = logging.getLogger(__name__)
_DEFAULT_SPAN_S: Final = 3_600.0
_FILE: Final = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOptions:
    """The options that `service_options` adds, converted."""

    port: int
    control_port: int
    control_secret_file: Path | None
    region: str
    key_id: str
    key_secret: str
    events: Path | None
    seed: int
    count: int
    start: float | None
    end: float | None
    now: float | None
    speed: float
    ledger: Path | None

    def accounts(self) -> Accounts:
        """Return accounts with the one key that was named."""
        return Accounts([AccessKey(self.key_id, self.key_secret)])

    def data_clock(self) -> DataClock:
        """Return the virtual clock that was asked for."""
        return DataClock(self.now, speed=self.speed)

    def span(self, newest: float) -> tuple[float, float]:
        """Return when generated events begin and end.

        Args:
            newest: The end where none was named, seconds since 1970 UTC.
        """
        end = newest if self.end is None else self.end
        return (end - _DEFAULT_SPAN_S if self.start is None else self.start), end


def _instant(name: str, text: str) -> Callable[..., Any]:
    return click.option(name, type=parse_instant, metavar="INSTANT", help=text)


_HEAD: Final = (
    click.option("--port", default=0, help="Port of the service; 0: any free one."),
    click.option("--control-port", default=0, help="Port of the control door."),
    click.option(
        "--control-secret-file",
        type=_FILE,
        help="Write the secret of the control door here instead of printing it.",
    ),
    click.option("--region", default=DEFAULT_REGION, show_default=True),
    click.option("--key-id", default=EXAMPLE_KEY_ID, show_default=True),
    click.option(
        "--key-secret",
        default=EXAMPLE_KEY_SECRET,
        show_default=True,
        envvar="EMULATOR_KEY_SECRET",
        help="Example secret; EMULATOR_KEY_SECRET in the environment works too.",
    ),
    click.option(
        "--events",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Serve what is in this file, one a line, instead of generated events.",
    ),
    click.option("--seed", default=1, show_default=True, help="Seed of the generator."),
    click.option(
        "--count", default=1000, show_default=True, help="Events to generate."
    ),
    _instant("--start", "First generated event; default: an hour before the end."),
)
_TAIL: Final = (
    _instant("--now", "Start of the data clock; default: now."),
    click.option(
        "--speed", default=1.0, show_default=True, help="Data seconds a real second."
    ),
    click.option("--ledger", type=_FILE, help="File to append calls and events to."),
)


def service_options(*, end: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that adds the options of `ServiceOptions`.

    Args:
        end: What is taken for `--end` by default.
    """
    last = _instant("--end", f"Last generated event; default: {end}")
    options = (*_HEAD, last, *_TAIL)

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        # The option that is added last comes first in the help.
        return reduce(lambda done, option: option(done), reversed(options), command)

    return add


def serve_until(
    stop: threading.Event,
    up: Emulator,
    options: ServiceOptions,
    events: int,
    **more: str,
) -> None:
    """Serve, and say in a line of JSON on standard output where.

    Args:
        stop: Set when it is enough.
        up: What serves; it is entered and left here.
        options: Where the control door's secret goes.
        events: How many events are served.
        more: What else the line says.

    Raises:
        OSError: If a port is taken or the secret's file cannot be written.
    """
    with up:
        _logger.info(
            "serving %d events of %s at %s", events, options.region, up.endpoint
        )
        ready = {"control_url": up.control_url, "region": options.region, **more}
        ready |= {"events": events, "pid": os.getpid()}
        if options.control_secret_file is None:
            ready |= {"control_secret": up.control_secret}
        else:
            write_secret(options.control_secret_file, up.control_secret)
            ready |= {"control_secret_file": str(options.control_secret_file)}
        click.echo(compact_json({"endpoint": up.endpoint, **ready}))
        stop.wait()
        _logger.info("stopping")
