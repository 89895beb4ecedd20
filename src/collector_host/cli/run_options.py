"""The options of the Devo Collector SDK's command, for every command that has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a project is to be run; the states, the mode and `once` hold for any run.

    Attributes:
        folder: The project's root.
        config: Name of a file below the project's `config`, or None.
        job_config_loc: The Collector Server's file of inputs, or None.
        collector_config_loc: Its file of everything else, or None.
        save_state: Whether states are kept when the process ends.
        production_mode: What modules are told of the mode they run in.
        validate: Whether to run every setup once, and nothing else.
        once: Whether to end after one pull of every module.
    """

    folder: Path
    config: str | None = None
    job_config_loc: str | None = None
    collector_config_loc: str | None = None
    save_state: bool = True
    production_mode: bool = False
    validate: bool = False
    once: bool = False


def sdk_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the SDK's own options to a command, except for `--config`."""
    for option in reversed(
        (
            click.option(
                "--job_config_loc",
                metavar="FILE",
                help="Inputs, as a Collector Server provides them.",
            ),
            click.option(
                "--collector_config_loc",
                metavar="FILE",
                help="Everything else, as a Collector Server provides it.",
            ),
            click.option(
                "--no-save-state",
                is_flag=True,
                help="Load no state and keep none: a trial.",
            ),
            click.option(
                "--prod-mode", is_flag=True, help="Tell modules that it is production."
            ),
            click.option(
                "--validate", is_flag=True, help="Run every setup once, and exit."
            ),
        )
    ):
        command = option(command)
    return command
