"""How a collector is to be run, and the options that say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a configuration is to be run, whichever it is.

    Attributes:
        save_state: Whether states are kept when the process ends.
        production_mode: What modules are told of the mode they run in.
        validate: Whether to run every setup once, and nothing else; of projects only.
        once: Whether to end after one pull of every module.
    """

    save_state: bool = True
    production_mode: bool = False
    validate: bool = False
    once: bool = False


def mode_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the SDK's own options that say how to run."""
    for option in reversed(
        (
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
