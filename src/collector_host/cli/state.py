"""`collector state`: what is remembered between two runs."""

from __future__ import annotations

import click

from collector_host.cli import LazyGroup


@click.group(
    cls=LazyGroup,
    lazy={
        "show": (
            "collector_host.cli.state_show:show",
            "Show positions, gaps and how close the source's retention is.",
        ),
        "import": (
            "collector_host.cli.state_import:import_states",
            "Take over the states that the genuine SDK left in a directory.",
        ),
    },
)
def state() -> None:
    """Look at the saved state, or take over another one."""
