"""`collector run`: the product itself."""

from __future__ import annotations

import logging
import platform
import sys
from typing import TYPE_CHECKING

import click

from collector_host.cli.start import (
    STATE_UNUSABLE,
    config_option,
    exit_codes,
    leave,
    load_all,
)
from collector_host.delivery.room import DeliveryRoom
from collector_host.runtime.collector import Collector
from collector_host.runtime.committed import CommittedStates
from collector_host.runtime.lookout import Lookout
from collector_host.runtime.outputs import delivery_settings, output_warnings
from collector_host.runtime.stop import StopRequest, within
from collector_host.runtime.stores import open_store
from collector_host.telemetry.counters import Counters
from collector_host.telemetry.memory import keep_freed_memory
from devocollectorsdk.commons.clock import SystemClock
from devocollectorsdk.commons.collector_utils import CollectorUtils

if TYPE_CHECKING:
    from pathlib import Path

    from collector_host.runtime.progress import Display

_logger = logging.getLogger(__name__)
_CLOSE_S = 0.5


@click.command()
@config_option
@click.option(
    "--once", is_flag=True, help="Run one pull of every service, deliver it, and exit."
)
@click.option(
    "--no-save-state", is_flag=True, help="Load no state and keep none: a trial."
)
def run(path: Path | None, *, once: bool, no_save_state: bool) -> None:
    """Collect and deliver until SIGTERM or SIGINT.

    A stop takes at most 10 seconds. What is not confirmed by then is not committed,
    so it is collected again at the next start. A second signal ends at once.
    """
    stop = StopRequest()
    stop.install()
    keep_freed_memory()
    with exit_codes():
        display = _display()
        config, plugins = load_all(path)
        clock = SystemClock()
        opened = open_store(
            config,
            clock,
            stopping=stop.event,
            on_lost=stop.request,
            keep=not no_save_state,
        )
        store = CommittedStates(opened.store)
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
        lookout = Lookout(store.latest, lambda: room.delivered, clock, display)
        collector = Collector(
            config,
            plugins=plugins,
            room=room,
            clock=clock,
            stop=stop,
            pulls=1 if once else None,
            lookout=lookout,
        )
        code = collector.run()
        if opened.is_lost():
            code = STATE_UNUSABLE
        within(_CLOSE_S, store.close, "StoreClose")
    leave(code)


def _display() -> Display | None:
    """Return a progress bar on a terminal, or None: elsewhere the log must do.

    To be asked for before logging is set up, because the bar stays below the log.
    """
    if not sys.stderr.isatty():
        return None
    from collector_host.cli.progress_bar import ProgressBar  # noqa: PLC0415  (slow)

    return ProgressBar().begin()
