"""Runs a project laid out for the Devo Collector SDK as that SDK would."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from collector_host.cli.collecting import collect
from collector_host.cli.project_start import begin_log, open_named, sources_of
from collector_host.cli.start import exit_codes, leave
from collector_host.config.project.dump import masked
from collector_host.plugins.project import Project
from collector_host.runtime.housekeeping import Periods
from collector_host.runtime.preflight import try_modules
from collector_host.runtime.projects import check_classes
from collector_host.runtime.stop import StopRequest
from collector_host.telemetry import announcements
from collector_host.telemetry.memory import keep_freed_memory
from devocollectorsdk.commons.clock import SystemClock

if TYPE_CHECKING:
    from collector_host.cli.project_files import ProjectFiles
    from collector_host.cli.run_options import RunOptions
    from collector_host.config.model import Config
    from collector_host.config.project.sources import Sources
    from collector_host.runtime.projects import OpenProject
    from devocollectorsdk.commons.clock import Clock

_logger = logging.getLogger(__name__)
CONFIG_REFUSED = 255
"""The SDK's exit status -1, as a shell sees it."""
VALIDATION_FAILED = 254
"""Its -2."""


def run_project(files: ProjectFiles, options: RunOptions) -> None:
    """Run a project until its modules end or a signal comes; ends the process.

    Args:
        files: The project, and which files of it are read.
        options: How to run it.

    Exit codes: 0 fine, 255 configuration, 254 a setup failed under `--validate`, 3 a
    saved state cannot be used, 1 a module failed for good.
    """
    stop = StopRequest()
    stop.install()
    keep_freed_memory()
    begin_log()
    with exit_codes(mistakes=CONFIG_REFUSED, knows_project=True):
        project = Project(files.folder)
        for folder in project.enter():
            _logger.info('Added "%s" directory to the Python path', folder)
        announcements.surroundings(
            production_mode=options.production_mode, only_setup=options.validate
        )
        sources = sources_of(project, files)
        _say_sources(sources, files)
        opened = open_named(project, sources)
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


def _say_sources(sources: Sources, files: ProjectFiles) -> None:
    announcements.files_asked_for(
        {
            "full_config": files.config or (sources.whole and sources.whole.name),
            "job_config_loc": files.job_config_loc,
            "collector_config_loc": files.collector_config_loc,
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
    for notice in opened.notices:
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
