"""`collector run`: the product itself."""

from __future__ import annotations

import logging
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from collector_host.cli.collecting import collect
from collector_host.cli.run_options import RunOptions, sdk_options
from collector_host.cli.start import (
    config_option,
    exit_codes,
    leave,
    load_all,
)
from collector_host.runtime.housekeeping import Periods
from collector_host.runtime.stop import StopRequest
from collector_host.telemetry.memory import keep_freed_memory
from devocollectorsdk.commons.clock import SystemClock
from devocollectorsdk.commons.collector_utils import CollectorUtils

if TYPE_CHECKING:
    from collector_host.runtime.progress import Display

_logger = logging.getLogger(__name__)


@click.command()
@click.pass_context
@config_option
@click.option(
    "--once", is_flag=True, help="Run one pull of every service, deliver it, and exit."
)
@click.option(
    "--project",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Run a project laid out for the Devo Collector SDK.",
)
@sdk_options
def run(  # noqa: PLR0913  (one for each option)
    context: click.Context,
    path: Path | None,
    *,
    once: bool,
    folder: Path | None,
    job_config_loc: str | None,
    collector_config_loc: str | None,
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
        folder=folder or Path(),
        config=_named(context, path),
        job_config_loc=job_config_loc,
        collector_config_loc=collector_config_loc,
        save_state=not no_save_state,
        production_mode=prod_mode,
        validate=validate,
        once=once,
    )
    if folder is not None:
        from collector_host.cli.project_run import run_project  # noqa: PLC0415 (rare)

        run_project(options)
    if job_config_loc or collector_config_loc or prod_mode or validate:
        message = "this option of the SDK goes together with --project"
        raise click.UsageError(message)
    stop = StopRequest()
    stop.install()
    keep_freed_memory()
    with exit_codes():
        display = _display()
        config, plugins = load_all(path)
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


def _named(context: click.Context, path: Path | None) -> str | None:
    """Return the file the command line names: COLLECTOR_CONFIG names no project's."""
    source = context.get_parameter_source("path")
    return str(path) if path and source is ParameterSource.COMMANDLINE else None


def _display() -> Display | None:
    """Return a progress bar on a terminal, or None: elsewhere the log must do.

    To be asked for before logging is set up, because the bar stays below the log.
    """
    if not sys.stderr.isatty():
        return None
    from collector_host.cli.progress_bar import ProgressBar  # noqa: PLC0415  (slow)

    return ProgressBar().begin()
