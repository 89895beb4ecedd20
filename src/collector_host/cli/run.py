"""`collector run`: the product itself."""

from __future__ import annotations

import logging
import os
import platform
import sys
from typing import TYPE_CHECKING

import click

from collector_host.cli.start import config_option, exit_codes, load_all
from collector_host.delivery.room import DeliveryRoom
from collector_host.runtime.collector import Collector
from collector_host.runtime.outputs import delivery_settings, output_warnings
from collector_host.runtime.stop import StopRequest
from collector_host.state.store import StateStore
from collector_host.telemetry.counters import Counters
from devocollectorsdk.commons.clock import SystemClock
from devocollectorsdk.commons.collector_utils import CollectorUtils

if TYPE_CHECKING:
    from pathlib import Path

_logger = logging.getLogger(__name__)


@click.command()
@config_option
@click.option(
    "--once", is_flag=True, help="Run one pull of every service, deliver it, and exit."
)
def run(path: Path | None, *, once: bool) -> None:
    """Collect and deliver until SIGTERM or SIGINT.

    A stop takes at most 10 seconds. What is not confirmed by then is not committed,
    so it is collected again at the next start. A second signal ends at once.
    """
    stop = StopRequest()
    stop.install()
    with exit_codes():
        config, plugins = load_all(path)
        clock = SystemClock()
        store = StateStore(config.settings.state_directory, clock)
        _logger.info(
            'OS: "%s", collector(name:version): "%s:%s", started at: "%sZ"',
            platform.platform(),
            CollectorUtils.collector_name,
            CollectorUtils.collector_version,
            clock.now().replace(tzinfo=None).isoformat(),
        )
        for warning in output_warnings(config, clock.now()):
            _logger.warning("%s", warning)
        room = DeliveryRoom(delivery_settings(config), store, Counters(clock), clock)
        collector = Collector(
            config,
            plugins=plugins,
            room=room,
            clock=clock,
            stop=stop,
            pulls=1 if once else None,
        )
        try:
            code = collector.run()
        finally:
            store.close()
    _give_up_broken_stdout()
    sys.exit(code)


def _give_up_broken_stdout() -> None:
    """Spare the interpreter its own, failing flush when stdout's reader is gone."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
