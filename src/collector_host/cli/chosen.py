"""Which configuration a command works with: one of the host's own form, or a project's.

Every command that needs a configuration has the same options for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from collector_host.cli.project_files import ProjectFiles, pair_options
from collector_host.cli.start import config_option, exit_codes, load_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from collector_host.config.model import Config
    from collector_host.plugins.provider import ClassProvider

NEEDS_PROJECT = "this option of the SDK goes together with --project"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the command line names.

    Attributes:
        path: The configuration file, or None for the usual places; not of a project.
        project: The project and its files, or None.
    """

    path: Path | None
    project: ProjectFiles | None

    def load(self, *, with_classes: bool = False) -> tuple[Config, ClassProvider]:
        """Load the configuration, set up logging, and say what is worth a warning.

        A project's folder becomes the working directory, and what its modules print
        goes to stderr from now on: whoever writes to stdout keeps it beforehand.

        Args:
            with_classes: Whether all classes of a project are looked for, too, as at
                its start. Those of plugins are found where they are tried.

        Raises:
            ConfigError: With every mistake found.
            PluginError: A plugin or a class cannot be used.
        """
        if self.project is None:
            return load_all(self.path)
        from collector_host.cli.project_start import load_project  # noqa: PLC0415

        return load_project(self.project, with_classes=with_classes)

    def exit_codes(self) -> AbstractContextManager[None]:
        """Turn the host's errors into a message on stderr and an exit code."""
        return exit_codes(knows_project=self.project is not None)


def choosing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that name a configuration, as one `chosen`."""

    @config_option
    @click.option(
        "--project",
        "folder",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        help="A project laid out for the Devo Collector SDK.",
    )
    @pair_options
    @click.pass_context
    @wraps(command)
    def with_chosen(
        context: click.Context,
        *arguments: Any,
        path: Path | None,
        folder: Path | None,
        job_config_loc: str | None,
        collector_config_loc: str | None,
        **others: Any,
    ) -> Any:
        if folder is None and (job_config_loc or collector_config_loc):
            raise click.UsageError(NEEDS_PROJECT)
        project = folder and ProjectFiles(
            folder, _named(context, path), job_config_loc, collector_config_loc
        )
        chosen = Chosen(None if project else path, project)
        return command(*arguments, chosen=chosen, **others)

    return with_chosen


def _named(context: click.Context, path: Path | None) -> str | None:
    """Return the file the command line names: COLLECTOR_CONFIG names no project's."""
    source = context.get_parameter_source("path")
    return str(path) if path and source is ParameterSource.COMMANDLINE else None
