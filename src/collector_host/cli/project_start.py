"""Opens a project for a command: its files, its settings, the log.

`run` and every other command that knows projects read the same files by it.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from collector_host.config.project.sources import Sources
from collector_host.plugins.project import Project
from collector_host.runtime.blueprints import blueprints
from collector_host.runtime.projects import check_classes, open_project
from collector_host.telemetry import hooks
from collector_host.telemetry.logs import configure
from collector_host.telemetry.masking import Masker
from devocollectorsdk.commons.collector_utils import CollectorUtils

if TYPE_CHECKING:
    from collector_host.cli.project_files import ProjectFiles
    from collector_host.config.model import Config
    from collector_host.runtime.projects import OpenProject


def load_project(files: ProjectFiles, *, with_classes: bool) -> tuple[Config, Project]:
    """Open a project and say on stderr what a start of it would warn of.

    Args:
        files: The project, and which files of it are read.
        with_classes: Whether its classes are imported and looked for, too.

    Raises:
        ConfigError: With every mistake found, or one that a calculator found.
        PluginError: `agent.modules` cannot be used.
    """
    begin_log()
    project = Project(files.folder)
    project.enter()
    opened = open_named(project, sources_of(project, files))
    for notice in opened.notices:
        click.echo(notice, err=True)
    if with_classes:
        check_classes(opened)
        # A calculator may refuse to split a service into submodules.
        tuple(blueprints(opened.config, project))
    return opened.config, project


def begin_log() -> None:
    """Set up the log as it is until the configuration says more of it."""
    configure("text", "info", Masker())
    hooks.install()
    _print_to_stderr()


def sources_of(project: Project, files: ProjectFiles) -> Sources:
    """Return the files that a project's configuration is read from."""
    return Sources.of(
        project.folder,
        whole=files.config,
        job=files.job_config_loc,
        collector=files.collector_config_loc,
    )


def open_named(project: Project, sources: Sources) -> OpenProject:
    """Load a project's configuration, and set up logging with secrets masked.

    Raises:
        ConfigError: With every mistake found.
    """
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
