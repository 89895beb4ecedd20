"""`collector run`: the product itself."""

from __future__ import annotations

import logging
import platform
import sys
from typing import TYPE_CHECKING

import click

from collector_host.cli.chosen import NEEDS_PROJECT, choosing
from collector_host.cli.collecting import collect
from collector_host.cli.run_options import RunOptions, mode_options
from collector_host.cli.start import leave, load_all
from collector_host.runtime.housekeeping import Periods
from collector_host.runtime.stop import StopRequest
from collector_host.telemetry.memory import keep_freed_memory
from devocollectorsdk.commons.clock import SystemClock
from devocollectorsdk.commons.collector_utils import CollectorUtils

if TYPE_CHECKING:
    from collector_host.cli.chosen import Chosen
    from collector_host.runtime.progress import Display

_logger = logging.getLogger(__name__)


@click.command()
@choosing
@click.option(
    "--once", is_flag=True, help="Run one pull of every service, deliver it, and exit."
)
@mode_options
def run(
    chosen: Chosen,
    *,
    once: bool,
    no_save_state: bool,
    prod_mode: bool,
    validate: bool,
) -> None:
    """Collect and deliver until SIGTERM or SIGINT.

    A stop takes at most 10 seconds. What is not confirmed by then is not committed,
    so it is collected again at the next start. A second signal ends at once.

    With --project, --config names a file below the project's folder config, the
    options of the SDK mean what they mean there, and so do the exit codes.
    """
    options = RunOptions(
        save_state=not no_save_state,
        production_mode=prod_mode,
        validate=validate,
        once=once,
    )
    if chosen.project is not None:
        from collector_host.cli.project_run import run_project  # noqa: PLC0415 (rare)

        run_project(chosen.project, options)
    if prod_mode or validate:
        raise click.UsageError(NEEDS_PROJECT)
    stop = StopRequest()
    stop.install()
    keep_freed_memory()
    with chosen.exit_codes():
        display = _display()
        config, plugins = load_all(chosen.path)
        clock = SystemClock()
        _logger.info(
            'OS: "%s", collector(name:version): "%s:%s", started at: "%sZ"',
            platform.platform(),
            CollectorUtils.collector_name,
            CollectorUtils.collector_version,
            clock.now().replace(tzinfo=None).isoformat(),
        )
        code = collect(
            config,
            plugins,
            options,
            clock=clock,
            stop=stop,
            periods=Periods(),
            display=display,
        )
    leave(code)


def _display() -> Display | None:
    """Return a progress bar on a terminal, or None: elsewhere the log must do.

    To be asked for before logging is set up, because the bar stays below the log.
    """
    if not sys.stderr.isatty():
        return None
    from collector_host.cli.progress_bar import ProgressBar  # noqa: PLC0415  (slow)

    return ProgressBar().begin()
