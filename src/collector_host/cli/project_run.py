"""Runs a project laid out for the Devo Collector SDK as that SDK would."""

from __future__ import annotations

import json
import logging
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import click

from collector_host.cli.collecting import collect
from collector_host.cli.start import STATE_UNUSABLE, leave
from collector_host.config.project.dump import masked
from collector_host.config.project.sources import Sources
from collector_host.errors import ConfigError, PluginError, StateError
from collector_host.plugins.project import Project
from collector_host.runtime.housekeeping import Periods
from collector_host.runtime.preflight import try_modules
from collector_host.runtime.projects import check_classes, open_project
from collector_host.runtime.stop import StopRequest
from collector_host.telemetry import announcements, hooks
from collector_host.telemetry.logs import configure
from collector_host.telemetry.masking import Masker
from collector_host.telemetry.memory import keep_freed_memory
from devocollectorsdk.commons.clock import SystemClock
from devocollectorsdk.commons.collector_utils import CollectorUtils

if TYPE_CHECKING:
    from collections.abc import Generator

    from collector_host.cli.run_options import RunOptions
    from collector_host.config.model import Config
    from collector_host.errors import CollectorError
    from collector_host.runtime.projects import OpenProject
    from devocollectorsdk.commons.clock import Clock

_logger = logging.getLogger(__name__)
CONFIG_REFUSED = 255
"""The SDK's exit status -1, as a shell sees it."""
VALIDATION_FAILED = 254
"""Its -2."""


def run_project(options: RunOptions) -> None:
    """Run a project until its modules end or a signal comes; ends the process.

    Exit codes: 0 fine, 255 configuration, 254 a setup failed under `--validate`, 3 a
    saved state cannot be used, 1 a module failed for good.
    """
    stop = StopRequest()
    stop.install()
    keep_freed_memory()
    configure("text", "info", Masker())
    hooks.install()
    _print_to_stderr()
    with _exit_codes():
        project = Project(options.folder)
        for folder in project.enter():
            _logger.info('Added "%s" directory to the Python path', folder)
        announcements.surroundings(
            production_mode=options.production_mode, only_setup=options.validate
        )
        opened = _open(project, options)
        check_classes(opened)
        clock = SystemClock()
        _say_what_runs(opened, clock)
        if options.validate:
            code = _validate(opened.config, project, options, clock)
        else:
            code = collect(
                opened.config,
                project,
                options,
                clock=clock,
                stop=stop,
                periods=Periods.of(opened.config.definition_globals),
                sdk_statistics=True,
            )
    leave(code)


def _print_to_stderr() -> None:
    """Let what modules print go where the log goes: stdout may carry events.

    By whole lines, so that none is torn by a line of the log.
    """
    sys.stdout = open(  # noqa: SIM115  (no path; open until the end)
        sys.stderr.fileno(),
        "w",
        buffering=1,
        encoding="utf-8",
        errors="backslashreplace",
        closefd=False,
    )


def _open(project: Project, options: RunOptions) -> OpenProject:
    """Load a project's configuration, and set up logging with secrets masked.

    Raises:
        ConfigError: With every mistake found.
    """
    sources = Sources.of(
        project.folder,
        whole=options.config,
        job=options.job_config_loc,
        collector=options.collector_config_loc,
    )
    _say_sources(sources, options)
    opened = open_project(project, sources, os.environ)
    settings = opened.config.settings
    level = "debug" if settings.debug else settings.log_level
    configure(settings.log_format, level, Masker(opened.config.secrets))
    CollectorUtils.collector_name = settings.name
    CollectorUtils.collector_id = settings.id
    CollectorUtils.collector_version = opened.metadata.version
    CollectorUtils.collector_owner = opened.metadata.owner
    CollectorUtils.collector_image = os.environ.get("COLLECTOR_IMAGE", "unknown")
    return opened


def _say_sources(sources: Sources, options: RunOptions) -> None:
    announcements.files_asked_for(
        {
            "full_config": options.config or (sources.whole and sources.whole.name),
            "job_config_loc": options.job_config_loc,
            "collector_config_loc": options.collector_config_loc,
        }
    )
    pair = (
        ("job_config_loc", sources.job, sources.job_is_default),
        ("collector_config_loc", sources.collector, sources.collector_is_default),
    )
    for key, file, is_default in pair:
        if is_default:
            announcements.default_location(key, file)
    for _, file, _ in pair:
        announcements.files_in(file.parent)
    results: dict[str, Any] = {
        "config": str(sources.whole) if sources.whole else None,
        "config_validated": bool(sources.whole and sources.whole.is_file()),
    }
    for key, file, is_default in pair:
        results |= {
            key: str(file),
            f"{key}_default": is_default,
            f"{key}_validated": file.is_file(),
        }
    announcements.files_found(results)


def _say_what_runs(opened: OpenProject, clock: Clock) -> None:
    metadata, settings = opened.metadata, opened.settings
    announcements.banner(
        build_time=metadata.build_time,
        name=metadata.name,
        version=metadata.version,
        owner=metadata.owner,
        now=clock.now().replace(tzinfo=None).isoformat(),
    )
    notices = [*settings.ignored, *map(str, opened.config.warnings)]
    notices += [
        f'The "input" configuration entry for {name} is not enabled'
        for name in settings.disabled
    ]
    for notice in (*notices, *([opened.notice] if opened.notice else [])):
        _logger.warning("%s", notice)
    shown = masked(settings.data, settings.catalogue)
    _logger.debug("Configuration: %s", json.dumps(shown, default=str))


def _validate(
    config: Config, project: Project, options: RunOptions, clock: Clock
) -> int:
    failed = 0
    for result in try_modules(
        config, project, clock, production_mode=options.production_mode
    ):
        if result.passed:
            _logger.info("%s: %s", result.subject, result.detail)
        else:
            failed += 1
            _logger.error("%s: %s", result.subject, result.detail)
    return VALIDATION_FAILED if failed else 0


@contextmanager
def _exit_codes() -> Generator[None]:
    """Turn the host's errors into a message on stderr and the SDK's exit codes."""
    try:
        yield
    except (ConfigError, PluginError) as error:
        _fail(error, CONFIG_REFUSED)
    except StateError as error:
        _fail(error, STATE_UNUSABLE)


def _fail(error: CollectorError, code: int) -> NoReturn:
    """Say why, behind everything that was logged before, and end."""
    for handler in logging.getLogger().handlers:
        handler.flush()
    click.echo(str(error), err=True)
    sys.exit(code)
