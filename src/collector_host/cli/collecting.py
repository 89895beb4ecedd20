"""Runs a checked configuration to its end: what every way of running has in common."""

from __future__ import annotations

import logging
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

from collector_host.cli.start import STATE_UNUSABLE
from collector_host.delivery.room import DeliveryRoom
from collector_host.runtime.collector import Collector
from collector_host.runtime.committed import CommittedStates
from collector_host.runtime.lookout import Lookout
from collector_host.runtime.lookup_use import lookup_warnings
from collector_host.runtime.outputs import delivery_settings, output_warnings
from collector_host.runtime.stop import within
from collector_host.runtime.stores import open_store
from collector_host.telemetry.counters import Counters

if TYPE_CHECKING:
    from collector_host.cli.run_options import RunOptions
    from collector_host.config.model import Config
    from collector_host.plugins.provider import ClassProvider
    from collector_host.runtime.housekeeping import Periods
    from collector_host.runtime.progress import Display
    from collector_host.runtime.stop import StopRequest
    from devocollectorsdk.commons.clock import Clock

_logger = logging.getLogger(__name__)
_CLOSE_S = 0.5


def collect(  # noqa: PLR0913  (all that a run is made of)
    config: Config,
    classes: ClassProvider,
    options: RunOptions,
    *,
    clock: Clock,
    stop: StopRequest,
    periods: Periods,
    display: Display | None = None,
    sdk_statistics: bool = False,
) -> int:
    """Collect and deliver until the modules end or a stop is asked for.

    Args:
        config: What to run.
        classes: Where its modules come from.
        options: How to run it.
        clock: Time and waiting.
        stop: Asks for the end.
        periods: How often the state of things is logged.
        display: Where progress is shown, or None.
        sdk_statistics: Whether statistics have the form of the SDK's newer versions.

    Returns:
        The exit code.

    Raises:
        StateError: The store cannot be used.
    """
    opened = open_store(
        config,
        clock,
        stopping=stop.event,
        on_lost=stop.request,
        keep=options.save_state,
    )
    store = CommittedStates(opened.store)
    for warning in (
        *output_warnings(config, clock.now()),
        *lookup_warnings(config, classes),
    ):
        _logger.warning("%s", warning)
    # A console output takes the process's own stream: what is printed may go elsewhere.
    with redirect_stdout(sys.__stdout__ or sys.stdout):
        settings = delivery_settings(config, sdk_statistics=sdk_statistics)
    room = DeliveryRoom(settings, store, Counters(clock), clock)
    collector = Collector(
        config,
        plugins=classes,
        room=room,
        clock=clock,
        stop=stop,
        pulls=1 if options.once else None,
        lookout=Lookout(store.latest, lambda: room.delivered, clock, display),
        production_mode=options.production_mode,
        periods=periods,
    )
    code = collector.run()
    if opened.is_lost():
        code = STATE_UNUSABLE
    within(_CLOSE_S, store.close, "StoreClose")
    return code
