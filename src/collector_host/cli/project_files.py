"""Which files of a project are read, and the options that say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class ProjectFiles:
    """A project's folder, and the files of it that the command line names.

    Attributes:
        folder: The project's root.
        config: Name of a file below the project's `config`, or None.
        job_config_loc: The Collector Server's file of inputs, or None.
        collector_config_loc: Its file of everything else, or None.
    """

    folder: Path
    config: str | None = None
    job_config_loc: str | None = None
    collector_config_loc: str | None = None


def pair_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the SDK's own options that name the files of a Collector Server."""
    for option in (
        click.option(
            "--collector_config_loc",
            metavar="FILE",
            help="Everything else, as a Collector Server provides it.",
        ),
        click.option(
            "--job_config_loc",
            metavar="FILE",
            help="Inputs, as a Collector Server provides them.",
        ),
    ):
        command = option(command)
    return command
